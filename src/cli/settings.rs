//! The options that stand for a configuration key each: together a configuration, alone a change to the file's.

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueHint, builder::FalseyValueParser};

use crate::config::{Expect, Settings, Source};

#[derive(Args)]
#[command(next_help_heading = "Configuration values (see --help for how they meet the file's)")]
pub(super) struct SettingsOptions {
    /// The IdP's entity ID
    #[arg(long, value_name = "URI", env = "SAMLCHECK_ISSUER", hide_env_values = true)]
    issuer: Option<String>,
    /// The service provider's entity ID [default: https://saml.salesforce.com]
    #[arg(long, value_name = "URI", env = "SAMLCHECK_ENTITY_ID", hide_env_values = true)]
    entity_id: Option<String>,
    /// The login URL that the IdP posts to
    #[arg(long, value_name = "URL", env = "SAMLCHECK_LOGIN_URL", hide_env_values = true)]
    #[arg(value_hint = ValueHint::Url)]
    login_url: Option<String>,
    /// The IdP's certificate: PEM, DER or base64; repeat it while the IdP changes its key
    #[arg(long, value_name = "FILE", env = "SAMLCHECK_IDP_CERT", hide_env_values = true)]
    #[arg(value_hint = ValueHint::FilePath, allow_hyphen_values = true)]
    // PEM begins with dashes
    idp_cert: Vec<String>,
    /// The OAuth 2.0 token endpoint, the other acceptable Recipient
    #[arg(long, value_name = "URL", env = "SAMLCHECK_TOKEN_ENDPOINT", hide_env_values = true)]
    #[arg(hide_short_help = true, value_hint = ValueHint::Url)]
    token_endpoint: Option<String>,
    /// The private key for encrypted assertions: a file's path, never the key itself; repeatable
    #[arg(long, value_name = "FILE", env = "SAMLCHECK_DECRYPTION_KEY", hide_env_values = true)]
    #[arg(hide_short_help = true, value_hint = ValueHint::FilePath)]
    decryption_key: Vec<String>,
    /// What the Subject is: username, federation-id or user-id [default: federation-id]
    #[arg(long, value_name = "TYPE", env = "SAMLCHECK_IDENTITY_TYPE", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    identity_type: Option<String>,
    /// Where it stands: name-id or attribute [default: name-id]
    #[arg(long, value_name = "PLACE", env = "SAMLCHECK_IDENTITY_LOCATION", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    identity_location: Option<String>,
    /// The Name of the Attribute that identifies the user
    #[arg(long, value_name = "NAME", env = "SAMLCHECK_ATTRIBUTE_NAME", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    attribute_name: Option<String>,
    /// The format to require of the NameID or the attribute's name
    #[arg(long, value_name = "URI", env = "SAMLCHECK_NAME_ID_FORMAT", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    name_id_format: Option<String>,
    /// The org's id, 15 or 18 characters [default: the so= of the login URL]
    #[arg(long, value_name = "ID", env = "SAMLCHECK_ORGANIZATION_ID", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    organization_id: Option<String>,
    /// The portal's id
    #[arg(long, value_name = "ID", env = "SAMLCHECK_PORTAL_ID", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    portal_id: Option<String>,
    /// The session level to require: STANDARD or HIGH_ASSURANCE
    #[arg(long, value_name = "LEVEL", env = "SAMLCHECK_SESSION_LEVEL", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    session_level: Option<String>,
    /// Just-in-time provisioning to check the attributes for: none or standard [default: none]
    #[arg(long, value_name = "KIND", env = "SAMLCHECK_PROVISIONING", hide_env_values = true)]
    #[arg(hide_short_help = true)]
    provisioning: Option<String>,
    /// The known users, a CSV export, to map the Subject to one of them
    #[arg(long, value_name = "FILE", env = "SAMLCHECK_USERS", hide_env_values = true)]
    #[arg(hide_short_help = true, value_hint = ValueHint::FilePath)]
    users: Option<String>,
    /// Take Federation IDs that differ only in case for the same
    #[arg(long, env = "SAMLCHECK_FEDERATION_ID_CASE_INSENSITIVE", hide_env_values = true)]
    #[arg(hide_short_help = true, value_parser = FalseyValueParser::new())]
    federation_id_case_insensitive: bool,
    /// How far the clocks may differ [default: 180]
    #[arg(
        long,
        value_name = "SECONDS",
        env = "SAMLCHECK_CLOCK_SKEW_SECONDS",
        hide_env_values = true
    )]
    #[arg(hide_short_help = true, allow_negative_numbers = true)]
    clock_skew_seconds: Option<i64>,
    /// How long after its IssueInstant a message may be used [default: 300]
    #[arg(
        long,
        value_name = "SECONDS",
        env = "SAMLCHECK_VALIDITY_SECONDS",
        hide_env_values = true
    )]
    #[arg(hide_short_help = true, allow_negative_numbers = true)]
    validity_seconds: Option<i64>,
    /// The address of an active site that siteurl may name; repeatable
    #[arg(long, value_name = "URL", env = "SAMLCHECK_SITE", hide_env_values = true)]
    #[arg(hide_short_help = true, value_hint = ValueHint::Url)]
    site: Vec<String>,
}

