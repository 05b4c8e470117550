//! Copy as cURL: the command that a browser writes for a request, in the notations of bash and of Windows' cmd.
//!
//! It is split into words the way its shell splits them, and read the way curl reads them (curl(1)); it is never run, and no file that
//! it names is opened. Several commands may follow each other.

use std::iter::Peekable;

use memchr::memmem;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::collector::Collector;
use super::http::HttpExchange;
use super::{CaptureFormat, Reading, Recognised, Stop, text};

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "curl",
    what: "curl command",
    detect,
    read: Reading::Whole(read),
    empty: Recognised::Curl,
};

/// Short options of curl that take a value.
const SHORT: &[u8] = b"AbcCdDeEFhHKmoPQrtTuUwxXyYz";

/// Long options with a value that browsers and people use, besides those that are read.
const LONG: [&str; 19] = [
    "--user-agent",
    "--cookie",
    "--cookie-jar",
    "--referer",
    "--output",
    "--user",
    "--proxy",
    "--max-time",
    "--connect-timeout",
    "--cert",
    "--key",
    "--cacert",
    "--resolve",
    "--write-out",
    "--retry",
    "--interface",
    "--max-redirs",
    "--dump-header",
    "--ciphers",
];

fn detect(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let start = start.strip_prefix(b"$ ").unwrap_or(start);
    let command = start.strip_prefix(b"curl.exe").or_else(|| start.strip_prefix(b"curl"));
    command.is_some_and(|rest| rest.first().is_some_and(|byte| b" \t\\^".contains(byte)))
}

fn read(command: &[u8], collector: &mut Collector<'_>) -> Result<(), Stop> {
    let words = words(command).unwrap_or_default();
    let mut number = 0_usize;
    let mut rest = words.as_slice();
    let is_curl = |word: &Vec<u8>| matches!(word.as_slice(), b"curl" | b"curl.exe");
    while let Some(start) = rest.iter().position(is_curl) {
        rest = rest.get(start + 1..).unwrap_or_default();
        let (request, length) = Request::of(rest);
        rest = rest.get(length..).unwrap_or_default();
        number += 1;
        request.exchange(number).offer_to(collector)?;
    }
    // The words may not be those of a command after all: cut off in a string, or edited.
    if collector.is_empty() { text::read(command, collector) } else { Ok(()) }
}

/// The words of a command, when it is one, and whether they were in Windows' notation.
pub(crate) fn curl_words(command: &[u8]) -> Option<(Vec<Vec<u8>>, bool)> {
    let command = command.strip_prefix(b"$ ").unwrap_or(command);
    detect(command).then(|| words(command)).flatten().map(|words| (words, is_windows(command)))
}

/// The words of a command.
fn words(command: &[u8]) -> Option<Vec<Vec<u8>>> {
    if is_windows(command) {
        return Some(windows_words(command));
    }
    shlex::bytes::split(&with_plain_quotes(command))
}

/// Windows' notation is known by its carets, or by having no single quotes around its URL.
fn is_windows(command: &[u8]) -> bool {
    let has = |sequence: &[u8]| memmem::find(command, sequence).is_some();
    let escapes = has(b"^\"") || has(b"^\r\n") || has(b"^\n") || has(b"^%^");
    escapes && !has(b" '")
}

/// Windows' cmd, then the C runtime's rules for arguments.
///
/// Choice: a caret escapes what follows inside quotes as well. For cmd it does so outside only; but browsers escape everywhere, a
/// caret included, so that this is what they mean.
fn windows_words(command: &[u8]) -> Vec<Vec<u8>> {
    let mut plain = Vec::with_capacity(command.len());
    let mut bytes = command.iter().copied().filter(|byte| *byte != b'\r').peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'^' {
            plain.push(byte);
            continue;
        }
        match bytes.next() {
            // The first line end continues the line; a second one is the character itself.
            Some(b'\n') => plain.extend(bytes.next_if_eq(&b'\n')),
            escaped => plain.extend(escaped),
        }
    }
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let (mut quoted, mut backslashes) = (false, 0_usize);
    let mut bytes = plain.into_iter().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' {
            backslashes += 1;
            continue;
        }
        if backslashes > 0 {
            // Before a quote they come in pairs, and an odd one makes it a character; elsewhere they are themselves.
            let kept = if byte == b'"' { backslashes / 2 } else { backslashes };
            word.get_or_insert_default().extend(std::iter::repeat_n(b'\\', kept));
        }
        let is_escaped = backslashes % 2 == 1;
        backslashes = 0;
        match byte {
            b'"' if is_escaped => word.get_or_insert_default().push(byte),
            b'"' if quoted && bytes.next_if_eq(&b'"').is_some() => {
                word.get_or_insert_default().push(byte);
            }
            b'"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            b' ' | b'\t' | b'\n' if !quoted => words.extend(word.take()),
            byte => word.get_or_insert_default().push(byte),
        }
    }
    if backslashes > 0 {
        word.get_or_insert_default().extend(std::iter::repeat_n(b'\\', backslashes));
    }
    words.extend(word);
    words
}

