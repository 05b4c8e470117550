//! `samlcheck redact` and `--redact` as a user meets them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;

use std::fs;
use std::path::{Path, PathBuf};

use place::{Place, at, code, err, out};
use serde_json::Value;

/// What the browser captures hold of the person who logged in and of her sessions.
const PERSONAL: [&str; 4] = ["jdoe", "SimpleSAMLSessionID", "AuthState=_", "secret"];

fn captures() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/captures");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is absent; it is not part of the repository", folder.display());
    None
}

fn numbers_of_messages(place: &Place, input: &str) -> usize {
    out(&place.run(&["--list", input])).lines().count()
}

/// The decoded messages of an input.
fn messages(place: &Place, input: &str) -> Vec<String> {
    let numbers = 1..numbers_of_messages(place, input);
    numbers
        .map(|number| out(&place.run(&["decode", "--only", &number.to_string(), input])))
        .collect()
}

#[test]
fn a_copy_tells_the_verdict_and_nothing_personal() {
    let place = Place::configured();
    let output = place.run(&[&["redact"], &at(&["response.b64"])[..]].concat());
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    place.write("copy.b64", &out(&output));
    let copy = out(&place.run(&["decode", "--raw", "copy.b64"]));
    assert!(copy.contains("verdict before redaction: accepted"), "{copy}");
    assert!(copy.contains("<ds:SignatureValue>REMOVED</ds:SignatureValue>"), "{copy}");
    let name = out(&place.run(&at(&["response.b64"])));
    let name = name.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap().to_owned();
    assert!(!copy.contains(&name), "{copy}");
    let judged = place.run(&at(&["copy.b64"]));
    assert_eq!(code(&judged), 1);
    assert!(err(&judged).contains("this is a redacted copy"), "{}", err(&judged));
    for format in ["text", "json"] {
        let report = out(&place.run(&at(&["--redact", "--format", format, "response.b64"])));
        assert!(!report.contains(&name), "{report}");
        assert!(report.contains("person-1@domain-1.example"), "{report}");
        assert!(format == "text" || serde_json::from_str::<Value>(&report).is_ok());
    }
}

#[test]
fn nothing_is_written_when_there_is_nothing_to_redact() {
    let place = Place::new();
    place.write("words", "nothing of this kind\n");
    let output = place.run(&["redact", "words"]);
    assert_eq!((code(&output), out(&output).as_str()), (3, ""));
    assert_eq!(code(&place.run(&["redact", "missing"])), 2);
    assert_eq!(code(&place.run(&["redact", "--config", "missing.toml", "words"])), 4);
}

#[test]
fn the_exports_of_browsers_keep_their_messages_and_lose_the_person() {
    let Some(folder) = captures() else { return };
    let place = Place::new();
    let exports = [
        "playwright-full.har",
        "saml-tracer-export-profile1.json",
        "saml-tracer-export-profile2.json",
    ];
    for export in exports {
        let original = folder.join("browser").join(export);
        let original = original.to_str().unwrap();
        let output = place.run(&["redact", original]);
        assert_eq!(code(&output), 0, "{export}: {}", err(&output));
        let copy = out(&output);
        place.write(export, &copy);
        assert_eq!(numbers_of_messages(&place, export), numbers_of_messages(&place, original));
        let messages = messages(&place, export);
        assert!(messages.iter().all(|message| message.contains("redacted by samlcheck")));
        for personal in PERSONAL {
            assert!(!copy.contains(personal), "{export}: {personal}");
            assert!(
                !messages.iter().any(|message| message.contains(personal)),
                "{export}: {personal}"
            );
        }
    }
}

#[test]
fn every_form_of_real_messages_is_copied_in_its_own_form() {
    let Some(folder) = captures() else { return };
    let place = Place::new();
    let stems = [
        "simplesamlphp/idpinit-assertion-signed",
        "saml-idp-npm/idpinit-default",
        "flask-saml2/spinit-post-sha256",
    ];
    let requests = ["node-saml-sp/authnrequest-redirect-signed-sha256.url"].map(str::to_owned);
    let endings = ["b64", "body", "form.html", "xml"];
    let all = stems.iter().flat_map(|stem| endings.map(|ending| format!("{stem}.{ending}")));
    for file in all.chain(requests) {
        let original = fs::read_to_string(folder.join(&file)).unwrap();
        let output = place.run(&["redact", folder.join(&file).to_str().unwrap()]);
        assert_eq!(code(&output), 0, "{file}: {}", err(&output));
        place.write("copy", &out(&output));
        let message = out(&place.run(&["decode", "copy"]));
        assert!(message.contains("redacted by samlcheck"), "{file}");
        assert!(!message.contains("jdoe") && !out(&output).contains("jdoe"), "{file}: {message}");
        let first = |text: &str| text.trim_start_matches('\u{feff}').trim_start().chars().next();
        assert!(first(&original) == first(&out(&output)) || file.ends_with("b64"), "{file}");
    }
}
