//! One item of the checklist: its title, the platform's line, and ours below.

use std::io;

use super::encryption::encryption;
use super::failure::{failures, found_row, location, more};
use super::page::{Ink, LABEL, Page};
use super::signature;
use super::timeline::timeline;
use crate::checks::{Line, Outcome};
use crate::finding::Finding;
use crate::render::{Detail, SHOWN};
use crate::report::Report;

/// The check that the page prints in its footer.
pub(super) const FOOTER: &str = "subject";
/// The check with the timeline below it.
const TIMESTAMPS: &str = "timestamps";
/// The check with a block of its own (platform §4).
const SIGNATURE: &str = "signature";

pub(super) fn item(
    page: &mut Page<'_>,
    report: &Report,
    line: &Line,
    detail: Detail,
) -> io::Result<()> {
    let check = line.check;
    if check.id == FOOTER {
        return Ok(());
    }
    let title = match check.number {
        Some(number) => format!("{number}. {}", check.title),
        None => check.title.to_owned(),
    };
    page.line(0, Ink::Title, &title)?;
    match &line.outcome {
        Outcome::Ok | Outcome::Failed(_) if check.id == SIGNATURE => {
            signature::block(page, report, &line.outcome)?;
        }
        Outcome::Ok => page.line(2, Ink::Pass, check.passes)?,
        Outcome::Failed(failed) => failures(page, report, failed, 2)?,
        Outcome::NotProvided => page.line(2, Ink::Pass, "Not Provided")?,
        Outcome::NotRequired => page.line(2, Ink::Pass, "Not Required")?,
        Outcome::Skipped(because) => {
            page.prose(2, Ink::Ours, &format!("Skipped: {}", because.text()))?;
        }
    }
    if check.id == TIMESTAMPS {
        timeline(page, report, detail >= Detail::Verbose)?;
    }
    encryption(page, report, check.id)?;
    findings(page, report, check.id)?;
    if detail >= Detail::Verbose {
        page.labelled(4, ("clause", LABEL), Ink::Ours, check.clause)?;
    }
    Ok(())
}

/// What is worth telling under the check of this id.
pub(super) fn findings(page: &mut Page<'_>, report: &Report, check: &str) -> io::Result<()> {
    let mut seen: Vec<(&str, usize)> = Vec::new();
    for finding in report.findings().iter().filter(|finding| finding.code.check == check) {
        let count = match seen.iter_mut().find(|(id, _)| *id == finding.code.id) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                seen.push((finding.code.id, 1));
                1
            }
        };
        if count <= SHOWN {
            note(page, report, finding)?;
        }
    }
    let left = seen.iter().map(|(_, count)| count.saturating_sub(SHOWN)).sum();
    more(page, left)
}

fn note(page: &mut Page<'_>, report: &Report, finding: &Finding) -> io::Result<()> {
    let label = format!("note ({})", finding.code.severity.name());
    page.labelled(4, (&label, label.len() + 2), Ink::Ours, finding.code.says)?;
    page.row(4, ("code", LABEL), finding.code.id, None)?;
    if !finding.found.is_empty() {
        found_row(page, "found", &finding.found)?;
    }
    location(page, report.site(finding.at))
}