/// Writes every `$'…'` of bash with plain single quotes, which is what a splitter of POSIX words knows (Bash manual §3.1.2.4).
fn with_plain_quotes(command: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(command.len());
    let mut bytes = command.iter().copied().peekable();
    let mut quote = None;
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (None, b'$') if bytes.next_if_eq(&b'\'').is_some() => {
                plain.push(b'\'');
                for byte in ansi_c(&mut bytes) {
                    match byte {
                        b'\'' => plain.extend_from_slice(b"'\\''"),
                        byte => plain.push(byte),
                    }
                }
                plain.push(b'\'');
                continue;
            }
            (None | Some(b'"'), b'\\') => {
                plain.push(byte);
                // A line that goes on, from a file with Windows line ends.
                let next = bytes.next();
                let is_line_end = next == Some(b'\r') && bytes.peek() == Some(&b'\n');
                plain.extend(if is_line_end { bytes.next() } else { next });
                continue;
            }
            (None, b'\r') if bytes.peek() == Some(&b'\n') => continue,
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            (None | Some(_), _) => {}
        }
        plain.push(byte);
    }
    plain
}

/// The inside of `$'…'`, up to and without the quote that ends it.
fn ansi_c(bytes: &mut Peekable<impl Iterator<Item = u8>>) -> Vec<u8> {
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\'' => break,
            b'\\' => match bytes.next() {
                Some(b'n') => plain.push(b'\n'),
                Some(b'r') => plain.push(b'\r'),
                Some(b't') => plain.push(b'\t'),
                Some(b'a') => plain.push(0x07),
                Some(b'b') => plain.push(0x08),
                Some(b'e' | b'E') => plain.push(0x1b),
                Some(b'f') => plain.push(0x0c),
                Some(b'v') => plain.push(0x0b),
                Some(b'x') => plain.extend(u8::try_from(number(bytes, 0, 16, 2)).ok()),
                Some(b'u') => push_character(&mut plain, number(bytes, 0, 16, 4)),
                Some(b'U') => push_character(&mut plain, number(bytes, 0, 16, 8)),
                // Up to three octal digits, of which bash keeps one byte.
                Some(first @ b'0'..=b'7') => {
                    let value = number(bytes, u32::from(first - b'0'), 8, 2);
                    plain.extend(value.to_le_bytes().first());
                }
                Some(other) => plain.push(other),
                None => {}
            },
            byte => plain.push(byte),
        }
    }
    plain
}

/// The number that follows, of so many digits at most, behind what is known of it.
fn number(
    bytes: &mut Peekable<impl Iterator<Item = u8>>,
    known: u32,
    base: u32,
    digits: usize,
) -> u32 {
    let mut number = known;
    for _ in 0..digits {
        let digit = bytes.peek().and_then(|byte| char::from(*byte).to_digit(base));
        let Some(digit) = digit else { break };
        number = number.wrapping_mul(base).wrapping_add(digit);
        bytes.next();
    }
    number
}

