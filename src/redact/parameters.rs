//! URLs, query strings and form bodies: parameters by name, messages inside them, secrets away.

use super::rewrite::{Rewriter, is_lower};
use super::{REMOVED, encode};
use crate::decode::{form_text, unescape_parameter};

/// Parameters that carry a message.
const MESSAGES: [&str; 2] = ["SAMLResponse", "SAMLRequest"];

/// Parameters that say how, or which organisation is meant, and no more.
const KEPT: [&str; 4] = ["SigAlg", "SAMLEncoding", "so", "sc"];

/// Parts of the names of parameters and members whose value opens something, or stands for a session.
const SECRET: [&str; 15] = [
    "pass",
    "pwd",
    "secret",
    "token",
    "session",
    "authstate",
    "signature",
    "cookie",
    "authorization",
    "code",
    "samlart",
    "assertion",
    "nonce",
    "apikey",
    "csrf",
];

/// Names of what people type to say who they are. Their values are looked for everywhere.
const USER: [&str; 5] = ["user", "login", "mail", "upn", "name"];

/// Whether what is named like this is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "sid" || name == "state" || SECRET.iter().any(|secret| name.contains(secret))
}

pub(super) fn is_user(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    USER.iter().any(|user| name.contains(user))
}

impl Rewriter<'_> {
    /// A URL or a form; nothing when the text is neither.
    pub(super) fn parameters(&mut self, text: &str, level: usize) -> Option<String> {
        if text.contains([' ', '"', '\'', '<', '>', '\n', '`']) && !text.starts_with("SAMLRe") {
            return None;
        }
        if is_url(text) {
            return Some(self.url(text, level));
        }
        let (name, _) = text.split_once('=')?;
        let is_name = !name.is_empty()
            && name.len() < 100
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-[]%:".contains(c));
        // Base64 may end with `=`.
        let is_form = is_name && !text.trim_end_matches('=').len().eq(&name.len());
        is_form.then(|| self.form(text, level))
    }

    /// A URL: its parameters, and its path as far as it was learned.
    pub(super) fn url(&mut self, url: &str, level: usize) -> String {
        let (rest, fragment) = url.split_once('#').map_or((url, None), |(a, b)| (a, Some(b)));
        let (path, query) = rest.split_once('?').map_or((rest, None), |(a, b)| (a, Some(b)));
        // Nobody's name or password belongs in front of the host.
        let path = match path.split_once("://") {
            Some((scheme, after)) => {
                let end = after.find('/').unwrap_or(after.len());
                let host = after.get(..end).unwrap_or_default();
                let host = host.rsplit('@').next().unwrap_or(host);
                format!("{scheme}://{host}{}", after.get(end..).unwrap_or_default())
            }
            None => path.to_owned(),
        };
        let mut out = self.path(&path);
        if let Some(query) = query {
            out.push('?');
            out.push_str(&self.form(query, level));
        }
        if let Some(fragment) = fragment {
            out.push('#');
            let fragment = if fragment.contains('=') {
                self.form(fragment, level)
            } else if fragment.is_empty() {
                String::new()
            } else {
                self.table.of(fragment)
            };
            out.push_str(&fragment);
        }
        out
    }

    fn path(&mut self, path: &str) -> String {
        if !path.contains('%') {
            return self.plain(path);
        }
        let pieces = path.split('/').map(|piece| {
            let plain = percent_encoding::percent_decode_str(piece).decode_utf8();
            match plain {
                Ok(plain) if piece.contains('%') => {
                    let kept = self.plain(&plain);
                    if kept == *plain { piece.to_owned() } else { encode::percent(&kept, false) }
                }
                Ok(_) => self.plain(piece),
                Err(_) => REMOVED.to_owned(),
            }
        });
        pieces.collect::<Vec<_>>().join("/")
    }

    fn form(&mut self, form: &str, level: usize) -> String {
        let parts = form.split('&').map(|part| match part.split_once('=') {
            None if part.is_empty() => String::new(),
            None => encode::percent(&self.table.of(&unescaped(part)), false),
            Some((name, value)) => {
                let kept =
                    if name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-[]%:".contains(c)) {
                        name.to_owned()
                    } else {
                        REMOVED.to_owned()
                    };
                format!(
                    "{}={}",
                    self.plain(&kept),
                    self.escaped_value(&unescaped(name), value, level)
                )
            }
        });
        parts.collect::<Vec<_>>().join("&")
    }

    /// A parameter's value as it stands in a URL or a form.
    fn escaped_value(&mut self, name: &str, value: &str, level: usize) -> String {
        if MESSAGES.contains(&name) {
            let inner = unescape_parameter(value.as_bytes()).ok().map(|(inner, _)| inner);
            let text = inner.and_then(|inner| String::from_utf8(inner).ok());
            let Some(text) = text else { return REMOVED.to_owned() };
            let text = if value.contains('+') && !text.trim_start().starts_with('<') {
                text.replace(' ', "+")
            } else {
                text
            };
            let rewritten = self.text_or_note(&text, level);
            let raw = !value.contains('%') && value.contains(['+', '/', '=']);
            return if raw { rewritten } else { encode::percent(&rewritten, is_lower(value)) };
        }
        encode::percent(&self.value(name, &unescaped(value), level), is_lower(value))
    }

    /// A parameter's value, already unescaped.
    pub(super) fn value(&mut self, name: &str, value: &str, level: usize) -> String {
        if value.is_empty() || KEPT.contains(&name) {
            return self.plain(value);
        }
        if MESSAGES.contains(&name) {
            // Tools list a value escaped or not; escaped it has no character that base64 has besides.
            return self.text_or_note(value, level);
        }
        if name == "RelayState" {
            return self.relay_state(&unescaped_once_more(value));
        }
        if is_secret(name) {
            self.table.of(value);
            return REMOVED.to_owned();
        }
        if is_user(name) {
            return self.table.of(value);
        }
        if value.contains("SAMLRe") {
            return self.text_or_note(value, level);
        }
        let is_number = value.len() <= 3 && value.bytes().all(|byte| byte.is_ascii_digit());
        if is_number || matches!(value, "true" | "false") {
            return value.to_owned();
        }
        self.table.replaced_here(value)
    }
}

