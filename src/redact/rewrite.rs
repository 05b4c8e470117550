//! Takes the wrappings off one after the other, replaces what is inside, and puts the same wrappings on again.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::net::Net;
use super::pseudonyms::Pseudonyms;
use super::{Options, REMOVED, encode, xml};
use crate::decode::{
    Compression, Layer, UTF8_BOM, compression_of, decode_base64, inflate, is_convincing_base64,
    is_text, unescape, unquote_printable,
};
use crate::input::{self, names_a_message};
use crate::validate::parse;

/// Shorter text is no base64 that hides anything.
const SHORTEST_BASE64: usize = 12;

/// One walk over an input.
pub(super) struct Rewriter<'r> {
    pub(super) options: &'r Options,
    pub(super) table: &'r mut Pseudonyms,
    /// On the second walk: everything that was learned.
    net: Option<&'r Net>,
    /// What is known of each message.
    verdicts: &'r HashMap<&'r [u8], &'r str>,
    /// How many pieces of XML are around the one at hand.
    held: usize,
}

/// XML in the text of XML. Choice: 3, a message in an event in an envelope.
const HELD: usize = 3;

impl<'r> Rewriter<'r> {
    pub(super) fn new(
        options: &'r Options,
        table: &'r mut Pseudonyms,
        net: Option<&'r Net>,
        verdicts: &'r HashMap<&'r [u8], &'r str>,
    ) -> Self {
        Self { options, table, net, verdicts, held: 0 }
    }

    /// The whole input; nothing when it cannot be written again.
    pub(super) fn whole(&mut self, input: &[u8]) -> Option<Vec<u8>> {
        let mark = if input.starts_with(UTF8_BOM) { UTF8_BOM } else { &[] };
        let rest = input.strip_prefix(mark).unwrap_or(input);
        let copy = self.capture(rest, self.options.limits.layers)?;
        Some([mark, &copy].concat())
    }

