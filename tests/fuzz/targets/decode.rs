//! Whatever comes out of the wrappings is final, and every wrapping that can be put on is taken off again.

#![no_main]

#[path = "../../support/encode.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the tests, which use the rest")]
mod encode;

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use samlcheck::decode::{Layer, describe};
use samlcheck::input;
use samlcheck::limits::Limits;

/// Small, so that a mutation reaches them.
const LIMITS: Limits = Limits {
    decoded_bytes: 1 << 16,
    inflated_bytes: 1 << 17,
    capture_bytes: 1 << 18,
    messages: 8,
    layers: 8,
    depth: 64,
    attributes: 16,
    namespaces: 32,
    nodes: 4096,
    total_attributes: 4096,
};

fuzz_target!(|data: &[u8]| {
    match data.split_first() {
        Some((b'=', choices)) => drop(wrapped(&mut Unstructured::new(choices))),
        _ => as_given(data),
    }
});

/// What was recovered is within the limits, is described, and has nothing left to be taken off.
fn as_given(data: &[u8]) {
    let captured = match input::read(data, "fuzz", &LIMITS) {
        Ok(captured) => captured,
        Err(error) => {
            assert!(error.layers.len() <= 2 * LIMITS.layers + 1, "{:?}", error.layers);
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert!(captured.bytes.len() <= LIMITS.inflated_bytes, "{} bytes", captured.bytes.len());
    assert_eq!(captured.layers.last(), Some(&Layer::Xml { bytes: captured.bytes.len() }));
    assert!(!describe(&captured.layers).is_empty());
    if captured.bytes.len() <= LIMITS.decoded_bytes {
        let again = input::read(&captured.bytes, "fuzz", &LIMITS);
        assert_eq!(again.map(|again| again.bytes), Ok(captured.bytes));
    }
}

/// Puts wrappings on a message, and expects the message back.
fn wrapped(choices: &mut Unstructured<'_>) -> Result<()> {
    let wrappings: Vec<u8> = (0..choices.int_in_range(1..=3)?)
        .map(|_| choices.int_in_range(0..=8))
        .collect::<Result<_>>()?;
    // A character that XML forbids makes it no text, which not every wrapping survives.
    let content: String =
        choices.arbitrary::<&str>()?.chars().filter(|c| !c.is_control()).collect();
    let xml = format!("<samlp:Response>{content}</samlp:Response>");
    let mut bytes = xml.clone().into_bytes();
    for wrapping in &wrappings {
        bytes = wrap(*wrapping, bytes);
    }
    let captured = input::read(&bytes, "fuzz", &LIMITS).map(|captured| captured.bytes);
    assert_eq!(captured, Ok(xml.into_bytes()), "{wrappings:?}");
    Ok(())
}

/// One wrapping. Each is text again, so that the next fits around it.
fn wrap(kind: u8, bytes: Vec<u8>) -> Vec<u8> {
    let text = |bytes| String::from_utf8(bytes).unwrap_or_default();
    let wrapped = match kind {
        0 => encode::base64(bytes),
        1 => encode::base64_wrapped(bytes, 76, "\r\n"),
        2 => encode::base64_url_safe(bytes),
        3 => encode::deflate_base64(bytes),
        4 => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&bytes).unwrap_or_default();
            encode::base64(encoder.finish().unwrap_or_default())
        }
        5 => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&bytes).unwrap_or_default();
            encode::base64(encoder.finish().unwrap_or_default())
        }
        6 => encode::percent(&text(bytes)),
        // A backslash between quotes is JSON's, and is written as JSON writes it.
        7 if bytes.contains(&b'\\') => serde_json::to_string(&text(bytes)).unwrap_or_default(),
        7 => format!("\"{}\"", text(bytes)),
        // White space around XML is XML's own and stays.
        _ if bytes.trim_ascii_start().starts_with(b"<") => text(bytes),
        _ => format!(" {}\n", text(bytes)),
    };
    wrapped.into_bytes()
}
