//! What holds for the output of every sample, in every format.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

use std::fs;
use std::path::{Path, PathBuf};

use samlcheck::config;
use samlcheck::input;
use samlcheck::render::{Detail, Format, JSON_SCHEMA, SCHEMA, Style, indent, renderer};
use samlcheck::report::Report;
use samlcheck::validate::{At, Options, validate, validate_captured};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

const STYLE: Style = Style { color: false, detail: Detail::Normal, width: 100, ascii: false };
const DETAILS: [Detail; 4] =
    [Detail::Verdict, Detail::Normal, Detail::Verbose, Detail::VeryVerbose];

struct Sample {
    name: String,
    report: Report,
}

fn samples() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 16, "all samples are there");
    folders.iter().map(|folder| sample(folder)).collect()
}

/// Judged as its `cmd` says: `samlcheck --at INSTANT [--sp NAME] [--seen FILE] FILE`, by the message alone.
fn sample(folder: &Path) -> Sample {
    let command = fs::read_to_string(folder.join("cmd")).unwrap();
    let words: Vec<&str> = command.lines().next().unwrap().split(' ').collect();
    let (at, service_provider, file) = match words.as_slice() {
        ["samlcheck", "--at", at, file] | ["samlcheck", "--at", at, "--seen", _, file] => {
            (at, None, file)
        }
        ["samlcheck", "--at", at, "--sp", name, file] => (at, Some(str::to_owned(name)), file),
        _ => panic!("{command}"),
    };
    let at = at.parse().unwrap();
    let toml = fs::read_to_string(folder.join("samlcheck.toml")).unwrap();
    let read = |path: &Path| fs::read(folder.join(path));
    let configuration = config::load(Path::new("samlcheck.toml"), &toml, &read).unwrap();
    let options = Options {
        at: At::Given(at),
        clock: at,
        service_provider,
        engine: samlcheck::crypto::EngineChoice::default(),
        limits: configuration.limits,
    };
    let input = fs::read(folder.join(file)).unwrap();
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    // Of a capture the last message: its response.
    let held = input::capture(&mut input.as_slice(), file, &options.limits, None).unwrap();
    let message = held.as_ref().ok().and_then(|held| held.messages.last());
    let report = match message {
        Some(message) => validate_captured(message, &configuration, &options),
        None => validate(&input, file, &configuration, &options),
    };
    Sample { name, report }
}

fn rendered(format: Format, style: Style, several: bool, reports: &[&Report]) -> String {
    let mut out = Vec::new();
    let mut renderer = renderer(format, style, several);
    for report in reports {
        renderer.report(report, &mut out).unwrap();
    }
    renderer.finish(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(report: &Report) -> Value {
    serde_json::from_str(&rendered(Format::Json, STYLE, false, &[report])).unwrap()
}

#[test]
fn every_json_document_is_as_the_schema_says() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for sample in samples() {
        let document = json(&sample.report);
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|e| format!("{e} at {}", e.instance_path))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", sample.name);
        assert_eq!(document["schema"], SCHEMA);
        assert_eq!(document["exit_code"], sample.report.exit_code(), "{}", sample.name);
    }
}

#[test]
fn the_schema_refuses_what_it_does_not_know() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut document = json(&samples()[0].report);
    assert!(validator.is_valid(&document));
    document["verdict"] = "rejected".into();
    assert!(!validator.is_valid(&document), "rejected with exit code 0");
    let mut document = json(&samples()[0].report);
    document["another"] = true.into();
    assert!(!validator.is_valid(&document), "an unknown field");
}

