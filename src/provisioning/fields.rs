//! The fields that just-in-time provisioning sets (platform §7 and its guide).

use crate::saml::Attribute;

/// The field that only a new user needs.
pub(super) const USERNAME: &str = "Username";
/// Fields without which no user can be created.
pub(super) const REQUIRED: [&str; 4] = ["Email", "LastName", "ProfileId", USERNAME];

/// How the required fields are called where nobody thought of provisioning, in lower case and without punctuation.
const MEANT: [(&str, &[&str]); 4] = [
    ("Email", &["email", "mail", "emailaddress"]),
    ("LastName", &["lastname", "surname", "sn", "familyname"]),
    ("ProfileId", &["profileid", "profile", "profilename"]),
    (USERNAME, &["username", "login"]),
];

/// Letters of a name that is compared with others. Choice: 64; names of fields have at most 43, and comparing takes time quadratic in them.
const LONGEST: usize = 64;

/// Standard fields of `User.` that the guide lists, under either of the names that it uses.
const USER: [&str; 47] = [
    "AboutMe",
    "Active",
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
    "Role",
    "State",
    "StateCode",
    "Street",
    "Suffix",
    "TimeZoneSidKey",
    "Title",
    "Username",
    "UserRoleId",
    "Zip",
];

/// Standard fields of an account that can be set.
const ACCOUNT: [&str; 40] = [
    "AccountNumber",
    "AccountSource",
    "AnnualRevenue",
    "BillingCity",
    "BillingCountry",
    "BillingCountryCode",
    "BillingPostalCode",
    "BillingState",
    "BillingStateCode",
    "BillingStreet",
    "CurrencyIsoCode",
    "Description",
    "Fax",
    "FirstName",
    "Id",
    "Industry",
    "LastName",
    "Name",
    "NumberOfEmployees",
    "Owner",
    "OwnerId",
    "Ownership",
    "Parent",
    "ParentId",
    "PersonEmail",
    "Phone",
    "Rating",
    "RecordTypeId",
    "Salutation",
    "ShippingCity",
    "ShippingCountry",
    "ShippingCountryCode",
    "ShippingPostalCode",
    "ShippingState",
    "ShippingStateCode",
    "ShippingStreet",
    "Site",
    "TickerSymbol",
    "Type",
    "Website",
];

/// Standard fields of a contact that can be set.
const CONTACT: [&str; 40] = [
    "Account",
    "AccountId",
    "AssistantName",
    "AssistantPhone",
    "Birthdate",
    "CurrencyIsoCode",
    "Department",
    "Description",
    "Email",
    "Fax",
    "FirstName",
    "HomePhone",
    "Id",
    "LastName",
    "LeadSource",
    "MailingCity",
    "MailingCountry",
    "MailingCountryCode",
    "MailingPostalCode",
    "MailingState",
    "MailingStateCode",
    "MailingStreet",
    "MiddleName",
    "MobilePhone",
    "OtherCity",
    "OtherCountry",
    "OtherCountryCode",
    "OtherPhone",
    "OtherPostalCode",
    "OtherState",
    "OtherStateCode",
    "OtherStreet",
    "Owner",
    "OwnerId",
    "Phone",
    "RecordTypeId",
    "ReportsToId",
    "Salutation",
    "Suffix",
    "Title",
];

/// What a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    User,
    Account,
    Contact,
}

/// How a field is named by an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It is listed.
    Standard,
    /// A custom field: only the organization knows whether it is there.
    Custom,
    /// Ends like a custom field, and no custom field can be named so.
    Malformed,
    /// None of these; the listed field that was probably meant, if one is near.
    Unknown(Option<&'static str>),
}

impl Object {
    const ALL: [Self; 3] = [Self::User, Self::Account, Self::Contact];

