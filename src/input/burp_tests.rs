//! Burp's "Save items".

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Capture, CaptureClock, Note, Recognised, capture};
use crate::decode::{InputError, InputErrorKind};
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">~~~>>>???</samlp:Response>";

const HEAD: &str = r#"<?xml version="1.0"?>
<!DOCTYPE items [
<!ELEMENT items (item*)>
<!ATTLIST items burpVersion CDATA "">
<!ELEMENT item (time, url, host, port, protocol, method, path, extension, request, status, responselength, mimetype, response, comment)>
<!ENTITY message "&lol;&lol;">
<!ENTITY lol "lol">
]>
<items burpVersion="2026.9.1" exportTime="Sun Nov 22 11:30:00 CET 2026">
"#;

fn request() -> String {
    let value = utf8_percent_encode(&STANDARD.encode(XML), NON_ALPHANUMERIC).to_string();
    format!("POST /?so=1 HTTP/2\r\nHost: acme.example\r\n\r\nSAMLResponse={value}&RelayState=x")
}

const ANSWER: &str =
    "HTTP/2 302 Found\r\nDate: Sun, 22 Nov 2026 10:21:29 GMT\r\nLocation: /home\r\n\r\n";

fn item(time: &str, request: &str, response: &str) -> String {
    format!(
        "  <item>\n    <time>{time}</time>\n    <url><![CDATA[http://acme.example:8080/?so=1]]></url>\n    <host ip=\"192.0.2.7\">acme.example</host>\n    \
         <method><![CDATA[POST]]></method>\n    <request{request}</request>\n    <status>302</status>\n    <response{response}</response>\n    \
         <comment></comment>\n  </item>\n"
    )
}

fn base64(text: &str) -> String {
    format!(" base64=\"true\"><![CDATA[{}]]>", STANDARD.encode(text))
}

fn read(text: &str) -> Result<Capture, InputError> {
    capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap()
}

#[test]
fn the_bytes_of_an_item_are_read_in_base64_and_as_text() {
    let escaped = request().replace('&', "&amp;");
    for written in [
        base64(&request()),
        format!(" base64=\"false\"><![CDATA[{}]]>", request()),
        format!(">{escaped}"),
        format!(">{}", escaped.replace("&amp;", "&#38;")),
    ] {
        let item = item("Sun Nov 22 11:21:27 CET 2026", &written, &base64(ANSWER));
        let found = read(&format!("{HEAD}{item}</items>\n")).unwrap();
        let [message] = found.messages.as_slice() else { panic!("{written}: {found:?}") };
        assert_eq!(message.bytes, XML.as_bytes());
        assert_eq!(message.relay_state.as_deref(), Some("x"));
        let at = message.captured_at.unwrap();
        assert_eq!(at.clock, CaptureClock::Proxy);
        assert_eq!(at.instant, "2026-11-22T10:21:27Z".parse().unwrap());
        let [sighting] = message.sightings.as_slice() else { panic!("{message:?}") };
        assert_eq!(sighting.place, "item 0 POST http://acme.example:8080/?so=1 body");
        let to = sighting.exchange.sent_to.as_deref();
        assert_eq!(to, Some("http://acme.example:8080/?so=1"));
        assert_eq!(sighting.exchange.location.as_deref(), Some("/home"));
        assert_eq!(found.notes, []);
    }
}

#[test]
fn a_zone_with_two_meanings_leaves_the_time_to_the_answer() {
    let item = item("Sun Nov 22 11:21:27 CST 2026", &base64(&request()), &base64(ANSWER));
    let found = read(&format!("{HEAD}{item}</items>")).unwrap();
    let at = found.messages[0].captured_at.unwrap();
    assert_eq!(at.clock, CaptureClock::HttpDate);
    assert_eq!(at.instant, "2026-11-22T10:21:29Z".parse().unwrap());
}

#[test]
fn no_entity_of_the_document_is_expanded() {
    let item = item("", ">POST / HTTP/1.1\n\nSAMLResponse=&message;", ">");
    let found = read(&format!("{HEAD}{item}</items>")).unwrap();
    assert_eq!((found.messages.len(), found.broken.len()), (0, 1));
}

#[test]
fn an_export_that_breaks_off_gives_the_items_before() {
    let whole = item("", &base64(&request()), &base64(ANSWER));
    let cut = &whole[..whole.len() / 2];
    let found = read(&format!("{HEAD}{whole}{cut}")).unwrap();
    assert_eq!((found.messages.len(), found.notes), (1, vec![Note::CutOff]));
    for text in [format!("{HEAD}</items>"), HEAD.to_owned()] {
        let error = read(&text).unwrap_err();
        assert_eq!(error.kind, InputErrorKind::NotSaml(Recognised::Burp));
    }
}

#[test]
fn what_is_too_large_for_a_message_is_refused_by_the_name_of_the_limit() {
    let large = "A".repeat(300_000);
    let limits = Limits { decoded_bytes: 100_000, ..Limits::default() };
    let text = format!("{HEAD}{}</items>", item("", &format!("><![CDATA[{large}]]>"), ">"));
    let found = capture(&mut text.as_bytes(), "test", &limits, None).unwrap();
    let expected = InputErrorKind::Limit { name: "decoded bytes", limit: 100_000 };
    assert_eq!(found.unwrap_err().kind, expected);
    let pieces = "A<!-- -->".repeat(100_000) + &"B<x/>".repeat(200_000);
    let text = format!("{HEAD}{}</items>", item("", &format!(">{pieces}"), ">"));
    let found = capture(&mut text.as_bytes(), "test", &limits, None).unwrap();
    assert_eq!(found.unwrap_err().kind, expected);
}
