//! What a message says, as a list of facts that can be held against those of another.

use std::fmt;

use jiff::Timestamp;

use super::TOLERANCE_SECONDS;
use crate::saml::{
    Assertion, Attribute, Conditions, Issuer, Message, Place, Response, SubjectConfirmation, Time,
};
use crate::time::words_between;

/// One fact: what it is about, and what the message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about, in the standard's words: `Audience`, `Attribute`.
    pub what: &'static str,
    /// Which of several, where there may be several: the Name of an Attribute.
    pub which: Option<String>,
    /// What the message says.
    pub values: Vec<Value>,
    /// Where.
    pub at: Option<Place>,
    /// The thing that it is a particular of: not worth telling where the whole thing is gone or new.
    detail_of: Option<&'static str>,
}

/// One value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Compared byte for byte.
    Text(String),
    /// A moment, as the time from the IssueInstant to it; compared with a tolerance.
    FromIssue {
        /// Seconds, negative before the IssueInstant.
        seconds: i64,
        /// In words.
        words: String,
    },
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::FromIssue { words, .. } => f.write_str(words),
        }
    }
}

impl Value {
    fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::FromIssue { seconds: one, .. }, Self::FromIssue { seconds: other, .. }) => {
                one.saturating_sub(*other).abs() <= TOLERANCE_SECONDS
            }
            (Self::Text(_), Self::FromIssue { .. }) | (Self::FromIssue { .. }, Self::Text(_)) => {
                false
            }
        }
    }
}

impl Fact {
    /// A fact with any number of values.
    pub(super) fn new<V: Into<String>>(
        what: &'static str,
        values: impl IntoIterator<Item = V>,
        at: impl Into<Option<Place>>,
    ) -> Self {
        let values = values.into_iter().map(|value| Value::Text(value.into())).collect();
        Self { what, which: None, values, at: at.into(), detail_of: None }
    }

    pub(super) fn detail_of(self, whole: &'static str) -> Self {
        Self { detail_of: Some(whole), ..self }
    }

    /// What it is about, and which of several.
    pub(super) fn about_what(&self) -> (&'static str, Option<&str>) {
        (self.what, self.which.as_deref())
    }

    /// The thing that it is a particular of.
    pub(super) fn whole(&self) -> Option<(&'static str, Option<&str>)> {
        Some((self.detail_of?, self.which.as_deref()))
    }

    pub(super) fn about(self, which: impl Into<String>) -> Self {
        Self { which: Some(which.into()), ..self }
    }

    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.values.len() == other.values.len()
            && self.values.iter().zip(&other.values).all(|(one, other)| one.agrees(other))
    }
}

/// Everything that the message says of the login.
pub(super) fn of(message: &Message) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Message", [message.kind()], None)];
    if let Some(response) = message.response() {
        of_response(response, &mut facts);
    }
    if let Some(assertion) = message.assertion() {
        of_assertion(assertion, &mut facts);
    }
    facts
}

fn of_response(response: &Response, facts: &mut Vec<Fact>) {
    issuer("Issuer of the Response", response.issuer.as_ref(), facts);
    if let Some(destination) = &response.destination {
        facts.push(Fact::new("Destination", [&destination.text], destination.at));
    }
    facts.push(answers("InResponseTo of the Response", response.in_response_to.as_deref()));
    if let Some(status) = &response.status {
        let codes = status.codes.iter().map(|code| &code.text);
        facts.push(Fact::new("StatusCode", codes, status.at));
        if let Some(message) = &status.message {
            facts.push(Fact::new("StatusMessage", [&message.text], message.at));
        }
    }
}

/// Which request is answered differs between any two logins; whether one is does not.
fn answers(what: &'static str, in_response_to: Option<&str>) -> Fact {
    let says = match in_response_to {
        Some("") => "empty",
        Some(_) => "names a request",
        None => "absent: the login began at the identity provider",
    };
    Fact::new(what, [says], None)
}

fn issuer(what: &'static str, issuer: Option<&Issuer>, facts: &mut Vec<Fact>) {
    let Some(issuer) = issuer else { return };
    facts.push(Fact::new(what, [&issuer.value.text], issuer.value.at));
    if let Some(format) = &issuer.format {
        facts.push(Fact::new("Issuer Format", [format], issuer.value.at).about(what));
    }
}

