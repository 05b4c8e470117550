//! The elements of the decoded (and decrypted) document with their lines, for `-vv`; what a verified signature covers is marked, and
//! so is what a careless reader would have taken.
//!
//! One walk in document order, without recursion, counting lines on the way.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::page::{Ink, Page};
use crate::careless::Taken;
use crate::render::safe::safe;
use crate::report::Report;
use crate::saml::{DSIG, XENC};
use crate::survey::claimed_assertion;
use crate::xml::{Document, Element};

/// Levels that are indented; deeper ones stand below each other, as their indentation alone would fill the disk.
/// Choice: 24; real responses have about 10.
const LEVELS: usize = 24;
/// Columns of keys, certificates and ciphertext that are shown; of longer ones the size.
const LONGEST_BINARY: usize = 64;

pub(super) fn tree(
    page: &mut Page<'_>,
    report: &Report,
    document: &Document,
    taken: &[Taken],
) -> io::Result<()> {
    let covered = report.signatures().covered(document);
    page.line(0, Ink::Title, "Elements by line")?;
    let none = if covered.is_empty() { ": nothing here" } else { "" };
    page.line(2, Ink::Ours, &format!("|  a verified signature covers it{none}"))?;
    let claimed =
        Some(()).filter(|()| covered.is_empty()).and_then(|()| claimed_assertion(document));
    if claimed.is_some() {
        page.line(2, Ink::Ours, ":  a Signature names it, which was not verified")?;
    }
    if !taken.is_empty() {
        page.line(2, Ink::Ours, ">  a careless reader would take this value: see the table below")?;
    }
    let text = document.text();
    let (mut line, mut counted) = (1, 0);
    let mut open: Vec<usize> = Vec::new();
    for element in document.elements() {
        let start = element.span().start;
        let passed = text.get(counted..start).unwrap_or_default();
        line += passed.bytes().filter(|byte| *byte == b'\n').count();
        counted = start;
        while open.last().is_some_and(|end| element.ordinal() >= *end) {
            open.pop();
        }
        let is_covered = covered.iter().any(|part| part.holds(element.ordinal()));
        let is_taken = taken.iter().any(|taken| taken.at.0 == element.ordinal());
        let indent = 2 * open.len().min(LEVELS);
        let is_claimed = claimed.as_ref().is_some_and(|part| part.holds(element.ordinal()));
        let signed = match (is_covered, is_claimed) {
            (true, _) => '|',
            (false, true) => ':',
            (false, false) => ' ',
        };
        let mark = format!("{signed}{}", if is_taken { '>' } else { ' ' });
        let ink = match (is_taken, is_covered) {
            (true, _) => Ink::Fail,
            (false, true) => Ink::Pass,
            (false, false) => Ink::Plain,
        };
        let Shown { name, attributes, text } = shown(element);
        let one = format!("{line:>6} {mark} {:indent$}{name}{}{text}", "", attributes.concat());
        if attributes.len() < 2 || one.width() <= page.width() {
            page.line(0, ink, &one)?;
        } else {
            // Each attribute below the name, which carries the text.
            page.line(0, ink, &format!("{line:>6} {mark} {:indent$}{name}{text}", ""))?;
            for attribute in attributes {
                page.line(0, ink, &format!("{:>6} {mark} {:indent$}   {attribute}", "", ""))?;
            }
        }
        open.push(element.subtree().end);
    }
    page.blank()
}

/// An element as it is written here.
struct Shown {
    name: String,
    /// Each with a space in front.
    attributes: Vec<String>,
    text: String,
}

fn shown(element: Element<'_>) -> Shown {
    let attributes = element.attributes();
    let attributes = attributes.map(|a| format!(" {}=\"{}\"", safe(a.name()), safe(a.value())));
    // The text of an element that holds others is white space, or what the format check has told already.
    let leaf = element.subtree().len() == 1;
    let text = if leaf { text_of(element) } else { String::new() };
    Shown { name: safe(element.name()), attributes: attributes.collect(), text }
}

fn text_of(element: Element<'_>) -> String {
    let text = element.text().value;
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    if text.is_empty() {
        String::new()
    } else if matches!(element.namespace(), DSIG | XENC) && text.len() > LONGEST_BINARY {
        format!(": ({} characters)", text.chars().count())
    } else {
        format!(": {}", safe(text))
    }
}
