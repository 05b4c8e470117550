//! Comments and processing instructions: inside a value they can cut it, elsewhere they are only odd.
//!
//! Most messages hold neither, which one search of the text tells. What stands in a Signature is `signature.rs`'s.

use memchr::memmem;

use super::signature::STRUCTURAL;
use crate::finding::{
    COMMENT_BETWEEN, COMMENT_IN_SIGNATURE, COMMENT_IN_VALUE, Findings, INSTRUCTION_BETWEEN,
    INSTRUCTION_IN_VALUE, NodeKind, Site,
};
use crate::saml::{DSIG, Place};
use crate::xml::{Document, Element, Node};

/// Elements whose content is a value even when it is empty (saml-core-2.0).
const VALUES: [&str; 12] = [
    "Issuer",
    "NameID",
    "Audience",
    "AttributeValue",
    "AuthnContextClassRef",
    "AuthnContextDeclRef",
    "AuthenticatingAuthority",
    "StatusMessage",
    "AssertionIDRef",
    "AssertionURIRef",
    "SessionIndex",
    "BaseID",
];
/// Bytes of `<!--` and of `<?`.
const COMMENT_OPENS: usize = 4;
const INSTRUCTION_OPENS: usize = 2;

pub(super) fn tell(document: &Document, findings: &mut Findings) {
    if !present(document) {
        return;
    }
    for node in document.nodes() {
        match node {
            Node::Comment(inside) => {
                let at = site(document, inside, NodeKind::Comment, None);
                findings.tell(&COMMENT_BETWEEN, at, || inside.trim().to_owned());
            }
            Node::ProcessingInstruction(inside) => {
                let at = site(document, inside, NodeKind::Instruction, None);
                findings.tell(&INSTRUCTION_BETWEEN, at, || inside.trim().to_owned());
            }
            Node::Element(_) | Node::Text(_) | Node::CData(_) => {}
        }
    }
    let mut signature_end = 0;
    for element in document.elements() {
        if element.is(DSIG, "Signature") {
            signature_end = signature_end.max(element.subtree().end);
        }
        of_element(document, element, element.ordinal() < signature_end, findings);
    }
}

/// Whether there is any, apart from the XML declaration. A CDATA section may look like one; then the walk finds nothing.
fn present(document: &Document) -> bool {
    let text = document.text().as_bytes();
    let declaration = if text.starts_with(b"<?xml") { INSTRUCTION_OPENS } else { 0 };
    let rest = text.get(declaration..).unwrap_or_default();
    memmem::find(rest, b"<!--").is_some() || memmem::find(rest, b"<?").is_some()
}

/// The comments and instructions directly in one element: those of a value are told once of each kind.
fn of_element(document: &Document, element: Element<'_>, signed: bool, findings: &mut Findings) {
    let (mut comment, mut instruction) = (None, None);
    let mut in_value = false;
    for node in element.nodes() {
        match node {
            Node::Comment(inside) => comment = comment.or(Some(inside)),
            Node::ProcessingInstruction(inside) => instruction = instruction.or(Some(inside)),
            Node::Text(text) | Node::CData(text) => in_value |= !text.trim_ascii().is_empty(),
            Node::Element(_) => {}
        }
    }
    in_value |= VALUES.contains(&element.local_name());
    let of_signature =
        signed && (element.namespace() == DSIG || STRUCTURAL.contains(&element.local_name()));
    let parent = Some(Place(element.ordinal()));
    let codes = [
        (comment, NodeKind::Comment, &COMMENT_IN_VALUE, &COMMENT_BETWEEN),
        (instruction, NodeKind::Instruction, &INSTRUCTION_IN_VALUE, &INSTRUCTION_BETWEEN),
    ];
    for (inside, kind, value, between) in codes {
        let Some(inside) = inside else { continue };
        let code = match (of_signature, in_value) {
            (true, _) => &COMMENT_IN_SIGNATURE,
            (false, true) => value,
            (false, false) => between,
        };
        let at = site(document, inside, kind, parent);
        findings.tell(code, at, || {
            if in_value { source(document, element) } else { inside.trim().to_owned() }
        });
    }
}

/// The content of a value as it is written, so that one sees where the comment stands.
fn source(document: &Document, element: Element<'_>) -> String {
    let span = element.content_span();
    document.text().get(span.start..span.end).unwrap_or_default().to_owned()
}

fn site(document: &Document, inside: &str, kind: NodeKind, parent: Option<Place>) -> Site {
    let opens = match kind {
        NodeKind::Comment => COMMENT_OPENS,
        NodeKind::Instruction => INSTRUCTION_OPENS,
        NodeKind::Text => 0,
    };
    // The inside is a piece of the text.
    let start = inside.as_ptr().addr().saturating_sub(document.text().as_ptr().addr());
    Site::Node { kind, offset: start.saturating_sub(opens), parent }
}
