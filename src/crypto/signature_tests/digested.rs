//! That values come from the digested octets and from nowhere else (security rule 2): with an engine that says what it digested.

use openssl::pkey::{PKeyRef, Public};

use super::{Both, Judge, View, view};
use crate::crypto::certificate::Certificate;
use crate::crypto::engine::{Engine, EngineError, EngineReport, Octets, Target};
use crate::crypto::{Opened, Signed};
use crate::limits::Limits;
use crate::saml::Message;
use crate::support::keys::Key;
use crate::support::response::Response;
use crate::support::signature::Signing;
use crate::xml::Document;

/// An engine that accepts, and says that it digested these octets.
#[derive(Debug)]
struct Told(&'static str);

impl Engine for Told {
    fn name(&self) -> &'static str {
        "told"
    }

    fn verify(&self, _: &Target<'_>, _: &PKeyRef<Public>) -> Result<EngineReport, EngineError> {
        let octets = Some(Octets::seal(self.0.as_bytes().to_vec()));
        let (reference_valid, signature_valid) = (true, true);
        Ok(EngineReport { reference_valid, signature_valid, octets, judges: self.name() })
    }
}

/// Whom the usual message signs in, its Response or its assertion signed, when these are the digested octets.
fn subject(signed: Signed, octets: &'static str) -> Option<String> {
    let mut response = Response::usual();
    if signed == Signed::Response {
        response.signing = Some(Signing::with(Key::Idp));
        response.assertion().signing = None;
    }
    let limits = Limits::default();
    let document = Document::parse(response.xml(), &limits).unwrap();
    let message = Message::read(&document).unwrap();
    let der = Key::Idp.certificate().to_der().unwrap();
    let configured = [Certificate::from_der(&der).unwrap()];
    let judge = Judge { document: &document, configured: &configured, engine: &Told(octets) };
    let assertion = document.element(message.assertion().unwrap().at.0).unwrap();
    let judged = Both {
        response: judge.element(document.root(), Signed::Response),
        assertion: judge.element(assertion, Signed::Assertion),
    };
    match view(&message, &judged, &document, &Opened::default(), &limits) {
        View::Signed(view) => {
            assert_eq!(view.covers(), signed);
            Some(view.message().assertion()?.name_id()?.value.text.clone())
        }
        View::Unverified(_) => None,
    }
}

const ASSERTION: &str = "<a:Assertion xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\"><a:Subject>\
    <a:NameID>digested@example.com</a:NameID></a:Subject></a:Assertion>";
const RESPONSE: &str = "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
    <a:Assertion xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\"><a:Subject>\
    <a:NameID>digested@example.com</a:NameID></a:Subject></a:Assertion></p:Response>";

#[test]
fn values_are_those_of_the_digested_octets_not_of_the_message_as_sent() {
    let digested = Some("digested@example.com".to_owned());
    assert_eq!(subject(Signed::Assertion, ASSERTION), digested);
    assert_eq!(subject(Signed::Response, RESPONSE), digested);
}

#[test]
fn octets_that_are_another_element_sign_nobody_in() {
    for octets in ["", "x", "<a/>", RESPONSE] {
        assert_eq!(subject(Signed::Assertion, octets), None, "{octets}");
    }
    let empty = "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>";
    for octets in ["", "<a/>", ASSERTION, empty] {
        assert_eq!(subject(Signed::Response, octets), None, "{octets}");
    }
}
