//! HAR 1.2: what browsers and proxies export of their network panel.
//!
//! Chrome, Edge, Firefox, Safari, Playwright, mitmproxy and Charles write it. Entries are read one by one as they come, so that memory
//! follows the largest entry and not the file. Bodies stand in `postData.text`; where a tool leaves that out, in
//! `postData.params`, which Chrome writes percent-encoded and Firefox decoded.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::captured::{CaptureClock, CapturedAt, Note};
use super::collector::Collector;
use super::http::{HttpExchange, names_a_message};
use super::{CaptureFormat, Reading, Recognised, Stop};
use crate::decode::InputErrorKind;

pub(super) const FORMAT: CaptureFormat = CaptureFormat {
    name: "har",
    what: "HAR capture",
    detect,
    read: Reading::Stream(read),
    empty: Recognised::Har,
};

/// An object whose first member is `log`, or that soon names `log` and its parts.
fn detect(head: &[u8]) -> bool {
    let Some(inside) = head.trim_ascii_start().strip_prefix(b"{") else { return false };
    if inside.trim_ascii_start().starts_with(b"\"log\"") {
        return true;
    }
    let start = inside.get(..inside.len().min(4096)).unwrap_or_default();
    let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    has(b"\"log\"") && (has(b"\"entries\"") || has(b"\"creator\""))
}

fn read(source: &mut dyn BufRead, collector: &mut Collector<'_>) -> Result<(), Stop> {
    let mut stop = None;
    let mut json = serde_json::Deserializer::from_reader(source);
    let done = Har { collector: &mut *collector, stop: &mut stop }.deserialize(&mut json);
    match (stop, done) {
        (Some(stop), _) => Err(stop),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) if error.is_io() => Err(Stop::Io(io::Error::other(error))),
        // What was read before the file breaks off is worth having.
        (None, Err(_)) if !collector.is_empty() => {
            collector.note(Note::CutOff);
            Ok(())
        }
        (None, Err(error)) => {
            Err(InputErrorKind::Json { line: error.line(), column: error.column() }.into())
        }
    }
}

/// The outermost object: only `log` matters.
struct Har<'a, 'l> {
    collector: &'a mut Collector<'l>,
    /// Why the reading was ended from inside.
    stop: &'a mut Option<Stop>,
}

/// `log`: only `entries` matters.
struct Log<'a, 'l>(Har<'a, 'l>);

/// `entries`, one by one.
struct Entries<'a, 'l>(Har<'a, 'l>);

macro_rules! seed {
    ($name:ident, $expecting:literal, $visit:item) => {
        impl<'de> DeserializeSeed<'de> for $name<'_, '_> {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_any(self)
            }
        }

        impl<'de> Visitor<'de> for $name<'_, '_> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expecting)
            }

            $visit
        }
    };
}

seed!(
    Har,
    "a HAR",
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { collector, stop } = self;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if key == "log" {
                map.next_value_seed(Log(Har { collector: &mut *collector, stop: &mut *stop }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
);

seed!(
    Log,
    "the log of a HAR",
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Har { collector, stop } = self.0;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if key == "entries" {
                map.next_value_seed(Entries(Har { collector: &mut *collector, stop: &mut *stop }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
);

seed!(
    Entries,
    "the entries of a HAR",
    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Har { collector, stop } = self.0;
        let mut number = 0;
        while let Some(entry) = entries.next_element::<Entry>()? {
            if let Err(reason) = entry.exchange(number).offer_to(collector) {
                *stop = Some(reason);
                return Err(serde::de::Error::custom("stopped"));
            }
            number += 1;
        }
        Ok(())
    }
);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    started_date_time: Option<String>,
    /// Milliseconds; -1 or nothing when it is not known.
    time: Option<f64>,
    #[serde(default)]
    request: Request,
    #[serde(default)]
    response: Response,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    post_data: Option<PostData>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PostData {
    text: Option<String>,
    params: Option<Vec<Parameter>>,
    encoding: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameter {
    name: Option<String>,
    value: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Response {
    status: Option<i64>,
    headers: Option<Vec<Parameter>>,
    content: Option<Content>,
    #[serde(rename = "redirectURL")]
    redirect_url: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    text: Option<String>,
    encoding: Option<String>,
}

impl Entry {
    fn exchange(self, number: usize) -> HttpExchange {
        let started = self.started_date_time.and_then(|text| text.parse().ok());
        let post = self.request.post_data.unwrap_or_default();
        let content = self.response.content.unwrap_or_default();
        let mut exchange = HttpExchange {
            name: format!("entry {number}"),
            number: Some(number),
            method: self.request.method,
            url: self.request.url,
            started: started.map(|instant| CapturedAt { instant, clock: CaptureClock::HarStarted }),
            took: self.time.filter(|time| *time >= 0.0).and_then(milliseconds),
            body: post.text.and_then(|text| decoded(text, post.encoding.as_deref())),
            parameters: post
                .params
                .into_iter()
                .flatten()
                .filter_map(|parameter| Some((parameter.name?, parameter.value?)))
                .collect(),
            // Chrome writes 0 or -1 when no answer came.
            status: self
                .response
                .status
                .and_then(|status| status.try_into().ok())
                .filter(|s| *s > 0),
            page: content.text.and_then(|text| decoded(text, content.encoding.as_deref())),
            ..HttpExchange::default()
        };
        for header in self.response.headers.into_iter().flatten() {
            if let (Some(name), Some(value)) = (header.name, header.value) {
                exchange.answered_with(&name, &value);
            }
        }
        let redirect = self.response.redirect_url.filter(|url| !url.is_empty());
        exchange.location = exchange.location.or(redirect);
        exchange
    }
}

/// A length of time that a capture writes in milliseconds and fractions of them.
fn milliseconds(time: f64) -> Option<SignedDuration> {
    SignedDuration::try_from_secs_f64(time / 1000.0).ok()
}

/// A body as bytes; those that are written as base64 only when they can hold a message.
fn decoded(text: String, encoding: Option<&str>) -> Option<Vec<u8>> {
    if encoding != Some("base64") {
        return Some(text.into_bytes());
    }
    STANDARD.decode(text).ok().filter(|body| names_a_message(body))
}
