//! Encrypted messages through the whole pipeline: what is genuine is accepted, what is forged is not, whatever it is encrypted with.
//!
//! Messages of the toy identity provider; the captures and the vectors beside the repository have tests of their own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what the tests here share may fail the test"
)]

mod support;

use std::fs;
use std::path::Path;

use samlcheck::config::{self, Configuration};
use samlcheck::report::Report;
use samlcheck::validate::{At, Options, validate};
use support::encryption::{Recipe, own_key};
use support::keys::Key;
use support::response::{ENTITY_ID, ISSUER, LOGIN_URL, Response};
use support::signature::Signing;
use support::xml::replace_once;

fn configuration(toml: &str) -> Configuration {
    let read = |path: &Path| match path.to_str().unwrap() {
        "/toy/idp.pem" => Ok(Key::Idp.certificate().to_pem().unwrap()),
        "/toy/sp.key" => Ok(own_key().private_key_to_pem_pkcs8().unwrap()),
        _ => fs::read(path),
    };
    config::load(Path::new("samlcheck.toml"), toml, &read).unwrap()
}

/// One `[[sp]]` table.
fn sp(name: &str, issuer: &str, entity_id: &str, login_url: &str, files: [&str; 2]) -> String {
    let [certificate, key] = files;
    format!(
        "[[sp]]\nname = \"{name}\"\nissuer = \"{issuer}\"\nentity_id = \"{entity_id}\"\nlogin_url = \"{login_url}\"\n\
         idp_certificate = \"{certificate}\"\n{}\n",
        if key.is_empty() { String::new() } else { format!("decryption_key = \"{key}\"") }
    )
}

fn toy(key: &str) -> Configuration {
    configuration(&sp("toy", ISSUER, ENTITY_ID, LOGIN_URL, ["/toy/idp.pem", key]))
}

fn judged(message: &str, configuration: &Configuration, at: At) -> Report {
    let clock = "2030-01-01T00:00:00Z".parse().unwrap();
    let options = Options {
        at,
        clock,
        service_provider: None,
        engine: samlcheck::crypto::EngineChoice::default(),
        limits: configuration.limits,
    };
    validate(message.as_bytes(), "test", configuration, &options)
}

/// The report on a message of the toy.
fn report(message: &str) -> Report {
    judged(message, &toy("/toy/sp.key"), At::Issued)
}

fn codes(report: &Report) -> Vec<&'static str> {
    report
        .failed()
        .flat_map(|line| line.outcome.failures())
        .map(|failure| failure.code.id)
        .collect()
}

/// A Response with `encrypted` in the place of the assertion, signed or not.
fn carrying(encrypted: &str, signed: bool) -> String {
    Response {
        assertion: None,
        before_assertion: encrypted.to_owned(),
        signing: signed.then(|| Signing::with(Key::Idp)),
        ..Response::usual()
    }
    .xml()
}

fn assertion(signed: bool) -> String {
    let mut response = Response::usual();
    if !signed {
        response.assertion().signing = None;
    }
    response.assertion.unwrap().xml()
}

#[test]
fn an_encrypted_assertion_is_accepted_when_a_signature_covers_it() {
    for recipe in [Recipe::usual(), Recipe::cbc()] {
        for (inner, outer) in [(true, false), (false, true), (true, true)] {
            let report = report(&carrying(&recipe.encrypt(&assertion(inner)), outer));
            assert!(report.is_accepted(), "{inner} {outer}: {:?}", codes(&report));
            assert_eq!(report.subject(), Some("zmueller@example.com"));
        }
    }
}

#[test]
fn an_encrypted_assertion_that_nobody_signed_is_not_accepted() {
    let report = report(&carrying(&Recipe::usual().encrypt(&assertion(false)), false));
    assert_eq!(codes(&report), ["signature-missing"]);
    assert!(!report.is_accepted() && !report.is_signed());
}

#[test]
fn forged_ciphertext_in_a_signed_response_is_not_accepted() {
    let genuine = Recipe::usual().encrypt(&assertion(false));
    let message = carrying(&genuine, true);
    let forged = assertion(false).replace("zmueller@example.com", "admin@example.com");
    let other = Recipe::usual().encrypt(&forged);
    let swapped = report(&replace_once(&message, &genuine, &other));
    assert_eq!(codes(&swapped), ["signature-digest"]);
    // Beside the genuine one, before or behind it.
    for both in [format!("{other}{genuine}"), format!("{genuine}{other}")] {
        let report = report(&replace_once(&message, &genuine, &both));
        assert!(codes(&report).contains(&"signature-digest"));
        assert!(!report.is_accepted());
    }
}

