//! XML in the middle of text, as it is or escaped the way HTML or JSON does it.
//!
//! From the start tag of a known root to its end tag, with the XML declaration directly before it. Whether it is well-formed in
//! between is the XML parser's business.

use std::borrow::Cow;

use memchr::{memchr3_iter, memmem, memrchr};

use super::{Piece, Sure};

/// Roots worth finding: messages, and what messages are wrapped in, which is told by name.
const ROOTS: [&[u8]; 9] = [
    b"Response",
    b"AuthnRequest",
    b"LogoutRequest",
    b"LogoutResponse",
    b"ArtifactResponse",
    b"Assertion",
    b"Envelope",
    b"RequestSecurityTokenResponse",
    b"RequestSecurityTokenResponseCollection",
];

/// How `<` and `>` are written: as they are, in HTML, in JSON.
const BRACKETS: [(&[u8], &[u8]); 4] =
    [(b"<", b">"), (b"&lt;", b"&gt;"), (b"\\u003c", b"\\u003e"), (b"\\u003C", b"\\u003E")];

/// Start tags without an end that are looked into. Choice: 16; each costs a search through the rest of the text.
const UNENDED: usize = 16;

/// Bytes of a qualified name. Choice: 128.
const NAME: usize = 128;

/// Bytes that an XML declaration may have. Choice: 200; real ones have 40.
const DECLARATION: usize = 200;

/// A start tag of a known root.
struct Start<'t> {
    at: usize,
    open: &'static [u8],
    close: &'static [u8],
    name: &'t [u8],
}

pub(super) fn find(text: &[u8], limit: usize) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let (mut from, mut unended) = (0, 0);
    while unended < UNENDED && pieces.len() <= limit {
        let Some(start) = next(text, from) else { break };
        match end(text, &start) {
            Some(end) => {
                let begin = declaration_before(text, from, start.at).unwrap_or(start.at);
                let element = text.get(begin..end).unwrap_or_default();
                pieces.push(Piece::new(begin..end, as_written(element, &start), Sure::Perhaps));
                from = end;
            }
            None => {
                unended += 1;
                from = start.at + start.open.len();
            }
        }
    }
    pieces
}

/// Whether a second root stands behind the first.
pub(super) fn are_several(text: &[u8]) -> bool {
    let second = || {
        let first = next(text, 0)?;
        next(text, end(text, &first)?)
    };
    second().is_some()
}

/// Whether a root is its first element.
pub(super) fn begins_one(text: &[u8]) -> bool {
    let is_element = |at: &usize| text.get(at + 1).is_some_and(|byte| !b"?!".contains(byte));
    let first = memchr::memchr_iter(b'<', text).find(is_element);
    first.is_some() && first == next(text, 0).map(|start| start.at)
}

/// Whether a start tag of a root may be in it.
pub(super) fn mentions_one(text: &[u8]) -> bool {
    next(text, 0).is_some()
}

/// The next start tag of a root.
fn next(text: &[u8], from: usize) -> Option<Start<'_>> {
    let rest = text.get(from..)?;
    memchr3_iter(b'<', b'&', b'\\', rest).find_map(|offset| {
        let at = from + offset;
        let (open, close) = BRACKETS
            .into_iter()
            .find(|(open, _)| rest.get(offset..).is_some_and(|r| r.starts_with(open)))?;
        let tag = text.get(at + open.len()..)?;
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"></&\\\"'".contains(byte);
        let length = tag.iter().take(NAME).position(ends)?;
        let name = tag.get(..length)?;
        let local =
            memrchr(b':', name).map_or(name, |colon| name.get(colon + 1..).unwrap_or_default());
        // A name alone, `<Response>`, declares no namespace: it is somebody's placeholder.
        let declares =
            tag.get(length).is_some_and(|byte| byte.is_ascii_whitespace() || b"\\&".contains(byte));
        let is_root = ROOTS.contains(&local) && (declares || local.len() < name.len());
        is_root.then_some(Start { at, open, close, name })
    })
}

/// Where its element ends. Elements of the same name may be inside.
fn end(text: &[u8], start: &Start<'_>) -> Option<usize> {
    let rest = text.get(start.at..)?;
    let mut depth = 0_usize;
    for offset in memmem::find_iter(rest, start.name) {
        let before = rest.get(..offset)?;
        let behind = offset + start.name.len();
        if let Some(before) = before.strip_suffix(b"/").or_else(|| before.strip_suffix(b"\\/"))
            && before.ends_with(start.open)
        {
            let after = rest.get(behind..)?;
            let blank = after.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if after.get(blank..)?.starts_with(start.close) {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(start.at + behind + blank + start.close.len());
                }
            }
        } else if before.ends_with(start.open) {
            let goes_on = rest
                .get(behind)
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"._-:".contains(byte));
            depth += usize::from(!goes_on);
        }
    }
    None
}

/// Where the XML declaration directly before an element begins.
fn declaration_before(text: &[u8], from: usize, at: usize) -> Option<usize> {
    let from = from.max(at.saturating_sub(DECLARATION));
    let before = text.get(from..at)?;
    let trimmed = before.trim_ascii_end();
    let trimmed = [b"\\n".as_slice(), b"\\r"]
        .into_iter()
        .fold(trimmed, |text, end| text.strip_suffix(end).unwrap_or(text));
    let closed = [b"?>".as_slice(), b"?&gt;", b"?\\u003e", b"?\\u003E"]
        .iter()
        .any(|end| trimmed.ends_with(end));
    let declaration = memmem::rfind(trimmed, b"?xml").filter(|_| closed)?;
    let head = trimmed.get(..declaration)?;
    let (open, _) = BRACKETS.into_iter().find(|(open, _)| head.ends_with(open))?;
    Some(from + declaration - open.len())
}

/// An element out of a JSON string has `=\"` or `\u003c`, which no XML has: it is given as the string it was.
fn as_written<'t>(element: &'t [u8], start: &Start<'_>) -> Cow<'t, [u8]> {
    let first_quote = memchr::memchr2(b'"', b'\'', element);
    let is_escaped = first_quote
        .is_some_and(|at| element.get(..at).is_some_and(|before| before.ends_with(b"\\")));
    if is_escaped || start.open.starts_with(b"\\") {
        return Cow::Owned([b"\"", element, b"\""].concat());
    }
    Cow::Borrowed(element)
}
