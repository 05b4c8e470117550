//! Attributes and elements that only look like the ones that are read: prefixed, rebound, added beside.

use super::forge::{by_idp, genuine};
use super::subject::Subject;
use super::{Attack, Class, Table};

const DIGEST: &[&str] = &["signature-digest"];
const HOLDS: &str = "crypto/value.rs digest_holds";
const PLAIN: &str = "xml/element.rs attribute";
const IS: &str = "xml/element.rs is";

/// An attribute whose name is put into a foreign namespace, signed by the identity provider.
fn prefixed(s: &Subject, element: &str, name: &str) -> Option<Vec<u8>> {
    let element = match element {
        "Assertion" => s.assertion()?,
        other => s.part(other)?,
    };
    let markup = format!("xmlns:x=\"urn:x\" x:{name}=\"{}\"", element.attribute(name)?);
    genuine(s, &s.edit().attribute(element, name, &markup).text())
}

/// An element moved into a foreign namespace under the same prefix, signed by the identity provider.
fn rebound(s: &Subject, name: &str) -> Option<Vec<u8>> {
    let element = s.part(name)?;
    let declaration = match element.prefix() {
        "" => "xmlns=\"urn:mallory\"".to_owned(),
        prefix => format!("xmlns:{prefix}=\"urn:mallory\""),
    };
    genuine(s, &s.edit().in_tag(element, &declaration).text())
}

pub(super) const TABLE: Table = Table {
    class: Class::Pollution,
    attacks: &[
        Attack::rejected("prefixed-recipient-added", DIGEST, HOLDS, |s| {
            let markup = "xmlns:x=\"urn:x\" x:Recipient=\"https://mallory.example\"";
            s.edit().in_tag(s.part("SubjectConfirmationData")?, markup).done()
        }),
        Attack::rejected("recipient-prefixed", &["recipient-missing"], PLAIN, |s| {
            prefixed(s, "SubjectConfirmationData", "Recipient")
        })
        .judged(by_idp),
        Attack::rejected(
            "not-on-or-after-prefixed",
            &["subject-confirmation-time-missing"],
            PLAIN,
            |s| prefixed(s, "SubjectConfirmationData", "NotOnOrAfter"),
        )
        .judged(by_idp),
        Attack::rejected("conditions-time-prefixed", &["timestamps-missing"], PLAIN, |s| {
            prefixed(s, "Conditions", "NotOnOrAfter")
        })
        .judged(by_idp),
        Attack::rejected("method-prefixed", &["subject-confirmation-missing"], PLAIN, |s| {
            prefixed(s, "SubjectConfirmation", "Method")
        })
        .judged(by_idp),
        Attack::rejected("version-prefixed", &["format-version"], PLAIN, |s| {
            prefixed(s, "Assertion", "Version")
        })
        .judged(by_idp),
        Attack::rejected("issue-instant-prefixed", &["timestamps-missing"], PLAIN, |s| {
            prefixed(s, "Assertion", "IssueInstant")
        })
        .judged(by_idp),
        Attack::rejected("status-value-prefixed", &["status-not-success"], PLAIN, |s| {
            let code = s.of_protocol("StatusCode")?;
            let markup = format!("xmlns:x=\"urn:x\" x:Value=\"{}\"", code.attribute("Value")?);
            genuine(s, &s.edit().attribute(code, "Value", &markup).text())
        })
        .judged(by_idp),
        Attack::rejected("audience-in-a-foreign-namespace", &["audience-mismatch"], IS, |s| {
            rebound(s, "Audience")
        })
        .judged(by_idp),
        Attack::rejected("restriction-in-a-foreign-namespace", &["audience-missing"], IS, |s| {
            rebound(s, "AudienceRestriction")
        })
        .judged(by_idp),
        Attack::rejected("conditions-in-a-foreign-namespace", &["conditions-missing"], IS, |s| {
            rebound(s, "Conditions")
        })
        .judged(by_idp),
        Attack::rejected("subject-in-a-foreign-namespace", &["format-structure"], IS, |s| {
            rebound(s, "Subject")
        })
        .judged(by_idp),
        Attack::rejected("issuer-in-a-foreign-namespace", &["issuer-missing"], IS, |s| {
            rebound(s, "Issuer")
        })
        .judged(by_idp),
        Attack::rejected(
            "assertion-in-the-saml-1.1-namespace",
            &["format-assertion-count", "input-not-saml"],
            "saml/kind.rs of",
            |s| {
                let text = s.text().replace(
                    "urn:oasis:names:tc:SAML:2.0:assertion",
                    "urn:oasis:names:tc:SAML:1.0:assertion",
                );
                Some(text.into_bytes())
            },
        ),
        Attack::rejected("response-in-no-namespace", &["input-not-saml"], "saml/kind.rs of", |s| {
            let text = s.text().replace("urn:oasis:names:tc:SAML:2.0:protocol", "urn:none");
            s.response().map(|_| text.into_bytes())
        }),
        Attack::rejected(
            "namespace-in-another-case",
            &["input-not-saml"],
            "saml/kind.rs of",
            |s| {
                let text = s.text().replace(":SAML:2.0:protocol", ":saml:2.0:protocol");
                s.response().map(|_| text.into_bytes())
            },
        ),
        Attack::rejected("signature-method-prefixed", &["signature-algorithm"], PLAIN, |s| {
            let method = s.in_signature("SignatureMethod")?;
            let uri = method.attribute("Algorithm")?;
            let markup = format!("xmlns:x=\"urn:x\" x:Algorithm=\"{uri}\"");
            s.edit().attribute(method, "Algorithm", &markup).done()
        }),
        Attack::rejected(
            "second-name-id",
            &["format-structure", "signature-digest"],
            "saml/reader.rs children",
            |s| {
                let name_id = s.part("NameID")?;
                let second = super::forge::for_victim(s, s.source(name_id));
                s.edit().before(name_id, &second).done()
            },
        ),
        Attack::rejected(
            "signed-second-name-id",
            &["format-structure"],
            "saml/reader.rs children",
            |s| {
                let name_id = s.part("NameID")?;
                let second = super::forge::for_victim(s, s.source(name_id));
                genuine(s, &s.edit().before(name_id, &second).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "signed-second-issuer",
            &["format-structure"],
            "saml/reader.rs children",
            |s| {
                let issuer = s.part("Issuer")?;
                genuine(s, &s.edit().after(issuer, s.source(issuer)).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "signed-second-conditions",
            &["format-structure"],
            "saml/reader.rs children",
            |s| {
                let conditions = s.part("Conditions")?;
                genuine(s, &s.edit().after(conditions, s.source(conditions)).text())
            },
        )
        .judged(by_idp),
        Attack::rejected("second-attribute-of-the-same-name", DIGEST, HOLDS, |s| {
            let attribute = s.part("Attribute")?;
            let second = s.source(attribute).replace("AttributeValue>", "AttributeValue>mallory");
            s.edit()
                .before(
                    attribute,
                    &second.replace("</saml:AttributeValue>mallory", "</saml:AttributeValue>"),
                )
                .done()
        }),
        Attack::harmless("unused-prefix-on-the-root", &["signature-digest"], HOLDS, |s| {
            s.edit().in_tag(s.root(), "xmlns:unused=\"urn:unused\"").done()
        }),
    ],
};
