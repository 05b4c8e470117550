//! Without a list of users: does the value that names the user look like what the identity type asks for?
//!
//! Choice: what can hardly ever map is told by itself, of an accepted message too: a name that changes at every login, one that the directory made up, no id
//! where an id is asked for. What fits many working set-ups as well, such as an e-mail address as Federation ID, is told with `-v` below an accepted message,
//! where somebody asks why the login fails all the same.

use super::mapping::{is_made_up_for_guests, is_transient};
use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::checks::identity;
use crate::config::{IdentityLocation, IdentityType};
use crate::report::Report;

const PERSISTENT_FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

static TRANSIENT: Cause = Cause {
    code: "subject-transient",
    title: "The user's name changes at every login",
    says: "The NameID has the format transient: {sent} was made up for this one login, so no user record can hold it.",
    fix_sp: "Nothing, unless an attribute names the user: then set the identity location to that attribute.",
    fix_idp: "Send the NameID as unspecified, emailAddress or persistent, from the field that the user record holds as well.",
    confidence: Confidence::Likely,
};
static MADE_UP: Cause = Cause {
    code: "subject-made-up",
    title: "The user is named by an identifier that the directory made up",
    says: "The value {sent} looks like what a directory makes up for a guest or an account without a name; hardly any user record holds it.",
    fix_sp: "Compare it with the user record; nothing else, unless you want to enter that identifier as the Federation ID.",
    fix_idp: "Make the NameID from the user's mail or user principal name, and check how guests are named.",
    confidence: Confidence::Likely,
};
static NOT_AN_ID: Cause = Cause {
    code: "subject-not-a-user-id",
    title: "An id of a User record is asked for, and something else came",
    says: "The identity type is User ID, which has 15 or 18 letters and digits and begins with 005; the value {sent} is none.",
    fix_sp: "Change the identity type of the single sign-on settings to what is sent: Federation ID or Username.",
    fix_idp: "Or send the id of the user's record.",
    confidence: Confidence::Likely,
};
static EMAIL: Cause = Cause {
    code: "subject-email-as-federation-id",
    title: "An e-mail address or Username came where a Federation ID is asked for",
    says: "That is right only if the user's Federation ID field holds exactly this value, upper and lower case included; it is often left empty.",
    fix_sp: "Compare the user's Federation ID with the subject, letter for letter; or change the identity type to Username.",
    fix_idp: "Or send the value that the Federation ID field holds.",
    confidence: Confidence::Possible,
};
static NOT_A_USERNAME: Cause = Cause {
    code: "subject-not-a-username",
    title: "The subject does not have the form of a Username",
    says: "The identity type is Username, and a Username of this platform always has the form of an e-mail address; the subject has not.",
    fix_sp: "Change the identity type of the single sign-on settings to Federation ID, if that field holds the value.",
    fix_idp: "Or send the user's Username.",
    confidence: Confidence::Possible,
};
static PERSISTENT: Cause = Cause {
    code: "subject-persistent",
    title: "The subject is a persistent identifier that was made for this service provider",
    says: "It always stays the same for a user, but says nothing to a person; it maps only if it was entered as the user's Federation ID.",
    fix_sp: "Enter it as the Federation ID of the user, or ask for another NameID format.",
    fix_idp: "Or send the NameID as unspecified or emailAddress, from the field that the user record holds.",
    confidence: Confidence::Possible,
};

pub(super) const RULE: Rule = Rule {
    id: "subject-shape",
    title: "The subject does not look like the identity type",
    explains: &[],
    causes: &[&TRANSIENT, &MADE_UP, &NOT_AN_ID, &EMAIL, &NOT_A_USERNAME, &PERSISTENT],
    when: When::Always,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    strong(case).into_iter().collect()
}

/// What can hardly ever map.
fn strong(case: &Case<'_>) -> Option<Diagnosis> {
    let config = case.config().filter(|config| config.users.is_none())?;
    let assertion = case.report.message()?.assertion()?;
    let identity = identity(assertion, config)?;
    let in_name_id = config.identity_location == IdentityLocation::NameId;
    let format = assertion.name_id().and_then(|name_id| name_id.format.as_deref());
    let cause = if is_transient(assertion, config) {
        &TRANSIENT
    } else if is_made_up_for_guests(identity.text) {
        &MADE_UP
    } else if config.identity_type == IdentityType::UserId && !is_user_id(identity.text) {
        &NOT_AN_ID
    } else {
        return None;
    };
    let mut evidence = vec![Evidence::new("sent", identity.text).at(identity.at)];
    if in_name_id {
        evidence.extend(format.map(|format| Evidence::new("format", format)));
    }
    Some(cause.diagnosis(evidence))
}

/// Whether it can be the id of a User record, of 15 or 18 characters.
fn is_user_id(value: &str) -> bool {
    let length = value.len() == 15 || value.len() == 18;
    length && value.starts_with("005") && value.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// What may be wrong with the subject of an accepted message when no list of users says that it maps: for somebody who asks.
#[must_use]
pub fn suspected(report: &Report) -> Option<&'static Cause> {
    let known = report.mapped_user().is_some();
    let subject = report.subject().filter(|_| report.is_accepted() && !known)?;
    if report.diagnoses().iter().any(|diagnosis| RULE.causes.contains(&diagnosis.cause)) {
        return None;
    }
    let name_id = report.message()?.assertion()?.name_id();
    let named = name_id.filter(|name_id| name_id.value.text == subject);
    let format = named.and_then(|name_id| name_id.format.as_deref());
    match report.identity_type()? {
        IdentityType::Username if !subject.contains('@') => Some(&NOT_A_USERNAME),
        IdentityType::FederationId if format == Some(PERSISTENT_FORMAT) => Some(&PERSISTENT),
        IdentityType::FederationId if subject.contains('@') => Some(&EMAIL),
        IdentityType::Username | IdentityType::FederationId | IdentityType::UserId => None,
    }
}

#[cfg(test)]
#[path = "subject_shape_tests.rs"]
mod tests;
