//! What depends on when one looks: a whole login as the command line tells it at a fixed moment, and timelines of every shape.
//!
//! The program runs in a world of our own, whose clock stands still. `SAMLCHECK_REGENERATE=1 cargo test --test moments` writes
//! `tests/golden/` anew; `git diff` then shows what changed.
// Both engines stand in what is compared.
#![cfg(feature = "xmlsec")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod support;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use samlcheck::render::JSON_SCHEMA;
use samlcheck::run::{Output, World, run};
use serde_json::Value;
use support::encode::base64;
use support::response::Response;
use unicode_width::UnicodeWidthStr;

/// Three days after the login.
const LATER: &str = "2026-01-18T10:00:00.123456Z";
const USUAL: &str = "samples/60-whole-login";
const MISMATCHES: &str = "samples/61-not-what-was-asked-for";

/// What is written when the program runs with these arguments, environment and clock, and its exit code.
fn told(
    (arguments, stdin): (&[&str], &str),
    variables: &[(&str, &str)],
    clock: &str,
) -> (u8, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let environment = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| OsString::from(value))
    };
    let code = run(World {
        arguments: ["samlcheck"].iter().chain(arguments).map(OsString::from).collect(),
        environment: &environment,
        directory: None,
        clock: clock.parse().unwrap(),
        stdin: &mut stdin.as_bytes(),
        stdin_is_terminal: false,
        ask: &|question| Err(io::Error::other(question.to_owned())),
        stdout: Output::new(&mut stdout, false),
        stderr: &mut stderr,
    });
    (code, String::from_utf8(stdout).unwrap())
}

/// The capture of a sample, with more arguments.
fn sample(folder: &str, more: &[&str], variables: &[(&str, &str)], clock: &str) -> (u8, String) {
    let (config, har) = (format!("{folder}/samlcheck.toml"), format!("{folder}/login.har"));
    let arguments: Vec<&str> = ["--config", config.as_str()]
        .into_iter()
        .chain(more.iter().copied())
        .chain([har.as_str()])
        .collect();
    told((&arguments, ""), variables, clock)
}

/// A message by itself, held against the configuration of a sample.
fn message(response: &Response, more: &[&str], clock: &str) -> String {
    let config = format!("{USUAL}/samlcheck.toml");
    let arguments: Vec<&str> =
        ["--config", config.as_str()].into_iter().chain(more.iter().copied()).collect();
    told((&arguments, &base64(response.xml())), &[], clock).1
}

#[expect(clippy::disallowed_methods, reason = "a switch for developers, never read by the tool")]
fn regenerate() -> bool {
    std::env::var_os("SAMLCHECK_REGENERATE").is_some()
}

#[track_caller]
fn is_golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if regenerate() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let again = "SAMLCHECK_REGENERATE=1 cargo test --test moments";
    assert_eq!(expected, text, "{name} differs; wanted? {again}");
}

