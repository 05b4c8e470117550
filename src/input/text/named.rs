//! What is named `SAMLResponse` or `SAMLRequest` in text: parameters of a URL or a form, the lines of a browser's view of them,
//! members of objects in any notation, and parts of a multipart body.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memmem, memrchr};

use super::{Piece, Sure, message_name};
use crate::decode::{decode_base64, is_convincing_base64, unescape};

/// Characters of a line up to which the next one may go on with its value. Choice: 200; encoders wrap at 64, 72, 76 or 80.
const WRAPPED: usize = 200;

/// Bytes before a name in which its `RelayState` is looked for. Choice: 4096; they stand on neighbouring lines.
const NEAR: usize = 4096;

/// Lines between a message and its `RelayState`. Choice: 2, as many as the head of a part in a multipart body takes.
const NEIGHBOURS: usize = 2;

/// How a name stands beside its value.
enum Beside {
    /// `name=value`, as in a query.
    Parameter,
    /// `name%3Dvalue`, as in a query that is a parameter of another.
    EscapedParameter,
    /// Any other way; the value begins there, counted from the end of the name.
    Value(usize),
}

pub(super) fn find<'t>(
    text: &'t [u8],
    gap: Range<usize>,
    limit: usize,
    pieces: &mut Vec<Piece<'t>>,
) {
    let finder = memmem::Finder::new(b"SAMLRe");
    let mut from = gap.start;
    while pieces.len() <= limit {
        let rest = text.get(from..gap.end).unwrap_or_default();
        let Some(at) = finder.find(rest).map(|offset| from + offset) else { break };
        let Some(name) = message_name(text.get(at..gap.end).unwrap_or_default()) else {
            from = at + 1;
            continue;
        };
        let behind = at + name.len();
        let place = Place { text, name, at, behind, from, to: gap.end };
        let piece = match beside(text.get(behind..gap.end).unwrap_or_default(), place.begins_line())
        {
            Some(Beside::Parameter) => place.parameter(),
            Some(Beside::EscapedParameter) => place.escaped_parameter(),
            Some(Beside::Value(offset)) => place.value(behind + offset),
            None => None,
        };
        from = piece.as_ref().map_or(behind, |piece| piece.range.end.max(behind));
        pieces.extend(piece);
    }
}

/// What stands between a name and its value. `alone` says whether the name begins its line.
fn beside(behind: &[u8], alone: bool) -> Option<Beside> {
    if let Some(value) = behind.strip_prefix(b"=") {
        let opens = value.first().is_some_and(|byte| b"\"'` >".contains(byte));
        if !opens {
            return Some(Beside::Parameter);
        }
    }
    let escaped = [b"%3D".as_slice(), b"%3d", b"%253D", b"%253d"];
    if escaped.iter().any(|equals| behind.starts_with(equals)) {
        return Some(Beside::EscapedParameter);
    }
    let count = |from: usize, of: &[u8]| {
        behind.get(from..).unwrap_or_default().iter().take_while(|byte| of.contains(byte)).count()
    };
    let quotes = count(0, b"\\\"'`*]");
    let mut at = quotes + count(quotes, b" ");
    let has =
        |at: usize, bytes: &[u8]| behind.get(at..).is_some_and(|rest| rest.starts_with(bytes));
    if has(at, b"=>") || has(at, b":=") {
        at += 2;
    } else if has(at, b":") || has(at, b"=") || (quotes > 0 && has(at, b",")) {
        at += 1;
    } else if quotes == 0 && has(at, b"\t") {
        at += count(at, b"\t");
    } else {
        // On the next line: a browser's table, or the part of a multipart body behind its empty line.
        let ends = count(at, b"\r\n\t ");
        let lines = behind.get(at..at + ends).unwrap_or_default();
        let wanted = if quotes > 0 { 2 } else { 1 };
        let is_next = lines.iter().filter(|byte| **byte == b'\n').count() >= wanted;
        return (is_next && (alone || quotes > 0)).then_some(Beside::Value(at + ends));
    }
    at += count(at, b" \t*");
    Some(Beside::Value(at))
}

/// A name in the text, and how far from it may be looked.
struct Place<'t> {
    text: &'t [u8],
    name: &'static str,
    at: usize,
    behind: usize,
    from: usize,
    to: usize,
}

