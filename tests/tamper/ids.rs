//! Duplicate and look-alike IDs: a second element that some engine would take for the one that the Reference names.

use super::subject::Subject;
use super::{Attack, Class, Table};

const DUPLICATE: &[&str] = &["signature-id-duplicate"];
const IDS: &str = "crypto/vet.rs target";
const EVERY_SPELLING: &str = "saml/ids.rs ids";

/// An element with this attribute, as the first child of the root, holding the signed element's ID.
fn elsewhere(s: &Subject, attribute: &str) -> Option<Vec<u8>> {
    let id = s.signed()?.attribute("ID")?;
    let twin = format!("<x:twin xmlns:x=\"urn:x\" {attribute}=\"{id}\"/>");
    s.edit().first_in(s.root(), &twin).done()
}

/// Another ID for the signed element; its Reference stays.
fn renamed(s: &Subject, change: impl Fn(&str) -> String) -> Option<Vec<u8>> {
    let signed = s.signed()?;
    let id = change(signed.attribute("ID")?);
    s.edit().attribute(signed, "ID", &format!("ID=\"{id}\"")).done()
}

/// Another URI for the Reference; the signed element keeps its ID.
fn referring(s: &Subject, change: impl Fn(&str) -> String) -> Option<Vec<u8>> {
    let uri = change(s.signed()?.attribute("ID")?);
    s.edit().attribute(s.in_signature("Reference")?, "URI", &format!("URI=\"{uri}\"")).done()
}

