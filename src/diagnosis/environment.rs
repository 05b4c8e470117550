//! Is this the right message for another environment: the sandbox, production, another org?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::config::endpoint::{organization_id, same_id};
use crate::report::CandidateReport;

static ANOTHER: Cause = Cause {
    code: "another-environment",
    title: "The message is meant for another environment",
    says: "Everything in the message fits the configuration {fits}, not {held against}: it was sent to, or captured from, another environment.",
    fix_sp: "Judge it with --sp and that name. If users should log in here, give the identity provider the values of this environment.",
    fix_idp: "Use the application that was made for this environment, or correct its Entity ID and reply URL.",
    confidence: Confidence::Proven,
};
static REFRESHED: Cause = Cause {
    code: "organization-changed",
    title: "The organization id has changed, as after a sandbox refresh",
    says: "The message goes to the right address, but names another organization id (so=); a refreshed sandbox has a new one.",
    fix_sp: "Copy the login URL again from the single sign-on settings of the org as it is now; check that single sign-on is still switched on there.",
    fix_idp: "Replace the reply URL (recipient, destination) of this application with the org's current login URL.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "environment",
    title: "Right message, wrong environment",
    explains: &["issuer", "audience", "recipient", "signature", "portal-organization"],
    causes: &[&ANOTHER, &REFRESHED],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let used = &case.report.parts().configuration;
    let Some(name) = used.name.as_deref() else { return Vec::new() };
    let is_used = |candidate: &&CandidateReport| candidate.name == name;
    let Some(own) = used.candidates.iter().find(is_used) else { return Vec::new() };
    let fits = |candidate: &CandidateReport, fields: &[&str]| {
        fields.iter().all(|field| candidate.agrees.contains(field))
    };
    const ALL: [&str; 3] = ["Issuer", "Audience", "Recipient"];
    let other = used.candidates.iter().filter(|candidate| !is_used(candidate));
    if let Some(other) = { other }.find(|candidate| fits(candidate, &ALL))
        && !fits(own, &ALL)
    {
        let mut evidence =
            vec![Evidence::new("fits", other.name.as_str()), Evidence::new("held against", name)];
        for difference in own.differs.iter().filter(|d| ALL.contains(&d.field)) {
            let found = difference.found.first().map(String::as_str).unwrap_or_default();
            evidence.push(
                Evidence::new(difference.field, found).expected(difference.expected.as_str()),
            );
        }
        return vec![ANOTHER.diagnosis(evidence)];
    }
    refreshed(case).into_iter().collect()
}

/// The same address with another organization id.
fn refreshed(case: &Case<'_>) -> Option<Diagnosis> {
    let failures = ["recipient-mismatch", "recipient-destination"];
    let failure = failures.iter().find_map(|code| case.failure(code))?;
    let pairs = failure.expected.iter().flat_map(|e| failure.found.iter().map(move |f| (e, f)));
    let (expected, found) = pairs.map(|(e, f)| (e.text.as_str(), f.as_str())).find(|(e, f)| {
        let base = |url: &str| url.split_once('?').map(|(b, _)| b.trim_end_matches('/').to_owned());
        match (organization_id(e), organization_id(f)) {
            (Some(a), Some(b)) => {
                !same_id(a, b) && base(e) == base(f) && a.get(..15) != b.get(..15)
            }
            (Some(_) | None, _) => false,
        }
    })?;
    let evidence = Evidence::new("recipient", found).expected(expected).at(failure.at);
    Some(REFRESHED.diagnosis(vec![evidence]).explaining(vec!["recipient", "portal-organization"]))
}
