//! The wrappings: a table of names and inputs.

#![allow(unreachable_pub, reason = "a test binary exports nothing")]

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::json;

use crate::support::encode::{
    base64, base64_url_safe, base64_wrapped, deflate, deflate_base64, form_body, percent,
    redirect_url,
};
use crate::support::response::LOGIN_URL;

/// One input that holds the response.
pub struct Wrapping {
    pub name: &'static str,
    pub input: Vec<u8>,
}

/// The response in every wrapping.
pub fn all(xml: &str) -> Vec<Wrapping> {
    [plain(xml), browser(xml), pages(xml), texts(xml)]
        .into_iter()
        .flatten()
        .map(|(name, input)| Wrapping { name, input })
        .collect()
}

type Named = (&'static str, Vec<u8>);

fn plain(xml: &str) -> Vec<Named> {
    let value = base64(xml);
    let form = form_body("SAMLResponse", xml, Some("/home"));
    vec![
        ("XML", xml.into()),
        ("base64", value.clone().into()),
        ("base64 in lines", base64_wrapped(xml, 76, "\r\n").into()),
        ("base64 without padding", value.trim_end_matches('=').into()),
        ("URL-safe base64", base64_url_safe(xml).into()),
        ("base64 in quotes", format!("  \"{value}\"\n").into()),
        ("base64 with a comma behind", format!("'{value}',").into()),
        ("base64 with spaces for +", value.replace('+', " ").into()),
        (
            "base64 with a zero-width space",
            format!("{}\u{200b}{}", &value[..500], &value[500..]).into(),
        ),
        ("base64 in base64", base64(&value).into()),
        ("DEFLATE", deflate(xml)),
        ("base64 of DEFLATE", deflate_base64(xml).into()),
        ("zlib", zlib(xml.as_bytes())),
        ("gzip", gzip(xml.as_bytes())),
        ("gzip of base64", gzip(value.as_bytes())),
        ("percent-escaped XML", percent(xml).into()),
        ("percent-escaped base64", percent(&value).into()),
        ("base64 percent-escaped twice", percent(&percent(&value)).into()),
        ("form body", form.clone().into()),
        (
            "form body with its message escaped twice",
            format!("SAMLResponse={}", percent(&percent(&value))).into(),
        ),
        ("form body that was never escaped", format!("RelayState=x&SAMLResponse={value}").into()),
        ("query string", format!("?{form}").into()),
        ("redirect URL", redirect_url(LOGIN_URL, "SAMLResponse", xml, Some("/home")).into()),
        ("UTF-16 file of base64", utf16(&value)),
        ("UTF-8 file with a mark", format!("\u{feff}{value}\n").into()),
        ("JSON string", serde_json::to_string(xml).unwrap().into()),
    ]
}

fn browser(xml: &str) -> Vec<Named> {
    let form = form_body("SAMLResponse", xml, Some("/home"));
    let value = base64(xml);
    let har = |post_data: serde_json::Value| {
        json!({"log": {"version": "1.2", "entries": [{
            "startedDateTime": "2026-01-15T10:01:00Z",
            "request": {"method": "POST", "url": LOGIN_URL, "postData": post_data},
            "response": {"status": 302, "headers": []}
        }]}})
        .to_string()
        .into_bytes()
    };
    let caret = form.replace('%', "^%^").replace('&', "^&");
    let url = LOGIN_URL;
    vec![
        ("HAR, body", har(json!({"text": form}))),
        ("HAR, escaped parameters", har(json!({"params": [{"name": "SAMLResponse", "value": percent(&value)}]}))),
        ("HAR, plain parameters", har(json!({"params": [{"name": "SAMLResponse", "value": value}]}))),
        ("cURL for bash", format!("curl '{url}' \\\n  -H 'accept: */*' \\\n  --data-raw '{form}' \\\n  --compressed").into()),
        ("cURL for bash, C quotes", format!("curl '{url}' -X POST -H 'accept: */*' --data-raw $'{}'", form.replace('%', "\\u0025")).into()),
        ("cURL for cmd", format!("curl ^\"{url}^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  --data-raw ^\"{caret}^\" ^\r\n  --compressed").into()),
        ("cURL for cmd, older", format!("curl \"{url}\" -H \"accept: */*\" --data \"{}\" --compressed", form.replace('%', "\"%\"")).into()),
        ("cURL, value not encoded yet", format!("curl {url} --data-urlencode 'SAMLResponse={value}'").into()),
        ("fetch", format!("fetch(\"{url}\", {{\n  \"headers\": {{ \"accept\": \"*/*\" }},\n  \"body\": \"{form}\",\n  \"method\": \"POST\"\n}});").into()),
        ("fetch in Node.js", format!("await fetch('{url}', {{ method: 'POST', body: new URLSearchParams({{ SAMLResponse: '{value}' }}) }});").into()),
        ("PowerShell", format!("$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\nInvoke-WebRequest -UseBasicParsing -Uri \"{url}\" `\n-Method \"POST\" `\n-WebSession $session `\n-Body \"{}\"", form.replace('&', "`&")).into()),
    ]
}

fn pages(xml: &str) -> Vec<Named> {
    let value = base64(xml);
    let url = LOGIN_URL;
    let escaped = value.replace('+', "&#x2b;").replace('/', "&#47;").replace('=', "&#61;");
    let entities =
        xml.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    vec![
        ("page that posts itself", format!("<!DOCTYPE html><html><body onload=\"document.forms[0].submit()\"><form method=\"post\" action=\"{url}\"><input type=\"hidden\" name=\"RelayState\" value=\"/home\"/><input type=\"hidden\" name=\"SAMLResponse\" value=\"{value}\"/></form></body></html>").into()),
        ("page in capitals with entities", format!("<HTML><FORM ACTION='{url}' METHOD=POST><INPUT VALUE='{escaped}' TYPE=hidden NAME=SAMLResponse></FORM></HTML>").into()),
        ("page with a text area", format!("<html><form action=/search><input name=q></form><form action='{url}'><textarea name=\"SAMLResponse\">{value}</textarea></form></html>").into()),
        ("page that shows the message", format!("<html><pre>{entities}</pre></html>").into()),
        ("escaped for a page", entities.into()),
    ]
}

fn texts(xml: &str) -> Vec<Named> {
    let value = base64(xml);
    let form = form_body("SAMLResponse", xml, Some("/home"));
    let redirect = redirect_url("/sso", "SAMLResponse", xml, Some("/home"));
    let soft = base64_wrapped(xml, 75, "=\n").trim_end_matches(['=', '\n']).to_owned();
    let ending = "=3D".repeat(value.len() - value.trim_end_matches('=').len());
    vec![
        ("JSON", json!({"events": [{"payload": {"SAMLResponse": value, "RelayState": "/home"}}]}).to_string().into()),
        ("JSON with the body in it", json!([{"request": {"body": form}}]).to_string().into()),
        ("JSON log lines", format!("{}\n{}\n", json!({"level": "info"}), json!({"time": "2026-01-15T10:01:00Z", "msg": xml})).into()),
        ("access log", format!("203.0.113.7 - - [15/Jan/2026:10:01:00 +0000] \"GET {redirect} HTTP/1.1\" 302 0 \"-\" \"Mozilla/5.0\"\n").into()),
        ("log line with XML", format!("2026-01-15T10:01:00Z DEBUG received {xml} from the browser\n").into()),
        ("view of parsed parameters", format!("SAMLResponse: {value}\nRelayState: /home").into()),
        ("view in columns", format!("SAMLResponse\t{value}\nRelayState\t/home\n").into()),
        ("view with values below names", format!("Form data\nSAMLResponse\n\t{value}\nRelayState\n\t/home\n").into()),
        ("mail", format!("Hello,\n\nour login fails with this:\n\n{}\nKind regards", base64_wrapped(xml, 72, "\n")).into()),
        ("quoted-printable mail", format!("SAMLResponse=3D{soft}{ending}\n").into()),
        ("UTF-16 text with a URL", utf16(&format!("It came from https://acme.my.salesforce.com{redirect} today"))),
    ]
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
