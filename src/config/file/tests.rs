use super::*;
use crate::config::fixture::{pair, read};
use crate::config::{IdentityLocation, IdentityType, Provisioning, SessionLevel};

const MINIMAL: &str = r#"
[[sp]]
name = "acme"
issuer = "https://idp.example.com/metadata"
login_url = "https://acme.my.salesforce.com?so=00D000000000001"
idp_certificate = "idp.pem"
"#;

fn loaded(text: &str) -> Configuration {
    load(Path::new("etc/samlcheck.toml"), text, &read).unwrap()
}

fn error(text: &str) -> String {
    load(Path::new("etc/samlcheck.toml"), text, &read).unwrap_err().to_string()
}

/// The error of the minimal file with these lines added behind its sixth.
fn error_with(lines: &str) -> String {
    error(&format!("{MINIMAL}{lines}\n"))
}

#[test]
fn the_minimal_file_gets_the_platforms_defaults() {
    let found = loaded(MINIMAL);
    assert_eq!(found.path.as_deref(), Some(Path::new("etc/samlcheck.toml")));
    assert_eq!(found.limits, Limits::default());
    let [sp] = found.service_providers.as_slice() else { panic!("one service provider") };
    assert_eq!(sp.name, "acme");
    assert_eq!(sp.issuer.given(), "https://idp.example.com/metadata");
    assert_eq!(sp.issuer.source().to_string(), "etc/samlcheck.toml:4");
    assert_eq!(sp.entity_id.given(), "https://saml.salesforce.com");
    assert_eq!(sp.entity_id.source(), &Source::Default);
    assert_eq!(sp.identity_type, IdentityType::FederationId);
    assert_eq!(sp.identity_location, IdentityLocation::NameId);
    assert!(sp.federation_id_case_sensitive);
    assert_eq!((sp.clock_skew.as_secs(), sp.validity.as_secs()), (180, 300));
    assert_eq!(sp.idp_certificates[0].source().to_string(), "etc/samlcheck.toml:6");
    assert!(sp.decryption_keys.is_empty() && sp.sites.is_empty() && sp.users.is_none());
    assert_eq!(sp.own_organization_id(), Some("00D000000000001"));
}

#[test]
fn every_key_is_read() {
    let found = loaded(
        r#"
[limits]
depth = 100
decoded_bytes = 1024

[[sp]]
name = "acme-prod"
issuer = "https://idp.example.com/metadata"
entity_id = "https://acme.my.salesforce.com"
login_url = "https://acme.my.salesforce.com?so=00D000000000001"
token_endpoint = "https://acme.my.salesforce.com/services/oauth2/token?so=00D000000000001"
idp_certificate = ["idp.pem",
  "/abs/idp.pem"]
decryption_key = "sp.key"
identity_type = "username"
identity_location = "attribute"
attribute_name = "federationId"
name_id_format = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
organization_id = "00D000000000009"
portal_id = "060D00000000001"
session_level = "HIGH_ASSURANCE"
provisioning = "standard"
users = "users.csv"
federation_id_case_sensitive = false
clock_skew_seconds = 0
validity_seconds = 60
[[sp.site]]
url = "https://acme.my.site.com/customers"
[[sp.site]]
url = "https://acme.my.site.com/old"
active = false
"#,
    );
    assert_eq!((found.limits.depth, found.limits.decoded_bytes), (100, 1024));
    assert_eq!(found.limits.layers, Limits::default().layers);
    let sp = &found.service_providers[0];
    assert_eq!(sp.entity_id.given(), "https://acme.my.salesforce.com");
    assert_eq!(sp.token_endpoint.as_ref().unwrap().source().to_string(), "etc/samlcheck.toml:11");
    let lines: Vec<String> = sp.idp_certificates.iter().map(|c| c.source().to_string()).collect();
    assert_eq!(lines, ["etc/samlcheck.toml:12", "etc/samlcheck.toml:13"]);
    assert_eq!(sp.decryption_keys[0].path(), Some(Path::new("etc/sp.key")));
    let key = sp.decryption_keys[0].private_key().unwrap();
    assert_eq!((key.bits(), sp.decryption_keys[0].is_locked()), (1024, false));
    assert_eq!(sp.identity_type, IdentityType::Username);
    let IdentityLocation::Attribute { name } = &sp.identity_location else { panic!("attribute") };
    assert_eq!(name.given(), "federationId");
    assert!(sp.name_id_format.is_some() && sp.portal_id.is_some());
    assert_eq!(sp.own_organization_id(), Some("00D000000000009"));
    assert_eq!(sp.session_level.as_ref().unwrap().given(), &SessionLevel::HighAssurance);
    assert_eq!(sp.provisioning, Provisioning::Standard);
    assert_eq!(sp.users.as_ref().unwrap().len(), 1);
    assert!(!sp.federation_id_case_sensitive);
    assert_eq!((sp.clock_skew.as_secs(), sp.validity.as_secs()), (0, 60));
    let active: Vec<bool> = sp.sites.iter().map(|site| site.active).collect();
    assert_eq!(active, [true, false]);
}

