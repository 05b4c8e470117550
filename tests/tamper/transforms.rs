//! Transforms that make a signature cover something else than the element it stands in.

use super::subject::Subject;
use super::{Attack, Class, Table};

const TRANSFORM: &[&str] = &["signature-transform"];
const TRANSFORMS: &str = "crypto/vet.rs transforms";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

fn transform(algorithm: &str, inside: &str) -> String {
    format!(
        "<t:Transform xmlns:t=\"http://www.w3.org/2000/09/xmldsig#\" Algorithm=\"{algorithm}\">\
         {inside}</t:Transform>"
    )
}

/// The Transforms with these instead of their own.
fn only(s: &Subject, transforms: &[(&str, &str)]) -> Option<Vec<u8>> {
    let all: String = transforms.iter().map(|(uri, inside)| transform(uri, inside)).collect();
    s.edit().content(s.in_signature("Transforms")?, &all).done()
}

pub(super) const TABLE: Table = Table {
    class: Class::Transforms,
    attacks: &[
        Attack::rejected("xpath-transform", TRANSFORM, TRANSFORMS, |s| {
            let path = "<t:XPath xmlns:t=\"http://www.w3.org/2000/09/xmldsig#\">false()</t:XPath>";
            only(s, &[(ENVELOPED, ""), ("http://www.w3.org/TR/1999/REC-xpath-19991116", path)])
        }),
        Attack::rejected("xpath-filter-transform", TRANSFORM, TRANSFORMS, |s| {
            let path = "<f:XPath xmlns:f=\"http://www.w3.org/2002/06/xmldsig-filter2\" \
                        Filter=\"intersect\">/nothing</f:XPath>";
            only(s, &[(ENVELOPED, ""), ("http://www.w3.org/2002/06/xmldsig-filter2", path)])
        }),
        Attack::rejected("xslt-transform", TRANSFORM, TRANSFORMS, |s| {
            let sheet = "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" \
                         version=\"1.0\"><xsl:template match=\"/\"><xsl:copy-of \
                         select=\"document('file:///etc/passwd')\"/></xsl:template></xsl:stylesheet>";
            only(s, &[(ENVELOPED, ""), ("http://www.w3.org/TR/1999/REC-xslt-19991116", sheet)])
        }),
        Attack::rejected("base64-transform", TRANSFORM, TRANSFORMS, |s| {
            only(s, &[(ENVELOPED, ""), ("http://www.w3.org/2000/09/xmldsig#base64", "")])
        }),
        Attack::rejected("decryption-transform", TRANSFORM, TRANSFORMS, |s| {
            only(s, &[(ENVELOPED, ""), ("http://www.w3.org/2002/07/decrypt#XML", "")])
        }),
        Attack::rejected("security-token-transform", TRANSFORM, TRANSFORMS, |s| {
            let uri = "http://docs.oasis-open.org/wss/2004/01/\
                       oasis-200401-wss-soap-message-security-1.0#STR-Transform";
            only(s, &[(ENVELOPED, ""), (uri, "")])
        }),
        Attack::rejected("unknown-transform", TRANSFORM, TRANSFORMS, |s| {
            only(s, &[(ENVELOPED, ""), ("urn:mallory", "")])
        }),
        Attack::rejected("two-canonicalisations", TRANSFORM, TRANSFORMS, |s| {
            only(s, &[(ENVELOPED, ""), (EXCLUSIVE, ""), (EXCLUSIVE, "")])
        }),
        Attack::rejected("two-different-canonicalisations", TRANSFORM, TRANSFORMS, |s| {
            let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
            only(s, &[(ENVELOPED, ""), (inclusive, ""), (EXCLUSIVE, "")])
        }),
        Attack::rejected("enveloped-signature-twice", TRANSFORM, TRANSFORMS, |s| {
            only(s, &[(ENVELOPED, ""), (ENVELOPED, "")])
        }),
        Attack::rejected(
            "canonicalisation-before-enveloped-signature",
            TRANSFORM,
            TRANSFORMS,
            |s| only(s, &[(EXCLUSIVE, ""), (ENVELOPED, "")]),
        ),
        Attack::rejected("no-enveloped-signature", TRANSFORM, TRANSFORMS, |s| {
            only(s, &[(EXCLUSIVE, "")])
        }),
        Attack::rejected("no-transform-at-all", TRANSFORM, TRANSFORMS, |s| only(s, &[])),
        Attack::rejected("thousand-transforms", TRANSFORM, TRANSFORMS, |s| {
            only(s, &[(ENVELOPED, ""); 1000])
        }),
        Attack::rejected(
            "xpath-inside-enveloped-signature",
            &["signature-structure"],
            "crypto/vet.rs without_content",
            |s| {
                let path =
                    "<t:XPath xmlns:t=\"http://www.w3.org/2000/09/xmldsig#\">false()</t:XPath>";
                only(s, &[(ENVELOPED, path), (EXCLUSIVE, "")])
            },
        ),
        Attack::rejected(
            "foreign-transform-element",
            &["signature-structure"],
            "crypto/vet.rs named",
            |s| {
                let foreign = format!("<Transform xmlns=\"urn:x\" Algorithm=\"{ENVELOPED}\"/>");
                s.edit().first_in(s.in_signature("Transforms")?, &foreign).done()
            },
        ),
        Attack::rejected(
            "canonicalisation-with-a-stranger-inside",
            &["signature-structure"],
            "crypto/vet.rs canonicalization",
            |s| only(s, &[(ENVELOPED, ""), (EXCLUSIVE, "<x:a xmlns:x=\"urn:x\"/>")]),
        ),
        Attack::rejected(
            "inclusive-namespaces-for-inclusive-canonicalisation",
            &["signature-structure"],
            "crypto/vet.rs canonicalization",
            |s| {
                let list = "<c:InclusiveNamespaces \
                            xmlns:c=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"x\"/>";
                only(
                    s,
                    &[(ENVELOPED, ""), ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", list)],
                )
            },
        ),
        Attack::rejected(
            "xslt-as-canonicalisation-of-signed-info",
            &["signature-algorithm"],
            "crypto/vet.rs canonicalization",
            |s| {
                let method = s.in_signature("CanonicalizationMethod")?;
                let uri = "Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"";
                s.edit().attribute(method, "Algorithm", uri).done()
            },
        ),
    ],
};
