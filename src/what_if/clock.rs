//! Another moment, or more room around it.

use jiff::{SignedDuration, Timestamp};

use super::{Candidate, Case, Change, Tried};
use crate::config::{MOST_SECONDS, PLATFORM_SKEW_SECONDS, PLATFORM_VALIDITY_SECONDS, SpConfig};
use crate::time::rfc3339;
use crate::windows::{Window, WindowKind, common};

/// The moment of the capture, that of the issue, and one inside of every window.
pub(super) fn another_moment(case: &Case<'_>) -> Vec<Candidate> {
    let report = case.report;
    let judged = report.parts().at.instant;
    let captured = report.parts().provenance.captured_at.map(|at| at.instant);
    let issued = report.message().and_then(|message| message.issued());
    let inside = common(report.windows()).0;
    let moments = [
        (captured, "It is the moment of the capture"),
        (issued, "It is the moment at which the message was issued"),
        (inside, "It is a moment at which every time in the message holds"),
    ];
    let moments = moments.into_iter().filter_map(|(instant, which)| Some((instant?, which)));
    let others = moments.filter(|(instant, _)| *instant != judged);
    let offer = |(instant, which): (Timestamp, &str)| Candidate {
        change: Change {
            kind: "judge-at-another-moment",
            setting: "--at",
            from: Some(rfc3339(judged)),
            to: Some(rfc3339(instant)),
            safe: true,
            why: format!(
                "{which}; looking at it then changes no setting, and a login now still fails."
            ),
        },
        tried: Tried::Moment(instant),
    };
    others.map(offer).collect()
}

/// The smallest skew that is enough.
pub(super) fn longer_skew(case: &Case<'_>) -> Vec<Candidate> {
    let needed = |window: &Window, now: Timestamp| {
        let early = window.from.map(|from| seconds(from.duration_since(now), false));
        let has_room = window.kind != WindowKind::Certificate;
        let late = window.until.filter(|_| has_room);
        let late = late.map(|until| seconds(now.duration_since(until), !window.end_included));
        early.max(late)
    };
    let setting = Setting {
        kind: "lengthen-clock-skew",
        key: "clock_skew_seconds",
        platform: PLATFORM_SKEW_SECONDS,
        now: |config| config.clock_skew,
        set: |config, seconds| config.clock_skew = seconds,
    };
    longer(case, &setting, needed)
}

/// The shortest validity that is enough.
pub(super) fn longer_validity(case: &Case<'_>) -> Vec<Candidate> {
    let needed = |window: &Window, now: Timestamp| match window.kind {
        WindowKind::ResponseIssued | WindowKind::AssertionIssued => {
            let from = window.from?;
            Some(seconds(now.duration_since(from) - window.skew_after, false))
        }
        WindowKind::Conditions
        | WindowKind::SubjectConfirmation
        | WindowKind::Session
        | WindowKind::Certificate => None,
    };
    let setting = Setting {
        kind: "lengthen-validity",
        key: "validity_seconds",
        platform: PLATFORM_VALIDITY_SECONDS,
        now: |config| config.validity,
        set: |config, seconds| config.validity = seconds,
    };
    longer(case, &setting, needed)
}

/// A number of seconds in the configuration.
struct Setting {
    kind: &'static str,
    key: &'static str,
    /// The platform's own value.
    platform: i64,
    now: fn(&SpConfig) -> SignedDuration,
    set: fn(&mut SpConfig, SignedDuration),
}

/// Every value that some window needs and that a configuration can have, the smallest first; the judgement tells which is enough.
fn longer(
    case: &Case<'_>,
    setting: &Setting,
    needed: impl Fn(&Window, Timestamp) -> Option<i64>,
) -> Vec<Candidate> {
    let Some(config) = case.config() else { return Vec::new() };
    let now = (setting.now)(config).as_secs();
    let judged = case.report.parts().at.instant;
    let counts = |window: &&Window| window.kind != WindowKind::Session;
    let windows = case.report.windows().iter().filter(counts);
    let mut values: Vec<i64> = windows.filter_map(|window| needed(window, judged)).collect();
    values.retain(|value| (now + 1..=MOST_SECONDS).contains(value));
    values.sort_unstable();
    values.dedup();
    let offer = |value: i64| {
        let safe = value <= setting.platform;
        let platform = setting.platform;
        let why = if safe {
            format!("It is within the {platform} seconds that the platform itself allows.")
        } else {
            format!(
                "The platform allows {platform} seconds, so the login itself would go on failing: set the clock that is wrong instead."
            )
        };
        let change = Change {
            kind: setting.kind,
            setting: setting.key,
            from: Some(now.to_string()),
            to: Some(value.to_string()),
            safe,
            why,
        };
        case.setting(change, |config| (setting.set)(config, SignedDuration::from_secs(value)))
    };
    values.into_iter().filter_map(offer).collect()
}

/// Whole seconds that are at least this long; longer, when `beyond`.
fn seconds(duration: SignedDuration, beyond: bool) -> i64 {
    let whole = duration.as_secs();
    let exact = duration.subsec_nanos() <= 0;
    whole.saturating_add(i64::from(beyond || !exact))
}
