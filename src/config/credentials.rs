//! Certificates and private keys as a configuration names them: by path, as PEM text, or (certificates) as bare base64.
//!
//! Security rule 17: a private key is never echoed, never logged, and refused where a certificate is asked for and in
//! arguments, which every user of the machine can read.

use std::fmt;
use std::path::{Path, PathBuf};

use super::error::{looks_like_pem, shown_path};
use super::{ConfigError, Expect, ReadFile, Source};
use crate::crypto::certificate::Certificate;
use crate::crypto::{KeyError, PrivateKey};

/// A private key for decryption. Its `Debug` shows where it is from and never what it is.
#[derive(Clone)]
pub struct DecryptionKey {
    state: State,
    path: Option<PathBuf>,
    source: Source,
}

#[derive(Clone)]
enum State {
    /// Ready to be used.
    Open(PrivateKey),
    /// PEM or DER that waits for its passphrase.
    Locked(Vec<u8>),
}

/// What a report may say of a private key: never what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLabel {
    /// Its file, or the place where its text was given.
    pub name: String,
    /// Where it was configured.
    pub source: Source,
    /// Bits of the modulus; nothing while the key waits for its passphrase.
    pub bits: Option<u32>,
}

impl DecryptionKey {
    /// Reads the key that an option or a variable names, without a configuration.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no RSA private key.
    pub fn named(value: &Expect<String>, read: ReadFile<'_>) -> Result<Self, ConfigError> {
        decryption_key(value, Files { folder: Path::new(""), read })
    }

    /// What a report may say of it.
    #[must_use]
    pub fn label(&self) -> KeyLabel {
        let name = match &self.path {
            Some(path) => path.display().to_string(),
            None => format!("the key of {}", self.source),
        };
        let bits = self.private_key().map(PrivateKey::bits);
        KeyLabel { name, source: self.source.clone(), bits }
    }

    /// The key, unless it still waits for its passphrase.
    pub fn private_key(&self) -> Option<&PrivateKey> {
        match &self.state {
            State::Open(key) => Some(key),
            State::Locked(_) => None,
        }
    }

    /// Whether it waits for its passphrase.
    pub fn is_locked(&self) -> bool {
        self.private_key().is_none()
    }

    /// Opens it with its passphrase; does nothing when it is open.
    ///
    /// # Errors
    /// When the passphrase is wrong, or what it opens is no RSA private key.
    pub fn unlock(&mut self, passphrase: &[u8]) -> Result<(), ConfigError> {
        if let State::Locked(content) = &self.state {
            let key = PrivateKey::parse(content, Some(passphrase))
                .map_err(|error| unusable(&self.source, error))?;
            self.state = State::Open(key);
        }
        Ok(())
    }

    /// The file it was read from, unless its text was given directly.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Where it was configured.
    pub fn source(&self) -> &Source {
        &self.source
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionKey")
            .field("path", &self.path)
            .field("source", &self.source)
            .field("is_locked", &self.is_locked())
            .finish_non_exhaustive()
    }
}

/// Files named relative to a folder, and the way to read them.
#[derive(Clone, Copy)]
pub(super) struct Files<'r> {
    pub(super) folder: &'r Path,
    pub(super) read: ReadFile<'r>,
}

impl Files<'_> {
    /// Reads the file that the value of `key` names.
    pub(super) fn read(
        self,
        key: &str,
        name: &Expect<String>,
    ) -> Result<(PathBuf, Vec<u8>), ConfigError> {
        let path = self.folder.join(name.given());
        match (self.read)(&path) {
            Ok(content) => Ok((path, content)),
            Err(error) => Err(ConfigError::at(
                name.source(),
                format!("`{key}`: cannot read {}: {error}", shown_path(&path)),
                "correct the path or create the file",
            )),
        }
    }
}

