//! Copies of a message with the damage undone that editors, viewers and clipboards do: guesses, for a diagnosis and for nothing else.

/// Bytes of a message that is still repaired: each copy costs a parse and a digest. Choice: 256 KiB; a login is a tenth of that.
pub(super) const LONGEST: usize = 1 << 18;

type Repair = fn(&str) -> String;

/// Changes of the text as a whole, with what they undo; the first leaves it as it is.
const TEXTS: [(&str, Repair); 11] = [
    ("", str::to_owned),
    ("carriage returns added", without_returns),
    ("`&` no longer escaped", ampersands_escaped),
    ("quotation marks, dashes or spaces replaced by typographic ones", plain),
    ("quotation marks or spaces in tags replaced by typographic ones", plain_in_tags),
    ("spaces replaced by no-break spaces", |text| text.replace('\u{a0}', " ")),
    ("byte order marks added", |text| text.replace('\u{feff}', "")),
    ("characters escaped twice", unescaped),
    ("white space inside base64 values", |text| base64(text, joined)),
    ("line ends behind values", without_line_ends),
    ("carriage returns removed", with_returns),
];

/// Ways to wrap base64 that signers have, undone by viewers that write it on one line. It is signed only where one signature covers another.
const WRAPS: [Repair; 5] = [
    |text| base64(text, |value| wrapped(value, 64, "\n", "")),
    |text| base64(text, |value| wrapped(value, 76, "\n", "")),
    |text| base64(text, |value| wrapped(value, 76, "\n", "\n")),
    |text| base64(text, |value| wrapped(value, 76, "&#13;\n", "")),
    |text| base64(text, |value| wrapped(value, 76, "&#13;\n", "\n")),
];

/// Changes of the white space around tags, with what they undo.
const SPACES: [(&str, Repair); 9] = [
    ("indentation between tags", |text| spaced(text, Space::None, Space::None, false)),
    ("indentation between tags outside of the signature", |text| {
        spaced(text, Space::None, Space::Kept, false)
    }),
    ("indentation between tags", |text| spaced(text, Space::None, Space::LineFeed, false)),
    ("indentation other than the signer's", |text| {
        spaced(text, Space::Template, Space::Template, false)
    }),
    ("indentation between tags and around values", |text| {
        spaced(text, Space::None, Space::None, true)
    }),
    ("indentation between tags and around values", |text| {
        spaced(text, Space::None, Space::LineFeed, true)
    }),
    ("indentation other than the signer's, and around values", |text| {
        spaced(text, Space::Template, Space::Template, true)
    }),
    ("indentation where line feeds were", |text| {
        spaced(text, Space::LineFeed, Space::LineFeed, false)
    }),
    ("indentation where line feeds were", |text| {
        spaced(text, Space::LineFeed, Space::LineFeed, true)
    }),
];

/// Every repaired copy with what was undone, the likeliest first. None is the text itself.
pub(super) fn repaired(text: &str) -> impl Iterator<Item = (String, String)> {
    let texts = TEXTS.iter().enumerate().flat_map(move |(number, (of_text, repair))| {
        let whole = repair(text);
        let mut copies: Vec<(&str, &str, String)> = Vec::new();
        if number > 0 && whole == text {
            return copies;
        }
        let spaces = SPACES.iter().map(|(of_space, repair)| (*of_space, repair(&whole)));
        for (of_space, copy) in std::iter::once(("", whole.clone())).chain(spaces) {
            if copy != text && copies.iter().all(|(_, _, other)| *other != copy) {
                copies.push((of_text, if copy == whole { "" } else { of_space }, copy));
            }
        }
        copies
    });
    let texts = texts.map(|(of_text, of_space, copy)| {
        let both: Vec<&str> = [of_space, of_text].into_iter().filter(|u| !u.is_empty()).collect();
        (both.join(", and "), copy)
    });
    // A start tag and an end tag of each signature.
    let is_nested = text.matches("SignatureValue>").nth(2).is_some();
    let wraps = is_nested.then_some(WRAPS).into_iter().flatten();
    let wraps = wraps.map(|wrap| ("line ends inside base64 values removed".to_owned(), wrap(text)));
    texts.chain(wraps.filter(move |(_, copy)| copy != text))
}

