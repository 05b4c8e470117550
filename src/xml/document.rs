//! A parsed document: its text, and two flat tables that say where its elements and attributes are.
//!
//! Nothing is copied out of the text but attribute values that normalisation changed. Text, comments and processing
//! instructions have no table at all: they lie between the elements and are found there when asked for. So the
//! smallest element, four bytes, costs 32 more, and a hostile document cannot grow in memory.

use super::element::Element;
use super::error::{XmlError, location};
use super::node::{Node, Nodes};
use super::parse;
use crate::limits::Limits;

/// The namespace of `xml:lang` and its like, bound to `xml` everywhere.
pub(super) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of namespace declarations, bound to `xmlns` everywhere.
pub(super) const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// A piece of the text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

/// Which namespace: none, a built-in one, or the first declaration of that name, by its place in the table of attributes.
/// Two names are in one namespace exactly when these are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Namespace {
    None,
    Xml,
    Xmlns,
    Declared(u32),
}

/// One row of the table of elements.
#[derive(Clone, Debug)]
pub(super) struct ElementRow {
    /// Of `<`.
    pub(super) start: u32,
    /// Behind the name.
    pub(super) name_end: u32,
    /// Behind the start tag.
    pub(super) content: u32,
    /// Behind the end tag.
    pub(super) end: u32,
    /// Ordinal of the parent; the root's is its own.
    pub(super) parent: u32,
    /// Ordinal behind the last descendant.
    pub(super) last: u32,
    /// Where its attributes begin in their table; they end where the next element's begin.
    pub(super) attributes: u32,
    /// The namespace as [`Namespace::pack`] writes it.
    pub(super) namespace: u32,
}

/// One row of the table of attributes, namespace declarations included.
#[derive(Clone, Debug)]
pub(super) struct AttributeRow {
    /// Of the name.
    pub(super) start: u32,
    /// Behind the name.
    pub(super) name_end: u32,
    /// Behind the closing quote.
    pub(super) end: u32,
    /// Of the value in the buffer.
    pub(super) value: u32,
    /// Behind the value in the buffer.
    pub(super) value_end: u32,
    /// The namespace as [`Namespace::pack`] writes it.
    pub(super) namespace: u32,
}

/// A well-formed, namespace-well-formed XML document without DOCTYPE.
#[derive(Clone, Debug)]
pub struct Document {
    /// The text, and behind it the attribute values that differ from how they are written.
    pub(super) buffer: String,
    /// How much of the buffer is text.
    pub(super) text_len: usize,
    pub(super) elements: Vec<ElementRow>,
    pub(super) attributes: Vec<AttributeRow>,
}

/// Stands in for the root that [`Document::parse`] never leaves out.
static NO_ELEMENT: ElementRow = ElementRow {
    start: 0,
    name_end: 0,
    content: 0,
    end: 0,
    parent: 0,
    last: 0,
    attributes: 0,
    namespace: Namespace::None.pack(),
};

impl Document {
    /// Parses UTF-8 text whose byte order mark is gone (see [`to_text`](super::to_text)).
    ///
    /// # Errors
    /// Whatever is not well-formed XML 1.0 with namespaces, any DOCTYPE, relative namespace names, and what is over a limit.
    pub fn parse(text: String, limits: &Limits) -> Result<Self, XmlError> {
        parse::parse(text, limits)
    }

    /// The text as it was parsed; every span points into it.
    pub fn text(&self) -> &str {
        self.buffer.get(..self.text_len).unwrap_or_default()
    }

    /// The one element that holds all others.
    pub fn root(&self) -> Element<'_> {
        self.element(0).unwrap_or(Element::new(self, &NO_ELEMENT, 0))
    }

    /// The element with this number, counted from 0 in document order.
    pub fn element(&self, ordinal: usize) -> Option<Element<'_>> {
        self.elements.get(ordinal).map(|row| Element::new(self, row, ordinal))
    }

    /// How many elements and attributes there are, namespace declarations included.
    pub fn parts(&self) -> usize {
        self.elements.len() + self.attributes.len()
    }

    /// All elements in document order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.elements.iter().enumerate().map(|(ordinal, row)| Element::new(self, row, ordinal))
    }

    /// The root and the comments and processing instructions beside it, in order; white space there is no node.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        Nodes::of_document(self).filter(|node| !matches!(node, Node::Text(_)))
    }

    /// Line and column (in characters) of an offset in the text, both from 1.
    pub fn location(&self, offset: usize) -> (usize, usize) {
        location(self.text(), offset)
    }

    /// A piece of the buffer.
    pub(super) fn slice(&self, start: u32, end: u32) -> &str {
        self.buffer.get(wide(start)..wide(end)).unwrap_or_default()
    }

    pub(super) fn namespace_name(&self, namespace: u32) -> &str {
        match Namespace::unpack(namespace) {
            Namespace::None => "",
            Namespace::Xml => XML_NAMESPACE,
            Namespace::Xmlns => XMLNS_NAMESPACE,
            Namespace::Declared(attribute) => self
                .attributes
                .get(wide(attribute))
                .map_or("", |row| self.slice(row.value, row.value_end)),
        }
    }
}

impl Namespace {
    /// In four bytes: the tables are as small as they can be.
    pub(super) const fn pack(self) -> u32 {
        match self {
            Self::None => u32::MAX,
            Self::Xml => u32::MAX - 1,
            Self::Xmlns => u32::MAX - 2,
            Self::Declared(attribute) => attribute,
        }
    }

    const fn unpack(packed: u32) -> Self {
        if packed == Self::None.pack() {
            Self::None
        } else if packed == Self::Xml.pack() {
            Self::Xml
        } else if packed == Self::Xmlns.pack() {
            Self::Xmlns
        } else {
            Self::Declared(packed)
        }
    }
}

/// The longest text whose offsets, with all values behind it, fit the tables' four bytes.
pub(super) const LONGEST_TEXT: usize = 1 << 31;

/// An offset or count for the tables; [`LONGEST_TEXT`] keeps it from saturating.
pub(super) fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// An offset or count from the tables.
pub(super) fn wide(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
