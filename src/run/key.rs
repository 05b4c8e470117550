//! Unlocks private keys that are protected by a passphrase: with a file, or by asking at the terminal.
//!
//! Security rule 17: never with an argument, which every user of the machine can read.

use std::io::Write;
use std::path::PathBuf;

use super::{Stop, World, input};
use crate::config::DecryptionKey;
use crate::render::Safe;

/// Names the file whose first line is the passphrase.
const VARIABLE: &str = "SAMLCHECK_KEY_PASSPHRASE_FILE";
/// Choice: of that file, as much as a passphrase may ever need.
const MOST_BYTES: usize = 64 << 10;

/// Unlocks with the first line of the file that the variable names. Without the variable keys stay locked: they count as
/// absent, and the report says so.
pub(super) fn unlock<'k>(
    keys: impl Iterator<Item = &'k mut DecryptionKey>,
    world: &World<'_>,
) -> Result<(), Stop> {
    let mut locked = keys.filter(|key| key.is_locked()).peekable();
    let path = (world.environment)(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
    let (Some(path), Some(_)) = (path, locked.peek()) else { return Ok(()) };
    let shown = path.display();
    let content = input::file(&path, MOST_BYTES).map_err(|error| {
        Stop::Configuration(format!(
            "{VARIABLE}: cannot read {shown}: {error}; correct the path or create the file"
        ))
    })?;
    let line = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let passphrase = line.strip_suffix(b"\r").unwrap_or(line);
    let advice = format!("correct the first line of {shown}, which {VARIABLE} names");
    locked.try_for_each(|key| open(key, passphrase, &advice))
}

/// Asks at the terminal for the passphrase of each locked key, once for each file.
pub(super) fn ask<'k>(
    keys: impl Iterator<Item = &'k mut DecryptionKey>,
    world: &mut World<'_>,
) -> Result<(), Stop> {
    let mut known: Vec<(String, String)> = Vec::new();
    for key in keys.filter(|key| key.is_locked()) {
        let name = key.label().name;
        let passphrase = match known.iter().find(|(of, _)| *of == name) {
            Some((_, passphrase)) => passphrase.clone(),
            None => {
                let asked = asked(&name, world)?;
                known.push((name, asked.clone()));
                asked
            }
        };
        open(key, passphrase.as_bytes(), "run it again and type the passphrase of that file")?;
    }
    Ok(())
}

fn asked(name: &str, world: &mut World<'_>) -> Result<String, Stop> {
    // What was reported before stands above the question.
    world.stdout.flush()?;
    let prompt = format!("Passphrase of {}: ", Safe(name));
    (world.ask)(&prompt).map_err(|error| {
        Stop::Usage(format!(
            "{name}: its passphrase cannot be asked for: {error}; set {VARIABLE} to a file with it"
        ))
    })
}

fn open(key: &mut DecryptionKey, passphrase: &[u8], advice: &str) -> Result<(), Stop> {
    let name = key.label().name;
    key.unlock(passphrase).map_err(|error| {
        Stop::Configuration(format!("{}: {name}: {}; {advice}", error.place(), error.problem()))
    })
}
