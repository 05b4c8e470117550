//! SAML-tracer exports in both shapes and all ways of masking.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::io::Write;

use super::{Capture, CaptureClock, Note, Recognised, capture};
use crate::decode::{InputError, InputErrorKind};
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">Zoë Ünal ☃~~~>>>???</samlp:Response>";
const URL: &str = "https://acme.example/?so=1";

fn read(export: &Value) -> Result<Capture, InputError> {
    let text = export.to_string();
    capture(&mut text.as_bytes(), "test.json", &Limits::default(), None).unwrap()
}

fn export(requests: &[Value]) -> Value {
    let other = json!({"method": "GET", "url": "https://idp.example/sso", "requestId": "1", "get": [], "responseStatus": "",
        "requestHeaders": [], "responseHeaders": []});
    let requests = [&[other], requests].concat();
    json!({"requests": requests, "timestamp": "2026-11-22T10:30:00.000Z"})
}

/// A POST as the extension writes it, with its values as they are or masked.
fn post(mask: Option<&str>) -> Value {
    let value = mask.map_or_else(|| STANDARD.encode(XML), str::to_owned);
    let relay_state = mask.unwrap_or("/home?a=b%20c");
    let data = match mask {
        None => json!({"RelayState": [relay_state], "SAMLResponse": [value]}),
        Some(_) => json!("{overwritten}"),
    };
    json!({"method": "POST", "url": URL, "requestId": "7", "requestHeaders": [{"name": "Host", "value": "acme.example"}],
        "postData": data, "post": [["RelayState", relay_state], ["SAMLResponse", value]], "protocol": "SAML-P",
        "saml": XML, "samlart": null, "responseStatus": 302, "responseStatusText": "HTTP/1.1 302 Found",
        "responseHeaders": [{"name": "Date", "value": "Sun, 22 Nov 2026 10:21:28 GMT"}, {"name": "Location", "value": "/home"}]})
}

