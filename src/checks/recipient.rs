//! Was the assertion sent to our login URL?
//!
//! Recipient equals the login URL or the token endpoint; only an optional slash before `?` and the length of organization ids are
//! normalised (platform §3.2). A Destination that names another place means that the message was not for us
//! (saml-core-2.0 §3.2.2).

use crate::config::same_endpoint;
use crate::saml::{Assertion, Response, Value};

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
    run: Run::Both { whole: run, around },
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let confirmation = subject_confirmation::judged(assertion, cx);
    let data = confirmation.and_then(|confirmation| confirmation.data.as_ref());
    let at = confirmation.map_or(assertion.at, |confirmation| confirmation.at);
    let recipient = match data.and_then(|data| data.recipient.as_ref()) {
        Some(recipient) => mismatch(&MISMATCH, "Recipient", recipient, cx),
        None => Some(endpoints(MISSING.failure().what("Recipient"), cx).at(at)),
    };
    let mut failures: Vec<_> = recipient.into_iter().collect();
    failures.extend(cx.view.message().response().into_iter().flat_map(|r| around(r, cx)));
    failures.into()
}

fn around(response: &Response, cx: &Context<'_>) -> Vec<Failure> {
    // Choice: an empty Destination counts as none; some identity providers fill the attribute only for signed messages.
    let destination = response.destination.as_ref().filter(|given| !given.text.is_empty());
    let mismatch = destination.and_then(|given| mismatch(&DESTINATION, "Destination", given, cx));
    mismatch.into_iter().collect()
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

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case, given};
    use crate::support::response::LOGIN_URL;

    const TOKEN: &str = "https://acme.my.salesforce.com/services/oauth2/token?so=00D000000000001";
    const CONFIRMATION: &str =
        "/samlp:Response/saml:Assertion/saml:Subject/saml:SubjectConfirmation";
    const DATA: &str = "/samlp:Response/saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData";

    fn sent_to(recipient: &str) -> Case {
        let recipient = Some(recipient.to_owned());
        Case::usual().message(|response| response.assertion().confirmation().recipient = recipient)
    }

    fn destined_for(destination: Option<&str>) -> Case {
        let destination = destination.map(str::to_owned);
        Case::usual().message(|response| response.destination = destination)
    }

    #[test]
    fn the_login_url_passes() {
        Case::usual().passes("recipient");
    }

    #[test]
    fn the_token_endpoint_passes_only_when_it_is_configured() {
        let case = || sent_to(TOKEN).message(|response| response.destination = None);
        case().fails("recipient", ["recipient-mismatch", LOGIN_URL, TOKEN, DATA]);
        case().config(|config| config.token_endpoint = Some(given(TOKEN))).is_accepted();
        let both = format!("{LOGIN_URL} | {TOKEN}");
        sent_to("urn:other")
            .config(|config| config.token_endpoint = Some(given(TOKEN)))
            .fails("recipient", ["recipient-mismatch", &both, "urn:other", DATA]);
    }

    #[test]
    fn a_slash_before_the_question_mark_is_optional_in_recipient_and_destination() {
        let slash = "https://acme.my.salesforce.com/?so=00D000000000001";
        sent_to(slash).message(|r| r.destination = Some(slash.to_owned())).is_accepted();
    }

    #[test]
    fn organization_ids_are_compared_on_their_first_15_characters() {
        sent_to("https://acme.my.salesforce.com?so=00D000000000001EAA").is_accepted();
        for other in [
            "https://acme.my.salesforce.com?so=00D000000000002",
            "https://acme.my.salesforce.com?so=00D000000000001EA",
            "https://acme.my.salesforce.com?so=00D00000000000",
            "https://acme.my.salesforce.com?so=00d000000000001",
        ] {
            sent_to(other).fails("recipient", ["recipient-mismatch", LOGIN_URL, other, DATA]);
        }
    }

    #[test]
    fn nothing_else_is_normalised() {
        for other in [
            "https://acme.my.salesforce.com?so=00D000000000001&sc=0LE000000000001",
            "http://acme.my.salesforce.com?so=00D000000000001",
            "https://ACME.my.salesforce.com?so=00D000000000001",
            "https://acme.my.salesforce.com/?so=00D000000000001/",
            " https://acme.my.salesforce.com?so=00D000000000001",
            "https://acme.my.salesforce.com",
            "",
        ] {
            sent_to(other).fails("recipient", ["recipient-mismatch", LOGIN_URL, other, DATA]);
        }
    }

    #[test]
    fn a_confirmation_without_a_recipient_is_rejected() {
        let case = Case::usual().message(|r| r.assertion().confirmation().recipient = None);
        case.fails("recipient", ["recipient-missing", LOGIN_URL, "", CONFIRMATION]);
    }

    #[test]
    fn without_a_bearer_confirmation_there_is_no_recipient() {
        let case = Case::usual().message(|r| {
            r.assertion().confirmation().method = crate::support::uri::SENDER_VOUCHES.to_owned();
        });
        case.fails("recipient", ["recipient-missing", LOGIN_URL, "", ASSERTION]);
    }

    #[test]
    fn a_recipient_in_a_namespace_is_not_the_recipient() {
        let case = Case::usual()
            .message(|r| r.assertion().confirmation().recipient = None)
            .altered(|xml| {
                let data = "<saml:SubjectConfirmationData ";
                let other = format!("{data}xmlns:x=\"urn:x\" x:Recipient=\"{LOGIN_URL}\" ");
                crate::support::xml::replace_once(&xml, data, &other)
            });
        case.fails_with("recipient", &["recipient-missing"]);
    }

    #[test]
    fn a_destination_is_optional_and_an_empty_one_is_none() {
        destined_for(None).is_accepted();
        destined_for(Some("")).is_accepted();
    }

    #[test]
    fn a_destination_elsewhere_is_rejected_even_when_the_recipient_is_ours() {
        let other = "https://other.example/acs";
        let expected = ["recipient-destination", LOGIN_URL, other, "/samlp:Response"];
        destined_for(Some(other)).fails("recipient", expected);
    }

    #[test]
    fn both_may_be_wrong_at_once() {
        let case =
            sent_to("urn:a").message(|response| response.destination = Some("urn:b".to_owned()));
        case.fails_with("recipient", &["recipient-mismatch", "recipient-destination"]);
    }
}
