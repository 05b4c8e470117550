//! The errors that just-in-time provisioning answers with, and what each asks to be done (platform §7).
//!
//! Number, constant and description are the platform's; what to do is ours.

/// One error of just-in-time provisioning.
#[derive(Debug, PartialEq, Eq)]
pub struct ProvisioningError {
    /// `ErrorCode` in the address that the browser is sent to.
    pub number: u16,
    /// `ErrorDetails`, unless a message of the API stands there.
    pub constant: &'static str,
    /// `ErrorDescription`.
    pub description: &'static str,
    /// What usually causes it, and what to do.
    pub remedy: &'static str,
}

macro_rules! errors {
    ($($name:ident = $number:literal, $description:literal, $remedy:literal;)*) => {
        $(
            #[doc = concat!("Error ", $number, ": ", $description)]
            pub(super) static $name: ProvisioningError = ProvisioningError {
                number: $number,
                constant: stringify!($name),
                description: $description,
                remedy: $remedy,
            };
        )*
        /// Every error, by number.
        pub static ERRORS: &[&ProvisioningError] = &[$(&$name),*];
    };
}

errors! {
    MISSING_FEDERATION_ID = 1, "Missing Federation Identifier",
        "Set the SAML Identity Type to Federation ID, and have the identity provider send it as the subject.";
    MISMATCH_FEDERATION_ID = 2, "Mis-matched Federation Identifier",
        "Send the same value as the subject and as User.FederationIdentifier, or leave the attribute out.";
    INVALID_ORG_ID = 3, "Invalid organization ID",
        "Send the id of this organization as organization_id; a sandbox has another one after each refresh.";
    USER_CREATION_FAILED_ON_UROG = 4, "Unable to acquire lock",
        "Another login was creating the same user. Try again.";
    USER_CREATION_API_ERROR = 5, "Unable to create user",
        "ErrorDetails says which field the API refused: a required one that is missing, a value that is too long, a duplicate Username.";
    ADMIN_CONTEXT_NOT_ESTABLISHED = 6, "Unable to establish admin context",
        "Try again; if it stays, the platform's support has to look at the organization.";
    UNRECOGNIZED_CUSTOM_FIELD = 8, "Unrecognized custom field",
        "The attribute names a custom field that the object does not have in this organization, or that its users cannot edit. Correct the API name, with its __c.";
    UNRECOGNIZED_STANDARD_FIELD = 9, "Unrecognized standard field",
        "The attribute names a standard field that provisioning does not set. Correct the API name, or stop sending it.";
    LICENSE_LIMIT_EXCEEDED = 11, "License limit exceeded",
        "No licence of the profile's kind is free. Free one, buy more, or map these users to a profile of another licence.";
    MISMATCH_FEDERATION_ID_AND_USERNAME_ATTRS = 12, "Federation ID and username do not match",
        "The subject and User.Username belong to two different users. Correct the Federation ID of the user, or the Username that is sent.";
    UNSUPPORTED_VERSION = 13, "Unsupported provision API version",
        "Send 1.0 as ProvisionVersion, or leave it out.";
    USER_NAME_CHANGE_NOT_ALLOWED = 14, "Username change isn't allowed",
        "The user exists with another Username. Send the one it has; provisioning cannot change it.";
    UNSUPPORTED_CUSTOM_FIELD_TYPE = 15, "Custom field type isn't supported",
        "Provisioning cannot set a field of this type. Stop sending it.";
    PROFILE_NAME_LOOKUP_ERROR = 16, "Unable to map a unique profile ID for the given profile name",
        "No profile, or more than one, has this name. Send the name exactly as the organization has it, in the language of the organization, or its id.";
    ROLE_NAME_LOOKUP_ERROR = 17, "Unable to map a unique role ID for the given role name",
        "No role, or more than one, has this name. Send its developer name or its id.";
    INVALID_ACCOUNT_ID = 18, "Invalid account",
        "The account does not exist, or account attributes were sent again for a user who has one. Send them only for new users, or send the account the user has.";
    MISSING_ACCOUNT_NAME = 19, "Missing account name",
        "Send Account.Name beside Account.AccountNumber, or name the account by its id.";
    MISSING_ACCOUNT_NUMBER = 20, "Missing account number",
        "Send Account.AccountNumber beside Account.Name, or name the account by its id.";
    ACCOUNT_CREATION_API_ERROR = 22, "Unable to create account",
        "ErrorDetails says which field of the account the API refused.";
    INVALID_CONTACT = 23, "Invalid contact",
        "The contact does not exist, or belongs to another account. Correct User.Contact.";
    MISSING_CONTACT_EMAIL = 24, "Missing contact email",
        "Send Contact.Email beside Contact.LastName, or name the contact with User.Contact.";
    MISSING_CONTACT_LAST_NAME = 25, "Missing contact last name",
        "Send Contact.LastName beside Contact.Email, or name the contact with User.Contact.";
    CONTACT_CREATION_API_ERROR = 26, "Unable to create contact",
        "ErrorDetails says which field of the contact the API refused.";
    MULTIPLE_CONTACTS_FOUND = 27, "Multiple matching contacts found",
        "Several contacts have this Contact.Email. Merge them, or name the right one with User.Contact.";
    MULTIPLE_ACCOUNTS_FOUND = 28, "Multiple matching accounts found",
        "Several accounts have this Account.AccountNumber. Merge them, or name the right one by its id.";
    INVALID_ACCOUNT_OWNER = 30, "Invalid account owner",
        "Send an active user as Account.Owner whose profile sees Account.AccountNumber.";
    INVALID_PORTAL_PROFILE = 31, "Invalid portal profile",
        "User.ProfileId names a profile that this portal or site does not have among its members.";
    ACCOUNT_CHANGE_NOT_ALLOWED = 32, "Account change is not allowed",
        "The user belongs to another account, and provisioning cannot move a user.";
    ACCOUNT_UPDATE_FAILED = 33, "Unable to update account",
        "ErrorDetails says which field of the account the API refused.";
    CONTACT_UPDATE_FAILED = 34, "Unable to update contact",
        "ErrorDetails says which field of the contact the API refused.";
    INVALID_STANDARD_ACCOUNT_FIELD_VALUE = 35, "Invalid standard account field value",
        "A value does not fit its field of the account.";
    CONTACT_CHANGE_NOT_ALLOWED = 36, "Contact change not allowed",
        "The user belongs to another contact, and provisioning cannot change that.";
    INVALID_PORTAL_ROLE = 37, "Invalid portal role",
        "Send Worker as User.PortalRole, or the name or id of another role of the portal.";
    CANNOT_UPDATE_PORTAL_ROLE = 38, "Unable to update portal role",
        "The user has another portal role, and provisioning cannot change it.";
    INVALID_JIT_HANDLER = 39, "Invalid SAML JIT Handler class",
        "The Apex class named in the settings does not exist, does not compile, or does not implement Auth.SamlJitHandler.";
    INVALID_EXECUTION_USER = 40, "Invalid execution user",
        "The user that the handler runs as is missing, inactive, or lacks the permission to manage users.";
    APEX_EXECUTION_ERROR = 41, "Execution error",
        "The handler threw an exception. Its debug log, recorded for the execution user, says which.";
    UNSUPPORTED_CONTACT_PERSONACCT_UPDATE = 42, "Updating a contact with Person Account isn't supported",
        "The contact is a person account's. Send account attributes instead of contact attributes.";
}

/// The error of that number.
#[must_use]
pub fn by_number(number: u16) -> Option<&'static ProvisioningError> {
    ERRORS.iter().find(|error| error.number == number).copied()
}

/// The error of that constant.
#[must_use]
pub fn by_constant(constant: &str) -> Option<&'static ProvisioningError> {
    ERRORS.iter().find(|error| error.constant == constant).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_number_and_a_constant_of_its_own_in_order() {
        assert!(ERRORS.is_sorted_by(|a, b| a.number < b.number));
        for error in ERRORS {
            assert_eq!(by_number(error.number), Some(*error));
            assert_eq!(by_constant(error.constant), Some(*error));
            assert!(error.remedy.ends_with('.'), "{}", error.constant);
        }
        assert_eq!(ERRORS.len(), 38);
        assert_eq!(by_number(7), None);
    }
}
