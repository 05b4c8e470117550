//! To whom something is encrypted, as far as the message tells without a key: shown to the user, never trusted.
//!
//! xmlenc-core1 §3.5.1 (EncryptedKey, `Recipient`), xmldsig-core1 §4.5 (KeyInfo).

use crate::saml::{DSIG, Place};
use crate::xml::Element;

use super::super::certificate::Certificate;
use super::structure::{Encrypted, EncryptedKey};
use super::{Fault, MOST_KEYS};

/// Certificates of one KeyInfo that are parsed. Choice: 4; KeyInfo carries one, or a short chain.
const MOST_CERTIFICATES: usize = 4;

/// What one encrypted element says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// The content cipher by its short name, or the identifier that is not known.
    pub cipher: String,
    /// For whom it is; empty when it carries no EncryptedKey (a shared secret, then).
    pub recipients: Vec<Recipient>,
    /// Why it cannot be read, when its structure is wrong.
    pub fault: Option<Fault>,
}

/// Whom one EncryptedKey is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// The `Recipient` attribute.
    pub recipient: Option<String>,
    /// `KeyName`
    pub names: Vec<String>,
    /// `X509IssuerSerial`: the issuer's name and the serial number in decimal.
    pub issuer_serials: Vec<(String, String)>,
    /// `X509SubjectName`
    pub subjects: Vec<String>,
    /// The certificates that could be read: subject and SHA-256 fingerprint.
    pub certificates: Vec<(String, String)>,
    /// SHA-256 fingerprints of the public keys of those certificates.
    pub public_keys: Vec<String>,
    /// Bits of the modulus, to the next octet: as long as the wrapped key.
    pub modulus_bits: usize,
    /// The key transport with its hashes, or the identifier that is not known.
    pub transport: String,
    /// The EncryptedKey.
    pub at: Option<Place>,
}

/// Tells to whom `container` (an EncryptedAssertion, EncryptedID or EncryptedAttribute) is encrypted, and how.
#[must_use]
pub fn describe(container: Element<'_>) -> Encryption {
    let encrypted = match Encrypted::read(container) {
        Ok(encrypted) => encrypted,
        Err(fault) => {
            return Encryption {
                cipher: String::new(),
                recipients: Vec::new(),
                fault: Some(fault),
            };
        }
    };
    let keys = encrypted.keys.iter().take(MOST_KEYS);
    Encryption {
        cipher: encrypted.cipher.map_or_else(|unknown| unknown, |cipher| cipher.to_string()),
        recipients: keys.map(EncryptedKey::recipient).collect(),
        fault: None,
    }
}

impl Recipient {
    pub(super) fn of(key: &EncryptedKey<'_>) -> Self {
        let element = key.element;
        let texts = |of: Element<'_>, name: &str| -> Vec<String> {
            let found = of.children().filter(|child| child.is(DSIG, name)).take(MOST_CERTIFICATES);
            found.map(|child| child.text().value.trim_ascii().to_owned()).collect()
        };
        let mut recipient = Self {
            recipient: element.attribute("Recipient").map(str::to_owned),
            modulus_bits: key.wrapped.len().saturating_mul(8),
            transport: match &key.transport {
                Ok(transport) => transport.to_string(),
                Err(unknown) => unknown.clone(),
            },
            at: Some(key.at()),
            ..Self::default()
        };
        for info in key_info(element) {
            recipient.names.extend(texts(info, "KeyName"));
        }
        for data in x509_data(element) {
            recipient.subjects.extend(texts(data, "X509SubjectName"));
            let pairs = data.children().filter(|child| child.is(DSIG, "X509IssuerSerial"));
            for pair in pairs.take(MOST_CERTIFICATES) {
                let part = |name| texts(pair, name).into_iter().next().unwrap_or_default();
                let pair = (part("X509IssuerName"), part("X509SerialNumber"));
                recipient.issuer_serials.push(pair);
            }
        }
        for named in certificates(element) {
            recipient.public_keys.extend(named.public_key_sha256());
            recipient.certificates.push((named.subject().to_owned(), named.sha256().to_owned()));
        }
        recipient
    }
}

/// The readable certificates in the KeyInfo of an EncryptedKey.
pub(super) fn certificates<'d>(key: Element<'d>) -> impl Iterator<Item = Certificate> + use<'d> {
    x509_data(key)
        .flat_map(Element::children)
        .filter(|child| child.is(DSIG, "X509Certificate"))
        .take(MOST_CERTIFICATES)
        .filter_map(|child| Certificate::parse(child.text().value.as_bytes()).ok())
        .flat_map(|certificates| certificates.into_iter().take(1))
}

fn key_info<'d>(key: Element<'d>) -> impl Iterator<Item = Element<'d>> + use<'d> {
    key.children().filter(|child| child.is(DSIG, "KeyInfo")).take(1)
}

fn x509_data<'d>(key: Element<'d>) -> impl Iterator<Item = Element<'d>> + use<'d> {
    key_info(key)
        .flat_map(Element::children)
        .filter(|child| child.is(DSIG, "X509Data"))
        .take(MOST_CERTIFICATES)
}
