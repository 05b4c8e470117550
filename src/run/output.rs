//! Standard output: a reader that goes away is no error, and colour is used where it is wanted.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write};

use super::World;
use crate::cli::Color;
use crate::render::{Detail, Style};

/// Columns of a report. Choice: 100; longer values are never cut.
const WIDTH: usize = 100;

/// Standard output, which may be a pipe whose reader has seen enough.
pub struct Output<'w> {
    inner: &'w mut dyn Write,
    is_terminal: bool,
    gone: bool,
}

impl<'w> Output<'w> {
    /// Writes to `inner`.
    pub fn new(inner: &'w mut dyn Write, is_terminal: bool) -> Self {
        Self { inner, is_terminal, gone: false }
    }

    /// After a broken pipe the rest is dropped: the verdict still decides the exit code.
    fn unless_gone<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(instead)
            }
            result => result,
        }
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.unless_gone(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.unless_gone(flushed, ())
    }
}

/// Whether to write in colour. Choice: `NO_COLOR` (no-color.org) beats `CLICOLOR_FORCE` (bixense.com/clicolors), and an
/// option beats both.
pub(super) fn color(choice: Color, world: &World<'_>) -> bool {
    // The renderers colour only what this function decides; the library is not to look at the terminal once more.
    colored::control::set_override(true);
    let variable = |name| (world.environment)(name).filter(|value| !value.is_empty());
    let is = |name, value: &str| variable(name).is_some_and(|found| found == value);
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if variable("NO_COLOR").is_some() => false,
        Color::Auto if variable("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        Color::Auto => world.stdout.is_terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb"),
    }
}

/// How to write in this world.
pub(super) fn style(color: bool, detail: Detail, world: &World<'_>) -> Style {
    Style { color, detail, width: WIDTH, ascii: is_ascii(world) }
}

/// Whether lines must be drawn in ASCII: the locale (the first of its three variables that is set decides, POSIX.1-2017 §8.2) names
/// another encoding than UTF-8, or the terminal is a dumb one. Choice: without any of them UTF-8 is taken for granted, as containers and CI have it.
fn is_ascii(world: &World<'_>) -> bool {
    let variable = |name| (world.environment)(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    let is_utf8 = |locale: &OsStr| {
        let locale = locale.to_str().unwrap_or_default().to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    };
    let is_dumb = variable("TERM").is_some_and(|term| term == "dumb");
    is_dumb || locale.is_some_and(|locale| !is_utf8(&locale))
}