    /// As it stands before the dot.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Account => "Account",
            Self::Contact => "Contact",
        }
    }

    fn listed(self) -> &'static [&'static str] {
        match self {
            Self::User => &USER,
            Self::Account => &ACCOUNT,
            Self::Contact => &CONTACT,
        }
    }

    /// What is known of a field. The API does not tell upper from lower case in names of fields.
    pub(super) fn field(self, name: &str) -> Known {
        /// Choice: below this likeness (Jaro-Winkler) a suggestion confuses more than it helps.
        const NEAR: f64 = 0.85;
        let lower = name.to_ascii_lowercase();
        if let Some(custom) = lower.strip_suffix("__c").or_else(|| lower.strip_suffix("__pc")) {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            let begins = custom.starts_with(|first: char| first.is_ascii_alphabetic());
            return if begins && custom.bytes().all(allowed) {
                Known::Custom
            } else {
                Known::Malformed
            };
        }
        if self.listed().iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Known::Standard;
        }
        if lower.len() > LONGEST {
            return Known::Unknown(None);
        }
        let likeness = |known: &str| strsim::jaro_winkler(&known.to_ascii_lowercase(), &lower);
        let nearest = self.listed().iter().map(|known| (likeness(known), *known));
        let nearest = nearest.filter(|(likeness, _)| *likeness >= NEAR);
        Known::Unknown(nearest.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known))
    }
}

/// The object and the field that an attribute's name stands for.
pub(super) fn of_object(name: &str) -> Option<(Object, &str)> {
    let (prefix, field) = name.split_once('.')?;
    let object = Object::ALL.into_iter().find(|o| prefix.eq_ignore_ascii_case(o.name()))?;
    Some((object, field))
}

/// Whether an attribute was probably meant to be this required field: its name lacks the prefix, writes it in another way, or stands in a URI or in the
/// FriendlyName.
pub(super) fn meant(field: &str, attribute: &Attribute) -> bool {
    let Some((_, others)) = MEANT.iter().find(|(known, _)| *known == field) else { return false };
    let names = [Some(attribute.name.as_str()), attribute.friendly_name.as_deref()];
    names.into_iter().flatten().any(|name| {
        let last = name.rsplit(['/', '#', ':']).next().unwrap_or(name);
        if last.len() > LONGEST {
            return false;
        }
        let letters = last.chars().filter(char::is_ascii_alphanumeric);
        let letters: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
        let bare = ["users", "user"].iter().find_map(|prefix| letters.strip_prefix(prefix));
        let bare = bare.unwrap_or(&letters);
        others.contains(&letters.as_str()) || others.contains(&bare)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_whatever_their_case_and_custom_ones_by_their_ending() {
        let user_field = |name: &str| Object::User.field(name);
        assert_eq!(user_field("lastname"), Known::Standard);
        assert_eq!(user_field("Cost_Centre__c"), Known::Custom);
        assert_eq!(user_field("acme__Cost_Centre__c"), Known::Custom);
        assert_eq!(user_field("Cost Centre__c"), Known::Malformed);
        assert_eq!(user_field("__c"), Known::Malformed);
        assert_eq!(user_field("EmailAddress"), Known::Unknown(Some("Email")));
        assert_eq!(user_field("Shoesize"), Known::Unknown(None));
        assert_eq!(user_field(&"Email".repeat(100)), Known::Unknown(None));
        for required in REQUIRED {
            assert_eq!(user_field(required), Known::Standard);
        }
        assert_eq!(Object::Contact.field("LastNam"), Known::Unknown(Some("LastName")));
        assert_eq!(Object::Account.field("Level__pc"), Known::Custom);
    }

    #[test]
    fn lists_are_in_order_and_what_is_listed_is_known() {
        for object in Object::ALL {
            let lower = object.listed().iter().map(|field| field.to_ascii_lowercase());
            assert!(lower.is_sorted_by(|a, b| a < b), "{object:?}");
            for field in object.listed() {
                assert_eq!(object.field(field), Known::Standard, "{field}");
                assert!(field.len() < LONGEST);
            }
        }
    }
}
