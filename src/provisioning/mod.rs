//! Would just-in-time provisioning create or update the user that this assertion describes? Checked statically, before anybody logs in.
//!
//! platform §7 and the platform's guide: attributes are named `User.`, `Account.` and `Contact.` with the field behind; the subject is the
//! Federation ID; a portal's user is told by `portal_id`. What only the organization knows (profiles, roles, licences, custom fields) is
//! not judged. None of this is part of the page's list, and it changes no verdict.

mod errors;
mod fields;
mod redirect;
#[cfg(test)]
mod tests;

pub use errors::{ERRORS, ProvisioningError, by_constant, by_number};
pub use redirect::ErrorRedirect;

use errors::{
    INVALID_ORG_ID, INVALID_PORTAL_ROLE, MISMATCH_FEDERATION_ID,
    MISMATCH_FEDERATION_ID_AND_USERNAME_ATTRS, MISSING_ACCOUNT_NAME, MISSING_ACCOUNT_NUMBER,
    MISSING_CONTACT_EMAIL, MISSING_CONTACT_LAST_NAME, MISSING_FEDERATION_ID,
    PROFILE_NAME_LOOKUP_ERROR, ROLE_NAME_LOOKUP_ERROR, UNRECOGNIZED_STANDARD_FIELD,
    UNSUPPORTED_VERSION, USER_CREATION_API_ERROR, USER_NAME_CHANGE_NOT_ALLOWED,
};
use fields::{Known, REQUIRED, user_field};

use crate::config::endpoint::same_id;
use crate::config::users::Mapping;
use crate::config::{IdentityType, SpConfig};
use crate::saml::{Assertion, Attribute, Place};

/// The version of provisioning that the platform knows.
const VERSION: &str = "1.0";

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
    case.user_fields(&mut obstacles);
    if case.is_portal() {
        case.portal(&mut obstacles);
    }
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
        Self { error, attribute, expected, found: None, at: None }
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

    /// `portal_id` tells a portal's user from an employee; so do the fields of a contact or account.
    fn is_portal(&self) -> bool {
        let of_portal = |attribute: &Attribute| {
            let name = attribute.name.to_ascii_lowercase();
            name == "portal_id" || name.starts_with("contact.") || name.starts_with("account.")
        };
        self.assertion.attributes.iter().any(of_portal)
    }

    fn version(&self, obstacles: &mut Vec<Obstacle>) {
        if let Some(version) =
            self.given("ProvisionVersion").filter(|version| text(version) != VERSION)
        {
            obstacles.push(
                Obstacle::new(&UNSUPPORTED_VERSION, "ProvisionVersion", VERSION).found(version),
            );
        }
    }

    fn identity(&self, obstacles: &mut Vec<Obstacle>) {
        let federated = self.config.identity_type == IdentityType::FederationId;
        let Some(subject) = self.subject.filter(|_| federated) else {
            let expected = "a Federation ID as the identity type and as the subject";
            obstacles.push(Obstacle::new(&MISSING_FEDERATION_ID, "Subject", expected));
            return;
        };
        let name = "User.FederationIdentifier";
        if let Some(sent) = self.given(name).filter(|sent| text(sent) != subject) {
            obstacles.push(Obstacle::new(&MISMATCH_FEDERATION_ID, name, subject).found(sent));
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
        obstacles.push(Obstacle::new(error, "User.Username", &expected).found(sent));
    }

    fn organization(&self, obstacles: &mut Vec<Obstacle>) {
        let Some(expected) = self.config.own_organization_id() else { return };
        if let Some(sent) =
            self.given("organization_id").filter(|sent| !same_id(text(sent), expected))
        {
            obstacles.push(Obstacle::new(&INVALID_ORG_ID, "organization_id", expected).found(sent));
        }
    }

    fn required(&self, obstacles: &mut Vec<Obstacle>) {
        for field in REQUIRED {
            let name = format!("User.{field}");
            if self.given(&name).is_none() {
                let expected = "a value, which a new user needs";
                obstacles.push(Obstacle::new(&USER_CREATION_API_ERROR, &name, expected));
            }
        }
    }

    fn user_fields(&self, obstacles: &mut Vec<Obstacle>) {
        for attribute in &self.assertion.attributes {
            let Some((prefix, field)) = attribute.name.split_once('.') else { continue };
            if !prefix.eq_ignore_ascii_case("User") {
                continue;
            }
            if let Known::Unknown(near) = user_field(field) {
                let expected = near.map_or_else(
                    || "a standard field of User, or a custom one with __c".to_owned(),
                    |near| format!("User.{near}"),
                );
                let obstacle =
                    Obstacle::new(&UNRECOGNIZED_STANDARD_FIELD, &attribute.name, &expected);
                obstacles.push(obstacle.found(attribute));
            } else if let Some(obstacle) = malformed_id(field, attribute) {
                obstacles.push(obstacle);
            }
        }
    }

    fn portal(&self, obstacles: &mut Vec<Obstacle>) {
        let (number, name) = (self.given("Account.AccountNumber"), self.given("Account.Name"));
        let by_id = self.given("Contact.Account").or(self.given("Account.Id"));
        match (number, name) {
            (Some(number), None) if by_id.is_none() => {
                obstacles.push(
                    Obstacle::new(
                        &MISSING_ACCOUNT_NAME,
                        "Account.Name",
                        "a value beside Account.AccountNumber",
                    )
                    .found(number),
                );
            }
            (None, Some(name)) if by_id.is_none() => {
                obstacles.push(
                    Obstacle::new(
                        &MISSING_ACCOUNT_NUMBER,
                        "Account.AccountNumber",
                        "a value beside Account.Name",
                    )
                    .found(name),
                );
            }
            (Some(_) | None, Some(_) | None) => {}
        }
        let contact = self.given("User.Contact").or(self.given("User.ContactId"));
        let (email, last) = (self.given("Contact.Email"), self.given("Contact.LastName"));
        if contact.is_none() {
            if email.is_none() {
                obstacles.push(Obstacle::new(
                    &MISSING_CONTACT_EMAIL,
                    "Contact.Email",
                    "a value, as User.Contact is not sent",
                ));
            }
            if last.is_none() {
                obstacles.push(Obstacle::new(
                    &MISSING_CONTACT_LAST_NAME,
                    "Contact.LastName",
                    "a value, as User.Contact is not sent",
                ));
            }
        }
        if self.given("portal_id").is_some() && self.given("User.PortalRole").is_none() {
            obstacles.push(Obstacle::new(
                &INVALID_PORTAL_ROLE,
                "User.PortalRole",
                "Worker, unless the portal has a default role",
            ));
        }
        // The guide: a portal's user has a role of the portal, and none of the organization.
        if let Some(role) = self.given("User.UserRoleId") {
            obstacles.push(
                Obstacle::new(
                    &INVALID_PORTAL_ROLE,
                    "User.UserRoleId",
                    "no role of the organization",
                )
                .found(role),
            );
        }
    }
}

/// An id that begins like one of a profile or role and is not as long as one; a name is looked up by the organization alone.
fn malformed_id(field: &str, attribute: &Attribute) -> Option<Obstacle> {
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
