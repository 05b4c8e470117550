//! The table as a whole: its order, names and words, and what is skipped when there is nothing to judge.

use std::collections::BTreeSet;
use std::path::Path;

use super::fixture::{Case, outcome};
use super::*;
use crate::finding;
use crate::support::response::Status;
use crate::support::uri;

/// platform §2, to the letter.
const TITLES: [(Option<u8>, &str); 16] = [
    (None, "Unexpected Exceptions"),
    (Some(1), "Validating the Status"),
    (Some(2), "Looking for an Authentication Statement"),
    (Some(3), "Looking for a Conditions statement"),
    (Some(4), "Checking that the timestamps in the assertion are valid"),
    (Some(5), "Checking that the Attribute namespace matches, if provided"),
    (Some(6), "Miscellaneous format confirmations"),
    (Some(7), "Confirming Issuer matches"),
    (Some(8), "Confirming a Subject Confirmation was provided and contains valid timestamps"),
    (Some(9), "Checking that the Audience matches"),
    (Some(10), "Checking the Recipient"),
    (Some(11), "Validating the Signature"),
    (Some(12), "Checking that the Site URL Attribute contains a valid site url, if provided"),
    (Some(13), "Looking for portal and organization id, if provided"),
    (Some(14), "Checking if session security level is valid, if provided"),
    (None, "Mapping the subject to a user"),
];

/// The ids that the issue fixes.
const IDS: [&str; 16] = [
    "input",
    "status",
    "authn-statement",
    "conditions",
    "timestamps",
    "attribute",
    "format",
    "issuer",
    "subject-confirmation",
    "audience",
    "recipient",
    "signature",
    "site-url",
    "portal-organization",
    "session-level",
    "subject",
];

fn is_kebab_case(id: &str) -> bool {
    id.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

#[test]
fn the_table_is_the_platforms_page() {
    assert_eq!(CHECKS.iter().map(|check| check.id).collect::<Vec<_>>(), IDS);
    assert_eq!(CHECKS.iter().map(|check| (check.number, check.title)).collect::<Vec<_>>(), TITLES);
}

#[test]
fn every_id_is_unique_and_kebab_case() {
    let checks = CHECKS.iter().map(|check| check.id);
    let codes = CHECKS.iter().flat_map(|check| check.failures).map(|code| code.id);
    let findings = finding::ALL.iter().map(|code| code.id);
    let mut seen = BTreeSet::new();
    for id in checks.chain(codes).chain(findings) {
        assert!(is_kebab_case(id), "{id}");
        assert!(seen.insert(id), "{id} stands twice");
    }
}

#[test]
fn every_code_begins_with_its_checks_id_and_is_found_by_its_own() {
    for check in CHECKS {
        assert!(!check.failures.is_empty(), "{} cannot fail", check.id);
        for code in check.failures {
            let rest = code.id.strip_prefix(check.id).unwrap_or_default();
            assert!(rest.starts_with('-'), "{} of {}", code.id, check.id);
            let (found_check, found_code) = code_by_id(code.id).unwrap();
            assert_eq!((found_check.id, found_code), (check.id, *code));
        }
    }
    assert!(by_id("audiences").is_none() && code_by_id("audience").is_none());
}

#[test]
fn every_check_and_every_code_has_its_words() {
    for check in CHECKS {
        assert!(!check.clause.is_empty() && !check.passes.is_empty(), "{}", check.id);
        assert!(check.asks.ends_with('?'), "{}", check.id);
        for code in check.failures {
            let sentences = [code.cause, code.fix_sp, code.fix_idp];
            assert!(!code.line.text().is_empty(), "{}", code.id);
            assert!(sentences.iter().all(|words| words.ends_with('.')), "{}", code.id);
        }
    }
    for code in finding::ALL {
        let sentences = [code.says, code.means, code.whose, code.advice];
        assert!(sentences.iter().all(|words| words.ends_with('.')), "{}", code.id);
        assert!(by_id(code.check).is_some(), "{} is shown under no check", code.id);
    }
}

#[test]
fn every_failure_but_one_of_the_input_has_a_row_in_the_login_history() {
    for code in CHECKS.iter().flat_map(|check| check.failures) {
        assert_eq!(code.history.is_none(), code.id.starts_with("input-"), "{}", code.id);
    }
}

#[test]
fn a_check_stands_in_the_file_of_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    for check in CHECKS {
        let file = folder.join(format!("{}.rs", check.id.replace('-', "_")));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(&format!("id: \"{}\"", check.id)), "{}", file.display());
    }
}

