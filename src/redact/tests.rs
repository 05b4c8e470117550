//! No personal value survives in any layer, and what is left is read as before.
//!
//! The searcher knows nothing of the implementation: it decodes with other code whatever it can, and looks.

use base64::Engine;
use proptest::prelude::*;
use serde_json::json;
use std::io::Write;

use super::*;
use crate::saml::Message;
use crate::support::assertion::Attribute;
use crate::support::response::Response;
use crate::support::search::survivor;

fn options(hosts: bool) -> Options {
    Options { hosts, limits: limits() }
}

fn limits() -> Limits {
    Limits::default()
}

/// Redacts as the command does, every message found judged the same.
fn redacted(input: &[u8], hosts: bool) -> Vec<u8> {
    try_redact(input, hosts).unwrap_or_else(|error| panic!("{error}: {}", shown(input)))
}

/// The beginning of an input, for the message of a test that fails.
fn shown(bytes: &[u8]) -> String {
    bytes.iter().take(3000).map(|byte| char::from(*byte)).collect()
}

fn try_redact(input: &[u8], hosts: bool) -> Result<Vec<u8>, RedactError> {
    let held = input::capture(&mut &input[..], "test", &limits(), None).unwrap().unwrap();
    let judged: Vec<Judged> = held
        .messages
        .iter()
        .map(|message| Judged {
            bytes: message.bytes.clone(),
            verdict: "rejected (audience-mismatch)".to_owned(),
            decrypted: None,
        })
        .collect();
    copy(input, &judged, &options(hosts))
}

fn response(name: &str, attribute: &str) -> String {
    let mut response = Response::usual();
    let assertion = response.assertion();
    assertion.subject.as_mut().unwrap().name_id.as_mut().unwrap().value = name.to_owned();
    assertion.attributes = vec![
        Attribute::new("urn:oid:2.5.4.42", &[attribute]),
        Attribute::new("copy of the name", &[name]),
    ];
    response.xml()
}

fn encoded(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn escaped(text: &str) -> String {
    encode::percent(text, false)
}

fn redirect(xml: &str) -> String {
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(xml.as_bytes()).unwrap();
    escaped(&encoded(&encoder.finish().unwrap()))
}

const WRAPPINGS: usize = 10;

/// One message and what stands beside it, in one of the forms people hand in.
fn wrapped(which: usize, xml: &str, relay_state: &str, user: &str) -> Vec<u8> {
    let b64 = encoded(xml.as_bytes());
    let form = format!("SAMLResponse={}&RelayState={}", escaped(&b64), escaped(relay_state));
    let page = format!(
        "<html><body onload='x()'><p>Hello</p><form method='post' action='https://acme.my.salesforce.com?so=1'>\
         <input name='SAMLResponse' value='{b64}'/><input name='RelayState' value=\"{}\"/></form></body></html>",
        encode::markup(relay_state)
    );
    let url = format!(
        "https://acme.my.salesforce.com/?SAMLResponse={}&RelayState={}",
        redirect(xml),
        escaped(relay_state)
    );
    let login = format!("username={}&password={}&AuthState=abcdefgh", escaped(user), escaped(user));
    match which {
        0 => xml.to_owned(),
        1 => b64,
        2 => b64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n"),
        3 => url,
        4 => form,
        5 => page,
        6 => json!({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [
            {"startedDateTime": "2026-01-15T10:00:01Z", "request": {"method": "POST", "url": "https://idp.example.com/login",
              "headers": [{"name": "Cookie", "value": user}, {"name": "Referer", "value": format!("https://idp.example.com/?u={}", escaped(user))}],
              "postData": {"mimeType": "application/x-www-form-urlencoded", "text": login, "params": [{"name": "username", "value": user}, {"name": "password", "value": user}]}},
             "response": {"status": 200, "headers": [{"name": "Set-Cookie", "value": user}], "content": {"mimeType": "text/html", "text": page}}},
            {"startedDateTime": "2026-01-15T10:00:02Z", "request": {"method": "POST", "url": "https://acme.my.salesforce.com?so=1",
              "headers": [], "postData": {"text": form, "params": [{"name": "SAMLResponse", "value": encoded(xml.as_bytes())}, {"name": "RelayState", "value": relay_state}]}},
             "response": {"status": 302, "headers": [{"name": "Location", "value": url}], "redirectURL": url, "content": {"text": format!("<html>Welcome {}</html>", encode::markup(user))}}}]}}).to_string(),
        7 => json!({"requests": [{"method": "POST", "url": "https://acme.my.salesforce.com/?so=1", "requestId": "7",
              "requestHeaders": [{"name": "Cookie", "value": user}], "post": [["SAMLResponse", encoded(xml.as_bytes())], ["RelayState", relay_state], ["user", user]],
              "saml": xml, "protocol": "SAML-P"}, {"method": "GET", "url": url, "get": [["RelayState", relay_state]], "saml": xml}], "timestamp": "2026-01-15T10:00:03Z"}).to_string(),
        8 => serde_json::to_string(&encoded(xml.as_bytes())).unwrap(),
        _ => format!("curl 'https://acme.my.salesforce.com/?so=1' \\\n  -H 'Cookie: sid=abcdefgh' \\\n  --data-raw '{form}'\n"),
    }
    .into_bytes()
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{4,9} [A-Z][a-z]{4,12}",
        "[a-z]{4,10}\\.[a-z]{5,9}@[a-z]{5,9}\\.example",
        "[a-z]{3}[&<>\"'+% ][a-z]{4}[äßéñ漢]",
        "[a-zé漢]{30,90}",
        "[0-9]{9,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_value_survives_in_any_layer(name in value(), attribute in value(), relay_state in value(), user in value(), which in 0..WRAPPINGS) {
        let input = wrapped(which, &response(&name, &attribute), &relay_state, &user);
        let copy = redacted(&input, false);
        prop_assert_eq!(survivor(&copy, &[&name, &attribute, &relay_state, &user]), None, "{}", shown(&copy));
        let messages = |bytes: &[u8]| input::capture(&mut &bytes[..], "", &limits(), None).unwrap().unwrap().messages;
        let (before, after) = (messages(&input), messages(&copy));
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            prop_assert_eq!(before.sightings.len(), after.sightings.len());
            let (before, after) = (read(&before.bytes), read(&after.bytes));
            prop_assert_eq!(&before.0, &after.0);
            // The name stands in the subject and in an attribute: equal it stays, and unlike the other.
            prop_assert_eq!(&after.1[0], &after.1[2]);
            prop_assert_eq!(before.1[0] == before.1[1], after.1[0] == after.1[1]);
        }
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[<>{}\\[\\]\"%&=+a-zA-Z0-9/@:. \n]{0,200}") {
        for input in [bytes.as_slice(), text.as_bytes()] {
            let copied = copy(input, &[], &options(true));
            prop_assert!(copied.is_err() || copied.is_ok_and(|copy| copy.len() < 100_000));
        }
    }
}

