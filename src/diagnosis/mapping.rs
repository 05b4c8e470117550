//! Why does the subject map to no user?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::checks::identity;
use crate::config::users::{Mapping, Near};
use crate::config::{IdentityLocation, SpConfig};
use crate::saml::Assertion;

static CASE: Cause = Cause {
    code: "user-differs-in-case",
    title: "The user's Federation ID differs in upper and lower case",
    says: "There is a user whose value differs from {sent} only in upper and lower case; Federation IDs are compared with case.",
    fix_sp: "Change the Federation ID of that user to exactly what is sent.",
    fix_idp: "Or send it as the user record has it.",
    confidence: Confidence::Proven,
};
static SANDBOX: Cause = Cause {
    code: "user-sandbox-suffix",
    title: "The user name lacks or has a sandbox suffix",
    says: "In a sandbox every Username ends in the sandbox's name; {sent} and the user's name differ by that.",
    fix_sp: "Use the Federation ID instead of the Username as identity type in sandboxes.",
    fix_idp: "Or send the Username with the suffix of this sandbox.",
    confidence: Confidence::Proven,
};
static COLUMN: Cause = Cause {
    code: "user-identity-type",
    title: "The identity type does not fit what is sent",
    says: "The value {sent} is in another field of a user than the identity type says.",
    fix_sp: "Change the identity type of the single sign-on settings to the field that holds the value.",
    fix_idp: "Or send the field that the identity type asks for.",
    confidence: Confidence::Proven,
};
static SPACE: Cause = Cause {
    code: "user-white-space",
    title: "The user's value has white space at an end",
    says: "There is a user whose value differs from {sent} only in white space or a character that cannot be seen.",
    fix_sp: "Remove the white space from the user's field.",
    fix_idp: "Or remove it from the field that the value is made from.",
    confidence: Confidence::Proven,
};
static INACTIVE: Cause = Cause {
    code: "user-inactive",
    title: "The user is inactive",
    says: "The value {sent} names a user who is deactivated.",
    fix_sp: "Activate the user, or find out why the user was deactivated.",
    fix_idp: "Nothing, unless another user was meant.",
    confidence: Confidence::Proven,
};
static TWO: Cause = Cause {
    code: "user-ambiguous",
    title: "Two users have the same value",
    says: "The value {sent} names more than one user.",
    fix_sp: "Give every user a value of their own.",
    fix_idp: "Nothing.",
    confidence: Confidence::Proven,
};
static GUEST: Cause = Cause {
    code: "user-guest",
    title: "An identifier of the directory came instead of the user's name",
    says: "The value {sent} is an identifier that the directory made up, as for guests; no user record holds it.",
    fix_sp: "Nothing, unless you want to enter that identifier as the user's Federation ID.",
    fix_idp: "Make the NameID from the user's mail or user principal name, and check how guests are named.",
    confidence: Confidence::Likely,
};
static TRANSIENT: Cause = Cause {
    code: "user-transient",
    title: "The user's name changes at every login",
    says: "The NameID has the format transient: {sent} was made up for this one login, so no user record can hold it.",
    fix_sp: "Nothing, unless an attribute names the user: then set the identity location to that attribute.",
    fix_idp: "Send the NameID as unspecified, emailAddress or persistent, from the field that the user record holds as well.",
    confidence: Confidence::Likely,
};
static UNKNOWN: Cause = Cause {
    code: "user-unknown",
    title: "There is no user of this name",
    says: "No user has the value {sent}; the assertion is fine, the user record is missing or holds something else.",
    fix_sp: "Enter exactly this value as the user's Federation ID (or create the user), or change the identity type.",
    fix_idp: "Or send the value that the user record holds.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "mapping",
    title: "The subject maps to no user",
    explains: &["subject"],
    causes: &[&CASE, &SANDBOX, &COLUMN, &SPACE, &INACTIVE, &TWO, &GUEST, &TRANSIENT, &UNKNOWN],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    diagnosed(case).into_iter().collect()
}

fn diagnosed(case: &Case<'_>) -> Option<Diagnosis> {
    let assertion = case.report.message()?.assertion()?;
    let config = case.config()?;
    let identity = identity(assertion, config)?;
    let users = config.users.as_ref()?;
    let mut sent = Evidence::new("sent", identity.text).at(identity.at);
    let case_sensitive = config.federation_id_case_sensitive;
    let mut column = None;
    let cause = match users.map(identity.text, config.identity_type, case_sensitive) {
        Mapping::Mapped(_) => return None,
        Mapping::Inactive(_) => &INACTIVE,
        Mapping::Ambiguous(_) => &TWO,
        Mapping::Unknown { candidates } => match candidates.first() {
            Some(near) => {
                if near.value != identity.text {
                    sent = sent.expected(near.value);
                }
                column = Some(near.column);
                match near.because {
                    Near::Case => &CASE,
                    Near::Whitespace => &SPACE,
                    Near::SandboxSuffix => &SANDBOX,
                    Near::OtherColumn => &COLUMN,
                    Near::EditDistance(_) => &UNKNOWN,
                }
            }
            None if is_transient(assertion, config) => &TRANSIENT,
            None if is_made_up(identity.text) => &GUEST,
            None => &UNKNOWN,
        },
    };
    let mut evidence = vec![sent];
    evidence.extend(column.map(|column| Evidence::new("field", column)));
    Some(cause.diagnosis(evidence))
}

const TRANSIENT_FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

/// Whether the user is named by a NameID that is made up anew at each login (saml-core-2.0 §8.3.8).
pub(super) fn is_transient(assertion: &Assertion, config: &SpConfig) -> bool {
    let format = assertion.name_id().and_then(|name_id| name_id.format.as_deref());
    config.identity_location == IdentityLocation::NameId && format == Some(TRANSIENT_FORMAT)
}

/// `GUID@tenant.onmicrosoft.com`, `name#EXT#@…`, or a bare GUID.
fn is_made_up(value: &str) -> bool {
    is_made_up_for_guests(value)
        || is_guid(value)
        || value.to_ascii_lowercase().ends_with(".onmicrosoft.com")
}

/// `GUID@tenant.onmicrosoft.com` or `name#EXT#@…`: what a directory calls accounts that have no name of their own there.
pub(super) fn is_made_up_for_guests(value: &str) -> bool {
    let (local, domain) = value.split_once('@').unwrap_or((value, ""));
    let tenant = domain.to_ascii_lowercase().ends_with(".onmicrosoft.com");
    is_guid(local) && tenant || value.contains("#EXT#")
}

fn is_guid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
