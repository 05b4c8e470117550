//! Did the identity provider refuse to log the user in? Then nothing else in the message matters.
//!
//! saml-core-2.0 §3.2.2.2 for the nested status codes; what products are known to say beside them stands in `refusals`.

use super::refusals::{Acts, Refusal, known};
use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static CREDENTIALS: Cause = Cause {
    code: "idp-refused-authentication",
    title: "The identity provider did not log the user in",
    says: "The identity provider could not or would not log this user in, and says so; the service provider has nothing to judge.",
    fix_sp: "Nothing here: no setting of the service provider can change a refusal.",
    fix_idp: "Look up this moment and user in the sign-in log: password, second factor, locked account, or a policy that blocked the login.",
    confidence: Confidence::Proven,
};
static ACCOUNT: Cause = Cause {
    code: "idp-refused-account",
    title: "The user's account at the identity provider cannot be used",
    says: "The account that was used cannot log in at the identity provider: it is locked, disabled or unknown, or its password has expired.",
    fix_sp: "Nothing here: no setting of the service provider can change a refusal.",
    fix_idp: "Ask the directory's administrator to unlock or enable the account or to reset its password; the sign-in log has the reason at this moment and user.",
    confidence: Confidence::Proven,
};
static FACTOR: Cause = Cause {
    code: "idp-refused-second-factor",
    title: "The second factor is missing or failed",
    says: "The identity provider asked for a second factor (MFA), and the user did not complete it or has not set one up.",
    fix_sp: "Nothing here: no setting of the service provider can change a refusal.",
    fix_idp: "The user has to set up or repeat the second factor; the sign-in log names the policy that asks for it, at this moment and user.",
    confidence: Confidence::Proven,
};
static NO_SESSION: Cause = Cause {
    code: "idp-refused-no-session",
    title: "The user would have had to log in, and was not asked",
    says: "The user has no session at the identity provider that can be used, and the request or the browser did not let it ask.",
    fix_sp: "Start again from the My Domain login page in a window of the same browser, and do not ask for a passive login.",
    fix_idp: "Check in the sign-in log whether the user was logged in at this moment, under one account or several, and whether the session had expired.",
    confidence: Confidence::Proven,
};
static CANCELLED: Cause = Cause {
    code: "idp-refused-cancelled",
    title: "The user broke the login off",
    says: "The identity provider says that the user cancelled the login or declined what was asked.",
    fix_sp: "Nothing here: ask the user to log in again and to go through with it.",
    fix_idp: "Nothing, unless the user did not cancel: then look up this moment and user in the sign-in log.",
    confidence: Confidence::Proven,
};
static ASSIGNMENT: Cause = Cause {
    code: "idp-refused-user",
    title: "The user is not allowed to use this application",
    says: "The identity provider knows the user, but the user is not assigned to this application or a policy denies it.",
    fix_sp: "Nothing here: access is granted at the identity provider.",
    fix_idp: "Assign the user, or a group of the user, to this application, and look up the denial in the sign-in log.",
    confidence: Confidence::Proven,
};
static POLICY: Cause = Cause {
    code: "idp-refused-policy",
    title: "A policy of the identity provider blocked the login",
    says: "The identity provider knows the user and the application; a rule about devices, places or risk blocked this login.",
    fix_sp: "Nothing here: the rule is the identity provider's.",
    fix_idp: "Look up this moment and user in the sign-in log: it names the policy; then use a device that complies, or ask for an exception.",
    confidence: Confidence::Proven,
};
static FOREIGN: Cause = Cause {
    code: "idp-refused-foreign-user",
    title: "The user belongs to another directory",
    says: "The account that logged in is not one of the identity provider's own directory, and is no guest there.",
    fix_sp: "Nothing here: log out everywhere, or use a private window, and log in with the account of the right directory.",
    fix_idp: "Invite the user as a guest, or find out why the browser picked another account; the sign-in log shows which one.",
    confidence: Confidence::Proven,
};
static CONTEXT: Cause = Cause {
    code: "idp-refused-context",
    title: "The requested way of logging in is not available",
    says: "The request asked for a certain way of logging in (an authentication context), and the identity provider cannot provide it.",
    fix_sp: "Remove the requested authentication context from the single sign-on settings, or ask for one that the identity provider offers.",
    fix_idp: "Offer the authentication context that is requested, such as the second factor, to this user and application.",
    confidence: Confidence::Proven,
};
static NAME_ID: Cause = Cause {
    code: "idp-refused-name-id",
    title: "The requested kind of user name is not available",
    says: "The request asked for a NameID format that the identity provider does not issue for this application or user.",
    fix_sp: "Ask for the format that the identity provider issues, or for unspecified.",
    fix_idp: "Configure the NameID format for this application, and check that the user has a value for it.",
    confidence: Confidence::Proven,
};
static REQUEST: Cause = Cause {
    code: "idp-refused-request",
    title: "The identity provider does not accept the request",
    says: "The identity provider refused the request itself: it does not know the service provider, its login URL, or the request's signature.",
    fix_sp: "Compare the Entity ID, login URL and request-signing certificate with what is registered at the identity provider.",
    fix_idp: "Register this service provider's current metadata (Entity ID, reply URL, signing certificate); the server log names the field.",
    confidence: Confidence::Proven,
};
static SETUP: Cause = Cause {
    code: "idp-refused-setup",
    title: "The application at the identity provider is not set up completely",
    says: "The identity provider knows the application, but something in its settings is missing: a signing certificate, a permission, a consent.",
    fix_sp: "Nothing here: the settings are the identity provider's.",
    fix_idp: "Complete the settings of this application: signing certificate, permissions and the administrator's consent; the sign-in log has the details.",
    confidence: Confidence::Proven,
};
pub(super) static OTHER: Cause = Cause {
    code: "idp-refused",
    title: "The identity provider refused the login",
    says: "The identity provider answered that there is no login, without a reason that is known here.",
    fix_sp: "Nothing here: no setting of the service provider can change a refusal.",
    fix_idp: "Look up this moment and user in the server or sign-in log; quote the status codes and the message shown here.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "refused",
    title: "The identity provider refused",
    explains: &[
        "status",
        "authn-statement",
        "conditions",
        "timestamps",
        "attribute",
        "format",
        "issuer",
        "subject-confirmation",
        "audience",
        "recipient",
        "signature",
        "subject",
    ],
    causes: &[
        &CREDENTIALS,
        &ACCOUNT,
        &FACTOR,
        &NO_SESSION,
        &CANCELLED,
        &ASSIGNMENT,
        &POLICY,
        &FOREIGN,
        &CONTEXT,
        &NAME_ID,
        &REQUEST,
        &SETUP,
        &OTHER,
    ],
    // It needs no configuration: what the identity provider says of itself stands in the message.
    when: When::Always,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let response = case.report.message().and_then(|message| message.response());
    let Some(status) = response.and_then(|response| response.status.as_ref()) else {
        return Vec::new();
    };
    if status.is_success() || status.codes.is_empty() {
        return Vec::new();
    }
    let message = status.message.iter().map(|message| message.text.to_ascii_lowercase());
    let codes = status.codes.iter().map(|code| code.text.to_ascii_lowercase());
    let said: Vec<String> = message.chain(codes).collect();
    let known = known(&said);
    let codes = status.codes.iter().map(|code| in_words(&code.text)).collect();
    let mut evidence = vec![Evidence::all("status", codes).at(status.at)];
    evidence.extend(status.message.as_ref().map(|message| Evidence::of("message", message)));
    let means = known.and_then(|refusal| refusal.means.as_deref());
    evidence.extend(means.map(|means| Evidence::prose("which means", means)));
    // Who knows nothing of the reason asks the identity provider.
    let acts = known.map_or(Acts::Idp, |refusal| refusal.acts);
    evidence.push(Evidence::prose("must act", acts.says()));
    vec![known.map_or(&OTHER, Refusal::cause).diagnosis(evidence)]
}

