//! Which configuration a run judges by: the options alone, a file, or a file whose values options change.
//!
//! Value by value an option beats its environment variable, and both beat the file.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Stop, World, input};
use crate::cli::Validate;
use crate::config::detect::{Seen, named};
use crate::config::{
    self, Configuration, DecryptionKey, Expect, IdentityLocation, IdentityType, Provisioning,
    Settings, Source, SpConfig,
};
use crate::crypto::certificate::Certificate;
use crate::limits::Limits;

/// The name that is looked for.
const FILE_NAME: &str = "samlcheck.toml";
/// Choice: of a configuration and the files it names; an export of a million users is about 100 MB.
const MOST_BYTES: usize = 256 << 20;

/// The file that is printed for somebody who has none: a test loads it.
pub(super) const EXAMPLE: &str = r#"[[sp]]
name = "acme-prod"
issuer = "https://idp.example.com/metadata"                            # Issuer
entity_id = "https://acme.my.salesforce.com"                           # Entity ID
login_url = "https://acme.my.salesforce.com?so=00D000000000001"        # Login URL
idp_certificate = "idp.pem"                                            # Identity Provider Certificate
identity_type = "federation-id"                                        # or username, user-id"#;

/// A configuration and how it was found.
pub(super) struct Configured {
    pub(super) configuration: Configuration,
    /// For `-v`.
    pub(super) origin: String,
}

/// Finds, loads and completes the configuration.
pub(super) fn choose(request: &Validate, world: &World<'_>) -> Result<Configured, Stop> {
    let options = &request.settings;
    let complete = options.issuer.is_some()
        && options.login_url.is_some()
        && !options.idp_certificates.is_empty();
    if complete && !request.wants_file {
        let config = options.clone().into_config(&read)?;
        let configuration = Configuration {
            service_providers: vec![config],
            limits: Limits::default(),
            path: None,
        };
        return Ok(Configured { configuration, origin: "the command line, no file".to_owned() });
    }
    let (path, why) = match (&request.config, find(world)) {
        (Some(path), _) => (path.clone(), "named by --config or SAMLCHECK_CONFIG"),
        (None, Some(found)) => found,
        (None, None) if options.is_empty() => return Err(none(world)),
        (None, None) => {
            // The error lists the options that are missing.
            options.clone().into_config(&read)?;
            return Err(none(world));
        }
    };
    let text = read(&path).and_then(|bytes| {
        let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
        String::from_utf8(bytes).map_err(invalid)
    });
    let shown = path.display();
    let text = text.map_err(|error| {
        Stop::Configuration(format!(
            "{shown}: cannot be read: {error}; correct the path or create it"
        ))
    })?;
    let mut configuration = config::load(&path, &text, &read)?;
    let name = request.service_provider.as_deref();
    if let Some(name) = name {
        named(&configuration.service_providers, name, &Seen::default())?;
    }
    let mut changed = "";
    if !options.is_empty() {
        for config in &mut configuration.service_providers {
            if name.is_none_or(|name| name == config.name) {
                *config = change(config, options.clone())?;
            }
        }
        changed = ", with values from options";
    }
    Ok(Configured { configuration, origin: format!("{shown}, {why}{changed}") })
}

/// How files that a configuration names are read.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = input::file(path, MOST_BYTES)?;
    if bytes.len() > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is over 256 MiB"));
    }
    Ok(bytes)
}

/// The nearest file upward, else the user's own; and why that one.
fn find(world: &World<'_>) -> Option<(PathBuf, &'static str)> {
    // What cannot be looked at counts as there: reading it then says why it cannot be used.
    let there = |path: &Path| !matches!(path.try_exists(), Ok(false));
    let mut relative = PathBuf::from(FILE_NAME);
    for folder in world.directory.iter().flat_map(|directory| directory.ancestors()) {
        if there(&folder.join(FILE_NAME)) {
            return Some((relative, "the nearest upward from the current directory"));
        }
        relative = Path::new("..").join(relative);
    }
    let path = own(world)?;
    there(&path).then_some((path, "the user's own"))
}

