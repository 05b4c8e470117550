//! JSON: HAR and SAML-tracer exports, and any other object with a message in it. Order and names stay; of strings only those that
//! are known to be technical.

use serde_json::{Map, Value};

use super::parameters::{is_secret, is_user, with_boundary};
use super::rewrite::{Rewriter, note};
use super::{MARKER, REMOVED};
use crate::input::sent;

/// Members that are technical in HAR 1.2 and in SAML-tracer exports.
const TECHNICAL: [&str; 21] = [
    "method",
    "httpVersion",
    "statusText",
    "responseStatusText",
    "mimeType",
    "startedDateTime",
    "timestamp",
    "version",
    "id",
    "pageref",
    "requestId",
    "protocol",
    "encoding",
    "expires",
    "lastAccess",
    "eTag",
    "type",
    "date",
    "binding",
    "time",
    "status",
];

/// Members that hold a URL.
const URLS: [&str; 5] = ["url", "redirectURL", "documentURL", "uri", "href"];

/// Headers whose value is technical, in lower case. Every other header is removed.
const HEADERS: [&str; 18] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expires",
    "host",
    "keep-alive",
    "pragma",
    "sec-fetch-site",
    "transfer-encoding",
    "upgrade-insecure-requests",
    "user-agent",
    "vary",
];

/// Headers whose value is a URL.
const URL_HEADERS: [&str; 3] = ["location", "origin", "referer"];

/// Where in the document a value stands, as far as it matters.
#[derive(Clone, Copy)]
enum Within {
    /// A HAR or an export: unknown strings are kept as far as nothing is known against them.
    Capture,
    /// Among headers.
    Headers,
    /// Among parameters.
    Parameters,
    /// In the body of an answer.
    Body,
    /// Any other JSON: every unknown string is replaced.
    Other,
}

