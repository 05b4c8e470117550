//! A healthy message gets no diagnosis: the accepted samples, with and without just-in-time provisioning.

// Both engines stand in what is compared.
#![cfg(feature = "xmlsec")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;
mod support;

use std::fs;
use std::path::Path;

use place::{Place, at, code};
use support::assertion::Attribute;
use support::response::Response;

/// Samples that are accepted and fail at what comes after the checklist.
const FAIL_LATER: [&str; 7] = [
    "48-provisioning-without-prefix",
    "49-provisioning-half-an-account",
    "50-assertion-seen-before",
    "53-transient-name-id",
    "54-names-two-requests",
    "55-groups-left-out",
    "63-answers-another-request",
];

/// The codes of the diagnoses of the only report.
fn codes(json: &[u8]) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_slice(json).unwrap();
    let all = report["diagnosis"].as_array().unwrap().iter();
    all.map(|diagnosis| diagnosis["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_sample_that_is_all_green_has_a_diagnosis() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut green = 0;
    for entry in fs::read_dir(&root).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let cmd = fs::read_to_string(folder.join("cmd")).unwrap();
        let name = folder.file_name().unwrap().to_str().unwrap();
        if cmd.ends_with("exit 0\n") {
            let found = codes(&fs::read(folder.join("expected.json")).unwrap());
            assert_eq!(found.is_empty(), !FAIL_LATER.contains(&name), "{name}: {found:?}");
            green += 1;
        }
    }
    assert!(green > FAIL_LATER.len() + 3, "{green} samples are accepted");
}

#[test]
fn a_whole_message_for_provisioning_has_none_either() {
    let place = Place::new();
    for file in ["samlcheck.toml", "idp.pem"] {
        place.copy(&format!("48-provisioning-without-prefix/{file}"));
    }
    for (name, attributes) in [
        (
            "employee.xml",
            &[
                ("ProvisionVersion", "1.0"),
                ("User.Username", "zmueller@acme.example"),
                ("User.Email", "zoe.mueller@acme.example"),
                ("User.LastName", "M\u{fc}ller"),
                ("User.ProfileId", "00e000000000001AAA"),
                ("User.FederationIdentifier", "zmueller@example.com"),
                ("User.TimeZoneSidKey", "Europe/Berlin"),
                ("User.Cost_Centre__c", "17"),
                ("department", "Sales"),
            ][..],
        ),
        (
            "customer.xml",
            &[
                ("User.Username", "zmueller@acme.example"),
                ("User.Email", "zoe.mueller@acme.example"),
                ("User.LastName", "M\u{fc}ller"),
                ("User.ProfileId", "Customer Community User"),
                ("User.PortalRole", "Worker"),
                ("Contact.Email", "zoe.mueller@acme.example"),
                ("Contact.LastName", "M\u{fc}ller"),
                ("Account.AccountNumber", "A-17"),
                ("Account.Name", "Example Corp"),
                ("Account.Owner", "005000000000001"),
            ],
        ),
    ] {
        let mut response = Response::usual();
        response.assertion().attributes = Attribute::all(attributes);
        place.write(name, &response.xml());
        let output = place.run(&at(&["--format", "json", name]));
        assert_eq!((code(&output), codes(&output.stdout)), (0, vec![]), "{name}");
        // Nobody reads it as one for provisioning when that is not switched on.
        let output = place.run(&at(&["--format", "json", "--provisioning", "none", name]));
        assert_eq!((code(&output), codes(&output.stdout)), (0, vec![]), "{name}");
    }
}

#[test]
fn a_message_without_a_profile_has_one_only_where_it_is_switched_on() {
    let place = Place::configured();
    for (kind, expected) in [("none", 0), ("standard", 1)] {
        let output = place.run(&at(&["--format", "json", "--provisioning", kind, "response.b64"]));
        let found = codes(&output.stdout);
        assert_eq!((code(&output), found.len()), (0, expected), "{found:?}");
        assert!(found.iter().all(|code| code == "provisioning-would-fail"), "{found:?}");
    }
}
