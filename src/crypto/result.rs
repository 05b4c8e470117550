//! What was found out about the signatures of a message: plain data, for item 11 and the reports.

use std::ops::Range;

use crate::finding::{Finding, KEYINFO_MISMATCH, RESPONSE_ONLY, WHOLE_DOCUMENT_REFERENCE};
use crate::saml::{DSIG, Message, Place};
use crate::xml::{Document, Element};

use super::algorithm::{Canonicalization, DigestMethod, SignatureMethod};
use super::certificate::Certificate;

/// Which element a Signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The Response, and everything in it.
    Response,
    /// The Assertion.
    Assertion,
}

/// What is wrong with a Signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The content is not what was digested.
    Digest,
    /// The signature value does not verify, and KeyInfo names no other certificate.
    Value,
    /// The signature value does not verify, and KeyInfo names another certificate than the configured one.
    WrongKey,
    /// A signature, digest or canonicalisation algorithm that is not allowed.
    Algorithm,
    /// A transform that is not allowed.
    Transform,
    /// Not the schema's parts in the schema's number.
    Structure,
    /// The Reference does not name the element that carries the Signature.
    Reference,
    /// The Reference names an ID that no element carries.
    IdMissing,
    /// The Reference names an ID that several elements carry.
    IdDuplicate,
    /// The configured key is of the wrong kind, or too short.
    Key,
    /// The content cannot be canonicalised.
    Canonicalization,
    /// Two engines, or two computations, do not agree: neither is believed (security rule 11).
    Disagreement,
    /// The engine failed for another reason.
    Engine,
}

/// One thing wrong with one Signature, with both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// Whose Signature.
    pub signed: Signed,
    /// What would have passed.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// Where, in the decoded document.
    pub at: Place,
}

/// A certificate that came inside the message: displayed and compared, never trusted (security rule 1).
#[derive(Clone, Debug)]
pub enum KeyInfoCertificate {
    /// It could be read.
    Readable(Box<Certificate>),
    /// It could not, and why.
    Unreadable(String),
}

/// What was found out about one Signature.
#[derive(Clone, Debug)]
pub struct SignatureResult {
    /// What it is a child of.
    pub signed: Signed,
    /// The Signature element.
    pub at: Place,
    /// Its algorithms, when they are allowed ones.
    pub algorithms: Option<Algorithms>,
    /// Whether the content is what was digested; nothing when it could not be judged.
    pub reference_valid: Option<bool>,
    /// Whether the signature value verifies with a configured key; nothing when it could not be judged.
    pub value_valid: Option<bool>,
    /// The configured certificate whose key verified it.
    pub verified_with: Option<Certificate>,
    /// The certificates in its KeyInfo.
    pub key_info: Vec<KeyInfoCertificate>,
    /// What is wrong with it; nothing means that it holds.
    pub problems: Vec<Problem>,
}

/// The algorithms of one Signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithms {
    /// SignatureMethod
    pub method: SignatureMethod,
    /// DigestMethod
    pub digest: DigestMethod,
    /// CanonicalizationMethod of SignedInfo
    pub canonicalization: Canonicalization,
    /// Canonicalisation among the Transforms
    pub transform: Option<Canonicalization>,
    /// The Reference has an empty URI: it names the whole document.
    pub whole_document: bool,
}

/// Everything item 11 prints.
#[derive(Clone, Debug, Default)]
pub struct SignatureReport {
    /// The Response's Signature, if it carries one.
    pub response: Option<SignatureResult>,
    /// The Assertion's Signature, if it carries one.
    pub assertion: Option<SignatureResult>,
    /// The certificates of the configuration.
    pub configured: Vec<Certificate>,
    /// Which engine judged.
    pub engine: &'static str,
    /// What is worth telling besides.
    pub findings: Vec<Finding>,
}

/// The part of a document that one Signature covers: an element without the Signature that is enveloped in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The numbers of the element and all inside it.
    pub element: Range<usize>,
    /// Those of the Signature.
    pub signature: Range<usize>,
}

impl Covered {
    /// Whether the element with this number is covered.
    #[must_use]
    pub fn holds(&self, ordinal: usize) -> bool {
        self.element.contains(&ordinal) && !self.signature.contains(&ordinal)
    }
}

