//! Were the attributes of a portal login sent to an employee, or only one of the pair?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static HALF: Cause = Cause {
    code: "portal-attributes-incomplete",
    title: "Only one of portal_id and organization_id came",
    says: "A login to a portal needs portal_id and organization_id; this message carries only one of them.",
    fix_sp: "Nothing, unless portal users log in here: then look up both ids.",
    fix_idp: "Send both attributes for portal users, and neither of them for employees.",
    confidence: Confidence::Proven,
};
static EMPLOYEE: Cause = Cause {
    code: "portal-attributes-wrong",
    title: "The portal or organization id is not the configured one",
    says: "The message carries the ids of a portal or organization that this configuration does not have; a claim rule may send them to everybody.",
    fix_sp: "Compare the ids with the org's and the portal's; 15 and 18 characters mean the same.",
    fix_idp: "Send portal_id and organization_id only for portal users, with the ids of this org.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "portal",
    title: "Portal or organization attributes",
    explains: &["portal-organization"],
    causes: &[&HALF, &EMPLOYEE],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let failures = case.failures().filter(|(check, _)| *check == "portal-organization");
    let failures: Vec<_> = failures.map(|(_, failure)| failure).collect();
    if failures.is_empty() {
        return Vec::new();
    }
    let half = failures.iter().any(|failure| failure.code.id.ends_with("-missing"));
    let evidence = failures.iter().map(|failure| {
        let found = Evidence::all("found", failure.found.clone()).at(failure.at);
        match failure.expected.first() {
            Some(expected) => found.expected(expected.text.as_str()),
            None => found,
        }
    });
    let cause = if half { &HALF } else { &EMPLOYEE };
    vec![cause.diagnosis(evidence.collect())]
}