pub(super) const TABLE: Table = Table {
    class: Class::LookAlikeIds,
    attacks: &[
        Attack::rejected("id-twin-ID", DUPLICATE, IDS, |s| elsewhere(s, "ID")),
        Attack::rejected("id-twin-Id", DUPLICATE, EVERY_SPELLING, |s| elsewhere(s, "Id")),
        Attack::rejected("id-twin-id", DUPLICATE, EVERY_SPELLING, |s| elsewhere(s, "id")),
        Attack::rejected("id-twin-iD", DUPLICATE, EVERY_SPELLING, |s| elsewhere(s, "iD")),
        Attack::rejected("id-twin-xml-id", DUPLICATE, EVERY_SPELLING, |s| elsewhere(s, "xml:id")),
        Attack::rejected("id-twin-prefixed", DUPLICATE, EVERY_SPELLING, |s| elsewhere(s, "x:ID")),
        Attack::rejected("id-twin-AssertionID", DUPLICATE, EVERY_SPELLING, |s| {
            elsewhere(s, "AssertionID")
        }),
        Attack::rejected("id-twin-ResponseID", DUPLICATE, EVERY_SPELLING, |s| {
            elsewhere(s, "ResponseID")
        }),
        Attack::rejected("id-twin-RequestID", DUPLICATE, EVERY_SPELLING, |s| {
            elsewhere(s, "RequestID")
        }),
        Attack::rejected("id-twin-by-character-reference", DUPLICATE, IDS, |s| {
            let id = s.signed()?.attribute("ID")?;
            let (first, rest) = id.split_at(1);
            let written = format!("&#{};{rest}", u32::from(first.chars().next()?));
            let twin = format!("<x:twin xmlns:x=\"urn:x\" ID=\"{written}\"/>");
            s.edit().first_in(s.root(), &twin).done()
        }),
        Attack::rejected("id-twin-in-the-signature", DUPLICATE, IDS, |s| {
            let id = s.signed()?.attribute("ID")?;
            s.edit().in_tag(s.signature()?, &format!("Id=\"{id}\"")).done()
        }),
        Attack::rejected("id-twin-in-key-info", DUPLICATE, IDS, |s| {
            let id = s.signed()?.attribute("ID")?;
            s.edit().in_tag(s.in_signature("KeyInfo")?, &format!("Id=\"{id}\"")).done()
        }),
        Attack::rejected("id-twin-inside-the-assertion", DUPLICATE, IDS, |s| {
            let id = s.signed()?.attribute("ID")?;
            s.edit().in_tag(s.part("Conditions")?, &format!("ID=\"{id}\"")).done()
        }),
        Attack::rejected("response-takes-the-id-of-its-assertion", DUPLICATE, IDS, |s| {
            let id = s.assertion()?.attribute("ID")?;
            super::subject::signature(s.assertion()?)?;
            s.edit().attribute(s.response()?, "ID", &format!("ID=\"{id}\"")).done()
        }),
        Attack::rejected("id-removed", &["signature-id-missing"], IDS, |s| {
            s.edit().attribute(s.signed()?, "ID", "").done()
        }),
        Attack::rejected("id-renamed-to-Id", &["signature-reference"], IDS, |s| {
            let signed = s.signed()?;
            let id = format!("Id=\"{}\"", signed.attribute("ID")?);
            s.edit().attribute(signed, "ID", &id).done()
        }),
        Attack::rejected("id-renamed-to-xml-id", &["signature-reference"], IDS, |s| {
            let signed = s.signed()?;
            let id = format!("xml:id=\"{}\"", signed.attribute("ID")?);
            s.edit().attribute(signed, "ID", &id).done()
        }),
        Attack::rejected("id-in-a-namespace", &["signature-reference"], IDS, |s| {
            let signed = s.signed()?;
            let id = format!("xmlns:x=\"urn:x\" x:ID=\"{}\"", signed.attribute("ID")?);
            s.edit().attribute(signed, "ID", &id).done()
        }),
        Attack::rejected("id-moved-to-the-issuer", &["signature-reference"], IDS, |s| {
            let signed = s.signed()?;
            let id = format!("ID=\"{}\"", signed.attribute("ID")?);
            let issuer = signed.children().next()?;
            s.edit().attribute(signed, "ID", "ID=\"_m\"").in_tag(issuer, &id).done()
        }),
        Attack::rejected("id-in-another-case", &["signature-id-missing"], IDS, |s| {
            renamed(s, |id| {
                let swap = |c: char| {
                    if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
                };
                id.chars().map(swap).collect()
            })
        }),
        Attack::rejected("id-with-a-homoglyph", &["signature-id-missing"], IDS, |s| {
            let has = s.signed()?.attribute("ID")?.contains(['a', 'c', 'e']);
            has.then_some(())?;
            renamed(s, |id| id.replace('a', "а").replace('c', "с").replace('e', "е"))
        }),
        Attack::rejected("id-with-a-space-behind", &["signature-id-missing"], IDS, |s| {
            renamed(s, |id| format!("{id} "))
        }),
        Attack::rejected("id-with-a-line-feed-before", &["signature-id-missing"], IDS, |s| {
            renamed(s, |id| format!("&#10;{id}"))
        }),
        Attack::rejected("id-with-a-zero-width-space", &["signature-id-missing"], IDS, |s| {
            renamed(s, |id| format!("{id}\u{200B}"))
        }),
        Attack::rejected("id-that-is-no-ncname", &["signature-reference", "format-id"], IDS, |s| {
            let signed = s.signed()?;
            let edit = s.edit().attribute(signed, "ID", "ID=\"1:2\"");
            edit.attribute(s.in_signature("Reference")?, "URI", "URI=\"#1:2\"").done()
        }),
        Attack::rejected("reference-in-another-case", &["signature-id-missing"], IDS, |s| {
            referring(s, |id| format!("#{}", id.to_ascii_uppercase()))
        }),
        Attack::rejected("reference-with-a-space", &["signature-reference"], IDS, |s| {
            referring(s, |id| format!("#{id} "))
        }),
        Attack::rejected("reference-percent-escaped", &["signature-reference"], IDS, |s| {
            referring(s, |id| format!("#%5F{}", id.trim_start_matches('_')))
        }),
    ],
};
