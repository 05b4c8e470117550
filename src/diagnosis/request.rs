//! Does the message answer another request than the one that the capture shows?
//!
//! What the capture shows is known only when all of its messages were read, after each was judged; so this rule speaks last.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::flow::{Around, FlowFinding, Side, code};

static ANOTHER: Cause = Cause {
    code: "answers-another-request",
    title: "The message answers another request",
    says: "The message says that it answers a request that is not the one in the capture: another tab, a bookmark or the back button.",
    fix_sp: "Start again from the My Domain login page, in a new window.",
    fix_idp: "An unsolicited login must carry no InResponseTo.",
    confidence: Confidence::Likely,
};
static TWICE: Cause = Cause {
    code: "delivered-twice",
    title: "The message was delivered twice",
    says: "The capture shows the same login delivered more than once; a service provider takes it the first time and refuses it as a replay the second.",
    fix_sp: "Start again from the My Domain login page; do not reload the page that posts the login.",
    fix_idp: "Issue a new assertion for each login, and post it once.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "request",
    title: "InResponseTo, and messages that are delivered twice",
    explains: &[],
    causes: &[&ANOTHER, &TWICE],
    when: When::Captured,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    case.report.around().map(seen).unwrap_or_default()
}

/// What the capture shows of it.
pub(super) fn seen(around: &Around) -> Vec<Diagnosis> {
    let findings = || around.login.iter().flat_map(|login| &login.findings);
    let known = [
        (&ANOTHER, &[code::REQUEST_UNKNOWN.id][..]),
        (&TWICE, &[code::POSTED_TWICE.id, code::ASSERTION_TWICE.id][..]),
    ];
    let told = |(cause, ids): (&'static Cause, &[&str])| {
        // A capture that began after the request, or without one, tells nothing of what was asked.
        let is_held = |finding: &FlowFinding| {
            finding.code.id != code::REQUEST_UNKNOWN.id || !finding.expected.is_empty()
        };
        let mut known = findings().filter(|finding| ids.contains(&finding.code.id));
        let finding = known.find(|finding| is_held(finding))?;
        Some(cause.diagnosis(evidence(finding)))
    };
    known.into_iter().filter_map(told).collect()
}

fn evidence(finding: &FlowFinding) -> Vec<Evidence> {
    let texts = |sides: &[Side]| -> Vec<String> {
        sides.iter().map(|side| format!("{} ({})", side.text, side.seen)).collect()
    };
    let sides = [("asked", &finding.expected), ("answered", &finding.found)];
    let sides = sides.into_iter().filter(|(_, sides)| !sides.is_empty());
    sides.map(|(label, sides)| Evidence::all(label, texts(sides))).collect()
}
