//! Identifiers that look alike and are not: homoglyphs, normalisation forms, direction marks, spaces of every kind.
//!
//! The identity provider signs them, as one does whose users choose their own names. Strings are compared byte for byte after
//! parsing; only the four white space characters of XML are trimmed, and that is told.

use super::forge::{by_idp, genuine};
use super::subject::Subject;
use super::{Attack, Class, Table};

const ISSUER: &[&str] = &["issuer-mismatch"];
const AUDIENCE: &[&str] = &["audience-mismatch"];
const RECIPIENT: &[&str] = &["recipient-mismatch"];
const UNMAPPED: &[&str] = &["subject-unmapped"];
const COMPARE: &str = "checks/issuer.rs compare";
const MISMATCH: &str = "checks/audience.rs mismatch";
const ENDPOINT: &str = "config/endpoint.rs same_endpoint";
const VALUE: &str = "saml/reader.rs value";
const MAP: &str = "config/users/mod.rs map";

fn issuer(s: &Subject, change: fn(&str) -> String) -> Option<Vec<u8>> {
    let issuer = s.part("Issuer")?;
    genuine(s, &s.edit().content(issuer, &change(&issuer.text().value)).text())
}

fn audience(s: &Subject, change: fn(&str) -> String) -> Option<Vec<u8>> {
    let audience = s.part("Audience")?;
    genuine(s, &s.edit().content(audience, &change(&audience.text().value)).text())
}

fn recipient(s: &Subject, change: fn(&str) -> String) -> Option<Vec<u8>> {
    let data = s.part("SubjectConfirmationData")?;
    let markup = format!("Recipient=\"{}\"", change(data.attribute("Recipient")?));
    genuine(s, &s.edit().attribute(data, "Recipient", &markup).text())
}

/// The user, where the configuration knows its users: samples 01 and 02.
fn user(s: &Subject, change: fn(&str) -> String) -> Option<Vec<u8>> {
    let known = s.name.starts_with("01-") || s.name.starts_with("02-");
    let identity = s.identity().filter(|_| known)?;
    genuine(s, &s.edit().content(identity, &change(&identity.text().value)).text())
}

pub(super) const TABLE: Table = Table {
    class: Class::Identifiers,
    attacks: &[
        Attack::rejected("issuer-with-a-cyrillic-letter", ISSUER, COMPARE, |s| {
            issuer(s, |text| text.replacen('a', "а", 1))
        })
        .judged(by_idp),
        Attack::rejected("issuer-in-full-width", ISSUER, COMPARE, |s| {
            issuer(s, |text| text.replacen('a', "ａ", 1))
        })
        .judged(by_idp),
        Attack::rejected("issuer-with-a-nul-escape", ISSUER, COMPARE, |s| {
            issuer(s, |text| format!("{text}%00"))
        })
        .judged(by_idp),
        Attack::rejected("issuer-with-nbsp-behind", ISSUER, VALUE, |s| {
            issuer(s, |text| format!("{text}\u{A0}"))
        })
        .judged(by_idp),
        Attack::rejected("issuer-with-nel-behind", ISSUER, VALUE, |s| {
            issuer(s, |text| format!("{text}\u{85}"))
        })
        .judged(by_idp),
        Attack::rejected("issuer-in-another-case", ISSUER, COMPARE, |s| {
            issuer(s, |text| text.to_uppercase())
        })
        .judged(by_idp),
        Attack::rejected("issuer-with-a-combining-mark", ISSUER, COMPARE, |s| {
            issuer(s, |text| format!("{text}\u{301}"))
        })
        .judged(by_idp),
        Attack::rejected("issuer-with-a-soft-hyphen", ISSUER, COMPARE, |s| {
            issuer(s, |text| format!("\u{AD}{text}"))
        })
        .judged(by_idp),
        Attack::unchanged("issuer-with-white-space", "whitespace-trimmed", &[], VALUE, |s| {
            issuer(s, |text| format!("\n\t {text}&#13;\n"))
        })
        .judged(by_idp),
        Attack::rejected("issuer-with-white-space-inside", ISSUER, COMPARE, |s| {
            issuer(s, |text| text.replacen(':', " :", 1))
        })
        .judged(by_idp),
        Attack::rejected("audience-with-a-zero-width-space", AUDIENCE, MISMATCH, |s| {
            audience(s, |text| format!("{text}\u{200B}"))
        })
        .judged(by_idp),
        Attack::rejected("audience-with-a-byte-order-mark", AUDIENCE, MISMATCH, |s| {
            audience(s, |text| format!("\u{FEFF}{text}"))
        })
        .judged(by_idp),
        Attack::rejected("audience-with-a-direction-mark", AUDIENCE, MISMATCH, |s| {
            audience(s, |text| format!("\u{202E}{text}"))
        })
        .judged(by_idp),
        Attack::rejected("audience-with-an-ideographic-space", AUDIENCE, VALUE, |s| {
            audience(s, |text| format!("{text}\u{3000}"))
        })
        .judged(by_idp),
        Attack::rejected("audience-with-a-line-separator", AUDIENCE, VALUE, |s| {
            audience(s, |text| format!("{text}\u{2028}"))
        })
        .judged(by_idp),
        Attack::rejected("recipient-with-a-cyrillic-letter", RECIPIENT, ENDPOINT, |s| {
            recipient(s, |url| url.replacen('a', "а", 1))
        })
        .judged(by_idp),
        Attack::rejected("recipient-with-white-space", RECIPIENT, ENDPOINT, |s| {
            recipient(s, |url| format!("{url} "))
        })
        .judged(by_idp),
        Attack::rejected("recipient-in-another-case", RECIPIENT, ENDPOINT, |s| {
            recipient(s, |url| url.to_uppercase())
        })
        .judged(by_idp),
        Attack::rejected("recipient-percent-escaped", RECIPIENT, ENDPOINT, |s| {
            recipient(s, |url| url.replacen('.', "%2E", 1))
        })
        .judged(by_idp),
        Attack::rejected("org-id-with-look-alike-digits", RECIPIENT, ENDPOINT, |s| {
            recipient(s, |url| url.replacen("so=00D", "so=OOD", 1))
        })
        .judged(by_idp),
        Attack::rejected("user-with-a-cyrillic-letter", UNMAPPED, MAP, |s| {
            user(s, |text| text.replacen('e', "е", 1))
        })
        .judged(by_idp),
        Attack::rejected("user-in-another-case", UNMAPPED, MAP, |s| {
            user(s, |text| text.to_uppercase())
        })
        .judged(by_idp),
        Attack::rejected("user-with-nbsp-behind", UNMAPPED, VALUE, |s| {
            user(s, |text| format!("{text}\u{A0}"))
        })
        .judged(by_idp),
        Attack::rejected("user-with-a-zero-width-joiner", UNMAPPED, MAP, |s| {
            user(s, |text| format!("{text}\u{200D}"))
        })
        .judged(by_idp),
        Attack::rejected("user-decomposed", UNMAPPED, MAP, |s| {
            user(s, |text| text.replacen('u', "u\u{308}", 1))
        })
        .judged(by_idp),
        Attack::rejected("user-composed", UNMAPPED, MAP, |s| {
            user(s, |text| text.replacen('u', "ü", 1))
        })
        .judged(by_idp),
        Attack::rejected("user-with-a-tag-character", UNMAPPED, MAP, |s| {
            user(s, |text| format!("{text}\u{E0041}"))
        })
        .judged(by_idp),
    ],
};
