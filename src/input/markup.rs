//! Is this markup, and is it XML to be read or an HTML page to be searched?
//!
//! Only the beginning decides, in whichever of the three encodings that a beginning can show: ASCII-compatible, UTF-16LE,
//! UTF-16BE (XML 1.0 appendix F.1). Whether the rest is well-formed is the XML parser's business.

use std::borrow::Cow;

use crate::decode::{UTF8_BOM, Utf16, utf16_of};

/// What kind of markup the bytes begin with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// XML, behind white space that must go.
    Xml(Leading),
    /// An HTML page or fragment, in an ASCII-compatible encoding.
    Html,
}

/// White space between the byte order mark and an XML declaration, where XML allows none (XML 1.0 §2.8).
///
/// Choice: it is the only thing ever removed from plain XML. White space elsewhere outside the root is well-formed and stays.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Leading {
    pub(super) start: usize,
    pub(super) length: usize,
}

/// Bytes in which control characters tell binary data that happen to begin with `<` from markup.
const BEGINNING: usize = 256;

/// Characters of the beginning that are looked at, more than any real prologue needs to reach a page's first tag.
const PROLOGUE: usize = 64 << 10;

pub(super) fn detect(bytes: &[u8]) -> Option<Markup> {
    let order = utf16_of(bytes);
    let bom = match bytes {
        _ if bytes.starts_with(UTF8_BOM) => UTF8_BOM.len(),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => 2,
        _ => 0,
    };
    // A second byte order mark is no reason to look for a wrapping: the XML stage shall refuse it (security rule 11).
    let mark = bytes.get(..bom)?;
    let marks = match mark {
        [] => 0,
        mark => bytes.chunks_exact(bom).take_while(|unit| *unit == mark).count() * bom,
    };
    let body = bytes.get(marks..)?;
    let width = if order.is_some() { 2 } else { 1 };
    let whitespace = match order {
        None => body.len() - body.trim_ascii_start().len(),
        Some(order) => {
            let blank = |pair: &&[u8; 2]| low_byte(pair, order).is_ascii_whitespace();
            2 * body.as_chunks::<2>().0.iter().take_while(blank).count()
        }
    };
    let rest = body.get(whitespace..)?;
    let rest = rest.get(..rest.len().min(PROLOGUE * width)).unwrap_or_default();
    let start: Cow<'_, [u8]> = match order {
        None => Cow::Borrowed(rest),
        Some(order) => rest.as_chunks::<2>().0.iter().map(|pair| low_byte(pair, order)).collect(),
    };
    let &[b'<', next, ..] = &*start else {
        return None;
    };
    let opens = next.is_ascii_alphabetic() || !next.is_ascii() || b"_:?!".contains(&next);
    let control = |byte: &u8| *byte < 0x20 && !byte.is_ascii_whitespace();
    if !opens || start.iter().take(BEGINNING).any(control) {
        return None;
    }
    if is_html(&start) {
        // A page in UTF-16 is first made UTF-8, like any other text.
        return order.is_none().then_some(Markup::Html);
    }
    let must_go = start.starts_with(b"<?xml");
    Some(Markup::Xml(Leading { start: marks, length: if must_go { whitespace } else { 0 } }))
}

/// Removes what [`detect`] found in front of the XML declaration.
pub(super) fn remove_leading(bytes: &mut Vec<u8>, leading: Leading) {
    let end = leading.start + leading.length;
    if leading.length > 0 && end <= bytes.len() {
        bytes.drain(leading.start..end);
    }
}

/// The ASCII character of a UTF-16 unit; anything else becomes a byte that is not ASCII.
fn low_byte(pair: &[u8; 2], order: Utf16) -> u8 {
    let [first, second] = *pair;
    let (high, low) = match order {
        Utf16::LittleEndian => (second, first),
        Utf16::BigEndian => (first, second),
    };
    if high == 0 { low } else { 0xff }
}

/// Does the first tag or document type belong to HTML? Declarations and comments before it do not decide.
fn is_html(start: &[u8]) -> bool {
    const TAGS: [&str; 26] = [
        "html", "head", "body", "form", "input", "script", "noscript", "meta", "title", "link",
        "style", "base", "div", "span", "br", "center", "table", "h1", "h2", "img", "iframe",
        "button", "textarea", "p", "pre", "section",
    ];
    let mut rest = start;
    loop {
        rest = rest.trim_ascii_start();
        let end = match rest {
            [b'<', b'?', ..] => b"?>".as_slice(),
            _ if rest.starts_with(b"<!--") => b"-->".as_slice(),
            _ => break,
        };
        let Some(length) = rest.windows(end.len()).position(|bytes| bytes == end) else {
            return false;
        };
        rest = rest.get(length + end.len()..).unwrap_or_default();
    }
    let word = |text: &'_ [u8]| {
        let length = text
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'['))
            .unwrap_or(text.len());
        text.get(..length).unwrap_or_default().to_ascii_lowercase()
    };
    match rest.strip_prefix(b"<") {
        Some(tag) if word(tag) == b"!doctype" => {
            let name = tag.get(b"!doctype".len()..).unwrap_or_default().trim_ascii_start();
            word(name) == b"html"
        }
        Some(tag) => TAGS.iter().any(|known| known.as_bytes() == word(tag)),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(length: usize) -> Option<Markup> {
        Some(Markup::Xml(Leading { start: 0, length }))
    }

    #[test]
    fn saml_is_xml_and_a_page_is_html() {
        assert_eq!(detect(b"<samlp:Response/>"), xml(0));
        assert_eq!(detect(b"<?xml version='1.0'?><Response/>"), xml(0));
        for page in [
            "<!DOCTYPE html><html>",
            "\n<!-- saved from -->\n<HTML lang='en'>",
            "<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><html>",
            "<form method=post>",
        ] {
            assert_eq!(detect(page.as_bytes()), Some(Markup::Html), "{page}");
        }
    }

    #[test]
    fn a_prefix_named_like_a_tag_is_xml() {
        assert_eq!(detect(b"<p:Response xmlns:p='x'/>"), xml(0));
        assert_eq!(detect(b"<!DOCTYPE Response [<!ENTITY a 'b'>]><Response/>"), xml(0));
    }

    #[test]
    fn only_white_space_before_a_declaration_must_go() {
        assert_eq!(detect(b" \n<?xml version='1.0'?><a/>"), xml(2));
        assert_eq!(detect(b" \n<a/>"), xml(0));
    }

    #[test]
    fn utf16_xml_is_xml_with_or_without_its_mark() {
        assert_eq!(detect(b"<\0a\0/\0>\0"), xml(0));
        assert_eq!(detect(b"\0<\0?\0x"), xml(0));
        let marked = detect(b"\xff\xfe\n\0<\0?\0x\0m\0l\0 \0");
        assert_eq!(marked, Some(Markup::Xml(Leading { start: 2, length: 2 })));
    }

    #[test]
    fn binary_data_that_begin_with_a_bracket_are_not_markup() {
        assert_eq!(detect(b"<a\x01\x02"), None);
        assert_eq!(detect(b"< a"), None);
        assert_eq!(detect(b"<3 is a heart"), None);
    }
}
