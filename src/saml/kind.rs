//! What a document is, told from its root element, and what to capture when it is not a login response.

use std::fmt;

use crate::xml::Element;

use super::{ASSERTION, PROTOCOL};

/// The kinds of XML that people paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `samlp:Response`
    Response,
    /// `saml:Assertion`
    Assertion,
    /// `saml:EncryptedAssertion` without the Response around it
    EncryptedAssertion,
    /// `samlp:AuthnRequest`
    AuthnRequest,
    /// `samlp:LogoutRequest`
    LogoutRequest,
    /// `samlp:LogoutResponse`
    LogoutResponse,
    /// `samlp:ArtifactResponse`, `samlp:ArtifactResolve`
    Artifact,
    /// `md:EntityDescriptor` or `md:EntitiesDescriptor`
    Metadata,
    /// A SAML 1.x message or assertion
    Saml1,
    /// A WS-Federation / WS-Trust response
    WsFederation,
    /// A SOAP envelope
    Soap,
    /// A SOAP fault
    SoapFault,
    /// An (X)HTML page
    Html,
    /// Anything else, by its root element
    Other {
        /// Local name of the root.
        local_name: String,
        /// Its namespace, or empty.
        namespace: String,
    },
}

/// A document that is no login response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What it is.
    pub kind: Kind,
}

impl Kind {
    /// Tells by the root element's (namespace, local name), never by its prefix.
    #[must_use]
    pub fn of(root: Element<'_>) -> Self {
        match (root.namespace(), root.local_name()) {
            (PROTOCOL, "Response") => Self::Response,
            (ASSERTION, "Assertion") => Self::Assertion,
            (ASSERTION, "EncryptedAssertion") => Self::EncryptedAssertion,
            (PROTOCOL, "AuthnRequest") => Self::AuthnRequest,
            (PROTOCOL, "LogoutRequest") => Self::LogoutRequest,
            (PROTOCOL, "LogoutResponse") => Self::LogoutResponse,
            (PROTOCOL, "ArtifactResponse" | "ArtifactResolve") => Self::Artifact,
            ("urn:oasis:names:tc:SAML:2.0:metadata", _) => Self::Metadata,
            (namespace, _) if namespace.starts_with("urn:oasis:names:tc:SAML:1.") => Self::Saml1,
            (
                namespace,
                "RequestSecurityTokenResponse" | "RequestSecurityTokenResponseCollection",
            ) if namespace.contains("ws-trust") || namespace.contains("/trust") => {
                Self::WsFederation
            }
            (
                "http://schemas.xmlsoap.org/soap/envelope/"
                | "http://www.w3.org/2003/05/soap-envelope",
                _,
            ) => {
                // The fault is the only thing in its body (SOAP 1.1 §4.4, SOAP 1.2 part 1 §5.4).
                let bodies = root.children().filter(|part| part.local_name() == "Body");
                let mut inside = bodies.flat_map(Element::children);
                let is_fault = inside.any(|part| part.local_name() == "Fault");
                if is_fault { Self::SoapFault } else { Self::Soap }
            }
            ("http://www.w3.org/1999/xhtml", _) => Self::Html,
            ("", name) if name.eq_ignore_ascii_case("html") => Self::Html,
            (namespace, local_name) => {
                Self::Other { local_name: local_name.to_owned(), namespace: namespace.to_owned() }
            }
        }
    }

    /// Its name in a list: the element's, where SAML has one for it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Response => "Response",
            Self::Assertion => "Assertion",
            Self::EncryptedAssertion => "EncryptedAssertion",
            Self::AuthnRequest => "AuthnRequest",
            Self::LogoutRequest => "LogoutRequest",
            Self::LogoutResponse => "LogoutResponse",
            Self::Artifact => "artifact message",
            Self::Metadata => "metadata",
            Self::Saml1 => "SAML 1.x",
            Self::WsFederation => "WS-Federation",
            Self::Soap => "SOAP",
            Self::SoapFault => "SOAP fault",
            Self::Html => "HTML",
            Self::Other { local_name, .. } => local_name,
        }
    }

    /// What it is, to complete "This is …".
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Response => "a SAML Response".to_owned(),
            Self::Assertion => "a SAML Assertion".to_owned(),
            Self::EncryptedAssertion => "an EncryptedAssertion without its Response".to_owned(),
            Self::AuthnRequest => "an AuthnRequest: the question, not the answer".to_owned(),
            Self::LogoutRequest => "a LogoutRequest: a logout, not a login".to_owned(),
            Self::LogoutResponse => "a LogoutResponse: the answer to a logout".to_owned(),
            Self::Artifact => "a message of the artifact binding".to_owned(),
            Self::Metadata => "SAML metadata, not a message".to_owned(),
            Self::Saml1 => "a SAML 1.x message; the platform's login uses SAML 2.0".to_owned(),
            Self::WsFederation => "a WS-Federation response".to_owned(),
            Self::Soap => "a SOAP envelope".to_owned(),
            Self::SoapFault => "a SOAP fault: a service's error, not a login".to_owned(),
            Self::Html => "an HTML page".to_owned(),
            Self::Other { local_name, namespace } if namespace.is_empty() => {
                format!("XML with the root element {local_name}, not SAML")
            }
            Self::Other { local_name, namespace } => {
                format!("XML with the root element {local_name} in {namespace}, not SAML 2.0")
            }
        }
    }

    /// What to capture instead.
    #[must_use]
    pub fn instead(&self) -> &'static str {
        match self {
            Self::Response | Self::Assertion => "Nothing: this can be judged.",
            Self::EncryptedAssertion => {
                "Capture the whole Response: the posted SAMLResponse parameter."
            }
            Self::AuthnRequest => {
                "Capture the SAMLResponse that the browser posts back to the login URL a moment later."
            }
            Self::LogoutRequest | Self::LogoutResponse => {
                "Capture the login: the SAMLResponse that the browser posts to the login URL."
            }
            Self::Artifact => {
                "Have the identity provider answer by HTTP POST and capture the SAMLResponse parameter."
            }
            Self::Metadata => {
                "Capture the SAMLResponse of a login; the certificate and Issuer for samlcheck.toml are in this metadata."
            }
            Self::Saml1 => "Have the identity provider send SAML 2.0.",
            Self::WsFederation => {
                "Set the identity provider up for SAML 2.0, not WS-Federation, and capture its SAMLResponse."
            }
            Self::Soap | Self::SoapFault => {
                "Capture what the browser posts: the SAMLResponse form parameter."
            }
            Self::Html => {
                "Capture the form's SAMLResponse field, or the request that the browser posts to the login URL."
            }
            Self::Other { .. } => {
                "Capture the SAMLResponse that the browser posts to the login URL."
            }
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "This is {}. {}", self.kind.what(), self.kind.instead())
    }
}

impl std::error::Error for Unreadable {}
