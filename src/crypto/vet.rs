//! Reads a `Signature` and refuses whatever a SAML signature never needs, before any engine sees it (security rules 3 to 6).
//!
//! The schema is that of xmldsig-core §4; SAML narrows it in saml-core-2.0 §5.4. The policy is ours, not an engine's: libxmlsec1 alone
//! accepts xpointer URIs, several References, look-alike IDs and markup inside a SignatureValue.

use crate::saml::{DSIG, ids};
use crate::xml::{Document, Element, Node, is_ncname};

use super::algorithm::{Canonicalization, DigestMethod, SignatureMethod};
use super::result::{Problem, ProblemKind, Signed};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Namespace of the key descriptions that XML Signature 1.1 added (xmldsig-core1 §1.3).
const DSIG11: &str = "http://www.w3.org/2009/xmldsig11#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// The white space of XML (XML 1.0 §2.3).
const XML_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// What a Signature says of itself, each part vetted.
#[derive(Debug)]
pub(super) struct Vetted<'d> {
    pub(super) method: SignatureMethod,
    pub(super) digest: DigestMethod,
    pub(super) canonicalization: Canonicalization,
    /// Canonicalisation of the signed element; without one it is inclusive 1.0 (xmldsig-core §4.4.3.2).
    pub(super) transform: Option<Canonicalization>,
    /// The ID that the Reference names; nothing when its URI is empty.
    pub(super) id: Option<&'d str>,
}

/// Vets the `signature` that is a direct child of `parent`.
pub(super) struct Vetting<'d> {
    pub(super) document: &'d Document,
    pub(super) parent: Element<'d>,
    pub(super) signature: Element<'d>,
    pub(super) signed: Signed,
}

type Vet<T> = Result<T, Problem>;

