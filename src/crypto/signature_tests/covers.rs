//! Which keys count, what two signatures cover, and which bytes are believed (security rules 1, 2, 6 and 7).

use openssl::pkey::{PKey, Public};
use openssl::x509::X509;

use super::{SIGNATURE, in_signature, signed};
use crate::checks::fixture::{Case, findings};
use crate::config::{Expect, Source};
use crate::crypto::Signed;
use crate::crypto::certificate::Certificate;
use crate::report::Verdict;
use crate::support::assertion::Assertion;
use crate::support::keys::Key;
use crate::support::signature::{Digest, KeyInfo, Signing};
use crate::support::xml::replace_once;

fn trusting(case: Case, certificate: &X509) -> Case {
    let certificate = Certificate::from_der(&certificate.to_der().unwrap()).unwrap();
    let expect = Expect::new(certificate, Source::Option("--test"));
    case.config(|config| config.idp_certificates = vec![expect])
}

/// Signed with this key, and judged with its certificate.
fn with_key(key: Key, digest: Digest) -> Case {
    trusting(signed(Signing { digest, ..Signing::with(key) }), &key.certificate())
}

/// The usual message with the Response signed; the assertion as well, or not.
fn response_signed(assertion_too: bool) -> Case {
    Case::usual().message(|response| {
        response.signing = Some(Signing::with(Key::Idp));
        if !assertion_too {
            response.assertion().signing = None;
        }
    })
}

fn covers(case: &Case) -> Signed {
    match case.is_accepted().verdict() {
        Verdict::Accepted(view) => view.covers(),
        Verdict::Rejected(_) => unreachable!("it was accepted"),
    }
}

#[test]
fn rsa_keys_from_1024_bits_verify_and_short_ones_are_told() {
    let weak = with_key(Key::Weak, Digest::Sha256);
    weak.is_accepted();
    weak.finds("weak-key", "RSA 1024 bits", SIGNATURE);
    for key in [Key::Idp, Key::Strong] {
        let report = with_key(key, Digest::Sha256).is_accepted();
        assert_eq!(findings(&report), <[[String; 3]; 0]>::default());
    }
}

#[test]
fn an_rsa_key_below_1024_bits_is_refused_before_it_is_tried() {
    let rsa = openssl::rsa::Rsa::generate(768).unwrap();
    let small = PKey::from_rsa(rsa).unwrap();
    let mut builder = openssl::x509::X509Builder::new().unwrap();
    builder.set_pubkey(&small).unwrap();
    builder.set_not_before(&openssl::asn1::Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&openssl::asn1::Asn1Time::days_from_now(1).unwrap()).unwrap();
    builder.sign(&small, openssl::hash::MessageDigest::sha256()).unwrap();
    let case = trusting(Case::usual(), &builder.build());
    let expected = "an RSA key of at least 1024 bits";
    case.fails("signature", ["signature-key", expected, "RSA 768 bits", SIGNATURE]);
}

#[test]
fn ecdsa_verifies_on_every_curve() {
    for key in [Key::P256, Key::P384, Key::P521] {
        for digest in [Digest::Sha1, Digest::Sha256, Digest::Sha384, Digest::Sha512] {
            let case = with_key(key, digest);
            let text = case.xml();
            case.altered(|_| text).is_accepted();
        }
    }
}

#[test]
fn a_key_of_another_kind_is_never_tried() {
    let case = trusting(Case::usual(), &Key::P256.certificate());
    let expected = "an RSA key of at least 1024 bits";
    let told = case.told("signature");
    assert_eq!(told[0][..2], ["signature-key", expected].map(str::to_owned));
    assert!(!case.report().is_accepted());
    let case = trusting(signed(Signing::with(Key::P256)), &Key::Idp.certificate());
    case.fails("signature", ["signature-key", "an EC key", "RSA 2048 bits", SIGNATURE]);
}

#[test]
fn another_certificate_in_key_info_is_told_and_not_trusted() {
    let signing = Signing {
        key_info: KeyInfo::Certificate(Key::Other.certificate()),
        ..Signing::with(Key::Idp)
    };
    let case = signed(signing);
    let report = case.is_accepted();
    assert_eq!(report.signatures().key_info_matches(), Some(false));
    case.finds("keyinfo-mismatch", "assertion", SIGNATURE);
    assert_eq!(Case::usual().is_accepted().signatures().key_info_matches(), Some(true));
}

