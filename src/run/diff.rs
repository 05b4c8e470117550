//! `diff`: two messages, and what changed in meaning from the first to the second.

use std::path::Path;

use super::messages::{self, Asked, Source};
use super::{NO_MESSAGE, Stop, World, decode, output};
use crate::cli::Diff;
use crate::config::DecryptionKey;
use crate::diff::{Side, changes};
use crate::limits::Limits;
use crate::render::{self, Detail};
use crate::validate::parse;

/// Exit code: something changed.
const CHANGED: u8 = 1;

pub(super) fn diff(request: &Diff, world: &mut World<'_>) -> Result<u8, Stop> {
    if [&request.good, &request.bad].iter().all(|path| path.as_os_str() == "-") {
        let what = "- is named twice, but standard input can be read once only";
        return Err(Stop::Usage(what.to_owned()));
    }
    let limits = request.limits.over(Limits::default());
    let keys = decode::keys(&request.decryption_keys, world)?;
    let mut sides = Vec::new();
    for (path, only) in [(&request.good, request.good_only), (&request.bad, request.bad_only)] {
        let asked = Asked { format: None, only: only.map(usize::from) };
        match side(path, asked, &keys, &limits, world)? {
            Ok(side) => sides.push(side),
            Err(error) => {
                world.complain(&error);
                return Ok(NO_MESSAGE);
            }
        }
    }
    let [good, bad] = sides.as_slice() else { return Ok(NO_MESSAGE) };
    let found = changes(&good.1, &bad.1);
    let color = output::color(request.color.color, world);
    let style = output::style(color, Detail::Normal, world);
    let names = [good.0.as_str(), bad.0.as_str()];
    render::diff(&found, (&good.1, &bad.1), names, (request.format, &style), &mut world.stdout)?;
    Ok(if found.is_empty() { 0 } else { CHANGED })
}

/// A message with its name; inside, why it cannot be compared.
fn side(
    path: &Path,
    asked: Asked,
    keys: &[DecryptionKey],
    limits: &Limits,
    world: &mut World<'_>,
) -> Result<Result<(String, Side), String>, Stop> {
    let source = Source::read(path, asked, limits, world).map_err(Stop::Usage)?;
    let origin = source.origin.clone();
    let keys: Vec<_> = keys.iter().filter_map(DecryptionKey::private_key).collect();
    let read = messages::chosen(source, asked.only, limits).and_then(|captured| {
        let document = parse(&captured.bytes, limits).map_err(|error| error.to_string())?;
        Side::read(document, &keys, limits).map_err(|error| error.to_string())
    });
    Ok(match read {
        Ok(side) => Ok((origin, side)),
        Err(error) => Err(format!("{origin}: {error}")),
    })
}
