//! Do only times fail? Then somebody looks at an old message, a clock is wrong, or the login took long.
//!
//! A capture can tell these apart: a server that answers writes its time in `Date`, while the browser waits (RFC 9110 §6.6.1).

use jiff::{SignedDuration, Timestamp};

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When, clock_course};
use crate::input::CaptureClock;
use crate::report::JudgedBy;
use crate::saml::{Assertion, Time};
use crate::time::{after, words_between};
use crate::windows::{ClockDifference, difference, standing};

static LATE: Cause = Cause {
    code: "looked-at-late",
    title: "You are looking at it late",
    says: "The message was valid when it was issued; it only looks expired because it is judged {later} after that.",
    fix_sp: "Nothing is wrong with the times. Judge it at the moment of the login: --at issued.",
    fix_idp: "Nothing.",
    confidence: Confidence::Proven,
};
pub(super) static AHEAD: Cause = Cause {
    code: "idp-clock-ahead",
    title: "The identity provider's clock is ahead",
    says: "The message says that it was issued {ahead by} after the moment of the login: the identity provider's clock is ahead by about that.",
    fix_sp: "Nothing, if the moment that was judged at is right; a larger skew only hides it.",
    fix_idp: "Set the server's clock by NTP, and check its time zone.",
    confidence: Confidence::Likely,
};
pub(super) static BEHIND: Cause = Cause {
    code: "idp-clock-behind",
    title: "The identity provider's clock is behind, or the login took too long",
    says: "The message had expired when it arrived: it was issued {late by} before the moment of the login. The identity provider's clock is behind, or the user waited.",
    fix_sp: "Try again from the beginning, without a bookmark or the back button. If you judge an old message, use --at issued.",
    fix_idp: "Set the server's clock by NTP, and check its time zone and how long its assertions are valid.",
    confidence: Confidence::Likely,
};
static MEASURED_BEHIND: Cause = Cause {
    code: "idp-clock-measured-behind",
    title: "The identity provider's clock is behind",
    says: "The message had expired when it arrived, and the capture shows why: the identity provider's clock is {late by} behind.",
    fix_sp: "Nothing; a larger skew only hides it.",
    fix_idp: "Set the server's clock by NTP, and check its time zone.",
    confidence: Confidence::Likely,
};
static SLOW: Cause = Cause {
    code: "login-took-too-long",
    title: "The login took too long",
    says: "The message was issued {late by} before it was delivered, and the identity provider's clock is right: the user waited, or an old page was posted again.",
    fix_sp: "Try again from the beginning, without a bookmark or the back button.",
    fix_idp: "Nothing is wrong with its clock; check how long its assertions are valid, and that its pages are not kept by a browser or a proxy.",
    confidence: Confidence::Likely,
};
static WRITTEN: Cause = Cause {
    code: "idp-time-written-wrong",
    title: "The identity provider writes a wrong time",
    says: "The message says that it was issued {ahead by} after the moment of the login, while the clock of the identity provider's server is right.",
    fix_sp: "Nothing.",
    fix_idp: "Look at how the time is written: local time marked as UTC (Z) is the usual cause, or the application runs on another machine than the server that answers.",
    confidence: Confidence::Likely,
};
static BROWSER: Cause = Cause {
    code: "browser-clock-wrong",
    title: "Only the browser's clock is wrong",
    says: "The moment of the capture is by the browser's clock, which is {off} the receiver's; by the receiver's clock every time in the message holds.",
    fix_sp: "Nothing is wrong with the login. Judge it by the receiver's clock: --at with the time shown here.",
    fix_idp: "Nothing.",
    confidence: Confidence::Likely,
};
static NEVER: Cause = Cause {
    code: "never-valid",
    title: "The message was not valid at any moment",
    says: "The times in the message leave no moment at which all of them hold: it expires before it begins, or before it was issued.",
    fix_sp: "Nothing: no moment of judging would help.",
    fix_idp: "Correct the lifetime of assertions for this application; a few minutes are usual.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "clock",
    title: "Times",
    explains: &["timestamps", "subject-confirmation"],
    causes: &[
        &LATE,
        &AHEAD,
        &BEHIND,
        &MEASURED_BEHIND,
        &SLOW,
        &WRITTEN,
        &BROWSER,
        &NEVER,
        &clock_course::STEADY,
        &clock_course::SCATTERED,
    ],
    when: When::Unexplained,
    run,
};

/// Failures of time that a late look or a clock can cause.
const TOO_LATE: [&str; 3] =
    ["timestamps-issued-too-long-ago", "timestamps-expired", "subject-confirmation-expired"];
const TOO_EARLY: [&str; 2] = ["timestamps-issued-in-future", "timestamps-not-yet-valid"];

/// Beyond this a message that was judged at a given moment is an old one. Choice: 1 hour; clocks are hardly ever off by more.
const LOOKED_AT_LATE: SignedDuration = SignedDuration::from_hours(1);

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    diagnosed(case).into_iter().collect()
}

