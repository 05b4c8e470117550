//! Is the attribute there that the configuration reads the user from?
//!
//! With identity location *attribute* an Attribute of the configured Name must be there; its NameFormat is compared only when one
//! is configured (platform §2, item 5, and §3.5).

use crate::config::IdentityLocation;
use crate::saml::Assertion;

use super::login_history::INVALID_FORMAT;
use super::{Check, Code, Context, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "attribute-missing",
    line: Wording::Ours("The assertion carries no attribute of the configured name"),
    cause: "The claim is not released, or under another name: names are compared letter for letter.",
    fix_sp: "Compare the configured attribute_name with the attributes that came.",
    fix_idp: "Release the attribute under exactly the configured name.",
    history: Some(&INVALID_FORMAT),
};
static EMPTY: Code = Code {
    id: "attribute-empty",
    line: Wording::Ours("The configured attribute carries no text value"),
    cause: "The user has no value in the identity provider's directory.",
    fix_sp: "Nothing.",
    fix_idp: "Fill the source of the attribute for this user.",
    history: Some(&INVALID_FORMAT),
};
static NAME_FORMAT: Code = Code {
    id: "attribute-name-format",
    line: Wording::Ours("The configured attribute has another NameFormat"),
    cause: "A default of the identity provider: unspecified, basic or uri.",
    fix_sp: "Set the name ID format of the attribute to what comes, or leave it out.",
    fix_idp: "Send the attribute with the configured NameFormat.",
    history: Some(&INVALID_FORMAT),
};

pub(super) const CHECK: Check = Check {
    id: "attribute",
    number: Some(5),
    title: "Checking that the Attribute namespace matches, if provided",
    clause: "saml-core-2.0 §2.7.3.1",
    asks: "If the user is identified by an attribute: is an Attribute of that Name there, with a value?",
    passes: "Ok",
    failures: &[&MISSING, &EMPTY, &NAME_FORMAT],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let IdentityLocation::Attribute { name } = &cx.config.identity_location else {
        return Outcome::NotProvided;
    };
    let Some(attribute) = assertion.attribute(name.given()) else {
        let failure = MISSING.failure().what("Attribute Name").expected(name).at(assertion.at);
        let names = assertion.attributes.iter().map(|attribute| attribute.name.as_str());
        return names.fold(failure, |failure, name| failure.found(name)).into();
    };
    let mut failures = Vec::new();
    if attribute.first_value().is_none_or(|value| value.text.is_empty()) {
        let found = if attribute.values.is_empty() { "no AttributeValue" } else { "no text" };
        failures.push(EMPTY.failure().expected("a value").found(found).at(attribute.at));
    }
    if let Some(format) = &cx.config.name_id_format
        && attribute.name_format.as_ref() != Some(format.given())
    {
        let failure = NAME_FORMAT.failure().what("NameFormat").expected(format).at(attribute.at);
        let found = attribute.name_format.as_deref();
        failures.push(found.into_iter().fold(failure, |failure, found| failure.found(found)));
    }
    failures.into()
}

#[cfg(test)]
mod tests {
    use crate::checks::Outcome;
    use crate::checks::fixture::{ASSERTION, Case, given};
    use crate::config::IdentityLocation;
    use crate::support::assertion::Attribute;
    use crate::support::uri;

    /// The user is read from the attribute `federationId`.
    fn located() -> Case {
        Case::usual().config(|config| {
            config.identity_location = IdentityLocation::Attribute { name: given("federationId") };
        })
    }

    fn carrying(attributes: Vec<Attribute>) -> Case {
        located().message(|response| response.assertion().attributes = attributes)
    }

    fn attribute_at(position: &str) -> String {
        format!("{ASSERTION}/saml:AttributeStatement/saml:Attribute{position}")
    }

    #[test]
    fn with_the_name_id_as_location_no_attribute_is_asked_for() {
        assert_eq!(Case::usual().outcome("attribute"), Outcome::NotProvided);
    }

    #[test]
    fn the_configured_attribute_passes() {
        carrying(vec![Attribute::new("federationId", &["jdoe"])]).is_accepted();
    }

    #[test]
    fn the_first_value_is_the_one_that_counts() {
        let case = carrying(vec![Attribute::new("federationId", &["jdoe", "admin"])]);
        assert_eq!(case.is_accepted().subject(), Some("jdoe"));
        let case = carrying(vec![Attribute::new("federationId", &["", "admin"])]);
        case.fails("attribute", ["attribute-empty", "a value", "no text", &attribute_at("")]);
    }

    #[test]
    fn a_missing_attribute_is_told_beside_those_that_came() {
        let others = vec![Attribute::new("FederationId", &["a"]), Attribute::new("mail", &["b"])];
        let expected = ["attribute-missing", "federationId", "FederationId | mail", ASSERTION];
        carrying(others).fails("attribute", expected);
    }

    #[test]
    fn an_attribute_without_any_value_is_rejected() {
        let case =
            carrying(vec![Attribute::new("mail", &["b"]), Attribute::new("federationId", &[])]);
        let expected = ["attribute-empty", "a value", "no AttributeValue", &attribute_at("[2]")];
        case.fails("attribute", expected);
    }

    #[test]
    fn a_value_that_holds_elements_is_no_text() {
        let case = carrying(vec![Attribute::new("federationId", &["@"])]).message(|response| {
            let assertion = response.assertion();
            assertion.attributes.clear();
            assertion.extra = "<saml:AttributeStatement><saml:Attribute Name=\"federationId\"><saml:AttributeValue>\
                               <saml:NameID>jdoe</saml:NameID></saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
                .to_owned();
        });
        case.fails("attribute", ["attribute-empty", "a value", "no text", &attribute_at("")]);
    }

    #[test]
    fn a_name_format_is_compared_only_when_one_is_configured() {
        let basic = || carrying(vec![Attribute::new("federationId", &["jdoe"])]);
        basic().config(|config| config.name_id_format = Some(given(uri::BASIC))).is_accepted();
        basic().config(|config| config.name_id_format = Some(given(uri::URI_REFERENCE))).fails(
            "attribute",
            ["attribute-name-format", uri::URI_REFERENCE, uri::BASIC, &attribute_at("")],
        );
        let without = Attribute { name_format: None, ..Attribute::new("federationId", &["jdoe"]) };
        carrying(vec![without])
            .config(|config| config.name_id_format = Some(given(uri::BASIC)))
            .fails("attribute", ["attribute-name-format", uri::BASIC, "", &attribute_at("")]);
    }
}
