//! What changed in meaning between two messages, one that worked and one that does not.
//!
//! The comparison is of facts, not of text: identifiers, instants, digests, signature bytes, prefixes, the order of attributes and
//! white space outside of values differ between any two logins and say nothing. Windows of time are compared by their length,
//! counted from the IssueInstant. Nothing here is verified: two messages are held against each other, not against a
//! configuration.

mod facts;
mod signed;
#[cfg(test)]
mod tests;

pub use facts::{Fact, Value};

use std::collections::{HashMap, HashSet, VecDeque};

use crate::crypto::{self, EngineChoice, PrivateKey};
use crate::limits::Limits;
use crate::saml::{Message, Unreadable};
use crate::xml::Document;

/// Lengths of time that differ by no more are the same: identity providers cut off or round fractions of a second.
///
/// Choice: 2 seconds.
const TOLERANCE_SECONDS: i64 = 2;

/// One message, read for a comparison.
#[derive(Debug)]
pub struct Side {
    facts: Vec<Fact>,
    /// The document that the facts' places refer to.
    document: Document,
}

/// One fact that is not the same in both messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'s> {
    /// The fact as the good message has it; nothing when it has none.
    pub good: Option<&'s Fact>,
    /// The fact as the bad message has it.
    pub bad: Option<&'s Fact>,
}

impl Side {
    /// Reads a message, decrypted with the first of `keys` that fits.
    ///
    /// # Errors
    /// When the document is neither a Response nor an Assertion.
    pub fn read(
        document: Document,
        keys: &[&PrivateKey],
        limits: &Limits,
    ) -> Result<Self, Unreadable> {
        let sent = Message::read(&document)?;
        let opened = crypto::open(&document, keys, limits);
        let read = opened.document().and_then(|opened| Message::read(opened).ok());
        let message = read.unwrap_or(sent);
        // Without a certificate nothing is verified, and the report says which algorithms and certificates are named.
        let engine = (EngineChoice::Native, limits);
        let (signatures, _) = crypto::verify(&document, &opened, &message, Vec::new(), engine);
        let mut facts = facts::of(&message);
        facts.extend(signed::signatures(&message, &signatures));
        facts.extend(signed::encryption(&opened));
        let document = opened.into_document().unwrap_or(document);
        Ok(Self { facts, document })
    }

    /// What it says, in order.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The document that places refer to.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }
}

/// Every fact that is not the same in both, in the order of the good message; what only the bad one has comes last.
#[must_use]
pub fn changes<'s>(good: &'s Side, bad: &'s Side) -> Vec<Change<'s>> {
    let mut changes = Vec::new();
    let (in_good, in_bad) = (Index::of(&good.facts), Index::of(&bad.facts));
    let mut unmet = in_bad.facts.clone();
    for fact in &good.facts {
        let other = unmet.get_mut(&fact.about_what()).and_then(VecDeque::pop_front);
        match other.and_then(|at| bad.facts.get(at)) {
            None if !in_bad.makes_matter(fact) => {}
            None => changes.push(Change { good: Some(fact), bad: None }),
            Some(other) if other.agrees(fact) => {}
            Some(other) => changes.push(Change { good: Some(fact), bad: Some(other) }),
        }
    }
    let mut added: Vec<usize> = unmet.into_values().flatten().collect();
    added.sort_unstable();
    let added = added.into_iter().filter_map(|at| bad.facts.get(at));
    let added = added.filter(|fact| in_good.makes_matter(fact));
    changes.extend(added.map(|fact| Change { good: None, bad: Some(fact) }));
    changes
}

/// The facts of a message by what they are about: a hostile message has a million of them.
struct Index<'s> {
    facts: HashMap<About<'s>, VecDeque<usize>>,
    /// What there are facts or particulars of.
    wholes: HashSet<About<'s>>,
}

/// What a fact is about, and which of several.
type About<'s> = (&'static str, Option<&'s str>);

impl<'s> Index<'s> {
    fn of(facts: &'s [Fact]) -> Self {
        let mut index = Self { facts: HashMap::new(), wholes: HashSet::new() };
        for (at, fact) in facts.iter().enumerate() {
            index.facts.entry(fact.about_what()).or_default().push_back(at);
            index.wholes.insert(fact.about_what());
            index.wholes.extend(fact.whole());
        }
        index
    }

    /// Whether a fact that this message lacks is worth telling: a particular is not where the whole thing is gone or new.
    fn makes_matter(&self, fact: &Fact) -> bool {
        fact.whole().is_none_or(|whole| self.wholes.contains(&whole))
    }
}
