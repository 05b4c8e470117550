//! What provisioning would answer to an assertion, one fact a test.

use super::*;
use crate::checks::fixture::Case as Message;
use crate::config::users::Users;
use crate::support::assertion::Attribute as Sent;

/// What a new employee's login must carry.
const EMPLOYEE: [(&str, &str); 4] = [
    ("User.Email", "zoe@example.com"),
    ("User.LastName", "M\u{fc}ller"),
    ("User.ProfileId", "Standard User"),
    ("User.Username", "zmueller@example.com"),
];

/// A portal's user with account and contact.
const PORTAL: [(&str, &str); 6] = [
    ("portal_id", "060D00000000001"),
    ("User.PortalRole", "Worker"),
    ("Account.AccountNumber", "A-17"),
    ("Account.Name", "Example Corp"),
    ("Contact.Email", "zoe@example.com"),
    ("Contact.LastName", "M\u{fc}ller"),
];

/// The constants that are answered, each with its attribute.
fn answers(
    attributes: &[(&str, &str)],
    config: impl FnOnce(&mut SpConfig),
) -> Vec<(&'static str, String)> {
    let case = Message::usual().message(|response| {
        let attributes = attributes.iter().map(|(name, value)| Sent::new(name, &[value]));
        response.assertion().attributes = attributes.collect();
    });
    let mut configuration = case.configuration();
    config(&mut configuration);
    let report = case.report();
    let assertion = report.message().and_then(crate::saml::Message::assertion).unwrap();
    obstacles(assertion, &configuration, report.subject())
        .into_iter()
        .map(|obstacle| (obstacle.error.constant, obstacle.attribute))
        .collect()
}

fn with<'a>(base: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> = base
        .iter()
        .filter(|(name, _)| !more.iter().any(|(other, _)| other == name))
        .copied()
        .collect();
    all.extend(more.iter().filter(|(_, value)| *value != "-"));
    all
}

/// What is answered to an employee with these attributes in addition; `-` takes one away.
fn employee(more: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    answers(&with(&EMPLOYEE, more), |_| {})
}

fn portal(more: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    answers(&with(&[EMPLOYEE.as_slice(), &PORTAL].concat(), more), |_| {})
}

#[test]
fn a_complete_assertion_meets_no_obstacle() {
    assert_eq!(employee(&[]), []);
    let all = [("ProvisionVersion", "1.0"), ("user.email", "x@example.com"), ("User.Cost__c", "1")];
    assert_eq!(employee(&all), []);
    assert_eq!(employee(&[("User.FederationIdentifier", "zmueller@example.com")]), []);
    assert_eq!(employee(&[("department", "Sales"), ("a.b.c", "not ours")]), []);
    assert_eq!(portal(&[]), []);
}

#[test]
fn each_rule_answers_with_its_constant_and_the_attribute() {
    for (more, constant, attribute) in [
        (("User.Email", "-"), "USER_CREATION_API_ERROR", "User.Email"),
        (("User.LastName", ""), "USER_CREATION_API_ERROR", "User.LastName"),
        (("ProvisionVersion", "2.0"), "UNSUPPORTED_VERSION", "ProvisionVersion"),
        (
            ("User.FederationIdentifier", "Zmueller@example.com"),
            "MISMATCH_FEDERATION_ID",
            "User.FederationIdentifier",
        ),
        (("organization_id", "00D000000000002"), "INVALID_ORG_ID", "organization_id"),
        (("User.Shoesize", "42"), "UNRECOGNIZED_STANDARD_FIELD", "User.Shoesize"),
        (("User.ProfileId", "00e00000000001"), "PROFILE_NAME_LOOKUP_ERROR", "User.ProfileId"),
        (("User.UserRoleId", "00E00000000001234"), "ROLE_NAME_LOOKUP_ERROR", "User.UserRoleId"),
    ] {
        assert_eq!(employee(&[more]), [(constant, attribute.to_owned())], "{more:?}");
    }
    for (more, constant, attribute) in [
        (("Account.Name", "-"), "MISSING_ACCOUNT_NAME", "Account.Name"),
        (("Account.AccountNumber", "-"), "MISSING_ACCOUNT_NUMBER", "Account.AccountNumber"),
        (("Contact.Email", "-"), "MISSING_CONTACT_EMAIL", "Contact.Email"),
        (("Contact.LastName", "-"), "MISSING_CONTACT_LAST_NAME", "Contact.LastName"),
        (("User.PortalRole", "-"), "INVALID_PORTAL_ROLE", "User.PortalRole"),
        (("User.UserRoleId", "CEO"), "INVALID_PORTAL_ROLE", "User.UserRoleId"),
    ] {
        assert_eq!(portal(&[more]), [(constant, attribute.to_owned())], "{more:?}");
    }
}

#[test]
fn a_contact_or_an_account_that_is_named_by_its_id_needs_no_more() {
    let named =
        [("User.Contact", "003000000000001"), ("Contact.Email", "-"), ("Contact.LastName", "-")];
    assert_eq!(portal(&named), []);
    assert_eq!(portal(&[("Contact.Account", "001000000000001"), ("Account.Name", "-")]), []);
}

#[test]
fn another_identity_type_than_the_federation_id_is_the_first_obstacle() {
    let found = answers(&EMPLOYEE, |config| config.identity_type = IdentityType::Username);
    assert_eq!(found, [("MISSING_FEDERATION_ID", "Subject".to_owned())]);
}

#[test]
fn the_username_must_be_that_of_the_user_with_the_federation_id() {
    let users = |csv: &str| Users::parse(csv.as_bytes(), "users.csv".as_ref()).unwrap();
    let header = "Username,FederationIdentifier\n";
    for (rows, expected) in [
        ("zmueller@example.com,zmueller@example.com\n", None),
        ("zoe@example.com,zmueller@example.com\n", Some("USER_NAME_CHANGE_NOT_ALLOWED")),
        (
            "zoe@example.com,zmueller@example.com\nzmueller@example.com,other\n",
            Some("MISMATCH_FEDERATION_ID_AND_USERNAME_ATTRS"),
        ),
        ("other@example.com,other\n", None),
    ] {
        let known = users(&format!("{header}{rows}"));
        let found = answers(&EMPLOYEE, |config| config.users = Some(known));
        assert_eq!(found.first().map(|(constant, _)| *constant), expected, "{rows}");
    }
}

#[test]
fn an_obstacle_says_both_sides_and_where() {
    let case = Message::usual().message(|response| {
        response.assertion().attributes = vec![Sent::new("User.EmailAddress", &["x@example.com"])];
    });
    let configuration = case.configuration();
    let report = case.report();
    let assertion = report.message().and_then(crate::saml::Message::assertion).unwrap();
    let obstacles = obstacles(assertion, &configuration, report.subject());
    let unknown = obstacles.iter().find(|o| o.error == &UNRECOGNIZED_STANDARD_FIELD).unwrap();
    assert_eq!(unknown.expected, "User.Email");
    assert_eq!(unknown.found.as_deref(), Some("x@example.com"));
    assert_eq!(unknown.at, Some(assertion.attributes[0].at));
}
