//! Would just-in-time provisioning create or update the user that this assertion describes? Checked statically, before anybody logs in.
//!
//! platform §7 and the platform's guide: attributes are named `User.`, `Account.` and `Contact.` with the field behind; the subject is the
//! Federation ID; a portal's user is told by `portal_id`. What only the organization knows (profiles, roles, licences, custom fields) is
//! not judged. None of this is part of the page's list, and it changes no verdict.

mod errors;
mod fields;
mod portal;
mod redirect;
mod several;
#[cfg(test)]
mod tests;

pub use errors::{ERRORS, ProvisioningError, by_constant, by_number};
pub use redirect::ErrorRedirect;
pub use several::{Several, several};

use errors::{
    CONTACT_CREATION_API_ERROR, INVALID_ORG_ID, MISMATCH_FEDERATION_ID,
    MISMATCH_FEDERATION_ID_AND_USERNAME_ATTRS, MISSING_FEDERATION_ID, PROFILE_NAME_LOOKUP_ERROR,
    ROLE_NAME_LOOKUP_ERROR, UNRECOGNIZED_CUSTOM_FIELD, UNRECOGNIZED_STANDARD_FIELD,
    UNSUPPORTED_VERSION, USER_CREATION_API_ERROR, USER_NAME_CHANGE_NOT_ALLOWED,
};
use fields::{Known, Object, REQUIRED, USERNAME, meant, of_object};

use crate::config::endpoint::same_id;
use crate::config::users::Mapping;
use crate::config::{IdentityType, SpConfig};
use crate::diagnosis::Confidence;
use crate::saml::{Assertion, Attribute, Place};

/// The version of provisioning that the platform knows.
const VERSION: &str = "1.0";
/// Obstacles that are told of one message. Choice: 25; a message may have any number of attributes, and more tell nothing new.
const MOST: usize = 25;

/// One reason why provisioning would fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The error that the platform would answer with.
    pub error: &'static ProvisioningError,
    /// The attribute, or what is missing.
    pub attribute: String,
    /// What would pass.
    pub expected: String,
    /// What was found; nothing when it is missing.
    pub found: Option<String>,
    /// Where.
    pub at: Option<Place>,
    /// How sure it is: some stand only in the way of a user who is not there yet.
    pub confidence: Confidence,
}

/// Everything that stands in the way, in the order of the rules.
#[must_use]
pub fn obstacles(assertion: &Assertion, config: &SpConfig, subject: Option<&str>) -> Vec<Obstacle> {
    let case = Case { assertion, config, subject: subject.filter(|subject| !subject.is_empty()) };
    let mut obstacles = Vec::new();
    case.version(&mut obstacles);
    case.identity(&mut obstacles);
    case.organization(&mut obstacles);
    case.required(&mut obstacles);
    case.addresses(&mut obstacles);
    if case.is_portal() {
        case.portal(&mut obstacles);
    }
    case.fields(&mut obstacles);
    obstacles.truncate(MOST);
    obstacles
}

struct Case<'a> {
    assertion: &'a Assertion,
    config: &'a SpConfig,
    subject: Option<&'a str>,
}

impl Obstacle {
    fn new(error: &'static ProvisioningError, attribute: &str, expected: &str) -> Self {
        let (attribute, expected) = (attribute.to_owned(), expected.to_owned());
        let confidence = Confidence::Likely;
        Self { error, attribute, expected, found: None, at: None, confidence }
    }

    /// It stands in the way of every user.
    fn proven(self) -> Self {
        Self { confidence: Confidence::Proven, ..self }
    }

    /// It stands in the way only of a user, a contact or an account that is not there yet.
    fn of_new(self) -> Self {
        Self { confidence: Confidence::Possible, ..self }
    }

    fn found(self, attribute: &Attribute) -> Self {
        Self { found: Some(text(attribute).to_owned()), at: Some(attribute.at), ..self }
    }
}

