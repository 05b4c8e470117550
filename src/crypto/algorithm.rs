//! The algorithms that a signature may name, with their identifiers: what is not here is refused.
//!
//! xmldsig-core1 §6, RFC 6931 §2. The platform documents RSA with SHA-1 and SHA-256; the others verify and are
//! reported.

use openssl::hash::MessageDigest;

/// The kinds of key that signature algorithms take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFamily {
    /// RSA, for PKCS#1 v1.5 and PSS signatures alike.
    Rsa,
    /// Elliptic curves.
    Ec,
}

/// The signature algorithms that may verify (xmldsig-core1 §6.4, RFC 6931 §2.3).
///
/// HMAC is absent on purpose: with it, the public key would be the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the algorithms'")]
pub enum SignatureMethod {
    RsaSha1,
    RsaSha224,
    RsaSha256,
    RsaSha384,
    RsaSha512,
    EcdsaSha1,
    EcdsaSha224,
    EcdsaSha256,
    EcdsaSha384,
    EcdsaSha512,
    RsaPssSha1,
    RsaPssSha224,
    RsaPssSha256,
    RsaPssSha384,
    RsaPssSha512,
}

impl SignatureMethod {
    /// Every algorithm.
    pub const ALL: [Self; 15] = [
        Self::RsaSha1,
        Self::RsaSha224,
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
        Self::EcdsaSha1,
        Self::EcdsaSha224,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::EcdsaSha512,
        Self::RsaPssSha1,
        Self::RsaPssSha224,
        Self::RsaPssSha256,
        Self::RsaPssSha384,
        Self::RsaPssSha512,
    ];

    /// The algorithm that an `Algorithm` attribute names, compared byte for byte.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.uri() == uri)
    }

    /// The algorithm's identifier.
    pub fn uri(self) -> &'static str {
        match self {
            Self::RsaSha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::RsaSha224 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Self::EcdsaSha1 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
            Self::EcdsaSha224 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224",
            Self::EcdsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::EcdsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
            Self::EcdsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
            Self::RsaPssSha1 => "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
            Self::RsaPssSha224 => "http://www.w3.org/2007/05/xmldsig-more#sha224-rsa-MGF1",
            Self::RsaPssSha256 => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            Self::RsaPssSha384 => "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
            Self::RsaPssSha512 => "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
        }
    }

    /// The identifier's fragment, which is how people name the algorithm: `rsa-sha256`.
    pub fn name(self) -> &'static str {
        fragment(self.uri())
    }

    /// The hash that is signed.
    pub fn digest(self) -> DigestMethod {
        match self {
            Self::RsaSha1 | Self::EcdsaSha1 | Self::RsaPssSha1 => DigestMethod::Sha1,
            Self::RsaSha224 | Self::EcdsaSha224 | Self::RsaPssSha224 => DigestMethod::Sha224,
            Self::RsaSha256 | Self::EcdsaSha256 | Self::RsaPssSha256 => DigestMethod::Sha256,
            Self::RsaSha384 | Self::EcdsaSha384 | Self::RsaPssSha384 => DigestMethod::Sha384,
            Self::RsaSha512 | Self::EcdsaSha512 | Self::RsaPssSha512 => DigestMethod::Sha512,
        }
    }

    /// The kind of key it takes.
    pub fn key_family(self) -> KeyFamily {
        match self {
            Self::EcdsaSha1
            | Self::EcdsaSha224
            | Self::EcdsaSha256
            | Self::EcdsaSha384
            | Self::EcdsaSha512 => KeyFamily::Ec,
            Self::RsaSha1
            | Self::RsaSha224
            | Self::RsaSha256
            | Self::RsaSha384
            | Self::RsaSha512
            | Self::RsaPssSha1
            | Self::RsaPssSha224
            | Self::RsaPssSha256
            | Self::RsaPssSha384
            | Self::RsaPssSha512 => KeyFamily::Rsa,
        }
    }

    /// Whether the platform documents the algorithm; the others verify, but are reported.
    pub fn documented(self) -> bool {
        matches!(self, Self::RsaSha1 | Self::RsaSha256)
    }
}

