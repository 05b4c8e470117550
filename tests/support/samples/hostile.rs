//! Samples that an attacker has changed behind the identity provider's back.

use super::{PROD, Sample, USERS, raw, response};
use crate::support::xml::{replace_first, replace_once};

/// Where a line begins, so that the report's line numbers say something.
const LINES: [&str; 6] = [
    "<samlp:Status>",
    "<saml:Assertion ",
    "<saml:Subject>",
    "<saml:Conditions ",
    "<saml:AttributeStatement>",
    "<ds:Signature ",
];

pub(super) fn samples() -> Vec<Sample> {
    vec![wrapped(), commented()]
}

fn wrapped() -> Sample {
    let xml = response(|_| {});
    let from = xml.find("<saml:Assertion ").unwrap();
    let until = xml.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    let original = &xml[from..until];
    let signature = {
        let from = original.find("<ds:Signature ").unwrap();
        let until = original.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        &original[from..until]
    };
    let forged = replace_once(original, signature, "");
    let forged = replace_first(&forged, "_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c", "_evil");
    let forged = replace_once(&forged, ">zmueller@example.com<", ">jnovak@example.com<");
    // Outside of what is signed, line ends may be added.
    let forged = LINES.iter().fold(forged, |text, tag| text.replace(tag, &format!("\n{tag}")));
    let xml = replace_once(&xml, original, &format!("{forged}\n{original}"));
    Sample {
        name: "30-signature-wrapping",
        title: "A forged assertion stands before the signed one",
        what: "Zoë logged in, and put an assertion for Jan before her own, whose signature still holds. A receiver that\n\
               verifies the signature and then reads the first assertion logs her in as Jan. This is the third of\n\
               eight known shapes of signature wrapping; `samlcheck -vv` shows what a careless reader would take.",
        who: "nobody has to fix the message: it is an attack. Receivers that accept it have to be fixed.",
        message: raw(&xml),
        config: format!("{PROD}users = \"users.csv\"\n"),
        users: Some(USERS.to_owned()),
        ..Sample::usual()
    }
}

fn commented() -> Sample {
    let xml = response(|response| {
        response.assertion().name_id().value = "zmueller@example.com.evil.example".to_owned();
    });
    let xml = replace_once(
        &xml,
        ">zmueller@example.com.evil.example<",
        ">zmueller@example.com<!---->.evil.example<",
    );
    Sample {
        name: "31-comment-in-name-id",
        title: "A comment cuts the NameID in two",
        what: "The identity provider signed zmueller@example.com.evil.example, and its user put a comment into it. The\n\
               signature still holds, as canonicalisation leaves comments out. A receiver that stops at the comment logs\n\
               the user in as zmueller@example.com.",
        who: "nobody has to fix the message: it is an attack. Receivers that cut values have to be fixed.",
        message: raw(&xml),
        config: format!("{PROD}users = \"users.csv\"\n"),
        users: Some(USERS.to_owned()),
        ..Sample::usual()
    }
}
