//! Why the checks failed: a ranked table of rules, each with its premises, its evidence and what to do.
//!
//! The checklist says *what* failed. A rule reads the finished [`Report`] and the configurations and says *why*, and whose turn it is. It runs after
//! the verdict and is handed the report by reference, so that it can change neither a verdict nor an exit code.
//!
//! To add a rule: one file with a `RULE`, its `mod` line and its row in [`RULES`]. The rank is the place in the table. A rule runs only while some
//! failed check that it can explain is still unexplained; so the cause of several failures stands above what would explain each of them alone,
//! and what is costly to prove is tried only when its premise holds. For a message that is accepted, nothing runs but what may speak then.

mod altered;
mod another_key;
mod capture;
mod certificate;
mod claim_names;
mod clock;
mod clock_course;
mod cut_off;
mod encrypted;
mod encrypted_after_signing;
mod environment;
mod foreign_signature;
mod groups;
mod identity_elsewhere;
mod incomplete;
mod mapping;
mod near_miss;
mod outside;
mod portal;
mod provisioning;
mod reformatted;
mod refusals;
mod refused;
mod repair;
mod replay;
mod request;
mod request_named;
mod subject_shape;
mod swapped;
#[cfg(test)]
mod tests;
mod unsigned;
mod wrapped;

use jiff::Timestamp;

pub(crate) use altered::{altered_beside, is_altered};
pub use capture::Capture;
pub(crate) use clock_course::ClockCourse;
pub use near_miss::Nearness;
pub(crate) use near_miss::{names_the_same, nearness};
pub use outside::OUTSIDE_THE_ASSERTION;
pub use subject_shape::suspected;

use crate::checks::Failure;
use crate::config::{Configuration, SpConfig};
use crate::crypto::EngineChoice;
use crate::crypto::certificate::Certificate;
use crate::flow::Around;
use crate::limits::Limits;
use crate::report::{Earlier, Report};
use crate::saml::{Place, Value};
use crate::time::rfc3339;

/// Every rule, the one that outranks all others first.
///
/// Choice: a refusal comes first, as nothing else matters then; an attack before any innocent explanation of a broken signature; what one cause
/// explains at several items before what would explain them one by one; what is proven before what is likely.
pub static RULES: &[Rule] = &[
    refused::RULE,
    wrapped::RULE,
    encrypted::RULE,
    encrypted_after_signing::RULE,
    cut_off::RULE,
    reformatted::RULE,
    foreign_signature::RULE,
    environment::RULE,
    another_key::RULE,
    unsigned::RULE,
    altered::RULE,
    swapped::RULE,
    near_miss::RULE,
    clock::RULE,
    certificate::RULE,
    claim_names::RULE,
    identity_elsewhere::RULE,
    portal::RULE,
    mapping::RULE,
    request::RULE,
    replay::RULE,
    incomplete::RULE,
    provisioning::RULE,
    request_named::RULE,
    groups::RULE,
    subject_shape::RULE,
    outside::RULE,
];

/// One rule, as data.
#[derive(Debug)]
pub struct Rule {
    /// Stable and kebab-case; also the file's name.
    pub id: &'static str,
    /// What it recognises.
    pub title: &'static str,
    /// Ids of the checks whose failure it can explain.
    pub explains: &'static [&'static str],
    /// Every cause it can name.
    pub causes: &'static [&'static Cause],
    /// When it runs.
    pub when: When,
    /// Looks for its premises; answers what they prove.
    pub run: fn(&Case<'_>) -> Vec<Diagnosis>,
}

/// When a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// While a failed check that it can explain is unexplained.
    Unexplained,
    /// For every message, an accepted one and one without a configuration too.
    Always,
    /// When the messages of a capture have been held against each other.
    Captured,
    /// When the assertion has been looked up among those that were judged before.
    LookedUp,
    /// When somebody asks: its words are told with `-v` below an accepted message and by `explain`.
    Asked,
}

/// A cause: its name and all its words. `{label}` in them stands for the value of the evidence with that label.
#[derive(Debug, PartialEq, Eq)]
pub struct Cause {
    /// Stable and kebab-case.
    pub code: &'static str,
    /// A few words, for a line that begins with them.
    pub title: &'static str,
    /// One sentence for somebody who does not know SAML.
    pub says: &'static str,
    /// What to do at the service provider.
    pub fix_sp: &'static str,
    /// What to do at the identity provider.
    pub fix_idp: &'static str,
    /// How sure it is at best.
    pub confidence: Confidence,
}

/// How sure a diagnosis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The evidence leaves no other explanation.
    Proven,
    /// Another explanation is possible, and rare.
    Likely,
    /// It fits, and so may others.
    Possible,
}

impl Confidence {
    /// The word in reports and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

/// One explanation of what failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What it names.
    pub cause: &'static Cause,
    /// How sure it is.
    pub confidence: Confidence,
    /// Ids of the failed checks that it explains.
    pub explains: Vec<&'static str>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// One fact that a diagnosis rests on. Values are as they stand in the message or the configuration, unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is.
    pub label: &'static str,
    /// What it is compared with, when it is.
    pub expected: Option<String>,
    /// What was found.
    pub values: Vec<String>,
    /// Where in the decoded document.
    pub at: Option<Place>,
    /// Whether the values are sentences of ours, which may be broken into lines, and nothing from the message.
    pub is_prose: bool,
}