/// The lines on the judged moment and the timeline of a report.
fn of_time(report: &str) -> String {
    let mut kept = Vec::new();
    let mut keeps = false;
    for line in report.lines() {
        keeps = match line {
            _ if line.starts_with("Judged at") || line.contains("timeline in UTC") => true,
            _ if line.starts_with("5. ") || line.trim_start().starts_with("clause") => false,
            "" => false,
            _ => keeps,
        };
        if keeps {
            assert!(line.width() <= 100, "{line}");
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}

#[test]
fn a_whole_login_is_told_at_the_moment_of_its_capture() {
    let (code, text) = sample(USUAL, &[], &[], LATER);
    assert_eq!(code, 0);
    is_golden("whole-login.txt", &text);
    let (code, text) = sample(MISMATCHES, &[], &[], LATER);
    assert_eq!(code, 1, "the Recipient fails; what is found across messages decides nothing");
    is_golden("not-what-was-asked-for.txt", &text);
}

#[test]
fn the_document_tells_the_same_and_is_as_the_schema_says() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (folder, name) in [(USUAL, "whole-login"), (MISMATCHES, "not-what-was-asked-for")] {
        let (_, text) = sample(folder, &["--format", "json"], &[], LATER);
        let document: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert_eq!(document["flow"]["paired_by"], "InResponseTo");
        let compared = &document["time"]["compared"];
        assert_eq!((&compared["with"], &compared["other"]), (&"now".into(), &"expired".into()));
        let shown = ["at", "at_source", "captured_at", "time", "flow"];
        let part: serde_json::Map<String, Value> =
            shown.iter().map(|name| ((*name).to_owned(), document[*name].clone())).collect();
        let part = serde_json::to_string_pretty(&Value::Object(part)).unwrap() + "\n";
        is_golden(&format!("{name}.json"), &part);
    }
}

#[test]
fn what_is_found_across_messages_changes_no_verdict() {
    for folder in [USUAL, MISMATCHES] {
        let whole = sample(folder, &["--format", "json"], &[], LATER);
        let alone = sample(folder, &["--format", "json", "--only", "2"], &[], LATER);
        let verdict = |text: &str| {
            let document: Value = serde_json::from_str(text).unwrap();
            ["verdict", "failed", "exit_code", "flow"].map(|name| document[name].clone())
        };
        assert_eq!(whole.0, alone.0, "{folder}");
        assert_eq!(verdict(&whole.1), verdict(&alone.1), "{folder}");
    }
}

#[test]
fn a_list_tells_which_message_each_one_answers() {
    let (code, text) = sample(USUAL, &["--list", "--format", "json"], &[], LATER);
    assert_eq!(code, 0);
    let rows: Value = serde_json::from_str(&text).unwrap();
    let answers = |rows: &Value| -> Vec<Value> {
        rows.as_array().unwrap().iter().map(|row| row["answers"].clone()).collect()
    };
    assert_eq!(answers(&rows), [Value::Null, 1.into()]);
    let (_, one) = sample(USUAL, &["--list", "--only", "2", "--format", "json"], &[], LATER);
    assert_eq!(answers(&serde_json::from_str(&one).unwrap()), [Value::from(1)]);
    let (_, text) = sample(USUAL, &["--list"], &[], LATER);
    let columns: Vec<&str> = text.lines().last().unwrap().split_whitespace().take(2).collect();
    assert_eq!(columns, ["2", "1"], "{text}");
}

#[test]
fn a_request_alone_is_told_to_have_no_answer() {
    let (code, text) = sample(USUAL, &["--only", "1"], &[], LATER);
    assert_eq!(code, 3);
    assert!(!text.contains("has no answer"), "its answer is in the capture:\n{text}");
    let har = fs::read_to_string(format!("{USUAL}/login.har")).unwrap();
    let cut = har.replace("SAMLResponse", "Nothing");
    let config = format!("{USUAL}/samlcheck.toml");
    let (code, text) = told((&["--config", &config], &cut), &[], LATER);
    assert_eq!(code, 3);
    assert!(text.contains("A request has no answer in this capture"), "{text}");
}

#[test]
fn the_header_compares_with_the_moment_that_matters_besides() {
    let judged = |more: &[&str], clock: &str| of_time(&sample(USUAL, more, &[], clock).1);
    let mut text = String::new();
    for (heading, more, clock) in [
        ("captured, looked at 3 days later", &[][..], LATER),
        ("captured, looked at at once", &[][..], "2026-01-15T10:00:05Z"),
        ("now, 3 days later", &["--at", "now"][..], LATER),
        ("issued, looked at 3 days later", &["--at", "issued"][..], LATER),
        ("an instant", &["--at", "2026-01-15T10:07:00Z"][..], LATER),
    ] {
        let judged = judged(more, clock);
        let header = judged.lines().take_while(|line| !line.contains("timeline"));
        text.push_str(&format!("# {heading}\n{}\n\n", header.collect::<Vec<_>>().join("\n")));
    }
    let alone = of_time(&message(&Response::usual(), &[], LATER));
    let header = alone.lines().take_while(|line| !line.contains("timeline"));
    let header: Vec<&str> = header.collect();
    text.push_str(&format!("# a message alone, now\n{}\n", header.join("\n")));
    is_golden("judged-at.txt", &text);
}

/// A message with Conditions and a confirmation from 10:00:00 until then, and a session until then.
fn lasting(until: &str) -> Response {
    let mut response = Response::usual();
    let assertion = response.assertion();
    assertion.conditions().not_before = Some("2026-01-15T10:00:00Z".to_owned());
    assertion.conditions().not_on_or_after = Some(until.to_owned());
    assertion.confirmation().not_on_or_after = Some(until.to_owned());
    assertion.authn_statement.as_mut().unwrap().session_not_on_or_after = Some(until.to_owned());
    response
}

#[test]
fn timelines_are_readable_whatever_they_show() {
    let strict = ["--clock-skew-seconds", "0", "--validity-seconds", "5"];
    let with = |more: &[&'static str]| [&strict[..], more].concat();
    let seconds = lasting("2026-01-15T10:00:07.500Z");
    let days = lasting("2026-01-17T10:00:00Z");
    let never = lasting("9999-12-31T23:59:59Z");
    let mut earlier = Response::usual();
    earlier.assertion().authn_statement.as_mut().unwrap().authn_instant =
        Some("2025-12-01T08:00:00Z".to_owned());
    let mut bare = Response::usual();
    bare.assertion().conditions = None;
    bare.issue_instant = None;
    bare.assertion().issue_instant = None;
    let at = "2026-01-15T10:01:00Z";
    let (c, dumb) = ([("LANG", "C")], [("TERM", "dumb"), ("LANG", "en_US.UTF-8")]);
    let cases = [
        ("captured, looked at 3 days later", sample(USUAL, &["-v"], &[], LATER).1),
        ("now, 3 days later", sample(USUAL, &["--at", "now"], &[], LATER).1),
        ("now, 9 years later", sample(USUAL, &["--at", "now"], &[], "2035-06-01T00:00:00Z").1),
        ("now, 20 minutes later", sample(USUAL, &["--at", "now"], &[], "2026-01-15T10:20:00Z").1),
        ("years too early", sample(USUAL, &["--at", "2001-01-01T00:00:00Z"], &[], LATER).1),
        ("LANG=C", sample(USUAL, &["--at", "now"], &c, LATER).1),
        ("TERM=dumb", sample(USUAL, &["-v"], &dumb, LATER).1),
        ("seconds, in time", message(&seconds, &with(&["-v", "--at", "2026-01-15T10:00:04Z"]), at)),
        ("seconds, late", message(&seconds, &with(&["--at", "2026-01-15T10:00:06Z"]), at)),
        ("days", message(&days, &["-v", "--at", at], at)),
        ("for ever", message(&never, &["-v", "--at", at], at)),
        ("authenticated weeks before", message(&earlier, &["-v", "--at", at], at)),
        ("without IssueInstant and Conditions", message(&bare, &["-v", "--at", at], at)),
    ];
    let mut text = String::new();
    for (heading, report) in cases {
        text.push_str(&format!("# {heading}\n{}\n", of_time(&report)));
    }
    is_golden("timelines.txt", &text);
}

#[test]
fn colour_adds_nothing_to_a_timeline() {
    let plain = sample(USUAL, &["--at", "now"], &[], LATER).1;
    let inked = sample(USUAL, &["--at", "now", "--color", "always"], &[], LATER).1;
    assert!(inked.contains('\u{1b}') && !plain.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut rest = inked.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    assert_eq!(stripped + rest, plain);
}

#[test]
fn lines_are_drawn_in_ascii_where_the_terminal_shows_nothing_else() {
    for (variables, ascii) in [
        (&[("LANG", "C")][..], true),
        (&[("LC_ALL", "POSIX"), ("LANG", "de_DE.UTF-8")][..], true),
        (&[("LC_CTYPE", "en_US.ISO-8859-1")][..], true),
        (&[("LANG", "C.UTF-8"), ("TERM", "dumb")][..], true),
        (&[("LANG", "de_DE.utf8")][..], false),
        (&[("LC_ALL", ""), ("LANG", "C.UTF-8"), ("TERM", "xterm")][..], false),
        (&[("LC_ALL", "C.UTF-8"), ("LANG", "C")][..], false),
        (&[][..], false),
    ] {
        let (_, report) = sample(USUAL, &["--at", "now"], variables, LATER);
        let time = of_time(&report);
        assert_eq!(time.is_ascii(), ascii, "{variables:?}\n{time}");
        assert_eq!(report.contains('─'), !ascii, "{variables:?}");
    }
}
