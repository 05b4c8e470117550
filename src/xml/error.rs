//! Why a document was refused, and where: every XML error carries its offset, line and column.

use std::fmt;

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlErrorKind {
    /// The document has a DOCTYPE, and with it could define entities and default attributes.
    #[error("a DOCTYPE is not allowed, because it can change what the document says")]
    Dtd,
    /// The bytes are not text in the encoding they claim.
    #[error("{0}")]
    Encoding(String),
    /// One of the bounds of [`Limits`](crate::limits::Limits) was reached.
    #[error("the document is over the limit of {limit} for {name}")]
    Limit {
        /// The limit's name, as its option has it.
        name: &'static str,
        /// Its value.
        limit: usize,
    },
    /// The document is not well-formed XML 1.0.
    #[error("{0}")]
    Malformed(String),
    /// The document breaks the rules of Namespaces in XML 1.0.
    #[error("{0}")]
    Namespace(String),
    /// There is nothing but white space.
    #[error("the document is empty")]
    Empty,
}

/// A refused document: what is wrong and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// What is wrong.
    pub kind: XmlErrorKind,
    /// Where: bytes from the start of the text, or of the raw bytes while they are not text yet.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl XmlError {
    /// An error at `offset` of `text`.
    pub(super) fn new(kind: XmlErrorKind, text: &str, offset: usize) -> Self {
        let (line, column) = location(text, offset);
        Self { kind, offset, line, column }
    }
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.kind)
    }
}

impl std::error::Error for XmlError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        None
    }
}

/// Line and column of a byte offset, both from 1. LF, CRLF and a lone CR each end a line (XML 1.0 §2.11).
pub(super) fn location(text: &str, offset: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let before = bytes.get(..offset).unwrap_or(bytes);
    let mut line = 1;
    let mut line_start = 0;
    for (at, byte) in before.iter().enumerate() {
        let ends_line = match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        if ends_line {
            line += 1;
            line_start = at + 1;
        }
    }
    // Every byte but the continuation bytes of UTF-8 begins a character.
    let in_line = before.get(line_start..).unwrap_or_default();
    (line, 1 + in_line.iter().filter(|byte| **byte & 0xC0 != 0x80).count())
}

/// A name for an error message: in backquotes, and cut when a hostile document made it long.
pub(super) fn quoted(name: &str) -> String {
    const LONGEST: usize = 60;
    match name.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("`{}…`", name.get(..cut).unwrap_or_default()),
        None => format!("`{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_lf_crlf_or_cr_and_columns_count_characters() {
        let text = "a\nbé c\r\nd\re";
        let place = |what: &str| location(text, text.find(what).unwrap());
        assert_eq!(place("a"), (1, 1));
        assert_eq!(place("c"), (2, 4));
        assert_eq!(place("d"), (3, 1));
        assert_eq!(place("e"), (4, 1));
        assert_eq!(location(text, 9999), (4, 2));
    }

    #[test]
    fn an_error_reads_as_place_and_sentence() {
        let kind = XmlErrorKind::Namespace("prefix `foo` is not declared".to_owned());
        let error = XmlError::new(kind, "\n\n<a><foo:b/></a>", 5);
        assert_eq!(error.to_string(), "line 3, column 4: prefix `foo` is not declared");
        let kind = XmlErrorKind::Limit { name: "depth", limit: 512 };
        assert_eq!(kind.to_string(), "the document is over the limit of 512 for depth");
    }

    #[test]
    fn a_long_name_is_cut_in_messages() {
        assert_eq!(quoted("ab"), "`ab`");
        assert_eq!(quoted(&"é".repeat(70)), format!("`{}…`", "é".repeat(60)));
    }
}