/// The technical part of a message, and its personal values: the name, and each attribute's.
fn read(bytes: &[u8]) -> (Vec<Option<String>>, Vec<String>) {
    let document = parse(bytes, &limits()).unwrap();
    let message = Message::read(&document).unwrap();
    let technical = document
        .elements()
        .flat_map(|element| {
            let named = [
                "ID",
                "InResponseTo",
                "IssueInstant",
                "NotOnOrAfter",
                "Destination",
                "Recipient",
                "Algorithm",
            ];
            let mut all: Vec<_> =
                named.iter().map(|name| element.attribute(name).map(str::to_owned)).collect();
            all.push(Some(element.name().to_owned()));
            if matches!(element.local_name(), "Issuer" | "Audience") {
                all.push(Some(element.text().value.into_owned()));
            }
            all
        })
        .collect();
    assert!(message.assertion().is_some());
    let personal = document
        .elements()
        .filter(|element| matches!(element.local_name(), "NameID" | "AttributeValue"))
        .map(|element| element.text().value.into_owned())
        .collect();
    (technical, personal)
}

#[test]
fn values_that_differ_in_case_or_a_slash_differ_in_the_same_way() {
    let mut table = Pseudonyms::default();
    assert_eq!(table.of("jdoe@acme.example"), "person-1@domain-1.example");
    assert_eq!(table.of("JDoe@acme.example"), "Person-1@domain-1.example");
    assert_eq!(table.of("asmith@acme.example"), "person-2@domain-1.example");
    assert_eq!(table.of("jdoe"), "person-1");
    assert_eq!(table.of("JDOE"), "PERSON-1");
    assert_eq!(table.of(" jdoe "), " person-1 ");
    assert_eq!(table.of("jdoe/"), "person-1/");
    assert_eq!(table.of("j doe"), "person-1-spelling-2");
    assert_eq!(table.of("Sales"), "Value-1");
}

