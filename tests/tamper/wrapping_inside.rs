//! Signature wrapping through places inside the assertion: Advice, attribute values, confirmations, the Signature itself.

use samlcheck::saml::ASSERTION;
use samlcheck::xml::Element;

use super::forge::{FORGED_ID, forged, parse, without_signature};
use super::subject::{Subject, assertion, signature};
use super::surgery::Edit;
use super::{Attack, Class, Table};

const COUNT: &[&str] = &["format-assertion-count"];
const STRUCTURE: &[&str] = &["signature-structure"];
const INNER: &str = "saml/assertion.rs note_others";
const SAML: &str = r#"xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion""#;

/// The message with a forged assertion in place of the signed one, and that one in `open` and `close` behind the element `behind`.
fn around(s: &Subject, behind: &str, open: &str, close: &str) -> Option<Vec<u8>> {
    let hidden = format!("{open}{}{close}", s.source(s.assertion()?));
    in_forged(s, behind, |edit, at| edit.after(at, &hidden))
}

/// The same, with the signed assertion at the end of the element `of`.
fn inside(s: &Subject, of: &str) -> Option<Vec<u8>> {
    let original = s.source(s.assertion()?);
    in_forged(s, of, |edit, at| edit.last_in(at, original))
}

fn in_forged(
    s: &Subject,
    part: &str,
    change: impl for<'t> Fn(Edit<'t>, Element<'_>) -> Edit<'t>,
) -> Option<Vec<u8>> {
    signature(s.assertion()?)?;
    let message = parse(&s.edit().replace(s.assertion()?, forged(s)?).text());
    let mut parts = assertion(&message)?.descendants();
    let at = parts.find(|element| element.is(ASSERTION, part))?;
    change(Edit::new(message.text()), at).done()
}

