//! Decryption: an `EncryptedAssertion`, `EncryptedID` or `EncryptedAttribute` replaced by the element that it hides.
//!
//! saml-core-2.0 §2.2.4, §2.3.4, §2.7.3.2 and §6; xmlenc-core1; security rule 9; platform §3.4. [`open`] writes the plaintext over the
//! encrypted element in the source text and has the whole parsed again, so that prefixes bound outside keep their meaning.
//!
//! Nothing that is decrypted is believed for that: anybody can encrypt for a public key. `signature.rs` verifies a Response's
//! signature on the message as sent, decrypts the *digested* octets again ([`Opened::reopen`]) and reads values from there alone.
//!
//! Choice: the verdict says of every failed decryption the same, whether the key, the padding or the content was wrong. What
//! failed is kept in [`Attempt`], for the person who holds the key.

mod algorithm;
mod cipher;
mod key;
mod oaep;
mod recipient;
mod result;
mod splice;
#[cfg(test)]
mod splice_tests;
mod structure;
#[cfg(test)]
mod tests;

pub use algorithm::{ContentCipher, KeyTransport};
pub use key::{KeyError, PrivateKey};
pub use recipient::{Encryption, Recipient, describe};
pub use result::{Attempt, DecryptError, EncryptedPart, Fault, Undecrypted};

use crate::finding::{ENCRYPTED_PART, Finding, WEAK_CBC, WEAK_RSA15, WEAK_TRIPLE_DES};
use crate::limits::Limits;
use crate::saml::{ASSERTION, PROTOCOL, Place};
use crate::xml::{Document, Element};

use splice::{Piece, Plaintext, Scope, splice};
use structure::{Encrypted, EncryptedKey};

/// EncryptedKeys tried with one private key. Choice: 8; a message is encrypted for one or two recipients.
const MOST_KEYS: usize = 8;
/// Encrypted elements of one message that are decrypted. Choice: 32; the others stay as they are.
const MOST_ELEMENTS: usize = 32;
/// Operations with a private key for one message, each of which costs milliseconds. Choice: 64.
const MOST_OPERATIONS: usize = 64;

/// An element that was decrypted.
#[derive(Clone, Debug)]
pub struct Decrypted {
    /// What it was.
    pub part: EncryptedPart,
    /// The plaintext's element, in the opened document.
    pub at: Place,
    /// How its content was encrypted.
    pub cipher: ContentCipher,
    /// How the content's key was encrypted.
    pub transport: KeyTransport,
    /// Which of the private keys opened it, counted from 0.
    pub key: usize,
    /// To whom it was encrypted, and how, as the message says it.
    pub encryption: Encryption,
    /// Its number among the encrypted elements.
    number: usize,
    with: PrivateKey,
    encrypted_key: usize,
    plaintext: Plaintext,
    scope: Scope,
}

/// A message with everything decrypted that could be.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    document: Option<Document>,
    decrypted: Vec<Decrypted>,
    undecrypted: Vec<Undecrypted>,
    /// Where elements were replaced: ordinal as sent, elements before, elements after.
    moves: Vec<(usize, usize, usize)>,
    targets: usize,
}

/// Decrypts the assertion of a Response, or the EncryptedID and EncryptedAttributes of a plain assertion, with the first of `keys` that fits.
#[must_use]
pub fn open(document: &Document, keys: &[&PrivateKey], limits: &Limits) -> Opened {
    let mut opened = Opened::default();
    let mut operations = MOST_OPERATIONS;
    let mut pieces = Vec::new();
    for (number, (part, element)) in targets(document).into_iter().enumerate() {
        opened.targets = number + 1;
        match decrypt_element(element, part, keys, limits, &mut operations) {
            Ok(found) => {
                pieces.push(Piece { element, plaintext: found.plaintext.clone() });
                opened.decrypted.push(Decrypted { number, ..found });
            }
            Err(undecrypted) => opened.undecrypted.push(undecrypted),
        }
    }
    if pieces.is_empty() {
        return opened;
    }
    let Some(document) = splice(document, &pieces, limits) else {
        // Too large, too deep: what was sent stays as it was sent.
        let lost = pieces.iter().zip(std::mem::take(&mut opened.decrypted));
        let fault = Fault::Plaintext("over a limit once it is in its place");
        let lost = lost.map(|(piece, found)| {
            let attempts =
                vec![Attempt { key: found.key, encrypted_key: None, fault: fault.clone() }];
            undecrypted(piece.element, found.part, keys.len(), attempts)
        });
        opened.undecrypted.extend(lost);
        return opened;
    };
    let size = |piece: &Piece<'_>| (piece.element.subtree().len(), piece.plaintext.elements);
    opened.moves = pieces
        .iter()
        .map(|piece| (piece.element.ordinal(), size(piece).0, size(piece).1))
        .collect();
    opened.document = Some(document);
    for index in 0..opened.decrypted.len() {
        let at = pieces.get(index).map(|piece| opened.place(Place(piece.element.ordinal())));
        if let (Some(found), Some(at)) = (opened.decrypted.get_mut(index), at) {
            found.at = at;
        }
    }
    let stay: Vec<Place> = opened.undecrypted.iter().map(|stays| opened.place(stays.at)).collect();
    for (stays, at) in opened.undecrypted.iter_mut().zip(stay) {
        stays.at = at;
    }
    opened
}

