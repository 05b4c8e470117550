//! Is the configured certificate valid at the judged moment, and small enough to be uploaded?

use jiff::{SignedDuration, Timestamp};

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::config::{Expect, SpConfig};
use crate::crypto::certificate::Certificate;
use crate::time::{after, before};

static EXPIRED: Cause = Cause {
    code: "configured-certificate-expired",
    title: "The configured certificate has expired",
    says: "The certificate of the identity provider that is configured here expired on {expired}; the platform refuses logins with it.",
    fix_sp: "Upload the identity provider's current certificate, taken from its metadata.",
    fix_idp: "Renew the signing certificate, and tell every service provider before it is used.",
    confidence: Confidence::Proven,
};
static NOT_YET: Cause = Cause {
    code: "configured-certificate-not-yet-valid",
    title: "The configured certificate is not valid yet",
    says: "The certificate of the identity provider that is configured here is valid from {valid from} only.",
    fix_sp: "Check the clock that is judged by; otherwise keep the former certificate until then.",
    fix_idp: "Sign with the former certificate until the new one is valid.",
    confidence: Confidence::Proven,
};
static SOON: Cause = Cause {
    code: "configured-certificate-expires-soon",
    title: "The configured certificate expires within 30 days",
    says: "The certificate of the identity provider that is configured here expires on {expires}; logins fail from then on.",
    fix_sp: "Ask for the next certificate now and upload it in time.",
    fix_idp: "Renew the signing certificate and announce the change.",
    confidence: Confidence::Proven,
};
static LARGE: Cause = Cause {
    code: "configured-certificate-over-4-kb",
    title: "The configured certificate is over 4 KB",
    says: "The certificate has {size}; the platform does not take one over 4 KB.",
    fix_sp: "Use a smaller certificate, one without long extensions.",
    fix_idp: "Issue a plain signing certificate: 2048 bits, few extensions.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "certificate",
    title: "Validity and size of the configured certificate",
    explains: &["signature"],
    causes: &[&EXPIRED, &NOT_YET, &SOON, &LARGE],
    when: When::Always,
    run,
};

/// How long before its end a certificate is worth a warning; the issue of a new one takes weeks in many places. Choice: 30 days.
const SOON_IS: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Octets of a certificate that the platform accepts (platform §3.3).
const LIMIT: usize = 4096;

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let Some(config) = case.config() else { return Vec::new() };
    let configured: Vec<&Certificate> = config.idp_certificates.iter().map(Expect::given).collect();
    let verified = case.report.signatures().verified_with();
    // Of several certificates only the one that is used matters; while none verifies anything, a single one does.
    let used = match configured.as_slice() {
        [only] => vec![*only],
        _ => verified.clone(),
    };
    let mut found = Vec::new();
    for certificate in used {
        let Some((cause, when)) = validity(certificate, &configured, case, config) else {
            continue;
        };
        let evidence = vec![when, Evidence::certificate("configured", certificate)];
        let explains = cause != &SOON && verified.contains(&certificate);
        let checks = vec![if explains { "signature" } else { "" }];
        found.push(cause.diagnosis(evidence).explaining(checks));
    }
    for certificate in configured.iter().filter(|certificate| certificate.der().len() > LIMIT) {
        let size = Evidence::new("size", format!("{} bytes", certificate.der().len()));
        let evidence = vec![size, Evidence::certificate("configured", certificate)];
        found.push(LARGE.diagnosis(evidence).explaining(vec![""]));
    }
    found
}

/// What is wrong with its validity at the judged moment, and the instant that says so.
fn validity(
    certificate: &Certificate,
    configured: &[&Certificate],
    case: &Case<'_>,
    config: &SpConfig,
) -> Option<(&'static Cause, Evidence)> {
    let now = case.judged_at();
    let opens = |certificate: &Certificate| before(certificate.not_before(), config.clock_skew);
    let holds = |certificate: &Certificate, at: Timestamp| {
        now >= opens(certificate) && at <= certificate.not_after()
    };
    // A renewed certificate may hold the same key: then it does not matter which of the two was tried first.
    let renewed = |other: &&Certificate| {
        other.public_key().public_eq(certificate.public_key()) && holds(other, now)
    };
    if now > certificate.not_after() || now < opens(certificate) {
        if configured.iter().any(renewed) {
            return None;
        }
        return Some(if now > certificate.not_after() {
            (&EXPIRED, Evidence::time("expired", certificate.not_after()))
        } else {
            (&NOT_YET, Evidence::time("valid from", certificate.not_before()))
        });
    }
    // With the next one beside it everything is prepared.
    let then = after(now, SOON_IS);
    if then <= certificate.not_after() || configured.iter().any(|other| other.not_after() >= then) {
        return None;
    }
    Some((&SOON, Evidence::time("expires", certificate.not_after())))
}

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
