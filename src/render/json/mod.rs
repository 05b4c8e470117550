//! The report as one JSON document, or an array of them: `report.v1.schema.json` describes it.
//!
//! The form is that of its own structs in `document`, so that a change inside the core never changes what programs read.

mod careless;
mod diagnosis;
mod document;
mod encryption;
mod flow;
mod provenance;
mod signature;
mod time;
mod what_if;

use std::io;

use super::Renderer;
use super::safe::is_hazard;
use crate::report::Report;
use document::ReportDocument;
pub(super) use what_if::ChangeDocument;

/// Writes JSON: streamed, one report after the other.
pub(super) struct JsonRenderer {
    several: bool,
    written: usize,
}

impl JsonRenderer {
    pub(super) fn new(several: bool) -> Self {
        Self { several, written: 0 }
    }
}

impl Renderer for JsonRenderer {
    fn report(&mut self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let document = visible(&serde_json::to_string_pretty(&ReportDocument::of(report))?);
        let first = self.written == 0;
        self.written += 1;
        if !self.several {
            return writeln!(out, "{document}");
        }
        out.write_all(if first { b"[\n" } else { b",\n" })?;
        // No string holds a raw line end, so every one of them is layout.
        write!(out, "  {}", document.replace('\n', "\n  "))
    }

    fn finish(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        match (self.several, self.written) {
            (false, _) => Ok(()),
            (true, 0) => out.write_all(b"[]\n"),
            (true, _) => out.write_all(b"\n]\n"),
        }
    }
}

/// JSON with every character escaped that could do something to a terminal. Such characters occur in strings only, where
/// `\uXXXX` means the same; the library leaves them as they are.
pub(super) fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_hazard(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_cursor_is_escaped_and_still_the_same_value() {
        let value = "a\u{9b}31m\u{202e}\u{e0041}\u{7f}é";
        let json = visible(&serde_json::to_string(value).unwrap());
        assert_eq!(json, r#""a\u009b31m\u202e\udb40\udc41\u007fé""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), value);
    }

    #[test]
    fn no_inputs_are_an_empty_array() {
        let mut out = Vec::new();
        JsonRenderer::new(true).finish(&mut out).unwrap();
        assert_eq!(out, b"[]\n");
    }
}
