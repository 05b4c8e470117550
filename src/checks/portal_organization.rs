//! Do the portal and organization ids fit, if the message carries them?
//!
//! `portal_id` and `organization_id` come both or neither; each equals the configured one on its first 15 characters
//! (platform.md 2, item 13). The platform prints `Ok` even when both are absent.

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
