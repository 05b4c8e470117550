//! Trust: what was signed, with which key, and which bytes may be believed.
//!
//! The flow is from the outside in: `signature` vets each `Signature` that is a direct child of the element it must cover,
//! hands it to an `engine`, and parses the digested octets again. Only it can build a [`SignedView`].
//!
//! # The attack ledger
//!
//! | attack | what stops it | the test |
//! | --- | --- | --- |
//! | signature wrapping (XSW1 to XSW8 and variants) | only a Signature that is a direct child is read; its one Reference names its parent; a second assertion anywhere rejects | `vectors` |
//! | look-alike and duplicate IDs | the ID must be unique under every spelling the engines know | `vectors`, `signature_tests` |
//! | two Signatures, SignedInfos or References, Manifest, Object | the schema's children in the schema's number, nothing else | `vectors`, `signature_tests` |
//! | external, absent, xpointer or escaped Reference URI | `#` and an NCName, or nothing at all on the document element | `vectors`, `signature_tests` |
//! | XPath, XSLT, base64, decryption transforms | enveloped-signature, then at most one canonicalisation | `vectors`, `signature_tests` |
//! | HMAC with the public key, MD5, `none` | algorithms by allow-list; the key's type must fit | `vectors`, `signature_tests` |
//! | key from KeyInfo | the engine is given the configured key and never reads KeyInfo | `vectors` |
//! | markup inside DigestValue or SignatureValue | text only, before any engine sees it | `vectors` |
//! | comment in an identity value | the whole text is read, and the comment reported | `vectors`, `saml::tests` |
//! | DTD, entities, external subsets | refused by our parser before libxml2 sees a byte | `vectors`, `xml::tests` |
//! | relative namespace names (void canonicalisation) | refused by our parser; empty octets are an error | `vectors`, `xml::tests` |
//! | a broken second signature | if one is there and broken, the message is rejected | `vectors` |
//! | unsigned content beside signed content | values are read from the digested octets alone | `transcripts`, `signature_tests` |
//! | an assertion encrypted by anybody, for our public key | decrypting proves nothing: only a signature makes a `SignedView` | `tests/encrypted.rs` |
//! | ciphertext swapped in, or beside what is signed | the Response is verified as sent; its digested octets are decrypted again and must agree | `tests/encrypted.rs`, `decrypt::splice_tests` |
//! | plaintext that breaks out of its place, nested encryption | exactly one element of the right kind, one layer | `decrypt::splice_tests` |
//! | prefixes of the plaintext rebound by unsigned attributes | the assertion namespace is only taken from signed octets | `decrypt::splice_tests` |
//! | padding and key oracles | one answer for every failure | `decrypt::tests` |
//! | RetrievalMethod or CipherReference to a file or URL | never followed out of the encrypted element | `decrypt::tests` |
//! | a thousand EncryptedKeys | 8 tried per key, 64 private-key operations per message | `decrypt::tests` |
//! | tiny keys | RSA below 1024 bits is refused | `signature_tests` |

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
pub use result::{
    Algorithms, KeyInfoCertificate, Problem, ProblemKind, SignatureReport, SignatureResult, Signed,
};
pub use signature::{SignedView, View, verify};
#[cfg(feature = "xmlsec")]
pub use xmlsec::versions;
