//! The padding of RSA-OAEP with a label (RFC 8017 §7.1.2), over RSA by OpenSSL.
//!
//! Choice: only for keys that carry `OAEPparams`, which are rare. OpenSSL undoes the padding of all others. It could undo this one
//! too, but the `openssl` crate gives a label away through a call that OpenSSL 3 answers with a copy: every label would be lost
//! memory, and a message chooses how long and how many labels are.

use openssl::error::ErrorStack;
use openssl::hash::{Hasher, hash};
use openssl::memcmp;

use super::super::engine::DigestMethod;

/// What `encoded`, which is as long as the modulus, pads. Nothing when it is not padded rightly, whatever is wrong with it.
pub(super) fn unpad(
    encoded: &[u8],
    digest: DigestMethod,
    mgf: DigestMethod,
    label: &[u8],
) -> Result<Option<Vec<u8>>, ErrorStack> {
    let label = hash(digest.message_digest(), label)?;
    let parts = encoded.split_first().and_then(|(first, masked)| {
        let (seed, block) = masked.split_at_checked(label.len())?;
        (block.len() > label.len()).then_some((first, seed, block))
    });
    // The lengths are those of the key and of the algorithm: nothing is learned from their being wrong.
    let Some((first, seed, block)) = parts else { return Ok(None) };
    let seed = unmask(seed, block, mgf)?;
    let block = unmask(block, &seed, mgf)?;
    let (own, rest) = block.split_at_checked(label.len()).unwrap_or_default();
    let zeros = rest.iter().take_while(|octet| **octet == 0).count();
    let (separator, content) = rest.get(zeros..).and_then(<[u8]>::split_first).unwrap_or((&0, &[]));
    // `eq` takes nothing but equal lengths, and `&` asks all three: how far a wrong key got must not show.
    let same = own.len() == label.len() && memcmp::eq(own, &label);
    Ok(((*first == 0) & (*separator == 1) & same).then(|| content.to_vec()))
}

/// `masked` without the mask that `seed` generates: MGF1 (RFC 8017 §B.2.1).
fn unmask(masked: &[u8], seed: &[u8], mgf: DigestMethod) -> Result<Vec<u8>, ErrorStack> {
    let digest = mgf.message_digest();
    let mut clear = Vec::with_capacity(masked.len());
    for (counter, part) in (0_u32..).zip(masked.chunks(digest.size().max(1))) {
        let mut hasher = Hasher::new(digest)?;
        hasher.update(seed)?;
        hasher.update(&counter.to_be_bytes())?;
        let mask = hasher.finish()?;
        clear.extend(part.iter().zip(mask.iter()).map(|(octet, mask)| octet ^ mask));
    }
    Ok(clear)
}

#[cfg(test)]
mod tests {
    use openssl::encrypt::{Decrypter, Encrypter};
    use openssl::rsa::Padding;

    use super::*;
    use crate::support::encryption::own_key;

    /// What OpenSSL pads with these hashes and without a label, unpadded by nobody yet.
    fn padded(content: &[u8], digest: DigestMethod, mgf: DigestMethod) -> Vec<u8> {
        let key = own_key();
        let mut encrypter = Encrypter::new(&key).unwrap();
        encrypter.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
        encrypter.set_rsa_oaep_md(digest.message_digest()).unwrap();
        encrypter.set_rsa_mgf1_md(mgf.message_digest()).unwrap();
        let mut wrapped = vec![0; encrypter.encrypt_len(content).unwrap()];
        let length = encrypter.encrypt(content, &mut wrapped).unwrap();
        let mut decrypter = Decrypter::new(&key).unwrap();
        decrypter.set_rsa_padding(Padding::NONE).unwrap();
        let mut encoded = vec![0; decrypter.decrypt_len(&wrapped[..length]).unwrap()];
        let length = decrypter.decrypt(&wrapped[..length], &mut encoded).unwrap();
        encoded.truncate(length);
        encoded
    }

    #[test]
    fn what_openssl_pads_is_unpadded() {
        for digest in DigestMethod::ALL {
            for mgf in DigestMethod::ALL {
                for content in [&b""[..], b"\0\x01", &[7; 32]] {
                    let encoded = padded(content, digest, mgf);
                    let found = unpad(&encoded, digest, mgf, b"").unwrap();
                    assert_eq!(found.as_deref(), Some(content), "{digest:?} {mgf:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_else_is_unpadded() {
        let (sha1, sha256) = (DigestMethod::Sha1, DigestMethod::Sha256);
        let encoded = padded(&[7; 16], sha256, sha1);
        let opens = |encoded: &[u8], digest, mgf, label: &[u8]| {
            unpad(encoded, digest, mgf, label).unwrap().is_some()
        };
        assert!(opens(&encoded, sha256, sha1, b""));
        assert!(!opens(&encoded, sha256, sha1, b"label"));
        assert!(!opens(&encoded, sha1, sha1, b""));
        assert!(!opens(&encoded, sha256, sha256, b""));
        for at in [0, 1, 40, encoded.len() - 1] {
            let mut changed = encoded.clone();
            changed[at] ^= 1;
            // Every octet counts, those of the content too: the seed is masked with them.
            assert!(!opens(&changed, sha256, sha1, b""), "{at}");
        }
        for length in 0..=65 {
            assert!(!opens(&encoded[..length], sha256, sha1, b""), "{length}");
        }
    }
}
