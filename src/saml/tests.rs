//! What is read from a document and what is not: names, order, number, places (security rules 8 and 12).

use super::{AnomalyKind, Message, Place};
use crate::limits::Limits;
use crate::support::response::{Response, Status};
use crate::support::uri;
use crate::support::xml::replace_once;
use crate::xml::Document;

use AnomalyKind::{
    ElementInValue, Id, Misplaced, Missing, NoAssertion, Repeated, SecondAssertion, Version,
};

fn document(text: &str) -> Document {
    Document::parse(text.to_owned(), &Limits::default()).unwrap()
}

fn read(text: &str) -> Message {
    Message::read(&document(text)).unwrap()
}

/// The usual response with a change; what departs from the schema then, and where.
fn anomalies(edit: impl FnOnce(String) -> String) -> Vec<(AnomalyKind, String)> {
    let document = document(&edit(Response::usual().xml()));
    let message = Message::read(&document).unwrap();
    let tell =
        |anomaly: &super::Anomaly| (anomaly.kind, document.element(anomaly.at.0).unwrap().xpath());
    message.anomalies().map(tell).collect()
}

/// What one more piece of markup in front of this text is taken for.
fn inserted(before: &str, markup: &str) -> Vec<(AnomalyKind, String)> {
    anomalies(|xml| {
        let position = xml.find(before).unwrap();
        format!("{}{markup}{}", &xml[..position], &xml[position..])
    })
}

fn at(kind: AnomalyKind, path: &str) -> (AnomalyKind, String) {
    (kind, format!("/samlp:Response{path}"))
}

#[test]
fn the_usual_message_departs_from_nothing() {
    assert_eq!(anomalies(|xml| xml), []);
}

#[test]
fn elements_are_matched_by_namespace_and_local_name_never_by_prefix() {
    let xml = Response::usual().xml();
    let renamed = xml
        .replace("samlp:", "a:")
        .replace("xmlns:samlp=", "xmlns:a=")
        .replace("saml:", "samlp:")
        .replace("xmlns:saml=", "xmlns:samlp=");
    let message = read(&renamed);
    assert_eq!(message.anomalies().count(), 0);
    let name_id = message.assertion().unwrap().name_id().unwrap();
    assert_eq!(name_id.value.text, "zmueller@example.com");
}

#[test]
fn look_alikes_are_not_read() {
    for (from, to) in [
        ("<saml:Conditions ", "<saml:conditions "),
        (
            "<saml:Conditions ",
            "<saml:Conditions xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\" ",
        ),
        (
            "<saml:Conditions ",
            "<saml:Conditions xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion/\" ",
        ),
        (
            "<saml:Conditions ",
            "<saml:Conditions xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:protocol\" ",
        ),
    ] {
        let end = to.split(' ').next().unwrap().replacen('<', "</", 1);
        let xml = replace_once(&Response::usual().xml(), from, to);
        let xml = replace_once(&xml, "</saml:Conditions", &end);
        let message = read(&xml);
        assert!(message.assertion().unwrap().conditions.is_none(), "{to}");
        let kinds: Vec<_> = message.anomalies().map(|anomaly| anomaly.kind).collect();
        assert_eq!(kinds, [Misplaced], "{to}");
    }
}

#[test]
fn an_attribute_in_a_namespace_is_not_the_protocols() {
    let xml = Response::usual().xml();
    for name in ["Recipient", "NotOnOrAfter", "InResponseTo"] {
        let other = replace_once(&xml, "<samlp:Status>", "<samlp:Status>");
        let (head, tail) = other.split_at(other.find("<saml:SubjectConfirmationData ").unwrap());
        let tail = tail.replacen(&format!(" {name}="), &format!(" xmlns:x=\"urn:x\" x:{name}="), 1);
        let message = read(&format!("{head}{tail}"));
        let data =
            message.assertion().unwrap().confirmations().next().unwrap().data.clone().unwrap();
        let present = [
            ("Recipient", data.recipient.is_some()),
            ("NotOnOrAfter", data.not_on_or_after.is_some()),
            ("InResponseTo", data.in_response_to.is_some()),
        ];
        for (field, is_there) in present {
            assert_eq!(is_there, field != name, "{field} without {name}");
        }
    }
}

#[test]
fn attributes_are_matched_letter_for_letter() {
    let xml = replace_once(&Response::usual().xml(), " Recipient=", " recipient=");
    let message = read(&xml);
    let data = message.assertion().unwrap().confirmations().next().unwrap().data.clone();
    assert_eq!(data.unwrap().recipient, None);
}

