//! From text as written to text as meant: references, line ends, white space in attributes.
//!
//! XML 1.0 §2.11 (line ends), §3.3.3 (attribute values), §4.1 and §4.6 (references). Only the five predefined entities exist,
//! because no document with a DOCTYPE comes this far.

use std::borrow::Cow;

use super::bytes::any_byte;
use super::names::is_char;

/// The character that `&name;` stands for; `None` when it stands for nothing.
pub(super) fn resolve(name: &str) -> Option<char> {
    match name {
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "quot" => return Some('"'),
        _ => {}
    }
    let (digits, radix) = match name.strip_prefix("#x") {
        Some(digits) => (digits, 16),
        None => (name.strip_prefix('#')?, 10),
    };
    if digits.is_empty() {
        return None;
    }
    let code = digits.chars().try_fold(0_u32, |code, c| {
        Some(code.saturating_mul(radix).saturating_add(c.to_digit(radix)?))
    })?;
    char::from_u32(code).filter(|c| is_char(*c))
}

/// Character data as an application sees it. References that stand for nothing stay as they are: the parser
/// has refused them.
pub(super) fn character_data(raw: &str) -> Cow<'_, str> {
    expand(raw, |rest| memchr::memchr2(b'&', b'\r', rest), '\n').unwrap_or(Cow::Borrowed(raw))
}

/// Line ends alone: what CDATA, comments and processing instructions need.
pub(super) fn line_ends(raw: &str) -> Cow<'_, str> {
    expand(raw, |rest| memchr::memchr(b'\r', rest), '\n').unwrap_or(Cow::Borrowed(raw))
}

/// An attribute's value: white space as written becomes spaces, white space by reference stays.
///
/// # Errors
/// The offset of the first reference that stands for nothing.
pub(super) fn attribute_value(raw: &str) -> Result<Cow<'_, str>, usize> {
    let special = |byte: &u8| matches!(byte, b'&' | b'\r' | b'\n' | b'\t');
    expand(raw, |rest| rest.iter().position(special), ' ')
}

/// Is an attribute's value what is written, because no character in it is special or forbidden? Most are, and a look at all bytes
/// at once tells it sooner than a search does.
pub(super) fn is_plain(raw: &str) -> bool {
    let space = |b: u8| (b == b'\r') | (b == b'\n') | (b == b'\t');
    !any_byte(raw.as_bytes(), |b| (b == b'&') | (b == b'<') | space(b))
}

/// Replaces the special characters, the first of which `special` finds: a reference by what it stands for, CRLF and the rest by
/// `space`. All of them are ASCII, so that no character is cut.
fn expand(
    raw: &str,
    special: impl Fn(&[u8]) -> Option<usize>,
    space: char,
) -> Result<Cow<'_, str>, usize> {
    let Some(mut at) = special(raw.as_bytes()) else { return Ok(Cow::Borrowed(raw)) };
    let mut value = String::with_capacity(raw.len());
    let mut copied = 0;
    loop {
        value.push_str(raw.get(copied..at).unwrap_or_default());
        let rest = raw.get(at..).unwrap_or_default();
        copied = if let Some(reference) = rest.strip_prefix('&') {
            let (name, _) = reference.split_once(';').ok_or(at)?;
            value.push(resolve(name).ok_or(at)?);
            at + name.len() + 2
        } else {
            value.push(space);
            at + if rest.starts_with("\r\n") { 2 } else { 1 }
        };
        let rest = raw.get(copied..).unwrap_or_default();
        let Some(next) = special(rest.as_bytes()) else {
            value.push_str(rest);
            return Ok(Cow::Owned(value));
        };
        at = copied + next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_predefined_or_a_character_that_xml_allows() {
        for (name, expected) in [
            ("amp", '&'),
            ("quot", '"'),
            ("#65", 'A'),
            ("#x41", 'A'),
            ("#x0010FFFF", '\u{10FFFF}'),
            ("#9", '\t'),
        ] {
            assert_eq!(resolve(name), Some(expected), "{name}");
        }
        for name in [
            "",
            "#",
            "#x",
            "nbsp",
            "AMP",
            "#X41",
            "#x+41",
            "#-1",
            "#0",
            "#x1F",
            "#xD800",
            "#xFFFE",
            "#x110000",
            "#99999999999999999999",
            "# 65",
            "#65 ",
            "#4A",
            "#x4G",
        ] {
            assert_eq!(resolve(name), None, "{name}");
        }
    }

    #[test]
    fn line_ends_become_lf_unless_written_as_references() {
        assert_eq!(character_data("a\r\nb\rc\r\r\nd\n&#13;&#xD;\t"), "a\nb\nc\n\nd\n\r\r\t");
        assert_eq!(line_ends("&amp;\r\n"), "&amp;\n");
        assert!(matches!(character_data("a\n\tb"), Cow::Borrowed(_)));
    }

    #[test]
    fn white_space_in_attributes_becomes_spaces_unless_written_as_references() {
        assert_eq!(
            attribute_value("a\r\nb\rc\td\n\n&#13;&#10;&#9;e&lt;é").unwrap(),
            "a b c d  \r\n\te<é"
        );
        assert_eq!(attribute_value("ab&foo;"), Err(2));
        assert_eq!(attribute_value("ab&amp"), Err(2));
    }
}
