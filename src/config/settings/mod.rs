//! The settings of one service provider as text, from a file or from options, and the one place where they are judged.
//!
//! Defaults are the platform's (platform §2, §3.1, §3.5). Every refusal names the place and what to do.

use std::path::Path;

use jiff::SignedDuration;

use super::credentials::{Files, certificates, decryption_key};
use super::endpoint::is_absolute_http_url;
use super::error::{shown, suggestion};
use super::users::Users;
use super::{
    ConfigError, DEFAULT_ENTITY_ID, Expect, IdentityLocation, IdentityType, Provisioning, ReadFile,
    SessionLevel, Site, Source, SpConfig,
};

/// Seconds that clocks may differ by when the configuration does not say (platform §3.1).
pub(crate) const PLATFORM_SKEW_SECONDS: i64 = 180;
/// Seconds that a message stays usable when the configuration does not say (platform §3.1).
pub(crate) const PLATFORM_VALIDITY_SECONDS: i64 = 300;
/// Choice: more than a day is a slip (milliseconds for seconds), and would switch the time checks off unseen.
pub(crate) const MOST_SECONDS: i64 = 86_400;

/// The settings of a run without a configuration file.
pub type OneOff = Settings;

/// One service provider's settings as they were given. No `Debug`: an inline decryption key would be in it.
#[derive(Clone, Default)]
#[expect(missing_docs, reason = "each is the configuration key of the same name")]
pub struct Settings {
    pub issuer: Option<Expect<String>>,
    pub entity_id: Option<Expect<String>>,
    pub login_url: Option<Expect<String>>,
    pub token_endpoint: Option<Expect<String>>,
    pub idp_certificates: Vec<Expect<String>>,
    pub decryption_keys: Vec<Expect<String>>,
    pub identity_type: Option<Expect<String>>,
    pub identity_location: Option<Expect<String>>,
    pub attribute_name: Option<Expect<String>>,
    pub name_id_format: Option<Expect<String>>,
    pub organization_id: Option<Expect<String>>,
    pub portal_id: Option<Expect<String>>,
    pub session_level: Option<Expect<String>>,
    pub provisioning: Option<Expect<String>>,
    pub users: Option<Expect<String>>,
    pub federation_id_case_sensitive: Option<Expect<bool>>,
    pub clock_skew_seconds: Option<Expect<i64>>,
    pub validity_seconds: Option<Expect<i64>>,
    pub sites: Vec<(Expect<String>, bool)>,
}

/// What a configuration cannot do without: its key, its option, what it is.
const REQUIRED: [(&str, &str, &str); 3] = [
    ("issuer", "--issuer", "the IdP's entity ID"),
    ("login_url", "--login-url", "the login URL"),
    ("idp_certificate", "--idp-cert", "the IdP's certificate"),
];

impl Settings {
    /// Whether nothing was given at all.
    pub fn is_empty(&self) -> bool {
        let texts = [
            &self.issuer,
            &self.entity_id,
            &self.login_url,
            &self.token_endpoint,
            &self.identity_type,
            &self.identity_location,
            &self.attribute_name,
            &self.name_id_format,
            &self.organization_id,
            &self.portal_id,
            &self.session_level,
            &self.provisioning,
            &self.users,
        ];
        texts.iter().all(|text| text.is_none())
            && self.idp_certificates.is_empty()
            && self.decryption_keys.is_empty()
            && self.federation_id_case_sensitive.is_none()
            && self.clock_skew_seconds.is_none()
            && self.validity_seconds.is_none()
            && self.sites.is_empty()
    }

    /// The configuration that options make together, named `command line`. Paths start at the current directory.
    ///
    /// # Errors
    /// Lists the required options that are missing, or says which value is wrong and what to do.
    pub fn into_config(self, read: ReadFile<'_>) -> Result<SpConfig, ConfigError> {
        let missing: Vec<&str> = self.missing().map(|(_, option, _)| option).collect();
        if !missing.is_empty() {
            return Err(ConfigError::at(
                &Source::Option("options"),
                format!("{} missing", missing.join(" and ")),
                "a run without a configuration file needs --issuer, --login-url and --idp-cert",
            ));
        }
        let place = Source::Option("options");
        self.check("command line".to_owned(), &place, Files { folder: Path::new(""), read })
    }

