//! Where in its input a message was seen, for the JSON document.

use serde::Serialize;

use crate::input::{Carried, Sighting};
use crate::report::Provenance;
use crate::time::rfc3339;

/// The part of a report that says where the message came from. Absent members are left out: a message alone has none of them.
#[derive(Serialize)]
pub(super) struct ProvenanceDocument<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    captured_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relay_state: Option<&'r str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    seen: Vec<SightingDocument<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<NoteDocument>,
}

#[derive(Serialize)]
struct Number {
    number: usize,
    of: usize,
}

#[derive(Serialize)]
struct NoteDocument {
    code: &'static str,
    says: &'static str,
}

#[derive(Serialize)]
struct SightingDocument<'r> {
    place: &'r str,
    carried_by: Option<&'static str>,
    method: Option<&'r str>,
    sent_to: Option<&'r str>,
    status: Option<u16>,
    at: Option<String>,
    server_date: Option<String>,
}

impl<'r> ProvenanceDocument<'r> {
    pub(super) fn of(provenance: &'r Provenance) -> Self {
        let seen = provenance.sightings.iter().filter(|sighting| !sighting.place.is_empty());
        Self {
            message: provenance.number.map(|(number, of)| Number { number, of }),
            captured_at: provenance.captured_at.map(|at| rfc3339(at.instant)),
            relay_state: provenance.relay_state.as_deref(),
            seen: seen.map(SightingDocument::of).collect(),
            notes: provenance
                .notes
                .iter()
                .map(|note| NoteDocument { code: note.name(), says: note.says() })
                .collect(),
        }
    }
}

impl<'r> SightingDocument<'r> {
    fn of(sighting: &'r Sighting) -> Self {
        let exchange = &sighting.exchange;
        Self {
            place: &sighting.place,
            carried_by: match sighting.carried {
                Carried::Alone => None,
                Carried::Request => Some("request"),
                Carried::Answer => Some("answer"),
            },
            method: exchange.method.as_deref(),
            sent_to: exchange.sent_to.as_deref(),
            status: exchange.status,
            at: sighting.at.map(|at| rfc3339(at.instant)),
            server_date: exchange.date.map(rfc3339),
        }
    }
}
