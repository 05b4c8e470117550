//! What was read, held against what, judged when: the lines above the checklist.

use std::io;

use super::clock::clock;
use super::page::{Ink, LABEL, Page};
use crate::decode::describe;
use crate::render::safe::safe;
use crate::render::{Detail, SHOWN};
use crate::report::{CandidateReport, ConfigurationUsed, Provenance, Report};

pub(super) const COLUMN: usize = 15;

pub(super) fn header(page: &mut Page<'_>, report: &Report, detail: Detail) -> io::Result<()> {
    let parts = report.parts();
    page.line(0, Ink::Title, "Results")?;
    page.blank()?;
    let mut input = safe(&parts.origin);
    if !parts.layers.is_empty() {
        input = format!("{input}: {}", safe(&describe(&parts.layers)));
    }
    page.labelled(0, ("Input", COLUMN), Ink::Plain, &input)?;
    provenance(page, &parts.provenance)?;
    configuration(page, report, detail)?;
    if detail >= Detail::Verbose {
        product(page, report)?;
    }
    if report.message().is_some() {
        clock(page, report)?;
    }
    page.blank()?;
    let used = &parts.configuration;
    match &used.name {
        Some(name) if !used.certain => {
            let name = safe(name);
            let guess =
                format!("The checklist is held against a guess, {name}, and cannot be accepted:");
            page.prose(0, Ink::Fail, &guess)?;
            page.blank()
        }
        Some(_) | None => Ok(()),
    }
}

/// Which message of the input it is, where it was seen, and what should be told of the input.
fn provenance(page: &mut Page<'_>, provenance: &Provenance) -> io::Result<()> {
    let number = provenance.number.map(|(number, all)| format!("{number} of {all}"));
    let place = provenance.place().map(safe);
    let said = match (number, place) {
        (Some(number), Some(place)) => format!("{number}: {place}"),
        (Some(said), None) | (None, Some(said)) => said,
        (None, None) => return Ok(()),
    };
    page.labelled(0, ("Message", COLUMN), Ink::Plain, &said)?;
    for sighting in provenance.sightings.iter().skip(1).take(SHOWN) {
        let also = format!("also {}", safe(&sighting.place));
        page.labelled(0, ("", COLUMN), Ink::Ours, &also)?;
    }
    let more = provenance.sightings.len().saturating_sub(1 + SHOWN);
    if more > 0 {
        page.labelled(0, ("", COLUMN), Ink::Ours, &format!("and at {more} other places"))?;
    }
    for note in &provenance.notes {
        page.labelled(0, ("Note", COLUMN), Ink::Fail, note.says())?;
    }
    Ok(())
}

/// Which product the identity provider seems to be, and what that guess rests on.
fn product(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let Some(guess) = report.idp_product() else { return Ok(()) };
    let said = format!("{}, a guess from what the message looks like", guess.product.name);
    page.labelled(0, ("IdP product", COLUMN), Ink::Plain, &said)?;
    for (what, value) in guess.evidence() {
        page.row(COLUMN, (what, COLUMN), &safe(value), None)?;
    }
    Ok(())
}

fn configuration(page: &mut Page<'_>, report: &Report, detail: Detail) -> io::Result<()> {
    let used = &report.parts().configuration;
    if report.message().is_none() {
        return Ok(());
    }
    let because = safe(&used.because);
    let said = match &used.name {
        Some(name) if used.certain => format!("{}: {because}", safe(name)),
        Some(name) => {
            let agreed = because.strip_prefix("best guess: ").unwrap_or(&because);
            format!("undecided; the best guess is {}: {agreed}", safe(name))
        }
        None => format!("none: {because}"),
    };
    page.labelled(0, ("Configuration", COLUMN), Ink::Plain, &said)?;
    if !used.certain {
        undecided(page, used)?;
    } else if let Some(next) = used.candidates.get(1) {
        let differs: Vec<&str> = next.differs.iter().map(|difference| difference.field).collect();
        let differs = clause(&differs, ["differs", "differ"]);
        let differs = differs.unwrap_or_else(|| "nothing differs".to_owned());
        let runner_up = format!("not {}: {differs}", safe(&next.name));
        page.labelled(0, ("", COLUMN), Ink::Ours, &runner_up)?;
    }
    if detail < Detail::Verbose {
        return Ok(());
    }
    if let Some(path) = &used.path {
        page.labelled(0, ("Settings", COLUMN), Ink::Plain, &safe(path))?;
    }
    let column = used.expectations.iter().map(|e| e.setting.len()).max().unwrap_or(0) + 2;
    for expectation in &used.expectations {
        let source = format!("({})", safe(&expectation.source.to_string()));
        page.row(COLUMN, (expectation.setting, column), &safe(&expectation.text), Some(&source))?;
    }
    // When undecided they have been listed already.
    if used.certain && used.candidates.len() > 1 {
        page.labelled(
            0,
            ("Compared with", COLUMN),
            Ink::Ours,
            "every configuration, the best first",
        )?;
        used.candidates.iter().try_for_each(|candidate| compared(page, candidate))?;
    }
    Ok(())
}

/// Several or no configurations fit: what each one agrees in, and what to do.
fn undecided(page: &mut Page<'_>, used: &ConfigurationUsed) -> io::Result<()> {
    let names: Vec<String> =
        used.candidates.iter().map(|candidate| safe(&candidate.name)).collect();
    if !names.is_empty() {
        let choice = format!("choose one with --sp NAME, where NAME is {}", names.join(" or "));
        page.labelled(0, ("", COLUMN), Ink::Ours, &choice)?;
    }
    used.candidates.iter().try_for_each(|candidate| compared(page, candidate))
}

/// A candidate with both sides of every difference.
fn compared(page: &mut Page<'_>, candidate: &CandidateReport) -> io::Result<()> {
    page.labelled(COLUMN, ("", 0), Ink::Plain, &likeness(candidate))?;
    for difference in &candidate.differs {
        let indent = COLUMN + 2;
        page.line(indent, Ink::Ours, difference.field)?;
        page.row(indent + 2, ("expected", LABEL), &safe(&difference.expected), None)?;
        let mut label = "found";
        let mut previous = None;
        for found in &difference.found {
            // Recipient and Destination are usually the same.
            if previous == Some(found) {
                continue;
            }
            previous = Some(found);
            page.row(indent + 2, (label, LABEL), &safe(found), None)?;
            label = "";
        }
    }
    Ok(())
}

/// `acme-uat: Issuer agrees; Audience and Recipient differ`.
fn likeness(candidate: &CandidateReport) -> String {
    let differs: Vec<&str> = candidate.differs.iter().map(|difference| difference.field).collect();
    let clauses = [
        (candidate.agrees.as_slice(), ["agrees", "agree"]),
        (differs.as_slice(), ["differs", "differ"]),
    ];
    let clauses: Vec<String> =
        clauses.into_iter().filter_map(|(fields, verbs)| clause(fields, verbs)).collect();
    let said =
        if clauses.is_empty() { "nothing to compare".to_owned() } else { clauses.join("; ") };
    format!("{}: {said}", safe(&candidate.name))
}

fn clause(fields: &[&str], [one, many]: [&str; 2]) -> Option<String> {
    match fields {
        [] => None,
        [field] => Some(format!("{field} {one}")),
        [others @ .., last] => Some(format!("{} and {last} {many}", others.join(", "))),
    }
}
