//! Requests as browsers copy them for JavaScript and for PowerShell, and as people write them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Captured, Recognised, capture};
use crate::decode::InputErrorKind;
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">~~~>>>???ÿþ.</samlp:Response>";
const URL: &str = "https://acme.example/?so=00D";

fn value() -> String {
    STANDARD.encode(XML)
}

fn body() -> String {
    let escaped = utf8_percent_encode(&value(), NON_ALPHANUMERIC).to_string();
    format!("SAMLResponse={escaped}&RelayState=%2Fhome")
}

fn one(text: &str, format: &str) -> Captured {
    let capture = capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap();
    let capture = capture.unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(capture.format, Some(format), "{text}");
    assert_eq!(capture.broken, [], "{text}");
    let [message] = <[Captured; 1]>::try_from(capture.messages).unwrap();
    assert_eq!(message.bytes, XML.as_bytes(), "{text}");
    let sighting = &message.sightings[0];
    assert_eq!(sighting.exchange.sent_to.as_deref(), Some(URL), "{text}");
    assert_eq!(sighting.exchange.method.as_deref(), Some("POST"), "{text}");
    assert_eq!(message.parameter.as_deref(), Some("SAMLResponse"), "{text}");
    assert_eq!(message.relay_state.as_deref(), Some("/home"), "{text}");
    message
}

#[test]
fn fetch_calls_are_read() {
    let (value, body) = (value(), body());
    let hexadecimal = body.replace('%', "\\x25").replace('&', "\\u0026").replace('/', "\\/");
    for text in [
        format!(
            "fetch(\"{URL}\", {{\n  \"headers\": {{\n    \"accept\": \"text/html\",\n    \"method\": \"x\"\n  }},\n  \"referrer\": \"https://idp.example/\",\n  \"body\": \"{body}\",\n  \"method\": \"POST\",\n  \"mode\": \"cors\"\n}});"
        ),
        format!(
            "await fetch(\"{URL}\", {{\n    \"credentials\": \"include\",\n    \"body\": \"{hexadecimal}\",\n    \"method\": \"POST\"\n}});"
        ),
        format!(
            "const answer = await fetch('{URL}', {{ method: 'POST', body: 'SAMLResponse=' + \"{}\" }}); // send\n",
            &body["SAMLResponse=".len()..]
        ),
        format!(
            "fetch(`{URL}`, {{body: new URLSearchParams({{SAMLResponse: \"{value}\", RelayState: '/home'}}), method: \"POST\"}})"
        ),
        format!(
            "fetch('{URL}', {{method: 'POST', body: new URLSearchParams([['RelayState', '/home'], ['SAMLResponse', '{value}']])}})"
        ),
    ] {
        assert!(one(&text, "fetch call").sightings[0].place.starts_with("call 1 POST"));
    }
}

#[test]
fn powershell_requests_are_read() {
    let (value, body) = (value(), body());
    let session = "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = \"Mozilla/5.0 (X11)\"\n$session.Cookies.Add((New-Object System.Net.Cookie(\"a\", \"b\", \"/\", \"acme.example\")))\n";
    let escaped = body.replace('%', "$([char]37)").replace('&', "`&");
    for text in [
        format!(
            "{session}Invoke-WebRequest -UseBasicParsing -Uri \"{URL}\" `\n-Method \"POST\" `\n-WebSession $session `\n-Headers @{{\n\"method\"=\"x\"\n  \"referer\"=\"https://idp.example/\"\n}} `\n-ContentType \"application/x-www-form-urlencoded\" `\n-Body \"{body}\""
        ),
        format!(
            "Invoke-WebRequest -UseBasicParsing -Uri \"{URL}\" `\r\n-Method \"POST\" `\r\n-Body \"{escaped}\"\r\n"
        ),
        format!(
            "Invoke-WebRequest -Uri '{URL}' -Method POST -Body ([System.Text.Encoding]::UTF8.GetBytes(\"{body}\"))"
        ),
        format!(
            "$answer = Invoke-RestMethod '{URL}' -Method POST -Body @{{SAMLResponse = \"{value}\"; RelayState='/home'}}"
        ),
        format!("$body = @'\n{body}\n'@\n# send\nirm -Uri {URL} -Method Post -Body $body")
            .replace("Post", "POST")
            .replace("irm", "Invoke-RestMethod"),
        format!("iwr -Method \"POST\" -Uri \"{URL}\" -Body @\"\n{escaped}\n\"@"),
    ] {
        assert!(one(&text, "PowerShell request").sightings[0].place.starts_with("command 1 POST"));
    }
}

#[test]
fn what_carries_no_message_says_so() {
    for (text, expected) in [
        ("fetch(\"https://acme.example/\", {\"method\": \"GET\"});", Recognised::Fetch),
        ("fetch(\"\\u{d800}\\ud800\\x\\", Recognised::Fetch),
        (
            "Invoke-WebRequest -UseBasicParsing -Uri \"https://acme.example/\"",
            Recognised::PowerShell,
        ),
        ("Invoke-WebRequest -Uri \"$([char]-Body @\"`", Recognised::PowerShell),
        ("fetching is fun", Recognised::Text),
    ] {
        let error = capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap();
        assert_eq!(error.unwrap_err().kind, InputErrorKind::NotSaml(expected), "{text}");
    }
}
