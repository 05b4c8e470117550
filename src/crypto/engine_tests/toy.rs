//! A signer that needs no canonicaliser.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer};

use super::judged;
use crate::crypto::engine::{
    Canonicalization, DSIG, DigestMethod, Engine, EngineError, EngineReport, KeyFamily,
    SignatureMethod,
};

pub(super) const EXCLUSIVE: Canonicalization = Canonicalization::Exclusive { comments: false };

/// Signatures made here: the XML is written in canonical form, so that hashing the strings is enough.
pub(super) struct Toy<'k> {
    pub(super) key: &'k PKey<Private>,
    pub(super) signature_method: SignatureMethod,
    pub(super) digest_method: DigestMethod,
    /// What stands in the signed element before the `Signature`.
    pub(super) content: String,
    /// What stands behind `SignatureValue`.
    pub(super) key_info: String,
    /// White space put around the base64 of `SignatureValue`.
    pub(super) padding: String,
}

impl<'k> Toy<'k> {
    pub(super) fn new(key: &'k PKey<Private>, signature_method: SignatureMethod) -> Self {
        let digest_method = signature_method.digest();
        let (content, key_info, padding) = ("<b>text</b>".to_owned(), String::new(), String::new());
        Self { key, signature_method, digest_method, content, key_info, padding }
    }

    pub(super) fn element(&self, signature: &str) -> String {
        format!("<a xmlns=\"urn:a\" ID=\"_1\">{}{signature}</a>", self.content)
    }

    pub(super) fn signed_info(&self, attributes: &str, canonicalization: &str) -> String {
        let digest = self.digest_method.message_digest();
        let digest = openssl::hash::hash(digest, self.element("").as_bytes()).unwrap();
        format!(
            "<SignedInfo xmlns=\"{DSIG}\"{attributes}><CanonicalizationMethod Algorithm=\"{c14n}\">\
             {canonicalization}</CanonicalizationMethod><SignatureMethod Algorithm=\"{signature}\">\
             </SignatureMethod><Reference URI=\"#_1\"><Transforms><Transform Algorithm=\"{DSIG}\
             enveloped-signature\"></Transform><Transform Algorithm=\"{c14n}\"></Transform></Transforms>\
             <DigestMethod Algorithm=\"{method}\"></DigestMethod><DigestValue>{digest}</DigestValue>\
             </Reference></SignedInfo>",
            c14n = EXCLUSIVE.uri(),
            signature = self.signature_method.uri(),
            method = self.digest_method.uri(),
            digest = STANDARD.encode(digest),
        )
    }

    pub(super) fn value(&self, octets: &str) -> Vec<u8> {
        let hash = self.signature_method.digest().message_digest();
        let mut signer = Signer::new(hash, self.key).unwrap();
        if is_pss(self.signature_method) {
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer.set_rsa_mgf1_md(hash).unwrap();
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
        }
        let value = signer.sign_oneshot_to_vec(octets.as_bytes()).unwrap();
        match self.signature_method.key_family() {
            KeyFamily::Rsa => value,
            KeyFamily::Ec => {
                let half = self.key.bits().div_ceil(8).try_into().unwrap();
                let value = EcdsaSig::from_der(&value).unwrap();
                [value.r(), value.s()].map(|n| n.to_vec_padded(half).unwrap()).concat()
            }
        }
    }

    pub(super) fn document(&self, signed_info: &str, value: &[u8]) -> String {
        let (value, padding) = (STANDARD.encode(value), &self.padding);
        self.element(&format!(
            "<Signature xmlns=\"{DSIG}\">{signed_info}<SignatureValue>{padding}{value}{padding}\
             </SignatureValue>{}</Signature>",
            self.key_info
        ))
    }

    pub(super) fn signed(&self) -> String {
        let signed_info = self.signed_info("", "");
        self.document(&signed_info, &self.value(&signed_info))
    }

    pub(super) fn judged(
        &self,
        engine: &dyn Engine,
        text: &str,
    ) -> Result<EngineReport, EngineError> {
        judged(engine, text, self.key)
    }
}

pub(super) fn rsa() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap()
}

pub(super) fn ec(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

pub(super) fn is_pss(method: SignatureMethod) -> bool {
    method.uri().ends_with("MGF1")
}
