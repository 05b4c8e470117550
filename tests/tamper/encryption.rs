//! Encryption proves nothing: anybody can encrypt for a public key. Forged, doubled, moved and broken ciphertexts.
//!
//! The toy's 4096-bit key stands in for the service provider's. Where a message can be decrypted, what must stop it is the
//! missing signature; where it cannot, that it is not readable at all: both codes are named.

use openssl::encrypt::Encrypter;
use openssl::rsa::Padding;
use openssl::symm::{Cipher, encrypt};
use samlcheck::config;
use samlcheck::saml::{ASSERTION, DSIG, XENC};

use super::forge::forged;
use super::subject::{Judging, Subject, signature};
use super::surgery::Edit;
use super::{Attack, Class, Table};
use crate::support::encode::base64;
use crate::support::keys::Key;

const SP: Key = Key::Strong;
/// Not readable, or readable and not signed.
const UNSIGNED: &[&str] = &["input-encrypted-twice", "signature-missing"];
const UNREADABLE: &[&str] = &["input-encrypted"];
const TWICE: &[&str] = &["input-encrypted-twice", "input-encrypted"];
const COUNT: &[&str] = &["format-assertion-count"];
const JUDGE: &str = "validate.rs judge";
const SECOND: &str = "saml/response.rs note_others";

/// Gives the service provider its private key.
fn with_key(judging: &mut Judging) {
    let toml = "[[sp]]\nname = 'a'\nissuer = 'urn:a'\nlogin_url = 'https://a.example'\n\
                idp_certificate = 'idp.pem'\ndecryption_key = 'sp.key'\n";
    let read = |path: &std::path::Path| match path.extension().and_then(|e| e.to_str()) {
        Some("key") => Ok(SP.pem().as_bytes().to_vec()),
        Some(_) | None => Ok(Key::Idp.certificate().to_pem().unwrap()),
    };
    let made = config::load(std::path::Path::new("samlcheck.toml"), toml, &read).unwrap();
    for provider in &mut judging.configuration.service_providers {
        provider.decryption_keys = made.service_providers[0].decryption_keys.clone();
    }
}

const SESSION_KEY: [u8; 32] = [7; 32];
const IV: [u8; 16] = [9; 16];

fn ciphertext(plaintext: &str) -> Vec<u8> {
    let content =
        encrypt(Cipher::aes_256_cbc(), &SESSION_KEY, Some(&IV), plaintext.as_bytes()).unwrap();
    [&IV[..], &content].concat()
}

/// An `EncryptedData` with everything in it; `ciphertext` may be anything.
fn data(ciphertext: &[u8], recipient: Key) -> String {
    let key = recipient.private();
    let mut encrypter = Encrypter::new(&key).unwrap();
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
    let mut wrapped = vec![0; encrypter.encrypt_len(&SESSION_KEY).unwrap()];
    let length = encrypter.encrypt(&SESSION_KEY, &mut wrapped).unwrap();
    format!(
        "<e:EncryptedData xmlns:e=\"{XENC}\" Type=\"{XENC}Element\">\
         <e:EncryptionMethod Algorithm=\"{XENC}aes256-cbc\"/>\
         <d:KeyInfo xmlns:d=\"{DSIG}\"><e:EncryptedKey>\
         <e:EncryptionMethod Algorithm=\"{XENC}rsa-oaep-mgf1p\"/>\
         <e:CipherData><e:CipherValue>{}</e:CipherValue></e:CipherData></e:EncryptedKey></d:KeyInfo>\
         <e:CipherData><e:CipherValue>{}</e:CipherValue></e:CipherData></e:EncryptedData>",
        base64(&wrapped[..length]),
        base64(ciphertext)
    )
}

/// An `EncryptedAssertion` around markup.
fn around(markup: &str) -> String {
    format!("<a:EncryptedAssertion xmlns:a=\"{ASSERTION}\">{markup}</a:EncryptedAssertion>")
}

fn encrypted(plaintext: &str) -> String {
    around(&data(&ciphertext(plaintext), SP))
}