#[test]
fn a_message_keeps_its_certificates_fingerprint_and_tells_the_verdict() {
    let copy = redacted(response("jdoe@acme.example", "Jane").as_bytes(), false);
    let copy = String::from_utf8(copy).unwrap();
    assert!(copy.contains("REMOVED, SHA-256 "), "{copy}");
    assert!(copy.contains("verdict before redaction: rejected (audience-mismatch) -->"), "{copy}");
    assert!(copy.contains("<ds:SignatureValue>REMOVED</ds:SignatureValue>"), "{copy}");
    assert!(copy.contains("<ds:DigestValue>REMOVED</ds:DigestValue>"), "{copy}");
    assert!(copy.contains("person-1@domain-1.example"), "{copy}");
    assert!(is_redacted(&copy));
}

#[test]
fn a_value_is_replaced_as_a_word_and_left_in_longer_ones() {
    let xml = response("jdoe@acme.example", "sales");
    let text = |hosts| {
        let copy = redacted(wrapped(6, &xml, "/sales", "my.salesforce").as_slice(), hosts);
        let messages = input::capture(&mut copy.as_slice(), "", &limits(), None).unwrap().unwrap();
        String::from_utf8(messages.messages[0].bytes.clone()).unwrap()
    };
    let copy = text(false);
    // A value that is a part of a host name stays there, and is replaced everywhere else.
    assert!(copy.contains("https://acme.my.salesforce.com"), "{copy}");
    assert!(!copy.contains(">sales<"), "{copy}");
    assert!(!text(true).contains("salesforce"));
    let mut table = Pseudonyms::default();
    table.of("sales");
    table.of("jdoe");
    table.of("\u{7530}\u{4e2d}\u{4e09}\u{90ce}");
    table.keep_host("jdoe.my.example:8443");
    table.keep_host("sales");
    let net = Net::of(&table);
    let kept = [
        "https://saml.salesforce.com",
        "https://jdoe.my.example/",
        "https%3A%2F%2Fjdoe.my.example%2F",
        "presales wholesales-2 jdoes",
    ];
    for text in kept {
        assert_eq!(net.replaced(text).as_deref(), Some(text));
        assert!(!net.finds_deep(text.as_bytes(), &limits()), "{text}");
    }
    let replaced = [
        ("/sales/jdoe-1", "/value-1/value-2-1"),
        ("https://sales/?jdoe=_sales_", "https://value-1/?value-2=_value-1_"),
        ("a%2Fsales%2Fb \\njdoe", "a%2Fvalue-1%2Fb \\nvalue-2"),
        ("\u{7530}\u{4e2d}\u{4e09}\u{90ce}\u{3055}\u{3093}", "value-3\u{3055}\u{3093}"),
    ];
    for (text, expected) in replaced {
        assert_eq!(net.replaced(text).as_deref(), Some(expected), "{text}");
        assert!(net.finds_deep(text.as_bytes(), &limits()), "{text}");
    }
}

#[test]
fn instants_and_names_of_standards_hold_no_values() {
    let xml = response("2026", "sha256");
    let copy = redacted(xml.as_bytes(), false);
    let copy = String::from_utf8(copy).unwrap();
    assert!(copy.contains("xmlenc#sha256") && copy.contains("2026-01-15T"), "{copy}");
    assert!(!copy.contains(">2026<") && !copy.contains(">sha256<"), "{copy}");
    for which in 0..WRAPPINGS {
        redacted(&wrapped(which, &xml, "2001", "Advice"), false);
    }
}

#[test]
fn an_address_keeps_its_host_and_loses_where_it_leads() {
    let xml = response("https://portal.example.com/u/jane", "https://portal.example.com");
    let copy = String::from_utf8(redacted(xml.as_bytes(), false)).unwrap();
    assert!(copy.contains("https://portal.example.com/value-1<"), "{copy}");
    assert!(!copy.contains("jane"), "{copy}");
    let copy = String::from_utf8(redacted(xml.as_bytes(), true)).unwrap();
    assert!(!copy.contains("portal"), "{copy}");
}

#[test]
fn host_names_are_replaced_when_asked() {
    let xml = response("jdoe@acme.example", "Jane");
    let input = wrapped(6, &xml, "/home", "jdoe");
    let copy = redacted(&input, true);
    assert_eq!(survivor(&copy, &["acme.my.salesforce.com", "idp.example.com"]), None);
    assert!(survivor(&redacted(&input, false), &["acme.my.salesforce.com"]).is_some());
}

