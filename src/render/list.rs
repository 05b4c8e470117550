//! The messages of the inputs, a row each, without a judgement: text as a table, or JSON.

use std::io;

use jiff::Timestamp;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::safe::safe;
use super::text::{Ink, Page, padded};
use super::{Format, Style, json};
use crate::time::rfc3339;

/// One message in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its number in its input, counted from 1, for `--only`.
    pub number: usize,
    /// The input it is in.
    pub origin: String,
    /// When it was captured.
    pub captured_at: Option<Timestamp>,
    /// What it is.
    pub kind: ListedKind,
    /// Its Issuer, as sent.
    pub issuer: Option<String>,
    /// Its ID, as sent.
    pub id: Option<String>,
    /// Its InResponseTo, as sent.
    pub in_response_to: Option<String>,
    /// The number of the message in the same input that it answers.
    pub answers: Option<usize>,
    /// Where in the input it was seen; empty when the input is the message alone.
    pub places: Vec<String>,
}

/// What a row of a list is.
#[derive(Clone, Debug)]
pub enum ListedKind {
    /// A message, by its element.
    Message(String),
    /// It was recovered, and is no acceptable XML.
    NotXml,
    /// It is named like a message and cannot be decoded, because of this.
    Broken(String),
}

#[derive(Serialize)]
struct Row<'r> {
    number: usize,
    origin: &'r str,
    captured_at: Option<String>,
    kind: Option<&'r str>,
    error: Option<&'r str>,
    issuer: Option<&'r str>,
    id: Option<&'r str>,
    answers: Option<usize>,
    places: &'r [String],
}

/// Writes the list.
///
/// # Errors
/// When `out` cannot be written to.
pub fn list(
    rows: &[Listed],
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Text => text(rows, &mut Page::new(out, style)),
        Format::Json => {
            let rows: Vec<Row<'_>> = rows.iter().map(Row::of).collect();
            writeln!(out, "{}", json::visible(&serde_json::to_string_pretty(&rows)?))
        }
    }
}

impl<'r> Row<'r> {
    fn of(listed: &'r Listed) -> Self {
        let (kind, error) = match &listed.kind {
            ListedKind::Message(kind) => (Some(kind.as_str()), None),
            ListedKind::NotXml => (None, Some("not acceptable XML")),
            ListedKind::Broken(error) => (None, Some(error.as_str())),
        };
        Self {
            number: listed.number,
            origin: &listed.origin,
            captured_at: listed.captured_at.map(rfc3339),
            kind,
            error,
            issuer: listed.issuer.as_deref(),
            id: listed.id.as_deref(),
            answers: listed.answers,
            places: &listed.places,
        }
    }
}

/// Columns are as wide as their longest value; the last one, which may be long, is not padded.
fn text(rows: &[Listed], page: &mut Page<'_>) -> io::Result<()> {
    const NONE: &str = "-";
    let shown = |value: Option<&str>| value.map_or_else(|| NONE.to_owned(), safe);
    let mut table =
        vec![["#", "Answers", "Time", "Kind", "Issuer", "ID", "Where"].map(str::to_owned)];
    for listed in rows {
        let kind = match &listed.kind {
            ListedKind::Message(kind) => safe(kind),
            ListedKind::NotXml => "(not XML)".to_owned(),
            ListedKind::Broken(_) => "(broken)".to_owned(),
        };
        let place = listed.places.first().map_or(listed.origin.as_str(), String::as_str);
        let others = listed.places.len().saturating_sub(1);
        let others = if others > 0 { format!(" (+{others} more)") } else { String::new() };
        table.push([
            listed.number.to_string(),
            listed.answers.map_or_else(|| NONE.to_owned(), |number| number.to_string()),
            listed.captured_at.map_or_else(|| NONE.to_owned(), rfc3339),
            kind,
            shown(listed.issuer.as_deref()),
            shown(listed.id.as_deref()),
            format!("{}{others}", safe(place)),
        ]);
    }
    let mut widths = [0; 7];
    for row in &table {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    for (number, [first @ .., last]) in table.iter().enumerate() {
        let cells = first.iter().zip(widths).map(|(cell, width)| padded(cell, width + 2));
        let line = format!("{}{last}", cells.collect::<String>());
        page.line(0, if number == 0 { Ink::Title } else { Ink::Plain }, &line)?;
    }
    Ok(())
}
