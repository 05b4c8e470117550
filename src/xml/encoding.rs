//! Turns the bytes of a document into text, and refuses bytes that are not what they claim.
//!
//! XML 1.0 §4.3.3 and appendix F: the byte order mark, the first bytes and the declaration must tell one story.
//! A document that two parsers could read in two encodings is two documents (security rule 11).

use std::fmt;

use super::declaration;
use super::error::{XmlError, XmlErrorKind, quoted};

/// How a document's bytes spell its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, the default.
    Utf8 {
        /// Whether a byte order mark came first; it is no part of the text.
        bom: bool,
    },
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// ISO-8859 with the number of its part, 1 to 16.
    Iso8859(u8),
    /// US-ASCII: seven bits.
    UsAscii,
    /// The Latin-1 of Windows.
    Windows1252,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8 { bom: false } => f.write_str("UTF-8"),
            Self::Utf8 { bom: true } => f.write_str("UTF-8 with BOM"),
            Self::Utf16Le => f.write_str("UTF-16LE"),
            Self::Utf16Be => f.write_str("UTF-16BE"),
            Self::Iso8859(part) => write!(f, "ISO-8859-{part}"),
            Self::UsAscii => f.write_str("US-ASCII"),
            Self::Windows1252 => f.write_str("windows-1252"),
        }
    }
}

/// Decodes a document to text without byte order mark. The declaration stays as written, so a transcoded document still
/// names its first encoding; [`Document::parse`](super::Document::parse) does not judge it again.
///
/// # Errors
/// [`XmlErrorKind::Encoding`] when the bytes are not text in the encoding they claim, claim two, or claim one that is not
/// read (UTF-7, UTF-32, EBCDIC, unknown names); [`XmlErrorKind::Malformed`] when the declaration is broken.
pub fn to_text(bytes: &[u8]) -> Result<(String, Encoding), XmlError> {
    let (text, encoding) = decode(bytes)?;
    if text.is_empty() {
        return Err(XmlError::new(XmlErrorKind::Empty, "", 0));
    }
    if text.starts_with('\u{FEFF}') {
        return Err(refused("there is a second byte order mark", "", 0));
    }
    if let Some(offset) = text.find('\0') {
        return Err(refused("there is a NUL character", &text, offset));
    }
    Ok((text, encoding))
}

fn decode(bytes: &[u8]) -> Result<(String, Encoding), XmlError> {
    // The order matters: the mark of UTF-32LE begins with that of UTF-16LE.
    match bytes {
        [0xFF, 0xFE, 0, 0, ..]
        | [0, 0, 0xFE, 0xFF, ..]
        | [0, 0, 0, b'<', ..]
        | [b'<', 0, 0, 0, ..] => {
            Err(refused("UTF-32 is not read; save the document as UTF-8", "", 0))
        }
        [0x4C, 0x6F, 0xA7, 0x94, ..] => {
            Err(refused("EBCDIC is not read; save the document as UTF-8", "", 0))
        }
        [b'+', b'/', b'v', ..] => {
            Err(refused("UTF-7 is not read; save the document as UTF-8", "", 0))
        }
        [0xFF, 0xFE, rest @ ..] => utf16(rest, Encoding::Utf16Le, true),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, Encoding::Utf16Be, true),
        [b'<', 0, _, 0, ..] => utf16(bytes, Encoding::Utf16Le, false),
        [0, b'<', 0, _, ..] => utf16(bytes, Encoding::Utf16Be, false),
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            let encoding = Encoding::Utf8 { bom: true };
            match declared(rest)? {
                None => utf8(rest, encoding),
                Some(name) if is_utf8(name) => utf8(rest, encoding),
                Some(name) => Err(contradiction("begins with the byte order mark of UTF-8", name)),
            }
        }
        _ => {
            let Some(name) = declared(bytes)? else {
                return utf8(bytes, Encoding::Utf8 { bom: false });
            };
            match eight_bit(name) {
                Some(encoding @ Encoding::Utf8 { .. }) => utf8(bytes, encoding),
                Some(encoding) => single_byte(bytes, encoding),
                None if is_wide(name) => Err(contradiction("is written in single bytes", name)),
                None => {
                    let what = format!(
                        "the encoding {} is not read; save the document as UTF-8",
                        quoted(name)
                    );
                    Err(refused(&what, "", 0))
                }
            }
        }
    }
}

/// The encoding that a declaration in single bytes names.
fn declared(bytes: &[u8]) -> Result<Option<&str>, XmlError> {
    if !declaration::is_present(bytes) {
        return Ok(None);
    }
    let end = bytes.windows(2).position(|pair| pair == b"?>");
    // Whatever the encoding, a declaration is ASCII; the shortest valid start is enough to say that it is not.
    let inside =
        end.and_then(|end| bytes.get(5..end)).and_then(|inside| std::str::from_utf8(inside).ok());
    let inside =
        inside.ok_or_else(|| malformed("the XML declaration is not closed or not ASCII"))?;
    Ok(declaration::read(inside).map_err(malformed)?.encoding)
}

