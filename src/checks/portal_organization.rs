//! Do the portal and organization ids fit, if the message carries them?
//!
//! `portal_id` and `organization_id` come both or neither; each equals the configured one on its first 15 characters
//! (platform §2, item 13). The platform prints `Ok` even when both are absent.

use crate::config::endpoint::same_id;
use crate::config::{Expect, SpConfig};
use crate::finding::{Finding, ORGANIZATION_WITHOUT_PORTAL};
use crate::saml::{Assertion, Attribute};

use super::login_history::{INVALID_ORG_ID, INVALID_PORTAL_ID, MISSING_ORG_ID, MISSING_PORTAL_ID};
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

static MISSING_PORTAL: Code = Code {
    id: "portal-organization-portal-missing",
    line: Wording::Ours("organization_id was sent without portal_id"),
    cause: "A claim rule for portal users that sends only one of the two.",
    fix_sp: "Nothing.",
    fix_idp: "Send portal_id beside organization_id for portal users, and neither for employees.",
    history: Some(&MISSING_PORTAL_ID),
};
static MISSING_ORGANIZATION: Code = Code {
    id: "portal-organization-organization-missing",
    line: Wording::Ours("portal_id was sent without organization_id"),
    cause: "A claim rule for portal users that sends only one of the two.",
    fix_sp: "Nothing.",
    fix_idp: "Send organization_id beside portal_id for portal users, and neither for employees.",
    history: Some(&MISSING_ORG_ID),
};
static PORTAL: Code = Code {
    id: "portal-organization-portal-mismatch",
    line: Wording::Ours("The portal id in the assertion did not match the expected one"),
    cause: "The id of another portal or environment.",
    fix_sp: "Compare with the id of the portal.",
    fix_idp: "Send the portal's own id.",
    history: Some(&INVALID_PORTAL_ID),
};
static ORGANIZATION: Code = Code {
    id: "portal-organization-organization-mismatch",
    line: Wording::Ours("The organization id in the assertion did not match the expected one"),
    cause: "A sandbox was refreshed and got a new id, or the id is another environment's.",
    fix_sp: "Compare with the organization id on the Company Information page.",
    fix_idp: "Send the id of this organization.",
    history: Some(&INVALID_ORG_ID),
};

pub(super) const CHECK: Check = Check {
    id: "portal-organization",
    number: Some(13),
    title: "Looking for portal and organization id, if provided",
    clause: "platform: attributes portal_id, organization_id",
    asks: "Are portal_id and organization_id both there or both absent, and the configured ones?",
    passes: "Ok",
    failures: &[&MISSING_PORTAL, &MISSING_ORGANIZATION, &PORTAL, &ORGANIZATION],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let portal = assertion.attribute("portal_id");
    let organization = assertion.attribute("organization_id");
    let (portal_id, organization_id) = (&cx.config.portal_id, &cx.config.organization_id);
    let mut failures = Vec::new();
    match (portal, organization) {
        (Some(portal), None) => {
            let failure = MISSING_ORGANIZATION.failure().expected("organization_id");
            failures.push(failure.found("portal_id alone").at(portal.at));
        }
        // Choice: real identity providers send organization_id to employees as a plain claim. Alone it is a failure where the
        // configuration is a portal's; elsewhere it is reported, and compared like any other.
        (None, Some(organization)) if portal_id.is_some() => {
            let failure = MISSING_PORTAL.failure().expected("portal_id");
            failures.push(failure.found("organization_id alone").at(organization.at));
        }
        (None | Some(_), Some(_)) | (None, None) => {}
    }
    failures.extend(compare(&PORTAL, "portal_id", portal, portal_id.as_ref()));
    let organization =
        compare(&ORGANIZATION, "organization_id", organization, organization_id.as_ref());
    failures.extend(organization);
    failures.into()
}

/// `organization_id` without `portal_id`, where that is not a failure.
pub(crate) fn organization_alone(assertion: &Assertion, config: &SpConfig) -> Option<Finding> {
    let organization = assertion.attribute("organization_id")?;
    let alone = assertion.attribute("portal_id").is_none() && config.portal_id.is_none();
    let value = organization.first_value().map(|value| value.text.as_str()).unwrap_or_default();
    alone.then(|| ORGANIZATION_WITHOUT_PORTAL.found(value, organization.at))
}

