//! Does the message come from the identity provider that is configured?
//!
//! The Issuer is compared character for character (platform §2, item 7). The Response's Issuer is optional; when it is there it
//! names the same identity provider (saml-profiles-2.0 §4.1.4.2).

use crate::saml::{Assertion, Issuer, Response};

use super::login_history::INVALID_ISSUER;
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "issuer-missing",
    line: Wording::Ours("The assertion carries no Issuer"),
    cause: "A broken template: every assertion must name its Issuer.",
    fix_sp: "Nothing.",
    fix_idp: "Send the entity ID of the identity provider as Issuer.",
    history: Some(&INVALID_ISSUER),
};
static MISMATCH: Code = Code {
    id: "issuer-mismatch",
    line: Wording::Ours("The issuer in the message did not match the configured issuer"),
    cause: "Another tenant or environment of the identity provider, or a difference in case, scheme or a trailing slash.",
    fix_sp: "Copy the identity provider's entity ID into the Issuer setting, letter for letter.",
    fix_idp: "Use the entity ID that the service provider has configured.",
    history: Some(&INVALID_ISSUER),
};

pub(super) const CHECK: Check = Check {
    id: "issuer",
    number: Some(7),
    title: "Confirming Issuer matches",
    clause: "saml-core-2.0 §2.2.5; saml-profiles-2.0 §4.1.4.2",
    asks: "Is the Issuer the configured one, character for character?",
    passes: "Ok",
    failures: &[&MISSING, &MISMATCH],
    run: Run::Both { whole: run, around },
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let Some(issuer) = &assertion.issuer else {
        return MISSING.failure().expected(&cx.config.issuer).at(assertion.at).into();
    };
    let mut failures =
        cx.view.message().response().map(|response| around(response, cx)).unwrap_or_default();
    failures.extend(compare("Issuer of the Assertion", issuer, cx));
    failures.into()
}

fn around(response: &Response, cx: &Context<'_>) -> Vec<Failure> {
    let issuer = response.issuer.as_ref();
    issuer.and_then(|issuer| compare("Issuer of the Response", issuer, cx)).into_iter().collect()
}

fn compare(what: &'static str, issuer: &Issuer, cx: &Context<'_>) -> Option<Failure> {
    let expected = &cx.config.issuer;
    (issuer.value.text != *expected.given())
        .then(|| MISMATCH.failure().what(what).expected(expected).found_at(&issuer.value))
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case};
    use crate::support::assertion::Issuer;
    use crate::support::response::ISSUER;

    #[test]
    fn the_configured_issuer_passes() {
        Case::usual().passes("issuer");
    }

    #[test]
    fn the_responses_issuer_is_optional() {
        Case::usual().message(|response| response.issuer = None).is_accepted();
    }

    #[test]
    fn an_assertion_without_an_issuer_is_rejected() {
        let case = Case::usual().message(|response| response.assertion().issuer = None);
        case.fails("issuer", ["issuer-missing", ISSUER, "", ASSERTION]);
    }

    #[test]
    fn each_of_the_two_issuers_is_compared() {
        let of = |what: &str| Some(Issuer::new(what));
        let case = Case::usual().message(|response| response.issuer = of("urn:other"));
        let at = "/samlp:Response/saml:Issuer";
        case.fails("issuer", ["issuer-mismatch", ISSUER, "urn:other", at]);
        let case = Case::usual().message(|response| response.assertion().issuer = of("urn:other"));
        let at = "/samlp:Response/saml:Assertion/saml:Issuer";
        case.fails("issuer", ["issuer-mismatch", ISSUER, "urn:other", at]);
    }

    #[test]
    fn the_issuer_is_compared_letter_for_letter() {
        for other in [
            "https://idp.example.com/metadata/",
            "http://idp.example.com/metadata",
            "https://IDP.example.com/metadata",
            "https://idp.example.com:443/metadata",
            "https://idp.example.com/%6Detadata",
            "https://idp.example.com/metadata\u{a0}",
            "https://idp.ex\u{430}mple.com/metadata",
            "",
        ] {
            let case = Case::usual().message(|r| r.assertion().issuer = Some(Issuer::new(other)));
            let at = "/samlp:Response/saml:Assertion/saml:Issuer";
            case.fails("issuer", ["issuer-mismatch", ISSUER, other, at]);
        }
    }

    #[test]
    fn white_space_of_pretty_printing_is_ignored_and_told() {
        let spaced = format!("\n    {ISSUER}\t");
        let case = Case::usual().message(|r| r.assertion().issuer = Some(Issuer::new(&spaced)));
        case.is_accepted();
        let at = "/samlp:Response/saml:Assertion/saml:Issuer";
        case.finds("whitespace-trimmed", &spaced, at);
    }
}