fn of_assertion(assertion: &Assertion, facts: &mut Vec<Fact>) {
    issuer("Issuer of the Assertion", assertion.issuer.as_ref(), facts);
    if let Some(name_id) = assertion.name_id() {
        let at = name_id.value.at;
        facts.push(Fact::new("NameID", [&name_id.value.text], at));
        let parts = [
            ("NameID Format", &name_id.format),
            ("NameQualifier", &name_id.name_qualifier),
            ("SPNameQualifier", &name_id.sp_name_qualifier),
        ];
        for (what, value) in parts {
            facts.extend(value.as_ref().map(|value| Fact::new(what, [value], at)));
        }
    }
    let issued = assertion.issue_instant.as_ref().and_then(instant);
    for (number, confirmation) in (1..).zip(assertion.confirmations()) {
        of_confirmation(confirmation, number, issued, facts);
    }
    if let Some(conditions) = &assertion.conditions {
        of_conditions(conditions, issued, facts);
    }
    for statement in &assertion.authn_statements {
        if let Some(context) = &statement.authn_context_class_ref {
            facts.push(Fact::new("AuthnContextClassRef", [&context.text], context.at));
        }
        let session = statement.session_not_on_or_after.as_ref();
        facts.extend(window("SessionNotOnOrAfter", session, issued));
    }
    facts.extend(assertion.attributes.iter().flat_map(attribute));
}

fn of_confirmation(
    confirmation: &SubjectConfirmation,
    number: usize,
    issued: Option<Timestamp>,
    facts: &mut Vec<Fact>,
) {
    // The first has no number, so that a second one is an addition and not a change of all.
    let about = |fact: Fact| if number > 1 { fact.about(format!("{number}")) } else { fact };
    let at = confirmation.at;
    facts.push(about(Fact::new("SubjectConfirmation Method", [&confirmation.method], at)));
    let Some(data) = &confirmation.data else { return };
    if let Some(recipient) = &data.recipient {
        facts.push(about(Fact::new("Recipient", [&recipient.text], recipient.at)));
    }
    let not_before = window("SubjectConfirmationData NotBefore", data.not_before.as_ref(), issued);
    let end = data.not_on_or_after.as_ref();
    let end = window("SubjectConfirmationData NotOnOrAfter", end, issued);
    facts.extend(not_before.into_iter().chain(end).map(about));
    let answers =
        answers("InResponseTo of the SubjectConfirmationData", data.in_response_to.as_deref());
    facts.push(about(answers));
}

fn of_conditions(conditions: &Conditions, issued: Option<Timestamp>, facts: &mut Vec<Fact>) {
    facts.extend(window("Conditions NotBefore", conditions.not_before.as_ref(), issued));
    facts.extend(window("Conditions NotOnOrAfter", conditions.not_on_or_after.as_ref(), issued));
    for restriction in &conditions.audience_restrictions {
        let mut audiences: Vec<&str> =
            restriction.audiences.iter().map(|audience| audience.text.as_str()).collect();
        // Any of them is enough, in whatever order (saml-core-2.0 §2.5.1.4).
        audiences.sort_unstable();
        facts.push(Fact::new("Audience", audiences, restriction.at));
    }
    if !conditions.unknown.is_empty() {
        let unknown = conditions.unknown.iter().map(|condition| &condition.text);
        facts.push(Fact::new("Condition that is not understood", unknown, conditions.at));
    }
}

fn attribute(attribute: &Attribute) -> impl Iterator<Item = Fact> {
    let text = |value: &Option<crate::saml::Value>| {
        value.as_ref().map_or_else(|| "(elements)".to_owned(), |value| value.text.clone())
    };
    let values = attribute.values.iter().map(text);
    let value = Fact::new("Attribute", values, attribute.at).about(&attribute.name);
    let of = |what, value: &Option<String>| {
        let fact = |value| {
            Fact::new(what, [value], attribute.at).about(&attribute.name).detail_of("Attribute")
        };
        value.as_ref().map(fact)
    };
    let format = of("NameFormat of Attribute", &attribute.name_format);
    let friendly = of("FriendlyName of Attribute", &attribute.friendly_name);
    std::iter::once(value).chain(format).chain(friendly)
}

fn instant(time: &Time) -> Option<Timestamp> {
    time.parsed.as_ref().ok().map(|parsed| parsed.instant)
}

/// A moment by its distance from the IssueInstant; one that cannot be read, as it is written.
fn window(what: &'static str, time: Option<&Time>, issued: Option<Timestamp>) -> Option<Fact> {
    let time = time?;
    let (Some(issued), Some(instant)) = (issued, instant(time)) else {
        return Some(Fact::new(what, [&time.text], time.at));
    };
    let seconds = instant.duration_since(issued).as_secs();
    let length = words_between(issued, instant);
    let words = if instant < issued {
        format!("{length} before the IssueInstant")
    } else {
        format!("{length} after the IssueInstant")
    };
    let values = vec![Value::FromIssue { seconds, words }];
    Some(Fact { values, ..Fact::new(what, [""; 0], time.at) })
}
