//! With which single changes the message would be accepted, below the checklist.
//!
//! ```text
//! What if: this change alone would make the message accepted; it was not made
//!   entity_id (unsafe to adopt)
//!     from  https://acme.my.salesforce.com
//!     to    https://other.example
//!     why   It would accept messages that are meant for somebody else …
//! ```

use std::io;

use super::page::{Ink, Page};
use crate::render::safe::safe;
use crate::report::Report;
use crate::what_if::Change;

/// Columns of a label beside a value.
const LABEL: usize = 6;

pub(in crate::render) fn what_if(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let Some(changes) = report.what_if() else { return Ok(()) };
    let said = match changes.len() {
        0 if report.is_accepted() => {
            "What if: nothing has to change, the message is accepted".to_owned()
        }
        0 => "What if: no single change of a setting or of the moment would make this message accepted".to_owned(),
        1 => "What if: this change alone would make the message accepted; it was not made".to_owned(),
        several => format!(
            "What if: each of these {several} changes alone would make the message accepted; none was made"
        ),
    };
    page.blank()?;
    page.prose(0, Ink::Title, &said)?;
    changes.iter().try_for_each(|change| one(page, change))
}

fn one(page: &mut Page<'_>, change: &Change) -> io::Result<()> {
    let (ink, safety) =
        if change.safe { (Ink::Pass, "safe to adopt") } else { (Ink::Fail, "unsafe to adopt") };
    page.line(2, ink, &format!("{} ({safety})", change.setting))?;
    for (label, value) in [("from", &change.from), ("to", &change.to)] {
        let value = value.as_deref().map_or_else(|| "(none)".to_owned(), safe);
        page.row(4, (label, LABEL), &value, None)?;
    }
    page.labelled(4, ("why", LABEL), Ink::Plain, &safe(&change.why))
}
