//! What is told with pseudonyms in place of personal values: the same value has the same pseudonym in everything that one run says.

use std::io;

use aho_corasick::AhoCorasick;

use crate::config::Configuration;
use crate::input::Captured;
use crate::limits::Limits;
use crate::redact::{self, Options, Pseudonyms};
use crate::render::Format;

/// Replaces personal values in what is told.
pub(super) struct Redaction {
    table: Pseudonyms,
    how: Options,
    /// Whom the configuration names, and where they are found in a text.
    users: Vec<String>,
    finder: Option<AhoCorasick>,
}

impl Redaction {
    /// Knows the users of the configuration, of whom a report may name any.
    pub(super) fn new(configuration: Option<&Configuration>, limits: Limits) -> Self {
        let known = configuration.into_iter().flat_map(|known| &known.service_providers);
        let users = known.filter_map(|config| config.users.as_ref()).flat_map(|users| users.iter());
        let values = users.flat_map(|user| [&user.username, &user.federation_id, &user.id]);
        let users: Vec<String> = values.flatten().cloned().collect();
        let finder = AhoCorasick::new(&users).ok();
        let how = Options { hosts: false, limits };
        Self { table: Pseudonyms::default(), how, users, finder }
    }

    /// Learns what a message says.
    pub(super) fn learn(&mut self, message: &Captured) {
        redact::learn(&mut self.table, message, &self.how);
    }

    /// Learns what the text of a message says, such as one that was decrypted.
    pub(super) fn learn_text(&mut self, text: &str) {
        redact::learn_text(&mut self.table, text, &self.how);
    }

    /// The text as it may be shared.
    pub(super) fn apply(&mut self, page: &[u8], format: Format) -> io::Result<String> {
        let page = str::from_utf8(page).map_err(io::Error::other)?;
        if let Some(finder) = &self.finder {
            for found in finder.find_overlapping_iter(page) {
                if let Some(value) = self.users.get(found.pattern().as_usize()) {
                    redact::learn_value(&mut self.table, value);
                }
            }
        }
        Ok(redact::report(page, format == Format::Json, &mut self.table, &self.how))
    }
}
