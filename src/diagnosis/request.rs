//! Does the message answer another request than the one that was made?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static ANOTHER: Cause = Cause {
    code: "answers-another-request",
    title: "The message answers another request",
    says: "The message says that it answers the request {answers}, but the request in the capture is {asked}: another tab, a bookmark or the back button.",
    fix_sp: "Start again from the My Domain login page, in a new window.",
    fix_idp: "An unsolicited login must carry no InResponseTo.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "request",
    title: "InResponseTo",
    explains: &[],
    causes: &[&ANOTHER],
    when: When::Always,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let Some(asked) = case.capture.request_id.as_deref() else { return Vec::new() };
    let response = case.report.message().and_then(|message| message.response());
    let Some(answers) = response.and_then(|response| response.in_response_to.as_deref()) else {
        return Vec::new();
    };
    if answers == asked {
        return Vec::new();
    }
    let evidence = vec![Evidence::new("answers", answers), Evidence::new("asked", asked)];
    vec![ANOTHER.diagnosis(evidence)]
}
