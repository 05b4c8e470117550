//! Was the content changed after it was signed, in a way that no repair undoes?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::diff::{Fact, Side, changes};

static ALTERED: Cause = Cause {
    code: "altered-after-signing",
    title: "The content was changed after it was signed",
    says: "The {changed} is not what the identity provider signed: something in it was changed afterwards, and it is more than white space.",
    fix_sp: "Capture the login again without editing it. If it fails again, look for a proxy, gateway or browser extension that rewrites pages.",
    fix_idp: "Check that nothing changes the message after it is signed: a filter, a template, a gateway.",
    confidence: Confidence::Proven,
};
static BESIDE_A_COPY: Cause = Cause {
    code: "altered-copy",
    title: "The content was changed after it was signed, and an intact copy shows where",
    says: "The {changed} is not what the identity provider signed: another copy of the same message is intact ({intact copy}), and differs from this one in what is shown here.",
    fix_sp: "Look at what stands between the two places: a proxy, a gateway, a browser extension, an editor. Use the intact copy.",
    fix_idp: "Nothing, unless both copies come from your own servers.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "altered",
    title: "Altered after signing",
    explains: &["signature"],
    causes: &[&ALTERED, &BESIDE_A_COPY],
    when: When::Unexplained,
    run,
};

/// As many differences from an intact copy as are shown. Choice: 10 fill half a screen.
const SHOWN: usize = 10;

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let mut results = case.report.signatures().results();
    let Some(result) = results.find(|result| result.reference_valid == Some(false)) else {
        return Vec::new();
    };
    let mut evidence = vec![Evidence::new("changed", result.signed.name()).at(result.at)];
    evidence.extend(result.verified_with.iter().map(|c| Evidence::certificate("signed with", c)));
    vec![ALTERED.diagnosis(evidence)]
}

/// Whether it is among what was diagnosed that the content was changed, and nothing tells yet how.
pub(crate) fn is_altered(diagnoses: &[Diagnosis]) -> bool {
    diagnoses.iter().any(|diagnosis| diagnosis.cause == &ALTERED)
}

/// Adds what an intact copy, seen at `place`, has otherwise. What differs only where logins always do stays as it was told.
pub(crate) fn altered_beside(
    diagnoses: &mut [Diagnosis],
    (intact, altered): (&Side, &Side),
    place: &str,
) {
    let changes = changes(intact, altered);
    let told = diagnoses.iter_mut().find(|diagnosis| diagnosis.cause == &ALTERED);
    let (Some(told), false) = (told, changes.is_empty()) else { return };
    told.cause = &BESIDE_A_COPY;
    told.evidence.retain(|evidence| evidence.label == "changed");
    told.evidence.push(Evidence::new("intact copy", place));
    for change in changes.iter().take(SHOWN) {
        let Some(fact) = change.bad.or(change.good) else { continue };
        let at = change.bad.and_then(|fact| fact.at);
        let difference = Evidence::new(fact.what, words(change.bad));
        told.evidence.push(difference.expected(words(change.good)).at(at));
    }
}

/// `zmueller@example.com`; of one of several: `User.Email = zoe@example.com`.
fn words(fact: Option<&Fact>) -> String {
    let Some(fact) = fact else { return "(absent)".to_owned() };
    let values: Vec<String> = fact.values.iter().map(ToString::to_string).collect();
    let values = values.join(", ");
    match &fact.which {
        Some(which) => format!("{which} = {values}"),
        None => values,
    }
}
