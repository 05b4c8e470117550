//! Every way in which a subject misses its user, and silence when it does not.

use crate::checks::fixture::Case;
use crate::config::IdentityType;
use crate::config::users::Users;
use crate::support::uri;

const USERS: &str = "Id,Username,FederationIdentifier,IsActive\n\
    0055f00000BqXw1,zoe@acme.example.uat,ZMueller,true\n\
    0055f00000BqXw2,jan@acme.example.uat,jan@example.com,true\n\
    0055f00000BqXw3,old@acme.example.uat,gone,false\n\
    0055f00000BqXw4,one@acme.example.uat,twice,true\n\
    0055f00000BqXw5,two@acme.example.uat,twice,true\n";

fn case(sent: &str, identity_type: IdentityType) -> Case {
    let sent = sent.to_owned();
    Case::usual()
        .config(|config| {
            config.identity_type = identity_type;
            config.federation_id_case_sensitive = true;
            config.users = Some(Users::parse(USERS.as_bytes(), "users.csv".as_ref()).unwrap());
        })
        .message(|response| response.assertion().name_id().value = sent)
}

#[test]
fn every_miss_has_its_cause() {
    use IdentityType::{FederationId, Username};
    for (sent, kind, code) in [
        ("zmueller", FederationId, "user-differs-in-case"),
        ("zoe@acme.example", Username, "user-sandbox-suffix"),
        ("jan@acme.example.uat", FederationId, "user-identity-type"),
        ("jan@example.com", Username, "user-identity-type"),
        ("gone", FederationId, "user-inactive"),
        ("twice", FederationId, "user-ambiguous"),
        ("0203a118-ebfb-4663-a578-89d487b25a92@acme.onmicrosoft.com", FederationId, "user-guest"),
        ("somebody-else-entirely", FederationId, "user-unknown"),
    ] {
        let report = case(sent, kind).report();
        let first = report.diagnoses().first().unwrap();
        assert_eq!(first.cause.code, code, "{sent}");
        assert_eq!(first.explains, ["subject"], "{sent}");
        assert_eq!(report.diagnoses().len(), 1, "{sent}");
    }
}

#[test]
fn a_name_that_changes_at_every_login_is_no_unknown_user() {
    let case = case("_a1b2c3", IdentityType::FederationId).message(|response| {
        response.assertion().name_id().format = Some(uri::TRANSIENT.to_owned());
    });
    let report = case.report();
    assert_eq!(report.diagnoses().first().unwrap().cause.code, "user-transient");
}

#[test]
fn who_is_found_gets_no_diagnosis() {
    for sent in ["ZMueller", "jan@example.com"] {
        let report = case(sent, IdentityType::FederationId).is_accepted();
        assert_eq!(report.diagnoses(), [], "{sent}");
    }
}