#[test]
fn every_failing_check_is_named_in_every_format() {
    for sample in samples() {
        let document = json(&sample.report);
        let failed: Vec<&str> = sample.report.failed().map(|line| line.check.id).collect();
        let listed: Vec<&str> =
            document["failed"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(failed, listed, "{}", sample.name);
        for detail in DETAILS {
            let text = rendered(Format::Text, Style { detail, ..STYLE }, false, &[&sample.report]);
            let verdict = text.lines().last().unwrap();
            assert!(failed.iter().all(|id| verdict.contains(id)), "{}: {verdict}", sample.name);
            assert_eq!(verdict == "Accepted", sample.report.is_accepted(), "{}", sample.name);
        }
    }
}

#[test]
fn every_failure_says_its_line_both_sides_and_code_in_text() {
    for sample in samples() {
        let text = rendered(Format::Text, STYLE, false, &[&sample.report]);
        for failure in sample.report.failed().flat_map(|line| line.outcome.failures()) {
            let code = failure.code.id;
            assert!(text.contains(&format!("samlcheck explain {code}")), "{}: {code}", sample.name);
            // The signature's digest and value have the platform's lines and the certificates instead.
            if ["signature-digest", "signature-value", "signature-wrong-key"].contains(&code) {
                continue;
            }
            assert!(text.contains(failure.line.text()), "{}: {code}", sample.name);
            let sides =
                failure.expected.iter().map(|expected| &expected.text).chain(&failure.found);
            // What a parser says is prose, and wrapped.
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            for side in sides {
                let is_told = text.contains(side.as_str()) || words(&text).contains(&words(side));
                assert!(is_told, "{}: {side}", sample.name);
            }
        }
    }
}

#[test]
fn the_page_is_the_platforms_but_for_indented_lines() {
    let all = samples();
    let text = rendered(Format::Text, STYLE, false, &[&all[2].report]);
    let (_, page) = text.split_once("Unexpected Exceptions").unwrap();
    let page: Vec<&str> = page.lines().skip(1).filter(|line| !line.starts_with("    ")).collect();
    let expected = "  Ok
1. Validating the Status
  Ok
2. Looking for an Authentication Statement
  Ok
3. Looking for a Conditions statement
  Ok
4. Checking that the timestamps in the assertion are valid
  Ok
5. Checking that the Attribute namespace matches, if provided
  Not Provided
6. Miscellaneous format confirmations
  Ok
7. Confirming Issuer matches
  Ok
8. Confirming a Subject Confirmation was provided and contains valid timestamps
  Ok
9. Checking that the Audience matches
  Ok
10. Checking the Recipient
  Ok
11. Validating the Signature
  Is the response signed? true
  Is the assertion signed? false
  Is the correct certificate supplied in the keyinfo? true
  Ok
12. Checking that the Site URL Attribute contains a valid site url, if provided
  Not Provided
13. Looking for portal and organization id, if provided
  Ok
14. Checking if session security level is valid, if provided
  Ok";
    let count = expected.lines().count();
    assert_eq!(page[..count].join("\n"), expected);
}

#[test]
fn no_line_is_wider_than_a_hundred_columns_unless_one_value_is() {
    for sample in samples() {
        let text = rendered(Format::Text, STYLE, false, &[&sample.report]);
        for line in text.lines().filter(|line| line.width() > 100) {
            // A path, or the platform's line with the certificate's name: neither may be broken.
            let value = line.trim_start();
            let whole = value.starts_with('/') || value.starts_with("Certificate specified in ");
            assert!(whole, "{}: {line}", sample.name);
        }
    }
}

#[test]
fn several_reports_are_an_array_or_are_headed_and_counted() {
    let all = samples();
    let reports: Vec<&Report> = all.iter().map(|sample| &sample.report).collect();
    let array: Value =
        serde_json::from_str(&rendered(Format::Json, STYLE, true, &reports)).unwrap();
    assert_eq!(array.as_array().unwrap().len(), reports.len());
    assert_eq!(array[1], json(reports[1]), "one by one and together");
    let text = rendered(Format::Text, STYLE, true, &reports[..1]);
    assert!(text.ends_with("1 message: 1 accepted, 0 rejected\n"), "{text}");
    let quiet = Style { detail: Detail::Verdict, ..STYLE };
    let text = rendered(Format::Text, quiet, true, &reports);
    assert_eq!(text.lines().count(), reports.len());
    assert!(text.starts_with("response.b64: Accepted\n"), "{text}");
}

#[test]
fn every_finding_says_its_code_severity_and_place_in_text_and_json() {
    let mut seen = 0;
    for sample in samples() {
        let text = rendered(Format::Text, STYLE, false, &[&sample.report]);
        let document = json(&sample.report);
        let told = document["findings"].as_array().unwrap();
        assert_eq!(told.len(), sample.report.findings().len(), "{}", sample.name);
        for (finding, told) in sample.report.findings().iter().zip(told) {
            let place = sample.report.site(finding.at).unwrap();
            assert_eq!(told["code"], finding.code.id);
            assert_eq!(told["severity"], finding.code.severity.name());
            assert_eq!((&told["line"], &told["xpath"]), (&place.line.into(), &place.xpath.into()));
            assert!(text.contains(&format!("code      {}", finding.code.id)), "{}", sample.name);
            assert!(text.contains(told["xpath"].as_str().unwrap()), "{}", sample.name);
            seen += 1;
        }
    }
    assert!(seen > 2, "some samples have findings");
}

/// A message that writes to the terminal wherever it can.
#[test]
fn a_message_cannot_write_to_the_terminal() {
    let hostile = "\u{9b}31m\u{202e}\u{200b}\u{7f}\u{2028}\u{e0041}";
    let xml = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{hostile}\" Version=\"{hostile}\" \
         IssueInstant=\"{hostile}\" Destination=\"{hostile}\"><saml:Issuer Format=\"{hostile}\">{hostile}\
         </saml:Issuer><samlp:Status><samlp:StatusCode Value=\"{hostile}\"/><samlp:StatusMessage>{hostile}\
         </samlp:StatusMessage></samlp:Status><saml:Assertion ID=\"{hostile}\" IssueInstant=\"{hostile}\">\
         <saml:Issuer>{hostile}</saml:Issuer><saml:Subject><saml:NameID Format=\"{hostile}\">{hostile}\
         </saml:NameID><saml:SubjectConfirmation Method=\"{hostile}\"/></saml:Subject><saml:Conditions \
         NotBefore=\"{hostile}\"><saml:AudienceRestriction><saml:Audience>{hostile}</saml:Audience>\
         </saml:AudienceRestriction></saml:Conditions><saml:AttributeStatement><saml:Attribute \
         Name=\"{hostile}\" FriendlyName=\"{hostile}\"><saml:AttributeValue>{hostile}<!--{hostile}-->\
         </saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>"
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/01-all-green");
    let toml = fs::read_to_string(folder.join("samlcheck.toml")).unwrap();
    let read = |path: &Path| fs::read(folder.join(path));
    let configuration = config::load(Path::new("samlcheck.toml"), &toml, &read).unwrap();
    let clock = "2026-01-15T10:01:00Z".parse().unwrap();
    for sp in [None, Some("acme-prod".to_owned())] {
        let limits = configuration.limits;
        let options = Options {
            at: At::Now,
            clock,
            service_provider: sp,
            engine: samlcheck::crypto::EngineChoice::default(),
            limits,
        };
        let report = validate(xml.as_bytes(), hostile, &configuration, &options);
        let raw = |text: &str| hostile.chars().any(|c| !c.is_ascii_graphic() && text.contains(c));
        for detail in DETAILS {
            let text = rendered(Format::Text, Style { detail, ..STYLE }, true, &[&report]);
            assert!(!raw(&text), "{detail:?}: {text}");
        }
        let text = rendered(Format::Json, STYLE, false, &[&report]);
        assert!(!raw(&text));
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["origin"], hostile, "JSON loses nothing");
        let mut out = Vec::new();
        indent(report.parts().document.as_ref().unwrap(), &STYLE, &mut out).unwrap();
        assert!(!raw(&String::from_utf8(out).unwrap()), "decode");
    }
}

