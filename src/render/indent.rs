//! A document indented for reading: `samlcheck decode` without `--raw`.
//!
//! What is printed is for eyes alone. White space between elements is not the document's, and characters that do something to a
//! terminal are shown as [`Safe`](super::Safe) shows them. One walk without recursion (security rule 16).

use std::io;

use unicode_width::UnicodeWidthStr;

use super::Style;
use super::safe::safe;
use super::text::{Ink, Page};
use crate::xml::{Document, Element, Node};

/// Levels that are indented; the indentation of deeper ones could fill the disk. Choice: 24; real messages have about 10.
const LEVELS: usize = 24;

/// Writes `document` indented, in colours when the style says so.
///
/// # Errors
/// When `out` cannot be written to.
pub fn indent(document: &Document, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::new(out, style);
    // The iterators of the elements that are open, each with its element; the document's own nodes come first.
    let mut open: Vec<(Element<'_>, Box<dyn Iterator<Item = Node<'_>> + '_>)> = Vec::new();
    for node in document.nodes() {
        write_node(&mut page, node, &mut open)?;
        while let Some((element, nodes)) = open.last_mut() {
            match nodes.next() {
                Some(node) => write_node(&mut page, node, &mut open)?,
                None => {
                    let end = format!("</{}>", safe(element.name()));
                    open.pop();
                    page.line(columns(open.len()), Ink::Title, &end)?;
                }
            }
        }
    }
    Ok(())
}

type Open<'d> = Vec<(Element<'d>, Box<dyn Iterator<Item = Node<'d>> + 'd>)>;

fn columns(level: usize) -> usize {
    2 * level.min(LEVELS)
}

fn write_node<'d>(page: &mut Page<'_>, node: Node<'d>, open: &mut Open<'d>) -> io::Result<()> {
    let at = columns(open.len());
    match node {
        Node::Element(element) => write_element(page, element, open),
        Node::Text(text) | Node::CData(text) => {
            let text = text.trim_matches([' ', '\t', '\r', '\n']);
            if text.is_empty() { Ok(()) } else { page.line(at, Ink::Plain, &escaped(text)) }
        }
        Node::Comment(text) => page.line(at, Ink::Ours, &format!("<!--{}-->", safe(text))),
        Node::ProcessingInstruction(text) => {
            page.line(at, Ink::Ours, &format!("<?{}?>", safe(text)))
        }
    }
}

fn write_element<'d>(
    page: &mut Page<'_>,
    element: Element<'d>,
    open: &mut Open<'d>,
) -> io::Result<()> {
    let at = columns(open.len());
    let name = safe(element.name());
    let declarations = element.namespace_declarations().map(|(prefix, uri)| {
        let colon = if prefix.is_empty() { "" } else { ":" };
        format!("xmlns{colon}{}=\"{}\"", safe(prefix), quoted(uri))
    });
    let attributes = element.attributes();
    let attributes = attributes.map(|a| format!("{}=\"{}\"", safe(a.name()), quoted(a.value())));
    let attributes: Vec<String> = declarations.chain(attributes).collect();
    let mut nodes = element.nodes().peekable();
    let empty = nodes.peek().is_none();
    let text = only_text(element);
    let close = match (&text, empty) {
        (_, true) => "/>".to_owned(),
        (Some(text), false) => format!(">{text}</{name}>"),
        (None, false) => ">".to_owned(),
    };
    let long = attributes.iter().map(|a| a.width() + 1).sum::<usize>() + name.len() + at + 2;
    match attributes.as_slice() {
        [_, others @ ..] if long > page.width() && !others.is_empty() => {
            page.line(at, Ink::Title, &format!("<{name}"))?;
            for (index, attribute) in attributes.iter().enumerate() {
                let last = index + 1 == attributes.len();
                page.line(
                    at + 4,
                    Ink::Pass,
                    &format!("{attribute}{}", if last { &close } else { "" }),
                )?;
            }
        }
        _ => {
            let tag: Vec<String> = std::iter::once(format!("<{name}")).chain(attributes).collect();
            page.tagged(at, &tag.join(" "), &close)?;
        }
    }
    if text.is_none() && !empty {
        open.push((element, Box::new(nodes)));
    }
    Ok(())
}

/// The text of an element that holds nothing else, as it stands.
fn only_text(element: Element<'_>) -> Option<String> {
    let is_text = |node: &Node<'_>| matches!(node, Node::Text(_) | Node::CData(_));
    element.nodes().all(|node| is_text(&node)).then(|| escaped(&element.text().value))
}

/// Text with markup and terminal characters escaped.
fn escaped(text: &str) -> String {
    safe(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

fn quoted(value: &str) -> String {
    escaped(value).replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::render::Detail;

    fn indented(xml: &str) -> String {
        let document = Document::parse(xml.to_owned(), &Limits::default()).unwrap();
        let style = Style { color: false, detail: Detail::Normal, width: 40, ascii: false };
        let mut out = Vec::new();
        indent(&document, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn elements_stand_below_each_other_and_text_in_its_element() {
        let xml = "<a x=\"1\"><b>t &amp; u</b>\n<c/></a>";
        assert_eq!(indented(xml), "<a x=\"1\">\n  <b>t &amp; u</b>\n  <c/>\n</a>\n");
    }

    #[test]
    fn many_attributes_stand_below_each_other() {
        let xml = "<a first=\"1234567890\" second=\"1234567890\"><b/></a>";
        let expected = "<a\n    first=\"1234567890\"\n    second=\"1234567890\">\n  <b/>\n</a>\n";
        assert_eq!(indented(xml), expected);
    }

    #[test]
    fn comments_instructions_and_mixed_text_are_kept() {
        let xml = "<?p q?><a>x<!-- c --><b/>y</a>";
        assert_eq!(indented(xml), "<?p q?>\n<a>\n  x\n  <!-- c -->\n  <b/>\n  y\n</a>\n");
    }

    #[test]
    fn terminal_characters_are_shown() {
        assert_eq!(indented("<a>\u{202e}x</a>"), "<a>\\u{202E}x</a>\n");
    }

    #[test]
    fn deep_documents_stay_small() {
        let deep = "<a>".repeat(500) + &"</a>".repeat(500);
        assert!(indented(&deep).len() < 60 * 1000);
    }
}
