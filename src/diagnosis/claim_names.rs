//! Did the attribute arrive under another form of its name: a URI, a friendly name, another case?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::config::IdentityLocation;
use crate::saml::{Assertion, Attribute};

static OTHER_FORM: Cause = Cause {
    code: "attribute-name-in-another-form",
    title: "The attribute came under another form of its name",
    says: "The configuration asks for the attribute {configured}, and the message carries {came}: the same thing under another form of the name.",
    fix_sp: "Set the attribute name in the single sign-on settings to the name that came, exactly as it stands.",
    fix_idp: "Or rename the claim: give it the configured name and an empty namespace.",
    confidence: Confidence::Likely,
};
static OVERAGE: Cause = Cause {
    code: "groups-overage",
    title: "The user is in too many groups",
    says: "The user is in so many groups that Microsoft Entra ID sends a link ({came}) instead of the groups.",
    fix_sp: "Nothing: the platform cannot follow the link.",
    fix_idp: "Send only the groups that are assigned to the application, or application roles instead of groups.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "claim-names",
    title: "Names of attributes in another form",
    explains: &["attribute", "subject"],
    causes: &[&OTHER_FORM, &OVERAGE],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let assertion = case.report.message().and_then(|message| message.assertion());
    let (Some(assertion), Some(config)) = (assertion, case.config()) else { return Vec::new() };
    let IdentityLocation::Attribute { name } = &config.identity_location else { return Vec::new() };
    let configured = name.given().as_str();
    if assertion.attribute(configured).is_some() {
        return Vec::new();
    }
    if let Some(link) = groups_link(assertion).filter(|_| short(configured) == "groups") {
        let evidence = Evidence::new("came", link.name.as_str()).at(link.at);
        return vec![OVERAGE.diagnosis(vec![evidence])];
    }
    let same = |attribute: &&Attribute| {
        let friendly = attribute.friendly_name.as_deref();
        let names = std::iter::once(attribute.name.as_str()).chain(friendly);
        { names }.any(|name| short(name) == short(configured))
    };
    let Some(attribute) = assertion.attributes.iter().find(same) else { return Vec::new() };
    let mut evidence = vec![
        Evidence::new("configured", configured),
        Evidence::new("came", attribute.name.as_str()).expected(configured).at(attribute.at),
    ];
    let friendly = attribute.friendly_name.as_deref();
    evidence.extend(friendly.map(|name| Evidence::new("friendly name", name)));
    let value = attribute.first_value().map(|value| Evidence::of("value", value));
    evidence.extend(value);
    vec![OTHER_FORM.diagnosis(evidence)]
}

/// The link that Microsoft Entra ID sends when the groups are too many.
pub(super) fn groups_link(assertion: &Assertion) -> Option<&Attribute> {
    assertion.attributes.iter().find(|attribute| attribute.name.ends_with("/groups.link"))
}

/// The last part of a name without case: `mail` of `http://schemas.example/claims/Mail` and of `urn:oid:0.9.2342.19200300.100.1.3`.
fn short(name: &str) -> String {
    let name = name.strip_prefix("urn:oid:").map_or(name, |oid| {
        OIDS.iter().find(|(known, _)| *known == oid).map_or(name, |(_, short)| short)
    });
    let last = name.rsplit(['/', '#']).next().unwrap_or(name);
    let last = if name.contains("://") { last } else { name };
    last.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Object identifiers that stand for names of LDAP and eduPerson attributes, as far as they may name a user.
const OIDS: [(&str, &str); 8] = [
    ("0.9.2342.19200300.100.1.1", "uid"),
    ("0.9.2342.19200300.100.1.3", "mail"),
    ("1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName"),
    ("2.5.4.3", "cn"),
    ("2.5.4.4", "sn"),
    ("2.5.4.42", "givenName"),
    ("2.16.840.1.113730.3.1.241", "displayName"),
    ("2.16.840.1.113730.3.1.3", "employeeNumber"),
];

#[cfg(test)]
#[path = "claim_names_tests.rs"]
mod tests;
