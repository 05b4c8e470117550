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

#[test]
fn an_odd_entry_costs_itself_and_no_other() {
    let value = STANDARD.encode(XML);
    let body = format!("SAMLResponse={}", escaped(&value));
    let good = entry(&json!({"text": body})).to_string();
    let odd = [
        "null",
        "7",
        "{}",
        "[[]]",
        "{\"request\": null, \"response\": \"none\"}",
        "{\"request\": {\"url\": 5, \"method\": {}, \"postData\": []}, \"response\": {\"headers\": null, \"content\": 1}}",
        "{\"startedDateTime\": 7.5, \"request\": {\"postData\": {\"params\": {\"a\": null}, \"text\": false}}}",
        "{\"response\": {\"status\": \"x\", \"content\": {\"text\": \"\\ud800\", \"encoding\": \"base64\"}}}",
    ];
    for odd in odd {
        let text = format!("{{\"log\": {{\"entries\": [{odd}, {good}, {odd}]}}}}");
        let found = capture(&mut text.as_bytes(), "test", &Limits::default(), None);
        let found = found.unwrap().unwrap();
        assert_eq!(found.messages.len(), 1, "{odd}");
        assert!(found.messages[0].sightings[0].place.starts_with("entry 1 "), "{odd}");
        assert_eq!(found.notes, [], "{odd}");
    }
    for damaged in ["{\"request\": }", "{\"request\" {}}", "{\"a\": tru}"] {
        let text = format!("{{\"log\": {{\"entries\": [{damaged}, {good}]}}}}");
        let found = capture(&mut text.as_bytes(), "test", &Limits::default(), None);
        let found = found.unwrap().unwrap();
        assert_eq!((found.messages.len(), found.notes), (1, vec![Note::Damaged]), "{damaged}");
    }
}

#[test]
fn what_tools_write_in_their_own_ways_beside_a_message_does_not_hide_it() {
    let value = STANDARD.encode(XML);
    let body = format!("SAMLResponse={}", escaped(&value));
    let request = |post: Value| json!({"method": "POST", "url": "https://acme.example/", "postData": post, "comment": ""});
    let text = json!({"text": body, "mimeType": "x", "_truncated": null});
    for mut entry in [
        json!({"request": request(text.clone()), "response": {"status": "302", "headers": {"Location": "/home"}}}),
        json!({"request": request(text.clone()), "response": {"status": 302, "headers": [["Location", "/home"]], "_transferSize": "0"}}),
        json!({"request": request(json!(body)), "response": {"status": 302, "redirectURL": "/home"}}),
        json!({"request": request(json!({"params": {"SAMLResponse": value}})), "response": {"status": 302.0, "redirectURL": "/home"}}),
        json!({"request": request(json!({"text": STANDARD.encode(&body).trim_end_matches('='), "encoding": "Base64"})),
            "response": {"status": 302, "headers": [null, {"name": "Location", "value": "/home"}]}}),
        json!({"request": request(text), "response": {"status": 302, "redirectURL": "/home", "content": {"text": "\u{fffd}", "size": "?"}}}),
    ] {
        entry["startedDateTime"] = json!("2026-11-22T10:21:27.5Z");
        let found = har(std::slice::from_ref(&entry));
        let [message] = found.messages.as_slice() else { panic!("{entry}: {found:?}") };
        let exchange = &message.sightings[0].exchange;
        assert_eq!(exchange.location.as_deref(), Some("/home"), "{entry}");
        let status = if entry["response"]["status"] == json!(302.0) { None } else { Some(302) };
        assert_eq!(exchange.status, status, "{entry}");
    }
}

#[test]
fn a_time_without_an_offset_is_no_instant_and_the_answer_has_one() {
    let body = format!("SAMLResponse={}", escaped(&STANDARD.encode(XML)));
    let mut entry = entry(&json!({"text": body}));
    entry["startedDateTime"] = json!("2026-11-22T11:21:27.447");
    let found = har(std::slice::from_ref(&entry));
    let at = found.messages[0].captured_at.unwrap();
    assert_eq!(at.clock, CaptureClock::HttpDate);
    assert_eq!(at.instant, "2026-11-22T10:21:28Z".parse().unwrap());
}

#[test]
fn bytes_that_are_no_text_and_a_body_too_large_for_a_message_leave_the_message_alone() {
    let body = format!("SAMLResponse={}", escaped(&STANDARD.encode(XML)));
    let good = entry(&json!({"text": body})).to_string();
    let large = "x".repeat(2 << 20);
    let start =
        format!("{{\"log\": {{\"entries\": [{{\"response\": {{\"content\": {{\"text\": \"{large}");
    let text = [start.as_bytes(), b"\xff\xfe\"}}},", good.as_bytes(), b"]}}"].concat();
    let limits = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
    let found = capture(&mut text.as_slice(), "test", &limits, None).unwrap().unwrap();
    assert_eq!((found.messages.len(), found.broken.len()), (1, 0));
    let posted = entry(&json!({"text": format!("SAMLResponse={large}")}));
    let text = json!({"log": {"entries": [posted]}}).to_string();
    let found = capture(&mut text.as_bytes(), "test", &limits, None).unwrap().unwrap();
    let expected = InputErrorKind::Limit { name: "decoded bytes", limit: 1 << 20 };
    assert_eq!(found.broken[0].error.kind, expected);
}
