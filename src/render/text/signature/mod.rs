//! Item 11 line by line as the page prints it (platform §4), then what each signature covers and by which algorithms.
//!
//! `Is the response signed? false` is no failure: a signed assertion is enough. It is never red.

use std::io;

use super::certificate::certificates;
use super::failure;
use super::page::{Ink, Page};
use crate::checks::{Failure, Outcome};
use crate::crypto::{Algorithms, KeyInfoCertificate, SignatureReport, SignatureResult};
use crate::render::safe::safe;
use crate::report::Report;

/// Codes that the platform's own lines tell; every other code prints its line.
const TOLD: [&str; 3] = ["signature-digest", "signature-value", "signature-wrong-key"];
/// Of these the certificate in the settings is half of the story.
const ABOUT_CERTIFICATE: [&str; 4] = [
    "signature-value",
    "signature-wrong-key",
    "signature-certificate-expired",
    "signature-certificate-not-yet-valid",
];

/// The block's lines: those before the header, and those behind it, which are none when everything holds.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    passing: Vec<String>,
    failing: Vec<String>,
}

pub(super) fn block(page: &mut Page<'_>, report: &Report, outcome: &Outcome) -> io::Result<()> {
    let signatures = report.signatures();
    let failed = outcome.failures();
    let Block { passing, failing } = lines(signatures, failed);
    passing.iter().try_for_each(|line| page.line(2, Ink::Pass, line))?;
    if failing.is_empty() {
        page.line(2, Ink::Pass, "Ok")?;
    } else {
        page.line(2, Ink::Fail, "Signature or certificate problems")?;
        failing.iter().try_for_each(|line| page.line(2, Ink::Fail, line))?;
    }
    failure::blocks(page, report, failed.iter().filter(|f| !TOLD.contains(&f.code.id)))?;
    signatures.results().try_for_each(|result| signature(page, report, result))?;
    certificates(page, signatures, report.parts().at.instant)
}

fn lines(signatures: &SignatureReport, failed: &[Failure]) -> Block {
    let yes_or_no =
        |result: &Option<SignatureResult>| if result.is_some() { "true" } else { "false" };
    let mut passing = vec![
        format!("Is the response signed? {}", yes_or_no(&signatures.response)),
        format!("Is the assertion signed? {}", yes_or_no(&signatures.assertion)),
    ];
    let mut failing = Vec::new();
    for result in signatures.results() {
        let signed = result.signed.name();
        match result.reference_valid {
            Some(true) if !result.is_valid() => {
                passing.push(format!("The reference in the {signed} signature is valid"));
            }
            Some(false) => {
                failing.push(format!("The reference in the {signed} signature is not valid"));
            }
            Some(true) | None => {}
        }
        if result.value_valid == Some(false) {
            failing.push(format!("The signature in the {signed} is not valid"));
        }
    }
    let key_info = signatures.key_info_matches().map(|matches| {
        (matches, format!("Is the correct certificate supplied in the keyinfo? {matches}"))
    });
    match key_info {
        // Everything verified with the configured key: another certificate in KeyInfo is worth telling, no more.
        Some((false, line)) if !failed.is_empty() => failing.push(line),
        Some((true | false, line)) => passing.push(line),
        None => {}
    }
    if failed.iter().any(|failure| ABOUT_CERTIFICATE.contains(&failure.code.id)) {
        for certificate in &signatures.configured {
            let subject = safe(certificate.subject());
            let until = certificate.not_after().strftime("%-d %b %Y %H:%M:%S");
            let specified = "Certificate specified in settings:";
            failing.push(format!("{specified} {subject} Expiration: {until} GMT"));
        }
    }
    for failure in failed.iter().filter(|failure| !TOLD.contains(&failure.code.id)) {
        let line = failure.line.text();
        if !failing.iter().any(|said| said == line) {
            failing.push(line.to_owned());
        }
    }
    Block { passing, failing }
}

/// What one signature covers, by which algorithms, and what came of it.
fn signature(page: &mut Page<'_>, report: &Report, result: &SignatureResult) -> io::Result<()> {
    const COLUMN: usize = 12;
    page.line(4, Ink::Title, &format!("signature of the {}", result.signed.name()))?;
    let mut row = |label: &str, text: &str| page.labelled(6, (label, COLUMN), Ink::Plain, text);
    if let Some(covered) = covered(report, result) {
        row(if result.is_valid() { "covers" } else { "claims" }, &covered)?;
    }
    if let Some(Algorithms { method, digest, canonicalization, transform, .. }) = result.algorithms
    {
        let (method, digest) = (method.name(), digest.name());
        let canonicalization = canonicalization.name();
        row(
            "algorithms",
            &format!("{method}, digest {digest}, canonicalization {canonicalization}"),
        )?;
        let second = transform.map(|transform| format!(", {}", transform.name()));
        row("transforms", &format!("enveloped-signature{}", second.unwrap_or_default()))?;
    }
    row(
        "content",
        match result.reference_valid {
            Some(true) => "unchanged: its digest is the one that was signed",
            Some(false) => "changed after signing: its digest is not the one that was signed",
            None => "not judged",
        },
    )?;
    let configured = &report.signatures().configured;
    let names_configured = result.key_info.iter().any(|carried| match carried {
        KeyInfoCertificate::Readable(certificate) => configured.contains(certificate),
        KeyInfoCertificate::Unreadable(_) => false,
    });
    let value = match (&result.verified_with, result.value_valid, names_configured) {
        (Some(_), ..) => "verifies with the configured certificate",
        (None, Some(_), false) => "does not verify with any configured certificate",
        (None, Some(_), true) => {
            "does not verify, although KeyInfo names a configured certificate: SignedInfo or \
             SignatureValue was changed"
        }
        (None, None, _) => "not judged",
    };
    row("value", value)?;
    row("judged by", report.signatures().engine)?;
    let Some(location) = report.location(result.at) else { return Ok(()) };
    row("at", &format!("line {}, {}", location.line, safe(&location.xpath)))
}

/// The element that carries the Signature, which is the only one a Reference may name, by its ID.
fn covered(report: &Report, result: &SignatureResult) -> Option<String> {
    let signature = report.document()?.element(result.at.0)?;
    let parent = signature.parent()?;
    let id = parent.attribute("ID").map(|id| format!(" {}", safe(id))).unwrap_or_default();
    let whole = match result.algorithms {
        Some(Algorithms { whole_document: true, .. }) => ", as the whole document (URI=\"\")",
        Some(_) | None => "",
    };
    Some(format!("the {}{id}{whole}", safe(parent.local_name())))
}

#[cfg(test)]
mod tests;
