//! A copied curl command: its words are rewritten by what curl takes them for, and written in the notation of the same shell.

use super::REMOVED;
use super::rewrite::Rewriter;
use crate::input::curl_words;

/// Options without a value that say nothing about anybody.
const FLAGS: [&str; 9] =
    ["--compressed", "--insecure", "--location", "--get", "-k", "-L", "-G", "-i", "-s"];

/// Options whose value is data of the request.
const DATA: [&str; 7] =
    ["--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json", "-d"];

/// What begins the next command.
const JOINTS: [&str; 5] = [";", "&", "&&", "||", "|"];

impl Rewriter<'_> {
    /// The command without its cookies and passwords; nothing when it is none.
    pub(super) fn curl(&mut self, text: &str, level: usize) -> Option<String> {
        let level = level.checked_sub(1)?;
        let (words, is_windows) = curl_words(text.as_bytes())?;
        let words: Vec<&str> =
            words.iter().map(|word| std::str::from_utf8(word).ok()).collect::<Option<_>>()?;
        let mut words = words.into_iter().peekable();
        let next = if is_windows { " ^\r\n  " } else { " \\\n  " };
        let mut out = String::new();
        let quote = |text: &str| if is_windows { windows(text) } else { posix(text) };
        while let Some(word) = words.next() {
            let (name, attached) = option(word);
            let mut value = || attached.or_else(|| words.next()).unwrap_or_default();
            let written = match name {
                "curl" | "curl.exe" => {
                    out.push_str(if out.is_empty() { "" } else { "\n" });
                    out.push_str(name);
                    continue;
                }
                name if JOINTS.contains(&name) => continue,
                "-H" | "--header" => {
                    let (name, value) = value().split_once(':').unwrap_or_default();
                    let name = self.plain(name);
                    let value = self.header(&name, value.trim(), level);
                    format!("-H {}", quote(&format!("{name}: {value}")))
                }
                "-X" | "--request" => format!("-X {}", self.words(value(), level)),
                "-F" | "--form" | "--form-string" => {
                    let (name, value) = value().split_once('=').unwrap_or_default();
                    let value = self.value(name, value, level);
                    format!("--form-string {}", quote(&format!("{}={value}", self.plain(name))))
                }
                name if DATA.contains(&name) => {
                    let data = self.text_or_note(value(), level);
                    let name = if name == "-d" { "--data" } else { name };
                    format!("{name} {}", quote(&data))
                }
                "--url" => quote(&self.url(value(), level)),
                name if FLAGS.contains(&name) => name.to_owned(),
                name if name.starts_with('-') => {
                    // Of an option that is not known, nobody can tell whether what follows is its value.
                    if words.peek().is_some_and(|next| !is_address(next) && !next.starts_with('-'))
                    {
                        words.next();
                    }
                    continue;
                }
                word if is_address(word) || word.contains('.') => quote(&self.url(word, level)),
                _ => continue,
            };
            out.push_str(if out.ends_with("curl") || out.ends_with(".exe") { " " } else { next });
            out.push_str(&written);
        }
        if out.is_empty() { Some(REMOVED.to_owned()) } else { Some(out) }
    }
}

/// The name of an option, and its value when it stands in the same word.
fn option(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    }
    let takes_one = ["-H", "-X", "-d", "-F"].iter().any(|name| word.starts_with(name));
    match word.split_at_checked(2) {
        Some((name, value)) if takes_one && !value.is_empty() => (name, Some(value)),
        Some(_) | None => (word, None),
    }
}

fn is_address(word: &str) -> bool {
    word.contains("://")
}

/// In single quotes.
fn posix(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// In double quotes with carets, as browsers write it.
fn windows(text: &str) -> String {
    let mut out = "^\"".to_owned();
    for c in text.chars() {
        match c {
            '"' => out.push_str("^\\^\""),
            '%' | '&' | '|' | '<' | '>' | '^' | '!' | '(' | ')' => out.extend(['^', c]),
            '\r' | '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out + "^\""
}
