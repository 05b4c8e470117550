//! For every stack of wrappings: what was wrapped is what is read; and no bytes at all make it panic.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::Compression as Level;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use proptest::prelude::*;

use super::{capture, read};
use crate::limits::Limits;

#[derive(Clone, Debug)]
enum Compress {
    None,
    Deflate,
    Zlib,
    Gzip,
}

/// What is put around text, innermost first.
#[derive(Clone, Debug)]
enum Around {
    Quotes,
    Percent,
    Form,
    RawForm,
    Query,
    Url,
    Html,
    Utf16,
    Bom,
}

#[derive(Clone, Debug)]
struct Stack {
    compress: Compress,
    level: u32,
    url_safe: bool,
    padded: bool,
    wrap: Option<(usize, bool)>,
    around: Vec<Around>,
}

fn xml() -> impl Strategy<Value = String> {
    let declaration = prop_oneof![Just(""), Just("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")];
    let attribute = "[ -!#-%'-;=?-~äß€😀]{0,40}";
    (declaration, attribute, "[ -%'-;=?-~\n\täß€😀]{0,400}", 0..40_usize, "\r?\n?").prop_map(
        |(declaration, attribute, text, times, end)| {
            let attributes =
                format!("<saml:Attribute Name=\"{attribute}\">{text}</saml:Attribute>")
                    .repeat(times);
            let protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
            format!(
                "{declaration}<samlp:Response xmlns:samlp=\"{protocol}\" ID=\"_1\">{attributes}</samlp:Response>{end}"
            )
        },
    )
}

fn stack() -> impl Strategy<Value = Stack> {
    let compress = prop_oneof![
        Just(Compress::None),
        Just(Compress::Deflate),
        Just(Compress::Zlib),
        Just(Compress::Gzip)
    ];
    let around = prop_oneof![
        Just(Around::Quotes),
        Just(Around::Percent),
        Just(Around::Form),
        Just(Around::RawForm),
        Just(Around::Query),
        Just(Around::Url),
        Just(Around::Html),
        Just(Around::Utf16),
        Just(Around::Bom),
    ];
    let wrap = prop::option::of((1..100_usize, any::<bool>()));
    let around = prop::collection::vec(around, 0..4);
    (compress, 0..10_u32, any::<bool>(), any::<bool>(), wrap, around).prop_map(
        |(compress, level, url_safe, padded, wrap, around)| Stack {
            compress,
            level,
            url_safe,
            padded,
            wrap,
            around,
        },
    )
}

fn compressed(xml: &[u8], stack: &Stack) -> Vec<u8> {
    let level = Level::new(stack.level);
    match stack.compress {
        Compress::None => xml.to_vec(),
        Compress::Deflate => {
            let mut encoder = DeflateEncoder::new(Vec::new(), level);
            encoder.write_all(xml).unwrap();
            encoder.finish().unwrap()
        }
        Compress::Zlib => {
            let mut encoder = ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(xml).unwrap();
            encoder.finish().unwrap()
        }
        Compress::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), level);
            encoder.write_all(xml).unwrap();
            encoder.finish().unwrap()
        }
    }
}

fn base64ed(bytes: &[u8], stack: &Stack) -> String {
    let engine = match (stack.url_safe, stack.padded) {
        (false, true) => STANDARD,
        (false, false) => STANDARD_NO_PAD,
        (true, true) => URL_SAFE,
        (true, false) => URL_SAFE_NO_PAD,
    };
    let value = engine.encode(bytes);
    let Some((width, crlf)) = stack.wrap else { return value };
    let mut wrapped = String::new();
    for line in value.as_bytes().chunks(width) {
        wrapped.push_str(std::str::from_utf8(line).unwrap());
        wrapped.push_str(if crlf { "\r\n" } else { "\n" });
    }
    wrapped
}

fn put_around(bytes: Vec<u8>, around: &Around) -> Vec<u8> {
    let escaped = || percent_encode(&bytes, NON_ALPHANUMERIC).to_string();
    let text = || String::from_utf8(bytes.clone());
    match (around, text()) {
        (Around::Quotes, Ok(text)) => format!(" \"{text}\"\n").into_bytes(),
        // A form body or URL in a raw form would be read as the outer one's parameters.
        (Around::RawForm, Ok(text)) if !text.contains(['&', '?', '%', ' ', '"', '\u{feff}']) => {
            format!("RelayState=a&SAMLResponse={text}").into_bytes()
        }
        (Around::Html, Ok(text)) => {
            let value = text.replace('&', "&amp;").replace('"', "&quot;").replace('\r', "&#13;");
            format!("<html><form><input name=\"SAMLResponse\" value=\"{value}\"></form></html>")
                .into_bytes()
        }
        (Around::Utf16, Ok(text)) => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        }
        (Around::Bom, Ok(text)) => format!("\u{feff}{text}").into_bytes(),
        (Around::Form, _) => format!("SAMLResponse={}&RelayState=%2Fa", escaped()).into_bytes(),
        (Around::Query, _) => format!("?SigAlg=x&SAMLRequest={}", escaped()).into_bytes(),
        (Around::Url, _) => {
            format!("https://acme.example/?so=1&SAMLResponse={}", escaped()).into_bytes()
        }
        (Around::Percent, _) => escaped().into_bytes(),
        (
            Around::Quotes | Around::RawForm | Around::Html | Around::Utf16 | Around::Bom,
            Ok(_) | Err(_),
        ) => bytes,
    }
}

/// A capture around the whole.
#[derive(Clone, Copy, Debug)]
enum Capture {
    Bash,
    BashWithEscapes,
    Windows,
    Fetch,
    PowerShell,
    Json,
    JsonText,
    Page,
    Mail,
    AccessLog,
}

