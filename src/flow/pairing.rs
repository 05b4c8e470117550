//! Which response answers which request: by `InResponseTo`, then by `RelayState` (saml-profiles-2.0 §4.1.4.3, saml-bindings-2.0 §3.4.3).

use std::collections::HashMap;

use super::code::{
    ANSWERED_TWICE, ASSERTION_TWICE, IN_RESPONSE_TO_MISSING, REQUEST_UNKNOWN, UNANSWERED,
};
use super::{Entry, FlowFinding, PairedBy};
use crate::saml::Message;

/// Values of one side that are told. Choice: 5; a reader compares no more.
pub(super) const TOLD: usize = 5;

/// One pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// The request's place among the entries.
    pub(super) request: usize,
    pub(super) by: PairedBy,
}

/// Who answers whom, and who repeats what, by places among the entries.
#[derive(Debug, Default)]
pub(super) struct Pairs<'c> {
    of: HashMap<usize, Pair>,
    /// The responses that carry an assertion of that ID.
    with_assertion: HashMap<&'c str, Vec<usize>>,
    /// The responses that name that request.
    naming: HashMap<&'c str, Vec<usize>>,
}

impl Pairs<'_> {
    pub(super) fn of(&self, response: usize) -> Option<Pair> {
        self.of.get(&response).copied()
    }
}

/// The request that a response says it answers. An empty attribute names none.
pub(super) fn in_response_to(message: &Message) -> Option<&str> {
    let response = message.response().and_then(|response| response.in_response_to.as_deref());
    let data = || {
        let confirmations = message.assertion().into_iter().flat_map(|a| a.confirmations());
        confirmations.filter_map(|c| c.data.as_ref()?.in_response_to.as_deref()).next()
    };
    response.or_else(data).filter(|id| !id.is_empty())
}

fn assertion_id(message: &Message) -> Option<&str> {
    message.assertion()?.id.as_deref()
}

pub(super) fn pairs<'c>(entries: &[Entry<'c>]) -> Pairs<'c> {
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    let mut by_relay_state: HashMap<&str, usize> = HashMap::new();
    let mut pairs = Pairs::default();
    let ids = entries.iter().enumerate();
    let ids = ids.filter_map(|(at, entry)| Some((entry.request()?.id.as_deref()?, at)));
    for (id, at) in ids {
        by_id.entry(id).or_insert(at);
    }
    // In order of capture, so that the nearest request before a response is the one that is known.
    for (at, entry) in entries.iter().enumerate() {
        let relay_state = entry.sighting().and_then(|sighting| sighting.relay_state.as_deref());
        let relay_state = relay_state.filter(|text| !text.is_empty());
        if entry.request().is_some() {
            relay_state.map(|text| by_relay_state.insert(text, at));
        }
        let Some(message) = entry.login() else { continue };
        if let Some(id) = assertion_id(message) {
            pairs.with_assertion.entry(id).or_default().push(at);
        }
        if let Some(id) = in_response_to(message) {
            pairs.naming.entry(id).or_default().push(at);
        }
        let named = in_response_to(message).and_then(|id| by_id.get(id));
        let named = named.map(|&request| Pair { request, by: PairedBy::InResponseTo });
        let same = || {
            let request = *relay_state.and_then(|text| by_relay_state.get(text))?;
            Some(Pair { request, by: PairedBy::RelayState })
        };
        if let Some(pair) = named.or_else(same) {
            pairs.of.insert(at, pair);
        }
    }
    pairs
}

/// What is wrong with how a response names its request, and with what it repeats.
pub(super) fn findings(
    entries: &[Entry<'_>],
    pairs: &Pairs<'_>,
    at: usize,
    request: Option<(&Entry<'_>, PairedBy)>,
) -> Vec<FlowFinding> {
    let mut findings = Vec::new();
    let Some((entry, message)) = entries.get(at).and_then(|entry| Some((entry, entry.login()?)))
    else {
        return findings;
    };
    let here = entry.station().name;
    let asked = |entry: &Entry<'_>| {
        let id = entry.request()?.id.clone().unwrap_or_default();
        Some((id, format!("ID of the request, {}", entry.station().name)))
    };
    match (in_response_to(message), request) {
        (Some(_), Some((_, PairedBy::InResponseTo))) => {}
        (Some(id), Some((request, PairedBy::RelayState))) => {
            let finding = REQUEST_UNKNOWN.finding().found(id, format!("InResponseTo, {here}"));
            findings.extend(asked(request).map(|(id, seen)| finding.expected(id, seen)));
        }
        (Some(id), None) => {
            let finding = REQUEST_UNKNOWN.finding().found(id, format!("InResponseTo, {here}"));
            let all = entries.iter().filter_map(asked).take(TOLD);
            findings.push(all.fold(finding, |finding, (id, seen)| finding.expected(id, seen)));
        }
        (None, Some((request, _))) => {
            let finding = IN_RESPONSE_TO_MISSING.finding();
            findings.extend(asked(request).map(|(id, seen)| finding.expected(id, seen)));
        }
        (None, None) => {}
    }
    let mut repeated = |all: Option<&Vec<usize>>, finding: FlowFinding, id: &str, what: &str| {
        let others = all.into_iter().flatten().filter(|&&other| other != at).take(TOLD);
        let others: Vec<String> =
            others.filter_map(|&other| Some(entries.get(other)?.station().name)).collect();
        if !others.is_empty() {
            let names = std::iter::once(&here).chain(&others);
            findings.push(
                names.fold(finding, |finding, name| finding.found(id, format!("{what}, {name}"))),
            );
        }
    };
    if let Some(id) = assertion_id(message) {
        let all = pairs.with_assertion.get(id);
        repeated(all, ASSERTION_TWICE.finding(), id, "ID of the Assertion");
    }
    if let Some((request, PairedBy::InResponseTo)) = request
        && let Some((id, seen)) = asked(request)
    {
        let finding = ANSWERED_TWICE.finding().expected(id.as_str(), seen);
        repeated(pairs.naming.get(id.as_str()), finding, &id, "InResponseTo");
    }
    findings
}

/// Requests that no response answers.
pub(super) fn unanswered(entries: &[Entry<'_>], pairs: &Pairs<'_>) -> Vec<FlowFinding> {
    let mut answered: Vec<bool> = entries.iter().map(|_| false).collect();
    for pair in pairs.of.values() {
        if let Some(is_answered) = answered.get_mut(pair.request) {
            *is_answered = true;
        }
    }
    let left = entries.iter().zip(answered).filter(|(_, is_answered)| !is_answered);
    left.filter_map(|(entry, _)| {
        let id = entry.request()?.id.clone().unwrap_or_default();
        let seen = format!("ID of the request, {}", entry.station().name);
        Some(UNANSWERED.finding().expected(id, seen))
    })
    .collect()
}
