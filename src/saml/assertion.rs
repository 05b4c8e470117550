//! `saml:Assertion` (saml-core-2.0 §2.3.3) as plain data: Subject, Conditions and statements.

use crate::finding::Finding;
use crate::xml::Element;

use super::reader::{Anomaly, AnomalyKind, Notes, Slot, Trim, all, described, first};
use super::{ASSERTION, DSIG, Issuer, Place, Places, Time, Value};

/// One assertion, as the checks read it.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// `ID`
    pub id: Option<String>,
    /// `IssueInstant`
    pub issue_instant: Option<Time>,
    /// `Issuer`
    pub issuer: Option<Issuer>,
    /// `Subject`
    pub subject: Option<Subject>,
    /// `Conditions`
    pub conditions: Option<Conditions>,
    /// Every `AuthnStatement`
    pub authn_statements: Vec<AuthnStatement>,
    /// Every `Attribute` of every `AttributeStatement`, in document order.
    pub attributes: Vec<Attribute>,
    /// `EncryptedAttribute` elements, which are not read.
    pub encrypted_attributes: Vec<Place>,
    /// The Assertion itself.
    pub at: Place,
    /// What departs from the schema.
    pub anomalies: Vec<Anomaly>,
    /// What is worth telling.
    pub findings: Vec<Finding>,
}

/// Who is logged in (saml-core-2.0 §2.4.1).
#[derive(Clone, Debug)]
pub struct Subject {
    /// `NameID`
    pub name_id: Option<NameId>,
    /// An `EncryptedID` in place of the NameID.
    pub encrypted_id: Option<Place>,
    /// Every `SubjectConfirmation`
    pub confirmations: Vec<SubjectConfirmation>,
    /// The Subject element.
    pub at: Place,
}

