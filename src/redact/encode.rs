//! Puts wrappings on again: what [`crate::decode`] removes.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::Compression as Level;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::decode::{Compression, Layer, Utf16};

/// Base64 in the alphabet, with the padding and roughly the line length of `like`.
pub(super) fn base64(
    bytes: &[u8],
    url_safe: bool,
    lines: usize,
    padded: bool,
    like: &str,
) -> String {
    let text = match (url_safe, padded) {
        (false, true) => STANDARD.encode(bytes),
        (false, false) => STANDARD_NO_PAD.encode(bytes),
        (true, true) => URL_SAFE.encode(bytes),
        (true, false) => URL_SAFE_NO_PAD.encode(bytes),
    };
    if lines <= 1 {
        return text;
    }
    let first = like.trim_start().lines().next().unwrap_or_default().trim().len();
    let end = if like.contains("\r\n") { "\r\n" } else { "\n" };
    let width = if first < 4 { 76 } else { first };
    let pieces: Vec<&str> = (0..text.len())
        .step_by(width)
        .filter_map(|at| text.get(at..text.len().min(at + width)))
        .collect();
    pieces.join(end)
}

/// Deflates; nothing when it cannot be done, which memory alone could cause.
pub(super) fn compressed(bytes: &[u8], compression: Compression) -> Option<Vec<u8>> {
    match compression {
        Compression::Deflate => {
            let mut encoder = DeflateEncoder::new(Vec::new(), Level::best());
            encoder.write_all(bytes).ok()?;
            encoder.finish().ok()
        }
        Compression::Zlib => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Level::best());
            encoder.write_all(bytes).ok()?;
            encoder.finish().ok()
        }
        Compression::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Level::best());
            encoder.write_all(bytes).ok()?;
            encoder.finish().ok()
        }
    }
}

/// Every character but the unreserved ones as an escape.
pub(super) fn percent(text: &str, lower: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else if lower {
            escaped.push_str(&format!("%{byte:02x}"));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// Text for XML and HTML, in attributes and elsewhere.
pub(super) fn markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\r' | '\n' => escaped.push_str(&format!("&#{};", u32::from(c))),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text for markup, with its lines as they are.
pub(super) fn entities(text: &str) -> String {
    markup(text).replace("&#10;", "\n").replace("&#9;", "\t")
}

/// As mail writes text: every `=` and whatever is no ASCII escaped, in lines that go on behind a `=` at their end (RFC 2045 §6.7).
pub(super) fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut width = 0;
    for byte in text.bytes() {
        if byte == b'\n' {
            out.push('\n');
            width = 0;
            continue;
        }
        if width >= 72 {
            out.push_str("=\n");
            width = 0;
        }
        if byte == b'=' || !(byte.is_ascii_graphic() || byte == b' ') {
            out.push_str(&format!("={byte:02X}"));
            width += 3;
        } else {
            out.push(char::from(byte));
            width += 1;
        }
    }
    out
}

/// Text in UTF-16 with its mark. A declaration of XML says so (XML 1.0 §4.3.3).
pub(super) fn utf16(text: &[u8], order: Utf16) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let declared = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let text = match text.strip_prefix(declared) {
        Some(rest) => format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{rest}"),
        None => text.to_owned(),
    };
    let bytes = |unit: u16| match order {
        Utf16::LittleEndian => unit.to_le_bytes(),
        Utf16::BigEndian => unit.to_be_bytes(),
    };
    Some(std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect())
}

/// The wrappings that were removed, put on again from the inside out, in lines as long as those of `like`. Repairs are not undone.
pub(super) fn wrapped(message: Vec<u8>, layers: &[Layer], like: &str) -> Option<Vec<u8>> {
    let mut bytes = message;
    for layer in layers.iter().rev() {
        bytes = match layer {
            Layer::Base64 { url_safe, lines, padded } => {
                base64(&bytes, *url_safe, *lines, *padded, like).into_bytes()
            }
            Layer::Compressed(compression) => compressed(&bytes, *compression)?,
            Layer::PercentEscapes => percent(std::str::from_utf8(&bytes).ok()?, false).into_bytes(),
            Layer::Xml { .. }
            | Layer::SpacesRestored
            | Layer::InvisibleRemoved
            | Layer::Punctuation
            | Layer::HtmlEntities
            | Layer::Surroundings { .. }
            | Layer::Utf8Bom => bytes,
            Layer::Within(_)
            | Layer::Url { .. }
            | Layer::Form { .. }
            | Layer::HtmlForm { .. }
            | Layer::QuotedPrintable
            | Layer::JsonString
            | Layer::Utf16Text(_) => return None,
        };
    }
    Some(bytes)
}
