//! One signed response in every wrapping people give: the XML is the same byte for byte, and so is the checklist.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;
mod support;
mod wrapping;

use samlcheck::input;
use samlcheck::limits::Limits;
use serde_json::Value;

use place::{Place, at, code, err};
use support::response::Response;
use wrapping::{Wrapping, all};

/// What a report says of the message, and not of where it came from.
const OF_THE_MESSAGE: [&str; 9] = [
    "checks",
    "findings",
    "verdict",
    "failed",
    "subject",
    "assertion_id",
    "signature",
    "mapped_user",
    "sp",
];

fn checklist(place: &Place, wrapping: &Wrapping) -> Value {
    let arguments = at(&["--format", "json"]);
    let output = place.command(&arguments).write_stdin(wrapping.input.clone()).output().unwrap();
    assert_eq!((code(&output), err(&output)), (0, String::new()), "{}", wrapping.name);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["checks"].is_array() && report["verdict"] == "accepted", "{}", wrapping.name);
    OF_THE_MESSAGE.iter().map(|name| report[*name].clone()).collect()
}

#[test]
fn the_same_response_in_every_wrapping_gives_the_same_checklist() {
    let wrappings = all(&Response::usual().xml());
    assert!(wrappings.len() >= 25, "{}", wrappings.len());
    let place = Place::configured();
    let expected = checklist(&place, &wrappings[0]);
    for wrapping in &wrappings[1..] {
        assert_eq!(checklist(&place, wrapping), expected, "{}", wrapping.name);
    }
}

#[test]
fn every_wrapping_gives_the_bytes_that_were_wrapped() {
    let xml = Response::usual().xml();
    for wrapping in all(&xml) {
        let capture =
            input::capture(&mut wrapping.input.as_slice(), "test", &Limits::default(), None);
        let capture = capture.unwrap().unwrap_or_else(|error| panic!("{}: {error}", wrapping.name));
        let [message] = capture.messages.as_slice() else {
            panic!("{}: {} messages", wrapping.name, capture.messages.len());
        };
        assert!(message.bytes == xml.as_bytes(), "{}: other bytes", wrapping.name);
        assert!(capture.broken.is_empty(), "{}", wrapping.name);
    }
}
