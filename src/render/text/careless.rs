//! What careless readers would have taken, beside what is read here, for `-vv`: a table, or blocks where the values are too wide for one.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::page::{Ink, Page, padded};
use crate::careless::{Basis, Careless, Taken};
use crate::render::SHOWN;
use crate::render::safe::safe;
use crate::report::{Location, Report};

const INDENT: usize = 2;
const GAP: usize = 2;
/// Columns of the labels of a block.
const COLUMN: usize = 10;

/// One row, escaped.
struct Row {
    field: String,
    read: String,
    taken: String,
    why: Vec<&'static str>,
    at: Option<Location>,
}

pub(super) fn careless(
    page: &mut Page<'_>,
    report: &Report,
    careless: &Careless,
) -> io::Result<()> {
    page.line(0, Ink::Title, "What a careless reader would take")?;
    if careless.taken.is_empty() {
        let same = match careless.basis {
            Basis::Signed => {
                "The same: every reading that was tried gives the values that are signed."
            }
            Basis::Named | Basis::Unsigned => {
                "The same: every reading that was tried gives the values that are read here."
            }
        };
        page.prose(INDENT, Ink::Pass, same)?;
        return page.blank();
    }
    let rows: Vec<Row> = careless.taken.iter().take(SHOWN).map(|one| row(one, report)).collect();
    let widest = |cell: &dyn Fn(&Row) -> usize| rows.iter().map(cell).max().unwrap_or(0);
    let heads = ["", careless.basis.name(), "a careless reader takes", "because it reads"];
    let field = widest(&|row| row.field.width()) + GAP;
    let read = widest(&|row| row.read.width()).max(heads[1].width()) + GAP;
    let taken = widest(&|row| row.taken.width()).max(heads[2].width()) + GAP;
    let why = widest(&|row| row.why.iter().map(|why| why.width()).max().unwrap_or(0));
    if INDENT + field + read + taken + why.max(heads[3].width()) > page.width() {
        rows.iter().try_for_each(|row| block(page, careless.basis, row))?;
    } else {
        let columns = [field, read, taken];
        page.line(INDENT, Ink::Ours, &cells(columns, heads))?;
        for row in &rows {
            let mut why = row.why.iter().copied();
            let first = [&row.field, &row.read, &row.taken, why.next().unwrap_or_default()];
            page.line(INDENT, Ink::Plain, &cells(columns, first))?;
            for more in why {
                page.line(INDENT, Ink::Plain, &cells(columns, ["", "", "", more]))?;
            }
            if let Some(place) = &row.at {
                page.line(INDENT + field, Ink::Ours, &said(place))?;
            }
        }
    }
    if let Some(left) = careless.taken.len().checked_sub(SHOWN).filter(|left| *left > 0) {
        page.line(INDENT, Ink::Ours, &format!("and {left} more like these"))?;
    }
    page.blank()
}

fn row(one: &Taken, report: &Report) -> Row {
    let shown = |text: &str| if text.is_empty() { "(empty)".to_owned() } else { safe(text) };
    let field = match one.field.attribute() {
        Some(name) => format!("{} {}", one.field.name(), safe(name)),
        None => one.field.name().to_owned(),
    };
    Row {
        field,
        read: one.read.as_deref().map_or("(nothing)".to_owned(), shown),
        taken: shown(&one.taken),
        why: one.readers.iter().map(|reader| reader.takes).collect(),
        at: report.location(one.at),
    }
}

fn cells([field, read, taken]: [usize; 3], [a, b, c, d]: [&str; 4]) -> String {
    let line = [padded(a, field), padded(b, read), padded(c, taken), d.to_owned()].concat();
    line.trim_end().to_owned()
}

fn said(place: &Location) -> String {
    format!("line {}, {}", place.line, safe(&place.xpath))
}

fn block(page: &mut Page<'_>, basis: Basis, row: &Row) -> io::Result<()> {
    page.line(INDENT, Ink::Title, &row.field)?;
    let column = COLUMN.max(basis.name().width() + GAP);
    page.row(INDENT + 2, (basis.name(), column), &row.read, None)?;
    page.row(INDENT + 2, ("careless", column), &row.taken, None)?;
    let reads = format!("reads {}", row.why.join(", "));
    page.labelled(INDENT + 2, ("because it", column), Ink::Plain, &reads)?;
    match &row.at {
        Some(place) => page.row(INDENT + 2, ("at", column), &said(place), None),
        None => Ok(()),
    }
}
