//! Messages in mails, tickets, logs and the views of browsers, and text that holds none.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::write::DeflateEncoder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Capture, CaptureClock, Captured, InputError, Recognised, capture};
use crate::decode::{InputErrorKind, describe};
use crate::limits::Limits;

const XML: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">~~~>>>???ÿþ.</samlp:Response>";

fn value() -> String {
    STANDARD.encode(XML)
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn redirect() -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(XML.as_bytes()).unwrap();
    escaped(&STANDARD.encode(encoder.finish().unwrap()))
}

fn read(text: &str) -> Result<Capture, InputError> {
    capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap()
}

fn one(text: &str) -> Captured {
    let capture = read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(capture.broken, [], "{text}");
    let [message] = <[Captured; 1]>::try_from(capture.messages)
        .unwrap_or_else(|all| panic!("{} in {text}", all.len()));
    assert_eq!(std::str::from_utf8(&message.bytes), Ok(XML), "{text}");
    message
}

#[test]
fn the_views_of_browsers_are_read_with_their_relay_state() {
    let value = value();
    for view in [
        format!("SAMLResponse: {value}\nRelayState: /home"),
        format!("RelayState: /home\nSAMLResponse: {value}\n"),
        format!(
            "Form Data\nview source\nview URL-encoded\nSAMLResponse: {value}\nRelayState: /home"
        ),
        format!("SAMLResponse\t{value}\r\nRelayState\t/home\r\n"),
        format!("SAMLResponse\n{value}\nRelayState\n/home\n"),
        format!("SAMLResponse\n\t\"{value}\"\nRelayState\n\t\"/home\"\n"),
        format!("RelayState\n\t/home\nSAMLResponse\n\t{value}"),
        format!("SAMLResponse=\"{value}\"\nRelayState=\"/home\""),
        format!("{{'SAMLResponse': '{value}', 'RelayState': '/home'}}"),
        format!("params = {{\"SAMLResponse\"=>\"{value}\", \"RelayState\"=>\"/home\"}}"),
        format!("SAMLResponse: {}\nRelayState: /home", escaped(&value)),
        format!(
            "------WebKitFormBoundary\r\nContent-Disposition: form-data; name=\"SAMLResponse\"\r\n\r\n{value}\r\n------WebKitFormBoundary\r\nContent-Disposition: form-data; name=\"RelayState\"\r\n\r\n/home\r\n"
        ),
    ] {
        let message = one(&view);
        assert_eq!(message.relay_state.as_deref(), Some("/home"), "{view}");
        assert_eq!(message.parameter.as_deref(), Some("SAMLResponse"), "{view}");
    }
}

#[test]
fn a_message_is_found_anywhere_in_a_text() {
    let (value, redirect) = (value(), redirect());
    let escaped_value = escaped(&value);
    let wrapped = value
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect::<Vec<_>>()
        .join("\n");
    let entities =
        XML.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let string = serde_json::to_string(XML).unwrap();
    let nested = escaped(&format!("https://idp.example/sso?SAMLResponse={redirect}&RelayState=x"));
    for text in [
        format!(
            "Hello,\n\nthe login fails with SAMLResponse={escaped_value}&RelayState=x, please help.\n"
        ),
        format!(
            "Hello, I get https://acme.example/acs?SAMLResponse={redirect}&RelayState=x. Thanks"
        ),
        format!("see (https://acme.example/acs?SAMLResponse={redirect})\nBye"),
        format!("url=https://acme.example/acs?SAMLResponse={redirect} status=500"),
        format!("moved to https://login.example/?continue={nested} at noon"),
        format!("Here it is:\n\n{value}\n\nKind regards"),
        format!("Here it is:\n\n{wrapped}\n\nKind regards\nBob"),
        format!("Here it is: \"{value}\", and what now?"),
        format!("The response was\n{XML}\nand it failed"),
        format!("10:21 DEBUG received {XML} from idp"),
        format!("The page shows {entities} only"),
        format!("10:21 DEBUG {{\"xml\":{string}}} done"),
        format!(
            "10:21 DEBUG {{\"xml\":{}}} done",
            string.replace('<', "\\u003c").replace('>', "\\u003e")
        ),
        format!("got {} back", escaped(XML)),
        format!("got SAMLResponse={}\nyes", value.replace('+', " ")),
        format!(
            "<p>Hello <form action='https://acme.example/acs'><input name='SAMLResponse' value='{value}'></form>"
        ),
        format!("before <form action=x><INPUT VALUE='{value}' NAME='SAMLResponse'></form> behind"),
        format!("Assertion was \\\"SAMLResponse\\\":\\\"{value}\\\" there"),
    ] {
        one(&text);
    }
}