/// `$XDG_CONFIG_HOME/samlcheck/config.toml`. The XDG Base Directory Specification has relative paths ignored.
fn own(world: &World<'_>) -> Option<PathBuf> {
    let folder = |name| (world.environment)(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let folder = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(folder.join("samlcheck").join("config.toml"))
}

/// There is no configuration: what to do about it.
fn none(world: &World<'_>) -> Stop {
    let own = own(world).map_or_else(
        || "$XDG_CONFIG_HOME/samlcheck/config.toml".to_owned(),
        |path| path.display().to_string(),
    );
    Stop::Configuration(format!(
        "no configuration: there is no {FILE_NAME} in this folder or above, and no {own}; \
         save this as {FILE_NAME}, with the values of your Single Sign-On Settings\n\n{EXAMPLE}\n\n\
         or give them as options for this run alone\n\n\
         samlcheck --issuer https://idp.example.com/metadata --entity-id https://acme.my.salesforce.com \\\n  \
         --login-url 'https://acme.my.salesforce.com?so=00D000000000001' --idp-cert idp.pem response.b64"
    ))
}

/// The configuration with the given options in place of its values.
fn change(config: &SpConfig, options: Settings) -> Result<SpConfig, Stop> {
    let own_keys = options.decryption_keys.is_empty();
    let own_users = options.users.is_none();
    let changed = merged(config, options).into_config(&read)?;
    let keys: Vec<DecryptionKey> =
        if own_keys { config.decryption_keys.clone() } else { changed.decryption_keys };
    let users = if own_users { config.users.clone() } else { changed.users };
    let column = changed.identity_type;
    if users.as_ref().is_some_and(|users| !users.has(column)) {
        return Err(Stop::Configuration(format!(
            "--identity-type: the users file of `{}` has no column `{}`; give another file with --users",
            config.name,
            column.column()
        )));
    }
    Ok(SpConfig { name: config.name.clone(), decryption_keys: keys, users, ..changed })
}

/// The options, completed by what the configuration says. Keys and users are left out: they have been read already.
fn merged(config: &SpConfig, options: Settings) -> Settings {
    let words = |text: &str| Some(Expect::new(text.to_owned(), Source::Default));
    let spelling = |(text, kind): &(&'static str, IdentityType)| {
        (*kind == config.identity_type).then_some(*text)
    };
    let identity_type = IdentityType::SPELLINGS.iter().find_map(spelling).and_then(words);
    let in_name_id = |place: &Expect<String>| place.given() == "name-id";
    let name = match &config.identity_location {
        // With --identity-location name-id the attribute's name has no use any more.
        IdentityLocation::Attribute { name }
            if !options.identity_location.as_ref().is_some_and(in_name_id) =>
        {
            Some(name.clone())
        }
        IdentityLocation::Attribute { .. } | IdentityLocation::NameId => None,
    };
    let place = name.as_ref().and_then(|_| words("attribute"));
    let certificate = |certificate: &Expect<Certificate>| {
        let text = STANDARD.encode(certificate.given().der());
        Expect::new(text, certificate.source().clone())
    };
    let level = config.session_level.as_ref();
    let level =
        level.map(|level| Expect::new(level.given().as_str().to_owned(), level.source().clone()));
    let kind = Provisioning::SPELLINGS.iter().find(|(_, kind)| *kind == config.provisioning);
    let provisioning = kind.and_then(|(spelling, _)| words(spelling));
    let number = |seconds: i64| Some(Expect::new(seconds, Source::Default));
    let sensitive = Expect::new(config.federation_id_case_sensitive, Source::Default);
    Settings {
        issuer: options.issuer.or_else(|| Some(config.issuer.clone())),
        entity_id: options.entity_id.or_else(|| Some(config.entity_id.clone())),
        login_url: options.login_url.or_else(|| Some(config.login_url.clone())),
        token_endpoint: options.token_endpoint.or_else(|| config.token_endpoint.clone()),
        idp_certificates: if options.idp_certificates.is_empty() {
            config.idp_certificates.iter().map(certificate).collect()
        } else {
            options.idp_certificates
        },
        decryption_keys: options.decryption_keys,
        identity_type: options.identity_type.or(identity_type),
        identity_location: options.identity_location.or(place),
        attribute_name: options.attribute_name.or(name),
        name_id_format: options.name_id_format.or_else(|| config.name_id_format.clone()),
        organization_id: options.organization_id.or_else(|| config.organization_id.clone()),
        portal_id: options.portal_id.or_else(|| config.portal_id.clone()),
        session_level: options.session_level.or(level),
        provisioning: options.provisioning.or(provisioning),
        users: options.users,
        federation_id_case_sensitive: options.federation_id_case_sensitive.or(Some(sensitive)),
        clock_skew_seconds: options
            .clock_skew_seconds
            .or_else(|| number(config.clock_skew.as_secs())),
        validity_seconds: options.validity_seconds.or_else(|| number(config.validity.as_secs())),
        sites: if options.sites.is_empty() {
            config.sites.iter().map(|site| (site.url.clone(), site.active)).collect()
        } else {
            options.sites
        },
    }
}
