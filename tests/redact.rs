//! `samlcheck redact` and `--redact` as a user meets them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod place;
mod support;

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use place::{Place, at, code, err, out};
use serde_json::{Value, json};
use support::assertion::Attribute;
use support::encode::{base64, base64_wrapped, form_body, percent, redirect_url};
use support::har::{Exchange, har};
use support::response::Response;
use support::search::{survivor, words_left};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What the browser captures hold of the person who logged in and of her sessions.
const PERSONAL: [&str; 4] = ["jdoe", "SimpleSAMLSessionID", "AuthState=_", "secret"];

fn captures() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/captures");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is absent; it is not part of the repository", folder.display());
    None
}

fn numbers_of_messages(place: &Place, input: &str) -> usize {
    out(&place.run(&["--list", input])).lines().count()
}

/// The decoded messages of an input.
fn messages(place: &Place, input: &str) -> Vec<String> {
    let numbers = 1..numbers_of_messages(place, input);
    numbers
        .map(|number| out(&place.run(&["decode", "--only", &number.to_string(), input])))
        .collect()
}

#[test]
fn a_copy_tells_the_verdict_and_nothing_personal() {
    let place = Place::configured();
    let output = place.run(&[&["redact"], &at(&["response.b64"])[..]].concat());
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    place.write("copy.b64", &out(&output));
    let copy = out(&place.run(&["decode", "--raw", "copy.b64"]));
    assert!(copy.contains("verdict before redaction: accepted"), "{copy}");
    assert!(copy.contains("<ds:SignatureValue>REMOVED</ds:SignatureValue>"), "{copy}");
    let name = out(&place.run(&at(&["response.b64"])));
    let name = name.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap().to_owned();
    assert!(!copy.contains(&name), "{copy}");
    let judged = place.run(&at(&["copy.b64"]));
    assert_eq!(code(&judged), 1);
    assert!(err(&judged).contains("this is a redacted copy"), "{}", err(&judged));
    for format in ["text", "json"] {
        let report = out(&place.run(&at(&["--redact", "--format", format, "response.b64"])));
        assert!(!report.contains(&name), "{report}");
        assert!(report.contains("person-1@domain-1.example"), "{report}");
        assert!(format == "text" || serde_json::from_str::<Value>(&report).is_ok());
    }
}

#[test]
fn nothing_is_written_when_there_is_nothing_to_redact() {
    let place = Place::new();
    place.write("words", "nothing of this kind\n");
    let output = place.run(&["redact", "words"]);
    assert_eq!((code(&output), out(&output).as_str()), (3, ""));
    assert_eq!(code(&place.run(&["redact", "missing"])), 2);
    assert_eq!(code(&place.run(&["redact", "--config", "missing.toml", "words"])), 4);
}

#[test]
fn the_exports_of_browsers_keep_their_messages_and_lose_the_person() {
    let Some(folder) = captures() else { return };
    let place = Place::new();
    let exports = [
        "playwright-full.har",
        "saml-tracer-export-profile1.json",
        "saml-tracer-export-profile2.json",
    ];
    for export in exports {
        let original = folder.join("browser").join(export);
        let original = original.to_str().unwrap();
        let output = place.run(&["redact", original]);
        assert_eq!(code(&output), 0, "{export}: {}", err(&output));
        let copy = out(&output);
        place.write(export, &copy);
        assert_eq!(numbers_of_messages(&place, export), numbers_of_messages(&place, original));
        let messages = messages(&place, export);
        assert!(messages.iter().all(|message| message.contains("redacted by samlcheck")));
        for personal in PERSONAL {
            assert!(!copy.contains(personal), "{export}: {personal}");
            assert!(
                !messages.iter().any(|message| message.contains(personal)),
                "{export}: {personal}"
            );
        }
    }
}

