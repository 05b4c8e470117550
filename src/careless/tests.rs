//! What careless readers take from wrapped messages and cut values.

use super::*;
use crate::checks::fixture::Case;
use crate::finding::tests::{assertion, forged};
use crate::support::xml::replace_once;

fn read(case: &Case) -> Careless {
    case.report().careless().unwrap()
}

/// Field, value read here, value taken, readers.
fn told(case: &Case) -> Vec<(String, String, String, Vec<&'static str>)> {
    let one = |taken: &Taken| {
        (
            taken.field.name().to_owned(),
            taken.read.clone().unwrap_or_default(),
            taken.taken.clone(),
            taken.readers.iter().map(|reader| reader.id).collect(),
        )
    };
    read(case).taken.iter().map(one).collect()
}

fn wrapped(by: impl Fn(&str) -> String) -> Case {
    Case::usual().altered(|xml| replace_once(&xml, &assertion(&xml), &by(&xml)))
}

#[test]
fn on_a_usual_message_nothing_differs() {
    for case in [Case::usual(), Case::usual().bare()] {
        assert_eq!(read(&case), Careless { basis: Basis::Signed, taken: Vec::new() });
    }
}

#[test]
fn a_forged_assertion_in_front_is_taken_by_who_takes_the_first() {
    let case = wrapped(|xml| format!("{}{}", forged(xml), assertion(xml)));
    let readers = vec!["first-assertion", "response-child", "first-name-id"];
    let name_id = |read: &str, taken: &str, readers| {
        ("NameID".to_owned(), read.to_owned(), taken.to_owned(), readers)
    };
    assert_eq!(told(&case), [name_id("zmueller@example.com", "admin@example.com", readers)]);
    let case = wrapped(|xml| format!("{}{}", assertion(xml), forged(xml)));
    let readers = vec!["last-assertion"];
    assert_eq!(told(&case), [name_id("zmueller@example.com", "admin@example.com", readers)]);
    assert_eq!(read(&case).basis, Basis::Signed);
}

#[test]
fn what_a_signature_names_is_held_against_even_when_it_does_not_hold() {
    let case = wrapped(|xml| {
        let original = assertion(xml);
        let from = original.find("<ds:Signature ").unwrap();
        let until = original.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        let signature = &original[from..until];
        let unsigned = replace_once(&original, signature, "");
        let issuer = "</saml:Issuer>";
        let forged = replace_once(&forged(xml), issuer, &format!("{issuer}{signature}"));
        format!("{forged}{unsigned}")
    });
    let careless = read(&case);
    assert_eq!(careless.basis, Basis::Named);
    let [taken] = &careless.taken[..] else { panic!("{careless:?}") };
    assert_eq!(taken.read.as_deref(), Some("zmueller@example.com"));
    assert_eq!(taken.taken, "admin@example.com");
    assert!(taken.readers.iter().any(|reader| reader.id == "signature-parent"));
}

#[test]
fn a_value_is_cut_at_a_comment() {
    let case = Case::usual().altered(|xml| {
        replace_once(&xml, ">zmueller@example.com<", ">zmueller<!---->@example.com<")
    });
    assert_eq!(
        told(&case),
        [(
            "NameID".to_owned(),
            "zmueller@example.com".to_owned(),
            "zmueller".to_owned(),
            vec!["cut-text"]
        )]
    );
    let case = Case::usual().altered(|xml| {
        replace_once(&xml, ">Sales &amp; Marketing<", ">Sales<?x?> &amp; Marketing<")
    });
    let careless = read(&case);
    assert_eq!(careless.taken[0].field, Field::Attribute("groups".to_owned()));
    assert_eq!(careless.taken[0].taken, "Sales");
}

#[test]
fn a_name_id_outside_of_the_assertion_is_taken_by_who_looks_anywhere() {
    let case = Case::usual().altered(|xml| {
        let status = "<samlp:Status>";
        let extensions = "<samlp:Extensions><NameID>admin@example.com</NameID></samlp:Extensions>";
        replace_once(&xml, status, &format!("{extensions}{status}"))
    });
    let taken = told(&case);
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].3, ["first-name-id"]);
}

#[test]
fn the_signed_id_under_another_spelling_names_another_assertion() {
    let case = wrapped(|xml| {
        let id = "_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c";
        let forged = replace_once(&forged(xml), "ID=\"_forged\"", &format!("Id=\"{id}\""));
        format!("{}<x>{forged}</x>", assertion(xml))
    });
    let taken = read(&case).taken;
    assert!(taken[0].readers.iter().any(|reader| reader.id == "look-alike-id"), "{taken:?}");
}

#[test]
fn an_attribute_that_only_the_forged_assertion_has_is_told() {
    let case = wrapped(|xml| {
        let end = "</saml:AttributeStatement>";
        let more = "<saml:Attribute Name=\"role\"><saml:AttributeValue>admin</saml:AttributeValue>\
                    </saml:Attribute>";
        let forged = replace_once(&forged(xml), end, &format!("{more}{end}"));
        format!("{forged}{}", assertion(xml))
    });
    let taken = read(&case).taken;
    let role = taken.iter().find(|t| t.field == Field::Attribute("role".to_owned())).unwrap();
    assert_eq!((role.read.as_deref(), role.taken.as_str()), (None, "admin"));
}

#[test]
fn a_message_without_signature_is_held_against_what_is_read() {
    let case = Case::usual().message(|response| response.assertion().signing = None);
    assert_eq!(read(&case), Careless { basis: Basis::Unsigned, taken: Vec::new() });
}

#[test]
fn every_reader_has_a_name_of_its_own_and_fits_a_column() {
    let mut ids: Vec<_> = READERS.iter().map(|reader| reader.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), READERS.len());
    assert!(READERS.iter().all(|reader| reader.takes.len() <= 40));
}
