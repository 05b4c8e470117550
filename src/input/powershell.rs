//! Copy as PowerShell: the `Invoke-WebRequest` that a browser writes for a request.
//!
//! Read as tokens of PowerShell as far as such a command needs them (`about_Quoting_Rules`, `about_Special_Characters`, `about_Parsing`):
//! strings with backtick escapes and `$([char]…)`, here-strings, parameters, hash tables, and variables that were set to a string. Nothing
//! is evaluated. Several commands may follow each other.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;

use super::collector::Collector;
use super::http::HttpExchange;
use super::{CaptureFormat, Reading, Recognised, Stop, text};

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "powershell",
    what: "PowerShell request",
    detect,
    read: Reading::Whole(read),
    empty: Recognised::PowerShell,
};

/// The commands that send a request, and their short names.
const COMMANDS: [&str; 4] = ["invoke-webrequest", "invoke-restmethod", "iwr", "irm"];

/// Variables whose value is put in their place. Choice: 64; more could make a short script a long one.
const USED: usize = 64;

/// A command, or a variable that is set, at the start, and the command soon behind.
fn detect(head: &[u8]) -> bool {
    let start = head.trim_ascii_start().to_ascii_lowercase();
    let start = start.strip_prefix(b"ps> ").unwrap_or(&start);
    let has = |word: &str| start.windows(word.len()).any(|window| window == word.as_bytes());
    let is_command =
        |word: &str| start.strip_prefix(word.as_bytes()).is_some_and(|rest| rest.starts_with(b" "));
    COMMANDS.into_iter().any(is_command)
        || (start.starts_with(b"$") && (has("invoke-webrequest") || has("invoke-restmethod")))
}

fn read(script: &[u8], collector: &mut Collector<'_>) -> Result<(), Stop> {
    let Ok(source) = std::str::from_utf8(script) else { return text::read(script, collector) };
    let mut reader = Reader::default();
    let tokens = Tokens { characters: source.chars().peekable() };
    for token in tokens {
        if let Some(exchange) = reader.take(token) {
            exchange.offer_to(collector)?;
        }
    }
    if let Some(exchange) = reader.exchange.take() {
        exchange.offer_to(collector)?;
    }
    if collector.is_empty() { text::read(script, collector) } else { Ok(()) }
}

/// What is read of the script so far.
#[derive(Default)]
struct Reader {
    /// The command that is being read.
    exchange: Option<HttpExchange>,
    number: usize,
    /// The parameter whose value comes next.
    parameter: Option<String>,
    /// In a hash table: how deep, and the key whose value comes next.
    depth: usize,
    key: Option<String>,
    /// A variable that may be set next, and whether it is.
    variable: Option<(String, bool)>,
    variables: HashMap<String, String>,
    /// Variables that were used.
    used: usize,
}

impl Reader {
    /// Takes a token; gives a command that has ended.
    fn take(&mut self, token: Token) -> Option<HttpExchange> {
        match token {
            Token::Word(word) if COMMANDS.contains(&word.to_ascii_lowercase().as_str()) => {
                self.number += 1;
                (self.parameter, self.variable) = (None, None);
                return self.exchange.replace(HttpExchange {
                    name: format!("command {}", self.number),
                    number: Some(self.number),
                    method: "GET".to_owned(),
                    ..HttpExchange::default()
                });
            }
            Token::Word(word) => match word.strip_prefix('-') {
                Some(name) if self.depth == 0 => self.parameter = Some(name.to_ascii_lowercase()),
                Some(_) | None => self.value(word),
            },
            Token::Text(value) => self.value(value),
            Token::Variable(name) => {
                self.used += 1;
                let known = self.variables.get(&name).filter(|_| self.used <= USED).cloned();
                if self.parameter.is_some() || self.depth > 0 {
                    self.value(known.unwrap_or_default());
                } else {
                    self.variable = Some((name, false));
                }
            }
            Token::Mark('{') => self.depth += 1,
            Token::Mark('}') => {
                self.depth = self.depth.saturating_sub(1);
                (self.key, self.parameter) = (None, None);
            }
            Token::Mark('=') => {
                if let Some((_, is_set)) = &mut self.variable {
                    *is_set = true;
                }
            }
            Token::Mark(';' | '\n') if self.depth == 0 => {
                self.variable = None;
                self.parameter = None;
                return self.exchange.take();
            }
            Token::Mark(_) => {}
        }
        None
    }

