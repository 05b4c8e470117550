//! Base64 as it is pasted: either alphabet, any line wrapping, with or without padding, and nothing looser than that.
//!
//! RFC 4648 §4, §5. §3.5 lets a decoder accept non-zero trailing bits; no encoder writes them and they hide a second spelling of
//! one message, so they are refused. So are mixed alphabets and anything behind the padding (security rule 16).

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::STANDARD as BASE64;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Layer;

/// Why text that is base64 cannot be decoded. Positions count bytes of the text from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Base64Error {
    /// A character of neither alphabet.
    #[error("the byte at position {position} is no base64 character")]
    Character {
        /// Where.
        position: usize,
    },
    /// `+` or `/` together with `-` or `_`.
    #[error(
        "the character at position {position} belongs to the other alphabet: + and / never occur \
         together with - and _"
    )]
    MixedAlphabets {
        /// Where the second alphabet begins.
        position: usize,
    },
    /// Data behind the `=`: a second block, which decoders read differently.
    #[error("there is more at position {position}, behind the padding that ends it")]
    AfterPadding {
        /// Where.
        position: usize,
    },
    /// More `=` than the length calls for.
    #[error("more padding (=) at the end than its length allows")]
    Padding,
    /// One character too many or three too few: no encoder ends like this.
    #[error("its length is impossible, so characters are missing or added")]
    Length,
    /// The last character has bits that belong to no byte.
    #[error(
        "its last character is not one an encoder writes there, so the end is missing or changed"
    )]
    TrailingBits,
}

/// Padding is counted by [`Scan`] and cut off, which leaves the engine one strict job.
const UNPADDED: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireNone);

/// What one pass over the text found: its characters without white space and padding, and their shape.
struct Scan {
    characters: Vec<u8>,
    standard: bool,
    url_safe: bool,
    padding: usize,
    lines: usize,
    /// Spaces that are data, not wrapping: each was a `+`.
    restored: bool,
}

/// Decodes `text`, and says which layers that removed: the base64, and before it the restored `+` if there were any.
pub(crate) fn decode_base64(text: &[u8]) -> Result<(Vec<u8>, Vec<Layer>), Base64Error> {
    let text = text.trim_ascii();
    // One line of the standard alphabet, padded, is what most senders write; whatever is odd about the rest is found out below.
    if !text.is_empty()
        && let Ok(bytes) = BASE64.decode(text)
    {
        return Ok((bytes, vec![Layer::Base64 { url_safe: false, lines: 1, padded: true }]));
    }
    let scan = scan(text, spaces_are_plus(text))?;
    let missing = (4 - scan.characters.len() % 4) % 4;
    if missing == 3 {
        return Err(Base64Error::Length);
    }
    if scan.padding > missing {
        return Err(Base64Error::Padding);
    }
    let alphabet = if scan.url_safe { &URL_SAFE } else { &STANDARD };
    // The alphabet and the length are known to be right, so only the trailing bits are left to refuse.
    let bytes = GeneralPurpose::new(alphabet, UNPADDED)
        .decode(&scan.characters)
        .map_err(|_| Base64Error::TrailingBits)?;
    let mut layers = Vec::new();
    if scan.restored {
        layers.push(Layer::SpacesRestored);
    }
    let padded = scan.padding == missing;
    layers.push(Layer::Base64 { url_safe: scan.url_safe, lines: scan.lines, padded });
    Ok((bytes, layers))
}

fn scan(text: &[u8], spaces_are_plus: bool) -> Result<Scan, Base64Error> {
    let mut scan = Scan {
        characters: Vec::with_capacity(text.len()),
        standard: false,
        url_safe: false,
        padding: 0,
        lines: 1,
        restored: false,
    };
    let mut line_is_empty = true;
    for (offset, &byte) in text.iter().enumerate() {
        let position = offset + 1;
        let byte = match byte {
            b' ' if spaces_are_plus && scan.padding == 0 => {
                scan.restored = true;
                b'+'
            }
            b'\r' | b'\n' => {
                if !line_is_empty {
                    scan.lines += 1;
                }
                line_is_empty = true;
                continue;
            }
            b' ' | b'\t' => continue,
            other => other,
        };
        line_is_empty = false;
        match byte {
            b'=' => {
                scan.padding += 1;
                continue;
            }
            b'+' | b'/' => scan.standard = true,
            b'-' | b'_' => scan.url_safe = true,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => {}
            _ => return Err(Base64Error::Character { position }),
        }
        if scan.padding > 0 {
            return Err(Base64Error::AfterPadding { position });
        }
        if scan.standard && scan.url_safe {
            return Err(Base64Error::MixedAlphabets { position });
        }
        scan.characters.push(byte);
    }
    Ok(scan)
}