const CAPTURES: [Capture; 10] = [
    Capture::Bash,
    Capture::BashWithEscapes,
    Capture::Windows,
    Capture::Fetch,
    Capture::PowerShell,
    Capture::Json,
    Capture::JsonText,
    Capture::Page,
    Capture::Mail,
    Capture::AccessLog,
];

fn captured(bytes: &[u8], around: Capture) -> String {
    const URL: &str = "https://acme.example/?so=1";
    let form = format!("SAMLResponse={}&RelayState=%2Fa", percent_encode(bytes, NON_ALPHANUMERIC));
    let string = |text: &str| serde_json::to_string(text).unwrap();
    match (around, std::str::from_utf8(bytes)) {
        (Capture::Bash, _) => format!("curl '{URL}' \\\n  --data-raw '{form}' --compressed"),
        (Capture::BashWithEscapes, _) => {
            format!("curl '{URL}' --data-raw $'{}'", form.replace('%', "\\u0025"))
        }
        (Capture::Windows, _) => {
            let form = form.replace('%', "^%^").replace('&', "^&");
            format!("curl ^\"{URL}^\" ^\r\n  --data-raw ^\"{form}^\" ^\r\n  --compressed")
        }
        (Capture::Fetch, _) => {
            format!(
                "fetch(\"{URL}\", {{\"headers\": {{}}, \"body\": {}, \"method\": \"POST\"}});",
                string(&form)
            )
        }
        (Capture::PowerShell, _) => {
            format!(
                "Invoke-WebRequest -Uri \"{URL}\" `\n-Method \"POST\" `\n-Body \"{}\"",
                form.replace('&', "`&")
            )
        }
        (Capture::Json, Ok(text)) => {
            format!("[{{\"a\": [{{\"SAMLResponse\": {}}}]}}]", string(text))
        }
        (Capture::Page, Ok(text)) => {
            let value = text.replace('&', "&amp;").replace('\'', "&#39;").replace('\r', "&#13;");
            format!("<html><FORM action=x><INPUT value='{value}' name=SAMLResponse></FORM></html>")
        }
        (Capture::Json | Capture::Page | Capture::JsonText, _) => {
            format!("{{\"request\": {{\"body\": {}}}}}", string(&form))
        }
        (Capture::Mail, _) => format!("Hello,\n\nit posted {form} and failed.\n"),
        (Capture::AccessLog, _) => {
            format!("192.0.2.1 - - [22/Nov/2026:10:21:27 +0000] \"GET /?{form} HTTP/1.1\" 302 0\n")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_was_wrapped_is_what_is_read(xml in xml(), stack in stack()) {
        let mut input = base64ed(&compressed(xml.as_bytes(), &stack), &stack).into_bytes();
        for around in &stack.around {
            input = put_around(input, around);
        }
        let captured = read(&input, "test", &Limits::default());
        let captured = captured.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(captured.bytes, xml.into_bytes());
    }

    #[test]
    fn what_was_captured_is_what_is_read(
        xml in xml(), stack in stack(), format in prop::sample::select(&CAPTURES[..])
    ) {
        let mut input = base64ed(&compressed(xml.as_bytes(), &stack), &stack).into_bytes();
        for around in stack.around.iter().take(2) {
            input = put_around(input, around);
        }
        let input = captured(&input, format);
        let found = capture(&mut input.as_bytes(), "test", &Limits::default(), None).unwrap();
        let found = found.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let messages: Vec<_> = found.messages.into_iter().map(|message| message.bytes).collect();
        prop_assert_eq!(messages, [xml.into_bytes()]);
        prop_assert_eq!(found.broken, []);
    }

    #[test]
    fn no_text_makes_a_capture_panic(
        start in "(curl |fetch\\(|\\$a = Invoke-WebRequest |\\{\"|<form|<samlp:Response |SAMLResponse|)",
        text in "(SAMLResponse|RelayState|=3D|&lt;|&#|%3C|\\\\u|\\$'|\\^|`|\\[char\\]|[<>=:,;'\"{}()\\[\\]\\\\ \n\tA-Zé0-9]){0,40}"
    ) {
        let text = format!("{start}{text}");
        let _ = capture(&mut text.as_bytes(), "test", &Limits::default(), None).unwrap();
    }

    #[test]
    fn compression_and_escapes_without_base64_are_read(xml in xml(), stack in stack()) {
        let bytes = compressed(xml.as_bytes(), &stack);
        let direct = read(&bytes, "test", &Limits::default()).unwrap();
        prop_assert_eq!(&direct.bytes, xml.as_bytes());
        let form = put_around(bytes, &Around::Form);
        let posted = read(&form, "test", &Limits::default()).unwrap();
        prop_assert_eq!(posted.bytes, xml.into_bytes());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes, "test", &Limits::default());
    }

    #[test]
    fn no_near_miss_makes_it_panic(
        text in "[<>%&=?+/ \"'A-Pa-c0-9\r\n]{0,60}(SAMLResponse=|<input name=SAMLResponse value=|%3C|eyJ|\\[)?[^z]{0,60}"
    ) {
        let _ = read(text.as_bytes(), "test", &Limits::default());
    }

    #[test]
    fn a_changed_byte_gives_a_message_or_an_error(
        xml in xml(), stack in stack(), place in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut input = base64ed(&compressed(xml.as_bytes(), &stack), &stack).into_bytes();
        let place = place.index(input.len());
        input[place] = byte;
        if let Err(error) = read(&input, "test", &Limits::default()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
