//! The two base64 values of a `Signature`, and whether they hold over given octets: `DigestValue` and
//! `SignatureValue`.
//!
//! xmldsig-core1 §4.3 (`SignatureValue`), §4.4.3.6 (`DigestValue`), §6.4 (RSA, ECDSA); RFC 6931 §2.3.10 (RSA-PSS).
//! The arithmetic is OpenSSL's; every engine asks here, so that no verdict rests on one library alone.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::md::Md;
use openssl::pkey::{Id, PKey, PKeyRef, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};

use super::engine::{DigestMethod, EngineError, KeyFamily, SignatureMethod};

/// Decodes the text of an xs:base64Binary element, whose white space means nothing.
///
/// Only the four characters that XML calls white space are skipped; a JDK writes them as `&#13;`.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let mut compact = Vec::with_capacity(text.len());
    compact.extend(text.bytes().filter(|byte| !is_space(byte)));
    STANDARD.decode(compact).ok()
}

/// Whether the octets have this digest.
pub(super) fn digest_holds(
    method: DigestMethod,
    octets: &[u8],
    digest: &[u8],
) -> Result<bool, EngineError> {
    let computed = openssl::hash::hash(method.message_digest(), octets).map_err(failure)?;
    Ok(*computed == *digest)
}

/// Refuses a key that is not of the algorithm's family: an RSA signature is never tried with an EC key.
pub(super) fn require_family(
    method: SignatureMethod,
    key: &PKeyRef<Public>,
) -> Result<(), EngineError> {
    let required = match method.key_family() {
        KeyFamily::Rsa => Id::RSA,
        KeyFamily::Ec => Id::EC,
    };
    if key.id() == required {
        return Ok(());
    }
    Err(EngineError::Key(format!("{} does not take a key of this type", method.name())))
}

/// Whether the value was made over the octets by the owner of the key.
pub(super) fn signature_holds(
    method: SignatureMethod,
    key: &PKeyRef<Public>,
    octets: &[u8],
    value: &[u8],
) -> Result<bool, EngineError> {
    require_family(method, key)?;
    match method.key_family() {
        KeyFamily::Rsa => rsa_holds(method, key, octets, value),
        KeyFamily::Ec => ecdsa_holds(method, key, octets, value),
    }
}

fn rsa_holds(
    method: SignatureMethod,
    key: &PKeyRef<Public>,
    octets: &[u8],
    value: &[u8],
) -> Result<bool, EngineError> {
    if !is_of_length(key, value)? {
        return Ok(false);
    }
    let hash = method.digest().message_digest();
    let digest = openssl::hash::hash(hash, octets).map_err(failure)?;
    if Prepared::confirms(method, key, &digest, value) {
        return Ok(true);
    }
    // A context that confirms nothing does not tell whether the value is wrong or something failed.
    let mut verifier = Verifier::new(hash, key).map_err(failure)?;
    if is_pss(method) {
        // RFC 6931 §2.3.10: MGF1 with the same hash, and a salt as long as the hash.
        verifier.set_rsa_padding(Padding::PKCS1_PSS).map_err(failure)?;
        verifier.set_rsa_mgf1_md(hash).map_err(failure)?;
        verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).map_err(failure)?;
    } else {
        verifier.set_rsa_padding(Padding::PKCS1).map_err(failure)?;
    }
    verifier.verify_oneshot(value, octets).map_err(failure)
}

/// An RSA key with the context to verify with, kept for the next signature: to set one up costs a fifth of a verification.
struct Prepared {
    method: SignatureMethod,
    key: PKey<Public>,
    context: PkeyCtx<Public>,
}

thread_local! {
    /// The one that was used last.
    static PREPARED: RefCell<Option<Prepared>> = const { RefCell::new(None) };
}

