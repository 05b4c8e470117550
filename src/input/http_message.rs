//! HTTP messages as they went over the wire: pasted as text, or as proxies save them.
//!
//! The start line, the headers, an empty line, the body (RFC 9112 §2.1). HTTP/2 has no start line; tools write one, or list its
//! pseudo-header fields (RFC 9113 §8.3). Bodies in chunks are joined, and compressed ones decompressed.

use encoding_rs::WINDOWS_1252;
use memchr::memmem;

use super::captured::CapturedAt;
use super::codings::Coding;
use super::collector::Collector;
use super::http::HttpExchange;
use super::{CaptureFormat, Reading, Recognised, Stop, text};
use crate::decode::{InflateError, InputErrorKind};
use crate::limits::Limits;

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "http",
    what: "HTTP message",
    detect,
    read: Reading::Whole(read),
    empty: Recognised::Http,
};

/// Header fields of one message. Choice: 256; servers take 100 or so.
const FIELDS: usize = 256;

/// What the bodies of one capture may grow to.
#[derive(Debug)]
pub(super) struct Growth<'l> {
    limits: &'l Limits,
    left: usize,
}

impl<'l> Growth<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, left: limits.capture_bytes }
    }

    /// Counts what grew.
    ///
    /// # Errors
    /// When all together is more than a capture may hold.
    pub(super) fn count(&mut self, bytes: usize) -> Result<(), Stop> {
        let limit = self.limits.capture_bytes;
        self.left = self
            .left
            .checked_sub(bytes)
            .ok_or(InputErrorKind::Limit { name: "capture bytes", limit })?;
        Ok(())
    }
}

/// A message without its transfer and content codings.
#[derive(Debug, Default)]
pub(crate) struct Message {
    /// The words of the start line.
    pub(crate) start: [String; 3],
    /// Names and values of its header fields.
    pub(crate) fields: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Every message of a text that begins with one.
pub(crate) fn http_messages(bytes: &[u8], limits: &Limits) -> Option<Vec<Message>> {
    if !detect(bytes) {
        return None;
    }
    let mut growth = Growth::new(limits);
    let parts = parts(bytes, limits.messages).ok()?;
    parts.into_iter().map(|part| Message::read(part, &mut growth).ok().flatten()).collect()
}

/// A start line of a request or of an answer, or the pseudo-header fields of one.
fn detect(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    is_start_line(line) || is_pseudo_field(line)
}

fn is_start_line(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let is_version = |word: &str| {
        word.strip_prefix("HTTP/")
            .is_some_and(|version| matches!(version, "1.0" | "1.1" | "2" | "2.0" | "3"))
    };
    let words: Vec<&str> = line.split_ascii_whitespace().take(4).collect();
    match words.as_slice() {
        [version, status, ..] if is_version(version) => {
            status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit())
        }
        [method, target, version] if is_version(version) => {
            method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
                && !target.is_empty()
        }
        _ => false,
    }
}

/// `:method: POST`; newer browsers copy the name and the value as two lines.
fn is_pseudo_field(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    [b":authority".as_slice(), b":method", b":path", b":scheme", b":status"].iter().any(|name| {
        line.strip_prefix(*name).is_some_and(|rest| rest.starts_with(b":") || rest.is_empty())
    })
}

/// Requests and answers in one text, an answer behind its request.
fn read(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), Stop> {
    let limits = *collector.limits;
    let mut growth = Growth::new(&limits);
    let parts = parts(bytes, limits.messages)?;
    let mut parts = parts.into_iter().peekable();
    let mut number = 0;
    while let Some(part) = parts.next() {
        let mut exchange = HttpExchange {
            name: format!("message {number}"),
            number: Some(number),
            ..HttpExchange::default()
        };
        if is_answer(part) {
            exchange.answered_by(part, &mut growth)?;
        } else {
            exchange.asked_by(part, &mut growth)?;
            if let Some(answer) = parts.next_if(|next| is_answer(next)) {
                exchange.answered_by(answer, &mut growth)?;
            }
        }
        exchange.offer_to(collector)?;
        number += 1;
    }
    // Copied from a window, a body may be wrapped or have words around it.
    if collector.is_empty() { text::read(bytes, collector) } else { Ok(()) }
}

