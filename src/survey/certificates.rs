//! Keys and dates of the certificates: the configured ones, and those that came in KeyInfo, which are never trusted.

use jiff::Timestamp;

use crate::crypto::certificate::{Certificate, KeyDescription};
use crate::crypto::{KeyInfoCertificate, SignatureReport, SignatureResult};
use crate::finding::{
    CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, CERTIFICATE_TOO_LARGE, FindingCode, Findings,
    KEYINFO_EXPIRED, KEYINFO_NOT_YET_VALID, KEYINFO_UNREADABLE, WEAK_EXPONENT, WEAK_KEY,
};
use crate::saml::{DSIG, Place};
use crate::time::rfc3339;
use crate::xml::{Document, Element};

/// RSA keys below this many bits are reported (security rule 6).
const RSA_ADVISED: u32 = 2048;
/// Public exponents up to this one are reported; 65537 is usual.
const SMALL_EXPONENT: u32 = 3;
/// Bytes of a certificate that the platform accepts for upload (platform §3.3).
const CERTIFICATE_LIMIT: usize = 4096;

pub(super) fn tell(
    document: &Document,
    signatures: &SignatureReport,
    now: Timestamp,
    findings: &mut Findings,
) {
    let configured = Dates { expired: &CERTIFICATE_EXPIRED, early: &CERTIFICATE_NOT_YET_VALID };
    let verified = signatures.verified_with();
    // Of a rollover the certificate that was not used is nobody's trouble.
    for certificate in &signatures.configured {
        if verified.is_empty() || verified.contains(&certificate) {
            let at = used_at(certificate, signatures);
            key(certificate, at, findings);
            configured.tell(certificate, at, now, findings);
            let size = certificate.der().len();
            if size > CERTIFICATE_LIMIT {
                findings.tell(&CERTIFICATE_TOO_LARGE, at, || format!("{size} bytes"));
            }
        }
    }
    let carried = Dates { expired: &KEYINFO_EXPIRED, early: &KEYINFO_NOT_YET_VALID };
    for result in signatures.results() {
        let elements = document.element(result.at.0).into_iter().flat_map(certificate_elements);
        for (one, element) in result.key_info.iter().zip(elements) {
            let at = Place(element.ordinal());
            match one {
                KeyInfoCertificate::Unreadable(why) => {
                    findings.tell(&KEYINFO_UNREADABLE, at, || why.clone());
                }
                KeyInfoCertificate::Readable(other) if !signatures.configured.contains(other) => {
                    key(other, at, findings);
                    carried.tell(other, at, now, findings);
                }
                KeyInfoCertificate::Readable(_) => {}
            }
        }
    }
}

/// The Signature that a configured certificate verified, or else the first, or else the root: what it was held against.
fn used_at(certificate: &Certificate, signatures: &SignatureReport) -> Place {
    let by = |result: &&SignatureResult| result.verified_with.as_ref() == Some(certificate);
    let result = signatures.results().find(by).or_else(|| signatures.results().next());
    result.map_or(Place(0), |result| result.at)
}

/// In the order in which the signature module reads them.
fn certificate_elements(signature: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let key_infos = signature.children().filter(|child| child.is(DSIG, "KeyInfo"));
    let data = key_infos.flat_map(Element::children).filter(|child| child.is(DSIG, "X509Data"));
    data.flat_map(Element::children).filter(|child| child.is(DSIG, "X509Certificate"))
}

fn key(certificate: &Certificate, at: Place, findings: &mut Findings) {
    if let KeyDescription::Rsa { bits } = certificate.key()
        && *bits < RSA_ADVISED
    {
        findings.tell(&WEAK_KEY, at, || certificate.key().to_string());
    }
    if let Some(exponent) = certificate.rsa_exponent()
        && (exponent <= SMALL_EXPONENT || exponent.is_multiple_of(2))
    {
        findings.tell(&WEAK_EXPONENT, at, || format!("{}, exponent {exponent}", certificate.key()));
    }
}

/// The codes for the dates of a certificate.
struct Dates {
    expired: &'static FindingCode,
    early: &'static FindingCode,
}

impl Dates {
    fn tell(&self, certificate: &Certificate, at: Place, now: Timestamp, findings: &mut Findings) {
        let (from, until) = (certificate.not_before(), certificate.not_after());
        let judged = || rfc3339(now);
        if now > until {
            findings.tell(self.expired, at, || {
                format!("valid until {}, judged at {}", rfc3339(until), judged())
            });
        } else if now < from {
            findings.tell(self.early, at, || {
                format!("valid from {}, judged at {}", rfc3339(from), judged())
            });
        }
    }
}
