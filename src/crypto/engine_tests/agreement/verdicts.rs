//! Both engines on every message that we have, whatever is wrong with it.

use std::fs;
use std::path::{Path, PathBuf};

use openssl::pkey::{PKeyRef, Public};

use super::super::shared::{certificate, shared};
use super::super::signatures;
use crate::crypto::certificate::Certificate;
use crate::crypto::engine::{Engine, EngineError, EngineReport, Target};
use crate::crypto::native::Native;
use crate::crypto::xmlsec::Xmlsec;
use crate::limits::Limits;
use crate::xml::{Document, to_text};

/// What the engines say about one signature.
pub(super) enum Outcome {
    /// The same verdict over the same octets, or none by either.
    Same(Option<EngineReport>),
    /// Whatever else.
    Different(String),
}

pub(super) fn outcome(target: &Target<'_>, key: &PKeyRef<Public>) -> Outcome {
    match (Native.verify(target, key), Xmlsec.verify(target, key)) {
        (Ok(native), Ok(xmlsec))
            if native.reference_valid == xmlsec.reference_valid
                && native.signature_valid == xmlsec.signature_valid
                && native.octets == xmlsec.octets =>
        {
            Outcome::Same(Some(native))
        }
        (Ok(native), Err(EngineError::Unsupported { .. })) => Outcome::Same(Some(native)),
        (Err(_), Err(_)) => Outcome::Same(None),
        (native, xmlsec) => Outcome::Different(format!("native {native:?}, libxmlsec1 {xmlsec:?}")),
    }
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A file's document, if our parser accepts it.
pub(super) fn read(path: &Path) -> Option<Document> {
    let (text, _) = to_text(&fs::read(path).unwrap()).ok()?;
    Document::parse(text, &Limits::default()).ok()
}

#[test]
fn every_vector_and_every_capture_is_judged_alike() {
    let (Some(vectors), Some(captures)) = (shared("vectors"), shared("captures")) else { return };
    let mut keys: Vec<Certificate> = Vec::new();
    for path in ["idp.crt.pem", "idp4096.crt.pem", "evil.crt.pem"] {
        keys.push(certificate(&vectors.join(path)));
    }
    let manifest = fs::read_to_string(captures.join("manifest.json")).unwrap();
    let rows: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    for path in rows.as_array().unwrap().iter().filter_map(|row| row["idp_cert"].as_str()) {
        let certificate = certificate(&captures.join(path));
        if !keys.contains(&certificate) {
            keys.push(certificate);
        }
    }
    let (mut judged, mut valid, mut refused) = (0, 0, 0);
    for path in documents(&vectors).into_iter().chain(documents(&captures)) {
        let Some(document) = read(&path) else {
            refused += 1;
            continue;
        };
        for found in signatures(document.text()) {
            let Some(target) = found.target(&document) else { continue };
            for key in &keys {
                match outcome(&target, key.public_key()) {
                    Outcome::Same(report) => {
                        judged += 1;
                        valid += usize::from(report.is_some_and(|report| report.octets.is_some()));
                    }
                    Outcome::Different(how) => panic!("{}: {how}", path.display()),
                }
            }
        }
    }
    eprintln!("{judged} judgements, {valid} of them valid; {refused} documents refused");
    assert!(judged > 300 && valid > 80, "{judged} judgements, {valid} of them valid");
}
