//! Fiddler's session archives.

use std::io::{Cursor, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Capture, CaptureClock, Carried, Note, Recognised, capture};
use crate::decode::{InputError, InputErrorKind};
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">~~~>>>???</samlp:Response>";

const TIMES: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Session SID=\"2\" BitFlags=\"59\">\r\n  <SessionTimers \
    ClientConnected=\"2026-11-22T11:21:26.9000000+01:00\" ClientBeginRequest=\"2026-11-22T11:21:27.1234567+01:00\" />\r\n</Session>";

fn request() -> String {
    let value = utf8_percent_encode(&STANDARD.encode(XML), NON_ALPHANUMERIC).to_string();
    format!(
        "POST https://acme.example/?so=1 HTTP/1.1\r\nHost: acme.example\r\n\r\nSAMLResponse={value}"
    )
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Capture, InputError> {
    capture(&mut &*bytes, "test.saz", limits, None).unwrap()
}

#[test]
fn sessions_are_read_with_their_answers_and_times() {
    let page = format!(
        "HTTP/1.1 200 OK\r\n\r\n<form action=\"https://acme.example/?so=1\"><input name=SAMLResponse value=\"{}\"></form>",
        STANDARD.encode(XML)
    );
    let request = request();
    let bytes = archive(&[
        ("raw/10_c.txt", request.as_bytes()),
        ("raw/10_m.xml", TIMES.as_bytes()),
        ("raw/10_s.txt", b"HTTP/1.1 302 Found\r\nLocation: /home\r\n\r\n"),
        ("raw/2_c.txt", b"GET https://idp.example/sso HTTP/1.1\r\nHost: idp.example\r\n\r\n"),
        ("raw/2_s.txt", page.as_bytes()),
        ("[Content_Types].xml", b"<Types/>"),
        ("../../raw/3_c.txt", request.as_bytes()),
        ("raw/../4_c.txt", request.as_bytes()),
    ]);
    let found = read(&bytes, &Limits::default()).unwrap();
    let [message] = found.messages.as_slice() else { panic!("{found:?}") };
    assert_eq!(message.bytes, XML.as_bytes());
    let [delivered, passed] = message.sightings.as_slice() else { panic!("{message:?}") };
    assert_eq!(delivered.place, "session 10 POST https://acme.example/?so=1 body");
    assert_eq!(delivered.exchange.location.as_deref(), Some("/home"));
    assert_eq!(passed.carried, Carried::Answer);
    let at = message.captured_at.unwrap();
    assert_eq!(at.clock, CaptureClock::Proxy);
    assert_eq!(at.instant, "2026-11-22T10:21:27.1234567Z".parse().unwrap());
}

#[test]
fn a_damaged_file_costs_its_session_and_a_damaged_archive_is_told() {
    let request = request();
    let mut bytes =
        archive(&[("raw/1_c.txt", request.as_bytes()), ("raw/2_c.txt", request.as_bytes())]);
    let data = memchr::memmem::find(&bytes, b"raw/1_c.txt").unwrap() + 40;
    bytes[data] ^= 0xff;
    let found = read(&bytes, &Limits::default()).unwrap();
    assert_eq!((found.messages.len(), found.notes), (1, vec![Note::Damaged]));
    let error = read(&bytes[..bytes.len() / 2], &Limits::default()).unwrap_err();
    assert_eq!(error.kind, InputErrorKind::NotSaml(Recognised::BrokenZip));
}

#[test]
fn an_archive_with_a_password_is_told() {
    let mut bytes = archive(&[("raw/1_c.txt", request().as_bytes())]);
    // The first bit of the general purpose flags, in the file's own header and in the directory's.
    let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[directory + 8] |= 1;
    let error = read(&bytes, &Limits::default()).unwrap_err();
    assert_eq!(error.kind, InputErrorKind::NotSaml(Recognised::LockedZip));
}

#[test]
fn what_is_inflated_is_bounded_one_by_one_and_together() {
    let bomb = vec![b' '; 3 << 20];
    let bytes = archive(&[("raw/1_c.txt", &bomb), ("raw/2_c.txt", &bomb), ("raw/3_c.txt", &bomb)]);
    let limit = 1 << 20;
    let limits = Limits { inflated_bytes: limit, ..Limits::default() };
    let expected = InputErrorKind::Limit { name: "inflated bytes", limit };
    assert_eq!(read(&bytes, &limits).unwrap_err().kind, expected);
    let limit = 8 << 20;
    let limits = Limits { capture_bytes: limit, ..Limits::default() };
    let expected = InputErrorKind::Limit { name: "capture bytes", limit };
    assert_eq!(read(&bytes, &limits).unwrap_err().kind, expected);
}

#[test]
fn archives_of_other_things_and_without_messages_are_told_apart() {
    let none = archive(&[("raw/1_c.txt", b"GET https://acme.example/ HTTP/1.1\r\n\r\n")]);
    let other = archive(&[("word/document.xml", b"<w:document/>")]);
    for (bytes, expected) in [(none, Recognised::Saz), (other, Recognised::Zip)] {
        let error = read(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(error.kind, InputErrorKind::NotSaml(expected));
    }
}
