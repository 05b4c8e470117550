//! Exclusive canonicalisation (xml-exc-c14n §3, without comments), so that a tampered message can be signed anew.
//!
//! Written apart from the tool's engines on purpose: an attacker brings their own. Recursion is fine here, the input is a test's.

use std::collections::BTreeMap;

use samlcheck::xml::{Element, Node};

use crate::support::xml::{escape_attribute, escape_text};

/// The octets of `element` without the subtree of the child `without`.
pub(super) fn canonical(element: Element<'_>, without: Option<Element<'_>>) -> String {
    let mut out = String::new();
    write(element, without.map(Element::ordinal), &BTreeMap::new(), &mut out);
    out
}

fn write(
    element: Element<'_>,
    without: Option<usize>,
    rendered: &BTreeMap<String, String>,
    out: &mut String,
) {
    let mut rendered = rendered.clone();
    let mut attributes: Vec<_> = element.attributes().collect();
    attributes.sort_by_key(|attribute| (attribute.namespace(), attribute.local_name()));
    let of_attributes = attributes.iter().map(|attribute| attribute.prefix());
    let mut used: Vec<&str> = of_attributes.filter(|p| !p.is_empty() && *p != "xml").collect();
    used.push(element.prefix());
    used.sort_unstable();
    used.dedup();
    out.push('<');
    out.push_str(element.name());
    for prefix in used {
        let uri = element.lookup_namespace(prefix).unwrap_or_default().to_owned();
        if rendered.get(prefix).map_or("", String::as_str) == uri {
            continue;
        }
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        out.push_str(&format!(" {name}=\"{}\"", escape_attribute(&uri)));
        rendered.insert(prefix.to_owned(), uri);
    }
    for attribute in attributes {
        let value = escape_attribute(attribute.value());
        out.push_str(&format!(" {}=\"{value}\"", attribute.name()));
    }
    out.push('>');
    for node in element.nodes() {
        match node {
            Node::Element(child) if Some(child.ordinal()) == without => {}
            Node::Element(child) => write(child, None, &rendered, out),
            Node::Text(text) | Node::CData(text) => out.push_str(&escape_text(&text)),
            Node::Comment(_) => {}
            Node::ProcessingInstruction(inside) => out.push_str(&format!("<?{inside}?>")),
        }
    }
    out.push_str(&format!("</{}>", element.name()));
}