/// The digest algorithms that may stand in a `Reference` (xmldsig-core1 §6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the algorithms'")]
pub enum DigestMethod {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl DigestMethod {
    /// Every algorithm.
    pub const ALL: [Self; 5] = [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The algorithm that an `Algorithm` attribute names, compared byte for byte.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.uri() == uri)
    }

    /// The algorithm's identifier.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha224 => "http://www.w3.org/2001/04/xmldsig-more#sha224",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    /// The identifier's fragment: `sha256`.
    pub fn name(self) -> &'static str {
        fragment(self.uri())
    }

    /// Whether the platform documents the algorithm; the others verify, but are reported.
    pub fn documented(self) -> bool {
        matches!(self, Self::Sha1 | Self::Sha256)
    }

    pub(super) fn message_digest(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha224 => MessageDigest::sha224(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

/// The ways to write XML as octets (xml-c14n, xml-c14n11, xml-exc-c14n).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canonicalization {
    /// Exclusive 1.0: namespaces only where they are used, so that the element can be moved.
    Exclusive {
        /// Whether comments are kept.
        comments: bool,
    },
    /// Inclusive 1.0: with everything inherited from the ancestors.
    Inclusive10 {
        /// Whether comments are kept.
        comments: bool,
    },
    /// Inclusive 1.1: as 1.0, but `xml:id` is not inherited.
    Inclusive11 {
        /// Whether comments are kept.
        comments: bool,
    },
}

impl Canonicalization {
    /// Every algorithm, without comments before with comments.
    pub const ALL: [Self; 6] = [
        Self::Exclusive { comments: false },
        Self::Exclusive { comments: true },
        Self::Inclusive10 { comments: false },
        Self::Inclusive10 { comments: true },
        Self::Inclusive11 { comments: false },
        Self::Inclusive11 { comments: true },
    ];

    /// The algorithm that an `Algorithm` attribute names, compared byte for byte.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.uri() == uri)
    }

    /// The algorithm's identifier.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Exclusive { comments: false } => "http://www.w3.org/2001/10/xml-exc-c14n#",
            Self::Exclusive { comments: true } => {
                "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"
            }
            Self::Inclusive10 { comments: false } => {
                "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
            }
            Self::Inclusive10 { comments: true } => {
                "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
            }
            Self::Inclusive11 { comments: false } => "http://www.w3.org/2006/12/xml-c14n11",
            Self::Inclusive11 { comments: true } => {
                "http://www.w3.org/2006/12/xml-c14n11#WithComments"
            }
        }
    }

    /// The short name in use, after the specification: `exc-c14n`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exclusive { comments: false } => "exc-c14n",
            Self::Exclusive { comments: true } => "exc-c14n#WithComments",
            Self::Inclusive10 { comments: false } => "c14n",
            Self::Inclusive10 { comments: true } => "c14n#WithComments",
            Self::Inclusive11 { comments: false } => "c14n11",
            Self::Inclusive11 { comments: true } => "c14n11#WithComments",
        }
    }

    /// Whether comments are kept.
    pub fn comments(self) -> bool {
        match self {
            Self::Exclusive { comments }
            | Self::Inclusive10 { comments }
            | Self::Inclusive11 { comments } => comments,
        }
    }
}

fn fragment(uri: &'static str) -> &'static str {
    uri.rsplit_once('#').map_or(uri, |(_, fragment)| fragment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_is_found_by_its_own_uri_only() {
        for method in SignatureMethod::ALL {
            assert_eq!(SignatureMethod::from_uri(method.uri()), Some(method));
            assert!(method.name().contains(method.digest().name()));
        }
        for method in DigestMethod::ALL {
            assert_eq!(DigestMethod::from_uri(method.uri()), Some(method));
        }
        for method in Canonicalization::ALL {
            assert_eq!(Canonicalization::from_uri(method.uri()), Some(method));
            assert_eq!(method.comments(), method.uri().ends_with("#WithComments"));
        }
    }

    #[test]
    fn hmac_and_unknown_algorithms_are_no_signature_methods() {
        let hmac = "http://www.w3.org/2000/09/xmldsig#hmac-sha1";
        assert_eq!([hmac, "", "rsa-sha256"].map(SignatureMethod::from_uri), [None; 3]);
    }
}
