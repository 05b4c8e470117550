//! The checklist: what a check is, what it may answer, and the ordered table of all of them.
//!
//! A check is one file with a `const` record. To add one: write the file, add its `mod` line and its `CHECK` row here, add a
//! sample, refresh the golden files and read the diff. Help, JSON, man page and the README table follow from the record or
//! are compared with it.
//!
//! Choice: the words of a failure (the platform's line, causes, fixes) stand in the [`Code`] as data beside the check, not
//! in a renderer: a [`Failure`] still carries no sentence, and a new check still touches two lines elsewhere.

mod attribute;
mod audience;
mod authn_statement;
mod conditions;
mod failure;
#[cfg(test)]
pub(crate) mod fixture;
mod format;
mod input;
mod issuer;
mod login_history;
mod portal_organization;
mod recipient;
mod session_level;
mod signature;
mod site_url;
mod status;
mod subject;
mod subject_confirmation;
mod timestamps;

pub use failure::{Because, Code, Expected, Failure, Outcome, Wording};
pub use login_history::LoginHistory;
pub(crate) use portal_organization::organization_alone;
pub use subject::{Identity, MappedUser, identity, mapped_user};

use jiff::Timestamp;

use crate::config::SpConfig;
use crate::crypto::{SignatureReport, View};
use crate::saml::{Assertion, Response};
use crate::validate::Trouble;

/// Every check, in the platform's order (platform §2).
pub static CHECKS: &[Check] = &[
    input::CHECK,
    status::CHECK,
    authn_statement::CHECK,
    conditions::CHECK,
    timestamps::CHECK,
    attribute::CHECK,
    format::CHECK,
    issuer::CHECK,
    subject_confirmation::CHECK,
    audience::CHECK,
    recipient::CHECK,
    signature::CHECK,
    site_url::CHECK,
    portal_organization::CHECK,
    session_level::CHECK,
    subject::CHECK,
];

/// One requirement, as data.
#[derive(Debug)]
pub struct Check {
    /// Stable and kebab-case; also the file's name and the prefix of its failure codes.
    pub id: &'static str,
    /// The platform's number; the pre-check and the footer have none.
    pub number: Option<u8>,
    /// The platform's title, to the letter.
    pub title: &'static str,
    /// The clause it implements.
    pub clause: &'static str,
    /// What it asks, in a sentence or two.
    pub asks: &'static str,
    /// The line the platform prints when nothing is wrong.
    pub passes: &'static str,
    /// Every way it can fail.
    pub failures: &'static [&'static Code],
    /// How it is run.
    pub run: Run,
}

/// What a check needs to be run.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// What went wrong before there was a message to judge, if anything did.
    Input(fn(Option<&Trouble>) -> Outcome),
    /// The message around the assertion; a bare Assertion answers `NotProvided`.
    Response(fn(&Response, &Context<'_>) -> Outcome),
    /// The message as a whole.
    Message(fn(&Context<'_>) -> Outcome),
    /// The one assertion.
    Assertion(fn(&Assertion, &Context<'_>) -> Outcome),
    /// The one assertion, and what the Response around it says of the same; the latter alone while the assertion is encrypted.
    Both {
        /// All of it.
        whole: fn(&Assertion, &Context<'_>) -> Outcome,
        /// What is wrong in the Response alone.
        around: fn(&Response, &Context<'_>) -> Vec<Failure>,
    },
}

/// Everything a check may look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The service provider's expectations.
    pub config: &'a SpConfig,
    /// The moment to judge at.
    pub now: Timestamp,
    /// What the signature module found.
    pub signatures: &'a SignatureReport,
    /// What the checks read: digested octets when a signature holds, the message as sent otherwise.
    pub view: &'a View,
}

/// One line of the checklist.
#[derive(Debug)]
pub struct Line {
    /// The check.
    pub check: &'static Check,
    /// Its answer.
    pub outcome: Outcome,
}

/// Walks the table. `context` is absent when no message could be read or no configuration applies, and then `because` says why
/// the rest is skipped.
#[must_use]
pub fn run(context: Result<&Context<'_>, Because>, trouble: Option<&Trouble>) -> Vec<Line> {
    CHECKS.iter().map(|check| Line { check, outcome: run_one(check, context, trouble) }).collect()
}

fn run_one(
    check: &Check,
    context: Result<&Context<'_>, Because>,
    trouble: Option<&Trouble>,
) -> Outcome {
    let run = match (check.run, context) {
        (Run::Input(run), _) => return run(trouble),
        (_, Err(because)) => return Outcome::Skipped(because),
        (run, Ok(context)) => (run, context),
    };
    match run {
        (Run::Input(run), _) => run(trouble),
        (Run::Message(run), context) => run(context),
        (Run::Response(run), context) => match context.view.message().response() {
            Some(response) => run(response, context),
            None => Outcome::NotProvided,
        },
        (Run::Assertion(run), context) => match context.view.message().assertion() {
            Some(assertion) => run(assertion, context),
            None => Outcome::Skipped(because_without_assertion(context)),
        },
        (Run::Both { whole, around }, context) => match context.view.message().assertion() {
            Some(assertion) => whole(assertion, context),
            None => without_assertion(around, context),
        },
    }
}

/// Nothing passes before the assertion is read; but what fails already in the Response around an encrypted one is told.
fn without_assertion(
    around: fn(&Response, &Context<'_>) -> Vec<Failure>,
    context: &Context<'_>,
) -> Outcome {
    let because = because_without_assertion(context);
    let response = context.view.message().response();
    match response.filter(|_| because == Because::Encrypted).map(|r| around(r, context)) {
        Some(failures) if !failures.is_empty() => failures.into(),
        Some(_) | None => Outcome::Skipped(because),
    }
}

fn because_without_assertion(context: &Context<'_>) -> Because {
    match context.view.message().response() {
        Some(response) if !response.encrypted_assertions.is_empty() => Because::Encrypted,
        Some(response) if !response.status.as_ref().is_some_and(|s| s.is_success()) => {
            Because::StatusNotSuccess
        }
        Some(_) | None => Because::NoAssertion,
    }
}

/// The check of this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.id == id)
}

/// The failure code of this id, with its check.
#[must_use]
pub fn code_by_id(id: &str) -> Option<(&'static Check, &'static Code)> {
    CHECKS.iter().find_map(|check| {
        let code = check.failures.iter().find(|code| code.id == id)?;
        Some((check, *code))
    })
}

#[cfg(test)]
#[path = "tests/table.rs"]
mod tests;
