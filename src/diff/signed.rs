//! What is signed and encrypted, with which algorithms and certificates, as facts.

use super::Fact;
use crate::crypto::{
    Encryption, KeyInfoCertificate, Opened, Problem, ProblemKind, SignatureReport, SignatureResult,
};
use crate::saml::Message;

/// What is signed, and how.
pub(super) fn signatures(message: &Message, report: &SignatureReport) -> Vec<Fact> {
    let says = match (&report.response, &report.assertion) {
        (Some(_), Some(_)) => "the Response and the Assertion",
        (Some(_), None) => "the Response",
        (None, Some(_)) => "the Assertion",
        (None, None) if message.assertion().is_none() => "nothing that can be seen",
        (None, None) => "nothing",
    };
    let mut facts = vec![Fact::new("What is signed", [says], None)];
    facts.extend(report.results().flat_map(of_signature));
    facts
}

fn of_signature(result: &SignatureResult) -> Vec<Fact> {
    let signed = result.signed.name();
    let mut facts = Vec::new();
    if let Some(algorithms) = &result.algorithms {
        let transform = algorithms.transform.map(|transform| transform.name());
        let reference = if algorithms.whole_document { "the whole document" } else { "an ID" };
        for (what, value) in [
            ("SignatureMethod", Some(algorithms.method.name())),
            ("DigestMethod", Some(algorithms.digest.name())),
            ("CanonicalizationMethod", Some(algorithms.canonicalization.name())),
            ("Transform", transform),
            ("Reference", Some(reference)),
        ] {
            let fact =
                |value| Fact::new(what, [value], result.at).about(signed).detail_of("Signature");
            facts.extend(value.map(fact));
        }
    }
    let certificates: Vec<String> = result
        .key_info
        .iter()
        .map(|certificate| match certificate {
            KeyInfoCertificate::Readable(certificate) => {
                format!("{}, SHA-256 {}", certificate.subject(), certificate.sha256())
            }
            KeyInfoCertificate::Unreadable(why) => format!("(unreadable: {why})"),
        })
        .collect();
    if !certificates.is_empty() {
        let fact = Fact::new("Certificate in KeyInfo", certificates, result.at).about(signed);
        facts.push(fact.detail_of("Signature"));
    }
    // What is wrong with it by itself, whoever signed. That there is no certificate to verify it with is not.
    let by_itself = |problem: &&Problem| match problem.kind {
        ProblemKind::Algorithm
        | ProblemKind::Transform
        | ProblemKind::Structure
        | ProblemKind::Reference
        | ProblemKind::IdMissing
        | ProblemKind::IdDuplicate => true,
        ProblemKind::Digest
        | ProblemKind::Value
        | ProblemKind::WrongKey
        | ProblemKind::Key
        | ProblemKind::Canonicalization
        | ProblemKind::Disagreement
        | ProblemKind::Engine => false,
    };
    for problem in result.problems.iter().filter(by_itself) {
        facts.push(Fact::new("Fault of the Signature", [&problem.found], problem.at).about(signed));
    }
    facts
}

/// What is encrypted, and how.
pub(super) fn encryption(opened: &Opened) -> Vec<Fact> {
    let decrypted =
        opened.decrypted().iter().map(|found| (found.part, &found.encryption, found.at));
    let stays = opened.undecrypted().iter().map(|stays| (stays.part, &stays.encryption, stays.at));
    let mut facts = Vec::new();
    for (part, encryption, at) in decrypted.chain(stays) {
        facts.push(Fact::new("Encrypted", [part.name()], at).about(part.name()));
        let Encryption { cipher, recipients, .. } = encryption;
        let cipher = Fact::new("Content encryption", [cipher], at).about(part.name());
        facts.push(cipher.detail_of("Encrypted"));
        for recipient in recipients {
            let certificates = recipient.certificates.iter();
            let certificates =
                certificates.map(|(subject, sha256)| format!("{subject}, SHA-256 {sha256}"));
            let names = recipient.names.iter().cloned();
            let key =
                format!("{} to a key of {} bits", recipient.transport, recipient.modulus_bits);
            let values = std::iter::once(key).chain(names).chain(certificates);
            let key = Fact::new("Key encryption", values, at).about(part.name());
            facts.push(key.detail_of("Encrypted"));
        }
    }
    facts
}