/// The answers of every check that looks at an assertion.
fn answers(report: &crate::report::Report) -> Vec<Outcome> {
    let about =
        CHECKS.iter().filter(|check| matches!(check.run, Run::Assertion(_) | Run::Both { .. }));
    about.map(|check| outcome(report, check.id).clone()).collect()
}

#[test]
fn without_a_login_there_is_no_assertion_to_check() {
    let refused = Case::usual().message(|response| {
        response.status = Some(Status::new(&[uri::RESPONDER, uri::AUTHN_FAILED]));
        response.assertion = None;
    });
    let report = refused.report();
    assert_eq!(report.lines().len(), CHECKS.len());
    assert_eq!(answers(&report), vec![Outcome::Skipped(Because::StatusNotSuccess); 12]);
    assert!(!report.is_accepted());
}

#[test]
fn a_success_without_an_assertion_skips_what_it_cannot_judge() {
    let report = Case::usual().message(|response| response.assertion = None).report();
    assert_eq!(answers(&report), vec![Outcome::Skipped(Because::NoAssertion); 12]);
}

fn encrypted() -> Case {
    Case::usual().message(|response| {
        response.assertion = None;
        response.after_assertion = format!(
            "<saml:EncryptedAssertion xmlns:saml=\"{}\"></saml:EncryptedAssertion>",
            uri::ASSERTION
        );
    })
}

#[test]
fn an_encrypted_assertion_skips_what_it_cannot_judge() {
    let report = encrypted().report();
    assert_eq!(answers(&report), vec![Outcome::Skipped(Because::Encrypted); 12]);
    assert_eq!(report.exit_code(), 1);
}

#[test]
fn what_is_wrong_around_an_encrypted_assertion_is_told() {
    let case = encrypted().at("10:30:00").message(|response| {
        response.destination = Some("https://other.example/acs".to_owned());
        response.issuer = Some(crate::support::assertion::Issuer::new("urn:other"));
    });
    case.fails_with("timestamps", &["timestamps-issued-too-long-ago"]);
    case.fails_with("issuer", &["issuer-mismatch"]);
    case.fails_with("recipient", &["recipient-destination"]);
    let skipped = Outcome::Skipped(Because::Encrypted);
    assert_eq!(answers(&case.report()).iter().filter(|o| **o == skipped).count(), 9);
}

#[test]
fn an_input_that_is_no_message_skips_everything_else() {
    let report = Case::usual().altered(|_| "<a/>".to_owned()).report();
    let rest = report.lines().iter().skip(1);
    assert!(rest.map(|line| &line.outcome).all(|o| *o == Outcome::Skipped(Because::NoMessage)));
    assert_eq!(report.lines().len(), CHECKS.len());
    assert_eq!(report.exit_code(), 3);
}

#[test]
fn the_usual_message_is_accepted_with_every_line_in_its_place() {
    let report = Case::usual().is_accepted();
    assert_eq!(report.exit_code(), 0);
    assert_eq!(report.subject(), Some("zmueller@example.com"));
    assert_eq!(report.assertion_id(), Some("_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c"));
    let order: Vec<_> = report.lines().iter().map(|line| line.check.id).collect();
    assert_eq!(order, IDS);
}

#[test]
fn a_bare_assertion_is_accepted_and_has_no_status() {
    let report = Case::usual().bare().is_accepted();
    assert_eq!(*outcome(&report, "status"), Outcome::NotProvided);
    assert_eq!(report.parts().kind, Some("Assertion"));
}
