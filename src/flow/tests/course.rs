//! How a response was delivered and taken, and what comes again.

use super::*;

#[test]
fn the_same_bytes_delivered_again_are_told() {
    let again = delivery(3, "10:00:05", "POST", POSTED);
    let seen = Seen::default()
        .request(authn_request(), requested())
        .login(&Response::usual(), vec![posted(), again]);
    let findings = seen.found();
    assert_eq!(codes(&findings), ["flow-posted-twice"]);
    let found = [(POSTED, "entry 2, answered 302"), (POSTED, "entry 3, answered 302")];
    assert_eq!(sides(&findings[0].found), found);
}

#[test]
fn one_assertion_in_two_messages_and_two_answers_to_one_request_are_told() {
    let mut again = Response::usual();
    again.id = Some("_another".to_owned());
    let flow = login(same, |_| {}, |_| {})
        .login(&again, vec![delivery(3, "10:01:00", "POST", POSTED)])
        .flow();
    for login in &flow.logins {
        let expected = ["flow-assertion-twice", "flow-request-answered-twice"];
        assert_eq!(codes(&login.findings), expected);
    }
}

#[test]
fn what_the_service_provider_answered_is_told_when_it_is_an_error() {
    let status = |sighting: &mut Sighting| {
        (sighting.exchange.status, sighting.exchange.location) = (Some(500), None);
    };
    let findings = login(same, |_| {}, status).found();
    assert_eq!(codes(&findings), ["flow-answered-error"]);
    assert_eq!(findings[0].found[0].text, "HTTP 500");
    for (location, is_error) in [
        ("https://a.example/_nc_external/identity/saml/SamlError?x=1", true),
        ("/idp/page?ErrorCode=16&ErrorDescription=x", true),
        ("/saml/saml-error.jsp", true),
        ("https://error.example/home", false),
        ("/home?then=error", false),
    ] {
        let change =
            |sighting: &mut Sighting| sighting.exchange.location = Some(location.to_owned());
        let expected = if is_error { vec!["flow-error-page"] } else { Vec::new() };
        assert_eq!(codes(&login(same, |_| {}, change).found()), expected, "{location}");
    }
}

#[test]
fn a_response_that_is_never_delivered_is_told() {
    let on_its_way = |sighting: &mut Sighting| sighting.carried = Carried::Answer;
    let findings = login(same, |_| {}, on_its_way).found();
    assert_eq!(codes(&findings), ["flow-not-delivered"]);
}

/// `turns` logins in a row, each answered with a redirect, and at the end one more request.
fn turning(turns: usize) -> Seen {
    let id = |turn: usize| format!("_request{turn}");
    let request = |turn: usize| replace_once(&authn_request(), REQUEST_ID, &id(turn));
    let mut seen = Seen::default();
    for turn in 0..turns {
        let mut response = Response::usual();
        response.in_response_to = Some(id(turn));
        response.assertion().confirmation().in_response_to = Some(id(turn));
        response.assertion().id = Some(format!("_assertion{turn}"));
        let time = |second: usize| format!("10:00:{:02}", turn * 4 + second);
        seen = seen
            .request(request(turn), delivery(turn * 2, &time(0), "GET", IDP))
            .login(&response, vec![delivery(turn * 2 + 1, &time(2), "POST", POSTED)]);
    }
    let time = format!("10:00:{:02}", turns * 4);
    seen.request(request(turns), delivery(turns * 2, &time, "GET", IDP))
}

#[test]
fn a_login_that_goes_round_is_a_loop_and_one_turn_is_not() {
    let once = turning(1).flow();
    assert_eq!(codes(&once.logins[0].findings), ["flow-login-restarted"]);
    let thrice = turning(3).flow();
    for login in &thrice.logins {
        assert_eq!(codes(&login.findings), ["flow-login-loop"]);
        assert_eq!(login.findings[0].found.len(), 6);
    }
    assert_eq!(codes(&thrice.elsewhere), ["flow-request-unanswered"]);
}

#[test]
fn a_login_long_after_another_is_no_loop() {
    let mut response = Response::usual();
    response.in_response_to = Some("_later".to_owned());
    let later = replace_once(&authn_request(), REQUEST_ID, "_later");
    let flow =
        login(same, |_| {}, |_| {}).request(later, delivery(3, "11:00:00", "GET", IDP)).flow();
    assert_eq!(codes(&flow.logins[0].findings), [""; 0]);
}

#[test]
fn of_what_is_repeated_without_end_a_few_are_named() {
    let message = Message::read(&document(Response::usual().xml())).unwrap();
    let sightings = [posted()];
    let entries: Vec<Entry<'_>> = (1..=500)
        .map(|number| Entry { number, sightings: &sightings, content: Content::Login(&message) })
        .collect();
    let flow = across(&entries);
    assert_eq!(flow.logins.len(), 500);
    assert!(flow.logins.iter().flat_map(|l| &l.findings).all(|f| f.found.len() <= 6));
}
