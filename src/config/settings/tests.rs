use super::*;
use crate::config::fixture::{option, pair, read, required, sp};
use crate::config::{Configuration, load};

const REQUIRED: &str = "[[sp]]\nname = \"acme\"\nissuer = \"i\"\nlogin_url = \"https://a.example\"\nidp_certificate = \"idp.pem\"\n";

fn loaded(lines: &str) -> Result<Configuration, ConfigError> {
    load(Path::new("etc/s.toml"), &format!("{REQUIRED}{lines}\n"), &read)
}

/// The error of a file whose sixth line is this one.
fn error(lines: &str) -> String {
    loaded(lines).unwrap_err().to_string()
}

/// The error of a file whose certificate, in line 5, is this one.
fn certificate_error(value: &str) -> String {
    let text = REQUIRED.replace("\"idp.pem\"", value);
    load(Path::new("etc/s.toml"), &text, &read).unwrap_err().to_string()
}

#[test]
fn options_alone_make_a_configuration() {
    let mut options = required("https://idp.example", "https://login.salesforce.com");
    options.clock_skew_seconds = Some(Expect::new(60, Source::Environment("SAMLCHECK_CLOCK_SKEW")));
    let found = options.into_config(&read).unwrap();
    assert_eq!(found.name, "command line");
    assert_eq!(found.issuer.source().to_string(), "--test");
    assert_eq!(found.clock_skew.as_secs(), 60);
}

#[test]
fn missing_options_are_listed() {
    let options = OneOff { issuer: Some(option("i")), ..OneOff::default() };
    assert_eq!(
        options.into_config(&read).unwrap_err().to_string(),
        "options: --login-url and --idp-cert missing; \
         a run without a configuration file needs --issuer, --login-url and --idp-cert"
    );
}

#[test]
fn no_options_are_empty_and_any_option_is_not() {
    assert!(OneOff::default().is_empty());
    assert!(!required("i", "u").is_empty());
    let flag = Some(Expect::new(false, Source::Option("--test")));
    assert!(!OneOff { federation_id_case_sensitive: flag, ..OneOff::default() }.is_empty());
    assert!(!OneOff { users: Some(option("u")), ..OneOff::default() }.is_empty());
    assert!(!OneOff { decryption_keys: vec![option("k")], ..OneOff::default() }.is_empty());
}

#[test]
fn empty_values_are_refused() {
    assert_eq!(
        error("entity_id = \"\""),
        "etc/s.toml:6: `entity_id` is empty; give a value or remove it"
    );
    for key in [
        "portal_id",
        "organization_id",
        "name_id_format",
        "token_endpoint",
        "users",
        "decryption_key",
    ] {
        let found = error(&format!("{key} = \" \""));
        assert!(found.starts_with(&format!("etc/s.toml:6: `{key}` is empty")), "{found}");
    }
    assert!(certificate_error("\"\"").starts_with("etc/s.toml:5: `idp_certificate` is empty"));
    assert!(certificate_error("[]").contains("has no `idp_certificate`"));
}

#[test]
fn urls_are_absolute() {
    assert_eq!(
        error("token_endpoint = \"acme.my.salesforce.com\""),
        "etc/s.toml:6: `token_endpoint` is not an absolute http or https URL: \
         `acme.my.salesforce.com`; copy the whole URL, beginning with https://"
    );
    assert!(error("[[sp.site]]\nurl = \"/customers\"").starts_with("etc/s.toml:7: `url` is not"));
    let options = required("i", "ftp://a.example");
    assert!(options.into_config(&read).unwrap_err().to_string().starts_with("--test: `login_url`"));
}

#[test]
fn a_misspelt_word_is_answered_with_the_nearest() {
    assert_eq!(
        error("session_level = \"high-assurance\""),
        "etc/s.toml:6: `session_level` cannot be `high-assurance`; \
         did you mean `HIGH_ASSURANCE`? It is one of `STANDARD`, `HIGH_ASSURANCE`"
    );
    assert_eq!(
        error("identity_type = \"FederationId\""),
        "etc/s.toml:6: `identity_type` cannot be `FederationId`; \
         did you mean `federation-id`? It is one of `username`, `federation-id`, `user-id`"
    );
    assert_eq!(
        error("identity_location = \"xyz\""),
        "etc/s.toml:6: `identity_location` cannot be `xyz`; it is one of `name-id`, `attribute`"
    );
}

#[test]
fn an_attribute_location_and_an_attribute_name_need_each_other() {
    assert_eq!(
        error("identity_location = \"attribute\""),
        "etc/s.toml:6: `identity_location` is `attribute`, and `attribute_name` is missing; \
         add `attribute_name`, the Name of the Attribute that identifies the user"
    );
    assert_eq!(
        error("attribute_name = \"x\""),
        "etc/s.toml:6: `attribute_name` is given, but the identity is not in an attribute; \
         set `identity_location` to `attribute` as well, or remove `attribute_name`"
    );
}

