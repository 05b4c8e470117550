//! Who the user is, and values of attributes.

use super::asked;
use crate::checks::fixture::{Case, given};
use crate::config::users::Users;
use crate::config::{Expect, IdentityLocation, SessionLevel, Site, SpConfig};
use crate::support::assertion::Attribute;

fn users(case: Case) -> Case {
    let csv = "Id,Username,FederationIdentifier,IsActive\n\
               0055f00000BqXw1,zoe@acme.example,ZMueller@example.com,true\n";
    case.config(|c| c.users = Some(Users::parse(csv.as_bytes(), "users.csv".as_ref()).unwrap()))
}

#[test]
fn the_user_can_be_taken_from_elsewhere() {
    let located = |c: &mut SpConfig| {
        c.identity_location = IdentityLocation::Attribute { name: given("uid") };
    };
    let case = Case::usual().config(located).message(|r| {
        r.assertion().attributes = vec![Attribute::new("mail", &["zoe@example.com"])];
    });
    let told = asked(case).told();
    let told: Vec<_> = told.iter().map(|t| (t.1, t.2.as_str(), t.3.as_str(), t.4)).collect();
    assert_eq!(
        told,
        [
            ("identity_location", "attribute", "name-id", true),
            ("attribute_name", "uid", "mail", false)
        ]
    );
}

#[test]
fn the_user_can_be_known_by_another_value() {
    let case = users(Case::usual());
    let kind = "ignore-case-of-federation-ids";
    asked(case).is(kind, "federation_id_case_sensitive", "true", "false", false);
    let case = users(Case::usual()).message(|r| {
        "zoe@acme.example".clone_into(&mut r.assertion().name_id().value);
    });
    let case = asked(case);
    case.is("change-identity-type", "identity_type", "federation-id", "username", false);
}

#[test]
fn the_format_of_the_attribute_can_be_adopted() {
    let case = Case::usual()
        .config(|c| {
            c.identity_location = IdentityLocation::Attribute { name: given("uid") };
            c.name_id_format = Some(given("urn:example:wanted"));
        })
        .message(|r| r.assertion().attributes = vec![Attribute::new("uid", &["zoe"])]);
    let told = asked(case).told();
    let format = told.iter().find(|told| told.0 == "adopt-name-format").unwrap();
    assert_eq!(
        (format.1, format.2.as_str(), format.4),
        ("name_id_format", "urn:example:wanted", true)
    );
}

#[test]
fn values_of_attributes_can_be_adopted() {
    let with = |attributes: Vec<Attribute>| {
        Case::usual().message(|r| r.assertion().attributes = attributes)
    };
    let level = || with(vec![Attribute::new("SessionLevel", &["STANDARD"])]);
    let asks = |level| {
        move |c: &mut SpConfig| {
            c.session_level = Some(Expect::new(level, given("").source().clone()));
        }
    };
    let case = asked(level().config(asks(SessionLevel::HighAssurance)));
    case.is("adopt-session-level", "session_level", "HIGH_ASSURANCE", "STANDARD", false);
    let high = with(vec![Attribute::new("SessionLevel", &["HIGH_ASSURANCE"])]);
    let case = asked(high.config(asks(SessionLevel::Standard)));
    case.is("adopt-session-level", "session_level", "STANDARD", "HIGH_ASSURANCE", true);

    let url = "https://acme.my.site.com/new";
    let site = with(vec![Attribute::new("siteurl", &[url])]).config(|c| {
        c.sites = vec![Site { url: given("https://acme.my.site.com/old"), active: true }];
    });
    asked(site).is("add-site", "sites", "(none)", url, false);

    let ids = || {
        with(vec![
            Attribute::new("portal_id", &["060D00000000001"]),
            Attribute::new("organization_id", &["00D000000000001"]),
        ])
    };
    let case = asked(ids().config(|c| c.portal_id = Some(given("060D00000000009"))));
    case.is("adopt-portal-id", "portal_id", "060D00000000009", "060D00000000001", false);
    let case = asked(ids().config(|c| c.organization_id = Some(given("00D000000000009"))));
    let kind = "adopt-organization-id";
    case.is(kind, "organization_id", "00D000000000009", "00D000000000001", false);
}