fn push_character(plain: &mut Vec<u8>, number: u32) {
    let character = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
    plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// What a command says of its request.
#[derive(Debug, Default)]
struct Request {
    url: String,
    method: Option<String>,
    /// `--data…`, joined as curl joins them.
    data: Option<Vec<u8>>,
    /// `--form`.
    parts: Vec<(String, String)>,
    /// The data belong into the query: `--get`.
    in_query: bool,
}

impl Request {
    /// Reads the words behind `curl`, and tells how many belong to it.
    fn of(words: &[Vec<u8>]) -> (Self, usize) {
        let mut request = Self::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            at += 1;
            let word = word.as_slice();
            match word {
                b";" | b"&" | b"&&" | b"||" | b"|" => break,
                b"curl" | b"curl.exe" if !request.url.is_empty() => return (request, at - 1),
                _ => {}
            }
            let Ok(name) = std::str::from_utf8(word) else { continue };
            if name.starts_with("--") {
                let (name, own) =
                    name.split_once('=').map_or((name, None), |(name, own)| (name, Some(own)));
                let value = || own.map(str::as_bytes).or_else(|| words.get(at).map(Vec::as_slice));
                let taken = request.long(name, &value);
                at += usize::from(taken && own.is_none());
            } else if let Some(options) = name.strip_prefix('-') {
                at += request.short(options.as_bytes(), words.get(at).map(Vec::as_slice));
            } else if request.url.is_empty() {
                request.url = name.trim_end_matches(';').to_owned();
            }
        }
        (request, at)
    }

    /// Reads a long option; answers whether it takes a value.
    fn long<'w>(&mut self, name: &str, value: &dyn Fn() -> Option<&'w [u8]>) -> bool {
        let value = || value().unwrap_or_default();
        let text = || String::from_utf8(value().to_vec()).unwrap_or_default();
        match name {
            "--data" | "--data-ascii" | "--data-binary" => self.add_data(value(), true),
            "--data-raw" | "--json" => self.add_data(value(), false),
            "--data-urlencode" => self.add_data(&encoded(value()), true),
            "--form" | "--form-string" => self.add_part(&text()),
            "--request" => self.method = Some(text()),
            "--url" => self.url = text(),
            "--header" => {}
            "--get" => {
                self.in_query = true;
                return false;
            }
            name => return LONG.contains(&name),
        }
        true
    }

    /// Reads a word of short options; answers how many words behind it belong to it.
    fn short(&mut self, options: &[u8], next: Option<&[u8]>) -> usize {
        let Some(at) = options.iter().position(|option| SHORT.contains(option)) else {
            self.in_query |= options.contains(&b'G');
            return 0;
        };
        let attached = options.get(at + 1..).filter(|rest| !rest.is_empty());
        let value = attached.or(next).unwrap_or_default();
        let text = || String::from_utf8(value.to_vec()).unwrap_or_default();
        match options.get(at) {
            Some(b'd') => self.add_data(value, true),
            Some(b'F') => self.add_part(&text()),
            Some(b'X') => self.method = Some(text()),
            Some(_) | None => {}
        }
        self.in_query |= options.get(..at).is_some_and(|before| before.contains(&b'G'));
        usize::from(attached.is_none())
    }

    /// Data that name a file are none: no file is opened.
    fn add_data(&mut self, value: &[u8], may_name_a_file: bool) {
        if may_name_a_file && value.starts_with(b"@") {
            return;
        }
        match &mut self.data {
            Some(data) => {
                data.push(b'&');
                data.extend_from_slice(value);
            }
            None => self.data = Some(value.to_vec()),
        }
    }

    fn add_part(&mut self, part: &str) {
        if let Some((name, value)) = part.split_once('=')
            && !value.starts_with(['@', '<'])
        {
            self.parts.push((name.to_owned(), value.to_owned()));
        }
    }

    fn exchange(self, number: usize) -> HttpExchange {
        let has_body = self.data.is_some() || !self.parts.is_empty();
        let usual = if has_body && !self.in_query { "POST" } else { "GET" };
        let mut exchange = HttpExchange {
            name: format!("command {number}"),
            number: Some(number),
            method: self.method.unwrap_or_else(|| usual.to_owned()),
            url: self.url,
            parameters: self.parts,
            ..HttpExchange::default()
        };
        match self.data.map(String::from_utf8) {
            Some(Ok(query)) if self.in_query => {
                let joint = if exchange.url.contains('?') { '&' } else { '?' };
                exchange.url = format!("{}{joint}{query}", exchange.url);
            }
            Some(Ok(body)) => exchange.body = Some(body.into_bytes()),
            Some(Err(error)) => exchange.body = Some(error.into_bytes()),
            None => {}
        }
        exchange
    }
}

/// What `--data-urlencode` sends: `name=content`, `=content` or `content`, with the content percent-encoded.
fn encoded(value: &[u8]) -> Vec<u8> {
    let (name, content) = match value.iter().position(|byte| *byte == b'=') {
        Some(0) => (b"".as_slice(), value.get(1..).unwrap_or_default()),
        Some(at) => value.split_at_checked(at + 1).unwrap_or_default(),
        None => (b"".as_slice(), value),
    };
    let escaped = percent_encode(content, NON_ALPHANUMERIC).to_string();
    [name, escaped.as_bytes()].concat()
}
