//! What is said of a decryption: little in the verdict, the rest for a diagnosis (security rule 9).

use crate::saml::Place;

use super::recipient::Encryption;

/// Which kind of element was encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncryptedPart {
    /// `EncryptedAssertion`
    Assertion,
    /// `EncryptedID` in the Subject
    NameId,
    /// `EncryptedAttribute`
    Attribute,
}

/// Why something encrypted could not be read: all that the verdict says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// No configured key opens it to what it should be.
    #[error("it cannot be decrypted with the configured keys")]
    CannotDecrypt,
    /// It opens, and holds something encrypted again.
    #[error("it is encrypted in more than one layer")]
    Nested,
}

/// What failed, for a diagnosis and never for the verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not the schema's parts in the schema's number.
    #[error("{0}")]
    Structure(&'static str),
    /// An algorithm that is not known.
    #[error("the algorithm {0} is not known")]
    Algorithm(String),
    /// There is no EncryptedKey that a private key could open.
    #[error("no EncryptedKey for an RSA key of this length")]
    NoEncryptedKey,
    /// The bound on private-key operations was reached.
    #[error("more private-key operations than one message may cost")]
    Operations,
    /// The EncryptedKey does not open: another key, or other parameters.
    #[error("the EncryptedKey does not open with this key")]
    Unwrap,
    /// What came out of the EncryptedKey is no key of the cipher.
    #[error("the content key has not the length that the cipher needs")]
    KeyLength,
    /// The content does not decrypt.
    #[error("the content does not decrypt")]
    Content,
    /// The content decrypts to something else than one element of the right kind.
    #[error("the plaintext is {0}")]
    Plaintext(&'static str),
    /// Encrypted parts inside the decrypted element.
    #[error("the plaintext holds another encrypted element")]
    Nested,
}

/// One try to decrypt one element with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which of the private keys, counted from 0.
    pub key: usize,
    /// The EncryptedKey that was tried.
    pub encrypted_key: Option<Place>,
    /// Why it failed.
    pub fault: Fault,
}

/// An element that stays encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecrypted {
    /// What it is.
    pub part: EncryptedPart,
    /// The element, in the opened document.
    pub at: Place,
    /// Why, as far as the verdict goes.
    pub error: DecryptError,
    /// To whom it is encrypted, and how.
    pub encryption: Encryption,
    /// How many private keys there were.
    pub keys: usize,
    /// What was tried.
    pub attempts: Vec<Attempt>,
}

impl EncryptedPart {
    /// The element's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Assertion => "EncryptedAssertion",
            Self::NameId => "EncryptedID",
            Self::Attribute => "EncryptedAttribute",
        }
    }

    /// The name of what it must hold. Choice: an EncryptedID holds a NameID; BaseID and Assertion, which the schema allows as well,
    /// are no identity on this platform.
    pub(super) fn holds(self) -> &'static str {
        match self {
            Self::Assertion => "Assertion",
            Self::NameId => "NameID",
            Self::Attribute => "Attribute",
        }
    }
}
