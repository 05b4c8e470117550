//! The algorithms that a Signature names: weak, refused, or unlike what SAML signatures use.

use crate::crypto::{Canonicalization, DigestMethod, SignatureMethod};
use crate::finding::{
    COMMENTS_SIGNED, FOREIGN_TRANSFORM, Findings, HMAC, MD5, SHA1, UNDOCUMENTED_ALGORITHM,
    UNKNOWN_ALGORITHM, WEAK_CBC, WEAK_RSA15, WEAK_TRIPLE_DES,
};
use crate::saml::{DSIG, Place};
use crate::xml::Element;

use super::named;

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

pub(super) fn tell(signature: Element<'_>, findings: &mut Findings) {
    let info = child(signature, "SignedInfo");
    let method = info.and_then(|info| child(info, "SignatureMethod"));
    let reference = named::reference(signature);
    let digest = reference.and_then(|reference| child(reference, "DigestMethod"));
    let both = [method, digest].map(|element| element.map(|e| (e, uri(e))));
    for (element, uri) in both.iter().flatten().copied() {
        broken(element, uri, findings);
    }
    if let [Some((method, signs)), Some((digest, digests))] = both {
        let names = || format!("{} with {}", name(signs), name(digests));
        let weak = [(method, signs), (digest, digests)].into_iter().find(|(_, uri)| is_sha1(uri));
        if let Some((element, _)) = weak {
            findings.tell(&SHA1, Place(element.ordinal()), names);
        }
        let known = (SignatureMethod::from_uri(signs), DigestMethod::from_uri(digests));
        if let (Some(signs), Some(digests)) = known
            && !(signs.documented() && digests.documented())
        {
            let element = if signs.documented() { digest } else { method };
            findings.tell(&UNDOCUMENTED_ALGORITHM, Place(element.ordinal()), names);
        }
    }
    let canonicalization = info.and_then(|info| child(info, "CanonicalizationMethod"));
    if let Some(element) = canonicalization
        && Canonicalization::from_uri(uri(element)).is_none()
    {
        findings.tell(&UNKNOWN_ALGORITHM, Place(element.ordinal()), || uri(element).to_owned());
    }
    let transforms = reference.and_then(|reference| child(reference, "Transforms"));
    let transforms = transforms.into_iter().flat_map(Element::children);
    for element in canonicalization.into_iter().chain(transforms) {
        if Canonicalization::from_uri(uri(element)).is_some_and(Canonicalization::comments) {
            findings.tell(&COMMENTS_SIGNED, Place(element.ordinal()), || uri(element).to_owned());
        } else if element.local_name() == "Transform" && is_foreign(element) {
            findings.tell(&FOREIGN_TRANSFORM, Place(element.ordinal()), || uri(element).to_owned());
        }
    }
}

/// What is still encrypted: of what was decrypted, the decryption tells the same.
pub(super) fn of_encryption(methods: &[Element<'_>], findings: &mut Findings) {
    for method in methods {
        let uri = uri(*method);
        let code = if contains(uri, "rsa-1_5") {
            &WEAK_RSA15
        } else if contains(uri, "tripledes") {
            &WEAK_TRIPLE_DES
        } else if contains(uri, "-cbc") {
            &WEAK_CBC
        } else {
            continue;
        };
        findings.tell(code, Place(method.ordinal()), || uri.to_owned());
    }
}

/// A transform that SAML does not allow.
pub(super) fn is_foreign(transform: Element<'_>) -> bool {
    let uri = uri(transform);
    uri != ENVELOPED && Canonicalization::from_uri(uri).is_none()
}

/// A signature or digest method that is refused.
fn broken(element: Element<'_>, uri: &str, findings: &mut Findings) {
    let code = if contains(uri, "hmac") {
        &HMAC
    } else if contains(uri, "md5") {
        &MD5
    } else if SignatureMethod::from_uri(uri).is_none() && DigestMethod::from_uri(uri).is_none() {
        &UNKNOWN_ALGORITHM
    } else {
        return;
    };
    let found = || if uri.is_empty() { "no Algorithm".to_owned() } else { uri.to_owned() };
    findings.tell(code, Place(element.ordinal()), found);
}

fn child<'d>(element: Element<'d>, name: &str) -> Option<Element<'d>> {
    element.children().find(|child| child.is(DSIG, name))
}

fn uri<'d>(element: Element<'d>) -> &'d str {
    element.attribute("Algorithm").unwrap_or_default()
}

/// The fragment, by which people know an algorithm.
fn name(uri: &str) -> &str {
    uri.rsplit_once('#').map_or(uri, |(_, fragment)| fragment)
}

fn is_sha1(uri: &str) -> bool {
    contains(uri, "sha1")
}

/// Whether the fragment holds this word, in any case.
fn contains(uri: &str, word: &str) -> bool {
    let name = name(uri).as_bytes();
    name.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}
