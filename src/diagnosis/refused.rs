//! Did the identity provider refuse to log the user in? Then nothing else in the message matters.
//!
//! saml-core-2.0 §3.2.2.2 for the nested status codes; the messages are those that products are known to send.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static CREDENTIALS: Cause = Cause {
    code: "idp-refused-authentication",
    title: "The identity provider did not log the user in",
    says: "The identity provider could not or would not log this user in, and says so; the service provider has nothing to judge.",
    fix_sp: "Nothing here: no setting of the service provider can change a refusal.",
    fix_idp: "Look up this moment and user in the sign-in log: password, second factor, locked account, or a policy that blocked the login.",
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
static OTHER: Cause = Cause {
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
    causes: &[&CREDENTIALS, &ASSIGNMENT, &CONTEXT, &NAME_ID, &REQUEST, &OTHER],
    when: When::Unexplained,
    run,
};

/// What a status code or message contains, in lower case, and what that means. The most telling first.
const KNOWN: [(&str, &Cause); 28] = [
    ("aadsts50105", &ASSIGNMENT),
    ("aadsts53003", &ASSIGNMENT),
    ("aadsts65", &ASSIGNMENT),
    ("aadsts75011", &CONTEXT),
    ("aadsts700016", &REQUEST),
    ("aadsts650056", &REQUEST),
    ("aadsts50011", &REQUEST),
    ("aadsts750054", &REQUEST),
    ("aadsts76021", &REQUEST),
    ("aadsts50", &CREDENTIALS),
    ("aadsts", &OTHER),
    ("status:noauthncontext", &CONTEXT),
    ("noauthncontext", &CONTEXT),
    ("status:invalidnameidpolicy", &NAME_ID),
    ("invalidnameidpolicy", &NAME_ID),
    ("status:unknownprincipal", &ASSIGNMENT),
    ("not assigned", &ASSIGNMENT),
    ("access denied", &ASSIGNMENT),
    ("not authorized", &ASSIGNMENT),
    ("status:requestdenied", &REQUEST),
    ("status:requestunsupported", &REQUEST),
    ("status:unsupportedbinding", &REQUEST),
    ("status:versionmismatch", &REQUEST),
    ("status:authnfailed", &CREDENTIALS),
    ("status:nopassive", &CREDENTIALS),
    ("status:requester", &REQUEST),
    ("password", &CREDENTIALS),
    ("authentication failed", &CREDENTIALS),
];

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
    let known = KNOWN.iter().find(|(part, _)| said.iter().any(|said| said.contains(part)));
    let cause = known.map_or(&OTHER, |(_, cause)| *cause);
    let codes = status.codes.iter().map(|code| in_words(&code.text)).collect();
    let mut evidence = vec![Evidence::all("status", codes).at(status.at)];
    evidence.extend(status.message.as_ref().map(|message| Evidence::of("message", message)));
    vec![cause.diagnosis(evidence)]
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
        "UnsupportedBinding" => "the requested way of delivery is not supported",
        _ => return code.to_owned(),
    };
    format!("{name}: {meaning}")
}
