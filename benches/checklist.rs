//! What the stages of a validation cost beside the one thing that cannot be saved: verifying one RSA signature.
//!
//! `cargo bench --bench checklist` times them one by one; `cargo bench --bench checklist -- --ratios` times them in turns and prints each as a
//! multiple of the RSA verification. The targets are such multiples, too: on the machine that they were set for, one verification takes
//! 16.2 µs, so that 25,000 responses a second with the native engine alone are 2.5 of them, and 6,000 with both engines are 10.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time and prints it, and stops when its own input is wrong"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::env;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use criterion::Criterion;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;
use samlcheck::config::{Configuration, load};
use samlcheck::crypto::certificate::Certificate;
use samlcheck::crypto::{self, EngineChoice, Opened};
use samlcheck::input;
use samlcheck::limits::Limits;
use samlcheck::saml::Message;
use samlcheck::validate::{At, Options, parse, validate};
use samlcheck::xml::Document;
use support::assertion::Attribute;
use support::encode::base64;
use support::keys::Key;
use support::response::Response;
use support::signature::{Digest, signature_value};

/// The size of the response that the targets are given for.
const SIZE: usize = 6_100;

const CONFIGURATION: &str = r#"
[[sp]]
name = "acme-prod"
issuer = "https://idp.example.com/metadata"
entity_id = "https://acme.my.salesforce.com"
login_url = "https://acme.my.salesforce.com?so=00D000000000001"
idp_certificate = "idp.pem"
"#;

/// Everything that the stages start from.
struct Stages {
    key: PKey<Public>,
    signed_info: Vec<u8>,
    signature: Vec<u8>,
    parameter: String,
    xml: String,
    document: Document,
    opened: Opened,
    message: Message,
    certificate: Certificate,
    configuration: Configuration,
    options: Options,
}

