//! Every captured message of real software gets its expected verdict at its own time, the same in every file form.
//!
//! The captures are in `../shared/captures`, one row each in `manifest.json`; without that folder the test says so and passes.

#![cfg(feature = "xmlsec")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what the tests here share may fail the test"
)]

mod shared;

use std::collections::BTreeMap;
use std::path::Path;

use samlcheck::input::{Capture, Captured, Carried, Note, capture};
use samlcheck::limits::Limits;
use samlcheck::report::Report;
use samlcheck::validate::At;
use serde::Deserialize;

use shared::{ServiceProvider, attacks, codes, folder, judged};

/// A row of the manifest, as far as it is needed here.
#[derive(Deserialize)]
struct Row {
    idp: String,
    variant: String,
    kind: String,
    encrypted: serde_json::Value,
    issuer: String,
    audience: String,
    recipient: String,
    name_id: Option<String>,
    captured: String,
    idp_cert: String,
    decryption_key: Option<String>,
    expect: String,
    files: BTreeMap<String, String>,
}

/// What the report must say of a row: whether it is accepted, its failure codes, its exit code.
struct Verdict {
    accepted: bool,
    codes: &'static [&'static str],
    exit_code: u8,
}

impl Row {
    fn name(&self) -> String {
        format!("{}/{}", self.idp, self.variant)
    }

    fn is_encrypted(&self) -> bool {
        self.encrypted.as_array().is_some_and(|all| !all.is_empty())
    }

    fn verdict(&self) -> Verdict {
        if self.kind != "Response" {
            return Verdict { accepted: false, codes: &["input-not-saml"], exit_code: 3 };
        }
        let rejected = |codes| Verdict { accepted: false, codes, exit_code: 1 };
        match (self.expect.as_str(), self.variant.as_str()) {
            ("accept", _) => Verdict { accepted: true, codes: &[], exit_code: 0 },
            ("reject", "idpinit-unsigned") => rejected(&["signature-missing"]),
            ("reject", "spinit-passive-error") => rejected(&["status-not-success"]),
            // No EncryptedKey: the secret key is shared, as this platform does not.
            ("reject", "idpinit-encrypted-sharedkey-noEncryptedKey") => {
                rejected(&["input-encrypted"])
            }
            // samlify signs what it then encrypts: what is on the wire was never signed.
            ("unknown", "response-tmpl-sign-then-encrypt") => rejected(&["signature-digest"]),
            ("unknown", "response-sign-then-encrypt") => {
                rejected(&["authn-statement-missing", "signature-digest"])
            }
            // "Unknown" in the manifest: samlify's own template has no AuthnStatement, which this platform asks for.
            ("unknown", _) if self.idp == "samlify" => rejected(&["authn-statement-missing"]),
            other => panic!("{}: no verdict is known for {other:?}", self.name()),
        }
    }
}

/// Checks and their outcomes, without the places: line numbers are the same only in the same text.
fn checklist(report: &Report) -> Vec<String> {
    let line = |line: &samlcheck::checks::Line| {
        let failures = line.outcome.failures().iter();
        let failures: Vec<_> = failures.map(|f| (f.code.id, &f.expected, &f.found)).collect();
        format!("{} {} {failures:?}", line.check.id, line.outcome.name())
    };
    report.lines().iter().map(line).collect()
}

fn judge(folder: &Path, row: &Row, file: &str) -> Report {
    judge_bytes(folder, row, &std::fs::read(folder.join(file)).unwrap())
}

fn judge_bytes(folder: &Path, row: &Row, bytes: &[u8]) -> Report {
    let service_provider = ServiceProvider {
        issuer: &row.issuer,
        entity_id: &row.audience,
        login_url: &row.recipient,
        certificate: folder.join(&row.idp_cert),
        decryption_key: row.decryption_key.as_ref().map(|path| folder.join(path)),
    };
    let at = At::Given(row.captured.parse().unwrap());
    judged(bytes, &service_provider.configuration(), at)
}

fn rows(folder: &Path) -> Vec<Row> {
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&manifest).unwrap();
    // A row without files of its own describes a recording of a browser, which the tests below read.
    let rows = rows.into_iter().filter(|row| row.get("kind").is_some());
    rows.map(|row| serde_json::from_value(row).unwrap()).collect()
}

