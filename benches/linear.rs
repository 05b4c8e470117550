//! Does the cost of a message grow with its size and no faster? A table for 10 kB to 10 MB, for messages of several shapes.
//!
//! `cargo bench --bench linear`; no test, because a busy machine would fail it. The last column is what counts: the time per byte beside
//! that of the row above.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time and prints it, and stops when its own input is wrong"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use samlcheck::config::load;
use samlcheck::crypto::EngineChoice;
use samlcheck::limits::Limits;
use samlcheck::validate::{At, Options, validate};
use support::assertion::Attribute;
use support::encode::{base64, redirect_url};
use support::keys::Key;
use support::response::{LOGIN_URL, Response};
use support::signature::Signing;

const CONFIGURATION: &str = r#"
[[sp]]
name = "acme-prod"
issuer = "https://idp.example.com/metadata"
entity_id = "https://acme.my.salesforce.com"
login_url = "https://acme.my.salesforce.com?so=00D000000000001"
idp_certificate = "idp.pem"
"#;

const SIZES: [usize; 4] = [10_000, 100_000, 1_000_000, 10_000_000];

/// What the signed message is made large with.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: [Shape; 5] = [
    ("one long value", |size| {
        signed(
            |response, size| {
                response.assertion().attributes =
                    vec![Attribute::new("memberOf", &[&"CN=Sales, ".repeat(size / 10)])];
            },
            size,
        )
    }),
    ("many values", |size| {
        signed(
            |response, size| {
                let values = vec!["CN=Sales,OU=Groups,DC=example"; size / 78];
                response.assertion().attributes = vec![Attribute::new("memberOf", &values)];
            },
            size,
        )
    }),
    // Each element declares a namespace of its own, and is written where exclusive canonicalisation writes it.
    ("many namespaces", |size| {
        signed(
            |response, size| {
                let mut values = String::with_capacity(size);
                for number in 0..size / 48 {
                    write!(
                        values,
                        "<n{number}:a xmlns:n{number}=\"urn:n:{number}\"></n{number}:a>"
                    )
                    .unwrap();
                }
                response.assertion().advice = values;
            },
            size,
        )
    }),
    // No more than 10,000, each declared again and again.
    ("10,000 namespaces", |size| {
        signed(
            |response, size| {
                let mut values = String::with_capacity(size);
                for number in (0..10_000).cycle().take(size / 56) {
                    write!(
                        values,
                        "<n{number:05}:a xmlns:n{number:05}=\"urn:n:{number:05}\"></n{number:05}:a>"
                    )
                    .unwrap();
                }
                response.assertion().advice = values;
            },
            size,
        )
    }),
    ("many namespaces in scope", |size| {
        signed(
            |response, size| {
                // 120 declarations around each run of elements: canonicalisation looks at all of them for each of the elements.
                let names: String =
                    (0..120).map(|n| format!(" xmlns:n{n:03}=\"urn:n:{n:03}\"")).collect();
                let uses: String = (0..120).map(|n| format!(" n{n:03}:a=\"\"")).collect();
                let run = format!(
                    "<a:a xmlns:a=\"urn:a\"{names}{uses}>{}</a:a>",
                    format!("<a:b>{}</a:b>", "member ".repeat(25)).repeat(120)
                );
                response.assertion().advice = run.repeat(size.div_ceil(run.len()));
            },
            size,
        )
    }),
];

/// A message of about that size whose Assertion and Response are signed.
fn signed(fill: fn(&mut Response, usize), size: usize) -> String {
    let mut response = Response { signing: Some(Signing::with(Key::Idp)), ..Response::usual() };
    let short = response.xml().len();
    fill(&mut response, size.saturating_sub(short));
    response.xml()
}

fn main() {
    let pem = Key::Idp.certificate().to_pem().unwrap();
    let configuration =
        load(Path::new("samlcheck.toml"), CONFIGURATION, &|_| Ok(pem.clone())).unwrap();
    let clock = "2026-01-15T10:01:00Z".parse().unwrap();
    let options = Options {
        at: At::Given(clock),
        clock,
        service_provider: None,
        engine: EngineChoice::default(),
        limits: Limits::default(),
    };
    println!(
        "{:<26} {:<9} {:>11} {:>10} {:>9} {:>8} {:>9}",
        "shape", "wrapping", "bytes of XML", "ms", "ns/byte", "growth", "verdict"
    );
    for (shape, make) in SHAPES {
        for wrapping in ["none", "base64", "redirect"] {
            let mut above = None;
            for size in SIZES {
                let xml = make(size);
                let input = match wrapping {
                    "none" => xml.clone(),
                    "base64" => base64(&xml),
                    _ => redirect_url(LOGIN_URL, "SAMLResponse", &xml, None),
                };
                let (mut fastest, mut verdict) = (f64::INFINITY, "");
                for _ in 0..if size > 1_000_000 { 3 } else { 10 } {
                    let start = Instant::now();
                    let report = validate(input.as_bytes(), "bench", &configuration, &options);
                    fastest = fastest.min(start.elapsed().as_secs_f64());
                    verdict = if report.is_accepted() { "accepted" } else { "rejected" };
                }
                let bytes = u32::try_from(xml.len()).map(f64::from).unwrap();
                let per_byte = fastest * 1e9 / bytes;
                let growth = above.map_or(1.0, |above| per_byte / above);
                above = Some(per_byte);
                let millis = fastest * 1e3;
                println!(
                    "{shape:<26} {wrapping:<9} {:>11} {millis:>10.2} {per_byte:>9.1} {growth:>8.2} {verdict:>9}",
                    xml.len()
                );
            }
        }
    }
}
