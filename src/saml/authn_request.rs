//! `samlp:AuthnRequest` (saml-core-2.0 §3.4.1) as plain data: what a service provider asks for.
//!
//! It is never judged. What it asks is held against what came back, when one capture has both.

use super::reader::{Notes, Trim};
use super::{ASSERTION, Kind, PROTOCOL, Places, Time, Value};
use crate::xml::{Document, Element};

/// What a service provider asks an identity provider for.
#[derive(Clone, Debug)]
pub struct AuthnRequest {
    /// `ID`
    pub id: Option<String>,
    /// `IssueInstant`
    pub issue_instant: Option<Time>,
    /// `Destination`: where the service provider sent it.
    pub destination: Option<String>,
    /// `AssertionConsumerServiceURL`: where the answer is to go.
    pub assertion_consumer_service_url: Option<String>,
    /// `AssertionConsumerServiceIndex`: the same, by its number in the metadata.
    pub assertion_consumer_service_index: Option<String>,
    /// `ProtocolBinding`: how the answer is to come.
    pub protocol_binding: Option<String>,
    /// `ForceAuthn`: whether an existing session is not enough.
    pub force_authn: bool,
    /// `IsPassive`: whether the user must not be asked anything.
    pub is_passive: bool,
    /// `Issuer`: the service provider's entity ID.
    pub issuer: Option<Value>,
    /// `NameIDPolicy`
    pub name_id_policy: Option<NameIdPolicy>,
    /// `RequestedAuthnContext`
    pub requested_authn_context: Option<RequestedAuthnContext>,
}

/// `NameIDPolicy` (saml-core-2.0 §3.4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameIdPolicy {
    /// `Format`
    pub format: Option<String>,
    /// `SPNameQualifier`
    pub sp_name_qualifier: Option<String>,
}

/// `RequestedAuthnContext` (saml-core-2.0 §3.3.2.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAuthnContext {
    /// `Comparison`; the standard's default is `exact`.
    pub comparison: Comparison,
    /// `AuthnContextClassRef` values, in order of preference.
    pub class_refs: Vec<String>,
}

/// How the context that comes may relate to those that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// One of them.
    Exact,
    /// At least as strong as one of them.
    Minimum,
    /// As strong as possible, and no stronger than one of them.
    Maximum,
    /// Stronger than any of them.
    Better,
}

impl Comparison {
    /// Its name in the standard.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Better => "better",
        }
    }
}

impl AuthnRequest {
    /// Reads the root of `document`; nothing when it is another message.
    #[must_use]
    pub fn read(document: &Document) -> Option<Self> {
        let root = document.root();
        if Kind::of(root) != Kind::AuthnRequest {
            return None;
        }
        // What departs from the schema is the identity provider's business; here only the values matter.
        let (mut notes, places) = (Notes::default(), Places::whole());
        let owned = |name: &str| root.attribute(name).map(str::to_owned);
        let child =
            |namespace: &str, name: &str| root.children().find(|child| child.is(namespace, name));
        let issuer = child(ASSERTION, "Issuer");
        Some(Self {
            id: owned("ID"),
            issue_instant: notes.time(root, "IssueInstant", &places),
            destination: owned("Destination"),
            assertion_consumer_service_url: owned("AssertionConsumerServiceURL"),
            assertion_consumer_service_index: owned("AssertionConsumerServiceIndex"),
            protocol_binding: owned("ProtocolBinding"),
            force_authn: is_true(root, "ForceAuthn"),
            is_passive: is_true(root, "IsPassive"),
            issuer: issuer.map(|issuer| notes.value(issuer, &places, Trim::Ends)),
            name_id_policy: child(PROTOCOL, "NameIDPolicy").map(|policy| NameIdPolicy {
                format: policy.attribute("Format").map(str::to_owned),
                sp_name_qualifier: policy.attribute("SPNameQualifier").map(str::to_owned),
            }),
            requested_authn_context: child(PROTOCOL, "RequestedAuthnContext")
                .map(|context| requested(context, &mut notes, &places)),
        })
    }
}

/// An `xs:boolean` that is false when it is absent.
fn is_true(element: Element<'_>, name: &str) -> bool {
    element.attribute(name).is_some_and(|text| matches!(text.trim_ascii(), "true" | "1"))
}

fn requested(context: Element<'_>, notes: &mut Notes, places: &Places) -> RequestedAuthnContext {
    let comparison = match context.attribute("Comparison") {
        Some("minimum") => Comparison::Minimum,
        Some("maximum") => Comparison::Maximum,
        Some("better") => Comparison::Better,
        Some(_) | None => Comparison::Exact,
    };
    let refs = context.children().filter(|child| child.is(ASSERTION, "AuthnContextClassRef"));
    let class_refs = refs.map(|class| notes.value(class, places, Trim::Ends).text).collect();
    RequestedAuthnContext { comparison, class_refs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::support::response::{ENTITY_ID, LOGIN_URL, REQUEST_ID, authn_request};

    fn read(xml: &str) -> Option<AuthnRequest> {
        AuthnRequest::read(&Document::parse(xml.to_owned(), &Limits::default()).unwrap())
    }

    #[test]
    fn the_usual_request_is_read_whole() {
        let request = read(&authn_request()).unwrap();
        assert_eq!(request.id.as_deref(), Some(REQUEST_ID));
        assert_eq!(request.assertion_consumer_service_url.as_deref(), Some(LOGIN_URL));
        assert_eq!(request.issuer.unwrap().text, ENTITY_ID);
        assert_eq!(request.issue_instant.unwrap().text, "2026-01-15T09:59:58Z");
        assert!(request.protocol_binding.unwrap().ends_with(":HTTP-POST"));
        assert!(request.name_id_policy.unwrap().format.unwrap().ends_with(":unspecified"));
        assert!(!request.force_authn && !request.is_passive);
        assert_eq!(request.requested_authn_context, None);
    }

    #[test]
    fn what_is_asked_of_the_authentication_is_read_with_its_comparison() {
        let request = |attributes: &str| {
            let xml = format!(
                "<p:AuthnRequest xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" ForceAuthn=\"1\" IsPassive=\"true\">\
                 <p:RequestedAuthnContext{attributes}>\
                 <a:AuthnContextClassRef xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\"> u:a </a:AuthnContextClassRef>\
                 </p:RequestedAuthnContext></p:AuthnRequest>"
            );
            read(&xml).unwrap()
        };
        let all = [Comparison::Exact, Comparison::Minimum, Comparison::Maximum, Comparison::Better];
        for comparison in all {
            let found = request(&format!(" Comparison=\"{}\"", comparison.name()));
            assert!(found.force_authn && found.is_passive);
            let expected = RequestedAuthnContext { comparison, class_refs: vec!["u:a".to_owned()] };
            assert_eq!(found.requested_authn_context, Some(expected));
        }
        let default = request("").requested_authn_context.unwrap();
        assert_eq!(default.comparison, Comparison::Exact);
    }

    #[test]
    fn another_message_is_no_request() {
        assert!(read("<a/>").is_none());
    }
}