/// Is a space inside this base64 a `+` that form-decoding ate, or was the text wrapped or indented with it?
///
/// Choice: wrapping is a space beside a line end, or pieces of one length that make up a whole number of quartets; every other
/// space is a lost `+`. With padding in place the two cannot be confused: a lost `+` shortens the rest to an impossible length.
fn spaces_are_plus(text: &[u8]) -> bool {
    if !text.contains(&b' ') {
        return false;
    }
    let only_between_lines = text.split(|byte| matches!(byte, b'\r' | b'\n')).all(|line| {
        let line = line.trim_ascii();
        !line.contains(&b' ')
    });
    if only_between_lines {
        return false;
    }
    let mut pieces = text.split(|byte| *byte == b' ');
    let first = pieces.next().map_or(0, <[u8]>::len);
    let mut pieces = pieces.peekable();
    let mut regular = first >= 4;
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        regular &= if is_last { piece.len() <= first } else { piece.len() == first };
    }
    let without_spaces = text.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
    !(regular && without_spaces.is_multiple_of(4))
}

/// Was this text surely meant as base64, so that a failure to decode it is worth an error of its own?
///
/// A word list is made of base64 characters too. What no word list has is a long unbroken run with capitals, small letters and
/// digits in it, or the beginning of an XML declaration or of a SAML element in base64.
pub(crate) fn is_convincing_base64(text: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 5] = [b"PD94bWwg", b"PHNhbWxw", b"PHNhbWwy", b"PFJlc3Bv", b"H4sI"];
    const RUN: usize = 24;
    let text = text.trim_ascii();
    let beginning: Vec<u8> =
        text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(8).collect();
    if BEGINNINGS.iter().any(|known| beginning.starts_with(known)) {
        return true;
    }
    let run = text.split(|byte| !is_base64_character(*byte)).next().unwrap_or_default();
    run.len() >= RUN
        && run.iter().any(u8::is_ascii_uppercase)
        && run.iter().any(u8::is_ascii_lowercase)
        && run.iter().any(u8::is_ascii_digit)
}

fn is_base64_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Result<Vec<u8>, Base64Error> {
        decode_base64(text.as_bytes()).map(|(bytes, _)| bytes)
    }

    fn layers(text: &str) -> String {
        super::super::describe(&decode_base64(text.as_bytes()).unwrap().1)
    }

    #[test]
    fn either_alphabet_with_or_without_padding_is_one_value() {
        let value = [0xfb, 0xef, 0xff, 0xfe];
        for spelling in ["++///g==", "++///g", "--___g==", "--___g", "++///g="] {
            assert_eq!(bytes(spelling).unwrap(), value, "{spelling}");
        }
        assert_eq!(layers("--___g"), "URL-safe base64, no padding");
        assert_eq!(layers("++///g=="), "base64");
    }

    #[test]
    fn wrapping_at_any_width_is_removed_and_counted() {
        assert_eq!(bytes("YW\r\nJj\r\n\r\nZA\r\n==\r\n").unwrap(), b"abcd");
        assert_eq!(layers("YW\r\nJj\r\n\r\nZA\r\n==\r\n"), "base64, 4 wrapped lines");
        assert_eq!(layers("  YWJj\n  ZA==\n"), "base64, 2 wrapped lines");
    }

    #[test]
    fn a_space_in_the_middle_is_a_plus() {
        assert_eq!(bytes("  ///g==").unwrap_err(), Base64Error::Padding, "leading ones are gone");
        assert_eq!(bytes("A+//+w==").unwrap(), bytes("A //+w==").unwrap());
        assert_eq!(layers("A //+w=="), "spaces restored to + → base64");
    }

    #[test]
    fn regular_pieces_between_spaces_are_wrapping() {
        assert_eq!(bytes("YWJj YWJj YWI=").unwrap(), b"abcabcab");
        assert_eq!(layers("YWJj YWJj YWI="), "base64");
    }

    #[test]
    fn what_decoders_read_differently_is_refused() {
        assert_eq!(bytes("YQ==YQ=="), Err(Base64Error::AfterPadding { position: 5 }));
        assert_eq!(bytes("YQ=\n=Y"), Err(Base64Error::AfterPadding { position: 6 }));
        assert_eq!(bytes("ab+-"), Err(Base64Error::MixedAlphabets { position: 4 }));
        assert_eq!(bytes("YR=="), Err(Base64Error::TrailingBits));
        assert_eq!(bytes("YWJ"), Err(Base64Error::TrailingBits));
        assert_eq!(bytes("YWJjZ"), Err(Base64Error::Length));
        assert_eq!(bytes("YWJj="), Err(Base64Error::Padding));
        assert_eq!(bytes("YW!j"), Err(Base64Error::Character { position: 3 }));
    }

    #[test]
    fn a_word_list_is_not_convincing() {
        assert!(!is_convincing_base64(b"alpha\nbeta\nGamma1"));
        assert!(!is_convincing_base64(b"aVeryLongWordWithoutAnyDigitInIt"));
        assert!(is_convincing_base64(b"PHNhb\nWxw"));
        assert!(is_convincing_base64(b"nVbLbtswEPwVgXfrFT8iwrLhSijqImkFW"));
    }
}
