//! Keys that the message brings itself: HMAC with the public key as secret, and whatever KeyInfo offers.

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::x509::X509;

use super::forge::{altered, sign_all, value};
use super::subject::Subject;
use super::{Attack, Class, Table};
use crate::support::encode::base64;
use crate::support::keys::{Key, certificate};
use crate::support::signature::{Digest, KeyInfo, Signing};

const ALGORITHM: &[&str] = &["signature-algorithm"];
const FROM_URI: &str = "crypto/algorithm.rs from_uri";

/// The altered message with an HMAC whose secret everybody knows.
fn hmac(s: &Subject, method: &str, secret: &[u8]) -> Option<Vec<u8>> {
    let text = sign_all(s, &altered(s)?, &Signing::with(Key::Other));
    let uri = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    let text = text.replace(uri, method);
    let signed = value(&text, |octets| {
        let key = PKey::hmac(secret).unwrap();
        let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
        signer.sign_oneshot_to_vec(octets).unwrap()
    });
    Some(signed.into_bytes())
}

fn configured(s: &Subject) -> X509 {
    X509::from_der(s.certificate()).unwrap()
}

const HMAC_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";

pub(super) const HMAC: Table = Table {
    class: Class::HmacWithPublicKey,
    attacks: &[
        Attack::rejected("hmac-with-the-certificate-in-der", ALGORITHM, FROM_URI, |s| {
            hmac(s, HMAC_SHA256, s.certificate())
        }),
        Attack::rejected("hmac-with-the-certificate-in-pem", ALGORITHM, FROM_URI, |s| {
            hmac(s, HMAC_SHA256, &configured(s).to_pem().unwrap())
        }),
        Attack::rejected("hmac-with-the-public-key", ALGORITHM, FROM_URI, |s| {
            let key = configured(s).public_key().unwrap();
            hmac(s, HMAC_SHA256, &key.public_key_to_der().unwrap())
        }),
        Attack::rejected("hmac-with-the-public-key-in-pem", ALGORITHM, FROM_URI, |s| {
            let key = configured(s).public_key().unwrap();
            hmac(s, HMAC_SHA256, &key.public_key_to_pem().unwrap())
        }),
        Attack::rejected("hmac-sha1", ALGORITHM, FROM_URI, |s| {
            hmac(s, "http://www.w3.org/2000/09/xmldsig#hmac-sha1", s.certificate())
        }),
        Attack::rejected(
            "hmac-cut-to-no-bits",
            &["signature-structure"],
            "crypto/vet.rs without_content",
            |s| {
                let method = s.in_signature("SignatureMethod")?;
                let name = method.name().replace("SignatureMethod", "HMACOutputLength");
                let edit = s.edit().replace(
                    method,
                    format!(
                        "<{} Algorithm=\"{HMAC_SHA256}\"><{name}>0</{name}></{}>",
                        method.name(),
                        method.name()
                    ),
                );
                edit.content(s.in_signature("SignatureValue")?, "").done()
            },
        ),
        Attack::rejected(
            "output-length-for-rsa",
            &["signature-structure"],
            "crypto/vet.rs without_content",
            |s| {
                let method = s.in_signature("SignatureMethod")?;
                let name = method.name().replace("SignatureMethod", "HMACOutputLength");
                s.edit().content(method, &format!("<{name}>0</{name}>")).done()
            },
        ),
    ],
};

const VERIFY: &str = "crypto/value.rs signature_holds";
const WRONG: &[&str] = &["signature-wrong-key"];
const VALUE: &[&str] = &["signature-value"];

/// The altered message, signed by the attacker, whose KeyInfo says what it likes.
fn signed_by(s: &Subject, key: Key, key_info: KeyInfo) -> Option<Vec<u8>> {
    let signing = Signing { key_info, ..Signing::with(key) };
    Some(sign_all(s, &altered(s)?, &signing).into_bytes())
}

fn raw(s: &Subject, markup: &str) -> Option<Vec<u8>> {
    signed_by(s, Key::Other, KeyInfo::Raw(markup.to_owned()))
}

pub(super) const TABLE: Table = Table {
    class: Class::KeyFromKeyInfo,
    attacks: &[
        Attack::rejected("own-key-and-own-certificate", WRONG, VERIFY, |s| {
            signed_by(s, Key::Other, KeyInfo::Certificate(Key::Other.certificate()))
        }),
        Attack::rejected("own-key-and-the-configured-certificate", VALUE, VERIFY, |s| {
            signed_by(s, Key::Other, KeyInfo::Certificate(configured(s)))
        }),
        Attack::rejected("own-key-and-no-key-info", VALUE, VERIFY, |s| {
            signed_by(s, Key::Other, KeyInfo::Absent)
        }),
        Attack::rejected("own-key-and-both-certificates", VALUE, VERIFY, |s| {
            let own = base64(Key::Other.certificate().to_der().unwrap());
            let configured = base64(s.certificate());
            raw(
                s,
                &format!(
                    "<ds:X509Data><ds:X509Certificate>{own}</ds:X509Certificate>\
                     <ds:X509Certificate>{configured}</ds:X509Certificate></ds:X509Data>"
                ),
            )
        }),
        Attack::rejected("own-certificate-with-the-same-names", WRONG, VERIFY, |s| {
            let twin = certificate(
                Key::Other,
                "idp.example.com",
                0x1D9_2024,
                "240101000000Z",
                "331231235959Z",
            );
            signed_by(s, Key::Other, KeyInfo::Certificate(twin))
        }),
        Attack::rejected("own-rsa-key-value", VALUE, VERIFY, |s| {
            let rsa = Key::Other.private().rsa().unwrap();
            raw(
                s,
                &format!(
                    "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus>\
                     <ds:Exponent>{}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
                    base64(rsa.n().to_vec()),
                    base64(rsa.e().to_vec())
                ),
            )
        }),
        Attack::rejected("key-name-of-the-configured-key", VALUE, VERIFY, |s| {
            raw(s, "<ds:KeyName>idp.example.com</ds:KeyName>")
        }),
        Attack::rejected("key-name-that-is-a-path", VALUE, VERIFY, |s| {
            raw(s, "<ds:KeyName>../../idp.pem</ds:KeyName>")
        }),
        Attack::rejected(
            "own-ec-key",
            &["signature-key", "signature-wrong-key"],
            "crypto/signature.rs fits",
            |s| signed_by(s, Key::P256, KeyInfo::Certificate(Key::P256.certificate())),
        ),
        Attack::rejected("broken-certificate", VALUE, VERIFY, |s| {
            raw(s, "<ds:X509Data><ds:X509Certificate>MIIB!</ds:X509Certificate></ds:X509Data>")
        }),
        Attack::rejected("own-key-over-sha-1", WRONG, VERIFY, |s| {
            let signing = Signing { digest: Digest::Sha1, ..Signing::with(Key::Other) };
            Some(sign_all(s, &altered(s)?, &signing).into_bytes())
        }),
        Attack::unchanged(
            "certificate-of-the-attacker-beside-a-good-signature",
            "keyinfo-mismatch",
            &["signature-digest"],
            "crypto/result.rs names_one_of",
            |s| {
                let other = base64(Key::Other.certificate().to_der().unwrap());
                s.edit().content(s.in_signature("X509Certificate")?, &other).done()
            },
        ),
    ],
};