impl Prepared {
    fn new(method: SignatureMethod, key: &PKeyRef<Public>) -> Result<Self, ErrorStack> {
        let hash = match method.digest() {
            DigestMethod::Sha1 => Md::sha1(),
            DigestMethod::Sha224 => Md::sha224(),
            DigestMethod::Sha256 => Md::sha256(),
            DigestMethod::Sha384 => Md::sha384(),
            DigestMethod::Sha512 => Md::sha512(),
        };
        let mut context = PkeyCtx::new(key)?;
        context.verify_init()?;
        if is_pss(method) {
            context.set_rsa_padding(Padding::PKCS1_PSS)?;
            context.set_signature_md(hash)?;
            context.set_rsa_mgf1_md(hash)?;
            context.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        } else {
            context.set_rsa_padding(Padding::PKCS1)?;
            context.set_signature_md(hash)?;
        }
        Ok(Self { method, key: key.to_owned(), context })
    }

    /// Whether the value certainly holds over octets with this digest.
    fn confirms(
        method: SignatureMethod,
        key: &PKeyRef<Public>,
        digest: &[u8],
        value: &[u8],
    ) -> bool {
        PREPARED.with_borrow_mut(|prepared| {
            // The key is held, so that no other can come to stand at its address.
            let same = |p: &Self| p.method == method && std::ptr::eq::<PKeyRef<_>>(&*p.key, key);
            if !prepared.as_ref().is_some_and(same) {
                *prepared = Self::new(method, key).ok();
            }
            let confirmed = prepared.as_mut().map(|p| p.context.verify(digest, value));
            matches!(confirmed, Some(Ok(true)))
        })
    }
}

fn is_pss(method: SignatureMethod) -> bool {
    matches!(
        method,
        SignatureMethod::RsaPssSha1
            | SignatureMethod::RsaPssSha224
            | SignatureMethod::RsaPssSha256
            | SignatureMethod::RsaPssSha384
            | SignatureMethod::RsaPssSha512
    )
}

/// XML Signature writes an ECDSA value as r and s side by side, each as long as the order of the curve's base point
/// (xmldsig-core1 §6.4.3); OpenSSL takes a DER sequence.
fn ecdsa_holds(
    method: SignatureMethod,
    key: &PKeyRef<Public>,
    octets: &[u8],
    value: &[u8],
) -> Result<bool, EngineError> {
    if !is_of_length(key, value)? {
        return Ok(false);
    }
    let (r, s) = value.split_at_checked(value.len() / 2).unwrap_or_default();
    let signature = BigNum::from_slice(r)
        .and_then(|r| EcdsaSig::from_private_components(r, BigNum::from_slice(s)?))
        .and_then(|signature| signature.to_der())
        .map_err(failure)?;
    let hash = method.digest().message_digest();
    let mut verifier = Verifier::new(hash, key).map_err(failure)?;
    verifier.verify_oneshot(&signature, octets).map_err(failure)
}

/// Whether a value is as long as one that this key makes. libxmlsec1 fails on any other length, where it could say no.
///
/// Choice: an ECDSA value may be shorter, by as much in r as in s. Apache Santuario left out the zeros that both begin with, in every
/// fourth value of a P-521 key; the numbers are the same, and libxmlsec1 takes it, too.
pub(super) fn is_of_length(key: &PKeyRef<Public>, value: &[u8]) -> Result<bool, EngineError> {
    if key.id() != Id::EC {
        return Ok(value.len() == key.size());
    }
    let order_bits = key.ec_key().map_err(failure)?.group().order_bits();
    let half = usize::try_from(order_bits.div_ceil(8)).unwrap_or(usize::MAX);
    Ok(value.len().is_multiple_of(2) && value.len() / 2 <= half)
}

fn failure(error: ErrorStack) -> EngineError {
    EngineError::Engine(format!("OpenSSL: {error}"))
}

#[cfg(test)]
mod tests {
    use openssl::hash::MessageDigest;
    use openssl::pkey::Private;
    use openssl::rsa::Rsa;
    use openssl::sign::Signer;

    use super::*;

    fn key_pair() -> (PKey<Private>, PKey<Public>) {
        let private = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let public = PKey::public_key_from_der(&private.public_key_to_der().unwrap()).unwrap();
        (private, public)
    }

