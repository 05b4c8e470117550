//! HAR 1.2: what browsers and proxies export of their network panel.
//!
//! Chrome, Edge, Firefox, Safari, Playwright, mitmproxy and Charles write it. Entries are cut out one by one as they come, so that memory
//! follows the largest entry and not the file, and nothing in an entry is taken for granted. Bodies stand in `postData.text`; where a tool leaves that out, in
//! `postData.params`, which Chrome writes percent-encoded and Firefox decoded.

use std::io::BufRead;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::UTF_8;
use jiff::SignedDuration;

use super::captured::{CaptureClock, CapturedAt, Note};
use super::collector::Collector;
use super::entries::{self, Piece};
use super::http::{HttpExchange, names_a_message};
use super::loose::Loose;
use super::{CaptureFormat, Reading, Recognised, Stop};

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "har",
    what: "HAR capture",
    detect,
    read: Reading::Stream(read),
    empty: Recognised::Har,
};

/// An object whose first member is `log`, or that soon names `log` and its parts.
fn detect(head: &[u8]) -> bool {
    let Some(inside) = head.trim_ascii_start().strip_prefix(b"{") else { return false };
    if inside.trim_ascii_start().starts_with(b"\"log\"") {
        return true;
    }
    let start = inside.get(..inside.len().min(4096)).unwrap_or_default();
    let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    has(b"\"log\"") && (has(b"\"entries\"") || has(b"\"creator\""))
}

fn read(source: &mut dyn BufRead, collector: &mut Collector<'_>) -> Result<(), Stop> {
    let mut number = 0;
    let limits = *collector.limits;
    let mut take = |piece: Piece<'_>| {
        let Piece::Entry(entry) = piece else { return Ok(()) };
        // Some tools write a body as it came. A byte that is no UTF-8 becomes a character that base64 has not, so a message with such
        // a byte in it is told as broken and never changed.
        let (text, _) = UTF_8.decode_without_bom_handling(entry);
        match Loose::of(&text) {
            Some(entry) => exchange(entry, number).offer_to(collector)?,
            None => collector.note(Note::Damaged),
        }
        number += 1;
        Ok(())
    };
    let end = entries::each(source, &[b"log", b"entries"], &limits, &mut take)?;
    match end.error() {
        // What was read before the file breaks off is worth having.
        Some(_) if !collector.is_empty() => collector.note(Note::CutOff),
        Some(error) => return Err(error.into()),
        None => {}
    }
    Ok(())
}

fn exchange(entry: Loose<'_>, number: usize) -> HttpExchange {
    let entry = entry.members();
    let request = entry.get("request").members();
    let response = entry.get("response").members();
    let post = request.get("postData");
    let content = response.get("content").members();
    let started = entry.get("startedDateTime").instant();
    let text = |value: Loose<'_>| value.text().unwrap_or_default();
    let mut exchange = HttpExchange {
        name: format!("entry {number}"),
        number: Some(number),
        method: text(request.get("method")),
        url: text(request.get("url")),
        started: started.map(|instant| CapturedAt { instant, clock: CaptureClock::HarStarted }),
        // -1 or nothing when it is not known.
        took: entry
            .get("time")
            .text()
            .and_then(|time| time.parse::<f64>().ok())
            .filter(|time| *time >= 0.0)
            .and_then(milliseconds),
        // Some tools write the body itself there.
        body: post.bytes().or_else(|| {
            let post = post.members();
            decoded(post.get("text"), post.get("encoding"))
        }),
        parameters: post.members().get("params").pairs(),
        // Chrome writes 0 or -1 when no answer came.
        status: response.get("status").text().and_then(|text| text.parse().ok()).filter(|s| *s > 0),
        page: decoded(content.get("text"), content.get("encoding")),
        ..HttpExchange::default()
    };
    for (name, value) in response.get("headers").pairs() {
        exchange.answered_with(&name, &value);
    }
    let redirect = response.get("redirectURL").text().filter(|url| !url.is_empty());
    exchange.location = exchange.location.or(redirect);
    exchange
}

/// Tools write base64 with its padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A length of time that a capture writes in milliseconds and fractions of them.
fn milliseconds(time: f64) -> Option<SignedDuration> {
    SignedDuration::try_from_secs_f64(time / 1000.0).ok()
}

/// A body as bytes; those that are written as base64 only when they can hold a message.
fn decoded(text: Loose<'_>, encoding: Loose<'_>) -> Option<Vec<u8>> {
    let mut text = text.bytes()?;
    if !encoding.text().is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64")) {
        return Some(text);
    }
    let body = BASE64.decode(&text).ok().or_else(|| {
        text.retain(|byte| !byte.is_ascii_whitespace());
        BASE64.decode(&text).ok()
    });
    body.filter(|body| names_a_message(body))
}
