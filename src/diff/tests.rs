//! What is told of two messages, one change a row.

use super::*;
use crate::support::assertion::Attribute as Sent;
use crate::support::keys::Key;
use crate::support::response::Response;
use crate::support::signature::Signing;

fn side(response: &Response) -> Side {
    of_text(response.xml())
}

fn of_text(xml: String) -> Side {
    let limits = Limits::default();
    let document = Document::parse(xml, &limits).unwrap();
    Side::read(document, &[], &limits).unwrap()
}

/// What changed, a line each: `Audience: a → b`, with `-` for what is absent.
fn told(good: &Side, bad: &Side) -> Vec<String> {
    let say = |fact: Option<&Fact>| {
        let values = fact.map(|fact| fact.values.iter().map(Value::to_string).collect::<Vec<_>>());
        values.map_or_else(|| "-".to_owned(), |values| values.join(" | "))
    };
    let line = |change: &Change<'_>| {
        let fact = change.good.or(change.bad).unwrap();
        let which = fact.which.as_ref().map(|which| format!(" {which}")).unwrap_or_default();
        format!("{}{which}: {} → {}", fact.what, say(change.good), say(change.bad))
    };
    changes(good, bad).iter().map(line).collect()
}

/// What is told when this is done to the usual message.
fn after(edit: impl FnOnce(&mut Response)) -> Vec<String> {
    let mut changed = Response::usual();
    edit(&mut changed);
    told(&side(&Response::usual()), &side(&changed))
}

#[test]
fn another_login_of_the_same_user_is_the_same() {
    let xml = Response::usual().xml();
    let mut later = Response::usual();
    later.id = Some("_another".to_owned());
    later.in_response_to = Some("_another-request".to_owned());
    let later = later.xml();
    // A day later, and half a second longer.
    let later = later.replace("2026-01-15T", "2026-01-16T").replace("10:05:00Z", "10:05:00.5Z");
    assert_ne!(xml, later);
    assert_eq!(told(&of_text(xml), &of_text(later)), Vec::<String>::new());
}

#[test]
fn prefixes_the_order_of_attributes_and_comments_say_nothing() {
    let xml = Response::usual().xml();
    let other = xml
        .replace("saml:", "s:")
        .replace("xmlns:saml=", "xmlns:s=")
        .replace("<s:Subject>", "<s:Subject >");
    assert_ne!(xml, other);
    assert_eq!(told(&of_text(xml), &of_text(other)), Vec::<String>::new());
}

#[test]
fn each_change_in_meaning_is_told_once() {
    let one = |edit: fn(&mut Response)| {
        let told = after(edit);
        let [line] = told.as_slice() else { panic!("{told:?}") };
        line.clone()
    };
    for (line, expected) in [
        (
            one(|r| {
                r.assertion().conditions.as_mut().unwrap().audience_restrictions =
                    vec![vec!["https://other".to_owned()]];
            }),
            "Audience: https://acme.my.salesforce.com → https://other",
        ),
        (
            one(|r| r.destination = None),
            "Destination: https://acme.my.salesforce.com?so=00D000000000001 → -",
        ),
        (
            one(|r| {
                r.assertion().subject.as_mut().unwrap().name_id.as_mut().unwrap().format = None;
            }),
            "NameID Format: urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified → -",
        ),
        (
            one(|r| {
                r.assertion().conditions.as_mut().unwrap().not_on_or_after =
                    Some("2026-01-15T11:00:00Z".to_owned());
            }),
            "Conditions NotOnOrAfter: 5 min after the IssueInstant → 1 h after the IssueInstant",
        ),
        (
            one(|r| r.in_response_to = None),
            "InResponseTo of the Response: names a request → absent: the login began at the identity provider",
        ),
        (
            one(|r| r.assertion().attributes.push(Sent::new("team", &["a", "b"]))),
            "Attribute team: - → a | b",
        ),
    ] {
        assert_eq!(line, expected);
    }
}

#[test]
fn a_recipient_that_differs_in_a_slash_is_a_change() {
    let told = after(|response| {
        let subject = response.assertion().subject.as_mut().unwrap();
        subject.confirmations[0].recipient =
            Some("https://acme.my.salesforce.com/?so=00D000000000001".to_owned());
    });
    let [line] = told.as_slice() else { panic!("{told:?}") };
    assert!(line.starts_with("Recipient: "), "{line}");
}

#[test]
fn what_is_signed_and_by_which_certificate_is_told() {
    let unsigned = after(|response| response.assertion().signing = None);
    assert_eq!(unsigned, ["What is signed: the Assertion → nothing"]);
    let both = after(|response| response.signing = Some(Signing::with(Key::Idp)));
    assert_eq!(both[0], "What is signed: the Assertion → the Response and the Assertion");
    let rolled = after(|response| response.assertion().signing = Some(Signing::with(Key::Other)));
    let [line] = rolled.as_slice() else { panic!("{rolled:?}") };
    assert!(line.starts_with("Certificate in KeyInfo assertion: "), "{line}");
}

#[test]
fn a_document_that_is_no_login_cannot_be_compared() {
    let limits = Limits::default();
    let document = Document::parse("<a/>".to_owned(), &limits).unwrap();
    assert!(Side::read(document, &[], &limits).is_err());
}
