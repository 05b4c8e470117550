//! Portals and Experience Cloud: whose contact and whose account the user belongs to.
//!
//! The guide: when no user has the Federation ID, a contact is looked for by `User.Contact`, or by `Contact.Email`, which needs `Contact.LastName`
//! beside it; when there is none, an account by `Contact.Account`, or by `Account.AccountNumber`, which needs `Account.Name` beside it. What is not found is made.

use super::errors::{
    INVALID_ACCOUNT_ID, INVALID_CONTACT, INVALID_PORTAL_ROLE, MISSING_ACCOUNT_NAME,
    MISSING_ACCOUNT_NUMBER, MISSING_CONTACT_EMAIL, MISSING_CONTACT_LAST_NAME, ProvisioningError,
};
use super::{Case, Obstacle, text};
use crate::saml::Attribute;

/// How an id begins that names a contact.
const CONTACT: &str = "003";
/// How an id begins that names an account.
const ACCOUNT: &str = "001";

impl Case<'_> {
    /// `portal_id` tells a portal's user from an employee; so do the fields of a contact or account.
    pub(super) fn is_portal(&self) -> bool {
        let of_portal = |attribute: &Attribute| {
            let name = attribute.name.to_ascii_lowercase();
            name == "portal_id" || name.starts_with("contact.") || name.starts_with("account.")
        };
        self.assertion.attributes.iter().any(of_portal)
    }

    pub(super) fn portal(&self, obstacles: &mut Vec<Obstacle>) {
        let contact = self.given("User.Contact").or(self.given("User.ContactId"));
        let account = self.given("Contact.Account").or(self.given("Account.Id"));
        if self.exists() == Some(true) {
            self.account_again(obstacles);
        } else {
            self.contact(contact, obstacles);
            self.account(contact.or(account).is_some(), obstacles);
        }
        obstacles.extend(contact.and_then(|sent| no_id(sent, CONTACT, &INVALID_CONTACT)));
        obstacles.extend(account.and_then(|sent| no_id(sent, ACCOUNT, &INVALID_ACCOUNT_ID)));
        self.role(obstacles);
    }

    /// Choice: a user who is there and is sent with an account again is told, though one whose account is still the same may pass (platform §6).
    fn account_again(&self, obstacles: &mut Vec<Obstacle>) {
        let names = ["Account.AccountNumber", "Account.Name"];
        if let Some(sent) = names.iter().find_map(|name| self.given(name)) {
            let expected = "no account, as the user is there already";
            let again = Obstacle::new(&INVALID_ACCOUNT_ID, &sent.name, expected);
            obstacles.push(again.found(sent).of_new());
        }
    }

    fn contact(&self, named: Option<&Attribute>, obstacles: &mut Vec<Obstacle>) {
        if named.is_some() {
            return;
        }
        let pair = [
            (&MISSING_CONTACT_EMAIL, "Contact.Email"),
            (&MISSING_CONTACT_LAST_NAME, "Contact.LastName"),
        ];
        for (error, name) in pair {
            if self.given(name).is_none() {
                let expected = "a value, as User.Contact is not sent";
                obstacles.push(Obstacle::new(error, name, expected));
            }
        }
    }

    /// Half of the pair is wrong; none of it is enough for whoever has a contact.
    fn account(&self, named: bool, obstacles: &mut Vec<Obstacle>) {
        let (number, name) = ("Account.AccountNumber", "Account.Name");
        let missing = |error, missing: &str, other: &str| {
            Obstacle::new(error, missing, &format!("a value beside {other}"))
        };
        match (self.given(number), self.given(name)) {
            _ if named => {}
            (Some(_), Some(_)) => {}
            (Some(_), None) => obstacles.push(missing(&MISSING_ACCOUNT_NAME, name, number)),
            (None, Some(_)) => obstacles.push(missing(&MISSING_ACCOUNT_NUMBER, number, name)),
            (None, None) => {
                let expected = "a value, unless a contact has this Contact.Email";
                obstacles.extend(
                    [(&MISSING_ACCOUNT_NUMBER, number), (&MISSING_ACCOUNT_NAME, name)]
                        .map(|(error, name)| Obstacle::new(error, name, expected).of_new()),
                );
            }
        }
    }

    /// A portal's user has a role of the portal, and none of the organization.
    fn role(&self, obstacles: &mut Vec<Obstacle>) {
        let is_new = self.exists() != Some(true) && self.given("portal_id").is_some();
        if is_new && self.given("User.PortalRole").is_none() {
            let expected = "Worker, unless the portal has a default role";
            obstacles.push(Obstacle::new(&INVALID_PORTAL_ROLE, "User.PortalRole", expected));
        }
        for name in ["User.UserRoleId", "User.Role"] {
            let is_null = |sent: &&Attribute| text(sent).bytes().all(|byte| byte == b'0');
            if let Some(role) = self.given(name).filter(|sent| !is_null(sent)) {
                let expected = "no role of the organization";
                obstacles.push(Obstacle::new(&INVALID_PORTAL_ROLE, name, expected).found(role));
            }
        }
    }
}

/// A contact and an account are named by an id, 15 or 18 characters long, whose beginning tells what it is.
fn no_id(
    attribute: &Attribute,
    prefix: &str,
    error: &'static ProvisioningError,
) -> Option<Obstacle> {
    let value = text(attribute);
    let is_id = value.starts_with(prefix)
        && matches!(value.len(), 15 | 18)
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let expected = format!("an id of 15 or 18 characters that begins with {prefix}");
    let wrong = Obstacle::new(error, &attribute.name, &expected).found(attribute).proven();
    (!is_id).then_some(wrong)
}