/// Says of each option whether it was typed or stood in the environment.
struct Sources<'m>(&'m ArgMatches);

impl Sources<'_> {
    fn expect<T>(
        &self,
        value: T,
        (id, option, variable): (&str, &'static str, &'static str),
    ) -> Expect<T> {
        let typed = self.0.value_source(id) == Some(ValueSource::CommandLine);
        let source = if typed { Source::Option(option) } else { Source::Environment(variable) };
        Expect::new(value, source)
    }
}

/// A field's id in clap, its option, its variable.
macro_rules! names {
    ($id:literal, $option:literal, $variable:literal) => {
        ($id, concat!("--", $option), concat!("SAMLCHECK_", $variable))
    };
}

/// The paths of private keys with where they were given, the same for every command that decrypts.
pub(super) fn decryption_keys(paths: Vec<String>, matches: &ArgMatches) -> Vec<Expect<String>> {
    let names = names!("decryption_key", "decryption-key", "DECRYPTION_KEY");
    paths.into_iter().map(|path| Sources(matches).expect(path, names)).collect()
}

impl SettingsOptions {
    pub(super) fn settings(self, matches: &ArgMatches) -> Settings {
        let sources = Sources(matches);
        let one = |value: Option<String>, names| value.map(|value| sources.expect(value, names));
        let number = |value: Option<i64>, names| value.map(|value| sources.expect(value, names));
        let list = |values: Vec<String>, names| -> Vec<_> {
            values.into_iter().map(|value| sources.expect(value, names)).collect()
        };
        let insensitive = names!(
            "federation_id_case_insensitive",
            "federation-id-case-insensitive",
            "FEDERATION_ID_CASE_INSENSITIVE"
        );
        Settings {
            issuer: one(self.issuer, names!("issuer", "issuer", "ISSUER")),
            entity_id: one(self.entity_id, names!("entity_id", "entity-id", "ENTITY_ID")),
            login_url: one(self.login_url, names!("login_url", "login-url", "LOGIN_URL")),
            token_endpoint: one(
                self.token_endpoint,
                names!("token_endpoint", "token-endpoint", "TOKEN_ENDPOINT"),
            ),
            idp_certificates: list(self.idp_cert, names!("idp_cert", "idp-cert", "IDP_CERT")),
            decryption_keys: decryption_keys(self.decryption_key, matches),
            identity_type: one(
                self.identity_type,
                names!("identity_type", "identity-type", "IDENTITY_TYPE"),
            ),
            identity_location: one(
                self.identity_location,
                names!("identity_location", "identity-location", "IDENTITY_LOCATION"),
            ),
            attribute_name: one(
                self.attribute_name,
                names!("attribute_name", "attribute-name", "ATTRIBUTE_NAME"),
            ),
            name_id_format: one(
                self.name_id_format,
                names!("name_id_format", "name-id-format", "NAME_ID_FORMAT"),
            ),
            organization_id: one(
                self.organization_id,
                names!("organization_id", "organization-id", "ORGANIZATION_ID"),
            ),
            portal_id: one(self.portal_id, names!("portal_id", "portal-id", "PORTAL_ID")),
            session_level: one(
                self.session_level,
                names!("session_level", "session-level", "SESSION_LEVEL"),
            ),
            provisioning: one(
                self.provisioning,
                names!("provisioning", "provisioning", "PROVISIONING"),
            ),
            users: one(self.users, names!("users", "users", "USERS")),
            federation_id_case_sensitive: self
                .federation_id_case_insensitive
                .then(|| sources.expect(false, insensitive)),
            clock_skew_seconds: number(
                self.clock_skew_seconds,
                names!("clock_skew_seconds", "clock-skew-seconds", "CLOCK_SKEW_SECONDS"),
            ),
            validity_seconds: number(
                self.validity_seconds,
                names!("validity_seconds", "validity-seconds", "VALIDITY_SECONDS"),
            ),
            sites: list(self.site, names!("site", "site", "SITE"))
                .into_iter()
                .map(|address| (address, true))
                .collect(),
        }
    }
}
