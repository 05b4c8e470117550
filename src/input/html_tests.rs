//! Pages that post messages, as providers write them and as an attacker would.

use super::html::*;
use super::{Recognised, capture};
use crate::decode::InputErrorKind;
use crate::limits::Limits;

fn message(page: &str) -> Option<(&'static str, String)> {
    fields(page.as_bytes()).unwrap().message
}

#[test]
fn the_hidden_field_is_found_however_it_is_written() {
    for page in [
        r#"<form><input type="hidden" name="SAMLResponse" value="a+b="/></form>"#,
        r#"<INPUT VALUE='a&#43;b&#x3d;' NAME=SAMLResponse TYPE=hidden>"#,
        r#"<input value="a+b=" title="a > b" name = "SAMLResponse">"#,
        r#"<!-- <input name="SAMLResponse" value="x"> --><input name=SAMLResponse value=a+b=>"#,
        r#"<script>"<input name='SAMLResponse' value='x'>"</script><input name=SAMLResponse value=a+b=>"#,
    ] {
        assert_eq!(message(page), Some(("SAMLResponse", "a+b=".to_owned())), "{page}");
    }
}

#[test]
fn the_action_is_that_of_the_form_around_the_message() {
    let page = b"<form action='/search'><input name=q></form><FORM METHOD=post ACTION=\"https://acme.example?so=1&amp;x\">\
        <input name=SAMLResponse value=x></form>";
    assert_eq!(fields(page).unwrap().action.as_deref(), Some("https://acme.example?so=1&x"));
    assert_eq!(fields(b"<input name=SAMLResponse value=x>").unwrap().action, None);
}

#[test]
fn a_text_area_carries_a_message_too() {
    let page = "<FORM action='https://acme.example'><TEXTAREA rows=2 NAME='SAMLResponse'>\na&#43;b&#61;</TEXTAREA>\
        <textarea name=RelayState><b></textarea></form>";
    assert_eq!(message(page), Some(("SAMLResponse", "a+b=".to_owned())));
    assert_eq!(fields(page.as_bytes()).unwrap().relay_state.as_deref(), Some("<b>"));
    assert_eq!(message("<textarea><input name=SAMLResponse value=x></textarea>"), None);
}

#[test]
fn each_form_of_a_page_is_a_message_of_its_own() {
    let form = |number: u8| {
        format!(
            "<form action='https://acme.example/{number}'><input name=RelayState value={number}>\
             <input name=SAMLResponse value='&lt;r xmlns=&quot;urn:oasis:names:tc:SAML:2.0:protocol&quot; n=&quot;{number}&quot;/&gt;'></form>"
        )
    };
    let page = format!("<html><form><input name=q></form>{}{}</html>", form(1), form(2));
    let found = capture(&mut page.as_bytes(), "test", &Limits::default(), None).unwrap().unwrap();
    assert_eq!(found.format, Some("HTML page"));
    let told: Vec<_> = found
        .messages
        .iter()
        .map(|message| {
            let sighting = &message.sightings[0];
            let sent_to = sighting.exchange.sent_to.as_deref().unwrap();
            (sighting.place.as_str(), sent_to, message.relay_state.as_deref().unwrap())
        })
        .collect();
    let expected =
        [("form 1", "https://acme.example/1", "1"), ("form 2", "https://acme.example/2", "2")];
    assert_eq!(told, expected);
}

#[test]
fn relay_state_is_unescaped() {
    let page = b"<input name=RelayState value='/home?a=b&amp;c'><input name=SAMLRequest value=x>";
    let fields = fields(page).unwrap();
    assert_eq!(fields.relay_state.as_deref(), Some("/home?a=b&c"));
    assert_eq!(fields.message.unwrap().0, "SAMLRequest");
}

#[test]
fn a_page_with_two_messages_is_refused() {
    let page = b"<input name=SAMLResponse value=a><input name=SAMLResponse value=b>";
    assert!(matches!(fields(page), Err(InputErrorKind::Ambiguous { .. })));
}

#[test]
fn other_forms_are_told_apart() {
    let instead = |page: &str| fields(page.as_bytes()).unwrap().instead;
    assert_eq!(instead("<html><p>Sign in</p></html>"), Recognised::Html);
    assert_eq!(instead("<input name='wresult' value='x'>"), Recognised::WsFederation);
    assert_eq!(instead("<input name='id_token' value='x'>"), Recognised::OidcParameters);
}

#[test]
fn hostile_tags_never_reach_the_parser() {
    let attributes: String = (0..200_000).map(|number| format!(" a{number}")).collect();
    let page = format!("<input name=SAMLResponse value=x{attributes}>");
    assert_eq!(message(&page), None);
    let slashes: String = (0..200_000).map(|number| format!("/a{number}")).collect();
    for trick in ["/=\"", "a=\"b\"=\"", "\"", "a ==\""] {
        let tag = format!("<input name=SAMLResponse {trick}{slashes} {attributes}>");
        assert!(tag_extent(tag.as_bytes()).1 > ATTRIBUTES, "{trick}");
        assert_eq!(message(&tag), None);
    }
    assert_eq!(parts(&b"<input name=code>".repeat(100_000)).len(), 1);
    assert_eq!(message(&"<b>".repeat(1_000_000)), None);
}
