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

static DAMAGED: Cause = Cause {
    code: "encrypted-for-our-key-and-damaged",
    title: "The assertion is encrypted for the configured key, and does not open",
    says: "The message names the certificate of the configured private key, and the key does not open it: what is encrypted was damaged on the way, or was encrypted with another key than the message names.",
    fix_sp: "Capture the message again, unedited; no setting is wrong as long as the fingerprints of the two keys are equal.",
    fix_idp: "Look for what changes the message after it is encrypted, and check that it is encrypted with the certificate that it names.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "encrypted",
    title: "Encrypted for another key",
    explains: &["input", "signature", "subject"],
    causes: &[&NO_KEY, &ANOTHER, &DAMAGED],
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
    let keys = config.private_keys();
    for label in &parts.configuration.decryption_keys {
        let bits = label.bits.map(|bits| format!(", RSA {bits} bits")).unwrap_or_default();
        evidence.push(Evidence::new("configured key", format!("{}{bits}", label.name)));
    }
    // Only the keys that are not locked have a public half that can be shown.
    let ours: Vec<String> = keys.iter().filter_map(|key| key.public_key_sha256()).collect();
    let shown = ours.iter().take(LISTED).map(|sha256| format!("SHA-256 {sha256}")).collect();
    if !ours.is_empty() {
        evidence.push(Evidence::all("its public key", shown));
    }
    if config.decryption_keys.is_empty() {
        return vec![NO_KEY.diagnosis(evidence)];
    }
    let recipients = &stays.encryption.recipients;
    let mut named = recipients.iter().flat_map(|recipient| &recipient.public_keys).peekable();
    let is_told = named.peek().is_some();
    if named.any(|sha256| ours.contains(sha256)) {
        return vec![DAMAGED.diagnosis(evidence)];
    }
    // A key of another length, or of none of the certificates that are named, cannot be meant.
    let fits = |recipient: &Recipient, key: &PrivateKey| {
        let bits = usize::try_from(key.bits()).unwrap_or_default().next_multiple_of(8);
        recipient.modulus_bits == bits
    };
    let fits = recipients.iter().any(|r| keys.iter().any(|key| fits(r, key)));
    let proven = !recipients.is_empty() && !ours.is_empty() && (is_told || !fits);
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
    let public = recipient.public_keys.iter().map(|sha256| format!("public key SHA-256 {sha256}"));
    let key = format!("RSA {} bits, {}", recipient.modulus_bits, recipient.transport);
    named.cloned().chain(serials).chain(certificates).chain(public).chain([key]).collect()
}

#[cfg(test)]
mod tests {
    use openssl::pkey::{PKey, Private};

    use crate::checks::fixture::{Case, given};
    use crate::config::DecryptionKey;
    use crate::diagnosis::{Confidence, Diagnosis};
    use crate::support::encode::base64;
    use crate::support::encryption::{Recipe, other_key, own_key};
    use crate::support::keys::Key;

    /// A message whose assertion is encrypted by this recipe, and is read with these keys.
    fn diagnosed(recipe: &Recipe, keys: &[PKey<Private>]) -> Diagnosis {
        let named = |key: &PKey<Private>| {
            let pem = key.private_key_to_pem_pkcs8().unwrap();
            DecryptionKey::named(&given("sp.key"), &|_: &std::path::Path| Ok(pem.clone())).unwrap()
        };
        let keys = keys.iter().map(named).collect();
        let case = Case::usual().config(|config| config.decryption_keys = keys);
        let report = case
            .message(|response| {
                let assertion = response.assertion.take().unwrap().xml();
                response.after_assertion = recipe.encrypt(&assertion);
            })
            .report();
        let [only] = report.diagnoses() else { panic!("{:?}", report.diagnoses()) };
        only.clone()
    }

    fn naming(key: PKey<Private>, certificate: &openssl::x509::X509) -> Recipe {
        let certificate = base64(certificate.to_der().unwrap());
        let key_info = format!(
            "<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>"
        );
        Recipe { key, key_info, ..Recipe::usual() }
    }

    #[test]
    fn without_a_key_it_is_told_for_whom_it_is() {
        let recipe = naming(other_key(), &Key::Other.certificate());
        let found = diagnosed(&recipe, &[]);
        assert_eq!(found.cause.code, "encrypted-without-key");
        let told =
            |part: &str| found.evidence.iter().any(|e| e.values.iter().any(|v| v.contains(part)));
        assert!(told("public key SHA-256 ") && told("RSA "), "{:?}", found.evidence);
    }

    #[test]
    fn the_certificate_that_is_named_tells_another_key_from_damage() {
        let other = naming(other_key(), &Key::Other.certificate());
        let found = diagnosed(&other, &[own_key()]);
        let told = (found.cause.code, found.confidence);
        assert_eq!(told, ("encrypted-for-another-key", Confidence::Proven));
        // Encrypted with another key than the certificate's, whose private half is configured.
        let ours = naming(other_key(), &Key::Idp.certificate());
        let found = diagnosed(&ours, &[Key::Idp.private()]);
        assert_eq!(found.cause.code, "encrypted-for-our-key-and-damaged");
    }

    #[test]
    fn without_a_certificate_only_another_length_proves_another_key() {
        let unnamed = |key| Recipe { key, ..Recipe::usual() };
        let of = |key, ours| diagnosed(&unnamed(key), &[ours]).confidence;
        assert_eq!(of(other_key(), own_key()), Confidence::Likely);
        let shorter = PKey::from_rsa(openssl::rsa::Rsa::generate(1024).unwrap()).unwrap();
        assert_eq!(of(other_key(), shorter), Confidence::Proven);
    }
}
