//! Was the assertion encrypted for another key than the configured one? Works without the private key, too.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

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

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let parts = case.report.parts();
    let Some(stays) = parts.opened.undecrypted().first() else { return Vec::new() };
    let Some(config) = case.config() else { return Vec::new() };
    let mut evidence = vec![Evidence::new("stays encrypted", stays.error.to_string()).at(stays.at)];
    let keys = &parts.configuration.decryption_keys;
    for key in keys {
        let bits = key.bits.map(|bits| format!(", RSA {bits} bits")).unwrap_or_default();
        evidence.push(Evidence::new("configured key", format!("{}{bits}", key.name)));
    }
    let cause = if config.decryption_keys.is_empty() { &NO_KEY } else { &ANOTHER };
    vec![cause.diagnosis(evidence)]
}
