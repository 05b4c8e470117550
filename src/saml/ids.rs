//! Identifiers in a document, under every spelling that some engine takes for an ID (security rule 3).

use std::collections::HashMap;

use crate::finding::{DUPLICATE_ID, Finding};
use crate::xml::{Attribute, Document, Element};

use super::Place;

/// The values of `element`'s attributes that some engine takes for an ID: `ID`, `Id`, `id`, `xml:id`, and SAML 1.x's own.
pub(crate) fn ids(element: Element<'_>) -> impl Iterator<Item = &str> {
    spelt_alike(element).map(Attribute::value)
}

/// Those of them that are spelt in another way than SAML 2.0 spells its `ID`.
pub(crate) fn look_alike_ids(element: Element<'_>) -> impl Iterator<Item = Attribute<'_>> {
    spelt_alike(element).filter(|id| id.name() != "ID" || !id.namespace().is_empty())
}

fn spelt_alike(element: Element<'_>) -> impl Iterator<Item = Attribute<'_>> {
    element.attributes().filter(|attribute| {
        let name = attribute.local_name();
        name.eq_ignore_ascii_case("id")
            || matches!(name, "AssertionID" | "ResponseID" | "RequestID")
    })
}

/// Choice: repeated IDs told of one message; the first already says what is wrong.
const TOLD: usize = 64;

/// A finding for every element that repeats an ID, up to [`TOLD`].
pub(super) fn duplicates(document: &Document) -> Vec<Finding> {
    let mut holders: HashMap<&str, usize> = HashMap::new();
    let mut findings = Vec::new();
    for element in document.elements() {
        for id in ids(element) {
            let first = *holders.entry(id).or_insert(element.ordinal());
            if first != element.ordinal() && findings.len() < TOLD {
                findings.push(DUPLICATE_ID.found(id, Place(element.ordinal())));
            }
        }
    }
    findings
}