impl Opened {
    /// The document with the plaintext in place; nothing when nothing was decrypted.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }

    /// The document with the plaintext in place, given away; nothing when nothing was decrypted.
    #[must_use]
    pub fn into_document(self) -> Option<Document> {
        self.document
    }

    /// What was decrypted.
    #[must_use]
    pub fn decrypted(&self) -> &[Decrypted] {
        &self.decrypted
    }

    /// What stays encrypted.
    #[must_use]
    pub fn undecrypted(&self) -> &[Undecrypted] {
        &self.undecrypted
    }

    /// Whether there was something to decrypt.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.targets > 0
    }

    /// Whether the assertion itself came encrypted and was decrypted.
    #[must_use]
    pub fn holds_assertion(&self) -> bool {
        self.decrypted.iter().any(|found| found.part == EncryptedPart::Assertion)
    }

    /// Where an element of the message as sent stands in the opened document.
    #[must_use]
    pub fn place(&self, sent: Place) -> Place {
        let mut ordinal = sent.0;
        let before = self.moves.iter().take_while(|(at, ..)| *at < sent.0);
        for (at, old, new) in before {
            // An element inside a replaced one is shown where that one was.
            ordinal = if sent.0 < at + old { ordinal - (sent.0 - at) } else { ordinal - old + new };
        }
        Place(ordinal)
    }

    /// Decrypts in `digested`, a parse of digested octets of the message, what was decrypted in the message. Nothing when the two
    /// do not agree: then no signature covers what was read.
    pub(super) fn reopen(&self, digested: Document, limits: &Limits) -> Option<Document> {
        let came_out = self.holds_assertion() && digested.root().is(ASSERTION, "Assertion");
        if self.document.is_none() || came_out {
            return Some(digested);
        }
        let targets = targets(&digested);
        if targets.len() != self.targets {
            return None;
        }
        let mut pieces = Vec::new();
        for found in &self.decrypted {
            let (part, element) = *targets.get(found.number)?;
            let encrypted = Encrypted::read(element).ok()?;
            let key = encrypted.keys.get(found.encrypted_key)?;
            let octets = open_content(&encrypted, key, &found.with).ok()?;
            let scope = Scope::of(element).completed_by(&found.scope);
            let plaintext = Plaintext::accept(octets, part, &scope, element, limits).ok()?;
            if part != found.part || plaintext.octets != found.plaintext.octets {
                return None;
            }
            pieces.push(Piece { element, plaintext });
        }
        splice(&digested, &pieces, limits)
    }

    /// What is worth telling about the algorithms.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for found in &self.decrypted {
            if found.part == EncryptedPart::NameId {
                findings.push(ENCRYPTED_PART.found(found.part.name(), found.at));
            }
            if found.transport == KeyTransport::Rsa15 {
                findings.push(WEAK_RSA15.found(found.transport.to_string(), found.at));
            }
            if found.cipher == ContentCipher::TripleDesCbc {
                findings.push(WEAK_TRIPLE_DES.found(found.cipher.name(), found.at));
            } else if !found.cipher.is_authenticated() {
                findings.push(WEAK_CBC.found(found.cipher.name(), found.at));
            }
        }
        findings
    }
}

