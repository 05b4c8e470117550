//! `samlp:Response` (saml-core-2.0 §3.3.3) and its `Status` (§3.2.2.1).

use crate::finding::{Finding, IN_RESPONSE_TO_DIFFERS};
use crate::xml::Element;

use super::reader::{Anomaly, AnomalyKind, Notes, Slot, Trim, all, described, first};
use super::{
    ASSERTION, Assertion, DSIG, Issuer, PROTOCOL, Place, Places, STATUS_SUCCESS, Time, Value,
};

/// What a Response says around its assertion.
#[derive(Clone, Debug)]
pub struct Response {
    /// `ID`
    pub id: Option<String>,
    /// `IssueInstant`
    pub issue_instant: Option<Time>,
    /// `Destination`: where the identity provider sent it.
    pub destination: Option<Value>,
    /// `InResponseTo`: the request it answers.
    pub in_response_to: Option<String>,
    /// `Issuer`, optional in a Response.
    pub issuer: Option<Issuer>,
    /// `Status`
    pub status: Option<Status>,
    /// The one assertion that is judged: the first that is a direct child and not encrypted.
    pub assertion: Option<Assertion>,
    /// `EncryptedAssertion` children.
    pub encrypted_assertions: Vec<Place>,
    /// The Response itself.
    pub at: Place,
    /// What departs from the schema, outside the assertion.
    pub anomalies: Vec<Anomaly>,
    /// What is worth telling, outside the assertion.
    pub findings: Vec<Finding>,
}

/// How the identity provider says the login went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The `StatusCode` values from the outside in; the first one decides.
    pub codes: Vec<Value>,
    /// `StatusMessage`
    pub message: Option<Value>,
    /// The Status element.
    pub at: Place,
}

impl Status {
    /// Whether the top-level code is Success; nested codes do not matter then.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.codes.first().is_some_and(|code| code.text == STATUS_SUCCESS)
    }
}

/// Nested status codes that are read; the specification uses two levels. Choice: deeper ones are not shown.
const STATUS_DEPTH: usize = 8;

const RESPONSE: [Slot; 5] = [
    Slot::saml(&["Issuer"]),
    Slot::new(DSIG, &["Signature"]),
    Slot::new(PROTOCOL, &["Extensions"]).anywhere(),
    Slot::new(PROTOCOL, &["Status"]).required(),
    Slot::saml(&["Assertion", "EncryptedAssertion"]).many(),
];

impl Response {
    /// Reads `element`, which is a `samlp:Response`.
    pub(crate) fn read(element: Element<'_>, places: &Places) -> Self {
        let mut notes = Notes::default();
        let at = places.of(element);
        let id = notes.identity(element, places);
        let slots = notes.children(element, &RESPONSE, places);
        let status = first(&slots, 3).map(|status| read_status(status, places, &mut notes));
        let candidates = all(&slots, 4);
        let used = candidates.iter().copied().find(|c| c.is(ASSERTION, "Assertion"));
        let encrypted_assertions: Vec<Place> = candidates
            .iter()
            .filter(|c| c.is(ASSERTION, "EncryptedAssertion"))
            .map(|c| places.of(*c))
            .collect();
        if candidates.is_empty() && status.as_ref().is_some_and(Status::is_success) {
            notes.anomaly(AnomalyKind::NoAssertion, "one Assertion", "none", at);
        }
        note_others(element, used.or(candidates.first().copied()), places, &mut notes);
        let assertion = used.map(|assertion| Assertion::read(assertion, places));
        let in_response_to = element.attribute("InResponseTo").map(str::to_owned);
        note_requests(in_response_to.as_deref(), assertion.as_ref(), &mut notes);
        Self {
            id,
            issue_instant: notes.time(element, "IssueInstant", places),
            destination: element
                .attribute("Destination")
                .map(|text| Value { text: text.to_owned(), at }),
            in_response_to,
            issuer: first(&slots, 0).map(|issuer| notes.issuer(issuer, places)),
            status,
            assertion,
            encrypted_assertions,
            at,
            anomalies: notes.anomalies,
            findings: notes.findings,
        }
    }

    /// The same Response around another assertion.
    pub(crate) fn with(&self, assertion: Assertion) -> Self {
        Self {
            id: self.id.clone(),
            issue_instant: self.issue_instant.clone(),
            destination: self.destination.clone(),
            in_response_to: self.in_response_to.clone(),
            issuer: self.issuer.clone(),
            status: self.status.clone(),
            assertion: Some(assertion),
            encrypted_assertions: self.encrypted_assertions.clone(),
            at: self.at,
            anomalies: self.anomalies.clone(),
            findings: self.findings.clone(),
        }
    }
}

/// Second candidates anywhere in the Response (security rule 8, signature wrapping).
fn note_others(root: Element<'_>, used: Option<Element<'_>>, places: &Places, notes: &mut Notes) {
    let inside = used.map(|u| u.subtree()).unwrap_or_default();
    for other in root.descendants().filter(|other| !inside.contains(&other.ordinal())) {
        let candidate = other.namespace() == ASSERTION
            && matches!(other.local_name(), "Assertion" | "EncryptedAssertion");
        if candidate {
            let at = places.of(other);
            notes.anomaly(AnomalyKind::SecondAssertion, "exactly one", described(other), at);
        }
    }
}

/// The request that the Response answers, and another that a confirmation answers (saml-profiles-2.0 §4.1.4.3). Choice: an empty
/// attribute names no request.
fn note_requests(request: Option<&str>, assertion: Option<&Assertion>, notes: &mut Notes) {
    let Some(request) = request.filter(|request| !request.is_empty()) else { return };
    for data in assertion.iter().flat_map(|a| a.confirmations()).filter_map(|c| c.data.as_ref()) {
        let other = data.in_response_to.as_deref().filter(|other| !other.is_empty());
        if let Some(other) = other.filter(|other| *other != request) {
            let found = format!("{request} and {other}");
            notes.finding(|| IN_RESPONSE_TO_DIFFERS.found(found, data.at));
        }
    }
}

fn read_status(status: Element<'_>, places: &Places, notes: &mut Notes) -> Status {
    const STATUS: [Slot; 3] = [
        Slot::new(PROTOCOL, &["StatusCode"]).required(),
        Slot::new(PROTOCOL, &["StatusMessage"]),
        Slot::new(PROTOCOL, &["StatusDetail"]),
    ];
    let slots = notes.children(status, &STATUS, places);
    let mut codes = Vec::new();
    let mut next = first(&slots, 0);
    while let Some(code) = next.filter(|_| codes.len() < STATUS_DEPTH) {
        let text = code.attribute("Value").unwrap_or_default().to_owned();
        codes.push(Value { text, at: places.of(code) });
        next = code.children().find(|child| child.is(PROTOCOL, "StatusCode"));
    }
    let message = first(&slots, 1).map(|message| notes.value(message, places, Trim::Nothing));
    Status { codes, message, at: places.of(status) }
}
