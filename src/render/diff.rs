//! What changed between two messages: text for people, JSON for programs.
//!
//! ```text
//! From good.b64 to bad.b64: 2 differences
//!
//! Audience
//!   good  https://acme.my.salesforce.com
//!   bad   https://acme.my.salesforce.com/
//!                                       ^ one more character: a trailing slash
//!   at    line 1, /samlp:Response/saml:Assertion/…
//! Attribute User.Email
//!   good  zoe@example.com
//!   bad   (absent)
//! ```

use std::io;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::difference::{Class, difference};
use super::safe::safe;
use super::text::{Ink, Page, what_if};
use super::{Format, Style, json};
use crate::diff::{Change, Fact, Side, Value};
use crate::report::Report;

/// The name and version of the JSON document's form.
const SCHEMA: &str = "samlcheck/diff/v1";

/// Columns of a label beside a value.
const LABEL: usize = 6;

/// Writes what changed from the first of `sides` to the second, which are called by `names`; and, when the second was judged, what would have to change.
///
/// # Errors
/// When `out` cannot be written to.
pub fn diff(
    changes: &[Change<'_>],
    sides: (&Side, &Side),
    ([from, to], judged): ([&str; 2], Option<&Report>),
    (format, style): (Format, &Style),
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Text => {
            let mut page = Page::new(out, style);
            text(changes, sides, [from, to], &mut page)?;
            judged.map_or(Ok(()), |report| what_if(&mut page, report))
        }
        Format::Json => {
            let document = Document {
                schema: SCHEMA,
                good: from,
                bad: to,
                same: changes.is_empty(),
                changes: changes.iter().map(|change| Row::of(change, sides)).collect(),
                what_if: judged.and_then(json::ChangeDocument::all),
            };
            writeln!(out, "{}", json::visible(&serde_json::to_string_pretty(&document)?))
        }
    }
}

fn text(
    changes: &[Change<'_>],
    (good, bad): (&Side, &Side),
    [from, to]: [&str; 2],
    page: &mut Page<'_>,
) -> io::Result<()> {
    let count = match changes.len() {
        0 => "the same in meaning".to_owned(),
        1 => "1 difference".to_owned(),
        several => format!("{several} differences"),
    };
    page.prose(0, Ink::Title, &format!("From {} to {}: {count}", safe(from), safe(to)))?;
    if !changes.is_empty() {
        page.blank()?;
    }
    for change in changes {
        let Some(fact) = change.bad.or(change.good) else { continue };
        let title = match &fact.which {
            Some(which) => format!("{} {}", fact.what, safe(which)),
            None => fact.what.to_owned(),
        };
        page.line(0, Ink::Title, &title)?;
        values(page, "good", change.good)?;
        values(page, "bad", change.bad)?;
        if let (Some([Value::Text(good)]), Some([Value::Text(bad)])) =
            (only(change.good), only(change.bad))
            && let Some(found) = difference(good, bad).filter(|found| found.class != Class::Other)
        {
            let before = safe(bad.get(..found.at).unwrap_or_default()).width();
            page.line(2 + LABEL + before, Ink::Fail, &format!("^ {}", found.says))?;
        }
        let side = if change.bad.is_some() { bad } else { good };
        if let Some((line, xpath)) = place(fact, side) {
            page.row(2, ("at", LABEL), &format!("line {line}, {}", safe(&xpath)), None)?;
        }
    }
    Ok(())
}

fn only(fact: Option<&Fact>) -> Option<&[Value]> {
    fact.map(|fact| fact.values.as_slice())
}

fn values(page: &mut Page<'_>, label: &str, fact: Option<&Fact>) -> io::Result<()> {
    let Some(fact) = fact else {
        return page.row(2, (label, LABEL), "(absent)", None);
    };
    if fact.values.is_empty() {
        return page.row(2, (label, LABEL), "(no value)", None);
    }
    let mut label = label;
    for value in &fact.values {
        page.row(2, (label, LABEL), &safe(&value.to_string()), None)?;
        label = "";
    }
    Ok(())
}

fn place(fact: &Fact, side: &Side) -> Option<(usize, String)> {
    let element = side.document().element(fact.at?.0)?;
    Some((element.line(), element.xpath()))
}

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    good: &'r str,
    bad: &'r str,
    same: bool,
    changes: Vec<Row<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if: Option<Vec<json::ChangeDocument<'r>>>,
}

#[derive(Serialize)]
struct Row<'r> {
    what: &'static str,
    which: Option<&'r str>,
    change: &'static str,
    good: Option<Says>,
    bad: Option<Says>,
}

#[derive(Serialize)]
struct Says {
    values: Vec<String>,
    line: Option<usize>,
    xpath: Option<String>,
}

impl<'r> Row<'r> {
    fn of(change: &Change<'r>, (good, bad): (&Side, &Side)) -> Self {
        let says = |fact: Option<&Fact>, side: &Side| {
            let fact = fact?;
            let (line, xpath) = place(fact, side).unzip();
            Some(Says { values: fact.values.iter().map(Value::to_string).collect(), line, xpath })
        };
        let fact = change.good.or(change.bad);
        Self {
            what: fact.map_or("", |fact| fact.what),
            which: fact.and_then(|fact| fact.which.as_deref()),
            change: match (change.good, change.bad) {
                (Some(_), None) => "gone",
                (None, _) => "added",
                (Some(_), Some(_)) => "changed",
            },
            good: says(change.good, good),
            bad: says(change.bad, bad),
        }
    }
}
