//! Looks for values in everything that can be decoded of some bytes, with code that knows nothing of how they were replaced.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

/// Everything that can be decoded of `bytes`, itself included.
pub fn layers(bytes: &[u8]) -> HashSet<Vec<u8>> {
    let mut all = HashSet::new();
    let mut todo = vec![(bytes.to_vec(), 0)];
    while let Some((bytes, depth)) = todo.pop() {
        if depth < 8 && !all.contains(&bytes) {
            todo.extend(inside(&bytes).into_iter().map(|inner| (inner, depth + 1)));
            all.insert(bytes);
        }
    }
    all
}

/// The first value of at least four characters that stands in any layer, be it inside something longer.
pub fn survivor<'v>(bytes: &[u8], values: &[&'v str]) -> Option<&'v str> {
    let all = layers(bytes);
    values.iter().copied().find(|value| {
        value.chars().count() >= 4 && all.iter().any(|layer| found(layer, value).next().is_some())
    })
}

/// The values of at least four characters that stand in any layer as words, and in none of the host names.
pub fn words_left(bytes: &[u8], values: &[String], hosts: &[&str]) -> Vec<String> {
    let all = layers(bytes);
    let is_left = |value: &&String| {
        let is_long = value.chars().count() >= 4;
        is_long
            && all.iter().any(|layer| found(layer, value).any(|at| counts(layer, at, value, hosts)))
    };
    values.iter().filter(is_left).cloned().collect()
}

fn found<'l>(layer: &'l [u8], value: &'l str) -> impl Iterator<Item = usize> + 'l {
    memchr::memmem::find_iter(layer, value)
}

/// Whether the value at this place is a word, and not a part of one of the host names.
fn counts(layer: &[u8], at: usize, value: &str, hosts: &[&str]) -> bool {
    let end = at + value.len();
    let joins = |left: Option<&u8>, right: Option<&u8>| {
        left.is_some_and(u8::is_ascii_alphanumeric) && right.is_some_and(u8::is_ascii_alphanumeric)
    };
    if joins(layer[..at].last(), layer.get(at)) || joins(layer[..end].last(), layer.get(end)) {
        return false;
    }
    let of_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let start = layer[..at].iter().rev().take_while(|byte| of_host(byte)).count();
    let rest = layer[end..].iter().take_while(|byte| of_host(byte)).count();
    let around = std::str::from_utf8(&layer[at - start..end + rest]).unwrap_or_default();
    start + rest == 0 || !hosts.contains(&around.trim_matches('.'))
}

fn inside(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut inner = inflated(bytes);
    if let Some(text) = utf16(bytes) {
        inner.push(text.into_bytes());
    }
    if bytes.starts_with(b"PK") {
        inner.extend(members(bytes));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return inner };
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        inner.extend(strings(value));
        return inner;
    }
    if text.contains('%') {
        let spaced = text.replace('+', " ");
        inner.push(percent_encoding::percent_decode_str(&spaced).collect());
        inner.push(percent_encoding::percent_decode_str(text).collect());
    }
    if text.contains('&') {
        inner.push(without_entities(text).into_bytes());
    }
    if text.contains('\\') {
        inner.push(without_escapes(text).into_bytes());
    }
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let without_ends: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let foreign = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '-' | '_');
    for text in [text, &without_ends] {
        for run in text.split(foreign).filter(|run| run.len() >= 8) {
            for alphabet in [&alphabet::STANDARD, &alphabet::URL_SAFE] {
                inner.extend(GeneralPurpose::new(alphabet, config).decode(run).ok());
            }
        }
    }
    inner
}

fn inflated(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let streams: [Box<dyn Read + '_>; 3] = [
        Box::new(flate2::read::DeflateDecoder::new(bytes)),
        Box::new(flate2::read::ZlibDecoder::new(bytes)),
        Box::new(flate2::read::MultiGzDecoder::new(bytes)),
    ];
    for mut stream in streams {
        let mut inner = Vec::new();
        if stream.read_to_end(&mut inner).is_ok() && !inner.is_empty() {
            all.push(inner);
        }
    }
    all
}

/// Text in either order of bytes, with or without a mark, when it is mostly of ASCII.
fn utf16(bytes: &[u8]) -> Option<String> {
    let pairs = bytes.chunks_exact(2);
    let zeros = |at: usize| pairs.clone().filter(|pair| pair[at] == 0).count() * 2 > pairs.len();
    let unit: fn([u8; 2]) -> u16 = match (zeros(1), zeros(0)) {
        (true, false) => u16::from_le_bytes,
        (false, true) => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

fn members(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Vec::new() };
    let mut all = vec![archive.comment().to_vec()];
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut inner = Vec::new();
        file.read_to_end(&mut inner).unwrap();
        all.extend([file.name_raw().to_vec(), inner]);
    }
    all
}

fn strings(value: Value) -> Vec<Vec<u8>> {
    let (mut all, mut todo) = (Vec::new(), vec![value]);
    while let Some(value) = todo.pop() {
        match value {
            Value::String(text) => all.push(text.into_bytes()),
            Value::Number(number) => all.push(number.to_string().into_bytes()),
            Value::Array(items) => todo.extend(items),
            Value::Object(members) => {
                for (name, value) in members {
                    all.push(name.into_bytes());
                    todo.push(value);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
    all
}

fn without_entities(text: &str) -> String {
    let named = [("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("amp", "&")];
    let mut pieces = text.split('&');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').unwrap_or(("", piece));
        let number =
            name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => number.parse().ok(),
            });
        match (number.and_then(char::from_u32), named.iter().find(|(known, _)| *known == name)) {
            (Some(c), _) => out.extend([c.to_string().as_str(), rest]),
            (None, Some((_, c))) => out.extend([*c, rest]),
            (None, None) => out.extend(["&", piece]),
        }
    }
    out
}

/// Without the escapes of JSON and of scripts, in text that is none as a whole.
fn without_escapes(text: &str) -> String {
    let mut pieces = text.split("\\u");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match digits.and_then(char::from_u32) {
            Some(c) => out.extend([c.to_string().as_str(), &piece[4..]]),
            None => out.extend(["\\u", piece]),
        }
    }
    out.replace("\\/", "/").replace("\\\"", "\"").replace("\\n", "\n").replace("\\r", "\r")
}
