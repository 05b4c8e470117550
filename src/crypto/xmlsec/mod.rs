//! The first engine: libxmlsec1, judged beside a computation of our own, so that neither is believed alone.
//!
//! xmldsig-core1 §3.2, on a tree that libxml2 parses from the same text as ours. libxmlsec1 stops at the first wrong
//! digest and then says nothing about `SignatureValue`; therefore, when it refuses, `SignedInfo` is canonicalised once
//! more and its signature verified by OpenSSL. The policy is not here: libxmlsec1 would accept more than `signature.rs` lets
//! through.
//!
//! This folder is the only place with `unsafe`, and this file has none: `library.rs`, `tree.rs` and `context.rs` make
//! the C calls safe. The bindings are those that the `xmlsec` crate generates from the installed headers; its own
//! types are not used (its `verify_document` takes the first `Signature` anywhere).

mod context;
mod library;
#[cfg(test)]
mod subset;
mod tree;

use std::collections::HashSet;

use openssl::pkey::{PKeyRef, Public};

use crate::crypto::engine::{
    Canonicalization, DSIG, Engine, EngineError, EngineReport, Octets, Target,
};
use crate::crypto::value;
use crate::xml::Document;

use context::Context;
pub use library::versions;
#[cfg(test)]
pub(super) use subset::Parsed;
use tree::{Node, Tree};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// Choice: 100 million steps, about a second. Depth times size is what libxmlsec1's canonicalisation costs: 28 MB at depth
/// 500 kept it busy for 90 s. A response of 32 MiB whose depth is the usual 10 stays below.
const CLIMBING_STEPS: usize = 100_000_000;

/// The engine; it has no state of its own.
#[derive(Debug)]
pub(crate) struct Xmlsec;

/// Choice: elements and attributes that libxml2 is given, more when the text is long. An element costs it some 200 bytes, an
/// attribute 300, so that 33 MB of `<a/>` became 1.5 GB and took 18 s; the largest real responses have some 10,000 elements.
const PARTS: usize = 150_000;
/// So many bytes of text are worth one element or attribute more.
const BYTES_PER_PART: usize = 32;

/// Choice: different names that libxml2 is given, for a document of a million elements and attributes; more for a smaller one. It looks
/// each name up in a table that stops growing at some 8,000 rows, so that 250,000 namespaces in 12 MB kept it busy for 6 s.
const NAMES_OF_A_MILLION: usize = 20_000;
/// Fewer elements and attributes than these cannot hold too many names.
const PARTS_WITH_FEW_NAMES: usize = 20_000;

/// Whether a document has more different names, namespaces' among them, than `limit`.
fn has_more_names(document: &Document, limit: usize) -> bool {
    let mut names = HashSet::new();
    let mut elements = document.elements();
    elements.any(|element| {
        names.extend([element.prefix(), element.local_name()]);
        names.extend(element.attributes().flat_map(|a| [a.prefix(), a.local_name()]));
        names.extend(element.namespace_declarations().flat_map(|(prefix, name)| [prefix, name]));
        names.len() > limit
    })
}

