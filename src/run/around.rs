//! Tells each report what the capture shows around its message: the request it answers, and how it was taken.

use crate::flow::{Around, Content, Entry, across};
use crate::input::Capture;
use crate::limits::Limits;
use crate::report::Report;
use crate::saml::{AuthnRequest, Message};
use crate::validate::{Trouble, parse};

/// A message of the capture as it was read.
enum Read {
    Request(Box<AuthnRequest>),
    Login(Box<Message>),
    /// As the report of this place has it: decrypted, and as it was signed.
    Reported(usize),
}

/// Adds to `reports`, each beside the number of its message and in the order of those, what shows only across all messages of `capture`.
pub(super) fn tell(capture: &Capture, reports: &mut [(usize, Report)], limits: &Limits) {
    let mut exchanges = capture.messages.iter().flat_map(|message| &message.sightings);
    let is_recorded = exchanges.any(|sighting| sighting.exchange.status.is_some());
    if capture.messages.len() < 2 && !is_recorded {
        return;
    }
    let read: Vec<Option<Read>> = capture
        .messages
        .iter()
        .zip(1..)
        .map(|(message, number)| {
            let reported = reports.binary_search_by_key(&number, |(number, _)| *number).ok();
            let report = reported.and_then(|at| Some((at, &reports.get(at)?.1)));
            match report {
                Some((at, report)) if report.message().is_some() => Some(Read::Reported(at)),
                Some((_, report)) => {
                    Some(Read::Request(Box::new(AuthnRequest::read(report.document()?)?)))
                }
                None => {
                    let document = parse(&message.bytes, limits).ok()?;
                    let login = Message::read(&document).ok().map(Box::new).map(Read::Login);
                    let request = || AuthnRequest::read(&document).map(Box::new).map(Read::Request);
                    login.or_else(request)
                }
            }
        })
        .collect();
    let entries: Vec<Entry<'_>> = capture
        .messages
        .iter()
        .zip(&read)
        .zip(1..)
        .filter_map(|((message, read), number)| {
            let content = match read.as_ref()? {
                Read::Request(request) => Content::Request(request),
                Read::Login(login) => Content::Login(login),
                Read::Reported(at) => Content::Login(reports.get(*at)?.1.message()?),
            };
            Some(Entry { number, sightings: &message.sightings, content })
        })
        .collect();
    let mut flow = across(&entries);
    if !capture.broken.is_empty() {
        // The answer may be among what cannot be read.
        flow.elsewhere.clear();
    }
    // What belongs to no response is told once: below the last login, or with the last of whatever else is reported.
    let is_login =
        |(_, report): &(usize, Report)| !matches!(report.trouble(), Some(Trouble::NotALogin(_)));
    let last = reports.iter().rposition(is_login).or(reports.len().checked_sub(1));
    for (at, (number, report)) in reports.iter_mut().enumerate() {
        let login = flow.login(*number).cloned();
        let elsewhere = if Some(at) == last { flow.elsewhere.clone() } else { Vec::new() };
        if login.is_some() || !elsewhere.is_empty() {
            report.set_around(Around { login, elsewhere });
        }
    }
}