/// What is left of white space between two tags.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    None,
    LineFeed,
    Kept,
    /// None but where the signer's library writes it, see [`template`].
    Template,
}

/// The text with the white space between tags replaced, inside a Signature by another rule; with `values`, also without the indentation around
/// values that stand on lines of their own.
fn spaced(text: &str, outside: Space, inside: Space, values: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let (mut in_signature, mut in_key) = (false, false);
    let mut previous = Tag::default();
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at_checked(end).unwrap_or((tag, ""));
        let next = Tag::of(tag);
        let is_blank = before.chars().all(|c| c.is_ascii_whitespace());
        let space = if in_signature { inside } else { outside };
        match space {
            Space::Template if is_blank => out.push_str(template(previous, next, in_key)),
            _ if before.is_empty() => {}
            Space::Kept => out.push_str(before),
            Space::None if is_blank => {}
            Space::LineFeed if is_blank => out.push('\n'),
            Space::None | Space::LineFeed | Space::Template
                if values && before.starts_with(['\n', '\r']) =>
            {
                out.push_str(before.trim_ascii());
            }
            Space::None | Space::LineFeed | Space::Template => out.push_str(before),
        }
        match next.name {
            "Signature" => in_signature = !next.is_end,
            "EncryptedKey" => in_key = !next.is_end,
            _ => {}
        }
        out.push_str(tag);
        previous = next;
        rest = after;
    }
    out.push_str(rest.trim_end());
    out
}

/// A tag of the text as it stands; no parser, as the text may be no XML.
#[derive(Clone, Copy, Default)]
struct Tag<'t> {
    /// The local name.
    name: &'t str,
    is_end: bool,
}

impl<'t> Tag<'t> {
    fn of(tag: &'t str) -> Self {
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split([' ', '\t', '\r', '\n', '>', '/']).next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        Self { name, is_end: tag.starts_with("</") }
    }
}

/// The white space that the identity providers written in PHP sign with (SimpleSAMLphp and those that share its library, xmlseclibs): it fills in a
/// template that is indented, and writes everything else without white space, an `EncryptedKey` (`in_key`) too.
fn template(previous: Tag<'_>, next: Tag<'_>, in_key: bool) -> &'static str {
    match (previous.name, previous.is_end, next.name, next.is_end) {
        ("Signature", false, "SignedInfo", false) => "\n  ",
        ("CanonicalizationMethod", _, "SignatureMethod", false) => "\n    ",
        ("SignatureMethod", _, "Reference", false) => "\n  ",
        ("SignatureValue", true, _, _) => "\n",
        (_, _, "CipherData", _) if !in_key => "\n   ",
        (_, _, "CipherValue", false) if !in_key => "\n      ",
        ("CipherData", true, "EncryptedData", true) => "\n",
        _ => "",
    }
}

fn without_returns(text: &str) -> String {
    text.replace("&#13;", "").replace("&#xD;", "").replace("&#xd;", "")
}

/// Only line feeds are left of line ends in a text; a carriage return that was signed was written as a reference, before each line feed.
fn with_returns(text: &str) -> String {
    text.replace("&#13;\n", "\n").replace("&#xD;\n", "\n").replace('\n', "&#13;\n")
}

fn without_line_ends(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive('<') {
        let value = part.strip_suffix('<').unwrap_or(part);
        let is_blank = value.rsplit('>').next().is_none_or(|value| value.trim().is_empty());
        out.push_str(if is_blank { value } else { value.trim_end_matches(['\r', '\n']) });
        out.push_str(part.get(value.len()..).unwrap_or_default());
    }
    out
}

/// Every `&` that begins no reference.
fn ampersands_escaped(text: &str) -> String {
    let is_reference = |rest: &str| {
        let name = rest.split_once(';').map(|(name, _)| name);
        name.is_some_and(|name| match name.strip_prefix('#') {
            Some(number) => {
                let hexadecimal = number.strip_prefix('x');
                let digits = hexadecimal.unwrap_or(number);
                let is_digit = |c: char| c.is_digit(if hexadecimal.is_some() { 16 } else { 10 });
                !digits.is_empty() && digits.chars().all(is_digit)
            }
            None => ["amp", "lt", "gt", "quot", "apos"].contains(&name),
        })
    };
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        out.push_str(if is_reference(rest) { "&" } else { "&amp;" });
        out.push_str(rest);
    }
    out
}

