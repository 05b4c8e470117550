//! Was the content changed after it was signed, in a way that no repair undoes?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static ALTERED: Cause = Cause {
    code: "altered-after-signing",
    title: "The content was changed after it was signed",
    says: "The {changed} is not what the identity provider signed: something in it was changed afterwards, and it is more than white space.",
    fix_sp: "Capture the login again without editing it. If it fails again, look for a proxy, gateway or browser extension that rewrites pages.",
    fix_idp: "Check that nothing changes the message after it is signed: a filter, a template, a gateway.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "altered",
    title: "Altered after signing",
    explains: &["signature"],
    causes: &[&ALTERED],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let mut results = case.report.signatures().results();
    let Some(result) = results.find(|result| result.reference_valid == Some(false)) else {
        return Vec::new();
    };
    let mut evidence = vec![Evidence::new("changed", result.signed.name()).at(result.at)];
    evidence.extend(result.verified_with.iter().map(|c| Evidence::certificate("signed with", c)));
    vec![ALTERED.diagnosis(evidence)]
}
