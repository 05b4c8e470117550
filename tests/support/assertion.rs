//! An `Assertion` as plain data: every field can be set, left out or made wrong (saml-core-2.0 §2.3.3).

use super::keys::Key;
use super::response::{ENTITY_ID, ISSUE_INSTANT, ISSUER, LOGIN_URL, REQUEST_ID};
use super::signature::Signing;
use super::uri;
use super::xml::Tag;

/// `Issuer`, with the `Format` that is hardly ever there.
#[derive(Clone)]
pub struct Issuer {
    pub value: String,
    pub format: Option<String>,
}

impl Issuer {
    /// An issuer without a format.
    pub fn new(value: &str) -> Self {
        Self { value: value.to_owned(), format: None }
    }

    pub(super) fn tag(&self) -> Tag {
        Tag::new("saml:Issuer").attribute("Format", self.format.as_deref()).text(&self.value)
    }
}

/// `NameID`.
#[derive(Clone)]
pub struct NameId {
    pub value: String,
    pub format: Option<String>,
}

/// `SubjectConfirmation` with its `SubjectConfirmationData`; data without any attribute is left out.
#[derive(Clone)]
pub struct SubjectConfirmation {
    pub method: String,
    pub not_before: Option<String>,
    pub not_on_or_after: Option<String>,
    pub recipient: Option<String>,
    pub in_response_to: Option<String>,
}

impl SubjectConfirmation {
    fn tag(&self) -> Tag {
        let fields =
            [&self.not_before, &self.not_on_or_after, &self.recipient, &self.in_response_to];
        let confirmation = Tag::new("saml:SubjectConfirmation").attribute("Method", &*self.method);
        if fields.iter().all(|field| field.is_none()) {
            return confirmation;
        }
        let data = Tag::new("saml:SubjectConfirmationData")
            .attribute("InResponseTo", self.in_response_to.as_deref())
            .attribute("NotBefore", self.not_before.as_deref())
            .attribute("NotOnOrAfter", self.not_on_or_after.as_deref())
            .attribute("Recipient", self.recipient.as_deref());
        confirmation.raw(data)
    }
}

/// `Subject`.
#[derive(Clone)]
pub struct Subject {
    pub name_id: Option<NameId>,
    pub confirmations: Vec<SubjectConfirmation>,
}

/// `Conditions`.
#[derive(Clone)]
pub struct Conditions {
    pub not_before: Option<String>,
    pub not_on_or_after: Option<String>,
    /// One inner list for each `AudienceRestriction`.
    pub audience_restrictions: Vec<Vec<String>>,
    pub one_time_use: bool,
    /// Markup after the conditions known here: `ProxyRestriction`, a condition nobody knows.
    pub extra: String,
}

impl Conditions {
    fn tag(&self) -> Tag {
        let mut conditions = Tag::new("saml:Conditions")
            .attribute("NotBefore", self.not_before.as_deref())
            .attribute("NotOnOrAfter", self.not_on_or_after.as_deref());
        for audiences in &self.audience_restrictions {
            let restriction = audiences
                .iter()
                .fold(Tag::new("saml:AudienceRestriction"), |restriction, audience| {
                    restriction.raw(Tag::new("saml:Audience").text(audience))
                });
            conditions = conditions.raw(restriction);
        }
        if self.one_time_use {
            conditions = conditions.raw(Tag::new("saml:OneTimeUse"));
        }
        conditions.raw(&self.extra)
    }
}

/// `AuthnStatement`.
#[derive(Clone)]
pub struct AuthnStatement {
    pub authn_instant: Option<String>,
    pub session_index: Option<String>,
    pub session_not_on_or_after: Option<String>,
    pub class: String,
}

impl AuthnStatement {
    fn tag(&self) -> Tag {
        let class = Tag::new("saml:AuthnContextClassRef").text(&self.class);
        Tag::new("saml:AuthnStatement")
            .attribute("AuthnInstant", self.authn_instant.as_deref())
            .attribute("SessionIndex", self.session_index.as_deref())
            .attribute("SessionNotOnOrAfter", self.session_not_on_or_after.as_deref())
            .raw(Tag::new("saml:AuthnContext").raw(class))
    }
}

/// `Attribute`.
#[derive(Clone)]
pub struct Attribute {
    pub name: String,
    pub name_format: Option<String>,
    pub friendly_name: Option<String>,
    pub values: Vec<String>,
}

impl Attribute {
    /// An attribute with the basic name format.
    pub fn new(name: &str, values: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            name_format: Some(uri::BASIC.to_owned()),
            friendly_name: None,
            values: values.iter().map(|&value| value.to_owned()).collect(),
        }
    }

    /// Attributes with one value each, by name.
    pub fn all(attributes: &[(&str, &str)]) -> Vec<Self> {
        attributes.iter().map(|(name, value)| Self::new(name, &[value])).collect()
    }

    fn tag(&self) -> Tag {
        let attribute = Tag::new("saml:Attribute")
            .attribute("Name", &*self.name)
            .attribute("NameFormat", self.name_format.as_deref())
            .attribute("FriendlyName", self.friendly_name.as_deref());
        self.values.iter().fold(attribute, |attribute, value| {
            attribute.raw(Tag::new("saml:AttributeValue").text(value))
        })
    }
}

