//! What a check may answer: [`Outcome`], and what a [`Failure`] carries: both sides and the place, never a sentence.

use crate::config::{Expect, Source};
use crate::saml::{Place, Value};

use super::LoginHistory;

/// The answer of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The requirement holds.
    Ok,
    /// It does not, in one or more ways.
    Failed(Vec<Failure>),
    /// The message does not carry what an optional requirement is about.
    NotProvided,
    /// The configuration does not ask for it.
    NotRequired,
    /// It could not be judged. A skipped check never lets a message be accepted.
    Skipped(Because),
}

/// Why a check could not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The input holds no readable message.
    NoMessage,
    /// No configuration applies.
    NoConfiguration,
    /// The message carries no assertion.
    NoAssertion,
    /// The identity provider reports that there was no login, so there is no assertion.
    StatusNotSuccess,
    /// The assertion is encrypted and was not decrypted.
    Encrypted,
}

/// One way in which a check failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which way, as data.
    pub code: &'static Code,
    /// The first line shown for it: its code's, or one that says the same of another part of the message.
    pub line: Wording,
    /// What is compared, when one check compares several things: `NotOnOrAfter in Conditions`.
    pub what: Option<&'static str>,
    /// What would have passed; any one of them.
    pub expected: Vec<Expected>,
    /// What the message says. Empty means that it says nothing.
    pub found: Vec<String>,
    /// Where, in the decoded document.
    pub at: Option<Place>,
}

/// An expectation and where it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The value.
    pub text: String,
    /// The line of the configuration, or the option; nothing when the expectation is the standard's.
    pub source: Option<Source>,
}

/// A way to fail: its name and all its words.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable and kebab-case, beginning with the check's id.
    pub id: &'static str,
    /// The first line shown for it.
    pub line: Wording,
    /// What usually causes it.
    pub cause: &'static str,
    /// How to fix it at the service provider.
    pub fix_sp: &'static str,
    /// How to fix it at the identity provider.
    pub fix_idp: &'static str,
    /// What the platform would write in its login history.
    pub history: Option<&'static LoginHistory>,
}

/// A line of the report, and whose words it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Printed or documented by the platform: platform §1.
    Platform(&'static str),
    /// Nobody has ever quoted the platform's line; these words are ours: label O.
    Ours(&'static str),
}

impl Wording {
    /// The line itself.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Platform(text) | Self::Ours(text) => text,
        }
    }
}

impl Because {
    /// To complete "Skipped: …".
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::NoMessage => "the input could not be read as a SAML message",
            Self::NoConfiguration => "no configuration applies to this message",
            Self::NoAssertion => "the message carries no assertion",
            Self::StatusNotSuccess => "the status is not Success, so there is no assertion",
            Self::Encrypted => "the assertion is encrypted",
        }
    }
}

impl Code {
    /// A failure of this kind, to be completed with both sides.
    pub(crate) fn failure(&'static self) -> Failure {
        Failure {
            code: self,
            line: self.line,
            what: None,
            expected: Vec::new(),
            found: Vec::new(),
            at: None,
        }
    }
}

impl Failure {
    pub(crate) fn line(mut self, line: Wording) -> Self {
        self.line = line;
        self
    }

    pub(crate) fn what(mut self, what: &'static str) -> Self {
        self.what = Some(what);
        self
    }

    pub(crate) fn expected(mut self, expected: impl Into<Expected>) -> Self {
        self.expected.push(expected.into());
        self
    }

    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found.push(found.into());
        self
    }

    pub(crate) fn at(mut self, at: impl Into<Option<Place>>) -> Self {
        self.at = at.into();
        self
    }

    /// Found, and where.
    pub(crate) fn found_at(self, value: &Value) -> Self {
        self.found(value.text.as_str()).at(value.at)
    }
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        Self::Failed(vec![failure])
    }
}

impl From<Vec<Failure>> for Outcome {
    /// No failure is `Ok`.
    fn from(failures: Vec<Failure>) -> Self {
        if failures.is_empty() { Self::Ok } else { Self::Failed(failures) }
    }
}

impl From<&str> for Expected {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), source: None }
    }
}

impl From<String> for Expected {
    fn from(text: String) -> Self {
        Self { text, source: None }
    }
}

impl From<&Expect<String>> for Expected {
    fn from(expect: &Expect<String>) -> Self {
        Self { text: expect.given().clone(), source: Some(expect.source().clone()) }
    }
}

impl Outcome {
    /// The word in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed(_) => "failed",
            Self::NotProvided => "not-provided",
            Self::NotRequired => "not-required",
            Self::Skipped(_) => "skipped",
        }
    }

    /// The failures, if any.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        match self {
            Self::Failed(failures) => failures,
            Self::Ok | Self::NotProvided | Self::NotRequired | Self::Skipped(_) => &[],
        }
    }

    /// Whether the message may be accepted as far as this check goes: anything but a failure or a skip.
    #[must_use]
    pub fn allows_acceptance(&self) -> bool {
        match self {
            Self::Ok | Self::NotProvided | Self::NotRequired => true,
            Self::Failed(_) | Self::Skipped(_) => false,
        }
    }
}
