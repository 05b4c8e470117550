//! Whatever our parser accepts can be walked from every side, and is what libxml2 reads.

#![no_main]

#[cfg(feature = "xmlsec")]
#[path = "xml/libxml2.rs"]
mod libxml2;

use libfuzzer_sys::fuzz_target;
use samlcheck::limits::Limits;
use samlcheck::xml::{Document, Element, Node, to_text};

/// Small, so that a mutation reaches them.
const LIMITS: Limits = Limits {
    decoded_bytes: 1 << 16,
    inflated_bytes: 1 << 16,
    capture_bytes: 1 << 18,
    messages: 8,
    layers: 8,
    depth: 24,
    attributes: 12,
    namespaces: 16,
    nodes: 4096,
    total_attributes: 4096,
};

fuzz_target!(|data: &[u8]| {
    let Ok((text, _)) = to_text(data) else { return };
    let document = match Document::parse(text.clone(), &LIMITS) {
        Ok(document) => document,
        Err(error) => {
            assert!(error.offset <= text.len() && error.line >= 1, "{error:?}");
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(document.text(), text);
    walk(&document);
    #[cfg(feature = "xmlsec")]
    libxml2::agrees(&document);
});

/// Every handle of the document, and that they fit together.
fn walk(document: &Document) {
    let count = document.elements().count();
    assert_eq!(document.root().subtree(), 0..count);
    assert!(document.element(count).is_none());
    for (ordinal, element) in document.elements().enumerate() {
        assert_eq!(element.ordinal(), ordinal);
        let (span, content) = (element.span(), element.content_span());
        let written = &document.text()[span.start..span.end];
        assert!(written.starts_with(&format!("<{}", element.name())) && written.ends_with('>'));
        assert!(
            span.start < content.start && content.start <= content.end && content.end <= span.end
        );
        family(element);
        values(element);
        let (line, xpath) = (element.line(), element.xpath());
        let before = document.text()[..span.start].replace("\r\n", "\n").replace('\r', "\n");
        assert_eq!(line, before.matches('\n').count() + 1, "{xpath}");
        assert!(xpath.starts_with('/') && xpath.contains(element.local_name()), "{xpath}");
    }
    assert_eq!(document.nodes().filter(|node| matches!(node, Node::Element(_))).count(), 1);
}

/// Parents, children and nodes.
fn family(element: Element<'_>) {
    let mut within = 1;
    let mut nodes = element.nodes().filter_map(|node| match node {
        Node::Element(child) => Some(child),
        Node::Text(_) | Node::CData(_) | Node::Comment(_) | Node::ProcessingInstruction(_) => None,
    });
    for child in element.children() {
        assert_eq!(child.parent(), Some(element));
        assert_eq!(nodes.next(), Some(child));
        within += child.subtree().len();
    }
    assert_eq!(nodes.next(), None);
    assert_eq!(element.subtree().len(), within);
    assert_eq!(element.descendants().count() + 1, within);
}

/// Names, namespaces, attributes and text.
fn values(element: Element<'_>) {
    assert!(element.is(element.namespace(), element.local_name()));
    assert_eq!(element.lookup_namespace(element.prefix()).unwrap_or_default(), element.namespace());
    for (prefix, name) in element.namespace_declarations() {
        assert_eq!(element.lookup_namespace(prefix).unwrap_or_default(), name);
    }
    for attribute in element.attributes() {
        let span = attribute.span();
        assert!(element.span().start < span.start && span.end < element.content_span().start);
        if attribute.prefix().is_empty() {
            assert_eq!(element.attribute(attribute.local_name()), Some(attribute.value()));
        } else {
            let namespace = element.lookup_namespace(attribute.prefix());
            assert_eq!(namespace, Some(attribute.namespace()));
        }
    }
    let text = element.text();
    assert_eq!(text.elements, element.children().next().is_some());
}
