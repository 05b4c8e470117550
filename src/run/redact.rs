//! `redact`: a copy of one input that can be shared, or nothing on standard output.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use super::input::STANDARD_INPUT;
use super::messages::unreadable;
use super::{NO_MESSAGE, Stop, USAGE, World, configuration, key};
use crate::cli::Redact;
use crate::config::Configuration;
use crate::input::{self, Captured};
use crate::limits::Limits;
use crate::redact::{self, Judged};
use crate::report::Report;
use crate::validate::{Options, validate_captured};

pub(super) fn redact(request: Redact, world: &mut World<'_>) -> Result<u8, Stop> {
    let Redact { validate, hosts } = request;
    let path = match validate.inputs.first() {
        Some(path) => path.clone(),
        None if world.stdin_is_terminal => {
            let what = "no input; name a file, or pipe a capture into samlcheck redact";
            return Err(Stop::Usage(what.to_owned()));
        }
        None => Path::new("-").to_owned(),
    };
    // Whoever wants to share a capture may have no configuration; then the copy tells no verdict. One that is named must be usable.
    let asked = validate.wants_file || !validate.settings.is_empty();
    let configured = match configuration::choose(&validate, world) {
        Ok(configured) => Some(configured.configuration),
        Err(stop) if asked => return Err(stop),
        Err(_) => None,
    };
    let defaults = configured.as_ref().map_or_else(Limits::default, |known| known.limits);
    let options = Options {
        at: validate.at,
        clock: world.clock,
        service_provider: validate.service_provider,
        engine: validate.engine,
        limits: validate.limits.over(defaults),
    };
    let (origin, bytes) = read(&path, options.limits.decoded_bytes, world).map_err(Stop::Usage)?;
    let held =
        input::capture(&mut bytes.as_slice(), &origin, &options.limits, validate.input_format);
    let held = match held.map_err(|error| Stop::Usage(unreadable(&origin, &error)))? {
        Ok(held) => held,
        Err(error) => {
            world.complain(&format!("{origin}: {error}; there is nothing to redact"));
            return Ok(NO_MESSAGE);
        }
    };
    let mut configured = configured;
    if let Some(configuration) = &mut configured {
        let all = configuration.service_providers.iter_mut();
        key::unlock(all.flat_map(|known| known.decryption_keys.iter_mut()), world)?;
    }
    let judge = |message: &Captured| judged(message, configured.as_ref(), &options);
    let messages: Vec<Judged> = held.messages.iter().map(judge).collect();
    let how = redact::Options { hosts, limits: options.limits };
    match redact::copy(&bytes, &messages, &how) {
        Ok(copy) => {
            world.stdout.write_all(&copy)?;
            Ok(0)
        }
        Err(error) => {
            world.complain(&format!("{origin}: {error}"));
            Ok(USAGE)
        }
    }
}

/// The input as a whole: at most one byte more than is allowed.
fn read(path: &Path, limit: usize, world: &mut World<'_>) -> Result<(String, Vec<u8>), String> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        let done = (&mut *world.stdin).take(most).read_to_end(&mut bytes);
        done.map_err(|error| unreadable(STANDARD_INPUT, &error))?;
        return Ok((STANDARD_INPUT.to_owned(), bytes));
    }
    let origin = path.display().to_string();
    let done = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    done.map_err(|error| unreadable(&origin, &error))?;
    Ok((origin, bytes))
}

fn judged(message: &Captured, configuration: Option<&Configuration>, options: &Options) -> Judged {
    let report = configuration.map(|known| validate_captured(message, known, options));
    let decrypted = report.as_ref().and_then(|report| report.parts().opened.document());
    let decrypted = decrypted.map(|document| document.text().to_owned());
    let verdict = report
        .as_ref()
        .map_or_else(|| "not judged, for there is no configuration".to_owned(), verdict);
    Judged { bytes: message.bytes.clone(), verdict, decrypted }
}

/// `accepted`, or `rejected` with the codes of every failure.
fn verdict(report: &Report) -> String {
    if report.is_accepted() {
        return "accepted".to_owned();
    }
    if report.message().is_none() {
        return "not judged, for it is no login".to_owned();
    }
    let codes =
        report.failed().flat_map(|line| line.outcome.failures()).map(|failure| failure.code.id);
    let codes: Vec<&str> = codes.collect();
    if codes.is_empty() {
        "rejected".to_owned()
    } else {
        format!("rejected ({})", codes.join(", "))
    }
}
