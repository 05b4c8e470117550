//! Every refusal that is known, told by its row, and what a refusal leaves to be checked.

use crate::checks::fixture::{Case, outcome};
use crate::checks::{Because, Outcome};
use crate::config::Configuration;
use crate::diagnosis::refusals::{Acts, TABLE, Table};
use crate::diagnosis::refused::RULE;
use crate::limits::Limits;
use crate::report::Report;
use crate::support::response::Status;
use crate::support::uri;
use crate::validate::{At, Options, validate};

fn refused(codes: &[&str], message: Option<&str>) -> Report {
    let (codes, message) = (codes.to_vec(), message.map(str::to_owned));
    Case::usual()
        .message(move |response| {
            let mut status = Status::new(&codes);
            status.message = message;
            response.status = Some(status);
            response.assertion = None;
        })
        .report()
}

fn cause(report: &Report) -> &'static str {
    report.diagnoses().first().map_or("nothing", |first| first.cause.code)
}

fn told<'r>(report: &'r Report, label: &str) -> Option<&'r str> {
    let evidence = report.diagnoses().first()?.evidence.iter().find(|e| e.label == label)?;
    evidence.values.first().map(String::as_str)
}

fn rows() -> Table {
    toml::from_str(TABLE).unwrap()
}

#[test]
fn every_row_is_told_with_its_cause_and_whose_turn_it_is() {
    for row in &rows().refusal {
        let report = match row.said.strip_prefix("status:") {
            Some(code) => {
                let code = format!("urn:oasis:names:tc:SAML:2.0:status:{code}");
                refused(&[uri::RESPONDER, &code], None)
            }
            None => {
                let message = format!("{}: the words of the product.", row.said.to_uppercase());
                refused(&[uri::RESPONDER], Some(&message))
            }
        };
        assert_eq!(cause(&report), row.cause, "{}", row.said);
        assert_eq!(told(&report, "which means"), row.means.as_deref(), "{}", row.said);
        assert_eq!(told(&report, "must act"), Some(row.acts.says()), "{}", row.said);
        assert_eq!(report.exit_code(), 1);
    }
}

#[test]
fn rows_are_in_small_letters_and_stand_once() {
    let mut seen = std::collections::BTreeSet::new();
    let rows = rows().refusal;
    for row in &rows {
        assert!(seen.insert(row.said.as_str()), "{} stands twice", row.said);
        assert!(RULE.causes.iter().any(|cause| cause.code == row.cause), "{}", row.cause);
        assert_eq!(row.said, row.said.to_ascii_lowercase());
        assert!(row.means.as_ref().is_none_or(|means| !means.ends_with('.')), "{}", row.said);
    }
    for number in [
        50105, 50011, 700_016, 650_056, 75011, 50076, 50079, 53003, 50126, 50053, 50057, 50058,
        16000, 50020, 75005, 76021, 750_054, 900_235,
    ] {
        assert!(seen.contains(format!("aadsts{number}").as_str()), "{number}");
    }
}

#[test]
fn a_number_is_the_whole_number() {
    let report = refused(&[uri::RESPONDER], Some("AADSTS501051: something else."));
    assert_eq!(cause(&report), "idp-refused");
    assert_eq!(told(&report, "must act"), Some(Acts::Idp.says()));
    let report = refused(&[uri::RESPONDER], Some("Error AADSTS50105, trace 1"));
    assert_eq!(cause(&report), "idp-refused-user");
}

#[test]
fn a_refusal_that_nobody_knows_is_told_by_its_codes() {
    let report = refused(&[uri::RESPONDER], None);
    assert_eq!(cause(&report), "idp-refused");
    assert_eq!(told(&report, "which means"), None);
    let report = refused(&["urn:example:private"], Some("no"));
    assert_eq!(cause(&report), "idp-refused");
    assert_eq!(told(&report, "status"), Some("urn:example:private"));
}

#[test]
fn what_cannot_matter_any_more_is_skipped() {
    let report = refused(&[uri::RESPONDER, uri::AUTHN_FAILED], None);
    let failed: Vec<&str> = report.failed().map(|line| line.check.id).collect();
    assert_eq!(failed, ["status"]);
    assert_eq!(*outcome(&report, "signature"), Outcome::Skipped(Because::StatusNotSuccess));
    assert!(!report.is_accepted());
    assert_eq!(report.diagnoses().len(), 1);
    assert_eq!(report.diagnoses()[0].explains, ["status"]);
}

#[test]
fn a_refusal_that_still_holds_an_assertion_is_checked_on() {
    let case = Case::usual().message(|response| {
        response.status = Some(Status::new(&[uri::RESPONDER]));
        response.assertion().signing = None;
    });
    let report = case.report();
    let failed: Vec<&str> = report.failed().map(|line| line.check.id).collect();
    assert_eq!(failed, ["status", "signature"]);
    assert_eq!(*outcome(&report, "issuer"), Outcome::Ok);
}

#[test]
fn a_success_is_no_refusal() {
    let case = Case::usual().message(|response| {
        let mut status = Status::new(&[uri::SUCCESS]);
        status.message = Some("AADSTS50105 is not meant here".to_owned());
        response.status = Some(status);
    });
    assert_eq!(case.is_accepted().diagnoses(), []);
}

#[test]
fn without_a_status_nothing_was_refused() {
    let report = Case::usual()
        .message(|response| {
            response.status = None;
            response.assertion = None;
        })
        .report();
    assert!(!cause(&report).starts_with("idp-refused"));
    assert!(matches!(outcome(&report, "signature"), Outcome::Failed(_)));
}

/// Judged where there is no configuration at all.
fn without_configuration(case: &Case) -> Report {
    let none =
        Configuration { service_providers: Vec::new(), limits: Limits::default(), path: None };
    let clock = crate::checks::fixture::usual_day("10:01:00");
    let options = Options {
        at: At::Now,
        clock,
        service_provider: None,
        engine: crate::crypto::EngineChoice::default(),
        limits: Limits::default(),
    };
    validate(case.xml().as_bytes(), "test", &none, &options)
}

#[test]
fn a_refusal_is_told_without_a_configuration() {
    let refused = Case::usual().message(|response| {
        response.status = Some(Status::new(&[uri::RESPONDER, uri::AUTHN_FAILED]));
        response.assertion = None;
    });
    let report = without_configuration(&refused);
    assert_eq!((cause(&report), report.exit_code()), ("idp-refused-authentication", 4));
    let success = without_configuration(&Case::usual());
    assert_eq!((success.diagnoses().len(), success.exit_code()), (0, 4));
}
