//! Document type declarations: external entities, entity bombs, default attributes. All of them are refused unread.

use super::subject::Subject;
use super::{Attack, Class, Table};

const DOCTYPE: &[&str] = &["input-doctype"];
const RUN: &str = "xml/parse.rs run";

fn body(s: &Subject) -> &str {
    match s.text().split_once("?>") {
        Some((declaration, body)) if declaration.starts_with("<?xml") => body.trim_start(),
        _ => s.text(),
    }
}

/// The message behind a document type declaration, the user's name being `text`.
fn with_dtd(s: &Subject, subset: &str, text: Option<&str>) -> Option<Vec<u8>> {
    let name = s.root().name();
    let changed = text.map(|text| Some(s.edit().content(s.identity()?, text).text()));
    let message = match changed {
        Some(changed) => changed?,
        None => s.text().to_owned(),
    };
    let declaration = s.text().len() - body(s).len();
    Some(format!("<!DOCTYPE {name} {subset}>{}", &message[declaration..]).into_bytes())
}

pub(super) const TABLE: Table = Table {
    class: Class::Entities,
    attacks: &[
        Attack::rejected("external-entity-file", DOCTYPE, RUN, |s| {
            with_dtd(s, "[<!ENTITY x SYSTEM \"file:///etc/passwd\">]", Some("&x;"))
        }),
        Attack::rejected("external-entity-host", DOCTYPE, RUN, |s| {
            with_dtd(s, "[<!ENTITY x SYSTEM \"http://127.0.0.1:9/\">]", Some("&x;"))
        }),
        Attack::rejected("external-parameter-entity", DOCTYPE, RUN, |s| {
            with_dtd(s, "[<!ENTITY % x SYSTEM \"http://127.0.0.1:9/\"> %x;]", None)
        }),
        Attack::rejected("external-subset", DOCTYPE, RUN, |s| {
            with_dtd(s, "SYSTEM \"http://127.0.0.1:9/a.dtd\"", None)
        }),
        Attack::rejected("public-external-subset", DOCTYPE, RUN, |s| {
            with_dtd(s, "PUBLIC \"-//M//M\" \"file:///dev/random\"", None)
        }),
        Attack::rejected("internal-entity-for-the-user", DOCTYPE, RUN, |s| {
            with_dtd(s, "[<!ENTITY x \"mallory\">]", Some("&x;"))
        }),
        Attack::rejected("entity-that-holds-markup", DOCTYPE, RUN, |s| {
            with_dtd(s, "[<!ENTITY x \"<a>mallory</a>\">]", Some("&x;"))
        }),
        Attack::rejected("redefined-amp", DOCTYPE, RUN, |s| {
            with_dtd(s, "[<!ENTITY amp \"mallory\">]", None)
        }),
        Attack::rejected("billion-laughs", DOCTYPE, RUN, |s| {
            let mut subset = "[<!ENTITY l0 \"lol\">".to_owned();
            for level in 1..10 {
                let inner = format!("&l{};", level - 1).repeat(10);
                subset.push_str(&format!("<!ENTITY l{level} \"{inner}\">"));
            }
            with_dtd(s, &(subset + "]"), Some("&l9;"))
        }),
        Attack::rejected("quadratic-blow-up", DOCTYPE, RUN, |s| {
            let long = "a".repeat(50_000);
            let subset = format!("[<!ENTITY x \"{long}\">]");
            with_dtd(s, &subset, Some(&"&x;".repeat(50_000))).filter(|_| s.first)
        }),
        Attack::rejected("entity-that-refers-to-itself", DOCTYPE, RUN, |s| {
            with_dtd(s, "[<!ENTITY x \"&x;\">]", Some("&x;"))
        }),
        Attack::rejected("default-attribute", DOCTYPE, RUN, |s| {
            let subset = format!("[<!ATTLIST {} ID ID \"_m\">]", s.root().name());
            with_dtd(s, &subset, None)
        }),
        Attack::rejected("id-type-for-another-attribute", DOCTYPE, RUN, |s| {
            let subset = format!("[<!ATTLIST {} Version ID #IMPLIED>]", s.root().name());
            with_dtd(s, &subset, None)
        }),
        Attack::rejected("fixed-namespace-from-the-dtd", DOCTYPE, RUN, |s| {
            let subset = format!("[<!ATTLIST {} xmlns CDATA #FIXED \"urn:m\">]", s.root().name());
            with_dtd(s, &subset, None)
        }),
        Attack::rejected("empty-doctype", DOCTYPE, RUN, |s| with_dtd(s, "", None)),
        Attack::rejected(
            "doctype-behind-the-root",
            &["input-doctype", "input-not-xml"],
            RUN,
            |s| Some(format!("{}<!DOCTYPE a>", s.text()).into_bytes()),
        ),
        Attack::rejected(
            "entity-without-doctype",
            &["input-not-xml"],
            "xml/parse.rs reference",
            |s| s.edit().content(s.identity()?, "&x;").done(),
        ),
        Attack::rejected(
            "entity-in-an-attribute",
            &["input-not-xml"],
            "xml/tag.rs attribute",
            |s| s.edit().in_tag(s.root(), "q=\"&x;\"").done(),
        ),
    ],
};
