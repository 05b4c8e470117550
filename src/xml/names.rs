//! Which characters and names XML allows.
//!
//! XML 1.0 (fifth edition) §2.2 `Char` and §2.3 `Name`, Namespaces in XML 1.0 §3 and §4 `NCName` and `QName`, RFC 3986 §2 and
//! §3.1 for namespace names.

use super::bytes::any_byte;

/// Is this one of the four white space characters of XML? (`char::is_whitespace` knows more, and that difference
/// has let one user pose as another.)
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// May this character stand in a document at all?
pub(super) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that may not stand in a document: its offset and itself.
pub(super) fn forbidden_char(text: &str) -> Option<(usize, char)> {
    // Only controls and U+FFFE, U+FFFF (EF BF BE, EF BF BF) are not allowed in text that is UTF-8 already.
    let space = |b: u8| (b == b'\t') | (b == b'\r') | (b == b'\n');
    if !any_byte(text.as_bytes(), |b| ((b < 0x20) & !space(b)) | (b == 0xEF)) {
        return None;
    }
    text.char_indices().find(|(_, c)| !is_char(*c))
}

/// Is this a name without a colon?
pub fn is_ncname(name: &str) -> bool {
    // Names are nearly always ASCII, where one look at a table tells.
    let is_start = |byte: &u8| ASCII_NAMES.get(usize::from(*byte)).is_some_and(|kind| *kind == 2);
    let is_inner = |byte: &u8| ASCII_NAMES.get(usize::from(*byte)).is_some_and(|kind| *kind > 0);
    let bytes = name.as_bytes();
    if bytes.first().is_some_and(is_start) && bytes.iter().all(is_inner) {
        return true;
    }
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// Of each ASCII character: 2 when it may begin a name, 1 when it may only stand in one, 0 when neither.
const ASCII_NAMES: [u8; 128] = {
    let mut kinds = [0; 128];
    let mut rest: &mut [u8] = &mut kinds;
    let mut byte = 0_u8;
    while let Some((kind, behind)) = rest.split_first_mut() {
        *kind = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => 2,
            b'0'..=b'9' | b'-' | b'.' => 1,
            _ => 0,
        };
        byte += 1;
        rest = behind;
    }
    kinds
};

/// Prefix (or `""`) and local part of a qualified name; `None` when it is not one.
pub(super) fn split_qname(name: &str) -> Option<(&str, &str)> {
    match split_prefix(name) {
        Some((prefix, local)) => (is_ncname(prefix) && is_ncname(local)).then_some((prefix, local)),
        None => is_ncname(name).then_some(("", name)),
    }
}

/// What stands before and behind the first colon. Names are short: byte by byte is quicker than a search that prepares itself.
pub(crate) fn split_prefix(name: &str) -> Option<(&str, &str)> {
    let colon = name.bytes().position(|byte| byte == b':')?;
    Some((name.get(..colon)?, name.get(colon + 1..)?))
}

/// Does this namespace name begin with a URI scheme, so that it is not relative to anything?
pub(super) fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// Is this a URI for every reader? It only holds what a URI may hold, with every `%` before two hexadecimal digits, at most one
/// fragment, and a host with one user and one port at most.
///
/// Choice: `&` is refused, although URIs may hold it, because libxml2 2.9 reads `&amp;` in a namespace name as `&#38;`.
pub(super) fn is_uri(text: &str) -> bool {
    let allowed = |b: u8| {
        b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'-' | b'.' | b'_' | b'~' | b':' | b'/' | b'?' | b'#' | b'@' | b'!' | b'$' | b'\''
            )
            || matches!(b, b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'%')
    };
    let is_hex = |b: &u8| b.is_ascii_hexdigit();
    text.bytes().all(allowed)
        && text.bytes().filter(|b| *b == b'#').count() <= 1
        && text.split('%').skip(1).all(|escaped| {
            escaped.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(is_hex))
        })
        && text
            .split_once("://")
            // A `//` further behind begins no authority.
            .filter(|(scheme, _)| is_scheme(scheme))
            .and_then(|(_, rest)| rest.split(['/', '?', '#']).next())
            .is_none_or(is_authority)
}

