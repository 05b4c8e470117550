//! Signature exclusion: the signature is taken away, renamed, moved or emptied, in the hope that nothing is then checked.

use samlcheck::xml::Element;

use super::forge::altered;
use super::subject::{Subject, signature};
use super::surgery::{Edit, source};
use super::{Attack, Class, Table};

const MISSING: &[&str] = &["signature-missing"];
const RUN: &str = "checks/signature.rs run";
const VIEW: &str = "crypto/signature.rs view";

/// The altered message with every Signature changed by `change`.
fn each(
    s: &Subject,
    change: impl for<'t> Fn(Edit<'t>, Element<'_>, &str) -> Edit<'t>,
) -> Option<Vec<u8>> {
    let message = super::forge::parse(&altered(s)?);
    let inner = super::subject::assertion(&message).and_then(signature);
    let outer = super::subject::response(&message).and_then(signature);
    let all = outer.into_iter().chain(inner);
    // The inner one lies in no outer Signature, so that the two changes never touch.
    let one = |edit, signature| change(edit, signature, source(message.text(), signature));
    all.fold(Edit::new(message.text()), one).done()
}

pub(super) const TABLE: Table = Table {
    class: Class::SignatureExclusion,
    attacks: &[
        Attack::rejected("signatures-removed", MISSING, RUN, |s| {
            each(s, |edit, signature, _| edit.remove(signature))
        }),
        Attack::rejected("signatures-removed-and-nothing-altered", MISSING, RUN, |s| {
            let inner = signature(s.assertion()?);
            let all = s.response().and_then(signature).into_iter().chain(inner);
            all.fold(s.edit(), Edit::remove).done()
        }),
        Attack::rejected("signatures-in-a-comment", MISSING, RUN, |s| {
            each(s, |edit, signature, source| {
                edit.replace(signature, format!("<!--{}-->", source.replace("--", "- -")))
            })
        }),
        Attack::rejected("signatures-renamed", MISSING, RUN, |s| {
            each(s, |edit, signature, source| {
                let name = signature.name();
                let other = name.replace("Signature", "signature");
                let other = source
                    .replacen(&format!("<{name}"), &format!("<{other}"), 1)
                    .replace(&format!("</{name}>"), &format!("</{other}>"));
                edit.replace(signature, other)
            })
        }),
        Attack::rejected("signatures-in-another-namespace", MISSING, RUN, |s| {
            each(s, |edit, signature, source| {
                edit.replace(signature, source.replace("2000/09/xmldsig#\"", "2000/09/xmldsig\""))
            })
        }),
        Attack::rejected(
            "signatures-emptied",
            &["signature-structure"],
            "crypto/vet.rs run",
            |s| each(s, |edit, signature, _| edit.content(signature, "")),
        ),
        Attack::rejected("signatures-wrapped", MISSING, RUN, |s| {
            each(s, |edit, signature, source| {
                edit.replace(signature, format!("<x:box xmlns:x=\"urn:x\">{source}</x:box>"))
            })
        }),
        Attack::rejected(
            "signature-moved-into-the-issuer",
            &["signature-missing", "format-value"],
            RUN,
            |s| {
                let own = s.signature().filter(|_| {
                    s.assertion().and_then(signature).is_none()
                        || s.response().and_then(signature).is_none()
                })?;
                let issuer = s.signed()?.children().next()?;
                s.edit().remove(own).last_in(issuer, s.source(own)).done()
            },
        ),
        Attack::rejected("signature-moved-into-advice", MISSING, RUN, |s| {
            s.response().is_none().then_some(())?;
            let own = s.signature()?;
            let advice = format!(
                "<a:Advice xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</a:Advice>",
                s.source(own)
            );
            s.edit().remove(own).after(s.part("Conditions")?, &advice).done()
        }),
        Attack::rejected(
            "signature-of-the-assertion-moved-to-the-response",
            &["signature-reference"],
            "crypto/vet.rs target",
            |s| {
                let own = signature(s.assertion()?)?;
                signature(s.response()?).is_none().then_some(())?;
                let issuer = s.response()?.children().next()?;
                s.edit().remove(own).after(issuer, s.source(own)).done()
            },
        ),
        Attack::rejected(
            "signature-of-the-response-moved-to-the-assertion",
            &["signature-reference"],
            "crypto/vet.rs target",
            |s| {
                let own = signature(s.response()?)?;
                signature(s.assertion()?).is_none().then_some(())?;
                s.edit().remove(own).after(s.part("Issuer")?, s.source(own)).done()
            },
        ),
        Attack::rejected(
            "signature-value-removed",
            &["signature-structure"],
            "crypto/vet.rs run",
            |s| s.edit().remove(s.in_signature("SignatureValue")?).done(),
        ),
        Attack::rejected(
            "signature-value-emptied",
            &["signature-structure"],
            "crypto/vet.rs only_text",
            |s| s.edit().content(s.in_signature("SignatureValue")?, "").done(),
        ),
        Attack::rejected(
            "signed-info-removed",
            &["signature-structure"],
            "crypto/vet.rs run",
            |s| s.edit().remove(s.in_signature("SignedInfo")?).done(),
        ),
        Attack::rejected("user-altered", &["signature-digest"], VIEW, |s| {
            Some(altered(s)?.into_bytes())
        }),
        Attack::rejected(
            "user-altered-and-the-outer-signature-removed",
            &["signature-digest"],
            VIEW,
            |s| {
                signature(s.assertion()?)?;
                let altered = super::forge::parse(&altered(s)?);
                let outer = signature(super::subject::response(&altered)?)?;
                Edit::new(altered.text()).remove(outer).done()
            },
        ),
        Attack::rejected(
            "outer-signature-broken-and-the-inner-good",
            &["signature-digest"],
            VIEW,
            |s| {
                let outer = signature(s.response()?)?;
                signature(s.assertion()?)?;
                let edit = s.edit().in_tag(s.response()?, "Consent=\"urn:mallory\"");
                edit.after(outer, "<!-- -->").done()
            },
        ),
        Attack::harmless("outer-signature-removed-and-the-inner-good", &[], VIEW, |s| {
            signature(s.assertion()?)?;
            s.edit().remove(signature(s.response()?)?).done()
        }),
    ],
};