fn compare(
    code: &'static Code,
    what: &'static str,
    attribute: Option<&Attribute>,
    expected: Option<&Expect<String>>,
) -> Option<Failure> {
    let (attribute, expected) = (attribute?, expected?);
    let failure = || code.failure().what(what).expected(expected);
    let Some(found) = attribute.first_value() else {
        return Some(failure().found("no text").at(attribute.at));
    };
    let same = same_id(&found.text, expected.given());
    (!same).then(|| failure().found_at(found))
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case, given};
    use crate::support::assertion::Attribute;

    const CHECK: &str = "portal-organization";
    const PORTAL_ID: &str = "060D00000000001";
    const ORGANIZATION_ID: &str = "00D000000000001";

    fn with(attributes: &[(&str, &str)]) -> Case {
        let attributes = Attribute::all(attributes);
        Case::usual().message(|response| response.assertion().attributes = attributes)
    }

    /// The configuration of a portal.
    fn portal(attributes: &[(&str, &str)]) -> Case {
        with(attributes).config(|config| {
            config.portal_id = Some(given(PORTAL_ID));
            config.organization_id = Some(given(ORGANIZATION_ID));
        })
    }

    fn attribute_at(position: &str) -> String {
        format!("{ASSERTION}/saml:AttributeStatement/saml:Attribute{position}")
    }

    #[test]
    fn both_absent_pass_as_on_the_platform() {
        Case::usual().passes(CHECK);
        portal(&[("mail", "x")]).passes(CHECK);
    }

    #[test]
    fn both_present_and_equal_pass_in_either_length() {
        portal(&[("portal_id", PORTAL_ID), ("organization_id", ORGANIZATION_ID)]).is_accepted();
        let long = [("portal_id", "060D00000000001AAA"), ("organization_id", "00D000000000001EAA")];
        portal(&long).is_accepted();
    }

    #[test]
    fn both_present_pass_where_nothing_is_configured_to_compare_them_with() {
        with(&[("portal_id", "060"), ("organization_id", "00D")]).is_accepted();
    }

    #[test]
    fn a_portal_without_an_organization_is_rejected() {
        let case = with(&[("portal_id", PORTAL_ID)]);
        let code = "portal-organization-organization-missing";
        case.fails(CHECK, [code, "organization_id", "portal_id alone", &attribute_at("")]);
    }

    #[test]
    fn an_organization_without_a_portal_is_rejected_where_a_portal_is_configured() {
        let case = portal(&[("organization_id", ORGANIZATION_ID)]);
        let code = "portal-organization-portal-missing";
        case.fails(CHECK, [code, "portal_id", "organization_id alone", &attribute_at("")]);
    }

    #[test]
    fn an_organization_without_a_portal_is_told_elsewhere() {
        let case = with(&[("organization_id", ORGANIZATION_ID)]);
        case.is_accepted();
        case.finds("organization-without-portal", ORGANIZATION_ID, &attribute_at(""));
    }

    #[test]
    fn another_portal_or_organization_is_rejected() {
        let value = |position| format!("{}/saml:AttributeValue", attribute_at(position));
        let other = "060D00000000002";
        let case = portal(&[("portal_id", other), ("organization_id", ORGANIZATION_ID)]);
        let code = "portal-organization-portal-mismatch";
        case.fails(CHECK, [code, PORTAL_ID, other, &value("[1]")]);
        let other = "00D000000000001-more";
        let case = portal(&[("portal_id", PORTAL_ID), ("organization_id", other)]);
        let code = "portal-organization-organization-mismatch";
        case.fails(CHECK, [code, ORGANIZATION_ID, other, &value("[2]")]);
        let case = portal(&[("portal_id", ""), ("organization_id", " 00D000000000001")]);
        case.fails_with(
            CHECK,
            &["portal-organization-portal-mismatch", "portal-organization-organization-mismatch"],
        );
    }

    #[test]
    fn an_id_without_text_is_another_one() {
        let case = portal(&[("organization_id", ORGANIZATION_ID)])
            .message(|r| r.assertion().attributes.push(Attribute::new("portal_id", &[])));
        let code = "portal-organization-portal-mismatch";
        case.fails(CHECK, [code, PORTAL_ID, "no text", &attribute_at("[2]")]);
    }

    #[test]
    fn the_names_are_compared_letter_for_letter() {
        with(&[("Portal_Id", PORTAL_ID)]).passes(CHECK);
    }
}
