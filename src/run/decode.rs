//! `decode`: the XML inside one input, and nothing else on standard output.

use std::io::Write;
use std::path::Path;

use super::messages::{self, Asked, Source};
use super::{NO_MESSAGE, Stop, UNDECRYPTED, World, configuration, key, output};
use crate::cli::Decode;
use crate::config::{DecryptionKey, Expect};
use crate::crypto::{self, Opened};
use crate::limits::Limits;
use crate::render::{self, Detail};
use crate::validate::parse;
use crate::xml::Document;

pub(super) fn decode(request: &Decode, world: &mut World<'_>) -> Result<u8, Stop> {
    // Choice: no configuration is read, not even for its limits: whoever wants to see the XML may not have one yet.
    let limits = request.limits.over(Limits::default());
    let path = match &request.input {
        Some(path) => path.as_path(),
        None if world.stdin_is_terminal => {
            let what = "no input; name a file, or pipe a message into samlcheck decode";
            return Err(Stop::Usage(what.to_owned()));
        }
        None => Path::new("-"),
    };
    let mut keys = keys(&request.decryption_keys, world)?;
    let only = request.messages.only.map(usize::from);
    let asked = Asked { format: request.messages.input_format, only };
    let source = Source::read(path, asked, &limits, world).map_err(Stop::Usage)?;
    let origin = source.origin.clone();
    let captured = match messages::chosen(source, only, &limits) {
        Ok(captured) => captured,
        Err(error) => {
            world.complain(&format!("{origin}: {error}"));
            return Ok(NO_MESSAGE);
        }
    };
    let document = parse(&captured.bytes, &limits);
    let opened = match &document {
        Ok(document) if !keys.is_empty() => {
            let may_ask = world.stdin_is_terminal && path.as_os_str() != "-";
            open(document, &mut keys, &limits, may_ask, world)?
        }
        Ok(_) | Err(_) => Opened::default(),
    };
    match (document, opened.document()) {
        (_, Some(decrypted)) if request.raw => {
            world.stdout.write_all(decrypted.text().as_bytes())?;
        }
        (_, None) if request.raw => world.stdout.write_all(&captured.bytes)?,
        (Ok(sent), decrypted) => {
            let color = output::color(request.color.color, world);
            let style = output::style(color, Detail::Normal, world);
            render::indent(decrypted.unwrap_or(&sent), &style, &mut world.stdout)?;
        }
        (Err(error), _) => {
            world.complain(&format!("{origin}: {error}; --raw prints the bytes as they are"));
            return Ok(NO_MESSAGE);
        }
    }
    let Some(stays) = opened.undecrypted().first() else { return Ok(0) };
    let locked = keys.iter().any(DecryptionKey::is_locked);
    let advice = if locked {
        "a key is locked: set SAMLCHECK_KEY_PASSPHRASE_FILE"
    } else {
        "samlcheck validate says to whom it is encrypted"
    };
    let what = stays.part.name();
    world.complain(&format!(
        "{origin}: the {what} is shown as it was sent: {}; {advice}",
        stays.error
    ));
    Ok(UNDECRYPTED)
}

/// The keys that were given, unlocked when there is a file with their passphrase.
pub(super) fn keys(
    given: &[Expect<String>],
    world: &World<'_>,
) -> Result<Vec<DecryptionKey>, Stop> {
    let named = |value| DecryptionKey::named(value, &configuration::read);
    let mut keys = given.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    key::unlock(keys.iter_mut(), world)?;
    Ok(keys)
}

/// Decrypts with the keys that can be used, and asks for passphrases only when those do not suffice.
fn open(
    document: &Document,
    keys: &mut [DecryptionKey],
    limits: &Limits,
    may_ask: bool,
    world: &mut World<'_>,
) -> Result<Opened, Stop> {
    let with = |keys: &[DecryptionKey]| {
        let usable: Vec<_> = keys.iter().filter_map(DecryptionKey::private_key).collect();
        crypto::open(document, &usable, limits)
    };
    let opened = with(keys);
    let is_locked = keys.iter().any(DecryptionKey::is_locked);
    if opened.undecrypted().is_empty() || !is_locked || !may_ask {
        return Ok(opened);
    }
    key::ask(keys.iter_mut(), world)?;
    Ok(with(keys))
}
