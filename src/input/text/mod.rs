//! Text with messages in it: a mail, a ticket, a log, the parameters that a browser shows, several messages in one paste.
//!
//! Three passes, each over what the ones before left: XML elements ([`elements`]), what is named like a message ([`named`]), and
//! encoded values without a name ([`values`]). No pass reads a byte more than a few times, and what was found is read once. The
//! line a message stands in tells when it passed ([`lines`]).

mod elements;
mod lines;
mod named;
mod values;

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::captured::{Captured, Sighting};
use super::collector::{Collector, Sure};
use super::form::MESSAGES;
use super::http::{HttpExchange, names_a_message};
use super::{CaptureFormat, Reading, Recognised, Stop, html, markup};
use crate::decode::{InputErrorKind, Layer};
use crate::limits::Limits;
use lines::Lines;
pub(super) use lines::time_in;

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "text",
    what: "text",
    detect: |_| false,
    read: Reading::Whole(read),
    empty: Recognised::Text,
};

/// Candidates in one text, for each message that it may hold. Choice: 8; most are the same message once more, or no message.
const CANDIDATES: usize = 8;

/// What may be a message, and where in the text it stands.
#[derive(Debug)]
struct Piece<'t> {
    /// The whole of it, name included.
    range: Range<usize>,
    /// Its readings, tried one after the other until one gives a message; the error of the last is told.
    readings: Vec<Cow<'t, [u8]>>,
    sure: Sure,
    parameter: Option<&'static str>,
    relay_state: Option<String>,
}

impl<'t> Piece<'t> {
    fn new(range: Range<usize>, bytes: impl Into<Cow<'t, [u8]>>, sure: Sure) -> Self {
        Self { range, readings: vec![bytes.into()], sure, parameter: None, relay_state: None }
    }
}

pub(super) fn read(text: &[u8], collector: &mut Collector<'_>) -> Result<(), Stop> {
    scan(text, &Sighting::default(), collector)
}

/// Whether `text` is more than one message in its wrappings: words before a message, or a second one behind it.
pub(crate) fn is_around_a_message(text: &[u8]) -> bool {
    match markup::detect(text) {
        // XML of another kind that holds messages in its text.
        Some(markup::Markup::Xml(_)) => {
            elements::are_several(text) || (names_a_message(text) && !elements::begins_one(text))
        }
        Some(markup::Markup::Html) => false,
        None => {
            let before = memmem::find(text, b"SAMLRe").and_then(|at| text.get(..at));
            before.is_some_and(|before| {
                let words = before.trim_ascii_start();
                words.iter().any(u8::is_ascii_whitespace)
            })
        }
    }
}

/// Whether what decoded as one message is several that stood on lines of their own.
pub(super) fn are_several(message: &Captured) -> bool {
    let has_lines = |layer: &Layer| matches!(layer, Layer::Base64 { lines: 2.., .. });
    message.layers.iter().any(has_lines) && elements::are_several(&message.bytes)
}

/// Offers a part of a capture that may be a message as a whole, or text around messages, seen as `sighting` says. Answers whether
/// something was found. A part that is named like a message is one as a whole.
pub(super) fn offer(
    bytes: &[u8],
    sighting: &Sighting,
    collector: &mut Collector<'_>,
) -> Result<bool, Stop> {
    let is_named = sighting.parameter.is_some();
    if is_named || !is_around_a_message(bytes) {
        let sure = if is_named { Sure::Named } else { Sure::Perhaps };
        if collector.offer(bytes, sighting.clone(), sure)? {
            return Ok(true);
        }
    }
    let before = collector.found();
    if !is_named {
        scan(bytes, sighting, collector)?;
    }
    Ok(collector.found() > before)
}

/// Offers everything in `text` that may be a message, in the order in which it stands there. Its place is its line, unless `around`
/// has one.
fn scan(text: &[u8], around: &Sighting, collector: &mut Collector<'_>) -> Result<(), Stop> {
    let limit = collector.limits.messages.saturating_mul(CANDIDATES);
    let pieces = pieces(text, limit);
    if pieces.len() > limit {
        return Err(
            InputErrorKind::Limit { name: "messages", limit: collector.limits.messages }.into()
        );
    }
    let mut lines = Lines::of(text);
    for piece in pieces {
        offer_piece(&piece, text, &mut lines, around, collector)?;
    }
    Ok(())
}

