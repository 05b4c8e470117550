//! Was the assertion sent to our login URL?
//!
//! Recipient equals the login URL or the token endpoint; only an optional slash before `?` and the length of organization ids are
//! normalised (platform.md 3.2). A Destination that names another place means that the message was not for us
//! (saml-core-2.0 §3.2.2).

use crate::config::same_endpoint;
use crate::saml::{Assertion, Value};

use super::login_history::INVALID_RECIPIENT;
use super::{Check, Code, Context, Failure, Outcome, Run, Wording, subject_confirmation};

static MISSING: Code = Code {
    id: "recipient-missing",
    line: Wording::Ours("SubjectConfirmationData carries no Recipient"),
    cause: "The identity provider's template leaves it out, or there is no bearer confirmation at all.",
    fix_sp: "Nothing: a bearer confirmation must name its recipient.",
    fix_idp: "Send the login URL as Recipient (often called ACS URL or reply URL).",
    history: Some(&INVALID_RECIPIENT),
};
static MISMATCH: Code = Code {
    id: "recipient-mismatch",
    line: Wording::Ours("The recipient in the assertion did not match the login URL"),
    cause: "A sandbox was refreshed (new so=), a decryption certificate was added (sc=), or the URL of another environment is used.",
    fix_sp: "Copy the Login URL of the single sign-on setting again and give it to the identity provider.",
    fix_idp: "Set Recipient (ACS URL, reply URL) to that Login URL.",
    history: Some(&INVALID_RECIPIENT),
};
static DESTINATION: Code = Code {
    id: "recipient-destination",
    line: Wording::Ours("The Destination of the response is another endpoint"),
    cause: "The message was made for another service provider or environment.",
    fix_sp: "Copy the Login URL of the single sign-on setting again and give it to the identity provider.",
    fix_idp: "Set Destination to the same URL as Recipient.",
    history: Some(&INVALID_RECIPIENT),
};

pub(super) const CHECK: Check = Check {
    id: "recipient",
    number: Some(10),
    title: "Checking the Recipient",
    clause: "saml-profiles-2.0 §4.1.4.2; saml-core-2.0 §3.2.2",
    asks: "Is the Recipient, and the Destination if there is one, the configured login URL or token endpoint?",
    passes: "Ok",
    failures: &[&MISSING, &MISMATCH, &DESTINATION],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let confirmation = subject_confirmation::judged(assertion, cx);
    let data = confirmation.and_then(|confirmation| confirmation.data.as_ref());
    let at = confirmation.map_or(assertion.at, |confirmation| confirmation.at);
    let recipient = match data.and_then(|data| data.recipient.as_ref()) {
        Some(recipient) => mismatch(&MISMATCH, "Recipient", recipient, cx),
        None => Some(endpoints(MISSING.failure().what("Recipient"), cx).at(at)),
    };
    let response = cx.view.message().response();
    // Choice: an empty Destination counts as none; some identity providers fill the attribute only for signed messages.
    let destination = response
        .and_then(|response| response.destination.as_ref())
        .filter(|destination| !destination.text.is_empty())
        .and_then(|destination| mismatch(&DESTINATION, "Destination", destination, cx));
    recipient.into_iter().chain(destination).collect::<Vec<_>>().into()
}

fn mismatch(
    code: &'static Code,
    what: &'static str,
    found: &Value,
    cx: &Context<'_>,
) -> Option<Failure> {
    if cx.config.endpoints().any(|endpoint| same_endpoint(&found.text, endpoint.given())) {
        return None;
    }
    Some(endpoints(code.failure().what(what), cx).found_at(found))
}

fn endpoints(failure: Failure, cx: &Context<'_>) -> Failure {
    cx.config.endpoints().fold(failure, |failure, endpoint| failure.expected(endpoint))
}
