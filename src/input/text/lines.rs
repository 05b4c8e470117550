//! The line of a text, what wrote it and when: logs of web servers and load balancers, and any log whose lines begin with a time.
//!
//! Understood are the combined format of Apache and nginx, the W3C extended format of IIS, and the access log of AWS load balancers.

use std::ops::Range;

use jiff::Timestamp;
use jiff::fmt::strtime;
use memchr::{memchr, memchr_iter, memmem, memrchr};

use crate::input::captured::{CaptureClock, CapturedAt};

/// Bytes of a line in which its time is looked for. Choice: 300; a time stands at the start.
const TIMED: usize = 300;

/// Lines above in which the time of an entry is looked for that goes on over several. Choice: 8.
const ABOVE: usize = 8;

/// Bytes above in which it is looked for. Choice: 8 KiB.
const NEAR: usize = 8 << 10;

const METHODS: [&str; 4] = ["GET", "POST", "PUT", "HEAD"];

/// One line of a text.
#[derive(Debug)]
pub(super) struct Line<'t> {
    /// Counted from 1.
    pub(super) number: usize,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// When it was written, as far as it says so with its zone.
    pub(super) written: Option<CapturedAt>,
    /// The names of the fields of a W3C extended log above it.
    pub(super) fields: Option<&'t str>,
}

/// Goes through the lines of a text from its beginning to its end.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t [u8],
    number: usize,
    start: usize,
    /// Where the lines that name fields stand.
    directives: Vec<usize>,
}

/// What an access log says of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) status: Option<u16>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self {
            text,
            number: 1,
            start: 0,
            directives: memmem::find_iter(text, b"#Fields:").collect(),
        }
    }

    /// The line in which `place` is; places must not go back.
    pub(super) fn at(&mut self, place: usize) -> Line<'t> {
        let passed = self.text.get(self.start..place).unwrap_or_default();
        self.number += memchr_iter(b'\n', passed).count();
        self.start = memrchr(b'\n', passed).map_or(self.start, |end| self.start + end + 1);
        let before = self.directives.partition_point(|directive| *directive < self.start);
        let directive = before.checked_sub(1).and_then(|at| self.directives.get(at));
        let fields = directive.and_then(|at| line_at(self.text, *at)?.strip_prefix("#Fields:"));
        let written = self.written(fields);
        Line { number: self.number, start: self.start, written, fields }
    }

    fn written(&self, fields: Option<&str>) -> Option<CapturedAt> {
        let own = self.text.get(self.start..).and_then(|text| beginning(text));
        let instant = own.and_then(|line| {
            fields.and_then(|fields| w3c_time(line, fields)).or_else(|| time_in(line))
        });
        let instant = instant.or_else(|| self.written_above())?;
        Some(CapturedAt { instant, clock: CaptureClock::LogLine })
    }

    /// The time of the entry that goes on in this line.
    fn written_above(&self) -> Option<Timestamp> {
        let near = self.text.get(self.start.saturating_sub(NEAR)..self.start)?;
        let lines = near.strip_suffix(b"\n")?.rsplit(|byte| *byte == b'\n').take(ABOVE);
        lines.filter_map(beginning).find_map(|line| {
            // Only what begins a line, so that a date in a sentence is no time of capture.
            time_in(line.get(..40).unwrap_or(line))
        })
    }
}

/// The text of the line that begins at `at`.
fn line_at(text: &[u8], at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let end = memchr(b'\n', rest).unwrap_or(rest.len());
    std::str::from_utf8(rest.get(..end)?.trim_ascii_end()).ok()
}

/// The beginning of a line, as far as it is text.
fn beginning(text: &[u8]) -> Option<&str> {
    let start = text.get(..text.len().min(TIMED))?;
    let line = start.split(|byte| *byte == b'\n').next()?;
    match std::str::from_utf8(line) {
        Ok(line) => Some(line),
        Err(error) => {
            line.get(..error.valid_up_to()).and_then(|line| std::str::from_utf8(line).ok())
        }
    }
}