    #[test]
    fn rsa_pss_holds_over_the_octets_it_was_made_over() {
        let (private, public) = key_pair();
        for method in [SignatureMethod::RsaPssSha1, SignatureMethod::RsaPssSha256] {
            let hash = method.digest().message_digest();
            let mut signer = Signer::new(hash, &private).unwrap();
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer.set_rsa_mgf1_md(hash).unwrap();
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
            let value = signer.sign_oneshot_to_vec(b"octets").unwrap();
            assert!(signature_holds(method, &public, b"octets", &value).unwrap());
            assert!(!signature_holds(method, &public, b"Octets", &value).unwrap());
            let v15 = SignatureMethod::RsaSha256;
            assert!(!signature_holds(v15, &public, b"octets", &value).unwrap());
        }
    }

    #[test]
    fn a_prepared_context_serves_its_own_key_and_method_alone() {
        let (one, one_public) = key_pair();
        let (_, other_public) = key_pair();
        let value = Signer::new(MessageDigest::sha256(), &one)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(b"octets"))
            .unwrap();
        let holds =
            |method, key, octets: &[u8]| signature_holds(method, key, octets, &value).unwrap();
        for _ in 0..2 {
            assert!(holds(SignatureMethod::RsaSha256, &one_public, b"octets"));
            assert!(!holds(SignatureMethod::RsaSha256, &other_public, b"octets"));
            assert!(!holds(SignatureMethod::RsaSha256, &one_public, b"Octets"));
            assert!(!holds(SignatureMethod::RsaPssSha256, &one_public, b"octets"));
            assert!(!holds(SignatureMethod::RsaSha512, &one_public, b"octets"));
        }
    }

    #[test]
    fn a_signature_of_the_wrong_length_does_not_hold() {
        let (_, public) = key_pair();
        for length in [0, 1, 255, 257] {
            let value = vec![1; length];
            assert!(
                !signature_holds(SignatureMethod::RsaSha256, &public, b"octets", &value).unwrap()
            );
        }
    }

    #[test]
    fn zeros_that_both_halves_of_an_ecdsa_value_begin_with_may_be_missing() {
        use openssl::ec::{EcGroup, EcKey};
        use openssl::nid::Nid;

        let group = EcGroup::from_curve_name(Nid::SECP521R1).unwrap();
        let private = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let public = PKey::public_key_from_der(&private.public_key_to_der().unwrap()).unwrap();
        let method = SignatureMethod::EcdsaSha256;
        let hash = method.digest().message_digest();
        // Every fourth is short.
        let (r, s) = std::iter::repeat_with(|| {
            let der = Signer::new(hash, &private).unwrap().sign_oneshot_to_vec(b"octets").unwrap();
            let signature = EcdsaSig::from_der(&der).unwrap();
            (signature.r().to_vec(), signature.s().to_vec())
        })
        .find(|(r, s)| r.len().max(s.len()) == 65)
        .unwrap();
        let value = |half: usize| {
            let padded = |part: &[u8]| [vec![0; half - part.len()], part.to_vec()].concat();
            [padded(&r), padded(&s)].concat()
        };
        let holds = |value: &[u8]| signature_holds(method, &public, b"octets", value).unwrap();
        assert!(holds(&value(66)) && holds(&value(65)));
        assert!(!holds(&value(67)) && !holds(&value(66)[1..]) && !holds(&value(65)[2..]));
    }

    #[test]
    fn an_rsa_key_is_never_tried_with_ecdsa() {
        let (_, public) = key_pair();
        let found = signature_holds(SignatureMethod::EcdsaSha256, &public, b"octets", &[0; 64]);
        assert!(matches!(found, Err(EngineError::Key(_))));
    }

    #[test]
    fn base64_may_be_wrapped_but_is_otherwise_strict() {
        assert_eq!(decode(" Zm\r\n9v\t"), Some(b"foo".to_vec()));
        for text in ["Zm9", "Zm9vZg==Zg==", "Zm9\u{a0}v", "Zm9v!", "Zh=="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