impl Evidence {
    pub(crate) fn new(label: &'static str, value: impl Into<String>) -> Self {
        Self::all(label, vec![value.into()])
    }

    fn all(label: &'static str, values: Vec<String>) -> Self {
        Self { label, expected: None, values, at: None, is_prose: false }
    }

    fn prose(label: &'static str, words: &str) -> Self {
        Self { is_prose: true, ..Self::new(label, words) }
    }

    fn of(label: &'static str, value: &Value) -> Self {
        Self::new(label, value.text.as_str()).at(value.at)
    }

    fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    fn at(mut self, at: impl Into<Option<Place>>) -> Self {
        self.at = at.into();
        self
    }

    fn time(label: &'static str, instant: Timestamp) -> Self {
        Self::new(label, rfc3339(instant))
    }

    /// What a person needs to tell a certificate from another.
    fn certificate(label: &'static str, certificate: &Certificate) -> Self {
        let validity = format!(
            "valid {} to {}",
            rfc3339(certificate.not_before()),
            rfc3339(certificate.not_after())
        );
        Self::all(
            label,
            vec![
                certificate.subject().to_owned(),
                format!("issued by {}", certificate.issuer()),
                format!("serial {}", certificate.serial()),
                format!("SHA-256 {}", certificate.sha256()),
                validity,
            ],
        )
    }
}

impl Cause {
    fn diagnosis(&'static self, evidence: Vec<Evidence>) -> Diagnosis {
        Diagnosis { cause: self, confidence: self.confidence, explains: Vec::new(), evidence }
    }
}

impl Diagnosis {
    /// Only for these of the checks that its rule can explain.
    fn explaining(mut self, checks: Vec<&'static str>) -> Self {
        self.explains = checks;
        self
    }

    fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }
}

/// Everything a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What was concluded.
    pub report: &'a Report,
    /// The message exactly as it was recovered from the input.
    pub sent: &'a [u8],
    /// Every configuration there is.
    pub configuration: &'a Configuration,
    /// Who judges the signatures of repaired copies.
    pub engine: EngineChoice,
    /// The bounds to work within.
    pub limits: &'a Limits,
    /// What the capture tells besides the message.
    pub capture: &'a Capture,
}

impl<'a> Case<'a> {
    /// The configuration that was used.
    fn config(&self) -> Option<&'a SpConfig> {
        self.report.parts().configuration.used(self.configuration)
    }

    /// The configurations that were not used.
    fn others(&self) -> impl Iterator<Item = &'a SpConfig> + use<'a> {
        self.report.parts().configuration.not_used(self.configuration)
    }

    /// The moment that was judged at.
    fn judged_at(&self) -> Timestamp {
        self.report.parts().at.instant
    }

    /// Every failure, with the check that it belongs to.
    fn failures(&self) -> impl Iterator<Item = (&'static str, &'a Failure)> + use<'a> {
        self.report
            .lines()
            .iter()
            .flat_map(|line| line.outcome.failures().iter().map(|failure| (line.check.id, failure)))
    }

    /// The first failure of this code.
    fn failure(&self, code: &str) -> Option<&'a Failure> {
        self.failures().map(|(_, failure)| failure).find(|failure| failure.code.id == code)
    }
}

/// What explains the failures, the highest rank first.
#[must_use]
pub fn diagnose(case: &Case<'_>) -> Vec<Diagnosis> {
    let mut open: Vec<&'static str> = case.report.failed().map(|line| line.check.id).collect();
    let mut found = Vec::new();
    for rule in RULES {
        let runs = match rule.when {
            When::Unexplained => rule.explains.iter().any(|check| open.contains(check)),
            When::Always => true,
            When::Captured | When::LookedUp | When::Asked => false,
        };
        if !runs {
            continue;
        }
        for mut diagnosis in (rule.run)(case) {
            let can = |check: &&str| {
                rule.explains.contains(check)
                    && (diagnosis.explains.is_empty() || diagnosis.explains.contains(check))
            };
            let explained = case.report.failed().map(|line| line.check.id).filter(can);
            diagnosis.explains = explained.collect();
            // What a higher rank has explained is not explained again.
            let news = diagnosis.explains.iter().any(|check| open.contains(check));
            if rule.when == When::Unexplained && !news {
                continue;
            }
            open.retain(|check| !diagnosis.explains.contains(check));
            found.push(diagnosis);
        }
    }
    found
}

/// What the capture around a message explains besides.
pub(crate) fn captured(around: &Around) -> Vec<Diagnosis> {
    request::seen(around)
}

/// What it means that the assertion with this ID was judged before.
pub(crate) fn replayed(id: &str, earlier: &Earlier) -> Diagnosis {
    replay::seen(id, earlier)
}

/// Every cause that some rule can name, with the rule.
pub fn causes() -> impl Iterator<Item = (&'static Rule, &'static Cause)> {
    RULES.iter().flat_map(|rule| rule.causes.iter().map(move |cause| (rule, *cause)))
}

/// What is told with `-v` below an accepted message: where a login can still fail.
#[must_use]
pub fn when_accepted() -> &'static Cause {
    &outside::OUTSIDE
}
