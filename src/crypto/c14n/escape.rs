//! Text and attribute values as canonical XML writes them.
//!
//! xml-c14n §2.3, "Attribute Nodes" and "Text Nodes". What these functions get is normalised already: a CR in text came from
//! a character reference, and so did tabs and line ends in an attribute's value.

/// Appends character data.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    push(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Appends what stands between the quotes of an attribute.
pub(super) fn push_attribute_value(out: &mut Vec<u8>, value: &str) {
    push(out, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
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

/// Copies runs of plain bytes in one piece; only ASCII is ever replaced, so UTF-8 stays whole.
fn push(out: &mut Vec<u8>, text: &str, replacement: impl Fn(u8) -> Option<&'static str>) {
    let mut rest = text.as_bytes();
    loop {
        let found = rest.iter().enumerate().find_map(|(at, byte)| Some((at, replacement(*byte)?)));
        let Some((at, escaped)) = found else {
            out.extend_from_slice(rest);
            return;
        };
        let (plain, from) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        out.extend_from_slice(escaped.as_bytes());
        rest = from.get(1..).unwrap_or_default();
    }
}
