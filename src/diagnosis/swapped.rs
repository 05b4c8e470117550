//! Does a field hold the value that belongs into another one?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::config::SpConfig;

static SWAPPED: Cause = Cause {
    code: "swapped-fields",
    title: "A value stands in the wrong field",
    says: "The {field} of the message holds the value that belongs into the {belongs into}: two fields were swapped.",
    fix_sp: "Compare the fields of the single sign-on settings with the identity provider's; correct the one that holds the other's value.",
    fix_idp: "Put the Entity ID into Audience (or Entity ID), and the login URL into Recipient (or reply URL, ACS URL).",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "swapped",
    title: "Swapped fields",
    explains: &["issuer", "audience", "recipient"],
    causes: &[&SWAPPED],
    when: When::Unexplained,
    run,
};

/// The failures that are looked at: the code, its check, and the field in words.
const FIELDS: [(&str, &str, &str); 4] = [
    ("issuer-mismatch", "issuer", "Issuer"),
    ("audience-mismatch", "audience", "Audience"),
    ("recipient-mismatch", "recipient", "Recipient"),
    ("recipient-destination", "recipient", "Destination"),
];

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let Some(config) = case.config() else { return Vec::new() };
    let swapped = FIELDS.iter().filter_map(|(code, check, field)| {
        let failure = case.failure(code)?;
        let (setting, found) = failure.found.iter().find_map(|found| {
            let setting = setting(config, found)?;
            Some((setting, found))
        })?;
        let mut value = Evidence::new(field, found.as_str()).at(failure.at);
        if let Some(expected) = failure.expected.first() {
            value = value.expected(expected.text.as_str());
        }
        let evidence =
            vec![Evidence::new("field", *field), Evidence::new("belongs into", setting), value];
        Some(SWAPPED.diagnosis(evidence).explaining(vec![check]))
    });
    let mut seen = Vec::new();
    let mut swapped: Vec<Diagnosis> = swapped.collect();
    swapped.retain(|d| {
        let new = !seen.contains(&d.explains);
        seen.push(d.explains.clone());
        new
    });
    swapped
}

/// The setting that has this value.
fn setting(config: &SpConfig, value: &str) -> Option<&'static str> {
    let token = config.token_endpoint.as_ref().map(|endpoint| endpoint.given().as_str());
    [
        (Some(config.login_url.given().as_str()), "login URL (Recipient)"),
        (Some(config.entity_id.given().as_str()), "Entity ID (Audience)"),
        (Some(config.issuer.given().as_str()), "Issuer"),
        (token, "token endpoint"),
    ]
    .into_iter()
    .find_map(|(given, name)| (given == Some(value)).then_some(name))
}
