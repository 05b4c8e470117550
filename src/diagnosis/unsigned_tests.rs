//! Messages whose signatures are missing, cut off, or about something else.

use crate::checks::fixture::Case;
use crate::diagnosis::Confidence;
use crate::report::Report;
use crate::support::keys::Key;
use crate::support::signature::Signing;
use crate::support::xml::replace_once;

fn first(report: &Report) -> (&'static str, Confidence) {
    let first = report.diagnoses().first().unwrap();
    assert_eq!(first.explains, ["signature"], "{}", first.cause.code);
    (first.cause.code, first.confidence)
}

fn told<'r>(report: &'r Report, label: &str) -> Option<&'r str> {
    let evidence = report.diagnoses().first()?.evidence.iter().find(|e| e.label == label)?;
    evidence.values.first().map(String::as_str)
}

fn unsigned() -> Case {
    Case::usual().message(|response| response.assertion().signing = None)
}

/// The usual message, its one Signature taken out and put before the first of `end`.
fn signature_moved(xml: &str, end: &str) -> String {
    let begin = xml.find("<ds:Signature ").unwrap();
    let behind = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = xml[begin..behind].to_owned();
    let without = format!("{}{}", &xml[..begin], &xml[behind..]);
    replace_once(&without, end, &format!("{signature}{end}"))
}

#[test]
fn a_response_without_any_signature_is_not_signed() {
    let report = unsigned().report();
    assert_eq!(first(&report), ("not-signed", Confidence::Proven));
    assert_eq!(told(&report, "it would let in"), Some("zmueller@example.com"));
}

#[test]
fn a_bare_assertion_may_have_left_its_signature_behind() {
    let report = unsigned().bare().report();
    assert_eq!(first(&report), ("signature-left-behind", Confidence::Likely));
    assert_eq!(Case::usual().bare().is_accepted().diagnoses(), []);
}

#[test]
fn a_response_signature_that_names_the_assertion_is_no_attack() {
    let report = Case::usual().altered(|xml| signature_moved(&xml, "<samlp:Status>")).report();
    assert_eq!(first(&report), ("signature-names-another-element", Confidence::Proven));
    assert_eq!(told(&report, "stands in"), Some("response"));
}

#[test]
fn an_id_that_was_changed_after_signing_is_named_by_no_element() {
    let report = Case::usual().altered(|xml| replace_once(&xml, "ID=\"_a7", "ID=\"_b7")).report();
    assert_eq!(first(&report), ("signature-names-nothing", Confidence::Proven));
    assert_eq!(told(&report, "stands in"), Some("assertion"));
}

#[test]
fn a_signature_in_another_place_signs_nothing_that_is_read() {
    let report = Case::usual().altered(|xml| signature_moved(&xml, "</saml:Subject>")).report();
    let first = report.diagnoses().first().unwrap();
    assert_eq!(first.cause.code, "unsigned-part-read");
    assert_eq!(told(&report, "it would let in"), Some("zmueller@example.com"));
    assert!(told(&report, "the signature").is_some());
}

#[test]
fn what_was_added_beside_a_misdirected_reference_is_an_attack() {
    let report = Case::usual()
        .altered(|xml| {
            let begin = xml.find("<saml:Assertion").unwrap();
            let end = xml.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
            let good = xml[begin..end].to_owned();
            let evil = good.replace("zmueller@", "admin@").replacen("ID=\"_a", "ID=\"_b", 1);
            let moved = format!("<samlp:Extensions>{good}</samlp:Extensions>");
            let xml = replace_once(&xml, &good, &evil);
            replace_once(&xml, "<samlp:Status>", &format!("{moved}<samlp:Status>"))
        })
        .report();
    assert_eq!(report.diagnoses().first().unwrap().cause.code, "signature-wrapped");
}

#[test]
fn a_response_that_alone_is_signed_is_accepted_in_silence() {
    let case = Case::usual().message(|response| {
        response.signing = Some(Signing::with(Key::Idp));
        response.assertion().signing = None;
    });
    assert_eq!(case.is_accepted().diagnoses(), []);
}
