//! Signature wrapping, and its shape: what is signed is kept for the verifier, and something else stands where a reader looks.
//!
//! The shapes are numbered as in Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be" (2012).

use super::assertions::signed_by_itself;
use super::named::Named;
use super::{Seen, holds, is_assertion};
use crate::crypto::Covered;
use crate::finding::{Findings, REFERENCE_ELSEWHERE, WRAPPING};
use crate::saml::{DSIG, Place};
use crate::xml::Element;

/// Where the signed original and the forged element stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The original Response inside the Signature of the forged one.
    Xsw1,
    /// The original Response beside the Signature, in the forged one.
    Xsw2,
    /// The forged Assertion beside the original.
    Xsw3,
    /// The original Assertion inside the forged one.
    Xsw4,
    /// The forged Assertion carries the Signature, the original stands beside it.
    Xsw5,
    /// The forged Assertion carries the Signature, and the Signature the original.
    Xsw6,
    /// The forged Assertion in Extensions, before the original.
    Xsw7,
    /// The forged Assertion carries the Signature, and an Object in it the original.
    Xsw8,
    /// Any other arrangement.
    Other,
}

impl Shape {
    /// Every shape that has a number, and what has none.
    pub const ALL: [Self; 9] = [
        Self::Xsw1,
        Self::Xsw2,
        Self::Xsw3,
        Self::Xsw4,
        Self::Xsw5,
        Self::Xsw6,
        Self::Xsw7,
        Self::Xsw8,
        Self::Other,
    ];

    /// Its number.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xsw1 => "XSW1",
            Self::Xsw2 => "XSW2",
            Self::Xsw3 => "XSW3",
            Self::Xsw4 => "XSW4",
            Self::Xsw5 => "XSW5",
            Self::Xsw6 => "XSW6",
            Self::Xsw7 => "XSW7",
            Self::Xsw8 => "XSW8",
            Self::Other => "XSW variant",
        }
    }

    /// The arrangement in words.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Xsw1 => "the signed Response stands inside the Signature of the forged one",
            Self::Xsw2 => "the signed Response stands beside the Signature, in the forged one",
            Self::Xsw3 => "the forged Assertion stands beside the signed one",
            Self::Xsw4 => "the signed Assertion stands inside the forged one",
            Self::Xsw5 => {
                "the forged Assertion carries the Signature, and the signed one stands beside it"
            }
            Self::Xsw6 => {
                "the forged Assertion carries the Signature, and the signed one stands inside that"
            }
            Self::Xsw7 => "the forged Assertion stands in Extensions",
            Self::Xsw8 => {
                "the forged Assertion carries the Signature, and the signed one stands in its Object"
            }
            Self::Other => "a forged element and the signed one stand in the same message",
        }
    }

    fn of(signature: Element<'_>, original: Element<'_>, forged: Element<'_>) -> Self {
        let carrier = signature.parent();
        let is_in = |inner: Element<'_>, outer: Element<'_>| {
            inner != outer && outer.subtree().contains(&inner.ordinal())
        };
        if carrier == Some(original) {
            return if is_in(original, forged) {
                Self::Xsw4
            } else if ancestors(forged).any(|outer| outer.local_name() == "Extensions") {
                Self::Xsw7
            } else if forged.parent() == original.parent() {
                Self::Xsw3
            } else {
                Self::Other
            };
        }
        let response = original.local_name() == "Response";
        let parent = original.parent();
        if response && is_in(original, signature) {
            Self::Xsw1
        } else if response && parent == carrier {
            Self::Xsw2
        } else if response {
            Self::Other
        } else if parent == Some(signature) {
            Self::Xsw6
        } else if is_in(original, signature) && parent.is_some_and(|p| p.is(DSIG, "Object")) {
            Self::Xsw8
        } else if parent == carrier.and_then(Element::parent) {
            Self::Xsw5
        } else {
            Self::Other
        }
    }
}

pub(super) fn tell(
    seen: &Seen<'_>,
    named: &[Named<'_>],
    covered: &[Covered],
    findings: &mut Findings,
) {
    let mut reported = false;
    for named in named.iter().filter(|named| !named.is_enveloped()) {
        let Some(carrier) = named.signature.parent() else { continue };
        if is_alike(carrier, named.element) {
            report(named, carrier, findings);
            reported = true;
        } else {
            findings.tell(&REFERENCE_ELSEWHERE, Place(named.reference.ordinal()), || {
                named.element.xpath()
            });
        }
    }
    // The element that carries a detached Signature is told already.
    if reported || seen.assertions.len() < 2 {
        return;
    }
    let forged = |assertion: &&Element<'_>| {
        !named.iter().any(|named| named.element == **assertion)
            && !signed_by_itself(**assertion, named)
            && !holds(covered, **assertion)
    };
    let Some(forged) = seen.assertions.iter().find(forged) else { return };
    let enveloped = |named: &&Named<'_>| named.is_enveloped() && is_assertion(named.element);
    if let Some(named) = named.iter().find(enveloped) {
        report(named, *forged, findings);
    }
}

fn report(named: &Named<'_>, forged: Element<'_>, findings: &mut Findings) {
    findings.tell(&WRAPPING, Place(forged.ordinal()), || {
        let shape = Shape::of(named.signature, named.element, forged);
        format!("{}: {} (signed: {})", shape.name(), shape.says(), named.element.xpath())
    });
}

/// Both are what a reader takes for an assertion, or for a Response.
fn is_alike(carrier: Element<'_>, original: Element<'_>) -> bool {
    let response = |element: Element<'_>| element.local_name() == "Response";
    is_assertion(carrier) && is_assertion(original) || response(carrier) && response(original)
}

fn ancestors(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    std::iter::successors(element.parent(), |outer| outer.parent())
}
