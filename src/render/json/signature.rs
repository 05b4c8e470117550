//! What item 11 prints, for the JSON document: who signed what, with which certificates.

use serde::Serialize;

use super::document::located;
use crate::crypto::certificate::Certificate;
use crate::crypto::{KeyInfoCertificate, SignatureReport, SignatureResult};
use crate::report::Report;
use crate::time::rfc3339;

#[derive(Serialize)]
pub(super) struct Signature<'r> {
    signed: &'static str,
    verified: bool,
    engine: Option<&'static str>,
    response: Option<SignatureDocument<'r>>,
    assertion: Option<SignatureDocument<'r>>,
    configured: Vec<CertificateDocument<'r>>,
}

#[derive(Serialize)]
struct SignatureDocument<'r> {
    signature_method: Option<&'static str>,
    digest_method: Option<&'static str>,
    canonicalization: Option<&'static str>,
    transform: Option<&'static str>,
    reference_valid: Option<bool>,
    signature_valid: Option<bool>,
    line: Option<usize>,
    xpath: Option<String>,
    key_info: Vec<KeyInfo<'r>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum KeyInfo<'r> {
    Readable(CertificateDocument<'r>),
    Unreadable { unreadable: &'r str },
}

#[derive(Serialize)]
struct CertificateDocument<'r> {
    subject: &'r str,
    issuer: &'r str,
    serial: &'r str,
    sha256: &'r str,
    not_before: String,
    not_after: String,
    key: String,
}

impl<'r> Signature<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let signatures: &SignatureReport = report.signatures();
        let one = |result: &'r SignatureResult| SignatureDocument::of(result, report);
        Self {
            signed: match (&signatures.response, &signatures.assertion) {
                (Some(_), Some(_)) => "both",
                (Some(_), None) => "response",
                (None, Some(_)) => "assertion",
                (None, None) => "none",
            },
            verified: report.is_signed(),
            engine: Some(signatures.engine).filter(|engine| !engine.is_empty()),
            response: signatures.response.as_ref().map(one),
            assertion: signatures.assertion.as_ref().map(one),
            configured: signatures.configured.iter().map(CertificateDocument::of).collect(),
        }
    }
}

impl<'r> SignatureDocument<'r> {
    fn of(result: &'r SignatureResult, report: &Report) -> Self {
        let (line, xpath) = located(Some(result.at), report);
        let algorithms = result.algorithms.as_ref();
        Self {
            signature_method: algorithms.map(|algorithms| algorithms.method.uri()),
            digest_method: algorithms.map(|algorithms| algorithms.digest.uri()),
            canonicalization: algorithms.map(|algorithms| algorithms.canonicalization.uri()),
            transform: algorithms.and_then(|algorithms| Some(algorithms.transform?.uri())),
            reference_valid: result.reference_valid,
            signature_valid: result.value_valid,
            line,
            xpath,
            key_info: result.key_info.iter().map(KeyInfo::of).collect(),
        }
    }
}

impl<'r> KeyInfo<'r> {
    fn of(carried: &'r KeyInfoCertificate) -> Self {
        match carried {
            KeyInfoCertificate::Readable(certificate) => {
                Self::Readable(CertificateDocument::of(certificate))
            }
            KeyInfoCertificate::Unreadable(why) => Self::Unreadable { unreadable: why },
        }
    }
}

impl<'r> CertificateDocument<'r> {
    fn of(certificate: &'r Certificate) -> Self {
        Self {
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial: certificate.serial(),
            sha256: certificate.sha256(),
            not_before: rfc3339(certificate.not_before()),
            not_after: rfc3339(certificate.not_after()),
            key: certificate.key().to_string(),
        }
    }
}
