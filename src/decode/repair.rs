//! What mail, pages and copying do to a value, and undo: HTML entities, quoted-printable, invisible characters, punctuation.
//!
//! Each of these is certain: the characters it removes occur in none of the encodings that a message travels in, or in no XML.
//! What would be well-formed XML as it stands is never touched, for its bytes are judged as they are.
//!
//! HTML standard §13.5 (named character references), RFC 2045 §6.7 (quoted-printable).

use std::borrow::Cow;

use memchr::{memchr, memmem};
use quick_xml::escape::{resolve_xml_entity, unescape_with};

use super::is_convincing_base64;

/// Removes HTML entities from around escaped markup or an encoded value; `None` when there are none to be removed for certain.
pub(crate) fn unescape_entities(text: &str) -> Option<String> {
    memchr(b'&', text.as_bytes())?;
    let Ok(Cow::Owned(plain)) = unescape_with(text, html_entity) else { return None };
    let begins_as_markup = begins_as_escaped_markup(text);
    (begins_as_markup || is_value(plain.as_bytes())).then_some(plain)
}

/// Whether text begins with an escaped `<`, however often it was escaped.
fn begins_as_escaped_markup(text: &str) -> bool {
    let Some(mut rest) = text.trim_start().strip_prefix('&') else { return false };
    while let Some(inner) = rest.strip_prefix("amp;") {
        rest = inner;
    }
    ["lt;", "LT;", "#60;", "#x3c;", "#x3C;", "#X3C;"].iter().any(|open| rest.starts_with(open))
}

/// The entities that pages use for characters of XML and base64.
fn html_entity(name: &str) -> Option<&'static str> {
    match name {
        "plus" => Some("+"),
        "equals" => Some("="),
        "sol" => Some("/"),
        "colon" => Some(":"),
        "percnt" => Some("%"),
        "num" => Some("#"),
        "quest" => Some("?"),
        "nbsp" => Some("\u{a0}"),
        "NewLine" => Some("\n"),
        "Tab" => Some("\t"),
        name => resolve_xml_entity(name),
    }
}

/// Removes quoted-printable; `None` unless every `=` is part of it and something shows that it is no other use of `=`.
pub(crate) fn unquote_printable(text: &[u8]) -> Option<Vec<u8>> {
    memchr(b'=', text)?;
    let mut plain = Vec::with_capacity(text.len());
    let (mut soft_breaks, mut escapes) = (false, false);
    let mut rest = text;
    while let Some(at) = memchr(b'=', rest) {
        let (before, after) = rest.split_at_checked(at)?;
        plain.extend_from_slice(before);
        rest = match *after {
            [b'=', b'\r', b'\n', ref rest @ ..] | [b'=', b'\n', ref rest @ ..] => {
                soft_breaks = true;
                rest
            }
            [b'=', high, low, ref rest @ ..] => {
                plain.push(hexadecimal(high)? << 4 | hexadecimal(low)?);
                escapes |= [high, low] == *b"3D";
                rest
            }
            _ => return None,
        };
    }
    plain.extend_from_slice(rest);
    // `=3D` is how quoted-printable writes `=`, which it must wherever one stood. Base64 has none but at the end.
    let own = if escapes { memchr(b'=', &plain).is_some() } else { is_value(&plain) };
    ((soft_breaks || escapes) && own).then_some(plain)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Removes characters that nobody sees from a value that has only ASCII besides; a space that must not break is a space.
pub(crate) fn remove_invisible(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // Soft hyphen, zero-width space and (non-)joiners, direction marks, word joiner, byte order mark.
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {}
            '\u{a0}' | '\u{202f}' | '\u{2007}' => plain.push(' '),
            '\u{2028}' | '\u{2029}' | '\u{85}' => plain.push('\n'),
            visible if visible.is_ascii() => plain.push(visible),
            _ => return None,
        }
    }
    let is_value =
        is_value(plain.as_bytes()) || memmem::find(plain.as_bytes(), b"SAMLRe").is_some();
    is_value.then(|| plain.trim().to_owned())
}

