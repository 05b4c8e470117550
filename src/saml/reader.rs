//! The small parts every SAML element is read with: values, times, places, and notes of what departs from the schema.

use std::ops::Range;

use crate::finding::{Finding, TIME_WITHOUT_ZONE, WHITESPACE_TRIMMED};
use crate::time::{DateTime, TimeError, parse_date_time};
use crate::xml::{Element, is_ncname};

use super::ASSERTION;

/// Where something stands: the ordinal of an element in the *decoded* document, whichever parse it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub usize);

/// Translates element ordinals of a parse of digested octets into ordinals of the decoded document.
///
/// Canonicalisation keeps every element of the signed subtree in its order and removes only the enveloped Signature, so the
/// two numberings differ by an offset and one gap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    base: usize,
    removed: Range<usize>,
}

impl Places {
    /// For the decoded document itself.
    pub(crate) fn whole() -> Self {
        Self::default()
    }

    /// For a parse of the octets of `element`, from which the subtree `signature` was taken.
    pub(crate) fn signed(element: Element<'_>, signature: Element<'_>) -> Self {
        Self { base: element.ordinal(), removed: signature.subtree() }
    }

    pub(crate) fn of(&self, element: Element<'_>) -> Place {
        let ordinal = self.base.saturating_add(element.ordinal());
        let removed = self.removed.len();
        Place(if removed > 0 && ordinal >= self.removed.start {
            ordinal + removed
        } else {
            ordinal
        })
    }
}

/// Text of an element or attribute, with where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The whole text across comments, trimmed at its ends where pretty-printing is common.
    pub text: String,
    /// Its element.
    pub at: Place,
}

/// An `Issuer` element (saml-core-2.0 §2.2.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The entity ID.
    pub value: Value,
    /// Its `Format` attribute.
    pub format: Option<String>,
}

/// A time as written and as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// The attribute's value.
    pub text: String,
    /// The instant, or why there is none.
    pub parsed: Result<DateTime, TimeError>,
    /// The element that carries the attribute.
    pub at: Place,
}

/// What kind of departure from the schema or the security rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnomalyKind {
    /// An element the schema does not allow here, or not in this order.
    Misplaced,
    /// An element the schema allows once occurs again.
    Repeated,
    /// A required element or attribute is missing.
    Missing,
    /// Elements stand in a value that should be text.
    ElementInValue,
    /// A second candidate for the assertion, anywhere in the document.
    SecondAssertion,
    /// A Response with status Success carries no assertion.
    NoAssertion,
    /// `Version` is not `2.0`.
    Version,
    /// An `ID` is not an `NCName`.
    Id,
}

/// One departure, with both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anomaly {
    /// What kind.
    pub kind: AnomalyKind,
    /// What the schema asks for.
    pub expected: String,
    /// What stands there.
    pub found: String,
    /// Where.
    pub at: Place,
}

/// Collects anomalies and findings while one element is read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) anomalies: Vec<Anomaly>,
    pub(super) findings: Vec<Finding>,
}

/// How a value's surrounding white space is treated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trim {
    /// Elements whose pretty-printing is common: the four XML characters are trimmed, which is reported.
    Ends,
    /// Every other value: as it stands.
    Nothing,
}

/// The four white space characters of XML 1.0 §2.3. Rust's `trim` also takes NBSP and NEL, which would let one user pose as another.
pub(super) const XML_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Choice: departures and findings noted for one element, of each at most this many. One anomaly rejects the message already; a path
/// for each of a million strays would take quadratic time (security rule 16).
const NOTED: usize = 64;

impl Notes {
    /// Notes a finding, which is made only when it is kept.
    pub(super) fn finding(&mut self, finding: impl FnOnce() -> Finding) {
        if self.findings.len() < NOTED {
            self.findings.push(finding());
        }
    }

    pub(super) fn anomaly(
        &mut self,
        kind: AnomalyKind,
        expected: impl Into<String>,
        found: impl Into<String>,
        at: Place,
    ) {
        if self.anomalies.len() < NOTED {
            let (expected, found) = (expected.into(), found.into());
            self.anomalies.push(Anomaly { kind, expected, found, at });
        }
    }

    /// The whole text of `element` (security rule 12): never cut at a comment. That one stood there is told by [`crate::survey`].
    pub(super) fn value(&mut self, element: Element<'_>, places: &Places, trim: Trim) -> Value {
        let at = places.of(element);
        let text = element.text();
        if text.elements {
            self.anomaly(AnomalyKind::ElementInValue, "text only", described(element), at);
        }
        let whole = text.value.as_ref();
        let kept = match trim {
            Trim::Ends => whole.trim_matches(XML_SPACE),
            Trim::Nothing => whole,
        };
        if kept.len() != whole.len() {
            self.finding(|| WHITESPACE_TRIMMED.found(whole, at));
        }
        Value { text: kept.to_owned(), at }
    }

