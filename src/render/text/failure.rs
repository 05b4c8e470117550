//! One failure in full: both sides, aligned, the first difference marked and named, and the place.

use std::io;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::page::{Ink, LABEL, Page};
use crate::checks::{Expected, Failure};
use crate::config::Expectation;
use crate::render::SHOWN;
use crate::render::difference::{Class, difference};
use crate::render::safe::safe;
use crate::report::{Location, Report};
use crate::saml::Place;
use crate::time::{parse_rfc3339, words_between};

const INDENT: usize = 4;

/// The failures of one item: each code's line once, then what happened, in the order in which the codes first occur.
pub(super) fn failures(
    page: &mut Page<'_>,
    report: &Report,
    failures: &[Failure],
    indent: usize,
) -> io::Result<()> {
    let mut codes: Vec<&str> = Vec::new();
    for failure in failures {
        let id = failure.code.id;
        if codes.contains(&id) {
            continue;
        }
        codes.push(id);
        page.line(indent, Ink::Fail, failure.line.text())?;
        blocks(page, report, failures.iter().filter(|other| other.code.id == id))?;
    }
    Ok(())
}

/// As many blocks as a reader may want, and how many more there are.
pub(super) fn blocks<'f>(
    page: &mut Page<'_>,
    report: &Report,
    mut failures: impl Iterator<Item = &'f Failure>,
) -> io::Result<()> {
    failures.by_ref().take(SHOWN).try_for_each(|failure| block(page, report, failure))?;
    more(page, failures.count())
}

/// Says how many were left out, if any.
pub(super) fn more(page: &mut Page<'_>, left: usize) -> io::Result<()> {
    if left == 0 {
        return Ok(());
    }
    page.line(INDENT, Ink::Ours, &format!("and {left} more like these"))
}

/// One failure, four columns in.
pub(super) fn block(page: &mut Page<'_>, report: &Report, failure: &Failure) -> io::Result<()> {
    if let Some(what) = failure.what {
        page.line(INDENT, Ink::Title, what)?;
    }
    // Without a message there are no values, only what stopped the reading, in prose.
    if report.message().is_none() {
        for (label, text) in [
            ("expected", failure.expected.iter().map(|e| e.text.as_str()).collect::<Vec<_>>()),
            ("found", failure.found.iter().map(String::as_str).collect()),
        ] {
            page.labelled(INDENT, (label, LABEL), Ink::Plain, &safe(&text.join("; ")))?;
        }
        return place(page, failure.at, report);
    }
    let settings = &report.parts().configuration.expectations;
    both_sides(page, failure, settings, report.parts().at.instant)?;
    place(page, failure.at, report)
}

/// Where it stands, when it stands anywhere.
pub(super) fn place(page: &mut Page<'_>, at: Option<Place>, report: &Report) -> io::Result<()> {
    location(page, at.and_then(|at| report.location(at)))
}

/// Line and path.
pub(super) fn location(page: &mut Page<'_>, location: Option<Location>) -> io::Result<()> {
    let Some(Location { line, xpath }) = location else { return Ok(()) };
    let (line, xpath) = (format!("line {line},"), safe(&xpath));
    if INDENT + LABEL + line.len() + 1 + xpath.width() <= page.width() {
        return page.row(INDENT, ("at", LABEL), &format!("{line} {xpath}"), None);
    }
    page.row(INDENT, ("at", LABEL), &line, None)?;
    page.row(INDENT, ("", LABEL), &xpath, None)
}

fn both_sides(
    page: &mut Page<'_>,
    failure: &Failure,
    settings: &[Expectation],
    now: Timestamp,
) -> io::Result<()> {
    let expected: Vec<String> =
        failure.expected.iter().map(|expected| safe(&expected.text)).collect();
    let widest = expected.iter().map(|text| text.width()).max().unwrap_or(0);
    let mut label = "expected";
    for (text, expected) in expected.iter().zip(&failure.expected) {
        let padded = format!("{text}{:1$}", "", widest.saturating_sub(text.width()));
        match source(expected, settings) {
            Some((long, short)) => {
                let rest = page.width().saturating_sub(INDENT + LABEL + widest + 2);
                let source = if long.width() <= rest { long } else { short };
                page.row(INDENT, (label, LABEL), &padded, Some(&source))?;
            }
            None => page.row(INDENT, (label, LABEL), text, None)?,
        }
        label = "";
    }
    let mut label = "found";
    for found in &failure.found {
        found_row(page, label, found)?;
        label = "";
        if let Some((column, says)) = mark(failure, found) {
            page.line(INDENT + LABEL + column, Ink::Fail, &format!("^ {says}"))?;
        }
    }
    if failure.found.is_empty() {
        page.row(INDENT, (label, LABEL), "(nothing)", None)?;
    }
    match failure.expected.as_slice() {
        [expected] => match away(&expected.text, now) {
            Some(away) => page.line(INDENT + LABEL, Ink::Fail, &away),
            None => Ok(()),
        },
        [] | [_, ..] => Ok(()),
    }
}

