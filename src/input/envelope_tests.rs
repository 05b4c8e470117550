//! What may be around a capture as a whole.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::write::GzEncoder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{Capture, Note, capture};
use crate::decode::{Compression, InflateError, InputError, InputErrorKind, Layer, Utf16};
use crate::limits::Limits;

const XML: &str =
    "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\"/>";

fn har() -> String {
    let value = utf8_percent_encode(&STANDARD.encode(XML), NON_ALPHANUMERIC).to_string();
    let post = json!({"method": "POST", "url": "https://acme.example/", "postData": {"text": format!("SAMLResponse={value}")}});
    let comment = "é☃ ".repeat(50_000);
    json!({"log": {"entries": [{"request": post}, {"comment": comment}]}}).to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(text: &str, order: Utf16) -> Vec<u8> {
    let units = text.encode_utf16();
    match order {
        Utf16::LittleEndian => units.flat_map(u16::to_le_bytes).collect(),
        Utf16::BigEndian => units.flat_map(u16::to_be_bytes).collect(),
    }
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Capture, InputError> {
    capture(&mut &*bytes, "test", limits, None).unwrap()
}

#[test]
fn whatever_is_around_a_capture_is_taken_off_and_listed() {
    let gzipped = Layer::Compressed(Compression::Gzip);
    let little = Layer::Utf16Text(Utf16::LittleEndian);
    let marked = format!("\u{feff}{}", har());
    for (bytes, expected) in [
        (har().into_bytes(), vec![]),
        (marked.clone().into_bytes(), vec![Layer::Utf8Bom]),
        (utf16(&marked, Utf16::LittleEndian), vec![little.clone()]),
        (utf16(&har(), Utf16::LittleEndian), vec![little.clone()]),
        (utf16(&marked, Utf16::BigEndian), vec![Layer::Utf16Text(Utf16::BigEndian)]),
        (gzip(har().as_bytes()), vec![gzipped.clone()]),
        (gzip(marked.as_bytes()), vec![gzipped.clone(), Layer::Utf8Bom]),
        (gzip(&utf16(&marked, Utf16::LittleEndian)), vec![gzipped.clone(), little]),
        (
            [gzip(&har().as_bytes()[..70_000]), gzip(&har().as_bytes()[70_000..])].concat(),
            vec![gzipped],
        ),
    ] {
        let found = read(&bytes, &Limits::default()).unwrap();
        let [message] = found.messages.as_slice() else { panic!("{expected:?}: {found:?}") };
        assert_eq!(message.bytes, XML.as_bytes());
        assert_eq!(&message.layers[..expected.len()], expected);
        assert_eq!(message.layers[expected.len()], Layer::Within("HAR capture"));
        assert_eq!(found.notes, []);
    }
}

#[test]
fn a_compressed_capture_that_is_cut_off_or_damaged_gives_what_it_held_until_there() {
    let whole = gzip(har().as_bytes());
    let found = read(&whole[..whole.len() / 2], &Limits::default()).unwrap();
    assert_eq!((found.messages.len(), found.notes), (1, vec![Note::CutOff]));
    let error = read(&whole[..60], &Limits::default()).unwrap_err();
    let truncated = InflateError::Truncated;
    let expected = InputErrorKind::Inflate { compression: Compression::Gzip, error: truncated };
    assert_eq!(error.kind, expected);
}

#[test]
fn a_compressed_capture_is_bounded_before_and_behind_its_compression() {
    let har = har();
    let limit = har.len() - 1;
    let limits = Limits { capture_bytes: limit, ..Limits::default() };
    let expected = InputErrorKind::Limit { name: "capture bytes", limit };
    assert_eq!(read(&gzip(har.as_bytes()), &limits).unwrap_err().kind, expected);
    // Members that hold nothing grow by nothing.
    let start = gzip(&har.as_bytes()[..100]);
    let empty = [start, gzip(b"").repeat(limit / 20 + 1)].concat();
    assert!(empty.len() > limit);
    assert_eq!(read(&empty, &limits).unwrap_err().kind, expected);
}

#[test]
fn a_compressed_log_is_text_with_messages_in_it() {
    let value = utf8_percent_encode(&STANDARD.encode(XML), NON_ALPHANUMERIC).to_string();
    let line = format!("192.0.2.7 - - \"GET /sso?SAMLRequest={value} HTTP/1.1\" 302\n");
    let log = format!("192.0.2.7 - - \"GET / HTTP/1.1\" 200\n{line}{line}");
    let found = read(&gzip(log.as_bytes()), &Limits::default()).unwrap();
    let [message] = found.messages.as_slice() else { panic!("{found:?}") };
    assert_eq!(message.bytes, XML.as_bytes());
    assert_eq!(message.layers[..2], [Layer::Compressed(Compression::Gzip), Layer::Within("text")]);
    assert!(read(&gzip(b"nothing to see in these words\n"), &Limits::default()).is_err());
}

#[test]
fn a_message_alone_is_as_strictly_compressed_as_ever() {
    let message = gzip(XML.as_bytes());
    assert_eq!(read(&message, &Limits::default()).unwrap().messages.len(), 1);
    for (bytes, error) in [
        (message.repeat(2), InflateError::SecondStream),
        ([message.as_slice(), b"\n"].concat(), InflateError::DataAfterEnd),
        (message[..message.len() - 1].to_vec(), InflateError::Truncated),
    ] {
        let expected = InputErrorKind::Inflate { compression: Compression::Gzip, error };
        assert_eq!(read(&bytes, &Limits::default()).unwrap_err().kind, expected);
    }
}
