//! `--what-if` as a user meets it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use place::{Place, at, code, err, out};
use samlcheck::render::JSON_SCHEMA;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every sample, run as its `cmd` says with more arguments.
fn samples(more: &[&str]) -> Vec<(String, Output)> {
    let folders = fs::read_dir(root().join("samples")).unwrap().map(|entry| entry.unwrap().path());
    let run = |folder: std::path::PathBuf| {
        let cmd = fs::read_to_string(folder.join("cmd")).unwrap();
        let arguments = cmd.lines().next().unwrap().split(' ').skip(1);
        let mut command = Command::cargo_bin("samlcheck").unwrap();
        command.current_dir(&folder).env_clear().args(arguments).args(more);
        (folder.display().to_string(), command.output().unwrap())
    };
    folders.filter(|folder| folder.is_dir()).map(run).collect()
}

#[test]
fn asking_changes_nothing_but_what_is_told_besides() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let plain = samples(&["--format", "json"]);
    let asked = samples(&["--format", "json", "--what-if"]);
    assert!(plain.len() > 30, "{} samples", plain.len());
    let mut told = 0;
    for ((name, plain), (_, asked)) in plain.iter().zip(&asked) {
        assert_eq!(code(plain), code(asked), "{name}");
        assert_eq!(err(plain), err(asked), "{name}");
        let (plain, mut asked) = (json(plain), json(asked));
        for report in asked.as_array_mut().into_iter().flatten() {
            report.as_object_mut().unwrap().remove("what_if").unwrap();
        }
        if asked.is_object() {
            let found: Vec<_> = validator.iter_errors(&asked).map(|e| e.to_string()).collect();
            assert!(found.is_empty(), "{name}: {found:?}");
            let changes = asked.as_object_mut().unwrap().remove("what_if").unwrap();
            told += changes.as_array().unwrap().len();
            if plain["verdict"] == "accepted" {
                assert_eq!(changes, serde_json::json!([]), "{name}");
            }
        }
        assert_eq!(plain, asked, "{name}");
    }
    assert!(told > 10, "{told} changes in all samples");
}

#[test]
fn a_change_that_is_told_turns_the_verdict_when_it_is_made() {
    let place = Place::configured();
    place.copy("13-audience-trailing-slash/response.body");
    let arguments = at(&["--what-if", "--format", "json", "response.body"]);
    let output = place.run(&arguments);
    let change = &json(&output)["what_if"][0];
    assert_eq!((code(&output), change["setting"].as_str()), (1, Some("entity_id")));
    let value = change["to"].as_str().unwrap();
    assert_eq!(code(&place.run(&at(&["--entity-id", value, "response.body"]))), 0);
    assert_eq!(code(&place.run(&at(&["response.body"]))), 1, "and nothing was written anywhere");
}

#[test]
fn a_skew_that_is_told_is_the_smallest_that_is_enough() {
    let place = Place::configured();
    let late = ["--at", "2026-01-15T10:10:00Z", "--what-if", "--format", "json", "response.b64"];
    let changes = json(&place.run(&late))["what_if"].clone();
    let skew = changes.as_array().unwrap().iter().find(|c| c["setting"] == "clock_skew_seconds");
    let enough: u32 = skew.unwrap()["to"].as_str().unwrap().parse().unwrap();
    for (seconds, exit) in [(enough, 0), (enough - 1, 1)] {
        let skew = seconds.to_string();
        let more = ["--at", "2026-01-15T10:10:00Z", "--clock-skew-seconds", &skew, "response.b64"];
        assert_eq!(code(&place.run(&more)), exit, "{skew}");
    }
}

#[test]
fn a_private_key_of_another_configuration_is_named() {
    let place = Place::new();
    for file in ["response.b64", "samlcheck.toml", "idp.pem", "sp.key"] {
        place.copy(&format!("29-encrypted-for-another-key/{file}"));
    }
    let key = fs::read_to_string(root().join("tests/support/keys/other.pem")).unwrap();
    place.write("other.key", &key);
    let config = String::from_utf8(place.read("samlcheck.toml")).unwrap();
    let other = "\n[[sp]]\nname = \"other\"\nissuer = \"https://other.example\"\n\
                 entity_id = \"https://other.example/sp\"\nlogin_url = \"https://other.example/login\"\n\
                 idp_certificate = \"idp.pem\"\ndecryption_key = \"other.key\"\n";
    place.write("samlcheck.toml", &format!("{config}{other}"));
    let arguments = at(&["--sp", "acme-prod", "--what-if", "--format", "json", "response.b64"]);
    let output = place.run(&arguments);
    let changes = json(&output)["what_if"].clone();
    assert_eq!((code(&output), changes[0]["change"].as_str()), (1, Some("add-decryption-key")));
    assert_eq!(
        (changes[0]["to"].as_str(), changes[0]["safe"].as_bool()),
        (Some("other.key"), Some(true))
    );
}

#[test]
fn quietly_only_the_verdict_is_told() {
    let place = Place::configured();
    let late = ["--at", "2026-01-15T12:00:00Z", "--what-if", "-q", "response.b64"];
    assert!(!out(&place.run(&late)).contains("What if"));
}

#[test]
fn diff_tells_what_would_have_to_change_in_the_second_message() {
    let place = Place::configured();
    place.copy("13-audience-trailing-slash/response.body");
    let diff = |more: &[&'static str]| {
        [&["diff"], &at(&["--what-if"])[..], more, &["response.b64", "response.body"]].concat()
    };
    let output = place.run(&diff(&[]));
    assert_eq!((code(&output), err(&output)), (1, String::new()));
    let said = out(&output);
    let told = "\nWhat if: this change alone would make the message accepted; it was not made\n  \
                entity_id (safe to adopt)\n    from  https://acme.my.salesforce.com\n";
    assert!(
        said.starts_with("From response.b64 to response.body: ") && said.contains(told),
        "{said}"
    );
    let document = json(&place.run(&diff(&["--format", "json"])));
    assert_eq!(document["what_if"][0]["setting"], "entity_id");
    assert_eq!(document["same"], false);
    let plain = json(&place.run(&["diff", "--format", "json", "response.b64", "response.body"]));
    assert!(plain.get("what_if").is_none());
    assert_eq!(plain["changes"], document["changes"]);
}

#[test]
fn diff_takes_the_configuration_from_options_and_misses_one_only_when_it_is_needed() {
    let place = Place::new();
    place.copy("01-all-green/response.b64");
    place.copy("01-all-green/idp.pem");
    let late = ["--at", "2026-01-15T12:00:00Z", "--what-if"];
    let both = ["diff", "response.b64", "response.b64"];
    let output = place.run(&[&both[..], &late].concat());
    assert_eq!(code(&output), 4, "{}", out(&output));
    let options = [
        "--issuer",
        "https://idp.example.com/metadata",
        "--entity-id",
        "https://acme.my.salesforce.com",
        "--login-url",
        "https://acme.my.salesforce.com?so=00D000000000001",
        "--idp-cert",
        "idp.pem",
    ];
    let output = place.run(&[&both[..], &late, &options].concat());
    assert_eq!((code(&output), err(&output)), (0, String::new()));
    assert!(out(&output).contains("  --at (safe to adopt)\n"), "{}", out(&output));
}