/// The first time in a line that says its zone.
///
/// Choice: a time without a zone is none: nobody can tell when it was, and a wrong guess would judge a message hours off.
pub(in crate::input) fn time_in(line: &str) -> Option<Timestamp> {
    let clf = line.split('[').skip(1).find_map(|rest| {
        let (time, _) = rest.split_once(']')?;
        strtime::parse("%d/%b/%Y:%H:%M:%S %z", time).ok()?.to_timestamp().ok()
    });
    clf.or_else(|| {
        let separates = |c: char| c.is_whitespace() || "[]()\"'|=;<>".contains(c);
        let words: Vec<&str> =
            line.split(separates).filter(|word| !word.is_empty()).take(16).collect();
        words.iter().enumerate().find_map(|(at, word)| {
            let is_date = word.as_bytes().get(..5).is_some_and(|start| {
                start.iter().take(4).all(u8::is_ascii_digit) && start.ends_with(b"-")
            });
            let next =
                |ahead: usize| words.get(at + ahead).copied().unwrap_or_default().replace(',', ".");
            let zone = match next(2).as_str() {
                "UTC" | "GMT" | "Z" => "Z".to_owned(),
                zone if zone.starts_with(['+', '-']) => zone.to_owned(),
                _ => String::new(),
            };
            let word = word.trim_end_matches(',').replace(',', ".");
            is_date.then(|| {
                (word.parse().ok())
                    .or_else(|| format!("{word}T{}", next(1)).parse().ok())
                    .or_else(|| format!("{word}T{}{zone}", next(1)).parse().ok())
            })?
        })
    })
}

/// The columns of a W3C extended log line.
fn column<'l>(line: &'l str, fields: &str, name: &str) -> Option<&'l str> {
    let at = fields.split_whitespace().position(|field| field == name)?;
    line.split_whitespace().nth(at).filter(|value| *value != "-")
}

/// Times of a W3C extended log are in UTC (W3C working draft WD-logfile, `date` and `time`).
fn w3c_time(line: &str, fields: &str) -> Option<Timestamp> {
    format!("{}T{}Z", column(line, fields, "date")?, column(line, fields, "time")?).parse().ok()
}

/// The request that an access log's line tells of, when `place` is inside its URL. `text` begins with the line.
pub(super) fn request(text: &[u8], place: usize, fields: Option<&str>) -> Option<Request> {
    let line = line_at(text, 0)?;
    if let Some(fields) = fields {
        return w3c_request(line, fields, place);
    }
    let target = word_around(line, place)?;
    let before = line.get(..target.start)?.strip_suffix(' ')?;
    let method = METHODS.into_iter().find(|method| before.ends_with(method))?;
    let behind = line.get(target.end..)?.strip_prefix(" HTTP/")?;
    let (_, rest) = behind.split_once('"')?;
    let number = |word: Option<&str>| word.filter(|word| word.len() == 3)?.parse().ok();
    let balanced = line
        .split(' ')
        .next()
        .is_some_and(|kind| ["http", "https", "h2", "grpcs", "ws", "wss"].contains(&kind));
    let status = if balanced { line.split(' ').nth(8) } else { rest.split_whitespace().next() };
    let url = line.get(target)?.to_owned();
    Some(Request { method: method.to_owned(), url, status: number(status) })
}

fn w3c_request(line: &str, fields: &str, place: usize) -> Option<Request> {
    let query = column(line, fields, "cs-uri-query")?;
    let target = word_around(line, place)?;
    if line.get(target)? != query {
        return None;
    }
    let path = column(line, fields, "cs-uri-stem").unwrap_or("/");
    let host =
        column(line, fields, "cs-host").map(|host| format!("https://{host}")).unwrap_or_default();
    Some(Request {
        method: column(line, fields, "cs-method").unwrap_or_default().to_owned(),
        url: format!("{host}{path}?{query}"),
        status: column(line, fields, "sc-status").and_then(|status| status.parse().ok()),
    })
}

/// The word in which `place` is.
fn word_around(line: &str, place: usize) -> Option<Range<usize>> {
    let start = line.get(..place)?.rfind([' ', '"']).map_or(0, |at| at + 1);
    let end = line.get(place..)?.find([' ', '"']).map_or(line.len(), |length| place + length);
    Some(start..end)
}
