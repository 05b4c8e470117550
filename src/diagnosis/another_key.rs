//! Was the content signed with another key than the configured one? The content is intact, so the question is whose key it is.
//!
//! Security rule 1 stands: a certificate from the message is compared and shown here, and never adopted.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::config::SpConfig;
use crate::crypto::certificate::Certificate;
use crate::crypto::{self, KeyInfoCertificate};

static ROLLED: Cause = Cause {
    code: "certificate-rolled-over",
    title: "The identity provider has changed its certificate",
    says: "The content is intact, but it is signed with a newer certificate of the same name than the configured one: the identity provider rolled its certificate over.",
    fix_sp: "Get the current certificate from the identity provider's own metadata, compare its SHA-256 with the one shown here, and upload it to the single sign-on settings.",
    fix_idp: "Publish the new certificate, or go on signing with the old one until the service providers have it.",
    confidence: Confidence::Proven,
};
static ANOTHER_ENVIRONMENT: Cause = Cause {
    code: "certificate-of-another-configuration",
    title: "The message is signed with the certificate of another configuration",
    says: "The content is intact, but it is signed with the certificate that belongs to the configuration {belongs to}.",
    fix_sp: "Judge it with that configuration, or upload this certificate here if this identity provider now serves both.",
    fix_idp: "Check which application, tenant or environment sent this login.",
    confidence: Confidence::Proven,
};
static UNKNOWN: Cause = Cause {
    code: "signed-by-unknown-certificate",
    title: "The message is signed with a certificate that is not configured",
    says: "The content is intact, but it is signed with a certificate that no configuration knows.",
    fix_sp: "Never adopt a certificate from a message: get it from the identity provider's metadata, compare the SHA-256 with the one shown here, and upload it only if they are equal.",
    fix_idp: "Say which certificate signs for this application, and give its SHA-256.",
    confidence: Confidence::Proven,
};
static NOT_ITS_KEY: Cause = Cause {
    code: "signature-value-wrong",
    title: "The signature was not made with the key of the configured certificate",
    says: "The content is intact and the message names the configured certificate, but the signature was not made with the key of that certificate, or it was damaged.",
    fix_sp: "Capture the message again; if it looks the same, no setting here can help.",
    fix_idp: "The private key that signs does not belong to the certificate that is published: install the matching pair.",
    confidence: Confidence::Likely,
};
static NO_KEY_INFO: Cause = Cause {
    code: "signed-by-another-key",
    title: "The message is signed with another key",
    says: "The content is intact, but the signature was not made with the key of the configured certificate, and the message does not say with which.",
    fix_sp: "Get the current certificate from the identity provider's metadata and compare its SHA-256 with the configured one.",
    fix_idp: "Say which certificate signs for this application; include it in the signature (KeyInfo).",
    confidence: Confidence::Likely,
};
static KIND: Cause = Cause {
    code: "key-does-not-fit",
    title: "The configured key cannot verify this kind of signature",
    says: "The signature needs another kind of key than the one in the configured certificate, or the key or algorithm is too weak to be accepted.",
    fix_sp: "Upload the certificate that belongs to the key the identity provider signs with.",
    fix_idp: "Sign with RSA of at least 2048 bits and SHA-256.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "another-key",
    title: "Signed with another key",
    explains: &["signature"],
    causes: &[&ROLLED, &ANOTHER_ENVIRONMENT, &UNKNOWN, &NOT_ITS_KEY, &NO_KEY_INFO, &KIND],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    diagnosed(case).into_iter().collect()
}

