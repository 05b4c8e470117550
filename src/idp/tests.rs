//! Messages as each product writes them, and what they are taken for.

use std::collections::BTreeSet;

use super::{Fact, Feature, LEAD, NAMED_FROM, Product, TABLE, Table, guess};
use crate::checks::fixture::Case;
use crate::diagnosis::{causes, when_accepted};
use crate::support::response::Status;
use crate::support::uri;
use crate::support::xml::replace_once;

#[test]
fn the_table_is_whole() {
    let table: Table = toml::from_str(TABLE).unwrap();
    assert_eq!(table.product, Product::all());
    let known: BTreeSet<&str> = causes().map(|(_, cause)| cause.code).collect();
    let mut ids = BTreeSet::new();
    for product in Product::all() {
        assert!(ids.insert(product.id.as_str()), "{} stands twice", product.id);
        assert!(!product.name.is_empty());
        let strongest: u32 = product.signs.iter().map(|sign| sign.weight).sum();
        assert!(strongest >= NAMED_FROM, "{} can never be named", product.id);
        for sign in &product.signs {
            let parts = [&sign.is, &sign.starts, &sign.contains, &sign.ends];
            assert!(parts.iter().any(|part| part.is_some()) || sign.rest.is_some());
            assert!(parts.into_iter().flatten().all(|part| !part.is_empty()));
            assert!(sign.length.is_none() || sign.rest.is_some() && sign.weight > 0);
        }
        let mut seen = BTreeSet::new();
        for hint in &product.hints {
            assert!(hint.look.starts_with("Look ") && hint.look.ends_with('.'), "{}", hint.look);
            for code in &hint.causes {
                assert!(known.contains(code.as_str()), "{}: no cause {code}", product.id);
                assert!(seen.insert(code), "{}: two hints for {code}", product.id);
                assert_eq!(product.hint(code), Some(hint.look.as_str()));
            }
        }
        for code in ["certificate-rolled-over", "near-miss", "idp-refused-user", "user-unknown"] {
            assert!(product.hint(code).is_some(), "{} has no hint for {code}", product.id);
        }
        assert_eq!(product.hint(when_accepted().code), None);
    }
    assert_eq!(ids.len(), 16);
}

fn facts(told: &[(Feature, &str)]) -> Vec<Fact> {
    told.iter()
        .map(|(feature, text)| Fact { feature: *feature, text: (*text).to_owned() })
        .collect()
}

fn named(told: &[(Feature, &str)]) -> Option<&'static str> {
    guess(&facts(told)).map(|guess| guess.product.id.as_str())
}

#[test]
fn a_product_is_told_by_its_issuer() {
    use Feature::Issuer;
    for (issuer, product) in [
        ("https://sts.windows.net/1b27dbe1-7b2a-4f5a-9a3c-1c3f0f0f0f0f/", "entra-id"),
        ("HTTP://FS.example.com/adfs/services/trust", "ad-fs"),
        ("http://www.okta.com/exk1fcia6d6EMsf331d8", "okta"),
        ("https://auth.pingone.eu/01d89b06-66d5-430e-9f28-65636843788b", "ping-one"),
        ("https://pingone.com/idp/cd-1234567.example", "ping-one"),
        ("https://accounts.google.com/o/saml2?idpid=C01abc2de", "google-workspace"),
        ("https://app.onelogin.com/saml/metadata/1f2e3d", "onelogin"),
        ("urn:acme.eu.auth0.com", "auth0"),
        ("https://idp.example.com/idp/shibboleth", "shibboleth"),
        ("https://login.example.com/saml2/idp/metadata.php", "simplesamlphp"),
        ("https://sso-1a2b3c4d.sso.duosecurity.com/saml2/sp/DI0123456789/metadata", "duo"),
        ("https://aaa1234.my.idaptive.app/0f0f", "cyberark"),
        ("https://sso.jumpcloud.com/saml2/salesforce", "jumpcloud"),
    ] {
        assert_eq!(named(&[(Issuer, issuer)]), Some(product), "{issuer}");
    }
}