/// The first value, which is the one this platform reads (platform §3.5); empty when there is none.
fn text(attribute: &Attribute) -> &str {
    attribute.first_value().map_or("", |value| value.text.as_str())
}

impl Case<'_> {
    /// The attribute of a name that is written in any case, when it carries a value.
    fn given(&self, name: &str) -> Option<&Attribute> {
        let mut all = self.assertion.attributes.iter();
        all.find(|attribute| {
            attribute.name.eq_ignore_ascii_case(name) && !text(attribute).is_empty()
        })
    }

    fn version(&self, obstacles: &mut Vec<Obstacle>) {
        if let Some(version) =
            self.given("ProvisionVersion").filter(|version| text(version) != VERSION)
        {
            obstacles.push(
                Obstacle::new(&UNSUPPORTED_VERSION, "ProvisionVersion", VERSION)
                    .found(version)
                    .proven(),
            );
        }
    }

    fn identity(&self, obstacles: &mut Vec<Obstacle>) {
        if self.config.identity_type != IdentityType::FederationId {
            let found = Some(self.config.identity_type.column().to_owned());
            let expected = IdentityType::FederationId.column();
            let missing = Obstacle::new(&MISSING_FEDERATION_ID, "SAML Identity Type", expected);
            obstacles.push(Obstacle { found, ..missing.proven() });
            return;
        }
        let Some(subject) = self.subject else {
            let missing = Obstacle::new(&MISSING_FEDERATION_ID, "Subject", "a Federation ID");
            obstacles.push(missing.proven());
            return;
        };
        let name = "User.FederationIdentifier";
        if let Some(sent) = self.given(name).filter(|sent| text(sent) != subject) {
            let differs = Obstacle::new(&MISMATCH_FEDERATION_ID, name, subject);
            obstacles.push(differs.found(sent).proven());
        }
        self.username(subject, obstacles);
    }

    /// With the users at hand: the Username must be that of the user with this Federation ID.
    fn username(&self, subject: &str, obstacles: &mut Vec<Obstacle>) {
        let (Some(users), Some(sent)) = (&self.config.users, self.given("User.Username")) else {
            return;
        };
        let sensitive = self.config.federation_id_case_sensitive;
        let by = |value, kind| match users.map(value, kind, sensitive) {
            Mapping::Mapped(user) | Mapping::Inactive(user) => user.username.clone(),
            Mapping::Ambiguous(_) | Mapping::Unknown { .. } => None,
        };
        let Some(expected) = by(subject, IdentityType::FederationId) else { return };
        if expected.eq_ignore_ascii_case(text(sent)) {
            return;
        }
        let of_another = by(text(sent), IdentityType::Username).is_some();
        let error = if of_another {
            &MISMATCH_FEDERATION_ID_AND_USERNAME_ATTRS
        } else {
            &USER_NAME_CHANGE_NOT_ALLOWED
        };
        obstacles.push(Obstacle::new(error, "User.Username", &expected).found(sent).proven());
    }

    /// `organization_id` comes with every portal's user, and is this organization's.
    fn organization(&self, obstacles: &mut Vec<Obstacle>) {
        let Some(expected) = self.config.own_organization_id() else { return };
        let name = "organization_id";
        match self.given(name) {
            Some(sent) if !same_id(text(sent), expected) => {
                let differs = Obstacle::new(&INVALID_ORG_ID, name, expected);
                obstacles.push(differs.found(sent).proven());
            }
            None if self.given("portal_id").is_some() => {
                obstacles.push(Obstacle::new(&INVALID_ORG_ID, name, expected).proven());
            }
            Some(_) | None => {}
        }
    }

    /// Whether the users at hand have one with this Federation ID; nothing when there are none at hand.
    fn exists(&self) -> Option<bool> {
        let (users, subject) = (self.config.users.as_ref()?, self.subject?);
        let sensitive = self.config.federation_id_case_sensitive;
        Some(match users.map(subject, IdentityType::FederationId, sensitive) {
            Mapping::Mapped(_) | Mapping::Inactive(_) | Mapping::Ambiguous(_) => true,
            Mapping::Unknown { .. } => false,
        })
    }

    fn required(&self, obstacles: &mut Vec<Obstacle>) {
        let exists = self.exists();
        for field in REQUIRED {
            let name = format!("User.{field}");
            // The guide: only a new user needs a Username.
            let needs = field != USERNAME || exists != Some(true);
            if !needs || self.given(&name).is_some() {
                continue;
            }
            let sent = self.assertion.attributes.iter().find(|sent| meant(field, sent));
            let expected = match sent {
                Some(_) => format!("{name} as the name of the attribute"),
                None => "a value".to_owned(),
            };
            let missing = Obstacle::new(&USER_CREATION_API_ERROR, &name, &expected);
            let missing = match sent {
                Some(sent) => {
                    Obstacle { found: Some(sent.name.clone()), at: Some(sent.at), ..missing }
                }
                None => missing,
            };
            let of_new = field == USERNAME && exists.is_none();
            obstacles.push(if of_new { missing.of_new() } else { missing });
        }
    }

    /// The API refuses a Username and an address that do not look like an e-mail address.
    fn addresses(&self, obstacles: &mut Vec<Obstacle>) {
        for name in ["User.Email", "User.Username", "Contact.Email"] {
            let is_address = |value: &str| {
                let parts = value.split_once('@');
                parts.is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
            };
            if let Some(sent) = self.given(name).filter(|sent| !is_address(text(sent))) {
                let error = match name {
                    "Contact.Email" => &CONTACT_CREATION_API_ERROR,
                    _ => &USER_CREATION_API_ERROR,
                };
                let expected = "the form of an e-mail address";
                obstacles.push(Obstacle::new(error, name, expected).found(sent));
            }
        }
    }

    fn fields(&self, obstacles: &mut Vec<Obstacle>) {
        let mut unknown = 0;
        for attribute in &self.assertion.attributes {
            let Some((object, field)) = of_object(&attribute.name) else { continue };
            let expected = match object.field(field) {
                Known::Standard | Known::Custom => {
                    obstacles.extend(malformed_id(object, field, attribute));
                    continue;
                }
                Known::Malformed => {
                    let expected = "letters, digits and underscores, then __c";
                    let malformed =
                        Obstacle::new(&UNRECOGNIZED_CUSTOM_FIELD, &attribute.name, expected);
                    obstacles.push(malformed.found(attribute));
                    continue;
                }
                Known::Unknown(Some(near)) => format!("{}.{near}", object.name()),
                // The guide lists the fields of User; of the others too many are possible to be sure.
                Known::Unknown(None) if object != Object::User => continue,
                Known::Unknown(None) => {
                    "a standard field of User, or a custom one with __c".to_owned()
                }
            };
            let obstacle = Obstacle::new(&UNRECOGNIZED_STANDARD_FIELD, &attribute.name, &expected);
            obstacles.push(obstacle.found(attribute));
            unknown += 1;
            if unknown >= MOST {
                break;
            }
        }
    }
}

/// An id that begins like one of a profile or role and is not as long as one; a name is looked up by the organization alone.
fn malformed_id(object: Object, field: &str, attribute: &Attribute) -> Option<Obstacle> {
    if object != Object::User {
        return None;
    }
    let (prefix, error, what) = match field.to_ascii_lowercase().as_str() {
        "profileid" => (
            "00e",
            &PROFILE_NAME_LOOKUP_ERROR,
            "an id of 15 or 18 characters, or the profile's name",
        ),
        "userroleid" => {
            ("00E", &ROLE_NAME_LOOKUP_ERROR, "an id of 15 or 18 characters, or the role's name")
        }
        _ => return None,
    };
    let value = text(attribute);
    let is_id = value.starts_with(prefix) && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let wrong = is_id && value.len() > 5 && !matches!(value.len(), 15 | 18);
    wrong.then(|| Obstacle::new(error, &attribute.name, what).found(attribute))
}
