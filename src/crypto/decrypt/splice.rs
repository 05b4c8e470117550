//! Puts plaintext into the place of what was encrypted, when it is exactly one element of the right kind.
//!
//! xmlenc-core1 §4.4 (replacing an EncryptedData of Type Element). Prefixes that are bound outside keep their meaning, which is
//! that of the encrypted element (Namespaces in XML 1.0 §6).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::limits::Limits;
use crate::saml::ASSERTION;
use crate::xml::{Document, Element};

use super::{EncryptedPart, Fault};

/// The four white space characters of XML 1.0 §2.3.
const XML_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// What prefixes mean at one place; the default namespace has the prefix `""`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope(BTreeMap<String, String>);

/// Decrypted octets that are one element of the right kind.
#[derive(Clone, Debug)]
pub(super) struct Plaintext {
    /// As decrypted.
    pub(super) octets: Vec<u8>,
    /// The element, with the declarations that only the encrypted element had.
    text: String,
    /// Elements in it.
    pub(super) elements: usize,
}

/// Plaintext and the element it replaces.
#[derive(Debug)]
pub(super) struct Piece<'d> {
    pub(super) element: Element<'d>,
    pub(super) plaintext: Plaintext,
}

impl Scope {
    /// What is declared at `element` and around it.
    pub(super) fn of(element: Element<'_>) -> Self {
        let mut scope = BTreeMap::new();
        for element in std::iter::successors(Some(element), |element| element.parent()) {
            for (prefix, name) in element.namespace_declarations() {
                scope.entry(prefix.to_owned()).or_insert_with(|| name.to_owned());
            }
        }
        Self(scope)
    }

    /// With the bindings of the message `sent` that canonicalisation dropped, because nothing outside the ciphertext uses them.
    ///
    /// Choice: without them, plaintext that uses `xs` or `xsi` of the Response could not be read from digested octets. But no
    /// signature covers them, so the one namespace that is read inside an assertion is never taken from there.
    pub(super) fn completed_by(mut self, sent: &Self) -> Self {
        for (prefix, name) in &sent.0 {
            if name != ASSERTION && !self.0.contains_key(prefix) {
                self.0.insert(prefix.clone(), name.clone());
            }
        }
        self
    }

    fn meaning(&self, prefix: &str) -> &str {
        self.0.get(prefix).map_or("", String::as_str)
    }

    /// The prefixes that mean something else here than in `outside`.
    fn differing<'s>(&'s self, outside: &'s Self) -> impl Iterator<Item = (&'s str, &'s str)> {
        let differs = |(prefix, name): &(&'s str, &'s str)| outside.meaning(prefix) != *name;
        self.0.iter().map(|(prefix, name)| (prefix.as_str(), name.as_str())).filter(differs)
    }
}

impl Plaintext {
    /// Takes `octets` when they are one element of the right kind and nothing else but white space, read in `scope`. They will
    /// replace `element`.
    pub(super) fn accept(
        octets: Vec<u8>,
        part: EncryptedPart,
        scope: &Scope,
        element: Element<'_>,
        limits: &Limits,
    ) -> Result<Self, Fault> {
        let text = std::str::from_utf8(&octets).map_err(|_| Fault::Plaintext("not UTF-8"))?;
        let text = text.trim_matches(XML_SPACE);
        // Read inside an element that declares what the surroundings declare. The element is ours, and so is its cost.
        let mut wrapped = "<plaintext".to_owned();
        for (prefix, name) in &scope.0 {
            declare(&mut wrapped, prefix, name);
        }
        wrapped.push('>');
        let before = wrapped.len();
        wrapped.push_str(text);
        wrapped.push_str("</plaintext>");
        let wider = Limits {
            attributes: limits.attributes.max(scope.0.len()),
            depth: limits.depth.saturating_add(1),
            nodes: limits.nodes.saturating_add(1),
            total_attributes: limits.total_attributes.saturating_add(scope.0.len()),
            ..*limits
        };
        let document = Document::parse(wrapped, &wider)
            .map_err(|_| Fault::Plaintext("not well-formed XML"))?;
        let found = document.element(1).ok_or(Fault::Plaintext("without an element"))?;
        if document.root().nodes().count() != 1
            || found.span().end - found.span().start != text.len()
        {
            return Err(Fault::Plaintext("more than one element"));
        }
        if !found.is(ASSERTION, part.holds()) {
            return Err(Fault::Plaintext("another element than it should be"));
        }
        let encrypted = |inner: Element<'_>| {
            inner.namespace() == ASSERTION
                && matches!(
                    inner.local_name(),
                    "EncryptedAssertion" | "EncryptedID" | "EncryptedAttribute"
                )
        };
        if found.descendants().any(encrypted) {
            return Err(Fault::Nested);
        }
        let elements = found.subtree().len();
        let outside = element.parent().map(Scope::of).unwrap_or_default();
        let mut declarations = String::new();
        for (prefix, name) in scope.differing(&outside) {
            let own = found.namespace_declarations().any(|(declared, _)| declared == prefix);
            if !own && is_used(text, found, prefix) {
                declare(&mut declarations, prefix, name);
            }
        }
        let name_end = 1 + found.name().len();
        debug_assert_eq!(found.span().start, before, "the plaintext begins the wrapper's content");
        let (tag, rest) = text.split_at_checked(name_end).unwrap_or((text, ""));
        let text = format!("{tag}{declarations}{rest}");
        Ok(Self { octets, text, elements })
    }
}

/// Whether the plaintext may use this prefix, in a name or in a value such as `xsi:type="xs:string"`. Declaring one that it does not use
/// would change its inclusive canonical form.
fn is_used(text: &str, found: Element<'_>, prefix: &str) -> bool {
    if prefix.is_empty() {
        return found.prefix().is_empty() || found.descendants().any(|e| e.prefix().is_empty());
    }
    text.contains(&format!("{prefix}:"))
}

/// Appends a namespace declaration, escaped so that it reads as it was.
fn declare(into: &mut String, prefix: &str, name: &str) {
    into.push_str(" xmlns");
    if !prefix.is_empty() {
        into.push(':');
        into.push_str(prefix);
    }
    into.push_str("=\"");
    for character in name.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '"' => into.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                // Writing to a String cannot fail.
                let _ = write!(into, "&#{};", u32::from(character));
            }
            other => into.push(other),
        }
    }
    into.push('"');
}

/// The text of `document` with every piece in place, parsed again. Nothing when it does not parse, or when a piece does not
/// stand where it was put.
pub(super) fn splice(
    document: &Document,
    pieces: &[Piece<'_>],
    limits: &Limits,
) -> Option<Document> {
    let source = document.text();
    let mut text = String::with_capacity(source.len());
    let mut copied = 0;
    let mut expected = Vec::new();
    let (mut removed, mut added) = (0, 0);
    for piece in pieces {
        let (span, plaintext) = (piece.element.span(), &piece.plaintext);
        text.push_str(source.get(copied..span.start)?);
        let ordinal = piece.element.ordinal() + added - removed;
        expected.push((ordinal, text.len(), text.len() + plaintext.text.len()));
        text.push_str(&plaintext.text);
        copied = span.end;
        removed += piece.element.subtree().len();
        added += plaintext.elements;
    }
    text.push_str(source.get(copied..)?);
    let spliced = Document::parse(text, limits).ok()?;
    let in_place = |&(ordinal, start, end): &(usize, usize, usize)| {
        let span = spliced.element(ordinal).map(Element::span);
        span.is_some_and(|span| span.start == start && span.end == end)
    };
    expected.iter().all(in_place).then_some(spliced)
}
