//! Does the subject map to a user who may log in?
//!
//! The page's footer. The identity is the NameID or the first value of the configured attribute (platform §3.5); it is looked up
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
    line: Wording::Ours("The NameID is encrypted and cannot be decrypted"),
    cause: "The identity provider sends an EncryptedID, and no configured key opens it; the platform decrypts whole assertions only.",
    fix_sp: "Give the private key of the certificate that the identity provider encrypts for (decryption_key).",
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::checks::Outcome;
    use crate::checks::fixture::{ASSERTION, Case, given};
    use crate::config::users::Users;
    use crate::config::{IdentityLocation, IdentityType};
    use crate::support::assertion::Attribute;

    const NAME_ID: &str = "/samlp:Response/saml:Assertion/saml:Subject/saml:NameID";
    const USERS: &str = "\
Id,Username,FederationIdentifier,IsActive
0055f00000BqXw1,zoe@acme.example,zmueller@example.com,true
0055f00000BqXw2,jan@acme.example,jnovak,true
0055f00000BqXw3,old@acme.example,gone,false
0055f00000BqXw4,a@acme.example,twice,true
0055f00000BqXw5,b@acme.example,Twice,true
";

    /// A message about this user, judged beside known users.
    fn known(name_id: &str) -> Case {
        named(name_id).config(|config| {
            config.users = Some(Users::parse(USERS.as_bytes(), Path::new("users.csv")).unwrap());
        })
    }

    fn named(name_id: &str) -> Case {
        Case::usual()
            .message(|response| name_id.clone_into(&mut response.assertion().name_id().value))
    }

    #[test]
    fn a_known_active_user_passes() {
        let report = known("zmueller@example.com").is_accepted();
        let user = report.mapped_user().unwrap();
        assert_eq!(user.username.as_deref(), Some("zoe@acme.example"));
    }

    #[test]
    fn without_a_list_of_users_none_is_looked_up() {
        assert_eq!(Case::usual().outcome("subject"), Outcome::NotRequired);
        assert_eq!(named("anybody").is_accepted().mapped_user(), None);
    }

    #[test]
    fn an_empty_or_missing_subject_is_rejected() {
        let told = ["subject-missing", "a value", "", ASSERTION];
        named("").fails("subject", told);
        named(" \n").fails("subject", told);
        Case::usual()
            .message(|r| r.assertion().subject.as_mut().unwrap().name_id = None)
            .fails("subject", told);
        Case::usual()
            .message(|response| response.assertion().subject = None)
            .fails("subject", told);
    }

    #[test]
    fn an_unknown_user_is_told_beside_the_nearest() {
        let nearest = "zmueller@example.com (FederationIdentifier, differs in case only)";
        known("ZMueller@example.com")
            .fails("subject", ["subject-unmapped", nearest, "ZMueller@example.com", NAME_ID]);
        let none = "a known user; none is near";
        let stranger = "somebody-entirely-different";
        known(stranger).fails("subject", ["subject-unmapped", none, stranger, NAME_ID]);
    }

    #[test]
    fn case_matters_unless_the_org_switched_that_off() {
        let case = known("ZMUELLER@example.com").config(|c| c.federation_id_case_sensitive = false);
        case.is_accepted();
    }

    #[test]
    fn an_inactive_user_is_rejected() {
        let found = "gone | user old@acme.example";
        known("gone").fails("subject", ["subject-inactive", "an active user", found, NAME_ID]);
    }

    #[test]
    fn a_subject_that_names_two_users_names_nobody() {
        let case = known("twice").config(|config| config.federation_id_case_sensitive = false);
        let found = "twice | user a@acme.example | user b@acme.example";
        case.fails("subject", ["subject-ambiguous", "one user", found, NAME_ID]);
    }

    #[test]
    fn an_encrypted_name_id_is_told() {
        let case = Case::usual()
            .message(|r| r.assertion().name_id().value = "@".to_owned())
            .altered(|xml| {
                let from = xml.find("<saml:NameID").unwrap();
                let until = xml.find("</saml:NameID>").unwrap() + "</saml:NameID>".len();
                format!("{}<saml:EncryptedID></saml:EncryptedID>{}", &xml[..from], &xml[until..])
            });
        let at = "/samlp:Response/saml:Assertion/saml:Subject/saml:EncryptedID";
        case.fails("subject", ["subject-encrypted", "a NameID", "an EncryptedID", at]);
    }

    #[test]
    fn located_in_an_attribute_the_name_id_is_ignored_even_when_it_says_null() {
        let case = known("null")
            .config(|config| {
                config.identity_location = IdentityLocation::Attribute { name: given("uid") };
            })
            .message(|r| {
                r.assertion().attributes = vec![Attribute::new("uid", &["jnovak", "gone"])];
            });
        assert_eq!(case.is_accepted().subject(), Some("jnovak"));
    }

    #[test]
    fn the_identity_type_says_which_column_is_looked_up() {
        let of_type = |subject: &str, identity_type| {
            known(subject).config(|config| config.identity_type = identity_type)
        };
        of_type("ZOE@acme.example", IdentityType::Username).is_accepted();
        of_type("0055f00000BqXw1AAF", IdentityType::UserId).is_accepted();
        let other =
            "jan@acme.example (Username, is in another column: is the identity type right?)";
        of_type("jan@acme.example", IdentityType::FederationId)
            .fails("subject", ["subject-unmapped", other, "jan@acme.example", NAME_ID]);
    }

    #[test]
    fn a_comment_in_the_name_id_never_cuts_it() {
        let case = known("admin@evil.example").altered(|xml| {
            let name_id = "admin@evil.example</saml:NameID>";
            let cut = "admin@<!-- x -->evil.example</saml:NameID>";
            crate::support::xml::replace_once(&xml, name_id, cut)
        });
        assert_eq!(case.report().subject(), Some("admin@evil.example"));
        let at = format!("{NAME_ID}/comment()");
        case.finds("comment-in-value", "admin@<!-- x -->evil.example", &at);
        case.fails_with("subject", &["subject-unmapped"]);
    }

    #[test]
    fn only_the_white_space_of_xml_is_trimmed() {
        let case = known("\n zmueller@example.com\t");
        case.is_accepted();
        case.finds("whitespace-trimmed", "\n zmueller@example.com\t", NAME_ID);
        for other in [
            "\u{a0}zmueller@example.com",
            "zmueller@example.com\u{85}",
            "zmueller@example.com\u{200b}",
        ] {
            let case = known(other);
            assert_eq!(case.report().subject(), Some(other));
            case.fails_with("subject", &["subject-unmapped"]);
        }
    }
}
