//! Bytes as given → the messages inside, each with every wrapping that was around it and every place it was seen in.
//!
//! Nobody is asked what they pasted. A capture of many things (a HAR, an export, a copied command …) is known by one row of [`FORMATS`],
//! which offers whatever may be a message to a collector; there the wrappings are taken off each. What no format claims is peeled as
//! it is: a message alone; when that fails, messages are looked for in it as in any text. To add a format: one file with its
//! [`CaptureFormat`] record, and one row.
//!
//! saml-bindings-2.0 §3.4 (HTTP-Redirect), §3.5 (HTTP-POST).

mod burp;
#[cfg(test)]
mod burp_tests;
mod captured;
mod codings;
mod collector;
mod curl;
#[cfg(test)]
mod curl_tests;
mod entries;
#[cfg(test)]
mod entries_tests;
mod envelope;
#[cfg(test)]
mod envelope_tests;
mod fetch;
mod form;
mod har;
#[cfg(test)]
mod har_tests;
mod html;
#[cfg(test)]
mod html_tests;
mod http;
mod http_message;
#[cfg(test)]
mod http_message_tests;
mod json;
#[cfg(test)]
mod json_tests;
mod loose;
mod markup;
mod peel;
mod powershell;
#[cfg(test)]
mod properties;
mod recognise;
mod saml_tracer;
#[cfg(test)]
mod saml_tracer_tests;
mod saz;
#[cfg(test)]
mod saz_tests;
#[cfg(test)]
mod script_tests;
#[cfg(test)]
mod tests;
mod text;
#[cfg(test)]
mod text_tests;

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};

pub(crate) use burp::{Item, burp_items};
pub use captured::{
    Broken, Capture, CaptureClock, Captured, CapturedAt, Carried, Exchange, Note, Sighting,
};
pub(crate) use curl::curl_words;
pub(crate) use http::names_a_message;
pub(crate) use http_message::{Message, http_messages};
pub use recognise::Recognised;
pub(crate) use saml_tracer::sent;
pub(crate) use saz::saz_member;
pub(crate) use text::{Place, is_around_a_message, is_worth_a_look, places};

use crate::decode::{Compression, InputError, InputErrorKind, Layer, decode_utf16, utf16_of};
use crate::limits::Limits;
use collector::Collector;
use envelope::Envelope;

/// One capture format: data that hold messages among other things.
#[derive(Debug)]
pub struct CaptureFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, for reports and help: `HAR capture`.
    pub what: &'static str,
    /// Whether an input that begins like this is one. Sees at most [`HEAD`] bytes, without a byte order mark.
    detect: fn(&[u8]) -> bool,
    /// How it is read.
    read: Reading,
    /// What it is called when no message is in it.
    empty: Recognised,
}

