//! What every SAML message says of itself, whatever its kind: for lists of messages.

use super::{ASSERTION, Kind};
use crate::xml::Document;

/// Kind, ID and Issuer of any message (saml-core-2.0 §3.2.1, §3.2.2, §2.3.3). Read from what was sent; nothing of it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What it is, by its root element.
    pub kind: Kind,
    /// The root's `ID`.
    pub id: Option<String>,
    /// The text of the root's `Issuer`.
    pub issuer: Option<String>,
    /// The root's `InResponseTo`: the request it answers.
    pub in_response_to: Option<String>,
}

impl Outline {
    /// Reads the root of `document` and its children.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let root = document.root();
        let issuer = root.children().find(|child| child.is(ASSERTION, "Issuer"));
        Self {
            kind: Kind::of(root),
            id: root.attribute("ID").map(str::to_owned),
            in_response_to: root.attribute("InResponseTo").map(str::to_owned),
            issuer: issuer.map(|issuer| issuer.text().value.trim_ascii().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn a_request_is_outlined_as_a_response_is() {
        let xml = "<q:AuthnRequest xmlns:q=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_1\">\
            <i:Issuer xmlns:i=\"urn:oasis:names:tc:SAML:2.0:assertion\"> https://sp.example </i:Issuer></q:AuthnRequest>";
        let document = Document::parse(xml.to_owned(), &Limits::default()).unwrap();
        let outline = Outline::of(&document);
        assert_eq!(outline.kind, Kind::AuthnRequest);
        assert_eq!(outline.id.as_deref(), Some("_1"));
        assert_eq!(outline.issuer.as_deref(), Some("https://sp.example"));
    }
}
