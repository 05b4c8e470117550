//! The windows of a message on one axis, a line each, with the moments that matter.
//!
//! ```text
//!     timeline in UTC, times without a date are of 2026-01-15
//!                         09:57:00Z                           10:08:00Z
//!     Response issued     ├──────────━━━━━┿━━━━━━━━━━──────────┤    10:00:00Z to 10:05:00Z
//!     Certificate       ←┄━━━━━━━━━━━━━━━━┿━━━━━━━━━━━━━━━━━━━━┄→   2024-01-01T00:00:00Z to …
//!     captured = judged                   ◆                         10:01:00Z
//! ```

use std::io;

use jiff::Timestamp;

use super::page::{Ink, Page, padded};
use crate::render::SHOWN;
use crate::report::{JudgedBy, Report};
use crate::saml::Time;
use crate::time::rfc3339;
use crate::windows::{Axis, BEYOND, Spot, State, Window, WindowKind};

const INDENT: usize = 4;
const LABEL: usize = 20;
/// The mark of the moment that was judged at.
const JUDGED: &str = "judged";
/// Columns of the axis at least and at most.
const AXIS: (usize, usize) = (20, 44);

/// What lines are drawn with.
struct Pens {
    opens: char,
    closes: char,
    written: char,
    skew: char,
    judged: char,
    crossing: char,
    only: char,
    always: char,
    for_ever: char,
    broken: char,
    mark: char,
    missed: &'static str,
}

const UNICODE: Pens = Pens {
    opens: '├',
    closes: '┤',
    written: '━',
    skew: '─',
    judged: '│',
    crossing: '┿',
    only: '┃',
    always: '←',
    for_ever: '→',
    broken: '┄',
    mark: '◆',
    missed: "✗ ",
};

const ASCII: Pens = Pens {
    opens: '[',
    closes: ']',
    written: '=',
    skew: '-',
    judged: '|',
    crossing: '+',
    only: '#',
    always: '<',
    for_ever: '>',
    broken: '.',
    mark: '*',
    missed: "x ",
};

/// One line: what it is, the drawing, the exact instants.
struct Row {
    label: String,
    cells: Vec<char>,
    instants: String,
    ink: Ink,
}

struct Drawing<'p> {
    axis: Axis,
    pens: &'p Pens,
    /// The judged moment.
    at: Timestamp,
    /// Its column.
    judged: usize,
}

/// Draws the timeline when it is asked for, or when a window that counts does not hold.
pub(super) fn timeline(page: &mut Page<'_>, report: &Report, asked: bool) -> io::Result<()> {
    let at = report.parts().at.instant;
    let windows = drawn(report.windows());
    let is_missed = |window: &Window| window.counts && window.state(at) != State::Holds;
    if windows.is_empty() || !(asked || windows.iter().any(is_missed)) {
        return Ok(());
    }
    let marks = marks(report);
    let moments: Vec<Timestamp> = marks.iter().map(|(_, instant)| *instant).collect();
    // The day that most times are of: that of the message, wherever the judged moment is.
    let day = day_of(report.message().and_then(crate::saml::Message::issued).unwrap_or(at));
    let instants: Vec<String> = windows
        .iter()
        .map(|window| limits(window, &day))
        .chain(marks.iter().map(|(label, moment)| {
            // The tool's own clock is no evidence: its fractions of a second tell nothing.
            let is_own = label.starts_with("now");
            short(if is_own { whole_second(*moment) } else { *moment }, &day)
        }))
        .collect();
    let widest = instants.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let width = page.width().saturating_sub(INDENT + LABEL + 2 + widest).clamp(AXIS.0, AXIS.1);
    let Some(axis) = Axis::of(&windows, &moments, width) else { return Ok(()) };
    let pens = if page.is_ascii() { &ASCII } else { &UNICODE };
    let drawing = Drawing { axis, pens, at, judged: column(&axis, at) };
    let mut rows = Vec::new();
    let (of_windows, of_marks) = instants.split_at(windows.len());
    for (window, instants) in windows.iter().zip(of_windows) {
        let flag = if is_missed(window) { pens.missed } else { "" };
        rows.push(Row {
            label: format!("{flag}{}", window.kind.name()),
            cells: drawing.window(window),
            instants: instants.clone(),
            ink: if is_missed(window) { Ink::Fail } else { Ink::Plain },
        });
    }
    for ((label, instant), instants) in marks.iter().zip(of_marks) {
        rows.push(Row {
            label: (*label).to_owned(),
            cells: drawing.mark(*instant),
            instants: instants.clone(),
            ink: Ink::Ours,
        });
    }
    let head = format!("timeline in UTC; times without a date are of {day}");
    page.line(INDENT, Ink::Title, &head)?;
    page.line(INDENT + LABEL, Ink::Ours, &drawing.ends(&day))?;
    for row in rows {
        let cells: String = row.cells.iter().collect();
        let line = format!("{}{cells}  {}", padded(&row.label, LABEL), row.instants);
        page.line(INDENT, row.ink, line.trim_end())?;
    }
    let Pens { written, skew, judged, broken, .. } = pens;
    let mut legend =
        format!("{written} as written  {skew} allowed skew  {judged} the judged moment");
    if axis.is_broken_before || axis.is_broken_after {
        legend.push_str(&format!("  {broken} not to scale"));
    }
    page.line(INDENT + LABEL, Ink::Ours, &legend)
}

