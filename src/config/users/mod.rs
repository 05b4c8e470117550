//! The known users: a CSV export of the platform's User object, and the mapping of a Subject to one of them.
//!
//! platform §3.5. An unknown Subject is answered with the users it may have meant, because "unable to map" is the
//! failure that people cannot see through (platform §6).

mod nearest;

use std::path::Path;

use super::endpoint::same_id;
use super::error::shown;
use super::{ConfigError, IdentityType, Source};

pub use nearest::{Near, Nearest};

/// The users of an org, in the order of their file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Users {
    users: Vec<User>,
    columns: Vec<IdentityType>,
}

/// One user. A cell that is empty is `None`: a blank Federation ID identifies nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// `Username`
    pub username: Option<String>,
    /// `FederationIdentifier`
    pub federation_id: Option<String>,
    /// `Id`
    pub id: Option<String>,
    /// `IsActive`; a file without that column holds active users only.
    pub active: bool,
    /// The line of the file that the user stands in.
    pub line: usize,
}

impl User {
    /// The value that a type of identity goes by.
    pub fn value(&self, identity_type: IdentityType) -> Option<&str> {
        match identity_type {
            IdentityType::Username => self.username.as_deref(),
            IdentityType::FederationId => self.federation_id.as_deref(),
            IdentityType::UserId => self.id.as_deref(),
        }
    }
}

/// Whom a Subject is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping<'u> {
    /// One active user.
    Mapped(&'u User),
    /// One user, who is switched off.
    Inactive(&'u User),
    /// Several users. Choice: that only one of them may be active does not decide; the platform keeps these values
    /// unique, so the file is wrong or the values are.
    Ambiguous(Vec<&'u User>),
    /// Nobody.
    Unknown {
        /// Whom it may have meant: at most three, the likeliest first.
        candidates: Vec<Nearest<'u>>,
    },
}

impl Users {
    /// Reads the CSV text of a users file; `path` is for the errors.
    ///
    /// # Errors
    /// Names the file, the line and what to do.
    pub fn parse(csv: &[u8], path: &Path) -> Result<Self, ConfigError> {
        let csv = csv.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(csv);
        let mut lines = Lines { csv, at: 0, line: 1 };
        let place = |line| Source::File { path: path.display().to_string(), line };
        let mut reader = csv::Reader::from_reader(csv);
        let header = reader
            .headers()
            .map_err(|error| csv_error(&error, &place(lines.of(error.position()))))?;
        let columns = Columns::find(header, &place(1))?;
        let mut users = Vec::new();
        for record in reader.records() {
            let record =
                record.map_err(|error| csv_error(&error, &place(lines.of(error.position()))))?;
            let line = lines.of(record.position());
            let text = |column: Option<usize>| {
                let cell = column.and_then(|column| record.get(column));
                cell.filter(|cell| !cell.is_empty()).map(str::to_owned)
            };
            users.push(User {
                username: text(columns.username),
                federation_id: text(columns.federation_id),
                id: text(columns.id),
                active: active(text(columns.active).as_deref(), || place(line))?,
                line,
            });
        }
        Ok(Self { users, columns: columns.identities() })
    }

    /// Every user.
    pub fn iter(&self) -> impl Iterator<Item = &User> {
        self.users.iter()
    }

    /// How many users there are.
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// Whether the file has the column that a type of identity needs.
    pub fn has(&self, identity_type: IdentityType) -> bool {
        self.columns.contains(&identity_type)
    }

    /// Finds the user that `subject` names. Takes time linear in the number of users.
    pub fn map(
        &self,
        subject: &str,
        identity_type: IdentityType,
        case_sensitive: bool,
    ) -> Mapping<'_> {
        let named = |user: &&User| {
            let value = user.value(identity_type);
            value.is_some_and(|value| same(subject, value, identity_type, case_sensitive))
        };
        let found: Vec<&User> = self.users.iter().filter(named).collect();
        match found.as_slice() {
            [] => {
                let candidates = nearest::nearest(&self.users, subject, identity_type);
                Mapping::Unknown { candidates }
            }
            [user] if user.active => Mapping::Mapped(user),
            [user] => Mapping::Inactive(user),
            [_, _, ..] => Mapping::Ambiguous(found),
        }
    }
}

/// Whether a subject is the value that a user goes by.
fn same(subject: &str, value: &str, identity_type: IdentityType, case_sensitive: bool) -> bool {
    match identity_type {
        IdentityType::Username => same_but_for_case(subject, value),
        IdentityType::FederationId if case_sensitive => subject == value,
        IdentityType::FederationId => same_but_for_case(subject, value),
        IdentityType::UserId => same_id(subject, value),
    }
}

/// Compares without case and without Unicode normalisation.
fn same_but_for_case(a: &str, b: &str) -> bool {
    // The lengths first: a huge hostile Subject must not be read to its end for every user.
    if a.len() == b.len() && a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.chars().flat_map(lower).eq(b.chars().flat_map(lower))
}

/// A character in lower case. The two characters beyond ASCII whose lower case is an ASCII one (the Kelvin sign, for
/// one) stay as they are: folded, one user could pose as another.
fn lower(c: char) -> impl Iterator<Item = char> {
    let keeps = !c.is_ascii() && c.to_lowercase().any(|lower| lower.is_ascii());
    let (kept, folded) = if keeps { (Some(c), None) } else { (None, Some(c.to_lowercase())) };
    kept.into_iter().chain(folded.into_iter().flatten())
}

/// Counts lines while records are read. The library's own count is one short behind CRLF and blank lines, because there
/// it takes the position before it has skipped them.
struct Lines<'c> {
    csv: &'c [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> usize {
        let start = position.and_then(|position| usize::try_from(position.byte()).ok());
        let start = start.unwrap_or(self.at).max(self.at);
        let skipped = self.csv.get(start..).unwrap_or_default();
        let skipped = skipped.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.csv.get(self.at..start + skipped).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = start + skipped;
        self.line
    }
}

