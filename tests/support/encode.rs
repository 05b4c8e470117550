//! The wrappings a message travels in: what the decoder of the tool takes off, put on.
//!
//! SAML bindings §3.4 (redirect: DEFLATE, base64, percent-escapes in a query) and §3.5 (POST: base64 in a form).

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that stay as they are in a query or form: RFC 3986 §2.3, unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Base64 on one line.
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// Base64 in lines of `columns` characters, each closed by `line_end`.
pub fn base64_wrapped(bytes: impl AsRef<[u8]>, columns: usize, line_end: &str) -> String {
    let mut wrapped = String::new();
    for line in base64(bytes).as_bytes().chunks(columns) {
        wrapped.push_str(std::str::from_utf8(line).unwrap());
        wrapped.push_str(line_end);
    }
    wrapped
}

/// Base64 in the URL-safe alphabet, without padding (RFC 4648 §5).
pub fn base64_url_safe(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A raw DEFLATE stream (RFC 1951).
pub fn deflate(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// DEFLATE, then base64: the value of `SAMLResponse` in the redirect binding.
pub fn deflate_base64(bytes: impl AsRef<[u8]>) -> String {
    base64(deflate(bytes))
}

/// Percent-escapes for everything that is not unreserved.
pub fn percent(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The body of the POST binding; `parameter` is `SAMLResponse` or `SAMLRequest`.
pub fn form_body(parameter: &str, xml: &str, relay_state: Option<&str>) -> String {
    query(parameter, &base64(xml), relay_state)
}

/// The address of the redirect binding; the endpoint may carry a query of its own.
pub fn redirect_url(
    endpoint: &str,
    parameter: &str,
    xml: &str,
    relay_state: Option<&str>,
) -> String {
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{separator}{}", query(parameter, &deflate_base64(xml), relay_state))
}

fn query(parameter: &str, value: &str, relay_state: Option<&str>) -> String {
    let relay_state =
        relay_state.map(|state| format!("&RelayState={}", percent(state))).unwrap_or_default();
    format!("{parameter}={}{relay_state}", percent(value))
}