    pub(super) fn issuer(&mut self, element: Element<'_>, places: &Places) -> Issuer {
        Issuer {
            value: self.value(element, places, Trim::Ends),
            format: element.attribute("Format").map(str::to_owned),
        }
    }

    /// An `xs:dateTime` attribute (saml-core-2.0 §1.3.3).
    pub(super) fn time(
        &mut self,
        element: Element<'_>,
        name: &str,
        places: &Places,
    ) -> Option<Time> {
        let text = element.attribute(name)?;
        let at = places.of(element);
        let parsed = parse_date_time(text.trim_matches(XML_SPACE));
        if parsed.as_ref().is_ok_and(|time| !time.zoned) {
            self.finding(|| TIME_WITHOUT_ZONE.found(format!("{name} {text}"), at));
        }
        Some(Time { text: text.to_owned(), parsed, at })
    }

    /// `Version` and `ID`, which Response and Assertion share (saml-core-2.0 §2.3.3, §3.2.2).
    pub(super) fn identity(&mut self, element: Element<'_>, places: &Places) -> Option<String> {
        let at = places.of(element);
        let version = element.attribute("Version");
        if version != Some("2.0") {
            self.anomaly(
                AnomalyKind::Version,
                "Version=\"2.0\"",
                version.map_or("no Version".to_owned(), |v| format!("Version=\"{v}\"")),
                at,
            );
        }
        let id = element.attribute("ID");
        if !id.is_some_and(is_ncname) {
            self.anomaly(
                AnomalyKind::Id,
                "an ID that is an NCName",
                id.map_or("no ID".to_owned(), |id| format!("ID=\"{id}\"")),
                at,
            );
        }
        id.map(str::to_owned)
    }

    /// Holds the children of `element` against `schema`, in order and number.
    ///
    /// Choice: what no SAML part is read from (`Advice`, `Extensions`, elements of other namespaces inside them) may stand
    /// anywhere after the parts that are read; its content is never looked into.
    pub(super) fn children<'d>(
        &mut self,
        element: Element<'d>,
        schema: &[Slot],
        places: &Places,
    ) -> Vec<Vec<Element<'d>>> {
        let mut found: Vec<Vec<Element<'d>>> = schema.iter().map(|_| Vec::new()).collect();
        let mut reached = 0;
        for child in element.children() {
            let slot = schema.iter().position(|slot| slot.takes(child));
            let Some((slot, into)) = slot.and_then(|index| Some((index, found.get_mut(index)?)))
            else {
                self.misplaced(child, "no such element here", places);
                continue;
            };
            let rule = schema.get(slot);
            if !rule.is_some_and(|rule| rule.anywhere) {
                if slot < reached {
                    self.misplaced(child, "the schema's order", places);
                }
                reached = reached.max(slot);
            }
            if !into.is_empty() && !rule.is_some_and(|rule| rule.many) {
                let at = places.of(child);
                self.anomaly(AnomalyKind::Repeated, "at most one", described(child), at);
            }
            into.push(child);
        }
        for (slot, found) in schema.iter().zip(&found) {
            if slot.required && found.is_empty() {
                self.anomaly(
                    AnomalyKind::Missing,
                    slot.names.join(" or "),
                    "nothing",
                    places.of(element),
                );
            }
        }
        found
    }

    fn misplaced(&mut self, child: Element<'_>, expected: &str, places: &Places) {
        self.anomaly(AnomalyKind::Misplaced, expected, described(child), places.of(child));
    }
}

/// One place in the schema's sequence of children.
pub(super) struct Slot {
    namespace: &'static str,
    names: &'static [&'static str],
    required: bool,
    many: bool,
    anywhere: bool,
}

impl Slot {
    pub(super) const fn new(namespace: &'static str, names: &'static [&'static str]) -> Self {
        Self { namespace, names, required: false, many: false, anywhere: false }
    }

    pub(super) const fn saml(names: &'static [&'static str]) -> Self {
        Self::new(ASSERTION, names)
    }

    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) const fn many(self) -> Self {
        Self { many: true, ..self }
    }

    pub(super) const fn anywhere(self) -> Self {
        Self { anywhere: true, ..self }
    }

    fn takes(&self, child: Element<'_>) -> bool {
        self.names.contains(&child.local_name()) && child.namespace() == self.namespace
    }
}

/// The first element of a slot.
pub(super) fn first<'d>(slots: &[Vec<Element<'d>>], slot: usize) -> Option<Element<'d>> {
    slots.get(slot)?.first().copied()
}

/// All elements of a slot.
pub(super) fn all<'s, 'd>(slots: &'s [Vec<Element<'d>>], slot: usize) -> &'s [Element<'d>] {
    slots.get(slot).map(Vec::as_slice).unwrap_or_default()
}

/// `{namespace}local`, enough to recognise an element by.
pub(super) fn described(element: Element<'_>) -> String {
    match element.namespace() {
        "" => element.local_name().to_owned(),
        namespace => format!("{} ({namespace})", element.local_name()),
    }
}
