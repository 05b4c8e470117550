//! What the shape of the subject tells without a list of users, and when it stays silent.

use super::suspected;
use crate::checks::fixture::{Case, given};
use crate::config::users::Users;
use crate::config::{IdentityLocation, IdentityType};
use crate::report::Report;
use crate::support::uri;

fn named(value: &str, format: &str, identity_type: IdentityType) -> Case {
    let (value, format) = (value.to_owned(), format.to_owned());
    Case::usual().config(|config| config.identity_type = identity_type).message(|response| {
        let name_id = response.assertion().name_id();
        name_id.value = value;
        name_id.format = Some(format);
    })
}

/// The diagnosis of a message that is accepted all the same.
fn told(case: &Case) -> Option<&'static str> {
    let report = case.is_accepted();
    assert_eq!(report.exit_code(), 0);
    let [only] = report.diagnoses() else { return None };
    assert!(only.explains.is_empty());
    Some(only.cause.code)
}

const GUEST: &str = "0203a118-ebfb-4663-a578-89d487b25a92@acme.onmicrosoft.com";

#[test]
fn what_can_hardly_map_is_told_of_an_accepted_message() {
    use IdentityType::{FederationId, UserId, Username};
    for (value, format, kind, code) in [
        ("_a1b2c3", uri::TRANSIENT, FederationId, "subject-transient"),
        ("_a1b2c3", uri::TRANSIENT, Username, "subject-transient"),
        (GUEST, uri::UNSPECIFIED, Username, "subject-made-up"),
        ("jo_example.com#EXT#@acme.onmicrosoft.com", uri::EMAIL, FederationId, "subject-made-up"),
        ("zoe@example.com", uri::EMAIL, UserId, "subject-not-a-user-id"),
        ("0055f00000BqXw1AA", uri::UNSPECIFIED, UserId, "subject-not-a-user-id"),
    ] {
        assert_eq!(told(&named(value, format, kind)), Some(code), "{value}");
    }
}

#[test]
fn what_can_map_is_not_told() {
    use IdentityType::{FederationId, UserId, Username};
    for (value, format, kind) in [
        ("zoe@example.com", uri::EMAIL, FederationId),
        ("zoe@example.com", uri::UNSPECIFIED, Username),
        ("zoe@acme.onmicrosoft.com", uri::UNSPECIFIED, Username),
        ("0203a118-ebfb-4663-a578-89d487b25a92", uri::PERSISTENT, FederationId),
        ("jdoe", uri::UNSPECIFIED, Username),
        ("0055f00000BqXw1", uri::UNSPECIFIED, UserId),
        ("0055f00000BqXw1AAF", uri::UNSPECIFIED, UserId),
    ] {
        assert_eq!(told(&named(value, format, kind)), None, "{value}");
    }
}

#[test]
fn the_format_of_the_name_id_does_not_matter_when_an_attribute_names_the_user() {
    let case = named("_a1b2c3", uri::TRANSIENT, IdentityType::FederationId);
    let case = case.config(|config| {
        config.identity_location = IdentityLocation::Attribute { name: given("User.Email") };
    });
    assert_eq!(told(&case), None);
}

#[test]
fn a_list_of_users_knows_better() {
    let csv =
        format!("Id,Username,FederationIdentifier,IsActive\n0055f00000BqXw1,a@b.c,{GUEST},true\n");
    let case = named(GUEST, uri::UNSPECIFIED, IdentityType::FederationId).config(|config| {
        config.users = Some(Users::parse(csv.as_bytes(), "users.csv".as_ref()).unwrap());
    });
    assert_eq!(told(&case), None);
    assert_eq!(suspected(&case.is_accepted()), None);
}

fn suspicion(report: &Report) -> Option<&'static str> {
    suspected(report).map(|cause| cause.code)
}

#[test]
fn somebody_who_asks_is_told_what_may_be_wrong() {
    use IdentityType::{FederationId, UserId, Username};
    for (value, format, kind, code) in [
        ("zoe@example.com", uri::EMAIL, FederationId, Some("subject-email-as-federation-id")),
        ("jdoe", uri::UNSPECIFIED, FederationId, None),
        ("jdoe", uri::UNSPECIFIED, Username, Some("subject-not-a-username")),
        ("zoe@example.com", uri::EMAIL, Username, None),
        ("q1w2e3", uri::PERSISTENT, FederationId, Some("subject-persistent")),
        ("_a1b2c3", uri::TRANSIENT, Username, None),
        ("0055f00000BqXw1", uri::UNSPECIFIED, UserId, None),
    ] {
        assert_eq!(suspicion(&named(value, format, kind).is_accepted()), code, "{value}");
    }
    let rejected = named("jdoe", uri::UNSPECIFIED, Username).at("12:00:00");
    assert_eq!(suspicion(&rejected.report()), None);
}

#[test]
fn what_failed_is_told_before_what_is_suspected() {
    let case = named("_a1b2c3", uri::TRANSIENT, IdentityType::FederationId).message(|response| {
        response.assertion().conditions = None;
    });
    let codes: Vec<_> = case.report().diagnoses().iter().map(|d| d.cause.code).collect();
    assert_eq!(codes, ["assertion-incomplete", "subject-transient"]);
}

#[test]
fn an_empty_subject_is_missing_and_nothing_is_said_of_its_shape() {
    let report = named("", uri::TRANSIENT, IdentityType::FederationId).report();
    let codes: Vec<_> = report.diagnoses().iter().map(|d| d.cause.code).collect();
    assert_eq!(codes, ["identity-missing"]);
}
