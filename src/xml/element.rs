//! Handles to the elements and attributes of a document: small, copied freely, never wrong.

use std::fmt;
use std::ops::Range;

use super::document::{
    AttributeRow, Document, ElementRow, Namespace, Span, XML_NAMESPACE, XMLNS_NAMESPACE, wide,
};
use super::names::split_prefix;
use super::node::{Node, Nodes, Text, text_of};

/// One element of a [`Document`].
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document,
    row: &'d ElementRow,
    ordinal: usize,
}

/// One attribute of an [`Element`].
#[derive(Clone, Copy)]
pub struct Attribute<'d> {
    document: &'d Document,
    row: &'d AttributeRow,
}

impl<'d> Element<'d> {
    pub(super) fn new(document: &'d Document, row: &'d ElementRow, ordinal: usize) -> Self {
        Self { document, row, ordinal }
    }

    /// The document it is part of.
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// The namespace's name, `""` when it is in none.
    pub fn namespace(self) -> &'d str {
        self.document.namespace_name(self.row.namespace)
    }

    /// The name as written, with its prefix.
    pub fn name(self) -> &'d str {
        self.document.slice(self.row.start + 1, self.row.name_end)
    }

    /// The name behind the prefix.
    pub fn local_name(self) -> &'d str {
        split(self.name()).1
    }

    /// The prefix, `""` when there is none.
    pub fn prefix(self) -> &'d str {
        split(self.name()).0
    }

    /// Is this the element that a specification means by this name? The prefix has no say.
    pub fn is(self, namespace: &str, local_name: &str) -> bool {
        self.local_name() == local_name && self.namespace() == namespace
    }

    /// Its number in document order, from 0.
    pub fn ordinal(self) -> usize {
        self.ordinal
    }

    /// From `<` to behind the end tag.
    pub fn span(self) -> Span {
        Span { start: wide(self.row.start), end: wide(self.row.end) }
    }

    /// What stands between its tags; empty and behind the tag for `<a/>`.
    pub fn content_span(self) -> Span {
        let (start, end) = (wide(self.row.content), wide(self.row.end));
        let inside = self.document.slice(self.row.content, self.row.end);
        Span { start, end: inside.rfind("</").map_or(end, |end_tag| start + end_tag) }
    }

    /// The element around it; `None` for the root.
    pub fn parent(self) -> Option<Self> {
        if self.ordinal == 0 { None } else { self.document.element(wide(self.row.parent)) }
    }

    /// Its child elements.
    pub fn children(self) -> impl Iterator<Item = Self> + use<'d> {
        let Range { start, end } = self.subtree();
        let child = move |ordinal: usize| {
            if ordinal < end { self.document.element(ordinal) } else { None }
        };
        std::iter::successors(child(start + 1), move |previous| child(previous.subtree().end))
    }

    /// Its child nodes of all kinds, in order.
    pub fn nodes(self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        Nodes::of_element(self.document, self.row.content, self.row.end, self.ordinal + 1)
    }

    /// The ordinals of itself and all its descendants.
    pub fn subtree(self) -> Range<usize> {
        self.ordinal..wide(self.row.last)
    }

    /// Everything inside it, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Self> + use<'d> {
        let Range { start, end } = self.subtree();
        (start + 1..end).filter_map(move |ordinal| self.document.element(ordinal))
    }

    /// Its attributes without namespace declarations, in order.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> + use<'d> {
        self.rows().filter(|attribute| !attribute.is_declaration())
    }

    /// The value of the attribute of this name in no namespace: `x:ID` is not `ID`.
    pub fn attribute(self, local_name: &str) -> Option<&'d str> {
        let none = Namespace::None.pack();
        // An attribute without namespace has no prefix, so its name is its local name.
        self.rows()
            .find(|a| a.row.namespace == none && a.name() == local_name)
            .map(Attribute::value)
    }

    /// The namespaces it declares, in order: prefix (`""` for the default one) and name (`""` to undeclare it).
    pub fn namespace_declarations(self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        self.rows().filter(|attribute| attribute.is_declaration()).map(|declaration| {
            let prefix = declaration.name().strip_prefix("xmlns:").unwrap_or_default();
            (prefix, declaration.value())
        })
    }

    /// What a prefix means here, as far out as it was declared. `""` asks for the default namespace.
    pub fn lookup_namespace(self, prefix: &str) -> Option<&'d str> {
        match prefix {
            "xml" => return Some(XML_NAMESPACE),
            "xmlns" => return Some(XMLNS_NAMESPACE),
            _ => {}
        }
        std::iter::successors(Some(self), |element| element.parent())
            .find_map(|element| element.namespace_declarations().find(|(p, _)| *p == prefix))
            .map(|(_, name)| name)
            .filter(|name| !name.is_empty())
    }

    /// The whole concatenation of its direct text and CDATA.
    pub fn text(self) -> Text<'d> {
        text_of(self.nodes())
    }

    /// The line it begins in, from 1.
    pub fn line(self) -> usize {
        self.document.location(wide(self.row.start)).0
    }

    /// Are both elements of one name, in one namespace of one document?
    pub(super) fn is_named_like(self, other: Self) -> bool {
        self.row.namespace == other.row.namespace && self.local_name() == other.local_name()
    }

    /// Its attributes and namespace declarations.
    fn rows(self) -> impl Iterator<Item = Attribute<'d>> + use<'d> {
        let document = self.document;
        let end = document.elements.get(self.ordinal + 1).map(|next| wide(next.attributes));
        let rows = wide(self.row.attributes)..end.unwrap_or(document.attributes.len());
        let rows = document.attributes.get(rows).unwrap_or_default();
        rows.iter().map(move |row| Attribute { document, row })
    }
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.ordinal == other.ordinal
    }
}

impl Eq for Element<'_> {}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Element")
            .field("ordinal", &self.ordinal)
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

impl<'d> Attribute<'d> {
    /// The namespace's name, `""` when it is in none; the default namespace does not apply to attributes.
    pub fn namespace(self) -> &'d str {
        self.document.namespace_name(self.row.namespace)
    }

    /// The name as written, with its prefix.
    pub fn name(self) -> &'d str {
        self.document.slice(self.row.start, self.row.name_end)
    }

    /// The name behind the prefix.
    pub fn local_name(self) -> &'d str {
        split(self.name()).1
    }

    /// The prefix, `""` when there is none.
    pub fn prefix(self) -> &'d str {
        split(self.name()).0
    }

    /// The value, references resolved and white space normalised.
    pub fn value(self) -> &'d str {
        self.document.slice(self.row.value, self.row.value_end)
    }

    /// From its name to behind the closing quote.
    pub fn span(self) -> Span {
        Span { start: wide(self.row.start), end: wide(self.row.end) }
    }

    fn is_declaration(self) -> bool {
        self.row.namespace == Namespace::Xmlns.pack()
    }
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attribute")
            .field("name", &self.name())
            .field("value", &self.value())
            .finish_non_exhaustive()
    }
}

/// Prefix and local part of a name that the parser has accepted.
fn split(name: &str) -> (&str, &str) {
    split_prefix(name).unwrap_or(("", name))
}
