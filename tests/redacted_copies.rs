//! A redacted copy is judged as the original was: the first ten items of the checklist keep their outcome and their failures.
//!
//! Three things a copy cannot keep. Its signature does not verify. What was encrypted cannot be opened in it, so that nothing is said
//! of what was inside. And where a value of the message is a word of the address it was sent to (an organization id behind `so=`),
//! that address has a pseudonym too and is no longer the configured one.

#![cfg(feature = "xmlsec")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;
mod shared;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use place::{Place, code, err};
use samlcheck::input::capture;
use samlcheck::limits::Limits;
use samlcheck::redact::{self, Judged};
use samlcheck::report::Report;
use samlcheck::validate::At;
use serde::Deserialize;
use serde_json::Value;
use shared::{ServiceProvider, folder, judged};

/// Number, outcome and failures of each item.
type Items = Vec<(u64, String, Vec<String>)>;

/// The items that both must agree on, given the values of the original and the addresses it names.
fn compare(name: &str, original: &Items, copy: &Items, values: &[String], addresses: &[String]) {
    assert_eq!(original.len(), copy.len(), "{name}");
    for (before, after) in original.iter().zip(copy) {
        let is_sealed = after.1 == "skipped";
        let is_renamed = before.0 == 10
            && addresses.iter().any(|address| {
                let path =
                    address.splitn(4, '/').nth(3).or(address.split_once('?').map(|(_, q)| q));
                let words: Vec<&str> =
                    path.unwrap_or_default().split(['/', '?', '&', '=']).collect();
                values.iter().any(|value| {
                    address.starts_with(value.as_str()) || words.contains(&value.as_str())
                })
            });
        if !(is_renamed || is_sealed && name.contains("encrypt")) {
            assert_eq!(before, after, "{name}");
        }
    }
}

/// The values and the addresses of a message, read with nothing but the XML's own marks.
fn read(xml: &str) -> (Vec<String>, Vec<String>) {
    let between = |start: &str, end: char| -> Vec<String> {
        let found = xml.match_indices(start).filter_map(|(at, _)| {
            let rest = &xml[at + start.len()..];
            let rest = if end == '<' { rest.split_once('>')?.1 } else { rest };
            Some(rest.split(end).next()?.replace("&amp;", "&"))
        });
        found.collect()
    };
    let addresses = [between("Recipient=\"", '"'), between("Destination=\"", '"')].concat();
    (between("AttributeValue", '<'), addresses)
}

#[test]
fn samples_keep_their_checklist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut compared = 0;
    for folder in folders.filter(|folder| folder.is_dir()) {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let place = Place::new();
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(file.path(), place.path(file.file_name().to_str().unwrap())).unwrap();
        }
        let cmd = fs::read_to_string(folder.join("cmd")).unwrap();
        let words: Vec<&str> = cmd.lines().next().unwrap().split(' ').skip(1).collect();
        let (input, options) = words.split_last().unwrap();
        let text = place.run(&["decode", "--raw", input]);
        let copy = place.run(&["redact", input]);
        if code(&place.run(&["decode", input])) != 0 {
            // Nobody can tell what is personal in what is no XML.
            assert_eq!((code(&copy), copy.stdout.as_slice()), (2, &b""[..]), "{name}");
            continue;
        }
        assert_eq!((code(&copy), err(&copy).as_str()), (0, ""), "{name}");
        let judged = |bytes: &[u8]| -> Vec<Items> {
            let arguments = [options, &["--format", "json", "-"]].concat();
            let output = place.command(&arguments).write_stdin(bytes).output().unwrap();
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            let reports = report.as_array().cloned().unwrap_or_else(|| vec![report.clone()]);
            reports.iter().map(items_of).collect()
        };
        let (before, after) = (judged(&place.read(input)), judged(&copy.stdout));
        assert_eq!(before.len(), after.len(), "{name}");
        let (values, addresses) = read(str::from_utf8(&text.stdout).unwrap_or_default());
        for (before, after) in before.iter().zip(&after) {
            compare(&name, before, after, &values, &addresses);
            compared += 1;
        }
    }
    assert!(compared >= 35, "{compared} samples");
}

fn items_of(report: &Value) -> Items {
    let checks = report["checks"].as_array().into_iter().flatten();
    let items = checks.filter_map(|check| {
        let number = check["number"].as_u64().filter(|number| *number <= 10)?;
        let failures = check["failures"].as_array().into_iter().flatten();
        let codes = failures.map(|failure| failure["code"].as_str().unwrap().to_owned());
        Some((number, check["outcome"].as_str().unwrap().to_owned(), codes.collect()))
    });
    items.collect()
}

/// A row of the manifest, as far as it is needed here.
#[derive(Deserialize)]
struct Row {
    idp: String,
    variant: String,
    issuer: String,
    audience: String,
    recipient: String,
    captured: String,
    idp_cert: String,
    files: BTreeMap<String, String>,
}

#[test]
fn captures_keep_their_checklist() {
    let Some(folder) = folder("captures") else { return };
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&manifest).unwrap();
    let rows = rows.into_iter().filter(|row| row["kind"] == "Response");
    let rows: Vec<Row> = rows.map(|row| serde_json::from_value(row).unwrap()).collect();
    assert!(rows.len() >= 40, "only {} rows", rows.len());
    for row in rows {
        // What was encrypted has nothing left to be judged.
        if row.variant.contains("encrypt") {
            continue;
        }
        let name = format!("{}/{}", row.idp, row.variant);
        let configuration = ServiceProvider {
            issuer: &row.issuer,
            entity_id: &row.audience,
            login_url: &row.recipient,
            certificate: folder.join(&row.idp_cert),
            decryption_key: None,
        }
        .configuration();
        let at = At::Given(row.captured.parse().unwrap());
        let bytes = fs::read(folder.join(row.files.values().next().unwrap())).unwrap();
        let limits = Limits::default();
        let held = capture(&mut bytes.as_slice(), "test", &limits, None).unwrap().unwrap();
        let messages: Vec<Judged> = held
            .messages
            .iter()
            .map(|message| Judged {
                bytes: message.bytes.clone(),
                verdict: "accepted".to_owned(),
                decrypted: None,
            })
            .collect();
        let how = redact::Options { hosts: false, limits };
        let copy = redact::copy(&bytes, &messages, &how).unwrap_or_else(|e| panic!("{name}: {e}"));
        let items = |bytes: &[u8]| items(&judged(bytes, &configuration, at));
        let (values, addresses) = read(str::from_utf8(&messages[0].bytes).unwrap_or_default());
        compare(&name, &items(&bytes), &items(&copy), &values, &addresses);
    }
}

fn items(report: &Report) -> Items {
    let lines = report.lines().iter();
    let items = lines.filter_map(|line| {
        let number = u64::from(line.check.number.filter(|number| *number <= 10)?);
        let codes = line.outcome.failures().iter().map(|failure| failure.code.id.to_owned());
        Some((number, line.outcome.name().to_owned(), codes.collect()))
    });
    items.collect()
}