/// Removes brackets around a value and the punctuation that copying took along; `None` when there is none.
pub(crate) fn remove_punctuation(text: &[u8]) -> Option<&[u8]> {
    const PAIRS: [(&[u8], &[u8]); 4] = [(b"(", b")"), (b"[", b"]"), (b"<", b">"), (b"{", b"}")];
    let end = text.iter().rposition(|byte| !b",;.:".contains(byte))? + 1;
    let mut inner = text.get(..end).unwrap_or_default();
    let bracketed = |value: &'_ [u8]| {
        PAIRS.iter().find_map(|(open, close)| {
            value.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close)).map(<[u8]>::len)
        })
    };
    if let Some(length) = bracketed(inner) {
        inner = inner.get(1..=length).unwrap_or_default();
    }
    // A spreadsheet writes text as a formula: `="…"`.
    if inner.starts_with(b"=\"") || inner.starts_with(b":") {
        inner = inner.get(1..).unwrap_or_default();
    }
    let inner = inner.trim_ascii();
    let quoted = |quote: &u8| matches!(inner, [open, .., close] if open == quote && close == quote);
    let is_value = is_value(inner) || b"\"'`".iter().any(quoted);
    (inner.len() < text.len() && is_value).then_some(inner)
}

/// Whether this is surely base64, in quotes or not, and nothing else.
fn is_value(text: &[u8]) -> bool {
    let text = text.trim_ascii().trim_ascii_end();
    let inner = match text {
        [b'"' | b'\'', inner @ .., b'"' | b'\''] => inner,
        text => text,
    };
    let of_a_value = |byte: &u8| {
        byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/-_=%".contains(byte)
    };
    is_convincing_base64(inner) && inner.iter().all(of_a_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "PHNhbWxwOlJlc3BvbnNlPjEyMzQ1Njc4+/8=";

    #[test]
    fn entities_go_from_markup_and_from_values_and_from_nothing_else() {
        let plain = |text: &str| unescape_entities(text);
        assert_eq!(plain("&lt;a b=&quot;&amp;amp;&quot;/&gt;").unwrap(), "<a b=\"&amp;\"/>");
        assert_eq!(plain("&amp;lt;a/&amp;gt;").unwrap(), "&lt;a/&gt;");
        let escaped = VALUE.replace('+', "&#43;").replace('/', "&sol;").replace('=', "&#x3d;");
        assert_eq!(plain(&escaped).unwrap(), VALUE);
        for text in ["salt &amp; pepper", "&lt;a b='x&y'/&gt;", "&#43;", "a&b;", VALUE] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn quoted_printable_is_known_by_having_no_other_equals_sign() {
        let plain = |text: &str| {
            unquote_printable(text.as_bytes()).map(|plain| String::from_utf8(plain).unwrap())
        };
        assert_eq!(
            plain("PHNhbWxwOlJl=\nc3BvbnNl=\r\nPj8=3D").unwrap(),
            "PHNhbWxwOlJlc3BvbnNlPj8="
        );
        assert_eq!(plain("<a b=3D\"x=\ny\"/>").unwrap(), "<a b=\"xy\"/>");
        for text in ["YQ=\n=Y", "a=b", "<a b=\"c=3D\"/>", "a=41b", "PHNhbWxw\n=\n=", "one=\ntwo"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn invisible_characters_go_from_values_and_stay_in_words() {
        let (start, end) = VALUE.split_at(9);
        let hidden = format!("{start}\u{200b}{end}\u{feff}");
        assert_eq!(remove_invisible(&hidden).unwrap(), VALUE);
        assert_eq!(
            remove_invisible(&format!("{start}\u{a0}{end}")).unwrap(),
            format!("{start} {end}")
        );
        for text in ["two\u{a0}words", "Zürich\u{200b}", VALUE] {
            assert_eq!(remove_invisible(text), None, "{text}");
        }
    }

    #[test]
    fn punctuation_goes_from_around_values_only() {
        for text in
            [format!("{VALUE}."), format!("({VALUE}),"), format!("<{VALUE}>"), format!(":{VALUE};")]
        {
            assert_eq!(remove_punctuation(text.as_bytes()), Some(VALUE.as_bytes()), "{text}");
        }
        assert_eq!(remove_punctuation(b"\"abc\","), Some(b"\"abc\"".as_slice()));
        assert_eq!(remove_punctuation(b"=\"abc\""), Some(b"\"abc\"".as_slice()));
        for text in ["The end.", VALUE, "(see below)"] {
            assert_eq!(remove_punctuation(text.as_bytes()), None, "{text}");
        }
    }
}