#[test]
fn a_byte_order_mark_and_crlf_are_tolerated() {
    let text = format!("\u{FEFF}{}", MINIMAL.trim_start().replace('\n', "\r\n"));
    let found = loaded(&text);
    assert_eq!(found.service_providers[0].issuer.source().to_string(), "etc/samlcheck.toml:3");
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest() {
    assert_eq!(
        error_with("entityid = \"x\""),
        "etc/samlcheck.toml:7: unknown key `entityid` in [[sp]]; did you mean `entity_id`?"
    );
    assert_eq!(
        error_with("idp-cert = \"x\""),
        "etc/samlcheck.toml:7: unknown key `idp-cert` in [[sp]]; did you mean `idp_certificate`?"
    );
    assert_eq!(
        error_with("[[sp.site]]\nurls = \"x\""),
        "etc/samlcheck.toml:8: unknown key `urls` in [[sp.site]]; did you mean `url`?"
    );
    assert_eq!(
        error_with("[limits]\nxyz = 1"),
        "etc/samlcheck.toml:8: unknown key `xyz` in [limits]; \
         it takes decoded_bytes, inflated_bytes, capture_bytes, messages, layers, depth, attributes, namespaces, nodes, total_attributes"
    );
    assert_eq!(
        error("[[sps]]\nname = \"x\"\n"),
        "etc/samlcheck.toml:1: unknown key `sps` in the file; did you mean `sp`?"
    );
}

#[test]
fn broken_toml_is_placed() {
    assert_eq!(
        error_with("entity_id = https://saml.salesforce.com"),
        "etc/samlcheck.toml:7: this is no TOML: string values must be quoted, expected literal string; \
         texts stand in double quotes, one key to a line"
    );
    assert_eq!(
        error_with("issuer = \"again\""),
        "etc/samlcheck.toml:7: this is no TOML: duplicate key; \
         texts stand in double quotes, one key to a line"
    );
}

#[test]
fn a_value_of_the_wrong_type_is_placed_and_not_echoed() {
    let secret = "-----BEGIN PRIVATE KEY-----";
    assert_eq!(
        error_with(&format!("clock_skew_seconds = \"{secret}\"")),
        "etc/samlcheck.toml:7: expected a whole number, found a string; correct the value"
    );
    assert_eq!(
        error_with("federation_id_case_sensitive = \"yes\""),
        "etc/samlcheck.toml:7: expected true or false, found a string; correct the value"
    );
    assert_eq!(
        error_with("decryption_key = 5"),
        "etc/samlcheck.toml:7: expected a string or a list of strings, found a whole number; \
         correct the value"
    );
    assert_eq!(
        error_with("validity_seconds = 1.5"),
        "etc/samlcheck.toml:7: expected a whole number, found a fraction; correct the value"
    );
}

#[test]
fn there_is_at_least_one_service_provider() {
    let expected = "etc/samlcheck.toml:1: there is no service provider; \
                    add an [[sp]] table with name, issuer, login_url and idp_certificate";
    assert_eq!(error(""), expected);
    assert_eq!(error("sp = []\n"), expected);
}

#[test]
fn names_are_given_and_unique() {
    assert_eq!(
        error("[[sp]]\nissuer = \"x\"\n"),
        "etc/samlcheck.toml:1: [[sp]] has no `name`; \
         add `name`, which --sp and the reports call it by"
    );
    assert_eq!(
        error("[[sp]]\nname = \" \"\n"),
        "etc/samlcheck.toml:2: `name` is empty; \
         add `name`, which --sp and the reports call it by"
    );
    assert_eq!(
        error(&format!("{MINIMAL}{MINIMAL}")),
        "etc/samlcheck.toml:9: the name `acme` is already used in line 3; \
         give each [[sp]] a name of its own"
    );
}

#[test]
fn what_is_missing_is_listed_at_the_table() {
    assert_eq!(
        error("# first line\n[[sp]]\nname = \"acme\"\nlogin_url = \"https://a.example\"\n"),
        "etc/samlcheck.toml:2: [[sp]] `acme` has no `issuer` and no `idp_certificate`; \
         add the IdP's entity ID and the IdP's certificate"
    );
}

#[test]
fn limits_are_bounded() {
    assert_eq!(
        error_with("[limits]\ndepth = 0"),
        "etc/samlcheck.toml:8: `depth` cannot be 0; it is 1 to 10000; the default is 512"
    );
    assert!(error_with("[limits]\ndecoded_bytes = -1").contains("cannot be -1"));
    assert!(error_with("[limits]\nlayers = 65").contains("it is 1 to 64"));
}

#[test]
fn a_site_without_address_is_refused() {
    assert_eq!(
        error_with("[[sp.site]]\nactive = true"),
        "etc/samlcheck.toml:7: [[sp.site]] has no `url`; add the site's address"
    );
}

#[test]
fn an_inline_certificate_may_be_pem_or_base64() {
    let pem = &pair().0;
    let with = |value: &str| MINIMAL.replace("\"idp.pem\"", value);
    let inline = loaded(&with(&format!("\"\"\"\n{pem}\"\"\"")));
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let bare = loaded(&with(&format!("\"{base64}\"")));
    let file = loaded(MINIMAL);
    let der = |found: &Configuration| {
        found.service_providers[0].idp_certificates[0].given().der().to_vec()
    };
    assert_eq!(der(&inline), der(&file));
    assert_eq!(der(&bare), der(&file));
}

#[test]
fn a_bundle_of_certificates_yields_all_of_them() {
    let bundle = pair().0.repeat(2);
    let text = MINIMAL.replace("\"idp.pem\"", &format!("'''{bundle}'''"));
    assert_eq!(loaded(&text).service_providers[0].idp_certificates.len(), 2);
}
