//! The single changes with which a message would be accepted, in JSON.

use serde::Serialize;

use crate::report::Report;
use crate::what_if::Change;

/// One change.
#[derive(Serialize)]
pub(in crate::render) struct ChangeDocument<'r> {
    change: &'static str,
    setting: &'static str,
    from: Option<&'r str>,
    to: Option<&'r str>,
    safe: bool,
    why: &'r str,
}

impl<'r> ChangeDocument<'r> {
    /// All of them; nothing when nobody asked.
    pub(in crate::render) fn all(report: &'r Report) -> Option<Vec<Self>> {
        Some(report.what_if()?.iter().map(Self::of).collect())
    }

    fn of(change: &'r Change) -> Self {
        Self {
            change: change.kind,
            setting: change.setting,
            from: change.from.as_deref(),
            to: change.to.as_deref(),
            safe: change.safe,
            why: &change.why,
        }
    }
}
