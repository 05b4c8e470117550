//! What a capture knows besides the message: whose clocks saw it.

use jiff::Timestamp;

use crate::input::{Carried, Exchange};
use crate::report::Provenance;

/// Facts beside the message. Whatever the input does not tell is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// When the message passed.
    pub captured_at: Option<Timestamp>,
    /// What the identity provider's clock said when it answered with the message.
    pub idp_date: Option<Timestamp>,
    /// When the browser asked for that answer, by its own clock.
    pub asked_at: Option<Timestamp>,
}

impl Capture {
    /// Of the places in which the message was seen.
    #[must_use]
    pub fn of(provenance: &Provenance) -> Self {
        let answer = |exchange: &&Exchange| exchange.date.is_some();
        let answers =
            provenance.sightings.iter().filter(|sighting| sighting.carried == Carried::Answer);
        let answer = answers.map(|sighting| &sighting.exchange).find(answer);
        Self {
            captured_at: provenance.captured_at.map(|at| at.instant),
            idp_date: answer.and_then(|exchange| exchange.date),
            asked_at: answer.and_then(|exchange| exchange.started),
        }
    }
}