/// How a format is read: as it comes, however large, or whole, within the limit on decoded bytes.
#[derive(Debug)]
enum Reading {
    /// Keeps no more of it than what may be a message.
    Stream(fn(&mut dyn BufRead, &mut Collector<'_>) -> Result<(), Stop>),
    /// Sees it whole, without a byte order mark.
    Whole(fn(&[u8], &mut Collector<'_>) -> Result<(), Stop>),
}

/// Why the reading of a capture ended early.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// The input cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The input is not what it seemed, or holds too much.
    #[error(transparent)]
    Input(#[from] InputErrorKind),
}

/// Every capture format, in the order in which they are tried.
pub const FORMATS: [&CaptureFormat; 11] = [
    &har::FORMAT,
    &saml_tracer::FORMAT,
    &burp::FORMAT,
    &saz::FORMAT,
    &http_message::FORMAT,
    &curl::FORMAT,
    &fetch::FORMAT,
    &powershell::FORMAT,
    &json::FORMAT,
    &html::FORMAT,
    // Never detected: it is what is left when no format claims the input and it is no message alone.
    &text::FORMAT,
];

/// Bytes of the beginning by which a format is known. Choice: 64 KiB; the first few hundred tell.
const HEAD: usize = 64 << 10;

/// Reads everything that `source` holds: one message, or a capture with any number of them. `format` is detected unless given.
///
/// # Errors
/// When the source cannot be read; inside, when it holds no message: it is something else, it is broken, or it reaches one of
/// `limits`.
pub fn capture(
    source: &mut dyn Read,
    origin: &str,
    limits: &Limits,
    format: Option<&CaptureFormat>,
) -> io::Result<Result<Capture, InputError>> {
    let mut head = Vec::new();
    source.take(wide(HEAD)).read_to_end(&mut head)?;
    let envelope = Envelope::of(&head);
    let format = format.or_else(|| format_of(envelope.start()));
    let Some(format) = format else {
        // One byte more than allowed is how the decoder sees that there are too many.
        let rest = wide(limits.decoded_bytes).saturating_add(1).saturating_sub(wide(head.len()));
        source.take(rest).read_to_end(&mut head)?;
        let held = unclaimed(&head, origin, limits)?;
        // A compressed log: whole, as a message alone must be, and text.
        let is_text = |error: &InputError| {
            let is_whole = matches!(error.layers.first(), Some(Layer::Compressed(_)));
            is_whole && may_hold_others(&error.kind)
        };
        if held.as_ref().is_err_and(is_text) && envelope.is_gzip() {
            let collector = Collector::new(origin, limits, text::FORMAT.what);
            let found = opened(&envelope, head.as_slice(), &text::FORMAT, collector)?;
            let found = found.ok().filter(|found| !found.messages.is_empty());
            return Ok(found.map_or(held, Ok));
        }
        return Ok(held);
    };
    let collector = Collector::new(origin, limits, format.what);
    opened(&envelope, head.chain(source), format, collector)
}

fn format_of(start: &[u8]) -> Option<&'static CaptureFormat> {
    FORMATS.into_iter().find(|format| (format.detect)(start))
}

/// Reads a capture of a known format with what is around it as a whole.
fn opened(
    envelope: &Envelope,
    source: impl Read,
    format: &CaptureFormat,
    collector: Collector<'_>,
) -> io::Result<Result<Capture, InputError>> {
    let limit = collector.limits.capture_bytes;
    let bound = wide(limit).saturating_add(1);
    let damage = Cell::new(None);
    let mut given = source.take(bound);
    let mut whole = BufReader::with_capacity(HEAD, envelope.open(&mut given, &damage).take(bound));
    let collector = envelope.layers().fold(collector, Collector::inside);
    let held = read_as(format, &mut whole, collector);
    let is_over = whole.get_ref().limit() == 0;
    drop(whole);
    let failed = |kind| Ok(Err(InputError { kind, layers: Vec::new() }));
    match (held, damage.get()) {
        (Err(error), _) => Err(error),
        // Cut off at the limit, everything looks broken.
        (Ok(_), _) if is_over || given.limit() == 0 => {
            failed(InputErrorKind::Limit { name: "capture bytes", limit })
        }
        (Ok(held), None) => Ok(held),
        (Ok(Ok(mut capture)), Some(_)) => {
            if !capture.notes.contains(&Note::CutOff) {
                capture.notes.push(Note::CutOff);
            }
            Ok(Ok(capture))
        }
        (Ok(Err(_)), Some(error)) => {
            failed(InputErrorKind::Inflate { compression: Compression::Gzip, error })
        }
    }
}

/// Reads a capture of a known format.
fn read_as(
    format: &CaptureFormat,
    source: &mut dyn BufRead,
    mut collector: Collector<'_>,
) -> io::Result<Result<Capture, InputError>> {
    let done = match format.read {
        Reading::Stream(read) => read(source, &mut collector),
        Reading::Whole(read) => {
            let limit = collector.limits.decoded_bytes;
            let mut whole = Vec::new();
            source.take(wide(limit).saturating_add(1)).read_to_end(&mut whole)?;
            if whole.len() > limit {
                Err(InputErrorKind::Limit { name: "decoded bytes", limit }.into())
            } else {
                read(&whole, &mut collector)
            }
        }
    };
    match done {
        Err(Stop::Io(error)) => Err(error),
        Err(Stop::Input(kind)) => Ok(Err(InputError { kind, layers: Vec::new() })),
        Ok(()) => Ok(collector.finish(format)),
    }
}

/// Reads what no format claims: text that Windows saved as UTF-16 and that some format claims then, a message alone, or text with
/// messages in it.
fn unclaimed(
    input: &[u8],
    origin: &str,
    limits: &Limits,
) -> io::Result<Result<Capture, InputError>> {
    let mut collector = Collector::new(origin, limits, text::FORMAT.what);
    let mut bytes = Cow::Borrowed(input);
    if let Some(order) = utf16_of(&bytes)
        && markup::detect(&bytes).is_none()
        && bytes.len() <= limits.decoded_bytes
        && let Ok(text) = decode_utf16(&bytes, order)
    {
        if let Some(format) = format_of(text.as_bytes()) {
            let collector =
                Collector::new(origin, limits, format.what).inside(Layer::Utf16Text(order));
            return read_as(format, &mut text.as_bytes(), collector);
        }
        collector = collector.inside(Layer::Utf16Text(order));
        bytes = Cow::Owned(text.into_bytes());
    }
    let alone = (!is_around_a_message(&bytes)).then(|| read(input, origin, limits));
    let alone = match alone {
        Some(Ok(message)) if !text::are_several(&message) => {
            return Ok(Ok(Capture::alone(message)));
        }
        Some(Err(error)) if !may_hold_others(&error.kind) => return Ok(Err(error)),
        other => other,
    };
    match text::read(&bytes, &mut collector) {
        Err(Stop::Io(error)) => return Err(error),
        Err(Stop::Input(kind)) => return Ok(Err(InputError { kind, layers: Vec::new() })),
        Ok(()) => {}
    }
    Ok(match alone {
        Some(alone) if !collector.has_messages() => alone.map(Capture::alone),
        None if collector.is_empty() => read(input, origin, limits).map(Capture::alone),
        Some(_) | None => collector.finish(&text::FORMAT),
    })
}

/// Whether what is no message as a whole may still have messages in it.
fn may_hold_others(kind: &InputErrorKind) -> bool {
    match kind {
        InputErrorKind::Empty | InputErrorKind::Limit { .. } => false,
        InputErrorKind::NotSaml(what) => what.may_hold_messages(),
        InputErrorKind::Base64(_)
        | InputErrorKind::Inflate { .. }
        | InputErrorKind::Percent { .. }
        | InputErrorKind::Utf16 { .. }
        | InputErrorKind::Json { .. }
        | InputErrorKind::Ambiguous { .. } => true,
    }
}

/// Recovers the one XML message from `input`, whatever it is wrapped in.
///
/// # Errors
/// When the input holds no message: it is something else, it is broken, or it reaches one of `limits`.
pub fn read(input: &[u8], origin: &str, limits: &Limits) -> Result<Captured, InputError> {
    let peeled = peel::peel(input, limits)?;
    Ok(Captured::of(peeled, origin, Sighting::default()))
}

impl Capture {
    fn alone(message: Captured) -> Self {
        Self { format: None, messages: vec![message], broken: Vec::new(), notes: Vec::new() }
    }
}

impl Captured {
    /// A message as peeled. What the sighting does not know of its exchange is taken from what stood around the message.
    fn of(peeled: peel::Peeled, origin: &str, mut sighting: Sighting) -> Self {
        let found = peeled.found;
        // A form is posted to its action, wherever the page itself came from.
        // A relative address says nothing without the page's own.
        let target = found.sent_to.filter(|url| form::is_absolute(url));
        if sighting.carried != Carried::Request && target.is_some() {
            sighting.exchange.sent_to = target;
        }
        sighting.relay_state = sighting.relay_state.or(found.relay_state);
        sighting.parameter = sighting.parameter.or(found.parameter.map(str::to_owned));
        sighting.raw_query = found.raw_query;
        sighting.layers = peeled.layers;
        let mut captured = Self {
            bytes: peeled.bytes,
            origin: origin.to_owned(),
            captured_at: None,
            layers: Vec::new(),
            raw_query: None,
            relay_state: None,
            parameter: None,
            sightings: vec![sighting],
        };
        captured.settle();
        captured
    }

    /// Takes over what the foremost sighting says: where a message was delivered tells more than where it was on its way.
    fn settle(&mut self) {
        self.sightings.sort_by_key(|sighting| sighting.carried != Carried::Request);
        let Some(first) = self.sightings.first() else { return };
        self.captured_at = first.at;
        self.layers.clone_from(&first.layers);
        self.raw_query.clone_from(&first.raw_query);
        self.relay_state.clone_from(&first.relay_state);
        self.parameter.clone_from(&first.parameter);
    }
}

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
