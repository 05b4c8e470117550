//! XML that two parsers read as two documents, and namespaces that canonicalisation stumbles over.

use super::subject::Subject;
use super::{Attack, Class, Table};

const NOT_XML: &[&str] = &["input-not-xml"];
const TAG: &str = "xml/tag.rs attribute";
const PARSE: &str = "xml/parse.rs run";

fn bytes(text: String) -> Option<Vec<u8>> {
    Some(text.into_bytes())
}

fn body(s: &Subject) -> &str {
    match s.text().split_once("?>") {
        Some((declaration, body)) if declaration.starts_with("<?xml") => body.trim_start(),
        _ => s.text(),
    }
}

pub(super) const TABLE: Table = Table {
    class: Class::ParserDifferentials,
    attacks: &[
        Attack::rejected("xml-1.1", NOT_XML, "xml/declaration.rs read", |s| {
            bytes(format!("<?xml version=\"1.1\"?>{}", body(s)))
        }),
        Attack::rejected(
            "declaration-not-at-the-start",
            NOT_XML,
            "xml/parse.rs xml_declaration",
            |s| bytes(format!("<!-- --><?xml version=\"1.0\"?>{}", body(s))),
        ),
        Attack::rejected("text-behind-the-root", NOT_XML, "xml/parse.rs character_data", |s| {
            bytes(format!("{}mallory", s.text().trim_end()))
        }),
        Attack::rejected(
            "text-before-the-root",
            &["input-not-saml", "input-not-xml", "input-encoding"],
            "input/peel.rs text",
            |s| bytes(format!("mallory{}", body(s))),
        ),
        Attack::rejected("two-roots", NOT_XML, "xml/parse.rs element", |s| {
            bytes(format!("{}{}", s.text().trim_end(), body(s)))
        }),
        Attack::rejected("a-second-empty-root", NOT_XML, "xml/parse.rs element", |s| {
            bytes(format!("{}<a/>", s.text().trim_end()))
        }),
        Attack::rejected("cdata-behind-the-root", NOT_XML, PARSE, |s| {
            bytes(format!("{}<![CDATA[a]]>", s.text().trim_end()))
        }),
        Attack::rejected("reference-behind-the-root", NOT_XML, "xml/parse.rs reference", |s| {
            bytes(format!("{}&#32;", s.text().trim_end()))
        }),
        Attack::rejected("end-tag-cut-off", NOT_XML, "xml/parse.rs finish", |s| {
            let end = s.text().rfind("</")?;
            bytes(s.text().get(..end)?.to_owned())
        }),
        Attack::rejected("attribute-twice", NOT_XML, "xml/tag.rs refuse_duplicates", |s| {
            let signed = s.signed()?;
            s.edit().in_tag(signed, "ID=\"_m\"").done()
        }),
        Attack::rejected(
            "attribute-twice-by-two-prefixes",
            NOT_XML,
            "xml/tag.rs refuse_duplicates",
            |s| {
                let twice = "xmlns:a=\"urn:a\" xmlns:b=\"urn:a\" a:r=\"1\" b:r=\"2\"";
                s.edit().in_tag(s.part("SubjectConfirmationData")?, twice).done()
            },
        ),
        Attack::rejected("declaration-twice", NOT_XML, "xml/tag.rs refuse_duplicates", |s| {
            s.edit().in_tag(s.signed()?, "xmlns:q=\"urn:a\" xmlns:q=\"urn:b\"").done()
        }),
        Attack::rejected("undeclared-prefix", NOT_XML, "xml/tag.rs start_tag", |s| {
            s.edit().last_in(s.root(), "<nobody:knows/>").done()
        }),
        Attack::rejected(
            "undeclared-prefix-of-an-attribute",
            NOT_XML,
            "xml/tag.rs resolve_attributes",
            |s| {
                s.edit().in_tag(s.part("NameID").or(s.part("Subject"))?, "nobody:knows=\"\"").done()
            },
        ),
        Attack::rejected("prefix-undeclared-as-in-1.1", NOT_XML, "xml/scope.rs declare", |s| {
            s.edit().in_tag(s.part("Subject")?, "xmlns:q=\"\"").done()
        }),
        Attack::rejected("xml-rebound", NOT_XML, "xml/scope.rs declare", |s| {
            s.edit().in_tag(s.root(), "xmlns:xml=\"urn:mallory\"").done()
        }),
        Attack::rejected("xmlns-rebound", NOT_XML, "xml/scope.rs declare", |s| {
            s.edit().in_tag(s.root(), "xmlns:xmlns=\"urn:mallory\"").done()
        }),
        Attack::rejected("another-prefix-for-xml", NOT_XML, "xml/scope.rs declare", |s| {
            s.edit().in_tag(s.root(), "xmlns:q=\"http://www.w3.org/XML/1998/namespace\"").done()
        }),
        Attack::rejected("two-colons-in-a-name", NOT_XML, "xml/tag.rs start_tag", |s| {
            s.edit().last_in(s.root(), "<a:b:c xmlns:a=\"urn:a\"/>").done()
        }),
        Attack::rejected("name-that-begins-with-a-digit", NOT_XML, "xml/tag.rs start_tag", |s| {
            s.edit().last_in(s.root(), "<1/>").done()
        }),
        Attack::rejected("attribute-without-quotes", NOT_XML, TAG, |s| {
            s.edit().in_tag(s.root(), "q=1").done()
        }),
        Attack::rejected("less-than-in-an-attribute", NOT_XML, TAG, |s| {
            s.edit().in_tag(s.root(), "q=\"<\"").done()
        }),
        Attack::rejected("cdata-end-in-text", NOT_XML, "xml/parse.rs character_data", |s| {
            s.edit().last_in(s.identity()?, "]]>").done()
        }),
        Attack::rejected("two-dashes-in-a-comment", NOT_XML, "xml/parse.rs comment", |s| {
            s.edit().last_in(s.root(), "<!-- -- -->").done()
        }),
        Attack::rejected("instruction-called-xml", NOT_XML, "xml/parse.rs instruction", |s| {
            s.edit().last_in(s.root(), "<?xml version=\"1.0\"?>").done()
        }),
        Attack::rejected("reference-to-nul", NOT_XML, "xml/parse.rs reference", |s| {
            s.edit().last_in(s.identity()?, "&#0;").done()
        }),
        Attack::rejected("reference-to-a-surrogate", NOT_XML, "xml/parse.rs reference", |s| {
            s.edit().last_in(s.identity()?, "&#xD800;").done()
        }),
        Attack::rejected("reference-to-a-control", NOT_XML, "xml/parse.rs reference", |s| {
            s.edit().last_in(s.identity()?, "&#8;").done()
        }),
        Attack::rejected("control-character-as-such", NOT_XML, PARSE, |s| {
            s.edit().last_in(s.identity()?, "\u{8}").done()
        }),
        Attack::rejected("noncharacter", NOT_XML, PARSE, |s| {
            s.edit().last_in(s.identity()?, "\u{FFFE}").done()
        }),
    ],
};

