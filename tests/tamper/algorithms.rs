//! Downgraded, unknown and forbidden algorithms, and keys that are too small to mean anything.

use openssl::hash::MessageDigest;
use openssl::sign::Signer;

use super::forge::{altered, by_idp, certificate_for, rsa, sign_all, value};
use super::subject::Subject;
use super::{Attack, Class, Table};
use crate::support::keys::Key;
use crate::support::signature::{Digest, KeyInfo, Signing};

const ALGORITHM: &[&str] = &["signature-algorithm"];
const FROM_URI: &str = "crypto/algorithm.rs from_uri";
const HOLDS: &str = "crypto/value.rs signature_holds";
const FITS: &str = "crypto/signature.rs fits";

/// Another `Algorithm` on one of the Signature's elements.
fn algorithm(s: &Subject, element: &str, uri: &str) -> Option<Vec<u8>> {
    let markup = format!("Algorithm=\"{uri}\"");
    s.edit().attribute(s.in_signature(element)?, "Algorithm", &markup).done()
}

/// The altered message, its value made by this key with SHA-256; KeyInfo is left out.
fn by_key(s: &Subject, key: &openssl::pkey::PKey<openssl::pkey::Private>) -> Option<Vec<u8>> {
    let signing = Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::Other) };
    let text = sign_all(s, &altered(s)?, &signing);
    let signed = value(&text, |octets| {
        Signer::new(MessageDigest::sha256(), key).unwrap().sign_oneshot_to_vec(octets).unwrap()
    });
    Some(signed.into_bytes())
}

thread_local! {
    static TINY: openssl::pkey::PKey<openssl::pkey::Private> = rsa(512, 65_537);
    static SMALL: openssl::pkey::PKey<openssl::pkey::Private> = rsa(1016, 65_537);
}

pub(super) const TABLE: Table = Table {
    class: Class::Algorithms,
    attacks: &[
        Attack::rejected("signature-method-none", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "SignatureMethod", "none")
        }),
        Attack::rejected("signature-method-empty", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "SignatureMethod", "")
        }),
        Attack::rejected("signature-method-rsa-md5", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5")
        }),
        Attack::rejected("signature-method-rsa-ripemd160", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160")
        }),
        Attack::rejected("signature-method-dsa", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "SignatureMethod", "http://www.w3.org/2000/09/xmldsig#dsa-sha1")
        }),
        Attack::rejected("signature-method-unknown", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "SignatureMethod", "urn:mallory")
        }),
        Attack::rejected("signature-method-in-another-case", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256")
        }),
        Attack::rejected("signature-method-missing", ALGORITHM, FROM_URI, |s| {
            s.edit().attribute(s.in_signature("SignatureMethod")?, "Algorithm", "").done()
        }),
        Attack::rejected("digest-method-md5", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#md5")
        }),
        Attack::rejected("digest-method-none", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "DigestMethod", "none")
        }),
        Attack::rejected("digest-method-that-is-a-signature-method", ALGORITHM, FROM_URI, |s| {
            algorithm(s, "DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
        }),
        Attack::rejected(
            "digest-with-parameters",
            &["signature-structure"],
            "crypto/vet.rs without_content",
            |s| s.edit().content(s.in_signature("DigestMethod")?, "<x xmlns=\"\"/>").done(),
        ),
        Attack::rejected(
            "canonicalisation-unknown",
            ALGORITHM,
            "crypto/vet.rs canonicalization",
            |s| algorithm(s, "CanonicalizationMethod", "urn:mallory"),
        ),
        Attack::rejected(
            "digest-method-downgraded",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| {
                let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
                let other = s.in_signature("DigestMethod")?.attribute("Algorithm")? != sha1;
                if other { algorithm(s, "DigestMethod", sha1) } else { None }
            },
        ),
        Attack::rejected("signature-method-downgraded", &["signature-value"], HOLDS, |s| {
            let sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
            let other = s.in_signature("SignatureMethod")?.attribute("Algorithm")? != sha1;
            if other { algorithm(s, "SignatureMethod", sha1) } else { None }
        }),
        // libxmlsec1 1.2 has no PSS and cannot judge it.
        Attack::rejected("rsa-read-as-pss", &["signature-value", "signature-engine"], HOLDS, |s| {
            let pss = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
            algorithm(s, "SignatureMethod", pss)
        }),
        Attack::rejected("rsa-read-as-ecdsa", &["signature-key"], FITS, |s| {
            let ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
            algorithm(s, "SignatureMethod", ecdsa)
        }),
        Attack::unchanged(
            "sha-1-by-the-identity-provider",
            "weak-sha1",
            &[],
            "crypto/result.rs findings",
            |s| {
                let signing = Signing { digest: Digest::Sha1, ..Signing::with(Key::Idp) };
                s.assertion()?;
                Some(sign_all(s, s.text(), &signing).into_bytes())
            },
        )
        .judged(by_idp),
        Attack::unchanged(
            "rsa-1024-by-the-identity-provider",
            "weak-key",
            &[],
            "crypto/result.rs findings",
            |s| {
                s.assertion()?;
                Some(sign_all(s, s.text(), &Signing::with(Key::Weak)).into_bytes())
            },
        )
        .judged(|judging| judging.trust(&Key::Weak.certificate())),
        Attack::rejected("rsa-512-that-is-configured", &["signature-key"], FITS, |s| {
            TINY.with(|key| by_key(s, key))
        })
        .judged(|judging| TINY.with(|key| judging.trust(&certificate_for(key)))),
        Attack::rejected("rsa-1016-that-is-configured", &["signature-key"], FITS, |s| {
            SMALL.with(|key| by_key(s, key))
        })
        .judged(|judging| SMALL.with(|key| judging.trust(&certificate_for(key)))),
        Attack::rejected("rsa-512-of-the-attacker", &["signature-value"], HOLDS, |s| {
            TINY.with(|key| by_key(s, key))
        }),
        Attack::rejected("ecdsa-of-zeros", &["signature-value"], HOLDS, |s| {
            let signing = Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::P256) };
            let text = sign_all(s, &altered(s)?, &signing);
            Some(value(&text, |_| vec![0; 64]).into_bytes())
        })
        .judged(|judging| judging.trust(&Key::P256.certificate())),
        Attack::rejected("ecdsa-of-the-order-itself", &["signature-value"], HOLDS, |s| {
            let signing = Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::P256) };
            let text = sign_all(s, &altered(s)?, &signing);
            let order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
            let order = openssl::bn::BigNum::from_hex_str(order).ok()?.to_vec();
            Some(value(&text, |_| [order.as_slice(), &order].concat()).into_bytes())
        })
        .judged(|judging| judging.trust(&Key::P256.certificate())),
        Attack::rejected("ecdsa-cut-in-half", &["signature-value"], HOLDS, |s| {
            let signing = Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::P256) };
            let text = sign_all(s, &altered(s)?, &signing);
            Some(value(&text, |_| vec![1; 32]).into_bytes())
        })
        .judged(|judging| judging.trust(&Key::P256.certificate())),
    ],
};