impl Rewriter<'_> {
    /// JSON as JSON again, on one line or on many as it was.
    pub(super) fn json(&mut self, mut value: Value, text: &str, level: usize) -> Option<String> {
        let is_capture = value.get("log").or_else(|| value.get("requests")).is_some();
        let within = if is_capture { Within::Capture } else { Within::Other };
        self.member("", &mut value, within, level);
        if let (true, Some(object)) = (is_capture, value.as_object_mut()) {
            let comment = format!(
                "{MARKER}: values are pseudonyms, other bodies are removed; the verdicts before redaction stand in the messages"
            );
            let target = match object.get_mut("log").and_then(Value::as_object_mut) {
                Some(log) => (log, "comment"),
                None => (object, "_comment"),
            };
            target.0.insert(target.1.to_owned(), Value::String(comment));
        }
        let pretty = text.contains('\n');
        if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }
            .ok()
    }

    /// One value and all in it. Recursion is bounded by the JSON parser, which refuses more than 128 levels.
    fn member(&mut self, name: &str, value: &mut Value, within: Within, level: usize) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => {
                // An employee's number is as personal written without quotes.
                let text = number.to_string();
                if matches!(within, Within::Other | Within::Parameters) && text.len() > 3 {
                    *value = Value::String(self.table.of(&text));
                } else if self.plain(&text) != text {
                    // It may be a number of bytes; who can tell.
                    *value = Value::from(0);
                }
            }
            Value::String(text) => *text = self.string(name, text, within, level),
            Value::Array(items) => self.items(name, items, within, level),
            Value::Object(members) => self.members(members, within, level),
        }
    }

    fn items(&mut self, name: &str, items: &mut Vec<Value>, within: Within, level: usize) {
        if name == "cookies" {
            items.clear();
            return;
        }
        let within = inside(name, within);
        for item in items {
            // SAML-tracer lists parameters as pairs, and headers in its old form.
            if let (Within::Parameters | Within::Headers, Value::Array(pair)) = (within, &mut *item)
                && let [Value::String(name), Value::String(value)] = pair.as_mut_slice()
            {
                *value = if matches!(within, Within::Headers) {
                    self.header(name, value, level)
                } else {
                    self.value(name, value, level)
                };
                *name = self.plain(name);
                continue;
            }
            self.member(name, item, within, level);
        }
    }

    fn members(&mut self, members: &mut Map<String, Value>, within: Within, level: usize) {
        let named = members.get("name").and_then(Value::as_str).map(str::to_owned);
        if let (Some(name), Some(Value::String(value))) = (&named, members.get_mut("value")) {
            match within {
                Within::Headers => *value = self.header(name, value, level),
                Within::Parameters => *value = self.value(name, value, level),
                Within::Capture | Within::Body | Within::Other => {
                    *value = self.string(name, value, Within::Other, level);
                }
            }
            members.retain(|member, _| matches!(member.as_str(), "name" | "value"));
            members.insert("name".to_owned(), Value::String(self.plain(name)));
            return;
        }
        if matches!(within, Within::Body) {
            self.body(members, level);
        }
        if matches!(within, Within::Capture) {
            // HAR 1.2: custom members begin with an underscore. Nothing is known of what is in them.
            members.retain(|member, value| !member.starts_with('_') || value.is_number());
            members.remove("serverIPAddress");
        }
        for (member, value) in members.iter_mut() {
            if is_secret(member)
                && (value.is_string() || value.is_array())
                && !matches!(within, Within::Headers)
                && member != "statusCode"
                // A HAR has a list there, which is emptied.
                && !(member == "cookies" && value.is_array())
            {
                if let Value::String(text) = value {
                    self.table.of(text);
                }
                *value = Value::String(REMOVED.to_owned());
                continue;
            }
            let inner = match member.as_str() {
                "content" if value.is_object() => Within::Body,
                name => inside(name, within),
            };
            self.member(member, value, inner, level);
        }
        let plain: Vec<(String, String)> = members
            .keys()
            .map(|member| (member.clone(), self.plain(member)))
            .filter(|(member, plain)| member != plain)
            .collect();
        for (member, plain) in plain {
            if let Some(value) = members.remove(&member) {
                members.insert(plain, value);
            }
        }
    }

    /// The body of an answer is kept when it posts a message, as far as it does.
    fn body(&mut self, members: &mut Map<String, Value>, level: usize) {
        let is_base64 = members.get("encoding").and_then(Value::as_str) == Some("base64");
        let Some(Value::String(text)) = members.get_mut("text") else { return };
        let kept = if is_base64 {
            let (plain, _) = crate::decode::decode_base64(text.as_bytes()).unwrap_or_default();
            let names = std::str::from_utf8(&plain).is_ok_and(carries_a_message);
            names.then(|| self.base64(text, level).flatten()).flatten()
        } else {
            self.page(text, level)
        };
        let (length, is_kept) = (text.len(), kept.is_some());
        *text = kept.unwrap_or_else(|| note(length));
        if is_base64 && !is_kept {
            members.remove("encoding");
        }
    }

    /// A page that carries a message, as far as it does.
    pub(super) fn page(&mut self, text: &str, level: usize) -> Option<String> {
        let is_one = carries_a_message(text) && text.trim_start().starts_with('<');
        let bytes = is_one.then(|| self.bytes(text.as_bytes(), level)).flatten()?;
        String::from_utf8(bytes).ok()
    }

    pub(super) fn header(&mut self, name: &str, value: &str, level: usize) -> String {
        let name = name.to_ascii_lowercase();
        if URL_HEADERS.contains(&name.as_str()) {
            return if value.is_empty() { String::new() } else { self.url(value, level) };
        }
        if name == "host" {
            if self.options.hosts {
                return self.table.domain(value);
            }
            self.table.keep_host(value);
        }
        if name == "content-type" {
            return self.plain(&with_boundary(value));
        }
        if HEADERS.contains(&name.as_str()) { self.plain(value) } else { REMOVED.to_owned() }
    }

    fn string(&mut self, name: &str, text: &str, within: Within, level: usize) -> String {
        if text.is_empty() {
            return String::new();
        }
        if matches!(within, Within::Body) && name == "text" {
            // `body` has done it.
            return text.to_owned();
        }
        if URLS.contains(&name) {
            return self.url(text, level);
        }
        if text.parse::<jiff::Timestamp>().is_ok() {
            return text.to_owned();
        }
        if name == "RelayState" || name == "relayState" {
            return self.relay_state(text);
        }
        if name == "mimeType" {
            return self.plain(&with_boundary(text));
        }
        let known = TECHNICAL.contains(&name) && !matches!(within, Within::Other);
        if known {
            return self.plain(text);
        }
        if name == "saml" && matches!(within, Within::Capture) {
            let bytes = sent(text);
            let rewritten = self.bytes(&bytes, level).map(String::from_utf8);
            return rewritten.and_then(Result::ok).unwrap_or_else(|| note(text.len()));
        }
        let is_message = matches!(name, "saml" | "SAMLResponse" | "SAMLRequest" | "text" | "body")
            || text.contains("SAMLRe")
            || text.contains("urn:oasis:names:tc:SAML");
        if is_message {
            return self.text_or_note(text, level);
        }
        if let Some(inner) = self.base64(text, level) {
            return inner.unwrap_or_else(|| note(text.len()));
        }
        match within {
            Within::Capture if matches!(name, "name" | "comment") => self.plain(text),
            Within::Capture | Within::Body => {
                // Not kept, and looked for elsewhere.
                if is_user(name) {
                    self.table.of(text);
                }
                REMOVED.to_owned()
            }
            Within::Headers => self.header(name, text, level),
            Within::Parameters | Within::Other => self.table.of(text),
        }
    }
}

fn carries_a_message(text: &str) -> bool {
    text.contains("SAMLResponse") || text.contains("SAMLRequest")
}

fn inside(name: &str, within: Within) -> Within {
    match name {
        "headers" | "requestHeaders" | "responseHeaders" => Within::Headers,
        "params" | "queryString" | "get" | "post" => Within::Parameters,
        _ => within,
    }
}
