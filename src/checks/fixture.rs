//! One judged message for a test: what the toy identity provider signs, held against the usual configuration.
//!
//! A test starts from [`Case::usual`], which is accepted, makes one thing wrong, and states what a check says of it.

use jiff::Timestamp;

use crate::config::{Configuration, Expect, OneOff, Source, SpConfig};
use crate::limits::Limits;
use crate::report::Report;
use crate::support::keys::Key;
use crate::support::response::{ENTITY_ID, ISSUER, LOGIN_URL, Response};
use crate::validate::{At, Options, validate};

use super::{Outcome, by_id};

/// The path of the assertion in the usual response.
pub(crate) const ASSERTION: &str = "/samlp:Response/saml:Assertion";

/// A message, a configuration and the moment to judge at.
pub(crate) struct Case {
    response: Response,
    text: Option<String>,
    config: SpConfig,
    at: Timestamp,
}

/// A value as a configuration gives it.
pub(crate) fn given(value: &str) -> Expect<String> {
    Expect::new(value.to_owned(), Source::Option("--test"))
}

/// An instant of the toy's usual day, with or without a fraction: `10:08:00`.
pub(crate) fn usual_day(time: &str) -> Timestamp {
    format!("2026-01-15T{time}Z").parse().unwrap()
}

/// One failure: its code, what was expected, what was found (several joined by ` | `) and where.
pub(crate) type Told = [String; 4];

impl Case {
    /// The usual response and the configuration `acme-prod`, a minute after the message was issued: accepted.
    pub(crate) fn usual() -> Self {
        let settings = OneOff {
            issuer: Some(given(ISSUER)),
            entity_id: Some(given(ENTITY_ID)),
            login_url: Some(given(LOGIN_URL)),
            idp_certificates: vec![given("idp.pem")],
            ..OneOff::default()
        };
        let certificate = |_: &std::path::Path| Ok(Key::Idp.certificate().to_pem().unwrap());
        let mut config = settings.into_config(&certificate).unwrap();
        "acme-prod".clone_into(&mut config.name);
        Self { response: Response::usual(), text: None, config, at: usual_day("10:01:00") }
    }

    /// Changes the message before it is signed.
    pub(crate) fn message(mut self, edit: impl FnOnce(&mut Response)) -> Self {
        assert!(self.text.is_none(), "the message is written already");
        edit(&mut self.response);
        self
    }

    /// Changes the configuration.
    pub(crate) fn config(mut self, edit: impl FnOnce(&mut SpConfig)) -> Self {
        edit(&mut self.config);
        self
    }

    /// The configuration that it is held against.
    pub(crate) fn configuration(&self) -> SpConfig {
        self.config.clone()
    }

    /// Judges at this time of the usual day.
    pub(crate) fn at(mut self, time: &str) -> Self {
        self.at = usual_day(time);
        self
    }

    /// Changes the text of the message after it was signed.
    pub(crate) fn altered(mut self, edit: impl FnOnce(String) -> String) -> Self {
        self.text = Some(edit(self.xml()));
        self
    }

    /// The assertion alone, without the response around it.
    pub(crate) fn bare(mut self) -> Self {
        self.text = Some(self.response.assertion().xml());
        self
    }

    /// The message as it is sent.
    pub(crate) fn xml(&self) -> String {
        self.text.clone().unwrap_or_else(|| self.response.xml())
    }

    pub(crate) fn report(&self) -> Report {
        let configuration = Configuration {
            service_providers: vec![self.config.clone()],
            limits: Limits::default(),
            path: None,
        };
        let options = Options {
            at: At::Given(self.at),
            clock: self.at,
            service_provider: None,
            engine: crate::crypto::EngineChoice::default(),
            limits: Limits::default(),
        };
        validate(self.xml().as_bytes(), "test", &configuration, &options)
    }

    /// What one check answers.
    pub(crate) fn outcome(&self, check: &str) -> Outcome {
        outcome(&self.report(), check).clone()
    }

    /// What one check says is wrong.
    pub(crate) fn told(&self, check: &str) -> Vec<Told> {
        told(&self.report(), check)
    }

    /// The message is accepted. Returns the report for more.
    #[track_caller]
    pub(crate) fn is_accepted(&self) -> Report {
        let report = self.report();
        let failed: Vec<_> = report.failed().map(|line| line.check.id).collect();
        let details: Vec<_> = failed.iter().map(|check| told(&report, check)).collect();
        assert!(report.is_accepted(), "failed: {details:?}");
        report
    }

    /// The check passes, whatever the others say.
    #[track_caller]
    pub(crate) fn passes(&self, check: &str) {
        assert_eq!(self.outcome(check), Outcome::Ok, "{check}");
    }

    /// The check fails in exactly this one way, and the message is rejected.
    #[track_caller]
    pub(crate) fn fails(&self, check: &str, expected: [&str; 4]) {
        let report = self.report();
        assert_eq!(told(&report, check), [expected.map(str::to_owned)]);
        assert!(!report.is_accepted());
    }

    /// The check fails in these ways, in this order, and the message is rejected.
    #[track_caller]
    pub(crate) fn fails_with(&self, check: &str, codes: &[&str]) {
        let report = self.report();
        let told: Vec<_> = told(&report, check);
        let found: Vec<_> = told.iter().map(|[code, ..]| code.as_str()).collect();
        assert_eq!(found, codes, "{told:?}");
        assert!(!report.is_accepted());
    }

    /// The report lists a finding of this kind with this value, at this place.
    #[track_caller]
    pub(crate) fn finds(&self, code: &str, found: &str, xpath: &str) {
        let expected = [code, found, xpath].map(str::to_owned);
        let findings = findings(&self.report());
        assert!(findings.contains(&expected), "{findings:?}");
    }
}

/// What one check answers in a report.
pub(crate) fn outcome<'r>(report: &'r Report, check: &str) -> &'r Outcome {
    assert!(by_id(check).is_some(), "there is no check {check}");
    let line = report.lines().iter().find(|line| line.check.id == check);
    &line.unwrap().outcome
}

/// What one check says is wrong in a report.
pub(crate) fn told(report: &Report, check: &str) -> Vec<Told> {
    let tell = |failure: &super::Failure| {
        let expected: Vec<_> = failure.expected.iter().map(|side| side.text.as_str()).collect();
        let location = failure.at.and_then(|at| report.location(at));
        [
            failure.code.id.to_owned(),
            expected.join(" | "),
            failure.found.join(" | "),
            location.map(|location| location.xpath).unwrap_or_default(),
        ]
    };
    outcome(report, check).failures().iter().map(tell).collect()
}

/// Every finding: its code, its value and its place.
pub(crate) fn findings(report: &Report) -> Vec<[String; 3]> {
    let tell = |finding: &crate::finding::Finding| {
        let location = report.site(finding.at);
        let xpath = location.map(|location| location.xpath).unwrap_or_default();
        [finding.code.id.to_owned(), finding.found.clone(), xpath]
    };
    report.findings().iter().map(tell).collect()
}
