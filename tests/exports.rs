//! The exports of browsers, and what people copy out of a browser's tools, made from the recording of a real login: none of the values
//! that stood in it is left in any layer of a redacted copy.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod shared;
mod support;

use std::collections::BTreeSet;
use std::fs;

use samlcheck::input::{Capture, capture};
use samlcheck::limits::Limits;
use samlcheck::redact::{self, Judged};
use serde_json::{Value, json};
use shared::folder;
use support::search::words_left;

/// Hosts of the recorded login, which are kept.
const HOSTS: [&str; 4] =
    ["saml.salesforce.com", "acme.my.salesforce.com", "idp.acme.example", "127.0.0.1"];

fn read(bytes: &[u8], name: &str) -> Capture {
    let held = capture(&mut &*bytes, "test", &Limits::default(), None).unwrap();
    held.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Redacts, and looks for the values; the copy must hold as many messages.
fn check(name: &str, bytes: &[u8], values: &[String]) {
    let before = read(bytes, name);
    let messages = before.messages.iter().map(|message| Judged {
        bytes: message.bytes.clone(),
        verdict: "accepted".to_owned(),
        decrypted: None,
    });
    let how = redact::Options { hosts: false, limits: Limits::default() };
    let copy = redact::copy(bytes, &messages.collect::<Vec<_>>(), &how);
    let copy = copy.unwrap_or_else(|error| panic!("{name}: {error}"));
    let after = read(&copy, name);
    assert_eq!(before.format, after.format, "{name}");
    assert_eq!(before.messages.len(), after.messages.len(), "{name}");
    let seen = |capture: &Capture| -> Vec<usize> {
        capture.messages.iter().map(|message| message.sightings.len()).collect()
    };
    assert_eq!(seen(&before), seen(&after), "{name}");
    assert_eq!(words_left(&copy, values, &HOSTS), Vec::<String>::new(), "{name}");
}

/// What the messages of a capture say of the person and of her session.
fn values_of_messages(bytes: &[u8]) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for message in read(bytes, "values").messages {
        let xml = String::from_utf8(message.bytes).unwrap();
        for piece in xml.split('<').filter(|piece| {
            let name = piece.split([' ', '>']).next().unwrap().rsplit(':').next().unwrap();
            matches!(name, "NameID" | "AttributeValue" | "SessionIndex" | "SignatureValue")
        }) {
            let text = piece.split_once('>').unwrap().1.replace("&amp;", "&");
            values.insert(text.trim().to_owned());
        }
        for piece in xml.split("SessionIndex=\"").skip(1) {
            values.insert(piece.split('"').next().unwrap().to_owned());
        }
    }
    values
}

/// What a HAR says besides: cookies, and what was typed.
fn values_of_har(har: &Value) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for entry in har["log"]["entries"].as_array().unwrap() {
        let sides = [&entry["request"], &entry["response"]];
        for cookie in sides.iter().flat_map(|side| side["cookies"].as_array().into_iter().flatten())
        {
            values.insert(cookie["value"].as_str().unwrap().to_owned());
        }
        for parameter in entry["request"]["postData"]["params"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            if matches!(name, "username" | "password" | "AuthState" | "RelayState") {
                values.insert(parameter["value"].as_str().unwrap().to_owned());
            }
        }
    }
    values
}

fn long(values: BTreeSet<String>) -> Vec<String> {
    let values: Vec<_> = values.into_iter().filter(|value| value.chars().count() >= 4).collect();
    assert!(values.len() >= 12, "{values:?}");
    assert!(values.iter().any(|value| value == "jdoe@acme.example"), "{values:?}");
    values
}

#[test]
fn exports_of_a_real_login_lose_every_value() {
    let Some(folder) = folder("captures/browser") else { return };
    let har = fs::read(folder.join("playwright-full.har")).unwrap();
    let of_har = values_of_har(&serde_json::from_slice(&har).unwrap());
    for name in [
        "playwright-full.har",
        "saml-tracer-export-profile1.json",
        "saml-tracer-export-profile2.json",
    ] {
        let bytes = fs::read(folder.join(name)).unwrap();
        let mut values = values_of_messages(&bytes);
        values.extend(of_har.iter().cloned());
        let values = long(values);
        assert!(!words_left(&bytes, &values, &HOSTS).is_empty(), "{name}");
        check(name, &bytes, &values);
    }
}