/// A status code, by its last part when that is known, with what it means.
fn in_words(code: &str) -> String {
    let name = code.rsplit(':').next().unwrap_or_default();
    let meaning = match name {
        "Requester" => "the fault is seen in the request",
        "Responder" => "the fault is seen at the identity provider",
        "VersionMismatch" => "the version of SAML is not supported",
        "AuthnFailed" => "the user could not be logged in",
        "NoAuthnContext" => "the requested way of logging in is not available",
        "InvalidNameIDPolicy" => "the requested kind of user name is not available",
        "NoPassive" => "the user would have to log in, and the request forbids asking",
        "RequestDenied" => "the identity provider will not answer this request",
        "RequestUnsupported" => "the identity provider does not support this request",
        "UnknownPrincipal" => "the identity provider does not know the user",
        "ProxyCountExceeded" => "the login would have to go through too many identity providers",
        "NoAvailableIDP" => "none of the identity providers behind this one can be used",
        "NoSupportedIDP" => "none of the identity providers behind this one is supported",
        "PartialLogout" => "the user could not be logged out everywhere",
        "UnsupportedBinding" => "the requested way of delivery is not supported",
        _ => return code.to_owned(),
    };
    format!("{name}: {meaning}")
}

#[cfg(test)]
#[path = "refused_tests.rs"]
mod tests;
