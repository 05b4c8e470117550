//! Writes XML that is its own canonical form, and the few edits a test makes to it.
//!
//! Canonical by construction (xml-c14n §2.3, xml-exc-c14n §3): namespace declarations first, attributes sorted, start
//! and end tag always both, the canonical escapes. Declaring a prefix where it is first used, and nowhere above, is
//! left to the caller.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// One element under construction.
pub struct Tag {
    name: String,
    namespaces: BTreeMap<String, String>,
    attributes: BTreeMap<String, String>,
    content: String,
}

impl Tag {
    /// An empty element with this qualified name.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            namespaces: BTreeMap::new(),
            attributes: BTreeMap::new(),
            content: String::new(),
        }
    }

    /// Declares a prefix here.
    pub fn namespace(mut self, prefix: &str, uri: &str) -> Self {
        self.namespaces.insert(prefix.to_owned(), uri.to_owned());
        self
    }

    /// Adds an attribute without a prefix; `None` leaves it out.
    pub fn attribute<'a>(mut self, name: &str, value: impl Into<Option<&'a str>>) -> Self {
        if let Some(value) = value.into() {
            self.attributes.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// Appends character data.
    pub fn text(mut self, text: &str) -> Self {
        self.content.push_str(&escape_text(text));
        self
    }

    /// Appends markup as it stands: a [`Tag`], or text that must be canonical already if it is to be signed.
    pub fn raw(mut self, markup: impl Display) -> Self {
        self.content.push_str(&markup.to_string());
        self
    }
}

impl Display for Tag {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (prefix, uri) in &self.namespaces {
            write!(f, " xmlns:{prefix}=\"{}\"", escape_attribute(uri))?;
        }
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"{}\"", escape_attribute(value))?;
        }
        write!(f, ">{}</{}>", self.content, self.name)
    }
}

/// Character data with the canonical escapes (xml-c14n §2.3, text nodes).
pub fn escape_text(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('\r', "&#xD;")
}

/// An attribute value with the canonical escapes (xml-c14n §2.3, attribute nodes).
pub fn escape_attribute(value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    value.replace('\t', "&#x9;").replace('\n', "&#xA;").replace('\r', "&#xD;")
}

/// The text with its one occurrence of `from` changed; a test whose edit hits nothing, or too much, tests nothing.
#[track_caller]
pub fn replace_once(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} must stand exactly once in {text}");
    text.replacen(from, to, 1)
}

/// The text with the first occurrence of `from` changed, where several are expected.
#[track_caller]
pub fn replace_first(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} must stand in {text}");
    text.replacen(from, to, 1)
}

/// Every element on a line of its own, indented by two spaces, as editors and browser plug-ins show XML.
///
/// Elements that hold only text stay on one line, so that no value changes; the signed bytes do.
pub fn pretty_print(canonical: &str) -> String {
    let mut pretty = String::new();
    let mut depth = 0_usize;
    let mut pieces = canonical.split_inclusive('>').peekable();
    while let Some(piece) = pieces.next() {
        let closes = piece.starts_with("</");
        if closes {
            depth -= 1;
        }
        pretty.push_str(&"  ".repeat(depth));
        pretty.push_str(piece);
        if !closes {
            // `<a>` then `text</a>` or `</a>`: the end tag belongs on the same line.
            match pieces.next_if(|next| !next.starts_with('<') || next.starts_with("</")) {
                Some(rest) => pretty.push_str(rest),
                None => depth += 1,
            }
        }
        pretty.push('\n');
    }
    pretty
}
