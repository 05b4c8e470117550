//! Takes what may be messages from a capture format, keeps those that are, each once, and puts them in order.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use memchr::memmem;

use super::captured::{Broken, Capture, Captured, CapturedAt, Note, Sighting};
use super::peel::peel;
use super::{CaptureFormat, Recognised, Stop};
use crate::decode::{InputError, InputErrorKind, Layer};
use crate::limits::Limits;

/// What every SAML message mentions somewhere: other XML is not kept.
const OF_SAML: &[u8] = b"urn:oasis:names:tc:SAML:";

/// Candidates of one input that may reach a limit. Choice: 16; each costs as much as an input of its own that reaches it.
const LIMITS_REACHED: usize = 16;

/// How sure a format is that something is a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sure {
    /// It is named like one: that it cannot be read is worth telling.
    Named,
    /// It might be one: dropped when it is not.
    Perhaps,
}

/// Collects the messages of one input.
#[derive(Debug)]
pub(super) struct Collector<'l> {
    pub(super) limits: &'l Limits,
    origin: &'l str,
    /// What the input is and what it was wrapped in as a whole: the first layers of each message.
    outer: Vec<Layer>,
    messages: Vec<Captured>,
    /// Where a message of that hash is among the messages; a few may share one.
    known: HashMap<u64, Vec<usize>>,
    hasher: RandomState,
    /// Bytes that are kept.
    kept: usize,
    /// How many times something was found.
    found: usize,
    /// Candidates that reached a limit.
    limits_reached: usize,
    broken: Vec<Broken>,
    notes: Vec<Note>,
    /// What was met that is told when no message is found.
    instead: Option<Recognised>,
}

impl<'l> Collector<'l> {
    pub(super) fn new(origin: &'l str, limits: &'l Limits, what: &'static str) -> Self {
        Self {
            limits,
            origin,
            outer: vec![Layer::Within(what)],
            messages: Vec::new(),
            known: HashMap::new(),
            hasher: RandomState::new(),
            kept: 0,
            found: 0,
            limits_reached: 0,
            broken: Vec::new(),
            notes: Vec::new(),
            instead: None,
        }
    }

    /// The input as a whole was wrapped in this.
    pub(super) fn inside(mut self, layer: Layer) -> Self {
        self.outer.insert(0, layer);
        self
    }

    /// Takes what may be a message, in any wrapping. Answers whether it was one.
    ///
    /// # Errors
    /// When the capture holds more than a limit allows.
    pub(super) fn offer(
        &mut self,
        bytes: &[u8],
        sighting: Sighting,
        sure: Sure,
    ) -> Result<bool, Stop> {
        match peel(bytes, self.limits) {
            Ok(mut peeled) => {
                let is_saml = || memmem::find(&peeled.bytes, OF_SAML).is_some();
                if sure == Sure::Perhaps && !is_saml() {
                    return Ok(false);
                }
                peeled.layers.splice(..0, self.outer.iter().cloned());
                self.keep(Captured::of(peeled, self.origin, sighting))?;
                Ok(true)
            }
            Err(error) => {
                if matches!(error.kind, InputErrorKind::Limit { .. }) {
                    self.limits_reached += 1;
                    if self.limits_reached > LIMITS_REACHED {
                        return Err(error.kind.into());
                    }
                }
                if sure == Sure::Named {
                    self.tell(sighting, error)?;
                }
                Ok(false)
            }
        }
    }

    /// Whether nothing was found yet.
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.broken.is_empty()
    }

    /// Whether a message was found.
    pub(super) fn has_messages(&self) -> bool {
        !self.messages.is_empty()
    }

    /// How many times something was found, duplicates and what is broken included.
    pub(super) fn found(&self) -> usize {
        self.found
    }

    /// Another protocol or binding was met: that is told when no message is found.
    pub(super) fn met(&mut self, other: Recognised) {
        self.instead = self.instead.or(Some(other));
    }

    /// The time of everything that has none of its own.
    pub(super) fn date(&mut self, at: CapturedAt) {
        let messages = self.messages.iter_mut().flat_map(|message| &mut message.sightings);
        for sighting in messages.chain(self.broken.iter_mut().map(|broken| &mut broken.sighting)) {
            sighting.at.get_or_insert(at);
        }
    }

    /// Tells something about the capture as a whole, once.
    pub(super) fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn keep(&mut self, message: Captured) -> Result<(), Stop> {
        self.found += 1;
        let hash = self.hasher.hash_one(&message.bytes);
        let known = self.known.entry(hash).or_default();
        let same = known.iter().find_map(|&at| {
            self.messages.get(at).filter(|other| other.bytes == message.bytes).map(|_| at)
        });
        if let Some(same) = same.and_then(|at| self.messages.get_mut(at)) {
            same.sightings.extend(message.sightings);
            return Ok(());
        }
        let limit = self.limits.messages;
        if self.messages.len() >= limit {
            return Err(InputErrorKind::Limit { name: "messages", limit }.into());
        }
        self.kept = self.kept.saturating_add(message.bytes.len());
        let limit = self.limits.inflated_bytes;
        if self.kept > limit {
            return Err(InputErrorKind::Limit { name: "inflated bytes", limit }.into());
        }
        known.push(self.messages.len());
        self.messages.push(message);
        Ok(())
    }

    fn tell(&mut self, sighting: Sighting, error: InputError) -> Result<(), Stop> {
        self.found += 1;
        let limit = self.limits.messages;
        if self.broken.len() >= limit {
            return Err(InputErrorKind::Limit { name: "messages", limit }.into());
        }
        self.broken.push(Broken { sighting, error });
        Ok(())
    }

    /// Everything, in order of capture: by time where it is known, else as it stood.
    pub(super) fn finish(mut self, format: &CaptureFormat) -> Result<Capture, InputError> {
        if self.is_empty() {
            let kind = InputErrorKind::NotSaml(self.instead.unwrap_or(format.empty));
            return Err(InputError { kind, layers: Vec::new() });
        }
        self.messages.iter_mut().for_each(Captured::settle);
        self.messages.sort_by_key(|message| {
            let number = message.sightings.first().and_then(|sighting| sighting.exchange.number);
            (message.captured_at.map(|at| at.instant), number)
        });
        Ok(Capture {
            format: Some(format.what),
            messages: self.messages,
            broken: self.broken,
            notes: self.notes,
        })
    }
}