impl<'t> Place<'t> {
    fn slice(&self, range: Range<usize>) -> &'t [u8] {
        self.text.get(range).unwrap_or_default()
    }

    fn begins_line(&self) -> bool {
        let before = self.slice(self.from..self.at);
        let line =
            memrchr(b'\n', before).map_or(before, |end| before.get(end + 1..).unwrap_or_default());
        line.trim_ascii().is_empty()
    }

    /// The whole query or URL around a parameter: another message in it must not get lost.
    fn parameter(&self) -> Option<Piece<'t>> {
        let outside = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`<>|{}\\^".contains(byte);
        let mut start = self
            .slice(self.from..self.at)
            .iter()
            .rposition(outside)
            .map_or(self.from, |at| self.from + at + 1);
        let length = self.slice(self.behind..self.to).iter().position(outside);
        let mut end = length.map_or(self.to, |length| self.behind + length);
        let before = self.slice(start..self.at);
        start += before.iter().take_while(|byte| b"([*".contains(byte)).count();
        // `url=https://…`: the URL begins where it says so.
        let url = [b"https://".as_slice(), b"http://"]
            .iter()
            .filter_map(|scheme| memmem::find(self.slice(start..self.at), scheme))
            .min();
        start += url.unwrap_or(0);
        let trailing = |byte: &&u8| b",.;:)]!*".contains(byte);
        end -= self.slice(self.behind..end).iter().rev().take_while(trailing).count();
        let value = self.slice(self.behind + 1..end);
        if !value.contains(&b'&') {
            end = wrapped_end(self.text, self.behind + 1, end, self.to);
        }
        let whole = self.slice(start..end);
        let mut piece = self.piece(start..end, whole, value);
        // Two messages in one query are refused, so nothing is read from a part of it.
        if memmem::find_iter(whole, b"SAMLRe").count() > 1 {
            return Some(piece);
        }
        if self.text.get(end) == Some(&b' ') {
            let rest = self.slice(end..self.to);
            let line = memchr(b'\n', rest).map_or(self.to, |length| end + length);
            let spaced = Cow::Borrowed(self.slice(self.at..line).trim_ascii_end());
            if is_cut_short(value) {
                piece.readings = vec![spaced];
                return Some(piece);
            }
            piece.readings.push(spaced);
        }
        if start < self.at || piece.readings.len() > 1 {
            piece.readings.push(Cow::Borrowed(self.slice(self.at..end)));
        }
        Some(piece)
    }

    /// The escaped query or URL around a parameter.
    fn escaped_parameter(&self) -> Option<Piece<'t>> {
        let outside = |byte: &u8| !(byte.is_ascii_alphanumeric() || b"%._~-+*".contains(byte));
        let start = self
            .slice(self.from..self.at)
            .iter()
            .rposition(outside)
            .map_or(self.from, |at| self.from + at + 1);
        let length = self.slice(self.behind..self.to).iter().position(outside);
        let end = length.map_or(self.to, |length| self.behind + length);
        let mut piece = self.piece(start..end, self.slice(start..end), b"");
        piece.readings.push(Cow::Borrowed(self.slice(self.at..end)));
        Some(piece)
    }

    /// A value that begins at `start`: in quotes, or up to the end of its line or of the lines it is wrapped in.
    fn value(&self, start: usize) -> Option<Piece<'t>> {
        let quoted = quoted(self.slice(start..self.to));
        let (value, end) = match quoted {
            Some((value, length)) => (value, start + length),
            None => {
                let rest = self.slice(start..self.to);
                let line = memchr(b'\n', rest).map_or(self.to, |length| start + length);
                let trailing =
                    |byte: &&u8| byte.is_ascii_whitespace() || b",.;)]}*\"'`\\".contains(byte);
                let trimmed =
                    line - self.slice(start..line).iter().rev().take_while(trailing).count();
                let end = wrapped_end(self.text, start, trimmed, self.to);
                (Cow::Borrowed(self.slice(start..end)), end)
            }
        };
        if value.trim_ascii().is_empty() {
            return None;
        }
        let sure = if is_value(&value) { Sure::Named } else { Sure::Perhaps };
        let mut piece = Piece::new(self.at..end.max(self.behind), value, sure);
        piece.parameter = Some(self.name);
        piece.relay_state = self.relay_state(end);
        Some(piece)
    }

    fn piece(&self, range: Range<usize>, bytes: &'t [u8], value: &[u8]) -> Piece<'t> {
        let sure = if is_value(value) { Sure::Named } else { Sure::Perhaps };
        Piece::new(range, bytes, sure)
    }

    /// The `RelayState` on the lines before or behind, in the same notation.
    fn relay_state(&self, end: usize) -> Option<String> {
        const NAME: &[u8] = b"RelayState";
        let value = |text: &'t [u8]| {
            let offset = match beside(text, true)? {
                Beside::Parameter => 1,
                Beside::Value(offset) => offset,
                Beside::EscapedParameter => return None,
            };
            let rest = text.get(offset..)?;
            let (value, _) = quoted(rest).unwrap_or_else(|| {
                let line = memchr(b'\n', rest).unwrap_or(rest.len());
                (Cow::Borrowed(rest.get(..line).unwrap_or_default().trim_ascii()), line)
            });
            String::from_utf8(value.into_owned()).ok().filter(|value| !value.is_empty())
        };
        let lines = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count();
        let behind = self.slice(end..self.to.min(end.saturating_add(NEAR)));
        // Up to the next message: what stands behind that is not this one's.
        let own =
            memmem::find(behind, b"SAMLRe").and_then(|end| behind.get(..end)).unwrap_or(behind);
        let beside_it =
            |at: usize| own.get(..at).is_some_and(|between| lines(between) <= NEIGHBOURS);
        if let Some(at) = memmem::find(own, NAME).filter(|at| beside_it(*at)) {
            return value(own.get(at + NAME.len()..)?);
        }
        let before = self.slice(self.from.max(self.at.saturating_sub(NEAR))..self.at);
        let at = memmem::rfind(before, NAME)?;
        let own = before.get(at + NAME.len()..)?;
        (lines(own) <= NEIGHBOURS).then(|| value(own)).flatten()
    }
}

