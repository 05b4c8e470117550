//! Messages in the middle of text: where the reader of text finds one, it is rewritten in the escapes it is written in, and what
//! stands around it word by word.

use super::encode;
use super::rewrite::Rewriter;
use crate::decode::{Layer, unescape_entities};
use crate::input::{self, Place};

impl Rewriter<'_> {
    /// Text that is nothing else.
    pub(super) fn prose(&mut self, text: &str, level: usize) -> String {
        let Some(level) = level.checked_sub(1) else { return self.words(text, 0) };
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for Place { range, readings } in input::places(text.as_bytes(), &self.options.limits) {
            let readings = readings.iter().filter_map(|reading| std::str::from_utf8(reading).ok());
            let readings: Vec<&str> = readings.collect();
            let Some(place) = text.get(range.clone()).filter(|_| range.start >= end) else {
                continue;
            };
            out.push_str(&self.words(text.get(end..range.start).unwrap_or_default(), level));
            match self.place(place, &readings, level) {
                Some(rewritten) => out.push_str(&rewritten),
                None => out.push_str(&self.words(place, level)),
            }
            end = range.end;
        }
        out.push_str(&self.words(text.get(end..).unwrap_or_default(), level));
        out
    }

    /// A message with its name and its escapes; nothing when it cannot be read or written again.
    fn place(&mut self, place: &str, readings: &[&str], level: usize) -> Option<String> {
        readings.iter().find_map(|reading| {
            let start = place.find(reading);
            // A string of JSON or of a script, whose quotes may stand further off.
            let inside = reading.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
            let (start, length, rewritten) = match (start, inside) {
                (None, Some(inside)) => {
                    let plain: String = serde_json::from_str(reading).ok()?;
                    let rewritten = self.carried(&plain, level)?;
                    (place.find(inside)?, inside.len(), in_string(&rewritten, inside))
                }
                (start, _) => (start?, reading.len(), self.carried(reading, level)?),
            };
            let before = self.words(place.get(..start)?, level);
            let after = self.words(place.get(start + length..)?, level);
            Some(format!("{before}{rewritten}{after}"))
        })
    }

    /// A message in its wrappings, with nothing around it; nothing when it is none, or cannot be written again.
    pub(super) fn carried(&mut self, text: &str, level: usize) -> Option<String> {
        if text.starts_with('<') {
            return String::from_utf8(self.markup(text.as_bytes(), level)?).ok();
        }
        if let Some(plain) = unescape_entities(text) {
            let level = level.checked_sub(1)?;
            return self.carried(plain.trim(), level).map(|inner| encode::entities(&inner));
        }
        if let Some(rewritten) = self.parameters(text, level) {
            return Some(rewritten);
        }
        let captured = input::read(text.as_bytes(), "", &self.options.limits).ok()?;
        let is_outer = |layer: &&Layer| {
            matches!(layer, Layer::Base64 { .. } | Layer::Compressed(_) | Layer::PercentEscapes)
        };
        captured.layers.iter().find(is_outer)?;
        let message = self.message(&captured.bytes)?;
        String::from_utf8(encode::wrapped(message, &captured.layers, text)?).ok()
    }
}

/// As a string of JSON without its quotes, with brackets as they were.
fn in_string(text: &str, like: &str) -> String {
    let text = serde_json::to_string(text).unwrap_or_default();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
    let (upper, lower) = (like.contains("\\u003C"), like.contains("\\u003c"));
    match (upper, lower) {
        (false, false) => text.to_owned(),
        (true, _) => text.replace('<', "\\u003C").replace('>', "\\u003E"),
        (false, true) => text.replace('<', "\\u003c").replace('>', "\\u003e"),
    }
}
