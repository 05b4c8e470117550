//! Samples with an encrypted assertion.
//!
//! Encryption is random, so what was encrypted once is kept in `tests/support/fixtures/`; a test compares what it hides with
//! what the toy signs. When a file is deleted, the next run makes it anew.

use std::fs;
use std::path::Path;

use openssl::hash::MessageDigest;

use super::{PROD, Sample, wrapped};
use crate::support::encode::base64;
use crate::support::encryption::{Recipe, Transport, XENC11};
use crate::support::keys::{self, Key};
use crate::support::response::Response;
use crate::support::signature::Signing;
use crate::support::xml::replace_once;

/// The file of the service provider's private key beside the message.
const KEY: &str = "decryption_key = \"sp.key\"\n";

pub(super) fn samples() -> Vec<Sample> {
    vec![encrypted(), for_another_key()]
}

/// The assertion inside these samples.
pub fn plaintext() -> String {
    Response::usual().assertion.unwrap().xml()
}

fn encrypted() -> Sample {
    let recipe = Recipe { key: keys::service_provider(), ..Recipe::usual() };
    let kept = kept("encrypted-assertion.xml", || recipe.encrypt(&plaintext()));
    Sample {
        name: "28-encrypted-assertion",
        title: "The assertion is encrypted",
        what: "It is encrypted for the key `sp.key`, which the configuration names, and signed inside and outside.\n\
               (The key was made for this sample and protects nothing.)",
        who: "nobody, nothing is wrong.",
        message: wrapped(&carrying(kept)),
        config: format!("{PROD}{KEY}"),
        decryption_key: Some(keys::SERVICE_PROVIDER),
        exit: 0,
        ..Sample::usual()
    }
}

fn for_another_key() -> Sample {
    let certificate = Key::Other.certificate();
    let key_info = format!(
        "<ds:KeyName>acme-sandbox</ds:KeyName><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>",
        base64(certificate.to_der().unwrap())
    );
    let recipe = Recipe {
        key: Key::Other.private(),
        transport: Transport::Oaep {
            uri: format!("{XENC11}rsa-oaep"),
            digest_uri: Some("http://www.w3.org/2001/04/xmlenc#sha256".to_owned()),
            mgf_uri: Some(format!("{XENC11}mgf1sha256")),
            digest: MessageDigest::sha256(),
            mgf: MessageDigest::sha256(),
            label: Vec::new(),
        },
        key_info,
        ..Recipe::usual()
    };
    let kept = kept("encrypted-for-another-key.xml", || recipe.encrypt(&plaintext()));
    Sample {
        name: "29-encrypted-for-another-key",
        title: "The assertion is encrypted for another key than ours",
        what: "The identity provider encrypts for the certificate that it was given for `acme-sandbox`. The report says\n\
               to which certificate it is encrypted; what stands outside of the assertion is checked all the same.",
        who: "the identity provider: encrypt for the certificate that belongs to `sp.key`.",
        message: wrapped(&carrying(kept)),
        config: format!("{PROD}{KEY}"),
        decryption_key: Some(keys::SERVICE_PROVIDER),
        ..Sample::usual()
    }
}

pub(super) fn after_signing() -> Sample {
    let recipe = Recipe { key: keys::service_provider(), ..Recipe::usual() };
    let kept = kept("encrypted-after-signing.xml", || recipe.encrypt(&plaintext()));
    let signed = Response { signing: Some(Signing::with(Key::Idp)), ..Response::usual() }.xml();
    Sample {
        name: "34-encrypted-after-signing",
        title: "The assertion was encrypted after the Response was signed",
        what: "The signature of the Response covers the assertion in the clear; on the wire there is another element in its place.",
        who: "the identity provider: encrypt first, then sign the Response, or sign the assertion alone.",
        message: wrapped(&replace_once(&signed, &plaintext(), &kept)),
        config: format!("{PROD}{KEY}"),
        decryption_key: Some(keys::SERVICE_PROVIDER),
        ..Sample::usual()
    }
}

/// The usual response, signed, with something encrypted in the place of its assertion.
fn carrying(encrypted: String) -> String {
    Response {
        assertion: None,
        before_assertion: encrypted,
        signing: Some(Signing::with(Key::Idp)),
        ..Response::usual()
    }
    .xml()
}

/// What was encrypted once; made and kept when there is no such file.
fn kept(name: &str, make: impl FnOnce() -> String) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/fixtures").join(name);
    if !path.exists() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, make()).unwrap();
    }
    fs::read_to_string(&path).unwrap()
}
