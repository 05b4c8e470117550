//! HAR captures in the shapes that browsers write.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Capture, CaptureClock, CapturedAt, Carried, Note, Recognised, capture};
use crate::decode::InputErrorKind;
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">~~~>>>???</samlp:Response>";

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn entry(post_data: &Value) -> Value {
    json!({
        "startedDateTime": "2026-11-22T11:21:27.447+01:00",
        "request": {"method": "POST", "url": "https://acme.example/?so=1", "postData": post_data},
        "response": {"status": 302, "headers": [
            {"name": "location", "value": "/home"},
            {"name": "date", "value": "Sun, 22 Nov 2026 10:21:28 GMT"}
        ], "content": {}}
    })
}

fn har(entries: &[Value]) -> Capture {
    let text = json!({"log": {"version": "1.2", "entries": entries}}).to_string();
    capture(&mut text.as_bytes(), "test.har", &Limits::default(), None).unwrap().unwrap()
}

#[test]
fn a_posted_message_is_read_from_whichever_way_a_browser_writes_it() {
    let value = STANDARD.encode(XML);
    assert!(value.contains('+') && value.ends_with('='), "{value}");
    let body = format!("SAMLResponse={}&RelayState=a%2520b", escaped(&value));
    let params = |encode: fn(&str) -> String| json!([{"name": "RelayState", "value": encode("a%20b")}, {"name": "SAMLResponse", "value": encode(&value)}]);
    for (post_data, part) in [
        (json!({"text": body}), "body"),
        (json!({"text": body, "params": params(escaped)}), "body"),
        (json!({"params": params(escaped)}), "params[1]"),
        (json!({"params": params(str::to_owned)}), "params[1]"),
        (json!({"text": "", "params": params(str::to_owned)}), "params[1]"),
        (json!({"text": STANDARD.encode(&body), "encoding": "base64"}), "body"),
        (json!({"text": format!("Content-Type: x\r\nContent-Length: 9\r\n\r\n{body}")}), "body"),
    ] {
        let found = har(&[entry(&post_data)]);
        let [message] = found.messages.as_slice() else { panic!("{post_data}: {found:?}") };
        assert_eq!(message.bytes, XML.as_bytes(), "{post_data}");
        assert_eq!(message.relay_state.as_deref(), Some("a%20b"), "{post_data}");
        assert_eq!(message.parameter.as_deref(), Some("SAMLResponse"), "{post_data}");
        let place = format!("entry 0 POST https://acme.example/?so=1 {part}");
        assert_eq!(message.sightings[0].place, place);
        let exchange = &message.sightings[0].exchange;
        assert_eq!(exchange.sent_to.as_deref(), Some("https://acme.example/?so=1"));
        assert_eq!((exchange.status, exchange.location.as_deref()), (Some(302), Some("/home")));
        assert_eq!(exchange.date, Some("2026-11-22T10:21:28Z".parse().unwrap()));
        let at = CapturedAt {
            instant: "2026-11-22T10:21:27.447Z".parse().unwrap(),
            clock: CaptureClock::HarStarted,
        };
        assert_eq!(message.captured_at, Some(at));
    }
}

#[test]
fn one_message_seen_on_its_way_and_delivered_is_one_and_the_delivery_stands_first() {
    let value = STANDARD.encode(XML);
    let page = format!(
        "<form action=\"https://acme.example?so=1\"><input name=\"SAMLResponse\" value=\"{value}\"></form>"
    );
    let idp = json!({
        "startedDateTime": "2026-11-22T10:21:20Z",
        "request": {"method": "GET", "url": "https://idp.example/sso"},
        "response": {"status": 200, "headers": [], "content": {"text": STANDARD.encode(page), "encoding": "base64"}}
    });
    let body = format!("SAMLResponse={}", escaped(&value));
    let found = har(&[idp, entry(&json!({"text": body}))]);
    let [message] = found.messages.as_slice() else { panic!("{found:?}") };
    let [delivered, passed] = message.sightings.as_slice() else { panic!("{message:?}") };
    assert_eq!((delivered.carried, passed.carried), (Carried::Request, Carried::Answer));
    assert_eq!(passed.exchange.sent_to.as_deref(), Some("https://acme.example?so=1"));
    assert_eq!(passed.place, "entry 0 GET https://idp.example/sso form in the answer");
}