fn diagnosed(case: &Case<'_>) -> Option<Diagnosis> {
    let config = case.config()?;
    let mut results = case.report.signatures().results();
    let unfit = |result: &crypto::SignatureResult| {
        let kinds = [crypto::ProblemKind::Key, crypto::ProblemKind::Algorithm];
        result.problems.iter().find(|p| kinds.contains(&p.kind)).cloned()
    };
    if let Some(problem) = case.report.signatures().results().find_map(unfit) {
        let found = Evidence::new("found", problem.found.as_str());
        return Some(
            KIND.diagnosis(vec![found.expected(problem.expected.as_str()).at(problem.at)]),
        );
    }
    let result =
        results.find(|r| r.reference_valid == Some(true) && r.value_valid == Some(false))?;
    let named = result.key_info.iter().find_map(|certificate| match certificate {
        KeyInfoCertificate::Readable(certificate) => Some(certificate.as_ref()),
        KeyInfoCertificate::Unreadable(_) => None,
    });
    let configured = config.idp_certificates.iter().map(|c| c.given()).collect::<Vec<_>>();
    let mut evidence: Vec<Evidence> =
        configured.iter().map(|c| Evidence::certificate("configured", c)).collect();
    let known = |config: &&SpConfig, certificate: &Certificate| {
        config.idp_certificates.iter().any(|c| c.given() == certificate)
    };
    let others = case
        .others()
        .flat_map(|config| config.idp_certificates.iter().map(move |c| (config, c.given())));
    if let Some((owner, certificate)) = { others }.find(|(_, c)| verifies(case, c)) {
        evidence.push(Evidence::certificate("signed with", certificate));
        evidence.insert(0, Evidence::new("belongs to", owner.name.as_str()));
        return Some(ANOTHER_ENVIRONMENT.diagnosis(evidence));
    }
    let Some(named) = named else { return Some(NO_KEY_INFO.diagnosis(evidence)) };
    evidence.push(Evidence::certificate("in the message", named).at(result.at));
    if known(&config, named) || !verifies(case, named) {
        return Some(NOT_ITS_KEY.diagnosis(evidence));
    }
    let newer = |old: &&&Certificate| {
        old.subject() == named.subject() && old.not_before() < named.not_before()
    };
    let cause = if configured.iter().any(|old| newer(&old)) { &ROLLED } else { &UNKNOWN };
    Some(cause.diagnosis(evidence))
}

/// Whether every signature of the message verifies with this certificate: a question of whose key it is, never of what to believe.
fn verifies(case: &Case<'_>, certificate: &Certificate) -> bool {
    let parts = case.report.parts();
    let (Some(sent), Some(message)) = (&parts.document, case.report.message()) else {
        return false;
    };
    let (opened, engine) = (&parts.opened, (case.engine, case.limits));
    let certificates = vec![certificate.clone()];
    let signatures = crypto::examine_opened(sent, opened, message, certificates, engine);
    signatures.results().any(|result| result.is_valid())
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{Case, given};
    use crate::config::DecryptionKey;
    use crate::support::encryption::{Recipe, own_key};
    use crate::support::keys::Key;
    use crate::support::signature::{KeyInfo, Signing};

    /// The usual assertion, encrypted for us; the assertion or the Response around it is signed by somebody else.
    fn encrypted(inside: Key, outside: Option<Key>) -> Case {
        let by = |key: Key| Signing {
            key_info: KeyInfo::Certificate(key.certificate()),
            ..Signing::with(key)
        };
        let pem = own_key().private_key_to_pem_pkcs8().unwrap();
        let file = |_: &std::path::Path| Ok(pem.clone());
        let key = DecryptionKey::named(&given("sp.key"), &file).unwrap();
        let message = |response: &mut crate::support::response::Response| {
            let mut assertion = response.assertion.take().unwrap();
            assertion.signing = Some(by(inside));
            response.after_assertion = Recipe::usual().encrypt(&assertion.xml());
            response.signing = outside.map(by);
        };
        Case::usual().message(message).config(|config| config.decryption_keys = vec![key])
    }

    #[test]
    fn the_signer_of_an_encrypted_message_is_found_inside_and_outside() {
        encrypted(Key::Idp, Some(Key::Idp)).is_accepted();
        for (inside, outside) in [
            (Key::Other, None),
            (Key::Idp, Some(Key::Other)),
            (Key::Other, Some(Key::Idp)),
            (Key::Other, Some(Key::Other)),
        ] {
            let report = encrypted(inside, outside).report();
            let first = report.diagnoses().first().map(|first| first.cause.code);
            assert_eq!(first, Some("signed-by-unknown-certificate"), "{inside:?} {outside:?}");
        }
    }
}
