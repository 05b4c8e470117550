//! The arithmetic of decryption, by OpenSSL: a wrapped key to a content key, ciphertext to plaintext.
//!
//! xmlenc-core1 §5.2.1 (padding), §5.2.4 (AES-GCM), §5.5.1 and §5.5.2 (RSA). libxmlsec1 1.2 knows no OAEP with other hashes than
//! SHA-1, so it has no part in this.

use openssl::encrypt::Decrypter;
use openssl::error::ErrorStack;
use openssl::rsa::Padding;
use openssl::symm::{Cipher, Crypter, Mode, decrypt_aead};

use super::super::engine::DigestMethod;
use super::algorithm::{ContentCipher, KeyTransport};
use super::key::PrivateKey;
use super::{Fault, oaep};

/// Octets of the nonce and of the tag of AES-GCM (xmlenc-core1 §5.2.4).
const GCM_NONCE: usize = 12;
const GCM_TAG: usize = 16;

/// The content key in `wrapped`.
///
/// With RSA-1.5 a wrong key or a changed ciphertext need not fail here: OpenSSL then answers with random octets (implicit
/// rejection), which fail later as content.
pub(super) fn unwrap(
    key: &PrivateKey,
    transport: &KeyTransport,
    wrapped: &[u8],
) -> Result<Vec<u8>, Fault> {
    let opened = match transport {
        KeyTransport::Rsa15 => {
            rsa(key, wrapped, |decrypter| decrypter.set_rsa_padding(Padding::PKCS1))
        }
        KeyTransport::Oaep { digest, mgf, label, mgf1p } => {
            let oaep = |mgf: DigestMethod| {
                if label.is_empty() {
                    return rsa(key, wrapped, |decrypter| set_oaep(decrypter, *digest, mgf));
                }
                let encoded = rsa(key, wrapped, |d| d.set_rsa_padding(Padding::NONE))?;
                oaep::unpad(&encoded, *digest, mgf, label)?.ok_or_else(ErrorStack::get)
            };
            // Choice: rsa-oaep-mgf1p means MGF1 with SHA-1, whatever the digest. Node's crypto cannot set the two apart, so
            // xml-encryption uses the digest for both under this identifier, and that is tried second.
            match oaep(*mgf) {
                Err(_) if *mgf1p && digest != mgf => oaep(*digest),
                opened => opened,
            }
        }
    };
    opened.map_err(|_| Fault::Unwrap)
}

fn set_oaep(
    decrypter: &mut Decrypter<'_>,
    digest: DigestMethod,
    mgf: DigestMethod,
) -> Result<(), ErrorStack> {
    decrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
    decrypter.set_rsa_oaep_md(digest.message_digest())?;
    decrypter.set_rsa_mgf1_md(mgf.message_digest())
}

fn rsa(
    key: &PrivateKey,
    wrapped: &[u8],
    set: impl FnOnce(&mut Decrypter<'_>) -> Result<(), ErrorStack>,
) -> Result<Vec<u8>, ErrorStack> {
    let mut decrypter = Decrypter::new(key.pkey())?;
    set(&mut decrypter)?;
    let mut content_key = vec![0; decrypter.decrypt_len(wrapped)?];
    let length = decrypter.decrypt(wrapped, &mut content_key)?;
    content_key.truncate(length);
    Ok(content_key)
}

/// The plaintext of `ciphertext`, which begins with the initialisation vector.
pub(super) fn content(
    cipher: ContentCipher,
    key: &[u8],
    ciphertext: &[u8],
) -> Result<Vec<u8>, Fault> {
    let openssl = openssl_cipher(cipher);
    if key.len() != openssl.key_len() {
        return Err(Fault::KeyLength);
    }
    let plaintext = if cipher.is_authenticated() {
        gcm(openssl, key, ciphertext)
    } else {
        cbc(openssl, key, ciphertext)
    };
    plaintext.filter(|plaintext| !plaintext.is_empty()).ok_or(Fault::Content)
}

fn gcm(cipher: Cipher, key: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = ciphertext.split_at_checked(GCM_NONCE)?;
    let (body, tag) = rest.split_at_checked(rest.len().checked_sub(GCM_TAG)?)?;
    decrypt_aead(cipher, key, Some(nonce), &[], body, tag).ok()
}

fn cbc(cipher: Cipher, key: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let block = cipher.block_size();
    let (iv, body) = ciphertext.split_at_checked(block)?;
    if body.is_empty() || body.len() % block != 0 {
        return None;
    }
    let mut crypter = Crypter::new(cipher, Mode::Decrypt, key, Some(iv)).ok()?;
    crypter.pad(false);
    let mut plaintext = vec![0; body.len() + block];
    let length = crypter.update(body, &mut plaintext).ok()?;
    let length = length + crypter.finalize(plaintext.get_mut(length..)?).ok()?;
    plaintext.truncate(length);
    // Not PKCS#7: only the last octet counts, the others are arbitrary (xmlenc-core1 §5.2.1).
    let padding = usize::from(*plaintext.last()?);
    if padding == 0 || padding > block {
        return None;
    }
    plaintext.truncate(length.checked_sub(padding)?);
    Some(plaintext)
}

pub(super) fn openssl_cipher(cipher: ContentCipher) -> Cipher {
    match cipher {
        ContentCipher::Aes128Cbc => Cipher::aes_128_cbc(),
        ContentCipher::Aes192Cbc => Cipher::aes_192_cbc(),
        ContentCipher::Aes256Cbc => Cipher::aes_256_cbc(),
        ContentCipher::Aes128Gcm => Cipher::aes_128_gcm(),
        ContentCipher::Aes192Gcm => Cipher::aes_192_gcm(),
        ContentCipher::Aes256Gcm => Cipher::aes_256_gcm(),
        ContentCipher::TripleDesCbc => Cipher::des_ede3_cbc(),
    }
}