#[test]
fn a_broken_signature_inside_a_good_one_is_not_accepted() {
    let broken = assertion(true).replace("zmueller@example.com", "admin@example.com");
    let report = report(&carrying(&Recipe::usual().encrypt(&broken), true));
    assert_eq!(codes(&report), ["signature-digest"]);
    assert!(!report.is_accepted());
}

#[test]
fn a_signed_assertion_with_another_encrypted_one_is_not_accepted() {
    let forged = assertion(false).replace("zmueller@example.com", "admin@example.com");
    let encrypted = Recipe::usual().encrypt(&forged);
    let genuine = assertion(true);
    for both in [format!("{encrypted}{genuine}"), format!("{genuine}{encrypted}")] {
        let report = report(&carrying(&both, false));
        assert!(
            codes(&report).iter().any(|code| code.starts_with("format-")),
            "{:?}",
            codes(&report)
        );
        assert!(!report.is_accepted());
        assert_eq!(report.subject(), Some("zmueller@example.com"));
    }
}

#[test]
fn an_assertion_with_the_id_of_the_response_is_not_accepted() {
    let id = Response::usual().id.unwrap();
    let mut response = Response::usual();
    response.assertion().id = Some(id);
    let same = response.assertion.unwrap().xml();
    let report = report(&carrying(&Recipe::usual().encrypt(&same), false));
    assert_eq!(codes(&report), ["signature-id-duplicate"]);
}

#[test]
fn a_second_layer_is_not_accepted() {
    let id =
        Recipe { part: "EncryptedID", ..Recipe::usual() }.encrypt("<saml:NameID>x</saml:NameID>");
    let start = assertion(false).find("<saml:NameID").unwrap();
    let end = assertion(false).find("<saml:SubjectConfirmation").unwrap();
    let nested = format!("{}{id}{}", &assertion(false)[..start], &assertion(false)[end..]);
    let report = report(&carrying(&Recipe::usual().encrypt(&nested), true));
    assert_eq!(codes(&report), ["input-encrypted-twice"]);
    assert!(!report.is_accepted());
}

#[test]
fn without_a_key_the_report_says_to_whom_it_is_encrypted() {
    let message = carrying(&Recipe::usual().encrypt(&assertion(true)), true);
    let report = judged(&message, &toy(""), At::Issued);
    assert_eq!(codes(&report), ["input-encrypted"]);
    let failure = report.failed().next().unwrap().outcome.failures();
    assert_eq!(failure[0].found, ["an EncryptedAssertion"]);
    let encryption = &report.parts().opened.undecrypted()[0].encryption;
    let recipient = &encryption.recipients[0];
    assert_eq!((encryption.cipher.as_str(), recipient.modulus_bits), ("aes256-gcm", 2048));
    assert_eq!(recipient.transport, "rsa-oaep-mgf1p with sha1 and MGF1 with sha1");
    assert_eq!(report.exit_code(), 1);
    let skipped = report.lines().iter().filter(|line| line.outcome.name() == "skipped").count();
    assert!(skipped > 5, "what is inside is not judged");
    assert!(report.signatures().response.as_ref().unwrap().is_valid(), "what is outside is");
}

#[test]
fn what_is_inside_tells_which_configuration_applies() {
    let other = sp(
        "other",
        ISSUER,
        "https://other.example",
        "https://other.example/login",
        ["/toy/idp.pem", ""],
    );
    let ours =
        sp("ours", ISSUER, ENTITY_ID, "https://x.example/login", ["/toy/idp.pem", "/toy/sp.key"]);
    let configuration = configuration(&format!("{other}{ours}"));
    let report = judged(
        &carrying(&Recipe::usual().encrypt(&assertion(true)), false),
        &configuration,
        At::Issued,
    );
    assert_eq!(report.parts().configuration.name.as_deref(), Some("ours"));
    assert!(report.parts().configuration.certain);
    assert_eq!(codes(&report), ["recipient-mismatch", "recipient-destination"]);
}
