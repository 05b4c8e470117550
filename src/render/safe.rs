//! Untrusted text made harmless and visible for a terminal.
//!
//! security rule 17: nothing a message says may move the cursor, change colours, turn the reading direction or hide
//! between other characters. What cannot be seen as itself is shown as `\u{…}`.

use std::fmt::{self, Write};

/// Text from a message, a file name or a configuration, to be displayed.
///
/// Choice: every escape has the form `\u{202E}`, tabs and line ends included, so that a lone backslash can stay as it is:
/// `CORP\jdoe` is a common NameID. Only a backslash that would begin such an escape is escaped itself, which keeps the
/// output unambiguous.
#[derive(Clone, Copy, Debug)]
pub struct Safe<'a>(pub &'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut plain = 0;
        for (at, c) in self.0.char_indices() {
            let begins_escape =
                c == '\\' && self.0.get(at..).is_some_and(|r| r.starts_with("\\u{"));
            if begins_escape || is_hazard(c) {
                f.write_str(self.0.get(plain..at).unwrap_or_default())?;
                write!(f, "\\u{{{:X}}}", u32::from(c))?;
                plain = at + c.len_utf8();
            }
        }
        f.write_str(self.0.get(plain..).unwrap_or_default())
    }
}

/// Whether a character does something to a terminal, or cannot be told from a plain space or from nothing.
pub(crate) fn is_hazard(c: char) -> bool {
    match c {
        ' '..='~' => false,
        // Fillers, blanks and joiners that have no shape.
        '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{13430}'..='\u{1343F}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        // Every space but the one on the keyboard; controls of both sets, DEL among them; noncharacters.
        _ => {
            c.is_whitespace() || c.is_control() || matches!(u32::from(c) & 0xFFFF, 0xFFFE..=0xFFFF)
        }
    }
}

/// Escaped text as a string.
pub(super) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing into a String cannot fail.
    let _ = write!(out, "{}", Safe(text));
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_moves_the_cursor_or_hides_is_shown() {
        assert_eq!(safe("a\u{1b}[31mb"), "a\\u{1B}[31mb");
        assert_eq!(safe("x\u{202e}y\u{200b}z\n"), "x\\u{202E}y\\u{200B}z\\u{A}");
        assert_eq!(safe("no\u{a0}break"), "no\\u{A0}break");
    }

    #[test]
    fn a_windows_name_keeps_its_backslash() {
        assert_eq!(safe("CORP\\jdoe"), "CORP\\jdoe");
        assert_eq!(safe("Zoë Müller"), "Zoë Müller");
    }

    #[test]
    fn a_written_escape_is_told_from_a_made_one() {
        assert_eq!(safe("\\u{1B}"), "\\u{5C}u{1B}");
    }

    /// The inverse, by the form of the escapes alone.
    fn unescape(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, escape)) = rest.split_once("\\u{") {
            let (code, after) = escape.split_once('}').unwrap();
            out.push_str(before);
            out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
            rest = after;
        }
        out + rest
    }

    proptest! {
        #[test]
        fn no_hazard_survives(text in any::<String>()) {
            prop_assert!(!safe(&text).chars().any(is_hazard));
        }

        #[test]
        fn escaping_loses_nothing(text in "[\\\\u{}A-F0-9\u{0}-\u{1f}\u{200b}-\u{202e}é]{0,40}") {
            prop_assert_eq!(unescape(&safe(&text)), text);
        }
    }
}
