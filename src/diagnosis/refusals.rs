//! What products say when they refuse a login, and whose turn it is then: the table `refusals.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Cause;
use super::refused::{OTHER, RULE};

/// Who can do something about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Acts {
    /// Whoever runs the identity provider.
    Idp,
    /// Whoever runs the service provider.
    Sp,
    /// Both have to compare what they registered.
    Both,
    /// The person who logs in.
    User,
}

impl Acts {
    /// In words.
    pub(super) fn says(self) -> &'static str {
        match self {
            Self::Idp => "the administrator of the identity provider",
            Self::Sp => "the administrator of the service provider",
            Self::Both => "the administrators of both sides, who have to compare their settings",
            Self::User => {
                "the user; if it happens again, the administrator of the identity provider"
            }
        }
    }
}

/// What may be said, and what it means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusal {
    pub(super) said: String,
    /// The code of what it names.
    pub(super) cause: String,
    pub(super) acts: Acts,
    pub(super) means: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) refusal: Vec<Refusal>,
}

pub(super) const TABLE: &str = include_str!("refusals.toml");
/// The table, as it is compiled in. What a test has parsed once parses always; without it every refusal would be one of unknown reason.
static KNOWN: LazyLock<Vec<Refusal>> =
    LazyLock::new(|| toml::from_str::<Table>(TABLE).map(|table| table.refusal).unwrap_or_default());

impl Refusal {
    /// What it names.
    pub(super) fn cause(&self) -> &'static Cause {
        RULE.causes.iter().find(|cause| cause.code == self.cause).copied().unwrap_or(&OTHER)
    }
}

/// The first row of the table that is said. What is said comes in small letters.
pub(super) fn known(said: &[String]) -> Option<&'static Refusal> {
    KNOWN.iter().find(|refusal| said.iter().any(|text| says(text, &refusal.said)))
}

/// Whether the text has this part; a number in it must be the whole number.
fn says(text: &str, part: &str) -> bool {
    let numbered = part.ends_with(|c: char| c.is_ascii_digit());
    text.match_indices(part).any(|(at, _)| {
        let after = text.get(at.saturating_add(part.len())..).unwrap_or_default();
        !numbered || !after.starts_with(|c: char| c.is_ascii_digit())
    })
}