    fn missing(&self) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        let given =
            [self.issuer.is_some(), self.login_url.is_some(), !self.idp_certificates.is_empty()];
        REQUIRED.into_iter().zip(given).filter(|(_, given)| !given).map(|(required, _)| required)
    }

    /// Judges every value. `place` is where the settings as a whole stand.
    pub(super) fn check(
        self,
        name: String,
        place: &Source,
        files: Files<'_>,
    ) -> Result<SpConfig, ConfigError> {
        let missing: Vec<_> = self.missing().collect();
        let (Some(issuer), Some(login_url), true) =
            (self.issuer, self.login_url, missing.is_empty())
        else {
            let keys: Vec<String> = missing.iter().map(|(key, ..)| format!("`{key}`")).collect();
            let whats: Vec<&str> = missing.iter().map(|(.., what)| *what).collect();
            return Err(ConfigError::at(
                place,
                format!("[[sp]] {} has no {}", shown(&name), keys.join(" and no ")),
                format!("add {}", whats.join(" and ")),
            ));
        };

        let mut idp_certificates = Vec::new();
        for value in &self.idp_certificates {
            idp_certificates.extend(certificates(filled("idp_certificate", value)?, files)?);
        }
        let mut decryption_keys = Vec::new();
        for value in &self.decryption_keys {
            decryption_keys.push(decryption_key(filled("decryption_key", value)?, files)?);
        }
        // Choice: Federation ID in the NameID when nothing is said: it is what the platform recommends, and the only
        // identity that is the same in a sandbox.
        let identity_type = one_of("identity_type", self.identity_type, &IdentityType::SPELLINGS)?
            .map_or(IdentityType::FederationId, |identity| *identity.given());
        let identity_location = location(self.identity_location, self.attribute_name)?;
        let users = match &self.users {
            Some(name) => Some(users(filled("users", name)?, identity_type, files)?),
            None => None,
        };
        let mut sites = Vec::new();
        for (address, active) in self.sites {
            sites.push(Site { url: url("url", address)?, active });
        }
        let default_entity_id = || Expect::new(DEFAULT_ENTITY_ID.to_owned(), Source::Default);
        Ok(SpConfig {
            name,
            issuer: text("issuer", issuer)?,
            entity_id: optional("entity_id", self.entity_id)?.unwrap_or_else(default_entity_id),
            login_url: url("login_url", login_url)?,
            token_endpoint: self
                .token_endpoint
                .map(|address| url("token_endpoint", address))
                .transpose()?,
            idp_certificates,
            decryption_keys,
            identity_type,
            identity_location,
            name_id_format: optional("name_id_format", self.name_id_format)?,
            organization_id: optional("organization_id", self.organization_id)?,
            portal_id: optional("portal_id", self.portal_id)?,
            session_level: one_of("session_level", self.session_level, &SessionLevel::SPELLINGS)?,
            provisioning: one_of("provisioning", self.provisioning, &Provisioning::SPELLINGS)?
                .map_or(Provisioning::Off, |kind| *kind.given()),
            users,
            federation_id_case_sensitive: self
                .federation_id_case_sensitive
                .is_none_or(|sensitive| *sensitive.given()),
            clock_skew: seconds(
                "clock_skew_seconds",
                self.clock_skew_seconds,
                PLATFORM_SKEW_SECONDS,
                0,
            )?,
            validity: seconds(
                "validity_seconds",
                self.validity_seconds,
                PLATFORM_VALIDITY_SECONDS,
                1,
            )?,
            sites,
        })
    }
}

/// The value, unless it is empty: an empty expectation would agree with an empty element.
fn filled<'v>(key: &str, value: &'v Expect<String>) -> Result<&'v Expect<String>, ConfigError> {
    if value.given().trim().is_empty() {
        let problem = format!("`{key}` is empty");
        return Err(ConfigError::at(value.source(), problem, "give a value or remove it"));
    }
    Ok(value)
}

