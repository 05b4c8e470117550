//! Signed messages that were tampered with: whatever is accepted was signed, and the engines never differ about it.

use std::fmt::Write as _;

use super::super::parsed;
use super::super::shared::{certificate, shared};
use super::super::toy::{Toy, rsa};
use super::random::Random;
use super::verdicts::{Outcome, outcome, read};
use super::{seed, variable};
use crate::crypto::certificate::Certificate;
use crate::crypto::choice::EngineChoice;
use crate::crypto::engine::{SignatureMethod, Target};
use crate::crypto::result::Signed;
use crate::crypto::vet::Vetting;
use crate::limits::Limits;
use crate::saml::DSIG;
use crate::xml::{Document, Span};
use openssl::pkey::{PKey, Public};

/// A message, the key that signed it, and the octets of every signature in it.
struct Original {
    document: Document,
    key: PKey<Public>,
    octets: Vec<Vec<u8>>,
}

/// What the policy lets through to the engines.
fn targets(document: &Document) -> Vec<Target<'_>> {
    let signatures = document.elements().filter(|element| element.is(DSIG, "Signature"));
    let vetted = signatures.filter_map(|signature| {
        let parent = signature.parent()?;
        let vetted =
            Vetting { document, parent, signature, signed: Signed::Assertion }.run().ok()?;
        Some(Target {
            document,
            element: parent.ordinal(),
            signature: signature.ordinal(),
            id: vetted.id,
            signature_method: vetted.method,
            digest_method: vetted.digest,
            canonicalization: vetted.canonicalization,
        })
    });
    vetted.collect()
}

fn originals() -> Vec<Original> {
    let private = rsa();
    let toy = Toy {
        content: "<b xmlns:p=\"urn:p\" c=\"1\" p:d=\"2\"><p:e>x</p:e><f xmlns=\"\">y</f></b>"
            .to_owned(),
        ..Toy::new(&private, SignatureMethod::RsaSha256)
    };
    let mut sources = vec![(parsed(&toy.signed()), super::super::public(&private))];
    if let Some(folder) = shared("vectors") {
        for name in [
            "ok_both_sha256",
            "ok_resp_emptyuri",
            "ok_asrt_comment",
            "ok_asrt_weird",
            "ok_asrt_c14n10_xmlattr",
            "ok_asrt_c14n11_xmlattr",
            "ok_asrt_c14nwc",
            "ok_asrt_incl_prefix",
            "ok_asrt_incl_default",
            "ok_x_enveloped_only",
        ] {
            let document = read(&folder.join(format!("{name}.xml"))).unwrap();
            sources.push((document, public(&certificate(&folder.join("idp.crt.pem")))));
        }
    }
    let original = |(document, key): (Document, PKey<Public>)| {
        let targets = targets(&document);
        let octets = targets.iter().map(|target| match outcome(target, &key) {
            Outcome::Same(Some(report)) => report.octets.unwrap().as_bytes().to_vec(),
            Outcome::Same(None) => panic!("nobody judges {}", document.text()),
            Outcome::Different(how) => panic!("{how}"),
        });
        let octets = octets.collect();
        Original { octets, document, key }
    };
    sources.into_iter().map(original).collect()
}

fn public(certificate: &Certificate) -> PKey<Public> {
    PKey::public_key_from_der(&certificate.public_key().public_key_to_der().unwrap()).unwrap()
}

