//! Samples with nothing wrong, and one with a warning.

use super::{
    PROD, SANDBOX, SITE, SITE_LOGIN_URL, Sample, USERS, body, raw, response, sent_to_site,
    with_attributes, wrapped,
};
use crate::support::assertion::{Assertion, NameId};
use crate::support::keys::Key;
use crate::support::response::LOGIN_URL;
use crate::support::signature::Signing;
use crate::support::xml::replace_once;

const NOBODY: &str = "nobody, nothing is wrong.";

pub(super) fn samples() -> Vec<Sample> {
    vec![all_green(), every_item_provided(), response_only_signed(), bare_assertion()]
}

fn all_green() -> Sample {
    Sample {
        name: "01-all-green",
        title: "Everything is in order",
        what: "Response and assertion are signed, and the subject is a known user. Of the two configurations\n\
               that trust this identity provider, the audience picks `acme-prod`.",
        who: NOBODY,
        message: wrapped(&response(|response| response.signing = Some(Signing::with(Key::Idp)))),
        config: format!("{PROD}users = \"users.csv\"\n{SANDBOX}"),
        users: Some(USERS.to_owned()),
        exit: 0,
        ..Sample::usual()
    }
}

fn every_item_provided() -> Sample {
    let mut response = sent_to_site(with_attributes(&[
        ("federationId", "zmueller@example.com"),
        ("siteurl", "https://acme.my.site.com/customers"),
        ("portal_id", "060D00000000001"),
        ("organization_id", "00D000000000001"),
        ("SessionLevel", "HIGH_ASSURANCE"),
    ]));
    // The text that identity providers send when their directory has no value for the name identifier.
    response.assertion().name_id().value = "null".to_owned();
    let config = replace_once(PROD, LOGIN_URL, SITE_LOGIN_URL)
        + r#"identity_location = "attribute"
attribute_name = "federationId"
organization_id = "00D000000000001"
portal_id = "060D00000000001"
session_level = "HIGH_ASSURANCE"
users = "users.csv"
"# + SITE;
    Sample {
        name: "02-every-item-provided",
        title: "A portal user, and every optional item is there",
        what: "The identity is in the attribute `federationId` (the NameID is ignored), and the site address,\n\
               portal, organization and session level are all sent and all as configured.",
        who: NOBODY,
        message: body(&response.xml()),
        config,
        users: Some(USERS.to_owned()),
        exit: 0,
        ..Sample::usual()
    }
}

fn response_only_signed() -> Sample {
    let xml = response(|response| {
        response.signing = Some(Signing::with(Key::Idp));
        response.assertion().signing = None;
    });
    Sample {
        name: "03-response-only-signed",
        title: "Only the response is signed, not the assertion",
        what: "The signature of the response covers the assertion in it, so the login is accepted, with a\n\
               warning: the platform's documentation asks for a signed assertion.",
        who: "the identity provider may switch on \"sign assertions\"; nothing is broken.",
        message: raw(&xml),
        exit: 0,
        ..Sample::usual()
    }
}

fn bare_assertion() -> Sample {
    let mut assertion = Assertion::usual();
    *assertion.name_id() = NameId { value: "jnovak@example.com".to_owned(), format: None };
    // Nobody asked: the identity provider started this login.
    assertion.confirmation().in_response_to = None;
    let declaration = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    Sample {
        name: "04-bare-assertion",
        title: "An assertion without the response around it",
        what: "A log of the identity provider shows only the signed assertion. It can be judged, but for the\n\
               status, which stands in the response.",
        who: NOBODY,
        message: ("assertion.xml", format!("{declaration}\n{}\n", assertion.xml())),
        exit: 0,
        ..Sample::usual()
    }
}
