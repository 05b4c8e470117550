//! `--list`: the messages of the inputs, without judging them and without a configuration.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::input::{Met, Walk};
use super::messages::{self, Asked, Source};
use super::redacted::Redaction;
use super::{NO_MESSAGE, Stop, USAGE, World, output};
use crate::cli::Validate;
use crate::limits::Limits;
use crate::render::{self, Detail, Listed};

pub(super) fn list(request: &Validate, world: &mut World<'_>) -> Result<u8, Stop> {
    let limits = request.limits.over(Limits::default());
    let asked = Asked { format: request.input_format, only: request.only };
    let redaction = request.redact.then(|| Redaction::new(None, limits));
    let mut listing = Listing { asked, limits, rows: Vec::new(), exit: 0, redaction };
    let inputs = match request.inputs.as_slice() {
        [] => vec![PathBuf::from("-")],
        inputs => inputs.to_vec(),
    };
    for path in inputs {
        if !path.is_dir() {
            listing.file(&path, false, world);
            continue;
        }
        for met in Walk::of(&path) {
            match met {
                Met::File(path) => listing.file(&path, true, world),
                Met::Unreadable(path, error) => {
                    listing.fail(&messages::unreadable(&path.display().to_string(), &error), world);
                }
            }
        }
    }
    let color = output::color(request.color, world) && !request.redact;
    let style = output::style(color, Detail::Normal, world);
    if !listing.rows.is_empty() {
        if let Some(redaction) = &mut listing.redaction {
            let mut page = Vec::new();
            render::list(&listing.rows, request.format, &style, &mut page)?;
            world.stdout.write_all(redaction.apply(&page, request.format)?.as_bytes())?;
        } else {
            render::list(&listing.rows, request.format, &style, &mut world.stdout)?;
        }
    }
    Ok(if listing.rows.is_empty() && listing.exit == 0 { NO_MESSAGE } else { listing.exit })
}

/// What was found so far.
struct Listing {
    asked: Asked,
    limits: Limits,
    rows: Vec<Listed>,
    exit: u8,
    /// Replaces personal values in what is written.
    redaction: Option<Redaction>,
}

impl Listing {
    fn file(&mut self, path: &Path, of_directory: bool, world: &mut World<'_>) {
        let source = match Source::read(path, self.asked, &self.limits, world) {
            Ok(source) => source,
            Err(error) => return self.fail(&error, world),
        };
        match &source.held {
            Ok(capture) => {
                if let Some(redaction) = &mut self.redaction {
                    capture.messages.iter().for_each(|message| redaction.learn(message));
                }
                let rows = messages::numbered(capture, None);
                let rows = rows.iter().map(|row| Listed {
                    origin: source.origin.clone(),
                    ..row.listed(&self.limits)
                });
                let rows = paired(rows.collect());
                let wanted = |row: &Listed| self.asked.only.is_none_or(|only| only == row.number);
                self.rows.extend(rows.into_iter().filter(wanted));
            }
            // In a directory there are files of other kinds.
            Err(_) if of_directory => {}
            Err(error) => {
                world.complain(&format!("{}: {error}", source.origin));
                self.exit = self.exit.max(NO_MESSAGE);
            }
        }
    }

    fn fail(&mut self, error: &str, world: &mut World<'_>) {
        world.complain(&error);
        self.exit = USAGE;
    }
}

/// The messages of one input, with the number of the one that each answers: the first that carries the ID it names.
fn paired(mut rows: Vec<Listed>) -> Vec<Listed> {
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for row in &rows {
        if let Some(id) = &row.id {
            by_id.entry(id.clone()).or_insert(row.number);
        }
    }
    for row in &mut rows {
        row.answers = row.in_response_to.as_ref().and_then(|id| by_id.get(id)).copied();
    }
    rows
}
