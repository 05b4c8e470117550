//! One HTTP exchange, however it was recorded: offers what may be a message in its query, its body, and its answer.
//!
//! saml-bindings-2.0 §3.4 and §3.5: a message travels in the query of a URL, in a form body, and before that in the `Location` or the
//! auto-submit form of an answer.

use jiff::{SignedDuration, Timestamp};
use memchr::memmem;

use super::captured::{CaptureClock, CapturedAt, Carried, Exchange, Sighting};
use super::collector::{Collector, Sure};
use super::form::{self, MESSAGES};
use super::{Recognised, Stop, text};
use crate::decode::form_text;

/// What the names of all parameters that carry a message begin with.
const NAMED: &[u8] = b"SAMLRe";

/// Parameters of another binding and of another protocol that end a login as well.
const OTHERS: [(&[u8], Recognised); 2] =
    [(b"SAMLart=", Recognised::SamlArtifact), (b"wresult=", Recognised::WsFederation)];

/// Characters of a URL that are shown in a place; the rest is in the message or of no use.
const SHOWN: usize = 90;

/// A recorded request and its answer.
#[derive(Debug, Default)]
pub(super) struct HttpExchange {
    /// What the capture calls it: `entry 17`.
    pub(super) name: String,
    /// Its number in the capture, counted from 0.
    pub(super) number: Option<usize>,
    pub(super) method: String,
    pub(super) url: String,
    /// When the request was sent, and whose clock says so.
    pub(super) started: Option<CapturedAt>,
    /// How long it took until the answer was there.
    pub(super) took: Option<SignedDuration>,
    /// The request's body, as it was sent.
    pub(super) body: Option<Vec<u8>>,
    /// Where the capture lists parameters by themselves: names and values, percent-encoded or not.
    pub(super) parameters: Vec<(String, String)>,
    /// The answer's status.
    pub(super) status: Option<u16>,
    /// The answer's `Date`.
    pub(super) date: Option<Timestamp>,
    /// The answer's `Location`.
    pub(super) location: Option<String>,
    /// The answer's body.
    pub(super) page: Option<Vec<u8>>,
}

impl HttpExchange {
    /// Takes a header of the answer that matters here.
    pub(super) fn answered_with(&mut self, name: &str, value: &str) {
        if name.eq_ignore_ascii_case("location") {
            self.location = Some(value.trim().to_owned());
        } else if name.eq_ignore_ascii_case("date") {
            self.date = http_date(value.trim());
        }
    }

    /// Offers every part of it that may be a message.
    ///
    /// # Errors
    /// When the capture holds more than a limit allows.
    pub(super) fn offer_to(&self, collector: &mut Collector<'_>) -> Result<(), Stop> {
        for (name, other) in OTHERS {
            let has = |text: &[u8]| memmem::find(text, name).is_some();
            if has(self.url.as_bytes()) || self.body.as_deref().is_some_and(has) {
                collector.met(other);
            }
        }
        if names_a_message(self.url.as_bytes()) {
            let sighting = self.sighting("query", Carried::Request);
            collector.offer(self.url.as_bytes(), sighting, Sure::Named)?;
        }
        self.offer_body(collector)?;
        self.offer_answer(collector)
    }

    /// Offers what the answer holds.
    pub(super) fn offer_answer(&self, collector: &mut Collector<'_>) -> Result<(), Stop> {
        if let Some(location) = &self.location
            && names_a_message(location.as_bytes())
        {
            let sighting = self.sighting("Location", Carried::Answer);
            collector.offer(location.as_bytes(), sighting, Sure::Named)?;
        }
        if let Some(page) = &self.page
            && names_a_message(page)
        {
            let sighting = self.sighting("form in the answer", Carried::Answer);
            collector.offer(page, sighting, Sure::Perhaps)?;
        }
        Ok(())
    }

    /// The body is parsed as a form once; only when that gives nothing are the listed parameters read, which some browsers list
    /// percent-encoded and others decoded. What is inside tells which: base64 has no percent sign.
    fn offer_body(&self, collector: &mut Collector<'_>) -> Result<(), Stop> {
        let named = self.parameters.iter().position(|(name, _)| MESSAGES.contains(&name.as_str()));
        if let Some(body) = self.body.as_deref().map(without_headers)
            && names_a_message(body)
        {
            // JSON, or a form in several parts: the message is inside one of them.
            let is_compound =
                matches!(body.trim_ascii_start(), [b'{' | b'[', ..] | [b'-', b'-', ..]);
            if is_compound
                && text::offer(body, &self.sighting("body", Carried::Request), collector)?
            {
                return Ok(());
            }
            let sure = if named.is_some() { Sure::Perhaps } else { Sure::Named };
            if collector.offer(body, self.sighting("body", Carried::Request), sure)? {
                return Ok(());
            }
        }
        let Some((at, (name, value))) = named.and_then(|at| Some((at, self.parameters.get(at)?)))
        else {
            return Ok(());
        };
        let mut sighting = self.sighting(&format!("params[{at}]"), Carried::Request);
        let relay_state = self.parameters.iter().find(|(name, _)| name == "RelayState");
        let encoded = value.contains('%');
        sighting.relay_state = relay_state
            .and_then(|(_, value)| if encoded { form_text(value) } else { Some(value.clone()) });
        sighting.parameter = Some(name.clone());
        collector.offer(value.as_bytes(), sighting, Sure::Named)?;
        Ok(())
    }

    pub(super) fn sighting(&self, part: &str, carried: Carried) -> Sighting {
        let sent_to = match carried {
            // A log line has the path alone, which no address can be compared with.
            Carried::Request => {
                Some(form::receiver(&self.url)).filter(|url| form::is_absolute(url))
            }
            Carried::Answer | Carried::Alone => None,
        };
        let url = shortened(&self.url);
        let mut place = [self.name.as_str(), self.method.as_str(), url.as_str(), part].to_vec();
        place.retain(|word| !word.is_empty());
        Sighting {
            place: place.join(" "),
            carried,
            exchange: Exchange {
                number: self.number,
                method: Some(self.method.clone()).filter(|method| !method.is_empty()),
                sent_to,
                status: self.status,
                location: self.location.clone(),
                started: self.started.map(|at| at.instant),
                took: self.took,
                date: self.date,
            },
            at: self.started.or_else(|| {
                Some(CapturedAt { instant: self.date?, clock: CaptureClock::HttpDate })
            }),
            ..Sighting::default()
        }
    }
}

/// Whether something is named `SAMLResponse` or `SAMLRequest` in it.
pub(crate) fn names_a_message(bytes: &[u8]) -> bool {
    memmem::find(bytes, NAMED).is_some()
}

/// A date as HTTP writes it (RFC 9110 §5.6.7): `Sun, 22 Nov 2026 10:21:27 GMT`.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// Some browsers put the headers of the form's part in front of the body.
fn without_headers(body: &[u8]) -> &[u8] {
    if !body.starts_with(b"Content-") {
        return body;
    }
    memmem::find(body, b"\r\n\r\n").and_then(|end| body.get(end + 4..)).unwrap_or(body)
}

/// A URL without the message in it, and short enough for a line.
fn shortened(url: &str) -> String {
    let own = form::receiver(url);
    match own.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", own.get(..end).unwrap_or_default()),
        None => own,
    }
}
