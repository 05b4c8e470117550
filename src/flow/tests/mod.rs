//! Each finding across the messages of a capture, by the messages and places that lead to it.

mod course;

use super::*;
use crate::input::{CaptureClock, CapturedAt, Exchange};
use crate::limits::Limits;
use crate::support::response::{LOGIN_URL, REQUEST_ID, Response, authn_request};
use crate::support::xml::replace_once;
use crate::xml::Document;

const POSTED: &str = "https://acme.my.salesforce.com/?so=00D000000000001";
const IDP: &str = "https://idp.example.com/sso/redirect";

enum Sent {
    Request(Box<AuthnRequest>),
    Login(Box<Message>),
}

/// A capture in the making: messages in order, each with the places it was seen in.
#[derive(Default)]
struct Seen(Vec<(Sent, Vec<Sighting>)>);

fn document(xml: String) -> Document {
    Document::parse(xml, &Limits::default()).unwrap()
}

fn at(time: &str) -> CapturedAt {
    let instant = crate::checks::fixture::usual_day(time);
    CapturedAt { instant, clock: CaptureClock::HarStarted }
}

/// A delivery at `time`, by the exchange of that number.
fn delivery(number: usize, time: &str, method: &str, sent_to: &str) -> Sighting {
    Sighting {
        place: format!("entry {number}"),
        carried: Carried::Request,
        at: Some(at(time)),
        relay_state: Some("/home".to_owned()),
        raw_query: Some("as it stood".to_owned()),
        exchange: Exchange {
            number: Some(number),
            method: Some(method.to_owned()),
            sent_to: Some(sent_to.to_owned()),
            status: Some(302),
            location: Some("/home".to_owned()),
            ..Exchange::default()
        },
        ..Sighting::default()
    }
}

impl Seen {
    fn request(mut self, xml: String, sighting: Sighting) -> Self {
        let request = AuthnRequest::read(&document(xml)).unwrap();
        self.0.push((Sent::Request(Box::new(request)), vec![sighting]));
        self
    }

    fn login(mut self, response: &Response, sightings: Vec<Sighting>) -> Self {
        let message = Message::read(&document(response.xml())).unwrap();
        self.0.push((Sent::Login(Box::new(message)), sightings));
        self
    }

    fn flow(&self) -> Flow {
        let entries: Vec<Entry<'_>> = self
            .0
            .iter()
            .zip(1..)
            .map(|((sent, sightings), number)| Entry {
                number,
                sightings,
                content: match sent {
                    Sent::Request(request) => Content::Request(request),
                    Sent::Login(message) => Content::Login(message),
                },
            })
            .collect();
        across(&entries)
    }

    /// What is found of the first response.
    fn found(&self) -> Vec<FlowFinding> {
        self.flow().logins.remove(0).findings
    }
}

fn requested() -> Sighting {
    delivery(1, "09:59:58", "GET", IDP)
}

fn posted() -> Sighting {
    delivery(2, "10:00:01", "POST", POSTED)
}

/// A login as it should be, after something was changed in the request's text, the response, and the delivery.
fn login(
    request: impl FnOnce(String) -> String,
    response: impl FnOnce(&mut Response),
    delivered: impl FnOnce(&mut Sighting),
) -> Seen {
    let (mut answer, mut delivery) = (Response::usual(), posted());
    response(&mut answer);
    delivered(&mut delivery);
    Seen::default().request(request(authn_request()), requested()).login(&answer, vec![delivery])
}

fn same(xml: String) -> String {
    xml
}

fn codes(findings: &[FlowFinding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.id).collect()
}

fn sides(sides: &[Side]) -> Vec<(&str, &str)> {
    sides.iter().map(|side| (side.text.as_str(), side.seen.as_str())).collect()
}

#[test]
fn a_login_as_it_should_be_has_nothing_to_tell() {
    let flow = login(same, |_| {}, |_| {}).flow();
    let [login] = flow.logins.as_slice() else { panic!("{flow:?}") };
    assert_eq!(codes(&login.findings), [""; 0]);
    assert_eq!(login.paired_by, Some(PairedBy::InResponseTo));
    let request = login.request.as_ref().unwrap();
    assert_eq!((request.number, request.name.as_str()), (1, "entry 1"));
    let answer = login.answer.as_ref().unwrap();
    assert_eq!((answer.status, answer.location.as_deref()), (302, Some("/home")));
    assert!(flow.elsewhere.is_empty());
}

