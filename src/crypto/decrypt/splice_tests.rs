//! What plaintext may be, what it means in its place, and that digested octets must open to the same.

use super::tests::{PROTOCOL_NS, SAML_NS, assertion, fault, opened, opens, own, plain, response};
use super::*;
use crate::support::encryption::{DSIG, Recipe};

#[test]
fn plaintext_is_exactly_one_assertion() {
    let whole = assertion("x");
    let (spaced, other) =
        (format!(" \r\n\t{whole}\n"), assertion("").replace("Assertion", "Advice"));
    assert!(opens(&Recipe::usual().encrypt(&spaced)));
    let cases = [
        String::new(),
        "   ".to_owned(),
        "text".to_owned(),
        format!("{whole}{whole}"),
        format!("{whole}text"),
        format!("<!-- -->{whole}"),
        format!("{whole}<?x y?>"),
        format!("<?xml version=\"1.0\"?>{whole}"),
        format!("<!DOCTYPE x>{whole}"),
        format!("\u{feff}{whole}"),
        format!("{whole}</plaintext><plaintext>{whole}"),
        format!("</samlp:Response>{whole}<samlp:Response>"),
        other,
        whole.replace(SAML_NS, "xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\""),
        whole.replace("</saml:Assertion>", ""),
        whole.replace('x', "&undefined;"),
        whole.replace("ID=", "a:ID="),
    ];
    for case in &cases {
        assert!(fault(&Recipe::usual().encrypt(case)).is_some(), "{case}");
    }
    let latin =
        [&whole.as_bytes()[..whole.len() - 18], b"\xE9", &whole.as_bytes()[whole.len() - 17..]];
    let latin = Recipe::usual().encrypt_octets(&latin.concat());
    assert_eq!(fault(&latin), Some(Fault::Plaintext("not UTF-8")));
}

#[test]
fn a_second_layer_is_refused() {
    for part in ["EncryptedID", "EncryptedAttribute", "EncryptedAssertion"] {
        let inner = Recipe { part, ..Recipe::usual() }.encrypt("<saml:NameID>jdoe</saml:NameID>");
        let opened = opened(&Recipe::usual().encrypt(&assertion(&inner)));
        assert!(opened.document().is_none());
        assert_eq!(opened.undecrypted()[0].error, DecryptError::Nested, "{part}");
    }
}

#[test]
fn prefixes_that_are_bound_outside_keep_their_meaning() {
    let bare = "<saml:Assertion ID=\"_a\" a:b=\"xs:string\">x</saml:Assertion>";
    let encrypted = Recipe::usual().encrypt(bare);
    let with =
        encrypted.replace("<saml:EncryptedAssertion", "<saml:EncryptedAssertion xmlns:a=\"urn:a\"");
    let opened = opened(&with);
    let document = opened.document().unwrap();
    let found = document.element(1).unwrap();
    assert!(found.is(ASSERTION, "Assertion"));
    assert_eq!(found.attributes().last().unwrap().namespace(), "urn:a");
    // And nothing is declared that the plaintext does not use: it would change the inclusive canonical form.
    assert_eq!(found.namespace_declarations().count(), 2);
}

#[test]
fn the_default_namespace_is_that_of_the_encrypted_element() {
    let encrypted = Recipe::usual().encrypt("<Assertion ID=\"_a\"><Issuer>x</Issuer></Assertion>");
    let with = encrypted.replace(
        "<saml:EncryptedAssertion",
        &format!("<saml:EncryptedAssertion xmlns=\"{ASSERTION}\""),
    );
    let opened = opened(&with);
    let document = opened.document().unwrap();
    assert!(document.element(2).unwrap().is(ASSERTION, "Issuer"));
}