#[test]
fn the_configured_certificate_in_key_info_gives_another_key_no_right() {
    let ours = KeyInfo::Certificate(Key::Idp.certificate());
    let case = signed(Signing { key_info: ours, ..Signing::with(Key::Other) });
    case.fails_with("signature", &["signature-value"]);
}

#[test]
fn key_info_may_be_absent_or_say_anything() {
    let absent = signed(Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::Idp) });
    assert_eq!(absent.is_accepted().signatures().key_info_matches(), None);
    for markup in [
        "<ds:KeyName>idp</ds:KeyName>",
        "<ds:RetrievalMethod URI=\"file:///etc/passwd\"></ds:RetrievalMethod>",
        "<ds:KeyValue><ds:RSAKeyValue></ds:RSAKeyValue></ds:KeyValue>",
        "",
    ] {
        let key_info = KeyInfo::Raw(markup.to_owned());
        signed(Signing { key_info: key_info.clone(), ..Signing::with(Key::Idp) }).is_accepted();
        let foreign = signed(Signing { key_info, ..Signing::with(Key::Other) });
        foreign.fails_with("signature", &["signature-value"]);
    }
}

#[test]
fn a_certificate_in_key_info_that_cannot_be_read_is_told() {
    let markup = "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>";
    let case =
        signed(Signing { key_info: KeyInfo::Raw(markup.to_owned()), ..Signing::with(Key::Idp) });
    let findings = findings(&case.is_accepted());
    let codes: Vec<_> = findings.iter().map(|[code, ..]| code.as_str()).collect();
    assert_eq!(codes, ["keyinfo-unreadable", "keyinfo-mismatch"]);
}

#[test]
fn a_response_signature_covers_the_assertion_in_it() {
    let case = response_signed(false);
    assert_eq!(covers(&case), Signed::Response);
    case.finds("response-only", "", "/samlp:Response/ds:Signature");
}

#[test]
fn both_may_be_signed_and_then_both_must_hold() {
    assert_eq!(covers(&response_signed(true)), Signed::Response);
    assert_eq!(covers(&Case::usual()), Signed::Assertion);
    // The Response's own attributes are outside the assertion's signature and inside its own.
    let issued = "Version=\"2.0\"><saml:Issuer xmlns:saml";
    let broken = response_signed(true)
        .altered(|xml| replace_once(&xml, issued, &issued.replacen("><", "> <", 1)));
    let told = broken.told("signature");
    assert_eq!(told.len(), 1, "{told:?}");
    let digest = ["signature-digest", "the content that was digested", "other content"];
    assert_eq!(told[0], [digest[0], digest[1], digest[2], "/samlp:Response/ds:Signature"]);
    assert!(!broken.report().is_accepted() && !broken.report().is_signed());
}

#[test]
fn a_broken_assertion_signature_rejects_a_well_signed_response() {
    let case = Case::usual().message(|response| {
        response.assertion().signing = Some(Signing::with(Key::Other));
        response.signing = Some(Signing::with(Key::Idp));
    });
    case.fails_with("signature", &["signature-wrong-key"]);
    assert!(!case.report().is_signed());
}

#[test]
fn a_signed_response_without_an_assertion_signs_nobody_in() {
    let case = response_signed(false).message(|response| response.assertion = None);
    assert!(!case.report().is_accepted());
}

#[test]
fn places_of_a_signed_view_are_those_of_the_decoded_document() {
    // The attribute stands behind the Signature, which the digested octets do not hold.
    let wrong = |case: Case| {
        case.config(|config| config.entity_id = crate::checks::fixture::given("urn:other"))
    };
    let at =
        "/samlp:Response/saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience";
    for case in [Case::usual(), response_signed(true), response_signed(false)] {
        let told = wrong(case).told("audience");
        assert_eq!(told[0][3], at);
    }
    let bare = wrong(Case::usual().bare());
    assert_eq!(bare.told("audience")[0][3], at.replace("/samlp:Response", ""));
    assert!(bare.report().is_signed());
}