/// `user@host:port`, of which the host may be empty and the rest absent (RFC 3986 §3.2).
///
/// Choice: a port has one to nine digits, because libxml2 counts no further and refuses an empty one.
fn is_authority(authority: &str) -> bool {
    let host = authority.split_once('@').map_or(authority, |(_, host)| host);
    let port = host.split_once(':').map(|(_, port)| port);
    !host.contains('@')
        && port.is_none_or(|port| {
            (1..=9).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit())
        })
}

/// `NameStartChar` without the colon.
fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar` without the colon.
fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_fifth_edition() {
        for name in ["a", "_", "a-b.c9", "é", "日本", "a\u{B7}", "a\u{300}", "\u{10000}"] {
            assert!(is_ncname(name), "{name:?}");
        }
        for name in
            ["", "-a", "9", ".a", "a b", "a:b", "\u{D7}", "\u{300}a", "a\u{37E}", "a/", "\u{F0000}"]
        {
            assert!(!is_ncname(name), "{name:?}");
        }
    }

    #[test]
    fn the_table_of_ascii_says_what_the_productions_say() {
        for c in '\0'..='\u{7F}' {
            let name = format!("a{c}");
            assert_eq!(is_ncname(&c.to_string()), is_name_start(c), "{c:?}");
            assert_eq!(is_ncname(&name), is_name_char(c), "{name:?}");
        }
    }

    #[test]
    fn a_qualified_name_has_at_most_one_colon_with_a_name_on_each_side() {
        assert_eq!(split_qname("a:b"), Some(("a", "b")));
        assert_eq!(split_qname("b"), Some(("", "b")));
        for name in ["", ":", ":b", "a:", "a:b:c", "a:9", "9:a"] {
            assert_eq!(split_qname(name), None, "{name:?}");
        }
    }

    #[test]
    fn controls_and_noncharacters_are_forbidden_and_c1_is_not() {
        assert_eq!(forbidden_char("a\u{1}"), Some((1, '\u{1}')));
        assert_eq!(forbidden_char("é\0"), Some((2, '\0')));
        assert_eq!(forbidden_char("\u{FFFE}"), Some((0, '\u{FFFE}')));
        assert_eq!(forbidden_char("\u{FFFF}"), Some((0, '\u{FFFF}')));
        assert_eq!(forbidden_char("\t\r\n \u{7F}\u{85}\u{FFFD}\u{FEFF}\u{1FFFF}"), None);
    }

    #[test]
    fn a_namespace_name_without_scheme_is_relative() {
        for uri in ["urn:a", "http://a/", "a+b-c.d:", "DAV:"] {
            assert!(is_absolute(uri), "{uri:?}");
        }
        for uri in ["", "1", "foo", "//host/a", "#a", "1a:b", "a/b:c", ":a", " urn:a"] {
            assert!(!is_absolute(uri), "{uri:?}");
        }
    }

    #[test]
    fn a_namespace_name_holds_only_what_a_uri_may() {
        for uri in [
            "urn:a",
            "foo:bar",
            "http://a/b?c=d#f",
            "urn:%41%2f",
            "http://a/(b)!$'*+,;~",
            "http://u:p@a:80/b:c@d://e:",
            "file:///a",
        ] {
            assert!(is_uri(uri), "{uri:?}");
        }
        for uri in [
            "urn:a b",
            "urn:é",
            "urn:<",
            "urn:\"",
            "urn:%4",
            "urn:%4g",
            "urn:%",
            "urn:#a#b",
            "urn:a\n",
            "urn:{a}",
            "http://[::1]/",
            "http://a?b&c",
            "http://a:/",
            "http://a:b/",
            "http://a:8:8/",
            "http://a:1234567890/",
            "http://a@b@c/",
        ] {
            assert!(!is_uri(uri), "{uri:?}");
        }
    }
}
