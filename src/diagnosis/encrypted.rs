//! Was the assertion encrypted for another key than the configured one? Works without the private key, too.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::crypto::{PrivateKey, Recipient};

static NO_KEY: Cause = Cause {
    code: "encrypted-without-key",
    title: "The assertion is encrypted, and no private key is configured here",
    says: "The identity provider encrypts the assertion; without the private key of the service provider nothing in it can be judged.",
    fix_sp: "Give the private key with --decryption-key or decryption_key. The platform needs its assertion decryption certificate to be set as well.",
    fix_idp: "Switch assertion encryption off for this application, if the service provider has no decryption certificate.",
    confidence: Confidence::Proven,
};
static ANOTHER: Cause = Cause {
    code: "encrypted-for-another-key",
    title: "The assertion is encrypted for another key",
    says: "The assertion is encrypted, and none of the configured private keys opens it: the identity provider uses another certificate.",
    fix_sp: "Download the current assertion decryption certificate from the single sign-on settings and send it to the identity provider.",
    fix_idp: "Replace the encryption certificate of this application with the service provider's current one.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "encrypted",
    title: "Encrypted for another key",
    explains: &["input", "signature", "subject"],
    causes: &[&NO_KEY, &ANOTHER],
    when: When::Unexplained,
    run,
};

/// As many keys as are listed. Choice: 3; a message is for one key, or for a few during a change.
const LISTED: usize = 3;

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let parts = case.report.parts();
    let Some(stays) = parts.opened.undecrypted().first() else { return Vec::new() };
    let Some(config) = case.config() else { return Vec::new() };
    let mut evidence =
        vec![Evidence::new("encrypted with", stays.encryption.cipher.as_str()).at(stays.at)];
    for recipient in stays.encryption.recipients.iter().take(LISTED) {
        evidence.push(Evidence::all("for the key", for_whom(recipient)).at(recipient.at));
    }
    let keys = &parts.configuration.decryption_keys;
    for key in keys {
        let bits = key.bits.map(|bits| format!(", RSA {bits} bits")).unwrap_or_default();
        evidence.push(Evidence::new("configured key", format!("{}{bits}", key.name)));
    }
    if config.decryption_keys.is_empty() {
        return vec![NO_KEY.diagnosis(evidence)];
    }
    // A key of another length, or of none of the certificates that are named, cannot be meant.
    let keys = config.private_keys();
    let meant = |recipient: &Recipient, key: &PrivateKey| {
        let bits = usize::try_from(key.bits()).unwrap_or_default().next_multiple_of(8);
        recipient.modulus_bits == bits
    };
    let recipients = &stays.encryption.recipients;
    let is_meant = recipients.iter().any(|r| keys.iter().any(|key| meant(r, key)));
    let proven = !recipients.is_empty() && !keys.is_empty() && !is_meant;
    let confidence = if proven { Confidence::Proven } else { ANOTHER.confidence };
    vec![ANOTHER.diagnosis(evidence).confidence(confidence)]
}

/// Whom the identity provider meant, as far as the message tells.
fn for_whom(recipient: &Recipient) -> Vec<String> {
    let named = recipient.recipient.iter().chain(&recipient.names).chain(&recipient.subjects);
    let serials = recipient
        .issuer_serials
        .iter()
        .map(|(issuer, serial)| format!("certificate {serial} issued by {issuer}"));
    let certificates = recipient
        .certificates
        .iter()
        .flat_map(|(subject, sha256)| [subject.clone(), format!("SHA-256 {sha256}")]);
    let key = format!("RSA {} bits, {}", recipient.modulus_bits, recipient.transport);
    named.cloned().chain(serials).chain(certificates).chain([key]).collect()
}