/// A name, what is done, and the most that it should cost, as a multiple of the first.
type Stage = (&'static str, fn(&Stages), Option<f64>);

/// In the order of the pipeline; the first is the measure of the others.
const STAGES: [Stage; 11] = [
    (
        "verify one RSA signature",
        |s| {
            let mut verifier = Verifier::new(MessageDigest::sha256(), &s.key).unwrap();
            assert!(verifier.verify_oneshot(&s.signature, black_box(&s.signed_info)).unwrap());
        },
        None,
    ),
    (
        "decode the parameter",
        |s| {
            let read = input::read(black_box(s.parameter.as_bytes()), "bench", &s.options.limits);
            assert!(read.is_ok());
        },
        None,
    ),
    (
        "parse the XML",
        |s| {
            assert!(parse(black_box(s.xml.as_bytes()), &s.options.limits).is_ok());
        },
        None,
    ),
    ("read the message", |s| assert!(Message::read(black_box(&s.document)).is_ok()), None),
    ("verify, native", |s| verified(s, EngineChoice::Native), None),
    ("verify, libxmlsec1", |s| verified(s, XMLSEC), None),
    ("verify, both", |s| verified(s, BOTH), None),
    ("whole checklist, native", |s| accepted(s, s.xml.as_bytes(), EngineChoice::Native), Some(2.5)),
    ("whole checklist, libxmlsec1", |s| accepted(s, s.xml.as_bytes(), XMLSEC), None),
    ("whole checklist, both", |s| accepted(s, s.xml.as_bytes(), BOTH), Some(10.0)),
    (
        "from the parameter, native",
        |s| {
            accepted(s, s.parameter.as_bytes(), EngineChoice::Native);
        },
        None,
    ),
];

// Without libxmlsec1 there is one engine, and the rows repeat each other.
#[cfg(feature = "xmlsec")]
const XMLSEC: EngineChoice = EngineChoice::Xmlsec;
#[cfg(feature = "xmlsec")]
const BOTH: EngineChoice = EngineChoice::Both;
#[cfg(not(feature = "xmlsec"))]
const XMLSEC: EngineChoice = EngineChoice::Native;
#[cfg(not(feature = "xmlsec"))]
const BOTH: EngineChoice = EngineChoice::Native;

fn verified(stages: &Stages, engine: EngineChoice) {
    let (document, limits) = (&stages.document, &stages.options.limits);
    let configured = vec![stages.certificate.clone()];
    let (report, _) = crypto::verify(
        black_box(document),
        &stages.opened,
        &stages.message,
        configured,
        (engine, limits),
    );
    assert!(report.results().all(|result| result.is_valid()));
}

fn accepted(stages: &Stages, input: &[u8], engine: EngineChoice) {
    let options = Options { engine, ..stages.options.clone() };
    let report = validate(black_box(input), "bench", &stages.configuration, &options);
    assert!(report.is_accepted());
}

impl Stages {
    fn new() -> Self {
        let mut response = Response::usual();
        let short = response.xml().len();
        let groups =
            "Example Corp, Sales & Marketing, EMEA; ".repeat(SIZE.saturating_sub(short + 90) / 44);
        response.assertion().attributes.push(Attribute::new("memberOf", &[&groups]));
        let xml = response.xml();
        let clock = "2026-01-15T10:01:00Z".parse().unwrap();
        let limits = Limits::default();
        let document = parse(xml.as_bytes(), &limits).unwrap();
        let pem = Key::Idp.certificate().to_pem().unwrap();
        let signed_info = vec![b'x'; 900];
        Self {
            key: Key::Idp.certificate().public_key().unwrap(),
            signature: signature_value(Key::Idp, Digest::Sha256, &signed_info),
            signed_info,
            parameter: base64(&xml),
            message: Message::read(&document).unwrap(),
            opened: crypto::open(&document, &[], &limits),
            document,
            xml,
            certificate: Certificate::parse(&pem).unwrap().remove(0),
            configuration: load(Path::new("samlcheck.toml"), CONFIGURATION, &|_| Ok(pem.clone()))
                .unwrap(),
            options: Options {
                at: At::Given(clock),
                clock,
                service_provider: None,
                engine: EngineChoice::default(),
                limits,
            },
        }
    }
}

/// Times all stages in turns, so that whatever else the machine does slows all of them alike, and takes the fastest of each.
fn print_ratios(stages: &Stages) {
    // Turns shorter than a scheduler's, so that on a busy machine, too, some of each stage's are undisturbed.
    const ROUNDS: u32 = 500;
    const TIMES: u32 = 3;
    let mut fastest = STAGES.map(|_| f64::INFINITY);
    for _ in 0..ROUNDS {
        for ((_, stage, _), fastest) in STAGES.iter().zip(&mut fastest) {
            let start = Instant::now();
            (0..TIMES).for_each(|_| stage(stages));
            *fastest = fastest.min(start.elapsed().as_secs_f64() / f64::from(TIMES));
        }
    }
    println!("{} bytes of XML, {} of base64", stages.xml.len(), stages.parameter.len());
    println!("{:<28} {:>9} {:>8} {:>8} {:>10}", "stage", "µs", "× RSA", "target", "per second");
    for ((name, _, target), seconds) in STAGES.iter().zip(fastest) {
        let (micros, ratio) = (seconds * 1e6, seconds / fastest[0]);
        let target = target.map_or_else(String::new, |most| format!("≤ {most:.1}"));
        println!("{name:<28} {micros:>9.1} {ratio:>8.2} {target:>8} {:>10.0}", 1.0 / seconds);
    }
}

fn main() {
    let stages = Stages::new();
    if env::args().any(|argument| argument == "--ratios") {
        return print_ratios(&stages);
    }
    let mut criterion = Criterion::default().configure_from_args();
    for (name, stage, _) in STAGES {
        criterion.bench_function(name, |bencher| bencher.iter(|| stage(&stages)));
    }
    criterion.final_summary();
}
