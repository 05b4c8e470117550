//! Several copies of one login, or several logins, in one run: what shows only when they are held against each other.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;
mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use place::{Place, at, code, out};
use serde_json::Value;
use support::encode::form_body;
use support::har::{Exchange, auto_submit, har};
use support::response::{LOGIN_URL, Response};

fn line(xml: &str) -> String {
    let value = STANDARD.encode(xml);
    format!("SAMLResponse={}\n", value.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"))
}

/// The reports on this input.
fn reports(place: &Place, arguments: &[&str]) -> Vec<Value> {
    let output = place.run(&[arguments, &["--format", "json"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document.as_array().cloned().unwrap_or_else(|| vec![document])
}

fn first_code(report: &Value) -> Option<&str> {
    report["diagnosis"][0]["code"].as_str()
}

fn evidence<'r>(report: &'r Value, label: &str) -> &'r Value {
    let all = report["diagnosis"][0]["evidence"].as_array().unwrap();
    all.iter().find(|evidence| evidence["label"] == label).unwrap_or(&Value::Null)
}

#[test]
fn an_intact_copy_in_the_same_input_shows_what_was_changed() {
    let xml = Response::usual().xml();
    let altered = xml.replace(">zmueller@", ">admin@");
    for lines in [[line(&xml), line(&altered)], [line(&altered), line(&xml)]] {
        let place = Place::configured();
        place.write("two.txt", &lines.concat());
        let reports = reports(&place, &at(&["two.txt"]));
        assert_eq!(reports.len(), 2);
        let rejected: Vec<_> = reports.iter().filter(|r| r["verdict"] == "rejected").collect();
        let [rejected] = rejected.as_slice() else { panic!("{reports:?}") };
        assert_eq!(first_code(rejected), Some("altered-copy"));
        let name_id = evidence(rejected, "NameID");
        assert_eq!(name_id["expected"], "zmueller@example.com");
        assert_eq!(name_id["values"][0], "admin@example.com");
        assert_eq!(rejected["diagnosis"][0]["explains"], serde_json::json!(["signature"]));
    }
}

#[test]
fn a_copy_of_another_file_of_the_run_is_named() {
    let place = Place::configured();
    let xml = Response::usual().xml();
    place.write("in/1-intact.xml", &xml);
    place.write("in/2-altered.xml", &xml.replace(">zmueller@", ">admin@"));
    let output = place.run(&at(&["in"]));
    assert_eq!(code(&output), 1);
    let said = out(&output);
    assert!(said.contains("in/1-intact.xml"), "{said}");
    let reports = reports(&place, &at(&["in"]));
    assert_eq!(first_code(&reports[1]), Some("altered-copy"));
    assert_eq!(evidence(&reports[1], "intact copy")["values"][0], "in/1-intact.xml");
}

#[test]
fn another_login_and_an_altered_copy_tell_nothing() {
    let place = Place::configured();
    let xml = Response::usual().xml();
    let other = {
        let mut other = Response::usual();
        other.id = Some("_another".to_owned());
        other.assertion().id = Some("_another-assertion".to_owned());
        other.xml()
    };
    let altered = xml.replace(">zmueller@", ">admin@");
    let twice = xml.replace(">zmueller@", ">root@");
    place.write("all.txt", &[line(&other), line(&altered), line(&twice)].concat());
    let reports = reports(&place, &at(&["all.txt"]));
    let codes: Vec<_> = reports.iter().map(first_code).collect();
    let altered = Some("altered-after-signing");
    assert_eq!(codes, [None, altered, altered]);
}

/// A capture of a login: the identity provider's page, and the delivery; when the browser sent each, and what the servers' clocks said.
fn login(asked: [&'static str; 2], posted: [&'static str; 2]) -> String {
    let xml = Response::usual().xml();
    let exchange = |[started, date]: [&'static str; 2]| Exchange {
        started,
        method: "POST",
        url: String::new(),
        body: None,
        status: 200,
        location: None,
        date,
        page: None,
    };
    har(&[
        Exchange {
            url: "https://idp.example.com/sso".to_owned(),
            page: Some(auto_submit(LOGIN_URL, "SAMLResponse", &STANDARD.encode(&xml), "")),
            ..exchange(asked)
        },
        Exchange {
            url: "https://acme.my.salesforce.com/?so=00D000000000001".to_owned(),
            body: Some(form_body("SAMLResponse", &xml, None)),
            ..exchange(posted)
        },
    ])
}

#[test]
fn a_capture_measures_the_identity_providers_clock() {
    for (asked, posted, code, by) in [
        // The message was issued at 10:00:00 by the identity provider's clock.
        (
            ["10:20:00.000", "10:00:00"],
            ["10:20:01.000", "10:20:01"],
            "idp-clock-measured-behind",
            "20 min ± 1 s",
        ),
        (
            ["09:40:00.000", "10:00:00"],
            ["09:40:01.000", "09:40:01"],
            "idp-clock-ahead",
            "20 min ± 1 s",
        ),
        (
            ["10:00:00.000", "10:00:00"],
            ["10:20:00.000", "10:20:00"],
            "login-took-too-long",
            "20 min",
        ),
    ] {
        let place = Place::configured();
        place.write("login.har", &login(asked, posted));
        let reports = reports(&place, &["login.har"]);
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        assert_eq!(first_code(report), Some(code));
        let first = &report["diagnosis"][0]["evidence"][0];
        assert_eq!(first["values"][0], by, "{code}");
    }
    let place = Place::configured();
    let in_time = login(["10:00:00.000", "10:00:00"], ["10:00:01.000", "10:00:01"]);
    place.write("login.har", &in_time);
    let reports = reports(&place, &["login.har"]);
    assert_eq!(reports[0]["verdict"], "accepted");
    assert_eq!(reports[0]["diagnosis"], serde_json::json!([]));
}
