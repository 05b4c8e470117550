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
    vec![wrapped(), commented(), foreign_content(), document_type()]
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

fn foreign_content() -> Sample {
    let end = "</ds:SignedInfo>";
    let note = "<x:note xmlns:x=\"urn:x\">checked</x:note>";
    Sample {
        name: "32-foreign-content-in-signature",
        title: "Something stands in the signature that does not belong there",
        what: "Between the parts of the Signature stands an element of somebody else's, which no signature covers.",
        who: "nobody has to fix the message before it is known who added it: an attacker, or a proxy that marks what it has checked.",
        message: raw(&replace_first(&response(|_| {}), end, &format!("{end}{note}"))),
        ..Sample::usual()
    }
}

fn document_type() -> Sample {
    let document_type = "<!DOCTYPE samlp:Response [<!ENTITY user SYSTEM \"file:///etc/passwd\">]>";
    let xml = response(|_| {});
    let xml = replace_once(&xml, ">zmueller@example.com<", ">&user;<");
    Sample {
        name: "33-document-type",
        title: "The message declares a document type",
        what: "A receiver that reads the declaration opens the file that it names and takes its content for the user.",
        who: "nobody has to fix the message: it is an attack. Receivers that read document types have to be fixed.",
        message: raw(&format!("{document_type}\n{xml}")),
        exit: 3,
        ..Sample::usual()
    }
}
