//! `--redact`: no personal value of at least four characters stands in anything that is told, whichever way it is told.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;
mod shared;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use place::{Place, at, code, err, out};
use proptest::prelude::*;
use serde_json::Value;
use support::assertion::Attribute;
use support::response::Response;
use support::search::{survivor, words_left};

/// Every way to tell about messages, each with all it has to say.
const WAYS: [&[&str]; 5] =
    [&["-q"], &[], &["-vv", "--color", "always"], &["--format", "json"], &["--list"]];

/// Host names that the samples and captures keep.
const HOSTS: [&str; 6] = [
    "saml.salesforce.com",
    "acme.my.salesforce.com",
    "acme.my.site.com",
    "idp.acme.example",
    "idp.example.com",
    "127.0.0.1",
];

/// What the messages of an input say of people, and what a list of users says.
fn values(place: &Place, input: &str) -> Vec<String> {
    let mut values = BTreeSet::new();
    let numbers = out(&place.run(&["--list", input])).lines().count().max(2);
    for number in 1..numbers {
        let raw = place.run(&["decode", "--raw", "--only", &number.to_string(), input]);
        let xml = String::from_utf8(raw.stdout).unwrap_or_default();
        for piece in xml.split('<') {
            let name = piece.split([' ', '>']).next().unwrap().rsplit(':').next().unwrap();
            let text = piece.split_once('>').map_or("", |(_, text)| text);
            if matches!(name, "NameID" | "AttributeValue") {
                let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
                values.insert(text.trim().to_owned());
            }
            if let Some((_, index)) = piece.split_once("SessionIndex=\"") {
                values.insert(index.split('"').next().unwrap().to_owned());
            }
        }
    }
    if place.path("users.csv").exists() {
        let users = String::from_utf8(place.read("users.csv")).unwrap();
        values.extend(users.lines().skip(1).flat_map(|line| line.split(',')).map(str::to_owned));
    }
    // Words that every report has.
    let common = ["true", "false", "null"];
    values.retain(|value| value.chars().count() >= 4 && !common.contains(&value.as_str()));
    values.into_iter().collect()
}

fn check(place: &Place, name: &str, arguments: &[&str], values: &[String]) {
    for way in WAYS {
        let output = place.run(&[arguments, way, &["--redact"]].concat());
        let told = [output.stdout, output.stderr].concat();
        assert!(!told.contains(&0x1b), "{name} {way:?}");
        let left = words_left(&told, values, &HOSTS);
        assert_eq!(
            left,
            Vec::<String>::new(),
            "{name} {way:?}: {}",
            str::from_utf8(&told).unwrap()
        );
    }
}

#[test]
fn reports_on_samples_tell_nothing_personal() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let folders: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    let (mut all, mut shown) = (0, 0);
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let place = Place::new();
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(file.path(), place.path(file.file_name().to_str().unwrap())).unwrap();
        }
        let cmd = fs::read_to_string(folder.join("cmd")).unwrap();
        let words: Vec<&str> = cmd.lines().next().unwrap().split(' ').skip(1).collect();
        let values = values(&place, words.last().unwrap());
        // Without the option they stand there, so that the search finds what it looks for.
        let plain = place.run(&[words.as_slice(), &["-vv", "--color", "never"]].concat());
        shown += usize::from(!words_left(&plain.stdout, &values, &HOSTS).is_empty());
        check(&place, name, &words, &values);
        all += 1;
    }
    assert!(all >= 40 && shown * 10 >= all * 8, "{shown} of {all}");
}

