//! Assertions, Signatures and identifiers where a careless reader may find them: beside the one that is signed, or anywhere else.
//!
//! The ordinary Response, of which the assertion alone is signed, says nothing here: its Issuer and Status name no user.

use std::collections::HashSet;

use super::named::Named;
use super::{Seen, holds, is_assertion};
use crate::crypto::Covered;
use crate::finding::{
    ASSERTION_ELSEWHERE, Findings, LOOK_ALIKE_ID, NAME_ID_ELSEWHERE, SECOND_ASSERTION,
    SIGNATURE_ELSEWHERE, UNSIGNED_ASSERTION,
};
use crate::saml::{Message, Place, look_alike_ids};
use crate::xml::Element;

pub(super) fn tell(
    seen: &Seen<'_>,
    message: &Message,
    named: &[Named<'_>],
    covered: &[Covered],
    findings: &mut Findings,
) {
    let judged = message.assertion().map(|assertion| assertion.at);
    let judged = judged.or_else(|| Some(*message.response()?.encrypted_assertions.first()?));
    // What a Signature elsewhere names is told as signature wrapping; the only one that is unsigned fails item 11.
    let unsigned = |assertion: &Element<'_>| {
        seen.assertions.len() > 1
            && !only_encrypted(seen)
            && !holds(covered, *assertion)
            && !is_named(*assertion, named)
    };
    let forged = seen.assertions.iter().any(unsigned);
    for assertion in &seen.assertions {
        let at = Place(assertion.ordinal());
        let own = signed_by_itself(*assertion, named);
        let code = if holds(covered, *assertion) {
            (judged != Some(at)).then_some(&SECOND_ASSERTION)
        } else if !in_its_place(*assertion, seen.root) {
            Some(&ASSERTION_ELSEWHERE)
        } else if unsigned(assertion) {
            Some(&UNSIGNED_ASSERTION)
        } else {
            let second = (own || only_encrypted(seen)) && !forged && judged != Some(at);
            second.then_some(&SECOND_ASSERTION)
        };
        if let Some(code) = code {
            findings.tell(code, at, || described(*assertion));
        }
    }
    let mut parents = HashSet::new();
    for signature in &seen.signatures {
        let parent = signature.parent().filter(|parent| {
            // A second assertion's own Signature is told with it.
            let second = in_its_place(*parent, seen.root) && is_assertion(*parent);
            let read = *parent == seen.root || judged == Some(Place(parent.ordinal()));
            // Of several in one element the first is read.
            parents.insert(parent.ordinal()) && (read || second)
        });
        if parent.is_none() {
            let at = Place(signature.ordinal());
            findings.tell(&SIGNATURE_ELSEWHERE, at, || signature.xpath());
        }
    }
    for name_id in &seen.name_ids {
        findings.tell(&NAME_ID_ELSEWHERE, Place(name_id.ordinal()), || {
            name_id.text().value.into_owned()
        });
    }
    let root = Some(seen.root).filter(|root| root.local_name() == "Response");
    for element in root.iter().chain(&seen.assertions) {
        for id in look_alike_ids(*element) {
            findings.tell(&LOOK_ALIKE_ID, Place(element.ordinal()), || {
                format!("{}=\"{}\"", id.name(), id.value())
            });
        }
    }
}

/// The root, or directly in the Response (saml-core-2.0 §3.3.3).
fn in_its_place(assertion: Element<'_>, root: Element<'_>) -> bool {
    assertion.parent().is_none_or(|parent| parent == root && root.local_name() == "Response")
}

/// What a Signature in it names is itself; whether the Signature holds is not asked.
pub(super) fn signed_by_itself(assertion: Element<'_>, named: &[Named<'_>]) -> bool {
    named.iter().any(|named| named.is_enveloped() && named.element == assertion)
}

fn is_named(assertion: Element<'_>, named: &[Named<'_>]) -> bool {
    named.iter().any(|named| named.element == assertion)
}

/// Of encrypted assertions it cannot be told which of them is signed inside.
fn only_encrypted(seen: &Seen<'_>) -> bool {
    seen.assertions.iter().all(|assertion| assertion.local_name() == "EncryptedAssertion")
}

/// The name and ID.
fn described(element: Element<'_>) -> String {
    let id = element.attribute("ID").map(|id| format!(" {id}")).unwrap_or_default();
    format!("{}{id}", element.name())
}