#[test]
fn the_place_is_the_line_and_the_layers_begin_with_the_text() {
    let message = one(&format!(
        "Hello,\nthis is the URL:\nhttps://acme.example/acs?x=1&SAMLResponse={}\n",
        redirect()
    ));
    assert_eq!(message.sightings[0].place, "line 3");
    assert_eq!(
        message.sightings[0].exchange.sent_to.as_deref(),
        Some("https://acme.example/acs?x=1")
    );
    let layers = describe(&message.layers[..4]);
    assert_eq!(layers, "text → URL, parameter SAMLResponse → base64 → DEFLATE");
}

#[test]
fn access_logs_give_the_request_and_its_time() {
    let redirect = redirect();
    let target = format!("/sso?SAMLResponse={redirect}&RelayState=%2Fhome");
    let iis = "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status time-taken\n";
    for log in [
        format!(
            "203.0.113.7 - - [22/Nov/2026:11:21:27 +0100] \"GET {target} HTTP/1.1\" 302 512 \"https://idp.example/\" \"Mozilla/5.0 (X11)\""
        ),
        format!(
            "acme.example:443 203.0.113.7 - bob [22/Nov/2026:10:21:27 +0000] \"GET {target} HTTP/2.0\" 302 512"
        ),
        format!(
            "https 2026-11-22T10:21:27.000000Z app/acme/50dc 203.0.113.7:2817 10.0.0.1:80 0.001 0.002 0.000 302 302 34 366 \"GET https://acme.example:443{target} HTTP/1.1\" \"curl/7.46.0\" - - arn:aws:x \"Root=1\""
        ),
        format!(
            "{iis}2026-11-22 10:21:26 10.0.0.1 GET /other - 443 - 203.0.113.7 Mozilla/5.0+(X11) 200 15\n2026-11-22 10:21:27 10.0.0.1 GET /sso SAMLResponse={redirect}&RelayState=%2Fhome 443 - 203.0.113.7 Mozilla/5.0+(X11) 302 15\n"
        ),
    ] {
        let message = one(&log);
        let at = message.captured_at.unwrap_or_else(|| panic!("{log}"));
        assert_eq!(
            (at.instant, at.clock),
            ("2026-11-22T10:21:27Z".parse().unwrap(), CaptureClock::LogLine),
            "{log}"
        );
        let exchange = &message.sightings[0].exchange;
        assert_eq!(
            (exchange.method.as_deref(), exchange.status),
            (Some("GET"), Some(302)),
            "{log}"
        );
        assert_eq!(message.relay_state.as_deref(), Some("/home"), "{log}");
    }
}

#[test]
fn other_log_lines_give_their_time_when_they_say_its_zone() {
    for (start, timed) in [
        ("2026-11-22T10:21:27Z INFO", true),
        ("2026-11-22 11:21:27,000 +0100 [main] DEBUG", true),
        ("[2026-11-22T10:21:27.000+00:00] app.INFO:", true),
        ("time=\"2026-11-22T10:21:27Z\" level=debug", true),
        ("2026-11-22 10:21:27 UTC [17]", true),
        ("2026-11-22 10:21:27,000 DEBUG", false),
        ("Nov 22 10:21:27 host app:", false),
    ] {
        for log in
            [format!("{start} SAMLResponse={}", value()), format!("{start} received\n{XML}\n")]
        {
            let at = one(&log).captured_at.map(|at| at.instant);
            assert_eq!(at, timed.then(|| "2026-11-22T10:21:27Z".parse().unwrap()), "{log}");
        }
    }
}

#[test]
fn several_messages_in_one_paste_are_several() {
    let other = XML.replace("_1", "_2");
    let third = STANDARD.encode(XML.replace("_1", "_3"));
    for text in [
        format!("{XML}\n{other}\nSAMLResponse={third}"),
        format!("{}\n\n{}\n\n{third}", value(), STANDARD.encode(&other)),
        format!(
            "SAMLResponse={}\nSAMLResponse={}\nSAMLRequest={third}\n",
            escaped(&value()),
            escaped(&STANDARD.encode(&other))
        ),
        format!(
            "first: {}\nsecond: {other}\nonce more: {}\nthird: {third}",
            value(),
            escaped(&value())
        ),
    ] {
        let found = read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(found.messages.len(), 3, "{text}");
        assert_eq!(found.messages[0].bytes, XML.as_bytes());
        assert_eq!(found.format, Some("text"));
    }
}

#[test]
fn two_messages_in_one_query_are_refused_wherever_it_stands() {
    let twice = format!("SAMLResponse={0}&SAMLResponse={0}", escaped(&value()));
    let alone = read(&twice).unwrap_err().kind;
    assert!(matches!(alone, InputErrorKind::Ambiguous { .. }), "{alone:?}");
    let found = read(&format!("it posted {twice} there")).unwrap();
    assert_eq!(found.messages, []);
    assert!(matches!(found.broken[0].error.kind, InputErrorKind::Ambiguous { .. }));
    let form = format!(
        "<form><input name=SAMLResponse value='{0}'><input name=SAMLResponse value='{0}'></form>",
        value()
    );
    let found = read(&form).unwrap();
    assert_eq!((found.messages.len(), found.broken.len()), (0, 1));
}

