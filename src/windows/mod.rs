//! From when until when each part of a message holds, as data, and what that means at an instant.
//!
//! A [`Window`] has the limits as they were written, the skew that is allowed on either side, and whether the checks hold it against the
//! judged moment (saml-core-2.0 §2.5.1.2 and §2.7.2, platform §3.1 and §3.3). Here nothing is judged: the checks decide for themselves; this is what explains
//! them, compares one moment with another, and is drawn as a timeline.

mod axis;
mod clocks;
mod moments;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

pub use axis::{Axis, BEYOND, Spot};
pub use clocks::{ClockDifference, difference};
pub use moments::{Comparison, Moment, Which, comparison};

use crate::config::{SpConfig, same_endpoint};
use crate::crypto::SignatureReport;
use crate::crypto::certificate::Certificate;
use crate::saml::{
    Assertion, METHOD_BEARER, Message, Place, SubjectConfirmation, SubjectConfirmationData, Time,
};
use crate::time::{after, before};

/// What holds for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// The platform's window from the IssueInstant of the Response.
    ResponseIssued,
    /// The platform's window from the IssueInstant of the Assertion.
    AssertionIssued,
    /// NotBefore and NotOnOrAfter in Conditions.
    Conditions,
    /// NotOnOrAfter in the data of a bearer SubjectConfirmation.
    SubjectConfirmation,
    /// SessionNotOnOrAfter: how long the session may last, not how long the message may be used.
    Session,
    /// The validity of a configured certificate.
    Certificate,
}

/// From when until when something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What.
    pub kind: WindowKind,
    /// Its first moment as written; nothing when it has always held.
    pub from: Option<Timestamp>,
    /// Its end as written (of an IssueInstant's window: what the platform allows); nothing when it holds for ever.
    pub until: Option<Timestamp>,
    /// Whether it still holds at its end: `NotOnOrAfter` is excluded.
    pub end_included: bool,
    /// By how much it may be judged before its first moment.
    pub skew_before: SignedDuration,
    /// By how much it may be judged after its end.
    pub skew_after: SignedDuration,
    /// Whether a check holds it against the judged moment.
    pub counts: bool,
    /// Where it is written; nothing when it is not in the message.
    pub at: Option<Place>,
}

/// How an instant stands to a window, skew included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It lies before.
    NotYet,
    /// It lies within.
    Holds,
    /// It lies behind.
    Over,
}

/// How an instant stands to all windows that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Within all of them, until the first of them closes; nothing when none ever does.
    Valid(Option<(Timestamp, WindowKind)>),
    /// Before the last of them opens.
    NotYet(Timestamp, WindowKind),
    /// After the first of them has closed.
    Expired(Timestamp, WindowKind),
}

impl WindowKind {
    /// What it is, for a reader.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ResponseIssued => "Response issued",
            Self::AssertionIssued => "Assertion issued",
            Self::Conditions => "Conditions",
            Self::SubjectConfirmation => "Confirmation",
            Self::Session => "Session",
            Self::Certificate => "Certificate",
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::ResponseIssued => "response-issued",
            Self::AssertionIssued => "assertion-issued",
            Self::Conditions => "conditions",
            Self::SubjectConfirmation => "subject-confirmation",
            Self::Session => "session",
            Self::Certificate => "certificate",
        }
    }
}

impl State {
    /// Its name in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NotYet => "not-yet",
            Self::Holds => "holds",
            Self::Over => "over",
        }
    }
}

impl Window {
    /// The first moment at which it passes.
    #[must_use]
    pub fn opens(&self) -> Option<Timestamp> {
        self.from.map(|from| before(from, self.skew_before))
    }

    /// The moment at which it ends to pass: the last one when the end is included, else the first that is too late.
    #[must_use]
    pub fn closes(&self) -> Option<Timestamp> {
        self.until.map(|until| after(until, self.skew_after))
    }

    /// How an instant stands to it.
    #[must_use]
    pub fn state(&self, instant: Timestamp) -> State {
        if self.opens().is_some_and(|opens| instant < opens) {
            return State::NotYet;
        }
        let over = |closes: Timestamp| {
            if self.end_included { instant > closes } else { instant >= closes }
        };
        if self.closes().is_some_and(over) { State::Over } else { State::Holds }
    }
}

/// Every window of a message, as the configuration allows them.
#[must_use]
pub fn windows(
    message: &Message,
    config: Option<&SpConfig>,
    signatures: &SignatureReport,
) -> Vec<Window> {
    let mut windows = Vec::new();
    if let Some(config) = config {
        let issued = [
            (
                WindowKind::ResponseIssued,
                message.response().and_then(|response| response.issue_instant.as_ref()),
            ),
            (
                WindowKind::AssertionIssued,
                message.assertion().and_then(|assertion| assertion.issue_instant.as_ref()),
            ),
        ];
        windows.extend(
            issued.into_iter().filter_map(|(kind, time)| issued_window(kind, time, config)),
        );
    }
    let skew = config.map_or(SignedDuration::ZERO, |config| config.clock_skew);
    if let Some(assertion) = message.assertion() {
        of_assertion(assertion, config, skew, &mut windows);
    }
    let verified = signatures.verified_with();
    for certificate in &signatures.configured {
        // A renewed certificate may hold the same key: the longest of them decides.
        let same_key =
            |other: &&Certificate| other.public_key().public_eq(certificate.public_key());
        let longer = |other: &Certificate| other.not_after() > certificate.not_after();
        let is_used = verified.iter().any(same_key)
            && !signatures.configured.iter().filter(same_key).any(longer);
        windows.push(Window {
            kind: WindowKind::Certificate,
            from: Some(certificate.not_before()),
            until: Some(certificate.not_after()),
            end_included: true,
            skew_before: skew,
            skew_after: SignedDuration::ZERO,
            counts: is_used,
            at: None,
        });
    }
    windows
}

