//! Things worth telling that do not fail a check by themselves: weak algorithms, odd structure, traces of an attack.
//!
//! A [`Finding`] stands under the item it belongs to (6 for structure, 11 for signatures) and never decides a verdict; where
//! the same fact also breaks a rule, a check fails for it. Words live with the code, as data, so that `explain` can list them:
//! the table is in `codes.rs`. Who finds: [`crate::saml`] while it reads, [`crate::crypto`] while it verifies, and
//! [`crate::survey`], which looks at the whole document, the parts that are never read among them.

mod codes;
#[cfg(test)]
pub(crate) mod tests;

pub use codes::*;

use crate::saml::Place;

/// How much a finding should worry its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Legitimate software hardly ever does this; attackers do.
    Attack,
    /// Cryptography or configuration below what is advised today.
    Weak,
    /// Legal, and unlike what identity providers usually send.
    Unusual,
}

impl Severity {
    /// The word in reports and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Weak => "weak",
            Self::Unusual => "unusual",
        }
    }

    /// What the word means, in a sentence.
    #[must_use]
    pub fn means(self) -> &'static str {
        match self {
            Self::Attack => "attack: attackers do this, and legitimate software hardly ever does",
            Self::Weak => "weak: it works, and is below what is advised today",
            Self::Unusual => "unusual: legal, and unlike what identity providers usually send",
        }
    }
}

/// The kind of a finding, as data.
#[derive(Debug, PartialEq, Eq)]
pub struct FindingCode {
    /// Stable, kebab-case, unique among findings and failure codes.
    pub id: &'static str,
    /// How much it should worry.
    pub severity: Severity,
    /// Id of the check under which it is shown.
    pub check: &'static str,
    /// One sentence, without the values.
    pub says: &'static str,
    /// What could come of it.
    pub means: &'static str,
    /// Who brought it about.
    pub whose: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// One fact found in the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of fact.
    pub code: &'static FindingCode,
    /// The value it was seen in, unescaped.
    pub found: String,
    /// Where in the decoded document.
    pub at: Site,
}

/// Where a finding was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// At an element.
    Element(Place),
    /// At something between elements.
    Node {
        /// What it is.
        kind: NodeKind,
        /// Its first byte in the document's text.
        offset: usize,
        /// The element around it; nothing beside the root.
        parent: Option<Place>,
    },
    /// In a line of a document that was refused, and therefore has no elements.
    Line(usize),
}

/// What can stand between elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A comment.
    Comment,
    /// A processing instruction.
    Instruction,
    /// Text.
    Text,
}

impl NodeKind {
    /// The last step of its `XPath`.
    #[must_use]
    pub fn step(self) -> &'static str {
        match self {
            Self::Comment => "comment()",
            Self::Instruction => "processing-instruction()",
            Self::Text => "text()",
        }
    }
}

impl From<Place> for Site {
    fn from(place: Place) -> Self {
        Self::Element(place)
    }
}

impl FindingCode {
    /// A finding of this kind.
    pub fn found(&'static self, found: impl Into<String>, at: impl Into<Site>) -> Finding {
        Finding { code: self, found: found.into(), at: at.into() }
    }
}

/// Findings as they are collected: of each kind a bounded number, and nothing is put into words beyond it.
///
/// Choice: 64 of each kind. One says what is wrong already; a path for each of a million would take quadratic time
/// (security rule 16).
#[derive(Debug, Default)]
pub(crate) struct Findings {
    all: Vec<Finding>,
    counts: Vec<(&'static FindingCode, usize)>,
}

const MOST: usize = 64;

impl Findings {
    /// Keeps a finding, which is made only when it is kept.
    pub(crate) fn tell(
        &mut self,
        code: &'static FindingCode,
        at: impl Into<Site>,
        found: impl FnOnce() -> String,
    ) {
        let known = self.counts.iter_mut().find(|(other, _)| std::ptr::eq(*other, code));
        match known {
            Some((_, count)) if *count >= MOST => return,
            Some((_, count)) => *count += 1,
            None => self.counts.push((code, 1)),
        }
        self.all.push(code.found(found(), at));
    }

    /// What was kept, in the order in which it was told.
    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.all
    }
}
