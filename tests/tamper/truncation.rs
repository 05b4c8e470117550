//! Comments, processing instructions and CDATA that make a careless reader stop in the middle of a value.
//!
//! Canonicalisation drops comments, so that they can be added without breaking the signature; the value must stay whole.

use samlcheck::xml::Element;

use super::subject::Subject;
use super::{Attack, Class, Table};

const WHOLE: &str = "saml/reader.rs value";
const BROKEN: &[&str] = &["signature-digest"];

/// Markup in the middle of an element's text.
fn in_text(s: &Subject, element: Option<Element<'_>>, markup: &str) -> Option<Vec<u8>> {
    let element = element.filter(|element| element.children().next().is_none())?;
    let inside = super::surgery::inside(s.text(), element);
    let half = inside.len() / 2;
    let half = (half..inside.len()).find(|at| inside.is_char_boundary(*at))?;
    let escaped = inside.get(..half)?.rfind('&').is_some_and(|at| !inside[at..half].contains(';'));
    let (start, end) = inside.split_at(half);
    (!escaped).then(|| s.edit().content(element, &format!("{start}{markup}{end}")).text().into())
}

const COMMENT: &str = "<!-- -->";
const INSTRUCTION: &str = "<?cut here?>";

pub(super) const TABLE: Table = Table {
    class: Class::Truncation,
    attacks: &[
        Attack::unchanged("comment-in-identity", "comment-in-value", &[], WHOLE, |s| {
            in_text(s, s.identity(), COMMENT)
        }),
        Attack::unchanged("comment-in-issuer", "comment-in-value", &[], WHOLE, |s| {
            in_text(s, s.part("Issuer"), COMMENT)
        }),
        Attack::unchanged("comment-in-audience", "comment-in-value", &[], WHOLE, |s| {
            in_text(s, s.part("Audience"), COMMENT)
        }),
        Attack::unchanged("comment-in-attribute-value", "comment-in-value", &[], WHOLE, |s| {
            in_text(s, s.part("AttributeValue"), COMMENT)
        }),
        Attack::unchanged(
            "comment-in-issuer-of-the-response",
            "comment-in-value",
            &[],
            WHOLE,
            |s| in_text(s, s.response()?.children().next(), COMMENT),
        ),
        Attack::unchanged("comment-before-identity", "comment-in-value", &[], WHOLE, |s| {
            s.edit().first_in(s.identity()?, COMMENT).done()
        }),
        Attack::unchanged("comment-behind-identity", "comment-in-value", &[], WHOLE, |s| {
            s.edit().last_in(s.identity()?, COMMENT).done()
        }),
        Attack::unchanged("two-comments-in-identity", "comment-in-value", &[], WHOLE, |s| {
            in_text(s, s.identity(), "<!--a--><!--b-->")
        }),
        Attack::unchanged("comment-that-looks-like-markup", "comment-in-value", &[], WHOLE, |s| {
            in_text(s, s.identity(), "<!--</saml:NameID><saml:NameID>mallory-->")
        }),
        Attack::unchanged("comment-in-the-class-reference", "comment-in-value", &[], WHOLE, |s| {
            in_text(s, s.part("AuthnContextClassRef"), COMMENT)
        }),
        // What is signed for one user, and cut by the attacker to another: the classic.
        Attack::rejected("user-cut-by-a-comment", BROKEN, "crypto/value.rs digest_holds", |s| {
            let text = format!("{}{COMMENT}.evil.example", s.victim());
            s.edit().content(s.identity()?, &text).done()
        }),
        Attack::rejected("instruction-in-identity", BROKEN, "crypto/value.rs digest_holds", |s| {
            in_text(s, s.identity(), INSTRUCTION)
        }),
        Attack::rejected("instruction-in-issuer", BROKEN, "crypto/value.rs digest_holds", |s| {
            in_text(s, s.part("Issuer"), INSTRUCTION)
        }),
        Attack::rejected("instruction-in-audience", BROKEN, "crypto/value.rs digest_holds", |s| {
            in_text(s, s.part("Audience"), INSTRUCTION)
        }),
        Attack::unchanged(
            "signed-instruction-in-identity",
            "instruction-in-value",
            &[],
            WHOLE,
            |s| {
                let text = in_text(s, s.identity(), INSTRUCTION)?;
                super::forge::genuine(s, std::str::from_utf8(&text).ok()?)
            },
        )
        .judged(super::forge::by_idp),
        Attack::harmless("identity-in-cdata", &[], WHOLE, |s| {
            let text = super::surgery::inside(s.text(), s.identity()?);
            s.edit().content(s.identity()?, &format!("<![CDATA[{text}]]>")).done()
        }),
        Attack::harmless("identity-half-in-cdata", &[], WHOLE, |s| {
            let text = super::surgery::inside(s.text(), s.identity()?);
            let (start, end) = text.split_at(3);
            s.edit().content(s.identity()?, &format!("{start}<![CDATA[{end}]]>")).done()
        }),
        Attack::harmless("empty-cdata-in-identity", &[], WHOLE, |s| {
            in_text(s, s.identity(), "<![CDATA[]]>")
        }),
        Attack::harmless("identity-in-character-references", &[], WHOLE, |s| {
            let text = s.identity()?.text().value;
            let written: String = text.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect();
            s.edit().content(s.identity()?, &written).done()
        }),
        Attack::rejected("markup-in-cdata", BROKEN, "crypto/value.rs digest_holds", |s| {
            in_text(s, s.identity(), "<![CDATA[<!---->]]>")
        }),
        Attack::rejected(
            "element-in-identity",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| in_text(s, s.identity(), "<x xmlns=\"\"/>"),
        ),
        Attack::rejected("signed-element-in-name-id", &["format-value"], WHOLE, |s| {
            let text = in_text(s, s.part("NameID"), "<x xmlns=\"\">a</x>")?;
            super::forge::genuine(s, std::str::from_utf8(&text).ok()?)
        })
        .judged(super::forge::by_idp),
        Attack::rejected("signed-element-in-audience", &["format-value"], WHOLE, |s| {
            let text = in_text(s, s.part("Audience"), "<x xmlns=\"\">a</x>")?;
            super::forge::genuine(s, std::str::from_utf8(&text).ok()?)
        })
        .judged(super::forge::by_idp),
        Attack::rejected("comment-in-recipient", &["input-not-xml"], "xml/tag.rs attribute", |s| {
            let recipient = s.part("SubjectConfirmationData")?;
            let value = recipient.attribute("Recipient")?;
            let (start, end) = value.split_at(12);
            let markup = format!("Recipient=\"{start}{COMMENT}{end}\"");
            s.edit().attribute(recipient, "Recipient", &markup).done()
        }),
    ],
};