/// A found value. Of one that is too long for its line, a remark in parentheses at the end goes below.
pub(super) fn found_row(page: &mut Page<'_>, label: &str, found: &str) -> io::Result<()> {
    let shown = if found.is_empty() { "(empty)".to_owned() } else { safe(found) };
    let fits = INDENT + LABEL + shown.width() <= page.width();
    match shown.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        Some((value, remark)) if !fits => {
            page.row(INDENT, (label, LABEL), value, Some(&format!("({remark})")))
        }
        Some(_) | None => page.row(INDENT, (label, LABEL), &shown, None),
    }
}

/// `(Entity ID setting, samlcheck.toml:4)`, and a shorter form; nothing for what the standard expects.
fn source(expected: &Expected, settings: &[Expectation]) -> Option<(String, String)> {
    let source = expected.source.as_ref()?;
    let place = safe(&source.to_string());
    let setting = settings.iter().find(|s| s.source == *source && s.text == expected.text);
    let Some(Expectation { setting, .. }) = setting else {
        return Some((format!("({place})"), format!("({place})")));
    };
    Some((format!("({setting} setting, {place})"), format!("({setting}, {place})")))
}

/// The columns of a found value before its first difference, and the difference's name: when both sides are values and not
/// descriptions. Among several values only a telling difference counts: nobody wonders why `groups` is not `federationId`.
fn mark(failure: &Failure, found: &str) -> Option<(usize, String)> {
    let single = matches!((failure.expected.as_slice(), failure.found.as_slice()), ([_], [_]));
    let differences = failure.expected.iter().enumerate().filter_map(|(index, expected)| {
        let text = &expected.text;
        let value = if expected.source.is_some() { text } else { bare(text, found)? };
        Some((index, difference(value, found)?))
    });
    let mut telling = differences.filter(|(_, d)| single || d.class != Class::Other);
    let (index, difference) = telling.next()?;
    let before = safe(found.get(..difference.at)?);
    let which = match (failure.expected.len(), index) {
        (0 | 1, _) => "",
        (_, 0) => " (compared with the first expected value)",
        (_, 1) => " (compared with the second expected value)",
        (_, _) => " (compared with another expected value)",
    };
    Some((before.width(), format!("{}{which}", difference.says)))
}

/// The value among what a check says by itself: a URI, or a value with a remark in parentheses. Prose has spaces, and a
/// pattern an ellipsis.
fn bare<'t>(expected: &'t str, found: &str) -> Option<&'t str> {
    let value = match expected.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        Some((value, _)) => value,
        None if expected.contains(':') => expected,
        None => return None,
    };
    let is_value = |text: &str| !text.contains(' ') && !text.contains('…');
    (is_value(value) && is_value(found)).then_some(value)
}

/// How far the judged moment is from the time in an expectation such as `now < 2026-01-15T10:05:00Z`.
fn away(expected: &str, now: Timestamp) -> Option<String> {
    let mut words = expected.strip_prefix("now ")?.split(' ');
    let (_, limit) = (words.next()?, words.next()?);
    let limit = parse_rfc3339(limit).ok()?;
    let direction = if now < limit { "too early" } else { "too late" };
    // A limit that is excluded is missed by nothing at all when it is met.
    let by = words_between(now, limit);
    let by = if now == limit { "just".to_owned() } else { by };
    Some(format!("judged {by} {direction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_and_patterns_are_not_compared_with_values() {
        assert_eq!(bare("an active user", "user x"), None);
        assert_eq!(bare("https://…", "http://a"), None);
        assert_eq!(bare("a time", "x"), None);
        assert_eq!(bare("ZMueller (FederationIdentifier, x)", "zmueller"), Some("ZMueller"));
        assert_eq!(bare("urn:a:b", "urn:a:c"), Some("urn:a:b"));
    }

    #[test]
    fn a_missed_time_is_told_in_words() {
        let now = "2026-01-15T10:05:00Z".parse().unwrap();
        let late = away("now < 2026-01-15T10:03:00Z (allowed skew included)", now);
        assert_eq!(late.as_deref(), Some("judged 2 min too late"));
        let early = away("now >= 2026-01-15T10:06:05Z", now);
        assert_eq!(early.as_deref(), Some("judged 1 min 5 s too early"));
        assert_eq!(away("a time like 2026-01-15T10:00:00Z", now), None);
    }
}