#[test]
fn every_form_of_real_messages_is_copied_in_its_own_form() {
    let Some(folder) = captures() else { return };
    let place = Place::new();
    let stems = [
        "simplesamlphp/idpinit-assertion-signed",
        "saml-idp-npm/idpinit-default",
        "flask-saml2/spinit-post-sha256",
    ];
    let requests = ["node-saml-sp/authnrequest-redirect-signed-sha256.url"].map(str::to_owned);
    let endings = ["b64", "body", "form.html", "xml"];
    let all = stems.iter().flat_map(|stem| endings.map(|ending| format!("{stem}.{ending}")));
    for file in all.chain(requests) {
        let original = fs::read_to_string(folder.join(&file)).unwrap();
        let output = place.run(&["redact", folder.join(&file).to_str().unwrap()]);
        assert_eq!(code(&output), 0, "{file}: {}", err(&output));
        place.write("copy", &out(&output));
        let message = out(&place.run(&["decode", "copy"]));
        assert!(message.contains("redacted by samlcheck"), "{file}");
        assert!(!message.contains("jdoe") && !out(&output).contains("jdoe"), "{file}: {message}");
        let first = |text: &str| text.trim_start_matches('\u{feff}').trim_start().chars().next();
        assert!(first(&original) == first(&out(&output)) || file.ends_with("b64"), "{file}");
    }
}

