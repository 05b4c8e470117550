//! How a response was delivered and how the service provider took it: where it went, how often, and what followed.

use jiff::SignedDuration;

use super::address::same_address;
use super::code::{
    ANSWERED_ERROR, ERROR_PAGE, LOGIN_LOOP, LOGIN_RESTARTED, NOT_DELIVERED, POSTED_ELSEWHERE,
    POSTED_TWICE,
};
use super::pairing::{Pairs, TOLD};
use super::{Answer, Entry, FlowFinding, Side};
use crate::input::Carried;
use crate::provisioning::ErrorRedirect;
use crate::saml::Message;
use crate::time::rfc3339;

/// How soon after a response a new request belongs to it. Choice: 30 s; a loop turns within a few.
const SOON: SignedDuration = SignedDuration::from_secs(30);

/// Where a response went, or would have gone: where it was sent to, and the action of the form.
fn went(entry: &Entry<'_>) -> Vec<Side> {
    let mut sides = Vec::new();
    for sighting in entry.sightings {
        let what = match sighting.carried {
            Carried::Request => "sent to",
            Carried::Answer => "action of the form",
            Carried::Alone => continue,
        };
        let seen = format!("{what}, {}", entry.named(Some(sighting)));
        keep(&mut sides, sighting.exchange.sent_to.as_deref(), seen);
    }
    sides
}

/// Where a response says it goes.
fn named(entry: &Entry<'_>, message: &Message) -> Vec<Side> {
    let mut sides = Vec::new();
    let name = entry.station().name;
    let destination = message.response().and_then(|response| response.destination.as_ref());
    let destination = destination.map(|value| value.text.as_str());
    keep(&mut sides, destination, format!("Destination, {name}"));
    for confirmation in message.assertion().into_iter().flat_map(|a| a.confirmations()) {
        let recipient = confirmation.data.as_ref().and_then(|data| data.recipient.as_ref());
        let recipient = recipient.map(|value| value.text.as_str());
        keep(&mut sides, recipient, format!("Recipient, {name}"));
    }
    sides
}

/// Every address of a response: where it went, Destination, Recipient.
pub(super) fn addresses(entry: &Entry<'_>, message: &Message) -> Vec<Side> {
    let mut sides = went(entry);
    sides.extend(named(entry, message));
    sides
}

/// Keeps an address, each once, and no more than are told.
fn keep(sides: &mut Vec<Side>, text: Option<&str>, seen: String) {
    if let Some(text) = text.filter(|text| !text.is_empty())
        && sides.len() < TOLD
        && !sides.iter().any(|side| side.text == text && side.seen == seen)
    {
        sides.push(Side { text: text.to_owned(), seen });
    }
}

/// The answer to the delivery that the service provider gave.
pub(super) fn answer(entry: &Entry<'_>) -> Option<Answer> {
    let sighting = entry.deliveries().next()?;
    let status = sighting.exchange.status?;
    Some(Answer { status, location: sighting.exchange.location.clone() })
}

/// What is odd about the delivery itself.
pub(super) fn delivered(entry: &Entry<'_>) -> Vec<FlowFinding> {
    let mut findings = Vec::new();
    let here = entry.station().name;
    findings.extend(entry.login().and_then(|message| elsewhere(entry, message)));
    if entry.deliveries().count() > 1 {
        let all = entry.deliveries().take(TOLD);
        findings.push(all.fold(POSTED_TWICE.finding(), |finding, sighting| {
            let address = sighting.exchange.sent_to.as_deref().unwrap_or("(address unknown)");
            let status = sighting.exchange.status.map(|status| format!(", answered {status}"));
            let seen = format!("{}{}", entry.named(Some(sighting)), status.unwrap_or_default());
            finding.found(address, seen)
        }));
    }
    let on_its_way = entry.sightings.iter().any(|sighting| sighting.carried == Carried::Answer);
    if on_its_way && entry.deliveries().next().is_none() {
        findings.push(NOT_DELIVERED.finding());
    }
    let Some(Answer { status, location }) = answer(entry) else { return findings };
    let seen = format!("answer, {here}");
    if status >= 400 {
        findings.push(ANSWERED_ERROR.finding().found(format!("HTTP {status}"), seen.as_str()));
    }
    if let Some(location) = location.filter(|location| is_error_page(location)) {
        findings.push(ERROR_PAGE.finding().found(location, format!("Location, {here}")));
    }
    findings
}

