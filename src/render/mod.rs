//! Writes what was concluded: the platform's page as text, and JSON.
//!
//! A renderer is told about one report at a time and once that there are no more. It decides words and layout, never a
//! verdict. To add a format: one file here and one row of [`FORMATS`]. Everything that comes from a message goes through
//! [`Safe`] or through a library that escapes (security rule 17).

mod diagnosis;
mod diff;
mod difference;
mod explain;
mod indent;
mod json;
mod list;
mod provisioning;
mod safe;
mod text;

use std::fmt;
use std::io;
use std::str::FromStr;

use crate::report::Report;

pub use diff::diff;
pub use explain::{explain, explain_names};
pub use indent::indent;
pub use list::{Listed, ListedKind, list};
pub use safe::Safe;
pub(crate) use safe::is_hazard;

/// The name and version of the JSON document's form.
pub const SCHEMA: &str = "samlcheck/report/v1";

/// The JSON Schema (draft 2020-12) of one report.
pub const JSON_SCHEMA: &str = include_str!("report.v1.schema.json");

/// As many failures of one code in one check, and findings of one code, as are shown; the rest is counted.
///
/// Choice: 10. A hostile message can break the same rule a million times, and naming each place costs a walk over all of them.
const SHOWN: usize = 10;

/// The ways to write a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The platform's page, for a terminal.
    Text,
    /// One JSON document, for programs.
    Json,
}

/// Every format with its name and what it is, for help and tests.
pub const FORMATS: [(Format, &str, &str); 2] = [
    (Format::Text, "text", "the checklist as the platform's page prints it"),
    (Format::Json, "json", "one JSON document, described by report.v1.schema.json"),
];

/// How much to write. JSON always holds everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The verdict line alone.
    Verdict,
    /// The page.
    Normal,
    /// Also the configuration, the clauses and what the message says.
    Verbose,
    /// Also the elements of the document.
    VeryVerbose,
}

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub color: bool,
    /// How much to write.
    pub detail: Detail,
    /// Columns that prose is wrapped at. Values are never cut or wrapped.
    pub width: usize,
    /// Whether lines are drawn in ASCII: the terminal may show nothing else.
    pub ascii: bool,
}

/// One format's writer.
pub trait Renderer {
    /// Writes one report.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn report(&mut self, report: &Report, out: &mut dyn io::Write) -> io::Result<()>;

    /// Ends the output, after the last report.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn finish(&mut self, out: &mut dyn io::Write) -> io::Result<()>;
}

/// The writer of a format. With `several` inputs text heads each report with its origin, and JSON is an array.
#[must_use]
pub fn renderer(format: Format, style: Style, several: bool) -> Box<dyn Renderer> {
    match format {
        Format::Text => Box::new(text::TextRenderer::new(style, several)),
        Format::Json => Box::new(json::JsonRenderer::new(several)),
    }
}

impl Format {
    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A format that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such format; there are text and json")]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let row = FORMATS.iter().find(|(_, known, _)| *known == name);
        row.map(|(format, ..)| *format).ok_or(UnknownFormat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_known_by_its_name() {
        for (format, name, _) in FORMATS {
            assert_eq!(format.name(), name);
            assert_eq!(name.parse(), Ok(format));
            assert!(UnknownFormat.to_string().contains(name), "the error names {name}");
        }
        assert_eq!("xml".parse::<Format>(), Err(UnknownFormat));
    }
}