fn written(place: &Place, name: &str, bytes: &[u8]) -> Vec<u8> {
    fs::write(place.path(name), bytes).unwrap();
    let output = place.run(&["redact", name]);
    assert_eq!((code(&output), err(&output).as_str()), (0, ""), "{name}");
    fs::write(place.path("copy"), &output.stdout).unwrap();
    output.stdout
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn files_in_utf16_and_joined_and_broken_streams_keep_their_form() {
    let place = Place::new();
    let xml = Response::usual().xml();
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n{xml}");
    let log = |time: &str| format!("{time} received {xml} end\n");
    let exchange = Exchange {
        started: "10:00:01.250",
        method: "POST",
        url: "https://sp.example/".to_owned(),
        body: Some(form_body("SAMLResponse", &xml, None)),
        status: 302,
        location: None,
        date: "10:00:01",
        page: None,
    };
    let har = har(&[exchange]);
    let (first, second) = har.split_at(har.len() / 2);
    let joined = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    let inputs: [(&str, Vec<u8>); 4] = [
        ("XML in UTF-16", utf16(&declared)),
        ("XML in UTF-16 without a declaration", utf16(&xml)),
        ("a log in UTF-16", utf16(&log("10:00:00"))),
        ("a capture in two streams", joined),
    ];
    for (name, input) in inputs {
        let copy = written(&place, name, &input);
        assert_eq!(copy[..2], input[..2], "{name}");
        assert_eq!(numbers_of_messages(&place, "copy"), 2, "{name}");
        let message = out(&place.run(&["decode", "copy"]));
        assert!(message.contains("redacted by samlcheck"), "{name}: {message}");
        let values = ["zmueller@example.com".to_owned(), "zmueller".to_owned()];
        assert_eq!(words_left(&copy, &values, &[]), Vec::<String>::new(), "{name}");
        assert_eq!(words_left(&input, &values, &[]), values, "{name}");
    }
}

#[test]
fn what_an_archive_holds_besides_its_sessions_is_left_out() {
    let place = Place::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: sp.example\r\nReferer: https://idp.example/u/zmueller\r\n\r\n",
        redirect_url("https://sp.example/acs", "SAMLResponse", &Response::usual().xml(), None)
    );
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Welcome zmueller</p>";
    for (name, text) in [
        ("_index.htm", "<a href='raw/3_c.txt'>zmueller</a>"),
        ("raw/3_c.txt", &request),
        ("raw/3_s.txt", answer),
        ("raw/3_w.txt", "zmueller"),
        ("raw/zmueller_c.txt", "zmueller"),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let copy = written(&place, "login.saz", &zip.finish().unwrap().into_inner());
    assert!(copy.starts_with(b"PK"));
    assert_eq!(numbers_of_messages(&place, "copy"), 2);
    assert_eq!(words_left(&copy, &["zmueller".to_owned()], &[]), Vec::<String>::new());
}

#[test]
fn what_stands_around_a_message_is_searched_too() {
    let place = Place::new();
    let mut response = Response::usual();
    let assertion = response.assertion();
    assertion.subject.as_mut().unwrap().name_id.as_mut().unwrap().value = "jdoe.quux".to_owned();
    assertion.attributes = vec![Attribute::new("zip", &["90210"])];
    let xml = response.xml();
    let value = base64(&xml);
    let form = form_body("SAMLResponse", &xml, Some("Jane Roe-Smith"));
    let secrets = [
        "jdoe.quux",
        "90210",
        "Jane Roe-Smith",
        "jane.roe@private.example",
        "tok-secret-9911",
        "cookie-val-8812",
    ];
    let har = json!({"log": {"version": "1.2", "creator": {"name": "Firefox", "version": "131"},
        "pages": [{"id": "page_1", "title": "Welcome Jane Roe-Smith", "comment": "jdoe.quux"}],
        "entries": [{"startedDateTime": "2026-01-15T10:00:01Z", "serverIPAddress": "10.1.2.3", "_initiator": {"url": "https://x/jdoe.quux"},
            "request": {"method": "POST", "url": "https://sp.example/?login_hint=jane.roe%40private.example&u=jdoe.quux",
                "headers": [{"name": "X-Forwarded-User", "value": "jdoe.quux"}, {"name": "Authorization", "value": "Bearer tok-secret-9911"},
                    {"name": "Referer", "value": "https://idp.example/u/jdoe.quux/profile?zip=90210#jdoe.quux"}],
                "cookies": [{"name": "sid", "value": "cookie-val-8812"}], "queryString": [{"name": "90210", "value": "jane.roe@private.example"}],
                "postData": {"params": [{"name": "SAMLResponse", "value": value}, {"name": "RelayState", "value": "Jane Roe-Smith"}]}},
            "response": {"status": 302, "headers": [{"name": "Set-Cookie", "value": "sid=cookie-val-8812"}], "content": {"size": 90210},
                "redirectURL": "https://sp.example/frontdoor?sid=cookie-val-8812&retURL=%2Fu%2Fjdoe.quux"}}]}});
    let part = |name: &str, value: &str| {
        format!("--jdoe.quux\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts = [part("SAMLResponse", &value), part("RelayState", "Jane Roe-Smith")].concat();
    let entities = xml.replace('&', "&amp;").replace('<', "&lt;");
    let inputs = [
        ("HAR of Firefox", har.to_string()),
        ("form in parts", format!(
            "POST / HTTP/1.1\r\nHost: sp.example\r\nContent-Type: multipart/form-data; boundary=jdoe.quux\r\n\r\n{parts}--jdoe.quux--\r\n",
        )),
        ("mail", format!(
            "From: Jane Roe-Smith <jane.roe@private.example>\nSubject: jdoe.quux\n\n{}\nJane Roe-Smith, 90210\n",
            base64_wrapped(&xml, 76, "\n"),
        )),
        ("escaped URL", percent(&format!("https://sp.example/?{form}&user=jdoe.quux"))),
        ("XML log", format!(
            "<log user=\"jdoe.quux\"><who>Jane Roe-Smith</who><To>jane.roe@private.example</To><m>{entities}</m></log>",
        )),
        ("JSON", json!({"user": {"name": "Jane Roe-Smith", "zip": 90210}, "SAMLResponse": value, "jdoe.quux": "tok-secret-9911"}).to_string()),
        ("curl", format!(
            "curl 'https://jdoe.quux:tok-secret-9911@sp.example/' -e 'https://idp/u/jdoe.quux' -A 'Jane Roe-Smith' --cookie 'sid=cookie-val-8812' \
             -o /home/jdoe.quux/out -F 'SAMLResponse={value}' -F 'RelayState=Jane Roe-Smith'\n",
        )),
        ("page", format!(
            "<html><title>Jane Roe-Smith</title><!-- jdoe.quux --><form action=\"https://sp.example/?u=jdoe.quux\"><input name=\"SAMLResponse\" \
             value=\"{value}\"><input name=\"csrf\" value=\"tok-secret-9911\"></form><script>var u=\"jane.roe@private.example\"</script></html>",
        )),
    ];
    for (name, input) in inputs {
        let copy = written(&place, name, input.as_bytes());
        assert_eq!(numbers_of_messages(&place, "copy"), 2, "{name}");
        assert_eq!(survivor(&copy, &secrets), None, "{name}: {}", str::from_utf8(&copy).unwrap());
    }
    fs::write(place.path("broken"), xml.replace("</samlp:Response>", "</samlp:response>")).unwrap();
    let output = place.run(&["redact", "broken"]);
    assert_eq!((code(&output), out(&output).as_str()), (2, ""));
    assert!(err(&output).contains("no XML that can be read"), "{}", err(&output));
}
