//! From text to [`Document`]: the strict parser that every security rule relies on.
//!
//! XML 1.0 (fifth edition) and Namespaces in XML 1.0. quick-xml only cuts the text into tags, text and the rest; what it
//! does not check is checked here, in [`super::tag`] and in [`super::scope`] (security rules 10, 11, 16). One loop, no recursion,
//! one pass over the text.

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::declaration;
use super::document::{AttributeRow, Document, ElementRow, LONGEST_TEXT, narrow, wide};
use super::error::{XmlError, XmlErrorKind, quoted};
use super::names::{forbidden_char, is_ncname, is_space};
use super::normalise::resolve;
use super::scope::Scope;
use crate::limits::Limits;

/// What ends a CDATA section (XML 1.0 §2.7).
const CDATA_END: &[u8] = b"]]>";

/// The state of the parse.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) limits: &'t Limits,
    pub(super) scope: Scope<'t>,
    pub(super) attributes: Vec<AttributeRow>,
    /// Attribute values that normalisation changed.
    pub(super) values: String,
    elements: Vec<ElementRow>,
    open: Vec<Open<'t>>,
    /// How many elements, comments, processing instructions and CDATA sections there were.
    nodes: usize,
    /// Whether any character of the text may be forbidden: nearly always none, and then they are not looked at one by one.
    suspicious: bool,
    /// Whether `]]>` stands anywhere, as it does behind CDATA and must not in text.
    closes_cdata: bool,
}

/// An element whose end tag is to come.
struct Open<'t> {
    ordinal: usize,
    name: &'t str,
    /// How many namespaces were in scope before it.
    scope: usize,
}

/// An error before its line is known.
pub(super) struct Fault {
    pub(super) kind: XmlErrorKind,
    pub(super) offset: usize,
}

impl Fault {
    pub(super) fn limit(name: &'static str, limit: usize, offset: usize) -> Self {
        Self { kind: XmlErrorKind::Limit { name, limit }, offset }
    }
}

pub(super) fn malformed(what: String, offset: usize) -> Fault {
    Fault { kind: XmlErrorKind::Malformed(what), offset }
}

pub(super) fn namespace(what: String, offset: usize) -> Fault {
    Fault { kind: XmlErrorKind::Namespace(what), offset }
}

/// Appends to a table that grows by a quarter, where `Vec` would double: the tables are most of what a document costs.
pub(super) fn push<T>(table: &mut Vec<T>, row: T) {
    if table.len() == table.capacity() {
        table.reserve_exact(table.len() / 4 + 64);
    }
    table.push(row);
}

/// Parses a whole document.
pub(super) fn parse(mut text: String, limits: &Limits) -> Result<Document, XmlError> {
    let limit = limits.decoded_bytes.min(LONGEST_TEXT);
    if text.len() > limit {
        // The line is of no use, and counting lines would read it all.
        return Err(XmlError::new(XmlErrorKind::Limit { name: "decoded bytes", limit }, "", 0));
    }
    let mut parser = Parser {
        text: &text,
        limits,
        scope: Scope::default(),
        attributes: Vec::new(),
        values: String::new(),
        elements: Vec::new(),
        open: Vec::new(),
        nodes: 0,
        suspicious: forbidden_char(&text).is_some(),
        closes_cdata: memmem::find(text.as_bytes(), CDATA_END).is_some(),
    };
    if let Err(Fault { kind, offset }) = parser.run() {
        return Err(XmlError::new(kind, &text, offset));
    }
    let Parser { attributes, values, elements, .. } = parser;
    let text_len = text.len();
    text.reserve_exact(values.len());
    text.push_str(&values);
    Ok(Document { buffer: text, text_len, elements, attributes })
}

