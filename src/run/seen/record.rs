//! The lines of a file of seen assertions: a header, then one record each.
//!
//! ```text
//! {"format":"samlcheck-seen","version":1}
//! {"id":"_a7f0…","issuer":"https://idp.example.com/metadata","origin":"login.har: entry 39","judged_at":"2026-01-15T10:01:00Z","recorded_at":"2026-01-15T10:04:31Z"}
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Key;
use crate::report::Earlier;
use crate::time::{parse_rfc3339, rfc3339};

const FORMAT: &str = "samlcheck-seen";
const VERSION: u64 = 1;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: String,
    issuer: String,
    origin: String,
    judged_at: String,
    recorded_at: String,
}

/// The first line of a new file.
pub(super) fn header() -> serde_json::Result<Vec<u8>> {
    line(&Header { format: FORMAT.to_owned(), version: VERSION })
}

/// The line for an assertion that was not seen before.
pub(super) fn written(
    key: &Key,
    earlier: &Earlier,
    recorded_at: Timestamp,
) -> serde_json::Result<Vec<u8>> {
    line(&Record {
        id: key.id.clone(),
        issuer: key.issuer.clone(),
        origin: earlier.origin.clone(),
        judged_at: rfc3339(earlier.judged_at),
        recorded_at: rfc3339(recorded_at),
    })
}

fn line(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

/// Reads the first line.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check_header(line: &[u8]) -> Result<(), String> {
    match serde_json::from_slice(line) {
        Ok(Header { format, version: VERSION }) if format == FORMAT => Ok(()),
        Ok(Header { format, version }) if format == FORMAT => {
            Err(format!("version {version} of the format is not known, only {VERSION}"))
        }
        Ok(_) | Err(_) => {
            Err(format!("it is not {{\"format\":\"{FORMAT}\",\"version\":{VERSION}}}"))
        }
    }
}

/// Reads any other line.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(line: &[u8]) -> Result<(Key, Earlier), String> {
    let Ok(record) = serde_json::from_slice::<Record>(line) else {
        let fields = "id, issuer, origin, judged_at and recorded_at";
        return Err(format!("it is no JSON object with {fields}, each a string"));
    };
    let instant = |name: &str, text: &str| {
        parse_rfc3339(text).map_err(|error| format!("its {name} is no time: {error}"))
    };
    let earlier = Earlier {
        judged_at: instant("judged_at", &record.judged_at)?,
        recorded_at: Some(instant("recorded_at", &record.recorded_at)?),
        origin: record.origin,
    };
    Ok((Key { issuer: record.issuer, id: record.id }, earlier))
}
