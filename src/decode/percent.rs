//! Percent-escapes, around a whole value or inside a form parameter, and the `+` that means a space in one and itself in the other.
//!
//! RFC 3986 §2.1; application/x-www-form-urlencoded of the WHATWG URL standard, whose `+` is a space. Unlike a browser, a `%`
//! without two hexadecimal digits is an error here: it means that the value was cut or edited.

use percent_encoding::percent_decode;

use super::{InputErrorKind, Layer};

/// Removes one level of percent-escapes.
///
/// Choice: `+` stays, because what is inside is base64; in escaped XML it is a space, unless spaces are escaped as `%20` there.
pub(crate) fn unescape(escaped: &[u8]) -> Result<Vec<u8>, InputErrorKind> {
    refuse_broken_escapes(escaped)?;
    let bytes: Vec<u8> = percent_decode(escaped).collect();
    let is_form_encoded_xml = bytes.trim_ascii_start().starts_with(b"<")
        && !escaped.trim_ascii_start().starts_with(b"<")
        && escaped.contains(&b'+')
        && !escaped.contains(&b' ')
        && !escaped.windows(3).any(|escape| escape == b"%20");
    if !is_form_encoded_xml {
        return Ok(bytes);
    }
    let spaced: Vec<u8> =
        escaped.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Ok(percent_decode(&spaced).collect())
}

/// Removes the encoding of a form or query parameter that carries a message; the layer is the repair this took, if any.
///
/// The standard makes a raw `+` a space. In base64 a space can only be a lost `+`, and people do paste values that were never
/// escaped, so it is taken as the `+` it looks like, and reported.
pub(crate) fn unescape_parameter(value: &[u8]) -> Result<(Vec<u8>, Option<Layer>), InputErrorKind> {
    let bytes = unescape(value)?;
    let is_xml = bytes.trim_ascii_start().starts_with(b"<");
    let repaired = value.contains(&b'+') && !is_xml;
    Ok((bytes, repaired.then_some(Layer::SpacesRestored)))
}

fn refuse_broken_escapes(escaped: &[u8]) -> Result<(), InputErrorKind> {
    for (offset, _) in escaped.iter().enumerate().filter(|(_, byte)| **byte == b'%') {
        let digits = escaped.get(offset + 1..offset + 3).unwrap_or_default();
        if digits.len() != 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(InputErrorKind::Percent { position: offset + 1 });
        }
    }
    Ok(())
}

/// A parameter that is plain text, as application/x-www-form-urlencoded has it; `None` when it is not UTF-8.
pub(crate) fn form_text(value: &str) -> Option<String> {
    let spaced = value.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(|text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_level_is_removed_and_no_more() {
        assert_eq!(unescape(b"a%252Bb").unwrap(), b"a%2Bb");
    }

    #[test]
    fn a_plus_in_base64_stays_and_in_form_encoded_xml_is_a_space() {
        assert_eq!(unescape(b"a+b%3D").unwrap(), b"a+b=");
        assert_eq!(unescape(b"%3Ca+b%3D%221%2B1%22/%3E").unwrap(), b"<a b=\"1+1\"/>");
        assert_eq!(unescape(b"<a>1+1</a>").unwrap(), b"<a>1+1</a>", "it was never escaped");
        assert_eq!(unescape(b"%3Ca%20b%3D%221+1%22/%3E").unwrap(), b"<a b=\"1+1\"/>");
    }

    #[test]
    fn a_raw_plus_in_a_parameter_is_a_repair() {
        assert_eq!(
            unescape_parameter(b"a+b").unwrap(),
            (b"a+b".to_vec(), Some(Layer::SpacesRestored))
        );
        assert_eq!(unescape_parameter(b"a%2Bb").unwrap(), (b"a+b".to_vec(), None));
    }

    #[test]
    fn a_broken_escape_is_an_error_with_its_place() {
        for (escaped, position) in [("ab%", 3), ("ab%4", 3), ("%41%4g", 4)] {
            assert_eq!(
                unescape(escaped.as_bytes()),
                Err(InputErrorKind::Percent { position }),
                "{escaped}"
            );
        }
    }
}