/// `T - skew <= now <= T + validity + skew` (platform §3.1).
fn issued_window(kind: WindowKind, time: Option<&Time>, config: &SpConfig) -> Option<Window> {
    let (from, at) = read(time)?;
    Some(Window {
        kind,
        from: Some(from),
        until: Some(after(from, config.validity)),
        end_included: true,
        skew_before: config.clock_skew,
        skew_after: config.clock_skew,
        counts: true,
        at: Some(at),
    })
}

fn of_assertion(
    assertion: &Assertion,
    config: Option<&SpConfig>,
    skew: SignedDuration,
    windows: &mut Vec<Window>,
) {
    let written = |kind, from: Option<&Time>, until: Option<&Time>, at: Place, counts| {
        let window = Window {
            kind,
            from: read(from).map(|(instant, _)| instant),
            until: read(until).map(|(instant, _)| instant),
            end_included: false,
            skew_before: skew,
            skew_after: skew,
            counts,
            at: Some(at),
        };
        (window.from.is_some() || window.until.is_some()).then_some(window)
    };
    if let Some(conditions) = &assertion.conditions {
        let (from, until) = (conditions.not_before.as_ref(), conditions.not_on_or_after.as_ref());
        windows.extend(written(WindowKind::Conditions, from, until, conditions.at, true));
    }
    let used = used(assertion, config).and_then(|confirmation| confirmation.data.as_ref());
    for data in bearers(assertion).filter_map(|confirmation| confirmation.data.as_ref()) {
        let kind = WindowKind::SubjectConfirmation;
        let counts = used.is_some_and(|used| used.at == data.at);
        windows.extend(written(kind, None, data.not_on_or_after.as_ref(), data.at, counts));
    }
    for statement in &assertion.authn_statements {
        let until = statement.session_not_on_or_after.as_ref();
        let window = written(WindowKind::Session, None, until, statement.at, false);
        // Nothing allows a session to last longer than it says.
        windows.extend(window.map(|w| Window { skew_after: SignedDuration::ZERO, ..w }));
    }
}

fn bearers(assertion: &Assertion) -> impl Iterator<Item = &SubjectConfirmation> {
    assertion.confirmations().filter(|confirmation| confirmation.method == METHOD_BEARER)
}

/// Of several bearer confirmations one that holds is enough: the one addressed to the configured endpoints that holds longest.
fn used<'a>(
    assertion: &'a Assertion,
    config: Option<&SpConfig>,
) -> Option<&'a SubjectConfirmation> {
    let ours = |data: &SubjectConfirmationData| {
        let recipient = data.recipient.as_ref();
        config.zip(recipient).is_some_and(|(config, recipient)| {
            config.endpoints().any(|endpoint| same_endpoint(&recipient.text, endpoint.given()))
        })
    };
    bearers(assertion).max_by_key(|confirmation| {
        let data = confirmation.data.as_ref();
        let until = data.and_then(|data| read(data.not_on_or_after.as_ref()));
        (data.is_some_and(ours), until.map(|(instant, _)| instant))
    })
}

fn read(time: Option<&Time>) -> Option<(Timestamp, Place)> {
    let time = time?;
    Some((time.parsed.as_ref().ok()?.instant, time.at))
}

/// How an instant stands to all windows that count; nothing when there are none.
///
/// What has closed is told before what has not opened yet: waiting does not help then.
#[must_use]
pub fn standing(windows: &[Window], instant: Timestamp) -> Option<Standing> {
    let counting = || windows.iter().filter(|window| window.counts);
    counting().next()?;
    let in_state = |state| counting().filter(move |window| window.state(instant) == state);
    let closed = in_state(State::Over).filter_map(|w| Some((w.closes()?, w.kind)));
    if let Some((closes, kind)) = closed.min_by_key(|(closes, _)| *closes) {
        return Some(Standing::Expired(closes, kind));
    }
    let unopened = in_state(State::NotYet).filter_map(|w| Some((w.opens()?, w.kind)));
    if let Some((opens, kind)) = unopened.max_by_key(|(opens, _)| *opens) {
        return Some(Standing::NotYet(opens, kind));
    }
    let left = counting().filter_map(|w| Some((w.closes()?, w.kind)));
    Some(Standing::Valid(left.min_by_key(|(closes, _)| *closes)))
}

/// From when until when every window that counts holds: the last to open and the first to close, either nothing when unbounded.
/// The end may lie before the beginning: then there is no moment at which the message is valid.
#[must_use]
pub fn common(windows: &[Window]) -> (Option<Timestamp>, Option<Timestamp>) {
    let counting = || windows.iter().filter(|window| window.counts);
    (counting().filter_map(Window::opens).max(), counting().filter_map(Window::closes).min())
}

impl Standing {
    /// Whether every window that counts holds.
    #[must_use]
    pub fn is_valid(self) -> bool {
        match self {
            Self::Valid(_) => true,
            Self::NotYet(..) | Self::Expired(..) => false,
        }
    }
}
