//! What the user told us to expect of a message: one configuration per service provider, each value with its source.
//!
//! `file` reads `samlcheck.toml`, `settings` turns texts from a file or from options into a checked [`SpConfig`], `users`
//! reads the known users and maps a Subject to one of them, `detect` chooses the configuration that a message belongs to,
//! `endpoint` compares login URLs. Nothing here is ever learned from a message: a value that came from the message itself
//! would agree with the message.

mod credentials;
pub mod detect;
pub mod endpoint;
mod error;
mod expectations;
mod file;
#[cfg(test)]
pub(crate) mod fixture;
mod settings;
pub mod users;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;

pub use credentials::{DecryptionKey, KeyLabel};
pub(crate) use endpoint::is_absolute_http_url;
pub use endpoint::same_endpoint;
pub use error::ConfigError;
pub use expectations::Expectation;
pub use file::load;
pub(crate) use settings::{MOST_SECONDS, PLATFORM_SKEW_SECONDS, PLATFORM_VALIDITY_SECONDS};
pub use settings::{OneOff, Settings};

use crate::crypto::PrivateKey;
use crate::crypto::certificate::Certificate;
use crate::limits::Limits;
use users::Users;

/// How a file that a configuration names is read. The library does no I/O of its own.
pub type ReadFile<'r> = &'r dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// The Entity ID of an org that does not set its own (platform §2, item 9).
pub const DEFAULT_ENTITY_ID: &str = "https://saml.salesforce.com";

/// An expected value and where it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect<T> {
    value: T,
    source: Source,
}

impl<T> Expect<T> {
    /// A value that was given at `source`.
    pub fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }

    /// The value as it was given, never one that was taken from the message.
    pub fn given(&self) -> &T {
        &self.value
    }

    /// Where it was given.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The same source with the value read as something else.
    fn with<U>(&self, value: U) -> Expect<U> {
        Expect { value, source: self.source.clone() }
    }
}

/// Where a configured value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A line of a file.
    File {
        /// The file's path as the user would write it.
        path: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// An option of the command line, with its dashes.
    Option(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// Nobody gave it; it is the platform's default.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{path}:{line}"),
            Self::Option(name) | Self::Environment(name) => f.write_str(name),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Everything that was read from one configuration file.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The service providers, in the order of the file; at least one.
    pub service_providers: Vec<SpConfig>,
    /// The bounds, with the overrides of the `[limits]` table.
    pub limits: Limits,
    /// The file, when there was one.
    pub path: Option<PathBuf>,
}

/// What one service provider expects of the messages sent to it: one row of the platform's Single Sign-On Settings.
#[derive(Clone, Debug)]
pub struct SpConfig {
    /// The name it is called by in `--sp` and in reports; unique in a file.
    pub name: String,
    /// The entity ID of the identity provider.
    pub issuer: Expect<String>,
    /// The entity ID of the service provider, which the Audience must name.
    pub entity_id: Expect<String>,
    /// The login URL, which the Recipient must name.
    pub login_url: Expect<String>,
    /// The OAuth 2.0 token endpoint, the other acceptable Recipient.
    pub token_endpoint: Option<Expect<String>>,
    /// The identity provider's certificates, at least one; several while it is changing its key.
    pub idp_certificates: Vec<Expect<Certificate>>,
    /// The private keys that encrypted assertions may be decrypted with.
    pub decryption_keys: Vec<DecryptionKey>,
    /// What the Subject's value is.
    pub identity_type: IdentityType,
    /// Where the Subject's value stands.
    pub identity_location: IdentityLocation,
    /// The NameID or attribute-name format to require.
    pub name_id_format: Option<Expect<String>>,
    /// The org's id, in its 15 or 18 character form.
    pub organization_id: Option<Expect<String>>,
    /// The portal's id.
    pub portal_id: Option<Expect<String>>,
    /// The session security level to require.
    pub session_level: Option<Expect<SessionLevel>>,
    /// Which kind of just-in-time provisioning is switched on.
    pub provisioning: Provisioning,
    /// The users that a Subject may map to, when they are known.
    pub users: Option<Users>,
    /// Whether two Federation IDs that differ only in case are different.
    pub federation_id_case_sensitive: bool,
    /// How far the identity provider's clock may differ from ours.
    pub clock_skew: SignedDuration,
    /// How long after its `IssueInstant` a message may be used.
    pub validity: SignedDuration,
    /// The sites that the `siteurl` attribute may name.
    pub sites: Vec<Site>,
}

impl SpConfig {
    /// The acceptable Recipients: the login URL and, if there is one, the token endpoint (platform §3.2).
    pub fn endpoints(&self) -> impl Iterator<Item = &Expect<String>> {
        std::iter::once(&self.login_url).chain(&self.token_endpoint)
    }

    /// The private keys that can be used, in the order they were given: all but those that still wait for a passphrase.
    pub fn private_keys(&self) -> Vec<&PrivateKey> {
        self.decryption_keys.iter().filter_map(DecryptionKey::private_key).collect()
    }

    /// The org's id: the configured one, or else the `so=` of the login URL.
    pub fn own_organization_id(&self) -> Option<&str> {
        match &self.organization_id {
            Some(id) => Some(id.given()),
            None => endpoint::organization_id(self.login_url.given()),
        }
    }
}

/// What the value that identifies the user is (platform §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityType {
    /// The user's Username.
    Username,
    /// The user's Federation ID.
    FederationId,
    /// The id of the User record.
    UserId,
}

impl IdentityType {
    /// All types, as configurations spell them.
    pub const SPELLINGS: [(&'static str, Self); 3] = [
        ("username", Self::Username),
        ("federation-id", Self::FederationId),
        ("user-id", Self::UserId),
    ];

    /// The column of the platform's User object that holds it.
    pub fn column(self) -> &'static str {
        match self {
            Self::Username => "Username",
            Self::FederationId => "FederationIdentifier",
            Self::UserId => "Id",
        }
    }
}

/// Where in the assertion the value that identifies the user stands (platform §3.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityLocation {
    /// In the Subject's NameID.
    NameId,
    /// In the first `AttributeValue` of an Attribute.
    Attribute {
        /// The `Name` of the Attribute.
        name: Expect<String>,
    },
}

/// The security level of the session that a login opens (platform §2, item 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionLevel {
    /// `STANDARD`
    Standard,
    /// `HIGH_ASSURANCE`
    HighAssurance,
}

impl SessionLevel {
    /// All levels, as configurations and the `SessionLevel` attribute spell them.
    pub const SPELLINGS: [(&'static str, Self); 2] =
        [("STANDARD", Self::Standard), ("HIGH_ASSURANCE", Self::HighAssurance)];

    /// The level as the attribute spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::HighAssurance => "HIGH_ASSURANCE",
        }
    }
}

/// Which kind of just-in-time provisioning is switched on (platform §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provisioning {
    /// None: users exist before they log in.
    Off,
    /// The platform's own, which reads attributes named `User.`, `Account.` and `Contact.`.
    Standard,
}

impl Provisioning {
    /// All kinds, as configurations spell them.
    pub const SPELLINGS: [(&'static str, Self); 2] =
        [("none", Self::Off), ("standard", Self::Standard)];
}

/// A site that logins may land on (platform §2, item 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its address.
    pub url: Expect<String>,
    /// Whether it is switched on.
    pub active: bool,
}