/// `NameID` (saml-core-2.0 §2.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameId {
    /// The identifier.
    pub value: Value,
    /// `Format`
    pub format: Option<String>,
    /// `NameQualifier`
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`
    pub sp_name_qualifier: Option<String>,
}

/// How the presenter proves to be the subject (saml-core-2.0 §2.4.1.1).
#[derive(Clone, Debug)]
pub struct SubjectConfirmation {
    /// `Method`
    pub method: String,
    /// `SubjectConfirmationData`
    pub data: Option<SubjectConfirmationData>,
    /// The SubjectConfirmation element.
    pub at: Place,
}

/// The limits of a confirmation (saml-core-2.0 §2.4.1.2).
#[derive(Clone, Debug)]
pub struct SubjectConfirmationData {
    /// `NotBefore`, forbidden for bearer (saml-profiles-2.0 §4.1.4.2).
    pub not_before: Option<Time>,
    /// `NotOnOrAfter`
    pub not_on_or_after: Option<Time>,
    /// `Recipient`
    pub recipient: Option<Value>,
    /// `InResponseTo`
    pub in_response_to: Option<String>,
    /// The SubjectConfirmationData element.
    pub at: Place,
}

/// When and for whom the assertion holds (saml-core-2.0 §2.5.1).
#[derive(Clone, Debug)]
pub struct Conditions {
    /// `NotBefore`
    pub not_before: Option<Time>,
    /// `NotOnOrAfter`
    pub not_on_or_after: Option<Time>,
    /// Every `AudienceRestriction`; each must hold.
    pub audience_restrictions: Vec<AudienceRestriction>,
    /// Conditions that are not understood; one is enough to make the assertion invalid (§2.5.1.1).
    pub unknown: Vec<Value>,
    /// The Conditions element.
    pub at: Place,
}

/// `AudienceRestriction` (saml-core-2.0 §2.5.1.4): any of its audiences is enough.
#[derive(Clone, Debug)]
pub struct AudienceRestriction {
    /// `Audience` values.
    pub audiences: Vec<Value>,
    /// The AudienceRestriction element.
    pub at: Place,
}

/// `AuthnStatement` (saml-core-2.0 §2.7.2).
#[derive(Clone, Debug)]
pub struct AuthnStatement {
    /// `AuthnInstant`
    pub authn_instant: Option<Time>,
    /// `SessionNotOnOrAfter`
    pub session_not_on_or_after: Option<Time>,
    /// `SessionIndex`
    pub session_index: Option<String>,
    /// `AuthnContextClassRef`
    pub authn_context_class_ref: Option<Value>,
    /// The AuthnStatement element.
    pub at: Place,
}

/// `Attribute` (saml-core-2.0 §2.7.3.1).
#[derive(Clone, Debug)]
pub struct Attribute {
    /// `Name`
    pub name: String,
    /// `NameFormat`
    pub name_format: Option<String>,
    /// `FriendlyName`
    pub friendly_name: Option<String>,
    /// Every `AttributeValue`: its text, or nothing when elements stand in it.
    pub values: Vec<Option<Value>>,
    /// The Attribute element.
    pub at: Place,
}

impl Attribute {
    /// The first value, which is the one this platform reads (platform §3.5).
    #[must_use]
    pub fn first_value(&self) -> Option<&Value> {
        self.values.first()?.as_ref()
    }
}

const NAME: &[&str] = &["NameID", "EncryptedID", "BaseID"];

const SCHEMA: [Slot; 6] = [
    Slot::saml(&["Issuer"]).required(),
    Slot::new(DSIG, &["Signature"]),
    Slot::saml(&["Subject"]).required(),
    Slot::saml(&["Conditions"]),
    Slot::saml(&["Advice"]).anywhere(),
    Slot::saml(&["AuthnStatement", "AttributeStatement", "AuthzDecisionStatement", "Statement"])
        .many(),
];

impl Assertion {
    /// Reads `element`, which is a `saml:Assertion`.
    pub(crate) fn read(element: Element<'_>, places: &Places) -> Self {
        let mut notes = Notes::default();
        let id = notes.identity(element, places);
        let slots = notes.children(element, &SCHEMA, places);
        note_others(element, places, &mut notes);
        let statements = |name: &'static str| {
            all(&slots, 5).iter().copied().filter(move |s| s.local_name() == name)
        };
        let mut attributes = Vec::new();
        let mut encrypted_attributes = Vec::new();
        for child in statements("AttributeStatement").flat_map(Element::children) {
            if child.is(ASSERTION, "Attribute") {
                attributes.push(read_attribute(child, places, &mut notes));
            } else if child.is(ASSERTION, "EncryptedAttribute") {
                encrypted_attributes.push(places.of(child));
            } else {
                let at = places.of(child);
                notes.anomaly(AnomalyKind::Misplaced, "Attribute", described(child), at);
            }
        }
        Self {
            id,
            issue_instant: notes.time(element, "IssueInstant", places),
            issuer: first(&slots, 0).map(|issuer| notes.issuer(issuer, places)),
            subject: first(&slots, 2).map(|subject| read_subject(subject, places, &mut notes)),
            conditions: first(&slots, 3).map(|c| read_conditions(c, places, &mut notes)),
            authn_statements: statements("AuthnStatement")
                .map(|statement| read_authn_statement(statement, places, &mut notes))
                .collect(),
            attributes,
            encrypted_attributes,
            at: places.of(element),
            anomalies: notes.anomalies,
            findings: notes.findings,
        }
    }

    /// The first attribute of this `Name`, compared byte for byte.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The subject's NameID, if it is there in the clear.
    #[must_use]
    pub fn name_id(&self) -> Option<&NameId> {
        self.subject.as_ref()?.name_id.as_ref()
    }

    /// Every Audience of every restriction.
    pub fn audiences(&self) -> impl Iterator<Item = &Value> {
        self.conditions
            .iter()
            .flat_map(|conditions| &conditions.audience_restrictions)
            .flat_map(|restriction| &restriction.audiences)
    }

    /// Every SubjectConfirmation.
    pub fn confirmations(&self) -> impl Iterator<Item = &SubjectConfirmation> {
        self.subject.iter().flat_map(|subject| &subject.confirmations)
    }
}

/// Assertions inside the assertion (security rule 8).
fn note_others(assertion: Element<'_>, places: &Places, notes: &mut Notes) {
    for inner in assertion.descendants() {
        let candidate = inner.namespace() == ASSERTION
            && matches!(inner.local_name(), "Assertion" | "EncryptedAssertion");
        if candidate {
            let at = places.of(inner);
            notes.anomaly(AnomalyKind::SecondAssertion, "exactly one", described(inner), at);
        }
    }
}

fn read_subject(subject: Element<'_>, places: &Places, notes: &mut Notes) -> Subject {
    const SUBJECT: [Slot; 2] = [Slot::saml(NAME), Slot::saml(&["SubjectConfirmation"]).many()];
    let slots = notes.children(subject, &SUBJECT, places);
    let name = first(&slots, 0);
    Subject {
        name_id: name.filter(|n| n.local_name() == "NameID").map(|n| NameId {
            value: notes.value(n, places, Trim::Ends),
            format: n.attribute("Format").map(str::to_owned),
            name_qualifier: n.attribute("NameQualifier").map(str::to_owned),
            sp_name_qualifier: n.attribute("SPNameQualifier").map(str::to_owned),
        }),
        encrypted_id: name.filter(|n| n.local_name() == "EncryptedID").map(|n| places.of(n)),
        confirmations: all(&slots, 1)
            .iter()
            .map(|confirmation| read_confirmation(*confirmation, places, notes))
            .collect(),
        at: places.of(subject),
    }
}

fn read_confirmation(
    confirmation: Element<'_>,
    places: &Places,
    notes: &mut Notes,
) -> SubjectConfirmation {
    const CONFIRMATION: [Slot; 2] = [Slot::saml(NAME), Slot::saml(&["SubjectConfirmationData"])];
    let slots = notes.children(confirmation, &CONFIRMATION, places);
    SubjectConfirmation {
        method: confirmation.attribute("Method").unwrap_or_default().to_owned(),
        data: first(&slots, 1).map(|data| SubjectConfirmationData {
            not_before: notes.time(data, "NotBefore", places),
            not_on_or_after: notes.time(data, "NotOnOrAfter", places),
            recipient: data
                .attribute("Recipient")
                .map(|text| Value { text: text.to_owned(), at: places.of(data) }),
            in_response_to: data.attribute("InResponseTo").map(str::to_owned),
            at: places.of(data),
        }),
        at: places.of(confirmation),
    }
}

fn read_conditions(conditions: Element<'_>, places: &Places, notes: &mut Notes) -> Conditions {
    let mut audience_restrictions = Vec::new();
    let mut unknown = Vec::new();
    let mut once: Vec<&str> = Vec::new();
    for child in conditions.children() {
        let at = places.of(child);
        match (child.namespace(), child.local_name()) {
            (ASSERTION, "AudienceRestriction") => {
                const RESTRICTION: [Slot; 1] = [Slot::saml(&["Audience"]).required().many()];
                let slots = notes.children(child, &RESTRICTION, places);
                let audiences = all(&slots, 0)
                    .iter()
                    .map(|audience| notes.value(*audience, places, Trim::Ends))
                    .collect();
                audience_restrictions.push(AudienceRestriction { audiences, at });
            }
            // Understood, and without a part that a single judged message could break.
            (ASSERTION, name @ ("OneTimeUse" | "ProxyRestriction")) => {
                // saml-core-2.0 §2.5.1.5 and §2.5.1.6: not more than one of each.
                if once.contains(&name) {
                    notes.anomaly(AnomalyKind::Repeated, "at most one", described(child), at);
                }
                once.push(name);
            }
            _ => unknown.push(Value { text: described(child), at }),
        }
    }
    Conditions {
        not_before: notes.time(conditions, "NotBefore", places),
        not_on_or_after: notes.time(conditions, "NotOnOrAfter", places),
        audience_restrictions,
        unknown,
        at: places.of(conditions),
    }
}

fn read_authn_statement(
    statement: Element<'_>,
    places: &Places,
    notes: &mut Notes,
) -> AuthnStatement {
    let class_ref =
        statement.children().find(|child| child.is(ASSERTION, "AuthnContext")).and_then(
            |context| context.children().find(|child| child.is(ASSERTION, "AuthnContextClassRef")),
        );
    AuthnStatement {
        authn_instant: notes.time(statement, "AuthnInstant", places),
        session_not_on_or_after: notes.time(statement, "SessionNotOnOrAfter", places),
        session_index: statement.attribute("SessionIndex").map(str::to_owned),
        authn_context_class_ref: class_ref.map(|r| notes.value(r, places, Trim::Nothing)),
        at: places.of(statement),
    }
}

fn read_attribute(attribute: Element<'_>, places: &Places, notes: &mut Notes) -> Attribute {
    let at = places.of(attribute);
    let name = attribute.attribute("Name");
    if name.is_none() {
        notes.anomaly(AnomalyKind::Missing, "a Name", "an Attribute without Name", at);
    }
    let mut values = Vec::new();
    for child in attribute.children() {
        if !child.is(ASSERTION, "AttributeValue") {
            let at = places.of(child);
            notes.anomaly(AnomalyKind::Misplaced, "AttributeValue", described(child), at);
        } else if child.children().next().is_some() {
            // A structured value (a NameID inside eduPersonTargetedID, say) is legal; it is just not text.
            values.push(None);
        } else {
            values.push(Some(notes.value(child, places, Trim::Nothing)));
        }
    }
    Attribute {
        name: name.unwrap_or_default().to_owned(),
        name_format: attribute.attribute("NameFormat").map(str::to_owned),
        friendly_name: attribute.attribute("FriendlyName").map(str::to_owned),
        values,
        at,
    }
}
