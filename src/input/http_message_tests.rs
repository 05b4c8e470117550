//! HTTP messages as they are pasted and as proxies save them.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::codings::Coding;
use super::{Capture, CaptureClock, Carried, Recognised, capture};
use crate::decode::{InflateError, InputError, InputErrorKind};
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">~~~>>>???</samlp:Response>";

fn body() -> String {
    let value = utf8_percent_encode(&STANDARD.encode(XML), NON_ALPHANUMERIC).to_string();
    format!("SAMLResponse={value}&RelayState=a%20b")
}

fn page() -> String {
    format!(
        "<form action=\"https://acme.example/?so=1\"><input name=\"SAMLResponse\" value=\"{}\"></form>",
        STANDARD.encode(XML)
    )
}

fn read(bytes: &[u8]) -> Result<Capture, InputError> {
    capture(&mut &*bytes, "test", &Limits::default(), None).unwrap()
}

#[track_caller]
fn one(bytes: &[u8]) -> super::Captured {
    let found = read(bytes).unwrap();
    let [message] = found.messages.as_slice() else { panic!("{found:?}") };
    assert_eq!(message.bytes, XML.as_bytes());
    assert!(found.broken.is_empty(), "{found:?}");
    message.clone()
}

fn compressed(bytes: &[u8]) -> [(&'static str, Vec<u8>); 3] {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    zlib.write_all(bytes).unwrap();
    raw.write_all(bytes).unwrap();
    [
        ("gzip", gzip.finish().unwrap()),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", raw.finish().unwrap()),
    ]
}

fn in_chunks(bytes: &[u8]) -> Vec<u8> {
    let chunk =
        |chunk: &[u8]| [format!("{:x};x=y\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
    [bytes.chunks(37).flat_map(chunk).collect(), b"0\r\n\r\n".to_vec()].concat()
}

#[test]
fn a_pasted_request_is_read_whatever_its_version_and_its_line_ends() {
    let body = body();
    for head in [
        "POST /?so=1 HTTP/1.1\r\nHost: acme.example\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
        "\r\nPOST /?so=1 HTTP/2\nHost: acme.example\nsec-ch-ua: \"x\"\n\n",
        "POST https://acme.example/?so=1 HTTP/1.1\r\nHost: acme.example\r\nno field at all\r\n\r\n",
        ":method: POST\n:authority: acme.example\n:scheme: https\n:path: /?so=1\naccept: */*\n\n",
        ":authority\nacme.example\n:method\nPOST\n:path\n/?so=1\n:scheme\nhttps\naccept\n*/*\n\n",
    ] {
        let message = one(format!("{head}{body}\n").as_bytes());
        let sighting = &message.sightings[0];
        assert_eq!(sighting.place, "message 0 POST https://acme.example/?so=1 body", "{head}");
        assert_eq!(sighting.exchange.sent_to.as_deref(), Some("https://acme.example/?so=1"));
        assert_eq!(message.relay_state.as_deref(), Some("a b"));
        assert_eq!(message.captured_at, None);
    }
}

#[test]
fn an_answer_belongs_to_the_request_before_it() {
    let body = body();
    let text = format!(
        "GET /sso HTTP/1.1\nHost: idp.example\n\nHTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 10:21:20 GMT\n\n{}\n\n\
         POST /?so=1 HTTP/1.1\nHost: acme.example\n\n{body}\n\nHTTP/2 302\nDate: Sun, 22 Nov 2026 10:21:28 GMT\nLocation: /home\n\n",
        page()
    );
    let message = one(text.as_bytes());
    let [delivered, passed] = message.sightings.as_slice() else { panic!("{message:?}") };
    assert_eq!((delivered.carried, passed.carried), (Carried::Request, Carried::Answer));
    assert_eq!(delivered.exchange.status, Some(302));
    assert_eq!(delivered.exchange.location.as_deref(), Some("/home"));
    assert_eq!(passed.exchange.sent_to.as_deref(), Some("https://acme.example/?so=1"));
    let at = message.captured_at.unwrap();
    assert_eq!(at.clock, CaptureClock::HttpDate);
    assert_eq!(at.instant, "2026-11-22T10:21:28Z".parse().unwrap());
}

#[test]
fn chunks_and_compression_are_undone_and_bodies_saved_without_them_are_taken_as_they_are() {
    let page = page();
    for (coding, bytes) in compressed(page.as_bytes()) {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n");
        one(&[format!("{head}\r\n").as_bytes(), &bytes].concat());
        one(&[format!("{head}\r\n").as_bytes(), &bytes, b"\n"].concat());
        let chunked = format!("{head}transfer-encoding: Chunked\r\n\r\n");
        one(&[chunked.as_bytes(), &in_chunks(&bytes)].concat());
        one(&[chunked.as_bytes(), &bytes].concat());
        one(&[chunked.as_bytes(), page.as_bytes()].concat());
    }
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let whole = in_chunks(page.as_bytes());
    one(&[chunked.as_bytes(), &whole].concat());
}

#[test]
fn what_the_bodies_grow_to_is_bounded_together() {
    let [(_, bomb), ..] = compressed(&vec![b' '; 1 << 20]);
    let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
    let answer = [head.as_slice(), &bomb, b"\n"].concat();
    let text = [answer.repeat(8), body().into_bytes()].concat();
    let limit = 4 << 20;
    let limits = Limits { capture_bytes: limit, ..Limits::default() };
    let found = capture(&mut text.as_slice(), "test", &limits, None).unwrap();
    let expected = InputErrorKind::Limit { name: "capture bytes", limit };
    assert_eq!(found.unwrap_err().kind, expected);
}

#[test]
fn a_message_without_one_says_what_to_copy() {
    for text in ["GET /home HTTP/1.1\nHost: acme.example\n\n", "HTTP/1.1 302 Found\nLocation: /\n"]
    {
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!(error.kind, InputErrorKind::NotSaml(Recognised::Http), "{text}");
    }
}

#[test]
fn a_redirect_is_read_from_the_start_line_and_from_the_location() {
    let value = utf8_percent_encode(&STANDARD.encode(XML), NON_ALPHANUMERIC).to_string();
    let target = format!("/sso?SAMLRequest={value}&RelayState=x");
    let asked = one(format!("GET {target} HTTP/1.1\nHost: idp.example\n\n").as_bytes());
    assert_eq!(asked.sightings[0].exchange.sent_to.as_deref(), Some("https://idp.example/sso"));
    let moved =
        one(format!("HTTP/1.1 302 Found\nLocation: https://idp.example{target}\n").as_bytes());
    assert_eq!(moved.sightings[0].carried, Carried::Answer);
}

/// [`page`] as a Brotli and as a Zstandard encoder write it.
const BROTLI: &str = "G9wAYIzURvmKWDQwzxgmovlGiLjBEQekSZpQttBoCy2w6M5DOv6IRNq1/ppzHTVMpwUue4Ioj4uERUyhReFHkkyPqRtvx+b7SY7+cSL093iOj567fY4O9U/O4pYWPjadSHrE7f/QRgQn+9l7dvCoQu24NC+/cK/Rk+u/Z4fbj/hn51lHKy38NSo8YD1TQLongfTPIqnB/bsGe0zmtejb+DPi1L8vSUkuEQ==";
const ZSTANDARD: &str = "KLUv/QRoVQYA4gwuIBDxDn/Zu9nFcKLZRB981eQbxHUbxwED4kBIqKqqquAGB37xHq1SpCunCGc2SseJjDxCk0pJWFg6KO0jhfaZuvdgnOY1dgMDMxEOCZaFzK5MJULHxjMiWxWQUJpl6X7FMaVRbllFmJJ4hjLO9kc5Wfh/F7a3jkmFIO9sPzKaCf62y86qMfuSztRj9+KoIQ4twc2q+e3Ox4gdNBwmVP2IoHqL/Go0QPN8KS2M4v/frN2DP1+HX7xnCAQAeRmgYCuAXAFX/WFGAXfZ0W0=";

/// 80 MiB of zeros in Brotli.
const BOMB: &str = "y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIgDgsAdO//+P//B/8EQBwWAOje//H//w/+CYA4LADQvf/j//8f/BMAcVgAoHv/x///P/gnAOKwAED3/o///3/wTwDEYQGA7v3f";

#[test]
fn bodies_in_brotli_and_zstandard_are_read_within_the_limit() {
    let answer = |coding: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
        [head.as_bytes(), body].concat()
    };
    for (coding, body) in [("br", BROTLI), ("zstd", ZSTANDARD), ("gzip, BR", BROTLI)] {
        let body = STANDARD.decode(body).unwrap();
        one(&answer(coding, &body));
        // Saved decoded already, under the header that was sent.
        one(&answer(coding, page().as_bytes()));
        for end in 0..body.len() {
            assert!(read(&answer(coding, &body[..end])).is_err(), "{coding} {end}");
        }
    }
    let bomb = STANDARD.decode(BOMB).unwrap();
    let stopped = Coding::Brotli.undone(&bomb, Limits::default().inflated_bytes).unwrap_err();
    assert_eq!(stopped.error, InflateError::Limit);
    assert!(stopped.inflated.len() <= Limits::default().inflated_bytes + 1);
    assert!(read(&answer("br", &bomb)).is_err());
}
