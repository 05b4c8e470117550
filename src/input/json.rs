//! JSON with messages in its strings, at any depth and under any name: API answers, log lines, event exports, one value or many.
//!
//! The place of a message is its JSON pointer (RFC 6901). A time in the same object, or in one around it, is the time of the message.
//! Strings that may be one are kept, and nothing else.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::captured::{CaptureClock, CapturedAt, Exchange, Note, Sighting};
use super::collector::Collector;
use super::form::MESSAGES;
use super::{CaptureFormat, Reading, Recognised, Stop, recognise, text};
use crate::decode::InputErrorKind;

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "json",
    what: "JSON",
    detect,
    read: Reading::Whole(read),
    empty: Recognised::Json,
};

/// Names under which logs keep the time of an entry.
const TIMES: [&str; 9] = [
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "datetime",
    "eventTime",
    "_time",
    "TimeGenerated",
    "log_time",
];

/// Strings of one value that may hold messages. Choice: 8192, eight for each message that an input may hold.
const STRINGS: usize = 8192;

/// Characters of a pointer that are shown. Choice: 200.
const SHOWN: usize = 200;

/// Bytes of a `RelayState` that is kept. Choice: 4 KiB; saml-bindings-2.0 §3.5.3 allows 80 bytes.
const RELAY_STATE: usize = 4 << 10;

/// Names of the members that a token answer or a provider's description of `OpenID` Connect has.
const OF_OIDC: [&str; 4] = ["id_token", "access_token", "authorization_endpoint", "jwks_uri"];

/// An object or an array: TOML's tables begin with a bracket as well, and so do times in logs.
pub(super) fn detect(head: &[u8]) -> bool {
    let mut rest = head.trim_ascii_start();
    if !rest.starts_with(b"{") && !rest.starts_with(b"[") {
        return false;
    }
    while let Some(inner) = rest.strip_prefix(b"[") {
        rest = inner.trim_ascii_start();
    }
    match rest.strip_prefix(b"{") {
        Some(object) => matches!(object.trim_ascii_start().first(), Some(b'"' | b'}')),
        None => matches!(rest.first(), Some(b'"')),
    }
}

fn read(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), Stop> {
    let mut json = serde_json::Deserializer::from_slice(bytes).into_iter::<Values>();
    let (mut is_oidc, mut is_jwt) = (false, false);
    let mut number = 0_usize;
    let (mut broken, mut is_cut_off) = (None, false);
    let mut pending: Option<(usize, Values)> = None;
    for values in json.by_ref() {
        match values {
            Ok(values) => {
                number += 1;
                is_oidc |= values.is_oidc;
                is_jwt |= values.is_jwt;
                if let Some((number, values)) = pending.take() {
                    values.offer_to(Some(number), collector)?;
                }
                pending = Some((number, values));
            }
            Err(error) => {
                is_cut_off = error.is_eof();
                broken = Some(InputErrorKind::Json { line: error.line(), column: error.column() });
                break;
            }
        }
    }
    if let Some((last, values)) = pending {
        let number = (number > 1 || broken.is_some()).then_some(last);
        values.offer_to(number, collector)?;
    }
    let Some(broken) = broken else {
        let instead = if is_oidc { Recognised::OidcParameters } else { Recognised::Jwt };
        return if collector.is_empty() && (is_oidc || is_jwt) {
            Err(InputErrorKind::NotSaml(instead).into())
        } else {
            Ok(())
        };
    };
    // What is no JSON from there on is text, which may go on with messages.
    let rest = bytes.get(json.byte_offset()..).unwrap_or_default();
    text::read(rest, collector)?;
    if collector.is_empty() {
        return Err(broken.into());
    }
    if is_cut_off {
        collector.note(Note::CutOff);
    }
    Ok(())
}

/// A string that may hold a message.
struct Found {
    /// Its JSON pointer.
    pointer: String,
    /// When it is the value of a member named like a message.
    parameter: Option<&'static str>,
    text: String,
    at: Option<Timestamp>,
    relay_state: Option<String>,
}

/// The strings of one JSON value that may hold messages.
#[derive(Default)]
struct Values {
    found: Vec<Found>,
    is_oidc: bool,
    is_jwt: bool,
    are_too_many: bool,
}

