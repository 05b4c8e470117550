//! Is the message built as the schema says?
//!
//! Versions, IDs, order and number of children, exactly one assertion, text where text belongs (saml-core-2.0 §1.3, §2.2.5, §2.3.3,
//! §3.3.3; security rules 3, 8 and 12).

use crate::saml::{Anomaly, AnomalyKind, FORMAT_ENTITY, Issuer};

use super::login_history::{INVALID_FORMAT, INVALID_VERSION};
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

static ISSUER_FORMAT: Code = Code {
    id: "format-issuer",
    line: Wording::Ours("The Issuer has a Format other than entity"),
    cause: "A template that treats the Issuer like a NameID.",
    fix_sp: "Nothing: the platform accepts no other Format.",
    fix_idp: "Leave the Issuer's Format out, or send urn:oasis:names:tc:SAML:2.0:nameid-format:entity.",
    history: Some(&INVALID_FORMAT),
};
static VERSION: Code = Code {
    id: "format-version",
    line: Wording::Ours("The SAML version is not 2.0"),
    cause: "The identity provider is set up for SAML 1.1, or a template lost the attribute.",
    fix_sp: "Nothing: only SAML 2.0 is judged.",
    fix_idp: "Send SAML 2.0.",
    history: Some(&INVALID_VERSION),
};
static ID: Code = Code {
    id: "format-id",
    line: Wording::Ours("An ID is missing or not an NCName"),
    cause: "IDs that begin with a digit: a bare UUID, for one.",
    fix_sp: "Nothing: XML forbids such IDs, and signatures name their element by them.",
    fix_idp: "Begin every ID with a letter or an underscore.",
    history: Some(&INVALID_FORMAT),
};
static STRUCTURE: Code = Code {
    id: "format-structure",
    line: Wording::Ours("An element is missing, repeated or misplaced"),
    cause: "A hand-written template, a proxy that rebuilds messages, or an attack.",
    fix_sp: "Nothing: what stands in the wrong place is not read.",
    fix_idp: "Send the elements in the schema's order and number.",
    history: Some(&INVALID_FORMAT),
};
static VALUE: Code = Code {
    id: "format-value",
    line: Wording::Ours("Elements stand where a text value belongs"),
    cause: "Unescaped markup in a value, or an attack on readers that take a part of it.",
    fix_sp: "Nothing.",
    fix_idp: "Escape markup characters in values.",
    history: Some(&INVALID_FORMAT),
};
static ASSERTIONS: Code = Code {
    id: "format-assertion-count",
    line: Wording::Ours("There is not exactly one assertion"),
    cause: "More than one: several statements in assertions of their own, or signature wrapping. None: a successful status without \
            an assertion.",
    fix_sp: "Treat a second assertion as an attack until the identity provider explains it.",
    fix_idp: "Send exactly one assertion in a Response.",
    history: Some(&INVALID_FORMAT),
};

pub(super) const CHECK: Check = Check {
    id: "format",
    number: Some(6),
    title: "Miscellaneous format confirmations",
    clause: "saml-core-2.0 §1.3.4, §2.2.5, §2.3.3, §3.3.3",
    asks: "Is the version 2.0, are IDs NCNames, and do elements stand in the schema's order and number with exactly one assertion?",
    passes: "Ok",
    failures: &[&ISSUER_FORMAT, &VERSION, &ID, &STRUCTURE, &VALUE, &ASSERTIONS],
    run: Run::Message(run),
};

fn run(cx: &Context<'_>) -> Outcome {
    let message = cx.view.message();
    let response = message.response().and_then(|response| response.issuer.as_ref());
    let assertion = message.assertion().and_then(|assertion| assertion.issuer.as_ref());
    let issuers = response.into_iter().chain(assertion).filter_map(issuer_format);
    let mut failures: Vec<Failure> = message.anomalies().map(departure).chain(issuers).collect();
    // Wrapping often shows twice, from the Response's and from the assertion's side.
    failures.dedup();
    failures.into()
}

fn issuer_format(issuer: &Issuer) -> Option<Failure> {
    let format = issuer.format.as_deref().filter(|format| *format != FORMAT_ENTITY)?;
    let failure = ISSUER_FORMAT.failure().what("Format of the Issuer").expected(FORMAT_ENTITY);
    Some(failure.found(format).at(issuer.value.at))
}

