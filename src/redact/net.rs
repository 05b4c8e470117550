//! The second line: every value that was learned is looked for in plain, escaped, as hexadecimal digits and inside base64.
//!
//! Choice: what can be read is looked for as whole words. `sales` is a value and `salesforce` is none, and a host name that was cut
//! in two would fail checks that the original passes. A value that is a part of a longer word of what is kept (a path, an
//! identifier, a host) therefore stays there, and so does one that is a part of a host name: those are replaced on request.

use std::io::{Cursor, Read};
use std::ops::Range;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zip::ZipArchive;

use super::encode;
use super::pseudonyms::Pseudonyms;
use super::xml::is_constant;
use crate::decode::{
    compression_of, decode_base64, decode_utf16, inflate, is_text, unescape, utf16_of,
};
use crate::limits::Limits;
use crate::render::Safe;

/// Looks for values.
#[derive(Debug)]
pub(super) struct Net {
    /// In forms that can be replaced by the pseudonym. Nothing when there are too many values to look for.
    readable: Option<AhoCorasick>,
    forms: Vec<Form>,
    /// Inside base64 and UTF-16, which can only be dropped.
    opaque: Option<AhoCorasick>,
    /// Longer texts in which a value stays.
    kept: Option<AhoCorasick>,
    /// Whether there is anything to look for.
    empty: bool,
}

/// A way in which a value may be written.
#[derive(Debug)]
struct Form {
    text: String,
    pseudonym: String,
    /// Whether it counts only as a word of its own.
    is_word: bool,
}

impl Net {
    /// For all that is known.
    pub(super) fn of(table: &Pseudonyms) -> Self {
        let (mut forms, mut opaque) = (Vec::new(), Vec::new());
        for (value, pseudonym) in table.personal() {
            let digits = hexadecimal(value).map(|text| (text, false));
            let written = readable_forms(value).into_iter().map(|text| (text, true));
            forms.extend(written.chain(digits).map(|(text, is_word)| Form {
                text,
                pseudonym: pseudonym.to_owned(),
                is_word,
            }));
            opaque.extend(opaque_forms(value));
        }
        let kept: Vec<&str> = table.kept().collect();
        Self {
            empty: forms.is_empty(),
            readable: AhoCorasick::new(forms.iter().map(|form| &form.text)).ok(),
            forms,
            opaque: AhoCorasick::new(&opaque).ok(),
            kept: AhoCorasick::builder().ascii_case_insensitive(true).build(kept).ok(),
        }
    }

    /// The text with pseudonyms for the values in it; nothing when a value is in it that cannot be replaced.
    pub(super) fn replaced(&self, text: &str) -> Option<String> {
        let opaque = self.opaque.as_ref()?;
        if opaque.is_match(text) {
            return None;
        }
        self.readable.as_ref().map(|_| self.replace_all(text))
    }

    /// The text with pseudonyms for all values in it that can be read.
    pub(super) fn replace_all(&self, text: &str) -> String {
        let Some(readable) = &self.readable else { return String::new() };
        let mut found = self.values(readable, text.as_bytes());
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let (mut out, mut end) = (String::with_capacity(text.len()), 0);
        for (range, form) in found {
            if range.start >= end {
                out.push_str(text.get(end..range.start).unwrap_or_default());
                out.push_str(&form.pseudonym);
                end = range.end;
            }
        }
        out.push_str(text.get(end..).unwrap_or_default());
        out
    }

    /// Whether a value is in it.
    pub(super) fn finds(&self, bytes: &[u8]) -> bool {
        if self.empty {
            return false;
        }
        let (Some(readable), Some(opaque)) = (&self.readable, &self.opaque) else { return true };
        opaque.is_match(bytes) || !self.values(readable, bytes).is_empty()
    }

    /// The values in it, as far as none is a part of something longer that is kept.
    fn values(&self, readable: &AhoCorasick, bytes: &[u8]) -> Vec<(Range<usize>, &Form)> {
        let found = readable.find_overlapping_iter(bytes).filter_map(|found| {
            let form = self.forms.get(found.pattern().as_usize())?;
            let is_value = !form.is_word || is_word(bytes, &found.range());
            is_value.then(|| (found.range(), form))
        });
        let mut found: Vec<(Range<usize>, &Form)> = found.collect();
        if !found.is_empty() {
            let mut kept = constants(bytes);
            if let Some(known) = &self.kept {
                let hosts = known.find_overlapping_iter(bytes).map(|host| host.range());
                kept.extend(hosts.filter(|host| is_word(bytes, host)));
            }
            kept.sort_by_key(|kept| kept.start);
            found.retain(|(range, _)| !is_within(&kept, range));
        }
        found
    }

