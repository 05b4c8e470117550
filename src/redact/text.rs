//! Text of any kind, such as a copied command or a log: words that carry a message or an address are rewritten, words that are
//! known to be technical stay, and every other word is removed. Nobody can list all the ways to write a cookie or a password.

use super::REMOVED;
use super::rewrite::Rewriter;

/// What ends a word.
const ENDS: [char; 13] = [' ', '\t', '\r', '\n', '"', '\'', '`', '<', '>', '^', '(', ')', ','];

/// Words of commands, of requests and of browsers' views of parameters, in lower case.
const KNOWN: [&str; 57] = [
    "curl",
    "fetch",
    "invoke-webrequest",
    "invoke-restmethod",
    "-uri",
    "-method",
    "-body",
    "-headers",
    "-contenttype",
    "-usebasicparsing",
    "-h",
    "-x",
    "-b",
    "-d",
    "-u",
    "-k",
    "-l",
    "-i",
    "-s",
    "--header",
    "--request",
    "--cookie",
    "--user",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--compressed",
    "--insecure",
    "--location",
    "--url",
    "headers",
    "method",
    "get",
    "post",
    "http/1.1",
    "http/2",
    "content-type",
    "application/x-www-form-urlencoded",
    "application/json",
    "samlresponse",
    "samlrequest",
    "relaystate",
    "null",
    "await",
    "html",
    "head",
    "body",
    "title",
    "pre",
    "code",
    "div",
    "span",
    "table",
    "doctype",
    "received",
    "debug",
];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Rewriter<'_> {
    /// Text without a message that is known as one, word by word.
    pub(super) fn words(&mut self, text: &str, level: usize) -> String {
        let mut out = String::with_capacity(text.len());
        for piece in text.split_inclusive(ENDS) {
            let word = piece.trim_end_matches(ENDS);
            out.push_str(&self.word(word, level));
            out.push_str(piece.get(word.len()..).unwrap_or_default());
        }
        out
    }

    fn word(&mut self, word: &str, level: usize) -> String {
        // Shorter ones carry nothing.
        if word.len() >= 8 && level > 0 {
            if let Some(rewritten) = self.parameters(word, level) {
                return rewritten;
            }
            if let Some(rewritten) = self.base64(word, level) {
                return rewritten.unwrap_or_else(|| REMOVED.to_owned());
            }
        }
        if is_technical(word) {
            return self.plain(word);
        }
        // What stands around it belongs to the command: `@{`, `:`, `$`.
        let start = word.len() - word.trim_start_matches(|c: char| c.is_ascii_punctuation()).len();
        let end = word.trim_end_matches(|c: char| c.is_ascii_punctuation()).len();
        let around = |range| word.get(range).unwrap_or_default();
        let (before, after) = (around(0..start), around(end..word.len()));
        if before.len() + after.len() > 8 {
            return REMOVED.to_owned();
        }
        let inner = around(start..end);
        // The dash of an option whose name is not known would make it another option.
        let before = before.trim_start_matches('-');
        let kept = is_technical(inner);
        format!("{before}{}{after}", if kept { inner } else { REMOVED })
    }
}

/// Whether the word is technical: known, a short number, a time, or punctuation alone.
fn is_technical(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let is_punctuation = word.len() <= 8 && word.chars().all(|c| c.is_ascii_punctuation());
    let is_number = word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    is_punctuation
        || is_number
        || KNOWN.contains(&lower.trim_end_matches([':', '=']))
        || is_time(word)
}

/// `10:21:26Z`, `2026-11-22T10:21:26Z`, `2026-11-22`, `[22/Nov/2026:10:21:26`, `+0000]`.
fn is_time(word: &str) -> bool {
    let mut text = word.trim_matches(['[', ']']).to_owned();
    if let Some(month) = MONTHS.iter().find(|month| text.contains(**month)) {
        text = text.replacen(month, "11", 1);
    }
    let is_zone = text.len() == 5 && text.starts_with(['+', '-']);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let shape =
        matches!(text.matches(':').count(), 2 | 3) || text.matches('-').count() == 2 || is_zone;
    let is_clean = text.bytes().all(|byte| byte.is_ascii_digit() || b":-/.,TZ+".contains(&byte));
    // Longer is no instant; a telephone number has no colons, and the dashes of a date stand in two places only.
    let is_date = text.contains(':')
        || is_zone
        || (text.get(4..5), text.get(7..8), text.len()) == (Some("-"), Some("-"), 10);
    is_clean && shape && is_date && digits >= 4 && text.len() <= 32
}
