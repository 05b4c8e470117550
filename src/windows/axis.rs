//! One axis for windows that last minutes, hours or years: linear where the judging is decided, broken where a moment is far away.

use jiff::Timestamp;

use super::{Window, WindowKind};

/// Columns beyond a break.
pub const BEYOND: usize = 3;

/// As many times the shortest window as are drawn without a break. Choice: 12; then the shortest still takes three columns of forty.
const STRETCH: i128 = 12;

/// An axis of some columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The first moment that is drawn to scale.
    pub from: Timestamp,
    /// The last one.
    pub until: Timestamp,
    /// Whether something lies before it, behind a break.
    pub is_broken_before: bool,
    /// Whether something lies after it.
    pub is_broken_after: bool,
    /// Columns, those beyond the breaks among them.
    pub width: usize,
}

/// Where an instant stands on the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Before the part that is to scale.
    Before,
    /// In this column.
    At(usize),
    /// After it.
    After,
}

/// Where no window has two ends: from one that decides to the moment nearest to it.
fn around_an_edge(windows: &[Window], moments: &[Timestamp]) -> Option<(Timestamp, Timestamp)> {
    let deciding = windows.iter().filter(|w| w.counts && w.kind != WindowKind::Certificate);
    let edge = deciding.flat_map(|window| [window.opens(), window.closes()]).flatten().next()?;
    let others = moments.iter().copied().filter(|moment| *moment != edge);
    let nearest = others.min_by_key(|moment| moment.duration_since(edge).unsigned_abs())?;
    Some((edge.min(nearest), edge.max(nearest)))
}

impl Axis {
    /// The axis for these windows and moments. Nothing when they are one moment, or none.
    #[must_use]
    pub fn of(windows: &[Window], moments: &[Timestamp], width: usize) -> Option<Self> {
        let ends = |window: &Window| Some((window.opens()?, window.closes()?));
        let span =
            |(from, until): (Timestamp, Timestamp)| until.as_nanosecond() - from.as_nanosecond();
        let short = windows.iter().filter(|w| w.counts && w.kind != WindowKind::Certificate);
        let shortest =
            short.filter_map(ends).filter(|ends| span(*ends) > 0).min_by_key(|ends| span(*ends));
        let edges = windows.iter().flat_map(|window| [window.opens(), window.closes()]);
        let mut points: Vec<Timestamp> = edges.flatten().chain(moments.iter().copied()).collect();
        points.sort_unstable();
        let all = (*points.first()?, *points.last()?);
        let (mut from, mut until) =
            shortest.or_else(|| around_an_edge(windows, moments)).unwrap_or(all);
        let most = span((from, until)).saturating_mul(STRETCH);
        if most <= 0 {
            return None;
        }
        let outside = |at: Timestamp| span((at, from)).max(span((until, at)));
        // What lasts hours or years does not stretch the axis; that it goes on is seen at the break.
        let is_short = |window: &&Window| match window.kind {
            WindowKind::Session | WindowKind::Certificate => false,
            WindowKind::ResponseIssued
            | WindowKind::AssertionIssued
            | WindowKind::Conditions
            | WindowKind::SubjectConfirmation => true,
        };
        let edges = windows.iter().filter(is_short).flat_map(|w| [w.opens(), w.closes()]);
        let mut near: Vec<Timestamp> = edges.flatten().chain(moments.iter().copied()).collect();
        near.sort_by_key(|point| outside(*point));
        for point in near {
            let wider = (from.min(point), until.max(point));
            if span(wider) <= most {
                (from, until) = wider;
            }
        }
        let (is_broken_before, is_broken_after) = (all.0 < from, all.1 > until);
        Some(Self { from, until, is_broken_before, is_broken_after, width })
    }

    /// Where an instant stands on it.
    #[must_use]
    pub fn spot(&self, at: Timestamp) -> Spot {
        if at < self.from {
            return Spot::Before;
        }
        if at > self.until {
            return Spot::After;
        }
        let (first, last) = self.scale();
        let columns = i128::try_from(last.saturating_sub(first)).unwrap_or(0);
        let from = self.from.as_nanosecond();
        let whole = (self.until.as_nanosecond() - from).max(1);
        let column = (at.as_nanosecond() - from).saturating_mul(columns) / whole;
        Spot::At(first + usize::try_from(column).unwrap_or(0))
    }

    /// The first and the last column that are drawn to scale.
    #[must_use]
    pub fn scale(&self) -> (usize, usize) {
        let first = if self.is_broken_before { BEYOND } else { 0 };
        let beyond = if self.is_broken_after { BEYOND } else { 0 };
        (first, self.width.saturating_sub(beyond + 1).max(first))
    }
}