pub(super) const TABLE: Table = Table {
    class: Class::SignatureWrapping,
    attacks: &[
        Attack::rejected("original-in-advice", COUNT, INNER, |s| {
            around(s, "Conditions", &format!("<a:Advice {SAML}>"), "</a:Advice>")
        }),
        Attack::rejected("forged-in-advice", COUNT, INNER, |s| {
            let advice = format!("<a:Advice {SAML}>{}</a:Advice>", forged(s)?);
            s.edit().after(s.part("Conditions")?, &advice).done()
        }),
        Attack::rejected("original-in-an-attribute-value", COUNT, INNER, |s| {
            let open =
                format!("<a:AttributeStatement {SAML}><a:Attribute Name=\"x\"><a:AttributeValue>");
            let close = "</a:AttributeValue></a:Attribute></a:AttributeStatement>";
            around(s, "AuthnStatement", &open, close)
        }),
        Attack::rejected("forged-in-an-attribute-value", COUNT, INNER, |s| {
            s.edit().content(s.part("AttributeValue")?, &forged(s)?).done()
        }),
        Attack::rejected("original-in-confirmation-data", COUNT, INNER, |s| {
            around(
                s,
                "SubjectConfirmation",
                &format!("<a:SubjectConfirmation {SAML} Method=\"m\"><a:SubjectConfirmationData>"),
                "</a:SubjectConfirmationData></a:SubjectConfirmation>",
            )
        }),
        Attack::rejected("forged-in-confirmation-data", COUNT, INNER, |s| {
            s.edit().last_in(s.part("SubjectConfirmationData")?, &forged(s)?).done()
        }),
        Attack::rejected("original-in-conditions", COUNT, INNER, |s| {
            around(s, "AudienceRestriction", "<x:c xmlns:x=\"urn:x\">", "</x:c>")
        }),
        Attack::rejected("original-in-the-subject", COUNT, INNER, |s| {
            around(s, "SubjectConfirmation", "", "")
        }),
        Attack::rejected("original-in-the-authn-context", COUNT, INNER, |s| {
            let open = format!("<a:AuthnContextDecl {SAML}>");
            around(s, "AuthnContextClassRef", &open, "</a:AuthnContextDecl>")
        }),
        Attack::rejected("original-in-the-issuer", COUNT, INNER, |s| inside(s, "Issuer")),
        Attack::rejected("original-in-the-name-id", COUNT, INNER, |s| inside(s, "NameID")),
        Attack::rejected("original-in-the-audience", COUNT, INNER, |s| inside(s, "Audience")),
        // The enveloped-signature transform takes the Signature away before the digest: whatever stands in it stays unsigned.
        Attack::rejected("forged-in-key-info", STRUCTURE, "crypto/vet.rs key_info", |s| {
            s.edit().last_in(s.in_signature("KeyInfo")?, &forged(s)?).done()
        }),
        Attack::rejected("forged-in-a-new-key-info", STRUCTURE, "crypto/vet.rs key_info", |s| {
            let key_info = format!(
                "<k:KeyInfo xmlns:k=\"http://www.w3.org/2000/09/xmldsig#\">{}</k:KeyInfo>",
                forged(s)?
            );
            let edit = match s.in_signature("KeyInfo") {
                Some(key_info) => s.edit().remove(key_info),
                None => s.edit(),
            };
            edit.after(s.in_signature("SignatureValue")?, &key_info).done()
        }),
        Attack::rejected("forged-in-x509-data", STRUCTURE, "crypto/vet.rs key_info", |s| {
            s.edit().first_in(s.in_signature("X509Data")?, &forged(s)?).done()
        }),
        Attack::rejected("forged-in-object", STRUCTURE, "crypto/vet.rs run", |s| {
            let object = format!(
                "<o:Object xmlns:o=\"http://www.w3.org/2000/09/xmldsig#\">{}</o:Object>",
                forged(s)?
            );
            s.edit().last_in(s.signature()?, &object).done()
        }),
        Attack::rejected("forged-bare-in-the-signature", STRUCTURE, "crypto/vet.rs run", |s| {
            s.edit().last_in(s.signature()?, &forged(s)?).done()
        }),
        Attack::rejected("forged-in-signed-info", STRUCTURE, "crypto/vet.rs run", |s| {
            s.edit().last_in(s.in_signature("SignedInfo")?, &forged(s)?).done()
        }),
        Attack::rejected(
            "forged-in-inclusive-namespaces",
            STRUCTURE,
            "crypto/vet.rs canonicalization",
            |s| s.edit().content(s.in_signature("CanonicalizationMethod")?, &forged(s)?).done(),
        ),
        Attack::rejected(
            "original-in-the-signature-of-the-forged-key-info",
            STRUCTURE,
            "crypto/vet.rs key_info",
            |s| {
                let own = s.source(signature(s.assertion()?)?);
                let bare = without_signature(s, s.assertion()?);
                let key_info = s.source(s.in_signature("KeyInfo")?);
                let open = key_info.rsplit_once("</")?;
                let with = own.replacen(key_info, &format!("{}{bare}</{}", open.0, open.1), 1);
                let issuer = s.source(s.part("Issuer")?);
                let hidden = forged(s)?.replacen(issuer, &format!("{issuer}{with}"), 1);
                s.edit().replace(s.assertion()?, hidden).done()
            },
        ),
        Attack::rejected(
            "saml-1-assertion-beside",
            &["format-structure", "signature-digest"],
            "saml/reader.rs children",
            |s| {
                let old = format!(
                    "<o:Assertion xmlns:o=\"urn:oasis:names:tc:SAML:1.0:assertion\" \
                 AssertionID=\"{FORGED_ID}\"/>"
                );
                s.edit().last_in(s.root(), &old).done()
            },
        ),
        Attack::rejected(
            "assertion-of-another-namespace-beside",
            &["format-structure", "signature-digest"],
            "saml/reader.rs children",
            |s| {
                s.response()?;
                let other = "<saml:Assertion xmlns:saml=\"urn:mallory\" ID=\"_m\"/>";
                s.edit().before(s.assertion()?, other).done()
            },
        ),
    ],
};
