//! Does the subject map to a user who may log in?
//!
//! The page's footer. The identity is the NameID or the first value of the configured attribute (platform.md 3.5); it is looked up
//! among the known users, when the configuration names any.

use crate::config::users::{Mapping, Near, Nearest, User, Users};
use crate::config::{IdentityLocation, IdentityType, SpConfig};
use crate::saml::{Assertion, Place};

use super::login_history::INVALID_USERNAME;
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "subject-missing",
    line: Wording::Platform("Unable to map the subject to a Salesforce user"),
    cause: "The NameID, or the configured attribute, is empty or missing.",
    fix_sp: "Check the identity location: NameID or attribute.",
    fix_idp: "Fill the source of the NameID for this user.",
    history: Some(&INVALID_USERNAME),
};
static UNMAPPED: Code = Code {
    id: "subject-unmapped",
    line: Wording::Platform("Unable to map the subject to a Salesforce user"),
    cause: "The Federation ID differs in case or is blank, or the identity type is Username while an e-mail address is sent.",
    fix_sp: "Compare the values byte for byte; change the user's Federation ID or the identity type.",
    fix_idp: "Send the value that the user record holds.",
    history: Some(&INVALID_USERNAME),
};
static INACTIVE: Code = Code {
    id: "subject-inactive",
    line: Wording::Ours("The subject maps to an inactive user"),
    cause: "The user was deactivated or frozen.",
    fix_sp: "Activate the user.",
    fix_idp: "Nothing, unless another user was meant.",
    history: Some(&INVALID_USERNAME),
};
static AMBIGUOUS: Code = Code {
    id: "subject-ambiguous",
    line: Wording::Ours("The subject maps to more than one user"),
    cause: "Two users carry the same value, perhaps in different case.",
    fix_sp: "Give every user a Federation ID of their own.",
    fix_idp: "Nothing.",
    history: Some(&INVALID_USERNAME),
};
static ENCRYPTED: Code = Code {
    id: "subject-encrypted",
    line: Wording::Ours("The NameID is encrypted and cannot be decrypted yet"),
    cause: "The identity provider sends an EncryptedID; the platform decrypts whole assertions only.",
    fix_sp: "Nothing.",
    fix_idp: "Encrypt the whole assertion, or nothing.",
    history: Some(&INVALID_USERNAME),
};

pub(super) const CHECK: Check = Check {
    id: "subject",
    number: None,
    title: "Mapping the subject to a user",
    clause: "saml-core-2.0 §2.4; platform: identity type and location",
    asks: "Is the subject a known, active user's Username, Federation ID or User ID?",
    passes: "Ok",
    failures: &[&MISSING, &UNMAPPED, &INACTIVE, &AMBIGUOUS, &ENCRYPTED],
    run: Run::Assertion(run),
};

/// Who the assertion says the user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The value that is looked up.
    pub text: &'a str,
    /// Where it stands.
    pub at: Place,
}

/// The user that a subject maps to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedUser {
    /// `Username`
    pub username: Option<String>,
    /// `FederationIdentifier`
    pub federation_identifier: Option<String>,
    /// `Id`
    pub id: Option<String>,
}

/// The NameID, or the first value of the configured attribute; nothing when it is absent or empty.
#[must_use]
pub fn identity<'a>(assertion: &'a Assertion, config: &SpConfig) -> Option<Identity<'a>> {
    let value = match &config.identity_location {
        IdentityLocation::NameId => assertion.name_id().map(|name_id| &name_id.value),
        IdentityLocation::Attribute { name } => {
            assertion.attribute(name.given()).and_then(|attribute| attribute.first_value())
        }
    };
    let value = value.filter(|value| !value.text.is_empty())?;
    Some(Identity { text: &value.text, at: value.at })
}

/// The user the subject maps to, when the configuration names its users and exactly one active one fits.
#[must_use]
pub fn mapped_user(assertion: &Assertion, config: &SpConfig) -> Option<MappedUser> {
    let users = config.users.as_ref()?;
    match map(users, identity(assertion, config)?.text, config) {
        Mapping::Mapped(user) => Some(MappedUser {
            username: user.username.clone(),
            federation_identifier: user.federation_id.clone(),
            id: user.id.clone(),
        }),
        Mapping::Inactive(_) | Mapping::Ambiguous(_) | Mapping::Unknown { .. } => None,
    }
}

fn map<'u>(users: &'u Users, subject: &str, config: &SpConfig) -> Mapping<'u> {
    users.map(subject, config.identity_type, config.federation_id_case_sensitive)
}

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let Some(identity) = identity(assertion, cx.config) else {
        let encrypted = assertion.subject.as_ref().and_then(|subject| subject.encrypted_id);
        return match (&cx.config.identity_location, encrypted) {
            (IdentityLocation::NameId, Some(at)) => {
                ENCRYPTED.failure().expected("a NameID").found("an EncryptedID").at(at).into()
            }
            (IdentityLocation::NameId | IdentityLocation::Attribute { .. }, _) => {
                MISSING.failure().what(what(cx.config)).expected("a value").at(assertion.at).into()
            }
        };
    };
    let Some(users) = &cx.config.users else { return Outcome::NotRequired };
    let failure = |code: &'static Code| {
        code.failure().what(what(cx.config)).found(identity.text).at(identity.at)
    };
    match map(users, identity.text, cx.config) {
        Mapping::Mapped(_) => Outcome::Ok,
        Mapping::Inactive(user) => {
            failure(&INACTIVE).expected("an active user").found(named(user)).into()
        }
        Mapping::Ambiguous(found) => {
            let failure = failure(&AMBIGUOUS).expected("one user");
            found.into_iter().fold(failure, |failure, user| failure.found(named(user))).into()
        }
        Mapping::Unknown { candidates } => nearest(failure(&UNMAPPED), &candidates).into(),
    }
}

/// The nearest known users, each with how it differs.
fn nearest(failure: Failure, candidates: &[Nearest<'_>]) -> Failure {
    if candidates.is_empty() {
        return failure.expected("a known user; none is near");
    }
    candidates.iter().fold(failure, |failure, candidate| {
        failure.expected(format!(
            "{} ({}, {})",
            candidate.value,
            candidate.column,
            differs(candidate.because)
        ))
    })
}

fn differs(near: Near) -> String {
    match near {
        Near::Case => "differs in case only".to_owned(),
        Near::Whitespace => "differs in white space only".to_owned(),
        Near::SandboxSuffix => "differs by a sandbox suffix".to_owned(),
        Near::OtherColumn => "is in another column: is the identity type right?".to_owned(),
        Near::EditDistance(1) => "differs in one character".to_owned(),
        Near::EditDistance(edits) => format!("differs in {edits} characters"),
    }
}

fn named(user: &User) -> String {
    let name = user.username.as_deref().or(user.federation_id.as_deref());
    format!("user {}", name.or(user.id.as_deref()).unwrap_or("without a name"))
}

fn what(config: &SpConfig) -> &'static str {
    match config.identity_type {
        IdentityType::Username => "Username",
        IdentityType::FederationId => "Federation ID",
        IdentityType::UserId => "User ID",
    }
}