    /// Whether a value is in it or in anything that can be decoded from a part of it.
    pub(super) fn finds_deep(&self, bytes: &[u8], limits: &Limits) -> bool {
        // What is decoded is looked at in turn; all of it together may be no more than a capture may hold.
        let mut left = limits.capture_bytes;
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
    if let Some(order) = utf16_of(bytes)
        && let Ok(text) = decode_utf16(bytes, order)
    {
        return Opened { inner: vec![text.into_bytes()], rest: Vec::new() };
    }
    if bytes.starts_with(b"PK")
        && let Some(inner) = members(bytes, limits)
    {
        return Opened { inner, rest: Vec::new() };
    }
    if std::str::from_utf8(bytes).is_err()
        && let Ok(inner) = inflate(bytes, compression_of(bytes), limits.inflated_bytes)
    {
        return Opened { inner: vec![inner], rest: Vec::new() };
    }
    // What is no text has none of its own in the places that are not.
    let is_text = std::str::from_utf8(bytes).is_ok();
    let text: String = bytes
        .utf8_chunks()
        .flat_map(|chunk| [chunk.valid(), if is_text { "" } else { " " }])
        .collect();
    let (mut inner, mut rest) = (Vec::new(), String::with_capacity(text.len()));
    // A form or a URL is unescaped as a whole, so that what it names stays whole.
    for escaped in text.split_inclusive(|c: char| c.is_whitespace() || "\"'<>`".contains(c)) {
        // Carets of Windows' shell would cut what is escaped into pieces.
        let without_carets = escaped.replace("^%", "%").replace("^&", "&");
        let escaped = without_carets.as_str();
        if escaped.contains('%')
            && let Ok(plain) = unescape(escaped.as_bytes())
            && plain != escaped.as_bytes()
        {
            inner.push(plain);
            continue;
        }
        rest.push_str(escaped);
    }
    let text = std::mem::take(&mut rest);
    let parts = text.split_inclusive(|c: char| {
        !(c.is_ascii_alphanumeric()
            || matches!(c, '+' | '/' | '-' | '_' | '=' | '\r' | '\n' | '\\'))
    });
    for part in parts {
        match decoded(part, limits) {
            Some(bytes) => inner.push(bytes),
            None => rest.push_str(part),
        }
    }
    Opened { inner, rest: if is_text { rest.into_bytes() } else { bytes.to_vec() } }
}

/// The files of an archive, and their names.
fn members(bytes: &[u8], limits: &Limits) -> Option<Vec<Vec<u8>>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let most = u64::try_from(limits.inflated_bytes).unwrap_or(u64::MAX);
    let mut all = vec![archive.comment().to_vec()];
    for index in 0..archive.len() {
        let file = archive.by_index(index).ok()?;
        let name = file.name_raw().to_vec();
        let mut member = Vec::new();
        file.take(most).read_to_end(&mut member).ok()?;
        all.extend([name, member]);
    }
    Some(all)
}

/// What a run hides. The last character is the one that ended it, unless the text ended there.
fn decoded(part: &str, limits: &Limits) -> Option<Vec<u8>> {
    let run = part.trim_end_matches(|c: char| {
        !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '='))
    });
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

/// Whether the range is a part of one of those, which are in order. Choice: of the 64 before it; few begin at one place.
fn is_within(kept: &[Range<usize>], range: &Range<usize>) -> bool {
    let before = kept.partition_point(|kept| kept.start <= range.start);
    let near = kept.get(before.saturating_sub(64)..before).unwrap_or_default();
    near.iter().any(|kept| range.end <= kept.end && kept.len() > range.len())
}

/// Whether what stands in the range is no part of a longer word. An escape in front of it ends a word.
fn is_word(bytes: &[u8], range: &Range<usize>) -> bool {
    let before = bytes.get(..range.start).unwrap_or_default();
    let after = bytes.get(range.end..).unwrap_or_default();
    let inside = bytes.get(range.clone()).unwrap_or_default();
    let escape = matches!(before, [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
        || matches!(before, [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'])
        || matches!(before, [.., b'\\', b'u', _, _, _, _]);
    let joined = |left: Option<char>, right: Option<char>| {
        left.is_some_and(belongs_to_word) && right.is_some_and(belongs_to_word)
    };
    let starts = escape || !joined(last_of(before), first_of(inside));
    starts && !joined(last_of(inside), first_of(after))
}

/// Letters of a script that has spaces between its words, and digits.
fn belongs_to_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c.is_lowercase() || c.is_uppercase()
}

fn first_of(bytes: &[u8]) -> Option<char> {
    let start = bytes.get(..bytes.len().min(4))?;
    start.utf8_chunks().next()?.valid().chars().next()
}

fn last_of(bytes: &[u8]) -> Option<char> {
    let start = bytes.get(bytes.len().saturating_sub(4)..)?;
    let last = start.utf8_chunks().last()?;
    last.invalid().is_empty().then(|| last.valid().chars().next_back()).flatten()
}

/// The instants and the names of standards in it: `2026` is no value there.
fn constants(bytes: &[u8]) -> Vec<Range<usize>> {
    let is_part = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b':' | b'/' | b'.' | b'-' | b'#' | b'_' | b'+')
    };
    let mut found = Vec::new();
    let mut at = 0;
    for run in bytes.split(|byte| !is_part(byte)) {
        let range = at..at + run.len();
        at = range.end + 1;
        if std::str::from_utf8(run).is_ok_and(is_constant) {
            found.push(range);
        }
    }
    found
}

/// As written, and escaped for URLs, markup and JSON.
fn readable_forms(value: &str) -> Vec<String> {
    let json = serde_json::to_string(value).unwrap_or_default();
    let json = json.trim_matches('"').to_owned();
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
        Safe(value).to_string(),
        json,
        ascii,
    ];
    forms.sort();
    forms.dedup();
    forms.retain(|form| form.chars().count() >= 4);
    forms
}

/// As hexadecimal digits, which stand in longer runs of them.
fn hexadecimal(value: &str) -> [String; 2] {
    let digits = value.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    [digits.to_uppercase(), digits]
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
