//! What a capture shows of the request that a message names.

use super::seen;
use crate::flow::{Around, FlowCode, FlowFinding, Login, PairedBy, Side, Station, code};

fn side(text: &str) -> Vec<Side> {
    vec![Side { text: text.to_owned(), seen: "entry 2".to_owned() }]
}

/// A login of which these things were found; requests of the capture beside what cannot be paired.
fn around(found: &[&'static FlowCode], requests: &[&str], paired_by: Option<PairedBy>) -> Around {
    let finding = |code: &&'static FlowCode| FlowFinding {
        code,
        expected: requests.iter().flat_map(|id| side(id)).collect(),
        found: side("_named"),
    };
    let station = Station { number: 2, name: "entry 2".to_owned(), at: None };
    let login = Login {
        request: None,
        paired_by,
        response: station,
        names_request: true,
        answer: None,
        findings: found.iter().map(finding).collect(),
    };
    Around { login: Some(login), elsewhere: Vec::new() }
}

fn codes(around: &Around) -> Vec<&'static str> {
    seen(around).iter().map(|diagnosis| diagnosis.cause.code).collect()
}

#[test]
fn a_request_that_differs_is_told_by_how_it_was_found() {
    let unknown: &[&FlowCode] = &[&code::REQUEST_UNKNOWN];
    let paired = around(unknown, &["_asked"], Some(PairedBy::RelayState));
    assert_eq!(codes(&paired), ["answers-another-request"]);
    assert_eq!(codes(&around(unknown, &["_asked"], None)), ["answers-request-of-another-tab"]);
}

#[test]
fn without_a_request_in_the_capture_only_a_refusal_makes_it_worth_telling() {
    assert_eq!(codes(&around(&[&code::REQUEST_UNKNOWN], &[], None)), [""; 0]);
    for refused in [&code::ANSWERED_ERROR, &code::ERROR_PAGE, &code::LOGIN_LOOP] {
        let refused = around(&[refused, &code::REQUEST_UNKNOWN], &[], None);
        assert_eq!(codes(&refused), ["names-a-request-nobody-made"]);
    }
    assert_eq!(codes(&around(&[&code::ERROR_PAGE], &[], None)), [""; 0]);
}

#[test]
fn what_came_twice_is_told_once_and_beside_it() {
    let all: &[&FlowCode] = &[&code::REQUEST_UNKNOWN, &code::POSTED_TWICE, &code::ASSERTION_TWICE];
    let both = around(all, &["_asked"], None);
    assert_eq!(codes(&both), ["answers-request-of-another-tab", "delivered-twice"]);
    let evidence = &seen(&both)[0].evidence;
    assert_eq!(evidence[0].values, ["_asked (entry 2)"]);
    assert_eq!(evidence[1].values, ["_named (entry 2)"]);
}

#[test]
fn nothing_around_and_nothing_found_is_nothing_told() {
    assert_eq!(seen(&Around::default()), []);
    let answered = around(&[], &["_named"], Some(PairedBy::InResponseTo));
    assert_eq!(seen(&answered), []);
}