fn is_answer(message: &[u8]) -> bool {
    let start = message.trim_ascii_start();
    start.starts_with(b"HTTP/") || start.starts_with(b":status")
}

/// The messages of a text: each begins with its start line, the first of which is at the beginning.
fn parts(bytes: &[u8], limit: usize) -> Result<Vec<&[u8]>, Stop> {
    let mut starts = vec![0];
    for end in memchr::memchr_iter(b'\n', bytes) {
        let line = bytes.get(end + 1..).unwrap_or_default();
        let line = line.get(..line.len().min(16 << 10)).unwrap_or_default();
        let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let before = bytes.get(..end).unwrap_or_default();
        if is_start_line(line) && !before.trim_ascii().is_empty() {
            if starts.len() >= limit {
                return Err(InputErrorKind::Limit { name: "messages", limit }.into());
            }
            starts.push(end + 1);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let parts = starts.iter().zip(ends).filter_map(|(start, end)| bytes.get(*start..end));
    Ok(parts.collect())
}

impl HttpExchange {
    /// Takes over a request. One that is none leaves everything as it is.
    pub(super) fn asked_by(&mut self, request: &[u8], growth: &mut Growth<'_>) -> Result<(), Stop> {
        let Some(message) = Message::read(request, growth)? else { return Ok(()) };
        let field = |name: &str| message.field(name).map(str::to_owned);
        let [method, target, _] = &message.start;
        if self.method.is_empty() {
            self.method.clone_from(method);
        }
        if self.url.is_empty() {
            // Choice: https. A path alone does not tell, and logins go that way.
            self.url = match field("host").filter(|_| target.starts_with('/')) {
                Some(host) => format!("https://{host}{target}"),
                None => target.clone(),
            };
        }
        self.body = Some(message.body);
        Ok(())
    }

    /// Takes over an answer.
    pub(super) fn answered_by(
        &mut self,
        answer: &[u8],
        growth: &mut Growth<'_>,
    ) -> Result<(), Stop> {
        let Some(message) = Message::read(answer, growth)? else { return Ok(()) };
        let [_, status, _] = &message.start;
        self.status = status.parse().ok().or(self.status);
        for (name, value) in &message.fields {
            self.answered_with(name, value);
        }
        self.page = Some(message.body);
        Ok(())
    }

    /// Says when it was recorded.
    pub(super) fn recorded(&mut self, at: Option<CapturedAt>) {
        self.started = self.started.or(at);
    }
}

impl Message {
    fn read(bytes: &[u8], growth: &mut Growth<'_>) -> Result<Option<Self>, Stop> {
        let bytes = bytes.trim_ascii_start();
        let mut message = Self::default();
        let line_end =
            bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
        let (line, rest) = bytes.split_at_checked(line_end).unwrap_or((bytes, &[]));
        let (pseudo, rest) = if is_start_line(line) {
            let text = text_of(line);
            let mut words = text.split_ascii_whitespace().map(str::to_owned);
            message.start = [(); 3].map(|()| words.next().unwrap_or_default());
            (Vec::new(), rest)
        } else {
            pseudo_fields(bytes)
        };
        message.take_pseudo(&pseudo);
        if message.start.iter().all(String::is_empty) {
            return Ok(None);
        }
        let (head, body) = split_head(rest);
        message.fields.extend(fields(head));
        message.body = body.to_vec();
        message.undo_codings(growth)?;
        Ok(Some(message))
    }

    /// The start line that HTTP/1.1 would have.
    fn take_pseudo(&mut self, fields: &[(String, String)]) {
        for (name, value) in fields {
            let [first, second, _] = &mut self.start;
            match name.as_str() {
                ":method" => first.clone_from(value),
                ":path" | ":status" => second.clone_from(value),
                ":authority" => self.fields.push(("host".to_owned(), value.clone())),
                _ => {}
            }
        }
    }

    fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// What cannot be undone stays: tools also save bodies that they have decoded already, under the headers that were sent.
    fn undo_codings(&mut self, growth: &mut Growth<'_>) -> Result<(), Stop> {
        let has = |name: &str, coding: &str| {
            self.field(name).is_some_and(|value| value.to_ascii_lowercase().contains(coding))
        };
        let is_chunked = has("transfer-encoding", "chunked");
        if is_chunked && let Some(whole) = joined(&self.body) {
            self.body = whole;
        }
        let coding = self.field("content-encoding").and_then(Coding::named);
        let Some(coding) = coding else { return Ok(()) };
        let each = growth.limits.inflated_bytes;
        match coding.undone(&self.body, each.min(growth.left)) {
            Ok(plain) => {
                growth.count(plain.len())?;
                self.body = plain;
            }
            Err(stopped) if stopped.error == InflateError::Limit && growth.left < each => {
                growth.count(usize::MAX)?;
            }
            Err(stopped) => {
                growth.count(stopped.inflated.len())?;
                // A body has its end, and a line end more in a file.
                if matches!(stopped.error, InflateError::DataAfterEnd | InflateError::SecondStream)
                {
                    self.body = stopped.inflated;
                }
            }
        }
        Ok(())
    }
}

/// The pseudo-header fields at the beginning, and what follows them.
fn pseudo_fields(bytes: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut fields = Vec::new();
    let mut rest = bytes;
    while is_pseudo_field(rest.split(|byte| *byte == b'\n').next().unwrap_or_default()) {
        let (line, behind) = line(rest);
        rest = behind;
        let name_end =
            line.iter().skip(1).position(|byte| *byte == b':').map_or(line.len(), |end| end + 1);
        let (name, value) = line.split_at_checked(name_end).unwrap_or((line, &[]));
        let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
        let value = if value.is_empty() {
            let (value, behind) = self::line(rest);
            rest = behind;
            value.trim_ascii()
        } else {
            value
        };
        fields.push((text_of(name), text_of(value)));
    }
    (fields, rest)
}

/// Text of a header section, which is windows-1252 when it is no UTF-8 (RFC 9110 §5.5 has ISO-8859-1, of which this is the use).
fn text_of(bytes: &[u8]) -> String {
    let bytes = bytes.trim_ascii();
    std::str::from_utf8(bytes).map_or_else(
        |_| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        str::to_owned,
    )
}

/// The first line, and what follows it.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let line = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
    (line, end.and_then(|end| bytes.get(end + 1..)).unwrap_or_default())
}

/// The header section and the body, whichever line ends there are.
fn split_head(bytes: &[u8]) -> (&[u8], &[u8]) {
    if let Some(body) = bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n")) {
        return (&[], body);
    }
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n", b"\n\r\n"];
    let first = ends.iter().filter_map(|end| memmem::find(bytes, end).map(|at| (at, end.len())));
    match first.min() {
        Some((at, length)) => {
            let body = bytes.get(at + length..).unwrap_or_default();
            (bytes.get(..at).unwrap_or_default(), body)
        }
        None => (bytes, &[]),
    }
}