#[test]
fn colours_only_add_to_the_text() {
    colored::control::set_override(true);
    for sample in samples() {
        let plain = rendered(Format::Text, STYLE, false, &[&sample.report]);
        let style = Style { color: true, ..STYLE };
        let inked = rendered(Format::Text, style, false, &[&sample.report]);
        let mut bare = inked.clone();
        for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m"] {
            bare = bare.replace(code, "");
        }
        assert_eq!(bare, plain, "{}", sample.name);
        assert!(!inked.contains("\u{1b}[31mIs the response signed?"), "neutral, never red");
    }
}

#[test]
fn a_rule_broken_a_thousand_times_is_shown_a_few_times_and_counted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/16-unsigned");
    let toml = fs::read_to_string(folder.join("samlcheck.toml")).unwrap();
    let read = |path: &Path| fs::read(folder.join(path));
    let configuration = config::load(Path::new("samlcheck.toml"), &toml, &read).unwrap();
    let xml = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}</samlp:Response>",
        "<x/>".repeat(1000)
    );
    let clock = "2026-01-15T10:01:00Z".parse().unwrap();
    let sp = Some("acme-prod".to_owned());
    let options = Options {
        at: At::Now,
        clock,
        service_provider: sp,
        engine: samlcheck::crypto::EngineChoice::default(),
        limits: configuration.limits,
    };
    let report = validate(xml.as_bytes(), "many.xml", &configuration, &options);
    let text = rendered(Format::Text, STYLE, false, &[&report]);
    assert!(text.lines().count() < 200, "{text}");
    assert!(text.contains(" more like these"), "{text}");
    let document = json(&report);
    let format =
        document["checks"].as_array().unwrap().iter().find(|c| c["id"] == "format").unwrap();
    assert!(format["failures"].as_array().unwrap().len() < 50);
    // The reader notes 64 departures at the most, the renderer shows 10 of them.
    assert!(format["failures_omitted"].as_u64().unwrap() > 40);
}