fn plainly(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        '\u{2013}' | '\u{2014}' => '-',
        '\u{a0}' => ' ',
        other => other,
    }
}

fn plain(text: &str) -> String {
    text.chars().map(plainly).collect()
}

/// Outside of tags they may be part of a value.
fn plain_in_tags(text: &str) -> String {
    let mut in_tag = false;
    let mut plain = |c| {
        in_tag = if in_tag { c != '>' } else { c == '<' };
        if in_tag { plainly(c) } else { c }
    };
    text.chars().map(&mut plain).collect()
}

fn unescaped(text: &str) -> String {
    text.replace("&amp;amp;", "&amp;").replace("&amp;lt;", "&lt;").replace("&amp;gt;", "&gt;")
}

/// Elements whose value is base64, by the end of their tags.
const BASE64: [&str; 4] = ["DigestValue>", "SignatureValue>", "X509Certificate>", "CipherValue>"];

/// With the values that are base64 written anew.
fn base64(text: &str, write: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Whichever comes first: behind one signature's value there may be another one's digest.
    let next = |rest: &str| BASE64.iter().filter_map(|name| rest.find(name)).min();
    while let Some(at) = next(rest) {
        let begin = rest.get(at..).and_then(|r| r.find('>')).map_or(rest.len(), |end| at + end + 1);
        let (before, value) = rest.split_at_checked(begin).unwrap_or((rest, ""));
        let end = value.find('<').unwrap_or(value.len());
        let (value, after) = value.split_at_checked(end).unwrap_or((value, ""));
        out.push_str(before);
        out.push_str(&write(value));
        let skip = after.find('>').map_or(after.len(), |end| end + 1);
        let (closing, after) = after.split_at_checked(skip).unwrap_or((after, ""));
        out.push_str(closing);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn joined(value: &str) -> String {
    without_returns(value).chars().filter(|c| !c.is_ascii_whitespace()).collect()
}

/// In lines of `columns`, and with `around` before and behind the whole; a digest is shorter than any line.
fn wrapped(value: &str, columns: usize, line_end: &str, around: &str) -> String {
    let value = joined(value);
    if value.len() <= 100 {
        return value;
    }
    let mut out = around.to_owned();
    for (number, c) in value.chars().enumerate() {
        if number > 0 && number % columns == 0 {
            out.push_str(line_end);
        }
        out.push(c);
    }
    out.push_str(around);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_every_signature_are_joined() {
        let signature = |wrapped: &str| {
            let value = format!("YW{wrapped}I=");
            format!(
                "<a:DigestValue>{value}</a:DigestValue> <SignatureValue>{value}</SignatureValue>"
            )
        };
        let two = |wrapped| format!("<r>{}<b/> {}</r>", signature(wrapped), signature(wrapped));
        assert_eq!(base64(&two("\r\n "), joined), two(""));
    }

    #[test]
    fn only_what_is_no_reference_is_escaped() {
        let text = "<a b='x&y'>R&D &amp; &#38; &#x26; &#; &nbsp; &</a>";
        let escaped = "<a b='x&amp;y'>R&amp;D &amp; &#38; &#x26; &amp;#; &amp;nbsp; &amp;</a>";
        assert_eq!(ampersands_escaped(text), escaped);
        assert_eq!(ampersands_escaped(escaped), escaped);
    }

    #[test]
    fn typographic_characters_of_values_stay_when_only_tags_are_repaired() {
        let text = "<a\u{a0}b=\u{201c}c\u{201d}>O\u{2019}Connor</a>";
        assert_eq!(plain_in_tags(text), "<a b=\"c\">O\u{2019}Connor</a>");
    }

    #[test]
    fn line_ends_go_only_behind_values() {
        assert_eq!(without_line_ends("<a>\n<b>x\r\n</b>\n</a>\n"), "<a>\n<b>x</b>\n</a>\n");
    }

    #[test]
    fn a_copy_is_never_the_text_itself_nor_repeated_within_a_repair() {
        for text in ["<a>\n <b>x</b>\n</a>", "<a/>", "", "R&D\u{feff}"] {
            assert!(repaired(text).all(|(undone, copy)| copy != text && !undone.is_empty()));
        }
    }
}