/// `Assertion`.
#[derive(Clone)]
pub struct Assertion {
    pub id: Option<String>,
    pub version: Option<String>,
    pub issue_instant: Option<String>,
    pub issuer: Option<Issuer>,
    pub signing: Option<Signing>,
    pub subject: Option<Subject>,
    pub conditions: Option<Conditions>,
    /// The markup inside `Advice`; empty for none.
    pub advice: String,
    pub authn_statement: Option<AuthnStatement>,
    /// One `AttributeStatement` holds them; empty for none.
    pub attributes: Vec<Attribute>,
    /// Markup at the end of the assertion.
    pub extra: String,
}

impl Assertion {
    /// What the toy identity provider says about its usual user on its usual day, signed by RSA with SHA-256.
    pub fn usual() -> Self {
        let confirmation = SubjectConfirmation {
            method: uri::BEARER.to_owned(),
            not_before: None,
            not_on_or_after: Some("2026-01-15T10:05:00Z".to_owned()),
            recipient: Some(LOGIN_URL.to_owned()),
            in_response_to: Some(REQUEST_ID.to_owned()),
        };
        let name_id = NameId {
            value: "zmueller@example.com".to_owned(),
            format: Some(uri::UNSPECIFIED.to_owned()),
        };
        Self {
            id: Some("_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c".to_owned()),
            version: Some("2.0".to_owned()),
            issue_instant: Some(ISSUE_INSTANT.to_owned()),
            issuer: Some(Issuer::new(ISSUER)),
            signing: Some(Signing::with(Key::Idp)),
            subject: Some(Subject { name_id: Some(name_id), confirmations: vec![confirmation] }),
            conditions: Some(Conditions {
                not_before: Some("2026-01-15T09:59:30Z".to_owned()),
                not_on_or_after: Some("2026-01-15T10:05:00Z".to_owned()),
                audience_restrictions: vec![vec![ENTITY_ID.to_owned()]],
                one_time_use: false,
                extra: String::new(),
            }),
            advice: String::new(),
            authn_statement: Some(AuthnStatement {
                authn_instant: Some("2026-01-15T09:58:12Z".to_owned()),
                session_index: Some("_s2c91ef7740bd4a6f8a35c2b6e19d70f4".to_owned()),
                session_not_on_or_after: Some("2026-01-15T18:00:00Z".to_owned()),
                class: uri::PASSWORD_PROTECTED.to_owned(),
            }),
            attributes: vec![
                Attribute::new("User.Email", &["zoe.mueller@example.com"]),
                Attribute::new("User.FirstName", &["Zoë"]),
                Attribute::new("User.LastName", &["Müller-O'Connor"]),
                Attribute::new("User.CompanyName", &["Example Corp & Söhne GmbH"]),
                Attribute::new("groups", &["Sales & Marketing", "EMEA", "Zürich <Büro>"]),
            ],
            extra: String::new(),
        }
    }

    /// The one confirmation of [`Assertion::usual`], to be changed.
    pub fn confirmation(&mut self) -> &mut SubjectConfirmation {
        self.subject.as_mut().unwrap().confirmations.first_mut().unwrap()
    }

    /// The name identifier, to be changed.
    pub fn name_id(&mut self) -> &mut NameId {
        self.subject.as_mut().unwrap().name_id.as_mut().unwrap()
    }

    /// The conditions, to be changed.
    pub fn conditions(&mut self) -> &mut Conditions {
        self.conditions.as_mut().unwrap()
    }

    /// The canonical text, signed when asked for.
    pub fn xml(&self) -> String {
        let unsigned = self.written("");
        match &self.signing {
            None => unsigned,
            Some(signing) => {
                self.written(&signing.sign(&unsigned, self.id.as_deref().unwrap_or_default()))
            }
        }
    }

    fn written(&self, signature: &str) -> String {
        let mut assertion = Tag::new("saml:Assertion")
            .namespace("saml", uri::ASSERTION)
            .attribute("ID", self.id.as_deref())
            .attribute("IssueInstant", self.issue_instant.as_deref())
            .attribute("Version", self.version.as_deref());
        if let Some(issuer) = &self.issuer {
            assertion = assertion.raw(issuer.tag());
        }
        assertion = assertion.raw(signature);
        if let Some(subject) = &self.subject {
            let mut tag = Tag::new("saml:Subject");
            if let Some(NameId { value, format }) = &subject.name_id {
                let name_id = Tag::new("saml:NameID").attribute("Format", format.as_deref());
                tag = tag.raw(name_id.text(value));
            }
            assertion = assertion.raw(
                subject.confirmations.iter().fold(tag, |tag, confirmed| tag.raw(confirmed.tag())),
            );
        }
        if let Some(conditions) = &self.conditions {
            assertion = assertion.raw(conditions.tag());
        }
        if !self.advice.is_empty() {
            assertion = assertion.raw(Tag::new("saml:Advice").raw(&self.advice));
        }
        if let Some(statement) = &self.authn_statement {
            assertion = assertion.raw(statement.tag());
        }
        if !self.attributes.is_empty() {
            let statement = Tag::new("saml:AttributeStatement");
            let add = |statement: Tag, attribute: &Attribute| statement.raw(attribute.tag());
            assertion = assertion.raw(self.attributes.iter().fold(statement, add));
        }
        assertion.raw(&self.extra).to_string()
    }
}