fn departure(anomaly: &Anomaly) -> Failure {
    let code = match anomaly.kind {
        AnomalyKind::Misplaced | AnomalyKind::Repeated | AnomalyKind::Missing => &STRUCTURE,
        AnomalyKind::ElementInValue => &VALUE,
        AnomalyKind::SecondAssertion | AnomalyKind::NoAssertion => &ASSERTIONS,
        AnomalyKind::Version => &VERSION,
        AnomalyKind::Id => &ID,
    };
    code.failure().expected(anomaly.expected.as_str()).found(anomaly.found.as_str()).at(anomaly.at)
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case};
    use crate::support::assertion::Issuer;
    use crate::support::uri;
    use crate::support::xml::replace_once;

    const NS: &str = "urn:oasis:names:tc:SAML:2.0:assertion";

    #[test]
    fn the_usual_message_passes() {
        Case::usual().passes("format");
    }

    #[test]
    fn an_issuer_may_only_be_an_entity() {
        let issuer = |format: &str| {
            let value = crate::support::response::ISSUER.to_owned();
            Some(Issuer { value, format: Some(format.to_owned()) })
        };
        Case::usual().message(|r| r.assertion().issuer = issuer(uri::ENTITY)).is_accepted();
        let at = format!("{ASSERTION}/saml:Issuer");
        let case = Case::usual().message(|r| r.assertion().issuer = issuer(uri::PERSISTENT));
        case.fails("format", ["format-issuer", uri::ENTITY, uri::PERSISTENT, &at]);
        let case = Case::usual().message(|r| r.issuer = issuer(""));
        case.fails("format", ["format-issuer", uri::ENTITY, "", "/samlp:Response/saml:Issuer"]);
    }

    #[test]
    fn the_version_is_2_0_in_both_elements() {
        let version = |text: &str| Some(text.to_owned());
        let case = Case::usual().message(|r| r.version = version("1.1"));
        let found = "Version=\"1.1\"";
        case.fails("format", ["format-version", "Version=\"2.0\"", found, "/samlp:Response"]);
        let case = Case::usual().message(|r| r.assertion().version = None);
        case.fails("format", ["format-version", "Version=\"2.0\"", "no Version", ASSERTION]);
        for other in ["2", "2.00", " 2.0", "2.1", ""] {
            let case = Case::usual().message(|r| r.assertion().version = version(other));
            case.fails_with("format", &["format-version"]);
        }
    }

    #[test]
    fn ids_are_nc_names_in_both_elements() {
        let case = Case::usual().message(|r| r.id = None);
        case.fails("format", ["format-id", "an ID that is an NCName", "no ID", "/samlp:Response"]);
        for garbled in ["3f2a", "a b", "a:b", "", "_a\u{a0}", "{x}"] {
            let case = Case::usual().message(|r| r.id = Some(garbled.to_owned()));
            let found = format!("ID=\"{garbled}\"");
            case.fails(
                "format",
                ["format-id", "an ID that is an NCName", &found, "/samlp:Response"],
            );
        }
        let case = Case::usual().message(|r| r.assertion().id = Some("3f2a".to_owned()));
        case.fails("format", ["format-id", "an ID that is an NCName", "ID=\"3f2a\"", ASSERTION]);
        // The Reference cannot name such an element either.
        case.fails_with("signature", &["signature-reference"]);
    }

    #[test]
    fn an_element_out_of_the_schemas_order_is_told_where_it_stands() {
        let case = Case::usual().altered(|xml| {
            let status = xml.find("<samlp:Status>").unwrap();
            let end = xml.find("</samlp:Status>").unwrap() + "</samlp:Status>".len();
            let without = format!("{}{}", &xml[..status], &xml[end..]);
            replace_once(
                &without,
                "</samlp:Response>",
                &format!("{}</samlp:Response>", &xml[status..end]),
            )
        });
        case.fails(
            "format",
            [
                "format-structure",
                "the schema's order",
                "Status (urn:oasis:names:tc:SAML:2.0:protocol)",
                "/samlp:Response/samlp:Status",
            ],
        );
    }

    #[test]
    fn a_required_element_that_is_missing_is_named() {
        let case = Case::usual().message(|response| response.assertion().subject = None);
        case.fails("format", ["format-structure", "Subject", "nothing", ASSERTION]);
    }

    #[test]
    fn markup_in_a_value_is_told() {
        let case = Case::usual().altered(|xml| {
            replace_once(&xml, "zmueller@example.com<", "zmueller@example.com<x>.evil</x><")
        });
        let at = format!("{ASSERTION}/saml:Subject/saml:NameID");
        let found = format!("NameID ({NS})");
        case.fails("format", ["format-value", "text only", &found, &at]);
    }

    #[test]
    fn a_success_without_an_assertion_is_told() {
        let case = Case::usual().message(|response| response.assertion = None);
        let expected = ["format-assertion-count", "one Assertion", "none", "/samlp:Response"];
        case.fails("format", expected);
    }

    #[test]
    fn a_second_assertion_rejects_the_message_and_is_never_read() {
        let evil = crate::support::assertion::Assertion {
            signing: None,
            id: Some("_evil".to_owned()),
            ..crate::support::assertion::Assertion::usual()
        };
        let evil = evil.xml().replace("zmueller@", "admin@");
        let found = format!("Assertion ({NS})");
        let second = Case::usual().message(|response| response.after_assertion = evil.clone());
        let at = format!("{ASSERTION}[2]");
        second.fails("format", ["format-assertion-count", "exactly one", &found, &at]);
        assert_eq!(second.report().subject(), Some("zmueller@example.com"));
        let nested = Case::usual().message(|response| response.extensions = evil.clone());
        let at = "/samlp:Response/samlp:Extensions/saml:Assertion";
        nested.fails("format", ["format-assertion-count", "exactly one", &found, at]);
        assert_eq!(nested.report().subject(), Some("zmueller@example.com"));
    }

    #[test]
    fn an_advice_may_hold_no_assertion_although_it_is_signed() {
        let quoted = "<saml:Assertion ID=\"_quoted\"></saml:Assertion>".to_owned();
        let case = Case::usual().message(|response| response.assertion().advice = quoted);
        let found = format!("Assertion ({NS})");
        let at = format!("{ASSERTION}/saml:Advice/saml:Assertion");
        case.fails("format", ["format-assertion-count", "exactly one", &found, &at]);
    }

    #[test]
    fn a_response_to_another_request_than_its_confirmation_is_told() {
        let case =
            Case::usual().message(|response| response.in_response_to = Some("_other".to_owned()));
        case.is_accepted();
        let request = crate::support::response::REQUEST_ID;
        let at = "/samlp:Response/saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData";
        case.finds("in-response-to-differs", &format!("_other and {request}"), at);
    }
}
