//! Vectors and captures of real software, in the folder beside the repository when it is there.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ENGINES, halves, parsed, signatures};
use crate::crypto::certificate::Certificate;
use crate::crypto::xmlsec::Parsed;
use crate::limits::Limits;
use crate::xml::Document;

/// A file of the folder beside the repository, which is not always there.
pub(super) fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent", path.display());
    None
}

pub(super) fn certificate(path: &Path) -> Certificate {
    Certificate::parse(&fs::read(path).unwrap()).unwrap().remove(0)
}

#[test]
fn every_good_vector_verifies_and_its_octets_are_the_signed_element() {
    let Some(folder) = shared("vectors") else { return };
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let mut verified = 0;
    for name in names.iter().map(|name| name.to_str().unwrap()) {
        if !name.starts_with("ok_") {
            continue;
        }
        if ["utf16", "latin1", "bom"].iter().any(|encoding| name.contains(encoding)) {
            eprintln!("skipped: {name} must be transcoded before an engine sees it");
            continue;
        }
        let key = if name.contains("4096") { "idp4096.crt.pem" } else { "idp.crt.pem" };
        let key = certificate(&folder.join(key));
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let (found, document) = (signatures(&text), parsed(&text));
        assert!(!found.is_empty(), "{name}");
        for found in found {
            for engine in ENGINES {
                let target = found.target(&document).unwrap();
                let report = engine.verify(&target, key.public_key());
                let report = report.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(halves(&report), (true, true), "{name}");
                let octets = report.octets.unwrap();
                let octets = str::from_utf8(octets.as_bytes()).unwrap();
                let id = found.id.as_ref().unwrap();
                assert!(octets.split('>').next().unwrap().contains(id), "{name}");
                assert!(!octets.contains("SignedInfo") || name.contains("both"), "{name}");
                verified += 1;
            }
        }
    }
    assert!(verified > 20, "{verified} signatures");
}

#[test]
fn a_bad_vector_fails_in_the_half_that_was_spoilt() {
    let Some(folder) = shared("vectors") else { return };
    let key = certificate(&folder.join("idp.crt.pem"));
    let expectations = [
        ("bad_digest.xml", (false, true)),
        ("bad_digestvalue.xml", (false, false)),
        ("bad_sigvalue.xml", (true, false)),
        ("bad_evilkey.xml", (true, false)),
        ("bad_both_bad.xml", (false, false)),
    ];
    for (name, expected) in expectations {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let (found, document) = (signatures(&text), parsed(&text));
        for engine in ENGINES {
            let target = found[0].target(&document).unwrap();
            let report = engine.verify(&target, key.public_key()).unwrap();
            assert_eq!(halves(&report), expected, "{name}");
        }
    }
}

#[test]
fn what_cannot_be_judged_is_an_error_and_never_a_verdict() {
    let Some(folder) = shared("vectors") else { return };
    let key = certificate(&folder.join("idp.crt.pem"));
    let vetted = "the Signature is not the one that was vetted";
    let expectations = [
        ("bad_digestvalue_comment.xml", "DigestValue is not base64"),
        ("bad_sigvalue_child.xml", "SignatureValue is not base64"),
        ("bad_httpuri.xml", vetted),
        ("bad_tworefs.xml", vetted),
        ("bad_two_signedinfo.xml", vetted),
        ("bad_xpath.xml", "the signature engine failed"),
        ("bad_xslt.xml", "the signature engine failed"),
    ];
    for (name, expected) in expectations {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let (found, document) = (signatures(&text), parsed(&text));
        for engine in ENGINES {
            let target = found[0].target(&document).unwrap();
            let error = engine.verify(&target, key.public_key()).unwrap_err().to_string();
            // libxmlsec1 does not know the transform, ours did not expect it.
            let transform = expected == "the signature engine failed";
            let found = error.starts_with(expected) || (transform && error.starts_with(vetted));
            assert!(found, "{name}: {error}");
        }
    }
}

#[test]
fn what_our_parser_refuses_libxml2_refuses_by_itself() {
    let Some(folder) = shared("vectors") else { return };
    for (name, parses) in [
        ("bad_dtd_bomb.xml", false),
        ("bad_dtd_xxe.xml", false),
        ("bad_unbound_prefix.xml", false),
        ("bad_void_rel_ns.xml", true),
        ("bad_void_rel_ns_root.xml", true),
    ] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let refused = Document::parse(text.clone(), &Limits::default()).is_err();
        assert_eq!((refused, Parsed::new(&text).is_ok()), (true, parses), "{name}");
    }
}

#[test]
fn every_captured_signature_has_the_verdict_of_the_manifest() {
    let Some(folder) = shared("captures") else { return };
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let rows: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let mut judged = 0;
    for row in rows.as_array().unwrap() {
        let Some(expected) = row["signatures"].as_array().filter(|list| !list.is_empty()) else {
            continue;
        };
        let name = row["files"]["xml"].as_str().unwrap();
        let key = certificate(&folder.join(row["idp_cert"].as_str().unwrap()));
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let (found, document) = (signatures(&text), parsed(&text));
        assert_eq!(found.len(), expected.len(), "{name}");
        for (found, expected) in found.iter().zip(expected) {
            for engine in ENGINES {
                let target = found.target(&document).unwrap();
                let report = engine.verify(&target, key.public_key()).unwrap();
                // The invalid ones were signed before encryption: their content changed, their signature did not.
                let digest = expected["xmlsec1"].as_str() == Some("valid");
                assert_eq!(halves(&report), (digest, true), "{name}");
                judged += 1;
            }
        }
    }
    assert!(judged > 50, "{judged} signatures");
}
