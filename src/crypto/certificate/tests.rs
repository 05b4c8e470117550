//! Certificates made for the purpose: every way to write them, every oddity that was met.

use openssl::asn1::Asn1Integer;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::pkey::Private;
use openssl::rsa::Rsa;
use openssl::x509::{X509Builder, X509Name};

use super::*;

fn rsa() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap()
}

/// A self-signed certificate in DER.
fn made(subject: &[(&str, &str)], serial: u32, not_after: &str, key: &PKey<Private>) -> Vec<u8> {
    let mut name = X509Name::builder().unwrap();
    for (kind, value) in subject {
        name.append_entry_by_text(kind, value).unwrap();
    }
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    let serial = BigNum::from_u32(serial).unwrap();
    builder.set_serial_number(&Asn1Integer::from_bn(&serial).unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_not_before(&Asn1Time::from_str("20240101000000Z").unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_str(not_after).unwrap()).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build().to_der().unwrap()
}

fn simple() -> Vec<u8> {
    made(&[("CN", "idp"), ("O", "Example Corp")], 0x2c06, "20331229000000Z", &rsa())
}

fn pem(der: &[u8]) -> String {
    String::from_utf8(X509::from_der(der).unwrap().to_pem().unwrap()).unwrap()
}

#[test]
fn a_certificate_is_taken_apart_for_a_person() {
    let der = simple();
    let certificate = Certificate::from_der(&der).unwrap();
    assert_eq!(certificate.subject(), "CN=idp, O=Example Corp");
    assert_eq!(certificate.issuer(), certificate.subject());
    assert_eq!(certificate.serial(), "2C:06");
    assert_eq!(certificate.not_before().to_string(), "2024-01-01T00:00:00Z");
    assert_eq!(certificate.not_after().to_string(), "2033-12-29T00:00:00Z");
    assert_eq!(certificate.key().to_string(), "RSA 1024 bits");
    let digest = hash(MessageDigest::sha256(), &der).unwrap();
    assert_eq!(certificate.sha256(), colon_hex(&digest));
    assert_eq!(certificate.sha256().len(), 32 * 3 - 1);
    assert_eq!(certificate.der(), der);
}

#[test]
fn every_way_to_write_a_certificate_gives_the_same_one() {
    let der = simple();
    let expected = [Certificate::from_der(&der).unwrap()];
    let pem = pem(&der);
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let spaced: String = body.chars().flat_map(|c| [c, '\n', '\t']).collect();
    let ways = [
        pem.clone(),
        pem.replace('\n', "\r\n"),
        format!("Bag Attributes: idp\n{pem}\nfriendlyName"),
        pem.replace('\n', " "),
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----"),
        format!("\u{feff}{body}"),
        format!("\n  {spaced}  "),
        body.trim_end_matches('=').to_owned(),
    ];
    for way in ways {
        assert_eq!(Certificate::parse(way.as_bytes()).unwrap(), expected, "{way}");
    }
    assert_eq!(Certificate::parse(&der).unwrap(), expected);
}

#[test]
fn several_pem_blocks_give_several_certificates_and_a_key_between_them_is_passed_over() {
    let (one, two) = (simple(), simple());
    let key = String::from_utf8(rsa().private_key_to_pem_pkcs8().unwrap()).unwrap();
    let text = format!("{}{key}{}", pem(&one), pem(&two));
    let ders: Vec<_> = Certificate::parse(text.as_bytes()).unwrap();
    assert_eq!(ders.iter().map(Certificate::der).collect::<Vec<_>>(), [&one, &two]);
    let alone = Certificate::parse(key.as_bytes());
    assert_eq!(alone, Err(CertificateError::OtherPem("PRIVATE KEY".to_owned())));
}

#[test]
fn what_is_no_certificate_is_an_error_and_never_a_panic() {
    let der = simple();
    let pem = pem(&der);
    let trailing = [der.as_slice(), b"x"].concat();
    assert_eq!(Certificate::parse(&trailing), Err(CertificateError::TrailingData(1)));
    let twice = [der.as_slice(), &der].concat();
    assert_eq!(Certificate::parse(&twice), Err(CertificateError::TrailingData(der.len())));
    assert_eq!(Certificate::parse(b" \r\n"), Err(CertificateError::Empty));
    assert_eq!(Certificate::parse(b"<xml/>"), Err(CertificateError::Encoding));
    assert_eq!(Certificate::parse(b"\xff\xfe"), Err(CertificateError::Encoding));
    let cut = pem.split_at(pem.len() / 2).0;
    assert_eq!(Certificate::parse(cut.as_bytes()), Err(CertificateError::Pem));
    for length in 0..der.len() {
        assert!(Certificate::from_der(&der[..length]).is_err(), "{length}");
    }
    for header in [&[0x30, 0x80][..], &[0x30, 0x85, 1, 1, 1, 1, 1], &[0x30, 0x84, 0xff], &[0x30]] {
        assert!(matches!(Certificate::from_der(header), Err(CertificateError::Der(_))));
    }
}

#[test]
fn a_certificate_with_any_octet_changed_parses_or_is_an_error() {
    let der = simple();
    for position in 0..der.len() {
        for bit in [0x01, 0x80] {
            let mut changed = der.clone();
            changed[position] ^= bit;
            let found = Certificate::from_der(&changed);
            assert!(found.is_err() || found.unwrap().der() == changed);
        }
    }
}

#[test]
fn serial_zero_and_no_expiry_are_accepted() {
    let der = made(&[("CN", "idp")], 0, "99991231235959Z", &rsa());
    let certificate = Certificate::from_der(&der).unwrap();
    assert_eq!(certificate.serial(), "00");
    assert_eq!(certificate.not_after(), Timestamp::MAX);
}

#[test]
fn names_are_escaped_so_that_no_value_looks_like_two() {
    let subject = [("CN", "a, O=b"), ("OU", "#1 \u{1b}[0m"), ("O", " ü;\\ ")];
    let der = made(&subject, 1, "20331229000000Z", &rsa());
    let certificate = Certificate::from_der(&der).unwrap();
    let expected = "CN=a\\, O=b, OU=\\#1 \\1B[0m, O=\\ ü\\;\\\\\\ ";
    assert_eq!(certificate.subject(), expected);
}

#[test]
fn keys_are_described_by_kind_and_size() {
    let group = EcGroup::from_curve_name(Nid::SECP384R1).unwrap();
    let ec = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let certificate =
        Certificate::from_der(&made(&[("CN", "idp")], 1, "20331229000000Z", &ec)).unwrap();
    assert_eq!(certificate.key().to_string(), "EC P-384, 384 bits");
    let other = PKey::generate_ed25519().unwrap().public_key_to_der().unwrap();
    let other = KeyDescription::of(&PKey::public_key_from_der(&other).unwrap());
    assert_eq!(other, KeyDescription::Other("ED25519".to_owned()));
}
