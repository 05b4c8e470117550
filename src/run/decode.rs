//! `decode`: the XML inside one input, and nothing else on standard output.

use std::io::Write;
use std::path::Path;

use super::validate::{WIDTH, read_input};
use super::{NO_MESSAGE, Stop, World, output};
use crate::cli::Decode;
use crate::input;
use crate::limits::Limits;
use crate::render::{self, Detail, Style};
use crate::xml::{self, Document, XmlError};

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
    let (origin, bytes) = read_input(path, limits.decoded_bytes, world).map_err(Stop::Usage)?;
    let captured = match input::read(&bytes, &origin, &limits) {
        Ok(captured) => captured,
        Err(error) => {
            world.complain(&format!("{origin}: {error}"));
            return Ok(NO_MESSAGE);
        }
    };
    if request.raw {
        world.stdout.write_all(&captured.bytes)?;
        return Ok(0);
    }
    match parse(&captured.bytes, &limits) {
        Ok(document) => {
            let color = output::color(request.color.color, world);
            let style = Style { color, detail: Detail::Normal, width: WIDTH };
            render::indent(&document, &style, &mut world.stdout)?;
            Ok(0)
        }
        Err(error) => {
            world.complain(&format!("{origin}: {error}; --raw prints the bytes as they are"));
            Ok(NO_MESSAGE)
        }
    }
}

fn parse(bytes: &[u8], limits: &Limits) -> Result<Document, XmlError> {
    let (text, _) = xml::to_text(bytes)?;
    Document::parse(text, limits)
}