#[test]
fn a_message_is_redacted_in_the_middle_of_a_log() {
    let xml = response("jdoe@acme.example", "Jane \"J\" Doe");
    let escaped = serde_json::to_string(&xml).unwrap();
    let brackets = escaped.replace('<', "\\u003c").replace('>', "\\u003e");
    let event = format!("<log><event n=\"1\"><![CDATA[{xml}]]></event><user>jdoe</user></log>");
    let logs = [
        format!("2026-01-15T10:00:00Z jdoe sent {xml} end\n"),
        format!("<7>Jan 15 10:00:00 acme sso[7]: jdoe: {}\n", encode::markup(&xml)),
        format!("level=debug user=jdoe xml={escaped}\n"),
        format!("10:00:00 {{\"user\": \"jdoe\", \"xml\": {brackets}}}\n"),
        format!("first {xml}\nthen {}\n", xml.replace("ID=\"_", "ID=\"_2")),
        event,
    ];
    for log in logs {
        let copy = redacted(log.as_bytes(), false);
        let messages = |bytes: &[u8]| {
            input::capture(&mut &*bytes, "", &limits(), None).unwrap().unwrap().messages.len()
        };
        assert_eq!(messages(&copy), messages(log.as_bytes()), "{}", shown(&copy));
        let values = ["jdoe", "jdoe@acme.example", "Jane", "Jane \"J\" Doe"];
        assert_eq!(survivor(&copy, &values), None, "{}", shown(&copy));
    }
}

#[test]
fn what_cannot_be_copied_safely_is_refused() {
    let broken = copy(b"<a><b></a>", &[], &options(false));
    assert!(matches!(broken, Err(RedactError::Form)), "{broken:?}");
}

#[test]
fn commands_keep_their_message_and_lose_whatever_opens_something() {
    let body = wrapped(4, &response("jdoe@acme.example", "Jane"), "/home", "jdoe");
    let body = std::str::from_utf8(&body).unwrap();
    let url = "https://acme.my.salesforce.com/";
    let secrets = ["opaque-one", "opaque-two", "opaque3", "opaque-four!AQ", "opaque5"];
    let commands = [
        format!(
            "curl '{url}' -b '{}' -u admin:{} --oauth2-bearer {} -H 'authorization: Bearer {}' -H 'x-sfdc: {}' --data-raw '{body}'",
            secrets[0], secrets[1], secrets[2], secrets[3], secrets[4]
        ),
        format!(
            "curl '{url}' -b'{}' -uadmin:{} -H 'Cookie: {}; a={}' --data-raw '{body}'",
            secrets[0], secrets[1], secrets[2], secrets[3]
        ),
        format!(
            "fetch(\"{url}\", {{\n  \"headers\": {{\n    \"authorization\": \"Bearer {}\",\n    \"cookie\": \"{}; x={}\"\n  }},\n  \"body\": \"{body}\",\n  \"method\": \"POST\"\n}});\n",
            secrets[0], secrets[1], secrets[2]
        ),
        format!(
            "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.Cookies.Add((New-Object System.Net.Cookie(\"sid\", \"{}\", \"/\", \"host\")))\n\
             Invoke-WebRequest -UseBasicParsing -Uri \"{url}\" -Method \"POST\" -WebSession $session -Headers @{{\"authorization\"=\"Bearer {}\"}} -Body \"{body}\"\n",
            secrets[3], secrets[4]
        ),
        format!(
            "POST / HTTP/1.1\nHost: acme\nCookie: {}\nX-Token: {}\n\n{body}\n",
            secrets[0], secrets[1]
        ),
    ];
    for command in commands {
        let copy = redacted(command.as_bytes(), false);
        assert_eq!(survivor(&copy, &secrets), None, "{}", shown(&copy));
        assert_eq!(survivor(&copy, &["jdoe", "Jane", "admin"]), None, "{}", shown(&copy));
    }
}

#[test]
fn a_number_that_has_the_digits_of_a_value_is_none() {
    let mut table = Pseudonyms::default();
    table.of("2048");
    let json = r#"[{"bits": 2048, "of": "2048 \"2048\"", "and": "\\"}, "a@b.example"]"#;
    let told = report(json, true, &mut table, &options(false));
    let expected = r#"[{"bits": 2048, "of": "value-1 \"value-1\"", "and": "\\"}, "person-1@domain-1.example"]"#;
    assert_eq!(told, expected);
    assert_eq!(report("bits 2048", false, &mut table, &options(false)), "bits value-1");
}

#[test]
fn the_searcher_finds_a_value_in_every_wrapping() {
    let xml = response("jdoe@acme.example", "Jane");
    for which in 0..WRAPPINGS {
        let input = wrapped(which, &xml, "/home", "user");
        assert_eq!(survivor(&input, &["jdoe@acme.example"]), Some("jdoe@acme.example"), "{which}");
    }
}