/// Those that a reader can tell apart: all that count, and a few of the others. Certificates that verified nothing only when none did.
fn drawn(windows: &[Window]) -> Vec<Window> {
    let is_certificate = |window: &Window| window.kind == WindowKind::Certificate;
    let verified = windows.iter().any(|window| is_certificate(window) && window.counts);
    let wanted = |window: &&Window| window.counts || !(is_certificate(window) && verified);
    windows.iter().filter(wanted).take(SHOWN).cloned().collect()
}

/// The moments to mark, in the order of time. The judged one shares the line of another that it is.
fn marks(report: &Report) -> Vec<(String, Timestamp)> {
    let parts = report.parts();
    let read = |time: Option<&Time>| Some(time?.parsed.as_ref().ok()?.instant);
    let message = report.message();
    let assertion = message.and_then(|message| message.assertion());
    let response = message.and_then(|message| message.response());
    let statements = assertion.map(|a| a.authn_statements.as_slice()).unwrap_or_default();
    let now = match parts.at.by {
        // Whoever gives an instant asks about that one.
        JudgedBy::Given => None,
        JudgedBy::Now | JudgedBy::NotIssued | JudgedBy::Capture(_) | JudgedBy::Issued => {
            Some(parts.at.now)
        }
    };
    let mut marks: Vec<(String, Timestamp)> = Vec::new();
    let named = [
        ("AuthnInstant", statements.first().and_then(|s| read(s.authn_instant.as_ref()))),
        ("IssueInstant", response.and_then(|r| read(r.issue_instant.as_ref()))),
        ("IssueInstant", assertion.and_then(|a| read(a.issue_instant.as_ref()))),
        ("captured", parts.provenance.captured_at.map(|at| at.instant)),
        ("now", now),
        (JUDGED, Some(parts.at.instant)),
    ];
    for (name, instant) in named {
        let Some(instant) = instant else { continue };
        let same = marks.iter().rposition(|(_, other)| *other == instant);
        match same.and_then(|at| marks.get_mut(at)) {
            Some((label, _)) if label == name => {}
            Some((label, _)) if name == JUDGED => *label = format!("{label} = {name}"),
            Some(_) | None => marks.push((name.to_owned(), instant)),
        }
    }
    marks.sort_by_key(|(_, instant)| *instant);
    marks
}

/// The exact limits as they are written.
fn limits(window: &Window, day: &str) -> String {
    match (window.from, window.until) {
        (Some(from), Some(until)) => format!("{} to {}", short(from, day), short(until, day)),
        (Some(from), None) => format!("from {}", short(from, day)),
        (None, Some(until)) => format!("until {}", short(until, day)),
        (None, None) => String::new(),
    }
}

