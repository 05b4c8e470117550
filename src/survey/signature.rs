//! What stands in a Signature and does not belong there, wherever the Signature stands and whether or not it was judged.
//!
//! xmldsig-core1 §4 for the parts, saml-core-2.0 §5.4 for what SAML leaves of them. The signature module refuses such a Signature
//! at the first of these; here all of them are told.

use super::algorithms;
use crate::crypto::SignatureReport;
use crate::finding::{
    ATTRIBUTE_IN_SIGNATURE, EXTERNAL_REFERENCE, FOREIGN_IN_SIGNATURE, Findings, RETRIEVAL_METHOD,
};
use crate::saml::{DSIG, Place};
use crate::xml::{Element, Node, is_ncname};

const DSIG11: &str = "http://www.w3.org/2009/xmldsig11#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// Elements that hold elements only.
pub(super) const STRUCTURAL: [&str; 10] = [
    "Signature",
    "SignedInfo",
    "CanonicalizationMethod",
    "SignatureMethod",
    "Reference",
    "Transforms",
    "Transform",
    "DigestMethod",
    "KeyInfo",
    "X509Data",
];
/// Attributes without namespace that XML Signature and its canonicalisations know.
const ATTRIBUTES: [&str; 8] =
    ["Id", "Algorithm", "URI", "Type", "Encoding", "MimeType", "PrefixList", "Target"];

pub(super) fn tell(signatures: &[Element<'_>], report: &SignatureReport, findings: &mut Findings) {
    let mut told = 0;
    for signature in signatures {
        algorithms::tell(*signature, findings);
        // What stands in another Signature was walked with it.
        if signature.ordinal() < told {
            continue;
        }
        told = signature.subtree().end;
        let at = Place(signature.ordinal());
        // One that holds was vetted: nothing foreign is in it but attributes.
        let vetted = report.results().any(|result| result.at == at && result.is_valid());
        contents(*signature, vetted, findings);
    }
}

/// Everything in one Signature, in document order. What is foreign is told and not looked into.
fn contents(signature: Element<'_>, vetted: bool, findings: &mut Findings) {
    let mut pending = vec![signature];
    while let Some(element) = pending.pop() {
        attributes(element, findings);
        if !vetted {
            text(element, findings);
        }
        let first = pending.len();
        let mut known = Vec::new();
        for child in element.children() {
            let name = child.local_name();
            if child.is(DSIG, "RetrievalMethod") {
                let uri = child.attribute("URI").unwrap_or("no URI");
                findings.tell(&RETRIEVAL_METHOD, Place(child.ordinal()), || uri.to_owned());
            } else if child.is(DSIG, "Reference") {
                reference(child, findings);
            }
            if vetted || belongs(element, child) && !(known.contains(&name) && once(name)) {
                known.push(name);
                pending.push(child);
            } else {
                findings.tell(&FOREIGN_IN_SIGNATURE, Place(child.ordinal()), || {
                    let repeated = known.contains(&name) && once(name);
                    if repeated { format!("a second {name}") } else { child.name().to_owned() }
                });
            }
        }
        if let Some(children) = pending.get_mut(first..) {
            children.reverse();
        }
    }
}

/// Whether a part of a Signature may hold this child. Other transforms' parameters are told with the transform.
fn belongs(parent: Element<'_>, child: Element<'_>) -> bool {
    let (namespace, name) = (child.namespace(), child.local_name());
    if parent.namespace() == DSIG {
        match parent.local_name() {
            "Signature" => {
                return namespace == DSIG
                    && matches!(name, "SignedInfo" | "SignatureValue" | "KeyInfo");
            }
            "SignedInfo" => {
                let parts = ["CanonicalizationMethod", "SignatureMethod", "Reference"];
                return namespace == DSIG && parts.contains(&name);
            }
            "Reference" => {
                let parts = ["Transforms", "DigestMethod", "DigestValue"];
                return namespace == DSIG && parts.contains(&name);
            }
            "Transforms" => return namespace == DSIG && name == "Transform",
            "CanonicalizationMethod" | "Transform" => {
                return namespace == EXCLUSIVE && name == "InclusiveNamespaces"
                    || parent.local_name() == "Transform" && algorithms::is_foreign(parent);
            }
            "SignatureMethod" | "DigestMethod" | "SignatureValue" | "DigestValue" => return false,
            _ => {}
        }
    }
    // In KeyInfo, descriptions of keys.
    matches!(namespace, DSIG | DSIG11)
        && !matches!(name, "Signature" | "SignedInfo" | "Object" | "Manifest")
}

/// Parts that stand once in their parent.
fn once(name: &str) -> bool {
    STRUCTURAL.contains(&name) && !matches!(name, "Transform" | "X509Data")
        || matches!(name, "SignatureValue" | "DigestValue")
}

/// Text between elements.
fn text(element: Element<'_>, findings: &mut Findings) {
    if !STRUCTURAL.contains(&element.local_name()) || element.namespace() != DSIG {
        return;
    }
    for node in element.nodes() {
        match node {
            Node::Text(text) | Node::CData(text) if !text.trim_ascii().is_empty() => {
                let at = Place(element.ordinal());
                findings.tell(&FOREIGN_IN_SIGNATURE, at, || format!("text: {}", text.trim_ascii()));
            }
            Node::Text(_)
            | Node::CData(_)
            | Node::Element(_)
            | Node::Comment(_)
            | Node::ProcessingInstruction(_) => {}
        }
    }
}

fn attributes(element: Element<'_>, findings: &mut Findings) {
    for attribute in element.attributes() {
        let known = attribute.namespace().is_empty() && ATTRIBUTES.contains(&attribute.name());
        if !known {
            findings.tell(&ATTRIBUTE_IN_SIGNATURE, Place(element.ordinal()), || {
                format!("{}=\"{}\"", attribute.name(), attribute.value())
            });
        }
    }
}

/// `#` and an ID, or nothing: whatever else selects otherwise, or leads out of the document (saml-core-2.0 §5.4.2).
fn reference(reference: Element<'_>, findings: &mut Findings) {
    let Some(uri) = reference.attribute("URI").filter(|uri| !uri.is_empty()) else { return };
    // An ID that begins with a digit is a mistake of identity providers, and no expression.
    let plain =
        uri.strip_prefix('#').is_some_and(|id| is_ncname(id) || is_ncname(&format!("_{id}")));
    if !plain {
        findings.tell(&EXTERNAL_REFERENCE, Place(reference.ordinal()), || format!("URI=\"{uri}\""));
    }
}
