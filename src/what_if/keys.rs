//! Another certificate or private key, and another of the configurations as a whole.

use super::{Candidate, Case, Change, Tried};
use crate::config::{Expect, Source, SpConfig};
use crate::crypto::KeyInfoCertificate;
use crate::crypto::certificate::Certificate;

/// As many configurations as are tried. Choice: 16, as many as are tried when a message must be decrypted to be recognised.
const CONFIGURATIONS: usize = 16;

/// The configuration that was guessed, or another one, by its name.
pub(super) fn another_configuration(case: &Case<'_>) -> Vec<Candidate> {
    let used = &case.report.parts().configuration;
    let guessed = case.config().filter(|_| !used.certain);
    let guessed = guessed.into_iter().map(|config| {
        (config, "It is the configuration that was guessed, and all of it holds: only its name is missing.")
    });
    let others = case.others().map(|config| {
        (config, "It is a configuration of yours, and all of it holds; check that users are meant to log in there.")
    });
    let offer = |(config, why): (&SpConfig, &str)| Candidate {
        change: Change {
            kind: "use-another-configuration",
            setting: "--sp",
            from: used.name.clone().filter(|_| used.certain),
            to: Some(config.name.clone()),
            safe: true,
            why: why.to_owned(),
        },
        tried: Tried::Named(config.name.clone()),
    };
    guessed.chain(others).take(CONFIGURATIONS).map(offer).collect()
}

/// Certificates of other configurations, then those that the message itself names.
///
/// Choice: one is added, and those that are configured stay: it is the smaller change, and how keys are rolled over.
pub(super) fn certificate(case: &Case<'_>) -> Vec<Candidate> {
    let Some(config) = case.config() else { return Vec::new() };
    let mut tried: Vec<&Certificate> = config.idp_certificates.iter().map(Expect::given).collect();
    let fingerprints: Vec<&str> = tried.iter().map(|certificate| certificate.sha256()).collect();
    let from = fingerprints.join(", ");
    let mut offers = Vec::new();
    let mut offer = |certificate, kind, safe, why| {
        if tried.contains(&certificate) {
            return;
        }
        tried.push(certificate);
        let change = Change {
            kind,
            setting: "idp_certificate",
            from: Some(from.clone()),
            to: Some(certificate.sha256().to_owned()),
            safe,
            why,
        };
        let added = Expect::new(certificate.clone(), Source::Default);
        offers.extend(case.setting(change, |config| config.idp_certificates.push(added)));
    };
    for other in case.others().take(CONFIGURATIONS) {
        let safe = other.issuer.given() == config.issuer.given();
        let why = if safe {
            format!("It is configured for {}, which has the same identity provider.", other.name)
        } else {
            format!(
                "It is configured for {}, whose identity provider is another one and could then log anybody in here.",
                other.name
            )
        };
        for certificate in &other.idp_certificates {
            offer(
                certificate.given(),
                "add-certificate-of-another-configuration",
                safe,
                why.clone(),
            );
        }
    }
    let named = case.report.signatures().results().flat_map(|result| &result.key_info);
    for named in named {
        match named {
            KeyInfoCertificate::Readable(certificate) => offer(
                certificate,
                "add-certificate-of-the-message",
                false,
                "It comes from the message itself, which anybody could have signed: compare its fingerprint with the identity provider's metadata first.".to_owned(),
            ),
            KeyInfoCertificate::Unreadable(_) => {}
        }
    }
    offers
}

/// A private key of another configuration.
pub(super) fn decryption_key(case: &Case<'_>) -> Vec<Candidate> {
    let Some(config) = case.config() else { return Vec::new() };
    let own: Vec<String> = config.decryption_keys.iter().map(|key| key.label().name).collect();
    let from = (!own.is_empty()).then(|| own.join(", "));
    let keys = case.others().take(CONFIGURATIONS);
    let keys = keys.flat_map(|other| other.decryption_keys.iter().map(move |key| (other, key)));
    let offer = |(other, key): (&SpConfig, &crate::config::DecryptionKey)| {
        let change = Change {
            kind: "add-decryption-key",
            setting: "decryption_key",
            from: from.clone(),
            to: Some(key.label().name),
            safe: true,
            why: format!("It is a private key of your own, configured for {}.", other.name),
        };
        case.setting(change, |config| config.decryption_keys.push(key.clone()))
    };
    keys.filter_map(offer).collect()
}
