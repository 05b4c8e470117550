//! What stands in an `EncryptedAssertion`, `EncryptedID` or `EncryptedAttribute`: the content, and the keys it may be opened with.
//!
//! saml-core-2.0 §2.2.4, §2.3.4; xmlenc-core1 §3. The EncryptedKey stands in the KeyInfo of the EncryptedData, beside the
//! EncryptedData, or is named by a RetrievalMethod, which never leads out of the encrypted element.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::saml::{DSIG, Place, XENC};
use crate::xml::Element;

use super::super::certificate::Certificate;
use super::algorithm::{ContentCipher, KeyTransport};
use super::key::PrivateKey;
use super::recipient::{Recipient, certificates};
use super::{Fault, MOST_KEYS};

/// The `Type` of an EncryptedData that holds one element (xmlenc-core1 §3.1).
const TYPE_ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";
/// EncryptedKeys that are looked at, of which [`MOST_KEYS`] are tried. Choice: 64; a message is encrypted for one or two.
const MOST_READ: usize = 64;

/// An encrypted element, taken apart.
#[derive(Debug)]
pub(super) struct Encrypted<'d> {
    pub(super) cipher: Result<ContentCipher, String>,
    pub(super) content: Element<'d>,
    pub(super) keys: Vec<EncryptedKey<'d>>,
}

/// One wrapped content key.
#[derive(Debug)]
pub(super) struct EncryptedKey<'d> {
    pub(super) element: Element<'d>,
    pub(super) transport: Result<KeyTransport, String>,
    pub(super) wrapped: Vec<u8>,
}

impl<'d> Encrypted<'d> {
    /// Reads `container`, the EncryptedAssertion or its like.
    pub(super) fn read(container: Element<'d>) -> Result<Self, Fault> {
        let known = |c: Element<'_>| c.is(XENC, "EncryptedData") || c.is(XENC, "EncryptedKey");
        if container.children().any(|child| !known(child)) {
            return Err(Fault::Structure("something beside EncryptedData and EncryptedKey"));
        }
        let data = only(Some(container), |child| child.is(XENC, "EncryptedData"));
        let Ok(Some(data)) = data else {
            return Err(Fault::Structure("not exactly one EncryptedData"));
        };
        if data.attribute("Type").is_some_and(|kind| kind != TYPE_ELEMENT) {
            return Err(Fault::Structure("an EncryptedData whose Type is not Element"));
        }
        let method = method(data)?;
        let content = cipher_value(data)?;
        let mut keys = Vec::new();
        for element in key_elements(container, data).into_iter().take(MOST_READ) {
            keys.push(EncryptedKey::read(element)?);
        }
        Ok(Self { cipher: ContentCipher::read(method), content, keys })
    }

    /// Its content key's hiding places that `key` may open, the likeliest first.
    pub(super) fn candidates(&self, key: &PrivateKey) -> Vec<(usize, &EncryptedKey<'d>)> {
        let fits = |wrapped: usize| wrapped > 0 && wrapped <= key.size();
        let mut found: Vec<_> =
            self.keys.iter().enumerate().filter(|(_, k)| fits(k.wrapped.len())).collect();
        if found.len() > 1 {
            // A stable sort: what the message names as ours, then what it does not name, then what it names as another's.
            found.sort_by_cached_key(|(_, candidate)| candidate.distance(key));
        }
        found.truncate(MOST_KEYS);
        found
    }
}

impl<'d> EncryptedKey<'d> {
    fn read(element: Element<'d>) -> Result<Self, Fault> {
        let wrapped = base64_text(cipher_value(element)?);
        let wrapped = wrapped.ok_or(Fault::Structure("a CipherValue that is not base64"))?;
        Ok(Self { element, transport: KeyTransport::read(method(element)?), wrapped })
    }

