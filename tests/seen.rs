//! `--seen FILE` and assertions that are judged twice, with the real program, alone and several at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;
mod support;

use std::collections::BTreeSet;
use std::process::{Output, Stdio};

use place::{AT, Place, at, code, err, out};
use support::response::Response;

/// What each diagnosis of the only report says: its code, and its facts by their labels.
fn diagnoses(output: &Output) -> Vec<(String, Vec<(String, String)>)> {
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let all = report["diagnosis"].as_array().unwrap().iter();
    all.map(|diagnosis| {
        let facts = diagnosis["evidence"].as_array().unwrap().iter();
        let facts = facts.map(|fact| (text(&fact["label"]), text(&fact["values"][0]))).collect();
        (text(&diagnosis["code"]), facts)
    })
    .collect()
}

fn json<'a>(more: &[&'a str]) -> Vec<&'a str> {
    at(&[&["--format", "json"], more].concat())
}

#[test]
fn the_second_run_tells_when_and_where_and_is_accepted_all_the_same() {
    let place = Place::configured();
    let line = json(&["--seen", "seen.jsonl", "response.b64"]);
    let first = place.run(&line);
    assert_eq!((code(&first), diagnoses(&first)), (0, vec![]));
    let written = place.read("seen.jsonl");
    let second = place.run(&line);
    assert_eq!(code(&second), 0);
    let [(name, facts)] = &diagnoses(&second)[..] else { panic!("{}", out(&second)) };
    assert_eq!(name, "replayed");
    let fact = |label: &str| facts.iter().find(|(known, _)| known == label).unwrap().1.as_str();
    assert_eq!((fact("judged in"), fact("judged at")), ("response.b64", AT[1]));
    let recorded: serde_json::Value =
        serde_json::from_slice(written.split(|byte| *byte == b'\n').nth(1).unwrap()).unwrap();
    assert_eq!(recorded["recorded_at"], fact("recorded at"));
    assert_eq!(place.read("seen.jsonl"), written);

    let text = place.run(&at(&["--seen", "seen.jsonl", "response.b64"]));
    assert!(out(&text).contains("Diagnosis: The assertion was judged before (proven)\n"));
    let named = place.run(&[&["validate"], &line[..]].concat());
    assert_eq!(diagnoses(&named).len(), 1, "the long form takes it too");
}

#[test]
fn the_environment_names_the_file_too() {
    let place = Place::configured();
    for expected in [0, 1] {
        let mut command = place.command(&json(&["response.b64"]));
        let output = command.env("SAMLCHECK_SEEN", "seen.jsonl").output().unwrap();
        assert_eq!(diagnoses(&output).len(), expected);
    }
}

#[test]
fn two_inputs_of_one_run_with_the_same_assertion_are_told() {
    let place = Place::configured();
    let copy = String::from_utf8(place.read("response.b64")).unwrap();
    place.write("second.b64", &copy);
    let output = place.run(&at(&["response.b64", "second.b64"]));
    assert_eq!(code(&output), 0);
    let page = out(&output);
    assert_eq!(page.matches("Diagnosis: The assertion was judged before (proven)").count(), 1);
    assert!(page.contains("was judged before, in response.b64;"), "{page}");
    assert!(!page.contains("recorded at"), "{page}");
}

#[test]
fn an_assertion_that_comes_twice_in_one_capture_is_told_once() {
    let place = Place::configured();
    let xml = out(&place.run(&["decode", "--raw", "response.b64"]));
    // Not the same bytes, and so another message.
    let again = format!("{xml}\n<!-- again -->");
    place.write("both.json", &serde_json::json!([xml, again]).to_string());
    let output = place.run(&json(&["both.json"]));
    let reports: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(reports.len(), 2);
    for report in reports {
        let told = report["diagnosis"].as_array().unwrap().iter();
        let codes: Vec<&str> = told.map(|diagnosis| diagnosis["code"].as_str().unwrap()).collect();
        assert!(codes.contains(&"delivered-twice") && !codes.contains(&"replayed"), "{codes:?}");
    }
}

#[test]
fn several_processes_at_once_record_each_assertion_once_and_break_no_line() {
    const PROCESSES: usize = 6;
    const EACH: usize = 4;
    let place = Place::configured();
    for number in 0..PROCESSES * EACH {
        let mut response = Response::usual();
        response.assertion().id = Some(format!("_{number}"));
        place.write(&format!("{}/{number}.xml", number % PROCESSES), &response.xml());
    }
    // Each judges assertions that no other has, and one that all have.
    let start = |number: usize| {
        let folder = number.to_string();
        let line = at(&["--seen", "seen.jsonl", "-qq", &folder, "response.b64"]);
        let mut process = place.process(&line);
        process.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (0..PROCESSES).map(start).collect();
    for process in running {
        let output = process.wait_with_output().unwrap();
        assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    }
    let file = String::from_utf8(place.read("seen.jsonl")).unwrap();
    let records: Vec<serde_json::Value> =
        file.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: BTreeSet<&str> = records.iter().map(|record| record["id"].as_str().unwrap()).collect();
    assert_eq!((records.len(), ids.len()), (PROCESSES * EACH + 1, PROCESSES * EACH + 1), "{file}");
    let again = place.run(&json(&["--seen", "seen.jsonl", "0/0.xml"]));
    assert_eq!(diagnoses(&again)[0].0, "replayed");
}

#[test]
fn a_damaged_file_stops_the_run_and_stays_as_it_is() {
    let place = Place::configured();
    place.run(&at(&["--seen", "seen.jsonl", "response.b64"]));
    let whole = String::from_utf8(place.read("seen.jsonl")).unwrap();
    for (content, says) in [
        (format!("{whole}garbage\n"), "error: seen.jsonl: line 3: it is no JSON object"),
        (whole[..whole.len() - 20].to_owned(), "error: seen.jsonl: line 2: it has no line feed"),
    ] {
        place.write("seen.jsonl", &content);
        let output = place.run(&at(&["--seen", "seen.jsonl", "response.b64"]));
        assert_eq!((code(&output), out(&output).as_str()), (2, ""));
        assert!(err(&output).starts_with(says), "{}", err(&output));
        assert_eq!(place.read("seen.jsonl"), content.as_bytes());
    }
}
