//! Windows as data, what an instant means to them, two moments compared, clocks, and the axis.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::checks::fixture::{Case, usual_day};

const MINUTE: SignedDuration = SignedDuration::from_secs(60);

fn at(time: &str) -> Timestamp {
    usual_day(time)
}

fn window(kind: WindowKind, from: Option<&str>, until: Option<&str>) -> Window {
    Window {
        kind,
        from: from.map(at),
        until: until.map(at),
        end_included: false,
        skew_before: MINUTE,
        skew_after: MINUTE,
        counts: true,
        at: None,
    }
}

fn told(windows: &[Window]) -> Vec<(&'static str, bool, String, String)> {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    windows.iter().map(|w| (w.kind.id(), w.counts, text(w.opens()), text(w.closes()))).collect()
}

#[test]
fn the_usual_message_has_every_window() {
    let report = Case::usual().report();
    let expected = [
        ("response-issued", true, "2026-01-15T09:57:00Z", "2026-01-15T10:08:00Z"),
        ("assertion-issued", true, "2026-01-15T09:57:00Z", "2026-01-15T10:08:00Z"),
        ("conditions", true, "2026-01-15T09:56:30Z", "2026-01-15T10:08:00Z"),
        ("subject-confirmation", true, "", "2026-01-15T10:08:00Z"),
        ("session", false, "", "2026-01-15T18:00:00Z"),
        ("certificate", true, "2023-12-31T23:57:00Z", "2033-12-31T23:59:59Z"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(id, counts, from, until)| (*id, *counts, (*from).to_owned(), (*until).to_owned()))
        .collect();
    assert_eq!(told(report.windows()), expected);
    assert_eq!(common(report.windows()), (Some(at("09:57:00")), Some(at("10:08:00"))));
}

#[test]
fn what_the_windows_say_of_a_moment_is_what_the_checks_say() {
    let checks = ["timestamps", "subject-confirmation", "signature"];
    for time in ["09:56:29", "09:56:59", "09:57:00", "10:07:59.999", "10:08:00", "10:08:01"] {
        let report = Case::usual().at(time).report();
        let standing = standing(report.windows(), at(time)).unwrap();
        let passes = report.failed().all(|line| !checks.contains(&line.check.id));
        assert_eq!(standing.is_valid(), passes, "{time}: {standing:?}");
    }
}

#[test]
fn an_end_that_is_included_still_holds_and_one_that_is_not_does_not() {
    let excluded = window(WindowKind::Conditions, Some("10:00:00"), Some("10:05:00"));
    assert_eq!(excluded.state(at("09:58:59.999")), State::NotYet);
    assert_eq!(excluded.state(at("09:59:00")), State::Holds);
    assert_eq!(excluded.state(at("10:05:59.999")), State::Holds);
    assert_eq!(excluded.state(at("10:06:00")), State::Over);
    let included = Window { end_included: true, ..excluded };
    assert_eq!(included.state(at("10:06:00")), State::Holds);
    assert_eq!(included.state(at("10:06:00.001")), State::Over);
}

#[test]
fn a_window_without_limits_always_holds() {
    let always = window(WindowKind::Session, None, None);
    assert_eq!(always.state(Timestamp::MIN), State::Holds);
    assert_eq!(always.state(Timestamp::MAX), State::Holds);
    assert_eq!(standing(&[always], at("10:00:00")), Some(Standing::Valid(None)));
    assert_eq!(standing(&[], at("10:00:00")), None);
}

#[test]
fn the_first_to_close_and_the_last_to_open_decide() {
    let windows = [
        window(WindowKind::Conditions, Some("10:00:00"), Some("10:05:00")),
        window(WindowKind::SubjectConfirmation, None, Some("10:03:00")),
        window(WindowKind::AssertionIssued, Some("10:02:00"), Some("10:30:00")),
        Window { counts: false, ..window(WindowKind::Session, None, Some("09:00:00")) },
    ];
    let stands = |time| standing(&windows, at(time)).unwrap();
    let issued = WindowKind::AssertionIssued;
    assert_eq!(stands("10:00:00"), Standing::NotYet(at("10:01:00"), issued));
    let confirmation = WindowKind::SubjectConfirmation;
    assert_eq!(stands("10:01:00"), Standing::Valid(Some((at("10:04:00"), confirmation))));
    assert_eq!(stands("10:20:00"), Standing::Expired(at("10:04:00"), confirmation));
}

#[test]
fn of_several_bearer_confirmations_the_one_for_us_counts() {
    let case = Case::usual().message(|response| {
        let subject = response.assertion().subject.as_mut().unwrap();
        let mut other = subject.confirmations[0].clone();
        other.recipient = Some("https://other.example".to_owned());
        other.not_on_or_after = Some("2026-01-15T12:00:00Z".to_owned());
        subject.confirmations.insert(0, other);
    });
    let report = case.report();
    let confirmations = report.windows().iter();
    let confirmations = confirmations.filter(|w| w.kind == WindowKind::SubjectConfirmation);
    let counting: Vec<bool> = confirmations.map(|window| window.counts).collect();
    assert_eq!(counting, [false, true]);
}

#[test]
fn times_at_the_end_of_the_calendar_make_windows_without_a_panic() {
    for time in ["9999-12-31T23:59:59Z", "-9999-01-03T00:00:00Z", "nonsense"] {
        let case = Case::usual().message(|response| {
            response.issue_instant = Some(time.to_owned());
            response.assertion().conditions().not_on_or_after = Some(time.to_owned());
        });
        let report = case.report();
        let moments = [Timestamp::MIN, Timestamp::MAX];
        let axis = Axis::of(report.windows(), &moments, 40).unwrap();
        for moment in moments {
            assert_ne!(axis.spot(moment), Spot::At(20), "{time}");
            assert!(standing(report.windows(), moment).is_some(), "{time}");
        }
    }
}

#[test]
fn two_moments_that_agree_do_not_differ() {
    let windows = [window(WindowKind::Conditions, Some("10:00:00"), Some("10:05:00"))];
    let compared = |judged, other| {
        let other = Some((Which::Now, at(other)));
        comparison(&windows, (Which::Captured, at(judged)), other).unwrap().differs()
    };
    assert!(!compared("10:00:00", "10:01:00"));
    assert!(compared("10:00:00", "10:09:00"));
    assert!(!compared("10:08:00", "10:09:00"));
    assert_eq!(comparison(&[], (Which::Now, at("10:00:00")), None), None);
}

#[test]
fn clocks_are_compared_within_the_bounds_of_what_can_be_known() {
    let said = |date: &str, took: Option<i64>| {
        let took = took.map(SignedDuration::from_millis);
        let found = difference(at("10:00:00.500"), took, at(date)).unwrap();
        found.is_worth_telling().then(|| found.says())
    };
    assert_eq!(said("10:00:00", Some(200)), None);
    assert_eq!(said("10:00:03", Some(200)), None, "a few seconds are no news");
    assert_eq!(said("10:00:42", Some(200)).unwrap(), "42 s ± 1 s behind");
    assert_eq!(said("09:58:00", Some(200)).unwrap(), "2 min ± 1 s ahead of");
    assert_eq!(said("10:00:08", Some(9_000)), None, "the answer took that long");
    assert_eq!(said("10:00:30", None).unwrap(), "30 s ± 1 s behind");
    let one = difference(at("10:00:00.500"), None, at("10:00:42")).unwrap();
    let two = difference(at("10:00:02.450"), None, at("10:00:43")).unwrap();
    let both = one.and(two).unwrap();
    assert!(both.error < one.error && both.error < two.error);
    let later = difference(at("10:00:02.450"), None, at("10:05:00")).unwrap();
    assert_eq!(one.and(later), None, "the clock was set meanwhile");
    let far = difference(Timestamp::MIN, Some(SignedDuration::MAX), Timestamp::MAX);
    assert!(far.is_none_or(|far| !far.is_worth_telling()));
}

#[test]
fn near_moments_are_drawn_to_scale_and_far_ones_behind_a_break() {
    let windows = [
        window(WindowKind::Conditions, Some("10:00:00"), Some("10:05:00")),
        window(WindowKind::Certificate, Some("00:00:00"), Some("23:00:00")),
    ];
    let near = Axis::of(&windows[..1], &[at("10:30:00")], 40).unwrap();
    assert_eq!((near.from, near.until), (at("09:59:00"), at("10:30:00")));
    assert_eq!((near.is_broken_before, near.is_broken_after), (false, false));
    assert_eq!(near.spot(at("09:59:00")), Spot::At(0));
    assert_eq!(near.spot(at("10:30:00")), Spot::At(39));
    let far = Axis::of(&windows, &[at("22:00:00")], 40).unwrap();
    assert_eq!((far.from, far.until), (at("09:59:00"), at("10:06:00")));
    assert_eq!(far.scale(), (BEYOND, 36));
    assert_eq!(far.spot(at("09:59:00")), Spot::At(BEYOND));
    assert_eq!(far.spot(at("10:06:00")), Spot::At(36));
    assert_eq!((far.spot(at("00:00:00")), far.spot(at("22:00:00"))), (Spot::Before, Spot::After));
}

#[test]
fn one_moment_is_no_axis() {
    assert_eq!(Axis::of(&[], &[at("10:00:00")], 40), None);
    assert_eq!(Axis::of(&[], &[], 40), None);
    let years = window(WindowKind::Certificate, Some("00:00:00"), Some("23:00:00"));
    let axis = Axis::of(&[years], &[], 40).unwrap();
    assert_eq!((axis.is_broken_before, axis.is_broken_after), (false, false));
}
