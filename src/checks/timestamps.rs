//! Is the message judged while it is valid?
//!
//! IssueInstant opens the platform's own window: 5 minutes, plus or minus the allowed skew of 3 (platform §3.1). NotBefore and
//! NotOnOrAfter in Conditions must both be there and hold within the skew (saml-core-2.0 §2.5.1.2).

use jiff::{SignedDuration, Timestamp};

use crate::saml::{Assertion, Place, Response, Time};
use crate::time::{after, before, rfc3339};

use super::login_history::{INVALID_FORMAT, INVALID_TIMESTAMP};
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "timestamps-missing",
    line: Wording::Ours("A required time is missing"),
    cause: "The identity provider's template leaves it out.",
    fix_sp: "Nothing: the platform asks for IssueInstant, NotBefore and NotOnOrAfter.",
    fix_idp: "Send IssueInstant, and NotBefore and NotOnOrAfter in Conditions.",
    history: Some(&INVALID_FORMAT),
};
static MALFORMED: Code = Code {
    id: "timestamps-malformed",
    line: Wording::Ours("A time is not an xs:dateTime"),
    cause: "A locale's date format in a template, or a field that was never filled.",
    fix_sp: "Nothing: times must be written as the specification says.",
    fix_idp: "Write times as 2026-01-15T10:00:00Z.",
    history: Some(&INVALID_FORMAT),
};
static ISSUED_LATER: Code = Code {
    id: "timestamps-issued-in-future",
    line: Wording::Ours(
        "Timestamp of the response is outside of allowed time window: issued in the future",
    ),
    cause: "The identity provider's clock is ahead, or ours is behind.",
    fix_sp: "Check the moment that is judged (--at); an old capture is judged with its own time.",
    fix_idp: "Synchronise the identity provider's clock (NTP).",
    history: Some(&INVALID_TIMESTAMP),
};
static ISSUED_EARLIER: Code = Code {
    id: "timestamps-issued-too-long-ago",
    line: Wording::Ours(
        "Timestamp of the response is outside of allowed time window: issued too long ago",
    ),
    cause: "The message is judged later than it was sent, the user took long, or the identity provider's clock is behind.",
    fix_sp: "Judge an old capture at its own time: --at issued, or --at with the time of the login.",
    fix_idp: "Synchronise the identity provider's clock (NTP).",
    history: Some(&INVALID_TIMESTAMP),
};
static NOT_YET_VALID: Code = Code {
    id: "timestamps-not-yet-valid",
    line: Wording::Ours("Current time is before notBefore in Conditions"),
    cause: "The identity provider's clock is ahead.",
    fix_sp: "Check the moment that is judged (--at).",
    fix_idp: "Synchronise the identity provider's clock (NTP).",
    history: Some(&INVALID_TIMESTAMP),
};
static EXPIRED: Code = Code {
    id: "timestamps-expired",
    line: Wording::Ours("Current time is after notOnOrAfter in Conditions"),
    cause: "The message is judged after it expired, the validity is very short, or a clock is wrong.",
    fix_sp: "Judge an old capture at its own time: --at issued, or --at with the time of the login.",
    fix_idp: "Synchronise the clock; give assertions a validity of about five minutes.",
    history: Some(&INVALID_TIMESTAMP),
};

pub(super) const CHECK: Check = Check {
    id: "timestamps",
    number: Some(4),
    title: "Checking that the timestamps in the assertion are valid",
    clause: "saml-core-2.0 §2.5.1.2, §1.3.3",
    asks: "Was the message issued at most 5 minutes ago, and do the Conditions cover the judged moment, each give or take 3 minutes?",
    passes: "Ok",
    failures: &[&MISSING, &MALFORMED, &ISSUED_LATER, &ISSUED_EARLIER, &NOT_YET_VALID, &EXPIRED],
    run: Run::Both { whole: run, around },
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let mut failures =
        cx.view.message().response().map(|response| around(response, cx)).unwrap_or_default();
    let what = "IssueInstant of the Assertion";
    issued(what, assertion.issue_instant.as_ref(), assertion.at, cx, &mut failures);
    let Some(conditions) = &assertion.conditions else { return failures.into() };
    let (skew, now, at) = (cx.config.clock_skew, cx.now, conditions.at);
    let what = "NotBefore in Conditions";
    if let Some((from, text)) = read(what, conditions.not_before.as_ref(), at, &mut failures) {
        let opens = before(from, skew);
        if now < opens {
            failures.push(outside(&NOT_YET_VALID, what, text, at, (">=", opens), now));
        }
    }
    let what = "NotOnOrAfter in Conditions";
    if let Some((until, text)) = read(what, conditions.not_on_or_after.as_ref(), at, &mut failures)
    {
        let closes = after(until, skew);
        if now >= closes {
            failures.push(outside(&EXPIRED, what, text, at, ("<", closes), now));
        }
    }
    failures.into()
}