/// The Response, unsigned, with this in place of its assertion.
fn instead(s: &Subject, markup: &str) -> Option<Vec<u8>> {
    let edit = s.edit().replace(s.assertion()?, markup);
    match signature(s.response()?) {
        Some(outer) => edit.remove(outer).done(),
        None => edit.done(),
    }
}

/// The assertion with its namespaces declared, so that it can be encrypted.
fn alone(s: &Subject) -> Option<String> {
    Some(super::canonical::canonical(s.assertion()?, None))
}

fn forged_alone(s: &Subject) -> Option<String> {
    let message = super::forge::parse(&s.edit().replace(s.assertion()?, forged(s)?).text());
    Some(super::canonical::canonical(super::subject::assertion(&message)?, None))
}

pub(super) const TABLE: Table = Table {
    class: Class::Encryption,
    attacks: &[
        Attack::rejected("forged-assertion-encrypted", UNSIGNED, JUDGE, |s| {
            instead(s, &encrypted(&forged_alone(s)?))
        })
        .judged(with_key),
        Attack::rejected(
            "forged-assertion-encrypted-under-the-response-signature",
            &["input-encrypted-twice", "signature-digest"],
            JUDGE,
            |s| {
                signature(s.response()?)?;
                s.edit().replace(s.assertion()?, encrypted(&forged_alone(s)?)).done()
            },
        )
        .judged(with_key),
        Attack::rejected(
            "signed-assertion-altered-and-encrypted",
            &["input-encrypted-twice", "signature-digest"],
            JUDGE,
            |s| {
                signature(s.assertion()?)?;
                instead(s, &encrypted(&super::forge::for_victim(s, &alone(s)?)))
            },
        )
        .judged(with_key),
        Attack::rejected("encrypted-beside-the-signed", COUNT, SECOND, |s| {
            s.response()?;
            s.edit().after(s.assertion()?, &encrypted(&forged_alone(s)?)).done()
        })
        .judged(with_key),
        Attack::rejected("encrypted-before-the-signed", COUNT, SECOND, |s| {
            s.response()?;
            s.edit().before(s.assertion()?, &encrypted(&forged_alone(s)?)).done()
        })
        .judged(with_key),
        Attack::rejected("two-encrypted-assertions", COUNT, SECOND, |s| {
            let both = encrypted(&alone(s)?) + &encrypted(&forged_alone(s)?);
            instead(s, &both)
        })
        .judged(with_key),
        Attack::rejected("signed-encrypted-and-forged-in-the-clear", COUNT, SECOND, |s| {
            instead(s, &(forged(s)? + &encrypted(&alone(s)?)))
        })
        .judged(with_key),
        Attack::rejected("encrypted-in-extensions", COUNT, SECOND, |s| {
            let extensions = format!(
                "<p:Extensions xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}</p:Extensions>",
                encrypted(&forged_alone(s)?)
            );
            s.edit().before(s.of_protocol("Status")?, &extensions).done()
        })
        .judged(with_key),
        Attack::rejected("encrypted-in-advice", COUNT, "saml/assertion.rs note_others", |s| {
            let advice =
                format!("<a:Advice xmlns:a=\"{ASSERTION}\">{}</a:Advice>", encrypted(&forged(s)?));
            s.edit().after(s.part("Conditions")?, &advice).done()
        })
        .judged(with_key),
        Attack::rejected("encrypted-twice", TWICE, JUDGE, |s| {
            instead(s, &encrypted(&encrypted(&alone(s)?)))
        })
        .judged(with_key),
        Attack::rejected("encrypted-id-inside-an-encrypted-assertion", TWICE, JUDGE, |s| {
            let id = format!(
                "<a:EncryptedID xmlns:a=\"{ASSERTION}\">{}</a:EncryptedID>",
                data(&ciphertext("<NameID/>"), SP)
            );
            let message = super::forge::parse(&forged_alone(s)?);
            let name_id = message.elements().find(|element| element.is(ASSERTION, "NameID"))?;
            instead(s, &encrypted(&Edit::new(message.text()).replace(name_id, id).text()))
        })
        .judged(with_key),
        Attack::rejected(
            "encrypted-id-for-the-name-id",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| {
                let id = format!(
                    "<a:EncryptedID xmlns:a=\"{ASSERTION}\">{}</a:EncryptedID>",
                    data(
                        &ciphertext(&format!("<a:NameID xmlns:a=\"{ASSERTION}\">m</a:NameID>")),
                        SP
                    )
                );
                s.edit().replace(s.part("NameID")?, id).done()
            },
        )
        .judged(with_key),
        Attack::rejected(
            "ciphertext-with-a-flipped-bit",
            &["input-encrypted", "signature-digest"],
            JUDGE,
            |s| {
                signature(s.assertion()?)?;
                let mut bytes = ciphertext(&alone(s)?);
                // In the IV: the first block of the plaintext, a name, changes in just this bit.
                bytes[3] ^= 1;
                instead(s, &around(&data(&bytes, SP)))
            },
        )
        .judged(with_key),
        Attack::rejected("ciphertext-with-broken-padding", UNREADABLE, JUDGE, |s| {
            let mut bytes = ciphertext(&alone(s)?);
            *bytes.last_mut()? ^= 0xFF;
            instead(s, &around(&data(&bytes, SP)))
        })
        .judged(with_key),
        Attack::rejected("ciphertext-cut-off", UNREADABLE, JUDGE, |s| {
            let bytes = ciphertext(&alone(s)?);
            instead(s, &around(&data(&bytes[..bytes.len() - 5], SP)))
        })
        .judged(with_key),
        Attack::rejected("ciphertext-of-no-bytes", UNREADABLE, JUDGE, |s| {
            instead(s, &around(&data(&[], SP)))
        })
        .judged(with_key),
        Attack::rejected("ciphertext-for-another-key", UNREADABLE, JUDGE, |s| {
            instead(s, &around(&data(&ciphertext(&alone(s)?), Key::Other)))
        })
        .judged(with_key),
        Attack::rejected("plaintext-of-two-assertions", UNREADABLE, JUDGE, |s| {
            instead(s, &encrypted(&(alone(s)? + &forged_alone(s)?)))
        })
        .judged(with_key),
        Attack::rejected("plaintext-that-is-empty", UNREADABLE, JUDGE, |s| {
            instead(s, &encrypted(""))
        })
        .judged(with_key),
        Attack::rejected("plaintext-that-is-no-xml", UNREADABLE, JUDGE, |s| {
            instead(s, &encrypted("mallory & co"))
        })
        .judged(with_key),
        Attack::rejected("plaintext-with-a-doctype", UNREADABLE, JUDGE, |s| {
            instead(s, &encrypted(&format!("<!DOCTYPE a>{}", alone(s)?)))
        })
        .judged(with_key),
        Attack::rejected("plaintext-that-closes-its-place", UNREADABLE, JUDGE, |s| {
            let closing = format!("</a:EncryptedAssertion>{}", forged_alone(s)?);
            instead(s, &encrypted(&closing))
        })
        .judged(with_key),
        Attack::rejected("nothing-encrypted-in-encrypted-assertion", UNREADABLE, JUDGE, |s| {
            instead(s, &around(s.source(s.assertion()?)))
        })
        .judged(with_key),
        Attack::rejected("cipher-reference-to-a-file", UNREADABLE, JUDGE, |s| {
            let data = data(&[], SP).replacen(
                "<e:CipherValue></e:CipherValue>",
                "<e:CipherReference URI=\"file:///etc/passwd\"/>",
                1,
            );
            instead(s, &around(&data))
        })
        .judged(with_key),
        Attack::rejected("unknown-cipher", UNREADABLE, JUDGE, |s| {
            let data = data(&ciphertext(&alone(s)?), SP).replace("aes256-cbc", "rot13");
            instead(s, &around(&data))
        })
        .judged(with_key),
        Attack::rejected(
            "encrypted-assertion-as-the-root",
            &["input-not-saml"],
            "saml/kind.rs of",
            |s| s.first.then(|| encrypted(&forged_alone(s).unwrap()).into_bytes()),
        )
        .judged(with_key),
    ],
};
