//! The standard fields that just-in-time provisioning sets on a user (platform §7 and its guide).

/// Fields without which no user can be created.
pub(super) const REQUIRED: [&str; 4] = ["Email", "LastName", "ProfileId", "Username"];

/// Standard fields of `User.` that the guide lists.
const USER: [&str; 44] = [
    "AboutMe",
    "Alias",
    "CallCenter",
    "City",
    "CommunityNickname",
    "CompanyName",
    "Contact",
    "ContactId",
    "Country",
    "CountryCode",
    "DefaultCurrencyIsoCode",
    "DelegatedApproverId",
    "Department",
    "Division",
    "Email",
    "EmailEncodingKey",
    "EmployeeNumber",
    "Extension",
    "Fax",
    "FederationIdentifier",
    "FirstName",
    "ForecastEnabled",
    "IsActive",
    "LanguageLocaleKey",
    "LastName",
    "LocaleSidKey",
    "Manager",
    "ManagerId",
    "MiddleName",
    "MobilePhone",
    "Phone",
    "PortalRole",
    "PostalCode",
    "ProfileId",
    "ReceivesAdminInfoEmails",
    "ReceivesInfoEmails",
    "State",
    "StateCode",
    "Street",
    "Suffix",
    "TimeZoneSidKey",
    "Title",
    "Username",
    "UserRoleId",
];

/// How a field is named by an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// The guide lists it.
    Standard,
    /// A custom field: only the organization knows whether it is there.
    Custom,
    /// Neither; the listed field that was probably meant, if one is near.
    Unknown(Option<&'static str>),
}

/// What is known of a field of `User.`. The API does not tell upper from lower case in names of fields.
pub(super) fn user_field(name: &str) -> Known {
    /// Choice: below this likeness (Jaro-Winkler) a suggestion confuses more than it helps.
    const NEAR: f64 = 0.85;
    if name.to_ascii_lowercase().ends_with("__c") {
        return Known::Custom;
    }
    if USER.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Known::Standard;
    }
    let lower = name.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &lower);
    let nearest = USER.iter().map(|known| (likeness(known), *known));
    let nearest = nearest.filter(|(likeness, _)| *likeness >= NEAR);
    Known::Unknown(nearest.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_whatever_their_case_and_custom_ones_by_their_ending() {
        assert_eq!(user_field("lastname"), Known::Standard);
        assert_eq!(user_field("Cost_Centre__c"), Known::Custom);
        assert_eq!(user_field("EmailAddress"), Known::Unknown(Some("Email")));
        assert_eq!(user_field("Shoesize"), Known::Unknown(None));
        for required in REQUIRED {
            assert_eq!(user_field(required), Known::Standard);
        }
    }
}