impl<'t> Parser<'t> {
    fn run(&mut self) -> Result<(), Fault> {
        // quick-xml would skip it silently.
        if self.text.starts_with('\u{FEFF}') {
            let what = "there is a second byte order mark".to_owned();
            return Err(Fault { kind: XmlErrorKind::Encoding(what), offset: 0 });
        }
        let mut reader = Reader::from_str(self.text);
        // End tags are compared here, where a long name does not end in the message.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            let start = offset(reader.buffer_position());
            // Before it is even read: finding its end means understanding it.
            let ahead = self.text.as_bytes().get(start..start + 9);
            if ahead.is_some_and(|bytes| bytes.eq_ignore_ascii_case(b"<!DOCTYPE")) {
                return Err(Fault { kind: XmlErrorKind::Dtd, offset: start });
            }
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    return Err(malformed(error.to_string(), offset(reader.error_position())));
                }
            };
            let end = offset(reader.buffer_position());
            let raw = self.slice(start, end);
            if self.suspicious
                && let Some((at, c)) = forbidden_char(raw)
            {
                let what = format!("the character U+{:04X} is not allowed", u32::from(c));
                return Err(malformed(what, start + at));
            }
            if matches!(
                event,
                Event::Start(_)
                    | Event::Empty(_)
                    | Event::CData(_)
                    | Event::Comment(_)
                    | Event::PI(_)
            ) {
                self.nodes += 1;
                if self.nodes > self.limits.nodes {
                    return Err(Fault::limit("nodes", self.limits.nodes, start));
                }
            }
            match event {
                Event::Start(_) => self.element(start, end, false)?,
                Event::Empty(_) => self.element(start, end, true)?,
                Event::End(_) => self.end_tag(start, end)?,
                Event::Text(_) => self.character_data(raw, start)?,
                Event::GeneralRef(_) => self.reference(raw, start)?,
                Event::CData(_) if self.open.is_empty() => {
                    return Err(malformed("CDATA outside the root element".to_owned(), start));
                }
                Event::CData(_) => {}
                Event::Comment(_) => comment(raw, start)?,
                Event::PI(_) => instruction(raw, start)?,
                Event::Decl(_) => xml_declaration(raw, start)?,
                Event::DocType(_) => return Err(Fault { kind: XmlErrorKind::Dtd, offset: start }),
                Event::Eof => return self.finish(),
            }
        }
    }

    /// A piece of the text.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Takes in a start tag or an empty element.
    fn element(&mut self, start: usize, end: usize, empty: bool) -> Result<(), Fault> {
        if self.open.is_empty() && !self.elements.is_empty() {
            return Err(malformed("there is a second root element".to_owned(), start));
        }
        if self.open.len() >= self.limits.depth {
            return Err(Fault::limit("depth", self.limits.depth, start));
        }
        let scope = self.scope.len();
        let attributes = narrow(self.attributes.len());
        let tag = self.start_tag(start + 1, end - if empty { 2 } else { 1 })?;
        let ordinal = self.elements.len();
        let row = ElementRow {
            start: narrow(start),
            name_end: narrow(start + 1 + tag.name.len()),
            content: narrow(end),
            end: narrow(end),
            parent: narrow(self.open.last().map_or(ordinal, |parent| parent.ordinal)),
            last: narrow(ordinal + 1),
            attributes,
            namespace: tag.namespace.pack(),
        };
        push(&mut self.elements, row);
        if empty {
            self.scope.leave(scope);
        } else {
            self.open.push(Open { ordinal, name: tag.name, scope });
        }
        Ok(())
    }

    fn end_tag(&mut self, start: usize, end: usize) -> Result<(), Fault> {
        let name = self.slice(start + 2, end - 1).trim_end_matches([' ', '\t', '\r', '\n']);
        let Some(open) = self.open.pop() else {
            let what = format!("end tag {} has no start tag", quoted(name));
            return Err(malformed(what, start));
        };
        if open.name != name {
            let (expected, found) = (quoted(open.name), quoted(name));
            let what = format!("expected the end tag of {expected}, found that of {found}");
            return Err(malformed(what, start));
        }
        let last = narrow(self.elements.len());
        if let Some(row) = self.elements.get_mut(open.ordinal) {
            row.end = narrow(end);
            row.last = last;
        }
        self.scope.leave(open.scope);
        Ok(())
    }

    fn character_data(&self, raw: &str, start: usize) -> Result<(), Fault> {
        if self.open.is_empty() {
            return match raw.bytes().position(|byte| !is_space(byte)) {
                Some(at) => Err(malformed("text outside the root element".to_owned(), start + at)),
                None => Ok(()),
            };
        }
        if !self.closes_cdata {
            return Ok(());
        }
        match memmem::find(raw.as_bytes(), CDATA_END) {
            Some(at) => Err(malformed("`]]>` in text".to_owned(), start + at)),
            None => Ok(()),
        }
    }

    fn reference(&self, raw: &str, start: usize) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err(malformed("a reference outside the root element".to_owned(), start));
        }
        let name = raw.strip_prefix('&').and_then(|raw| raw.strip_suffix(';'));
        name.and_then(resolve).map(|_| ()).ok_or_else(|| self.bad_reference(start))
    }

    fn finish(&self) -> Result<(), Fault> {
        if let Some(open) = self.open.last() {
            let start = self.elements.get(open.ordinal).map_or(0, |row| wide(row.start));
            return Err(malformed(format!("element {} is not closed", quoted(open.name)), start));
        }
        if !self.elements.is_empty() {
            return Ok(());
        }
        let end = self.text.len();
        if self.text.bytes().all(is_space) {
            return Err(Fault { kind: XmlErrorKind::Empty, offset: end });
        }
        Err(malformed("there is no root element".to_owned(), end))
    }
}

fn comment(raw: &str, start: usize) -> Result<(), Fault> {
    let inside = raw.strip_prefix("<!--").and_then(|raw| raw.strip_suffix("-->"));
    match inside.and_then(|inside| inside.find("--").or(inside.strip_suffix('-').map(str::len))) {
        Some(at) => Err(malformed("`--` in a comment".to_owned(), start + 4 + at)),
        None => Ok(()),
    }
}

fn instruction(raw: &str, start: usize) -> Result<(), Fault> {
    let inside = raw.strip_prefix("<?").and_then(|raw| raw.strip_suffix("?>")).unwrap_or_default();
    let end = inside.bytes().position(is_space).unwrap_or(inside.len());
    let target = inside.get(..end).unwrap_or_default();
    if target.eq_ignore_ascii_case("xml") {
        let what = "`xml` is not a name for a processing instruction".to_owned();
        return Err(malformed(what, start));
    }
    if !is_ncname(target) {
        let what = format!("{} is not a name for a processing instruction", quoted(target));
        return Err(malformed(what, start));
    }
    Ok(())
}

fn xml_declaration(raw: &str, start: usize) -> Result<(), Fault> {
    if start != 0 {
        let what = "the XML declaration is not at the very start".to_owned();
        return Err(malformed(what, start));
    }
    let inside = raw.strip_prefix("<?xml").and_then(|raw| raw.strip_suffix("?>"));
    // Its encoding was compared with the bytes before they became text.
    match declaration::read(inside.unwrap_or_default()) {
        Ok(_) => Ok(()),
        Err(what) => Err(malformed(what.to_owned(), start)),
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
