//! Attributes under another form of the configured name.

use crate::checks::fixture::{Case, given};
use crate::config::IdentityLocation;
use crate::support::assertion::Attribute;

/// The user is taken from the attribute `configured`; one comes, under this name and with this friendly name.
fn case(configured: &str, name: &str, friendly: Option<&str>) -> Case {
    let mut attribute = Attribute::new(name, &["zmueller@example.com"]);
    attribute.friendly_name = friendly.map(str::to_owned);
    Case::usual()
        .config(|config| {
            config.identity_location = IdentityLocation::Attribute { name: given(configured) };
        })
        .message(|response| response.assertion().attributes = vec![attribute])
}

#[test]
fn another_form_of_the_name_is_recognised() {
    let claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
    let uri = format!("{claims}/emailaddress");
    let mail = "urn:oid:0.9.2342.19200300.100.1.3";
    for (configured, name, friendly) in [
        ("emailaddress", uri.as_str(), None),
        (uri.as_str(), "emailaddress", None),
        ("EmailAddress", "emailaddress", None),
        ("employee_number", "employeeNumber", None),
        ("mail", mail, Some("mail")),
        ("mail", mail, None),
        (mail, "mail", None),
        ("upn", "urn:oid:1.2.3.4", Some("upn")),
    ] {
        let report = case(configured, name, friendly).report();
        let first = report.diagnoses().first().unwrap();
        assert_eq!(first.cause.code, "attribute-name-in-another-form", "{configured}, {name}");
        let told = |label| first.evidence.iter().find(|e| e.label == label);
        assert_eq!(told("came").unwrap().values, [name]);
        assert_eq!(told("friendly name").map(|e| e.values[0].as_str()), friendly);
        assert_eq!(told("value").unwrap().values, ["zmueller@example.com"]);
    }
}

#[test]
fn another_name_is_not_another_form() {
    let unknown = ("mail", "urn:oid:1.2.3.4", None);
    for (configured, name, friendly) in
        [("mail", "emailaddress", None), unknown, ("uid", "urn:oid:2.5.4.3", Some("cn"))]
    {
        let report = case(configured, name, friendly).report();
        let first = report.diagnoses().first().unwrap();
        assert_eq!(first.cause.code, "identity-elsewhere", "{configured}, {name}");
    }
}

#[test]
fn the_configured_name_gets_no_diagnosis() {
    assert_eq!(case("mail", "mail", Some("Mail")).is_accepted().diagnoses(), []);
}
