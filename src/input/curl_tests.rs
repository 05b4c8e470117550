//! Commands as browsers copy them, and as people write them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Capture, Captured, InputError, Recognised, capture};
use crate::decode::{InputErrorKind, describe};
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">~~~>>>???ÿþ.</samlp:Response>";
const URL: &str = "https://acme.example/?so=00D";

fn value() -> String {
    let value = STANDARD.encode(XML);
    assert!(value.contains('+') && value.contains('/') && value.ends_with('='), "{value}");
    value
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn body() -> String {
    format!("SAMLResponse={}&RelayState=%2Fhome%21", escaped(&value()))
}

fn read(text: &str) -> Result<Capture, InputError> {
    capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap()
}

fn one(text: &str) -> Captured {
    let capture = read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(capture.format, Some("curl command"), "{text}");
    assert_eq!(capture.broken, [], "{text}");
    let [message] = <[Captured; 1]>::try_from(capture.messages).unwrap();
    assert_eq!(message.bytes, XML.as_bytes(), "{text}");
    message
}

/// As Chrome and Firefox escape a string for cmd since 2023.
fn caret(text: &str) -> String {
    let mut escaped = String::from("^\"");
    let mut characters = text.replace('\\', "\\\\").replace('"', "\\\"");
    characters.push('\0');
    let characters: Vec<char> = characters.chars().collect();
    for pair in characters.windows(2) {
        let plain = pair[0].is_ascii_alphanumeric() || "_-:=+~'/.',?;()*` ".contains(pair[0]);
        if !plain {
            escaped.push('^');
        }
        escaped.push(pair[0]);
        if pair[0] == '%' && (pair[1].is_ascii_alphanumeric() || pair[1] == '_') {
            escaped.push('^');
        }
    }
    escaped + "^\""
}

#[test]
fn what_browsers_copy_is_read() {
    let body = body();
    let ansi = body.replace('%', "\\x25").replace('!', "\\u0021");
    let doubled = body.replace('%', "\"%\"");
    let carets = body.replace('%', "^%^");
    for command in [
        format!(
            "curl '{URL}' \\\n  -H 'accept: text/html' \\\n  -H $'x: it\\'s' \\\n  --data-raw '{body}' \\\n  --compressed"
        ),
        format!("curl '{URL}' -X POST -H 'Accept: */*' --data-raw '{body}'"),
        format!("curl \"{URL}\" -X \"POST\" --data-binary \"{body}\""),
        format!("curl '{URL}' \\\r\n  --data-raw $'{ansi}' \\\r\n  --compressed\r\n"),
        format!(
            "curl {} ^\r\n  -H {} ^\r\n  --data-raw {} ^\r\n  --compressed",
            caret(URL),
            caret("a: \"b\" & c"),
            caret(&body)
        ),
        format!(
            "curl \"{URL}\" ^\n  -H \"accept: \"\"x\"\"\" ^\n  --data-raw \"{carets}\" ^\n  --compressed"
        ),
        format!("curl \"{URL}\" -H \"accept: x\" --data \"{doubled}\""),
        format!("curl.exe {} -H {} --data-raw {}", caret(URL), caret("x-ms: C:\\"), caret(&body)),
    ] {
        let message = one(&command);
        assert_eq!(message.parameter.as_deref(), Some("SAMLResponse"), "{command}");
        assert_eq!(message.relay_state.as_deref(), Some("/home!"), "{command}");
        let sighting = &message.sightings[0];
        assert_eq!(sighting.place, format!("command 1 POST {URL} body"));
        assert_eq!(sighting.exchange.sent_to.as_deref(), Some(URL));
        assert_eq!(message.raw_query.as_deref(), Some(body.as_str()), "{command}");
        let layers = describe(&message.layers[..3]);
        assert_eq!(layers, "curl command → form body, parameter SAMLResponse → base64");
    }
}

#[test]
fn what_people_write_is_read() {
    let (value, body) = (value(), body());
    for command in [
        format!("$ curl -sSL -d SAMLResponse={} -d RelayState=x {URL}", escaped(&value)),
        format!("curl -XPOST -d'{body}' {URL}"),
        format!("curl --data-urlencode 'SAMLResponse={value}' --url {URL}"),
        format!("curl -F 'SAMLResponse={value}' -F 'RelayState=x' -k {URL}"),
        format!("curl -G --data '{body}' -A 'some agent' {URL}"),
        format!("curl '{URL}&{body}'"),
        format!("curl -o out.html -b jar.txt \"{URL}\" --request=POST --data='{body}' # posts it"),
        format!(
            "curl {URL} -H 'content-type: application/json' -d '{{\"SAMLResponse\":\"{value}\",\"RelayState\":\"x\"}}'"
        ),
    ] {
        let message = one(&command);
        let sent_to = message.sightings[0].exchange.sent_to.as_deref();
        assert_eq!(sent_to, Some(URL), "{command}");
    }
}

#[test]
fn several_commands_are_several_exchanges() {
    let other = STANDARD.encode(XML.replace("_1", "_2"));
    let request = format!("curl 'https://idp.example/sso?SAMLRequest={}' ;", escaped(&other));
    let image = "curl 'https://acme.example/logo.png' \\\n  -H 'accept: image/*' ;";
    let text = format!("{request}\n{image}\ncurl '{URL}' \\\n  --data-raw '{}'", body());
    let found = read(&text).unwrap();
    let places: Vec<_> = found.messages.iter().map(|message| &message.sightings[0].place).collect();
    let expected =
        ["command 1 GET https://idp.example/sso query", &format!("command 3 POST {URL} body")];
    assert_eq!(places, expected);
}

#[test]
fn a_command_without_a_message_says_what_to_copy_instead() {
    for text in [
        "curl 'https://acme.example/'",
        "curl -d @body.txt https://acme.example/",
        "curl 'unclosed",
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(error.kind, InputErrorKind::NotSaml(Recognised::Curl), "{text}");
    }
    let signed_in = "curl 'https://acme.example/' -d 'wa=wsignin1.0&wresult=%3Ct%3Ax%2F%3E'";
    let error = read(signed_in).unwrap_err();
    assert_eq!(error.kind, InputErrorKind::NotSaml(Recognised::WsFederation));
    assert!(
        read("curlew is a bird")
            .is_err_and(|error| error.kind == InputErrorKind::NotSaml(Recognised::Text))
    );
}

#[test]
fn a_command_that_was_cut_off_is_searched_as_text() {
    let text = format!("curl '{URL}' --data-raw '{}", body());
    assert_eq!(read(&text).unwrap().messages[0].bytes, XML.as_bytes());
}

#[test]
fn two_messages_in_one_body_are_refused() {
    let text = format!("curl '{URL}' --data-raw '{0}&{0}'", body());
    let found = read(&text).unwrap();
    assert_eq!(found.messages, []);
    assert!(matches!(found.broken[0].error.kind, InputErrorKind::Ambiguous { .. }));
}