    /// A capture that may be one of those that hold bytes and not text, or compressed as a whole.
    fn capture(&mut self, bytes: &[u8], level: usize) -> Option<Vec<u8>> {
        if bytes.starts_with(b"PK") {
            return self.archive(bytes, level);
        }
        if compression_of(bytes) == Compression::Gzip {
            // Joined files are several streams, and one that is cut off is worth what it holds.
            let most = u64::try_from(self.options.limits.inflated_bytes).ok()?;
            let mut inner = Vec::new();
            let done = MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut inner);
            let is_over = u64::try_from(inner.len()).is_ok_and(|length| length > most);
            if is_over || (done.is_err() && inner.is_empty()) {
                return None;
            }
            let copy = self.capture(&inner, level.checked_sub(1)?)?;
            return encode::compressed(&copy, Compression::Gzip);
        }
        let rewritten = self.burp(bytes, level).or_else(|| self.http(bytes, level));
        rewritten.or_else(|| self.bytes(bytes, level))
    }

    /// A part in any wrapping; nothing when it cannot be written again.
    pub(super) fn bytes(&mut self, bytes: &[u8], level: usize) -> Option<Vec<u8>> {
        let level = level.checked_sub(1)?;
        if bytes.trim_ascii().starts_with(b"<") {
            return self.markup(bytes, level);
        }
        if is_text(bytes) {
            let text = std::str::from_utf8(bytes).ok()?;
            return self.text(text, level).map(String::into_bytes);
        }
        let compression = compression_of(bytes);
        match inflate(bytes, compression, self.options.limits.inflated_bytes) {
            Ok(inner) => encode::compressed(&self.bytes(&inner, level)?, compression),
            // UTF-16 XML and the like.
            Err(_) => self.message(bytes),
        }
    }

    /// Text in any wrapping, or a note in its place.
    pub(super) fn text_or_note(&mut self, text: &str, level: usize) -> String {
        self.text(text, level).unwrap_or_else(|| note(text.len()))
    }

    fn text(&mut self, text: &str, level: usize) -> Option<String> {
        let level = level.checked_sub(1)?;
        let core = text.trim();
        if core.is_empty() {
            return Some(text.to_owned());
        }
        let inner = self.core(core, level)?;
        let start = text.len() - text.trim_start().len();
        let end = text.get(start + core.len()..)?;
        Some(format!("{}{inner}{end}", text.get(..start)?))
    }

    fn core(&mut self, text: &str, level: usize) -> Option<String> {
        if text.starts_with('<') {
            let markup = self.markup(text.as_bytes(), level)?;
            return String::from_utf8(markup).ok();
        }
        if text.starts_with(['{', '[', '"'])
            && let Some(rewritten) = self.values(text, level)
        {
            return Some(rewritten);
        }
        if let Some(rewritten) = self.multipart(text, level) {
            return Some(rewritten);
        }
        if let Some(rewritten) = self.curl(text, level) {
            return Some(rewritten);
        }
        if let Some(plain) = unquote_printable(text.as_bytes()) {
            let plain = String::from_utf8(plain).ok()?;
            return self.text(&plain, level).map(|inner| encode::quoted_printable(&inner));
        }
        if let Some(rewritten) = self.parameters(text, level) {
            return Some(rewritten);
        }
        let is_one = !text.contains(' ');
        if is_one
            && text.contains('%')
            && !text.contains(['&', '='])
            && let Ok(inner) = unescape(text.as_bytes())
            && (inner.starts_with(b"<") || is_convincing_base64(&inner) || names_a_message(&inner))
        {
            let inner = String::from_utf8(self.bytes(&inner, level)?).ok()?;
            return Some(encode::percent(&inner, is_lower(text)));
        }
        if let Some(rewritten) = self.base64(text, level) {
            return rewritten;
        }
        if !input::is_around_a_message(text.as_bytes())
            && let Some(rewritten) = self.carried(text, level)
        {
            return Some(rewritten);
        }
        Some(self.prose(text, level))
    }

    /// One JSON value, or several one behind the other as logs have them; nothing when it is something else.
    fn values(&mut self, text: &str, level: usize) -> Option<String> {
        let values = serde_json::Deserializer::from_str(text).into_iter();
        let mut values: Vec<Value> = values.collect::<Result<_, _>>().ok()?;
        if values.len() == 1 {
            return self.json(values.pop()?, text, level);
        }
        let lines = values.into_iter().map(|value| self.json(value, "", level));
        lines.collect::<Option<Vec<_>>>().map(|lines| lines.join("\n"))
    }

    /// The text of an element that holds messages.
    pub(super) fn held(&mut self, text: &str) -> String {
        if self.held >= HELD {
            return note(text.len());
        }
        self.held += 1;
        let rewritten = self.text_or_note(text, self.options.limits.layers);
        self.held -= 1;
        rewritten
    }

    /// Base64 that hides something; `Some(None)` when that cannot be written again.
    pub(super) fn base64(&mut self, text: &str, level: usize) -> Option<Option<String>> {
        if text.len() < SHORTEST_BASE64 {
            return None;
        }
        let (inner, layers) = decode_base64(text.as_bytes()).ok()?;
        let markup = inner.trim_ascii().starts_with(b"<");
        let inflates =
            || inflate(&inner, compression_of(&inner), self.options.limits.inflated_bytes).is_ok();
        if !markup && !is_text(&inner) && !inflates() {
            return None;
        }
        let Some(Layer::Base64 { url_safe, lines, padded }) = layers.last() else { return None };
        let rewritten = self.bytes(&inner, level);
        Some(rewritten.map(|bytes| encode::base64(&bytes, *url_safe, *lines, *padded, text)))
    }

    /// XML, or a page that posts a message. Of a page only its form is kept.
    pub(super) fn markup(&mut self, bytes: &[u8], level: usize) -> Option<Vec<u8>> {
        let in_text = |rewriter: &mut Self| {
            let text = std::str::from_utf8(bytes).ok()?;
            let is_worth_it =
                level > 0 && !input::places(bytes, &rewriter.options.limits).is_empty();
            is_worth_it.then(|| rewriter.prose(text, level).into_bytes())
        };
        let Ok(captured) = input::read(bytes, "", &self.options.limits) else {
            return in_text(self);
        };
        let Some((Layer::HtmlForm { field }, inside)) = captured.layers.split_first() else {
            return self.message(&captured.bytes).or_else(|| in_text(self));
        };
        let value = encode::wrapped(self.message(&captured.bytes)?, inside, "")?;
        let value = String::from_utf8(value).ok()?;
        let action = captured.sightings.first().and_then(|s| s.exchange.sent_to.clone());
        let action = action.map(|url| self.url(&url, 1)).unwrap_or_default();
        let mut page = format!(
            "<!DOCTYPE html>\n<html><body><form method=\"post\" action=\"{}\">\n<input type=\"hidden\" name=\"{field}\" value=\"{}\"/>\n",
            encode::markup(&action),
            encode::markup(&value)
        );
        if let Some(relay_state) = &captured.relay_state {
            let pseudonym = self.relay_state(relay_state);
            page.push_str(&format!(
                "<input type=\"hidden\" name=\"RelayState\" value=\"{}\"/>\n",
                encode::markup(&pseudonym)
            ));
        }
        page.push_str("</form></body></html>\n");
        Some(page.into_bytes())
    }

    /// A message without its wrappings; nothing when it is no XML that can be read.
    pub(super) fn message(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let document = parse(bytes, &self.options.limits).ok()?;
        let verdict = self.verdicts.get(bytes).copied();
        Some(xml::rewritten(&document, verdict, self).into_bytes())
    }

    /// A value that is kept, but for what was learned and for e-mail addresses in it.
    pub(super) fn plain(&mut self, text: &str) -> String {
        let text = self.without_addresses(text);
        let text = self.hosts(&text);
        match self.net {
            Some(net) => net.replaced(&text).unwrap_or_else(|| REMOVED.to_owned()),
            None => text,
        }
    }

    /// A value of somebody. Of an address its host stays as every other host does, and where it leads does not.
    pub(super) fn data(&mut self, value: &str) -> String {
        let core = value.trim();
        let Some((start, path)) = address(core).filter(|(start, _)| !start.contains('@')) else {
            return self.table.of(value);
        };
        let path = path.trim_end_matches('/');
        if path.is_empty() {
            return self.table.replaced_here(value);
        }
        let host = self.plain(start);
        let slash = if path.starts_with('/') { "/" } else { "" };
        let pseudonym = self.table.replaced_here(path.trim_start_matches('/'));
        let whole = core.get(..start.len() + path.len()).unwrap_or_default();
        self.table.stands_for(whole, &format!("{host}{slash}{pseudonym}"));
        self.table.of(value)
    }

    /// Its shape stays, where it leads does not: people write names and searches into it.
    pub(super) fn relay_state(&mut self, value: &str) -> String {
        let (start, rest) = address(value).unwrap_or(("", value));
        let slash = if rest.starts_with('/') { "/" } else { "" };
        let path = rest.get(slash.len()..).unwrap_or_default();
        let start = self.plain(start);
        let pseudonym = if path.is_empty() { String::new() } else { self.table.of(path) };
        format!("{start}{slash}{pseudonym}")
    }

    fn without_addresses(&mut self, text: &str) -> String {
        let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
        let is_domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('@') {
            let (before, after) =
                (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default());
            let head = before.trim_end_matches(is_local);
            let local = before.get(head.len()..).unwrap_or_default();
            let end = after.find(|c| !is_domain(c)).unwrap_or(after.len());
            let domain = after.get(..end).unwrap_or_default().trim_end_matches(['.', '-']);
            out.push_str(head);
            if local.is_empty() || !domain.contains('.') {
                out.push_str(local);
                out.push('@');
                rest = after;
            } else {
                out.push_str(&self.table.of(&format!("{local}@{domain}")));
                rest = after.get(domain.len()..).unwrap_or_default();
            }
        }
        out.push_str(rest);
        out
    }

    fn hosts(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("://") {
            let (before, after) = rest.split_at(at + 3);
            out.push_str(before);
            let end =
                after.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '_')));
            let host = after.get(..end.unwrap_or(after.len())).unwrap_or_default();
            // Namespaces and algorithms are names of standards and no addresses.
            if host.is_empty()
                || matches!(host, "www.w3.org" | "schemas.xmlsoap.org" | "schemas.microsoft.com")
            {
                out.push_str(host);
            } else if !self.options.hosts {
                self.table.keep_host(host);
                out.push_str(host);
            } else {
                out.push_str(&self.table.domain(host));
                self.table.remember_host(host);
            }
            rest = after.get(host.len()..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

/// Scheme and host of an address, and the rest of it.
fn address(value: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = value.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    let is_web = matches!(scheme, "http" | "https") && !host.contains(char::is_whitespace);
    is_web.then(|| value.split_at(scheme.len() + 3 + host.len()))
}

/// Whether the escapes of the text have lower-case digits.
pub(super) fn is_lower(text: &str) -> bool {
    text.as_bytes().windows(3).any(
        |three| matches!(three, [b'%', a, b] if a.is_ascii_lowercase() || b.is_ascii_lowercase()),
    )
}

/// What stands where something was left out as a whole.
pub(super) fn note(bytes: usize) -> String {
    format!("[{bytes} bytes {REMOVED}]")
}