/// As a string that has one character for each byte.
fn bytewise(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[track_caller]
fn one(found: &Capture) -> &super::Captured {
    let [message] = found.messages.as_slice() else { panic!("{found:?}") };
    assert_eq!(message.bytes, XML.as_bytes());
    assert!(found.broken.is_empty(), "{found:?}");
    message
}

#[test]
fn a_posted_message_is_found_once_with_the_bytes_that_were_sent() {
    let found = read(&export(&[post(None)])).unwrap();
    let message = one(&found);
    assert_eq!(found.notes, []);
    assert_eq!(message.relay_state.as_deref(), Some("/home?a=b%20c"));
    assert_eq!(message.parameter.as_deref(), Some("SAMLResponse"));
    let [sighting] = message.sightings.as_slice() else { panic!("{message:?}") };
    assert_eq!(sighting.place, "request 1 POST https://acme.example/?so=1 post[1]");
    assert_eq!(sighting.exchange.sent_to.as_deref(), Some(URL));
    assert_eq!(sighting.exchange.status, Some(302));
    let at = message.captured_at.unwrap();
    assert_eq!(at.clock, CaptureClock::HttpDate);
    assert_eq!(at.instant, "2026-11-22T10:21:28Z".parse().unwrap());
}

#[test]
fn a_masked_export_still_holds_the_message_and_that_is_told() {
    for mask in ["{hash:4902c15b7b2f}", "{obf:alternative_3}"] {
        let found = read(&export(&[post(Some(mask))])).unwrap();
        let message = one(&found);
        assert_eq!(found.notes, [Note::MaskedButWhole], "{mask}");
        assert_eq!(message.relay_state, None, "{mask}");
        assert_eq!(message.parameter.as_deref(), Some("SAMLResponse"), "{mask}");
        assert!(message.sightings[0].place.ends_with(" saml"), "{message:?}");
    }
    let mut request = post(None);
    request["requestHeaders"] = json!([{"name": "Cookie", "value": "sid={hash:11}; a={hash:22}"}]);
    assert_eq!(read(&export(&[request])).unwrap().notes, [Note::MaskedButWhole]);
}

#[test]
fn without_a_date_of_the_receiver_the_time_of_the_export_counts_wherever_it_stands() {
    let mut request = post(None);
    request["responseHeaders"] = json!([]);
    for timestamp in [json!("2026-11-22T10:30:00Z"), json!(1_795_343_400_000_i64)] {
        let first = json!({"requests": [request], "timestamp": timestamp}).to_string();
        let rest = first.rsplit_once(",\"timestamp\"").unwrap().0.trim_start_matches('{');
        let last = format!("{{\"timestamp\": {timestamp}, {rest}}}");
        for text in [first.as_str(), &last] {
            let found = capture(&mut text.as_bytes(), "test", &Limits::default(), None);
            let found = found.unwrap().unwrap();
            let at = one(&found).captured_at.unwrap();
            assert_eq!(at.clock, CaptureClock::SamlTracer, "{text}");
            assert_eq!(at.instant, "2026-11-22T10:30:00Z".parse().unwrap(), "{text}");
        }
    }
}

#[test]
fn exports_of_the_versions_before_the_first_have_pairs_for_headers_and_the_text_byte_by_byte() {
    let legacy = |post: Value, saml: String| {
        json!({"requests": [{"id": 7, "method": "POST", "url": URL, "requestHeaders": [["Host", "acme.example"]], "get": [["so", "1"]],
            "postData": "{overwritten}", "post": post, "saml": saml, "responseStatus": 302, "responseStatusText": "Found",
            "responseHeaders": [["Date", "Sun, 22 Nov 2026 10:21:28 GMT"]]}], "timestamp": 1_795_343_400_000_i64})
    };
    let plain = json!([["SAMLResponse", STANDARD.encode(XML)], ["RelayState", "x"]]);
    let masked = json!([["SAMLResponse", "{hash:aa}"], ["RelayState", "{hash:bb}"]]);
    for (post, notes) in [(plain, vec![]), (masked, vec![Note::MaskedButWhole])] {
        let found = read(&legacy(post, bytewise(XML.as_bytes()))).unwrap();
        assert_eq!(one(&found).captured_at.unwrap().clock, CaptureClock::HttpDate);
        assert_eq!(found.notes, notes);
    }
}

#[test]
fn a_redirect_is_read_from_its_url_and_from_the_text_only_when_that_is_cut() {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(XML.as_bytes()).unwrap();
    let value = STANDARD.encode(encoder.finish().unwrap());
    let url = format!(
        "https://idp.example/sso?SAMLRequest={}&RelayState=x",
        utf8_percent_encode(&value, NON_ALPHANUMERIC)
    );
    let get = json!([["SAMLRequest", value], ["RelayState", "x"]]);
    let request = |url: &str| {
        json!({"method": "GET", "url": url, "requestId": "9", "get": get, "protocol": "SAML-P", "saml": bytewise(XML.as_bytes()),
            "requestHeaders": [], "responseHeaders": []})
    };
    let found = read(&export(&[request(&url)])).unwrap();
    let message = one(&found);
    assert_eq!(message.raw_query.as_deref(), url.split_once('?').map(|(_, query)| query));
    assert!(message.sightings[0].place.ends_with(" query"));
    let found = read(&export(&[request(&url[..60])])).unwrap();
    assert!(one(&found).sightings[0].place.ends_with(" saml"));
}

#[test]
fn the_bytes_of_other_encodings_come_back() {
    let latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">Zoë</samlp:Response>";
    let bytes: Vec<u8> = latin.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let mut request = post(Some("{hash:aa}"));
    request["saml"] = json!(latin);
    let found = read(&export(&[request])).unwrap();
    assert_eq!(found.messages[0].bytes, bytes);
}

#[test]
fn an_artifact_a_federation_token_and_an_empty_window_are_no_messages() {
    let artifact = json!({"method": "GET", "url": "https://acme.example/?SAMLart=AAQ", "requestId": "1", "get": [["SAMLart", "AAQ"]],
        "samlart": "AAQ", "protocol": "SAML-P", "requestHeaders": null, "responseHeaders": null});
    let token = "<t:RequestSecurityTokenResponse>urn:oasis:names:tc:SAML:1.0:assertion</t:RequestSecurityTokenResponse>";
    let federation = json!({"method": "POST", "url": URL, "requestId": "2", "post": [["wa", "wsignin1.0"], ["wresult", token]],
        "saml": token, "protocol": "WS-Fed"});
    for export in [
        export(&[artifact]),
        export(&[federation]),
        json!({"requests": [], "timestamp": "2026-11-22T10:30:00Z"}),
    ] {
        let error = read(&export).unwrap_err();
        assert_eq!(error.kind, InputErrorKind::NotSaml(Recognised::SamlTracer), "{export}");
    }
}

#[test]
fn a_parameter_and_a_text_that_cannot_be_read_are_told_once() {
    let mut request = post(None);
    request["post"] = json!([["SAMLResponse", "PHNhbWx%"]]);
    assert_eq!(one(&read(&export(&[request.clone()])).unwrap()).relay_state, None);
    request["saml"] = Value::Null;
    let found = read(&export(&[request])).unwrap();
    assert_eq!((found.messages.len(), found.broken.len()), (0, 1));
}
