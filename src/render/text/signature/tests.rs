//! Each combination of platform §4, line by line.

use super::*;
use crate::checks::{Code, code_by_id};
use crate::crypto::Signed;
use crate::crypto::certificate::Certificate;
use crate::saml::Place;

const RESPONSE: &str = "Is the response signed? ";
const ASSERTION: &str = "Is the assertion signed? ";
const KEYINFO: &str = "Is the correct certificate supplied in the keyinfo? ";
const REFERENCE: &str = "The reference in the assertion signature is valid";
const NOT_VALID: &str = "The signature in the assertion is not valid";
const SETTINGS: &str = "Certificate specified in settings: C=DE, O=Example Corp, CN=idp.example.com \
                        Expiration: 31 Dec 2033 23:59:59 GMT";

fn configured() -> Certificate {
    let pem = include_bytes!("../../../../samples/01-all-green/idp.pem");
    Certificate::parse(pem).unwrap().remove(0)
}

fn another() -> Certificate {
    let pem = include_bytes!("../../../../samples/18-certificate-expired/idp.pem");
    Certificate::parse(pem).unwrap().remove(0)
}

/// A signature that holds, with these certificates in KeyInfo.
fn valid(signed: Signed, key_info: &[Certificate]) -> SignatureResult {
    let readable =
        |certificate: &Certificate| KeyInfoCertificate::Readable(Box::new(certificate.clone()));
    SignatureResult {
        signed,
        at: Place(0),
        algorithms: None,
        reference_valid: Some(true),
        value_valid: Some(true),
        verified_with: Some(configured()),
        key_info: key_info.iter().map(readable).collect(),
        problems: Vec::new(),
    }
}

/// The same, with both halves as given.
fn broken(
    reference: Option<bool>,
    value: Option<bool>,
    key_info: &[Certificate],
) -> SignatureResult {
    SignatureResult {
        reference_valid: reference,
        value_valid: value,
        verified_with: None,
        ..valid(Signed::Assertion, key_info)
    }
}

fn report(
    response: Option<SignatureResult>,
    assertion: Option<SignatureResult>,
) -> SignatureReport {
    SignatureReport {
        response,
        assertion,
        configured: vec![configured()],
        ..SignatureReport::default()
    }
}

fn code(id: &str) -> &'static Code {
    code_by_id(id).unwrap().1
}

fn block_of(signatures: &SignatureReport, codes: &[&str]) -> (Vec<String>, Vec<String>) {
    let failed: Vec<Failure> = codes.iter().map(|id| code(id).failure()).collect();
    let Block { passing, failing } = lines(signatures, &failed);
    (passing, failing)
}

fn said(lines: &[&[&str]]) -> Vec<String> {
    lines.iter().map(|parts| parts.concat()).collect()
}

#[test]
fn the_codes_that_are_told_by_the_platforms_lines_exist() {
    for id in TOLD.into_iter().chain(ABOUT_CERTIFICATE) {
        assert!(code_by_id(id).is_some(), "{id}");
    }
}

#[test]
fn a_signed_assertion_with_the_right_certificate_is_ok() {
    let report = report(None, Some(valid(Signed::Assertion, &[configured()])));
    let passing = said(&[&[RESPONSE, "false"], &[ASSERTION, "true"], &[KEYINFO, "true"]]);
    assert_eq!(block_of(&report, &[]), (passing, Vec::new()));
}

#[test]
fn without_a_certificate_in_keyinfo_there_is_no_line_about_it() {
    let report = report(Some(valid(Signed::Response, &[])), Some(valid(Signed::Assertion, &[])));
    let passing = said(&[&[RESPONSE, "true"], &[ASSERTION, "true"]]);
    assert_eq!(block_of(&report, &[]), (passing, Vec::new()));
}

#[test]
fn another_certificate_beside_a_good_signature_is_told_and_still_ok() {
    let report = report(None, Some(valid(Signed::Assertion, &[another()])));
    let passing = said(&[&[RESPONSE, "false"], &[ASSERTION, "true"], &[KEYINFO, "false"]]);
    assert_eq!(block_of(&report, &[]), (passing, Vec::new()));
}