fn text(key: &str, value: Expect<String>) -> Result<Expect<String>, ConfigError> {
    filled(key, &value)?;
    Ok(value)
}

fn optional(
    key: &str,
    value: Option<Expect<String>>,
) -> Result<Option<Expect<String>>, ConfigError> {
    value.map(|value| text(key, value)).transpose()
}

fn url(key: &str, value: Expect<String>) -> Result<Expect<String>, ConfigError> {
    filled(key, &value)?;
    if is_absolute_http_url(value.given()) {
        return Ok(value);
    }
    Err(ConfigError::at(
        value.source(),
        format!("`{key}` is not an absolute http or https URL: {}", shown(value.given())),
        "copy the whole URL, beginning with https://",
    ))
}

fn one_of<T: Copy>(
    key: &str,
    value: Option<Expect<String>>,
    spellings: &[(&str, T)],
) -> Result<Option<Expect<T>>, ConfigError> {
    let Some(value) = value else {
        return Ok(None);
    };
    if let Some((_, found)) = spellings.iter().find(|(spelling, _)| spelling == value.given()) {
        return Ok(Some(value.with(*found)));
    }
    let known = || spellings.iter().map(|(spelling, _)| *spelling);
    let list: Vec<String> = known().map(|spelling| format!("`{spelling}`")).collect();
    let advice = match suggestion(value.given(), known()) {
        Some(near) => format!("did you mean `{near}`? It is one of {}", list.join(", ")),
        None => format!("it is one of {}", list.join(", ")),
    };
    let problem = format!("`{key}` cannot be {}", shown(value.given()));
    Err(ConfigError::at(value.source(), problem, advice))
}

fn location(
    location: Option<Expect<String>>,
    attribute_name: Option<Expect<String>>,
) -> Result<IdentityLocation, ConfigError> {
    let spellings = [("name-id", false), ("attribute", true)];
    let attribute = one_of("identity_location", location, &spellings)?;
    match (attribute, optional("attribute_name", attribute_name)?) {
        (Some(attribute), Some(name)) if *attribute.given() => {
            Ok(IdentityLocation::Attribute { name })
        }
        (Some(attribute), None) if *attribute.given() => Err(ConfigError::at(
            attribute.source(),
            "`identity_location` is `attribute`, and `attribute_name` is missing",
            "add `attribute_name`, the Name of the Attribute that identifies the user",
        )),
        // Choice: refused, because a name that is silently not used hides a forgotten identity_location.
        (_, Some(name)) => Err(ConfigError::at(
            name.source(),
            "`attribute_name` is given, but the identity is not in an attribute",
            "set `identity_location` to `attribute` as well, or remove `attribute_name`",
        )),
        (_, None) => Ok(IdentityLocation::NameId),
    }
}

fn seconds(
    key: &str,
    value: Option<Expect<i64>>,
    default: i64,
    least: i64,
) -> Result<SignedDuration, ConfigError> {
    let Some(value) = value else {
        return Ok(SignedDuration::from_secs(default));
    };
    let given = *value.given();
    if (least..=MOST_SECONDS).contains(&given) {
        return Ok(SignedDuration::from_secs(given));
    }
    Err(ConfigError::at(
        value.source(),
        format!("`{key}` cannot be {given}"),
        format!("it is {least} to {MOST_SECONDS} seconds; the platform's value is {default}"),
    ))
}

fn users(
    name: &Expect<String>,
    identity_type: IdentityType,
    files: Files<'_>,
) -> Result<Users, ConfigError> {
    let (path, content) = files.read("users", name)?;
    let users = Users::parse(&content, &path)?;
    if !users.has(identity_type) {
        return Err(ConfigError::at(
            name.source(),
            format!(
                "`users`: the file has no column `{}`, which identifies the user",
                identity_type.column()
            ),
            "export the users with that column, or correct `identity_type`",
        ));
    }
    Ok(users)
}

#[cfg(test)]
mod tests;
