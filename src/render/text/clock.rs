//! Which clock judged, and whether another moment would have judged differently: the lines beside `Judged at`.

use std::io;

use jiff::Timestamp;

use super::header::COLUMN;
use super::page::{Ink, Page};
use crate::input::Carried;
use crate::render::SHOWN;
use crate::render::safe::safe;
use crate::report::{JudgedBy, Report};
use crate::time::{rfc3339, words_between};
use crate::windows::{ClockDifference, Comparison, Moment, Standing, Which, difference};

/// Exchanges whose clocks are compared. Choice: 100; a message is seen in a few.
const COMPARED: usize = 100;

pub(super) fn clock(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let at = report.parts().at;
    let clock = match at.by {
        JudgedBy::Now => "now",
        JudgedBy::Capture(clock) => clock.what(),
        JudgedBy::Given => "--at",
        JudgedBy::Issued => "IssueInstant",
        JudgedBy::NotIssued => "now: the message has no IssueInstant that can be read",
    };
    let said = format!("{} ({clock})", rfc3339(at.instant));
    page.labelled(0, ("Judged at", COLUMN), Ink::Plain, &said)?;
    if let Some(compared) = report.comparison().and_then(|comparison| compared(report, &comparison))
    {
        page.labelled(0, ("", COLUMN), Ink::Ours, &compared)?;
    }
    clocks(report)
        .iter()
        .take(SHOWN)
        .try_for_each(|said| page.labelled(0, ("Clocks", COLUMN), Ink::Fail, said))
}

/// How the judged moment stands to the windows, and how the other one does. Nothing where it would only say what the checklist says.
pub(in crate::render) fn compared(report: &Report, comparison: &Comparison) -> Option<String> {
    let Comparison { judged, other } = comparison;
    let is_worth_telling = match judged.which {
        Which::Captured | Which::Issued => true,
        Which::Now => comparison.differs(),
    };
    if !is_worth_telling {
        return None;
    }
    // What is rejected for another reason is not called valid.
    let valid = if report.is_accepted() { "valid" } else { "in time" };
    let first = first(judged, valid);
    Some(match other {
        Some(other) => format!("{first}; {}", second(other, valid, judged.instant)),
        None => first,
    })
}

fn first(judged: &Moment, valid: &str) -> String {
    let at = judged.instant;
    let when = match judged.which {
        Which::Now => "now".to_owned(),
        Which::Captured => format!("when captured ({})", of_day(at, None)),
        Which::Issued => format!("when issued ({})", of_day(at, None)),
    };
    match (judged.standing, judged.which) {
        (Standing::Valid(Some((closes, _))), Which::Now) => {
            format!("{valid} now ({} left)", words_between(at, closes))
        }
        (Standing::Valid(Some((closes, _))), Which::Captured | Which::Issued) => {
            let when = when.trim_end_matches(')');
            format!("{valid} {when}, {} left)", words_between(at, closes))
        }
        (Standing::Valid(None), _) => format!("{valid} {when}"),
        (Standing::NotYet(opens, _), _) => {
            format!("not yet valid {when}: {} too early", words_between(at, opens))
        }
        (Standing::Expired(closes, _), Which::Now) => {
            format!("expired {} ago", words_between(closes, at))
        }
        (Standing::Expired(closes, _), Which::Captured | Which::Issued) => {
            format!("already expired {when}, {} before", words_between(closes, at))
        }
    }
}

fn second(other: &Moment, valid: &str, judged: Timestamp) -> String {
    let at = other.instant;
    let when = match other.which {
        Which::Now => "judged now".to_owned(),
        Which::Captured => format!("judged when it was captured ({})", of_day(at, Some(judged))),
        Which::Issued => format!("judged when it was issued ({})", of_day(at, Some(judged))),
    };
    let [be, not_be] = match other.which {
        Which::Now => ["be", "not be"],
        Which::Captured | Which::Issued => ["have been", "not have been"],
    };
    let rest = match (other.standing, other.which) {
        (Standing::Valid(None), _) => format!("{be} {valid}"),
        (Standing::Valid(Some((closes, _))), _) => {
            format!("{be} {valid}, with {} left", words_between(at, closes))
        }
        (Standing::NotYet(opens, _), _) => {
            format!("{not_be} valid yet: {} too early", words_between(at, opens))
        }
        (Standing::Expired(closes, _), Which::Now) => {
            format!("have expired {} ago", words_between(closes, at))
        }
        (Standing::Expired(closes, _), Which::Captured | Which::Issued) => {
            format!("have expired {} before", words_between(closes, at))
        }
    };
    format!("{when} it would {rest}")
}

/// The time of the day; with its date when that is another than the one beside it.
fn of_day(instant: Timestamp, beside: Option<Timestamp>) -> String {
    let text = rfc3339(instant);
    let is_other = |other: Timestamp| rfc3339(other).split('T').next() != text.split('T').next();
    match text.split_once('T') {
        Some((_, time)) if !beside.is_some_and(is_other) => time.to_owned(),
        Some(_) | None => text,
    }
}

/// What the capture tells of the browser's clock, beside those of the servers that answered it.
pub(in crate::render) fn clocks(report: &Report) -> Vec<String> {
    let mut known: Vec<(String, ClockDifference)> = Vec::new();
    for sighting in report.parts().provenance.sightings.iter().take(COMPARED) {
        let exchange = &sighting.exchange;
        let (Some(started), Some(date)) = (exchange.started, exchange.date) else { continue };
        let Some(found) = difference(started, exchange.took, date) else { continue };
        let whose = match (sighting.carried, exchange.sent_to.as_deref().and_then(host)) {
            (Carried::Request, Some(host)) => format!("that of {}", safe(host)),
            (Carried::Request | Carried::Answer | Carried::Alone, _) => {
                "that of the server which sent the message".to_owned()
            }
        };
        match known.iter_mut().find(|(other, _)| *other == whose) {
            // Several answers of one server tell more than one of them.
            Some((_, difference)) => *difference = difference.and(found).unwrap_or(*difference),
            None => known.push((whose, found)),
        }
    }
    let told = known.into_iter().filter(|(_, difference)| difference.is_worth_telling());
    told.map(|(whose, difference)| {
        format!("the browser's clock is {} {whose} (its Date header)", difference.says())
    })
    .collect()
}

fn host(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#']).next()
}
