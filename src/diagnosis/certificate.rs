//! Is the configured certificate valid at the judged moment, and small enough to be uploaded?

use jiff::SignedDuration;

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::time::after;

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
    let now = case.judged_at();
    let verified = case.report.signatures().verified_with();
    // Of several certificates only the one that is used matters; while none verifies anything, a single one does.
    let judged = match config.idp_certificates.as_slice() {
        [only] => vec![only.given()],
        _ => verified.clone(),
    };
    let mut found = Vec::new();
    for certificate in judged {
        let about = Evidence::certificate("configured", certificate);
        let end = Evidence::time("expired", certificate.not_after());
        let explains = verified.contains(&certificate);
        let told = |cause: &'static Cause, first: Evidence| {
            let checks = if explains { vec!["signature"] } else { vec![""] };
            cause.diagnosis(vec![first, about.clone()]).explaining(checks)
        };
        if certificate.not_after() < now {
            found.push(told(&EXPIRED, end));
        } else if certificate.not_before() > now {
            let begin = Evidence::time("valid from", certificate.not_before());
            found.push(told(&NOT_YET, begin));
        } else if certificate.not_after() < after(now, SOON_IS) {
            let end = Evidence::time("expires", certificate.not_after());
            found.push(told(&SOON, end).explaining(vec![""]));
        }
        if certificate.der().len() > LIMIT {
            let size = Evidence::new("size", format!("{} bytes", certificate.der().len()));
            found.push(told(&LARGE, size).explaining(vec![""]));
        }
    }
    found
}