#[test]
fn an_encrypted_id_and_attributes_of_a_plain_assertion_are_decrypted() {
    let id = Recipe { part: "EncryptedID", ..Recipe::cbc() };
    let attribute = Recipe { part: "EncryptedAttribute", ..Recipe::usual() };
    let id = id.encrypt("<saml:NameID>jdoe</saml:NameID>");
    let one = attribute.encrypt(
        "<saml:Attribute Name=\"a\"><saml:AttributeValue>1</saml:AttributeValue></saml:Attribute>",
    );
    let wrong = attribute.encrypt("<saml:NameID>jdoe</saml:NameID>");
    let document = response(&plain(&id, &format!("{wrong}{one}")));
    let opened = open(&document, &[&own()], &Limits::default());
    let parts: Vec<_> = opened.decrypted().iter().map(|found| found.part).collect();
    assert_eq!(parts, [EncryptedPart::NameId, EncryptedPart::Attribute]);
    let after = opened.document().unwrap();
    let name = |place: Place| after.element(place.0).unwrap().local_name();
    assert_eq!(
        opened.decrypted().iter().map(|d| name(d.at)).collect::<Vec<_>>(),
        ["NameID", "Attribute"]
    );
    assert_eq!(name(opened.undecrypted()[0].at), "EncryptedAttribute");
    for element in document.elements() {
        let place = opened.place(Place(element.ordinal()));
        let moved = after.element(place.0).unwrap();
        let replaced = moved.local_name() == "NameID" || moved.local_name() == "Attribute";
        assert!(replaced || moved.name() == element.name(), "{}", element.xpath());
    }
    let codes: Vec<_> = opened.findings().iter().map(|finding| finding.code.id).collect();
    assert_eq!(codes, ["encrypted-part", "weak-cbc"]);
}

/// A parse of octets as exclusive canonicalisation would leave them: declarations that nothing visible uses are gone.
fn canonical(text: &str, dropped: &str) -> Document {
    assert!(text.contains(dropped));
    Document::parse(text.replace(dropped, ""), &Limits::default()).unwrap()
}

#[test]
fn digested_octets_are_decrypted_again_and_must_agree() {
    let limits = Limits::default();
    let bare = "<saml:Assertion ID=\"_a\" xsi:type=\"x\">x</saml:Assertion>";
    let xsi = " xmlns:xsi=\"urn:xsi\"";
    let encrypted = Recipe::usual().encrypt(bare);
    let text = format!("<samlp:Response {PROTOCOL_NS}{xsi} ID=\"_r\">{encrypted}</samlp:Response>");
    let sent = Document::parse(text.clone(), &limits).unwrap();
    let opened = open(&sent, &[&own()], &limits);
    let again = opened.reopen(canonical(&text, xsi), &limits).unwrap();
    assert!(again.element(1).unwrap().is(ASSERTION, "Assertion"));
    // Other ciphertext, fewer or more encrypted elements: not what was read.
    let other = Recipe::usual().encrypt(&bare.replace(">x<", ">y<"));
    let other = Document::parse(text.replace(&encrypted, &other), &limits).unwrap();
    assert!(open(&other, &[&own()], &limits).document().is_some(), "as good by itself");
    assert!(opened.reopen(other, &limits).is_none());
    let none = text.replace(&encrypted, "");
    assert!(opened.reopen(Document::parse(none, &limits).unwrap(), &limits).is_none());
}

#[test]
fn no_unsigned_attribute_says_what_a_saml_element_is() {
    let limits = Limits::default();
    let bare = "<a:Assertion ID=\"_a\">x</a:Assertion>";
    let declaration = format!(" xmlns:a=\"{ASSERTION}\"");
    let encrypted = Recipe::usual().encrypt(bare);
    let text = format!(
        "<samlp:Response {PROTOCOL_NS}{declaration} ID=\"_r\">{encrypted}</samlp:Response>"
    );
    let sent = Document::parse(text.clone(), &limits).unwrap();
    let opened = open(&sent, &[&own()], &limits);
    assert!(opened.document().is_some());
    assert!(opened.reopen(canonical(&text, &declaration), &limits).is_none());
}

#[test]
fn what_is_no_message_is_left_alone() {
    let encrypted = Recipe::usual().encrypt(&assertion("x"));
    let elsewhere = format!("<samlp:Extensions {PROTOCOL_NS}>{encrypted}</samlp:Extensions>");
    for text in [encrypted, elsewhere, format!("<ds:Object xmlns:ds=\"{DSIG}\"/>")] {
        let document = Document::parse(text, &Limits::default()).unwrap();
        assert!(!open(&document, &[&own()], &Limits::default()).is_needed());
    }
}
