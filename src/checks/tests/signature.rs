//! Tests of the signature check, in a file of their own for its length.

use openssl::x509::X509;

use crate::checks::fixture::{ASSERTION, Case};
use crate::checks::{Because, Outcome};
use crate::config::{Expect, Source};
use crate::crypto::certificate::Certificate;
use crate::support::keys::{self, Key};
use crate::support::signature::{KeyInfo, Signing};

const SIGNATURE: &str = "/samlp:Response/saml:Assertion/ds:Signature";

fn certificate(x509: &X509) -> Certificate {
    Certificate::from_der(&x509.to_der().unwrap()).unwrap()
}

/// The usual message, judged with these configured certificates.
fn configured(certificates: &[X509]) -> Case {
    let expect = |x509| Expect::new(certificate(x509), Source::Option("--test"));
    let all = certificates.iter().map(expect).collect();
    Case::usual().config(|config| config.idp_certificates = all)
}

#[test]
fn a_signature_of_the_configured_certificate_passes() {
    Case::usual().passes("signature");
}

#[test]
fn an_unsigned_message_is_rejected() {
    let case = Case::usual().message(|response| response.assertion().signing = None);
    let told = ["signature-missing", "a signed Assertion", "no Signature", ASSERTION];
    case.fails("signature", told);
    let told = ["signature-missing", "a signed Assertion", "no Signature", "/samlp:Response"];
    case.message(|response| response.assertion = None).fails("signature", told);
}

#[test]
fn the_signature_of_an_encrypted_assertion_cannot_be_judged() {
    let case = Case::usual().message(|response| {
        response.assertion = None;
        response.after_assertion = format!(
            "<saml:EncryptedAssertion xmlns:saml=\"{}\"></saml:EncryptedAssertion>",
            crate::support::uri::ASSERTION
        );
    });
    assert_eq!(case.outcome("signature"), Outcome::Skipped(Because::Encrypted));
    let signed = case.message(|response| response.signing = Some(Signing::with(Key::Idp)));
    assert_eq!(signed.outcome("signature"), Outcome::Ok);
    assert!(!signed.report().is_accepted());
}

#[test]
fn the_line_names_the_element_whose_signature_is_not_valid() {
    let case = Case::usual().message(|response| response.signing = Some(Signing::with(Key::Other)));
    let outcome = case.outcome("signature");
    let lines: Vec<_> = outcome.failures().iter().map(|failure| failure.line.text()).collect();
    assert_eq!(lines, ["The signature in the response is not valid"]);
    let case = Case::usual()
        .message(|response| response.assertion().signing = Some(Signing::with(Key::Other)));
    let outcome = case.outcome("signature");
    let lines: Vec<_> = outcome.failures().iter().map(|failure| failure.line.text()).collect();
    assert_eq!(lines, ["The signature in the assertion is not valid"]);
}

#[test]
fn content_that_was_changed_is_told_apart_from_a_wrong_key() {
    let case = Case::usual().altered(|xml| xml.replace("zmueller@", "admin@"));
    let told = ["signature-digest", "the content that was digested", "other content", SIGNATURE];
    case.fails("signature", told);
}

#[test]
fn a_key_that_key_info_names_is_shown_and_never_used() {
    let case = Case::usual().message(|r| r.assertion().signing = Some(Signing::with(Key::Other)));
    let [ours, theirs] = [Key::Idp, Key::Other].map(|key| certificate(&key.certificate()));
    let expected = format!("a signature by {}", ours.sha256());
    let found = format!("KeyInfo names {}", theirs.sha256());
    case.fails("signature", ["signature-wrong-key", &expected, &found, SIGNATURE]);
}

#[test]
fn a_wrong_key_without_key_info_is_a_value_that_does_not_verify() {
    let case = Case::usual().message(|response| {
        let signing = Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::Other) };
        response.assertion().signing = Some(signing);
    });
    let expected = format!("a signature by {}", certificate(&Key::Idp.certificate()).sha256());
    let found = "another signature; KeyInfo names no certificate";
    case.fails("signature", ["signature-value", &expected, found, SIGNATURE]);
}

#[test]
fn an_expired_certificate_is_rejected_from_the_second_after_its_last() {
    let ends = |time: &str| {
        keys::certificate(
            Key::Idp,
            "idp.example.com",
            1,
            "230101000000Z",
            &format!("260115{time}Z"),
        )
    };
    configured(&[ends("100100")]).is_accepted();
    configured(&[ends("100059")]).fails(
        "signature",
        [
            "signature-certificate-expired",
            "now <= 2026-01-15T10:00:59Z",
            "now = 2026-01-15T10:01:00Z",
            "",
        ],
    );
    configured(&[keys::expired()]).fails_with("signature", &["signature-certificate-expired"]);
}

#[test]
fn a_certificate_begins_to_be_valid_within_the_skew() {
    let begins = |time: &str| {
        keys::certificate(
            Key::Idp,
            "idp.example.com",
            1,
            &format!("260115{time}Z"),
            "331231235959Z",
        )
    };
    configured(&[begins("100400")]).is_accepted();
    configured(&[begins("100401")]).fails(
        "signature",
        [
            "signature-certificate-not-yet-valid",
            "now >= 2026-01-15T10:01:01Z (allowed skew included)",
            "now = 2026-01-15T10:01:00Z",
            "",
        ],
    );
    let case = configured(&[keys::not_yet_valid()]);
    case.fails_with("signature", &["signature-certificate-not-yet-valid"]);
}

#[test]
fn during_a_rollover_any_configured_certificate_verifies() {
    let signed_with = |key: Key| {
        let both = configured(&[keys::expired(), Key::Successor.certificate()]);
        both.message(|response| response.assertion().signing = Some(Signing::with(key)))
    };
    // Only the certificate that verified is held against the clock.
    signed_with(Key::Successor).is_accepted();
    signed_with(Key::Idp).fails_with("signature", &["signature-certificate-expired"]);
    signed_with(Key::Other).fails_with("signature", &["signature-wrong-key"]);
}

#[test]
fn a_renewed_certificate_of_the_same_key_beside_the_expired_one_passes() {
    configured(&[keys::expired(), Key::Idp.certificate()]).is_accepted();
    configured(&[Key::Idp.certificate(), keys::expired()]).is_accepted();
}
