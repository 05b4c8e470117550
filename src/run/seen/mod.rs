//! Which assertions were judged before: in this run, and with `--seen FILE` in earlier ones.
//!
//! What is in the file is told by the man page and by `record.rs`. Nothing in it changes a verdict.

mod file;
mod record;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use jiff::{Timestamp, Unit};

use file::SeenFile;

use crate::limits::SEEN_BYTES;
use crate::report::{Earlier, Report};

/// By what an assertion is known again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    issuer: String,
    id: String,
}

/// What was judged before.
pub(super) struct Seen {
    /// Where each assertion was judged first.
    known: HashMap<Key, Earlier>,
    /// Bytes of what this run has added to it.
    bytes: usize,
    /// Whether something did not fit.
    pub(super) is_full: bool,
    file: Option<SeenFile>,
    /// What time it is.
    clock: Timestamp,
}

impl Seen {
    /// Reads the file, and creates it when there is none. Before any input is read: a file that cannot be used stops the run.
    ///
    /// # Errors
    /// The sentence to print when it cannot be used.
    pub(super) fn open(path: Option<&Path>, clock: Timestamp) -> Result<Self, String> {
        let file = path.map(SeenFile::open).transpose()?;
        let mut seen = Self {
            known: HashMap::new(),
            bytes: 0,
            is_full: false,
            file,
            clock: to_the_second(clock),
        };
        seen.tell(&mut [])?;
        Ok(seen)
    }

    /// Tells each report of one input where its assertion was judged before, and keeps those that are new.
    ///
    /// What came twice within one input is left to what is told across its messages. The file is locked for this alone, as reading an input may take
    /// long; what other processes have added to it meanwhile is read first.
    ///
    /// # Errors
    /// The sentence to print when the file cannot be used.
    pub(super) fn tell(&mut self, reports: &mut [Report]) -> Result<(), String> {
        let mut locked = self.file.as_mut().map(SeenFile::lock).transpose()?;
        if let Some(locked) = &mut locked {
            for (key, earlier) in locked.news()? {
                self.known.entry(key).or_insert(earlier);
            }
        }
        let mut new = Vec::new();
        let mut of_input = HashSet::new();
        for report in reports {
            let Some((issuer, id)) = report.signed_assertion() else { continue };
            let key = Key { issuer: issuer.to_owned(), id: id.to_owned() };
            if let Some(earlier) = self.known.get(&key) {
                report.set_earlier(earlier.clone());
            } else if of_input.insert(key.clone()) {
                new.push((key, here(report)));
            }
        }
        if let Some(locked) = &mut locked {
            let lines = new.iter().map(|(key, here)| record::written(key, here, self.clock));
            let lines: Result<Vec<_>, _> = lines.collect();
            locked.append(&lines.map_err(|error| error.to_string())?)?;
        }
        for (key, here) in new {
            let bytes = key.issuer.len() + key.id.len() + here.origin.len();
            self.bytes = self.bytes.saturating_add(bytes);
            // Choice: a file's limit stops the run; without a file, what does not fit is not remembered, and that is told.
            if self.bytes <= SEEN_BYTES {
                self.known.insert(key, here);
            } else {
                self.is_full = true;
            }
        }
        Ok(())
    }
}

/// Where a report's message was judged, for a later one with the same assertion.
fn here(report: &Report) -> Earlier {
    let parts = report.parts();
    let origin = match parts.provenance.place() {
        Some(place) => format!("{}: {place}", parts.origin),
        None => parts.origin.clone(),
    };
    Earlier { origin, judged_at: to_the_second(parts.at.instant), recorded_at: None }
}

/// Nobody compares the fractions of a program's own clock.
fn to_the_second(instant: Timestamp) -> Timestamp {
    instant.round(Unit::Second).unwrap_or(instant)
}
