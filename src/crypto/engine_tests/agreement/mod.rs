//! The two engines against each other: on generated documents, on real ones, on real ones that were tampered with.
//!
//! Security rule 11. Every run prints its seed, and the same seed makes the same run. `SAMLCHECK_COMPARISONS` makes it longer
//! and `SAMLCHECK_SEED` different: `SAMLCHECK_COMPARISONS=10000000 cargo test agreement`.

mod documents;
mod mutation;
mod random;
mod verdicts;

use std::collections::HashSet;

use crate::crypto::c14n::{Subset, canonicalize};
use crate::crypto::engine::Canonicalization;
use crate::crypto::xmlsec::Parsed;
use crate::limits::Limits;
use crate::xml::Document;
use random::Random;

/// The value of a variable that makes a run other than usual.
#[expect(clippy::disallowed_methods, reason = "only this test is steered by the environment")]
fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

fn seed() -> u64 {
    let seed = variable("SAMLCHECK_SEED").unwrap_or(1);
    eprintln!("seed {seed}");
    seed
}

#[test]
fn canonicalisation_agrees_with_libxml2_on_generated_documents() {
    let comparisons = variable("SAMLCHECK_COMPARISONS").unwrap_or(100_000);
    let mut random = Random::new(seed());
    let mut compared = 0;
    while compared < comparisons {
        let text = documents::document(&mut random);
        let document = Document::parse(text.clone(), &Limits::default())
            .unwrap_or_else(|error| panic!("{error}: {text:?}"));
        let theirs = Parsed::new(&text).unwrap_or_else(|error| panic!("{error}: {text:?}"));
        for _ in 0..24 {
            let subset = subset(&mut random, &document);
            let expected = theirs.canonicalize(&subset).unwrap();
            let found = canonicalize(&subset).unwrap();
            if expected != found {
                let (expected, found) = (expected.escape_ascii(), found.escape_ascii());
                panic!("{text:?}\n{subset:?}\nlibxml2 {expected}\nnative  {found}");
            }
            compared += 1;
        }
    }
    eprintln!("{compared} comparisons, no difference");
}

#[test]
fn every_namespace_name_that_we_accept_libxml2_writes_as_we_do() {
    /// Pieces of URIs, well and badly put together.
    const PIECES: [&str; 20] = [
        "a", "urn", "http", "foo", ":", "/", "//", "?", "#", "@", "8", "%41", "%", "'", "(;=,)",
        "&amp;", "[", ".", "..", "~!$*+-_",
    ];
    let mut random = Random::new(seed());
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let first = if random.once_in(4) { "" } else { *random.pick(&["urn:", "http://", "foo:"]) };
        let name: String = (0..random.below(7)).map(|_| *random.pick(&PIECES)).collect();
        let text = format!("<p:a xmlns:p=\"{first}{name}\"></p:a>");
        match Document::parse(text.clone(), &Limits::default()) {
            Ok(document) => {
                accepted += 1;
                let subset = Subset {
                    apex: document.root(),
                    document: false,
                    without: None,
                    method: Canonicalization::Exclusive { comments: false },
                    comments: false,
                    prefixes: HashSet::new(),
                };
                let expected = Parsed::new(&text).unwrap().canonicalize(&subset);
                let expected = expected.unwrap_or_else(|error| panic!("{error}: {text}"));
                assert_eq!(canonicalize(&subset).unwrap(), expected, "{text}");
                assert_eq!(expected, text.as_bytes());
            }
            Err(_) => refused += 1,
        }
    }
    assert!(accepted > 5_000 && refused > 5_000, "{accepted} accepted, {refused} refused");
}

/// Any element, without any of its children perhaps, by any method.
fn subset<'d>(random: &mut Random, document: &'d Document) -> Subset<'d> {
    let elements: Vec<_> = document.elements().collect();
    let apex = *random.pick(&elements);
    let inside: Vec<_> = apex.descendants().collect();
    let without = if inside.is_empty() || random.once_in(2) {
        None
    } else {
        Some(random.pick(&inside).ordinal())
    };
    let method = *random.pick(&Canonicalization::ALL);
    let mut prefixes = HashSet::new();
    if random.once_in(2) {
        for _ in 0..random.below(4) {
            prefixes.insert(*random.pick(&documents::PREFIXES));
        }
    }
    Subset { apex, document: false, without, method, comments: method.comments(), prefixes }
}
