//! The folder of vectors and captures beside the repository, and judging a file of it.

#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "what tests share may fail the test and say why it is skipped"
)]

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use samlcheck::config::{Configuration, Expect, OneOff, Source};
use samlcheck::finding::Severity;
use samlcheck::limits::Limits;
use samlcheck::report::Report;
use samlcheck::validate::{At, Options, validate};

/// What a configuration needs to judge a file.
pub struct ServiceProvider<'a> {
    pub issuer: &'a str,
    pub entity_id: &'a str,
    pub login_url: &'a str,
    pub certificate: PathBuf,
    pub decryption_key: Option<PathBuf>,
}

/// A folder under `../shared`; nothing, with the reason printed, when it is not there.
pub fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is absent; it is not part of the repository", folder.display());
    None
}

impl ServiceProvider<'_> {
    /// The configuration, as options would give it.
    pub fn configuration(&self) -> Configuration {
        let given = |text: &str| Expect::new(text.to_owned(), Source::Option("--test"));
        let settings = OneOff {
            issuer: Some(given(self.issuer)),
            entity_id: Some(given(self.entity_id)),
            login_url: Some(given(self.login_url)),
            idp_certificates: vec![given(self.certificate.to_str().unwrap())],
            decryption_keys: self
                .decryption_key
                .iter()
                .map(|path| given(path.to_str().unwrap()))
                .collect(),
            ..OneOff::default()
        };
        let config = settings.into_config(&|path| std::fs::read(path)).unwrap();
        Configuration { service_providers: vec![config], limits: Limits::default(), path: None }
    }
}

/// Judges bytes at a moment; `clock` matters only where that moment asks for it.
pub fn judged(bytes: &[u8], configuration: &Configuration, at: At) -> Report {
    let options = Options {
        at,
        clock: Timestamp::UNIX_EPOCH,
        service_provider: None,
        engine: samlcheck::crypto::EngineChoice::default(),
        limits: Limits::default(),
    };
    validate(bytes, "test", configuration, &options)
}

/// Every finding of severity attack.
pub fn attacks(report: &Report) -> Vec<&'static str> {
    let findings = report.findings().iter();
    let attacks = findings.filter(|finding| finding.code.severity == Severity::Attack);
    attacks.map(|finding| finding.code.id).collect()
}

/// Every failure code, in the order of the checklist.
pub fn codes(report: &Report) -> Vec<&'static str> {
    let failures = report.lines().iter().flat_map(|line| line.outcome.failures());
    failures.map(|failure| failure.code.id).collect()
}
