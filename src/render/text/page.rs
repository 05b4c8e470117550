//! Lines on a terminal: inks, indentation, aligned labels, wrapped prose.
//!
//! Text that is handed to a [`Page`] is already escaped. Values are never cut or wrapped; prose is wrapped at the width.

use std::io;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use crate::render::Style;

/// Columns of a label beside a value: `expected  `.
pub(in crate::render) const LABEL: usize = 10;

/// What a line is, which decides its colour. It must be readable without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Ink {
    /// Values.
    Plain,
    /// Titles.
    Title,
    /// Passing and neutral lines.
    Pass,
    /// Failing lines.
    Fail,
    /// What the platform's page does not print: labels, places, remarks.
    Ours,
}

/// The output, line by line.
pub(in crate::render) struct Page<'o> {
    out: &'o mut dyn io::Write,
    color: bool,
    width: usize,
    ascii: bool,
}

impl<'o> Page<'o> {
    pub(in crate::render) fn new(out: &'o mut dyn io::Write, style: &Style) -> Self {
        Self { out, color: style.color, width: style.width, ascii: style.ascii }
    }

    /// Columns that prose is wrapped at.
    pub(in crate::render) fn width(&self) -> usize {
        self.width
    }

    /// Whether lines are drawn in ASCII.
    pub(in crate::render) fn is_ascii(&self) -> bool {
        self.ascii
    }

    fn inked(&self, ink: Ink, text: &str) -> String {
        let plain = !self.color || text.trim_ascii().is_empty();
        match ink {
            Ink::Plain => text.to_owned(),
            _ if plain => text.to_owned(),
            Ink::Title => text.bold().to_string(),
            Ink::Pass => text.green().to_string(),
            Ink::Fail => text.red().to_string(),
            Ink::Ours => text.dimmed().to_string(),
        }
    }

    pub(in crate::render) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A rule across the page.
    pub(in crate::render) fn rule(&mut self) -> io::Result<()> {
        let rule = if self.ascii { "-" } else { "─" }.repeat(self.width);
        self.line(0, Ink::Ours, &rule)
    }

    /// One line as it is.
    pub(in crate::render) fn line(
        &mut self,
        indent: usize,
        ink: Ink,
        text: &str,
    ) -> io::Result<()> {
        writeln!(self.out, "{:indent$}{}", "", self.inked(ink, text))
    }

    /// A start tag and what closes it.
    pub(in crate::render) fn tagged(
        &mut self,
        indent: usize,
        tag: &str,
        rest: &str,
    ) -> io::Result<()> {
        writeln!(self.out, "{:indent$}{}{rest}", "", self.inked(Ink::Title, tag))
    }

    /// Prose, wrapped.
    pub(in crate::render) fn prose(
        &mut self,
        indent: usize,
        ink: Ink,
        text: &str,
    ) -> io::Result<()> {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(indent, ink, line)?;
        }
        Ok(())
    }

    /// A value behind a label of `column` columns; an empty label continues the one above. A remark follows the value, or goes
    /// below it when the line would grow too long.
    pub(in crate::render) fn row(
        &mut self,
        indent: usize,
        (label, column): (&str, usize),
        value: &str,
        remark: Option<&str>,
    ) -> io::Result<()> {
        let label = self.inked(Ink::Ours, &padded(label, column));
        let Some(remark) = remark else {
            return writeln!(self.out, "{:indent$}{label}{value}", "");
        };
        let fits = indent + column + value.width() + 2 + remark.width() <= self.width;
        let inked = self.inked(Ink::Ours, remark);
        if fits {
            return writeln!(self.out, "{:indent$}{label}{value}  {inked}", "");
        }
        writeln!(self.out, "{:indent$}{label}{}", "", value.trim_end())?;
        self.prose(indent + column, Ink::Ours, remark)
    }

    /// Prose behind a label of `column` columns, wrapped beside it.
    pub(in crate::render) fn labelled(
        &mut self,
        indent: usize,
        (label, column): (&str, usize),
        ink: Ink,
        text: &str,
    ) -> io::Result<()> {
        let mut label = padded(label, column);
        for line in wrap(text, self.width.saturating_sub(indent + column)) {
            let (inked, line) = (self.inked(Ink::Ours, &label), self.inked(ink, line));
            writeln!(self.out, "{:indent$}{inked}{line}", "")?;
            label = padded("", column);
        }
        Ok(())
    }
}

/// Filled up with spaces to `column` columns, with at least one behind a longer text.
pub(in crate::render) fn padded(text: &str, column: usize) -> String {
    let spaces = column.saturating_sub(text.width());
    let spaces = if spaces == 0 && column > 0 { 1 } else { spaces };
    format!("{text}{:spaces$}", "")
}

/// Lines of at most `width` columns, broken at spaces; a longer word stays whole.
fn wrap(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut end, mut used) = (0, 0, 0);
    for word in text.split(' ') {
        let columns = word.width();
        let from = if end == 0 { 0 } else { end + 1 };
        if end > start && used + 1 + columns > width {
            lines.push(text.get(start..end).unwrap_or_default());
            (start, used) = (from, columns);
        } else {
            used += columns + usize::from(from > start);
        }
        end = from + word.len();
    }
    lines.push(text.get(start..).unwrap_or_default());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped_at_spaces() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("aa bb cc", 80), ["aa bb cc"]);
        assert_eq!(wrap("", 80), [""]);
    }

    #[test]
    fn a_word_that_is_too_long_stays_whole() {
        assert_eq!(wrap("a bbbbbbbb c", 4), ["a", "bbbbbbbb", "c"]);
        assert_eq!(wrap("bbbbbbbb", 4), ["bbbbbbbb"]);
    }

    #[test]
    fn padding_counts_columns_and_not_characters() {
        assert_eq!(padded("日", 4), "日  ");
        assert_eq!(padded("longer", 4), "longer ");
    }
}