fn diagnosed(case: &Case<'_>) -> Option<Diagnosis> {
    let assertion = case.report.message()?.assertion()?;
    let all: Vec<&str> = case.failures().map(|(_, failure)| failure.code.id).collect();
    let now = case.judged_at();
    let issued = instant(assertion.issue_instant.as_ref())?;
    let conditions = assertion.conditions.as_ref();
    let begin = conditions.and_then(|conditions| instant(conditions.not_before.as_ref()));
    let from = issued.max(begin.unwrap_or(issued));
    let end = end(assertion);
    let mut evidence = vec![Evidence::time("issued", issued), Evidence::time("judged at", now)];
    evidence.extend(end.map(|end| Evidence::time("valid until", end)));
    evidence.extend(case.capture.idp_date.map(|date| Evidence::time("its clock said", date)));
    let early = all.iter().any(|code| TOO_EARLY.contains(code));
    let late = all.iter().any(|code| TOO_LATE.contains(code));
    let skew = case.config()?.clock_skew;
    if end.is_some_and(|end| after(end, skew) <= from) {
        return Some(NEVER.diagnosis(evidence));
    }
    if !early && !late {
        return None;
    }
    if let Some(browser) = browser_alone(case) {
        evidence.splice(0..0, browser);
        return Some(BROWSER.diagnosis(evidence));
    }
    let measured = measured(case, issued);
    evidence.extend(measured.as_ref().map(Measured::evidence));
    if early {
        let (cause, by) = match &measured {
            Some(measured) if measured.is_ahead() => (&AHEAD, measured.difference.words()),
            // What only the time in the message says does not tell a clock from a time that is written wrong.
            Some(measured) if measured.by_date => (&WRITTEN, words_between(now, from)),
            Some(_) | None => (&AHEAD, words_between(now, from)),
        };
        evidence.insert(0, Evidence::new("ahead by", by));
        return Some(cause.diagnosis(evidence));
    }
    let captured = matches!(case.report.parts().at.by, JudgedBy::Capture(_));
    let is_given = case.report.parts().at.by == JudgedBy::Given;
    let words = words_between(issued, now);
    if captured || (is_given && now.duration_since(issued) <= LOOKED_AT_LATE) {
        let (cause, by) = match &measured {
            Some(measured) if measured.is_behind() => {
                (&MEASURED_BEHIND, measured.difference.words())
            }
            Some(_) => (&SLOW, words),
            None => (&BEHIND, words),
        };
        evidence.insert(0, Evidence::new("late by", by));
        return Some(cause.diagnosis(evidence));
    }
    let is_time = |code: &&&str| TOO_LATE.contains(code) || TOO_EARLY.contains(code);
    let only_times = all.iter().filter(is_time).count() == all.len();
    let confidence = if only_times { Confidence::Proven } else { Confidence::Likely };
    evidence.insert(0, Evidence::new("later", words));
    Some(LATE.diagnosis(evidence).confidence(confidence))
}

/// An instant of the message, when it can be read.
pub(super) fn instant(time: Option<&Time>) -> Option<Timestamp> {
    Some(time?.parsed.as_ref().ok()?.instant)
}

/// The first end that the message sets itself.
fn end(assertion: &Assertion) -> Option<Timestamp> {
    let conditions = assertion.conditions.iter();
    let conditions = conditions.map(|conditions| conditions.not_on_or_after.as_ref());
    let data = assertion.confirmations().filter_map(|confirmation| confirmation.data.as_ref());
    let ends = conditions.chain(data.map(|data| data.not_on_or_after.as_ref()));
    ends.filter_map(instant).min()
}

/// Whether everything holds by the receiver's clock, while the browser's, which judged, is off.
fn browser_alone(case: &Case<'_>) -> Option<[Evidence; 2]> {
    if case.report.parts().at.by != JudgedBy::Capture(CaptureClock::HarStarted) {
        return None;
    }
    let receiver = case.capture.receiver_clock.filter(|clock| clock.is_worth_telling())?;
    let there = after(case.judged_at(), receiver.ahead);
    let holds = standing(case.report.windows(), there)?.is_valid();
    let evidence =
        || [Evidence::new("off", receiver.says()), Evidence::time("the receiver's time", there)];
    holds.then(evidence)
}

/// By how much the identity provider's clock is ahead, as a capture shows it.
struct Measured {
    difference: ClockDifference,
    /// Whether a `Date` header tells it, and not the IssueInstant alone.
    by_date: bool,
    /// Whose clock it is compared with.
    with: &'static str,
}

/// Held against the receiver's clock where that is known, for that one judges; else against the browser's.
fn measured(case: &Case<'_>, issued: Timestamp) -> Option<Measured> {
    let by_date = case.capture.idp_clock;
    let by_issue = case.capture.answered;
    let by_issue = by_issue.and_then(|(started, took)| difference(started, took, issued));
    // Both are written while the browser waits; where they contradict each other the message was written earlier.
    let both = by_date.zip(by_issue).and_then(|(date, issue)| date.and(issue));
    let difference = both.or(by_date).or(by_issue)?;
    let receiver = case.capture.receiver_clock.and_then(|receiver| {
        let ahead = difference.ahead.checked_sub(receiver.ahead)?;
        let error = difference.error.checked_add(receiver.error)?;
        Some(ClockDifference { ahead, error })
    });
    let with = if receiver.is_some() { "the receiver's" } else { "the browser's" };
    let difference = receiver.unwrap_or(difference);
    Some(Measured { difference, by_date: by_date.is_some(), with })
}

impl Measured {
    fn is_ahead(&self) -> bool {
        self.difference.is_worth_telling() && !self.difference.ahead.is_negative()
    }

    fn is_behind(&self) -> bool {
        self.difference.is_worth_telling() && self.difference.ahead.is_negative()
    }

    fn evidence(&self) -> Evidence {
        let side = if self.difference.ahead.is_negative() { "behind" } else { "ahead of" };
        let (words, with) = (self.difference.words(), self.with);
        Evidence::new("measured", format!("its clock is {words} {side} {with}"))
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
