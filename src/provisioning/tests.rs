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
const PORTAL: [(&str, &str); 7] = [
    ("portal_id", "060D00000000001"),
    ("organization_id", "00D000000000001"),
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
        (("User.Cost Centre__c", "1"), "UNRECOGNIZED_CUSTOM_FIELD", "User.Cost Centre__c"),
        (("User.Email", "zoe"), "USER_CREATION_API_ERROR", "User.Email"),
        (("User.Username", "zoe@"), "USER_CREATION_API_ERROR", "User.Username"),
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
        (("User.Role", "CEO"), "INVALID_PORTAL_ROLE", "User.Role"),
        (("organization_id", "-"), "INVALID_ORG_ID", "organization_id"),
        (("User.Contact", "0030000001"), "INVALID_CONTACT", "User.Contact"),
        (("Contact.Account", "003000000000001"), "INVALID_ACCOUNT_ID", "Contact.Account"),
        (("Contact.Email", "zoe"), "CONTACT_CREATION_API_ERROR", "Contact.Email"),
        (("Contact.LastNam", "M"), "UNRECOGNIZED_STANDARD_FIELD", "Contact.LastNam"),
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
    assert_eq!(found, [("MISSING_FEDERATION_ID", "SAML Identity Type".to_owned())]);
}

#[test]
fn a_subject_that_is_empty_is_no_federation_id() {
    let case = Message::usual().message(|response| {
        response.assertion().attributes =
            EMPLOYEE.iter().map(|(name, value)| Sent::new(name, &[value])).collect();
    });
    let (configuration, report) = (case.configuration(), case.report());
    let assertion = report.message().and_then(crate::saml::Message::assertion).unwrap();
    let found = obstacles(assertion, &configuration, Some(""));
    let [only] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((only.error, only.attribute.as_str()), (&MISSING_FEDERATION_ID, "Subject"));
}

#[test]
fn a_required_field_that_lacks_its_prefix_is_found() {
    for (name, field) in [
        ("Email", "Email"),
        ("Users.Email", "Email"),
        ("user_email", "Email"),
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "Email"),
        ("https://idp.example.com/User.LastName", "LastName"),
        ("sn", "LastName"),
        ("ProfileId", "ProfileId"),
        ("UserName", "Username"),
    ] {
        let wanted = format!("User.{field}");
        let case = Message::usual().message(|response| {
            let kept = EMPLOYEE.iter().filter(|(name, _)| *name != wanted);
            let mut sent: Vec<Sent> = kept.map(|(name, value)| Sent::new(name, &[value])).collect();
            sent.push(Sent::new(name, &["value"]));
            response.assertion().attributes = sent;
        });
        let (configuration, report) = (case.configuration(), case.report());
        let assertion = report.message().and_then(crate::saml::Message::assertion).unwrap();
        let found = obstacles(assertion, &configuration, report.subject());
        let [only] = found.as_slice() else { panic!("{name}: {found:?}") };
        assert_eq!((only.attribute.as_str(), only.found.as_deref()), (&*wanted, Some(name)));
        assert_eq!(only.expected, format!("{wanted} as the name of the attribute"));
        assert_eq!(only.at, assertion.attributes.last().map(|attribute| attribute.at));
    }
    // Nothing is taken for a field that was sent as it should be.
    assert_eq!(employee(&[("Email", "zoe@example.com"), ("sn", "M\u{fc}ller")]), []);
}

#[test]
fn a_user_who_is_there_needs_no_username_no_contact_and_no_account() {
    let csv = "Username,FederationIdentifier\nzoe@example.com,zmueller@example.com\n";
    let users = Users::parse(csv.as_bytes(), "users.csv".as_ref()).unwrap();
    let without = |name: &'static str| with(&EMPLOYEE, &[(name, "-")]);
    let there = |attributes: &[(&str, &str)]| {
        answers(attributes, |config| config.users = Some(users.clone()))
    };
    assert_eq!(there(&without("User.Username")), []);
    let missing = [("USER_CREATION_API_ERROR", "User.Email".to_owned())];
    let found = there(&with(&without("User.Email"), &[("User.Username", "zoe@example.com")]));
    assert_eq!(found, missing);
    let of_portal = with(
        &[without("User.Username"), PORTAL.to_vec()].concat(),
        &[("Contact.Email", "-"), ("Contact.LastName", "-"), ("User.PortalRole", "-")],
    );
    let again = [("INVALID_ACCOUNT_ID", "Account.AccountNumber".to_owned())];
    assert_eq!(there(&of_portal), again);
    let alone = with(&of_portal, &[("Account.AccountNumber", "-"), ("Account.Name", "-")]);
    assert_eq!(there(&alone), []);
}