/// Where the columns stand.
struct Columns {
    username: Option<usize>,
    federation_id: Option<usize>,
    id: Option<usize>,
    active: Option<usize>,
}

impl Columns {
    fn find(header: &csv::StringRecord, place: &Source) -> Result<Self, ConfigError> {
        let column = |name: &str| {
            let is = |(_, cell): &(usize, &str)| cell.trim().eq_ignore_ascii_case(name);
            let mut found = header.iter().enumerate().filter(is).map(|(column, _)| column);
            let first = found.next();
            if found.next().is_some() {
                let problem = format!("there are two columns `{name}`");
                return Err(ConfigError::at(place, problem, "keep one of them"));
            }
            Ok(first)
        };
        let columns = Self {
            username: column(IdentityType::Username.column())?,
            federation_id: column(IdentityType::FederationId.column())?,
            id: column(IdentityType::UserId.column())?,
            active: column("IsActive")?,
        };
        if columns.identities().is_empty() {
            let header: Vec<&str> = header.iter().collect();
            return Err(ConfigError::at(
                place,
                format!("no column identifies a user: the header is {}", shown(&header.join(","))),
                "name at least one column `Username`, `FederationIdentifier` or `Id`, and separate columns by commas",
            ));
        }
        Ok(columns)
    }

    fn identities(&self) -> Vec<IdentityType> {
        let given = [
            (self.username, IdentityType::Username),
            (self.federation_id, IdentityType::FederationId),
            (self.id, IdentityType::UserId),
        ];
        given.into_iter().filter_map(|(column, identity)| column.map(|_| identity)).collect()
    }
}

/// Reads `IsActive`; nothing there means active.
fn active(cell: Option<&str>, place: impl Fn() -> Source) -> Result<bool, ConfigError> {
    let Some(cell) = cell else {
        return Ok(true);
    };
    let is = |spellings: [&str; 2]| spellings.iter().any(|s| cell.trim().eq_ignore_ascii_case(s));
    match (is(["true", "1"]), is(["false", "0"])) {
        (true, _) => Ok(true),
        (false, true) => Ok(false),
        (false, false) => {
            let problem = format!("`IsActive` cannot be {}", shown(cell));
            Err(ConfigError::at(&place(), problem, "it is true or false, or 1 or 0"))
        }
    }
}

fn csv_error(error: &csv::Error, place: &Source) -> ConfigError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the library's enum is open")]
    let (problem, advice) = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => (
            format!("{len} columns where the header has {expected_len}"),
            "put values that contain a comma in double quotes",
        ),
        csv::ErrorKind::Utf8 { .. } => {
            ("the text is not UTF-8".to_owned(), "save the file as CSV UTF-8")
        }
        _ => ("this is no CSV".to_owned(), "save the file as CSV UTF-8"),
    };
    ConfigError::at(place, problem, advice)
}

#[cfg(test)]
mod tests;
