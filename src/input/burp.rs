//! Burp Suite's "Save items": XML with one `item` for each request, its bytes in base64 or as text.
//!
//! It has a document type definition, so it has a reader of its own, which steps over that definition and expands no entity but the
//! predefined ones. No message is read by it: those are inside, and go the way of every other. Items are read as they come.

use std::io::{self, BufRead, BufReader, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil;
use jiff::tz::Offset;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::captured::{CaptureClock, CapturedAt, Note};
use super::collector::Collector;
use super::http::HttpExchange;
use super::http_message::Growth;
use super::{CaptureFormat, HEAD, Reading, Recognised, Stop, wide};
use crate::decode::InputErrorKind;
use crate::limits::Limits;

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "burp",
    what: "Burp export",
    detect,
    read: Reading::Stream(read),
    empty: Recognised::Burp,
};

/// XML whose root is `items`, with Burp's attribute or definition.
fn detect(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let start = start.get(..start.len().min(8 << 10)).unwrap_or_default();
    let at = |name: &[u8]| memchr::memmem::find(start, name);
    (start.starts_with(b"<?xml") || start.starts_with(b"<items"))
        && at(b"<items").is_some()
        && (at(b"burpVersion").is_some() || at(b"<!ELEMENT items (item*)>").is_some())
}

/// The children of `item` that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Time,
    Url,
    Method,
    Request,
    Status,
    Response,
}

/// One `item`.
#[derive(Debug, Default)]
pub(crate) struct Item {
    pub(crate) time: String,
    pub(crate) url: String,
    pub(crate) method: String,
    pub(crate) status: String,
    pub(crate) request: Vec<u8>,
    pub(crate) response: Vec<u8>,
}

/// The items of an export; nothing when it is none.
pub(crate) fn burp_items(bytes: &[u8], limits: &Limits) -> Option<Vec<Item>> {
    let mut all = Vec::new();
    let mut take = |item| {
        all.push(item);
        Ok(())
    };
    let is_one = detect(bytes.get(..bytes.len().min(HEAD)).unwrap_or_default());
    (is_one && items(&mut &*bytes, limits, &mut take).is_ok()).then_some(all)
}

/// How many bytes the parser may take at once for one event.
struct Paced<R> {
    source: R,
    left: u64,
}

impl<R: Read> Read for Paced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.by_ref().take(self.left).read(buffer)?;
        self.left -= wide(length);
        Ok(length)
    }
}

fn read(source: &mut dyn BufRead, collector: &mut Collector<'_>) -> Result<(), Stop> {
    let limits = *collector.limits;
    let (mut growth, mut number) = (Growth::new(&limits), 0);
    let is_whole = items(source, &limits, &mut |item| {
        item.exchange(number, &mut growth)?.offer_to(collector)?;
        number += 1;
        Ok(())
    })?;
    // The items before that are whole.
    if !is_whole {
        collector.note(Note::CutOff);
    }
    Ok(())
}

