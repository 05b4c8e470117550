//! Holds a message that was altered against an intact copy of it: in the same input, or in one that was judged before in the same run.
//!
//! A login often passes twice, in the identity provider's page and in what the browser posts. When the two differ, what differs is what was
//! changed on the way.

use std::collections::HashMap;
use std::rc::Rc;

use crate::config::{Configuration, SpConfig};
use crate::diagnosis;
use crate::diff::Side;
use crate::input::Capture;
use crate::limits::Limits;
use crate::report::Report;
use crate::validate::parse;

/// Bytes of intact messages that one run keeps for this. Choice: 16 MiB, a thousand logins.
const KEPT: usize = 16 << 20;

/// A message whose signatures hold.
struct Intact {
    bytes: Vec<u8>,
    place: String,
}

/// The intact messages of a run, by the IDs of their Response and their Assertion.
#[derive(Default)]
pub(super) struct Copies {
    known: HashMap<String, Rc<Intact>>,
    bytes: usize,
}

impl Copies {
    /// Tells each of `reports`, each beside the number of its message in `capture`, what an intact copy of it shows.
    pub(super) fn tell(
        &mut self,
        capture: &Capture,
        reports: &mut [(usize, Report)],
        configuration: &Configuration,
        limits: &Limits,
    ) {
        let bytes = |number: usize| {
            let message = capture.messages.get(number.checked_sub(1)?)?;
            Some(message.bytes.as_slice())
        };
        for (number, report) in reports.iter().filter(|(_, report)| is_intact(report)) {
            if let Some(bytes) = bytes(*number) {
                self.keep(report, bytes);
            }
        }
        for (number, report) in reports.iter_mut() {
            if !diagnosis::is_altered(report.diagnoses()) {
                continue;
            }
            let copy = ids(report).find_map(|id| self.known.get(id)).map(Rc::clone);
            let (Some(copy), Some(altered)) = (copy, bytes(*number)) else { continue };
            let config = report.parts().configuration.used(configuration);
            let keys = config.map(SpConfig::private_keys).unwrap_or_default();
            let side = |bytes| Side::read(parse(bytes, limits).ok()?, &keys, limits).ok();
            if let (Some(good), Some(bad)) = (side(&copy.bytes), side(altered)) {
                diagnosis::altered_beside(report.diagnoses_mut(), (&good, &bad), &copy.place);
            }
        }
    }

    fn keep(&mut self, report: &Report, bytes: &[u8]) {
        let is_known = ids(report).any(|id| self.known.contains_key(id));
        let size = self.bytes.saturating_add(bytes.len());
        if is_known || size > KEPT {
            return;
        }
        self.bytes = size;
        let origin = &report.parts().origin;
        let place = match report.parts().provenance.place() {
            Some(place) => format!("{origin}: {place}"),
            None => origin.clone(),
        };
        let intact = Rc::new(Intact { bytes: bytes.to_vec(), place });
        for id in ids(report) {
            self.known.insert(id.to_owned(), Rc::clone(&intact));
        }
    }
}

/// Whether something is signed and every signature holds, whatever else failed.
fn is_intact(report: &Report) -> bool {
    let mut results = report.signatures().results().peekable();
    results.peek().is_some() && results.all(|result| result.is_valid())
}

/// The IDs that the copies of a message share.
fn ids(report: &Report) -> impl Iterator<Item = &str> {
    let response = report.message().and_then(|message| message.response()?.id.as_deref());
    response.into_iter().chain(report.assertion_id())
}
