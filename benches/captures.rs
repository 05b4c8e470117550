//! How fast a large capture is read, and in how much memory: 200 MiB as browsers and SAML-tracer write them, plain and in gzip.
//!
//! `cargo bench --bench captures`; no test, because a busy machine would fail it. The aim is at most 2 s for 100 MiB on one core, in memory that
//! follows the largest entry. The captures are made while they are read, so the memory shown is that of the reading.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time and prints it, and stops when its own input is wrong"
)]

use std::io::{Read, Write};
use std::time::{Duration, Instant};
use std::{fs, io};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use samlcheck::input::capture;
use samlcheck::limits::Limits;
use serde_json::{Value, json};

const SIZE: usize = 200 << 20;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>";

/// A beginning, a piece that comes again and again, and an end.
struct Repeated {
    start: Vec<u8>,
    piece: Vec<u8>,
    times: usize,
    end: Vec<u8>,
}

impl Repeated {
    fn reader(&self) -> impl Read {
        let piece = Again { piece: &self.piece, at: 0, left: self.times * self.piece.len() };
        self.start.as_slice().chain(piece).chain(self.end.as_slice())
    }
}

struct Again<'p> {
    piece: &'p [u8],
    at: usize,
    left: usize,
}

impl Read for Again<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.piece[self.at..].take(self.left as u64).read(buffer)?;
        self.left -= length;
        self.at = (self.at + length) % self.piece.len();
        Ok(length)
    }
}

fn headers(number: usize) -> Value {
    (0..20).map(|at| json!({"name": format!("x-header-{at}"), "value": format!("value {number} of {at}; path=/")})).collect()
}

/// A script with the escapes that a script has, a picture, a page.
fn bodies() -> [Value; 4] {
    let script = "function f(a) {\n\treturn \"x\" + a['y'] + '\\u0041';\n}\n".repeat(4000);
    let picture: Vec<u8> =
        (0..200_000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    [
        json!({"size": script.len(), "mimeType": "text/javascript", "text": script}),
        json!({"size": 200_000, "mimeType": "image/png", "text": STANDARD.encode(picture), "encoding": "base64"}),
        json!({"size": 40, "mimeType": "application/json", "text": "{\"a\":[1,2,3],\"b\":{\"c\":null}}"}),
        json!({"size": 0, "mimeType": "x-unknown"}),
    ]
}

fn har() -> Repeated {
    let entries = (0..40).map(|number| {
        json!({"startedDateTime": "2026-11-22T10:21:27.447Z", "time": 12.5,
            "request": {"method": "GET", "url": format!("https://acme.example/asset/{number}"), "headers": headers(number),
                "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0},
            "response": {"status": 200, "headers": headers(number), "cookies": [], "content": bodies()[number % 4], "redirectURL": ""},
            "cache": {}, "timings": {"send": 0.1, "wait": 3.25, "receive": 1}})
    });
    let text = utf8_percent_encode(&STANDARD.encode(XML), NON_ALPHANUMERIC).to_string();
    let last = json!({"startedDateTime": "2026-11-22T10:21:28Z", "request": {"method": "POST", "url": "https://acme.example/",
        "postData": {"text": format!("SAMLResponse={text}")}}, "response": {"status": 302}});
    repeated("{\"log\":{\"version\":\"1.2\",\"entries\":[", entries, &format!("{last}]}}}}"))
}

fn tracer() -> Repeated {
    let requests = (0..40).map(|number| {
        json!({"method": "GET", "url": format!("https://acme.example/asset/{number}"), "requestId": "7", "requestHeaders": headers(number),
            "get": [], "responseStatus": 200, "responseStatusText": "HTTP/1.1 200 OK", "responseHeaders": headers(number)})
    });
    let last = json!({"method": "POST", "url": "https://acme.example/", "post": [["SAMLResponse", STANDARD.encode(XML)]], "saml": XML});
    repeated(
        "{\"requests\":[",
        requests,
        &format!("{last}],\"timestamp\":\"2026-11-22T10:30:00Z\"}}"),
    )
}

/// As browsers write it, with white space.
fn repeated(start: &str, entries: impl Iterator<Item = Value>, end: &str) -> Repeated {
    let pretty = |entry: Value| serde_json::to_string_pretty(&entry).unwrap() + ",\n";
    let piece: String = entries.map(pretty).collect();
    let times = SIZE.div_ceil(piece.len());
    Repeated { start: start.into(), piece: piece.into(), times, end: end.into() }
}

fn compressed(plain: &Repeated) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    io::copy(&mut plain.reader(), &mut encoder).unwrap();
    encoder.flush().unwrap();
    encoder.finish().unwrap()
}

/// Reads it once, and says what that took.
fn measure(name: &str, source: &mut dyn Read) {
    // Writing 5 there sets the peak back to what is used now; see proc_pid_clear_refs(5).
    let before = fs::write("/proc/self/clear_refs", "5").ok().and_then(|()| memory("VmRSS:"));
    let start = Instant::now();
    let found = capture(source, "bench", &Limits::default(), None).unwrap().unwrap();
    let time: Duration = start.elapsed();
    assert_eq!(found.messages.len(), 1);
    let grown = before.and_then(|before| Some(memory("VmHWM:")?.saturating_sub(before)));
    let memory = grown
        .map_or_else(|| "?".to_owned(), |kilobytes| format!("{:.1}", kilobytes as f64 / 1024.0));
    println!(
        "{name:<24} {:>6.2} s for 100 MiB {memory:>8} MiB of memory",
        time.as_secs_f64() / 2.0
    );
}

fn memory(name: &str) -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn main() {
    let har = har();
    measure("HAR", &mut har.reader());
    measure("HAR in gzip", &mut compressed(&har).as_slice());
    let tracer = tracer();
    measure("SAML-tracer", &mut tracer.reader());
}