#[test]
fn reports_on_captures_tell_nothing_personal() {
    let Some(folder) = shared::folder("captures") else { return };
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&manifest).unwrap();
    let place = Place::new();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    for row in rows.iter().filter(|row| row["kind"] == "Response") {
        let text = |name: &str| row[name].as_str().unwrap();
        let input = path(row["files"]["b64"].as_str().unwrap());
        let certificate = path(text("idp_cert"));
        let arguments = [
            "--issuer",
            text("issuer"),
            "--entity-id",
            text("audience"),
            "--login-url",
            text("recipient"),
            "--idp-cert",
            &certificate,
            &input,
        ];
        let name = format!("{}/{}", text("idp"), text("variant"));
        let output = place.run(&[&arguments[..], &["-vv", "--redact"]].concat());
        assert!(code(&output) < 2, "{name}: {}", err(&output));
        let told = [output.stdout, output.stderr].concat();
        let left = words_left(&told, &values(&place, &input), &HOSTS);
        assert_eq!(left, Vec::<String>::new(), "{name}: {}", str::from_utf8(&told).unwrap());
    }
    for name in ["playwright-full.har", "saml-tracer-export-profile1.json"] {
        let input = path(&format!("browser/{name}"));
        let mut values = values(&place, &input);
        assert!(values.len() >= 8, "{values:?}");
        // The organization id stands in the addresses of the configuration, and only in those when nothing was read.
        values.retain(|value| value != "00DD0000000JsCM");
        let arguments = [
            "--issuer",
            "https://idp.acme.example/simplesaml",
            "--entity-id",
            "https://saml.salesforce.com",
            "--login-url",
            "https://acme.my.salesforce.com?so=00DD0000000JsCM",
            &input,
        ];
        check(&place, name, &arguments, &values);
    }
}

#[test]
fn differences_tell_nothing_personal_and_stay_differences() {
    let place = Place::new();
    let named = |name: &str, attribute: &str| {
        let mut response = Response::usual();
        let assertion = response.assertion();
        assertion.subject.as_mut().unwrap().name_id.as_mut().unwrap().value = name.to_owned();
        assertion.attributes = vec![Attribute::new("title", &[attribute])];
        response.xml()
    };
    place.write("good.xml", &named("jdoe@acme.example", "Director"));
    place.write("bad.xml", &named("JDoe@acme.example", "Manager"));
    let values = ["jdoe", "JDoe", "Director", "Manager"];
    for format in ["text", "json"] {
        let arguments = ["diff", "--format", format, "good.xml", "bad.xml"];
        let plain = place.run(&arguments);
        assert!(survivor(&plain.stdout, &values).is_some());
        let output = place.run(&[&arguments[..], &["--redact", "--color", "always"]].concat());
        assert_eq!((code(&output), err(&output).as_str()), (1, ""));
        let told = out(&output);
        assert_eq!(survivor(told.as_bytes(), &values), None, "{told}");
        for pseudonym in ["person-1@domain-1.example", "Person-1@domain-1.example"] {
            assert!(told.contains(pseudonym), "{told}");
        }
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{4,9} [A-Z][a-z]{4,12}",
        "[a-z]{4,10}\\.[a-z]{5,9}@[a-z]{5,9}\\.example",
        "[a-z]{3}[&<>\"'+%\\\\ ][a-z]{4}[äßéñ漢\u{200b}]x",
        "([a-z]{6,9} ){12}[a-z]{9}",
        "[0-9]{9,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn no_value_stands_in_any_report(name in value(), attribute in value(), user in value()) {
        let place = Place::configured();
        let mut response = Response::usual();
        let assertion = response.assertion();
        assertion.subject.as_mut().unwrap().name_id.as_mut().unwrap().value.clone_from(&name);
        assertion.attributes = vec![Attribute::new("title", &[&attribute, &name])];
        place.write("response.xml", &response.xml());
        let quoted = user.replace('"', "\"\"");
        place.write("users.csv", &format!("Username,FederationIdentifier,Id\nx@y.example,\"{quoted}\",005000000000001\n"));
        for way in WAYS {
            let output = place.run(&at(&[way, &["--redact", "response.xml"]].concat()));
            let told = [output.stdout, output.stderr].concat();
            let left = survivor(&told, &[&name, &attribute, &user]);
            prop_assert_eq!(left, None, "{:?}: {}", way, str::from_utf8(&told).unwrap());
        }
    }
}
