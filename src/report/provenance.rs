//! Where in an input a message was seen, and when: what the capture knows of it.

use jiff::Timestamp;

use crate::input::{Captured, CapturedAt, Note, Sighting};

/// Where in an input a message was seen, and when it was captured.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// Its number among the messages of the input, counted from 1, and how many there are; nothing when it is the only one.
    pub number: Option<(usize, usize)>,
    /// When it was captured.
    pub captured_at: Option<CapturedAt>,
    /// The `RelayState` beside it.
    pub relay_state: Option<String>,
    /// Every place it was seen in, the delivery to its receiver first.
    pub sightings: Vec<Sighting>,
    /// What should be told about the input as a whole.
    pub notes: Vec<Note>,
    /// Where its assertion was judged before.
    pub earlier: Option<Earlier>,
}

/// When and where an assertion of the same issuer and with the same ID was judged first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The input, and the place in it.
    pub origin: String,
    /// The moment that it was judged at.
    pub judged_at: Timestamp,
    /// When an earlier run wrote that down; nothing when it was this run.
    pub recorded_at: Option<Timestamp>,
}

impl Provenance {
    /// Of a message that was found.
    #[must_use]
    pub fn of(captured: &Captured) -> Self {
        Self {
            number: None,
            captured_at: captured.captured_at,
            relay_state: captured.relay_state.clone(),
            sightings: captured.sightings.clone(),
            notes: Vec::new(),
            earlier: None,
        }
    }

    /// The foremost place it was seen in; nothing when the input is the message alone.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        let place = self.sightings.first()?.place.as_str();
        (!place.is_empty()).then_some(place)
    }
}
