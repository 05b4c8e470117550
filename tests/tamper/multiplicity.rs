//! More of something than there may be: Signatures, `SignedInfo`s, References, values, a Manifest.

use super::forge::{Of, sign};
use super::subject::signature;
use super::{Attack, Class, Table};
use crate::support::keys::Key;
use crate::support::signature::Signing;

const STRUCTURE: &[&str] = &["signature-structure"];
const RUN: &str = "crypto/vet.rs run";
const REFERENCE: &str = "crypto/vet.rs reference";

pub(super) const TABLE: Table = Table {
    class: Class::Multiplicity,
    attacks: &[
        Attack::rejected(
            "second-signature-behind",
            STRUCTURE,
            "crypto/signature.rs element",
            |s| {
                let own = s.signature()?;
                s.edit().after(own, s.source(own)).done()
            },
        ),
        Attack::rejected(
            "second-signature-of-the-attacker-before",
            STRUCTURE,
            "crypto/signature.rs element",
            |s| {
                let own = s.source(signature(s.assertion()?)?);
                let signed = sign(s.text(), Of::Assertion, &Signing::with(Key::Other));
                let document = super::forge::parse(&signed);
                let forged = signature(super::subject::assertion(&document)?)?;
                super::surgery::Edit::new(&signed).after(forged, own).done()
            },
        ),
        Attack::rejected(
            "second-signature-that-is-empty",
            STRUCTURE,
            "crypto/signature.rs element",
            |s| {
                let empty = "<e:Signature xmlns:e=\"http://www.w3.org/2000/09/xmldsig#\"/>";
                s.edit().before(s.signature()?, empty).done()
            },
        ),
        Attack::rejected(
            "response-signed-by-the-attacker-as-well",
            &["signature-wrong-key"],
            "crypto/signature.rs view",
            |s| {
                let unsigned = signature(s.response()?).is_none();
                let forged = sign(s.text(), Of::Response, &Signing::with(Key::Other));
                unsigned.then(|| forged.into_bytes())
            },
        ),
        Attack::rejected(
            "assertion-signed-by-the-attacker-as-well",
            &["signature-wrong-key"],
            "crypto/signature.rs view",
            |s| {
                let unsigned = signature(s.assertion()?).is_none();
                let forged = sign(s.text(), Of::Assertion, &Signing::with(Key::Other));
                unsigned.then(|| forged.into_bytes())
            },
        ),
        Attack::rejected("second-signed-info-behind", STRUCTURE, RUN, |s| {
            let info = s.in_signature("SignedInfo")?;
            s.edit().after(info, s.source(info)).done()
        }),
        Attack::rejected("second-signed-info-before-with-another-digest", STRUCTURE, RUN, |s| {
            let info = s.in_signature("SignedInfo")?;
            let digest = s.in_signature("DigestValue")?.text().value;
            let other = s.source(info).replace(digest.as_ref(), "AAAA");
            s.edit().before(info, &other).done()
        }),
        Attack::rejected("second-signed-info-at-the-end", STRUCTURE, RUN, |s| {
            s.edit().last_in(s.signature()?, s.source(s.in_signature("SignedInfo")?)).done()
        }),
        Attack::rejected("second-reference-behind", STRUCTURE, RUN, |s| {
            let reference = s.in_signature("Reference")?;
            s.edit().after(reference, s.source(reference)).done()
        }),
        Attack::rejected("second-reference-before-to-another-element", STRUCTURE, RUN, |s| {
            let reference = s.in_signature("Reference")?;
            let other = s.source(reference).replace("URI=\"#", "URI=\"#x");
            s.edit().before(reference, &other).done()
        }),
        Attack::rejected("no-reference", STRUCTURE, RUN, |s| {
            s.edit().remove(s.in_signature("Reference")?).done()
        }),
        Attack::rejected("ten-thousand-references", STRUCTURE, RUN, |s| {
            let reference = s.in_signature("Reference").filter(|_| s.first)?;
            s.edit().replace(reference, s.source(reference).repeat(10_000)).done()
        }),
        Attack::rejected("manifest-in-object", STRUCTURE, RUN, |s| {
            let object = format!(
                "<o:Object xmlns:o=\"http://www.w3.org/2000/09/xmldsig#\"><o:Manifest Id=\"_m\">{}\
                 </o:Manifest></o:Object>",
                s.source(s.in_signature("Reference")?)
            );
            s.edit().last_in(s.signature()?, &object).done()
        }),
        Attack::rejected("manifest-in-signed-info", STRUCTURE, RUN, |s| {
            let reference = s.in_signature("Reference")?;
            let manifest = "<m:Manifest xmlns:m=\"http://www.w3.org/2000/09/xmldsig#\">";
            let manifest = format!("{manifest}{}</m:Manifest>", s.source(reference));
            s.edit().replace(reference, manifest).done()
        }),
        Attack::rejected("empty-object", STRUCTURE, RUN, |s| {
            let object = "<o:Object xmlns:o=\"http://www.w3.org/2000/09/xmldsig#\"/>";
            s.edit().last_in(s.signature()?, object).done()
        }),
        Attack::rejected("second-key-info", STRUCTURE, RUN, |s| {
            let key_info = s.in_signature("KeyInfo")?;
            s.edit().after(key_info, s.source(key_info)).done()
        }),
        Attack::rejected("second-signature-value", STRUCTURE, RUN, |s| {
            let value = s.in_signature("SignatureValue")?;
            s.edit().after(value, s.source(value)).done()
        }),
        Attack::rejected("second-digest-value", STRUCTURE, REFERENCE, |s| {
            let value = s.in_signature("DigestValue")?;
            s.edit().before(value, s.source(value)).done()
        }),
        Attack::rejected("second-digest-method", STRUCTURE, REFERENCE, |s| {
            let method = s.in_signature("DigestMethod")?;
            s.edit().after(method, s.source(method)).done()
        }),
        Attack::rejected("second-signature-method", STRUCTURE, RUN, |s| {
            let method = s.in_signature("SignatureMethod")?;
            s.edit().before(method, s.source(method)).done()
        }),
        Attack::rejected("second-canonicalization-method", STRUCTURE, RUN, |s| {
            let method = s.in_signature("CanonicalizationMethod")?;
            s.edit().before(method, s.source(method)).done()
        }),
        Attack::rejected("second-transforms", STRUCTURE, REFERENCE, |s| {
            let transforms = s.in_signature("Transforms")?;
            s.edit().before(transforms, s.source(transforms)).done()
        }),
    ],
};
