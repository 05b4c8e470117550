//! Reads start tags: the name, the attributes, the namespaces they declare and those they are in.
//!
//! XML 1.0 §3.1 and Namespaces in XML 1.0 §3 to §6. The tokeniser only found where the tag ends; every rule is checked here.

use std::borrow::Cow;
use std::collections::HashSet;

use memchr::memchr;

use super::document::{AttributeRow, Namespace, narrow, wide};
use super::error::quoted;
use super::names::{is_space, split_prefix, split_qname};
use super::normalise::{attribute_value, is_plain};
use super::parse::{Fault, Parser, malformed, namespace, push};

/// Up to this many attributes are compared pair by pair, which is quicker than a set.
const FEW: usize = 8;

/// What a start tag says.
pub(super) struct StartTag<'t> {
    pub(super) name: &'t str,
    pub(super) namespace: Namespace,
}

impl<'t> Parser<'t> {
    /// Reads a start tag whose inside, without `<`, `>` and `/>`, is `start..end`. Its declarations come into scope, its
    /// attributes into the table.
    pub(super) fn start_tag(&mut self, start: usize, end: usize) -> Result<StartTag<'t>, Fault> {
        let first = self.attributes.len();
        let name = name_at(self.slice(start, end));
        let (prefix, _) = split_qname(name).ok_or_else(|| bad_name(name, "element", start))?;
        let mut at = start + name.len();
        loop {
            let rest = self.slice(at, end);
            let space = leading_space(rest);
            if space == rest.len() {
                break;
            }
            if space == 0 {
                return Err(malformed("white space is missing between attributes".to_owned(), at));
            }
            at += space;
            if self.attributes.len() - first >= self.limits.attributes {
                return Err(Fault::limit("attributes", self.limits.attributes, at));
            }
            if self.attributes.len() >= self.limits.total_attributes {
                return Err(Fault::limit("total attributes", self.limits.total_attributes, at));
            }
            at = self.attribute(at, end)?;
        }
        if prefix == "xmlns" {
            return Err(namespace("the prefix `xmlns` is not for elements".to_owned(), start));
        }
        let undeclared = || namespace(format!("prefix {} is not declared", quoted(prefix)), start);
        let tag = StartTag { name, namespace: self.scope.lookup(prefix).ok_or_else(undeclared)? };
        self.resolve_attributes(first)?;
        self.refuse_duplicates(first)?;
        Ok(tag)
    }

    /// Reads one attribute, `name="value"`, and returns the offset behind it.
    fn attribute(&mut self, start: usize, end: usize) -> Result<usize, Fault> {
        let name = name_at(self.slice(start, end));
        let (prefix, local) =
            split_qname(name).ok_or_else(|| bad_name(name, "attribute", start))?;
        let name_end = start + name.len();
        let before_equals = name_end + leading_space(self.slice(name_end, end));
        if !self.slice(before_equals, end).starts_with('=') {
            let what = format!("attribute {} has no value", quoted(name));
            return Err(malformed(what, start));
        }
        let opening = before_equals + 1 + leading_space(self.slice(before_equals + 1, end));
        let rest = self.slice(opening, end).as_bytes();
        let quote = rest.first().copied().filter(|first| matches!(first, b'"' | b'\''));
        let length = quote.and_then(|quote| memchr(quote, rest.get(1..)?));
        let Some(length) = length else {
            let what = format!("the value of attribute {} is not in quotes", quoted(name));
            return Err(malformed(what, opening));
        };
        let value_start = opening + 1;
        let value_end = value_start + length;
        let raw = self.slice(value_start, value_end);
        let value = if is_plain(raw) {
            Cow::Borrowed(raw)
        } else if let Some(less) = raw.find('<') {
            return Err(malformed("`<` in an attribute's value".to_owned(), value_start + less));
        } else {
            attribute_value(raw).map_err(|at| self.bad_reference(value_start + at))?
        };
        let mut row = AttributeRow {
            start: narrow(start),
            name_end: narrow(name_end),
            end: narrow(value_end + 1),
            value: narrow(value_start),
            value_end: narrow(value_end),
            namespace: Namespace::None.pack(),
        };
        if let Cow::Owned(changed) = &value {
            row.value = narrow(self.text.len() + self.values.len());
            self.values.push_str(changed);
            row.value_end = narrow(self.text.len() + self.values.len());
        }
        let declared = match (prefix, local) {
            ("", "xmlns") => Some(""),
            ("xmlns", prefix) => Some(prefix),
            _ => None,
        };
        if let Some(prefix) = declared {
            row.namespace = Namespace::Xmlns.pack();
            if self.scope.len() >= self.limits.namespaces {
                return Err(Fault::limit("namespaces", self.limits.namespaces, start));
            }
            let row = narrow(self.attributes.len());
            self.scope.declare(prefix, value, row).map_err(|kind| Fault { kind, offset: start })?;
        }
        push(&mut self.attributes, row);
        Ok(value_end + 1)
    }

    /// Finds the namespaces of the prefixed attributes, once all declarations of the tag are known.
    fn resolve_attributes(&mut self, first: usize) -> Result<(), Fault> {
        let text = self.text;
        for row in self.attributes.get_mut(first..).unwrap_or_default() {
            let name = text.get(wide(row.start)..wide(row.name_end)).unwrap_or_default();
            if row.namespace == Namespace::Xmlns.pack() {
                continue;
            }
            if let Some((prefix, _)) = split_prefix(name) {
                let undeclared = || {
                    namespace(format!("prefix {} is not declared", quoted(prefix)), wide(row.start))
                };
                row.namespace = self.scope.lookup(prefix).ok_or_else(undeclared)?.pack();
            }
        }
        Ok(())
    }

    /// No two attributes may have one name in one namespace; that covers equal names as written.
    fn refuse_duplicates(&self, first: usize) -> Result<(), Fault> {
        let rows = self.attributes.get(first..).unwrap_or_default();
        let key = |row: &AttributeRow| {
            let name = self.slice(wide(row.start), wide(row.name_end));
            (row.namespace, split_prefix(name).map_or(name, |(_, local)| local))
        };
        let mut seen = (rows.len() > FEW).then(HashSet::new);
        for (index, row) in rows.iter().enumerate() {
            let again = match &mut seen {
                Some(seen) => !seen.insert(key(row)),
                None => rows.iter().take(index).any(|earlier| key(earlier) == key(row)),
            };
            if again {
                let name = self.slice(wide(row.start), wide(row.name_end));
                let what = format!("attribute {} is there twice", quoted(name));
                return Err(malformed(what, wide(row.start)));
            }
        }
        Ok(())
    }

    /// Why the reference at this offset stands for nothing.
    pub(super) fn bad_reference(&self, offset: usize) -> Fault {
        let rest = self.slice(offset + 1, self.text.len());
        let end = rest.find([';', '&', '<', '>', '"', '\'', ' ', '\n']);
        let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let closed = end.is_some_and(|end| rest.get(end..).is_some_and(|r| r.starts_with(';')));
        let what = if !closed {
            "`&` does not begin a reference like `&amp;`".to_owned()
        } else if name.starts_with('#') {
            format!("{} is not a character that XML allows", quoted(&format!("&{name};")))
        } else {
            format!("entity {} is not defined", quoted(name))
        };
        malformed(what, offset)
    }
}

/// What stands up to white space or `=`: a name, if the characters are right.
fn name_at(text: &str) -> &str {
    let end = text.bytes().position(|byte| is_space(byte) || byte == b'=');
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

fn leading_space(text: &str) -> usize {
    text.bytes().take_while(|byte| is_space(*byte)).count()
}

fn bad_name(name: &str, what: &str, offset: usize) -> Fault {
    malformed(format!("{} is not a name for an {what}", quoted(name)), offset)
}
