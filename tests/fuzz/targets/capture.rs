//! A capture of any format is read within its limits, every message in it is final, and none of it depends on how the source is cut up.

#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use samlcheck::decode::{InputError, Layer};
use samlcheck::input::{Capture, FORMATS, capture};
use samlcheck::limits::Limits;

/// Small, so that a mutation reaches them.
const LIMITS: Limits = Limits {
    decoded_bytes: 1 << 16,
    inflated_bytes: 1 << 17,
    capture_bytes: 1 << 18,
    messages: 16,
    layers: 8,
    depth: 64,
    nodes: 1 << 14,
    total_attributes: 1 << 14,
    attributes: 16,
    namespaces: 32,
};

/// Gives one byte at a time.
struct Slow<'d>(&'d [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(1);
        self.0.read(buffer.get_mut(..length).unwrap_or_default())
    }
}

fuzz_target!(|data: &[u8]| {
    // The first byte forces a format, or none.
    let Some((choice, data)) = data.split_first() else { return };
    let forced = FORMATS.get(usize::from(*choice)).copied();
    let read = |source: &mut dyn Read| -> Result<Capture, InputError> {
        capture(source, "fuzz", &LIMITS, forced)
            .unwrap_or_else(|error| panic!("memory cannot fail: {error}"))
    };
    let mut whole = data;
    let found = read(&mut whole);
    assert_eq!(found, read(&mut Slow(data)), "the source was cut up otherwise");
    let capture = match found {
        Ok(capture) => capture,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert!(capture.messages.len() <= LIMITS.messages && capture.broken.len() <= LIMITS.messages);
    for (at, message) in capture.messages.iter().enumerate() {
        assert_eq!(message.layers.last(), Some(&Layer::Xml { bytes: message.bytes.len() }));
        assert!(!message.sightings.is_empty());
        let others = capture.messages.get(at + 1..).unwrap_or_default();
        assert!(others.iter().all(|other| other.bytes != message.bytes), "one message twice");
    }
});
