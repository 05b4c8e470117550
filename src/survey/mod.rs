//! Looks at the whole document for what is worth telling, the parts that nothing is read from among them: Extensions,
//! StatusDetail, Advice, Object, and whatever stands beside them.
//!
//! It decides nothing and repairs nothing. It tells whatever the verdict is, also when no signature could be judged. One walk in
//! document order finds what the other files look at closer; a clean message costs no more than that walk:
//!
//! | file | what it tells |
//! | --- | --- |
//! | `markup.rs` | comments and processing instructions |
//! | `assertions.rs` | assertions and identifiers in the wrong place, look-alike IDs |
//! | `named.rs`, `wrapping.rs` | what each Signature names, and the shape of signature wrapping |
//! | `signature.rs`, `algorithms.rs` | what stands in a Signature |
//! | `certificates.rs` | keys and dates of certificates |

mod algorithms;
mod assertions;
mod certificates;
mod markup;
mod named;
mod signature;
#[cfg(test)]
mod tests;
mod wrapping;

use jiff::Timestamp;

pub(crate) use named::{claimed_assertion, named_assertion};
pub use wrapping::Shape;

use crate::crypto::{Covered, SignatureReport};
use crate::finding::{DOCTYPE, Finding, Findings, Site};
use crate::saml::{DSIG, Message, XENC};
use crate::xml::{Document, Element, XmlError, XmlErrorKind};
use named::Named;

/// Elements of one kind that are looked at closer. Choice: 256; a login has one or two of each, and one too many rejects already.
const LOOKED_AT: usize = 256;

/// Everything worth telling about `document`, which `message` was read from, at the judged moment.
pub(crate) fn survey(
    document: &Document,
    message: &Message,
    signatures: &SignatureReport,
    now: Timestamp,
) -> Vec<Finding> {
    let seen = Seen::of(document);
    let covered = signatures.covered(document);
    let named = Named::all(document, &seen.signatures);
    let mut findings = Findings::default();
    markup::tell(document, &mut findings);
    assertions::tell(&seen, message, &named, &covered, &mut findings);
    wrapping::tell(&seen, &named, &covered, &mut findings);
    signature::tell(&seen.signatures, signatures, &mut findings);
    algorithms::of_encryption(&seen.encryption, &mut findings);
    certificates::tell(document, signatures, now, &mut findings);
    findings.into_vec()
}

/// What a document that was refused still tells.
pub(crate) fn refused(error: &XmlError) -> Option<Finding> {
    (error.kind == XmlErrorKind::Dtd).then(|| DOCTYPE.found("<!DOCTYPE", Site::Line(error.line)))
}

/// Is this what somebody takes for an assertion, who looks at the name alone?
pub(crate) fn is_assertion(element: Element<'_>) -> bool {
    matches!(element.local_name(), "Assertion" | "EncryptedAssertion")
}

/// What one walk finds.
struct Seen<'d> {
    root: Element<'d>,
    /// By their local name alone.
    assertions: Vec<Element<'d>>,
    signatures: Vec<Element<'d>>,
    /// `NameID` elements outside of every assertion, by their local name alone.
    name_ids: Vec<Element<'d>>,
    /// `EncryptionMethod` of what is still encrypted.
    encryption: Vec<Element<'d>>,
}

impl<'d> Seen<'d> {
    fn of(document: &'d Document) -> Self {
        let root = document.root();
        let mut seen = Self {
            root,
            assertions: Vec::new(),
            signatures: Vec::new(),
            name_ids: Vec::new(),
            encryption: Vec::new(),
        };
        let mut assertions_end = 0;
        for element in document.elements() {
            let list = match element.local_name() {
                "Assertion" | "EncryptedAssertion" => {
                    assertions_end = assertions_end.max(element.subtree().end);
                    &mut seen.assertions
                }
                "Signature" if element.namespace() == DSIG => &mut seen.signatures,
                "NameID" if element.ordinal() >= assertions_end => &mut seen.name_ids,
                "EncryptionMethod" if element.namespace() == XENC => &mut seen.encryption,
                _ => continue,
            };
            if list.len() < LOOKED_AT {
                list.push(element);
            }
        }
        seen
    }
}

/// Whether one of these parts holds the element.
fn holds(covered: &[Covered], element: Element<'_>) -> bool {
    covered.iter().any(|part| part.holds(element.ordinal()))
}