#[test]
fn text_without_a_message_is_called_so() {
    for text in [
        "The SAMLResponse parameter is missing, see SAMLRequest: none.",
        "SAMLResponse=",
        "I expected <samlp:Response> and got <html>",
        "A certificate: MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBsMRAwDgYDVQQGEwdVbmtub3duMRAwDgYDVQQIEwdVbmtub3du in PEM",
        "SAMLResponse: see the attachment\nRelayState: /home",
        "one=\ntwo\u{a0}three &lt; four",
    ] {
        let kind = read(text).unwrap_err().kind;
        let is_nothing =
            matches!(kind, InputErrorKind::NotSaml(Recognised::Text) | InputErrorKind::Empty);
        assert!(is_nothing, "{text}: {kind:?}");
    }
}

#[test]
fn what_is_named_like_a_message_and_broken_is_told() {
    let value = value();
    let found =
        read(&format!("it posted SAMLResponse={}&RelayState=x today", &value[..value.len() - 9]))
            .unwrap();
    assert_eq!((found.messages.len(), found.broken.len()), (0, 1));
    assert_eq!(found.broken[0].sighting.place, "line 1");
}

#[test]
fn repairs_of_mail_and_pages_are_made_and_listed() {
    let value = value();
    let (start, end) = value.split_at(40);
    let printable = format!("SAMLResponse=3D{start}=\n{}", end.replace('=', "=3D"));
    let mailed = XML.replace('=', "=3D").replace("ID", "I=\r\nD").replace("ÿþ", "=C3=BF=C3=BE");
    let entities = XML.replace('<', "&lt;").replace('>', "&#62;").replace('"', "&quot;");
    for (text, layers) in [
        (
            printable,
            "quoted-printable → form body, parameter SAMLResponse → spaces restored to + → base64",
        ),
        (mailed, "quoted-printable"),
        (entities.clone(), "HTML entities"),
        (entities.replace('&', "&amp;"), "HTML entities → HTML entities"),
        (value.replace('+', "&#43;").replace('=', "&#x3d;"), "HTML entities → base64"),
        (
            format!(
                "RelayState=x&SAMLResponse={}",
                value.replace('+', "&#43;").replace('=', "&#x3d;")
            ),
            "form body, parameter SAMLResponse → HTML entities → base64",
        ),
        (format!("{start}\u{200b}{end}"), "invisible characters removed → base64"),
        (format!("\u{a0}{value}\u{a0}"), "invisible characters removed → base64"),
        (format!("{value},"), "punctuation → base64"),
        (format!("\"{value}\","), "punctuation → quotes → base64"),
        (format!("[{value}]"), "punctuation → base64"),
    ] {
        let message = one(&text);
        let (_, rest) = message.layers.split_last().unwrap();
        assert_eq!(describe(rest), layers, "{text}");
    }
}

#[test]
fn windows_text_of_any_format_is_read() {
    let utf16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    for (text, layers) in [
        (
            format!("curl 'https://a.example' -d 'SAMLResponse={}'", escaped(&value())),
            "UTF-16LE text → curl command → form body, parameter SAMLResponse → base64",
        ),
        (
            format!("Hello, SAMLResponse={} there", escaped(&value())),
            "UTF-16LE text → text → form body, parameter SAMLResponse → base64",
        ),
    ] {
        let found = capture(&mut utf16(&text).as_slice(), "test", &Limits::default(), None)
            .unwrap()
            .unwrap();
        assert_eq!(found.messages[0].bytes, XML.as_bytes());
        let (_, rest) = found.messages[0].layers.split_last().unwrap();
        assert_eq!(describe(rest), layers);
    }
}

#[test]
fn hostile_text_costs_no_more_than_its_length() {
    for unit in [
        "<a:Response ",
        "<samlp:Response x='",
        "&lt;p:Response ",
        "SAMLResponse",
        "SAMLResponse=",
        "SAMLResponse\n",
        "SAMLResponse: PHNhbWxw\n",
        "<form",
        "<input name=SAMLResponse ",
        "<textarea name=SAMLResponse>",
        "RelayState",
        "#Fields: ",
        "&#",
        "=\n",
        "[",
        "\"",
        "PHNhbWxwOlJlc3BvbnNlPg==",
    ] {
        // A quadratic pass would take minutes.
        let _ = read(&format!("x {}", unit.repeat((1 << 19) / unit.len())));
        let _ = read(&unit.repeat((1 << 19) / unit.len()));
    }
    let prefixes: String = (0..20_000).map(|number| format!("<a{number}:Response ")).collect();
    let _ = read(&format!("x {prefixes}"));
}
