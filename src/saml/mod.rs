//! A parsed document read as a SAML message: what kind it is, and its parts as plain data.
//!
//! Elements are matched by (namespace, local name), protocol attributes only without a namespace, and children against
//! the schema's order and number (saml-core-2.0 §2.3.3, §3.3.3; security rules 8 and 12). Reading never fails on a wrong
//! structure: it notes an [`Anomaly`], which the `format` check turns into a failure, so that every other item still has
//! something to say.

mod assertion;
mod authn_request;
mod ids;
mod kind;
mod outline;
mod reader;
mod response;
#[cfg(test)]
mod tests;

pub use assertion::{
    Assertion, Attribute, AudienceRestriction, AuthnStatement, Conditions, NameId, Subject,
    SubjectConfirmation, SubjectConfirmationData,
};
pub use authn_request::{AuthnRequest, Comparison, NameIdPolicy, RequestedAuthnContext};
pub(crate) use ids::{ids, look_alike_ids};
pub use kind::{Kind, Unreadable};
pub use outline::Outline;
pub(crate) use reader::Places;
pub use reader::{Anomaly, AnomalyKind, Issuer, Place, Time, Value};
pub use response::{Response, Status};

use jiff::Timestamp;

use crate::finding::Finding;
use crate::xml::Document;

/// Namespace of Assertion, Issuer and their parts (saml-core-2.0 §1.2).
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// Namespace of Response, Status and the protocol messages (saml-core-2.0 §1.2).
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Namespace of XML Signature (xmldsig-core §1.2).
pub const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Namespace of XML Encryption (xmlenc-core §1.3).
pub const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// The one top-level StatusCode that means a login (saml-core-2.0 §3.2.2.2).
pub const STATUS_SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// The confirmation method of browser logins (saml-profiles-2.0 §3.3).
pub const METHOD_BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The only `Format` an Issuer may carry on this platform (saml-core-2.0 §8.3.6).
pub const FORMAT_ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

/// A SAML message that can be judged.
#[derive(Clone, Debug)]
pub enum Message {
    /// A `samlp:Response`, with the assertion it carries if one could be read.
    Response(Box<Response>),
    /// A bare `saml:Assertion`.
    Assertion(Box<Assertion>),
}

impl Message {
    /// Reads the root of `document`.
    ///
    /// # Errors
    /// [`Unreadable`] names what the document is when it is neither a Response nor an Assertion, and what to capture instead.
    pub fn read(document: &Document) -> Result<Self, Unreadable> {
        let places = Places::whole();
        match Kind::of(document.root()) {
            Kind::Response => {
                let mut response = Response::read(document.root(), &places);
                response.findings.extend(ids::duplicates(document));
                Ok(Self::Response(Box::new(response)))
            }
            Kind::Assertion => {
                let mut assertion = Assertion::read(document.root(), &places);
                assertion.findings.extend(ids::duplicates(document));
                Ok(Self::Assertion(Box::new(assertion)))
            }
            kind @ (Kind::EncryptedAssertion
            | Kind::AuthnRequest
            | Kind::LogoutRequest
            | Kind::LogoutResponse
            | Kind::Artifact
            | Kind::Metadata
            | Kind::Saml1
            | Kind::WsFederation
            | Kind::Soap
            | Kind::SoapFault
            | Kind::Html
            | Kind::Other { .. }) => Err(Unreadable { kind }),
        }
    }

    /// The element name in the specification: `Response` or `Assertion`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Response(_) => "Response",
            Self::Assertion(_) => "Assertion",
        }
    }

    /// The Response, unless the message is a bare Assertion.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        match self {
            Self::Response(response) => Some(response),
            Self::Assertion(_) => None,
        }
    }

    /// The assertion that is judged, if there is one to read.
    #[must_use]
    pub fn assertion(&self) -> Option<&Assertion> {
        match self {
            Self::Response(response) => response.assertion.as_ref(),
            Self::Assertion(assertion) => Some(assertion),
        }
    }

    /// When it was issued: the Assertion's IssueInstant, else the Response's, if it can be read.
    #[must_use]
    pub fn issued(&self) -> Option<Timestamp> {
        let read = |time: Option<&Time>| Some(time?.parsed.as_ref().ok()?.instant);
        let assertion = self.assertion().and_then(|a| read(a.issue_instant.as_ref()));
        assertion.or_else(|| read(self.response()?.issue_instant.as_ref()))
    }

    /// Every departure from the schema, the Response's first.
    pub fn anomalies(&self) -> impl Iterator<Item = &Anomaly> {
        let response = self.response().map(|r| r.anomalies.as_slice()).unwrap_or_default();
        let assertion = self.assertion().map(|a| a.anomalies.as_slice()).unwrap_or_default();
        response.iter().chain(assertion)
    }

    /// Every finding made while reading, the Response's first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let response = self.response().map(|r| r.findings.as_slice()).unwrap_or_default();
        let assertion = self.assertion().map(|a| a.findings.as_slice()).unwrap_or_default();
        response.iter().chain(assertion)
    }
}
