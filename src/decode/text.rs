//! What editors and terminals put around a value: UTF-16, byte order marks, quotes, white space.
//!
//! UTF-16 is removed here only from text that is not XML: an XML document says its own encoding (XML 1.0 §4.3.3, appendix F),
//! and its bytes are kept as they are.

use std::fmt::{self, Display, Formatter};

use super::{InputErrorKind, Layer};
use crate::xml::any_byte;

/// The byte order of UTF-16 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utf16 {
    /// UTF-16LE, as Windows writes it.
    LittleEndian,
    /// UTF-16BE.
    BigEndian,
}

impl Display for Utf16 {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LittleEndian => "UTF-16LE",
            Self::BigEndian => "UTF-16BE",
        })
    }
}

/// The UTF-8 byte order mark.
pub(crate) const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// Is this UTF-16, by its byte order mark or by the NULs beside its first ASCII characters?
pub(crate) fn utf16_of(bytes: &[u8]) -> Option<Utf16> {
    let ascii = |byte: u8| (0x20..0x7f).contains(&byte) || matches!(byte, b'\t' | b'\n' | b'\r');
    match *bytes {
        [0xff, 0xfe, ..] => Some(Utf16::LittleEndian),
        [0xfe, 0xff, ..] => Some(Utf16::BigEndian),
        [first, 0, second, 0, ..] if ascii(first) && ascii(second) => Some(Utf16::LittleEndian),
        [0, first, 0, second, ..] if ascii(first) && ascii(second) => Some(Utf16::BigEndian),
        _ => None,
    }
}

/// UTF-16 as UTF-8, without its byte order mark.
pub(crate) fn decode_utf16(bytes: &[u8], order: Utf16) -> Result<String, InputErrorKind> {
    let broken = |position| InputErrorKind::Utf16 { order, position };
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(broken(bytes.len()));
    }
    let units = pairs.iter().map(|pair| match order {
        Utf16::LittleEndian => u16::from_le_bytes(*pair),
        Utf16::BigEndian => u16::from_be_bytes(*pair),
    });
    let mut text = String::with_capacity(pairs.len());
    let mut position = 1;
    for decoded in char::decode_utf16(units) {
        let character = decoded.map_err(|_| broken(position))?;
        if !(position == 1 && character == '\u{feff}') {
            text.push(character);
        }
        position += 2 * character.len_utf16();
    }
    Ok(text)
}

/// Is this text as people paste it: UTF-8 without control characters other than tabs and line ends?
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let space = |b: u8| (b == b'\t') | (b == b'\n') | (b == b'\r') | (b == 0x0c);
    let control = |b: u8| (b == 0x7f) | ((b < 0x20) & !space(b));
    !any_byte(bytes, control) && std::str::from_utf8(bytes).is_ok()
}

/// Removes white space and one pair of quotes around a value, and says so unless it was only the line end of a text file.
pub(crate) fn unquote(text: &[u8]) -> Option<(Vec<u8>, Layer)> {
    const QUOTES: [(&[u8], &[u8]); 5] = [
        (b"\"", b"\""),
        (b"'", b"'"),
        (b"`", b"`"),
        ("\u{201c}".as_bytes(), "\u{201d}".as_bytes()),
        ("\u{2018}".as_bytes(), "\u{2019}".as_bytes()),
    ];
    let trimmed = text.trim_ascii();
    let mut whitespace = text.strip_suffix(b"\n").unwrap_or(text).len() > trimmed.len()
        && text.strip_suffix(b"\r\n").unwrap_or(text).len() > trimmed.len();
    let quoted = QUOTES.iter().find_map(|(open, close)| {
        trimmed.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close))
    });
    let Some(inner) = quoted else {
        return whitespace
            .then(|| (trimmed.to_vec(), Layer::Surroundings { quotes: false, whitespace }));
    };
    // A backslash occurs in none of the encodings: this is a JSON string, and `\/` or `\u002b` in it are not literal.
    if trimmed.starts_with(b"\"")
        && inner.contains(&b'\\')
        && let Ok(value) = serde_json::from_slice::<String>(trimmed)
    {
        return Some((value.into_bytes(), Layer::JsonString));
    }
    let value = inner.trim_ascii();
    whitespace |= value.len() < inner.len();
    Some((value.to_vec(), Layer::Surroundings { quotes: true, whitespace }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(text: &str) -> Option<(String, String)> {
        unquote(text.as_bytes())
            .map(|(inner, layer)| (String::from_utf8(inner).unwrap(), layer.to_string()))
    }

    #[test]
    fn quotes_and_white_space_are_removed_and_named() {
        let pair = |inner: &str, layer: &str| Some((inner.to_owned(), layer.to_owned()));
        assert_eq!(removed("\"abc\""), pair("abc", "quotes"));
        assert_eq!(removed("\u{201c}abc\u{201d}\n"), pair("abc", "quotes"));
        assert_eq!(removed(" 'abc' "), pair("abc", "quotes and whitespace"));
        assert_eq!(removed("\n abc"), pair("abc", "whitespace"));
        assert_eq!(removed(r#""a\/b\u002b\n""#), pair("a/b+\n", "JSON string"));
    }

    #[test]
    fn the_line_end_of_a_text_file_is_no_layer() {
        for text in ["abc", "abc\n", "abc\r\n"] {
            assert_eq!(removed(text), None, "{text:?}");
        }
        assert!(removed("abc\n\n").is_some());
    }

    #[test]
    fn utf16_is_told_with_and_without_a_byte_order_mark() {
        assert_eq!(utf16_of(b"\xff\xfeP\0"), Some(Utf16::LittleEndian));
        assert_eq!(utf16_of(b"\xfe\xff\0P"), Some(Utf16::BigEndian));
        assert_eq!(utf16_of(b"P\0H\0"), Some(Utf16::LittleEndian));
        assert_eq!(utf16_of(b"\0P\0H"), Some(Utf16::BigEndian));
        assert_eq!(utf16_of(b"PHNh"), None);
    }

    #[test]
    fn half_a_character_is_an_error_with_its_place() {
        let order = Utf16::LittleEndian;
        assert_eq!(decode_utf16(b"\xff\xfea\0", order).unwrap(), "a");
        let odd = decode_utf16(b"a\0b", order);
        assert_eq!(odd, Err(InputErrorKind::Utf16 { order, position: 3 }));
        let lone_surrogate = decode_utf16(b"a\0\x00\xd8b\0", order);
        assert_eq!(lone_surrogate, Err(InputErrorKind::Utf16 { order, position: 3 }));
    }

    #[test]
    fn control_characters_and_broken_utf8_are_not_text() {
        assert!(is_text("Zürich\r\n\t".as_bytes()));
        assert!(!is_text(b"a\0b"));
        assert!(!is_text(b"Z\xfcrich"));
    }
}
