//! The address that a browser is sent to when provisioning failed: `…/SamlError?ErrorCode=16&ErrorDescription=…&ErrorDetails=…`.
//!
//! Only the query is read (platform §7): host and path differ between organizations, sites and custom error pages.

use super::errors::{ProvisioningError, by_constant, by_number};
use crate::decode::form_text;

/// What such an address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorRedirect {
    /// The error, when its number or its constant is known.
    pub error: Option<&'static ProvisioningError>,
    /// `ErrorCode` as it stands there.
    pub code: Option<String>,
    /// `ErrorDescription`
    pub description: Option<String>,
    /// `ErrorDetails`: a constant, or a status of the API and its text, or nothing.
    pub details: Option<String>,
}

impl ErrorRedirect {
    /// Reads an address or its query. Nothing when it names no error.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        let mut found = Self { error: None, code: None, description: None, details: None };
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let slot = match name.strip_prefix("amp;").unwrap_or(name) {
                "ErrorCode" => &mut found.code,
                "ErrorDescription" => &mut found.description,
                "ErrorDetails" => &mut found.details,
                _ => continue,
            };
            let value = form_text(value)?.trim_ascii().to_owned();
            if !value.is_empty() && slot.is_none() {
                *slot = Some(value);
            }
        }
        let number = found.code.as_deref().and_then(|code| code.parse().ok());
        let constant = || found.details.as_deref().and_then(|details| details.split(' ').next());
        found.error = number.and_then(by_number).or_else(|| constant().and_then(by_constant));
        (found.code.is_some() || found.error.is_some()).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_by_its_parameters_alone() {
        for url in [
            "https://acme.my.salesforce.com/_nc_external/identity/saml/SamlError?ErrorCode=16&ErrorDescription=Unable+to+map&ErrorDetails=PROFILE_NAME_LOOKUP_ERROR",
            "https://error.example.com/any?x=1&amp;ErrorDetails=PROFILE_NAME_LOOKUP_ERROR&amp;ErrorCode=16&amp;ErrorDescription=Unable%20to%20map#top",
            "ErrorCode=16&ErrorDescription=Unable+to+map&ErrorDetails=PROFILE_NAME_LOOKUP_ERROR",
        ] {
            let found = ErrorRedirect::read(url).unwrap();
            assert_eq!(found.error.map(|error| error.number), Some(16), "{url}");
            assert_eq!(found.description.as_deref(), Some("Unable to map"));
        }
    }

    #[test]
    fn details_may_be_an_answer_of_the_api_or_nothing() {
        let url = "https://a.example/?ErrorCode=5&ErrorDescription=Unable+to+create+user&ErrorDetails=INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST+TimeZoneSidKey";
        let found = ErrorRedirect::read(url).unwrap();
        assert_eq!(
            found.details.as_deref(),
            Some("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST TimeZoneSidKey")
        );
        assert_eq!(found.error.map(|error| error.constant), Some("USER_CREATION_API_ERROR"));
        let found = ErrorRedirect::read("https://a.example/?ErrorCode=16&ErrorDetails=").unwrap();
        assert_eq!((found.error.map(|error| error.number), found.details), (Some(16), None));
        let unknown = ErrorRedirect::read("https://a.example/?ErrorCode=99").unwrap();
        assert_eq!((unknown.error, unknown.code.as_deref()), (None, Some("99")));
    }

    #[test]
    fn an_address_without_an_error_is_none() {
        for text in ["https://a.example/home?so=1", "", "audience-mismatch", "?ErrorCode=%ff"] {
            assert_eq!(ErrorRedirect::read(text), None, "{text}");
        }
    }
}
