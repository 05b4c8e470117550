//! Does a Signature hold what does not belong into one, which no reformatting explains?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::crypto::ProblemKind;

static FOREIGN: Cause = Cause {
    code: "foreign-signature-content",
    title: "The signature does not have the parts that a signature has",
    says: "The Signature holds something that does not belong into one, so that nothing in it can be believed; an attack, or a program that damages signatures.",
    fix_sp: "Do not accept it; capture the message again, and if it looks the same keep it and tell your security team.",
    fix_idp: "Compare with the message that the identity provider sent; look for a proxy that rewrites it.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "foreign-signature",
    title: "Foreign content in the signature",
    explains: &["format", "signature", "subject", "issuer", "audience", "recipient"],
    causes: &[&FOREIGN],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let kinds = [ProblemKind::Structure, ProblemKind::Transform];
    let mut problems = case.report.signatures().results().flat_map(|result| &result.problems);
    let foreign = problems.find(|problem| kinds.contains(&problem.kind)).map(|problem| {
        let found = Evidence::new("found", problem.found.as_str());
        FOREIGN.diagnosis(vec![found.expected(problem.expected.as_str()).at(problem.at)])
    });
    foreign.into_iter().collect()
}