#[test]
fn every_capture_gets_its_verdict_in_every_form() {
    let Some(folder) = folder("captures") else { return };
    let rows = rows(&folder);
    assert!(rows.len() >= 60, "only {} rows", rows.len());
    assert!(rows.iter().filter(|row| row.is_encrypted()).count() >= 11, "encrypted ones");
    let mut wrong = Vec::new();
    for row in &rows {
        let expected = row.verdict();
        let mut first: Option<(Vec<String>, Option<String>)> = None;
        for (form, file) in row.files.iter().filter(|(form, _)| *form != "decrypted") {
            let report = judge(&folder, row, file);
            let codes = codes(&report);
            let attacks = attacks(&report);
            if !attacks.is_empty() {
                wrong.push(format!("{} {form}: told of attacks {attacks:?}", row.name()));
            }
            let found = (report.is_accepted(), codes.as_slice(), report.exit_code());
            if found != (expected.accepted, expected.codes, expected.exit_code) {
                wrong.push(format!("{} {form}: {found:?}", row.name()));
                continue;
            }
            // The manifest leaves out the identifier that it calls transient.
            let name_id = row.name_id.as_deref();
            if expected.accepted && name_id.is_some() && report.subject() != name_id {
                wrong.push(format!("{} {form}: subject {:?}", row.name(), report.subject()));
            }
            let same = (checklist(&report), report.subject().map(str::to_owned));
            match &first {
                None => first = Some(same),
                Some(first) if *first == same => {}
                Some(_) => wrong.push(format!("{} {form} differs from another form", row.name())),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_product_of_every_response_is_recognised_or_left_open() {
    let Some(folder) = folder("captures") else { return };
    let rows = rows(&folder);
    let mut recognised = 0;
    for row in rows.iter().filter(|row| row.kind == "Response") {
        for (form, file) in row.files.iter().filter(|(form, _)| *form != "decrypted") {
            let report = judge(&folder, row, file);
            let guess = report.idp_product().map(|guess| guess.product.id.as_str());
            // The other producers are libraries, none of the products that the table knows.
            let expected = (row.idp == "simplesamlphp").then_some("simplesamlphp");
            assert_eq!(guess, expected, "{} {form}", row.name());
            recognised += usize::from(guess.is_some());
        }
    }
    assert!(recognised >= 17, "only {recognised}");
}

/// Each tag on a line of its own, whatever white space there was.
fn indented(xml: &str) -> String {
    let part = |part: &str| match part.trim_end() {
        tag if tag.ends_with('>') => format!("{tag}\n    "),
        _ => part.to_owned(),
    };
    xml.split('<').map(part).collect::<Vec<_>>().join("<")
}

#[test]
fn what_a_formatter_made_of_a_capture_is_recovered() {
    let Some(folder) = folder("captures") else { return };
    let (mut recovered, mut lost) = (0, Vec::new());
    for row in rows(&folder).iter().filter(|row| row.expect == "accept" && row.kind == "Response") {
        let Some(file) = row.files.get("xml") else { continue };
        let xml = std::fs::read_to_string(folder.join(file)).unwrap();
        let report = judge_bytes(&folder, row, indented(&xml).as_bytes());
        // Around an encrypted assertion that is signed inside nothing is signed, so nothing is lost.
        if report.is_accepted() {
            continue;
        }
        match report.diagnoses().first().map(|first| first.cause.code) {
            Some("reformatted") => recovered += 1,
            other => lost.push((row.name(), other)),
        }
    }
    assert!(recovered >= 20 && lost.len() * 10 <= recovered, "{recovered} and not {lost:?}");
}

/// What the identity provider of the recorded logins posted, by the exchange that posted it.
const POSTED: [&str; 2] =
    ["_d282d964d6275abf5553ff0ad62cd7d99e6f4eccf8", "_d0bd5fd5817ca88f8613f498e88881bb29fae7b1e8"];

fn recording(folder: &Path, name: &str) -> Capture {
    let mut file = std::fs::File::open(folder.join("browser").join(name)).unwrap();
    capture(&mut file, name, &Limits::default(), None).unwrap().unwrap()
}

fn text(message: &Captured) -> &str {
    std::str::from_utf8(&message.bytes).unwrap()
}

/// The messages of one kind, in their order.
fn of_kind<'c>(capture: &'c Capture, root: &str) -> Vec<&'c Captured> {
    let has_root = |message: &&Captured| text(message).contains(&format!("<samlp:{root} "));
    capture.messages.iter().filter(has_root).collect()
}

#[test]
fn every_posted_response_of_a_recorded_login_is_found_once_and_verifies() {
    let Some(folder) = folder("captures") else { return };
    let service_provider = ServiceProvider {
        issuer: "https://idp.acme.example/simplesaml",
        entity_id: "https://saml.salesforce.com",
        login_url: "https://acme.my.salesforce.com?so=00DD0000000JsCM",
        certificate: folder.join("simplesamlphp/idp.crt"),
        decryption_key: None,
    };
    let har = recording(&folder, "playwright-full.har");
    for (name, notes) in [
        ("playwright-full.har", vec![]),
        ("saml-tracer-export-profile1.json", vec![]),
        ("saml-tracer-export-profile2.json", vec![Note::MaskedButWhole]),
    ] {
        let found = recording(&folder, name);
        assert_eq!(found.notes, notes, "{name}");
        assert_eq!(found.broken, [], "{name}");
        assert_eq!(found.messages.len(), 5, "{name}");
        let responses = of_kind(&found, "Response");
        assert_eq!(responses.len(), POSTED.len(), "{name}");
        for ((response, id), same) in responses.iter().zip(POSTED).zip(of_kind(&har, "Response")) {
            assert!(text(response).contains(&format!("ID=\"{id}\"")));
            assert_eq!(response.bytes, same.bytes, "{name}");
            let delivered = &response.sightings[0];
            assert_eq!(delivered.carried, Carried::Request, "{name}");
            assert_eq!(delivered.exchange.status, Some(302), "{name}");
            let at = response.captured_at.unwrap().instant;
            let report = judged(&response.bytes, &service_provider.configuration(), At::Given(at));
            assert!(report.is_accepted(), "{name}: {:?}", codes(&report));
        }
        let redirects = ["AuthnRequest", "LogoutRequest", "LogoutResponse"];
        for root in redirects {
            let [message] = of_kind(&found, root)[..] else { panic!("{name}: {root}") };
            assert_eq!(message.bytes, of_kind(&har, root)[0].bytes, "{name}: {root}");
            let query = message.raw_query.as_deref().unwrap();
            assert!(query.contains("&SigAlg=") && query.contains("&Signature="), "{name}: {root}");
        }
    }
}
