//! SAML-tracer exports: what the browser extension saves of its window, in the shape it has now and in that before version 1.0.
//!
//! Each request has its `url` as sent, its parameters decoded, once more in `get` and `post`, and the message itself in `saml`. When
//! the extension is asked to mask an export, it hashes or replaces the values in `post` and the cookies, and leaves `saml` and the
//! URL as they are. The bytes are those of the parameter when it can be decoded, else those of `saml`. Headers are objects; before
//! version 1.0 pairs. Pages are not in it.

use std::io::BufRead;

use super::captured::{CaptureClock, CapturedAt, Carried, Note};
use super::collector::{Collector, Sure};
use super::entries::{self, Piece};
use super::form::MESSAGES;
use super::http::{HttpExchange, names_a_message};
use super::loose::{Loose, Members};
use super::{CaptureFormat, Reading, Recognised, Stop};

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "saml-tracer",
    what: "SAML-tracer export",
    detect,
    read: Reading::Stream(read),
    empty: Recognised::SamlTracer,
};

/// Members of a request that no other kind of JSON with `requests` in it has.
const OF_A_REQUEST: [&[u8]; 4] =
    [b"\"requestId\"", b"\"requestHeaders\"", b"\"responseStatus\"", b"\"postData\""];

/// An object that begins with `requests`, or with the time and then `requests`.
fn detect(head: &[u8]) -> bool {
    let Some(inside) = head.trim_ascii_start().strip_prefix(b"{") else { return false };
    let has = |bytes: &[u8], name: &[u8]| memchr::memmem::find(bytes, name).is_some();
    let start = inside.get(..inside.len().min(256)).unwrap_or_default();
    let first = inside.trim_ascii_start();
    (first.starts_with(b"\"requests\"") || first.starts_with(b"\"timestamp\""))
        && has(start, b"\"requests\"")
        && (OF_A_REQUEST.iter().any(|name| has(inside, name)) || is_empty(start))
}

/// An export of a window in which nothing was traced.
fn is_empty(start: &[u8]) -> bool {
    let text: Vec<u8> = start.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    memchr::memmem::find(&text, b"\"requests\":[]").is_some()
}

fn read(source: &mut dyn BufRead, collector: &mut Collector<'_>) -> Result<(), Stop> {
    let (mut number, mut exported, mut is_masked) = (0, None, false);
    let limits = *collector.limits;
    let mut take = |piece: Piece<'_>| {
        match piece {
            Piece::Entry(request) => {
                match std::str::from_utf8(request).ok().and_then(Loose::of) {
                    Some(request) => is_masked |= offer(request.members(), number, collector)?,
                    None => collector.note(Note::Damaged),
                }
                number += 1;
            }
            Piece::Beside(b"timestamp", json) => {
                exported =
                    std::str::from_utf8(json).ok().and_then(Loose::of).and_then(Loose::instant);
            }
            Piece::Beside(..) => {}
        }
        Ok(())
    };
    let end = entries::each(source, &[b"requests"], &limits, &mut take)?;
    match end.error() {
        Some(_) if !collector.is_empty() => collector.note(Note::CutOff),
        Some(error) => return Err(error.into()),
        None => {}
    }
    if let Some(instant) = exported {
        collector.date(CapturedAt { instant, clock: CaptureClock::SamlTracer });
    }
    if is_masked && collector.has_messages() {
        collector.note(Note::MaskedButWhole);
    }
    Ok(())
}