fn around(response: &Response, cx: &Context<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let what = "IssueInstant of the Response";
    issued(what, response.issue_instant.as_ref(), response.at, cx, &mut failures);
    failures
}

/// The platform's window around IssueInstant: `T - skew <= now <= T + validity + skew`.
fn issued(
    what: &'static str,
    time: Option<&Time>,
    at: Place,
    cx: &Context<'_>,
    failures: &mut Vec<Failure>,
) {
    let Some((issued, text)) = read(what, time, at, failures) else { return };
    let skew = cx.config.clock_skew;
    let allowed = cx.config.validity.checked_add(skew).unwrap_or(SignedDuration::MAX);
    let (opens, closes) = (before(issued, skew), after(issued, allowed));
    if cx.now < opens {
        failures.push(outside(&ISSUED_LATER, what, text, at, (">=", opens), cx.now));
    } else if cx.now > closes {
        failures.push(outside(&ISSUED_EARLIER, what, text, at, ("<=", closes), cx.now));
    }
}

/// A required time, or the failure that there is none.
fn read<'t>(
    what: &'static str,
    time: Option<&'t Time>,
    at: Place,
    failures: &mut Vec<Failure>,
) -> Option<(Timestamp, &'t str)> {
    let Some(time) = time else {
        failures.push(MISSING.failure().what(what).expected("a time").at(at));
        return None;
    };
    match &time.parsed {
        Ok(parsed) => Some((parsed.instant, &time.text)),
        Err(error) => {
            let found = format!("{} ({error})", time.text);
            let expected = "a time like 2026-01-15T10:00:00Z";
            failures.push(MALFORMED.failure().what(what).expected(expected).found(found).at(at));
            None
        }
    }
}

/// Both sides of a window: the limit with the skew in it, and the judged moment beside the time as written.
fn outside(
    code: &'static Code,
    what: &'static str,
    written: &str,
    at: Place,
    (relation, limit): (&str, Timestamp),
    now: Timestamp,
) -> Failure {
    code.failure()
        .what(what)
        .expected(format!("now {relation} {} (allowed skew included)", rfc3339(limit)))
        .found(format!("now = {}", rfc3339(now)))
        .found(format!("{what} = {written}"))
        .at(at)
}

#[cfg(test)]
mod tests {
    use crate::checks::Outcome;
    use crate::checks::fixture::{ASSERTION, Case};

    const CONDITIONS: &str = "/samlp:Response/saml:Assertion/saml:Conditions";

    /// The usual message with Conditions that hold all day, so that only IssueInstant decides.
    fn issued() -> Case {
        Case::usual().message(|response| {
            let conditions = response.assertion().conditions();
            conditions.not_before = Some("2026-01-15T00:00:00Z".to_owned());
            conditions.not_on_or_after = Some("2026-01-16T00:00:00Z".to_owned());
        })
    }

    /// A message issued at `instant`, with Conditions from 10:00 to 10:05.
    fn conditions(from: &str, until: &str) -> Case {
        Case::usual().message(|response| {
            let conditions = response.assertion().conditions();
            conditions.not_before = Some(format!("2026-01-15T{from}Z"));
            conditions.not_on_or_after = Some(format!("2026-01-15T{until}Z"));
        })
    }

    fn codes(case: &Case) -> Vec<String> {
        case.told("timestamps").into_iter().map(|[code, ..]| code).collect()
    }

    #[test]
    fn the_window_around_issue_instant_includes_both_of_its_ends() {
        for time in ["09:57:00", "10:00:00", "10:08:00"] {
            issued().at(time).passes("timestamps");
        }
        for time in ["09:56:59", "09:56:59.999999999"] {
            assert_eq!(codes(&issued().at(time)), ["timestamps-issued-in-future"; 2], "{time}");
        }
        for time in ["10:08:01", "10:08:00.000000001"] {
            assert_eq!(codes(&issued().at(time)), ["timestamps-issued-too-long-ago"; 2], "{time}");
        }
    }

    #[test]
    fn not_before_is_included_and_not_on_or_after_is_not() {
        let case = || conditions("09:59:30", "10:00:30");
        assert_eq!(codes(&conditions("10:01:00", "10:05:00").at("09:58:00")), [""; 0]);
        let early = conditions("10:01:00", "10:05:00").at("09:57:59");
        early.fails(
            "timestamps",
            [
                "timestamps-not-yet-valid",
                "now >= 2026-01-15T09:58:00Z (allowed skew included)",
                "now = 2026-01-15T09:57:59Z | NotBefore in Conditions = 2026-01-15T10:01:00Z",
                CONDITIONS,
            ],
        );
        assert_eq!(codes(&case().at("10:03:29.999999999")), [""; 0]);
        case().at("10:03:30").fails(
            "timestamps",
            [
                "timestamps-expired",
                "now < 2026-01-15T10:03:30Z (allowed skew included)",
                "now = 2026-01-15T10:03:30Z | NotOnOrAfter in Conditions = 2026-01-15T10:00:30Z",
                CONDITIONS,
            ],
        );
    }

