//! Do only times fail? Then either somebody looks at an old message, or a clock is wrong.

use jiff::{SignedDuration, Timestamp};

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::report::JudgedBy;
use crate::saml::Time;
use crate::time::words_between;

static LATE: Cause = Cause {
    code: "looked-at-late",
    title: "You are looking at it late",
    says: "The message was valid when it was issued; it only looks expired because it is judged {later} after that.",
    fix_sp: "Nothing is wrong with the times. Judge it at the moment of the login: --at issued.",
    fix_idp: "Nothing.",
    confidence: Confidence::Proven,
};
static AHEAD: Cause = Cause {
    code: "idp-clock-ahead",
    title: "The identity provider's clock is ahead",
    says: "The message says that it was issued {ahead by} after the moment of the login: the identity provider's clock is ahead by about that.",
    fix_sp: "Nothing, if the moment that was judged at is right; a larger skew only hides it.",
    fix_idp: "Set the server's clock by NTP, and check its time zone.",
    confidence: Confidence::Likely,
};
static BEHIND: Cause = Cause {
    code: "idp-clock-behind",
    title: "The identity provider's clock is behind, or the login took too long",
    says: "The message had expired when it arrived: it was issued {late by} before the moment of the login. The identity provider's clock is behind, or the user waited.",
    fix_sp: "Try again from the beginning, without a bookmark or the back button. If you judge an old message, use --at issued.",
    fix_idp: "Set the server's clock by NTP, and check its time zone and how long its assertions are valid.",
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
    causes: &[&LATE, &AHEAD, &BEHIND, &NEVER],
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
    let mut codes = case.failures().map(|(_, failure)| failure.code.id);
    let all: Vec<&str> = codes.by_ref().collect();
    let now = case.judged_at();
    let instant = |time: &Option<Time>| Some(time.as_ref()?.parsed.as_ref().ok()?.instant);
    let issued = instant(&assertion.issue_instant)?;
    let is_time = |code: &&&str| TOO_LATE.contains(code) || TOO_EARLY.contains(code);
    let ends =
        assertion.conditions.iter().map(|conditions| instant(&conditions.not_on_or_after)).chain(
            assertion
                .confirmations()
                .filter_map(|c| c.data.as_ref())
                .map(|d| instant(&d.not_on_or_after)),
        );
    let end = ends.flatten().min();
    let begin = assertion.conditions.as_ref().and_then(|c| instant(&c.not_before));
    let mut evidence = vec![Evidence::time("issued", issued), Evidence::time("judged at", now)];
    evidence.extend(end.map(|end| Evidence::time("valid until", end)));
    evidence.extend(case.capture.idp_date.map(|date| Evidence::time("its clock said", date)));
    let early = all.iter().any(|code| TOO_EARLY.contains(code));
    let late = all.iter().any(|code| TOO_LATE.contains(code));
    let skew = case.config()?.clock_skew;
    let widened = |end: Timestamp| crate::time::after(end, skew);
    if end.is_some_and(|end| widened(end) <= issued.max(begin.unwrap_or(issued))) {
        return Some(NEVER.diagnosis(evidence));
    }
    if early {
        let from = issued.max(begin.unwrap_or(issued));
        evidence.insert(0, Evidence::new("ahead by", words_between(now, from)));
        return Some(AHEAD.diagnosis(evidence));
    }
    if !late {
        return None;
    }
    let age = now.duration_since(issued);
    let captured = matches!(case.report.parts().at.by, JudgedBy::Capture(_));
    let is_given = case.report.parts().at.by == JudgedBy::Given;
    let words = words_between(issued, now);
    if captured || (is_given && age <= LOOKED_AT_LATE) {
        evidence.insert(0, Evidence::new("late by", words));
        return Some(BEHIND.diagnosis(evidence));
    }
    let only_times = all.iter().filter(is_time).count() == all.len();
    let confidence = if only_times { Confidence::Proven } else { Confidence::Likely };
    evidence.insert(0, Evidence::new("later", words));
    Some(LATE.diagnosis(evidence).confidence(confidence))
}
