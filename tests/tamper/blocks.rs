//! Forgeries against RSA with a small exponent, and every way to get the padding of PKCS #1 v1.5 almost right.
//!
//! A verifier that reads the padded block leniently accepts what Bleichenbacher computed by hand: with exponent 3 a cube root is
//! a signature. The key here has exponent 3, and its owner writes blocks that only a lenient reader takes (RFC 8017 §8.2.2).

use openssl::bn::{BigNum, BigNumContext};
use openssl::pkey::{PKey, Private, Public};
use openssl::rsa::{Padding, Rsa};

use super::forge::{altered, certificate_for, digest_info, rsa, sign_all, value};
use super::subject::{Judging, Subject};
use super::{Attack, Class, Table};
use crate::support::keys::Key;
use crate::support::signature::{KeyInfo, Signing};

const VALUE: &[&str] = &["signature-value"];
const RSA: &str = "crypto/value.rs rsa_holds";
/// Bytes of the modulus.
const SIZE: usize = 256;

thread_local! {
    static CUBE: PKey<Private> = rsa(2048, 3);
}

fn trust_cube(judging: &mut Judging) {
    CUBE.with(|key| judging.trust(&certificate_for(key)));
}

fn by_other(s: &Subject) -> Option<String> {
    let signing = Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::Other) };
    Some(sign_all(s, &altered(s)?, &signing))
}

/// The altered message with a value whose cube is the block that `block` writes from the `DigestInfo`.
fn with_block(s: &Subject, block: fn(&[u8]) -> Vec<u8>) -> Option<Vec<u8>> {
    let signed = value(&by_other(s)?, |octets| {
        let block = block(&digest_info(octets));
        assert_eq!(block.len(), SIZE);
        let mut signature = vec![0; SIZE];
        CUBE.with(|key| key.rsa().unwrap().private_encrypt(&block, &mut signature, Padding::NONE))
            .unwrap();
        signature
    });
    Some(signed.into_bytes())
}

/// `00 01`, padding, `00`, content, and what is missing at the end.
fn block(padding: usize, filler: u8, content: &[u8], tail: u8) -> Vec<u8> {
    let mut block = vec![0, 1];
    block.extend(vec![filler; padding]);
    block.push(0);
    block.extend(content);
    block.resize(SIZE, tail);
    block
}

/// The padding that fills a block exactly.
fn full(content: &[u8]) -> usize {
    SIZE - 3 - content.len()
}

/// The largest number whose cube is not above `number`.
fn cube_root(number: &BigNum) -> BigNum {
    let mut context = BigNumContext::new().unwrap();
    let mut root = BigNum::new().unwrap();
    for bit in (0..=number.num_bits() / 3).rev() {
        root.set_bit(bit).unwrap();
        let (mut square, mut cube) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        square.sqr(&root, &mut context).unwrap();
        cube.checked_mul(&square, &root, &mut context).unwrap();
        if cube > *number {
            root.clear_bit(bit).unwrap();
        }
    }
    root
}

/// A public key with exponent 1: every value is its own signature.
fn exponent_one() -> PKey<Public> {
    let modulus = Key::Other.private().rsa().unwrap().n().to_owned().unwrap();
    let key = Rsa::from_public_components(modulus, BigNum::from_u32(1).unwrap()).unwrap();
    PKey::from_rsa(key).unwrap()
}