    fn value(&mut self, value: String) {
        if let Some((name, true)) = self.variable.take() {
            self.variables.insert(name, value);
            return;
        }
        let Some(exchange) = &mut self.exchange else { return };
        if self.depth > 0 {
            match self.key.take() {
                None => self.key = Some(value),
                Some(key) if self.parameter.as_deref() == Some("body") => {
                    exchange.parameters.push((key, value));
                }
                Some(_) => {}
            }
            return;
        }
        match self.parameter.as_deref() {
            Some("uri") => exchange.url = value,
            Some("method") => exchange.method = value,
            // Around a body with other letters stands `([System.Text.Encoding]::UTF8.GetBytes("…"))`.
            Some("body") => {
                if value.starts_with('[') {
                    return;
                }
                exchange.body = Some(value.into_bytes());
            }
            None if exchange.url.is_empty() && value.contains("://") => exchange.url = value,
            Some(_) | None => {}
        }
        self.parameter = None;
    }
}

/// A token that matters.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Variable(String),
    Mark(char),
}

struct Tokens<'s> {
    characters: Peekable<Chars<'s>>,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let character = self.characters.next()?;
            return Some(match character {
                '`' => {
                    // At the end of a line: the command goes on in the next.
                    self.characters.next_if_eq(&'\r');
                    self.characters.next();
                    continue;
                }
                '@' if self.characters.next_if_eq(&'"').is_some() => Token::Text(self.here('"')),
                '@' if self.characters.next_if_eq(&'\'').is_some() => Token::Text(self.here('\'')),
                '"' => Token::Text(self.expanded()),
                '\'' => Token::Text(self.literal()),
                '$' => Token::Variable(self.word(String::new())),
                '#' => {
                    while self.characters.next_if(|next| *next != '\n').is_some() {}
                    continue;
                }
                '\n' => Token::Mark('\n'),
                '(' | ')' | '@' | ',' => continue,
                '{' | '}' | '=' | ';' => Token::Mark(character),
                blank if blank.is_whitespace() => continue,
                first => Token::Word(self.word(first.to_string())),
            });
        }
    }
}

impl Tokens<'_> {
    fn word(&mut self, mut word: String) -> String {
        let ends = |next: &char| next.is_whitespace() || "\"'`{}();,@".contains(*next);
        // A key of a hash table ends at its `=`, a URL does not.
        let mut is_url = false;
        while let Some(next) =
            self.characters.next_if(|next| !ends(next) && (is_url || *next != '='))
        {
            word.push(next);
            is_url = is_url || word.ends_with("://");
        }
        word
    }

    /// The inside of `'…'`, where a quote is doubled.
    fn literal(&mut self) -> String {
        let mut value = String::new();
        while let Some(character) = self.characters.next() {
            if character == '\'' && self.characters.next_if_eq(&'\'').is_none() {
                break;
            }
            value.push(character);
        }
        value
    }

    /// The inside of `"…"`, with its escapes.
    fn expanded(&mut self) -> String {
        let mut value = String::new();
        while let Some(character) = self.characters.next() {
            match character {
                '"' if self.characters.next_if_eq(&'"').is_some() => value.push('"'),
                '"' => break,
                '`' => value.extend(self.escaped()),
                '$' if self.characters.next_if_eq(&'(').is_some() => {
                    value.push_str(&self.character());
                }
                other => value.push(other),
            }
        }
        value
    }

    /// The inside of a here-string, which ends with its quote and `@` at the start of a line.
    fn here(&mut self, quote: char) -> String {
        while self.characters.next_if(|next| *next != '\n').is_some() {}
        self.characters.next();
        let mut value = String::new();
        let mut begins_line = true;
        while let Some(character) = self.characters.next() {
            if begins_line && character == quote && self.characters.next_if_eq(&'@').is_some() {
                break;
            }
            begins_line = character == '\n';
            match character {
                '`' if quote == '"' => value.extend(self.escaped()),
                '$' if quote == '"' && self.characters.next_if_eq(&'(').is_some() => {
                    value.push_str(&self.character());
                }
                other => value.push(other),
            }
        }
        // The last line end belongs to the closing quote.
        let value = value.strip_suffix('\n').unwrap_or(&value);
        value.strip_suffix('\r').unwrap_or(value).to_owned()
    }

    /// What stands for a backtick and the character behind it.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.characters.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' => '\u{1b}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'u' if self.characters.next_if_eq(&'{').is_some() => {
                let mut digits = String::new();
                while let Some(digit) = self.characters.next_if(char::is_ascii_hexdigit) {
                    digits.push(digit);
                }
                self.characters.next_if_eq(&'}');
                u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?
            }
            other => other,
        })
    }

    /// `[char]13)` behind `$(`; any other expression is nothing.
    fn character(&mut self) -> String {
        let mut expression = String::new();
        while let Some(next) = self.characters.next_if(|next| !matches!(next, ')' | '"')) {
            expression.push(next);
        }
        self.characters.next_if_eq(&')');
        let number = expression.trim().to_ascii_lowercase();
        let number = number.strip_prefix("[char]").map(str::trim);
        let number = number.and_then(|number| match number.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        });
        number.and_then(char::from_u32).map(String::from).unwrap_or_default()
    }
}
