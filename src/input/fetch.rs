//! Copy as fetch: the call of JavaScript that a browser writes for a request, for its console or for Node.js.
//!
//! Read as tokens of JavaScript (ECMA-262 §12) as far as such a call needs them: strings, names, brackets. Nothing is evaluated. Several
//! calls may follow each other.

use std::iter::Peekable;
use std::str::CharIndices;

use super::collector::Collector;
use super::http::HttpExchange;
use super::{CaptureFormat, Reading, Recognised, Stop, text};

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "fetch",
    what: "fetch call",
    detect,
    read: Reading::Whole(read),
    empty: Recognised::Fetch,
};

/// The call begins the input, or an assignment or `await` does and the call is soon there.
fn detect(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let begins = |word: &[u8]| line.starts_with(word);
    let calls = line.windows(6).any(|window| window == b"fetch(");
    let before =
        [b"fetch(".as_slice(), b"await ", b"const ", b"let ", b"var ", b"return ", b"window."];
    calls && before.into_iter().any(begins)
}

fn read(script: &[u8], collector: &mut Collector<'_>) -> Result<(), Stop> {
    let Ok(source) = std::str::from_utf8(script) else { return text::read(script, collector) };
    let mut tokens = Tokens { characters: source.char_indices().peekable(), source };
    let mut number = 0_usize;
    while let Some(token) = tokens.next() {
        if token == Token::Name("fetch") && tokens.next_if_mark('(') {
            number += 1;
            call(&mut tokens, number).offer_to(collector)?;
        }
    }
    if collector.is_empty() { text::read(script, collector) } else { Ok(()) }
}

/// The arguments of one call: its URL, and the members of the object behind it.
fn call(tokens: &mut Tokens<'_>, number: usize) -> HttpExchange {
    let mut exchange = HttpExchange {
        name: format!("call {number}"),
        number: Some(number),
        method: "GET".to_owned(),
        ..HttpExchange::default()
    };
    let mut depth = 1_usize;
    // The member whose value comes next, and whether it is inside another one of these.
    let mut member: Option<String> = None;
    let mut last: Option<String> = None;
    let mut in_body = None;
    for token in tokens.by_ref() {
        match token {
            Token::Mark('(' | '{' | '[') => {
                depth += 1;
                if member.as_deref() == Some("body") && in_body.is_none() {
                    in_body = Some(depth);
                }
                (member, last) = (None, None);
            }
            Token::Mark(')' | '}' | ']') => {
                depth -= 1;
                if in_body.is_some_and(|inside| depth < inside) {
                    in_body = None;
                }
                if depth == 0 {
                    break;
                }
                (member, last) = (None, None);
            }
            Token::Mark(':') => member = last.take(),
            Token::Mark(',') => {
                (member, last) = if in_body.is_some() && member.is_none() {
                    (last.take(), None)
                } else {
                    (None, None)
                }
            }
            Token::Mark(_) => {}
            Token::Name(name) => {
                // `body: new URLSearchParams({…})`: what follows belongs to the body still.
                if member.is_none() {
                    last = Some(name.to_owned());
                }
            }
            Token::Text(value) => match (&member, depth) {
                (None, 1) if exchange.url.is_empty() => exchange.url = value,
                (Some(name), 2) if name == "method" => exchange.method = value,
                (Some(name), 2) if name == "body" => {
                    exchange.body.get_or_insert_default().extend_from_slice(value.as_bytes());
                }
                (Some(name), _) if in_body.is_some() => {
                    exchange.parameters.push((name.clone(), value));
                }
                (None, _)
                    if in_body.is_some() && value.contains("SAMLRe") && value.contains('=') =>
                {
                    exchange.body = Some(value.into_bytes());
                }
                (Some(_) | None, _) => last = Some(value),
            },
        }
    }
    if exchange.method == "GET" && (exchange.body.is_some() || !exchange.parameters.is_empty()) {
        "POST".clone_into(&mut exchange.method);
    }
    exchange
}

/// A token that matters.
#[derive(Debug, PartialEq, Eq)]
enum Token<'s> {
    Name(&'s str),
    Text(String),
    Mark(char),
}

/// The tokens of a script, without its comments.
struct Tokens<'s> {
    characters: Peekable<CharIndices<'s>>,
    source: &'s str,
}

impl<'s> Iterator for Tokens<'s> {
    type Item = Token<'s>;

    fn next(&mut self) -> Option<Token<'s>> {
        loop {
            let (at, character) = self.characters.next()?;
            match character {
                '"' | '\'' | '`' => return Some(Token::Text(self.string(character))),
                '/' if self.characters.next_if(|(_, next)| *next == '/').is_some() => {
                    while self.characters.next_if(|(_, next)| *next != '\n').is_some() {}
                }
                first if first.is_alphabetic() || matches!(first, '_' | '$') => {
                    let mut end = at + first.len_utf8();
                    while let Some((at, next)) = self
                        .characters
                        .next_if(|(_, next)| next.is_alphanumeric() || matches!(next, '_' | '$'))
                    {
                        end = at + next.len_utf8();
                    }
                    return Some(Token::Name(self.source.get(at..end)?));
                }
                blank if blank.is_whitespace() => {}
                mark => return Some(Token::Mark(mark)),
            }
        }
    }
}

impl Tokens<'_> {
    fn next_if_mark(&mut self, mark: char) -> bool {
        while self.characters.next_if(|(_, next)| next.is_whitespace()).is_some() {}
        self.characters.next_if(|(_, next)| *next == mark).is_some()
    }

    /// The value of the string literal whose opening quote was read.
    fn string(&mut self, quote: char) -> String {
        let mut value = String::new();
        // The first half of a character outside the basic plane, which takes two escapes.
        let mut high: Option<u32> = None;
        while let Some((_, character)) = self.characters.next() {
            match character {
                end if end == quote => break,
                '\\' => {
                    let Some((_, escaped)) = self.characters.next() else { break };
                    let unit = match escaped {
                        'n' => 0x0a,
                        'r' => 0x0d,
                        't' => 0x09,
                        'b' => 0x08,
                        'f' => 0x0c,
                        'v' => 0x0b,
                        '0' => 0,
                        'x' => self.hexadecimal(2),
                        'u' => self.hexadecimal(4),
                        '\r' | '\n' => continue,
                        other => u32::from(other),
                    };
                    let unit = match (high.take(), unit) {
                        (Some(high), 0xdc00..=0xdfff) => {
                            0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00)
                        }
                        (_, 0xd800..=0xdbff) => {
                            high = Some(unit);
                            continue;
                        }
                        (_, unit) => unit,
                    };
                    value.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                other => value.push(other),
            }
        }
        value
    }

    /// The number in so many digits, or in braces.
    fn hexadecimal(&mut self, digits: usize) -> u32 {
        let braces = self.characters.next_if(|(_, next)| *next == '{').is_some();
        let mut number = 0_u32;
        for _ in 0..if braces { 8 } else { digits } {
            let digit = self.characters.peek().and_then(|(_, next)| next.to_digit(16));
            let Some(digit) = digit else { break };
            number = number.wrapping_mul(16).wrapping_add(digit);
            self.characters.next();
        }
        if braces {
            self.characters.next_if(|(_, next)| *next == '}');
        }
        number
    }
}
