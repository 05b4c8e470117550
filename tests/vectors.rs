//! Every vector ends as its name says: `ok_*` accepted, `enc_*` decrypted and accepted, `bad_*` rejected, each for its own
//! reason.
//!
//! A vector that ends otherwise needs its reason in `tests/exceptions.toml`, and loses its place there when it ends as it is named.
//!
//! The vectors are in `../shared/vectors`; without that folder the tests say so and pass.

#![cfg(feature = "xmlsec")]
#![allow(clippy::unwrap_used, reason = "what the tests here share may fail the test")]

mod shared;

use std::path::Path;
use std::slice;

use samlcheck::config::Configuration;
use samlcheck::validate::At;
use serde::Deserialize;

use shared::{ServiceProvider, attacks, codes, folder, judged};

/// Why each bad vector is rejected: one of the failures of the report.
const REASONS: [(&str, &str); 37] = [
    ("bad_both_bad", "signature-digest"),
    ("bad_digest", "signature-digest"),
    ("bad_digestvalue", "signature-digest"),
    ("bad_digestvalue_comment", "signature-structure"),
    ("bad_dtd_bomb", "input-doctype"),
    ("bad_dtd_default_attr", "input-doctype"),
    ("bad_dtd_entity", "input-doctype"),
    ("bad_dtd_ext", "input-doctype"),
    ("bad_dtd_id", "input-doctype"),
    ("bad_dtd_xxe", "input-doctype"),
    ("bad_dupid", "signature-id-duplicate"),
    ("bad_dupid_case", "signature-id-duplicate"),
    ("bad_evilkey", "signature-value"),
    ("bad_exturi", "signature-reference"),
    ("bad_hmac", "signature-algorithm"),
    ("bad_httpuri", "signature-reference"),
    ("bad_missing_id", "signature-id-missing"),
    ("bad_pi_in_nameid", "signature-digest"),
    ("bad_sigvalue", "signature-value"),
    ("bad_sigvalue_child", "signature-structure"),
    ("bad_two_signedinfo", "signature-structure"),
    ("bad_tworefs", "signature-structure"),
    ("bad_unbound_prefix", "input-not-xml"),
    ("bad_unsigned", "signature-missing"),
    ("bad_void_rel_ns", "input-not-xml"),
    ("bad_void_rel_ns_root", "input-not-xml"),
    ("bad_xpath", "signature-transform"),
    ("bad_xptr", "signature-reference"),
    ("bad_xptr_inject", "signature-reference"),
    ("bad_xptr_root", "signature-reference"),
    ("bad_xslt", "signature-transform"),
    ("bad_xsw3", "format-assertion-count"),
    ("bad_xsw4", "format-assertion-count"),
    ("bad_xsw5", "format-assertion-count"),
    ("bad_xsw6", "format-assertion-count"),
    ("bad_xsw7", "format-assertion-count"),
    ("bad_xsw8", "format-assertion-count"),
];

fn configuration(folder: &Path, certificate: &str) -> Configuration {
    ServiceProvider {
        issuer: "https://idp.example.com/metadata",
        entity_id: "https://example.my.salesforce.com",
        login_url: "https://example.my.salesforce.com?so=00D000000000001",
        certificate: folder.join(certificate),
        decryption_key: Some(folder.join("sp.key.pem")),
    }
    .configuration()
}

fn names(folder: &Path, prefix: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let stems = names.filter_map(|name| Some(name.strip_suffix(".xml")?.to_owned()));
    let mut kept: Vec<_> = stems.filter(|name| name.starts_with(prefix)).collect();
    kept.sort();
    kept
}

/// What `tests/exceptions.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exceptions {
    exception: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    vector: String,
    reason: String,
}

/// What is wrong with these outcomes (name, and whether it was accepted), given the exceptions.
fn divergences(outcomes: &[(String, bool)], exceptions: &[Exception]) -> Vec<String> {
    let mut wrong = Vec::new();
    for exception in exceptions {
        let name = &exception.vector;
        if exception.reason.trim().is_empty() {
            wrong.push(format!("{name}: an exception without a reason"));
        }
        if !outcomes.iter().any(|(vector, _)| vector == name) {
            wrong.push(format!("{name}: an exception for no vector"));
        }
    }
    for (name, is_accepted) in outcomes {
        let as_named = *is_accepted != name.starts_with("bad_");
        let is_exception = exceptions.iter().any(|exception| exception.vector == *name);
        match (as_named, is_exception) {
            (true, false) | (false, true) => {}
            (true, true) => wrong.push(format!("{name}: ends as it is named, and is an exception")),
            (false, false) => wrong.push(format!("{name}: accepted is {is_accepted}")),
        }
    }
    wrong
}