#[test]
fn a_product_is_told_by_several_weak_signs() {
    use Feature::{Attribute, Certificate, Id, Issuer, KeyInfo, Layout, StatusMessage};
    let uuid = "0203a118-ebfb-4663-a578-89d487b25a92";
    let id = format!("ID_{uuid}");
    let keycloak = [(Issuer, "https://sso.example.com/realms/acme"), (Id, id.as_str())];
    assert_eq!(named(&keycloak), Some("keycloak"));
    let keycloak = [(Layout, "dsig:Signature"), (KeyInfo, "KeyName X509Data KeyValue")];
    assert_eq!(named(&keycloak), None, "three points are too few");
    let [signature, key_info] = keycloak;
    assert_eq!(named(&[signature, key_info, (Id, &id)]), Some("keycloak"));
    let id = format!("_{uuid}");
    let claims = "http://schemas.microsoft.com/identity/claims/tenantid";
    assert_eq!(named(&[(Attribute, claims), (Id, &id)]), Some("entra-id"));
    let consent = "Consent urn:oasis:names:tc:SAML:2.0:consent:unspecified";
    let role = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    assert_eq!(named(&[(Layout, consent), (Id, &id), (Attribute, role)]), Some("ad-fs"));
    let certificate = "C=US, O=Okta, OU=SSOProvider, CN=acme";
    assert_eq!(named(&[(Certificate, certificate)]), Some("okta"));
    let google = "ST=California,C=US,OU=Google For Work,CN=Google,O=Google Inc.";
    assert_eq!(named(&[(Certificate, google)]), Some("google-workspace"));
    let ping = [(Id, "fXXH9ILjvwMkEFb.K5bPeC-VeC_"), (Layout, "first attribute Version")];
    assert_eq!(named(&ping), Some("ping-federate"));
    assert_eq!(named(&ping[..1]), None, "a form of ID is not enough");
    let lasso = [
        (Issuer, "https://auth.example.com/saml/metadata"),
        (Id, "_6C1C37A0CC0DD6B8C3E4A24F8EAC7A4E"),
    ];
    assert_eq!(named(&lasso), Some("lemonldap-ng"));
    assert_eq!(named(&lasso[..1]), None, "many publish metadata there");
    let salesforce = [(Issuer, "https://hub.my.salesforce.com"), (Attribute, "is_portal_user")];
    assert_eq!(named(&salesforce), Some("salesforce"));
    assert_eq!(named(&salesforce[..1]), None, "a swapped Entity ID looks like it");
    assert_eq!(named(&[(StatusMessage, "AADSTS50105: not assigned")]), Some("entra-id"));
    assert_eq!(
        named(&[(Id, "_7899996a4f01e9bd612fc4d8bcb676cb29d08fff50")]),
        Some("simplesamlphp")
    );
}

#[test]
fn nothing_is_named_without_a_clear_winner() {
    use Feature::{Id, Issuer};
    assert_eq!(named(&[]), None);
    assert_eq!(named(&[(Issuer, "https://idp.example.com/metadata")]), None);
    assert_eq!(named(&[(Id, "_6043098d399a889a815c")]), None);
    let both = [(Issuer, "https://sts.windows.net/x/"), (Issuer, "http://www.okta.com/exk")];
    assert_eq!(named(&both), None, "two products, as in a message put together from two");
    const { assert!(LEAD > 0 && LEAD <= NAMED_FROM) }
}

#[test]
fn a_guess_says_what_it_rests_on_and_changes_no_verdict() {
    let entra = "https://sts.windows.net/1b27dbe1-7b2a-4f5a-9a3c-1c3f0f0f0f0f/";
    let issued = |case: Case, issuer: &'static str| {
        case.message(move |r| {
            issuer.clone_into(&mut r.issuer.as_mut().unwrap().value);
            issuer.clone_into(&mut r.assertion().issuer.as_mut().unwrap().value);
        })
    };
    let report = issued(Case::usual(), entra).report();
    let guess = report.idp_product().unwrap();
    assert_eq!(guess.product.id, "entra-id");
    assert_eq!(guess.evidence().next(), Some(("Issuer", entra)));
    assert_eq!(report.exit_code(), 1, "the issuer is not the configured one");
    let first = report.diagnoses().first().unwrap();
    assert!(guess.product.hint(first.cause.code).unwrap().contains("Basic SAML Configuration"));
    let usual = Case::usual().is_accepted();
    assert_eq!(usual.idp_product(), None);
}

#[test]
fn a_refusal_tells_the_product_by_its_message() {
    let report = Case::usual()
        .message(|r| {
            let mut status = Status::new(&[uri::RESPONDER]);
            status.message = Some("AADSTS50105: The signed in user is not assigned.".to_owned());
            r.status = Some(status);
            r.assertion = None;
        })
        .report();
    assert_eq!(report.idp_product().unwrap().product.name, "Microsoft Entra ID");
}

#[test]
fn a_value_of_a_megabyte_tells_nothing() {
    let report = Case::usual()
        .message(|r| r.issuer.as_mut().unwrap().value = "https://sts.windows.net/".repeat(40_000))
        .report();
    assert_eq!(report.idp_product(), None);
}

#[test]
fn the_layout_is_read_from_the_text_of_the_message() {
    let ping = Case::usual().altered(|xml| {
        let protocol = "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"";
        let xml = replace_once(&xml, " Version=\"2.0\"><saml:Issuer xmlns", "><saml:Issuer xmlns");
        let xml = replace_once(&xml, protocol, &format!("Version=\"2.0\" {protocol}"));
        xml.replace("_r51d0c7e2f6b94a38917e5c3d20f8ab46e19c7d05", "vzaCAv3BrVIx52jNfSayyab2QLA")
    });
    let guess = ping.is_accepted().idp_product().unwrap();
    assert_eq!(guess.product.id, "ping-federate");
    let told: Vec<_> = guess.evidence().collect();
    assert_eq!(
        told,
        [("ID", "vzaCAv3BrVIx52jNfSayyab2QLA"), ("layout", "first attribute Version")]
    );
    let keycloak = Case::usual()
        .message(|r| {
            "https://sso.example.com/realms/a".clone_into(&mut r.issuer.as_mut().unwrap().value);
        })
        .altered(|xml| xml.replace("ds:", "dsig:").replace("xmlns:ds=", "xmlns:dsig="));
    assert_eq!(keycloak.report().idp_product().unwrap().product.id, "keycloak");
}