#[test]
fn every_repeated_element_is_told() {
    let issuer =
        "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">x</saml:Issuer>";
    let response = inserted("<samlp:Status>", issuer);
    assert_eq!(response, [at(Repeated, "/saml:Issuer[2]")]);
    let status = "<samlp:Status><samlp:StatusCode Value=\"x\"/></samlp:Status>";
    assert_eq!(inserted("<saml:Assertion ", status), [at(Repeated, "/samlp:Status[2]")]);
    let code = "<samlp:StatusCode Value=\"x\"/>";
    let codes = inserted("</samlp:Status>", code);
    assert_eq!(codes, [at(Repeated, "/samlp:Status/samlp:StatusCode[2]")]);
    let subject = inserted("<saml:Conditions ", "<saml:Subject/>");
    assert_eq!(subject, [at(Repeated, "/saml:Assertion/saml:Subject[2]")]);
    let conditions = inserted("<saml:AuthnStatement ", "<saml:Conditions/>");
    assert_eq!(conditions, [at(Repeated, "/saml:Assertion/saml:Conditions[2]")]);
    let name_id = inserted("<saml:SubjectConfirmation ", "<saml:NameID>admin</saml:NameID>");
    assert_eq!(name_id, [at(Repeated, "/saml:Assertion/saml:Subject/saml:NameID[2]")]);
    let data = inserted("</saml:SubjectConfirmation>", "<saml:SubjectConfirmationData/>");
    let path =
        "/saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData[2]";
    assert_eq!(data, [at(Repeated, path)]);
    for condition in ["OneTimeUse", "ProxyRestriction"] {
        let twice = format!("<saml:{condition}/>").repeat(2);
        let path = format!("/saml:Assertion/saml:Conditions/saml:{condition}[2]");
        assert_eq!(inserted("</saml:Conditions>", &twice), [at(Repeated, &path)]);
    }
}

#[test]
fn of_a_repeated_element_the_first_is_read() {
    let xml = Response::usual().xml();
    let second = "<saml:NameID>admin</saml:NameID><saml:SubjectConfirmation ";
    let message = read(&replace_once(&xml, "<saml:SubjectConfirmation ", second));
    let name_id = message.assertion().unwrap().name_id().unwrap();
    assert_eq!(name_id.value.text, "zmueller@example.com");
}

#[test]
fn every_element_in_the_wrong_order_or_place_is_told() {
    let order = inserted("<saml:Subject>", "<saml:AttributeStatement/>");
    assert!(order.contains(&at(Misplaced, "/saml:Assertion/saml:Subject")), "{order:?}");
    for markup in ["<x/>", "<saml:Audience/>", "<samlp:Status/>", "<x:y xmlns:x=\"urn:x\"/>"] {
        let found = inserted("</saml:Assertion>", markup);
        assert_eq!(found.len(), 1, "{markup}");
        assert_eq!(found[0].0, Misplaced, "{markup}");
    }
    let kinds = |found: Vec<(AnomalyKind, String)>| {
        found.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(inserted("</saml:AudienceRestriction>", "<x/>")), [Misplaced]);
    assert_eq!(kinds(inserted("</saml:AttributeStatement>", "<x/>")), [Misplaced]);
    assert_eq!(kinds(inserted("</saml:Attribute>", "<x/>")), [Misplaced]);
    assert_eq!(kinds(inserted("</saml:Subject>", "<x/>")), [Misplaced]);
    assert_eq!(kinds(inserted("</samlp:Status>", "<x/>")), [Misplaced]);
}

#[test]
fn a_missing_part_is_told_at_its_parent() {
    let without = |edit: fn(&mut Response)| {
        let mut response = Response::usual();
        edit(&mut response);
        anomalies(|_| response.xml())
    };
    assert_eq!(without(|r| r.status = None), [at(Missing, "")]);
    assert_eq!(without(|r| r.assertion().issuer = None), [at(Missing, "/saml:Assertion")]);
    assert_eq!(without(|r| r.assertion().subject = None), [at(Missing, "/saml:Assertion")]);
    assert_eq!(without(|r| r.assertion = None), [at(NoAssertion, "")]);
    assert_eq!(without(|r| r.id = None), [at(Id, "")]);
    assert_eq!(without(|r| r.assertion().version = None), [at(Version, "/saml:Assertion")]);
    let no_audience = without(|r| r.assertion().conditions().audience_restrictions = vec![vec![]]);
    assert_eq!(
        no_audience,
        [at(Missing, "/saml:Assertion/saml:Conditions/saml:AudienceRestriction")]
    );
    let nameless = anomalies(|xml| replace_once(&xml, " Name=\"groups\"", ""));
    let path = "/saml:Assertion/saml:AttributeStatement/saml:Attribute[5]";
    assert_eq!(nameless, [at(Missing, path)]);
}

