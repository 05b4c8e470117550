//! One fact per test: what people paste, and what becomes of it.

use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression as Level;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::*;
use crate::decode::{Base64Error, Compression, InflateError, Layer, describe};

/// Its base64 contains `+` and `/`, and two `=`.
const XML: &str = "<samlp:Response ID=\"_1\">~~~>>>???Zürich ÿþ</samlp:Response>";

fn read_bytes(input: &[u8]) -> Result<Captured, InputError> {
    read(input, "test", &Limits::default())
}

/// Reads what must be a wrapping of [`XML`], and gives its layers without the last, which is always the same.
fn layers(input: impl AsRef<[u8]>) -> String {
    layers_of(XML.as_bytes(), input)
}

fn layers_of(xml: &[u8], input: impl AsRef<[u8]>) -> String {
    let captured = match read_bytes(input.as_ref()) {
        Ok(captured) => captured,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(captured.bytes, xml);
    let (last, rest) = captured.layers.split_last().unwrap();
    assert_eq!(*last, Layer::Xml { bytes: xml.len() });
    describe(rest)
}

fn kind(input: impl AsRef<[u8]>) -> InputErrorKind {
    read_bytes(input.as_ref()).unwrap_err().kind
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn wrapped(text: &str, width: usize, line_end: &str) -> String {
    text.as_bytes()
        .chunks(width)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect::<Vec<_>>()
        .join(line_end)
}

fn deflated(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Level::best());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Level::best());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::best());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn utf16le(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn plain_xml_is_kept_as_it_is() {
    for xml in [XML.to_owned(), format!("{XML}\r\n\n"), format!("\n  {XML}"), "\u{feff}<a/>".into()]
    {
        assert_eq!(layers_of(xml.as_bytes(), &xml), "");
    }
    let latin1 = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>Z\xfcrich</a>";
    assert_eq!(layers_of(latin1, latin1), "");
    let utf16 = utf16le("<?xml version='1.0' encoding='UTF-16'?><a/>");
    assert_eq!(layers_of(&utf16, &utf16), "");
    assert_eq!(layers_of(&utf16, b64(&utf16)), "base64");
}

#[test]
fn white_space_before_a_declaration_and_quotes_around_are_removed() {
    let declared = "<?xml version=\"1.0\"?><a/>";
    assert_eq!(layers_of(declared.as_bytes(), format!("\r\n {declared}")), "whitespace");
    let marked = format!("\u{feff}{declared}");
    assert_eq!(layers_of(marked.as_bytes(), format!("\u{feff}\n{declared}")), "whitespace");
    assert_eq!(layers(format!("'{XML}'")), "quotes");
    assert_eq!(layers_of(b"<a>\xfc</a>", b" \"<a>\xfc</a>\"\n"), "quotes and whitespace");
    assert_eq!(layers(serde_json::to_string(XML).unwrap()), "JSON string");
}

#[test]
fn base64_is_read_in_both_alphabets_with_any_wrapping() {
    let value = b64(XML);
    assert!(value.contains('+') && value.contains('/') && value.ends_with('='), "{value}");
    assert_eq!(layers(&value), "base64");
    assert_eq!(layers(format!("{value}\n")), "base64");
    assert_eq!(layers(value.trim_end_matches('=')), "base64, no padding");
    assert_eq!(layers(URL_SAFE_NO_PAD.encode(XML)), "URL-safe base64, no padding");
    for line_end in ["\n", "\r\n"] {
        assert_eq!(layers(wrapped(&value, 64, line_end)), "base64, 2 wrapped lines");
        let lines = value.len();
        assert_eq!(layers(wrapped(&value, 1, line_end)), format!("base64, {lines} wrapped lines"));
    }
    assert_eq!(layers(format!("  \"{value}\"\r\n")), "quotes and whitespace → base64");
    assert_eq!(layers(b64(b64(XML))), "base64 → base64");
}

#[test]
fn compressed_messages_are_read_with_and_without_base64() {
    assert_eq!(layers(b64(deflated(XML))), "base64 → DEFLATE");
    assert_eq!(layers(b64(zlib(XML))), "base64 → zlib");
    assert_eq!(layers(b64(gzip(XML))), "base64 → gzip");
    assert_eq!(layers(deflated(XML)), "DEFLATE");
    assert_eq!(layers(zlib(XML)), "zlib");
    assert_eq!(layers(gzip(XML)), "gzip");
}

#[test]
fn percent_escapes_are_removed_once_or_twice() {
    assert_eq!(layers(escaped(XML)), "percent-escapes");
    assert_eq!(layers(escaped(&b64(XML))), "percent-escapes → base64");
    assert_eq!(
        layers(escaped(&escaped(&b64(deflated(XML))))),
        "percent-escapes → percent-escapes → base64 → DEFLATE"
    );
    let form = format!("SAMLResponse={}", escaped(&escaped(&b64(XML))));
    assert_eq!(layers(form), "form body, parameter SAMLResponse → percent-escapes → base64");
}

#[test]
fn form_bodies_query_strings_and_urls_are_read() {
    let value = escaped(&b64(XML));
    let query = format!("RelayState=%2Fhome+page&SAMLRequest={value}&SigAlg=x&Signature=y");
    let captured = read_bytes(query.as_bytes()).unwrap();
    assert_eq!(captured.bytes, XML.as_bytes());
    assert_eq!(captured.parameter.as_deref(), Some("SAMLRequest"));
    assert_eq!(captured.relay_state.as_deref(), Some("/home page"));
    assert_eq!(captured.raw_query.as_deref(), Some(query.as_str()));
    assert_eq!(captured.origin, "test");

    assert_eq!(layers(&query), "form body, parameter SAMLRequest → base64");
    assert_eq!(layers(format!("?{query}\n")), "form body, parameter SAMLRequest → base64");
    let url = format!("https://idp.example/sso?{query}");
    assert_eq!(layers(&url), "URL, parameter SAMLRequest → base64");
    assert_eq!(layers(escaped(&url)), "percent-escapes → URL, parameter SAMLRequest → base64");
    let redirect = format!("https://acme.example?SAMLResponse={}", escaped(&b64(deflated(XML))));
    assert_eq!(layers(redirect), "URL, parameter SAMLResponse → base64 → DEFLATE");
}

#[test]
fn a_plus_that_became_a_space_is_restored_and_reported() {
    let value = b64(XML);
    let unescaped = format!("SAMLResponse={value}&RelayState=x");
    let expected = "form body, parameter SAMLResponse → spaces restored to + → base64";
    assert_eq!(layers(&unescaped), expected);
    assert_eq!(layers(unescaped.replace('+', " ")), expected);
    assert_eq!(layers(value.replace('+', " ")), "spaces restored to + → base64");
}

#[test]
fn form_encoded_xml_has_its_spaces_back() {
    let form = escaped(XML).replace("%20", "+");
    assert_eq!(layers(format!("SAMLResponse={form}")), "form body, parameter SAMLResponse");
}

#[test]
fn a_page_that_posts_the_message_is_read() {
    let page = format!(
        "<!DOCTYPE html>\n<html><body onload=\"document.forms[0].submit()\"><form method=\"post\">\
         <input type=\"hidden\" name=\"RelayState\" value=\"a&amp;b\"/>\
         <input type=\"hidden\" name=\"SAMLResponse\" value=\"{}\"/></form></body></html>",
        wrapped(&b64(XML), 76, "\r\n").replace('+', "&#43;")
    );
    let expected = "HTML form, field SAMLResponse → base64, 2 wrapped lines";
    assert_eq!(layers(&page), expected);
    assert_eq!(layers(utf16le(&page)), format!("UTF-16LE text → {expected}"));
    let captured = read_bytes(page.as_bytes()).unwrap();
    assert_eq!(captured.relay_state.as_deref(), Some("a&b"));
    assert_eq!(captured.raw_query, None);
}

#[test]
fn windows_text_files_are_read() {
    assert_eq!(layers(utf16le(&format!("{}\r\n", b64(XML)))), "UTF-16LE text → base64");
    let unmarked: Vec<u8> = b64(XML).encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(layers(unmarked), "UTF-16BE text → base64");
    assert_eq!(layers(format!("\u{feff}{}", b64(XML))), "UTF-8 byte order mark → base64");
    let form = utf16le(&format!("SAMLResponse={}", escaped(&b64(XML))));
    assert_eq!(layers(form), "UTF-16LE text → form body, parameter SAMLResponse → base64");
}

#[test]
fn nothing_is_called_empty() {
    for input in ["", " \r\n", "\u{feff}", "SAMLResponse=", "\"\""] {
        assert_eq!(kind(input), InputErrorKind::Empty, "{input:?}");
    }
}

#[test]
fn what_decoders_read_differently_is_refused() {
    let value = b64(XML);
    let second = format!("{value}{value}");
    let position = value.len() + 1;
    assert_eq!(kind(second), InputErrorKind::Base64(Base64Error::AfterPadding { position }));
    let mixed = value.replacen('+', "-", 1);
    assert!(matches!(kind(mixed), InputErrorKind::Base64(Base64Error::MixedAlphabets { .. })));
    let cut = &value[..value.len() - 5];
    assert!(matches!(kind(cut), InputErrorKind::Base64(_)));
    assert!(matches!(kind(format!("SAMLResponse={value}%")), InputErrorKind::Percent { .. }));
    let twice = format!("SAMLResponse={value}&SAMLResponse={value}");
    assert!(matches!(kind(twice), InputErrorKind::Ambiguous { .. }));
}

#[test]
fn a_broken_stream_is_refused_and_named() {
    let whole = deflated(XML.repeat(3));
    let inflate = |error| InputErrorKind::Inflate { compression: Compression::Deflate, error };
    assert_eq!(kind(b64(&whole[..whole.len() - 2])), inflate(InflateError::Truncated));
    let mut longer = whole;
    longer.push(0);
    assert_eq!(kind(b64(longer)), inflate(InflateError::DataAfterEnd));
    let members = [gzip(XML), gzip(XML)].concat();
    let compression = Compression::Gzip;
    let error = InflateError::SecondStream;
    assert_eq!(kind(members), InputErrorKind::Inflate { compression, error });
}

#[test]
fn every_limit_stops_and_is_named() {
    let limits =
        Limits { decoded_bytes: 4000, inflated_bytes: 5000, layers: 3, ..Limits::default() };
    let limit = |input: &[u8]| read(input, "test", &limits).unwrap_err().kind;
    let long = "<a>".repeat(1400);
    let decoded = InputErrorKind::Limit { name: "decoded bytes", limit: 4000 };
    assert_eq!(limit(long.as_bytes()), decoded);
    let bomb = b64(deflated("<a>".repeat(1 << 20)));
    assert!(bomb.len() <= 8000, "{}", bomb.len());
    let inflated = InputErrorKind::Limit { name: "inflated bytes", limit: 5000 };
    assert_eq!(limit(&deflated("<a>".repeat(2000))), inflated);
    assert!(read(&deflated(&long), "test", &limits).is_ok(), "the limit of inflating counts");
    let four = b64(b64(b64(b64("<a/>"))));
    assert_eq!(limit(four.as_bytes()), InputErrorKind::Limit { name: "layers", limit: 3 });
    assert!(read(b64(b64(b64("<a/>"))).as_bytes(), "test", &limits).is_ok());
}

#[test]
fn a_bomb_in_a_bomb_is_stopped() {
    let bomb = gzip(gzip(vec![b' '; 65 << 20]));
    assert!(bomb.len() < 1000, "{}", bomb.len());
    assert_eq!(kind(bomb), InputErrorKind::Limit { name: "inflated bytes", limit: 64 << 20 });
}

#[test]
fn what_is_not_saml_is_called_by_its_name() {
    for (input, expected) in [
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln", Recognised::Jwt),
        ("<!doctype html><html><h1>Sign in</h1></html>", Recognised::Html),
        ("<form><input name='wresult' value='&lt;t:x/&gt;'></form>", Recognised::WsFederation),
        ("wa=wsignin1.0&wresult=%3Ct%3Ax%2F%3E&wctx=1", Recognised::WsFederation),
        ("https://acme.example/cb?code=abc&state=1", Recognised::OidcParameters),
        ("https://acme.example/cb#id_token=eyJ", Recognised::OidcParameters),
        ("https://acme.example/acs?SAMLart=AAQ", Recognised::SamlArtifact),
        ("https://acme.example/login", Recognised::Url),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", Recognised::PemKey),
        ("MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUF", Recognised::DerCertificate),
        ("The assertion did not work, see below.", Recognised::Text),
    ] {
        assert_eq!(kind(input), InputErrorKind::NotSaml(expected), "{input}");
    }
    assert_eq!(kind(b"\x00\x01\x02\xff"), InputErrorKind::NotSaml(Recognised::Binary));
}

#[test]
fn a_word_list_is_text_and_not_base64() {
    for words in ["alpha\nbeta\ngamma\n", "code", "Alpha1\nBravo2\nCharlie3\nDelta444", "abcd efgh"]
    {
        let error = read_bytes(words.as_bytes()).unwrap_err();
        assert_eq!(error.kind, InputErrorKind::NotSaml(Recognised::Text), "{words}");
        assert_eq!(error.layers, [], "{words}");
    }
}

#[test]
fn an_error_names_the_layers_and_never_repeats_the_input() {
    let error =
        read_bytes(format!("SAMLResponse={}", b64("secret words here, 24 bytes")).as_bytes());
    let said = error.unwrap_err().to_string();
    assert!(said.starts_with("inside form body, parameter SAMLResponse → base64: this is text"));
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn every_capture_decodes_to_its_xml() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/captures");
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let mut compared = 0;
    for producer in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        if !producer.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(&producer).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.to_str().unwrap();
            let stem = [".b64", ".body", ".url", ".form.html", ".xml"]
                .iter()
                .find_map(|ending| name.strip_suffix(ending));
            let Some(stem) = stem else { continue };
            let xml = std::fs::read(format!("{stem}.xml")).unwrap();
            let captured = read_bytes(&std::fs::read(&file).unwrap());
            let captured = captured.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(captured.bytes == xml, "{name}: {}", describe(&captured.layers));
            compared += 1;
        }
    }
    assert!(compared > 200, "only {compared} files were compared");
}