/// What is decrypted, in document order: the EncryptedAssertion that stands for the assertion, or else the parts of the assertion
/// that is read (saml/response.rs).
fn targets(document: &Document) -> Vec<(EncryptedPart, Element<'_>)> {
    let root = document.root();
    let assertion = if root.is(ASSERTION, "Assertion") {
        Some(root)
    } else if root.is(PROTOCOL, "Response") {
        root.children().find(|child| child.is(ASSERTION, "Assertion"))
    } else {
        return Vec::new();
    };
    let Some(assertion) = assertion else {
        let encrypted = root.children().find(|child| child.is(ASSERTION, "EncryptedAssertion"));
        return encrypted.map(|element| (EncryptedPart::Assertion, element)).into_iter().collect();
    };
    let parts = assertion.children().flat_map(|child| {
        let wanted = match child.local_name() {
            "Subject" => EncryptedPart::NameId,
            _ => EncryptedPart::Attribute,
        };
        let holder = child.is(ASSERTION, "Subject") || child.is(ASSERTION, "AttributeStatement");
        let inner = child.children().filter(move |i| holder && i.is(ASSERTION, wanted.name()));
        inner.map(move |element| (wanted, element))
    });
    parts.take(MOST_ELEMENTS).collect()
}

/// Decrypts one element with the first key that opens it to what it should be.
fn decrypt_element(
    element: Element<'_>,
    part: EncryptedPart,
    keys: &[&PrivateKey],
    limits: &Limits,
    operations: &mut usize,
) -> Result<Decrypted, Undecrypted> {
    let mut attempts = Vec::new();
    let fail = |attempts| Err(undecrypted(element, part, keys.len(), attempts));
    let Ok(encrypted) = Encrypted::read(element) else { return fail(attempts) };
    let scope = Scope::of(element);
    for (key, with) in keys.iter().enumerate() {
        let candidates = encrypted.candidates(with);
        if candidates.is_empty() {
            attempts.push(Attempt { key, encrypted_key: None, fault: Fault::NoEncryptedKey });
        }
        for (number, candidate) in candidates {
            let encrypted_key = Some(candidate.at());
            let Some(left) = operations.checked_sub(1) else {
                attempts.push(Attempt { key, encrypted_key, fault: Fault::Operations });
                return fail(attempts);
            };
            *operations = left;
            let plaintext = open_content(&encrypted, candidate, with)
                .and_then(|octets| Plaintext::accept(octets, part, &scope, element, limits));
            let fault = match (plaintext, &encrypted.cipher, &candidate.transport) {
                (Ok(plaintext), Ok(cipher), Ok(transport)) => {
                    return Ok(Decrypted {
                        part,
                        at: Place(element.ordinal()),
                        cipher: *cipher,
                        transport: transport.clone(),
                        key,
                        encryption: describe(element),
                        number: 0,
                        with: (*with).clone(),
                        encrypted_key: number,
                        plaintext,
                        scope,
                    });
                }
                (Err(fault), ..) => fault,
                (Ok(_), Err(unknown), _) | (Ok(_), _, Err(unknown)) => {
                    Fault::Algorithm(unknown.clone())
                }
            };
            attempts.push(Attempt { key, encrypted_key, fault });
        }
    }
    fail(attempts)
}

fn open_content(
    encrypted: &Encrypted<'_>,
    candidate: &EncryptedKey<'_>,
    key: &PrivateKey,
) -> Result<Vec<u8>, Fault> {
    let unknown = |uri: &String| Fault::Algorithm(uri.clone());
    let content_cipher = *encrypted.cipher.as_ref().map_err(unknown)?;
    let transport = candidate.transport.as_ref().map_err(unknown)?;
    let content_key = cipher::unwrap(key, transport, &candidate.wrapped)?;
    let ciphertext = structure::base64_text(encrypted.content);
    let ciphertext = ciphertext.ok_or(Fault::Structure("a CipherValue that is not base64"))?;
    cipher::content(content_cipher, &content_key, &ciphertext)
}

fn undecrypted(
    element: Element<'_>,
    part: EncryptedPart,
    keys: usize,
    attempts: Vec<Attempt>,
) -> Undecrypted {
    let nested = attempts.iter().any(|attempt| attempt.fault == Fault::Nested);
    Undecrypted {
        part,
        at: Place(element.ordinal()),
        error: if nested { DecryptError::Nested } else { DecryptError::CannotDecrypt },
        encryption: describe(element),
        keys,
        attempts,
    }
}
