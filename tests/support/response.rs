//! A `Response` as plain data, and the `AuthnRequest` it answers (saml-core-2.0 §3.3.3, §3.4.1).

use super::assertion::{Assertion, Issuer};
use super::signature::Signing;
use super::uri;
use super::xml::Tag;

/// The identity provider's entity ID.
pub const ISSUER: &str = "https://idp.example.com/metadata";
/// The service provider's entity ID.
pub const ENTITY_ID: &str = "https://acme.my.salesforce.com";
/// Where the service provider wants its responses.
pub const LOGIN_URL: &str = "https://acme.my.salesforce.com?so=00D000000000001";
/// When everything the toy sends was issued, unless a test says otherwise.
pub const ISSUE_INSTANT: &str = "2026-01-15T10:00:00Z";
/// The `AuthnRequest` that is answered.
pub const REQUEST_ID: &str = "_2CAAAAZtYp0PyME8wOTAwMDAwMDA0Qzk5AAAA3k";

/// `Status`, its codes nested from the outside in.
#[derive(Clone)]
pub struct Status {
    pub codes: Vec<String>,
    pub message: Option<String>,
    /// The markup inside `StatusDetail`; empty for none.
    pub detail: String,
}

impl Status {
    /// A status with these nested codes and nothing else.
    pub fn new(codes: &[&str]) -> Self {
        let codes = codes.iter().map(|&code| code.to_owned()).collect();
        Self { codes, message: None, detail: String::new() }
    }

    fn tag(&self) -> Tag {
        let nested = self.codes.iter().rev().fold(String::new(), |inner, code| {
            Tag::new("samlp:StatusCode").attribute("Value", code.as_str()).raw(inner).to_string()
        });
        let mut status = Tag::new("samlp:Status").raw(nested);
        if let Some(message) = &self.message {
            status = status.raw(Tag::new("samlp:StatusMessage").text(message));
        }
        if !self.detail.is_empty() {
            status = status.raw(Tag::new("samlp:StatusDetail").raw(&self.detail));
        }
        status
    }
}

/// `Response`.
#[derive(Clone)]
pub struct Response {
    pub id: Option<String>,
    pub version: Option<String>,
    pub issue_instant: Option<String>,
    pub destination: Option<String>,
    pub in_response_to: Option<String>,
    pub issuer: Option<Issuer>,
    pub signing: Option<Signing>,
    /// The markup inside `Extensions`; empty for none.
    pub extensions: String,
    pub status: Option<Status>,
    /// Markup between the status and the assertion.
    pub before_assertion: String,
    pub assertion: Option<Assertion>,
    /// Markup after the assertion.
    pub after_assertion: String,
}

impl Response {
    /// The usual response: accepted by the usual configuration, its assertion signed.
    pub fn usual() -> Self {
        Self {
            id: Some("_r51d0c7e2f6b94a38917e5c3d20f8ab46e19c7d05".to_owned()),
            version: Some("2.0".to_owned()),
            issue_instant: Some(ISSUE_INSTANT.to_owned()),
            destination: Some(LOGIN_URL.to_owned()),
            in_response_to: Some(REQUEST_ID.to_owned()),
            issuer: Some(Issuer::new(ISSUER)),
            signing: None,
            extensions: String::new(),
            status: Some(Status::new(&[uri::SUCCESS])),
            before_assertion: String::new(),
            assertion: Some(Assertion::usual()),
            after_assertion: String::new(),
        }
    }

    /// The assertion, to be changed.
    pub fn assertion(&mut self) -> &mut Assertion {
        self.assertion.as_mut().unwrap()
    }

    /// The canonical text, signed from the inside out.
    pub fn xml(&self) -> String {
        // Written once: an ECDSA signature would differ the second time.
        let assertion = self.assertion.as_ref().map(Assertion::xml).unwrap_or_default();
        let unsigned = self.written("", &assertion);
        match &self.signing {
            None => unsigned,
            Some(signing) => {
                let id = self.id.as_deref().unwrap_or_default();
                self.written(&signing.sign(&unsigned, id), &assertion)
            }
        }
    }

    fn written(&self, signature: &str, assertion: &str) -> String {
        let mut response = Tag::new("samlp:Response")
            .namespace("samlp", uri::PROTOCOL)
            .attribute("Destination", self.destination.as_deref())
            .attribute("ID", self.id.as_deref())
            .attribute("InResponseTo", self.in_response_to.as_deref())
            .attribute("IssueInstant", self.issue_instant.as_deref())
            .attribute("Version", self.version.as_deref());
        if let Some(issuer) = &self.issuer {
            response = response.raw(issuer.tag().namespace("saml", uri::ASSERTION));
        }
        response = response.raw(signature);
        if !self.extensions.is_empty() {
            response = response.raw(Tag::new("samlp:Extensions").raw(&self.extensions));
        }
        if let Some(status) = &self.status {
            response = response.raw(status.tag());
        }
        let response = response.raw(&self.before_assertion).raw(assertion);
        response.raw(&self.after_assertion).to_string()
    }
}

/// The service provider's `AuthnRequest` that the usual response answers; not signed.
pub fn authn_request() -> String {
    let policy = Tag::new("samlp:NameIDPolicy")
        .attribute("AllowCreate", "true")
        .attribute("Format", uri::UNSPECIFIED);
    Tag::new("samlp:AuthnRequest")
        .namespace("samlp", uri::PROTOCOL)
        .attribute("AssertionConsumerServiceURL", LOGIN_URL)
        .attribute("Destination", "https://idp.example.com/sso/redirect")
        .attribute("ID", REQUEST_ID)
        .attribute("IssueInstant", "2026-01-15T09:59:58Z")
        .attribute("ProtocolBinding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")
        .attribute("Version", "2.0")
        .raw(Tag::new("saml:Issuer").namespace("saml", uri::ASSERTION).text(ENTITY_ID))
        .raw(policy)
        .to_string()
}