/// Where in a text something stands that may be a message.
#[derive(Debug)]
pub(crate) struct Place<'t> {
    /// The whole of it, name included.
    pub(crate) range: Range<usize>,
    /// What may be the message in it.
    pub(crate) readings: Vec<Cow<'t, [u8]>>,
}

/// The places of a text in which something may be a message, in order.
pub(crate) fn places<'t>(text: &'t [u8], limits: &Limits) -> Vec<Place<'t>> {
    let pieces = pieces(text, limits.messages.saturating_mul(CANDIDATES)).into_iter();
    pieces.map(|Piece { range, readings, .. }| Place { range, readings }).collect()
}

/// Everything that may be a message, in the order in which it stands in the text.
fn pieces(text: &[u8], limit: usize) -> Vec<Piece<'_>> {
    let mut pieces = elements::find(text, limit);
    for part in html::parts(text).into_iter().filter(|part| names_a_message(&part.tags)) {
        let is_apart = pieces.iter().all(|piece| !overlap(&piece.range, &part.range));
        if is_apart {
            pieces.push(Piece::new(part.range, part.tags, Sure::Perhaps));
        }
    }
    for gap in gaps(text, &mut pieces) {
        named::find(text, gap, limit, &mut pieces);
    }
    for gap in gaps(text, &mut pieces) {
        values::find(text, gap, limit, &mut pieces);
    }
    pieces.sort_by_key(|piece| piece.range.start);
    pieces
}

fn offer_piece(
    piece: &Piece<'_>,
    text: &[u8],
    lines: &mut Lines<'_>,
    around: &Sighting,
    collector: &mut Collector<'_>,
) -> Result<(), Stop> {
    let line = lines.at(piece.range.start);
    let at = line.written.or(around.at);
    let mut sighting = around.clone();
    if sighting.place.is_empty() {
        sighting.place = format!("line {}", line.number);
    }
    let at_start = text.get(line.start..).unwrap_or_default();
    if let Some(request) = lines::request(at_start, piece.range.start - line.start, line.fields) {
        let exchange = HttpExchange {
            name: sighting.place,
            method: request.method,
            url: request.url,
            status: request.status,
            started: at,
            ..HttpExchange::default()
        };
        return exchange.offer_to(collector);
    }
    sighting.at = at;
    sighting.exchange.started = at.map(|at| at.instant);
    sighting.parameter = piece.parameter.map(str::to_owned);
    sighting.relay_state = piece.relay_state.clone().or(sighting.relay_state);
    let Some((last, first)) = piece.readings.split_last() else { return Ok(()) };
    for reading in first {
        if collector.offer(reading, sighting.clone(), Sure::Perhaps)? {
            return Ok(());
        }
    }
    collector.offer(last, sighting, piece.sure)?;
    Ok(())
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// What the pieces leave of the text.
fn gaps(text: &[u8], pieces: &mut [Piece<'_>]) -> Vec<Range<usize>> {
    pieces.sort_by_key(|piece| piece.range.start);
    let mut gaps = Vec::new();
    let mut from = 0;
    for piece in pieces {
        if piece.range.start > from {
            gaps.push(from..piece.range.start);
        }
        from = from.max(piece.range.end);
    }
    if from < text.len() {
        gaps.push(from..text.len());
    }
    gaps
}

/// The known name that `text` begins with.
fn message_name(text: &[u8]) -> Option<&'static str> {
    MESSAGES.into_iter().find(|name| text.starts_with(name.as_bytes()))
}

/// Whether a text can hold a message at all: one look that spares most strings of a capture every other.
pub(crate) fn is_worth_a_look(text: &[u8]) -> bool {
    names_a_message(text) || elements::mentions_one(text) || values::mentions_one(text)
}
