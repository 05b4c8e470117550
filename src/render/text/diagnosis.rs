//! The diagnosis above the checklist: the foremost cause in full, further ones in a line each.
//!
//! ```text
//! Diagnosis: Two values are almost the same (proven)
//!   The Audience that was sent and the one that is configured differ only in this: a slash.
//!   Audience   expected  https://acme.my.salesforce.com
//!              found     https://acme.my.salesforce.com/
//!                                                      ^ one more character: a trailing slash
//!   At the SP   Make the configured value equal …
//!   At the IdP  Otherwise copy the value …
//!               In Okta: look in the Okta Admin Console …
//!   Explains    audience
//! ```

use std::io;

use unicode_width::UnicodeWidthStr;

use super::certificate::in_halves;
use super::page::{Ink, LABEL, Page};
use crate::diagnosis::{
    Cause, Diagnosis, Evidence, OUTSIDE_THE_ASSERTION, suspected, when_accepted,
};
use crate::render::Detail;
use crate::render::diagnosis::{is_told, sentence};
use crate::render::difference::{Class, difference};
use crate::render::safe::safe;
use crate::report::Report;

const INDENT: usize = 2;
const COLUMN: usize = 17;
/// Pairs of digits in a SHA-256 fingerprint.
const SHA256_BYTES: usize = 32;

pub(super) fn diagnosis(page: &mut Page<'_>, report: &Report, detail: Detail) -> io::Result<()> {
    if let Some((first, others)) = report.diagnoses().split_first() {
        heading(page, first.cause, first.confidence.name())?;
        page.prose(INDENT, Ink::Plain, &safe(&sentence(first)))?;
        evidence(page, first)?;
        fixes(page, first.cause)?;
        if let Some(hint) = hint(report, first.cause) {
            page.labelled(INDENT, ("", COLUMN), Ink::Plain, &hint)?;
        }
        if !first.explains.is_empty() {
            let explains = first.explains.join(", ");
            page.labelled(INDENT, ("Explains", COLUMN), Ink::Ours, &explains)?;
        }
        for (before, other) in others.iter().enumerate() {
            // What the same cause does in another place is told by its sentence, as its title would say nothing new.
            let again = report.diagnoses().iter().take(before + 1).any(|d| d.cause == other.cause);
            let what = if again { safe(&sentence(other)) } else { other.cause.title.to_owned() };
            let said = format!("{what} ({})", other.confidence.name());
            page.labelled(INDENT, ("Also", COLUMN), Ink::Plain, &said)?;
        }
        page.blank()?;
    }
    if report.is_accepted() && detail >= Detail::Verbose {
        let cause = when_accepted();
        page.line(0, Ink::Title, cause.title)?;
        page.prose(INDENT, Ink::Plain, cause.says)?;
        for (what, look) in OUTSIDE_THE_ASSERTION {
            page.labelled(INDENT, (what, COLUMN), Ink::Plain, look)?;
        }
        fixes(page, cause)?;
        page.blank()?;
        if let Some(cause) = suspected(report) {
            page.prose(0, Ink::Title, &format!("{} ({})", cause.title, cause.confidence.name()))?;
            page.prose(INDENT, Ink::Plain, cause.says)?;
            fixes(page, cause)?;
            page.blank()?;
        }
    }
    Ok(())
}

fn heading(page: &mut Page<'_>, cause: &Cause, confidence: &str) -> io::Result<()> {
    page.prose(0, Ink::Title, &format!("Diagnosis: {} ({confidence})", cause.title))
}

fn fixes(page: &mut Page<'_>, cause: &Cause) -> io::Result<()> {
    page.labelled(INDENT, ("At the SP", COLUMN), Ink::Plain, cause.fix_sp)?;
    page.labelled(INDENT, ("At the IdP", COLUMN), Ink::Plain, cause.fix_idp)
}

/// Where to look in the console of the product that the identity provider seems to be.
fn hint(report: &Report, cause: &Cause) -> Option<String> {
    let product = report.idp_product()?.product;
    let look = product.hint(cause.code)?;
    let look =
        look.strip_prefix("Look ").map_or_else(|| look.to_owned(), |at| format!("look {at}"));
    Some(format!("In {}: {look}", product.name))
}

/// What it rests on, but for what the sentence has told.
fn evidence(page: &mut Page<'_>, diagnosis: &Diagnosis) -> io::Result<()> {
    let told =
        |evidence: &&Evidence| evidence.expected.is_none() && is_told(diagnosis, evidence.label);
    for evidence in diagnosis.evidence.iter().filter(|evidence| !told(evidence)) {
        match (&evidence.expected, evidence.values.as_slice()) {
            (Some(expected), values) => both_sides(page, evidence.label, expected, values)?,
            (None, values) => {
                let mut label = evidence.label;
                // A label that is wider than its column has a line of its own.
                if label.width() + 2 > COLUMN {
                    page.line(INDENT, Ink::Ours, label)?;
                    label = "";
                }
                for value in values {
                    if evidence.is_prose {
                        page.labelled(INDENT, (label, COLUMN), Ink::Plain, &safe(value))?;
                    } else {
                        value_row(page, label, &shown(value))?;
                    }
                    label = "";
                }
            }
        }
    }
    Ok(())
}

/// A value; of one that is too long for its line, the last word goes below, and of a fingerprint the second half, as in the block of certificates.
fn value_row(page: &mut Page<'_>, label: &str, value: &str) -> io::Result<()> {
    let fits = INDENT + COLUMN + value.width() <= page.width();
    let Some((name, last)) = value.rsplit_once(' ').filter(|_| !fits) else {
        return page.row(INDENT, (label, COLUMN), value, None);
    };
    let (above, below) = if last.split(':').count() == SHA256_BYTES {
        let (first, second) = in_halves(last);
        (format!("{name} {first}"), format!("{}{second}", " ".repeat(name.width() + 1)))
    } else {
        (name.to_owned(), last.to_owned())
    };
    page.row(INDENT, (label, COLUMN), &above, None)?;
    page.row(INDENT, ("", COLUMN), &below, None)
}

fn both_sides(
    page: &mut Page<'_>,
    label: &str,
    expected: &str,
    values: &[String],
) -> io::Result<()> {
    page.line(INDENT, Ink::Ours, label)?;
    page.row(INDENT + 2, ("expected", LABEL), &shown(expected), None)?;
    if values.is_empty() {
        page.row(INDENT + 2, ("found", LABEL), "(nothing)", None)?;
    }
    let mut label = "found";
    for value in values {
        page.row(INDENT + 2, (label, LABEL), &shown(value), None)?;
        label = "";
        // What is described in words is not compared letter by letter.
        let comparable = !expected.contains(' ') || value.trim() == expected.trim();
        let telling = difference(expected, value).filter(|d| comparable && d.class != Class::Other);
        if let Some(difference) = telling {
            let before = safe(value.get(..difference.at).unwrap_or_default());
            let column = INDENT + 2 + LABEL + before.width();
            page.line(column, Ink::Fail, &format!("^ {}", difference.says))?;
        }
    }
    Ok(())
}

fn shown(value: &str) -> String {
    if value.is_empty() { "(empty)".to_owned() } else { safe(value) }
}
