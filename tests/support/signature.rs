//! Signs an element: digest, `SignedInfo`, signature value, `KeyInfo` (xmldsig-core §3.1).
//!
//! The element must be canonical text (see [`super::xml`]); then its digest is the digest of that text, and the
//! enveloped-signature transform is undone by leaving the `Signature` out.

use std::rc::Rc;

use openssl::ecdsa::EcdsaSig;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::Id;
use openssl::sign::Signer;
use openssl::x509::X509;

use super::encode::base64;
use super::keys::Key;
use super::uri;
use super::xml::Tag;

/// A hash function, of the reference or of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// Every digest, for tests that walk them.
    pub const ALL: [Self; 5] = [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The `Algorithm` of a `DigestMethod`.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha224 => "http://www.w3.org/2001/04/xmldsig-more#sha224",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The function itself.
    pub fn function(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha224 => MessageDigest::sha224(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

/// What stands in `KeyInfo`.
#[derive(Clone)]
pub enum KeyInfo {
    /// No `KeyInfo` at all.
    Absent,
    /// `X509Data` with this certificate, which need not be the signer's.
    Certificate(X509),
    /// `KeyInfo` with this markup inside.
    Raw(String),
}

/// How one element is signed.
#[derive(Clone)]
pub struct Signing {
    pub key: Key,
    /// The hash function of the signature.
    pub digest: Digest,
    /// The hash function of the reference, where it is not the signature's.
    pub reference_digest: Option<Digest>,
    pub key_info: KeyInfo,
    /// Changes the canonical `SignedInfo` before it is signed: other URIs, transforms, algorithm names, references.
    pub edit_signed_info: Rc<dyn Fn(String) -> String>,
    /// Markup at the end of the `Signature`, where `Object` stands.
    pub object: String,
}

impl Signing {
    /// SHA-256 with this key, its own certificate in `KeyInfo`.
    pub fn with(key: Key) -> Self {
        Self {
            key,
            digest: Digest::Sha256,
            reference_digest: None,
            key_info: KeyInfo::Certificate(key.certificate()),
            edit_signed_info: Rc::new(|signed_info| signed_info),
            object: String::new(),
        }
    }

    /// The `Signature` over an element that is written without it.
    pub fn sign(&self, element: &str, id: &str) -> String {
        let signed_info = (self.edit_signed_info)(self.signed_info(element, id));
        let value = base64(signature_value(self.key, self.digest, signed_info.as_bytes()));
        // As the apex of its own canonicalisation `SignedInfo` declares the prefix; inside `Signature` it inherits it.
        let declaration = format!(" xmlns:ds=\"{}\"", uri::DSIG);
        Tag::new("ds:Signature")
            .namespace("ds", uri::DSIG)
            .raw(signed_info.replacen(&declaration, "", 1))
            .raw(Tag::new("ds:SignatureValue").text(&value))
            .raw(self.key_info())
            .raw(&self.object)
            .to_string()
    }

    fn signed_info(&self, element: &str, id: &str) -> String {
        let kind = if self.key.private().id() == Id::EC { "ecdsa" } else { "rsa" };
        let family = if kind == "rsa" && self.digest == Digest::Sha1 {
            uri::DSIG
        } else {
            "http://www.w3.org/2001/04/xmldsig-more#"
        };
        let method = format!("{family}{kind}-{}", self.digest.name());
        let digest = self.reference_digest.unwrap_or(self.digest);
        let value = hash(digest.function(), element.as_bytes()).unwrap();
        let transforms = Tag::new("ds:Transforms")
            .raw(Tag::new("ds:Transform").attribute("Algorithm", uri::ENVELOPED_SIGNATURE))
            .raw(Tag::new("ds:Transform").attribute("Algorithm", uri::EXCLUSIVE_C14N));
        let reference = Tag::new("ds:Reference")
            .attribute("URI", format!("#{id}").as_str())
            .raw(transforms)
            .raw(Tag::new("ds:DigestMethod").attribute("Algorithm", digest.uri()))
            .raw(Tag::new("ds:DigestValue").text(&base64(value)));
        Tag::new("ds:SignedInfo")
            .namespace("ds", uri::DSIG)
            .raw(Tag::new("ds:CanonicalizationMethod").attribute("Algorithm", uri::EXCLUSIVE_C14N))
            .raw(Tag::new("ds:SignatureMethod").attribute("Algorithm", method.as_str()))
            .raw(reference)
            .to_string()
    }

    fn key_info(&self) -> String {
        let inside = match &self.key_info {
            KeyInfo::Absent => return String::new(),
            KeyInfo::Certificate(certificate) => {
                let der = base64(certificate.to_der().unwrap());
                let certificate = Tag::new("ds:X509Certificate").text(&der);
                Tag::new("ds:X509Data").raw(certificate).to_string()
            }
            KeyInfo::Raw(markup) => markup.clone(),
        };
        Tag::new("ds:KeyInfo").raw(inside).to_string()
    }
}

/// The octets of `SignatureValue`: PKCS #1 v1.5 for RSA; for ECDSA the two numbers side by side, each as wide as the
/// curve's order (xmldsig-core1 §6.4.3).
pub fn signature_value(key: Key, digest: Digest, signed_info: &[u8]) -> Vec<u8> {
    let private = key.private();
    let mut signer = Signer::new(digest.function(), &private).unwrap();
    let value = signer.sign_oneshot_to_vec(signed_info).unwrap();
    if private.id() != Id::EC {
        return value;
    }
    let value = EcdsaSig::from_der(&value).unwrap();
    let width = i32::try_from(private.bits().div_ceil(8)).unwrap();
    [value.r().to_vec_padded(width).unwrap(), value.s().to_vec_padded(width).unwrap()].concat()
}
