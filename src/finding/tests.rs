//! Every kind of finding is made by a message, and none of them by a message in order.

use std::collections::BTreeSet;

use super::*;
use crate::checks::fixture::{Case, findings, given};
use crate::config::{DecryptionKey, Expect, Source};
use crate::crypto::certificate::Certificate;
use crate::support::assertion::Attribute;
use crate::support::encryption::{Recipe, own_key};
use crate::support::keys::{self, Key};
use crate::support::response::ENTITY_ID;
use crate::support::signature::{Digest, KeyInfo, Signing};
use crate::support::xml::{replace_first, replace_once};

const SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// A kind, and a message that shows it.
type Row = (&'static FindingCode, Case);

fn altered(from: &'static str, to: &str) -> Case {
    let to = to.to_owned();
    Case::usual().altered(move |xml| replace_first(&xml, from, &to))
}

fn signed(signing: Signing) -> Case {
    Case::usual().message(|response| response.assertion().signing = Some(signing))
}

fn configured(x509: &openssl::x509::X509) -> Case {
    let certificate = Certificate::from_der(&x509.to_der().unwrap()).unwrap();
    let expect = Expect::new(certificate, Source::Option("--test"));
    Case::usual().config(|config| config.idp_certificates = vec![expect])
}

fn key_info(markup: &str) -> Case {
    signed(Signing { key_info: KeyInfo::Raw(markup.to_owned()), ..Signing::with(Key::Idp) })
}

/// The usual assertion as an attacker rewrites it: another ID, no Signature.
pub(crate) fn forged(xml: &str) -> String {
    let assertion = assertion(xml);
    let from = assertion.find("<ds:Signature ").unwrap();
    let until = assertion.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let unsigned = format!("{}{}", &assertion[..from], &assertion[until..]);
    let unsigned = replace_first(&unsigned, "_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c", "_forged");
    replace_once(&unsigned, ">zmueller@example.com<", ">admin@example.com<")
}

/// The assertion of a message, as it is written.
pub(crate) fn assertion(xml: &str) -> String {
    let from = xml.find("<saml:Assertion ").unwrap();
    let until = xml.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    xml[from..until].to_owned()
}

fn encrypted(recipe: &str) -> Case {
    let method = format!("http://www.w3.org/2001/04/xmlenc#{recipe}");
    let markup = format!(
        "<saml:EncryptedAssertion xmlns:saml=\"{ASSERTION}\"><x:EncryptedData xmlns:x=\"{XENC}\">\
         <x:EncryptionMethod Algorithm=\"{method}\"/></x:EncryptedData></saml:EncryptedAssertion>",
        ASSERTION = crate::saml::ASSERTION,
        XENC = crate::saml::XENC,
    );
    Case::usual().message(|response| {
        response.assertion = None;
        response.after_assertion = markup;
    })
}

fn encrypted_id() -> Case {
    let mut recipe = Recipe::usual();
    recipe.part = "EncryptedID";
    let name_id = format!(
        "<saml:NameID xmlns:saml=\"{}\">zmueller@example.com</saml:NameID>",
        crate::saml::ASSERTION
    );
    let encrypted = recipe.encrypt(&name_id);
    let pem = own_key().private_key_to_pem_pkcs8().unwrap();
    let file = |_: &std::path::Path| Ok(pem.clone());
    let key = DecryptionKey::named(&given("sp.key"), &file).unwrap();
    Case::usual()
        .altered(|xml| {
            let from = xml.find("<saml:NameID").unwrap();
            let until = xml.find("</saml:NameID>").unwrap() + "</saml:NameID>".len();
            format!("{}{encrypted}{}", &xml[..from], &xml[until..])
        })
        .config(|config| config.decryption_keys = vec![key])
}

fn large() -> Case {
    let names: String = "x".repeat(60);
    let mut builder = openssl::x509::X509NameBuilder::new().unwrap();
    for _ in 0..80 {
        builder.append_entry_by_text("OU", &names).unwrap();
    }
    configured(&with_name(&builder.build(), &Key::Idp.private()))
}

fn small_exponent() -> Case {
    let three = openssl::bn::BigNum::from_u32(3).unwrap();
    let rsa = openssl::rsa::Rsa::generate_with_e(2048, &three).unwrap();
    let key = openssl::pkey::PKey::from_rsa(rsa).unwrap();
    let name = openssl::x509::X509NameBuilder::new().unwrap().build();
    configured(&with_name(&name, &key))
}

fn with_name(
    name: &openssl::x509::X509NameRef,
    key: &openssl::pkey::PKey<openssl::pkey::Private>,
) -> openssl::x509::X509 {
    let mut builder = openssl::x509::X509Builder::new().unwrap();
    builder.set_subject_name(name).unwrap();
    builder.set_issuer_name(name).unwrap();
    let day = |text| openssl::asn1::Asn1Time::from_str(text).unwrap();
    builder.set_not_before(&day("240101000000Z")).unwrap();
    builder.set_not_after(&day("331231235959Z")).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.sign(key, openssl::hash::MessageDigest::sha256()).unwrap();
    builder.build()
}

fn format_rows() -> Vec<Row> {
    let status = "</samlp:Status>";
    let extended = |what: &str| format!("<samlp:Extensions>{what}</samlp:Extensions>");
    let other = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    let beside = |between: fn(&str) -> String| {
        Case::usual().altered(move |xml| {
            let status = "</samlp:Status>";
            replace_once(&xml, status, &format!("{status}{}", between(&xml)))
        })
    };
    vec![
        (&DOCTYPE, Case::usual().altered(|xml| format!("<!DOCTYPE x>{xml}"))),
        (&COMMENT_IN_VALUE, altered(">zmueller@example.com<", ">zmueller<!---->@example.com<")),
        (&INSTRUCTION_IN_VALUE, altered(">zmueller@example.com<", ">zmueller<?x?>@example.com<")),
        (&COMMENT_BETWEEN, altered(status, "<!-- made by a template --></samlp:Status>")),
        (&INSTRUCTION_BETWEEN, altered(status, "<?x y?></samlp:Status>")),
        (&UNSIGNED_ASSERTION, beside(forged)),
        (&ASSERTION_ELSEWHERE, beside(|xml| format!("<x>{}</x>", forged(xml)))),
        (&SECOND_ASSERTION, beside(|xml| assertion(xml).replace("_a7f0", "_b8a1"))),
        (
            &NAME_ID_ELSEWHERE,
            altered(status, &format!("{status}{}", extended("<NameID>x</NameID>"))),
        ),
        (&SIGNATURE_ELSEWHERE, altered(status, &format!("{status}{}", extended(other)))),
        (
            &DUPLICATE_ID,
            altered(status, &format!("{status}{}", extended("<x ID=\"_1\"/><x Id=\"_1\"/>"))),
        ),
        (&LOOK_ALIKE_ID, altered("<saml:Assertion ", "<saml:Assertion Id=\"_x\" ")),
        (&WHITESPACE_TRIMMED, altered(">zmueller@example.com<", ">\n zmueller@example.com<")),
        (&TIME_WITHOUT_ZONE, altered("2026-01-15T10:05:00Z", "2026-01-15T10:05:00")),
        (
            &IN_RESPONSE_TO_DIFFERS,
            Case::usual().message(|r| r.in_response_to = Some("_o".to_owned())),
        ),
        (&ENCRYPTED_PART, encrypted_id()),
        (
            &ORGANIZATION_WITHOUT_PORTAL,
            Case::usual().message(|r| {
                r.assertion().attributes.push(Attribute::new("organization_id", &[ENTITY_ID]));
            }),
        ),
    ]
}

fn signature_rows() -> Vec<Row> {
    let ends = "</ds:Signature>";
    let object = "<ds:Object>hidden</ds:Object></ds:Signature>";
    let reference = "URI=\"#_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c\"";
    let hmac = "http://www.w3.org/2000/09/xmldsig#hmac-sha1";
    let md5 = "http://www.w3.org/2001/04/xmldsig-more#rsa-md5";
    let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    let retrieval = "<ds:RetrievalMethod URI=\"https://mallory.example/key\"></ds:RetrievalMethod>";
    let exclusive = "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#";
    let carried = |x509| KeyInfo::Certificate(x509);
    let unreadable = "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>";
    vec![
        (
            &WRAPPING,
            Case::usual().altered(|xml| {
                replace_once(&xml, "<saml:Assertion ", &format!("{}<saml:Assertion ", forged(&xml)))
            }),
        ),
        (
            &REFERENCE_ELSEWHERE,
            altered(reference, "URI=\"#_r51d0c7e2f6b94a38917e5c3d20f8ab46e19c7d05\""),
        ),
        (&EXTERNAL_REFERENCE, altered(reference, "URI=\"https://mallory.example/\"")),
        (&FOREIGN_IN_SIGNATURE, altered(ends, object)),
        (&COMMENT_IN_SIGNATURE, altered("</ds:DigestValue>", "<!----></ds:DigestValue>")),
        (&ATTRIBUTE_IN_SIGNATURE, altered("<ds:SignedInfo>", "<ds:SignedInfo x=\"1\">")),
        (&FOREIGN_TRANSFORM, altered(ENVELOPED, xpath)),
        (&RETRIEVAL_METHOD, key_info(retrieval)),
        (&HMAC, altered(SHA256, hmac)),
        (&MD5, altered(SHA256, md5)),
        (&UNKNOWN_ALGORITHM, altered(SHA256, "urn:none")),
        (&COMMENTS_SIGNED, altered(exclusive, &format!("{exclusive}WithComments"))),
        (&SHA1, signed(Signing { digest: Digest::Sha1, ..Signing::with(Key::Idp) })),
        (
            &UNDOCUMENTED_ALGORITHM,
            signed(Signing { digest: Digest::Sha512, ..Signing::with(Key::Idp) }),
        ),
        (
            &WHOLE_DOCUMENT_REFERENCE,
            Case::usual().message(|r| {
                let empty = |info: String| {
                    let from = info.find("URI=\"").unwrap() + "URI=\"".len();
                    let until = from + info[from..].find('"').unwrap();
                    format!("{}{}", &info[..from], &info[until..])
                };
                let signing = Signing {
                    edit_signed_info: std::rc::Rc::new(empty),
                    ..Signing::with(Key::Idp)
                };
                r.signing = Some(signing);
            }),
        ),
        (&WEAK_KEY, configured(&Key::Weak.certificate())),
        (&WEAK_EXPONENT, small_exponent()),
        (&WEAK_RSA15, encrypted("rsa-1_5")),
        (&WEAK_CBC, encrypted("aes256-cbc")),
        (&WEAK_TRIPLE_DES, encrypted("tripledes-cbc")),
        (&CERTIFICATE_EXPIRED, configured(&keys::expired())),
        (&CERTIFICATE_NOT_YET_VALID, configured(&keys::not_yet_valid())),
        (
            &KEYINFO_MISMATCH,
            signed(Signing {
                key_info: carried(Key::Other.certificate()),
                ..Signing::with(Key::Idp)
            }),
        ),
        (&KEYINFO_UNREADABLE, key_info(unreadable)),
        (
            &KEYINFO_EXPIRED,
            signed(Signing { key_info: carried(keys::expired()), ..Signing::with(Key::Idp) }),
        ),
        (
            &KEYINFO_NOT_YET_VALID,
            signed(Signing { key_info: carried(keys::not_yet_valid()), ..Signing::with(Key::Idp) }),
        ),
        (
            &RESPONSE_ONLY,
            Case::usual().message(|r| {
                r.assertion().signing = None;
                r.signing = Some(Signing::with(Key::Idp));
            }),
        ),
        (&CERTIFICATE_TOO_LARGE, large()),
    ]
}

#[test]
fn every_kind_is_made_by_some_message_with_its_line_and_path() {
    let rows: Vec<Row> = format_rows().into_iter().chain(signature_rows()).collect();
    let covered: BTreeSet<&str> = rows.iter().map(|(code, _)| code.id).collect();
    let all: BTreeSet<&str> = ALL.iter().map(|code| code.id).collect();
    assert_eq!(covered, all);
    for (code, case) in rows {
        let report = case.report();
        let found = report.findings().iter().find(|finding| finding.code == code);
        let found = found.unwrap_or_else(|| panic!("no {}: {:?}", code.id, findings(&report)));
        let place = report.site(found.at).unwrap();
        assert!(place.line >= 1 && place.xpath.starts_with('/'), "{}: {place:?}", code.id);
    }
}

#[test]
fn a_message_in_order_tells_nothing() {
    let both =
        |r: &mut crate::support::response::Response| r.signing = Some(Signing::with(Key::Idp));
    let cases = [Case::usual(), Case::usual().message(both), Case::usual().bare()];
    for case in cases {
        assert_eq!(findings(&case.is_accepted()), <[[String; 3]; 0]>::default());
    }
}

#[test]
fn a_site_between_elements_has_its_own_line() {
    let case = altered(">zmueller@example.com<", ">zmueller\n\n<!---->@example.com<");
    let report = case.report();
    let found = report.findings().iter().find(|finding| finding.code == &COMMENT_IN_VALUE).unwrap();
    let place = report.site(found.at).unwrap();
    assert_eq!(place.line, 3);
    assert!(place.xpath.ends_with("/saml:NameID/comment()"), "{}", place.xpath);
}

#[test]
fn of_each_kind_a_bounded_number_is_kept() {
    for (code, markup) in [
        (&NAME_ID_ELSEWHERE, "<NameID>x</NameID>"),
        (&SIGNATURE_ELSEWHERE, "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>"),
        (&COMMENT_BETWEEN, "<x><!----></x>"),
    ] {
        let many = markup.repeat(1000);
        let report = altered("</samlp:Status>", &format!("</samlp:Status>{many}")).report();
        let kept = report.findings().iter().filter(|finding| finding.code == code);
        assert_eq!(kept.count(), MOST, "{}", code.id);
    }
}
