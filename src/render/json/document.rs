//! The structs behind the JSON document. Field names and types are a promise: change them only with the schema's version.

use serde::Serialize;

use super::careless::{CarelessDocument, careless};
use super::diagnosis::{DiagnosisDocument, ProductDocument};
use super::encryption::{EncryptionDocument, encryption};
use super::flow::FlowDocument;
use super::provenance::ProvenanceDocument;
use super::signature::Signature;
use super::time::TimeDocument;
use super::what_if::ChangeDocument;
use crate::checks::{Failure, Line, MappedUser, Outcome};
use crate::finding::Finding;
use crate::render::text::instead;
use crate::render::{SCHEMA, SHOWN};
use crate::report::{CandidateReport, JudgedBy, Location, Report};
use crate::saml::Place;
use crate::time::rfc3339;

/// No value, one, or several.
#[derive(Serialize)]
#[serde(untagged)]
enum Values<T> {
    None,
    One(T),
    Several(Vec<T>),
}

impl<T> FromIterator<T> for Values<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (None, _) => Self::None,
            (Some(one), None) => Self::One(one),
            (Some(one), Some(two)) => Self::Several([one, two].into_iter().chain(values).collect()),
        }
    }
}

/// One report.
#[derive(Serialize)]
pub(super) struct ReportDocument<'r> {
    schema: &'static str,
    kind: Option<&'static str>,
    verdict: &'static str,
    subject: Option<&'r str>,
    subject_verified: bool,
    assertion_id: Option<&'r str>,
    sp: Option<&'r str>,
    configuration: Configuration<'r>,
    at: String,
    at_source: &'static str,
    origin: &'r str,
    layers: Vec<String>,
    #[serde(flatten)]
    provenance: ProvenanceDocument<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<TimeDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow: Option<FlowDocument<'r>>,
    idp_product: Option<ProductDocument>,
    diagnosis: Vec<DiagnosisDocument<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if: Option<Vec<ChangeDocument<'r>>>,
    checks: Vec<CheckDocument<'r>>,
    failed: Vec<&'static str>,
    findings: Vec<FindingDocument<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    careless: Vec<CarelessDocument>,
    signature: Signature<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    encryption: Vec<EncryptionDocument<'r>>,
    login_history: Option<LoginHistory>,
    mapped_user: Option<User<'r>>,
    instead: Option<&'static str>,
    exit_code: u8,
}

#[derive(Serialize)]
struct Configuration<'r> {
    name: Option<&'r str>,
    because: &'r str,
    certain: bool,
    path: Option<&'r str>,
    candidates: Vec<Candidate<'r>>,
}

#[derive(Serialize)]
struct Candidate<'r> {
    name: &'r str,
    agrees: &'r [&'static str],
    differs: Vec<Differs<'r>>,
}

#[derive(Serialize)]
struct Differs<'r> {
    field: &'static str,
    expected: &'r str,
    found: &'r [String],
}

#[derive(Serialize)]
struct CheckDocument<'r> {
    id: &'static str,
    number: Option<u8>,
    title: &'static str,
    outcome: &'static str,
    because: Option<&'static str>,
    line: String,
    failures: Vec<FailureDocument<'r>>,
    failures_omitted: usize,
}

#[derive(Serialize)]
struct FailureDocument<'r> {
    code: &'static str,
    what: Option<&'static str>,
    expected: Values<&'r str>,
    expected_from: Values<Option<String>>,
    found: Values<&'r str>,
    line: Option<usize>,
    xpath: Option<String>,
}

#[derive(Serialize)]
struct FindingDocument<'r> {
    code: &'static str,
    severity: &'static str,
    check: &'static str,
    says: &'static str,
    found: &'r str,
    line: Option<usize>,
    xpath: Option<String>,
}

#[derive(Serialize)]
struct LoginHistory {
    code: &'static str,
    text: Option<&'static str>,
}

#[derive(Serialize)]
struct User<'r> {
    username: Option<&'r str>,
    federation_identifier: Option<&'r str>,
    id: Option<&'r str>,
}