/// Reads the items one after the other. Answers whether the export ends where it should.
fn items(
    source: &mut dyn BufRead,
    limits: &Limits,
    take: &mut dyn FnMut(Item) -> Result<(), Stop>,
) -> Result<bool, Stop> {
    // Base64 takes a third more.
    let limit = limits.decoded_bytes;
    let most = wide(limit).saturating_mul(2);
    // Bytes that are no UTF-8 stand in bodies alone, where they are no part of a message.
    let mut builder = encoding_rs_io::DecodeReaderBytesBuilder::new();
    let text = builder.encoding(Some(encoding_rs::UTF_8)).build(source);
    let mut xml = Reader::from_reader(BufReader::new(Paced { source: text, left: most }));
    xml.config_mut().check_end_names = false;
    let (mut buffer, mut item) = (Vec::new(), None);
    // The field at hand, whether it is in base64, and what it holds so far.
    let mut field: Option<(Field, bool, String)> = None;
    loop {
        buffer.clear();
        buffer.shrink_to(1 << 20);
        xml.get_mut().get_mut().left = most;
        let event = xml.read_event_into(&mut buffer);
        let is_over = xml.get_ref().get_ref().left == 0;
        if is_over || field.as_ref().is_some_and(|(_, _, text)| wide(text.len()) > most) {
            return Err(InputErrorKind::Limit { name: "decoded bytes", limit }.into());
        }
        match event {
            Ok(Event::Start(start)) if start.local_name().as_ref() == "item" => {
                item = Some(Item::default());
            }
            Ok(Event::Start(start)) => {
                field = field.or_else(|| named(&start)).filter(|_| item.is_some());
            }
            Ok(Event::Text(text)) => append(&mut field, &text.xml10_content()),
            Ok(Event::CData(text)) => append(&mut field, &text.into_inner()),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(character)) => append(&mut field, character.encode_utf8(&mut [0; 4])),
                Ok(None) | Err(_) => {
                    let known = resolve_predefined_entity(&reference.into_inner());
                    append(&mut field, known.unwrap_or_default());
                }
            },
            Ok(Event::End(end)) if end.local_name().as_ref() == "item" => {
                if let Some(item) = item.take() {
                    take(item)?;
                }
            }
            Ok(Event::End(_)) => {
                if let (Some((field, is_base64, text)), Some(item)) = (field.take(), item.as_mut())
                {
                    item.take(field, is_base64, text);
                }
            }
            Ok(
                Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_),
            ) => {}
            Ok(Event::Eof) => return Ok(item.is_none()),
            Err(quick_xml::Error::Io(error)) => {
                return Err(Stop::Io(io::Error::new(error.kind(), error)));
            }
            Err(_) => return Ok(false),
        }
    }
}

fn append(field: &mut Option<(Field, bool, String)>, text: &str) {
    if let Some((_, _, whole)) = field {
        whole.push_str(text);
    }
}

/// The field that begins with this tag.
fn named(start: &BytesStart<'_>) -> Option<(Field, bool, String)> {
    let field = match start.local_name().as_ref() {
        "time" => Field::Time,
        "url" => Field::Url,
        "method" => Field::Method,
        "request" => Field::Request,
        "status" => Field::Status,
        "response" => Field::Response,
        _ => return None,
    };
    let attribute = start.try_get_attribute("base64").ok().flatten();
    Some((field, attribute.is_some_and(|attribute| attribute.value == "true"), String::new()))
}

impl Item {
    /// Whether its time is one.
    pub(crate) fn is_dated(&self) -> bool {
        java_date(&self.time).is_some()
    }

    fn take(&mut self, field: Field, is_base64: bool, text: String) {
        let trimmed = || text.trim().to_owned();
        let bytes = || {
            if !is_base64 {
                return text.clone().into_bytes();
            }
            let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            STANDARD.decode(text).unwrap_or_default()
        };
        match field {
            Field::Time => self.time = trimmed(),
            Field::Url => self.url = trimmed(),
            Field::Method => self.method = trimmed(),
            Field::Status => self.status = trimmed(),
            Field::Request => self.request = bytes(),
            Field::Response => self.response = bytes(),
        }
    }

    fn exchange(self, number: usize, growth: &mut Growth<'_>) -> Result<HttpExchange, Stop> {
        let mut exchange = HttpExchange {
            name: format!("item {number}"),
            number: Some(number),
            method: self.method,
            url: self.url,
            status: self.status.parse().ok(),
            started: java_date(&self.time),
            ..HttpExchange::default()
        };
        exchange.asked_by(&self.request, growth)?;
        exchange.answered_by(&self.response, growth)?;
        Ok(exchange)
    }
}

/// Zones whose abbreviation has one meaning, and their hours from UTC. Others name no instant: the answer's `Date` counts then.
const ZONES: [(&str, i8); 15] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("WET", 0),
    ("WEST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
    ("EDT", -4),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// A date as Java's `Date.toString` writes it: `Sun Nov 22 10:21:27 UTC 2026`.
fn java_date(text: &str) -> Option<CapturedAt> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_, month, day, time, zone, year] = words.as_slice() else { return None };
    let (_, hours) = ZONES.iter().find(|(known, _)| known == zone)?;
    let text = format!("{month} {day} {time} {year}");
    let date = civil::DateTime::strptime("%b %d %H:%M:%S %Y", text).ok()?;
    let instant = Offset::from_hours(*hours).ok()?.to_timestamp(date).ok()?;
    Some(CapturedAt { instant, clock: CaptureClock::Proxy })
}
