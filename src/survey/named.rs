//! Which element each Signature names by its Reference: a claim, which nothing here verifies.

use std::collections::HashMap;

use super::is_assertion;
use crate::crypto::Covered;
use crate::saml::{DSIG, ids};
use crate::xml::{Document, Element};

/// A Signature and the element that its first Reference names by an ID.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'d> {
    pub(super) signature: Element<'d>,
    pub(super) reference: Element<'d>,
    pub(super) element: Element<'d>,
}

impl<'d> Named<'d> {
    /// Of these Signatures, each that names an element which is there.
    ///
    /// Where several elements share the ID, the Signature's parent is meant if it is one of them, as every verifier of SAML
    /// should take it; otherwise the first.
    pub(super) fn all(document: &'d Document, signatures: &[Element<'d>]) -> Vec<Self> {
        let mut holders: Option<HashMap<&str, Element<'d>>> = None;
        let one = |signature: &Element<'d>| {
            let reference = reference(*signature)?;
            let id = reference.attribute("URI")?.strip_prefix('#')?;
            let parent = signature.parent()?;
            let element = if parent.attribute("ID") == Some(id) {
                parent
            } else {
                *holders.get_or_insert_with(|| holders_of(document)).get(id)?
            };
            Some(Self { signature: *signature, reference, element })
        };
        signatures.iter().filter_map(one).collect()
    }

    /// Whether the Signature stands in what it names, as SAML has it.
    pub(super) fn is_enveloped(&self) -> bool {
        self.signature.parent() == Some(self.element)
    }
}

/// The first element of each ID: by the attribute `ID`, or else by another spelling.
fn holders_of(document: &Document) -> HashMap<&str, Element<'_>> {
    let mut holders = HashMap::new();
    for element in document.elements() {
        if let Some(id) = element.attribute("ID") {
            holders.entry(id).or_insert(element);
        }
    }
    for element in document.elements() {
        for id in ids(element) {
            holders.entry(id).or_insert(element);
        }
    }
    holders
}

/// The first Reference.
pub(super) fn reference(signature: Element<'_>) -> Option<Element<'_>> {
    let info = signature.children().find(|child| child.is(DSIG, "SignedInfo"))?;
    info.children().find(|child| child.is(DSIG, "Reference"))
}

/// The assertion that a Signature claims to cover: the one it names, or the one in the Response it names.
pub(crate) fn named_assertion(document: &Document) -> Option<Element<'_>> {
    let signatures: Vec<_> =
        document.elements().filter(|e| e.is(DSIG, "Signature")).take(super::LOOKED_AT).collect();
    let named = Named::all(document, &signatures);
    let assertion = |named: &Named<'_>| named.element.local_name() == "Assertion";
    let direct = named.iter().find(|named| assertion(named)).map(|named| named.element);
    direct.or_else(|| {
        named.iter().find_map(|named| named.element.children().find(|child| is_assertion(*child)))
    })
}

/// The same as a part of the document, without the Signature in it.
pub(crate) fn claimed_assertion(document: &Document) -> Option<Covered> {
    let assertion = named_assertion(document)?;
    let signature = assertion.children().find(|child| child.is(DSIG, "Signature"));
    let signature = signature.map(Element::subtree).unwrap_or_default();
    Some(Covered { element: assertion.subtree(), signature })
}
