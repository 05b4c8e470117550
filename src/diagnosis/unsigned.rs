//! Is signing switched off at the identity provider?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static NOT_SIGNED: Cause = Cause {
    code: "not-signed",
    title: "Nothing in the message is signed",
    says: "Neither the Response nor the Assertion carries a signature where one counts, so anybody could have written it.",
    fix_sp: "Nothing: an unsigned login must not be accepted.",
    fix_idp: "Switch on signing of the assertion for this application; if it is on, look for a proxy that removes signatures.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "unsigned",
    title: "Signing is off",
    explains: &["signature"],
    causes: &[&NOT_SIGNED],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let message = case.report.message();
    let Some(assertion) = message.and_then(|message| message.assertion()) else {
        return Vec::new();
    };
    if case.report.signatures().results().next().is_some() {
        return Vec::new();
    }
    let subject = case.report.subject().unwrap_or("nobody");
    let unsigned = Evidence::new("it would let in", subject).at(assertion.at);
    vec![NOT_SIGNED.diagnosis(vec![unsigned])]
}
