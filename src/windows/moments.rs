//! Two moments to judge a message at, and how the answers differ: whoever looks at an old capture wants to know both.

use jiff::Timestamp;

use super::{Standing, Window, standing};

/// A moment a message may be judged at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// When the tool runs.
    Now,
    /// When the message was captured.
    Captured,
    /// When it was issued.
    Issued,
}

/// A moment, and how it stands to the windows that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Which.
    pub which: Which,
    /// The instant.
    pub instant: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

/// The judged moment beside the other that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The moment that was judged at.
    pub judged: Moment,
    /// The other, when there is one.
    pub other: Option<Moment>,
}

/// Holds both moments against the windows; nothing when no window counts.
#[must_use]
pub fn comparison(
    windows: &[Window],
    judged: (Which, Timestamp),
    other: Option<(Which, Timestamp)>,
) -> Option<Comparison> {
    let moment = |(which, instant): (Which, Timestamp)| {
        Some(Moment { which, instant, standing: standing(windows, instant)? })
    };
    Some(Comparison { judged: moment(judged)?, other: other.and_then(moment) })
}

impl Comparison {
    /// Whether a reader should be told: the answers differ, or what is judged will not be so for long.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.other.is_some_and(|other| other.standing.is_valid() != self.judged.standing.is_valid())
    }
}
