//! The engine of our own: our parser, our canonicalisation, OpenSSL's arithmetic.
//!
//! xmldsig-core1 §3.2. It needs neither libxml2 nor libxmlsec1, and both halves of a signature are judged whatever the other
//! says. The policy is not here: `signature.rs` has vetted what is judged, and what was not vetted is an error.

use std::collections::HashSet;

use openssl::pkey::{PKeyRef, Public};

use super::c14n::{Subset, canonicalize};
use super::engine::{Canonicalization, DSIG, Engine, EngineError, EngineReport, Octets, Target};
use super::value;
use crate::xml::Element;

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// The engine; it has no state of its own.
#[derive(Debug)]
pub(crate) struct Native;

impl Engine for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn verify(
        &self,
        target: &Target<'_>,
        key: &PKeyRef<Public>,
    ) -> Result<EngineReport, EngineError> {
        value::require_family(target.signature_method, key)?;
        let signature = Signature::find(target)?;
        let signed_info = canonicalize(&signature.signed_info)?;
        let signature_valid = value::signature_holds(
            target.signature_method,
            key,
            &signed_info,
            &signature.signature_value,
        )?;
        let digested = canonicalize(&signature.signed)?;
        let reference_valid =
            value::digest_holds(target.digest_method, &digested, &signature.digest_value)?;
        let octets = (reference_valid && signature_valid).then(|| Octets::seal(digested));
        Ok(EngineReport { reference_valid, signature_valid, octets, judges: self.name() })
    }
}

/// The parts of the vetted `Signature`.
struct Signature<'d> {
    signed_info: Subset<'d>,
    signature_value: Vec<u8>,
    signed: Subset<'d>,
    digest_value: Vec<u8>,
}

impl<'d> Signature<'d> {
    /// Every step repeats what was vetted: here, too, nothing is verified that merely looks like it.
    fn find(target: &Target<'d>) -> Result<Self, EngineError> {
        let missing = EngineError::Structure;
        let apex = target.document.element(target.element).ok_or(missing("no signed element"))?;
        let node = target
            .document
            .element(target.signature)
            .filter(|node| node.is(DSIG, "Signature") && node.parent() == Some(apex))
            .ok_or(missing("no Signature in the signed element"))?;
        let info = child(node, 0, "SignedInfo")?;
        let signature_value = child(node, 1, "SignatureValue")?;
        let method = child(info, 0, "CanonicalizationMethod")?;
        let reference = child(info, 2, "Reference")?;
        if info.children().count() != 3 {
            return Err(missing("there is not exactly one Reference"));
        }
        same(method, target.canonicalization.uri())?;
        same(child(info, 1, "SignatureMethod")?, target.signature_method.uri())?;
        same(child(reference, 1, "DigestMethod")?, target.digest_method.uri())?;

        let uri = target.id.map_or_else(String::new, |id| format!("#{id}"));
        if reference.attribute("URI") != Some(&uri) {
            return Err(missing("the Reference names something else"));
        }
        match target.id {
            Some(id) if apex.attribute("ID") != Some(id) => {
                return Err(missing("the signed element has another ID"));
            }
            // Other elements were vetted; of its own attributes libxml2 takes `xml:id`, too, for an identifier.
            Some(id) if apex.attributes().any(|a| a.name() == "xml:id" && a.value() == id) => {
                return Err(missing("another attribute has the same ID"));
            }
            None if target.element != 0 => return Err(missing("the root is not what was signed")),
            Some(_) | None => {}
        }

        let (transform, prefixes) = transform(child(reference, 0, "Transforms")?)?;
        let signed = Subset {
            apex,
            document: target.id.is_none(),
            without: Some(target.signature),
            method: transform,
            // Neither `#id` nor the empty URI selects comments, even for a method that would write them.
            comments: false,
            prefixes,
        };
        let signed_info = Subset {
            apex: info,
            document: false,
            without: None,
            method: target.canonicalization,
            comments: target.canonicalization.comments(),
            prefixes: prefix_list(method)?,
        };
        Ok(Self {
            signed_info,
            signature_value: base64(signature_value, "SignatureValue")?,
            signed,
            digest_value: base64(child(reference, 2, "DigestValue")?, "DigestValue")?,
        })
    }
}

fn child<'d>(
    parent: Element<'d>,
    position: usize,
    local_name: &'static str,
) -> Result<Element<'d>, EngineError> {
    let found = parent.children().nth(position).filter(|node| node.is(DSIG, local_name));
    found.ok_or(EngineError::Structure(local_name))
}

/// Whether the algorithm is the one that was vetted.
fn same(element: Element<'_>, uri: &str) -> Result<(), EngineError> {
    if element.attribute("Algorithm") == Some(uri) {
        return Ok(());
    }
    Err(EngineError::Structure("another algorithm"))
}

/// How the signed element is canonicalised, once the Signature is left out. Without a word about it, inclusively, 1.0,
/// without comments (xmldsig-core1 §4.4.3.2).
fn transform(transforms: Element<'_>) -> Result<(Canonicalization, HashSet<&str>), EngineError> {
    let other = EngineError::Structure("another transform");
    let mut children = transforms.children();
    match (children.next(), children.next(), children.next()) {
        (Some(enveloped), then, None) if enveloped.is(DSIG, "Transform") => {
            same(enveloped, ENVELOPED)?;
            let Some(then) = then else {
                return Ok((Canonicalization::Inclusive10 { comments: false }, HashSet::new()));
            };
            let uri = then.attribute("Algorithm").filter(|_| then.is(DSIG, "Transform"));
            let method = uri.and_then(Canonicalization::from_uri).ok_or(other)?;
            Ok((method, prefix_list(then)?))
        }
        _ => Err(other),
    }
}

/// The prefixes of an `InclusiveNamespaces` (xml-exc-c14n §3), which only an exclusive canonicalisation may have.
fn prefix_list(method: Element<'_>) -> Result<HashSet<&str>, EngineError> {
    let Some(list) = method.children().next() else { return Ok(HashSet::new()) };
    let prefixes =
        list.attribute("PrefixList").filter(|_| list.is(EXCLUSIVE, "InclusiveNamespaces"));
    let prefixes = prefixes.ok_or(EngineError::Structure("another parameter"))?;
    let prefixes = prefixes.split([' ', '\t', '\r', '\n']).filter(|prefix| !prefix.is_empty());
    Ok(prefixes.map(|prefix| if prefix == "#default" { "" } else { prefix }).collect())
}

fn base64(element: Element<'_>, name: &'static str) -> Result<Vec<u8>, EngineError> {
    let text = element.text();
    if text.elements || text.comments || text.instructions {
        return Err(EngineError::Base64(name));
    }
    value::decode(&text.value).ok_or(EngineError::Base64(name))
}
