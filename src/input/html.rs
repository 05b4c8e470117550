//! The page an identity provider sends to a browser: a form that posts `SAMLResponse` by itself (saml-bindings-2.0 §3.5.4).
//!
//! An HTML parser is quadratic in the attributes of one tag and in the depth of its tags, which a hostile page can use. So one linear
//! pass finds the few `input` tags that matter, bounded in number and attributes, and only those reach the parser.

use scraper::{Html, Selector};

use super::form::MESSAGES;
use super::recognise::Recognised;
use crate::decode::InputErrorKind;

/// Attributes of one tag. Choice: 64; a hidden field has three or four.
const ATTRIBUTES: usize = 64;

/// Fields of interest in one page. Choice: 16; a page has one or two, and more than one message is refused in any case.
const FIELDS: usize = 16;

/// Names of fields worth parsing, the message's and those of other protocols' forms.
const NAMES: [&[u8]; 6] =
    [b"SAMLResponse", b"SAMLRequest", b"RelayState", b"wresult", b"id_token", b"code"];

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

/// The fields of the form in `page`, which is in an ASCII-compatible encoding.
pub(super) fn fields(page: &[u8]) -> Result<Fields, InputErrorKind> {
    let inputs = input_tags(page).concat();
    // windows-1252 is HTML's encoding for pages that name none, and cannot fail; base64 is the same in both.
    let text = match std::str::from_utf8(&inputs) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&inputs).0.into_owned(),
    };
    let fragment = Html::parse_fragment(&text);
    let mut fields =
        Fields { message: None, relay_state: None, action: None, instead: Recognised::Html };
    let (Ok(selector), Ok(form)) = (Selector::parse("input[name]"), Selector::parse("form")) else {
        return Ok(fields);
    };
    // Only the form before the message's field is among the tags.
    let form = fragment.select(&form).next_back();
    fields.action = form.and_then(|form| form.attr("action")).map(str::to_owned);
    for input in fragment.select(&selector) {
        let name = input.attr("name").unwrap_or_default();
        let value = input.attr("value").unwrap_or_default();
        if let Some(known) = MESSAGES.into_iter().find(|known| *known == name) {
            if let Some((first, _)) = fields.message {
                return Err(InputErrorKind::Ambiguous { first, second: known });
            }
            fields.message = Some((known, value.to_owned()));
        } else if name == "RelayState" {
            fields.relay_state = Some(value.to_owned());
        } else if name == "wresult" {
            fields.instead = Recognised::WsFederation;
        } else if matches!(name, "id_token" | "code") {
            fields.instead = Recognised::OidcParameters;
        }
    }
    Ok(fields)
}

/// The `input` tags that mention one of [`NAMES`], outside comments and scripts, each behind the `form` tag it is in.
fn input_tags(page: &[u8]) -> Vec<&[u8]> {
    let mut tags = Vec::new();
    let mut form: Option<&[u8]> = None;
    let mut at = 0;
    while let Some(rest) = page.get(at..) {
        let Some(open) = rest.iter().position(|byte| *byte == b'<') else {
            break;
        };
        at += open;
        let rest = rest.get(open..).unwrap_or_default();
        if rest.starts_with(b"<!--") {
            at += skip_to(rest, b"-->");
        } else if starts_with_tag(rest, b"<script") {
            at += skip_to(rest, b"</script");
        } else if starts_with_tag(rest, b"<input") || starts_with_tag(rest, b"<form") {
            let (length, attributes) = tag_extent(rest);
            at += length;
            let tag = rest.get(..length).unwrap_or_default();
            let is_form = starts_with_tag(rest, b"<form");
            if attributes > ATTRIBUTES || !tag.ends_with(b">") {
                continue;
            }
            if is_form {
                form = Some(tag);
            } else if mentions_a_name(tag) {
                tags.extend(form.take());
                tags.push(tag);
            }
        } else {
            at += 1;
        }
        if tags.len() >= FIELDS {
            break;
        }
    }
    tags
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
fn tag_extent(bytes: &[u8]) -> (usize, usize) {
    let mut state = State::Between;
    let mut attributes = 0;
    for (offset, &byte) in bytes.iter().enumerate().skip(b"<form".len()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn message(page: &str) -> Option<(&'static str, String)> {
        fields(page.as_bytes()).unwrap().message
    }

    #[test]
    fn the_hidden_field_is_found_however_it_is_written() {
        for page in [
            r#"<form><input type="hidden" name="SAMLResponse" value="a+b="/></form>"#,
            r#"<INPUT VALUE='a&#43;b&#x3d;' NAME=SAMLResponse TYPE=hidden>"#,
            r#"<input value="a+b=" title="a > b" name = "SAMLResponse">"#,
            r#"<!-- <input name="SAMLResponse" value="x"> --><input name=SAMLResponse value=a+b=>"#,
            r#"<script>"<input name='SAMLResponse' value='x'>"</script><input name=SAMLResponse value=a+b=>"#,
        ] {
            assert_eq!(message(page), Some(("SAMLResponse", "a+b=".to_owned())), "{page}");
        }
    }

    #[test]
    fn the_action_is_that_of_the_form_around_the_message() {
        let page = b"<form action='/search'><input name=q></form><FORM METHOD=post ACTION=\"https://acme.example?so=1&amp;x\">\
            <input name=SAMLResponse value=x></form>";
        assert_eq!(fields(page).unwrap().action.as_deref(), Some("https://acme.example?so=1&x"));
        assert_eq!(fields(b"<input name=SAMLResponse value=x>").unwrap().action, None);
    }

    #[test]
    fn relay_state_is_unescaped() {
        let page =
            b"<input name=RelayState value='/home?a=b&amp;c'><input name=SAMLRequest value=x>";
        let fields = fields(page).unwrap();
        assert_eq!(fields.relay_state.as_deref(), Some("/home?a=b&c"));
        assert_eq!(fields.message.unwrap().0, "SAMLRequest");
    }

    #[test]
    fn a_page_with_two_messages_is_refused() {
        let page = b"<input name=SAMLResponse value=a><input name=SAMLResponse value=b>";
        assert!(matches!(fields(page), Err(InputErrorKind::Ambiguous { .. })));
    }

    #[test]
    fn other_forms_are_told_apart() {
        let instead = |page: &str| fields(page.as_bytes()).unwrap().instead;
        assert_eq!(instead("<html><p>Sign in</p></html>"), Recognised::Html);
        assert_eq!(instead("<input name='wresult' value='x'>"), Recognised::WsFederation);
        assert_eq!(instead("<input name='id_token' value='x'>"), Recognised::OidcParameters);
    }

    #[test]
    fn hostile_tags_never_reach_the_parser() {
        let attributes: String = (0..200_000).map(|number| format!(" a{number}")).collect();
        let page = format!("<input name=SAMLResponse value=x{attributes}>");
        assert_eq!(message(&page), None);
        let slashes: String = (0..200_000).map(|number| format!("/a{number}")).collect();
        for trick in ["/=\"", "a=\"b\"=\"", "\"", "a ==\""] {
            let tag = format!("<input name=SAMLResponse {trick}{slashes} {attributes}>");
            assert!(tag_extent(tag.as_bytes()).1 > ATTRIBUTES, "{trick}");
            assert_eq!(message(&tag), None);
        }
        assert_eq!(input_tags(&b"<input name=code>".repeat(100_000)).len(), FIELDS);
        assert_eq!(message(&"<b>".repeat(1_000_000)), None);
    }
}