/// Offers the message of one request. Answers whether something of the request is masked.
fn offer(request: Members<'_>, number: usize, collector: &mut Collector<'_>) -> Result<bool, Stop> {
    let text = |name: &str| request.get(name).text();
    let mut exchange = HttpExchange {
        name: format!("request {number}"),
        number: Some(number),
        method: text("method").unwrap_or_default(),
        url: text("url").unwrap_or_default(),
        parameters: request.get("post").pairs(),
        status: text("responseStatus").and_then(|text| text.parse().ok()).filter(|s| *s > 0),
        ..HttpExchange::default()
    };
    if exchange.parameters.is_empty() {
        exchange.parameters = request.get("postData").pairs();
    }
    let answer = request.get("responseHeaders").pairs();
    for (name, value) in &answer {
        exchange.answered_with(name, value);
    }
    let cookies = request.get("requestHeaders").pairs().into_iter().chain(answer);
    let mut of_cookies = cookies.filter(|(name, _)| name.to_ascii_lowercase().ends_with("cookie"));
    let is_masked = exchange.parameters.iter().any(|(_, value)| is_mask(value))
        || of_cookies.any(|(_, value)| value.split('=').any(is_mask));
    offer_request(&exchange, request.get("saml").text(), collector)?;
    exchange.offer_answer(collector)?;
    Ok(is_masked)
}

/// The parameter is offered first: its bytes are those that were sent. `saml` has been decoded and written again.
fn offer_request(
    exchange: &HttpExchange,
    saml: Option<String>,
    collector: &mut Collector<'_>,
) -> Result<(), Stop> {
    let saml = saml.filter(|saml| !saml.trim().is_empty());
    let sure = if saml.is_some() { Sure::Perhaps } else { Sure::Named };
    if names_a_message(exchange.url.as_bytes())
        && collector.offer(
            exchange.url.as_bytes(),
            exchange.sighting("query", Carried::Request),
            sure,
        )?
    {
        return Ok(());
    }
    let posted = |(name, _): &(String, String)| MESSAGES.contains(&name.as_str());
    let at = exchange.parameters.iter().position(posted);
    let parameter = at.and_then(|at| exchange.parameters.get(at));
    let relay_state = exchange.parameters.iter().find(|(name, _)| name == "RelayState");
    let relay_state = relay_state.map(|(_, value)| value.clone()).filter(|value| !is_mask(value));
    let sighting = |part: &str| {
        let mut sighting = exchange.sighting(part, Carried::Request);
        sighting.relay_state.clone_from(&relay_state);
        sighting.parameter = parameter.map(|(name, _)| name.clone());
        sighting
    };
    if let (Some(at), Some((_, value))) = (at, parameter)
        && !is_mask(value)
        && collector.offer(value.as_bytes(), sighting(&format!("post[{at}]")), sure)?
    {
        return Ok(());
    }
    // WS-Federation's token stands there as well, and is no message of this protocol.
    let is_other = parameter.is_none() && !names_a_message(exchange.url.as_bytes());
    if let Some(saml) = saml {
        let sure = if is_other { Sure::Perhaps } else { Sure::Named };
        let is_federation =
            is_other && exchange.parameters.iter().any(|(name, _)| name == "wresult");
        if !is_federation {
            collector.offer(&sent(&saml), sighting("saml"), sure)?;
        }
    }
    Ok(())
}

/// The two marks by which the extension replaces a value.
fn is_mask(value: &str) -> bool {
    let value = value.trim();
    value.ends_with('}') && (value.starts_with("{hash:") || value.starts_with("{obf:"))
}

/// The bytes that `saml` was made of. For a redirect, and for a POST in older versions, the extension makes each byte a character; newer
/// ones decode the UTF-8 of a POST. Bytes that are UTF-8 taken one by one are no text that anyone would write, so which of the two it was can be told.
pub(crate) fn sent(saml: &str) -> Vec<u8> {
    let single: Option<Vec<u8>> = saml.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    match single {
        Some(bytes) if std::str::from_utf8(&bytes).is_ok() || says_otherwise(saml) => bytes,
        Some(_) | None => saml.as_bytes().to_vec(),
    }
}

/// Whether the text is no UTF-8 by its own account: another encoding is declared, or it does not begin as XML, so it is compressed or UTF-16.
fn says_otherwise(saml: &str) -> bool {
    let start = saml.trim_start();
    let Some(declaration) = start.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"))
    else {
        return !start.starts_with('<') || start.starts_with("<\0");
    };
    let declaration = declaration.0.to_ascii_lowercase();
    declaration.contains("encoding") && !declaration.contains("utf-8")
}