#[test]
fn what_is_wrapped_around_a_signed_assertion_is_not_believed() {
    let evil = Assertion { signing: None, ..Assertion::usual() };
    let evil = evil.xml().replace("zmueller@example.com", "admin@example.com");
    let usual = Case::usual().xml();
    let start = usual.find("<saml:Assertion ").unwrap();
    let end = usual.find("</samlp:Response>").unwrap();
    let (head, original) = (&usual[..start], &usual[start..end]);
    let other_id = evil.replacen("ID=\"_a7", "ID=\"_b7", 1);
    let inside = |outer: &str, inner: &str| {
        outer.replacen("</saml:Issuer>", &format!("</saml:Issuer>{inner}"), 1)
    };
    let signature = {
        let from = original.find("<ds:Signature ").unwrap();
        let until = original.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        &original[from..until]
    };
    let unsigned = original.replacen(signature, "", 1);
    let object = |content: &str| {
        signature.replacen(
            "</ds:Signature>",
            &format!("<ds:Object>{content}</ds:Object></ds:Signature>"),
            1,
        )
    };
    let shapes = [
        format!("{head}{evil}{original}</samlp:Response>"),
        format!("{head}{other_id}{original}</samlp:Response>"),
        format!("{head}{original}{other_id}</samlp:Response>"),
        format!("{head}{}</samlp:Response>", inside(&other_id, original)),
        format!("{head}{}</samlp:Response>", inside(&other_id, signature)),
        format!("{head}{}</samlp:Response>", inside(&other_id, &object(&unsigned))),
        format!("{head}{}</samlp:Response>", inside(&evil, &object(&unsigned))),
        format!("{head}<x>{original}</x>{other_id}</samlp:Response>"),
        format!("{head}<samlp:Extensions>{original}</samlp:Extensions>{other_id}</samlp:Response>"),
        format!("{head}{signature}{other_id}</samlp:Response>"),
    ];
    for shape in shapes {
        let report = Case::usual().altered(|_| shape.clone()).report();
        assert!(!report.is_accepted(), "{shape}");
        assert_eq!(report.exit_code(), 1, "{shape}");
    }
}

#[test]
fn text_that_is_inserted_by_a_comment_is_signed_away_and_never_cuts_a_value() {
    // Canonicalisation drops comments: the signature holds, and so must the whole value.
    let case = Case::usual().altered(|xml| {
        replace_once(&xml, ">zmueller@example.com<", ">zmueller@<!---->example.com<")
    });
    assert_eq!(case.is_accepted().subject(), Some("zmueller@example.com"));
    let at = "/samlp:Response/saml:Assertion/saml:Subject/saml:NameID/comment()";
    case.finds("comment-in-value", "zmueller@<!---->example.com", at);
}

#[test]
fn a_signature_elsewhere_is_not_read_but_told() {
    let case = Case::usual();
    let xml = case.xml();
    let from = xml.find("<ds:Signature ").unwrap();
    let until = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let moved = replace_once(
        &xml,
        "<samlp:Status>",
        &format!("<samlp:Extensions>{}</samlp:Extensions><samlp:Status>", &xml[from..until]),
    );
    let case = case.altered(|_| moved);
    case.is_accepted();
    let at = "/samlp:Response/samlp:Extensions/ds:Signature";
    case.finds("signature-elsewhere", at, at);
    let only = in_signature(case, "x", "x").altered(|xml| {
        let from = xml.rfind("<ds:Signature ").unwrap();
        let until = xml.rfind("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        format!("{}{}", &xml[..from], &xml[until..])
    });
    only.fails_with("signature", &["signature-missing"]);
}

#[test]
fn the_public_key_of_a_certificate_is_what_verifies_not_its_subject() {
    let look_alike = crate::support::keys::certificate(
        Key::Other,
        "idp.example.com",
        0x1D9_2024,
        "240101000000Z",
        "331231235959Z",
    );
    let _: PKey<Public> = look_alike.public_key().unwrap();
    trusting(Case::usual(), &look_alike).fails_with("signature", &["signature-wrong-key"]);
}
