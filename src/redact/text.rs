//! Text of any kind, such as a copied command or a log: every word that carries something is taken by itself.

use super::REMOVED;
use super::rewrite::Rewriter;

/// Headers whose value is a secret, in lower case.
const SECRET_HEADERS: [&str; 6] = [
    "cookie:",
    "authorization:",
    "x-auth-token:",
    "x-api-key:",
    "x-csrf-token:",
    "proxy-authorization:",
];

/// What ends a word.
const ENDS: [char; 12] = [' ', '\t', '\r', '\n', '"', '\'', '`', '<', '>', '^', '(', ')'];

impl Rewriter<'_> {
    /// Text that is nothing else: addresses and what was learned are replaced, words with a message in them rewritten.
    pub(super) fn prose(&mut self, text: &str, level: usize) -> String {
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let lower = line.to_ascii_lowercase();
            let secret =
                SECRET_HEADERS.iter().filter_map(|name| Some(lower.find(name)? + name.len())).min();
            match secret.and_then(|at| Some((line.get(..at)?, line.get(at..)?))) {
                Some((before, value)) => {
                    let end = value.find(['\'', '"', '^', '\r', '\n']).unwrap_or(value.len());
                    out.push_str(&self.words(before, level));
                    out.push_str(&format!(" {REMOVED}"));
                    out.push_str(&self.words(value.get(end..).unwrap_or_default(), level));
                }
                None => out.push_str(&self.words(line, level)),
            }
        }
        out
    }

    fn words(&mut self, line: &str, level: usize) -> String {
        let mut out = String::with_capacity(line.len());
        let mut plain = String::new();
        for piece in line.split_inclusive(ENDS) {
            let word = piece.trim_end_matches(ENDS);
            let rewritten = if word.len() < 8 || level == 0 {
                None
            } else if let Some(done) = self.parameters(word, level) {
                Some(done)
            } else {
                self.base64(word, level).map(|done| done.unwrap_or_else(|| REMOVED.to_owned()))
            };
            match rewritten {
                Some(rewritten) => {
                    out.push_str(&self.plain(&plain));
                    plain.clear();
                    out.push_str(&rewritten);
                    plain.push_str(piece.get(word.len()..).unwrap_or_default());
                }
                None if is_token(word) => plain.push_str(&piece.replace(word, REMOVED)),
                None => plain.push_str(piece),
            }
        }
        out.push_str(&self.plain(&plain));
        out
    }
}

/// A JSON Web Token.
fn is_token(word: &str) -> bool {
    word.starts_with("eyJ") && word.matches('.').count() >= 2
}
