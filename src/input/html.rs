//! The page an identity provider sends to a browser: a form that posts `SAMLResponse` by itself (saml-bindings-2.0 §3.5.4).
//!
//! An HTML parser is quadratic in the attributes of one tag and in the depth of its tags, which a hostile page can use. So one linear
//! pass finds the few `input` and `textarea` tags that matter, bounded in number and attributes, and only those reach the parser.

use std::ops::Range;

use memchr::memchr;
use scraper::{Html, Selector};

use super::captured::Sighting;
use super::collector::{Collector, Sure};
use super::form::MESSAGES;
use super::http::names_a_message;
use super::markup::{self, Markup};
use super::recognise::Recognised;
use super::{CaptureFormat, Reading, Stop, text};
use crate::decode::InputErrorKind;

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "html",
    what: "HTML page",
    detect: |head| markup::detect(head) == Some(Markup::Html),
    read: Reading::Whole(read),
    empty: Recognised::Html,
};

/// Attributes of one tag. Choice: 64; a hidden field has three or four.
pub(super) const ATTRIBUTES: usize = 64;

/// Fields of interest in one form. Choice: 16; a form has one or two, and more than one message is refused in any case.
const FIELDS: usize = 16;

/// Forms with such fields in one page. Choice: 64.
const FORMS: usize = 64;

const FORM: &[u8] = b"<form";
const TEXTAREA: &[u8] = b"<textarea";

/// Tags that are looked at.
const TAGS: [&[u8]; 3] = [FORM, b"<input", TEXTAREA];

/// Names of fields worth parsing, the message's and those of other protocols' forms.
const NAMES: [&[u8]; 7] =
    [b"SAMLResponse", b"SAMLRequest", b"SAMLart", b"RelayState", b"wresult", b"id_token", b"code"];

/// What a page's form carries.
#[derive(Debug)]
pub(super) struct Fields {
    /// Name and value of the message's field.
    pub(super) message: Option<(&'static str, String)>,
    pub(super) relay_state: Option<String>,
    /// Where the form is posted to, as written.
    pub(super) action: Option<String>,
    /// What the page is when it carries no message.
    pub(super) instead: Recognised,
}

/// A form of a page: its tag, and the tags of its fields that matter.
#[derive(Debug)]
pub(super) struct Part {
    /// From the first of its tags to the end of the last.
    pub(super) range: Range<usize>,
    /// The tags, one behind the other: a page with one form and nothing else.
    pub(super) tags: Vec<u8>,
}

fn read(page: &[u8], collector: &mut Collector<'_>) -> Result<(), Stop> {
    let parts = parts(page);
    let mut instead = Recognised::Html;
    let named: Vec<&Part> = parts.iter().filter(|part| names_a_message(&part.tags)).collect();
    for (number, part) in (1_usize..).zip(&named) {
        let place = if named.len() > 1 { format!("form {number}") } else { String::new() };
        let sighting = Sighting { place, ..Sighting::default() };
        collector.offer(&part.tags, sighting, Sure::Named)?;
    }
    if collector.is_empty() {
        // A page of a debugger or a wiki shows messages instead of posting them.
        text::read(page, collector)?;
    }
    if !collector.is_empty() {
        return Ok(());
    }
    for part in &parts {
        let fields = fields_of(&part.tags)?;
        if fields.instead != Recognised::Html {
            instead = fields.instead;
        }
    }
    Err(InputErrorKind::NotSaml(instead).into())
}

/// The fields of the one form in `page` that carries a message, or what the page is. It is in an ASCII-compatible encoding.
pub(super) fn fields(page: &[u8]) -> Result<Fields, InputErrorKind> {
    let mut all = nothing();
    for part in parts(page) {
        let fields = fields_of(&part.tags)?;
        match (&all.message, &fields.message) {
            (Some((first, _)), Some((second, _))) => {
                return Err(InputErrorKind::Ambiguous { first, second });
            }
            (None, Some(_)) => all = fields,
            (None, None) if fields.instead != Recognised::Html => all.instead = fields.instead,
            (_, None) => {}
        }
    }
    Ok(all)
}

fn nothing() -> Fields {
    Fields { message: None, relay_state: None, action: None, instead: Recognised::Html }
}

/// The fields of one form.
fn fields_of(tags: &[u8]) -> Result<Fields, InputErrorKind> {
    // windows-1252 is HTML's encoding for pages that name none, and cannot fail; base64 is the same in both.
    let text = match std::str::from_utf8(tags) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(tags).0.into_owned(),
    };
    let fragment = Html::parse_fragment(&text);
    let mut fields = nothing();
    let (Ok(selector), Ok(form)) =
        (Selector::parse("input[name], textarea[name]"), Selector::parse("form"))
    else {
        return Ok(fields);
    };
    let form = fragment.select(&form).next();
    fields.action = form.and_then(|form| form.attr("action")).map(str::to_owned);
    for input in fragment.select(&selector) {
        let name = input.attr("name").unwrap_or_default();
        let value = match input.value().name() {
            "textarea" => input.text().collect(),
            _ => input.attr("value").unwrap_or_default().to_owned(),
        };
        if let Some(known) = MESSAGES.into_iter().find(|known| *known == name) {
            if let Some((first, _)) = fields.message {
                return Err(InputErrorKind::Ambiguous { first, second: known });
            }
            fields.message = Some((known, value));
        } else if name == "RelayState" {
            fields.relay_state = Some(value);
        } else if name == "wresult" {
            fields.instead = Recognised::WsFederation;
        } else if name == "SAMLart" {
            fields.instead = Recognised::SamlArtifact;
        } else if matches!(name, "id_token" | "code") {
            fields.instead = Recognised::OidcParameters;
        }
    }
    Ok(fields)
}