fn eight_bit(name: &str) -> Option<Encoding> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        // Choice: `utf8` is not a registered name, but a common slip that every parser forgives.
        "utf-8" | "utf8" => return Some(Encoding::Utf8 { bom: false }),
        "us-ascii" | "ascii" => return Some(Encoding::UsAscii),
        "latin1" | "iso-latin-1" => return Some(Encoding::Iso8859(1)),
        "windows-1252" | "cp1252" => return Some(Encoding::Windows1252),
        _ => {}
    }
    let part = ["iso-8859-", "iso_8859-", "iso8859-"].iter().find_map(|p| name.strip_prefix(p))?;
    // A part 12 was never published.
    let part = part
        .parse::<u8>()
        .ok()
        .filter(|n| (1..=16).contains(n) && *n != 12 && n.to_string() == part)?;
    Some(Encoding::Iso8859(part))
}

fn is_utf8(name: &str) -> bool {
    matches!(eight_bit(name), Some(Encoding::Utf8 { .. }))
}

/// Does the name belong to an encoding whose units are wider than a byte?
fn is_wide(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["utf-16", "utf16", "utf-32", "utf32", "ucs-", "iso-10646"]
        .iter()
        .any(|wide| name.starts_with(wide))
}

fn utf8(bytes: &[u8], encoding: Encoding) -> Result<(String, Encoding), XmlError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), encoding)),
        Err(error) => {
            let offset = error.valid_up_to();
            let before = bytes.get(..offset).and_then(|valid| std::str::from_utf8(valid).ok());
            Err(refused("these bytes are not UTF-8", before.unwrap_or_default(), offset))
        }
    }
}

fn utf16(bytes: &[u8], encoding: Encoding, bom: bool) -> Result<(String, Encoding), XmlError> {
    let big = encoding == Encoding::Utf16Be;
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] if big => u16::from_be_bytes([*a, *b]),
        [a, b] => u16::from_le_bytes([*a, *b]),
        // chunks_exact(2) gives pairs only; a NUL would be refused.
        _ => 0,
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(c) => text.push(c),
            Err(_) => {
                return Err(refused("half of a surrogate pair is missing", &text, text.len()));
            }
        }
    }
    if bytes.len() % 2 == 1 {
        return Err(refused("UTF-16 text has an odd number of bytes", &text, text.len()));
    }
    let name = declared(text.as_bytes())?.map(str::to_ascii_lowercase);
    match name.as_deref() {
        Some("utf-16" | "utf16") => Ok((text, encoding)),
        Some("utf-16le") if !big => Ok((text, encoding)),
        Some("utf-16be") if big => Ok((text, encoding)),
        Some(name) => Err(contradiction(&format!("is written in {encoding}"), name)),
        None if bom => Ok((text, encoding)),
        None => {
            let what = "the bytes look like UTF-16, but neither a byte order mark nor a declaration says so";
            Err(refused(what, "", 0))
        }
    }
}

fn single_byte(bytes: &[u8], encoding: Encoding) -> Result<(String, Encoding), XmlError> {
    let table = upper_half(encoding);
    let mut text = String::with_capacity(bytes.len());
    for (offset, byte) in bytes.iter().enumerate() {
        let c = match byte.checked_sub(0x80) {
            None => Some(char::from(*byte)),
            Some(upper) => table.get(usize::from(upper)).copied().flatten(),
        };
        let Some(c) = c else {
            let what = format!("the byte {byte:02X} stands for nothing in {encoding}");
            let mut error = refused(&what, &text, text.len());
            error.offset = offset;
            return Err(error);
        };
        text.push(c);
    }
    Ok((text, encoding))
}

/// What the bytes 80 to FF stand for.
fn upper_half(encoding: Encoding) -> Vec<Option<char>> {
    let (label, c1) = match encoding {
        Encoding::Windows1252 => ("windows-1252".to_owned(), false),
        // The ISO standards have controls at 80 to 9F, where the tables of the web have letters of Windows.
        Encoding::Iso8859(part) => (format!("iso-8859-{part}"), true),
        Encoding::UsAscii | Encoding::Utf8 { .. } | Encoding::Utf16Le | Encoding::Utf16Be => {
            return Vec::new();
        }
    };
    let table = encoding_rs::Encoding::for_label(label.as_bytes());
    let stands_for = |byte: u8| {
        if c1 && byte < 0xA0 {
            return Some(char::from(byte));
        }
        let bytes = [byte];
        table?.decode_without_bom_handling_and_without_replacement(&bytes)?.chars().next()
    };
    (0x80..=0xFF).map(stands_for).collect()
}

fn refused(what: &str, before: &str, offset: usize) -> XmlError {
    XmlError::new(XmlErrorKind::Encoding(what.to_owned()), before, offset)
}

fn contradiction(found: &str, name: &str) -> XmlError {
    refused(&format!("the document {found}, but declares the encoding {}", quoted(name)), "", 0)
}

fn malformed(what: &str) -> XmlError {
    XmlError::new(XmlErrorKind::Malformed(what.to_owned()), "", 0)
}

#[cfg(test)]
#[path = "encoding_tests.rs"]
mod tests;
