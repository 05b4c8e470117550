//! The diagnoses in JSON.

use serde::Serialize;

use crate::diagnosis::{Diagnosis, Evidence};
use crate::render::diagnosis::sentence;
use crate::report::Report;

/// One explanation of what failed.
#[derive(Serialize)]
pub(super) struct DiagnosisDocument<'r> {
    code: &'static str,
    confidence: &'static str,
    explains: &'r [&'static str],
    says: String,
    evidence: Vec<EvidenceDocument<'r>>,
    fix: Fix,
}

#[derive(Serialize)]
struct EvidenceDocument<'r> {
    label: &'static str,
    expected: Option<&'r str>,
    values: &'r [String],
    line: Option<usize>,
    xpath: Option<String>,
}

#[derive(Serialize)]
struct Fix {
    sp: &'static str,
    idp: &'static str,
}

impl<'r> DiagnosisDocument<'r> {
    pub(super) fn all(report: &'r Report) -> Vec<Self> {
        report.diagnoses().iter().map(|diagnosis| Self::of(diagnosis, report)).collect()
    }

    fn of(diagnosis: &'r Diagnosis, report: &Report) -> Self {
        Self {
            code: diagnosis.cause.code,
            confidence: diagnosis.confidence.name(),
            explains: &diagnosis.explains,
            says: sentence(diagnosis),
            evidence: diagnosis.evidence.iter().map(|e| EvidenceDocument::of(e, report)).collect(),
            fix: Fix { sp: diagnosis.cause.fix_sp, idp: diagnosis.cause.fix_idp },
        }
    }
}

impl<'r> EvidenceDocument<'r> {
    fn of(evidence: &'r Evidence, report: &Report) -> Self {
        let location = evidence.at.and_then(|at| report.location(at));
        Self {
            label: evidence.label,
            expected: evidence.expected.as_deref(),
            values: &evidence.values,
            line: location.as_ref().map(|location| location.line),
            xpath: location.map(|location| location.xpath),
        }
    }
}