#[test]
fn every_vector_ends_as_its_name_says_or_has_a_reason() {
    let exceptions: Exceptions = toml::from_str(include_str!("exceptions.toml")).unwrap();
    let Some(folder) = folder("vectors") else { return };
    let all = names(&folder, "");
    let outcome = |name: String| {
        let bytes = std::fs::read(folder.join(format!("{name}.xml"))).unwrap();
        let report = judged(&bytes, &configuration(&folder, certificate(&name)), At::Issued);
        (name, report.is_accepted())
    };
    let outcomes: Vec<_> = all.into_iter().map(outcome).collect();
    assert!(outcomes.len() >= 150, "only {}", outcomes.len());
    let wrong = divergences(&outcomes, &exceptions.exception);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_exception_has_a_reason_and_a_vector_that_needs_it() {
    let outcome = |name: &str, is_accepted| (name.to_owned(), is_accepted);
    let outcomes = [outcome("ok_a", true), outcome("ok_b", false), outcome("bad_c", true)];
    let exceptions = |all: &[(&str, &str)]| -> Vec<Exception> {
        let exception = |(vector, reason): &(&str, &str)| Exception {
            vector: (*vector).to_owned(),
            reason: (*reason).to_owned(),
        };
        all.iter().map(exception).collect()
    };
    let count = |all: &[(&str, &str)]| divergences(&outcomes, &exceptions(all)).len();
    assert_eq!(count(&[]), 2);
    assert_eq!(count(&[("ok_b", "why")]), 1);
    assert_eq!(count(&[("ok_b", "why"), ("bad_c", "why")]), 0);
    assert_eq!(count(&[("ok_b", "why"), ("bad_c", " ")]), 1, "no reason");
    assert_eq!(count(&[("ok_b", "why"), ("bad_c", "why"), ("ok_a", "why")]), 1, "unexpected pass");
    assert_eq!(count(&[("ok_b", "why"), ("bad_c", "why"), ("ok_d", "why")]), 1, "no vector");
}

/// The certificate of the key that signed this vector.
fn certificate(name: &str) -> &'static str {
    if name == "ok_asrt_4096" { "idp4096.crt.pem" } else { "idp.crt.pem" }
}

/// Good vectors with a comment or instruction in a value, on purpose: what is signed is whole, and the attempt is told.
const MARKED: [(&str, &str); 4] = [
    ("ok_asrt_c14nwc", "comment-in-value"),
    ("ok_asrt_comment", "comment-in-value"),
    ("ok_asrt_weird", "instruction-in-value"),
    ("ok_x_comment_in_nameid", "comment-in-value"),
];

#[test]
fn every_good_vector_is_accepted() {
    let Some(folder) = folder("vectors") else { return };
    let names = names(&folder, "ok_");
    assert!(names.len() >= 28, "{names:?}");
    let mut wrong = Vec::new();
    for name in names {
        let bytes = std::fs::read(folder.join(format!("{name}.xml"))).unwrap();
        let configuration = configuration(&folder, certificate(&name));
        let report = judged(&bytes, &configuration, At::Issued);
        let marked = MARKED.iter().find(|(marked, _)| *marked == name);
        let expected: &[&str] =
            marked.map(|(_, finding)| slice::from_ref(finding)).unwrap_or_default();
        if !report.is_accepted() || attacks(&report) != expected {
            wrong.push((name, [codes(&report), attacks(&report)].concat()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_encrypted_vector_is_decrypted_and_accepted() {
    let Some(folder) = folder("vectors") else { return };
    let configuration = configuration(&folder, "idp.crt.pem");
    let names = names(&folder, "enc_");
    assert!(names.len() >= 85, "{names:?}");
    let mut wrong = Vec::new();
    for name in names {
        let bytes = std::fs::read(folder.join(format!("{name}.xml"))).unwrap();
        let report = judged(&bytes, &configuration, At::Issued);
        let attacks = attacks(&report);
        if !attacks.is_empty() {
            wrong.push((name.clone(), attacks));
        }
        if !report.is_accepted() || report.parts().opened.decrypted().is_empty() {
            wrong.push((name, codes(&report)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_bad_vector_is_rejected_for_its_own_reason() {
    let Some(folder) = folder("vectors") else { return };
    let configuration = configuration(&folder, "idp.crt.pem");
    let listed: Vec<_> = REASONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&folder, "bad_"), listed);
    let mut wrong = Vec::new();
    for (name, reason) in REASONS {
        let bytes = std::fs::read(folder.join(format!("{name}.xml"))).unwrap();
        let report = judged(&bytes, &configuration, At::Issued);
        assert!(!report.is_accepted(), "{name}");
        let codes = codes(&report);
        if !codes.contains(&reason) {
            wrong.push((name, codes));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The vectors of signature wrapping and the shape that each must be named as.
const SHAPES: [(&str, &str); 6] = [
    ("bad_xsw3", "XSW3"),
    ("bad_xsw4", "XSW4"),
    ("bad_xsw5", "XSW5"),
    ("bad_xsw6", "XSW6"),
    ("bad_xsw7", "XSW7"),
    ("bad_xsw8", "XSW8"),
];

#[test]
fn every_wrapped_vector_is_named_by_its_shape() {
    let Some(folder) = folder("vectors") else { return };
    let configuration = configuration(&folder, "idp.crt.pem");
    let mut wrong = Vec::new();
    for (name, shape) in SHAPES {
        let bytes = std::fs::read(folder.join(format!("{name}.xml"))).unwrap();
        let report = judged(&bytes, &configuration, At::Issued);
        let wrapping = report.findings().iter().find(|f| f.code.id == "signature-wrapping");
        let found = wrapping.map(|finding| finding.found.clone()).unwrap_or_default();
        let differs = report.careless().is_some_and(|careless| !careless.taken.is_empty());
        if !found.starts_with(&format!("{shape}:")) || !differs {
            wrong.push((name, found, differs));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
