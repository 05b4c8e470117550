//! What an attacker makes: forged assertions, and signatures by keys of their own.

use openssl::bn::BigNum;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::{HasPublic, PKey, PKeyRef, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};
use samlcheck::limits::Limits;
use samlcheck::saml::DSIG;
use samlcheck::xml::{Document, Element};

use super::canonical::canonical;
use super::subject::{Subject, assertion, response, signature};
use super::surgery::Edit;
use crate::support::encode::base64;
use crate::support::keys::Key;
use crate::support::signature::Signing;

/// The ID that forged elements carry.
pub(super) const FORGED_ID: &str = "_forged-by-mallory";

pub(super) fn parse(text: &str) -> Document {
    Document::parse(text.to_owned(), &Limits::default()).unwrap()
}

/// An attribute that an element certainly carries.
fn written<'d>(element: Element<'d>, name: &str) -> &'d str {
    element.attribute(name).unwrap()
}

/// An assertion for the victim, with an ID of its own and no signature.
pub(super) fn forged(s: &Subject) -> Option<String> {
    let assertion = s.assertion()?;
    let unsigned = without_signature(s, assertion);
    let id = written(assertion, "ID");
    Some(for_victim(s, &unsigned).replacen(id, FORGED_ID, 1))
}

/// The same text with the victim in the user's place.
pub(super) fn for_victim(s: &Subject, text: &str) -> String {
    text.replace(s.values.subject.as_deref().unwrap(), s.victim())
}

/// A direct child Signature taken out of an element's source.
pub(super) fn without_signature(s: &Subject, element: Element<'_>) -> String {
    let source = s.source(element);
    match signature(element) {
        Some(signature) => source.replacen(s.source(signature), "", 1),
        None => source.to_owned(),
    }
}

/// The whole message for the victim, its signatures left as they are.
pub(super) fn altered(s: &Subject) -> Option<String> {
    let identity = s.identity()?;
    Some(s.edit().content(identity, s.victim()).text())
}

/// What is signed anew.
#[derive(Clone, Copy)]
pub(super) enum Of {
    Response,
    Assertion,
}

fn of(document: &Document, of: Of) -> Option<Element<'_>> {
    match of {
        Of::Response => response(document),
        Of::Assertion => assertion(document),
    }
}

/// The text with a new Signature in one element, in the place of its own if it has one.
pub(super) fn sign(text: &str, which: Of, signing: &Signing) -> String {
    let document = parse(text);
    let element = of(&document, which).unwrap();
    let old = signature(element);
    let id = element.attribute("ID").unwrap_or_default();
    let new = signing.sign(&canonical(element, old), id);
    let edit = Edit::new(document.text());
    match (old, element.children().next()) {
        (Some(old), _) => edit.replace(old, new).text(),
        (None, Some(issuer)) => edit.after(issuer, &new).text(),
        (None, None) => edit.last_in(element, &new).text(),
    }
}

/// The text with every Signature that the genuine message carries made anew, from the inside out.
pub(super) fn sign_all(s: &Subject, text: &str, signing: &Signing) -> String {
    let has = |element: Option<Element<'_>>| element.and_then(signature).is_some();
    let mut text = text.to_owned();
    if has(s.assertion()) {
        text = sign(&text, Of::Assertion, signing);
    }
    if has(s.response()) {
        text = sign(&text, Of::Response, signing);
    }
    text
}

/// The text as the identity provider would have signed it: to be judged with [`by_idp`].
pub(super) fn genuine(s: &Subject, text: &str) -> Option<Vec<u8>> {
    s.assertion()?;
    Some(sign_all(s, text, &Signing::with(Key::Idp)).into_bytes())
}

/// The toy's key is the identity provider's, for messages whose content is wrong and whose signature is right.
pub(super) fn by_idp(judging: &mut super::Judging) {
    judging.trust(&Key::Idp.certificate());
}

/// The text with the SignatureValue of the signature nearest to the assertion computed anew over its SignedInfo.
pub(super) fn value(text: &str, compute: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let document = parse(text);
    let signature = assertion(&document).and_then(signature);
    let signature = signature.or_else(|| response(&document).and_then(super::subject::signature));
    let part = |name| signature.unwrap().children().find(|child| child.is(DSIG, name)).unwrap();
    let value = compute(canonical(part("SignedInfo"), None).as_bytes());
    Edit::new(document.text()).content(part("SignatureValue"), &base64(value)).text()
}

/// An RSA key pair with this modulus length and exponent.
pub(super) fn rsa(bits: u32, exponent: u32) -> PKey<Private> {
    let exponent = BigNum::from_u32(exponent).unwrap();
    PKey::from_rsa(Rsa::generate_with_e(bits, &exponent).unwrap()).unwrap()
}

/// A certificate for any public key; the toy's other key signs it, which nobody looks at.
pub(super) fn certificate_for(key: &PKeyRef<impl HasPublic>) -> X509 {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "idp.example.com").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    let time = |text| openssl::asn1::Asn1Time::from_str(text).unwrap();
    builder.set_not_before(&time("20240101000000Z")).unwrap();
    builder.set_not_after(&time("20331231235959Z")).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.sign(&Key::Other.private(), MessageDigest::sha256()).unwrap();
    builder.build()
}

/// The `DigestInfo` of PKCS #1 v1.5 for SHA-256 (RFC 8017 §9.2).
pub(super) fn digest_info(octets: &[u8]) -> Vec<u8> {
    const PREFIX: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    [&PREFIX[..], &hash(MessageDigest::sha256(), octets).unwrap()].concat()
}
