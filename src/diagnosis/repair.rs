//! Copies of a message with the damage undone that editors, viewers and clipboards do: guesses, for a diagnosis and for nothing else.

/// Bytes of a message that is still repaired: each copy costs a parse and a digest. Choice: 256 KiB; a login is a tenth of that.
pub(super) const LONGEST: usize = 1 << 18;

type Repair = fn(&str) -> String;

/// Changes of the text as a whole, with what they undo; the first leaves it as it is.
const TEXTS: [(&str, Repair); 5] = [
    ("", str::to_owned),
    ("carriage returns added", without_returns),
    ("quotation marks, dashes or spaces replaced by typographic ones", plain),
    ("characters escaped twice", unescaped),
    ("white space inside base64 values", base64_joined),
];

/// Changes of the white space around tags, with what they undo.
const SPACES: [(&str, Repair); 7] = [
    ("indentation between tags", |text| spaced(text, Space::None, Space::None, false)),
    ("indentation between tags outside of the signature", |text| {
        spaced(text, Space::None, Space::Kept, false)
    }),
    ("indentation between tags", |text| spaced(text, Space::None, Space::LineFeed, false)),
    ("indentation between tags and around values", |text| {
        spaced(text, Space::None, Space::None, true)
    }),
    ("indentation between tags and around values", |text| {
        spaced(text, Space::None, Space::LineFeed, true)
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
    let texts = TEXTS.iter().flat_map(move |(of_text, repair)| {
        let whole = repair(text);
        let spaces = SPACES.iter().map(|(of_space, repair)| (*of_space, repair(&whole)));
        let mut copies: Vec<(&str, &str, String)> = Vec::new();
        for (of_space, copy) in std::iter::once(("", whole.clone())).chain(spaces) {
            if copy != text && copies.iter().all(|(_, _, other)| *other != copy) {
                copies.push((of_text, if copy == whole { "" } else { of_space }, copy));
            }
        }
        copies
    });
    texts.map(|(of_text, of_space, copy)| {
        let both: Vec<&str> = [of_space, of_text].into_iter().filter(|u| !u.is_empty()).collect();
        (both.join(", and "), copy)
    })
}

/// What is left of white space between two tags.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    None,
    LineFeed,
    Kept,
}

/// The text with the white space between tags replaced, inside a Signature by another rule; with `values`, also without the indentation around
/// values that stand on lines of their own.
fn spaced(text: &str, outside: Space, inside: Space, values: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_signature = false;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let blank = before.chars().all(|c| c.is_ascii_whitespace());
        let space = if in_signature { inside } else { outside };
        match space {
            _ if before.is_empty() => {}
            Space::Kept => out.push_str(before),
            Space::None if blank => {}
            Space::LineFeed if blank => out.push('\n'),
            Space::None | Space::LineFeed if values && before.starts_with(['\n', '\r']) => {
                out.push_str(before.trim_ascii());
            }
            Space::None | Space::LineFeed => out.push_str(before),
        }
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at_checked(end).unwrap_or((tag, ""));
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split([' ', '\t', '\r', '\n', '>', '/']).next().unwrap_or_default();
        if name.rsplit(':').next() == Some("Signature") {
            in_signature = !tag.starts_with("</");
        }
        out.push_str(tag);
        rest = after;
    }
    out.push_str(rest.trim_end());
    out
}

fn without_returns(text: &str) -> String {
    text.replace("&#13;", "").replace("&#xD;", "").replace("&#xd;", "")
}

fn plain(text: &str) -> String {
    let plain = |c| match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2013}' | '\u{2014}' => '-',
        '\u{a0}' => ' ',
        other => other,
    };
    text.chars().map(plain).collect()
}

fn unescaped(text: &str) -> String {
    text.replace("&amp;amp;", "&amp;").replace("&amp;lt;", "&lt;").replace("&amp;gt;", "&gt;")
}

/// Without white space in the values that are base64.
fn base64_joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Whichever comes first: behind one signature's value there may be another one's digest.
    let next = |rest: &str| {
        ["DigestValue>", "SignatureValue>"].iter().filter_map(|name| rest.find(name)).min()
    };
    while let Some(at) = next(rest) {
        let begin = rest.get(at..).and_then(|r| r.find('>')).map_or(rest.len(), |end| at + end + 1);
        let (before, value) = rest.split_at_checked(begin).unwrap_or((rest, ""));
        let end = value.find('<').unwrap_or(value.len());
        let (value, after) = value.split_at_checked(end).unwrap_or((value, ""));
        out.push_str(before);
        out.extend(value.chars().filter(|c| !c.is_ascii_whitespace()));
        let skip = after.find('>').map_or(after.len(), |end| end + 1);
        let (closing, after) = after.split_at_checked(skip).unwrap_or((after, ""));
        out.push_str(closing);
        rest = after;
    }
    out.push_str(rest);
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
        assert_eq!(base64_joined(&two("\r\n ")), two(""));
    }
}
