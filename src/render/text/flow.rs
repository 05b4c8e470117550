//! What shows only across the messages of the capture: the pair, how it was taken, and both sides of what does not fit.

use std::io;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::page::{Ink, LABEL, Page};
use crate::flow::{Around, FlowFinding, Login, Side, Station};
use crate::render::SHOWN;
use crate::render::safe::safe;
use crate::time::rfc3339;

pub(super) fn flow(page: &mut Page<'_>, around: &Around) -> io::Result<()> {
    page.line(0, Ink::Title, "Across the capture")?;
    if let Some(login) = &around.login {
        page.prose(2, Ink::Plain, &course(login, page.is_ascii()))?;
        if login.findings.is_empty() && login.request.is_some() {
            page.line(2, Ink::Pass, "The response is what the request asked for")?;
        }
        findings(page, &login.findings)?;
    }
    findings(page, &around.elsewhere)?;
    page.blank()
}

/// `request 1 (entry 39, 10:21:26.740Z) → response 2 (entry 50, 10:21:27.447Z) → answered 302 → /home/home.jsp`
fn course(login: &Login, ascii: bool) -> String {
    let arrow = if ascii { " -> " } else { " → " };
    let mut stations = Vec::new();
    let day = login.response.at;
    stations.push(match &login.request {
        Some(request) => format!("request {}", station(request, day)),
        None if login.names_request => "(a request that was not captured)".to_owned(),
        None => "(no request: started by the identity provider)".to_owned(),
    });
    stations.push(format!("response {}", station(&login.response, day)));
    if let Some(answer) = &login.answer {
        stations.push(format!("service provider answered {}", answer.status));
        stations.extend(answer.location.as_deref().map(safe));
    }
    stations.join(arrow)
}

/// `2 (entry 50, 10:21:27.447Z)`: its number for `--only`, its place, and the time of its day.
fn station(station: &Station, day: Option<Timestamp>) -> String {
    let mut inside = Vec::new();
    if !station.name.starts_with("message") {
        inside.push(station.name.clone());
    }
    if let Some(at) = station.at {
        let (text, day) = (rfc3339(at), day.map(rfc3339).unwrap_or_default());
        let same = day.get(..11).and_then(|day| text.strip_prefix(day));
        inside.push(same.unwrap_or(&text).to_owned());
    }
    if inside.is_empty() {
        return station.number.to_string();
    }
    format!("{} ({})", station.number, inside.join(", "))
}

fn findings(page: &mut Page<'_>, findings: &[FlowFinding]) -> io::Result<()> {
    for finding in findings.iter().take(SHOWN) {
        page.prose(2, Ink::Fail, finding.code.says)?;
        sides(page, "expected", &finding.expected)?;
        sides(page, "found", &finding.found)?;
        if finding.found.is_empty() && !finding.expected.is_empty() {
            page.row(4, ("found", LABEL), "(nothing)", None)?;
        }
        page.row(4, ("explain", LABEL), &format!("samlcheck explain {}", finding.code.id), None)?;
    }
    let left = findings.len().saturating_sub(SHOWN);
    if left > 0 {
        page.line(2, Ink::Ours, &format!("and {left} more like these"))?;
    }
    Ok(())
}

/// The values with where each was seen; equal values are written once.
fn sides(page: &mut Page<'_>, label: &str, sides: &[Side]) -> io::Result<()> {
    let texts: Vec<String> = sides
        .iter()
        .map(|side| if side.text.is_empty() { "(empty)".to_owned() } else { safe(&side.text) })
        .collect();
    let widest = texts.iter().map(|text| text.width()).max().unwrap_or(0);
    let fits = sides.iter().all(|side| 4 + LABEL + widest + 4 + side.seen.width() <= page.width());
    let mut label = label;
    for (text, side) in texts.iter().zip(sides) {
        let space = if fits { widest.saturating_sub(text.width()) } else { 0 };
        let seen = format!("({})", safe(&side.seen));
        page.row(4, (label, LABEL), &format!("{text}{:space$}", ""), Some(&seen))?;
        label = "";
    }
    Ok(())
}