#[test]
fn redirects_are_read_from_the_query_and_from_the_location() {
    let url = format!(
        "https://idp.example/sso?SAMLRequest={}&RelayState=x",
        escaped(&STANDARD.encode(XML))
    );
    let redirect = json!({
        "request": {"method": "GET", "url": "https://acme.example/login"},
        "response": {"status": 302, "redirectURL": url, "headers": null}
    });
    let followed = json!({"request": {"method": "GET", "url": url}, "response": {"status": -1}});
    let found = har(&[redirect, followed]);
    let [message] = found.messages.as_slice() else { panic!("{found:?}") };
    let places = message.sightings.iter().map(|sighting| sighting.place.as_str());
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            "entry 1 GET https://idp.example/sso query",
            "entry 0 GET https://acme.example/login Location"
        ]
    );
    assert_eq!(message.raw_query.as_deref(), url.split_once('?').map(|(_, query)| query));
    assert_eq!(message.captured_at, None);
}

#[test]
fn a_parameter_that_cannot_be_read_is_told_with_its_place() {
    let found = har(&[entry(&json!({"text": "SAMLResponse=PHNhbWx%"}))]);
    let [broken] = found.broken.as_slice() else { panic!("{found:?}") };
    assert!(broken.sighting.place.starts_with("entry 0 POST"));
    assert!(matches!(broken.error.kind, InputErrorKind::Percent { .. }));
}

#[test]
fn a_capture_without_a_message_says_how_to_make_one_that_has_it() {
    for text in ["{\"log\":{\"entries\":[]}}", "{\"log\": {\"creator\": {}, \"pages\": []}}"] {
        let found = capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap();
        assert_eq!(found.unwrap_err().kind, InputErrorKind::NotSaml(Recognised::Har), "{text}");
    }
}

#[test]
fn a_capture_that_breaks_off_is_told_with_its_place() {
    let text = "{\"log\":{\"entries\":[\n{\"request\":{\"method\":\"GET\"";
    let found = capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap();
    let error = found.unwrap_err();
    assert_eq!(error.kind, InputErrorKind::Json { line: 2, column: 26 });
    let body = format!("SAMLResponse={}", escaped(&STANDARD.encode(XML)));
    let text = json!({"log": {"entries": [entry(&json!({"text": body})), {}]}}).to_string();
    let cut = &text[..text.len() - 4];
    let found = capture(&mut cut.as_bytes(), "test", &Limits::default(), None).unwrap();
    let found = found.unwrap();
    assert_eq!((found.messages.len(), found.notes), (1, vec![Note::CutOff]));
}

#[test]
fn the_limits_on_a_capture_hold() {
    let body = |id: usize| {
        format!("SAMLResponse={}", escaped(&STANDARD.encode(XML.replace("_1", &id.to_string()))))
    };
    let entries: Vec<Value> = (0..3).map(|id| entry(&json!({"text": body(id)}))).collect();
    let text = json!({"log": {"entries": entries}}).to_string();
    let refused = |limits: Limits| {
        let found = capture(&mut text.as_bytes(), "test", &limits, None).unwrap();
        found.unwrap_err().kind
    };
    let defaults = Limits::default();
    assert_eq!(
        refused(Limits { messages: 2, ..defaults }),
        InputErrorKind::Limit { name: "messages", limit: 2 }
    );
    let limit = text.len() - 1;
    assert_eq!(
        refused(Limits { capture_bytes: limit, ..defaults }),
        InputErrorKind::Limit { name: "capture bytes", limit }
    );
    assert_eq!(
        refused(Limits { inflated_bytes: 2 * XML.len(), ..defaults }),
        InputErrorKind::Limit { name: "inflated bytes", limit: 2 * XML.len() }
    );
}
