//! What lies inside an element, in order: elements, text, CDATA, comments, processing instructions.

use std::borrow::Cow;

use super::document::{Document, wide};
use super::element::Element;
use super::normalise::{character_data, line_ends};

/// One node of the content of an element.
#[derive(Clone, Debug)]
pub enum Node<'d> {
    /// A child element.
    Element(Element<'d>),
    /// Character data with references resolved and line ends normalised.
    Text(Cow<'d, str>),
    /// The inside of a CDATA section, line ends normalised.
    CData(Cow<'d, str>),
    /// The inside of a comment, as written.
    Comment(&'d str),
    /// The inside of a processing instruction, target and data, as written.
    ProcessingInstruction(&'d str),
}

/// The text of an element and what else was found between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'d> {
    /// All direct character data and CDATA in one, across everything else: no comment cuts a name short (security rule 12).
    pub value: Cow<'d, str>,
    /// Whether there are comments in it.
    pub comments: bool,
    /// Whether there are processing instructions in it.
    pub instructions: bool,
    /// Whether there are elements in it.
    pub elements: bool,
}

/// Walks over content that the parser has accepted, so every construct is closed and every `<` is markup.
#[derive(Clone)]
pub(super) struct Nodes<'d> {
    document: &'d Document,
    /// The next byte to look at.
    at: usize,
    /// Behind the content, or behind the end tag: whichever is nearer to hand.
    end: usize,
    /// The ordinal of the next child element.
    child: usize,
}

impl<'d> Nodes<'d> {
    pub(super) fn of_element(document: &'d Document, content: u32, end: u32, child: usize) -> Self {
        Self { document, at: wide(content), end: wide(end), child }
    }

    pub(super) fn of_document(document: &'d Document) -> Self {
        let text = document.text();
        let declared = super::declaration::is_present(text.as_bytes());
        let at = if declared { text.find("?>").map_or(0, |end| end + 2) } else { 0 };
        Self { document, at, end: text.len(), child: 0 }
    }
}

impl<'d> Iterator for Nodes<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        let rest = self.document.text().get(self.at..self.end)?;
        if rest.is_empty() || rest.starts_with("</") {
            return None;
        }
        let delimited = |open: &str, close: &str| {
            let inside = rest.strip_prefix(open)?;
            let inside = inside.get(..inside.find(close)?)?;
            Some((inside, open.len() + inside.len() + close.len()))
        };
        let (node, length) = if !rest.starts_with('<') {
            let text = rest.get(..rest.find('<').unwrap_or(rest.len()))?;
            (Node::Text(character_data(text)), text.len())
        } else if let Some((inside, length)) = delimited("<!--", "-->") {
            (Node::Comment(inside), length)
        } else if let Some((inside, length)) = delimited("<![CDATA[", "]]>") {
            (Node::CData(line_ends(inside)), length)
        } else if let Some((inside, length)) = delimited("<?", "?>") {
            (Node::ProcessingInstruction(inside), length)
        } else {
            let element = self.document.element(self.child)?;
            self.child = element.subtree().end;
            let span = element.span();
            (Node::Element(element), span.end - span.start)
        };
        self.at += length;
        Some(node)
    }
}

/// Joins the direct text of an element.
pub(super) fn text_of<'d>(nodes: impl Iterator<Item = Node<'d>>) -> Text<'d> {
    let mut text =
        Text { value: Cow::Borrowed(""), comments: false, instructions: false, elements: false };
    for node in nodes {
        match node {
            Node::Text(piece) | Node::CData(piece) => {
                if text.value.is_empty() {
                    text.value = piece;
                } else {
                    text.value.to_mut().push_str(&piece);
                }
            }
            Node::Comment(_) => text.comments = true,
            Node::ProcessingInstruction(_) => text.instructions = true,
            Node::Element(_) => text.elements = true,
        }
    }
    text
}
