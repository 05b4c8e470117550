//! Markup and other noise inside DigestValue and SignatureValue, and foreign content elsewhere in the Signature.

use super::subject::Subject;
use super::{Attack, Class, Table};

const STRUCTURE: &[&str] = &["signature-structure"];
const ONLY_TEXT: &str = "crypto/vet.rs only_text";
const PARTS: &str = "crypto/vet.rs parts";
const DECODE: &str = "crypto/value.rs decode";

/// Markup in the middle of a base64 value of the Signature.
fn within(s: &Subject, value: &str, markup: &str) -> Option<Vec<u8>> {
    let element = s.in_signature(value)?;
    let inside = super::surgery::inside(s.text(), element);
    let (start, end) = inside.split_at(inside.len() / 2);
    s.edit().content(element, &format!("{start}{markup}{end}")).done()
}

pub(super) const TABLE: Table = Table {
    class: Class::MarkupInSignatureValues,
    attacks: &[
        Attack::rejected("comment-in-digest-value", STRUCTURE, ONLY_TEXT, |s| {
            within(s, "DigestValue", "<!-- -->")
        }),
        Attack::rejected("forged-digest-before-a-comment", STRUCTURE, ONLY_TEXT, |s| {
            let digest = s.in_signature("DigestValue")?;
            let genuine = super::surgery::inside(s.text(), digest);
            let forged = format!("{}<!--{genuine}-->", "A".repeat(43) + "=");
            s.edit().content(digest, &forged).done()
        }),
        Attack::rejected("instruction-in-digest-value", STRUCTURE, ONLY_TEXT, |s| {
            within(s, "DigestValue", "<?a?>")
        }),
        Attack::rejected("element-in-digest-value", STRUCTURE, ONLY_TEXT, |s| {
            within(s, "DigestValue", "<x xmlns=\"\"/>")
        }),
        Attack::rejected("comment-in-signature-value", STRUCTURE, ONLY_TEXT, |s| {
            within(s, "SignatureValue", "<!-- -->")
        }),
        Attack::rejected("instruction-in-signature-value", STRUCTURE, ONLY_TEXT, |s| {
            within(s, "SignatureValue", "<?a?>")
        }),
        Attack::rejected("element-in-signature-value", STRUCTURE, ONLY_TEXT, |s| {
            within(s, "SignatureValue", "<x xmlns=\"\">AAAA</x>")
        }),
        Attack::rejected("no-base64-in-digest-value", STRUCTURE, DECODE, |s| {
            within(s, "DigestValue", "!")
        }),
        Attack::rejected("no-base64-in-signature-value", STRUCTURE, DECODE, |s| {
            within(s, "SignatureValue", "*")
        }),
        Attack::rejected("nbsp-in-signature-value", STRUCTURE, DECODE, |s| {
            within(s, "SignatureValue", "\u{A0}")
        }),
        Attack::rejected("second-padded-block-in-digest-value", STRUCTURE, DECODE, |s| {
            s.edit().last_in(s.in_signature("DigestValue")?, "AA==").done()
        }),
        Attack::harmless("line-feed-in-signature-value", &["signature-digest"], DECODE, |s| {
            within(s, "SignatureValue", "&#13;\n")
        }),
        Attack::rejected("comment-in-signed-info", STRUCTURE, PARTS, |s| {
            s.edit().first_in(s.in_signature("SignedInfo")?, "<!-- -->").done()
        }),
        Attack::rejected("comment-in-the-signature", STRUCTURE, PARTS, |s| {
            s.edit().first_in(s.signature()?, "<!-- -->").done()
        }),
        Attack::rejected("text-in-the-signature", STRUCTURE, PARTS, |s| {
            s.edit().last_in(s.signature()?, "mallory").done()
        }),
        Attack::rejected("cdata-in-the-reference", STRUCTURE, PARTS, |s| {
            s.edit().first_in(s.in_signature("Reference")?, "<![CDATA[ ]]>").done()
        }),
        Attack::rejected(
            "foreign-element-in-the-signature",
            STRUCTURE,
            "crypto/vet.rs named",
            |s| s.edit().last_in(s.signature()?, "<x:a xmlns:x=\"urn:x\"/>").done(),
        ),
        Attack::rejected("foreign-element-in-key-info", STRUCTURE, "crypto/vet.rs key_info", |s| {
            s.edit().last_in(s.in_signature("KeyInfo")?, "<x:a xmlns:x=\"urn:x\"/>").done()
        }),
    ],
};
