//! Cuts the entries of one array out of a JSON document as it comes, so that memory follows the largest entry and not the file.
//!
//! Only the brackets and strings are looked at: what is odd inside one entry costs that entry and no other. A string that is longer than
//! anything a message may be is cut short, which its reader then sees.

use std::io::{self, BufRead};

use memchr::{memchr_iter, memchr2, memrchr};

use super::Stop;
use crate::decode::InputErrorKind;
use crate::limits::Limits;

/// How many of the longest strings one entry may have before the rest is cut. Choice: 4; two bodies and a margin.
const STRINGS: usize = 4;

/// Bytes of a value beside the array that is kept. Choice: 256; a time is one.
const BESIDE: usize = 256;

/// Bytes of a member's name that are kept. Choice: 256.
const NAME: usize = 256;

/// A piece of the document.
#[derive(Debug)]
pub(super) enum Piece<'p> {
    /// An element of the array.
    Entry(&'p [u8]),
    /// A member of the object that holds the array.
    Beside(&'p [u8], &'p [u8]),
}

/// How the document ended.
#[derive(Debug)]
pub(super) enum End {
    /// With its last bracket.
    Whole,
    /// Before that, or with something that is no JSON.
    Broken {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
}

/// Hands every element of the array that `path` leads to, and what stands beside it, to `take`.
///
/// # Errors
/// When `source` cannot be read, and what `take` says.
pub(super) fn each(
    source: &mut dyn BufRead,
    path: &[&[u8]],
    limits: &Limits,
    take: &mut dyn FnMut(Piece<'_>) -> Result<(), Stop>,
) -> Result<End, Stop> {
    let string = limits.decoded_bytes.saturating_add(1);
    let entry = string.saturating_mul(STRINGS);
    let mut cutter = Cutter { source, line: 1, column: 0, string, entry };
    match cutter.object(path, take) {
        Ok(()) => Ok(End::Whole),
        Err(Cut::Stop(stop)) => Err(stop),
        Err(Cut::Broken) => Ok(End::Broken { line: cutter.line, column: cutter.column }),
    }
}

impl End {
    /// The end as an error.
    pub(super) fn error(&self) -> Option<InputErrorKind> {
        match *self {
            Self::Whole => None,
            Self::Broken { line, column } => Some(InputErrorKind::Json { line, column }),
        }
    }
}

/// Why the cutting ended early.
enum Cut {
    Stop(Stop),
    Broken,
}

impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self::Stop(error.into())
    }
}

impl From<Stop> for Cut {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

struct Cutter<'s> {
    source: &'s mut dyn BufRead,
    line: usize,
    column: usize,
    /// Bytes that are kept of one string.
    string: usize,
    /// Bytes that are kept of one entry before its strings are cut.
    entry: usize,
}

