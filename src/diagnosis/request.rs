//! Does the message answer another request than the one that the capture shows?
//!
//! Choice: what a message names is told only when there is something to hold it against: a request in the capture, or an error of the service provider
//! behind it. Of a message alone nobody can say whether its request is still open; the list below an accepted message names that (platform §5).
//!
//! What the capture shows is known only when all of its messages were read, after each was judged; so this rule speaks last.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::flow::{Around, FlowFinding, Side, code};

static ANOTHER: Cause = Cause {
    code: "answers-another-request",
    title: "The message answers another request",
    says: "The message comes back with the RelayState of a request in the capture, but names another request: a bookmarked or stored login page, or the back button.",
    fix_sp: "Start again from the My Domain login page, in a new window.",
    fix_idp: "Write the ID of the request that is answered into InResponseTo; an unsolicited login must carry none.",
    confidence: Confidence::Likely,
};
static OTHER_TAB: Cause = Cause {
    code: "answers-request-of-another-tab",
    title: "The message answers a request of another tab or window",
    says: "There are requests in the capture, and the message names none of them: a login that was begun in another tab or earlier, whose request the service provider may no longer know.",
    fix_sp: "Close the other tabs, and start again from the My Domain login page in a new window.",
    fix_idp: "Write the ID of the request that is answered into InResponseTo; an unsolicited login must carry none.",
    confidence: Confidence::Likely,
};
static UNSOLICITED: Cause = Cause {
    code: "names-a-request-nobody-made",
    title: "The message names a request that the capture does not show",
    says: "The service provider did not take the message, and the request that it names is not in the capture: it may be too old, or nobody made it and the identity provider started the login itself.",
    fix_sp: "Start again from the My Domain login page and capture from there; LOGIN_SAML_INVALID_IN_RES_TO in the login history confirms it.",
    fix_idp: "An unsolicited login must carry no InResponseTo.",
    confidence: Confidence::Possible,
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
    causes: &[&ANOTHER, &OTHER_TAB, &UNSOLICITED, &TWICE],
    when: When::Captured,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    case.report.around().map(seen).unwrap_or_default()
}

/// What the capture shows of it.
pub(super) fn seen(around: &Around) -> Vec<Diagnosis> {
    let Some(login) = &around.login else { return Vec::new() };
    let find = |ids: &[&str]| login.findings.iter().find(|finding| ids.contains(&finding.code.id));
    let unknown = find(&[code::REQUEST_UNKNOWN.id]).and_then(|finding| {
        let refused = [code::ANSWERED_ERROR.id, code::ERROR_PAGE.id, code::LOGIN_LOOP.id];
        let cause = match (login.paired_by, finding.expected.is_empty()) {
            (Some(_), _) => &ANOTHER,
            (None, false) => &OTHER_TAB,
            (None, true) => find(&refused).map(|_| &UNSOLICITED)?,
        };
        Some(cause.diagnosis(evidence(finding)))
    });
    let twice = find(&[code::POSTED_TWICE.id, code::ASSERTION_TWICE.id]);
    let twice = twice.map(|finding| TWICE.diagnosis(evidence(finding)));
    unknown.into_iter().chain(twice).collect()
}

fn evidence(finding: &FlowFinding) -> Vec<Evidence> {
    let texts = |sides: &[Side]| -> Vec<String> {
        sides.iter().map(|side| format!("{} ({})", side.text, side.seen)).collect()
    };
    let sides = [("asked", &finding.expected), ("answered", &finding.found)];
    let sides = sides.into_iter().filter(|(_, sides)| !sides.is_empty());
    sides.map(|(label, sides)| Evidence::all(label, texts(sides))).collect()
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
