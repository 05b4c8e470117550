//! Directories as inputs: what is judged, what is passed over, what is left out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;

use std::fs;

use place::{Place, at, code, err, out};

/// A configured place with captures in a folder.
fn captures(samples: &[(&str, &str)]) -> Place {
    let place = Place::configured();
    fs::create_dir(place.path("captures")).unwrap();
    for (sample, name) in samples {
        let content = place.copy(sample);
        place.write(&format!("captures/{name}"), &String::from_utf8(content).unwrap());
    }
    place
}

const GREEN: &str = "01-all-green/response.b64";
const ALTERED: &str = "15-altered-after-signing/response.xml";

fn origins(place: &Place, input: &str) -> Vec<String> {
    let output = place.run(&at(&["--format", "json", "-v", input]));
    let reports: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let origin = |report: &serde_json::Value| report["origin"].as_str().unwrap().to_owned();
    reports.iter().map(origin).collect()
}

#[test]
fn a_directory_is_walked_in_order_of_names() {
    let place = captures(&[(GREEN, "b"), (ALTERED, "a/z"), (GREEN, "c/x/y"), (GREEN, "c/a")]);
    let expected = ["captures/a/z", "captures/b", "captures/c/a", "captures/c/x/y"];
    assert_eq!(origins(&place, "captures"), expected);
    assert_eq!(code(&place.run(&at(&["captures"]))), 1);
}

#[test]
fn a_directory_gives_an_array_even_for_one_message() {
    let place = captures(&[(GREEN, "only")]);
    assert_eq!(origins(&place, "captures"), ["captures/only"]);
}

#[test]
fn files_without_a_message_are_passed_over_and_do_not_count() {
    let place =
        captures(&[(GREEN, "response.b64"), ("26-request-not-response/request.url", "request")]);
    place.write("captures/note.md", "# Notes");
    place.write("captures/empty", "");
    let output = place.run(&at(&["captures"]));
    assert_eq!(code(&output), 0);
    assert_eq!(err(&output), "passed over 3 files without a SAML response (-v lists them)\n");
    let verbose = place.run(&at(&["-v", "captures"]));
    for file in ["captures/note.md: ", "captures/empty: ", "captures/request: "] {
        assert!(err(&verbose).contains(&format!("passed over {file}")), "{}", err(&verbose));
    }
}

#[test]
fn a_broken_message_is_not_passed_over() {
    let place = captures(&[(GREEN, "good")]);
    place.write("captures/broken.xml", "<samlp:Response><</samlp:Response>");
    assert_eq!(origins(&place, "captures"), ["captures/broken.xml", "captures/good"]);
    assert_eq!(code(&place.run(&at(&["captures"]))), 3);
}

#[test]
fn when_nothing_is_left_nothing_was_validated() {
    let place = captures(&[]);
    place.write("captures/note.md", "# Notes");
    let output = place.run(&at(&["captures"]));
    assert_eq!(code(&output), 3);
    assert!(!out(&output).contains("Accepted"), "{}", out(&output));
    assert!(err(&output).ends_with("Nothing was validated\n"), "{}", err(&output));
    let json = place.run(&at(&["--format", "json", "captures"]));
    let reports: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((code(&json), reports), (3, serde_json::json!([])));
}

#[test]
fn hidden_files_are_left_out() {
    let place = captures(&[(GREEN, "seen"), (ALTERED, ".hidden"), (ALTERED, ".git/hidden")]);
    assert_eq!(origins(&place, "captures"), ["captures/seen"]);
    assert_eq!(err(&place.run(&at(&["captures"]))), "");
    assert_eq!(code(&place.run(&at(&["captures/.hidden"]))), 1, "but not when named");
}

#[cfg(unix)]
#[test]
fn links_to_directories_are_left_out_and_links_to_files_followed() {
    use std::os::unix::fs::symlink;
    let place = captures(&[(GREEN, "file")]);
    symlink(place.path("captures"), place.path("captures/circle")).unwrap();
    symlink(place.path("captures/file"), place.path("captures/link")).unwrap();
    assert_eq!(origins(&place, "captures"), ["captures/file", "captures/link"]);
    symlink(place.path("captures"), place.path("named")).unwrap();
    assert_eq!(origins(&place, "named"), ["named/file", "named/link"]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_in_a_directory_is_told() {
    let place = captures(&[(GREEN, "file")]);
    std::os::unix::fs::symlink("nowhere", place.path("captures/dangling")).unwrap();
    let output = place.run(&at(&["captures"]));
    assert_eq!(code(&output), 2);
    assert!(
        err(&output).starts_with("error: captures/dangling: cannot be read: "),
        "{}",
        err(&output)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_in_a_directory_is_not_opened() {
    let place = captures(&[(GREEN, "file")]);
    let made = std::process::Command::new("mkfifo").arg(place.path("captures/pipe")).status();
    assert!(made.unwrap().success());
    assert_eq!(origins(&place, "captures"), ["captures/file"]);
}

#[test]
fn a_deep_directory_is_walked_to_its_end() {
    let place = captures(&[]);
    // As deep as the longest path allows.
    let deep = format!("captures/{}", "d/".repeat(1500));
    fs::create_dir_all(place.path(&deep)).unwrap();
    let content = place.copy(GREEN);
    fs::write(place.path(&format!("{deep}response")), content).unwrap();
    assert_eq!(code(&place.run(&at(&["captures"]))), 0);
}