#[test]
fn a_rolled_over_certificate_prints_the_four_known_lines() {
    let report = report(None, Some(broken(Some(true), Some(false), &[another()])));
    let passing = said(&[&[RESPONSE, "false"], &[ASSERTION, "true"], &[REFERENCE]]);
    let failing = said(&[&[NOT_VALID], &[KEYINFO, "false"], &[SETTINGS]]);
    assert_eq!(block_of(&report, &["signature-wrong-key"]), (passing, failing));
}

#[test]
fn a_bad_value_beside_the_right_certificate_keeps_keyinfo_among_what_passes() {
    let report = report(None, Some(broken(Some(true), Some(false), &[configured()])));
    let passing =
        said(&[&[RESPONSE, "false"], &[ASSERTION, "true"], &[REFERENCE], &[KEYINFO, "true"]]);
    let failing = said(&[&[NOT_VALID], &[SETTINGS]]);
    assert_eq!(block_of(&report, &["signature-value"]), (passing, failing));
}

#[test]
fn changed_content_is_told_from_a_wrong_key() {
    let result = SignatureResult {
        verified_with: Some(configured()),
        ..broken(Some(false), Some(true), &[configured()])
    };
    let passing = said(&[&[RESPONSE, "false"], &[ASSERTION, "true"], &[KEYINFO, "true"]]);
    let failing = said(&[&["The reference in the assertion signature is not valid"]]);
    assert_eq!(block_of(&report(None, Some(result)), &["signature-digest"]), (passing, failing));
}

#[test]
fn the_responses_signature_has_the_same_lines() {
    let result = SignatureResult {
        signed: Signed::Response,
        ..broken(Some(false), Some(false), &[configured()])
    };
    let passing = said(&[&[RESPONSE, "true"], &[ASSERTION, "false"], &[KEYINFO, "true"]]);
    let failing = said(&[
        &["The reference in the response signature is not valid"],
        &["The signature in the response is not valid"],
        &[SETTINGS],
    ]);
    let codes = ["signature-digest", "signature-value"];
    assert_eq!(block_of(&report(Some(result), None), &codes), (passing, failing));
}

#[test]
fn a_good_response_signature_does_not_hide_a_broken_assertion_signature() {
    let assertion = broken(Some(true), Some(false), &[another()]);
    let report = report(Some(valid(Signed::Response, &[configured()])), Some(assertion));
    let passing = said(&[&[RESPONSE, "true"], &[ASSERTION, "true"], &[REFERENCE]]);
    let failing = said(&[&[NOT_VALID], &[KEYINFO, "false"], &[SETTINGS]]);
    assert_eq!(block_of(&report, &["signature-wrong-key"]), (passing, failing));
}

#[test]
fn an_unsigned_message_prints_its_own_line() {
    let passing = said(&[&[RESPONSE, "false"], &[ASSERTION, "false"]]);
    let failing = said(&[&["Neither the response nor the assertion is signed"]]);
    assert_eq!(block_of(&report(None, None), &["signature-missing"]), (passing, failing));
}

#[test]
fn a_refused_signature_prints_its_own_line_once() {
    let report = report(None, Some(broken(None, None, &[])));
    let passing = said(&[&[RESPONSE, "false"], &[ASSERTION, "true"]]);
    let failing = said(&[&["A transform is not allowed"]]);
    let codes = ["signature-transform", "signature-transform"];
    assert_eq!(block_of(&report, &codes), (passing, failing));
}

#[test]
fn an_expired_certificate_is_shown_as_the_settings_have_it() {
    let report = report(None, Some(valid(Signed::Assertion, &[configured()])));
    let (passing, failing) = block_of(&report, &["signature-certificate-expired"]);
    assert_eq!(passing.len(), 3);
    assert_eq!(failing, said(&[&[SETTINGS], &["The configured certificate has expired"]]));
}