#[test]
fn where_it_was_asked_to_go_is_held_against_every_place_it_went() {
    let old = "https://login.salesforce.com?so=00D000000000001";
    let seen = login(
        same,
        |response| {
            response.destination = Some(old.to_owned());
            response.assertion().confirmation().recipient = Some(old.to_owned());
        },
        |sighting| {
            sighting.exchange.sent_to =
                Some("https://login.salesforce.com/?so=00D000000000001".to_owned());
        },
    );
    let findings = seen.found();
    assert_eq!(codes(&findings), ["flow-acs-url-differs"]);
    let asked = (LOGIN_URL, "AssertionConsumerServiceURL of the request, entry 1");
    assert_eq!(sides(&findings[0].expected), [asked]);
    let posted = "https://login.salesforce.com/?so=00D000000000001";
    let found =
        [(posted, "sent to, entry 2"), (old, "Destination, entry 2"), (old, "Recipient, entry 2")];
    assert_eq!(sides(&findings[0].found), found);
}

#[test]
fn a_form_that_goes_elsewhere_than_the_response_names_is_told() {
    let mut form = posted();
    form.carried = Carried::Answer;
    form.exchange.sent_to = Some("https://proxy.example/acs".to_owned());
    let mut sent = posted();
    sent.exchange.sent_to = form.exchange.sent_to.clone();
    let seen = Seen::default().login(&Response::usual(), vec![sent, form]);
    let findings = seen.found();
    assert_eq!(codes(&findings), ["flow-request-unknown", "flow-posted-elsewhere"]);
    let found = sides(&findings[1].found);
    assert_eq!(found[1], ("https://proxy.example/acs", "action of the form, entry 2"));
    assert_eq!(sides(&findings[1].expected)[0], (LOGIN_URL, "Destination, entry 2"));
}

#[test]
fn another_binding_than_was_asked_for_is_told() {
    let get = |sighting: &mut Sighting| sighting.exchange.method = Some("GET".to_owned());
    assert_eq!(codes(&login(same, |_| {}, get).found()), ["flow-protocol-binding"]);
}

#[test]
fn relay_state_comes_back_exactly_as_it_was_sent() {
    for (came, told) in [
        (Some("/home"), false),
        (Some("%2Fhome"), true),
        (Some("/home "), true),
        (Some(""), true),
        (None, true),
    ] {
        let change = |sighting: &mut Sighting| sighting.relay_state = came.map(str::to_owned);
        let findings = login(same, |_| {}, change).found();
        let expected = if told { vec!["flow-relay-state-changed"] } else { Vec::new() };
        assert_eq!(codes(&findings), expected, "{came:?}");
    }
    let masked = |sighting: &mut Sighting| {
        (sighting.relay_state, sighting.raw_query) = (None, None);
    };
    assert_eq!(codes(&login(same, |_| {}, masked).found()), [""; 0], "nobody knows what came");
}

#[test]
fn the_comparison_decides_what_an_authentication_context_has_to_be() {
    let asked = |comparison: &str, class: &str| {
        let context = format!(
            "<samlp:RequestedAuthnContext Comparison=\"{comparison}\">\
             <saml:AuthnContextClassRef xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{class}\
             </saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"
        );
        let edit = |xml: String| replace_once(&xml, "</samlp:AuthnRequest>", &context);
        let findings = login(edit, |_| {}, |_| {}).found();
        codes(&findings).first().copied()
    };
    let came = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    let other = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509";
    for (comparison, same, differs) in [
        ("exact", None, Some("flow-authn-context")),
        ("minimum", None, Some("flow-authn-context-order")),
        ("maximum", None, Some("flow-authn-context-order")),
        ("better", Some("flow-authn-context"), Some("flow-authn-context-order")),
    ] {
        assert_eq!(asked(comparison, came), same, "{comparison}");
        assert_eq!(asked(comparison, other), differs, "{comparison}");
    }
}