#[test]
fn seconds_are_neither_negative_nor_absurd() {
    assert_eq!(
        error("clock_skew_seconds = -1"),
        "etc/s.toml:6: `clock_skew_seconds` cannot be -1; \
         it is 0 to 86400 seconds; the platform's value is 180"
    );
    assert!(error("clock_skew_seconds = 180000").contains("cannot be 180000"));
    assert!(error("validity_seconds = 0").contains("it is 1 to 86400 seconds"));
    assert!(error("validity_seconds = 9223372036854775807").contains("cannot be 92233"));
}

#[test]
fn a_missing_file_is_named_with_its_line() {
    assert_eq!(
        certificate_error("[\"idp.pem\",\n\"other.pem\"]"),
        "etc/s.toml:6: `idp_certificate`: cannot read `etc/other.pem`: no such file; \
         correct the path or create the file"
    );
    assert!(error("users = \"u.csv\"").contains("cannot read `etc/u.csv`"));
    assert!(error("decryption_key = \"k\"").contains("cannot read `etc/k`"));
}

#[test]
fn a_broken_certificate_is_refused_with_its_reason() {
    let found = certificate_error("\"broken.pem\"");
    let expected = "etc/s.toml:5: `idp_certificate`: `etc/broken.pem` cannot be used: ";
    assert!(found.starts_with(expected), "{found}");
    let advice = "; give the IdP's signing certificate as PEM, DER or base64";
    assert!(found.ends_with(advice), "{found}");
    assert!(certificate_error("\"empty\"").contains("`etc/empty`"));
}

/// Every way to paste or name a private key, and nothing of it in the error.
#[test]
fn a_private_key_for_a_certificate_is_refused_and_never_echoed() {
    let key = &pair().1;
    let base64: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    let inline = format!("'''{key}'''");
    assert_eq!(
        certificate_error(&inline),
        "etc/s.toml:5: `idp_certificate`: the text holds a private key; give the IdP's certificate \
         alone; a private key has no business here, and if it was the IdP's own, it should be replaced now"
    );
    let found = certificate_error("\"sp.key\"");
    assert!(found.contains("`etc/sp.key` holds a private key"), "{found}");
    let bare = format!("\"{base64}\"");
    let both = format!("'''{}{key}'''", pair().0);
    let errors = [
        certificate_error(&inline),
        certificate_error(&bare),
        certificate_error(&both),
        found,
        error(&format!("decryption_key = {bare}")),
        error(&format!("users = {inline}")),
        error(&format!("token_endpoint = {inline}")),
        error(&format!("session_level = {inline}")),
        error(&format!("decryption_key = '''{key}")),
        error(&format!("clock_skew_seconds = {inline}")),
        error(&format!("decryption_key = {{ pem = {inline} }}")),
        error(&format!("xyz = {inline}")),
    ];
    for error in errors {
        assert!(!error.contains(&base64[..16]), "{error}");
    }
}

#[test]
fn a_decryption_key_may_be_inline_in_a_file_but_not_in_an_argument() {
    let key = &pair().1;
    let found = loaded(&format!("decryption_key = '''{key}'''")).unwrap();
    let [inline] = found.service_providers[0].decryption_keys.as_slice() else { panic!("one key") };
    assert_eq!(inline.path(), None);
    assert_eq!(inline.source().to_string(), "etc/s.toml:6");
    let mut options = required("i", "https://a.example");
    options.decryption_keys = vec![option(key)];
    assert_eq!(
        options.into_config(&read).unwrap_err().to_string(),
        "--test: a private key was given as an argument, where every user of this machine can \
         read it; put it into a file that only you can read and give the file's path"
    );
}

#[test]
fn a_decryption_key_shows_no_key_when_debugged() {
    let key = &pair().1;
    let found = loaded(&format!("decryption_key = '''{key}'''")).unwrap();
    let shown = format!("{found:?}");
    assert!(shown.contains("DecryptionKey"));
    assert!(!shown.contains("PRIVATE"));
    let bytes = format!("{:?}", &key.as_bytes()[..8]);
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])));
}

#[test]
fn what_is_no_private_key_is_refused_for_decryption() {
    assert_eq!(
        error("decryption_key = \"idp.pem\""),
        "etc/s.toml:6: `decryption_key` is PEM but holds no private key; \
         give the private key that belongs to the certificate the IdP encrypts for"
    );
    assert!(error("decryption_key = \"empty\"").contains("the file is empty"));
}

#[test]
fn a_users_file_is_named_with_its_own_line() {
    assert_eq!(
        error("users = \"broken.csv\""),
        "etc/broken.csv:3: `IsActive` cannot be `maybe`; it is true or false, or 1 or 0"
    );
}

#[test]
fn a_users_file_has_the_column_of_the_identity_type() {
    assert_eq!(
        error("users = \"names.csv\""),
        "etc/s.toml:6: `users`: the file has no column `FederationIdentifier`, which identifies \
         the user; export the users with that column, or correct `identity_type`"
    );
    assert!(loaded("users = \"names.csv\"\nidentity_type = \"username\"").is_ok());
}

#[test]
fn each_source_is_shown_as_the_user_wrote_it() {
    assert_eq!(sp("a", "i", "e", "https://a.example").issuer.source().to_string(), "--test");
    assert_eq!(Source::Environment("SAMLCHECK_ISSUER").to_string(), "SAMLCHECK_ISSUER");
    assert_eq!(Source::Default.to_string(), "default");
}
