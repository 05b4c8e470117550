//! A copy of an input that can be shared: the same format and the same wrappings, with pseudonyms in place of personal values.
//!
//! What is known to be technical is kept: structure, names, algorithms, instants, identifiers. Everything else is taken
//! for personal and replaced, so that what nobody thought of is lost and not leaked. Equal values get equal pseudonyms, and values
//! that differ only in case, in a trailing slash or in white space differ in the same way afterwards.
//!
//! The work is done twice: the first walk learns every value, the second writes, with all of them known. What was written is then
//! read and searched again in every encoding; if a value is found, nothing is written at all.

mod curl;
mod encode;
mod http;
mod json;
mod net;
mod parameters;
mod places;
mod pseudonyms;
mod rewrite;
#[cfg(test)]
mod tests;
mod text;
mod xml;

use std::collections::HashMap;

use crate::decode::{InputErrorKind, decode_utf16, utf16_of};
use crate::input::{self, Captured};
use crate::limits::Limits;
use crate::validate::parse;
use net::Net;
pub use pseudonyms::Pseudonyms;
use rewrite::Rewriter;

/// What the comment in each redacted message begins with.
pub const MARKER: &str = "redacted by samlcheck";

/// What stands where a secret was.
const REMOVED: &str = "REMOVED";

/// How a copy is made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether host names are replaced as well.
    pub hosts: bool,
    /// Bounds on what is read.
    pub limits: Limits,
}

/// A message of the input with what was concluded on it before.
#[derive(Debug)]
pub struct Judged {
    /// The message as captured.
    pub bytes: Vec<u8>,
    /// The verdict, for the comment: `rejected (audience-mismatch)`.
    pub verdict: String,
    /// Its plaintext, when it was decrypted: values in it may stand elsewhere in the input.
    pub decrypted: Option<String>,
}

/// Why no copy was made.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// Larger than what is kept in memory.
    #[error(
        "it has more than {0} bytes, which is the most that is redacted at once; raise --max-decoded-bytes"
    )]
    Size(usize),
    /// No wrapping that could be put on again.
    #[error("no copy of this form of input can be made safely; redact the decoded message instead")]
    Form,
    /// A message that cannot be read: nobody knows what in it is personal.
    #[error("a message in it is no XML that can be read: {0}; nothing is written")]
    Xml(String),
    /// What was written cannot be read again, or not every message in it is a redacted one.
    #[error("a message in it would stay as it is; nothing is written: {0}")]
    Unchanged(String),
    /// A value would be left.
    #[error("a personal value would be left in the copy; nothing is written")]
    Left,
}

/// Whether the text of a message is that of a redacted copy, in which no signature can verify.
#[must_use]
pub fn is_redacted(text: &str) -> bool {
    text.contains(MARKER)
}

/// Learns the values of a message and of what was seen beside it, so that they can be replaced in what is told of it.
pub fn learn(table: &mut Pseudonyms, captured: &Captured, options: &Options) {
    let verdicts = HashMap::new();
    let mut rewriter = Rewriter::new(options, table, None, &verdicts);
    rewriter.message(&captured.bytes);
    for sighting in &captured.sightings {
        if let Some(relay_state) = &sighting.relay_state {
            rewriter.relay_state(relay_state);
        }
        let exchange = &sighting.exchange;
        for url in [&exchange.sent_to, &exchange.location].into_iter().flatten() {
            rewriter.url(url, options.limits.layers);
        }
    }
}

/// Learns the values of the text of a message, such as one that was decrypted.
pub fn learn_text(table: &mut Pseudonyms, text: &str, options: &Options) {
    Rewriter::new(options, table, None, &HashMap::new()).message(text.as_bytes());
}

/// Learns a value by itself, such as a user's name.
pub fn learn_value(table: &mut Pseudonyms, value: &str) {
    table.of(value);
}

