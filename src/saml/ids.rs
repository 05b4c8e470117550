//! Identifiers in a document, under every spelling that some engine takes for an ID (security rule 3).

use std::collections::HashMap;

use crate::finding::{DUPLICATE_ID, Finding};
use crate::xml::{Document, Element};

use super::Place;

/// The values of `element`'s attributes that some engine takes for an ID: `ID`, `Id`, `id`, `xml:id`, and SAML 1.x's own.
pub(crate) fn ids(element: Element<'_>) -> impl Iterator<Item = &str> {
    element.attributes().filter_map(|attribute| {
        let name = attribute.local_name();
        let is_id = name.eq_ignore_ascii_case("id")
            || matches!(name, "AssertionID" | "ResponseID" | "RequestID");
        is_id.then(|| attribute.value())
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