impl Signed {
    /// The element's name, as item 11 words it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Assertion => "assertion",
        }
    }
}

impl KeyInfoCertificate {
    /// The certificates in the `X509Data` of a Signature's KeyInfo, in document order. Most are among the `configured` ones.
    pub(super) fn all(signature: Element<'_>, configured: &[Certificate]) -> Vec<Self> {
        let key_infos = signature.children().filter(|child| child.is(DSIG, "KeyInfo"));
        let data = key_infos.flat_map(Element::children).filter(|child| child.is(DSIG, "X509Data"));
        let certificates =
            data.flat_map(Element::children).filter(|child| child.is(DSIG, "X509Certificate"));
        certificates
            .map(|element| match Certificate::parse_one(&element.text().value, configured) {
                Ok(certificate) => Self::Readable(Box::new(certificate)),
                Err(error) => Self::Unreadable(error.to_string()),
            })
            .collect()
    }
}

impl Problem {
    pub(super) fn new(
        kind: ProblemKind,
        signed: Signed,
        expected: impl Into<String>,
        found: impl Into<String>,
        at: Element<'_>,
    ) -> Self {
        let at = Place(at.ordinal());
        Self { kind, signed, expected: expected.into(), found: found.into(), at }
    }
}

impl SignatureReport {
    /// Every Signature that was read, the Response's first.
    pub fn results(&self) -> impl Iterator<Item = &SignatureResult> {
        self.response.iter().chain(&self.assertion)
    }

    /// What the verified Signatures cover of `document`, which is the one that every [`Place`] refers to.
    #[must_use]
    pub fn covered(&self, document: &Document) -> Vec<Covered> {
        let valid = self.results().filter(|result| result.is_valid());
        let parts = valid.filter_map(|result| {
            let signature = document.element(result.at.0)?;
            let element = signature.parent()?.subtree();
            Some(Covered { element, signature: signature.subtree() })
        });
        parts.collect()
    }

    /// The configured certificates that verified something, each once.
    #[must_use]
    pub fn verified_with(&self) -> Vec<&Certificate> {
        let mut used: Vec<&Certificate> = Vec::new();
        for certificate in self.results().filter_map(|result| result.verified_with.as_ref()) {
            if !used.contains(&certificate) {
                used.push(certificate);
            }
        }
        used
    }

    /// Whether KeyInfo carries the configured certificate: item 11's third line. Nothing when no certificate came.
    #[must_use]
    pub fn key_info_matches(&self) -> Option<bool> {
        let mut certificates = self.results().flat_map(|result| &result.key_info).peekable();
        certificates.peek()?;
        Some(
            self.results()
                .filter(|r| !r.key_info.is_empty())
                .all(|r| r.names_one_of(&self.configured)),
        )
    }
}

impl SignatureResult {
    /// Whether it holds in every respect.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.problems.is_empty()
            && self.reference_valid == Some(true)
            && self.value_valid == Some(true)
            && self.verified_with.is_some()
    }

    pub(super) fn names_one_of(&self, configured: &[Certificate]) -> bool {
        self.key_info.iter().any(|certificate| match certificate {
            KeyInfoCertificate::Readable(certificate) => configured.contains(certificate),
            KeyInfoCertificate::Unreadable(_) => false,
        })
    }
}

/// What the verification tells besides: what only it knows. The document itself is looked at in [`crate::survey`].
pub(super) fn findings(report: &SignatureReport, message: &Message) -> Vec<Finding> {
    let mut findings = Vec::new();
    for result in report.results() {
        if result.algorithms.is_some_and(|algorithms| algorithms.whole_document) {
            findings.push(WHOLE_DOCUMENT_REFERENCE.found("URI=\"\"", result.at));
        }
        if result.is_valid()
            && !result.key_info.is_empty()
            && !result.names_one_of(&report.configured)
        {
            findings.push(KEYINFO_MISMATCH.found(result.signed.name(), result.at));
        }
    }
    if let (Some(response), None) = (&report.response, &report.assertion)
        && message.assertion().is_some()
    {
        findings.push(RESPONSE_ONLY.found("", response.at));
    }
    findings
}