#[test]
fn what_is_copied_of_a_real_login_loses_every_value() {
    let Some(folder) = folder("captures/browser") else { return };
    let bytes = fs::read(folder.join("playwright-full.har")).unwrap();
    let har: Value = serde_json::from_slice(&bytes).unwrap();
    let mut values = values_of_messages(&bytes);
    values.extend(values_of_har(&har));
    values.insert("eyJhbGciOiJub25lIn0".to_owned());
    let values = long(values);
    let entries = har["log"]["entries"].as_array().unwrap();
    let has = |value: &Value| value.to_string().contains("SAMLRe");
    let mut tried = 0;
    for (number, entry) in entries.iter().enumerate().filter(|(_, entry)| has(entry)) {
        for (kind, copied) in copied(entry) {
            let held = capture(&mut copied.as_bytes(), "test", &Limits::default(), None).unwrap();
            if held.is_ok_and(|held| !held.messages.is_empty()) {
                let mut values = values.clone();
                // An organization id that no message gives as a value is a part of an address and no more.
                let own = values_of_messages(copied.as_bytes());
                values.retain(|value| value != "00DD0000000JsCM" || own.contains(value));
                check(&format!("entry {number}, {kind}"), copied.as_bytes(), &values);
                tried += 1;
            }
        }
    }
    assert!(tried >= 16, "{tried}");
}

/// What the tools of a browser give for an entry.
fn copied(entry: &Value) -> Vec<(&'static str, String)> {
    let request = &entry["request"];
    let url = request["url"].as_str().unwrap();
    let method = request["method"].as_str().unwrap();
    let body = request["postData"]["text"].as_str().unwrap_or_default();
    let mut headers: Vec<(String, String)> = request["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| ["name", "value"].map(|name| header[name].as_str().unwrap().to_owned()))
        .map(|[name, value]| (name, value))
        .collect();
    headers.push(("Authorization".to_owned(), "Bearer eyJhbGciOiJub25lIn0".to_owned()));
    let lines = |line: &dyn Fn(&str, &str) -> String| -> String {
        headers.iter().map(|(name, value)| line(name, value)).collect()
    };
    let caret = |text: &str| text.replace('%', "^%^").replace('&', "^&").replace('"', "^\\^\"");
    let data = |option: &str| if body.is_empty() { String::new() } else { option.to_owned() };
    let page = entry["response"]["content"]["text"].as_str().unwrap_or_default();
    let location = entry["response"]["redirectURL"].as_str().unwrap_or_default();
    vec![
        ("curl for bash", format!(
            "curl '{url}' \\\n{}{}  --compressed",
            lines(&|name, value| format!("  -H '{name}: {value}' \\\n")),
            data(&format!("  --data-raw '{body}' \\\n")),
        )),
        ("curl for cmd", format!(
            "curl ^\"{}^\" ^\r\n{}{}  --compressed",
            caret(url),
            lines(&|name, value| format!("  -H ^\"{name}: {}^\" ^\r\n", caret(value))),
            data(&format!("  --data-raw ^\"{}^\" ^\r\n", caret(body))),
        )),
        ("fetch", format!("fetch(\"{url}\", {});", json!({
            "headers": headers.iter().map(|(n, v)| (n.clone(), json!(v))).collect::<serde_json::Map<_, _>>(),
            "referrer": url, "body": body, "method": method, "mode": "cors", "credentials": "include",
        }))),
        ("PowerShell", format!(
            "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n\
             $session.Cookies.Add((New-Object System.Net.Cookie(\"sid\", \"00DD0000000JsCM!AQ\", \"/\", \"acme.my.salesforce.com\")))\n\
             Invoke-WebRequest -UseBasicParsing -Uri \"{url}\" `\n-Method \"{method}\" `\n-WebSession $session `\n-Headers @{{\n{}}}{}",
            lines(&|name, value| format!("\"{name}\"=\"{}\"\n", value.replace('"', "`\""))),
            data(&format!(" `\n-Body \"{body}\"")),
        )),
        ("HTTP", format!(
            "{method} {} HTTP/1.1\r\n{}\r\n{body}",
            url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap(),
            lines(&|name, value| format!("{name}: {value}\r\n")),
        )),
        ("JSON", json!({"user": "jdoe", "url": url, "body": body, "events": [{"note": "jdoe@acme.example", "page": page}]}).to_string()),
        ("page", page.to_owned()),
        ("URL", url.to_owned()),
        ("Location", location.to_owned()),
        ("log line", format!("10.0.0.1 - jdoe [22/Nov/2026:10:21:28 +0000] \"{method} {url}&{body} HTTP/1.1\" 302 0\n")),
    ]
}
