//! A private key of the service provider, which opens what was encrypted for it.
//!
//! PKCS#1 and PKCS#8 (RFC 8017, RFC 5958), in PEM (RFC 7468) or DER, with a passphrase or without. Security rule 17: nothing
//! here shows or logs a key; an error never carries what it could not read.

use std::fmt;

use openssl::pkey::{Id, PKey, PKeyRef, Private};

use super::super::certificate::{Certificate, key_sha256};

/// Why something is not a private key that can decrypt. No variant carries the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key is encrypted and no passphrase was given.
    #[error("the private key is protected by a passphrase")]
    PassphraseNeeded,
    /// The key is encrypted and the passphrase does not open it.
    #[error("the passphrase does not open the private key")]
    WrongPassphrase,
    /// Neither PEM nor DER of a private key.
    #[error("this is no private key: expected PEM or DER, PKCS#1 or PKCS#8")]
    Unreadable,
    /// A private key of another kind: only RSA transports keys in SAML.
    #[error("the private key is no RSA key")]
    NotRsa,
}

/// An RSA private key. Its `Debug` shows the size and nothing else.
#[derive(Clone)]
pub struct PrivateKey {
    key: PKey<Private>,
}

impl PrivateKey {
    /// Reads PEM or DER. The `passphrase` is used only when the key is encrypted.
    ///
    /// # Errors
    /// [`KeyError::PassphraseNeeded`] when the key is encrypted and there is no passphrase; otherwise when it is no RSA private key.
    pub fn parse(content: &[u8], passphrase: Option<&[u8]>) -> Result<Self, KeyError> {
        let encrypted = is_encrypted(content);
        if encrypted && passphrase.is_none() {
            return Err(KeyError::PassphraseNeeded);
        }
        let secret = passphrase.unwrap_or_default();
        // Always with a callback: without one OpenSSL asks at the terminal.
        let from_pem = |pem| {
            PKey::private_key_from_pem_callback(pem, |buffer| {
                let Some(room) = buffer.get_mut(..secret.len()) else { return Ok(0) };
                room.copy_from_slice(secret);
                Ok(secret.len())
            })
        };
        let key = if content.starts_with(b"\x30") {
            PKey::private_key_from_der(content)
                .or_else(|_| PKey::private_key_from_pkcs8_passphrase(content, secret))
        } else {
            from_pem(content)
        };
        let key = key.map_err(|_| match (encrypted, content.first(), passphrase) {
            (true, _, _) => KeyError::WrongPassphrase,
            // DER does not say in words that it is encrypted; what is left of it is told by its shape.
            (false, Some(0x30), given) if is_encrypted_der(content) => match given {
                Some(_) => KeyError::WrongPassphrase,
                None => KeyError::PassphraseNeeded,
            },
            (false, _, _) => KeyError::Unreadable,
        })?;
        if key.id() != Id::RSA {
            return Err(KeyError::NotRsa);
        }
        Ok(Self { key })
    }

    /// Bits of the modulus.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.key.bits()
    }

    /// Bytes of the modulus, which is also the length of what it unwraps.
    pub(super) fn size(&self) -> usize {
        self.key.size()
    }

    pub(super) fn pkey(&self) -> &PKeyRef<Private> {
        &self.key
    }

    /// The SHA-256 fingerprint of its public half, as [`Certificate::public_key_sha256`] gives it.
    #[must_use]
    pub fn public_key_sha256(&self) -> Option<String> {
        key_sha256(&self.key)
    }

    /// Whether it is the private half of the key in `certificate`.
    #[must_use]
    pub fn belongs_to(&self, certificate: &Certificate) -> bool {
        self.key.public_eq(certificate.public_key())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey(RSA {} bits)", self.bits())
    }
}

/// Whether PEM says that its private key is encrypted: PKCS#8 by its label, PKCS#1 by a header (RFC 1421 §4.6.1.1).
fn is_encrypted(content: &[u8]) -> bool {
    let holds = |part: &[u8]| content.windows(part.len()).any(|window| window == part);
    holds(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") || holds(b"Proc-Type: 4,ENCRYPTED")
}

/// Whether DER is an `EncryptedPrivateKeyInfo` (RFC 5958 §3): a sequence that begins with a sequence, not with a version.
fn is_encrypted_der(content: &[u8]) -> bool {
    let header = match content.get(1) {
        Some(length @ 0x81..=0x84) => 2 + usize::from(length & 0x7f),
        _ => 2,
    };
    content.get(header) == Some(&0x30)
}

#[cfg(test)]
mod tests {
    use openssl::ec::{EcGroup, EcKey};
    use openssl::nid::Nid;
    use openssl::rsa::Rsa;
    use openssl::symm::Cipher;

    use super::*;

    fn rsa() -> PKey<Private> {
        PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap()
    }

    #[test]
    fn pkcs1_and_pkcs8_are_read_from_pem_and_der() {
        let key = rsa();
        let forms = [
            key.rsa().unwrap().private_key_to_pem().unwrap(),
            key.rsa().unwrap().private_key_to_der().unwrap(),
            key.private_key_to_pem_pkcs8().unwrap(),
            key.private_key_to_pkcs8().unwrap(),
        ];
        for form in forms {
            let read = PrivateKey::parse(&form, None).unwrap();
            assert!(read.pkey().public_eq(&key));
        }
    }

    #[test]
    fn an_encrypted_key_needs_its_passphrase() {
        let (key, cipher) = (rsa(), Cipher::aes_128_cbc());
        let forms = [
            key.rsa().unwrap().private_key_to_pem_passphrase(cipher, b"open").unwrap(),
            key.private_key_to_pem_pkcs8_passphrase(cipher, b"open").unwrap(),
            key.private_key_to_pkcs8_passphrase(cipher, b"open").unwrap(),
        ];
        for form in forms {
            assert_eq!(PrivateKey::parse(&form, None).unwrap_err(), KeyError::PassphraseNeeded);
            let wrong = PrivateKey::parse(&form, Some(b"shut")).unwrap_err();
            assert_eq!(wrong, KeyError::WrongPassphrase);
            let long = PrivateKey::parse(&form, Some(&[b'x'; 5000])).unwrap_err();
            assert_eq!(long, KeyError::WrongPassphrase);
            assert!(PrivateKey::parse(&form, Some(b"open")).unwrap().pkey().public_eq(&key));
        }
    }

    #[test]
    fn what_is_no_rsa_private_key_is_refused() {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let ec = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let pem = ec.private_key_to_pem_pkcs8().unwrap();
        assert_eq!(PrivateKey::parse(&pem, None).unwrap_err(), KeyError::NotRsa);
        let public = rsa().public_key_to_pem().unwrap();
        for other in [&b""[..], b"nonsense", b"\x30", b"\x30\x80\x30", &public] {
            assert!(matches!(
                PrivateKey::parse(other, None),
                Err(KeyError::Unreadable | KeyError::PassphraseNeeded)
            ));
        }
    }

    #[test]
    fn debug_shows_the_size_alone() {
        let key = PrivateKey { key: rsa() };
        assert_eq!(format!("{key:?}"), "PrivateKey(RSA 1024 bits)");
    }
}
