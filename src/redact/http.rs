//! HTTP messages as they went over the wire, and the exports of proxies that hold them.

use std::io::{Cursor, Read, Write};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

use super::rewrite::{Rewriter, note};
use super::{REMOVED, encode};
use crate::decode::is_text;
use crate::input::{Item, Message, burp_items, http_messages, saz_member};

/// Header fields that say how a body was written, which it no longer is.
const CODINGS: [&str; 3] = ["content-encoding", "transfer-encoding", "content-length"];

/// What an archive of Fiddler says of its files, the same in each.
const TYPES: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
    <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"txt\" ContentType=\"text/plain\" />\
    <Default Extension=\"xml\" ContentType=\"application/xml\" /></Types>";

impl Rewriter<'_> {
    /// Requests and answers in one text; nothing when it is something else.
    pub(super) fn http(&mut self, bytes: &[u8], level: usize) -> Option<Vec<u8>> {
        let mut messages = http_messages(bytes, &self.options.limits)?;
        let mut out = Vec::new();
        for message in &mut messages {
            if !out.is_empty() {
                out.extend_from_slice(b"\r\n\r\n");
            }
            self.http_message(message, level, &mut out);
        }
        Some(out)
    }

    fn http_message(&mut self, message: &mut Message, level: usize, out: &mut Vec<u8>) {
        let [first, second, third] = &message.start;
        let is_answer = first.starts_with("HTTP/") || first.is_empty();
        let version =
            |word: &str| if word.is_empty() { "HTTP/2".to_owned() } else { word.to_owned() };
        let line = if is_answer {
            format!("{} {}", version(first), self.plain(second))
        } else {
            format!("{} {} {}", self.plain(first), self.url(second, level), version(third))
        };
        let mut head = line + "\r\n";
        let body = self.http_body(&message.body, is_answer, level);
        for (name, value) in &message.fields {
            if CODINGS.contains(&name.to_ascii_lowercase().as_str()) {
                continue;
            }
            let (name, value) = (self.plain(name), self.header(name, value, level));
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&body);
    }

    /// A body that was posted, or a page as far as it posts a message.
    fn http_body(&mut self, body: &[u8], is_answer: bool, level: usize) -> Vec<u8> {
        let text = std::str::from_utf8(body).ok().filter(|_| is_text(body));
        let rewritten = match text {
            Some(text) if text.trim().is_empty() => String::new(),
            Some(text) if is_answer => self.page(text, level).unwrap_or_else(|| note(body.len())),
            Some(text) => self.text_or_note(text, level),
            // A page in an encoding of its own: its tags are ASCII.
            None if is_answer => {
                let page: String = body.utf8_chunks().map(|chunk| chunk.valid()).collect();
                self.page(&page, level).unwrap_or_else(|| note(body.len()))
            }
            None => note(body.len()),
        };
        rewritten.into_bytes()
    }

    /// The export of a proxy, with the bytes of every item in base64; nothing when it is none.
    pub(super) fn burp(&mut self, bytes: &[u8], level: usize) -> Option<Vec<u8>> {
        let items = burp_items(bytes, &self.options.limits)?;
        let mut out =
            "<?xml version=\"1.0\"?>\n<items burpVersion=\"\" exportTime=\"\">\n".to_owned();
        for item in items {
            self.burp_item(&item, level, &mut out);
        }
        out.push_str("</items>\n");
        Some(out.into_bytes())
    }

    fn burp_item(&mut self, item: &Item, level: usize, out: &mut String) {
        let url = self.url(&item.url, level);
        let fields = [
            ("time", if item.is_dated() { self.plain(&item.time) } else { String::new() }),
            ("url", url),
            ("method", self.plain(&item.method)),
            ("status", self.plain(&item.status)),
        ];
        out.push_str("  <item>\n");
        for (name, value) in fields {
            out.push_str(&format!("    <{name}>{}</{name}>\n", encode::markup(&value)));
        }
        for (name, bytes) in [("request", &item.request), ("response", &item.response)] {
            let rewritten = match self.http(bytes, level) {
                Some(rewritten) => rewritten,
                None if bytes.is_empty() => Vec::new(),
                None => note(bytes.len()).into_bytes(),
            };
            let base64 = encode::base64(&rewritten, false, 1, true, "");
            out.push_str(&format!("    <{name} base64=\"true\"><![CDATA[{base64}]]></{name}>\n"));
        }
        out.push_str("  </item>\n");
    }

    /// An archive of Fiddler. What is in it besides the sessions, such as a page that lists them, is left out.
    pub(super) fn archive(&mut self, bytes: &[u8], level: usize) -> Option<Vec<u8>> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        let how = SimpleFileOptions::default().last_modified_time(DateTime::default());
        out.start_file("[Content_Types].xml", how).ok()?;
        out.write_all(TYPES.as_bytes()).ok()?;
        let limits = self.options.limits;
        let mut left = u64::try_from(limits.capture_bytes).unwrap_or(u64::MAX);
        let most = u64::try_from(limits.inflated_bytes).unwrap_or(u64::MAX);
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).ok()?;
            let member = file.name_raw().to_vec();
            let member = std::str::from_utf8(&member).ok().and_then(saz_member);
            let Some((number, kind)) = member else { continue };
            let name = format!("raw/{number}_{kind}");
            let mut member = Vec::new();
            file.by_ref().take(most.min(left)).read_to_end(&mut member).ok()?;
            left = left.checked_sub(u64::try_from(member.len()).ok()?).filter(|left| *left > 0)?;
            let rewritten = match kind {
                "c.txt" | "s.txt" => self.http(&member, level),
                "m.xml" => Some(times(&member).into_bytes()),
                _ => continue,
            };
            out.start_file(name, how).ok()?;
            out.write_all(&rewritten.unwrap_or_else(|| REMOVED.as_bytes().to_vec())).ok()?;
        }
        out.finish().ok().map(Cursor::into_inner)
    }
}

/// Of what Fiddler notes on a session, its times. It also knows the program and the address of the client.
fn times(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let mut xml = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut kept = String::new();
    while let Ok(event) = xml.read_event() {
        let (Event::Start(start) | Event::Empty(start)) = event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        if start.local_name().as_ref() != "SessionTimers" {
            continue;
        }
        for attribute in start.attributes().flatten() {
            let (name, value) = (attribute.key.as_ref(), &attribute.value);
            let is_name = name.bytes().all(|byte| byte.is_ascii_alphabetic());
            if is_name && value.parse::<jiff::Timestamp>().is_ok() {
                kept.push_str(&format!(" {name}=\"{value}\""));
            }
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Session><SessionTimers{kept} /></Session>"
    )
}
