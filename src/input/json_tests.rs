//! JSON in the shapes in which a message is met in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Capture, CaptureClock, InputError, Note, Recognised, capture};
use crate::decode::InputErrorKind;
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">~~~>>>???ÿþ.</samlp:Response>";

fn read(text: &str) -> Result<Capture, InputError> {
    capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap()
}

fn place(text: &str) -> String {
    let capture = read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(capture.format, Some("JSON"), "{text}");
    let [message] = capture.messages.as_slice() else { panic!("{text}: {capture:?}") };
    assert_eq!(message.bytes, XML.as_bytes(), "{text}");
    message.sightings[0].place.clone()
}

#[test]
fn a_message_is_found_in_any_string_and_its_place_is_its_pointer() {
    let value = STANDARD.encode(XML);
    let form =
        format!("SAMLResponse={}&RelayState=x", value.replace('+', "%2B").replace('=', "%3D"));
    for (json, expected) in [
        (json!({"SAMLResponse": value}), "/SAMLResponse"),
        (json!([{"a/b": {"samlResponse": value}}]), "/0/a~1b/samlResponse"),
        (json!({"events": [1, {"payload": XML}]}), "/events/1/payload"),
        (json!({"request": {"body": form}}), "/request/body"),
        (json!({"text": format!("posted {form} to the login URL")}), "/text"),
        (json!({"inner": json!({"SAMLResponse": value}).to_string()}), "/inner"),
        (json!({"data": value}), "/data"),
        (
            json!({"page": format!("<form><input name='SAMLResponse' value='{value}'></form>")}),
            "/page",
        ),
    ] {
        assert_eq!(place(&json.to_string()), expected);
        assert_eq!(place(&serde_json::to_string_pretty(&json).unwrap()), expected);
    }
    let escaped = json!({"xml": XML}).to_string().replace('<', "\\u003c").replace('/', "\\/");
    assert_eq!(place(&escaped), "/xml");
}

#[test]
fn what_stands_beside_it_belongs_to_it() {
    let value = STANDARD.encode(XML);
    let written = "2026-11-22T10:21:27.447Z".parse().unwrap();
    for time in [
        json!("2026-11-22T11:21:27.447+01:00"),
        json!(1_795_342_887_447_i64),
        json!(1_795_342_887.447),
    ] {
        let text = json!({"params": {"SAMLResponse": value, "RelayState": "/home"}, "time": time})
            .to_string();
        let message = &read(&text).unwrap().messages[0];
        assert_eq!(message.relay_state.as_deref(), Some("/home"), "{text}");
        assert_eq!(message.parameter.as_deref(), Some("SAMLResponse"));
        let at = message.captured_at.unwrap();
        assert_eq!((at.instant, at.clock), (written, CaptureClock::LogLine), "{text}");
    }
    let text = json!({"time": "2026-11-22 11:21:27", "SAMLResponse": value}).to_string();
    assert_eq!(read(&text).unwrap().messages[0].captured_at, None, "no zone, no time");
}

#[test]
fn log_lines_of_json_are_values_one_after_the_other() {
    let line = |id: &str, second: u32| {
        let value = STANDARD.encode(XML.replace("_1", id));
        json!({"msg": format!("SAMLResponse={value}"), "ts": format!("2026-11-22T10:21:{second}Z")})
            .to_string()
    };
    let text = format!("{}\n{{\"ts\": 1}}\n{}\n", line("_2", 30), line("_3", 20));
    let found = read(&text).unwrap();
    let places: Vec<_> =
        found.messages.iter().map(|message| message.sightings[0].place.as_str()).collect();
    assert_eq!(places, ["value 3 /msg", "value 1 /msg"], "in order of capture");
    let cut = read(&text[..text.len() - 30]).unwrap();
    assert_eq!(
        (cut.messages.len(), cut.notes),
        (2, vec![Note::CutOff]),
        "one of them cut off as well"
    );
    let twice = json!({"body": "SAMLResponse=PHNhbWxwOlJlc3BvbnNlPg==&SAMLResponse=PHNhbWxwOlJlc3BvbnNlPg=="});
    let refused = read(&twice.to_string()).unwrap();
    assert!(matches!(refused.broken[0].error.kind, InputErrorKind::Ambiguous { .. }));
}

#[test]
fn what_holds_no_message_says_so() {
    for (text, expected) in [
        ("{\"a\": [1, \"SAMLResponse is missing\"]}", Recognised::Json),
        ("[[\"x\"]]", Recognised::Json),
        ("{\"access_token\": \"x\", \"id_token\": \"eyJ\"}", Recognised::OidcParameters),
        ("{\"token\": \"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln\"}", Recognised::Jwt),
        ("[2026-11-22] started", Recognised::Text),
        ("[[sp]]\nname = \"acme\"", Recognised::Toml),
    ] {
        assert_eq!(read(text).unwrap_err().kind, InputErrorKind::NotSaml(expected), "{text}");
    }
    let cut = read("{\"a\": [1, ").unwrap_err().kind;
    assert!(matches!(cut, InputErrorKind::Json { line: 1, .. }), "{cut:?}");
}

#[test]
fn json_that_goes_on_as_text_is_read_as_both() {
    let other = STANDARD.encode(XML.replace("_1", "_2"));
    let text =
        format!("{{\"SAMLResponse\": \"{}\"}}\nthen SAMLResponse={other}", STANDARD.encode(XML));
    assert_eq!(read(&text).unwrap().messages.len(), 2);
    let cut = format!("{{\"SAMLResponse\": \"{}\"}}\n{{\"a", STANDARD.encode(XML));
    assert_eq!(read(&cut).unwrap().notes, [Note::CutOff]);
}

#[test]
fn hostile_nesting_and_counts_are_bounded() {
    assert!(read(&"[".repeat(1 << 20)).is_err());
    let deep = format!("{}\"a\"{}", "{\"a\":".repeat(1 << 16), "}".repeat(1 << 16));
    assert!(read(&deep).is_err());
    let many = format!(
        "[{}0]",
        "\"PHNhbWxwOlJlc3BvbnNlPg==PHNhbWxwOlJlc3BvbnNlPg==PHNhbWxwOlJlc3BvbnNlPg==\","
            .repeat(10_000)
    );
    assert!(read(&many).is_err());
}
