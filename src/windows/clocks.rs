//! Whether the browser's clock and a server's tell the same time.
//!
//! A server writes `Date` when it answers: after the browser has sent its request and before the browser has the answer, in whole seconds
//! (RFC 9110 §6.6.1). So the difference of the two clocks is known only within bounds, which are told with it.

use jiff::{SignedDuration, Timestamp};

use crate::time::words;

/// Choice: below this the bounds and the usual drift of clocks tell nothing.
const WORTH_TELLING: SignedDuration = SignedDuration::from_secs(3);

/// By how much a server's clock is ahead of the browser's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockDifference {
    /// The middle of what is possible; negative when the server's clock is behind.
    pub ahead: SignedDuration,
    /// How far the true difference may be from the middle.
    pub error: SignedDuration,
}

/// What a request sent at `started` by the browser's clock, answered within `took`, tells of a server that wrote `date`. Nothing when an
/// instant is at the end of the calendar.
#[must_use]
pub fn difference(
    started: Timestamp,
    took: Option<SignedDuration>,
    date: Timestamp,
) -> Option<ClockDifference> {
    // Choice: an exchange whose length is not recorded took a second at most; nearly all do.
    let took = took.unwrap_or(SignedDuration::from_secs(1)).max(SignedDuration::ZERO);
    let most = date.duration_since(started).checked_add(SignedDuration::from_secs(1))?;
    let least = date.duration_since(started).checked_sub(took)?;
    let ahead = least.checked_add(most)?.checked_div(2)?;
    let error = most.checked_sub(least)?.checked_div(2)?;
    Some(ClockDifference { ahead, error })
}

impl ClockDifference {
    /// What holds when both do; nothing when they contradict each other, because a clock was set meanwhile.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        let ends = |difference: Self| {
            let Self { ahead, error } = difference;
            Some((ahead.checked_sub(error)?, ahead.checked_add(error)?))
        };
        let ((a, b), (c, d)) = (ends(self)?, ends(other)?);
        let (least, most) = (a.max(c), b.min(d));
        let ahead = least.checked_add(most)?.checked_div(2)?;
        let error = most.checked_sub(least)?.checked_div(2)?;
        (!error.is_negative()).then_some(Self { ahead, error })
    }

    /// Whether it is more than a few seconds, whatever the bounds.
    #[must_use]
    pub fn is_worth_telling(self) -> bool {
        self.ahead.abs().checked_sub(self.error).is_some_and(|surely| surely > WORTH_TELLING)
    }

    /// `42 s ± 1 s behind`: how the browser's clock is to the server's.
    #[must_use]
    pub fn says(self) -> String {
        let side = if self.ahead.is_negative() { "ahead of" } else { "behind" };
        format!("{} {side}", self.words())
    }

    /// `42 s ± 1 s`
    #[must_use]
    pub fn words(self) -> String {
        // Half seconds are beyond what a Date can tell.
        let whole = |duration: SignedDuration| {
            let rounded = duration.abs().checked_add(SignedDuration::from_millis(500));
            SignedDuration::from_secs(rounded.unwrap_or(SignedDuration::MAX).as_secs())
        };
        let error = whole(self.error).max(SignedDuration::from_secs(1));
        format!("{} ± {}", words(whole(self.ahead)), words(error))
    }
}
