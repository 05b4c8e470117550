//! What of a message can tell which product made it.

use super::{Feature, Guess, guess};
use crate::crypto::KeyInfoCertificate;
use crate::report::Report;
use crate::saml::DSIG;
use crate::xml::{Document, Element};

/// One fact about a message: what it is and the value, as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) feature: Feature,
    pub(crate) text: String,
}

/// As many attributes as are looked at. Choice: 100; what tells a product is among the first ones.
const ATTRIBUTES: usize = 100;
/// The longest value that is looked at, in octets. Choice: 1,024; nothing that tells a product is longer, and a hostile value may be a megabyte.
const LONGEST: usize = 1024;

impl Report {
    /// Which product the identity provider seems to be, for the words of a hint only. Guessed anew at each call.
    #[must_use]
    pub fn idp_product(&self) -> Option<Guess> {
        guess(&facts(self))
    }
}

fn facts(report: &Report) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |feature: Feature, text: &str| {
        if !text.is_empty() && text.len() <= LONGEST {
            facts.push(Fact { feature, text: text.to_owned() });
        }
    };
    let Some(message) = report.message() else { return facts };
    let (response, assertion) = (message.response(), message.assertion());
    let issuers = [response.map(|r| &r.issuer), assertion.map(|a| &a.issuer)];
    for issuer in issuers.into_iter().flatten().flatten() {
        add(Feature::Issuer, &issuer.value.text);
    }
    let ids = [response.map(|r| &r.id), assertion.map(|a| &a.id)];
    for id in ids.into_iter().flatten().flatten() {
        add(Feature::Id, id);
    }
    let status = response.and_then(|response| response.status.as_ref());
    if let Some(message) = status.and_then(|status| status.message.as_ref()) {
        let begin: String = message.text.chars().take(LONGEST / 4).collect();
        add(Feature::StatusMessage, &begin);
    }
    let attributes = assertion.map(|assertion| assertion.attributes.as_slice()).unwrap_or_default();
    for attribute in attributes.iter().take(ATTRIBUTES) {
        add(Feature::Attribute, &attribute.name);
    }
    for certificate in report.signatures().results().flat_map(|result| &result.key_info) {
        match certificate {
            KeyInfoCertificate::Readable(certificate) => {
                add(Feature::Certificate, certificate.subject());
            }
            KeyInfoCertificate::Unreadable(_) => {}
        }
    }
    if let Some(document) = report.document() {
        layout(document, &mut add);
    }
    facts
}

/// How it is written.
fn layout(document: &Document, add: &mut dyn FnMut(Feature, &str)) {
    let root = document.root();
    add(Feature::Layout, root.name());
    if let Some(first) = root.attributes().next() {
        add(Feature::Layout, &format!("first attribute {}", first.local_name()));
    }
    if let Some(consent) = root.attribute("Consent") {
        add(Feature::Layout, &format!("Consent {consent}"));
    }
    let signature = |parent: Element<'_>| {
        parent.children().find(|child| child.is(DSIG, "Signature")).map(Element::ordinal)
    };
    let inside = root.children().find_map(signature);
    let signature = signature(root).or(inside).and_then(|ordinal| document.element(ordinal));
    let Some(signature) = signature else { return };
    add(Feature::Layout, signature.name());
    let Some(key_info) = signature.children().find(|child| child.is(DSIG, "KeyInfo")) else {
        return;
    };
    let parts: Vec<&str> = key_info.children().map(Element::local_name).take(8).collect();
    add(Feature::KeyInfo, &parts.join(" "));
    let data = key_info.children().filter(|child| child.is(DSIG, "X509Data"));
    let names = data.flat_map(Element::children).filter(|c| c.is(DSIG, "X509SubjectName"));
    for name in names.take(8) {
        add(Feature::Certificate, &name.text().value);
    }
}