impl<'d> Vetting<'d> {
    /// # Errors
    /// The first thing that must be refused.
    pub(super) fn run(&self) -> Vet<Vetted<'d>> {
        let [info, value, rest @ ..] = &self.parts(self.signature)?[..] else {
            return Err(self.structure(self.signature, "SignedInfo and SignatureValue"));
        };
        self.named(*info, "SignedInfo")?;
        self.named(*value, "SignatureValue")?;
        self.only_text(*value)?;
        match rest {
            [] => {}
            [key_info] => self.key_info(*key_info)?,
            [_, extra, ..] => return Err(self.structure(*extra, "nothing after KeyInfo")),
        }
        let [canonicalization, method, reference] = &self.parts(*info)?[..] else {
            return Err(
                self.structure(*info, "CanonicalizationMethod, SignatureMethod and one Reference")
            );
        };
        self.named(*canonicalization, "CanonicalizationMethod")?;
        self.named(*method, "SignatureMethod")?;
        self.named(*reference, "Reference")?;
        self.without_content(*method)?;
        let vetted = self.reference(*reference)?;
        Ok(Vetted {
            method: self.algorithm(*method, SignatureMethod::from_uri)?,
            canonicalization: self.canonicalization(*canonicalization, ProblemKind::Algorithm)?,
            ..vetted
        })
    }

    /// KeyInfo is never believed, but it is not signed either: the enveloped-signature transform takes it away before the digest. So
    /// nothing may hide in it (security rules 4 and 8): names of XML Signature only, and no second Signature.
    fn key_info(&self, key_info: Element<'d>) -> Vet<()> {
        self.named(key_info, "KeyInfo")?;
        let hidden = key_info.descendants().find(|inner| {
            let known = [DSIG, DSIG11].contains(&inner.namespace());
            !known
                || ["Signature", "SignedInfo", "Object", "Manifest"].contains(&inner.local_name())
        });
        match hidden {
            None => Ok(()),
            Some(hidden) => Err(self.structure(hidden, "nothing in KeyInfo but keys")),
        }
    }

    fn reference(&self, reference: Element<'d>) -> Vet<Vetted<'d>> {
        let [transforms, method, value] = &self.parts(reference)?[..] else {
            return Err(self.structure(reference, "Transforms, DigestMethod and DigestValue"));
        };
        self.named(*transforms, "Transforms")?;
        self.named(*method, "DigestMethod")?;
        self.named(*value, "DigestValue")?;
        self.without_content(*method)?;
        self.only_text(*value)?;
        Ok(Vetted {
            // Both are set by the caller, which reads SignedInfo; the reference knows neither.
            method: SignatureMethod::RsaSha256,
            canonicalization: Canonicalization::Exclusive { comments: false },
            digest: self.algorithm(*method, DigestMethod::from_uri)?,
            transform: self.transforms(*transforms)?,
            id: self.target(reference)?,
        })
    }

    /// enveloped-signature, then at most one canonicalisation (saml-core-2.0 §5.4.4).
    fn transforms(&self, transforms: Element<'d>) -> Vet<Option<Canonicalization>> {
        let refuse = |at: Element<'d>| {
            let expected = "enveloped-signature, then at most one canonicalisation";
            let found = at.attribute("Algorithm").unwrap_or("no Algorithm").to_owned();
            self.problem(ProblemKind::Transform, at, expected, found)
        };
        let parts = self.parts(transforms)?;
        for transform in &parts {
            self.named(*transform, "Transform")?;
        }
        let [enveloped, rest @ ..] = &parts[..] else { return Err(refuse(transforms)) };
        if enveloped.attribute("Algorithm") != Some(ENVELOPED) {
            return Err(refuse(*enveloped));
        }
        self.without_content(*enveloped)?;
        match rest {
            [] => Ok(None),
            [one] => self.canonicalization(*one, ProblemKind::Transform).map(Some),
            [_, extra, ..] => Err(refuse(*extra)),
        }
    }

    fn canonicalization(&self, element: Element<'d>, kind: ProblemKind) -> Vet<Canonicalization> {
        let uri = element.attribute("Algorithm").unwrap_or_default();
        let Some(method) = Canonicalization::from_uri(uri) else {
            return Err(self.problem(kind, element, "a canonicalisation", uri.to_owned()));
        };
        match (&self.parts(element)?[..], method) {
            ([], _) => Ok(method),
            ([one], Canonicalization::Exclusive { .. })
                if one.is(EXCLUSIVE, "InclusiveNamespaces") =>
            {
                self.without_content(*one)?;
                Ok(method)
            }
            ([other, ..], _) => Err(self.structure(*other, "nothing but an InclusiveNamespaces")),
        }
    }

    /// The Reference must name the element that carries the Signature, and nothing else may share the name (security rule 3).
    fn target(&self, reference: Element<'d>) -> Vet<Option<&'d str>> {
        let own = self.parent.attribute("ID").unwrap_or_default();
        let expected = || format!("URI=\"#{own}\"");
        let Some(uri) = reference.attribute("URI") else {
            let found = "no URI".to_owned();
            return Err(self.problem(ProblemKind::Reference, reference, expected(), found));
        };
        let refuse =
            |kind| Err(self.problem(kind, reference, expected(), format!("URI=\"{uri}\"")));
        if uri.is_empty() {
            let is_root = self.parent.ordinal() == self.document.root().ordinal();
            return if is_root { Ok(None) } else { refuse(ProblemKind::Reference) };
        }
        let Some(id) = uri.strip_prefix('#').filter(|id| is_ncname(id)) else {
            return refuse(ProblemKind::Reference);
        };
        let mut holders =
            self.document.elements().filter(|element| ids(*element).any(|other| other == id));
        let Some(holder) = holders.next() else { return refuse(ProblemKind::IdMissing) };
        if let Some(second) = holders.next() {
            let found = format!("{id} at {} and {}", holder.xpath(), second.xpath());
            return Err(self.problem(ProblemKind::IdDuplicate, second, "a unique ID", found));
        }
        if holder.ordinal() != self.parent.ordinal() || own != id {
            return refuse(ProblemKind::Reference);
        }
        Ok(Some(id))
    }

    fn algorithm<T>(&self, element: Element<'d>, read: impl Fn(&str) -> Option<T>) -> Vet<T> {
        let uri = element.attribute("Algorithm").unwrap_or("no Algorithm");
        read(uri).ok_or_else(|| {
            let expected = "RSA or ECDSA with SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512";
            self.problem(ProblemKind::Algorithm, element, expected, uri.to_owned())
        })
    }

    /// The child elements, when nothing but white space stands between them.
    fn parts(&self, element: Element<'d>) -> Vet<Vec<Element<'d>>> {
        let mut parts = Vec::new();
        for node in element.nodes() {
            match node {
                Node::Element(child) => parts.push(child),
                Node::Text(text) if text.trim_matches(XML_SPACE).is_empty() => {}
                Node::Text(_) | Node::CData(_) => {
                    return Err(self.structure(element, "elements only, and no text"));
                }
                Node::Comment(_) | Node::ProcessingInstruction(_) => {
                    return Err(self.structure(element, "no comment or processing instruction"));
                }
            }
        }
        Ok(parts)
    }

    fn only_text(&self, element: Element<'d>) -> Vet<()> {
        let text = element.text();
        if text.elements || text.comments || text.instructions {
            return Err(self.structure(element, "base64 text without markup"));
        }
        if text.value.trim_matches(XML_SPACE).is_empty() {
            return Err(self.structure(element, "base64 text, and not nothing"));
        }
        Ok(())
    }

    fn without_content(&self, element: Element<'d>) -> Vet<()> {
        match self.parts(element)?.first() {
            None => Ok(()),
            Some(child) => Err(self.structure(*child, "no parameters")),
        }
    }

    fn named(&self, element: Element<'d>, local_name: &str) -> Vet<()> {
        if element.is(DSIG, local_name) {
            return Ok(());
        }
        Err(self.structure(element, local_name))
    }

    fn structure(&self, at: Element<'d>, expected: &str) -> Problem {
        self.problem(ProblemKind::Structure, at, expected, at.name().to_owned())
    }

    fn problem(
        &self,
        kind: ProblemKind,
        at: Element<'d>,
        expected: impl Into<String>,
        found: String,
    ) -> Problem {
        Problem::new(kind, self.signed, expected, found, at)
    }
}
