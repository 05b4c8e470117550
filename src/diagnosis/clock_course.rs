//! Over several logins of one identity provider: are they all off by the same time, which is a clock, or each by another, which is people?

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::clock::{AHEAD, BEHIND, instant};
use super::{Cause, Confidence, Evidence};
use crate::report::Report;
use crate::time::words;

pub(super) static STEADY: Cause = Cause {
    code: "idp-clock-off-steadily",
    title: "All logins of this identity provider are off by the same time",
    says: "All {logins} logins of this identity provider are off by the same time ({offsets}): its clock is wrong, and the users are not slow.",
    fix_sp: "Nothing; a larger skew only hides it.",
    fix_idp: "Set the server's clock by NTP, and check its time zone.",
    confidence: Confidence::Likely,
};
pub(super) static SCATTERED: Cause = Cause {
    code: "logins-arrive-late",
    title: "Logins of this identity provider arrive late by different times",
    says: "The {logins} logins of this identity provider arrive after different times ({offsets}): its clock is not the cause, users wait or old pages are posted again.",
    fix_sp: "Try again from the beginning, without a bookmark or the back button.",
    fix_idp: "Nothing is wrong with its clock; check how long its assertions are valid, and that its pages are not kept by a browser or a proxy.",
    confidence: Confidence::Likely,
};

/// Logins within this of each other are off by the same time. Choice: 60 seconds; the pages between take less.
const SAME: SignedDuration = SignedDuration::from_secs(60);
/// As many identity providers, and logins of each, as are remembered. Choice: 100 and 1000.
const MOST_IDPS: usize = 100;
const MOST_LOGINS: usize = 1000;

/// What is known of the logins of a run.
#[derive(Default)]
pub(crate) struct ClockCourse {
    idps: HashMap<String, Idp>,
}

#[derive(Default)]
struct Idp {
    /// When each login was issued, and how long after that it passed.
    logins: Vec<(Timestamp, SignedDuration)>,
    /// It is told once.
    told: bool,
}

impl ClockCourse {
    /// Tells the first report of each identity provider whose times fail what its logins have in common, once there are two. Only logins whose moment
    /// the input knows count.
    pub(crate) fn tell<'r>(&mut self, reports: impl Iterator<Item = &'r mut Report>) {
        let mut failed = Vec::new();
        for report in reports {
            let Some((issuer, issued, passed)) = login(report) else { continue };
            let is_full = self.idps.len() >= MOST_IDPS && !self.idps.contains_key(&issuer);
            if is_full {
                continue;
            }
            let idp = self.idps.entry(issuer.clone()).or_default();
            let is_new = idp.logins.iter().all(|(known, _)| *known != issued);
            if is_new && idp.logins.len() < MOST_LOGINS {
                idp.logins.push((issued, passed.duration_since(issued)));
            }
            failed.push((issuer, report));
        }
        for (issuer, report) in failed {
            let Some(idp) = self.idps.get_mut(&issuer).filter(|idp| !idp.told) else { continue };
            idp.told = tell(idp, report);
        }
    }
}

/// Whether it was told.
fn tell(idp: &Idp, report: &mut Report) -> bool {
    let offsets = || idp.logins.iter().map(|(_, offset)| *offset);
    let (Some(least), Some(most)) = (offsets().min(), offsets().max()) else { return false };
    let causes = [&AHEAD, &BEHIND];
    let mut diagnoses = report.diagnoses_mut().iter_mut();
    let found = diagnoses.find(|diagnosis| causes.contains(&diagnosis.cause));
    let (Some(diagnosis), 2..) = (found, idp.logins.len()) else { return false };
    let is_same = most.checked_sub(least).is_some_and(|spread| spread <= SAME);
    let is_measured = diagnosis.evidence.iter().any(|evidence| evidence.label == "measured");
    let cause = match (is_same, diagnosis.cause == &BEHIND) {
        (true, _) => &STEADY,
        (false, true) => &SCATTERED,
        // What is issued in the future is no matter of waiting.
        (false, false) => return false,
    };
    if !is_measured {
        diagnosis.cause = cause;
    }
    diagnosis.evidence.push(Evidence::new("logins", idp.logins.len().to_string()));
    let range = if words(least) == words(most) {
        said(least)
    } else {
        format!("{} to {}", said(least), said(most))
    };
    diagnosis.evidence.push(Evidence::new("offsets", range));
    true
}

/// `4 min early`, `12 min late`.
fn said(offset: SignedDuration) -> String {
    let side = if offset.is_negative() { "early" } else { "late" };
    format!("{} {side}", words(offset))
}

/// Who issued it, when by its own clock, and when it passed.
fn login(report: &Report) -> Option<(String, Timestamp, Timestamp)> {
    let passed = report.parts().provenance.captured_at?.instant;
    let assertion = report.message()?.assertion()?;
    let issued = instant(assertion.issue_instant.as_ref())?;
    Some((assertion.issuer.as_ref()?.value.text.clone(), issued, passed))
}
