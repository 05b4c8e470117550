//! Text and attribute values as canonical XML writes them.
//!
//! xml-c14n §2.3, "Attribute Nodes" and "Text Nodes". What these functions get is normalised already: a CR in text came from
//! a character reference, and so did tabs and line ends in an attribute's value.

use crate::xml::any_byte;

/// Appends character data.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    let special = |b: u8| (b == b'&') | (b == b'<') | (b == b'>') | (b == b'\r');
    push(out, text, special, |byte| match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        _ => "&#xD;",
    });
}

/// Appends what stands between the quotes of an attribute.
pub(super) fn push_attribute_value(out: &mut Vec<u8>, value: &str) {
    let space = |b: u8| (b == b'\t') | (b == b'\n') | (b == b'\r');
    let special = |b: u8| (b == b'&') | (b == b'<') | (b == b'"') | space(b);
    push(out, value, special, |byte| match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'"' => "&quot;",
        b'\t' => "&#x9;",
        b'\n' => "&#xA;",
        _ => "&#xD;",
    });
}

/// Appends the inside of a comment or processing instruction: nothing is escaped there, but line ends become LF (XML 1.0
/// §2.11).
pub(super) fn push_lines(out: &mut Vec<u8>, inside: &str) {
    let mut lines = inside.split('\r');
    out.extend_from_slice(lines.next().unwrap_or_default().as_bytes());
    for line in lines {
        if !line.starts_with('\n') {
            out.push(b'\n');
        }
        out.extend_from_slice(line.as_bytes());
    }
}

/// Copies runs of plain bytes in one piece, and what is special as it is written; only ASCII is, so UTF-8 stays whole.
fn push(
    out: &mut Vec<u8>,
    text: &str,
    special: impl Fn(u8) -> bool,
    written: impl Fn(u8) -> &'static str,
) {
    /// A piece of that many bytes is mostly plain as a whole.
    const AT_ONCE: usize = 64;
    let mut plain = 0;
    let bytes = text.as_bytes();
    for (number, chunk) in bytes.chunks(AT_ONCE).enumerate() {
        if !any_byte(chunk, &special) {
            continue;
        }
        for (offset, byte) in chunk.iter().enumerate().filter(|(_, byte)| special(**byte)) {
            let at = number * AT_ONCE + offset;
            out.extend_from_slice(bytes.get(plain..at).unwrap_or_default());
            out.extend_from_slice(written(*byte).as_bytes());
            plain = at + 1;
        }
    }
    out.extend_from_slice(bytes.get(plain..).unwrap_or_default());
}
