//! The wrappings: a table of names and inputs.

#![allow(unreachable_pub, reason = "a test binary exports nothing")]

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

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
    [plain(xml), browser(xml), exports(xml), proxies(xml), pages(xml), texts(xml)]
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

/// SAML-tracer's exports: as they are now and were before version 1.0, and masked in both ways.
fn exports(xml: &str) -> Vec<Named> {
    let value = base64(xml);
    let bytewise: String = xml.bytes().map(char::from).collect();
    let current = |value: &str, relay_state: &str, saml: &str| {
        json!({"requests": [{
            "method": "POST", "url": LOGIN_URL, "requestId": "7", "get": [["so", "00D000000000001"]], "protocol": "SAML-P",
            "requestHeaders": [{"name": "Host", "value": "acme.my.salesforce.com"}, {"name": "Cookie", "value": "sid=00D1!AQ0secret"}],
            "postData": {"SAMLResponse": [value], "RelayState": [relay_state]},
            "post": [["SAMLResponse", value], ["RelayState", relay_state]], "saml": saml, "samlart": null,
            "responseStatus": 302, "responseStatusText": "HTTP/1.1 302 Found",
            "responseHeaders": [{"name": "Date", "value": "Thu, 15 Jan 2026 10:01:00 GMT"}]
        }], "timestamp": "2026-01-15T10:05:00.000Z"})
        .to_string()
        .into_bytes()
    };
    let legacy = |value: &str, relay_state: &str| {
        json!({"requests": [{
            "id": 7, "method": "POST", "url": LOGIN_URL, "get": [["so", "00D000000000001"]],
            "requestHeaders": [["Host", "acme.my.salesforce.com"], ["Cookie", "sid=00D1!AQ0secret"]], "postData": "{overwritten}",
            "post": [["SAMLResponse", value], ["RelayState", relay_state]], "saml": bytewise, "responseStatus": 302,
            "responseStatusText": "Found", "responseHeaders": [["Date", "Thu, 15 Jan 2026 10:01:00 GMT"]]
        }], "timestamp": 1_768_471_500_000_i64})
        .to_string()
        .into_bytes()
    };
    let redirect = redirect_url(LOGIN_URL, "SAMLResponse", xml, Some("/home"));
    let redirect = json!({"requests": [{
        "method": "GET", "url": redirect, "requestId": "7", "get": [["SAMLResponse", deflate_base64(xml)], ["RelayState", "/home"]],
        "saml": bytewise, "requestHeaders": [], "responseHeaders": [], "responseStatus": 302
    }], "timestamp": "2026-01-15T10:05:00.000Z"});
    let (hash, obfuscated) = ("{hash:4902c15b7b2f}", "{obf:alternative_3}");
    vec![
        ("SAML-tracer", current(&value, "/home", xml)),
        ("SAML-tracer, hashed", current(hash, hash, xml)),
        ("SAML-tracer, obfuscated", current(obfuscated, obfuscated, xml)),
        ("SAML-tracer, redirect", redirect.to_string().into()),
        ("SAML-tracer, old", legacy(&value, "/home")),
        ("SAML-tracer, old and hashed", legacy(hash, hash)),
    ]
}

/// HTTP as it went over the wire, and what proxies save of it.
fn proxies(xml: &str) -> Vec<Named> {
    let form = form_body("SAMLResponse", xml, Some("/home"));
    let head = "POST /?so=00D000000000001 HTTP/1.1\r\nHost: acme.my.salesforce.com\r\nCookie: sid=00D1!AQ0secret\r\n\
        Content-Type: application/x-www-form-urlencoded\r\n";
    let length = form.len();
    let request = format!("{head}Content-Length: {length}\r\n\r\n{form}");
    let (first, rest) = form.split_at(1000);
    let chunks = format!("{:x}\r\n{first}\r\n{:x}\r\n{rest}\r\n0\r\n\r\n", first.len(), rest.len());
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}");
    let answer = "HTTP/1.1 302 Found\r\nDate: Thu, 15 Jan 2026 10:01:00 GMT\r\nSet-Cookie: sid=00D1!AQ0secret\r\nLocation: /home\r\n\r\n";
    let page = format!(
        "<form method=\"post\" action=\"{LOGIN_URL}\"><input name=\"SAMLResponse\" value=\"{}\"/></form>",
        base64(xml)
    );
    let compressed = |coding: &str, body: &[u8]| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    };
    let items = |field: &dyn Fn(&str) -> String| {
        format!(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE items [\n<!ELEMENT items (item*)>\n]>\n<items burpVersion=\"2026.9.1\" exportTime=\"\">\n<item>\
             <time>Thu Jan 15 10:01:00 UTC 2026</time><url><![CDATA[{LOGIN_URL}]]></url><host ip=\"192.0.2.7\">acme.my.salesforce.com</host>\
             <method><![CDATA[POST]]></method><request{}</request><status>302</status><response{}</response><comment></comment></item>\n</items>\n",
            field(&request), field(answer)
        )
        .into_bytes()
    };
    let times = "<?xml version=\"1.0\"?><Session SID=\"7\"><SessionTimers ClientBeginRequest=\"2026-01-15T10:01:00.0000000+00:00\"/>\
        <SessionFlags><SessionFlag N=\"x-processinfo\" V=\"chrome:4242\"/></SessionFlags></Session>";
    vec![
        ("HTTP request", request.clone().into()),
        ("HTTP request and answer", format!("{request}\r\n\r\n{answer}").into()),
        ("HTTP request in chunks", chunked.into()),
        ("HTTP answer in gzip", compressed("gzip", &gzip(page.as_bytes()))),
        ("HTTP answer in Zstandard", compressed("zstd", &zstandard(page.as_bytes()))),
        ("Burp export", items(&|bytes| format!(" base64=\"true\"><![CDATA[{}]]>", base64(bytes)))),
        (
            "Burp export without base64",
            items(&|bytes| format!(" base64=\"false\"><![CDATA[{bytes}]]>")),
        ),
        (
            "Fiddler archive",
            zip(&[("raw/7_c.txt", &request), ("raw/7_s.txt", answer), ("raw/7_m.xml", times)]),
        ),
        ("gzip of a Burp export", gzip(&items(&|bytes| format!("><![CDATA[{bytes}]]>")))),
    ]
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
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