/// The value in the quotes that `text` begins with, and how long it is with them.
fn quoted(text: &[u8]) -> Option<(Cow<'_, [u8]>, usize)> {
    let escaped = text.strip_prefix(b"\\").filter(|rest| rest.starts_with(b"\""));
    let (quote, inner) = escaped.unwrap_or(text).split_first()?;
    if !b"\"'`".contains(quote) {
        return None;
    }
    if escaped.is_some() {
        let length = memmem::find(inner, b"\\\"")?;
        return Some((Cow::Borrowed(inner.get(..length)?), length + 4));
    }
    let mut is_behind_backslash = false;
    let length = inner.iter().position(|byte| {
        let ends = byte == quote && !is_behind_backslash;
        is_behind_backslash = *byte == b'\\' && !is_behind_backslash;
        ends
    })?;
    let value = inner.get(..length)?;
    // With backslashes in it, it is a string of JSON or JavaScript, and read as one.
    let is_string = value.contains(&b'\\') && (*quote == b'"' || !value.contains(&b'"'));
    let value =
        if is_string { Cow::Owned([b"\"", value, b"\""].concat()) } else { Cow::Borrowed(value) };
    Some((value, length + 2))
}

/// Whether something is surely meant as an encoded message.
fn is_value(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    is_convincing_base64(value)
        || value.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"%3C"))
}

/// Whether a value is the beginning of a message: a `+` that became a space ends it too early.
fn is_cut_short(value: &[u8]) -> bool {
    let decoded = unescape(value).ok().and_then(|value| decode_base64(&value).ok());
    match decoded {
        Some((bytes, _)) => bytes.starts_with(b"<") && !bytes.trim_ascii_end().ends_with(b">"),
        None => true,
    }
}

/// Where the base64 that begins on one line ends, when the lines behind go on with it.
pub(super) fn wrapped_end(text: &[u8], start: usize, end: usize, to: usize) -> usize {
    let is_of_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    let first = text.get(start..end).unwrap_or_default();
    if end - start > WRAPPED || !first.iter().all(is_of_base64) {
        return end;
    }
    let (mut end, mut width) = (end, None);
    loop {
        let rest = text.get(end..to).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| b"\r \t".contains(byte)).count();
        let Some(b'\n') = rest.get(blank) else { break };
        let next = rest.get(blank + 1..).unwrap_or_default();
        let indent = next.iter().take_while(|byte| b" \t".contains(byte)).count();
        let next = next.get(indent..).unwrap_or_default();
        let line = next
            .iter()
            .position(|byte| matches!(byte, b'\r' | b'\n'))
            .and_then(|length| next.get(..length))
            .unwrap_or(next);
        let line = line.trim_ascii_end();
        let is_name = message_name(line).is_some()
            || [b"RelayState".as_slice(), b"SigAlg", b"Signature"].contains(&line);
        let fits = width.is_none_or(|width| line.len() <= width) && line.len() <= WRAPPED;
        let is_boundary = line.starts_with(b"--");
        if line.is_empty() || is_name || is_boundary || !fits || !line.iter().all(is_of_base64) {
            break;
        }
        end += blank + 1 + indent + line.len();
        // Only the last line is shorter.
        if width.is_some_and(|width| line.len() < width) || line.ends_with(b"=") {
            break;
        }
        width = Some(line.len());
    }
    end
}