impl Engine for Xmlsec {
    fn name(&self) -> &'static str {
        "libxmlsec1"
    }

    fn verify(
        &self,
        target: &Target<'_>,
        key: &PKeyRef<Public>,
    ) -> Result<EngineReport, EngineError> {
        library::initialise()?;
        let limit = PARTS + target.document.text().len() / BYTES_PER_PART;
        if target.document.parts() > limit {
            return Err(EngineError::TooCostly { engine: self.name(), limit });
        }
        let thousands = target.document.parts() / 1_000;
        let limit = (NAMES_OF_A_MILLION * 1_000) / thousands.max(1);
        if target.document.parts() > PARTS_WITH_FEW_NAMES && has_more_names(target.document, limit)
        {
            return Err(EngineError::TooCostly { engine: self.name(), limit });
        }
        value::require_family(target.signature_method, key)?;
        let mut in_reference = Canonicalization::ALL.map(Canonicalization::uri).to_vec();
        in_reference.extend([ENVELOPED, target.digest_method.uri()]);
        let in_signed_info = [target.canonicalization.uri(), target.signature_method.uri()];
        let context = Context::new(key, &in_signed_info, &in_reference)?;

        let tree = Tree::parse(target.document.text())?;
        if tree.climbing_steps(CLIMBING_STEPS) > CLIMBING_STEPS {
            return Err(EngineError::TooCostly { engine: self.name(), limit: CLIMBING_STEPS });
        }
        let signature = Signature::find(&tree, target)?;
        let judgeable = value::is_of_length(key, &signature.signature_value)?;
        let judgement = context.verify(signature.node, judgeable)?;
        let digested = judgement.digested;
        if digested.is_empty() {
            return Err(EngineError::Canonicalization("nothing was digested".to_owned()));
        }
        let reference_valid =
            value::digest_holds(target.digest_method, &digested, &signature.digest_value)?;
        // What libxmlsec1 accepts it has verified in both halves; only of what it refuses the second half is not known.
        let signature_valid = judgement.valid || {
            let signed_info = tree.canonicalize(signature.signed_info, target.canonicalization)?;
            let (method, value) = (target.signature_method, &signature.signature_value);
            value::signature_holds(method, key, &signed_info, value)?
        };
        if judgement.reference_valid != reference_valid {
            return Err(EngineError::Disagreement("whether the digest holds"));
        }
        if judgement.valid != (reference_valid && signature_valid) {
            return Err(EngineError::Disagreement("whether the signature holds"));
        }
        let octets = judgement.valid.then(|| Octets::seal(digested));
        Ok(EngineReport { reference_valid, signature_valid, octets, judges: self.name() })
    }
}

/// The parts of the vetted `Signature`, found again in libxml2's tree.
struct Signature<'t> {
    node: Node<'t>,
    signed_info: Node<'t>,
    signature_value: Vec<u8>,
    digest_value: Vec<u8>,
}

impl<'t> Signature<'t> {
    /// Every step repeats what was vetted: a tree in which it fails is not the one that our parser saw.
    fn find(tree: &'t Tree, target: &Target<'_>) -> Result<Self, EngineError> {
        let missing = EngineError::Structure;
        let signed = tree.element(target.element).ok_or(missing("no signed element"))?;
        let node = tree
            .element(target.signature)
            .filter(|node| node.is(DSIG, "Signature") && node.is_child_of(signed))
            .ok_or(missing("no Signature in the signed element"))?;
        let signed_info = child(node, 0, "SignedInfo")?;
        let signature_value = child(node, 1, "SignatureValue")?;
        let reference = child(signed_info, 2, "Reference")?;
        if signed_info.elements().count() != 3 {
            return Err(missing("there is not exactly one Reference"));
        }

        let uri = target.id.map_or_else(String::new, |id| format!("#{id}"));
        if reference.attribute("URI") != Some(uri) {
            return Err(missing("the Reference names something else"));
        }
        match target.id {
            Some(id) if signed.attribute("ID").as_deref() != Some(id) => {
                return Err(missing("the signed element has another ID"));
            }
            Some(id) if !signed.register_id(id) => {
                return Err(missing("another element has the same ID"));
            }
            None if target.element != 0 => return Err(missing("the root is not what was signed")),
            Some(_) | None => {}
        }

        let digest_value = reference
            .elements()
            .find(|node| node.is(DSIG, "DigestValue"))
            .ok_or(missing("no DigestValue"))?;
        Ok(Self {
            node,
            signed_info,
            signature_value: base64(signature_value, "SignatureValue")?,
            digest_value: base64(digest_value, "DigestValue")?,
        })
    }
}

fn child<'t>(
    parent: Node<'t>,
    position: usize,
    local_name: &'static str,
) -> Result<Node<'t>, EngineError> {
    let found = parent.elements().nth(position).filter(|node| node.is(DSIG, local_name));
    found.ok_or(EngineError::Structure(local_name))
}

fn base64(node: Node<'_>, name: &'static str) -> Result<Vec<u8>, EngineError> {
    let text = node.text().ok_or(EngineError::Base64(name))?;
    value::decode(&text).ok_or(EngineError::Base64(name))
}
