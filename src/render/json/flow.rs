//! What shows only across the messages of the capture, for the JSON document.

use serde::Serialize;

use crate::flow::{Around, FlowFinding, Side, Station};
use crate::time::rfc3339;

/// The capture around one message.
#[derive(Serialize)]
pub(super) struct FlowDocument<'r> {
    request: Option<StationDocument<'r>>,
    paired_by: Option<&'static str>,
    response: Option<StationDocument<'r>>,
    answer: Option<AnswerDocument<'r>>,
    findings: Vec<FindingDocument<'r>>,
    elsewhere: Vec<FindingDocument<'r>>,
}

#[derive(Serialize)]
struct StationDocument<'r> {
    message: usize,
    place: &'r str,
    at: Option<String>,
}

#[derive(Serialize)]
struct AnswerDocument<'r> {
    status: u16,
    location: Option<&'r str>,
}

#[derive(Serialize)]
struct FindingDocument<'r> {
    code: &'static str,
    rank: &'static str,
    says: &'static str,
    expected: Vec<SideDocument<'r>>,
    found: Vec<SideDocument<'r>>,
}

#[derive(Serialize)]
struct SideDocument<'r> {
    value: &'r str,
    seen: &'r str,
}

impl<'r> FlowDocument<'r> {
    pub(super) fn of(around: &'r Around) -> Self {
        let login = around.login.as_ref();
        let findings = login.map(|login| login.findings.as_slice()).unwrap_or_default();
        Self {
            request: login.and_then(|login| login.request.as_ref()).map(StationDocument::of),
            paired_by: login.and_then(|login| login.paired_by).map(|by| by.name()),
            response: login.map(|login| StationDocument::of(&login.response)),
            answer: login.and_then(|login| login.answer.as_ref()).map(|answer| AnswerDocument {
                status: answer.status,
                location: answer.location.as_deref(),
            }),
            findings: findings.iter().map(FindingDocument::of).collect(),
            elsewhere: around.elsewhere.iter().map(FindingDocument::of).collect(),
        }
    }
}

impl<'r> StationDocument<'r> {
    fn of(station: &'r Station) -> Self {
        Self { message: station.number, place: &station.name, at: station.at.map(rfc3339) }
    }
}

impl<'r> FindingDocument<'r> {
    fn of(finding: &'r FlowFinding) -> Self {
        let sides = |sides: &'r [Side]| {
            sides.iter().map(|side| SideDocument { value: &side.text, seen: &side.seen }).collect()
        };
        Self {
            code: finding.code.id,
            rank: finding.code.rank.name(),
            says: finding.code.says,
            expected: sides(&finding.expected),
            found: sides(&finding.found),
        }
    }
}
