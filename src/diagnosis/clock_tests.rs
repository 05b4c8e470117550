//! Clocks in the future and in the past, by themselves and with what a capture measures.

use jiff::{SignedDuration, Timestamp};

use crate::checks::fixture::{Case, usual_day};
use crate::config::Configuration;
use crate::crypto::EngineChoice;
use crate::diagnosis::ClockCourse;
use crate::input::{self, CaptureClock, CapturedAt, Carried, Exchange, Sighting};
use crate::limits::Limits;
use crate::report::Report;
use crate::validate::{At, Options, validate_captured};

/// A login in a browser's capture: when it asked the identity provider and what that one's `Date` said, when it posted and what the receiver's said.
struct Login {
    asked: &'static str,
    idp_date: Option<&'static str>,
    posted: &'static str,
    receiver_date: Option<&'static str>,
}

fn sighting(carried: Carried, started: &str, date: Option<&str>) -> Sighting {
    let exchange = Exchange {
        started: Some(usual_day(started)),
        took: Some(SignedDuration::from_millis(200)),
        date: date.map(usual_day),
        ..Exchange::default()
    };
    Sighting { carried, exchange, ..Sighting::default() }
}

/// Judged at the moment of its capture.
fn judged(case: &Case, passed: &str, clock: CaptureClock, sightings: Vec<Sighting>) -> Report {
    let limits = Limits::default();
    let mut message = input::read(case.xml().as_bytes(), "test", &limits).unwrap();
    message.captured_at = Some(CapturedAt { instant: usual_day(passed), clock });
    if !sightings.is_empty() {
        message.sightings = sightings;
    }
    let configuration =
        Configuration { service_providers: vec![case.configuration()], limits, path: None };
    let options = Options {
        at: At::Capture,
        clock: usual_day("23:00:00"),
        service_provider: None,
        engine: EngineChoice::default(),
        limits,
    };
    validate_captured(&message, &configuration, &options)
}

fn report(case: &Case, login: &Login) -> Report {
    let sightings = vec![
        sighting(Carried::Request, login.posted, login.receiver_date),
        sighting(Carried::Answer, login.asked, login.idp_date),
    ];
    judged(case, login.posted, CaptureClock::HarStarted, sightings)
}

/// The code of the first diagnosis, and the first piece of its evidence.
fn told(report: &Report) -> (&'static str, String) {
    match report.diagnoses().first() {
        Some(first) => (first.cause.code, first.evidence.first().unwrap().values.join("")),
        None => ("", String::new()),
    }
}

fn usual(login: &Login) -> (&'static str, String) {
    told(&report(&Case::usual(), login))
}

#[test]
fn a_login_in_time_is_not_diagnosed() {
    let login = Login {
        asked: "10:00:00",
        idp_date: Some("10:00:00"),
        posted: "10:00:01",
        receiver_date: Some("10:00:01"),
    };
    assert!(report(&Case::usual(), &login).is_accepted());
    assert_eq!(usual(&login), ("", String::new()));
}

#[test]
fn a_clock_that_is_ahead_is_measured_by_its_date() {
    // The message says 10:00:00; the browser and the receiver say 09:40:00.
    let login = Login {
        asked: "09:40:00",
        idp_date: Some("10:00:00"),
        posted: "09:40:01",
        receiver_date: Some("09:40:01"),
    };
    assert_eq!(usual(&login), ("idp-clock-ahead", "20 min ± 1 s".to_owned()));
    let without_dates = Login { idp_date: None, receiver_date: None, ..login };
    assert_eq!(usual(&without_dates), ("idp-clock-ahead", "20 min ± 1 s".to_owned()));
}

#[test]
fn a_time_that_is_written_wrong_is_told_from_a_clock() {
    let login = Login {
        asked: "09:00:00",
        idp_date: Some("09:00:00"),
        posted: "09:00:01",
        receiver_date: None,
    };
    assert_eq!(usual(&login), ("idp-time-written-wrong", "59 min 59 s".to_owned()));
}

#[test]
fn a_begin_in_the_future_counts_as_well() {
    let case = Case::usual().at("10:00:30").message(|r| {
        r.assertion().conditions().not_before = Some("2026-01-15T10:04:30Z".to_owned());
    });
    assert_eq!(told(&case.report()), ("idp-clock-ahead", "4 min".to_owned()));
}

