//! What holds for every message: signed bytes cannot be changed, and no wrapping changes the verdict.
//!
//! The samples are drawn by a generator with a fixed seed, so that a failure is the same on the next run.

#![cfg(feature = "xmlsec")]
#![allow(clippy::unwrap_used, reason = "what the tests here share may fail the test")]

mod shared;
mod support;

use samlcheck::checks::Line;
use samlcheck::config::{Configuration, Expect, OneOff, Source};
use samlcheck::limits::Limits;
use samlcheck::report::Report;
use samlcheck::validate::At;

use shared::judged;
use support::encode;
use support::keys::Key;
use support::response::{ENTITY_ID, ISSUER, LOGIN_URL, Response, Status};
use support::signature::Signing;
use support::uri;

/// A generator of positions: xorshift64*, good enough to spread samples.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        usize::try_from(drawn).unwrap() % limit
    }
}

fn configuration() -> Configuration {
    let given = |text: &str| Expect::new(text.to_owned(), Source::Option("--test"));
    let settings = OneOff {
        issuer: Some(given(ISSUER)),
        entity_id: Some(given(ENTITY_ID)),
        login_url: Some(given(LOGIN_URL)),
        idp_certificates: vec![given("idp.pem")],
        ..OneOff::default()
    };
    let certificate = |_: &std::path::Path| Ok(Key::Idp.certificate().to_pem().unwrap());
    let config = settings.into_config(&certificate).unwrap();
    Configuration { service_providers: vec![config], limits: Limits::default(), path: None }
}

fn judge(bytes: &[u8], configuration: &Configuration) -> Report {
    judged(bytes, configuration, At::Given("2026-01-15T10:01:00Z".parse().unwrap()))
}

fn response_signed() -> Response {
    let mut response = Response::usual();
    response.signing = Some(Signing::with(Key::Idp));
    response.assertion().signing = None;
    response
}

/// The text from `start` to behind `end`.
fn span(text: &str, start: &str, end: &str) -> std::ops::Range<usize> {
    text.find(start).unwrap()..text.rfind(end).unwrap() + end.len()
}

#[test]
fn no_byte_of_a_signed_element_can_be_changed() {
    let configuration = configuration();
    let assertion = Response::usual().xml();
    let both = response_signed().xml();
    let elements = [
        (span(&assertion, "<saml:Assertion ", "</saml:Assertion>"), assertion),
        (span(&both, "<samlp:Response ", "</samlp:Response>"), both),
    ];
    let mut draw = Draw(0x5A31_C4EC);
    for (element, text) in elements {
        assert!(judge(text.as_bytes(), &configuration).is_accepted());
        // KeyInfo is outside of the signature, compared and shown only: it is never trusted, so it may say anything.
        let key_info = span(&text, "<ds:KeyInfo>", "</ds:KeyInfo>");
        for _ in 0..1500 {
            let position = element.start + draw.below(element.len());
            if key_info.contains(&position) {
                continue;
            }
            let mut bytes = text.clone().into_bytes();
            let other = [b'A', b' ', b'<', b'"', b'0', 0, 0x80, bytes[position] ^ 0x20];
            bytes[position] = match other[draw.below(other.len())] {
                same if same == bytes[position] => b'~',
                other => other,
            };
            if same_markup(text.as_bytes(), &bytes, position) {
                continue;
            }
            let changed = judge(&bytes, &configuration);
            let [from, until] = [position.saturating_sub(30), (position + 30).min(bytes.len())];
            let around = bytes[from..until].escape_ascii();
            assert!(!changed.is_accepted(), "byte {position}: {around}");
        }
    }
}

/// Whether a change cannot matter: `"` and `'` around a value, or one white space character for another inside a tag.
fn same_markup(text: &[u8], changed: &[u8], position: usize) -> bool {
    let is_space = |text: &[u8]| text.get(position).is_some_and(u8::is_ascii_whitespace);
    is_space(text) && is_space(changed)
}

#[test]
fn every_deletion_and_doubling_of_a_signed_byte_is_rejected() {
    let configuration = configuration();
    let text = Response::usual().xml();
    let element = span(&text, "<saml:Assertion ", "</saml:Assertion>");
    let key_info = span(&text, "<ds:KeyInfo>", "</ds:KeyInfo>");
    let mut draw = Draw(0x00C0_FFEE);
    for _ in 0..600 {
        let position = element.start + draw.below(element.len());
        // A space inside a tag may be doubled: it is markup, and canonicalisation writes one.
        let in_tag = text.as_bytes()[position] == b' ' && {
            let before = &text[..position];
            before.rfind('<') > before.rfind('>')
        };
        if key_info.contains(&position) || in_tag || !text.is_char_boundary(position) {
            continue;
        }
        let length = text[position..].chars().next().unwrap().len_utf8();
        let (before, rest) = text.split_at(position);
        let (one, behind) = rest.split_at(length);
        for changed in [format!("{before}{behind}"), format!("{before}{one}{one}{behind}")] {
            let report = judge(changed.as_bytes(), &configuration);
            assert!(!report.is_accepted(), "{one:?} at {position}");
        }
    }
}

/// Everything that a reader learns, but for the layers.
fn told(report: &Report) -> (bool, Option<String>, Vec<String>, u8) {
    let line = |line: &Line| format!("{} {:?}", line.check.id, line.outcome);
    let lines = report.lines().iter().map(line).collect();
    (report.is_accepted(), report.subject().map(str::to_owned), lines, report.exit_code())
}

#[test]
fn no_wrapping_changes_what_is_told() {
    let configuration = configuration();
    let mut refused = Response::usual();
    refused.status = Some(Status::new(&[uri::RESPONDER, uri::AUTHN_FAILED]));
    let mut late = Response::usual();
    late.assertion().conditions().not_on_or_after = Some("2026-01-15T09:00:00Z".to_owned());
    let messages = [Response::usual(), response_signed(), refused, late];
    let mut draw = Draw(0x5EED);
    for xml in messages.map(|message| message.xml()) {
        let expected = told(&judge(xml.as_bytes(), &configuration));
        for _ in 0..40 {
            let (wrapped, how) = wrap(&xml, &mut draw);
            assert_eq!(told(&judge(wrapped.as_bytes(), &configuration)), expected, "{how:?}");
        }
    }
}

/// A message in a drawn stack of wrappings, as captures have them.
fn wrap(xml: &str, draw: &mut Draw) -> (String, Vec<&'static str>) {
    let mut how = Vec::new();
    let mut text = match draw.below(4) {
        0 => (encode::base64(xml), "base64"),
        1 => (encode::base64_wrapped(xml, 64 + draw.below(20), "\r\n"), "wrapped base64"),
        2 => (encode::base64_url_safe(xml), "URL-safe base64"),
        _ => (encode::deflate_base64(xml), "DEFLATE"),
    };
    how.push(text.1);
    text = match draw.below(4) {
        0 => (encode::percent(&text.0), "percent-escapes"),
        1 => (format!("SAMLResponse={}&RelayState=%2Fhome", encode::percent(&text.0)), "form"),
        2 => (format!("{LOGIN_URL}&SAMLResponse={}", encode::percent(&text.0)), "URL"),
        _ => (text.0, "bare"),
    };
    how.push(text.1);
    text = match draw.below(3) {
        0 => (format!("\"{}\"", text.0.trim_end()), "quotes"),
        1 => (format!("\n  {}\t\n", text.0), "white space"),
        _ => (text.0, "nothing around"),
    };
    how.push(text.1);
    (text.0, how)
}
