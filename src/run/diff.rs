//! `diff`: two messages, and what changed in meaning from the first to the second.

use std::io::Write;
use std::path::Path;

use super::messages::{self, Asked, Source};
use super::redacted::Redaction;
use super::{NO_MESSAGE, Stop, World, configuration, decode, key, output};
use crate::cli::{Diff, Validate};
use crate::config::{Configuration, DecryptionKey};
use crate::crypto::PrivateKey;
use crate::diff::{Side, changes};
use crate::input::Captured;
use crate::limits::Limits;
use crate::render::{self, Detail};
use crate::report::Report;
use crate::validate::{Options, parse, validate_captured};
use crate::what_if::what_if;

/// Exit code: something changed.
const CHANGED: u8 = 1;

pub(super) fn diff(request: &Diff, world: &mut World<'_>) -> Result<u8, Stop> {
    if [&request.good, &request.bad].iter().all(|path| path.as_os_str() == "-") {
        let what = "- is named twice, but standard input can be read once only";
        return Err(Stop::Usage(what.to_owned()));
    }
    let judged = request.what_if.as_deref();
    let judged =
        judged.map(|asked| Ok::<_, Stop>((asked, configured(asked, world)?))).transpose()?;
    let limits = match &judged {
        Some((_, configuration)) => request.limits.over(configuration.limits),
        None => request.limits.over(Limits::default()),
    };
    let given = decode::keys(&request.decryption_keys, world)?;
    let configured = judged.iter().flat_map(|(_, configuration)| &configuration.service_providers);
    let configured = configured.flat_map(|config| &config.decryption_keys);
    let keys: Vec<&PrivateKey> =
        given.iter().chain(configured).filter_map(DecryptionKey::private_key).collect();
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
    let [(good, _, first), (bad, message, second)] = sides.as_slice() else {
        return Ok(NO_MESSAGE);
    };
    let configuration = judged.as_ref().map(|(_, configuration)| configuration);
    let mut redaction = request.redact.then(|| Redaction::new(configuration, limits));
    let report = judged.map(|(asked, configuration)| {
        let options = Options {
            at: asked.at,
            clock: world.clock,
            service_provider: asked.service_provider.clone(),
            engine: asked.engine,
            limits,
        };
        answered(message, &configuration, &options)
    });
    let found = changes(first, second);
    let color = output::color(request.color, world) && !request.redact;
    let style = output::style(color, Detail::Normal, world);
    let names = [good.as_str(), bad.as_str()];
    let asked = (names, report.as_ref());
    let how = (request.format, &style);
    if let Some(redaction) = &mut redaction {
        for (_, message, side) in &sides {
            redaction.learn(message);
            redaction.learn_text(side.document().text());
        }
        let mut page = Vec::new();
        render::diff(&found, (first, second), asked, how, &mut page)?;
        world.stdout.write_all(redaction.apply(&page, request.format)?.as_bytes())?;
    } else {
        render::diff(&found, (first, second), asked, how, &mut world.stdout)?;
    }
    Ok(if found.is_empty() { 0 } else { CHANGED })
}

/// The configuration to judge by, its keys unlocked where that needs no asking.
fn configured(asked: &Validate, world: &mut World<'_>) -> Result<Configuration, Stop> {
    let mut configuration = configuration::choose(asked, world)?.configuration;
    let all = configuration.service_providers.iter_mut();
    key::unlock(all.flat_map(|config| config.decryption_keys.iter_mut()), world)?;
    Ok(configuration)
}

/// The report on the message, with what would have to change.
fn answered(message: &Captured, configuration: &Configuration, options: &Options) -> Report {
    let mut report = validate_captured(message, configuration, options);
    let changes = what_if(message, &report, configuration, options);
    report.set_what_if(changes);
    report
}

/// A message with its name; inside, why it cannot be compared.
fn side(
    path: &Path,
    asked: Asked,
    keys: &[&PrivateKey],
    limits: &Limits,
    world: &mut World<'_>,
) -> Result<Result<(String, Captured, Side), String>, Stop> {
    let source = Source::read(path, asked, limits, world).map_err(Stop::Usage)?;
    let origin = source.origin.clone();
    let read = messages::chosen(source, asked.only, limits).and_then(|captured| {
        let document = parse(&captured.bytes, limits).map_err(|error| error.to_string())?;
        let side = Side::read(document, keys, limits).map_err(|error| error.to_string())?;
        Ok((captured, side))
    });
    Ok(match read {
        Ok((captured, side)) => Ok((origin, captured, side)),
        Err(error) => Err(format!("{origin}: {error}")),
    })
}