#[test]
fn a_clock_that_is_behind_is_told_from_a_slow_login() {
    let behind = Login {
        asked: "10:20:00",
        idp_date: Some("10:00:00"),
        posted: "10:20:01",
        receiver_date: Some("10:20:01"),
    };
    assert_eq!(usual(&behind), ("idp-clock-measured-behind", "20 min ± 1 s".to_owned()));
    let slow = Login {
        asked: "10:00:00",
        idp_date: Some("10:00:00"),
        posted: "10:20:00",
        receiver_date: None,
    };
    assert_eq!(usual(&slow), ("login-took-too-long", "20 min".to_owned()));
    // An old page: the clock is right, and the message in it is not of this moment.
    let again = Login {
        asked: "10:20:00",
        idp_date: Some("10:20:00"),
        posted: "10:20:01",
        receiver_date: None,
    };
    assert_eq!(usual(&again).0, "login-took-too-long");
}

#[test]
fn a_wrong_clock_of_the_browser_is_not_put_on_the_identity_provider() {
    let login = Login {
        asked: "09:30:00",
        idp_date: Some("10:00:00"),
        posted: "09:30:02",
        receiver_date: Some("10:00:02"),
    };
    assert_eq!(usual(&login), ("browser-clock-wrong", "30 min ± 1 s behind".to_owned()));
}

/// A line of a log: when it was issued, and when it passed.
fn logged((issued, passed): (&str, &str)) -> Report {
    let written = |time: Timestamp| Some(crate::time::rfc3339(time));
    let issued = usual_day(issued);
    let until = issued + SignedDuration::from_mins(5);
    let case = Case::usual().message(|r| {
        r.issue_instant = written(issued);
        let assertion = r.assertion();
        assertion.issue_instant = written(issued);
        assertion.conditions().not_before = written(issued);
        assertion.conditions().not_on_or_after = written(until);
        assertion.confirmation().not_on_or_after = written(until);
    });
    judged(&case, passed, CaptureClock::LogLine, Vec::new())
}

/// What is told of these logins after they were held against each other.
fn course(logins: &[(&str, &str)]) -> Vec<String> {
    let mut reports: Vec<Report> = logins.iter().copied().map(logged).collect();
    ClockCourse::default().tell(reports.iter_mut());
    let told = |report: &Report| {
        let first = report.diagnoses().first()?;
        let offsets = first.evidence.iter().find(|evidence| evidence.label == "offsets");
        let offsets = offsets.map_or(String::new(), |offsets| format!(": {}", offsets.values[0]));
        Some(format!("{}{offsets}", first.cause.code))
    };
    reports.iter().map(|report| told(report).unwrap_or_default()).collect()
}

#[test]
fn several_logins_that_are_off_by_the_same_time_show_a_clock_and_are_told_once() {
    let late = [("10:00:00", "10:20:00"), ("11:00:00", "11:20:10"), ("12:00:00", "12:19:55")];
    let first = "idp-clock-off-steadily: 19 min 55 s late to 20 min 10 s late";
    assert_eq!(course(&late), [first, "idp-clock-behind", "idp-clock-behind"]);
    let early = [("10:20:00", "10:00:00"), ("11:20:00", "11:00:00")];
    assert_eq!(course(&early), ["idp-clock-off-steadily: 20 min early", "idp-clock-ahead"]);
}

#[test]
fn several_logins_that_are_late_by_different_times_show_slow_users() {
    let late = [("10:00:00", "10:00:02"), ("11:00:00", "11:20:00"), ("12:00:00", "12:45:00")];
    let told = ["", "logins-arrive-late: 2 s late to 45 min late", "idp-clock-behind"];
    assert_eq!(course(&late), told);
}

#[test]
fn one_login_and_healthy_ones_tell_nothing_of_a_course() {
    assert_eq!(course(&[("10:00:00", "10:20:00")]), ["idp-clock-behind"]);
    let twice = [("10:00:00", "10:20:00"), ("10:00:00", "10:30:00")];
    assert_eq!(course(&twice), ["idp-clock-behind"; 2], "one login that was delivered twice");
    assert_eq!(course(&[("10:00:00", "10:00:01"), ("11:00:00", "11:00:02")]), ["", ""]);
}
