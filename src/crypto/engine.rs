//! What a signature engine is asked and what it answers, so that two engines can judge the same signature.
//!
//! An engine never decides what is acceptable: `signature.rs` has vetted the `Signature` on our own document before.
//! It only computes: xmldsig-core1 §3.2.1 (reference validation) and §3.2.2 (signature validation), each by itself.

use std::fmt;

use openssl::pkey::{PKeyRef, Public};

pub(crate) use super::algorithm::{Canonicalization, DigestMethod, KeyFamily, SignatureMethod};
use crate::xml::Document;

/// The namespace of XML Signature, in which every element that an engine reads stands.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Something that can tell whether a vetted signature holds.
pub(crate) trait Engine {
    /// Who judged, for the report.
    fn name(&self) -> &'static str;

    /// Verifies one signature with one key; the `KeyInfo` of the message is never consulted.
    ///
    /// # Errors
    /// When the engine could not judge: that is never a verdict.
    fn verify(
        &self,
        target: &Target<'_>,
        key: &PKeyRef<Public>,
    ) -> Result<EngineReport, EngineError>;
}

/// What to verify, vetted before by `signature.rs`.
///
/// Elements are named by their ordinal in document order, counted from 0 and elements only, so that every engine
/// finds the one that was vetted and not one that merely looks the same.
#[derive(Clone, Debug)]
pub(crate) struct Target<'d> {
    /// The document; an engine with a parser of its own parses its text once more.
    pub(crate) document: &'d Document,
    /// Ordinal of the element that was signed.
    pub(crate) element: usize,
    /// Ordinal of the `Signature`, a direct child of the signed element.
    pub(crate) signature: usize,
    /// The `ID` that the `Reference` names; `None` when `URI=""`, and the signed element is then the root.
    pub(crate) id: Option<&'d str>,
    /// The algorithm of `SignatureMethod`.
    pub(crate) signature_method: SignatureMethod,
    /// The algorithm of the reference's `DigestMethod`.
    pub(crate) digest_method: DigestMethod,
    /// How `SignedInfo` is canonicalised.
    pub(crate) canonicalization: Canonicalization,
}

/// The two halves of a signature, judged separately because the page prints both (item 11).
#[derive(Debug)]
pub(crate) struct EngineReport {
    /// Whether the signed element has the digest that `SignedInfo` states.
    pub(crate) reference_valid: bool,
    /// Whether `SignatureValue` was made over `SignedInfo` with the key, whatever the digest says.
    pub(crate) signature_valid: bool,
    /// The octets that were digested, only when both halves hold.
    pub(crate) octets: Option<Octets>,
    /// Who judged: where two engines are asked but one lacks the algorithm, the other alone.
    pub(crate) judges: &'static str,
}

/// The exact octets that a valid signature covers; only an engine can make them.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Octets(Vec<u8>);

impl Octets {
    /// To be called by an engine that found both halves valid, and by nobody else.
    pub(super) fn seal(digested: Vec<u8>) -> Self {
        Self(digested)
    }

    /// The octets, to be parsed again: an accepted assertion is read from nothing else.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Octets({} bytes)", self.0.len())
    }
}

/// Why an engine could not judge.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(
    not(feature = "xmlsec"),
    expect(dead_code, reason = "some only befall libxmlsec1, or two engines")
)]
pub(crate) enum EngineError {
    /// The document is not well-formed for this engine, although our parser accepted it.
    #[error("the document cannot be parsed: {0}")]
    Parse(String),
    /// The elements found are not those that were vetted: two parsers disagree.
    #[error("the Signature is not the one that was vetted: {0}")]
    Structure(&'static str),
    /// `DigestValue` or `SignatureValue` is not base64.
    #[error("{0} is not base64")]
    Base64(&'static str),
    /// Canonicalisation failed or yielded nothing.
    #[error("the signed content cannot be canonicalized: {0}")]
    Canonicalization(String),
    /// The key cannot be used, or is not of the algorithm's family.
    #[error("the key cannot be used: {0}")]
    Key(String),
    /// The engine lacks the algorithm.
    #[error("{engine} does not support {algorithm}")]
    Unsupported {
        /// The engine that lacks it.
        engine: &'static str,
        /// The algorithm's identifier.
        algorithm: &'static str,
    },
    /// The document has so many elements, attributes or names, or is so deep for its size, that this engine would take too long.
    #[error(
        "the document would cost {engine} more than its limit of {limit} elements and attributes, names, or steps up the tree"
    )]
    TooCostly {
        /// The engine that would take too long.
        engine: &'static str,
        /// How many elements and attributes or different names it may hold, or steps up the tree it may take.
        limit: usize,
    },
    /// The engine contradicts what was computed beside it, so neither is believed.
    #[error("two computations of the same value disagree: {0}")]
    Disagreement(&'static str),
    /// Two engines judged the same signature and do not agree, so neither is believed.
    #[error("the engines disagree: {0}; {1}")]
    Difference(Side, Side),
    /// The engine failed for a reason of its own.
    #[error("the signature engine failed: {0}")]
    Engine(String),
}

/// What one of two engines that do not agree has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    /// Its name.
    pub(crate) engine: &'static str,
    /// Its verdict, or why it has none.
    pub(crate) says: String,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} says {}", self.engine, self.says)
    }
}

/// The version of the OpenSSL that is loaded.
pub fn openssl_version() -> &'static str {
    openssl::version::version()
}