#[test]
fn without_any_account_it_fails_unless_there_is_a_contact() {
    let none = [("Account.AccountNumber", "-"), ("Account.Name", "-")];
    let both = [
        ("MISSING_ACCOUNT_NUMBER", "Account.AccountNumber".to_owned()),
        ("MISSING_ACCOUNT_NAME", "Account.Name".to_owned()),
    ];
    assert_eq!(portal(&none), both);
    let known = [none.as_slice(), &[("User.Contact", "003000000000001")]].concat();
    assert_eq!(portal(&known), []);
    let known = [none.as_slice(), &[("Contact.Account", "001000000000001AAA")]].concat();
    assert_eq!(portal(&known), []);
}

#[test]
fn an_experience_cloud_site_is_told_by_its_contact_and_needs_no_portal_id() {
    let cloud = [("portal_id", "-"), ("organization_id", "-"), ("User.PortalRole", "-")];
    assert_eq!(portal(&cloud), []);
    let half = [cloud.as_slice(), &[("Contact.LastName", "-")]].concat();
    assert_eq!(portal(&half), [("MISSING_CONTACT_LAST_NAME", "Contact.LastName".to_owned())]);
}

#[test]
fn a_role_that_is_null_is_none() {
    assert_eq!(portal(&[("User.UserRoleId", "000000000000000"), ("User.Role", "")]), []);
}

#[test]
fn several_values_of_a_field_are_told_wherever_they_stand() {
    let case = Message::usual().message(|response| {
        response.assertion().attributes = vec![
            Sent::new("User.ProfileId", &["Standard User", "System Administrator"]),
            Sent::new("user.department", &["Sales"]),
            Sent::new("User.Department", &["Service"]),
            Sent::new("User.Title", &["Dr", "Dr"]),
            Sent::new("groups", &["a", "b"]),
        ];
    });
    let report = case.report();
    let assertion = report.message().and_then(crate::saml::Message::assertion).unwrap();
    let found = several(assertion);
    let told: Vec<_> = found.iter().map(|f| (f.attribute.as_str(), f.values.as_slice())).collect();
    let values = |all: [&str; 2]| all.map(str::to_owned);
    let (profiles, departments) =
        (values(["Standard User", "System Administrator"]), values(["Sales", "Service"]));
    assert_eq!(told, [("User.ProfileId", &profiles[..]), ("user.department", &departments[..])]);
    assert_eq!(found[1].at, assertion.attributes[1].at);
}

#[test]
fn of_any_number_of_obstacles_few_are_told() {
    let names: Vec<String> = (0..1000).map(|number| format!("User.Shoesize{number}")).collect();
    let attributes: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "42")).collect();
    assert_eq!(answers(&attributes, |_| {}).len(), MOST);
}

#[test]
fn what_depends_on_whether_the_user_is_there_is_said_with_less_confidence() {
    let case = Message::usual().message(|response| {
        response.assertion().attributes = vec![Sent::new("ProvisionVersion", &["2"])];
    });
    let (configuration, report) = (case.configuration(), case.report());
    let assertion = report.message().and_then(crate::saml::Message::assertion).unwrap();
    let found = obstacles(assertion, &configuration, report.subject());
    let told: Vec<_> = found.iter().map(|o| (o.attribute.as_str(), o.confidence)).collect();
    let expected = [
        ("ProvisionVersion", Confidence::Proven),
        ("User.Email", Confidence::Likely),
        ("User.LastName", Confidence::Likely),
        ("User.ProfileId", Confidence::Likely),
        ("User.Username", Confidence::Possible),
    ];
    assert_eq!(told, expected);
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