/// The text with one thing changed; perhaps no longer XML.
fn mutated(random: &mut Random, document: &Document) -> String {
    const PIECES: [&str; 12] = [
        "<!--c-->",
        "<?p i?>",
        "<![CDATA[x]]>",
        "&#13;",
        " ",
        "x",
        "&amp;",
        "<a/>",
        "<Assertion ID='_1'/>",
        "\r\n",
        "&#x20;",
        "<p:a xmlns:p='urn:q'/>",
    ];
    const ATTRIBUTES: [&str; 12] = [
        " xmlns=''",
        " xmlns='urn:x'",
        " xmlns:saml='urn:x'",
        " xmlns:zz='urn:zz'",
        " xmlns:p='urn:p'",
        " xml:lang='x'",
        " xml:base='http://x/'",
        " xml:space='preserve'",
        " x=''",
        " Id='_1'",
        " xmlns:ds='urn:x'",
        " xml:id='_1'",
    ];
    let text = document.text();
    let elements: Vec<_> = document.elements().collect();
    let element = *random.pick(&elements);
    let Span { start, end } = element.span();
    let own = text.get(start..end).unwrap();
    let without = || format!("{}{}", text.get(..start).unwrap(), text.get(end..).unwrap());
    let insert = |into: &str, at: usize, what: &str| {
        format!("{}{what}{}", into.get(..at).unwrap(), into.get(at..).unwrap())
    };
    let places: Vec<usize> = elements
        .iter()
        .flat_map(|other| {
            [other.span().start, other.content_span().start, other.content_span().end]
        })
        .filter(|place| *place <= start || *place >= end)
        .collect();
    match random.below(8) {
        0 => {
            let mut bytes = text.as_bytes().to_vec();
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(7);
            String::from_utf8(bytes).unwrap_or_default()
        }
        1 => {
            let attributes: Vec<Span> = element.attributes().map(|found| found.span()).collect();
            let [first, .., last] = attributes[..] else { return text.to_owned() };
            let piece = |from: usize, to: usize| text.get(from..to).unwrap();
            let mut swapped = piece(0, first.start).to_owned();
            swapped.push_str(piece(last.start, last.end));
            swapped.push_str(piece(first.end, last.start));
            swapped.push_str(piece(first.start, first.end));
            swapped.push_str(piece(last.end, text.len()));
            swapped
        }
        2 if !places.is_empty() => {
            let place = *random.pick(&places);
            let place = if place >= end { place - (end - start) } else { place };
            insert(&without(), place, own)
        }
        3 if !places.is_empty() => insert(text, *random.pick(&places), own),
        4 => without(),
        5 => insert(text, element.content_span().start, PIECES[random.below(PIECES.len())]),
        6 => insert(
            text,
            start + 1 + element.name().len(),
            ATTRIBUTES[random.below(ATTRIBUTES.len())],
        ),
        _ => {
            let ids: Vec<&str> =
                elements.iter().filter_map(|element| element.attribute("ID")).collect();
            let mut attribute = String::new();
            let name = random.pick(&["ID", "Id", "id", "xml:id", "AssertionID"]);
            write!(attribute, " {name}='{}'", random.pick(&ids)).unwrap();
            insert(text, start + 1 + element.name().len(), &attribute)
        }
    }
}

#[test]
fn a_message_that_was_tampered_with_is_accepted_only_where_both_engines_saw_what_was_signed() {
    let mutations = variable("SAMLCHECK_COMPARISONS").unwrap_or(100_000) / 25;
    let mut random = Random::new(seed());
    let originals = originals();
    let (mut unreadable, mut vetted_out, mut judged, mut accepted) = (0, 0, 0, 0);
    for _ in 0..mutations {
        let original = random.pick(&originals);
        let mut document = original.document.clone();
        for _ in 0..=random.below(3) {
            let text = mutated(&mut random, &document);
            match Document::parse(text, &Limits::default()) {
                Ok(changed) => document = changed,
                Err(_) => unreadable += 1,
            }
        }
        let targets = targets(&document);
        vetted_out += usize::from(targets.is_empty());
        for target in targets {
            judged += 1;
            match outcome(&target, &original.key) {
                Outcome::Same(Some(report)) => {
                    let Some(octets) = report.octets else { continue };
                    accepted += 1;
                    assert!(
                        original.octets.iter().any(|signed| signed == octets.as_bytes()),
                        "accepted what was never signed: {}",
                        document.text()
                    );
                }
                Outcome::Same(None) => {}
                Outcome::Different(how) => {
                    let both = EngineChoice::Both.engine().verify(&target, &original.key);
                    assert!(both.is_err(), "{}", document.text());
                    panic!("the engines differ: {how}: {}", document.text());
                }
            }
        }
    }
    eprintln!(
        "{mutations} mutated messages: {unreadable} changes made them unreadable, {vetted_out} messages had no signature to \
         judge, {judged} signatures were judged alike, {accepted} of them accepted over the original octets"
    );
    assert!(judged > mutations / 4 && accepted > 0, "{judged} judged, {accepted} accepted");
}