/// An address with an error code in it, or one whose path speaks of an error.
fn is_error_page(location: &str) -> bool {
    let path = location.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    path.to_ascii_lowercase().contains("error") || ErrorRedirect::read(location).is_some()
}

/// The address it was sent to (or would have been) against those it names.
fn elsewhere(entry: &Entry<'_>, message: &Message) -> Option<FlowFinding> {
    let (went, named) = (went(entry), named(entry, message));
    let differs = |side: &Side| named.iter().any(|named| !same_address(&side.text, &named.text));
    let went: Vec<Side> = went.into_iter().filter(differs).collect();
    if went.is_empty() {
        return None;
    }
    let is_other = |side: &Side| went.iter().any(|went| !same_address(&side.text, &went.text));
    let expected = named.into_iter().filter(is_other).collect();
    Some(FlowFinding { expected, found: went, code: &POSTED_ELSEWHERE })
}

/// Responses that the service provider answered with a redirect, upon which a new request followed: the response's number, and the
/// finding. Twice and more in a row is a loop.
pub(super) fn returns(entries: &[Entry<'_>], pairs: &Pairs<'_>) -> Vec<(usize, FlowFinding)> {
    let mut found = Vec::new();
    let mut turns: Vec<[&Entry<'_>; 2]> = Vec::new();
    let mut followed_by = None;
    for (at, entry) in entries.iter().enumerate() {
        if entry.login().is_none() {
            continue;
        }
        // Another turn of the same loop only when it answers the request that the last turn ended with.
        if followed_by != pairs.of(at).map(|pair| pair.request) {
            found.extend(told(&std::mem::take(&mut turns)));
        }
        followed_by = next_request(entries, at);
        match followed_by.and_then(|next| entries.get(next)) {
            Some(next) => turns.push([entry, next]),
            None => found.extend(told(&std::mem::take(&mut turns))),
        }
    }
    found.extend(told(&turns));
    found
}

/// The request that follows upon a response which was answered with a redirect: the next message, soon, from the same service provider.
fn next_request(entries: &[Entry<'_>], at: usize) -> Option<usize> {
    let entry = entries.get(at)?;
    let answered = answer(entry)?;
    if !(300..400).contains(&answered.status) {
        return None;
    }
    let next = entries.get(at + 1)?;
    let request = next.request()?;
    let is_soon = match (entry.station().at, next.station().at) {
        (Some(then), Some(now)) => now.duration_since(then) <= SOON,
        (Some(_) | None, _) => true,
    };
    let asks_again = entry.login()?.assertion().is_none_or(|assertion| {
        let mut audiences = assertion.audiences().peekable();
        audiences.peek().is_none()
            || request
                .issuer
                .as_ref()
                .is_none_or(|issuer| audiences.any(|audience| audience.text == issuer.text))
    });
    (is_soon && asks_again).then_some(at + 1)
}

/// What each response of some turns in a row is told.
fn told(turns: &[[&Entry<'_>; 2]]) -> Vec<(usize, FlowFinding)> {
    let code = match turns {
        [] => return Vec::new(),
        [_] => &LOGIN_RESTARTED,
        [_, _, ..] => &LOGIN_LOOP,
    };
    let finding = turns.iter().take(TOLD).flatten().fold(code.finding(), |finding, entry| {
        let what = if entry.login().is_some() { "response" } else { "request" };
        let station = entry.station();
        let at = station.at.map(rfc3339).unwrap_or_default();
        finding.found(format!("{what} {at}").trim_end(), station.name)
    });
    turns.iter().map(|[response, _]| (response.number, finding.clone())).collect()
}
