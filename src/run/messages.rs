//! The messages of one input: read, counted, listed, and the one that was asked for.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::World;
use super::input::STANDARD_INPUT;
use crate::decode::InputError;
use crate::input::{self, Broken, Capture, CaptureFormat, Captured};
use crate::limits::Limits;
use crate::render::{Listed, ListedKind};
use crate::saml::{Kind, Outline};
use crate::validate::parse;

/// How an input is read.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// What it is, when that is not to be detected.
    pub(super) format: Option<&'static CaptureFormat>,
    /// The number of the one message that is wanted.
    pub(super) only: Option<usize>,
}

/// One input as it was read: its name for reports, and what it holds.
pub(super) struct Source {
    pub(super) origin: String,
    pub(super) held: Result<Capture, InputError>,
}

/// A message of an input, or what is named like one, with its number.
pub(super) enum Numbered<'c> {
    Message(usize, &'c Captured),
    Broken(usize, &'c Broken),
}

impl Source {
    /// Reads what `path` names, `-` being standard input.
    ///
    /// # Errors
    /// The sentence to print when it cannot be read.
    pub(super) fn read(
        path: &Path,
        asked: Asked,
        limits: &Limits,
        world: &mut World<'_>,
    ) -> Result<Self, String> {
        let (origin, held) = if path.as_os_str() == "-" {
            (STANDARD_INPUT.to_owned(), of(world.stdin, STANDARD_INPUT, asked, limits))
        } else {
            let origin = path.display().to_string();
            let held = File::open(path).and_then(|mut file| of(&mut file, &origin, asked, limits));
            (origin, held)
        };
        match held {
            Ok(held) => Ok(Self { origin, held }),
            Err(error) => Err(unreadable(&origin, &error)),
        }
    }
}

fn of(
    source: &mut dyn Read,
    origin: &str,
    asked: Asked,
    limits: &Limits,
) -> io::Result<Result<Capture, InputError>> {
    input::capture(source, origin, limits, asked.format)
}

/// Why an input or a directory cannot be read, and what to do.
pub(super) fn unreadable(origin: &str, error: &io::Error) -> String {
    format!("{origin}: cannot be read: {error}; check the path and its permissions")
}

/// Everything in the capture with its number, counted from 1, or the one with the number that is asked for.
pub(super) fn numbered(capture: &Capture, only: Option<usize>) -> Vec<Numbered<'_>> {
    let messages = capture.messages.len();
    let broken = capture.broken.iter().zip(messages + 1..);
    let all = capture
        .messages
        .iter()
        .zip(1..)
        .map(|(message, number)| Numbered::Message(number, message))
        .chain(broken.map(|(broken, number)| Numbered::Broken(number, broken)));
    all.filter(|numbered| only.is_none_or(|only| only == numbered.number())).collect()
}

/// The message to show: the one that was asked for, or else the only one, or else the only login among them.
pub(super) fn chosen(
    source: Source,
    only: Option<usize>,
    limits: &Limits,
) -> Result<Captured, String> {
    let capture = source.held.map_err(|error| error.to_string())?;
    let found = numbered(&capture, only);
    let is_login = |message: &Captured| {
        let outline = parse(&message.bytes, limits).ok().map(|xml| Outline::of(&xml).kind);
        matches!(outline, Some(Kind::Response | Kind::Assertion | Kind::EncryptedAssertion))
    };
    let all: Vec<&Captured> = found
        .iter()
        .filter_map(|numbered| match numbered {
            Numbered::Message(_, message) => Some(*message),
            Numbered::Broken(..) => None,
        })
        .collect();
    let logins = all.iter().filter(|message| is_login(message));
    let logins: Vec<&Captured> = logins.copied().collect();
    match (found.as_slice(), all.as_slice(), logins.as_slice()) {
        ([Numbered::Broken(_, broken)], _, _) => Err(broken.error.to_string()),
        ([], _, _) => Err(format!(
            "there is no message of that number; samlcheck --list counts {}",
            count(&capture)
        )),
        (_, [message], _) | (_, _, [message]) => Ok((*message).clone()),
        (_, _, _) => Err(format!(
            "it holds {} messages; choose one by its number, as samlcheck --list counts them",
            count(&capture)
        )),
    }
}

/// How many there are in all.
pub(super) fn count(capture: &Capture) -> usize {
    capture.messages.len() + capture.broken.len()
}

impl Numbered<'_> {
    pub(super) fn number(&self) -> usize {
        match self {
            Self::Message(number, _) | Self::Broken(number, _) => *number,
        }
    }

    /// Its row in a list.
    pub(super) fn listed(&self, limits: &Limits) -> Listed {
        match self {
            Self::Message(number, message) => {
                let outline = parse(&message.bytes, limits).ok().map(|xml| Outline::of(&xml));
                let kind = match &outline {
                    Some(outline) => ListedKind::Message(outline.kind.name().to_owned()),
                    None => ListedKind::NotXml,
                };
                let (issuer, id, in_response_to) = match outline {
                    Some(outline) => (outline.issuer, outline.id, outline.in_response_to),
                    None => (None, None, None),
                };
                let places = message.sightings.iter().map(|sighting| sighting.place.clone());
                Listed {
                    number: *number,
                    origin: message.origin.clone(),
                    captured_at: message.captured_at.map(|at| at.instant),
                    kind,
                    issuer,
                    id,
                    in_response_to,
                    answers: None,
                    places: places.filter(|place| !place.is_empty()).collect(),
                }
            }
            Self::Broken(number, broken) => Listed {
                number: *number,
                origin: String::new(),
                captured_at: broken.sighting.at.map(|at| at.instant),
                kind: ListedKind::Broken(broken.error.to_string()),
                issuer: None,
                id: None,
                in_response_to: None,
                answers: None,
                places: vec![broken.sighting.place.clone()],
            },
        }
    }
}
