//! `samlcheck diff` as a user meets it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;

use std::fs;
use std::path::Path;

use place::{Place, code, err, out};
use serde_json::Value;

fn sample(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)).unwrap()
}

fn with_samples() -> Place {
    let place = Place::configured();
    place.write("good.b64", &sample("01-all-green/response.b64"));
    place.write("bad.body", &sample("13-audience-trailing-slash/response.body"));
    place
}

#[test]
fn a_message_and_itself_are_the_same() {
    let output = with_samples().run(&["diff", "good.b64", "good.b64"]);
    assert_eq!((code(&output), err(&output)), (0, String::new()));
    assert_eq!(out(&output), "From good.b64 to good.b64: the same in meaning\n");
}

#[test]
fn what_changed_is_told_with_both_sides_and_a_mark() {
    let output = with_samples().run(&["diff", "good.b64", "bad.body"]);
    assert_eq!((code(&output), err(&output)), (1, String::new()));
    let said = out(&output);
    assert!(said.contains("Audience\n  good  https://acme.my.salesforce.com\n"), "{said}");
    assert!(said.contains("^ one more character: a trailing slash"), "{said}");
}

#[test]
fn programs_read_the_same() {
    let output = with_samples().run(&["diff", "--format", "json", "good.b64", "bad.body"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (document["same"].as_bool(), document["schema"].as_str()),
        (Some(false), Some("samlcheck/diff/v1"))
    );
    let audience = document["changes"].as_array().unwrap().iter().find(|c| c["what"] == "Audience");
    let audience = audience.unwrap();
    assert_eq!(audience["change"], "changed");
    assert_eq!(audience["bad"]["values"][0], "https://acme.my.salesforce.com/");
    assert!(audience["good"]["xpath"].as_str().unwrap().ends_with("/saml:AudienceRestriction"));
}

#[test]
fn what_is_no_login_cannot_be_compared() {
    let place = with_samples();
    place.write("words", "just words");
    let output = place.run(&["diff", "good.b64", "words"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).starts_with("error: words: "), "{}", err(&output));
    assert_eq!(code(&place.run(&["diff", "good.b64", "missing"])), 2);
    assert_eq!(code(&place.run(&["diff", "-", "-"])), 2);
}