/// What stands between the parts of a form in several parts.
const BOUNDARY: &str = "--------redacted";

impl Rewriter<'_> {
    /// A form in several parts (RFC 7578), with a boundary that says nothing; nothing when it is none.
    pub(super) fn multipart(&mut self, text: &str, level: usize) -> Option<String> {
        let level = level.checked_sub(1)?;
        let (boundary, rest) = text.split_once('\n')?;
        let boundary = boundary.trim_end();
        let is_one = boundary.len() > 2 && boundary.starts_with("--");
        if !is_one || !rest.to_ascii_lowercase().starts_with("content-disposition:") {
            return None;
        }
        let mut out = String::new();
        for part in format!("\n{rest}").split(&format!("\n{boundary}")) {
            let part = part.trim_start_matches(['\r', '\n']);
            let Some((head, value)) =
                part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"))
            else {
                continue;
            };
            let name = head.split_once("name=\"").and_then(|(_, name)| name.split_once('"'));
            let name = name.map_or("", |(name, _)| name);
            let value = self.value(name, value.trim_end_matches(['\r', '\n']), level);
            let name = self.plain(name);
            out.push_str(&format!(
                "{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        Some(format!("{out}{BOUNDARY}--\r\n"))
    }
}

/// The type of a body in several parts names what stands between them.
pub(super) fn with_boundary(content_type: &str) -> String {
    match content_type.split_once(';') {
        Some((kind, rest)) if rest.contains("boundary") => {
            format!("{kind}; boundary={}", BOUNDARY.get(2..).unwrap_or_default())
        }
        Some(_) | None => content_type.to_owned(),
    }
}

/// An absolute URL, or a path with a query.
fn is_url(text: &str) -> bool {
    let absolute = text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '+')
    });
    absolute || (text.starts_with('/') && text.contains('?')) || text.starts_with('?')
}

/// The value of a form's field: `+` is a space.
fn unescaped(value: &str) -> String {
    // Whatever it is in another encoding, it is replaced.
    form_text(value).unwrap_or_else(|| value.replace('+', " "))
}

fn unescaped_once_more(value: &str) -> String {
    if value.contains('%') && !value.contains(' ') { unescaped(value) } else { value.to_owned() }
}
