//! Certificates that are out of date, about to be, or too large; and those that are in order.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509, X509Builder};

use crate::checks::fixture::{Case, given};
use crate::config::Expect;
use crate::crypto::certificate::Certificate;
use crate::support::keys::{self, Key};

/// The usual message, held against these certificates.
fn configured(certificates: &[X509]) -> Case {
    Case::usual().config(|config| {
        let source = given("").source().clone();
        let read = |x509: &X509| Certificate::parse(&x509.to_pem().unwrap()).unwrap();
        let all = certificates.iter().flat_map(read);
        config.idp_certificates = all.map(|one| Expect::new(one, source.clone())).collect();
    })
}

/// Of the toy's key, valid from the beginning of one day, `240101`, to that of another.
fn of_the_key(not_before: &str, not_after: &str) -> X509 {
    let until = format!("{not_after}000000Z");
    keys::certificate(Key::Idp, "idp.example.com", 7, &format!("{not_before}000000Z"), &until)
}

/// With so many names in it that it does not fit into 4 KB.
fn large() -> X509 {
    let key = Key::Idp.private();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(9).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(Key::Idp.certificate().subject_name()).unwrap();
    builder.set_issuer_name(Key::Idp.certificate().subject_name()).unwrap();
    builder.set_not_before(&Asn1Time::from_str("240101000000Z").unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_str("331231235959Z").unwrap()).unwrap();
    builder.set_pubkey(&key).unwrap();
    let mut names = SubjectAlternativeName::new();
    for number in 0..200 {
        names.dns(&format!("host-{number}.idp.example.com"));
    }
    let names = names.build(&builder.x509v3_context(None, None)).unwrap();
    builder.append_extension(names).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    builder.build()
}

/// Each diagnosis: its code, what it explains, and the first piece of its evidence.
fn told(case: &Case) -> Vec<(&'static str, String, String)> {
    let report = case.report();
    let tell = |diagnosis: &crate::diagnosis::Diagnosis| {
        let value = diagnosis.evidence.first().unwrap().values.join(" ");
        (diagnosis.cause.code, diagnosis.explains.join(" "), value)
    };
    report.diagnoses().iter().map(tell).collect()
}

fn only(case: &Case, code: &str, explains: &str, value: &str) {
    let told = told(case);
    let [(found, of, first)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((*found, of.as_str(), first.as_str()), (code, explains, value));
}

#[test]
fn one_that_has_expired_explains_the_refusal() {
    let case = configured(&[keys::expired()]);
    let code = "configured-certificate-expired";
    only(&case, code, "signature", "2025-12-31T23:59:59Z");
    assert!(!case.report().is_accepted());
}

#[test]
fn one_that_is_not_valid_yet_explains_the_refusal() {
    let case = configured(&[keys::not_yet_valid()]);
    let code = "configured-certificate-not-yet-valid";
    only(&case, code, "signature", "2026-02-01T00:00:00Z");
    assert!(!case.report().is_accepted());
}

#[test]
fn one_that_expires_within_30_days_is_told_of_an_accepted_message() {
    let code = "configured-certificate-expires-soon";
    let case = configured(&[of_the_key("240101", "260214")]);
    case.is_accepted();
    only(&case, code, "", "2026-02-14T00:00:00Z");
    let later = configured(&[of_the_key("240101", "260215")]);
    later.is_accepted();
    assert_eq!(told(&later), []);
}

#[test]
fn one_over_4_kb_is_told_of_an_accepted_message() {
    let large = large();
    let size = large.to_der().unwrap().len();
    assert!(size > 4096, "{size}");
    let case = configured(std::slice::from_ref(&large));
    case.is_accepted();
    let code = "configured-certificate-over-4-kb";
    only(&case, code, "", &format!("{size} bytes"));
    // It cannot be uploaded whether it is used or not.
    let beside = configured(&[Key::Idp.certificate(), large]);
    only(&beside, code, "", &format!("{size} bytes"));
}

#[test]
fn an_old_one_beside_its_successor_is_in_order() {
    let renewed = of_the_key("260101", "330101");
    for both in [[keys::expired(), renewed.clone()], [renewed, keys::expired()]] {
        let case = configured(&both);
        case.is_accepted();
        assert_eq!(told(&case), []);
    }
    let ends_soon = of_the_key("240101", "260201");
    let prepared = configured(&[ends_soon, Key::Successor.certificate()]);
    prepared.is_accepted();
    assert_eq!(told(&prepared), []);
}

#[test]
fn one_that_begins_within_the_skew_is_in_order() {
    let x509 = keys::certificate(Key::Idp, "idp", 7, "260115100200Z", "330101000000Z");
    let case = configured(&[x509]);
    case.is_accepted();
    assert_eq!(told(&case), []);
}

#[test]
fn one_that_expired_and_never_verified_is_told_beside_the_cause() {
    let case = configured(&[keys::expired()]);
    let case = case.altered(|xml| xml.replace(">zmueller@", ">admin@"));
    let codes: Vec<_> = told(&case).into_iter().map(|(code, ..)| code).collect();
    assert_eq!(codes, ["altered-after-signing", "configured-certificate-expired"]);
}
