//! The one error of a configuration: where it is, what is wrong, what to do about it.

use std::path::Path;

use super::Source;

/// A configuration that cannot be used.
///
/// Its text never holds a private key: values are shown through `shown`, and the ones that may be keys not at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}; {advice}")]
pub struct ConfigError {
    place: String,
    problem: String,
    advice: String,
}

impl ConfigError {
    pub(super) fn at(
        source: &Source,
        problem: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { place: source.to_string(), problem: problem.into(), advice: advice.into() }
    }

    /// Where it is: `samlcheck.toml:7`, `--issuer`.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong there.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// What to do about it.
    pub fn advice(&self) -> &str {
        &self.advice
    }
}

/// A value as an error shows it: in backticks, its first line, short, without control characters, and never when it may
/// hold a key.
pub(super) fn shown(value: &str) -> String {
    /// Choice: as much as fits a line; the user can look at the named place for the rest.
    const LONGEST: usize = 80;
    /// Choice: half a line of PEM, and longer than any word of a path, a name or an address.
    const KEY: usize = 32;
    // The dashes also where the rest of a first or last line is damaged.
    if value.contains("-----") {
        return "a PEM block".to_owned();
    }
    // A slash ends a run, or paths would be runs; between two slashes a key has more than enough.
    let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '=');
    let mixed = |run: &str| {
        let has = |kind: fn(&u8) -> bool| run.as_bytes().iter().any(kind);
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
    };
    if value.split(|c| !base64(c)).any(|run| run.len() >= KEY && mixed(run)) {
        return "a long base64 text".to_owned();
    }
    // Only the first line: PEM whose own first line was damaged has the key in the others.
    let line = value.lines().next().unwrap_or_default();
    let short: String = line.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    let cut = line.len() < value.len() || line.chars().nth(LONGEST).is_some();
    let dots = if cut { "…" } else { "" };
    format!("`{short}{dots}`")
}

/// A path as an error shows it.
pub(super) fn shown_path(path: &Path) -> String {
    shown(&path.display().to_string())
}

/// Whether a value is the text of a PEM file and not its path.
pub(super) fn looks_like_pem(value: &str) -> bool {
    value.contains("-----BEGIN")
}

/// "; did you mean `entity_id`?" for the known word nearest to `word`, or nothing when none is near.
pub(super) fn suggestion<'w>(
    word: &str,
    known: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    /// Choice: below this likeness (Jaro-Winkler) a suggestion confuses more than it helps.
    const NEAR: f64 = 0.8;
    let word = word.to_lowercase().replace('-', "_");
    known
        .into_iter()
        .map(|candidate| {
            (strsim::jaro_winkler(&word, &candidate.to_lowercase().replace('-', "_")), candidate)
        })
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::shown;

    // Found by fuzzing: the first characters of the key were shown.
    #[test]
    fn a_key_is_not_shown_when_its_first_line_is_damaged_or_missing() {
        let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBkIA0fAa3V02Z4Ds";
        assert_eq!(shown(key), "a long base64 text");
        assert_eq!(shown(&format!("--B--EGIN\n{key}")), "a long base64 text");
        assert_eq!(shown("--B--EGIN\n2rk+zmxb4AVTYwjq\n"), "`--B--EGIN…`");
    }

    // Found by fuzzing: a piece from the middle of a key stood in the first line.
    #[test]
    fn a_piece_of_a_key_is_not_shown_wherever_it_was_cut_out() {
        let piece = "RqRZfmGhRANCAASgK0XB9s285folqLnNBkCf6rXPTaKc";
        assert_eq!(shown(&format!("-----ATE KEY----{piece}\n-----END")), "a PEM block");
        for text in [piece.to_owned(), format!("ATE KEY----{piece}"), format!("a/{piece}")] {
            assert_eq!(shown(&text), "a long base64 text", "{text}");
        }
        for path in [
            "/home/Anna/Work2026/customers/acme/production/idp.pem",
            "https://sts.windows.net/6babcaad-604b-40ac-a9d7-9fd97c0b779f/",
        ] {
            assert_eq!(shown(path), format!("`{path}`"));
        }
    }
}
