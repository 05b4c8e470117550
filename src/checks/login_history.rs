//! The platform's login history: the code and text it would log for a failure (platform §5).

/// A row of the platform's login history.
#[derive(Debug, PartialEq, Eq)]
pub struct LoginHistory {
    /// The status code of the LoginHistory object.
    pub code: &'static str,
    /// The text on the page; not known for every code.
    pub text: Option<&'static str>,
}

macro_rules! login_history {
    ($($name:ident, $code:literal, $text:expr;)*) => {
        $(
            #[doc = concat!("`", $code, "`")]
            pub(crate) static $name: LoginHistory = LoginHistory { code: $code, text: $text };
        )*
    };
}

login_history! {
    INVALID_STATUS, "LOGIN_SAML_INVALID_STATUS", Some("Failed: Status Invalid");
    INVALID_FORMAT, "LOGIN_SAML_INVALID_FORMAT", Some("Failed: Assertion Invalid");
    INVALID_VERSION, "LOGIN_SAML_INVALID_VERSION", None;
    INVALID_TIMESTAMP, "LOGIN_SAML_INVALID_TIMESTAMP", Some("Failed: Assertion Expired");
    INVALID_ISSUER, "LOGIN_SAML_INVALID_ISSUER", Some("Failed: Issuer Mismatched");
    INVALID_SUB_CONFIRM, "LOGIN_SAML_INVALID_SUB_CONFIRM", Some("Failed: Subject Confirmation Error");
    INVALID_AUDIENCE, "LOGIN_SAML_INVALID_AUDIENCE", Some("Failed: Audience Invalid");
    INVALID_RECIPIENT, "LOGIN_SAML_INVALID_RECIPIENT", Some("Failed: Recipient Mismatched");
    INVALID_SIGNATURE, "LOGIN_SAML_INVALID_SIGNATURE", Some("Failed: Signature Invalid");
    MISMATCH_CERT, "LOGIN_SAML_MISMATCH_CERT",
        Some("Failed: Signature Invalid/Configured Certificate Mismatch");
    INVALID_SITE_URL, "LOGIN_SAML_INVALID_SITE_URL", Some("Failed: Invalid Site URL");
    SITE_INACTIVE, "LOGIN_SAML_SITE_INACTIVE", Some("Failed: Specified Site is Inactive");
    MISSING_PORTAL_ID, "LOGIN_SAML_MISSING_PORTAL_ID", Some("Failed: Missing Portal Id");
    MISSING_ORG_ID, "LOGIN_SAML_MISSING_ORG_ID",
        Some("Failed: Missing Organization Id for Portal login");
    INVALID_PORTAL_ID, "LOGIN_SAML_INVALID_PORTAL_ID", Some("Failed: Invalid Portal Id");
    INVALID_ORG_ID, "LOGIN_SAML_INVALID_ORG_ID", Some("Failed: Invalid Organization Id");
    INVALID_SESSION_LEVEL, "LOGIN_SAML_INVALID_SESSION_LEVEL", None;
    INVALID_USERNAME, "LOGIN_SAML_INVALID_USERNAME", Some("Failed: Username Or SSO Id Invalid");
    INVALID_CONFIG, "LOGIN_SAML_INVALID_CONFIG", Some("Failed: Configuration Error/Perm Disabled");
}
