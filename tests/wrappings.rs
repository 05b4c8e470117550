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

use samlcheck::input::{self, Capture};
use samlcheck::limits::Limits;
use samlcheck::redact::{self, Judged, MARKER};
use serde_json::Value;

use place::{Place, at, code, err};
use support::assertion::Attribute;
use support::response::Response;
use support::search::words_left;
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
    assert!(wrappings.len() >= 60, "{}", wrappings.len());
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

fn read(input: &[u8], name: &str) -> Capture {
    let held = input::capture(&mut &*input, "test", &Limits::default(), None).unwrap();
    held.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The values of the usual response, and a host that is kept.
fn values(xml: &str) -> Vec<String> {
    let between = |name: &str| {
        let start = format!("<saml:{name}");
        let pieces = xml.split(&start).skip(1);
        let values: Vec<String> = pieces
            .map(|piece| piece.split_once('>').unwrap().1.split('<').next().unwrap().to_owned())
            .collect();
        values
    };
    [between("NameID"), between("AttributeValue")].concat()
}

#[test]
fn a_redacted_copy_has_the_wrapping_of_the_original_and_none_of_its_values() {
    let mut response = Response::usual();
    response.assertion().attributes =
        vec![Attribute::new("givenName", &["Zo\u{eb} O'Connor & \"Co\""])];
    let xml = response.xml();
    let values = values(&xml);
    assert_eq!(values.len(), 2, "{values:?}");
    for wrapping in all(&xml) {
        let name = wrapping.name;
        let before = read(&wrapping.input, name);
        let messages = before.messages.iter().map(|message| Judged {
            bytes: message.bytes.clone(),
            verdict: "accepted".to_owned(),
            decrypted: None,
        });
        let how = redact::Options { hosts: false, limits: Limits::default() };
        let copy = redact::copy(&wrapping.input, &messages.collect::<Vec<_>>(), &how);
        let copy = copy.unwrap_or_else(|error| panic!("{name}: {error}"));
        let after = read(&copy, name);
        assert_eq!(before.format, after.format, "{name}");
        let [message] = after.messages.as_slice() else { panic!("{name}: {after:?}") };
        let text = str::from_utf8(&message.bytes).unwrap();
        assert!(text.starts_with("<samlp:Response") && text.contains(MARKER), "{name}: {text}");
        assert_eq!(before.messages[0].parameter, message.parameter, "{name}");
        assert_eq!(before.messages[0].captured_at, message.captured_at, "{name}");
        let secrets = [values.as_slice(), &["00D1!AQ0secret".to_owned(), "4242".to_owned()]];
        assert_eq!(words_left(&copy, &secrets.concat(), &[]), Vec::<String>::new(), "{name}");
        let start = |bytes: &[u8]| bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace());
        if [&[0x1f, 0x8b][..], b"PK", &[0xff, 0xfe], b"<", b"{", b"POST", b"curl"]
            .iter()
            .any(|start| wrapping.input.starts_with(start))
        {
            assert_eq!(start(&wrapping.input), start(&copy), "{name}");
        }
    }
}