impl Cutter<'_> {
    /// An object on the way to the array; the recursion is as deep as `path` is long.
    fn object(
        &mut self,
        path: &[&[u8]],
        take: &mut dyn FnMut(Piece<'_>) -> Result<(), Stop>,
    ) -> Result<(), Cut> {
        let (mut name, mut value) = (Kept::of(NAME, NAME), Kept::of(BESIDE, BESIDE));
        self.expect(b'{')?;
        loop {
            match self.peek()? {
                b'"' => {}
                b',' => {
                    self.consume(1);
                    continue;
                }
                b'}' => {
                    self.consume(1);
                    return Ok(());
                }
                _ => return Err(Cut::Broken),
            }
            name.clear();
            self.value(Some(&mut name))?;
            self.expect(b':')?;
            let next = self.peek()?;
            match path.split_first() {
                Some((first, rest)) if is_named(&name.bytes, first) => match (rest, next) {
                    ([], b'[') => self.array(take)?,
                    ([_, ..], b'{') => self.object(rest, take)?,
                    ([] | [_, ..], _) => self.value(None)?,
                },
                Some(([], [])) | None => self.value(None)?,
                Some(_) if matches!(next, b'{' | b'[') => self.value(None)?,
                Some(_) => {
                    value.clear();
                    self.value(Some(&mut value))?;
                    let name = name.bytes.trim_ascii();
                    let name = name.get(1..name.len().saturating_sub(1)).unwrap_or_default();
                    take(Piece::Beside(name, &value.bytes))?;
                }
            }
        }
    }

    fn array(&mut self, take: &mut dyn FnMut(Piece<'_>) -> Result<(), Stop>) -> Result<(), Cut> {
        self.expect(b'[')?;
        let mut entry = Kept::of(self.string, self.entry);
        loop {
            match self.peek()? {
                b',' => self.consume(1),
                b']' => {
                    self.consume(1);
                    return Ok(());
                }
                _ => {
                    entry.clear();
                    self.value(Some(&mut entry))?;
                    take(Piece::Entry(&entry.bytes))?;
                }
            }
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8, Cut> {
        loop {
            let chunk = self.source.fill_buf()?;
            let space = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            match (chunk.get(space).copied(), space) {
                (None, 0) => return Err(Cut::Broken),
                (Some(byte), 0) => return Ok(byte),
                (Some(_) | None, _) => self.consume(space),
            }
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Cut> {
        if self.peek()? != byte {
            return Err(Cut::Broken);
        }
        self.consume(1);
        Ok(())
    }

    /// Goes on behind `length` bytes of what the source has ready.
    fn consume(&mut self, length: usize) {
        let chunk = self.source.fill_buf().unwrap_or_default();
        let passed = chunk.get(..length).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count();
        self.column = match memrchr(b'\n', passed) {
            Some(last) => passed.len() - last - 1,
            None => self.column + passed.len(),
        };
        self.source.consume(length);
    }

    /// One value of any kind, as far as brackets and strings tell where it ends.
    fn value(&mut self, mut kept: Option<&mut Kept>) -> Result<(), Cut> {
        self.peek()?;
        let mut scan = Scan::default();
        while !scan.is_done {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                return Err(Cut::Broken);
            }
            let length = scan.pass(chunk, kept.as_deref_mut());
            self.consume(length);
        }
        Ok(())
    }
}

/// Whether the string `quoted` is `name`. Nobody escapes the letters of these names.
fn is_named(quoted: &[u8], name: &[u8]) -> bool {
    let inside = quoted.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    inside == Some(name)
}

/// Where the scanning of one value stands.
#[derive(Default)]
struct Scan {
    depth: usize,
    is_done: bool,
    place: Place,
}

#[derive(Clone, Copy, Default)]
enum Place {
    #[default]
    Outside,
    /// In a number or a word.
    Word,
    String,
    /// Behind a backslash, which was kept or not.
    Escape(bool),
    /// So many hexadecimal digits of an escape are to come.
    Digits(u8, bool),
}

impl Scan {
    /// Goes through `chunk` as far as the value goes; answers how many bytes that were.
    fn pass(&mut self, chunk: &[u8], mut kept: Option<&mut Kept>) -> usize {
        let mut at = 0;
        while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty() && !self.is_done) {
            let length = match self.place {
                Place::Outside | Place::Word => self.structure(rest, kept.as_deref_mut()),
                Place::String => self.string(rest, kept.as_deref_mut()),
                Place::Escape(keeps) => {
                    let is_code = rest.first() == Some(&b'u');
                    self.place = if is_code { Place::Digits(4, keeps) } else { Place::String };
                    if let (Some(kept), true) = (kept.as_deref_mut(), keeps) {
                        kept.push(rest.get(..1).unwrap_or_default());
                    }
                    1
                }
                Place::Digits(left, keeps) => {
                    self.place =
                        if left > 1 { Place::Digits(left - 1, keeps) } else { Place::String };
                    if let (Some(kept), true) = (kept.as_deref_mut(), keeps) {
                        kept.push(rest.get(..1).unwrap_or_default());
                    }
                    1
                }
            };
            at += length;
        }
        at
    }

    /// Brackets, words and white space up to the next string, or to the end of the value.
    fn structure(&mut self, rest: &[u8], kept: Option<&mut Kept>) -> usize {
        let mut length = 0;
        for &byte in rest {
            match byte {
                b'"' if matches!(self.place, Place::Word) && self.depth == 0 => {
                    self.is_done = true;
                    break;
                }
                b',' | b']' | b'}' | b':' | b' ' | b'\t' | b'\r' | b'\n'
                    if matches!(self.place, Place::Word) && self.depth == 0 =>
                {
                    self.is_done = true;
                    break;
                }
                b'"' => {
                    self.place = Place::String;
                    length += 1;
                    break;
                }
                b'{' | b'[' => {
                    self.depth += 1;
                    self.place = Place::Outside;
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.place = Place::Outside;
                    if self.depth == 0 {
                        self.is_done = true;
                        length += 1;
                        break;
                    }
                }
                b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => self.place = Place::Outside,
                _ => self.place = Place::Word,
            }
            length += 1;
        }
        if let Some(kept) = kept {
            kept.push(rest.get(..length).unwrap_or_default());
            kept.begin_string();
        }
        length
    }

    /// The inside of a string, up to its end or the next escape.
    fn string(&mut self, rest: &[u8], kept: Option<&mut Kept>) -> usize {
        let end = memchr2(b'"', b'\\', rest);
        let inside = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let mut keeps = false;
        let closes = end.and_then(|end| rest.get(end)) == Some(&b'"');
        if let Some(kept) = kept {
            kept.push_inside(inside);
            keeps = kept.left > 0;
            if closes {
                kept.push(b"\"");
            } else if end.is_some() && keeps {
                kept.push(b"\\");
                // It stands for one byte at least.
                kept.left -= 1;
            }
        }
        if closes {
            self.place = Place::Outside;
            self.is_done = self.depth == 0;
        } else if end.is_some() {
            self.place = Place::Escape(keeps);
        }
        inside.len() + usize::from(end.is_some())
    }
}

/// What is kept of one value.
struct Kept {
    bytes: Vec<u8>,
    /// Bytes of one string.
    string: usize,
    /// Bytes of the whole before strings are cut.
    whole: usize,
    /// Bytes that the string at hand may still have.
    left: usize,
}

impl Kept {
    fn of(string: usize, whole: usize) -> Self {
        Self { bytes: Vec::new(), string, whole, left: string }
    }

    fn clear(&mut self) {
        self.bytes.clear();
        // The largest entry so far shall not be paid for until the end.
        self.bytes.shrink_to(1 << 20);
        self.left = self.string;
    }

    fn begin_string(&mut self) {
        self.left = self.string.min(self.whole.saturating_sub(self.bytes.len()));
    }

    /// Structure: kept until the whole is twice too large, when it is of no use any more.
    fn push(&mut self, bytes: &[u8]) {
        if self.bytes.len() <= self.whole.saturating_mul(2) {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn push_inside(&mut self, bytes: &[u8]) {
        let fits = bytes.get(..self.left).unwrap_or(bytes);
        self.bytes.extend_from_slice(fits);
        self.left -= fits.len();
    }
}