    #[test]
    fn response_and_assertion_are_each_held_against_the_window() {
        let case = issued().message(|r| r.issue_instant = Some("2026-01-15T09:50:00Z".to_owned()));
        case.fails(
            "timestamps",
            [
                "timestamps-issued-too-long-ago",
                "now <= 2026-01-15T09:58:00Z (allowed skew included)",
                "now = 2026-01-15T10:01:00Z | IssueInstant of the Response = 2026-01-15T09:50:00Z",
                "/samlp:Response",
            ],
        );
        let case = issued()
            .message(|r| r.assertion().issue_instant = Some("2026-01-15T10:04:01Z".to_owned()));
        case.fails(
            "timestamps",
            [
                "timestamps-issued-in-future",
                "now >= 2026-01-15T10:01:01Z (allowed skew included)",
                "now = 2026-01-15T10:01:00Z | IssueInstant of the Assertion = 2026-01-15T10:04:01Z",
                ASSERTION,
            ],
        );
    }

    #[test]
    fn skew_and_validity_are_the_configurations() {
        let strict = || {
            issued().config(|config| {
                config.clock_skew = jiff::SignedDuration::ZERO;
                config.validity = jiff::SignedDuration::from_secs(60);
            })
        };
        assert_eq!(strict().at("10:01:00").outcome("timestamps"), Outcome::Ok);
        assert_eq!(codes(&strict().at("10:01:01")), ["timestamps-issued-too-long-ago"; 2]);
        assert_eq!(codes(&strict().at("09:59:59")), ["timestamps-issued-in-future"; 2]);
    }

    #[test]
    fn a_time_with_an_offset_is_the_same_instant() {
        let case = Case::usual().message(|response| {
            let conditions = response.assertion().conditions();
            conditions.not_on_or_after = Some("2026-01-15T12:05:00.000000000+02:00".to_owned());
            response.issue_instant = Some("2026-01-15T05:00:00-05:00".to_owned());
        });
        case.is_accepted();
    }

    #[test]
    fn every_time_that_is_missing_is_named() {
        let case = Case::usual().message(|response| {
            response.issue_instant = None;
            response.assertion().issue_instant = None;
            response.assertion().conditions().not_before = None;
            response.assertion().conditions().not_on_or_after = None;
        });
        let report = case.report();
        let failures = crate::checks::fixture::outcome(&report, "timestamps").failures();
        let whats: Vec<_> = failures.iter().map(|failure| failure.what.unwrap()).collect();
        assert_eq!(
            whats,
            [
                "IssueInstant of the Response",
                "IssueInstant of the Assertion",
                "NotBefore in Conditions",
                "NotOnOrAfter in Conditions",
            ]
        );
        let missing = |at: &str| ["timestamps-missing", "a time", "", at].map(str::to_owned);
        let expected = ["/samlp:Response", ASSERTION, CONDITIONS, CONDITIONS].map(missing);
        assert_eq!(case.told("timestamps"), expected);
        assert!(!report.is_accepted());
    }

    #[test]
    fn a_time_that_is_none_is_shown_as_it_stands() {
        let case = Case::usual().message(|r| {
            r.assertion().conditions().not_before = Some("15.01.2026 10:00".to_owned());
        });
        let told = case.told("timestamps");
        let [[code, expected, found, at]] = &told[..] else { panic!("{told:?}") };
        assert_eq!(code, "timestamps-malformed");
        assert_eq!(expected, "a time like 2026-01-15T10:00:00Z");
        assert!(found.starts_with("15.01.2026 10:00 ("), "{found}");
        assert_eq!(at, CONDITIONS);
    }

    #[test]
    fn times_at_the_end_of_the_calendar_are_judged_without_a_panic() {
        for (time, code) in [
            ("9999-12-30T00:00:00Z", "timestamps-issued-in-future"),
            ("0001-01-01T00:00:00Z", "timestamps-issued-too-long-ago"),
            ("-9999-01-03T00:00:00Z", "timestamps-issued-too-long-ago"),
            ("99999-01-01T00:00:00Z", "timestamps-malformed"),
            ("", "timestamps-malformed"),
        ] {
            let case = issued().message(|r| r.assertion().issue_instant = Some(time.to_owned()));
            case.fails_with("timestamps", &[code]);
        }
    }

    #[test]
    fn without_conditions_only_issue_instant_is_judged() {
        Case::usual().message(|r| r.assertion().conditions = None).passes("timestamps");
    }
}