fn whole_second(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

fn day_of(instant: Timestamp) -> String {
    let text = rfc3339(instant);
    text.split_once('T').map_or(text.clone(), |(day, _)| day.to_owned())
}

/// An instant, without its date when that is the day of the timeline.
fn short(instant: Timestamp, day: &str) -> String {
    let text = rfc3339(instant);
    match text.strip_prefix(day).and_then(|rest| rest.strip_prefix('T')) {
        Some(time) => time.to_owned(),
        None => text,
    }
}

fn column(axis: &Axis, at: Timestamp) -> usize {
    match axis.spot(at) {
        Spot::Before => 0,
        Spot::At(column) => column,
        Spot::After => axis.width.saturating_sub(1),
    }
}

impl Drawing<'_> {
    fn blank(&self) -> Vec<char> {
        vec![' '; self.axis.width]
    }

    /// Beyond a break, and not in the outermost column, which tells what is there.
    fn is_break(&self, column: usize) -> bool {
        let (first, last) = self.axis.scale();
        column < first || column > last
    }

    fn window(&self, window: &Window) -> Vec<char> {
        let mut cells = self.blank();
        let last = self.axis.width.saturating_sub(1);
        let opens = window.opens().map(|at| column(&self.axis, at));
        let closes = window.closes().map(|at| column(&self.axis, at));
        let (mut start, mut end) = (opens.unwrap_or(0), closes.unwrap_or(last));
        // Both ends beyond one break: drawn side by side.
        if start == end && self.is_break(start) {
            (start, end) = if start == 0 { (0, 1) } else { (last.saturating_sub(1), last) };
        }
        let inner = [window.from, window.until].map(|at| at.map(|at| column(&self.axis, at)));
        let [from, until] = inner;
        let written = from.unwrap_or(0)..=until.unwrap_or(last);
        for (at, cell) in cells.iter_mut().enumerate() {
            *cell = match at {
                _ if at < start || at > end => continue,
                _ if start == end => self.pens.only,
                _ if at == start && opens.is_none() => self.pens.always,
                _ if at == end && closes.is_none() => self.pens.for_ever,
                _ if at == start => self.pens.opens,
                _ if at == end => self.pens.closes,
                _ if self.is_break(at) => self.pens.broken,
                _ if written.contains(&at) => self.pens.written,
                _ => self.pens.skew,
            };
        }
        if let Some(cell) = cells.get_mut(self.judged) {
            match (*cell, window.state(self.at)) {
                (' ', _) => *cell = self.pens.judged,
                (_, State::Holds) => *cell = self.pens.crossing,
                // Too near to be told apart in columns: that it is missed must not look as if it were met.
                (_, State::NotYet | State::Over) => {}
            }
        }
        cells
    }

    fn mark(&self, instant: Timestamp) -> Vec<char> {
        let mut cells = self.blank();
        if let Some(cell) = cells.get_mut(self.judged) {
            *cell = self.pens.judged;
        }
        let at = column(&self.axis, instant);
        let beyond = match self.axis.spot(instant) {
            Spot::Before => 1..BEYOND,
            Spot::At(_) => 0..0,
            Spot::After => at.saturating_sub(BEYOND - 1)..at,
        };
        for cell in cells.get_mut(beyond).into_iter().flatten() {
            *cell = self.pens.broken;
        }
        if let Some(cell) = cells.get_mut(at) {
            *cell = self.pens.mark;
        }
        cells
    }

    /// The moments at which the part to scale begins and ends, above the axis.
    fn ends(&self, day: &str) -> String {
        let (first, last) = self.axis.scale();
        let (from, until) = (short(self.axis.from, day), short(self.axis.until, day));
        let space = (last + 1).saturating_sub(first + from.len() + until.len());
        if space == 0 {
            return format!("{:first$}{from}", "");
        }
        format!("{:first$}{from}{:space$}{until}", "", "")
    }
}