#[test]
fn a_session_from_before_does_not_answer_a_request_for_a_fresh_one() {
    let forced = |xml: String| replace_once(&xml, " ID=", " ForceAuthn=\"true\" ID=");
    let instant = |time: &'static str| {
        move |response: &mut Response| {
            let statement = response.assertion().authn_statement.as_mut().unwrap();
            statement.authn_instant = Some(format!("2026-01-15T{time}Z"));
        }
    };
    assert_eq!(codes(&login(forced, instant("09:59:59"), |_| {}).found()), [""; 0]);
    assert_eq!(
        codes(&login(forced, instant("09:58:00"), |_| {}).found()),
        [""; 0],
        "clocks differ"
    );
    let findings = login(forced, instant("08:00:00"), |_| {}).found();
    assert_eq!(codes(&findings), ["flow-authn-not-forced"]);
    assert_eq!(codes(&login(same, instant("08:00:00"), |_| {}).found()), [""; 0], "not asked for");
}

#[test]
fn the_format_of_the_name_is_the_one_that_was_asked_for() {
    let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let unspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
    let asks = |xml: String| replace_once(&xml, unspecified, persistent);
    let findings = login(asks, |_| {}, |_| {}).found();
    assert_eq!(codes(&findings), ["flow-name-id-format"]);
    assert_eq!(findings[0].expected[0].text, persistent);
    assert_eq!(findings[0].found[0].text, unspecified);
    let sends = |response: &mut Response| {
        response.assertion().name_id().format = Some(persistent.to_owned());
    };
    assert_eq!(codes(&login(same, sends, |_| {}).found()), [""; 0], "any will do");
}

#[test]
fn the_audience_is_whoever_asked() {
    let asks = |xml: String| {
        replace_once(&xml, ">https://acme.my.salesforce.com<", ">https://saml.salesforce.com<")
    };
    assert_eq!(codes(&login(asks, |_| {}, |_| {}).found()), ["flow-audience"]);
}

#[test]
fn a_request_goes_to_its_destination() {
    let mut elsewhere = requested();
    elsewhere.exchange.sent_to = Some("https://old.example/sso".to_owned());
    let seen = Seen::default()
        .request(authn_request(), elsewhere)
        .login(&Response::usual(), vec![posted()]);
    assert_eq!(codes(&seen.found()), ["flow-request-destination"]);
    let mut with_query = requested();
    with_query.exchange.sent_to = Some(format!("{IDP}?tenant=1"));
    let seen = Seen::default()
        .request(authn_request(), with_query)
        .login(&Response::usual(), vec![posted()]);
    assert_eq!(codes(&seen.found()), [""; 0]);
}

#[test]
fn a_response_that_names_no_request_is_paired_by_its_relay_state() {
    let nameless = |response: &mut Response| {
        response.in_response_to = None;
        response.assertion().confirmation().in_response_to = None;
    };
    let flow = login(same, nameless, |_| {}).flow();
    assert_eq!(flow.logins[0].paired_by, Some(PairedBy::RelayState));
    assert_eq!(codes(&flow.logins[0].findings), ["flow-in-response-to-missing"]);
    let other = |response: &mut Response| response.in_response_to = Some("_other".to_owned());
    let findings = login(same, other, |_| {}).found();
    assert_eq!(codes(&findings), ["flow-request-unknown"]);
    assert_eq!(findings[0].expected[0].text, REQUEST_ID);
    assert_eq!(findings[0].found[0].text, "_other");
}

#[test]
fn what_the_identity_provider_starts_names_no_request_and_is_no_finding() {
    let mut response = Response::usual();
    response.in_response_to = None;
    response.assertion().confirmation().in_response_to = None;
    let flow = Seen::default().login(&response, vec![posted()]).flow();
    assert_eq!(codes(&flow.logins[0].findings), [""; 0]);
    assert!(!flow.logins[0].names_request);
}

#[test]
fn a_request_without_an_answer_is_told_by_itself() {
    let flow = Seen::default().request(authn_request(), requested()).flow();
    assert_eq!(codes(&flow.elsewhere), ["flow-request-unanswered"]);
    assert_eq!(flow.elsewhere[0].expected[0].text, REQUEST_ID);
}

#[test]
fn every_code_has_words_and_a_name_of_its_own() {
    let mut names: Vec<&str> = code::ALL.iter().map(|code| code.id).collect();
    assert!(names.iter().all(|name| name.starts_with("flow-")));
    assert!(code::ALL.is_sorted_by_key(|code| code.rank), "the weightiest first");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), code::ALL.len());
    for code in code::ALL {
        for text in [code.clause, code.says, code.cause, code.fix] {
            assert!(!text.is_empty(), "{}", code.id);
        }
    }
}