#[test]
fn a_second_assertion_is_told_wherever_it_stands_and_never_read() {
    let evil = "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><saml:Subject><saml:NameID>admin</saml:NameID></saml:Subject></saml:Assertion>";
    let encrypted = evil.replace("saml:Assertion", "saml:EncryptedAssertion");
    for markup in [evil, &encrypted] {
        for before in [
            "<saml:Issuer ",
            "</saml:Issuer><samlp:Status>",
            "</samlp:Status>",
            "</samlp:StatusCode>",
            "<saml:Assertion ",
            "</samlp:Response>",
            "</saml:Assertion>",
            "</saml:Subject>",
            "</saml:Conditions>",
            "</ds:Signature>",
            "</ds:SignedInfo>",
            "</saml:AttributeValue>",
            "</saml:NameID>",
        ] {
            let found = inserted(before, markup);
            let counted = found.iter().filter(|(kind, _)| *kind == SecondAssertion).count();
            assert!(counted >= 1, "{before}: {found:?}");
        }
    }
    let containers = [
        format!("<samlp:Extensions>{evil}</samlp:Extensions>"),
        format!("<ds:Object xmlns:ds=\"{}\">{evil}</ds:Object>", uri::DSIG),
    ];
    for container in containers {
        let xml = replace_once(
            &Response::usual().xml(),
            "<samlp:Status>",
            &format!("{container}<samlp:Status>"),
        );
        let message = read(&xml);
        assert!(message.anomalies().any(|anomaly| anomaly.kind == SecondAssertion), "{container}");
        let name_id = message.assertion().unwrap().name_id().unwrap();
        assert_eq!(name_id.value.text, "zmueller@example.com", "{container}");
    }
    let mut response = Response::usual();
    response.status.as_mut().unwrap().detail = evil.to_owned();
    response.assertion().advice = evil.to_owned();
    let found = anomalies(|_| response.xml());
    assert_eq!(found.iter().filter(|(kind, _)| *kind == SecondAssertion).count(), 2, "{found:?}");
}

#[test]
fn markup_in_a_value_is_told_for_every_value() {
    for (end, path) in [
        ("</saml:NameID>", "/saml:Assertion/saml:Subject/saml:NameID"),
        (
            "</saml:Audience>",
            "/saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience",
        ),
        (
            "</saml:AuthnContextClassRef>",
            "/saml:Assertion/saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef",
        ),
        ("</saml:Issuer>", "/saml:Issuer"),
    ] {
        assert_eq!(inserted(end, "<x/>"), [at(ElementInValue, path)], "{end}");
    }
    // An attribute's value may be structured; it is then no text.
    assert_eq!(inserted("</saml:AttributeValue>", "<x/>"), []);
}

#[test]
fn nested_status_codes_are_read_from_the_outside_in_and_to_a_depth() {
    let codes = |count: usize| -> Vec<String> { (0..count).map(|n| format!("urn:{n}")).collect() };
    for (nested, kept) in [(2, 2), (8, 8), (9, 8), (200, 8)] {
        let codes = codes(nested);
        let texts: Vec<_> = codes.iter().map(String::as_str).collect();
        let mut response = Response::usual();
        response.status = Some(Status::new(&texts));
        let message = read(&response.xml());
        let status = message.response().unwrap().status.clone().unwrap();
        let found: Vec<_> = status.codes.iter().map(|code| code.text.as_str()).collect();
        assert_eq!(found, texts[..kept], "{nested} codes");
    }
}

#[test]
fn a_value_is_the_whole_text_across_comments_sections_and_references() {
    let xml = Response::usual().xml();
    let odd = "a<!--x-->d<![CDATA[min]]>&#64;<?y z?>example.com";
    let message = read(&replace_once(&xml, "zmueller@example.com<", &format!("{odd}<")));
    let name_id = message.assertion().unwrap().name_id().unwrap();
    assert_eq!(name_id.value.text, "admin@example.com");
}

#[test]
fn a_place_is_an_ordinal_of_the_document_that_was_read() {
    let document = document(&Response::usual().xml());
    let message = Message::read(&document).unwrap();
    let path = |place: Place| document.element(place.0).unwrap().xpath();
    let assertion = message.assertion().unwrap();
    assert_eq!(path(assertion.at), "/samlp:Response/saml:Assertion");
    let issuer = assertion.issuer.as_ref().unwrap();
    assert_eq!(path(issuer.value.at), "/samlp:Response/saml:Assertion/saml:Issuer");
    let last = assertion.attributes.last().unwrap();
    let attribute = "/samlp:Response/saml:Assertion/saml:AttributeStatement/saml:Attribute[5]";
    assert_eq!(path(last.at), attribute);
    let value = last.values[2].as_ref().unwrap();
    assert_eq!(path(value.at), format!("{attribute}/saml:AttributeValue[3]"));
}

#[test]
fn what_is_no_login_is_named_by_its_root() {
    for (text, what) in [
        ("<a/>", "XML with the root element a, not SAML"),
        ("<html/>", "an HTML page"),
        (
            "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"/>",
            "SAML metadata, not a message",
        ),
        (
            "<Response xmlns=\"urn:oasis:names:tc:SAML:1.0:protocol\"/>",
            "a SAML 1.x message; the platform's login uses SAML 2.0",
        ),
        (
            "<LogoutResponse xmlns=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>",
            "a LogoutResponse: the answer to a logout",
        ),
        (
            "<EncryptedAssertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>",
            "an EncryptedAssertion without its Response",
        ),
        (
            "<Response xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>",
            "XML with the root element Response in urn:oasis:names:tc:SAML:2.0:assertion, not SAML 2.0",
        ),
    ] {
        let unreadable = Message::read(&document(text)).unwrap_err();
        assert_eq!(unreadable.kind.what(), what);
    }
}