const CANONICAL: &str = "xml/scope.rs declare";

pub(super) const VOID: Table = Table {
    class: Class::VoidCanonicalization,
    attacks: &[
        Attack::rejected("relative-namespace-on-the-signed-element", NOT_XML, CANONICAL, |s| {
            s.edit().in_tag(s.signed()?, "xmlns:q=\"relative\"").done()
        }),
        Attack::rejected("relative-namespace-on-the-root", NOT_XML, CANONICAL, |s| {
            s.edit().in_tag(s.root(), "xmlns:q=\"./a\"").done()
        }),
        Attack::rejected("relative-namespace-that-is-used", NOT_XML, CANONICAL, |s| {
            s.edit().last_in(s.part("Subject")?, "<q:a xmlns:q=\"1\"/>").done()
        }),
        Attack::rejected("relative-namespace-as-the-default", NOT_XML, CANONICAL, |s| {
            s.edit().last_in(s.part("Subject")?, "<a xmlns=\"../a\"/>").done()
        }),
        Attack::rejected("relative-namespace-in-signed-info", NOT_XML, CANONICAL, |s| {
            s.edit().in_tag(s.in_signature("SignedInfo")?, "xmlns:q=\"a/b\"").done()
        }),
        Attack::rejected("relative-namespace-and-the-digest-of-nothing", NOT_XML, CANONICAL, |s| {
            // SHA-256 of no octets at all.
            let nothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
            let edit = s.edit().in_tag(s.signed()?, "xmlns:q=\"relative\"");
            edit.content(s.in_signature("DigestValue")?, nothing).done()
        }),
        Attack::rejected(
            "digest-of-nothing",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| {
                let nothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
                s.edit().content(s.in_signature("DigestValue")?, nothing).done()
            },
        ),
        Attack::rejected(
            "empty-digest",
            &["signature-structure"],
            "crypto/vet.rs only_text",
            |s| s.edit().content(s.in_signature("DigestValue")?, "").done(),
        ),
        Attack::rejected(
            "prefix-list-of-unknown-prefixes",
            &["signature-value", "signature-wrong-key"],
            "crypto/value.rs signature_holds",
            |s| {
                let list = "<c:InclusiveNamespaces xmlns:c=\"http://www.w3.org/2001/10/xml-exc-c14n#\" \
                            PrefixList=\"nobody knows #default\"/>";
                s.edit().content(s.in_signature("CanonicalizationMethod")?, list).done()
            },
        ),
    ],
};