impl<'r> ReportDocument<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let parts = report.parts();
        let used = &parts.configuration;
        let guess = report.idp_product();
        Self {
            schema: SCHEMA,
            kind: parts.kind,
            verdict: if report.is_accepted() { "accepted" } else { "rejected" },
            subject: report.subject(),
            subject_verified: report.is_signed() && report.subject().is_some(),
            assertion_id: report.assertion_id(),
            sp: used.name.as_deref(),
            configuration: Configuration {
                name: used.name.as_deref(),
                because: &used.because,
                certain: used.certain,
                path: used.path.as_deref(),
                candidates: used.candidates.iter().map(Candidate::of).collect(),
            },
            at: rfc3339(parts.at.instant),
            at_source: match parts.at.by {
                JudgedBy::Now | JudgedBy::NotIssued => "now",
                JudgedBy::Capture(clock) => clock.name(),
                JudgedBy::Given => "given",
                JudgedBy::Issued => "issued",
            },
            origin: &parts.origin,
            layers: parts.layers.iter().map(ToString::to_string).collect(),
            provenance: ProvenanceDocument::of(&parts.provenance),
            time: TimeDocument::of(report),
            flow: report.around().map(FlowDocument::of),
            idp_product: guess.as_ref().map(ProductDocument::of),
            diagnosis: DiagnosisDocument::all(report, guess.map(|guess| guess.product)),
            what_if: ChangeDocument::all(report),
            checks: report.lines().iter().map(|line| CheckDocument::of(line, report)).collect(),
            failed: report.failed().map(|line| line.check.id).collect(),
            findings: findings(report),
            careless: careless(report),
            signature: Signature::of(report),
            encryption: encryption(report),
            login_history: report
                .login_history()
                .map(|history| LoginHistory { code: history.code, text: history.text }),
            mapped_user: report.mapped_user().map(User::of),
            instead: instead(report),
            exit_code: report.exit_code(),
        }
    }
}

impl<'r> Candidate<'r> {
    fn of(candidate: &'r CandidateReport) -> Self {
        let differs = candidate.differs.iter().map(|difference| Differs {
            field: difference.field,
            expected: &difference.expected,
            found: &difference.found,
        });
        Self { name: &candidate.name, agrees: &candidate.agrees, differs: differs.collect() }
    }
}

impl<'r> CheckDocument<'r> {
    fn of(line: &'r Line, report: &Report) -> Self {
        let check = line.check;
        let (printed, because) = match &line.outcome {
            Outcome::Ok => (check.passes.to_owned(), None),
            Outcome::Failed(failures) => {
                let first = failures.first().map(|failure| failure.line.text());
                (first.unwrap_or_default().to_owned(), None)
            }
            Outcome::NotProvided => ("Not Provided".to_owned(), None),
            Outcome::NotRequired => ("Not Required".to_owned(), None),
            Outcome::Skipped(because) => {
                (format!("Skipped: {}", because.text()), Some(because.text()))
            }
        };
        let all = line.outcome.failures();
        let failures = shown(all, |failure| failure.code.id);
        Self {
            id: check.id,
            number: check.number,
            title: check.title,
            outcome: line.outcome.name(),
            because,
            line: printed,
            failures_omitted: all.len().saturating_sub(failures.len()),
            failures: failures.into_iter().map(|f| FailureDocument::of(f, report)).collect(),
        }
    }
}

/// Of each code as many as every format shows.
fn shown<T>(all: &[T], code: impl Fn(&T) -> &'static str) -> Vec<&T> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let mut within = |id: &'static str| match counts.iter_mut().find(|(known, _)| *known == id) {
        Some((_, count)) => {
            *count += 1;
            *count <= SHOWN
        }
        None => {
            counts.push((id, 1));
            true
        }
    };
    all.iter().filter(|one| within(code(one))).collect()
}

/// Line and path of a place.
pub(super) fn located(at: Option<Place>, report: &Report) -> (Option<usize>, Option<String>) {
    split(at.and_then(|at| report.location(at)))
}

pub(super) fn split(location: Option<Location>) -> (Option<usize>, Option<String>) {
    location.map_or((None, None), |location| (Some(location.line), Some(location.xpath)))
}

impl<'r> FailureDocument<'r> {
    fn of(failure: &'r Failure, report: &Report) -> Self {
        let (line, xpath) = located(failure.at, report);
        let source =
            |expected: &crate::checks::Expected| Some(expected.source.as_ref()?.to_string());
        Self {
            code: failure.code.id,
            what: failure.what,
            expected: failure.expected.iter().map(|expected| expected.text.as_str()).collect(),
            expected_from: failure.expected.iter().map(source).collect(),
            found: failure.found.iter().map(String::as_str).collect(),
            line,
            xpath,
        }
    }
}

fn findings(report: &Report) -> Vec<FindingDocument<'_>> {
    let shown = shown(report.findings(), |finding| finding.code.id);
    let documents = shown.into_iter().map(|finding: &Finding| {
        let code = finding.code;
        let (line, xpath) = split(report.site(finding.at));
        FindingDocument {
            code: code.id,
            severity: code.severity.name(),
            check: code.check,
            says: code.says,
            found: &finding.found,
            line,
            xpath,
        }
    });
    documents.collect()
}

impl<'r> User<'r> {
    fn of(user: &'r MappedUser) -> Self {
        Self {
            username: user.username.as_deref(),
            federation_identifier: user.federation_identifier.as_deref(),
            id: user.id.as_deref(),
        }
    }
}