/// What is told, with the values of `table` and every e-mail address replaced. In JSON only strings are: a count or a size that has
/// the digits of a value is none.
#[must_use]
pub fn report(text: &str, is_json: bool, table: &mut Pseudonyms, options: &Options) -> String {
    Rewriter::new(options, table, None, &HashMap::new()).plain(text);
    let net = Net::of(table);
    if !is_json {
        return net.replace_all(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('"') {
        let mut is_escaped = false;
        let end = inside.find(|c| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        });
        let (string, behind) = inside.split_at(end.unwrap_or(inside.len()));
        out.extend([before, "\"", &net.replace_all(string)]);
        out.push_str(if end.is_some() { "\"" } else { "" });
        rest = behind.strip_prefix('"').unwrap_or(behind);
    }
    out.push_str(rest);
    out
}

/// Makes the copy.
///
/// # Errors
/// When it cannot be made, or not safely.
pub fn copy(input: &[u8], messages: &[Judged], options: &Options) -> Result<Vec<u8>, RedactError> {
    let limit = options.limits.decoded_bytes;
    if input.len() > limit {
        return Err(RedactError::Size(limit));
    }
    // Windows editors save text as UTF-16.
    let order = utf16_of(input);
    let text = order.and_then(|order| decode_utf16(input, order).ok()).map(in_utf8);
    let order = order.filter(|_| text.is_some());
    let input = text.as_deref().map_or(input, str::as_bytes);
    let mut table = Pseudonyms::default();
    let mut verdicts: HashMap<&[u8], &str> =
        messages.iter().map(|m| (m.bytes.as_slice(), m.verdict.as_str())).collect();
    if let [Judged { verdict, .. }] = messages {
        // XML that is in UTF-16 itself.
        verdicts.insert(input, verdict.as_str());
    }
    {
        let mut first = Rewriter::new(options, &mut table, None, &verdicts);
        for message in messages {
            parse(&message.bytes, &options.limits)
                .map_err(|error| RedactError::Xml(error.to_string()))?;
            first.message(&message.bytes);
            if let Some(decrypted) = &message.decrypted {
                first.message(decrypted.as_bytes());
            }
        }
        first.whole(input).ok_or(RedactError::Form)?;
    }
    let net = Net::of(&table);
    let copy = Rewriter::new(options, &mut table, Some(&net), &verdicts)
        .whole(input)
        .ok_or(RedactError::Form)?;
    let copy = match order {
        Some(order) => encode::utf16(&copy, order).ok_or(RedactError::Form)?,
        None => copy,
    };
    verify(&copy, messages, &net, options)?;
    Ok(copy)
}

/// Reads the copy as anybody would: every message in it must be a redacted one, and no value may be left in any layer.
fn verify(
    copy: &[u8],
    messages: &[Judged],
    net: &Net,
    options: &Options,
) -> Result<(), RedactError> {
    let unchanged = |what: String| RedactError::Unchanged(what);
    let unreadable = |kind: &InputErrorKind| unchanged(kind.to_string());
    let held = input::capture(&mut &copy[..], "the copy", &options.limits, None)
        .map_err(|error| unchanged(error.to_string()))?
        .map_err(|error| unreadable(&error.kind))?;
    let redacted = |message: &Captured| is_redacted(&text_of(&message.bytes));
    if held.messages.len() < messages.len() {
        let (found, all) = (held.messages.len(), messages.len());
        return Err(unchanged(format!("{found} of {all} can be found in the copy")));
    }
    if let Some(message) = held.messages.iter().find(|message| !redacted(message)) {
        let place = message.sightings.first().map(|sighting| sighting.place.as_str());
        return Err(unchanged(place.unwrap_or_default().to_owned()));
    }
    let shown = held.messages.iter().any(|message| net.finds(text_of(&message.bytes).as_bytes()));
    if shown || net.finds_deep(copy, &options.limits) {
        return Err(RedactError::Left);
    }
    Ok(())
}

/// What declares itself to be in another encoding, once it is in this one.
fn in_utf8(text: String) -> String {
    match text.split_once("?>") {
        Some((declaration, rest)) if declaration.starts_with("<?xml") => {
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{rest}")
        }
        Some(_) | None => text,
    }
}

/// A message as text, in UTF-16 as well.
fn text_of(bytes: &[u8]) -> String {
    let wide = utf16_of(bytes).and_then(|order| decode_utf16(bytes, order).ok());
    wide.unwrap_or_else(|| bytes.utf8_chunks().map(|chunk| chunk.valid()).collect())
}
