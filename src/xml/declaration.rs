//! Reads the XML declaration, `<?xml version="1.0" …?>` (XML 1.0 §2.8, §2.9, §4.3.3).

use super::names::is_space;

/// What a declaration says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Declaration<'t> {
    /// The encoding's name as written.
    pub(super) encoding: Option<&'t str>,
}

/// Does the text begin with an XML declaration, and not with a processing instruction like `<?xml-stylesheet`?
pub(super) fn is_present(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"<?xml").and_then(<[u8]>::first).is_some_and(|b| is_space(*b) || *b == b'?')
}

/// Reads what stands between `<?xml` and `?>`.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(super) fn read(inside: &str) -> Result<Declaration<'_>, &'static str> {
    let Some((version, rest)) = pseudo_attribute(inside, "version")? else {
        return Err("the XML declaration must begin with its version");
    };
    if version != "1.0" {
        return Err("only XML version 1.0 is read");
    }
    let (encoding, rest) = match pseudo_attribute(rest, "encoding")? {
        Some((name, rest)) => (Some(name), rest),
        None => (None, rest),
    };
    if encoding.is_some_and(|name| !is_encoding_name(name)) {
        return Err("the XML declaration's encoding is not a legal name");
    }
    let (standalone, rest) = match pseudo_attribute(rest, "standalone")? {
        Some((value, rest)) => (Some(value), rest),
        None => (None, rest),
    };
    if standalone.is_some_and(|value| !matches!(value, "yes" | "no")) {
        return Err("the XML declaration's standalone is neither `yes` nor `no`");
    }
    if !rest.bytes().all(is_space) {
        return Err(
            "the XML declaration may only hold version, encoding and standalone, in this order",
        );
    }
    Ok(Declaration { encoding })
}

/// Reads ` name = "value"` at the start, if it is there: the value and the rest.
fn pseudo_attribute<'t>(
    text: &'t str,
    name: &str,
) -> Result<Option<(&'t str, &'t str)>, &'static str> {
    const MALFORMED: &str = "the XML declaration is not of the form name=\"value\"";
    let after_space = skip_space(text);
    let Some(rest) = after_space.strip_prefix(name) else { return Ok(None) };
    if after_space.len() == text.len() {
        return Err("white space is missing in the XML declaration");
    }
    let rest = skip_space(rest).strip_prefix('=').ok_or(MALFORMED)?;
    let rest = skip_space(rest);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or(MALFORMED)?;
    rest.strip_prefix(quote).and_then(|rest| rest.split_once(quote)).map(Some).ok_or(MALFORMED)
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\r', '\n'])
}

/// `EncName`: a letter, then letters, digits, `.`, `_`, `-`.
fn is_encoding_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_names_its_encoding() {
        let encoding = |inside| read(inside).unwrap().encoding;
        assert_eq!(encoding(" version='1.0' encoding = \"UTF-8\" standalone='no' "), Some("UTF-8"));
        assert_eq!(encoding("\tversion=\"1.0\""), None);
        assert_eq!(encoding(" version=\"1.0\"\r\nstandalone='yes'"), None);
    }

    #[test]
    fn a_declaration_that_breaks_the_grammar_is_refused() {
        for inside in [
            "",
            " ",
            "version='1.0'",
            " encoding='UTF-8'",
            " version='1.1'",
            " version='1.00'",
            " version='2.0'",
            " version=''",
            " version=1.0",
            " version='1.0\"",
            " version '1.0'",
            " Version='1.0'",
            " version='1.0'encoding='UTF-8'",
            " version='1.0' encoding=''",
            " version='1.0' encoding='8bit'",
            " version='1.0' encoding='UTF 8'",
            " version='1.0' encoding='Ünicode'",
            " version='1.0' encoding=UTF-8",
            " version='1.0' standalone='maybe'",
            " version='1.0' standalone='YES'",
            " version='1.0' standalone='no' encoding='UTF-8'",
            " version='1.0' version='1.0'",
            " version='1.0' foo='bar'",
            " version='1.0'?",
        ] {
            assert!(read(inside).is_err(), "{inside:?}");
        }
    }

    #[test]
    fn a_stylesheet_instruction_is_no_declaration() {
        assert!(is_present(b"<?xml version") && is_present(b"<?xml?>"));
        assert!(
            !is_present(b"<?xml-stylesheet") && !is_present(b"<?xml") && !is_present(b" <?xml ")
        );
    }
}
