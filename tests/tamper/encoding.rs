//! Bytes that two decoders read as two texts: encodings, byte order marks, declarations, ill-formed sequences.

use super::subject::Subject;
use super::{Attack, Class, Table};

const ENCODING: &[&str] = &["input-encoding"];
const DECODE: &str = "xml/encoding.rs decode";
const UTF8: &str = "xml/encoding.rs utf8";
const UTF16: &str = "xml/encoding.rs utf16";

fn body(s: &Subject) -> &str {
    match s.text().split_once("?>") {
        Some((declaration, body)) if declaration.starts_with("<?xml") => body.trim_start(),
        _ => s.text(),
    }
}

/// The message with another declaration.
fn declared(s: &Subject, encoding: &str) -> Option<Vec<u8>> {
    Some(format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{}", body(s)).into_bytes())
}

/// Raw bytes in the middle of the user's name.
fn with_bytes(s: &Subject, bytes: &[u8]) -> Option<Vec<u8>> {
    let at = s.identity()?.content_span().start + 3;
    let (start, end) = s.text().as_bytes().split_at(at);
    Some([start, bytes, end].concat())
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

fn utf32(text: &str) -> Vec<u8> {
    text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()
}

pub(super) const TABLE: Table = Table {
    class: Class::ParserDifferentials,
    attacks: &[
        Attack::rejected("declares-utf-7", ENCODING, DECODE, |s| declared(s, "UTF-7")),
        Attack::rejected("declares-utf-32", ENCODING, DECODE, |s| declared(s, "UTF-32")),
        Attack::rejected("declares-utf-16", ENCODING, DECODE, |s| declared(s, "UTF-16")),
        Attack::rejected("declares-ebcdic", ENCODING, DECODE, |s| declared(s, "IBM037")),
        Attack::rejected("declares-shift-jis", ENCODING, DECODE, |s| declared(s, "Shift_JIS")),
        Attack::rejected("declares-an-unknown-encoding", ENCODING, DECODE, |s| {
            declared(s, "x-mallory")
        }),
        // ë is two bytes in UTF-8 and two letters in Latin-1: the digest tells.
        Attack::rejected(
            "declares-latin-1-over-utf-8",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| if s.text().is_ascii() { None } else { declared(s, "ISO-8859-1") },
        ),
        Attack::rejected(
            "declares-ascii-over-utf-8",
            ENCODING,
            "xml/encoding.rs single_byte",
            |s| if s.text().is_ascii() { None } else { declared(s, "US-ASCII") },
        ),
        Attack::rejected("utf-7-bytes", &["input-not-saml"], "input/peel.rs text", |s| {
            s.first.then(|| body(s).replace('<', "+ADw-").replace('>', "+AD4-").into_bytes())
        }),
        Attack::rejected("utf-32-bytes", &["input-encoding", "input-not-saml"], DECODE, |s| {
            Some(utf32(body(s)))
        }),
        Attack::rejected(
            "utf-32-bytes-with-mark",
            &["input-encoding", "input-not-saml"],
            DECODE,
            |s| Some(utf32(&format!("\u{FEFF}{}", body(s)))),
        ),
        Attack::rejected(
            "two-byte-order-marks",
            &["input-encoding"],
            "xml/encoding.rs to_text",
            |s| Some(format!("\u{FEFF}\u{FEFF}{}", body(s)).into_bytes()),
        ),
        Attack::rejected("two-utf-16-marks", ENCODING, "xml/encoding.rs to_text", |s| {
            Some(utf16(&format!("\u{FEFF}\u{FEFF}{}", body(s)), true))
        }),
        Attack::rejected("utf-8-mark-before-a-utf-16-declaration", ENCODING, DECODE, |s| {
            let declared = declared(s, "UTF-16")?;
            Some(["\u{FEFF}".as_bytes(), &declared].concat())
        }),
        Attack::rejected("utf-16-that-declares-utf-8", ENCODING, UTF16, |s| {
            let text = String::from_utf8(declared(s, "UTF-8")?).ok()?;
            Some(utf16(&format!("\u{FEFF}{text}"), true))
        }),
        Attack::rejected("utf-16-without-mark-or-declaration", ENCODING, UTF16, |s| {
            Some(utf16(body(s), false))
        }),
        Attack::rejected("utf-16-with-an-odd-byte", ENCODING, UTF16, |s| {
            Some([utf16(&format!("\u{FEFF}{}", body(s)), true), vec![b'>']].concat())
        }),
        Attack::rejected("utf-16-with-half-a-pair", ENCODING, UTF16, |s| {
            let text = s.edit().last_in(s.identity()?, "\u{FFFC}").text();
            let text = text
                .split_once("?>")
                .filter(|(d, _)| d.starts_with("<?xml"))
                .map_or(text.as_str(), |(_, body)| body.trim_start());
            let mut units: Vec<u16> =
                "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).collect();
            for unit in units.iter_mut().filter(|unit| **unit == 0xFFFC) {
                *unit = 0xD800;
            }
            Some(units.into_iter().flat_map(u16::to_be_bytes).collect())
        }),
        Attack::harmless("utf-16-little-endian", &[], UTF16, |s| {
            Some(utf16(&format!("\u{FEFF}{}", body(s)), true))
        }),
        Attack::harmless("utf-16-big-endian", &[], UTF16, |s| {
            Some(utf16(&format!("\u{FEFF}{}", body(s)), false))
        }),
        Attack::rejected("overlong-slash", ENCODING, UTF8, |s| with_bytes(s, &[0xC0, 0xAF])),
        Attack::rejected("overlong-less-than", ENCODING, UTF8, |s| {
            with_bytes(s, &[0xE0, 0x80, 0xBC])
        }),
        Attack::rejected("surrogate-in-utf-8", ENCODING, UTF8, |s| {
            with_bytes(s, &[0xED, 0xA0, 0x80])
        }),
        Attack::rejected("above-the-last-character", ENCODING, UTF8, |s| {
            with_bytes(s, &[0xF4, 0x90, 0x80, 0x80])
        }),
        Attack::rejected("lone-continuation-byte", ENCODING, UTF8, |s| with_bytes(s, &[0x80])),
        Attack::rejected("nul-byte-in-a-value", ENCODING, "xml/encoding.rs to_text", |s| {
            with_bytes(s, &[0])
        }),
        Attack::rejected("nul-byte-at-the-end", ENCODING, "xml/encoding.rs to_text", |s| {
            Some([s.text().as_bytes(), &[0]].concat())
        }),
    ],
};
