//! Values that are almost the same, class by class; and values that are not.

use super::{Nearness, names_the_same, nearness};
use crate::checks::fixture::{Case, given};
use crate::config::Site;
use crate::support::assertion::Attribute;
use crate::support::response::{ENTITY_ID, LOGIN_URL};

#[test]
fn every_class_is_recognised_from_either_side() {
    let sc = format!("{LOGIN_URL}&sc=0LE000000000001");
    for (one, other, class) in [
        ("https://a.example", "https://a.example ", Nearness::Space),
        ("https://a.example", "https://a.\nexample", Nearness::Space),
        ("https://a.example", "https://a\u{200b}.example", Nearness::Space),
        ("https://a.example", "https://a.example\u{a0}", Nearness::Space),
        ("https://a.example", "https://a.example/", Nearness::Slash),
        ("https://a.example?so=1", "https://a.example/?so=1", Nearness::Slash),
        ("https://a.example", "https://A.example", Nearness::Case),
        ("https://a.example", "http://a.example", Nearness::Scheme),
        ("https://a.example/x", "https://a.example:443/x", Nearness::DefaultPort),
        ("http://a.example/x", "http://a.example:80/x", Nearness::DefaultPort),
        ("https://a.example", "https://www.a.example", Nearness::Www),
        ("https://a.example/a b", "https://a.example/a%20b", Nearness::Percent),
        ("https://a.example/x", "https%3A%2F%2Fa.example%2Fx", Nearness::Percent),
        ("caf\u{e9}", "cafe\u{301}", Nearness::Normalisation),
        ("office", "o\u{fb03}ce", Nearness::Normalisation),
        ("acme", "\u{ff41}cme", Nearness::Normalisation),
        ("https://b\u{fc}cher.example/x", "https://xn--bcher-kva.example/x", Nearness::Punycode),
        ("https://a.example", "https://\u{430}.example", Nearness::LookAlike),
        ("urn:acme:l1", "urn:acme:11", Nearness::LookAlike),
        ("https://a?so=00D000000000001", "https://a?so=00D000000000001AAA", Nearness::IdLength),
        (LOGIN_URL, &sc, Nearness::DecryptionCertificate),
        ("https://a.example", "https://a.example?so=00D000000000001", Nearness::Organization),
    ] {
        assert_eq!(nearness(one, other), Some(class), "{one:?} and {other:?}");
        assert_eq!(nearness(other, one), Some(class), "{other:?} and {one:?}");
    }
}

#[test]
fn two_slips_at_once_are_still_near() {
    let near = nearness("https://acme.example", "http://ACME.example/");
    assert_eq!(near, Some(Nearness::Scheme));
    let near = nearness("https://b\u{fc}cher.example", "https://XN--bcher-kva.example/");
    assert_eq!(near, Some(Nearness::Punycode));
}

#[test]
fn other_values_are_not_near() {
    for (one, other) in [
        ("https://a.example", "https://b.example"),
        ("https://a.example?so=00D000000000001", "https://a.example?so=00D000000000002"),
        ("https://a.example:443", "https://a.example:8443"),
        ("https://xn--bcher-kva.example", "https://xn--bchr-xoa.example"),
        ("", "https://a.example"),
        ("", ""),
    ] {
        assert_eq!(nearness(one, other), None, "{one:?} and {other:?}");
    }
}

#[test]
fn a_host_name_that_no_host_can_have_is_compared_as_it_stands() {
    let long = format!("https://{}.example", "\u{fc}".repeat(100_000));
    assert_eq!(nearness(&long, "https://xn--bcher-kva.example"), None);
}

#[test]
fn only_what_every_reader_takes_for_the_same_names_the_same() {
    for (one, other) in [
        ("https://a.example", "https://A.Example/"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("https://b\u{fc}cher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://a?so=00D000000000001", "https://a/?so=00D000000000001AAA"),
    ] {
        assert!(names_the_same(one, other), "{one:?} and {other:?}");
    }
    for (one, other) in [
        ("https://a.example/Tenant", "https://a.example/tenant"),
        ("https://a.example/Tenant", "https://a.example/tenant/"),
        ("https://a.example", "http://a.example"),
        ("https://a.example", "https://www.a.example"),
        ("https://a.example", "https://\u{430}.example"),
        ("https://a.example", "https://a.example\u{200b}"),
        ("https://a?so=00D000000000001", "https://a"),
        ("urn:Acme", "urn:acme"),
    ] {
        assert!(!names_the_same(one, other), "{one:?} and {other:?}");
    }
}

/// The first diagnosis: its code, and in what the values differ.
fn told(case: &Case) -> (&'static str, String) {
    let report = case.report();
    assert!(!report.is_accepted());
    let first = report.diagnoses().first();
    first.map_or(("", String::new()), |first| {
        let differs = first.evidence.iter().find(|evidence| evidence.label == "differs in");
        (first.cause.code, differs.map_or(String::new(), |differs| differs.values.join("")))
    })
}

#[test]
fn every_compared_value_is_looked_at() {
    let attributes = |all: &[(&str, &str)]| {
        Case::usual().message(|response| response.assertion().attributes = Attribute::all(all))
    };
    let portal =
        attributes(&[("portal_id", "060D0000000000I"), ("organization_id", "00D000000000001")]);
    let portal = portal.config(|config| config.portal_id = Some(given("060D00000000001")));
    assert_eq!(told(&portal), ("near-miss", "letters that look alike".to_owned()));
    let site = attributes(&[("siteurl", "https://www.acme.my.site.com")]).config(|config| {
        config.sites = vec![Site { url: given("https://acme.my.site.com"), active: true }];
    });
    assert_eq!(told(&site), ("near-miss", "www. at the beginning".to_owned()));
    let audience = Case::usual().message(|response| {
        let sent = vec![vec!["https://acme.my.salesforce.com%2F".to_owned()]];
        response.assertion().conditions().audience_restrictions = sent;
    });
    assert_eq!(told(&audience), ("near-miss", "percent-encoding".to_owned()));
    assert_eq!(ENTITY_ID, "https://acme.my.salesforce.com");
}

#[test]
fn another_portal_or_site_is_left_to_others() {
    let case = Case::usual().message(|response| {
        let site = Attribute::new("siteurl", &["https://other.example"]);
        response.assertion().attributes = vec![site];
    });
    let case = case.config(|config| {
        config.sites = vec![Site { url: given("https://acme.my.site.com"), active: true }];
    });
    assert_ne!(told(&case).0, "near-miss");
    assert_ne!(told(&case).0, "values-differ");
}
