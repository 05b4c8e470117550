//! Every attack of the ledger, on every genuine message: never accepted, and for the right reason.
//!
//! The attacks are data, in `tests/tamper/`: see [`attacks::Attack`]. The genuine messages are the samples that are accepted and,
//! where `../shared/captures` is there, the accepted captures of real software.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

#[path = "tamper/mod.rs"]
mod attacks;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use attacks::subject::{Subject, Subjects, Values};
use attacks::{Attack, Class, Expected, TABLES};
use samlcheck::checks::code_by_id;
use samlcheck::finding;
use samlcheck::report::Report;

fn subjects() -> &'static Subjects {
    static SUBJECTS: OnceLock<Subjects> = OnceLock::new();
    SUBJECTS.get_or_init(Subjects::load)
}

fn codes(report: &Report) -> Vec<&'static str> {
    let failures = report.lines().iter().flat_map(|line| line.outcome.failures());
    failures.map(|failure| failure.code.id).collect()
}

/// What is wrong with the outcome of an attack, if anything; and whether the message was accepted.
fn judge(attack: &Attack, subject: &Subject, message: &[u8]) -> Result<bool, String> {
    let report = subject.judge(message, attack.judged);
    let accepted = report.is_accepted();
    let (found, values) = (codes(&report), Values::of(&report));
    let has = |codes: &[&str]| found.iter().any(|code| codes.contains(code));
    let unchanged = |finding: Option<&str>, or: &[&str]| match (accepted, finding) {
        (true, _) if values != subject.values => Err(format!("accepted with {values:?}")),
        (true, Some(id)) if !report.findings().iter().any(|found| found.code.id == id) => {
            Err(format!("accepted without the finding {id}"))
        }
        (true, _) => Ok(()),
        (false, _) if has(or) => Ok(()),
        (false, _) => Err(format!("rejected with {found:?}, not {or:?}")),
    };
    match attack.expected {
        Expected::Rejected(_) if accepted => Err(format!("accepted with {values:?}")),
        Expected::Rejected(codes) if has(codes) => Ok(()),
        Expected::Rejected(codes) => Err(format!("rejected with {found:?}, not {codes:?}")),
        Expected::Unchanged { finding, or } => unchanged(Some(finding), or),
        Expected::Harmless { or } => unchanged(None, or),
    }
    .map(|()| accepted)
}

/// Tries every attack of some classes on every message it applies to.
fn try_all(classes: &[Class]) {
    let mut wrong = Vec::new();
    for attack in TABLES.iter().filter(|t| classes.contains(&t.class)).flat_map(|t| t.attacks) {
        let mut outcomes = BTreeMap::from([(true, 0), (false, 0)]);
        for subject in &subjects().all {
            let Some(message) = (attack.make)(subject) else { continue };
            match judge(attack, subject, &message) {
                Ok(accepted) => *outcomes.entry(accepted).or_default() += 1,
                Err(what) => wrong.push(format!("{} on {}: {what}", attack.id, subject.name)),
            }
        }
        match attack.expected {
            Expected::Rejected(_) if outcomes[&false] == 0 => {
                wrong.push(format!("{}: applies to no message", attack.id));
            }
            Expected::Unchanged { .. } | Expected::Harmless { .. } if outcomes[&true] == 0 => {
                wrong.push(format!("{}: no message is accepted", attack.id));
            }
            Expected::Rejected(_) | Expected::Unchanged { .. } | Expected::Harmless { .. } => {}
        }
    }
    assert!(wrong.is_empty(), "{} outcomes are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn wrapped_signatures_cover_nothing_that_is_read() {
    try_all(&[Class::SignatureWrapping, Class::LookAlikeIds, Class::Multiplicity]);
}

#[test]
fn values_are_never_cut_nor_read_from_another_place() {
    try_all(&[Class::Truncation, Class::Pollution, Class::Identifiers]);
}

#[test]
fn what_two_parsers_could_read_differently_is_refused() {
    try_all(&[Class::ParserDifferentials, Class::VoidCanonicalization, Class::Entities]);
}

#[test]
fn nothing_in_a_signature_but_the_configured_key_counts() {
    try_all(&[
        Class::MarkupInSignatureValues,
        Class::HmacWithPublicKey,
        Class::KeyFromKeyInfo,
        Class::ExternalReferences,
        Class::Transforms,
        Class::Algorithms,
        Class::Certificates,
    ]);
}

#[test]
fn what_is_not_signed_is_not_believed() {
    try_all(&[Class::SignatureExclusion, Class::Encryption]);
}

#[test]
fn a_genuine_message_for_somebody_else_or_another_time_is_refused() {
    try_all(&[Class::Misdirection, Class::Times, Class::ProtocolLies]);
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    try_all(&[Class::Bombs]);
}

#[test]
fn hostile_text_in_a_value_changes_no_verdict() {
    try_all(&[Class::Injection]);
}

#[test]
fn every_class_has_its_attacks() {
    let mut ids = BTreeSet::new();
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    for table in TABLES {
        for attack in table.attacks {
            assert!(ids.insert(attack.id), "{} is there twice", attack.id);
            *counts.entry(table.class).or_default() += 1;
        }
    }
    for class in Class::ALL {
        let count = counts.get(&class).copied().unwrap_or_default();
        println!("{count:>4} {class:?}");
        assert!(count >= 3, "{class:?} has {count} attacks");
    }
    let Subjects { all, skipped, alike, .. } = subjects();
    println!("{} attacks on {} messages", ids.len(), all.len());
    println!("{} captures skipped, not accepted untampered: {}", skipped.len(), skipped.join(", "));
    println!("{} captures like another, tried with SAMLCHECK_TAMPER=all", alike.len());
    assert!(ids.len() >= 150, "{} attacks", ids.len());
}

#[test]
fn every_expected_code_and_finding_exists() {
    for attack in TABLES.iter().flat_map(|table| table.attacks) {
        let codes = match attack.expected {
            Expected::Rejected(codes)
            | Expected::Unchanged { or: codes, .. }
            | Expected::Harmless { or: codes } => codes,
        };
        for code in codes {
            assert!(code_by_id(code).is_some(), "{}: {code} is no failure code", attack.id);
        }
        if let Expected::Unchanged { finding, .. } = attack.expected {
            let known = finding::ALL.iter().any(|code| code.id == finding);
            assert!(known, "{}: {finding} is no finding", attack.id);
        }
    }
}

#[test]
fn every_defence_that_is_named_exists() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for attack in TABLES.iter().flat_map(|table| table.attacks) {
        let (file, function) = attack.stopped_by.split_once(' ').unwrap();
        let source = std::fs::read_to_string(sources.join(file))
            .unwrap_or_else(|error| panic!("{}: {file}: {error}", attack.id));
        let defined = source.contains(&format!("fn {function}("))
            || source.contains(&format!("fn {function}<"))
            || source.contains(&format!("const {function}:"));
        assert!(defined, "{}: {file} has no {function}", attack.id);
    }
}