    /// How unlikely it is that this is for `key`.
    fn distance(&self, key: &PrivateKey) -> u8 {
        let named: Vec<Certificate> = certificates(self.element).collect();
        if named.iter().any(|certificate| key.belongs_to(certificate)) {
            0
        } else if !named.is_empty() {
            3
        } else if self.wrapped.len() == key.size() {
            1
        } else {
            2
        }
    }

    /// Whom it is for, as far as it says.
    pub(super) fn recipient(&self) -> Recipient {
        Recipient::of(self)
    }

    pub(super) fn at(&self) -> Place {
        Place(self.element.ordinal())
    }
}

/// Every EncryptedKey for `data`, each once: in its KeyInfo, where its KeyInfo points, and beside it.
fn key_elements<'d>(container: Element<'d>, data: Element<'d>) -> Vec<Element<'d>> {
    let infos = || data.children().filter(|child| child.is(DSIG, "KeyInfo")).take(1);
    let parts = || infos().flat_map(Element::children);
    let inside = parts().filter(|part| part.is(XENC, "EncryptedKey"));
    // Only a reference within this element is followed: nothing is ever fetched.
    let names: Vec<&str> = parts()
        .filter(|part| part.is(DSIG, "RetrievalMethod"))
        .filter_map(|retrieval| retrieval.attribute("URI")?.strip_prefix('#'))
        .take(MOST_KEYS)
        .collect();
    let retrieved = container.descendants().filter(|inner| {
        inner.is(XENC, "EncryptedKey")
            && inner.attribute("Id").is_some_and(|id| names.contains(&id))
    });
    let id = data.attribute("Id");
    let beside = container.children().filter(|c| c.is(XENC, "EncryptedKey") && is_for(*c, id));
    let mut found: Vec<Element<'d>> = Vec::new();
    for element in inside.chain(retrieved).chain(beside) {
        if found.len() == MOST_READ {
            break;
        }
        if !found.contains(&element) {
            found.push(element);
        }
    }
    found
}

/// Whether the ReferenceList of an EncryptedKey, if it has one, names the EncryptedData of this Id.
fn is_for(key: Element<'_>, id: Option<&str>) -> bool {
    let Some(list) = key.children().find(|child| child.is(XENC, "ReferenceList")) else {
        return true;
    };
    let mut references = list.children().filter(|child| child.is(XENC, "DataReference"));
    references.any(|reference| {
        let name = reference.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
        name.is_some() && name == id
    })
}

fn method(element: Element<'_>) -> Result<Option<Element<'_>>, Fault> {
    only(Some(element), |child| child.is(XENC, "EncryptionMethod"))
        .map_err(|()| Fault::Structure("two EncryptionMethods"))
}

/// `CipherData/CipherValue`; a CipherReference is never followed.
fn cipher_value(element: Element<'_>) -> Result<Element<'_>, Fault> {
    let data = only(Some(element), |child| child.is(XENC, "CipherData"));
    let value = data.and_then(|data| only(data, |child| child.is(XENC, "CipherValue")));
    value.ok().flatten().ok_or(Fault::Structure("not exactly one CipherValue"))
}

/// The one child that fits, or none; several are an error.
pub(super) fn only<'d>(
    parent: Option<Element<'d>>,
    fits: impl Fn(Element<'d>) -> bool,
) -> Result<Option<Element<'d>>, ()> {
    let Some(parent) = parent else { return Ok(None) };
    let mut found = parent.children().filter(|child| fits(*child));
    let first = found.next();
    if found.next().is_some() { Err(()) } else { Ok(first) }
}

/// The octets of an `xs:base64Binary` element, whose white space means nothing; nothing but text may stand in it.
pub(super) fn base64_text(element: Element<'_>) -> Option<Vec<u8>> {
    let text = element.text();
    if text.elements || text.comments || text.instructions {
        return None;
    }
    let space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let compact: Vec<u8> = text.value.bytes().filter(|byte| !space(byte)).collect();
    STANDARD.decode(compact).ok()
}
