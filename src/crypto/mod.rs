//! Trust: what was signed, with which key, and which bytes may be believed.
//!
//! The flow is from the outside in: `signature` vets each `Signature` that is a direct child of the element it must cover,
//! hands it to an `engine`, and parses the digested octets again. Only it can build a [`SignedView`].
//!
//! # The attack ledger
//!
//! The tests are the tables in `tests/tamper/`; each attack there names the function that stops it. One row for each class of attack.
//!
//! | attack | what stops it | the test |
//! | --- | --- | --- |
//! | signature wrapping (XSW1 to XSW8 and variants) | only a Signature that is a direct child is read; its one Reference names its parent; a second assertion anywhere rejects; nothing foreign in KeyInfo | `wrapping`, `wrapping_inside` |
//! | duplicate and look-alike IDs | the ID must be unique under every spelling the engines know, an NCName, and compared byte for byte | `ids` |
//! | two Signatures, `SignedInfo`s or References, Manifest, Object | the schema's children in the schema's number, nothing else; a broken second Signature rejects | `multiplicity` |
//! | comment, PI and CDATA truncation of values | the whole text is read, and the comment reported | `truncation` |
//! | parser differentials: encodings, namespaces, attributes, trailing content | one strict parser before any engine; transcoded by us; the digested octets are parsed again | `encoding`, `syntax` |
//! | void canonicalisation: relative namespace names, empty digest | refused by our parser; empty values and empty octets are errors | `syntax` (`VOID`) |
//! | attribute and namespace pollution | elements by (namespace, local name), protocol attributes without namespace, children in order and number | `pollution` |
//! | markup inside DigestValue or SignatureValue | text only, before any engine sees it | `signature_parts` |
//! | HMAC with the public key | algorithms by allow-list, HMAC not among them | `key_info` (`HMAC`) |
//! | key from KeyInfo | the engine is given the configured key and never reads KeyInfo | `key_info` |
//! | RetrievalMethod, external, absent, xpointer or escaped URI | `#` and an NCName, or nothing at all on the document element; no engine can open anything | `references` |
//! | XPath, XSLT, base64, decryption transforms | enveloped-signature, then at most one canonicalisation | `transforms` |
//! | XXE, entity bombs, default attributes from a DTD | a DOCTYPE is refused by our parser before libxml2 sees a byte | `entities` |
//! | signature exclusion | no Signature, no `SignedView`; a Signature elsewhere counts for nothing | `exclusion` |
//! | unsigned encrypted assertion, ciphertext wrapping, CBC manipulation, key confusion, nesting | decrypting proves nothing: only a signature makes a `SignedView`; one layer, one assertion, one answer for every failure | `encryption`, and the rows below |
//! | algorithm downgrade, MD5, `none`, tiny keys, exponent 1 and 3 | algorithms by allow-list; RSA of 1024 bits or more with an odd exponent above 1; the padding is checked whole | `algorithms`, `blocks` |
//! | expired or not yet valid certificates | the verifying certificate must be valid at the judged moment | `certificates` |
//! | replay, other recipient, other audience, other issuer, unsolicited | the checks on what is signed, byte for byte; whether an ID was seen before is beyond one message, and told by `--seen` without a verdict | `misdirection` |
//! | deflate and base64 bombs, quadratic blow-up, deep nesting, huge attributes | named limits before the costly step | `bombs` |
//! | homoglyph, NFC/NFD, bidi, NUL, white space in identifiers | byte for byte; only the four white space characters of XML are trimmed, which is reported | `identifiers` |
//! | xs:dateTime oddities | one strict reader; what it cannot read is a failed check | `times` |
//! | terminal, HTML, CSV and annotation injection | values change no verdict, and are escaped by each renderer | `injection` |
//! | lies of the protocol: nested Success, Version, mixed confirmations | the top-level code decides; one bearer confirmation must hold in full by itself | `protocol` |
//! | an assertion encrypted by anybody, for our public key | decrypting proves nothing: only a signature makes a `SignedView` | `tests/encrypted.rs` |
//! | ciphertext swapped in, or beside what is signed | the Response is verified as sent; its digested octets are decrypted again and must agree | `tests/encrypted.rs`, `decrypt::splice_tests` |
//! | plaintext that breaks out of its place, nested encryption | exactly one element of the right kind, one layer | `decrypt::splice_tests` |
//! | prefixes of the plaintext rebound by unsigned attributes | the assertion namespace is only taken from signed octets | `decrypt::splice_tests` |
//! | padding and key oracles | one answer for every failure | `decrypt::tests` |
//! | RetrievalMethod or CipherReference to a file or URL | never followed out of the encrypted element | `decrypt::tests` |
//! | a thousand EncryptedKeys | 8 tried per key, 64 private-key operations per message | `decrypt::tests` |

mod algorithm;
#[cfg(feature = "xmlsec")]
mod both;
mod c14n;
pub mod certificate;
mod choice;
mod decrypt;
pub(crate) mod engine;
#[cfg(test)]
#[cfg(feature = "xmlsec")]
mod engine_tests;
mod examine;
mod native;
mod result;
mod signature;
#[cfg(test)]
#[cfg(feature = "xmlsec")]
mod signature_tests;
mod value;
mod vet;
#[cfg(feature = "xmlsec")]
mod xmlsec;

pub use algorithm::{Canonicalization, DigestMethod, SignatureMethod};
pub use choice::EngineChoice;
pub use decrypt::{
    Attempt, ContentCipher, DecryptError, Decrypted, EncryptedPart, Encryption, Fault, KeyError,
    KeyTransport, Opened, PrivateKey, Recipient, Undecrypted, describe, open,
};
pub use engine::openssl_version;
pub(crate) use examine::{examine, examine_opened};
pub use result::{
    Algorithms, Covered, KeyInfoCertificate, Problem, ProblemKind, SignatureReport,
    SignatureResult, Signed,
};
pub use signature::{SignedView, View, verify};
#[cfg(feature = "xmlsec")]
pub use xmlsec::versions;
