//! What shows only across the messages of one capture: which response answers which request, whether it is what was asked for, and how the
//! service provider took it.
//!
//! Pure data in, pure data out; it judges nothing, and no verdict and no exit code depend on it (saml-profiles-2.0 §4.1). A finding carries
//! both sides and where each was seen. What can be found is the table in [`code`].

mod address;
mod asked;
pub mod code;
mod course;
mod pairing;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use code::{FlowCode, Rank};

use crate::input::{Carried, Sighting};
use crate::saml::{AuthnRequest, Message};

/// One message of a capture, for comparison with the others.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'c> {
    /// Its number in the input, counted from 1.
    pub number: usize,
    /// Where it was seen, the delivery to its receiver first.
    pub sightings: &'c [Sighting],
    /// What it is.
    pub content: Content<'c>,
}

/// What a message is, as far as a login is concerned.
#[derive(Clone, Copy, Debug)]
pub enum Content<'c> {
    /// What the service provider asks for.
    Request(&'c AuthnRequest),
    /// What the identity provider answers.
    Login(&'c Message),
}

/// One response, the request that it answers, and how it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The request; nothing when the capture has none for it.
    pub request: Option<Station>,
    /// How it was found.
    pub paired_by: Option<PairedBy>,
    /// The response.
    pub response: Station,
    /// Whether the response names a request.
    pub names_request: bool,
    /// What the service provider answered.
    pub answer: Option<Answer>,
    /// What was found, the weightiest first.
    pub findings: Vec<FlowFinding>,
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    /// Its number in the input.
    pub number: usize,
    /// What the capture calls the place: `entry 39`; `message 2` where it numbers none.
    pub name: String,
    /// When it passed there.
    pub at: Option<Timestamp>,
}

/// By what a response was found to answer a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairedBy {
    /// `InResponseTo` is its ID.
    InResponseTo,
    /// The same `RelayState`, the nearest before.
    RelayState,
}

/// How the service provider answered the delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where it led.
    pub location: Option<String>,
}

/// One thing found, with both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowFinding {
    /// What kind.
    pub code: &'static FlowCode,
    /// What was asked for, or named.
    pub expected: Vec<Side>,
    /// What came. Empty means that nothing did.
    pub found: Vec<Side>,
}

/// A value and where it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The value, unescaped.
    pub text: String,
    /// `AssertionConsumerServiceURL of the request, entry 39`.
    pub seen: String,
}

/// What a capture shows as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// One for each response, in order of capture.
    pub logins: Vec<Login>,
    /// What belongs to no response: requests without an answer.
    pub elsewhere: Vec<FlowFinding>,
}

/// What a report tells of the capture around its message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The login that the message belongs to.
    pub login: Option<Login>,
    /// What belongs to no response.
    pub elsewhere: Vec<FlowFinding>,
}

impl PairedBy {
    /// Its name in reports and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InResponseTo => "InResponseTo",
            Self::RelayState => "RelayState",
        }
    }
}

impl Flow {
    /// The login whose response has this number in the input.
    #[must_use]
    pub fn login(&self, response: usize) -> Option<&Login> {
        let at = self.logins.binary_search_by_key(&response, |login| login.response.number);
        self.logins.get(at.ok()?)
    }
}

impl FlowCode {
    /// A finding of this kind, to be completed with both sides.
    fn finding(&'static self) -> FlowFinding {
        FlowFinding { code: self, expected: Vec::new(), found: Vec::new() }
    }
}

impl FlowFinding {
    fn expected(mut self, text: impl Into<String>, seen: impl Into<String>) -> Self {
        self.expected.push(Side { text: text.into(), seen: seen.into() });
        self
    }

    fn found(mut self, text: impl Into<String>, seen: impl Into<String>) -> Self {
        self.found.push(Side { text: text.into(), seen: seen.into() });
        self
    }
}

impl<'c> Entry<'c> {
    /// The place that tells most: the delivery to its receiver.
    fn sighting(&self) -> Option<&'c Sighting> {
        self.sightings.first()
    }

    /// The deliveries to its receiver, one for each exchange.
    fn deliveries(&self) -> impl Iterator<Item = &'c Sighting> + use<'c> {
        self.sightings.iter().filter(|sighting| sighting.carried == Carried::Request)
    }

    fn station(&self) -> Station {
        Station {
            number: self.number,
            name: self.named(self.sighting()),
            at: self.sighting().and_then(|sighting| sighting.at).map(|at| at.instant),
        }
    }

    /// What the capture calls a place of this message.
    fn named(&self, sighting: Option<&Sighting>) -> String {
        match sighting.and_then(|sighting| sighting.exchange.number) {
            Some(number) => format!("entry {number}"),
            None => format!("message {}", self.number),
        }
    }

    fn request(&self) -> Option<&'c AuthnRequest> {
        match self.content {
            Content::Request(request) => Some(request),
            Content::Login(_) => None,
        }
    }

    fn login(&self) -> Option<&'c Message> {
        match self.content {
            Content::Login(message) => Some(message),
            Content::Request(_) => None,
        }
    }
}

/// Compares the messages of one capture, which are in order of capture and of their numbers.
#[must_use]
pub fn across(entries: &[Entry<'_>]) -> Flow {
    let pairs = pairing::pairs(entries);
    let mut flow = Flow::default();
    for (at, entry) in entries.iter().enumerate() {
        let Some(message) = entry.login() else { continue };
        let pair = pairs.of(at);
        let request = pair.and_then(|pair| Some((entries.get(pair.request)?, pair.by)));
        let mut findings = course::delivered(entry);
        findings.extend(pairing::findings(entries, &pairs, at, request));
        if let Some((asking, _)) = request
            && let Some(asked) = asking.request()
        {
            findings.extend(asked::findings((asking, asked), (entry, message)));
        }
        flow.logins.push(Login {
            request: request.map(|(request, _)| request.station()),
            paired_by: request.map(|(_, by)| by),
            response: entry.station(),
            names_request: pairing::in_response_to(message).is_some(),
            answer: course::answer(entry),
            findings,
        });
    }
    for (number, finding) in course::returns(entries, &pairs) {
        let at = flow.logins.binary_search_by_key(&number, |login| login.response.number);
        if let Some(login) = at.ok().and_then(|at| flow.logins.get_mut(at)) {
            login.findings.push(finding);
        }
    }
    for login in &mut flow.logins {
        login.findings.sort_by_key(|finding| place_in_table(finding.code));
    }
    flow.elsewhere = pairing::unanswered(entries, &pairs);
    flow
}

fn place_in_table(code: &FlowCode) -> usize {
    code::ALL.iter().position(|known| known.id == code.id).unwrap_or(usize::MAX)
}
