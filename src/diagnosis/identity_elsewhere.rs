//! Is the value that identifies the user somewhere else than where the configuration looks?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::config::IdentityLocation;

static ELSEWHERE: Cause = Cause {
    code: "identity-elsewhere",
    title: "The user's name is not where it is looked for",
    says: "The configuration takes the user from the attribute {looked for}, which did not come with a value; the message names the user elsewhere.",
    fix_sp: "Set the identity location to the place where the value comes (NameID, or one of the attributes shown here).",
    fix_idp: "Or send the attribute under exactly the configured name, filled for this user.",
    confidence: Confidence::Likely,
};
static EMPTY: Cause = Cause {
    code: "identity-missing",
    title: "The message does not say who the user is",
    says: "The NameID is missing or empty, so the message does not say who is logging in.",
    fix_sp: "If the user is named in one of the attributes shown here, set the identity location to that attribute.",
    fix_idp: "Fill the field of the user that the NameID is made from, and check the NameID mapping of this application.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "identity-elsewhere",
    title: "Identity is somewhere else",
    explains: &["attribute", "subject"],
    causes: &[&ELSEWHERE, &EMPTY],
    when: When::Unexplained,
    run,
};

/// As many attributes as are listed. Choice: 20 fill a screen.
const LISTED: usize = 20;

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let assertion = case.report.message().and_then(|message| message.assertion());
    let (Some(assertion), Some(config)) = (assertion, case.config()) else { return Vec::new() };
    let codes = ["attribute-missing", "attribute-empty", "subject-missing"];
    if !codes.iter().any(|code| case.failure(code).is_some()) {
        return Vec::new();
    }
    let name_id = assertion.name_id().map(|name_id| &name_id.value);
    let name_id = name_id.filter(|value| !value.text.is_empty() && value.text != "null");
    let came: Vec<String> = assertion
        .attributes
        .iter()
        .take(LISTED)
        .map(|attribute| {
            let value = attribute.first_value().map(|value| value.text.as_str());
            format!("{} = {}", attribute.name, value.unwrap_or_default())
        })
        .collect();
    let mut evidence = Vec::new();
    let cause = match &config.identity_location {
        IdentityLocation::Attribute { name } => {
            evidence.push(Evidence::new("looked for", name.given().as_str()));
            evidence.extend(name_id.map(|value| Evidence::of("NameID", value)));
            &ELSEWHERE
        }
        IdentityLocation::NameId => &EMPTY,
    };
    if !came.is_empty() {
        evidence.push(Evidence::all("attributes", came));
    }
    vec![cause.diagnosis(evidence)]
}