/// Reads one value of `idp_certificate`; a PEM bundle yields several certificates.
pub(super) fn certificates(
    value: &Expect<String>,
    files: Files<'_>,
) -> Result<Vec<Expect<Certificate>>, ConfigError> {
    let (place, content) = if looks_like_pem(value.given()) || looks_like_base64(value.given()) {
        ("the text".to_owned(), value.given().as_bytes().to_vec())
    } else {
        let (path, content) = files.read("idp_certificate", value)?;
        (shown_path(&path), content)
    };
    if holds(&content, b"PRIVATE KEY-----") {
        return Err(ConfigError::at(
            value.source(),
            format!("`idp_certificate`: {place} holds a private key"),
            "give the IdP's certificate alone; a private key has no business here, and if it was the IdP's own, \
             it should be replaced now",
        ));
    }
    let certificates = Certificate::parse(&content).map_err(|error| {
        ConfigError::at(
            value.source(),
            format!("`idp_certificate`: {place} cannot be used: {error}"),
            "give the IdP's signing certificate as PEM, DER or base64",
        )
    })?;
    if certificates.is_empty() {
        return Err(ConfigError::at(
            value.source(),
            format!("`idp_certificate`: {place} holds no certificate"),
            "give the IdP's signing certificate as PEM, DER or base64",
        ));
    }
    Ok(certificates.into_iter().map(|certificate| value.with(certificate)).collect())
}

/// Reads one value of `decryption_key`.
pub(super) fn decryption_key(
    value: &Expect<String>,
    files: Files<'_>,
) -> Result<DecryptionKey, ConfigError> {
    let (path, content) = if looks_like_pem(value.given()) {
        if matches!(value.source(), Source::Option(_)) {
            return Err(ConfigError::at(
                value.source(),
                "a private key was given as an argument, where every user of this machine can read it",
                "put it into a file that only you can read and give the file's path",
            ));
        }
        (None, value.given().as_bytes().to_vec())
    } else if looks_like_base64(value.given()) {
        return Err(ConfigError::at(
            value.source(),
            "`decryption_key` is base64 without the lines that say what it is",
            "put it between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----, or give a file's path",
        ));
    } else {
        let (path, content) = files.read("decryption_key", value)?;
        (Some(path), content)
    };
    if holds(&content, b"-----BEGIN") && !holds(&content, b"PRIVATE KEY-----") {
        return Err(ConfigError::at(
            value.source(),
            "`decryption_key` is PEM but holds no private key",
            "give the private key that belongs to the certificate the IdP encrypts for",
        ));
    }
    if content.is_empty() {
        return Err(ConfigError::at(
            value.source(),
            "`decryption_key`: the file is empty",
            "give the private key that belongs to the certificate the IdP encrypts for",
        ));
    }
    let state = match PrivateKey::parse(&content, None) {
        Ok(key) => State::Open(key),
        Err(KeyError::PassphraseNeeded) => State::Locked(content),
        Err(error) => return Err(unusable(value.source(), error)),
    };
    Ok(DecryptionKey { state, path, source: value.source().clone() })
}

fn unusable(source: &Source, error: KeyError) -> ConfigError {
    let advice = match error {
        KeyError::PassphraseNeeded | KeyError::WrongPassphrase => {
            "give the passphrase that the key file was written with"
        }
        KeyError::Unreadable | KeyError::NotRsa => {
            "give the RSA private key that belongs to the certificate the IdP encrypts for"
        }
    };
    ConfigError::at(source, format!("`decryption_key`: {error}"), advice)
}

/// Whether a value is base64 of DER and not a path: DER begins with a SEQUENCE, which is `M` in base64, and a path that
/// long has a dot or a dash somewhere. Choice: 64 characters, the length of the shortest private key (Ed25519), so that
/// none is ever taken for a path and shown in an error; certificates have at least 400.
fn looks_like_base64(value: &str) -> bool {
    let value = value.trim_start();
    let text = |b: u8| b.is_ascii_alphanumeric() || b"+/=".contains(&b) || b.is_ascii_whitespace();
    value.starts_with('M') && value.len() >= 64 && value.bytes().all(text)
}

fn holds(content: &[u8], part: &[u8]) -> bool {
    content.windows(part.len()).any(|window| window == part)
}