/// The forms of a page, each with the fields that mention one of [`NAMES`], outside comments and scripts.
pub(super) fn parts(page: &[u8]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    // The form's tag, until a field needs it; whether the last part goes on; fields in it.
    let mut form: Option<Range<usize>> = None;
    let mut fields = 0;
    let mut at = 0;
    while let Some(rest) = page.get(at..) {
        let Some(open) = memchr(b'<', rest) else {
            break;
        };
        at += open;
        let rest = rest.get(open..).unwrap_or_default();
        if rest.starts_with(b"<!--") {
            at += skip_to(rest, b"-->");
        } else if starts_with_tag(rest, b"<script") {
            at += skip_to(rest, b"</script");
        } else if starts_with_tag(rest, b"</form") {
            (form, fields) = (None, 0);
            at += 1;
        } else if let Some(tag) = TAGS.into_iter().find(|tag| starts_with_tag(rest, tag)) {
            let (mut length, attributes) = tag_extent(rest);
            let whole = rest.get(..length).unwrap_or_default();
            let ends = whole.ends_with(b">");
            let matters = tag == FORM || mentions_a_name(whole);
            if tag == TEXTAREA {
                let content = rest.get(length..).unwrap_or_default();
                length += skip_to(content, b"</textarea>");
            }
            let range = at..at + length;
            at += length;
            if attributes > ATTRIBUTES || !ends || !matters {
                continue;
            }
            if tag == FORM {
                (form, fields) = (Some(range), 0);
                continue;
            }
            fields += 1;
            if fields > FIELDS {
                continue;
            }
            let tags = page.get(range.clone()).unwrap_or_default();
            let is_full = parts.len() >= FORMS;
            match parts.last_mut().filter(|_| fields > 1) {
                Some(part) => {
                    part.tags.extend_from_slice(tags);
                    part.range.end = range.end;
                }
                None if is_full => break,
                None => {
                    let form = form.clone().unwrap_or(range.start..range.start);
                    let start = page.get(form.clone()).unwrap_or_default();
                    let first = if form.is_empty() { range.start } else { form.start };
                    parts.push(Part { range: first..range.end, tags: [start, tags].concat() });
                }
            }
        } else {
            at += 1;
        }
    }
    parts
}

/// Bytes up to and including `end`, or all of them.
fn skip_to(bytes: &[u8], end: &[u8]) -> usize {
    let found = bytes.windows(end.len()).position(|window| window.eq_ignore_ascii_case(end));
    found.map_or(bytes.len(), |position| position + end.len())
}

fn starts_with_tag(bytes: &[u8], tag: &[u8]) -> bool {
    let Some((start, rest)) = bytes.split_at_checked(tag.len()) else {
        return false;
    };
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    start.eq_ignore_ascii_case(tag) && rest.first().is_some_and(ends)
}

/// Where the parser stands inside a tag, as far as finding its end needs it (HTML standard §13.2.5.32 and following).
enum State {
    Between,
    Name,
    AfterName,
    Equals,
    Unquoted,
    Quoted(u8),
}

/// The length of the tag that `bytes` begin with, and how many attributes it has.
pub(super) fn tag_extent(bytes: &[u8]) -> (usize, usize) {
    let mut state = State::Between;
    let mut attributes = 0;
    for (offset, &byte) in bytes.iter().enumerate().skip(FORM.len()) {
        let separates = byte.is_ascii_whitespace();
        state = match state {
            State::Quoted(quote) if byte == quote => State::Between,
            State::Quoted(quote) => State::Quoted(quote),
            State::Between | State::Name | State::AfterName | State::Equals | State::Unquoted
                if byte == b'>' =>
            {
                return (offset + 1, attributes);
            }
            State::Name | State::AfterName if byte == b'=' => State::Equals,
            State::Between | State::Name | State::AfterName if byte == b'/' => State::Between,
            State::Between if separates => State::Between,
            State::Name | State::AfterName if separates => State::AfterName,
            State::Name => State::Name,
            State::Between | State::AfterName => {
                attributes += 1;
                State::Name
            }
            State::Equals if separates => State::Equals,
            State::Equals if matches!(byte, b'"' | b'\'') => State::Quoted(byte),
            State::Equals => State::Unquoted,
            State::Unquoted if separates => State::Between,
            State::Unquoted => State::Unquoted,
        };
    }
    (bytes.len(), attributes)
}

fn mentions_a_name(tag: &[u8]) -> bool {
    NAMES.iter().any(|name| tag.windows(name.len()).any(|window| window == *name))
}
