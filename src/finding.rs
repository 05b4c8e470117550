//! Things worth telling that do not fail a check by themselves: weak algorithms, odd structure, traces of an attack.
//!
//! A [`Finding`] stands under the item it belongs to (6 for structure, 11 for signatures) and never decides a verdict; where
//! the same fact also breaks a rule, a check fails for it. Words live with the code, as data, so that `explain` can list them.

use crate::saml::Place;

/// How much a finding should worry its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Legitimate software hardly ever does this; attackers do.
    Attack,
    /// Cryptography or configuration below what is advised today.
    Weak,
    /// Legal, and unlike what identity providers usually send.
    Unusual,
}

impl Severity {
    /// The word in reports and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Weak => "weak",
            Self::Unusual => "unusual",
        }
    }
}

/// The kind of a finding, as data.
#[derive(Debug, PartialEq, Eq)]
pub struct FindingCode {
    /// Stable, kebab-case, unique among findings and failure codes.
    pub id: &'static str,
    /// How much it should worry.
    pub severity: Severity,
    /// Id of the check under which it is shown.
    pub check: &'static str,
    /// One sentence, without the values.
    pub says: &'static str,
}

/// One fact found in the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of fact.
    pub code: &'static FindingCode,
    /// The value it was seen in, unescaped.
    pub found: String,
    /// Where in the decoded document.
    pub at: Option<Place>,
}

impl FindingCode {
    /// A finding of this kind.
    pub fn found(&'static self, found: impl Into<String>, at: impl Into<Option<Place>>) -> Finding {
        Finding { code: self, found: found.into(), at: at.into() }
    }
}

macro_rules! finding_codes {
    ($($name:ident = $id:literal, $severity:ident, $check:literal, $says:literal;)*) => {
        $(
            #[doc = concat!("`", $id, "`")]
            pub static $name: FindingCode = FindingCode {
                id: $id, severity: Severity::$severity, check: $check, says: $says,
            };
        )*
        /// Every kind of finding, in the order of `explain`.
        pub static ALL: &[&FindingCode] = &[$(&$name),*];
    };
}

finding_codes! {
    COMMENT_IN_VALUE = "comment-in-value", Attack, "format",
        "A comment stands inside a value; a careless reader would cut the value there.";
    INSTRUCTION_IN_VALUE = "instruction-in-value", Attack, "format",
        "A processing instruction stands inside a value; a careless reader would cut the value there.";
    SIGNATURE_ELSEWHERE = "signature-elsewhere", Attack, "format",
        "A Signature stands where none is read: it is not a child of the Response or Assertion that is used.";
    WHITESPACE_TRIMMED = "whitespace-trimmed", Unusual, "format",
        "White space around a value was ignored, as pretty-printing often adds it.";
    TIME_WITHOUT_ZONE = "time-without-zone", Unusual, "format",
        "A time carries no zone; it was read as UTC (saml-core-2.0 \u{a7}1.3.3).";
    DUPLICATE_ID = "duplicate-id", Attack, "format",
        "Two elements carry the same ID.";
    IN_RESPONSE_TO_DIFFERS = "in-response-to-differs", Unusual, "format",
        "The InResponseTo of the Response and of the SubjectConfirmationData differ.";
    ORGANIZATION_WITHOUT_PORTAL = "organization-without-portal", Unusual, "portal-organization",
        "organization_id came without portal_id; a portal login needs both.";
    KEYINFO_MISMATCH = "keyinfo-mismatch", Unusual, "signature",
        "The signature verifies with the configured certificate, yet KeyInfo carries another one; the platform may refuse this login.";
    KEYINFO_UNREADABLE = "keyinfo-unreadable", Unusual, "signature",
        "A certificate in KeyInfo cannot be read.";
    SHA1 = "weak-sha1", Weak, "signature",
        "SHA-1 is used; it is no longer collision resistant.";
    SHORT_KEY = "weak-key", Weak, "signature",
        "The RSA key is shorter than 2048 bits.";
    UNDOCUMENTED_ALGORITHM = "undocumented-algorithm", Unusual, "signature",
        "The algorithm verifies here, but this platform documents RSA with SHA-1 or SHA-256 only.";
    WHOLE_DOCUMENT_REFERENCE = "whole-document-reference", Unusual, "signature",
        "The Reference has an empty URI: it names the whole document instead of an ID.";
    WEAK_RSA15 = "weak-rsa15", Weak, "signature",
        "The content key is encrypted with RSA and the padding of PKCS#1 v1.5, which has been broken again and again; RSA-OAEP is advised.";
    WEAK_CBC = "weak-cbc", Weak, "signature",
        "The content is encrypted in CBC mode, which does not notice changes; AES-GCM is advised.";
    WEAK_TRIPLE_DES = "weak-3des", Weak, "signature",
        "The content is encrypted with Triple DES, which is no longer advised; use AES-GCM.";
    ENCRYPTED_PART = "encrypted-part", Unusual, "format",
        "The NameID came encrypted by itself; the platform decrypts whole assertions only.";
    RESPONSE_ONLY = "response-only", Unusual, "signature",
        "Only the Response is signed; the platform asks for a signed Assertion and recommends signing both.";
    CERTIFICATE_TOO_LARGE = "certificate-too-large", Unusual, "signature",
        "The configured certificate is over 4 KB, the platform's limit for uploads.";
}
