//! The diagnoses in JSON.

use serde::Serialize;

use crate::diagnosis::{Diagnosis, Evidence};
use crate::idp::{Guess, Product};
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
    hint: Option<Hint>,
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

/// Where to look in the console of the product that the identity provider seems to be.
#[derive(Serialize)]
struct Hint {
    product: &'static str,
    text: &'static str,
}

/// The product that the identity provider seems to be: a guess, and what it rests on.
#[derive(Serialize)]
pub(super) struct ProductDocument {
    id: &'static str,
    name: &'static str,
    confidence: &'static str,
    evidence: Vec<ProductEvidence>,
}

#[derive(Serialize)]
struct ProductEvidence {
    label: &'static str,
    value: String,
}

impl ProductDocument {
    pub(super) fn of(guess: &Guess) -> Self {
        let evidence = guess.evidence();
        let evidence =
            evidence.map(|(label, value)| ProductEvidence { label, value: value.to_owned() });
        Self {
            id: &guess.product.id,
            name: &guess.product.name,
            confidence: "guess",
            evidence: evidence.collect(),
        }
    }
}

impl<'r> DiagnosisDocument<'r> {
    pub(super) fn all(report: &'r Report, product: Option<&'static Product>) -> Vec<Self> {
        report.diagnoses().iter().map(|diagnosis| Self::of(diagnosis, report, product)).collect()
    }

    fn of(diagnosis: &'r Diagnosis, report: &Report, product: Option<&'static Product>) -> Self {
        let hint = product.and_then(|product| {
            let text = product.hint(diagnosis.cause.code)?;
            Some(Hint { product: &product.name, text })
        });
        Self {
            code: diagnosis.cause.code,
            confidence: diagnosis.confidence.name(),
            explains: &diagnosis.explains,
            says: sentence(diagnosis),
            evidence: diagnosis.evidence.iter().map(|e| EvidenceDocument::of(e, report)).collect(),
            fix: Fix { sp: diagnosis.cause.fix_sp, idp: diagnosis.cause.fix_idp },
            hint,
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
