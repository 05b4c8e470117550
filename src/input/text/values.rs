//! Encoded values without a name in the middle of text: base64 on one line or on several, and percent-escaped XML.

use std::ops::Range;

use super::named::wrapped_end;
use super::{Piece, Sure};
use crate::decode::is_convincing_base64;

/// Characters of the shortest value. Choice: 64; the smallest message has some 200 characters.
const SHORTEST: usize = 64;

pub(super) fn find<'t>(
    text: &'t [u8],
    gap: Range<usize>,
    limit: usize,
    pieces: &mut Vec<Piece<'t>>,
) {
    let mut from = gap.start;
    while pieces.len() <= limit {
        let Some(start) = position(text, from, gap.end, is_of_a_value) else { break };
        let mut end =
            position(text, start, gap.end, |byte| !is_of_a_value(byte)).unwrap_or(gap.end);
        let first = text.get(start..end).unwrap_or_default();
        if may_begin(first) {
            end = wrapped_end(text, start, end, gap.end);
            let whole = text.get(start..end).unwrap_or_default();
            if whole.len() >= SHORTEST {
                pieces.push(Piece::new(start..end, whole, Sure::Perhaps));
            }
        }
        from = end;
    }
}

/// Whether a value may be in it.
pub(super) fn mentions_one(text: &[u8]) -> bool {
    text.split(|byte| !is_of_a_value(*byte)).any(|run| run.len() >= SHORTEST && may_begin(run))
}

/// Whether a message may begin like this.
fn may_begin(run: &[u8]) -> bool {
    let escaped_markup = run.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"%3C"));
    run.len() >= 16 && (escaped_markup || is_convincing_base64(run))
}

fn is_of_a_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_=%".contains(&byte)
}

fn position(text: &[u8], from: usize, to: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    let found = text.get(from..to)?.iter().position(|byte| is(*byte))?;
    Some(from + found)
}
