//! The windows of a message and how the judged moment stands to them, for the JSON document.

use serde::Serialize;

use super::document::located;
use crate::render::SHOWN;
use crate::render::text::{clocks, compared};
use crate::report::Report;
use crate::time::rfc3339;
use crate::windows::{Standing, Which, Window, common};

/// What the report tells of time.
#[derive(Serialize)]
pub(super) struct TimeDocument {
    /// From when until when every window that counts holds.
    valid_from: Option<String>,
    valid_until: Option<String>,
    /// The other moment that was compared with; none for an instant that was asked for.
    compared: Option<ComparedDocument>,
    clocks: Vec<String>,
    windows: Vec<WindowDocument>,
    windows_omitted: usize,
}

#[derive(Serialize)]
struct ComparedDocument {
    with: &'static str,
    at: String,
    judged: &'static str,
    other: &'static str,
    says: Option<String>,
}

#[derive(Serialize)]
struct WindowDocument {
    kind: &'static str,
    counts: bool,
    from: Option<String>,
    until: Option<String>,
    opens: Option<String>,
    closes: Option<String>,
    end_included: bool,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_at_other: Option<&'static str>,
    line: Option<usize>,
    xpath: Option<String>,
}

impl TimeDocument {
    pub(super) fn of(report: &Report) -> Option<Self> {
        let windows = report.windows();
        if windows.is_empty() {
            return None;
        }
        let comparison = report.comparison();
        let other = comparison.and_then(|comparison| comparison.other);
        let (from, until) = common(windows);
        let shown = windows.iter().take(SHOWN);
        Some(Self {
            valid_from: from.map(rfc3339),
            valid_until: until.map(rfc3339),
            compared: comparison.zip(other).map(|(comparison, other)| ComparedDocument {
                with: match other.which {
                    Which::Now => "now",
                    Which::Captured => "captured",
                    Which::Issued => "issued",
                },
                at: rfc3339(other.instant),
                judged: standing(comparison.judged.standing),
                other: standing(other.standing),
                says: compared(report, &comparison),
            }),
            clocks: clocks(report),
            windows: shown
                .map(|window| window_document(window, report, other.map(|o| o.instant)))
                .collect(),
            windows_omitted: windows.len().saturating_sub(SHOWN),
        })
    }
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Valid(_) => "valid",
        Standing::NotYet(..) => "not-yet-valid",
        Standing::Expired(..) => "expired",
    }
}

fn window_document(
    window: &Window,
    report: &Report,
    other: Option<jiff::Timestamp>,
) -> WindowDocument {
    let (line, xpath) = located(window.at, report);
    WindowDocument {
        kind: window.kind.id(),
        counts: window.counts,
        from: window.from.map(rfc3339),
        until: window.until.map(rfc3339),
        opens: window.opens().map(rfc3339),
        closes: window.closes().map(rfc3339),
        end_included: window.end_included,
        state: window.state(report.parts().at.instant).id(),
        state_at_other: other.map(|at| window.state(at).id()),
        line,
        xpath,
    }
}