/// The header fields; those behind one that is malformed are read line by line.
fn fields(head: &[u8]) -> Vec<(String, String)> {
    let mut whole = head.to_vec();
    whole.extend_from_slice(b"\r\n\r\n");
    let mut slots = [httparse::EMPTY_HEADER; FIELDS];
    if let Ok(httparse::Status::Complete((_, fields))) = httparse::parse_headers(&whole, &mut slots)
    {
        return fields.iter().map(|field| (field.name.to_owned(), text_of(field.value))).collect();
    }
    let lines = head.split(|byte| *byte == b'\n').take(FIELDS);
    let pairs = lines.filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        Some((text_of(line.get(..colon)?), text_of(line.get(colon + 1..)?)))
    });
    pairs.collect()
}

/// A body without its chunks (RFC 9112 §7.1); `None` when it is in none.
fn joined(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    let mut rest = body;
    loop {
        let httparse::Status::Complete((start, size)) = httparse::parse_chunk_size(rest).ok()?
        else {
            return None;
        };
        if size == 0 {
            return Some(whole);
        }
        let size = usize::try_from(size).ok()?;
        let data = rest.get(start..)?;
        whole.extend_from_slice(data.get(..size)?);
        let behind = data.get(size..)?;
        rest = behind.strip_prefix(b"\r\n").or_else(|| behind.strip_prefix(b"\n"))?;
    }
}
