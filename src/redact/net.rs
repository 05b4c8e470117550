//! The second line: every value that was learned is looked for in plain, escaped, as hexadecimal digits and inside base64.

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::encode;
use super::pseudonyms::Pseudonyms;
use crate::decode::{compression_of, decode_base64, inflate, is_text, unescape};
use crate::limits::Limits;

/// Looks for values.
#[derive(Debug)]
pub(super) struct Net {
    /// In forms that can be replaced by the pseudonym. Nothing when there are too many values to look for.
    readable: Option<AhoCorasick>,
    pseudonyms: Vec<String>,
    /// Inside base64 and UTF-16, which can only be dropped.
    opaque: Option<AhoCorasick>,
    /// Whether there is anything to look for.
    empty: bool,
}

impl Net {
    /// For all that is known.
    pub(super) fn of(table: &Pseudonyms) -> Self {
        let (mut readable, mut pseudonyms, mut opaque) = (Vec::new(), Vec::new(), Vec::new());
        for (value, pseudonym) in table.personal() {
            for form in readable_forms(value) {
                readable.push(form);
                pseudonyms.push(pseudonym.to_owned());
            }
            opaque.extend(opaque_forms(value));
        }
        let longest = |patterns: &Vec<String>| {
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns).ok()
        };
        Self {
            empty: readable.is_empty(),
            readable: longest(&readable),
            pseudonyms,
            opaque: AhoCorasick::new(&opaque).ok(),
        }
    }

    /// The text with pseudonyms for the values in it; nothing when a value is in it that cannot be replaced.
    pub(super) fn replaced(&self, text: &str) -> Option<String> {
        let (Some(readable), Some(opaque)) = (&self.readable, &self.opaque) else { return None };
        if opaque.is_match(text) {
            return None;
        }
        Some(readable.replace_all(text, &self.pseudonyms))
    }

    /// The text with pseudonyms for all values in it that can be read.
    pub(super) fn replace_all(&self, text: &str) -> String {
        match &self.readable {
            Some(readable) => readable.replace_all(text, &self.pseudonyms),
            None => String::new(),
        }
    }

    /// Whether a value is in it.
    pub(super) fn finds(&self, bytes: &[u8]) -> bool {
        if self.empty {
            return false;
        }
        let (Some(readable), Some(opaque)) = (&self.readable, &self.opaque) else { return true };
        readable.is_match(bytes) || opaque.is_match(bytes)
    }

    /// Whether a value is in it or in anything that can be decoded from a part of it.
    pub(super) fn finds_deep(&self, bytes: &[u8], limits: &Limits) -> bool {
        // What is decoded is looked at in turn; all of it together may be no more than one input may inflate to.
        let mut left = limits.inflated_bytes;
        let mut todo = vec![(bytes.to_vec(), 0)];
        while let Some((bytes, level)) = todo.pop() {
            let Opened { inner, rest } = opened(&bytes, limits);
            if self.finds(&rest) || (level >= limits.layers && !inner.is_empty()) {
                return true;
            }
            for inner in inner {
                left = left.saturating_sub(inner.len());
                if left == 0 {
                    return true;
                }
                todo.push((inner, level + 1));
            }
        }
        false
    }
}

/// What is inside, and what is left to be searched as it is.
struct Opened {
    inner: Vec<Vec<u8>>,
    rest: Vec<u8>,
}

/// Decodes whatever can be decoded of the runs of characters that wrappings consist of. What was decoded is searched decoded and
/// not as it stands: a short value is in every long base64 by chance.
fn opened(bytes: &[u8], limits: &Limits) -> Opened {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let inner = inflate(bytes, compression_of(bytes), limits.inflated_bytes);
        return match inner {
            Ok(inner) => Opened { inner: vec![inner], rest: Vec::new() },
            Err(_) => Opened { inner: Vec::new(), rest: bytes.to_vec() },
        };
    };
    let (mut inner, mut rest) = (Vec::new(), String::with_capacity(text.len()));
    let parts = text.split_inclusive(|c: char| {
        !(c.is_ascii_alphanumeric()
            || matches!(c, '+' | '/' | '-' | '_' | '=' | '%' | '\r' | '\n' | '\\'))
    });
    for part in parts {
        match decoded(part, limits) {
            Some(bytes) => inner.push(bytes),
            None => rest.push_str(part),
        }
    }
    Opened { inner, rest: rest.into_bytes() }
}

/// What a run hides. The last character is the one that ended it, unless the text ended there.
fn decoded(part: &str, limits: &Limits) -> Option<Vec<u8>> {
    let run = part.trim_end_matches(|c: char| {
        !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=' | '%'))
    });
    if run.contains('%') {
        return unescape(run.as_bytes()).ok();
    }
    let plain = run.replace("\\r", "").replace("\\n", "\n");
    let name_end = plain.trim_end_matches('=').rfind('=').map_or(0, |at| at + 1);
    let value = plain.get(name_end..)?;
    if value.len() < 40 {
        return None;
    }
    let (bytes, _) = decode_base64(value.as_bytes()).ok()?;
    let readable =
        is_text(&bytes) || inflate(&bytes, compression_of(&bytes), limits.inflated_bytes).is_ok();
    readable.then_some(bytes)
}

/// As written, and escaped for URLs, markup and JSON, and as hexadecimal digits.
fn readable_forms(value: &str) -> Vec<String> {
    let json = serde_json::to_string(value).unwrap_or_default();
    let json = json.trim_matches('"').to_owned();
    let hex = |upper: bool| -> String {
        let digits = value.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        if upper { digits.to_uppercase() } else { digits }
    };
    let ascii: String = value
        .encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            Ok(_) | Err(_) => format!("\\u{unit:04x}"),
        })
        .collect();
    let upper = encode::percent(value, false);
    let mut forms = vec![
        value.to_owned(),
        upper.replace("%20", "+"),
        encode::percent(value, true),
        upper,
        encode::markup(value),
        encode::markup(value).replace("&quot;", "\""),
        value.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&#39;"),
        json.replace('/', "\\/"),
        json,
        ascii,
        hex(false),
        hex(true),
    ];
    forms.sort();
    forms.dedup();
    forms.retain(|form| form.chars().count() >= 4);
    forms
}

/// Those characters of its base64 that are the same whatever stands around it, for each of the three places it may begin at.
fn opaque_forms(value: &str) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    let utf16: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [value.as_bytes(), &utf16] {
        for shift in 0..3_usize {
            let shifted = [vec![0; shift], bytes.to_vec()].concat();
            // A character of base64 is settled when all of its six bits belong to the value.
            let (start, end) = ((shift * 8).div_ceil(6), shifted.len() * 8 / 6);
            for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                let text = engine.encode(&shifted);
                // Choice: five characters; shorter ones are in every base64 by chance.
                forms.extend(
                    text.get(start..end)
                        .filter(|form| form.len() >= 5)
                        .map(|form| form.as_bytes().to_vec()),
                );
            }
        }
    }
    forms.push(utf16);
    forms.push(value.encode_utf16().flat_map(u16::to_be_bytes).collect());
    forms.sort();
    forms.dedup();
    forms
}
