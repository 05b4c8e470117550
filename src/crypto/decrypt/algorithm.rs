//! The encryption algorithms that are understood, and what an `EncryptionMethod` says about them.
//!
//! xmlenc-core1 §5.2 (content), §5.5 (key transport); everything else is refused by name.

use std::fmt;

use crate::saml::{DSIG, XENC};
use crate::xml::Element;

use super::super::engine::DigestMethod;
use super::structure::{base64_text, only};

/// Namespace of what XML Encryption 1.1 added: MGF.
const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
const MGF1: &str = "http://www.w3.org/2009/xmlenc11#mgf1";

/// How the content is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the algorithms'")]
pub enum ContentCipher {
    Aes128Cbc,
    Aes192Cbc,
    Aes256Cbc,
    Aes128Gcm,
    Aes192Gcm,
    Aes256Gcm,
    TripleDesCbc,
}

/// How the content's key is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyTransport {
    /// RSA with the padding of PKCS#1 v1.5.
    Rsa15,
    /// RSA-OAEP.
    Oaep {
        /// Hash of the label.
        digest: DigestMethod,
        /// Hash of the mask generation function.
        mgf: DigestMethod,
        /// `OAEPparams`
        label: Vec<u8>,
        /// `rsa-oaep-mgf1p`, the identifier that fixes the mask generation function.
        mgf1p: bool,
    },
}

impl ContentCipher {
    /// Every cipher.
    pub const ALL: [Self; 7] = [
        Self::Aes128Cbc,
        Self::Aes192Cbc,
        Self::Aes256Cbc,
        Self::Aes128Gcm,
        Self::Aes192Gcm,
        Self::Aes256Gcm,
        Self::TripleDesCbc,
    ];

    /// The algorithm's identifier.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
            Self::Aes192Cbc => "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
            Self::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes192Gcm => "http://www.w3.org/2009/xmlenc11#aes192-gcm",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::TripleDesCbc => "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
        }
    }

    /// The identifier's fragment: `aes256-gcm`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.uri().rsplit_once('#').map_or("", |(_, name)| name)
    }

    /// Whether it notices that the ciphertext was changed.
    #[must_use]
    pub fn is_authenticated(self) -> bool {
        match self {
            Self::Aes128Gcm | Self::Aes192Gcm | Self::Aes256Gcm => true,
            Self::Aes128Cbc | Self::Aes192Cbc | Self::Aes256Cbc | Self::TripleDesCbc => false,
        }
    }

    /// Reads the `EncryptionMethod` of an EncryptedData; the error is what stands there.
    pub(super) fn read(method: Option<Element<'_>>) -> Result<Self, String> {
        let uri = method.and_then(|method| method.attribute("Algorithm")).unwrap_or_default();
        Self::ALL.into_iter().find(|cipher| cipher.uri() == uri).ok_or_else(|| uri.to_owned())
    }
}

impl KeyTransport {
    const RSA15: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
    const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

    /// Reads the `EncryptionMethod` of an EncryptedKey; the error is what stands there.
    pub(super) fn read(method: Option<Element<'_>>) -> Result<Self, String> {
        let uri = method.and_then(|method| method.attribute("Algorithm")).unwrap_or_default();
        let mgf1p = match uri {
            Self::RSA15 => return Ok(Self::Rsa15),
            Self::OAEP_MGF1P => true,
            Self::OAEP => false,
            other => return Err(other.to_owned()),
        };
        let child = |namespaces: &[&str], name: &'static str| {
            only(method, |c| namespaces.contains(&c.namespace()) && c.local_name() == name)
                .map_err(|()| format!("two {name} elements"))
        };
        // Without a DigestMethod it is SHA-1, without an MGF it is MGF1 with SHA-1 (xmlenc-core1 §5.5.2).
        let digest = match child(&[DSIG], "DigestMethod")? {
            Some(element) => digest(element.attribute("Algorithm").unwrap_or_default())?,
            None => DigestMethod::Sha1,
        };
        let mgf = match child(&[XENC11, XENC], "MGF")? {
            Some(element) if !mgf1p => mask(element.attribute("Algorithm").unwrap_or_default())?,
            Some(_) | None => DigestMethod::Sha1,
        };
        let label = match child(&[XENC], "OAEPparams")? {
            Some(element) => base64_text(element).ok_or("OAEPparams is not base64")?,
            None => Vec::new(),
        };
        Ok(Self::Oaep { digest, mgf, label, mgf1p })
    }
}

/// Choice: by the identifier's fragment, in every namespace that has been used for digests: xmlenc-core1 writes
/// `xmlenc#sha384`, RFC 6931 `xmldsig-more#sha384`, and node's xml-encryption `xmldsig#sha256`, or `sha384` alone. A wrong guess
/// opens nothing.
fn digest(uri: &str) -> Result<DigestMethod, String> {
    const SPACES: [&str; 3] = [
        "http://www.w3.org/2000/09/xmldsig",
        "http://www.w3.org/2001/04/xmlenc",
        "http://www.w3.org/2001/04/xmldsig-more",
    ];
    let (space, name) = uri.split_once('#').unzip();
    let name = name.unwrap_or(uri);
    let known = DigestMethod::ALL.into_iter().find(|digest| digest.name() == name);
    let ours = space.is_none_or(|space| SPACES.contains(&space));
    known.filter(|_| ours).ok_or_else(|| uri.to_owned())
}

fn mask(uri: &str) -> Result<DigestMethod, String> {
    let name = uri.strip_prefix(MGF1).unwrap_or_default();
    DigestMethod::ALL.into_iter().find(|d| d.name() == name).ok_or_else(|| uri.to_owned())
}

impl fmt::Display for ContentCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for KeyTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa15 => f.write_str("rsa-1_5"),
            Self::Oaep { digest, mgf, label, mgf1p } => {
                let name = if *mgf1p { "rsa-oaep-mgf1p" } else { "rsa-oaep" };
                write!(f, "{name} with {} and MGF1 with {}", digest.name(), mgf.name())?;
                if label.is_empty() { Ok(()) } else { f.write_str(" and a label") }
            }
        }
    }
}
