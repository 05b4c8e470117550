//! What a capture knows besides the message: whose clocks saw it.

use jiff::{SignedDuration, Timestamp};

use crate::input::{Carried, Exchange};
use crate::report::Provenance;
use crate::windows::{ClockDifference, difference};

/// Facts beside the message. Whatever the input does not tell is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// What the identity provider's clock said when it answered with the message.
    pub idp_date: Option<Timestamp>,
    /// When the browser asked for that answer, by its own clock, and how long it took.
    pub answered: Option<(Timestamp, Option<SignedDuration>)>,
    /// By how much the identity provider's clock is ahead of the browser's, by the `Date` of that answer.
    pub idp_clock: Option<ClockDifference>,
    /// By how much the receiver's clock is ahead of the browser's, by the `Date` of its answer.
    pub receiver_clock: Option<ClockDifference>,
}

impl Capture {
    /// Of the places in which the message was seen.
    #[must_use]
    pub fn of(provenance: &Provenance) -> Self {
        let carried = |who: Carried| {
            let sightings = provenance.sightings.iter().filter(move |s| s.carried == who);
            sightings.map(|sighting| &sighting.exchange)
        };
        let compared = |exchange: &Exchange| {
            let Exchange { started, took, date, .. } = exchange;
            difference((*started)?, *took, (*date)?)
        };
        let answered =
            carried(Carried::Answer).find_map(|answer| Some((answer.started?, answer.took)));
        Self {
            idp_date: carried(Carried::Answer).find_map(|answer| answer.date),
            answered,
            idp_clock: carried(Carried::Answer).find_map(compared),
            receiver_clock: carried(Carried::Request).find_map(compared),
        }
    }
}