impl Values {
    fn offer_to(self, number: Option<usize>, collector: &mut Collector<'_>) -> Result<(), Stop> {
        if self.are_too_many {
            let limit = collector.limits.messages;
            return Err(InputErrorKind::Limit { name: "messages", limit }.into());
        }
        for found in self.found {
            let pointer = if found.pointer.is_empty() { "/" } else { found.pointer.as_str() };
            let place = number
                .map_or_else(|| pointer.to_owned(), |number| format!("value {number} {pointer}"));
            let at = found.at.map(|instant| CapturedAt { instant, clock: CaptureClock::LogLine });
            let sighting = Sighting {
                place,
                at,
                exchange: Exchange { started: found.at, ..Exchange::default() },
                relay_state: found.relay_state,
                parameter: found.parameter.map(str::to_owned),
                ..Sighting::default()
            };
            text::offer(found.text.as_bytes(), &sighting, collector)?;
        }
        Ok(())
    }
}

impl<'de> serde::Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut values = Self::default();
        let mut pointer = String::new();
        let walk = Walk { values: &mut values, pointer: &mut pointer, name: "" };
        walk.deserialize(deserializer)?;
        Ok(values)
    }
}

/// Walks through a value. What depth it may have is the parser's bound (`serde_json`: 128).
struct Walk<'w> {
    values: &'w mut Values,
    pointer: &'w mut String,
    /// The member's name.
    name: &'w str,
}

/// What a member is to the object around it.
enum Member {
    Time(Timestamp),
    RelayState(String),
    Other,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Member;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Member, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Member, E> {
        if TIMES.contains(&self.name)
            && let Some(time) = text::time_in(text)
        {
            return Ok(Member::Time(time));
        }
        if self.name.eq_ignore_ascii_case("RelayState") {
            let fits = text.len() <= RELAY_STATE;
            return Ok(if fits { Member::RelayState(text.to_owned()) } else { Member::Other });
        }
        self.values.is_jwt |= recognise::is_jwt(text);
        let parameter = MESSAGES
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(&self.name.replace('_', "")));
        if !text.is_empty() && (parameter.is_some() || text::is_worth_a_look(text.as_bytes())) {
            if self.values.found.len() >= STRINGS {
                self.values.are_too_many = true;
                return Ok(Member::Other);
            }
            let pointer = self.pointer.chars().take(SHOWN).collect();
            self.values.found.push(Found {
                pointer,
                parameter,
                text: text.to_owned(),
                at: None,
                relay_state: None,
            });
        }
        Ok(Member::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Member, E> {
        self.visit_number(i64::try_from(number).ok())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Member, E> {
        self.visit_number(Some(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Member, E> {
        // Seconds with a fraction: written with three places and without the point, milliseconds.
        let milliseconds = format!("{number:.3}").replace('.', "");
        self.visit_number(milliseconds.parse().ok())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Member, A::Error> {
        let length = self.pointer.len();
        let mut at = 0_usize;
        loop {
            self.pointer.push_str(&format!("/{at}"));
            let walk =
                Walk { values: &mut *self.values, pointer: &mut *self.pointer, name: self.name };
            let more = seq.next_element_seed(walk)?;
            self.pointer.truncate(length);
            if more.is_none() {
                return Ok(Member::Other);
            }
            at += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member, A::Error> {
        let length = self.pointer.len();
        let first = self.values.found.len();
        let (mut time, mut relay_state) = (None, None);
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            self.values.is_oidc |= OF_OIDC.contains(&name.as_ref());
            self.pointer.push('/');
            self.pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            let walk = Walk { values: &mut *self.values, pointer: &mut *self.pointer, name: &name };
            match map.next_value_seed(walk)? {
                Member::Time(at) => time = time.or(Some(at)),
                Member::RelayState(value) => relay_state = relay_state.or(Some(value)),
                Member::Other => {}
            }
            self.pointer.truncate(length);
        }
        for found in self.values.found.iter_mut().skip(first) {
            found.at = found.at.or(time);
            if found.parameter.is_some() && found.relay_state.is_none() {
                found.relay_state.clone_from(&relay_state);
            }
        }
        Ok(Member::Other)
    }
}

impl Walk<'_> {
    /// A number under the name of a time: seconds or milliseconds since 1970.
    fn visit_number<E>(self, number: Option<i64>) -> Result<Member, E> {
        const FIRST: i64 = 1_000_000_000;
        let instant =
            number.filter(|_| TIMES.contains(&self.name)).and_then(|number| match number {
                FIRST..100_000_000_000 => Timestamp::from_second(number).ok(),
                100_000_000_000..100_000_000_000_000 => Timestamp::from_millisecond(number).ok(),
                _ => None,
            });
        Ok(instant.map_or(Member::Other, Member::Time))
    }
}
