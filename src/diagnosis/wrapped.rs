//! Does the message look like an attack, or like the work of a broken proxy? What is signed stands beside what a careless reader would take.
//!
//! Signature wrapping moves what was signed aside and puts something else where it is read. Nothing innocent does that.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::crypto::ProblemKind;
use crate::finding::{Finding, Severity, Site};
use crate::saml::{AnomalyKind, Place};

static WRAPPED: Cause = Cause {
    code: "signature-wrapped",
    title: "Looks like an attack: the signature covers something else than what is read",
    says: "The message carries a second assertion or a signature that covers another element; that is how a login is forged (signature wrapping), or a broken proxy.",
    fix_sp: "Do not accept it and do not change any setting; keep the message and tell your security team how it arrived.",
    fix_idp: "Ask the identity provider for its log of this login and compare the assertion it sent.",
    confidence: Confidence::Proven,
};
static DUPLICATE: Cause = Cause {
    code: "duplicate-ids",
    title: "Looks like an attack: two elements carry the same ID",
    says: "Two elements carry the same ID, so that a signature could be read as covering either; that is how a login is forged, or a broken proxy.",
    fix_sp: "Do not accept it and do not change any setting; keep the message and tell your security team how it arrived.",
    fix_idp: "Ask the identity provider for its log of this login and compare the assertion it sent.",
    confidence: Confidence::Proven,
};
static HIDDEN: Cause = Cause {
    code: "value-cut-by-comment",
    title: "Looks like an attack: a comment stands inside a value",
    says: "A comment stands inside a value; a careless reader would stop at it and take another user or setting than the one that was signed.",
    fix_sp: "Do not accept it and do not change any setting; keep the message and tell your security team how it arrived.",
    fix_idp: "Look where the value comes from: somebody may have registered an account with a comment in its name.",
    confidence: Confidence::Likely,
};
static DOCUMENT_TYPE: Cause = Cause {
    code: "document-type-declared",
    title: "Looks like an attack: the message declares a document type",
    says: "The message begins with a document type declaration (DOCTYPE); with it a message makes careless readers open files and addresses, or run out of memory. No identity provider sends one.",
    fix_sp: "Do not accept it and do not change any setting; keep the message and tell your security team how it arrived.",
    fix_idp: "Compare with the message that the identity provider sent: it has no DOCTYPE; look for a proxy or an export that adds it.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "wrapped",
    title: "Looks like an attack or a broken proxy",
    explains: &["input", "format", "signature", "subject", "issuer", "audience", "recipient"],
    causes: &[&WRAPPED, &DUPLICATE, &HIDDEN, &DOCUMENT_TYPE],
    when: When::Unexplained,
    run,
};

/// As many values as are shown of what careless readers would take. Choice: 6 fill half a screen.
const TAKEN: usize = 6;

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let attack = |ids: &[&str]| attack(case, ids);
    // Such a message is read no further.
    if let Some(finding) = attack(&["doctype"]) {
        return vec![DOCUMENT_TYPE.diagnosis(vec![of("found", finding)])];
    }
    let Some(message) = case.report.message() else { return Vec::new() };
    let results = || case.report.signatures().results();
    let problem = |kinds: &[ProblemKind]| {
        results().flat_map(|result| &result.problems).find(|problem| kinds.contains(&problem.kind))
    };
    let second = message.anomalies().find(|anomaly| anomaly.kind == AnomalyKind::SecondAssertion);
    let elsewhere = attack(&["assertion-elsewhere", "signature-elsewhere"]);
    let wrapping = attack(&["signature-wrapping"]);
    // A misdirected Reference alone is a fault of the signing step; beside something that somebody moved or added it is none.
    let moved =
        ["unsigned-assertion", "assertion-elsewhere", "signature-elsewhere", "name-id-elsewhere"];
    let reference = problem(&[ProblemKind::Reference, ProblemKind::IdMissing])
        .filter(|_| attack(&moved).is_some() || wrapping.is_some());
    let beside = second.is_some() && (elsewhere.is_some() || results().next().is_some());
    if wrapping.is_some() || reference.is_some() || beside {
        let mut evidence: Vec<Evidence> = Vec::new();
        evidence.extend(wrapping.map(|finding| of("shape", finding)));
        evidence.extend(reference.map(|problem| {
            let covers = Evidence::new("signature covers", problem.found.as_str());
            covers.expected(problem.expected.as_str()).at(problem.at)
        }));
        evidence.extend(
            second.map(|second| Evidence::new("also there", second.found.as_str()).at(second.at)),
        );
        evidence.extend(elsewhere.map(|finding| of("elsewhere", finding)));
        evidence.extend(taken(case));
        return vec![WRAPPED.diagnosis(evidence)];
    }
    let duplicate = attack(&["duplicate-id", "look-alike-id"]).map(|finding| of("the ID", finding));
    let duplicate = duplicate.or_else(|| {
        problem(&[ProblemKind::IdDuplicate])
            .map(|problem| Evidence::new("the ID", problem.found.as_str()).at(problem.at))
    });
    if let Some(duplicate) = duplicate {
        return vec![DUPLICATE.diagnosis(vec![duplicate])];
    }
    if let Some(finding) = attack(&["comment-in-value", "instruction-in-value"]) {
        let evidence = std::iter::once(of("the value", finding)).chain(taken(case));
        return vec![HIDDEN.diagnosis(evidence.collect())];
    }
    Vec::new()
}

/// The first finding of an attack that has one of these codes.
pub(super) fn attack<'a>(case: &Case<'a>, ids: &[&str]) -> Option<&'a Finding> {
    let mut findings = case.report.findings().iter();
    findings.find(|f| f.code.severity == Severity::Attack && ids.contains(&f.code.id))
}

/// What careless readers would take, beside what is read.
pub(super) fn taken(case: &Case<'_>) -> Vec<Evidence> {
    let careless = case.report.careless();
    let taken = careless.iter().flat_map(|careless| &careless.taken).take(TAKEN);
    let beside = |taken: &crate::careless::Taken| {
        let evidence = Evidence::new("taken instead", taken.taken.as_str()).at(taken.at);
        match &taken.read {
            Some(read) => evidence.expected(read.as_str()),
            None => evidence,
        }
    };
    taken.map(beside).collect()
}

pub(super) fn of(label: &'static str, finding: &Finding) -> Evidence {
    Evidence::new(label, finding.found.as_str()).at(element(finding.at))
}

/// The element at or around a finding.
fn element(site: Site) -> Option<Place> {
    match site {
        Site::Element(place) => Some(place),
        Site::Node { parent, .. } => parent,
        Site::Line(_) => None,
    }
}
