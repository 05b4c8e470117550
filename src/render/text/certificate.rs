//! Certificates side by side: the configured ones and those in KeyInfo, each once.
//!
//! platform §6: `keyinfo? false` hides two cases. What tells them apart is subject, serial, fingerprint and validity of both.

use std::io;

use jiff::Timestamp;

use super::page::{Ink, Page};
use crate::crypto::certificate::Certificate;
use crate::crypto::{KeyInfoCertificate, SignatureReport};
use crate::render::SHOWN;
use crate::render::safe::safe;
use crate::time::{rfc3339, words_between};

const COLUMN: usize = 12;

/// A certificate and everywhere it was met.
struct Met<'c> {
    certificate: &'c Certificate,
    configured: bool,
    verified: bool,
    key_info: Vec<&'static str>,
}

pub(super) fn certificates(
    page: &mut Page<'_>,
    signatures: &SignatureReport,
    now: Timestamp,
) -> io::Result<()> {
    let verified = signatures.verified_with();
    let configured = signatures.configured.iter().map(|certificate| Met {
        certificate,
        configured: true,
        verified: verified.contains(&certificate),
        key_info: Vec::new(),
    });
    let mut all: Vec<Met<'_>> = configured.collect();
    for result in signatures.results() {
        let signed = result.signed.name();
        for carried in result.key_info.iter().take(SHOWN) {
            let KeyInfoCertificate::Readable(certificate) = carried else { continue };
            match all.iter_mut().find(|met| *met.certificate == **certificate) {
                Some(met) if met.key_info.contains(&signed) => {}
                Some(met) => met.key_info.push(signed),
                None => all.push(Met {
                    certificate,
                    configured: false,
                    verified: false,
                    key_info: vec![signed],
                }),
            }
        }
        if let Some(left) = result.key_info.len().checked_sub(SHOWN).filter(|left| *left > 0) {
            page.line(
                4,
                Ink::Ours,
                &format!("and {left} more certificates in KeyInfo of the {signed}"),
            )?;
        }
    }
    all.iter().try_for_each(|met| one(page, met, now))
}

fn one(page: &mut Page<'_>, met: &Met<'_>, now: Timestamp) -> io::Result<()> {
    let certificate = met.certificate;
    page.prose(4, Ink::Title, &format!("certificate {}", places(met)))?;
    let mut row = |label: &str, text: &str| page.row(6, (label, COLUMN), text, None);
    row("subject", &safe(certificate.subject()))?;
    if certificate.issuer() == certificate.subject() {
        row("issuer", "the same: self-signed")?;
    } else {
        row("issuer", &safe(certificate.issuer()))?;
    }
    row("serial", certificate.serial())?;
    let (first, second) = in_halves(certificate.sha256());
    row("SHA-256", first)?;
    row("", second)?;
    row("key", &certificate.key().to_string())?;
    row("validity", &validity(certificate.not_before(), certificate.not_after(), now))?;
    let (from, until) = (rfc3339(certificate.not_before()), rfc3339(certificate.not_after()));
    row("", &format!("{from} to {until}"))
}

/// A fingerprint in two halves, the first with the colon between them: it is compared by eye, and whole it is wider than a terminal.
pub(super) fn in_halves(sha256: &str) -> (&str, &str) {
    let colon = sha256.get(..=sha256.len() / 2).and_then(|half| half.rfind(':'));
    colon.and_then(|colon| sha256.split_at_checked(colon + 1)).unwrap_or((sha256, ""))
}

fn places(met: &Met<'_>) -> String {
    let mut places = Vec::new();
    if met.configured {
        places.push("configured".to_owned());
    }
    if !met.key_info.is_empty() {
        places.push(format!("in KeyInfo of the {}", met.key_info.join(" and ")));
    }
    let remark = match (met.verified, met.configured) {
        (true, _) => "; its key made the signature",
        (false, true) => "",
        (false, false) => "; shown, never trusted",
    };
    format!("{}{remark}", places.join(" and "))
}

/// `expired 5 days ago`, `valid for another 7 years`, at the judged moment.
pub(super) fn validity(from: Timestamp, until: Timestamp, now: Timestamp) -> String {
    if now < from {
        format!("not valid yet: begins in {}", long(now, from))
    } else if now > until {
        format!("expired {} ago", long(until, now))
    } else {
        format!("valid for another {}", long(now, until))
    }
}

/// In years from two years on: the days of a certificate's life say little.
fn long(from: Timestamp, to: Timestamp) -> String {
    const DAYS: i64 = 365;
    let years = to.duration_since(from).as_hours() / 24 / DAYS;
    if years >= 2 { format!("{years} years") } else { words_between(from, to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validity_is_told_from_the_judged_moment() {
        let at = |text: &str| text.parse().unwrap();
        let said = |now| validity(at("2020-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"), at(now));
        assert_eq!(said("2030-01-06T00:00:00Z"), "expired 5 days ago");
        assert_eq!(said("2022-06-01T00:00:00Z"), "valid for another 7 years");
        assert_eq!(said("2019-12-31T00:00:00Z"), "not valid yet: begins in 1 day");
    }
}
