//! Fiddler's session archives (SAZ): a ZIP with the request, the answer and the times of each session in files of their own.
//!
//! `raw/17_c.txt` is what the client sent, `raw/17_s.txt` what the server answered, `raw/17_m.xml` has the times. Nothing is written to a disk,
//! so no name can lead anywhere. An archive with a password is refused: Fiddler makes them on request.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::captured::{CaptureClock, CapturedAt, Note};
use super::collector::Collector;
use super::http::HttpExchange;
use super::http_message::Growth;
use super::{CaptureFormat, Reading, Recognised, Stop, wide};
use crate::decode::InputErrorKind;

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "saz",
    what: "Fiddler archive",
    detect,
    read: Reading::Whole(read),
    empty: Recognised::Saz,
};

/// Sessions of one archive. Choice: 65,536.
const SESSIONS: usize = 1 << 16;

/// Bytes of a file with times. Choice: 64 KiB; they have 2 KiB.
const TIMES: usize = 64 << 10;

/// A ZIP with a folder `raw` near its beginning.
fn detect(head: &[u8]) -> bool {
    let has = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    head.starts_with(b"PK\x03\x04") && (has(b"raw/") || has(b"raw\\"))
}

/// Where the files of one session are in the archive.
#[derive(Default)]
struct Session {
    client: Option<usize>,
    server: Option<usize>,
    times: Option<usize>,
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn read(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), Stop> {
    let limits = *collector.limits;
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| InputErrorKind::NotSaml(Recognised::BrokenZip))?;
    let mut growth = Growth::new(&limits);
    for (number, session) in sessions(&archive) {
        let mut exchange = HttpExchange {
            name: format!("session {number}"),
            number: Some(number),
            ..HttpExchange::default()
        };
        let Some(client) = file(&mut archive, session.client, limits.inflated_bytes, &mut growth)?
        else {
            collector.note(Note::Damaged);
            continue;
        };
        exchange.asked_by(&client, &mut growth)?;
        let server = file(&mut archive, session.server, limits.inflated_bytes, &mut growth)?;
        exchange.answered_by(&server.unwrap_or_default(), &mut growth)?;
        let times = file(&mut archive, session.times, TIMES, &mut growth)?;
        exchange.recorded(times.and_then(|times| began(&times)));
        exchange.offer_to(collector)?;
    }
    Ok(())
}

/// The sessions by their numbers.
fn sessions(archive: &Archive<'_>) -> BTreeMap<usize, Session> {
    let mut sessions: BTreeMap<usize, Session> = BTreeMap::new();
    for (index, name) in archive.file_names_raw().enumerate() {
        let Some((number, kind)) = std::str::from_utf8(name).ok().and_then(saz_member) else {
            continue;
        };
        if sessions.len() >= SESSIONS {
            break;
        }
        let session = sessions.entry(number).or_default();
        match kind {
            "c.txt" => session.client = Some(index),
            "s.txt" => session.server = Some(index),
            "m.xml" => session.times = Some(index),
            _ => {}
        }
    }
    sessions
}

/// The number and the kind that are in a file's name: `c.txt`, `s.txt` or `m.xml`.
pub(crate) fn saz_member(name: &str) -> Option<(usize, &str)> {
    let file = name.strip_prefix("raw/").or_else(|| name.strip_prefix("raw\\"))?;
    let (number, kind) = file.split_once('_')?;
    Some((number.parse().ok()?, kind))
}

/// A file of the archive; `None` when there is none, or it is damaged.
fn file(
    archive: &mut Archive<'_>,
    index: Option<usize>,
    most: usize,
    growth: &mut Growth<'_>,
) -> Result<Option<Vec<u8>>, Stop> {
    let Some(index) = index else { return Ok(None) };
    let file = match archive.by_index(index) {
        Ok(file) => file,
        Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
            return Err(InputErrorKind::NotSaml(Recognised::LockedZip).into());
        }
        Err(_) => return Ok(None),
    };
    let mut bytes = Vec::new();
    let done = file.take(wide(most).saturating_add(1)).read_to_end(&mut bytes);
    growth.count(bytes.len())?;
    if bytes.len() > most {
        let name = "inflated bytes";
        return Err(InputErrorKind::Limit { name, limit: most }.into());
    }
    Ok(done.is_ok().then_some(bytes))
}

/// When the browser began to send, by Fiddler's clock.
fn began(times: &[u8]) -> Option<CapturedAt> {
    let text = std::str::from_utf8(times).ok()?;
    let mut xml = Reader::from_str(text.trim_start_matches('\u{feff}'));
    loop {
        let event = xml.read_event().ok()?;
        let (Event::Start(start) | Event::Empty(start)) = event else {
            if matches!(event, Event::Eof) {
                return None;
            }
            continue;
        };
        if start.local_name().as_ref() != "SessionTimers" {
            continue;
        }
        let attribute = |name: &str| start.try_get_attribute(name).ok().flatten();
        // Fiddler writes the year 1 for what it does not know, without an offset.
        let known = ["ClientBeginRequest", "ClientDoneRequest", "ClientConnected"]
            .into_iter()
            .find_map(|name| attribute(name)?.value.parse().ok());
        return known.map(|instant| CapturedAt { instant, clock: CaptureClock::Proxy });
    }
}