pub(super) const TABLE: Table = Table {
    class: Class::Algorithms,
    attacks: &[
        Attack::rejected("cube-root-with-garbage-behind", VALUE, RSA, |s| {
            let signed = value(&by_other(s)?, |octets| {
                // All bytes behind the digest are free, so that the root rounded up has the right front.
                let block = block(8, 0xFF, &digest_info(octets), 0xFF);
                let root = cube_root(&BigNum::from_slice(&block).unwrap());
                root.to_vec_padded(256).unwrap()
            });
            Some(signed.into_bytes())
        })
        .judged(trust_cube),
        Attack::rejected("block-with-garbage-behind", VALUE, RSA, |s| {
            with_block(s, |info| block(8, 0xFF, info, 0xAB))
        })
        .judged(trust_cube),
        Attack::rejected("block-with-zeros-behind", VALUE, RSA, |s| {
            with_block(s, |info| block(8, 0xFF, info, 0))
        })
        .judged(trust_cube),
        Attack::rejected("block-without-padding", VALUE, RSA, |s| {
            with_block(s, |info| block(0, 0xFF, info, 0xFF))
        })
        .judged(trust_cube),
        Attack::rejected("block-padded-with-zeros", VALUE, RSA, |s| {
            with_block(s, |info| block(full(info), 0, info, 0))
        })
        .judged(trust_cube),
        Attack::rejected("block-padded-with-other-bytes", VALUE, RSA, |s| {
            with_block(s, |info| block(full(info), 0xFE, info, 0))
        })
        .judged(trust_cube),
        Attack::rejected("block-of-type-2", VALUE, RSA, |s| {
            with_block(s, |info| {
                let mut block = block(full(info), 0xFF, info, 0);
                block[1] = 2;
                block
            })
        })
        .judged(trust_cube),
        Attack::rejected("block-of-type-0", VALUE, RSA, |s| {
            with_block(s, |info| {
                let mut block = block(full(info), 0, info, 0);
                block[1] = 0;
                block
            })
        })
        .judged(trust_cube),
        Attack::rejected("block-without-separator", VALUE, RSA, |s| {
            with_block(s, |info| {
                let mut block = block(full(info), 0xFF, info, 0);
                block[2 + full(info)] = 0xFF;
                block
            })
        })
        .judged(trust_cube),
        Attack::rejected("block-with-the-bare-hash", VALUE, RSA, |s| {
            with_block(s, |info| {
                let hash = &info[19..];
                block(full(hash), 0xFF, hash, 0)
            })
        })
        .judged(trust_cube),
        Attack::rejected("block-with-garbage-as-parameters", VALUE, RSA, |s| {
            with_block(s, |info| {
                // The AlgorithmIdentifier's NULL becomes an OCTET STRING of 64 chosen bytes, all lengths adjusted.
                let (oid, hash) = (&info[4..15], &info[17..]);
                let algorithm = [&[0x30, 77][..], oid, &[0x04, 64], &[0xAB; 64]].concat();
                let mut changed = vec![0x30, u8::try_from(algorithm.len() + hash.len()).unwrap()];
                changed.extend(algorithm);
                changed.extend(hash);
                block(full(&changed), 0xFF, &changed, 0)
            })
        })
        .judged(trust_cube),
        Attack::rejected("block-with-another-hash-named", VALUE, RSA, |s| {
            with_block(s, |info| {
                let mut changed = info.to_vec();
                changed[14] = 2; // SHA-384
                block(full(&changed), 0xFF, &changed, 0)
            })
        })
        .judged(trust_cube),
        Attack::rejected("block-with-a-long-form-length", VALUE, RSA, |s| {
            with_block(s, |info| {
                let changed = [&[0x30, 0x81, 0x31][..], &info[2..]].concat();
                block(full(&changed), 0xFF, &changed, 0)
            })
        })
        .judged(trust_cube),
        Attack::rejected("value-of-zero", VALUE, RSA, |s| {
            Some(value(&by_other(s)?, |_| vec![0; SIZE]).into_bytes())
        })
        .judged(trust_cube),
        Attack::rejected("value-of-one", VALUE, RSA, |s| {
            let one = |_: &[u8]| BigNum::from_u32(1).unwrap().to_vec_padded(256).unwrap();
            Some(value(&by_other(s)?, one).into_bytes())
        })
        .judged(trust_cube),
        Attack::rejected("value-with-a-zero-in-front", VALUE, RSA, |s| {
            let signed = value(&by_other(s)?, |octets| {
                let info = digest_info(octets);
                let mut signature = vec![0; SIZE];
                let block = block(full(&info), 0xFF, &info, 0);
                CUBE.with(|key| {
                    let key = key.rsa().unwrap();
                    key.private_encrypt(&block, &mut signature, Padding::NONE).unwrap()
                });
                [&[0][..], &signature].concat()
            });
            Some(signed.into_bytes())
        })
        .judged(trust_cube),
        Attack::rejected("value-above-the-modulus", VALUE, RSA, |s| {
            Some(value(&by_other(s)?, |_| vec![0xFF; SIZE]).into_bytes())
        })
        .judged(trust_cube),
        Attack::rejected("exponent-one", &["signature-key"], "crypto/signature.rs fits", |s| {
            let signed = value(&by_other(s)?, |octets| {
                let info = digest_info(octets);
                block(full(&info), 0xFF, &info, 0)
            });
            Some(signed.into_bytes())
        })
        .judged(|judging| judging.trust(&certificate_for(&exponent_one()))),
    ],
};
