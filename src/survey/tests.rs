//! The shapes of signature wrapping, and what must stay silent.

use crate::checks::fixture::{Case, findings};
use crate::finding::tests::{assertion, forged};
use crate::support::keys::Key;
use crate::support::signature::Signing;
use crate::support::xml::replace_once;

const OBJECT: &str = "<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";

/// The Signature of a message's assertion.
fn signature(xml: &str) -> String {
    let from = xml.find("<ds:Signature ").unwrap();
    let until = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    xml[from..until].to_owned()
}

fn unsigned(xml: &str) -> String {
    replace_once(&assertion(xml), &signature(xml), "")
}

/// The forged assertion with the original's Signature, in which `inside` stands.
fn carrying(xml: &str, inside: &str) -> String {
    let signature = signature(xml);
    let signature =
        replace_once(&signature, "</ds:Signature>", &format!("{inside}</ds:Signature>"));
    let forged = forged(xml);
    let issuer = "</saml:Issuer>";
    replace_once(&forged, issuer, &format!("{issuer}{signature}"))
}

/// What stands in the assertion's place.
fn wrapped(by: impl Fn(&str) -> String) -> Case {
    Case::usual().altered(|xml| replace_once(&xml, &assertion(&xml), &by(&xml)))
}

fn shape(case: &Case) -> Vec<String> {
    let report = case.report();
    let told = findings(&report).into_iter().filter(|[code, ..]| code == "signature-wrapping");
    let shapes = told.map(|[_, found, _]| found.split(':').next().unwrap().to_owned());
    shapes.collect()
}

#[test]
fn each_shape_of_an_assertion_is_named() {
    let extensions = |inside: &str| format!("<samlp:Extensions>{inside}</samlp:Extensions>");
    let nested = |xml: &str| {
        let forged = forged(xml);
        replace_once(&forged, "</saml:Assertion>", &format!("{}</saml:Assertion>", assertion(xml)))
    };
    let cases = [
        ("XSW3", wrapped(|xml| format!("{}{}", forged(xml), assertion(xml)))),
        ("XSW3", wrapped(|xml| format!("{}{}", assertion(xml), forged(xml)))),
        ("XSW4", wrapped(nested)),
        ("XSW5", wrapped(|xml| format!("{}{}", carrying(xml, ""), unsigned(xml)))),
        ("XSW6", wrapped(|xml| carrying(xml, &unsigned(xml)))),
        ("XSW7", wrapped(|xml| format!("{}{}", extensions(&forged(xml)), assertion(xml)))),
        ("XSW8", wrapped(|xml| carrying(xml, &format!("{OBJECT}{}</ds:Object>", unsigned(xml))))),
        ("XSW variant", wrapped(|xml| format!("{}<x>{}</x>", assertion(xml), forged(xml)))),
        ("XSW variant", wrapped(|xml| format!("{}<x>{}</x>", carrying(xml, ""), unsigned(xml)))),
    ];
    for (name, case) in cases {
        assert_eq!(shape(&case), [name]);
        assert!(!case.report().is_accepted(), "{name}");
    }
}

#[test]
fn each_shape_of_a_response_is_named() {
    let signed = || {
        Case::usual().message(|response| {
            response.assertion().signing = None;
            response.signing = Some(Signing::with(Key::Idp));
        })
    };
    // The forged Response: another ID and another user, with `by` in the place of the Signature.
    let wrapped = |by: &dyn Fn(&str, &str) -> String| {
        signed().altered(|xml| {
            let signature = signature(&xml);
            let original = replace_once(&xml, &signature, "");
            let forged =
                xml.replace("zmueller@", "admin@").replacen("ID=\"_r51d", "ID=\"_forged", 1);
            replace_once(&forged, &signature, &by(&original, &signature))
        })
    };
    let inside = |original: &str, signature: &str| {
        replace_once(signature, "</ds:Signature>", &format!("{original}</ds:Signature>"))
    };
    assert_eq!(shape(&wrapped(&inside)), ["XSW1"]);
    assert_eq!(shape(&wrapped(&|original, signature| format!("{original}{signature}"))), ["XSW2"]);
}

#[test]
fn a_decoy_signature_does_not_hide_the_shape() {
    let case = wrapped(|xml| {
        let decoy = format!("<samlp:Extensions>{}</samlp:Extensions>", signature(xml));
        format!("{decoy}{}{}", forged(xml), assertion(xml))
    });
    assert_eq!(shape(&case), ["XSW3"]);
}

#[test]
fn the_ordinary_unsigned_parts_of_a_response_are_no_alarm() {
    let report = Case::usual().is_accepted();
    assert!(report.findings().is_empty(), "Issuer and Status are unsigned");
}

#[test]
fn two_assertions_of_a_signed_response_are_unusual_and_no_attack() {
    let case = Case::usual().message(|response| {
        let other = assertion(&response.xml()).replace("_a7f0", "_b8a1");
        response.after_assertion = other;
        response.signing = Some(Signing::with(Key::Idp));
    });
    let told: Vec<_> = findings(&case.report()).into_iter().map(|[code, ..]| code).collect();
    assert_eq!(told, ["second-assertion"]);
}

#[test]
fn an_encrypted_assertion_beside_the_signed_one_is_told() {
    let case = Case::usual().altered(|xml| {
        let end = "</samlp:Response>";
        let encrypted = "<saml:EncryptedAssertion \
                         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
        replace_once(&xml, end, &format!("{encrypted}{end}"))
    });
    case.finds(
        "unsigned-assertion",
        "saml:EncryptedAssertion",
        "/samlp:Response/saml:EncryptedAssertion",
    );
}

#[test]
fn what_looks_like_a_comment_in_a_section_is_text() {
    let case = Case::usual()
        .altered(|xml| replace_once(&xml, ">zmueller@example.com<", "><![CDATA[a<!--b-->]]><"));
    let told = findings(&case.report());
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn a_value_is_shown_as_it_is_written() {
    let case = Case::usual().altered(|xml| {
        replace_once(&xml, ">zmueller@example.com<", ">admin@example.com<!-- x -->.evil.example<")
    });
    let at = "/samlp:Response/saml:Assertion/saml:Subject/saml:NameID/comment()";
    case.finds("comment-in-value", "admin@example.com<!-- x -->.evil.example", at);
}
