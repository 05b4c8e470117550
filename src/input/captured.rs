//! What was captured: messages, each with the places where it was seen, and when. Plain data.
//!
//! A message crosses several places on its way: the identity provider's page holds it in a form, the browser posts it to the service
//! provider. The places are evidence: what the request says of one can be held against what the message says of itself.

use jiff::{SignedDuration, Timestamp};

use crate::decode::{InputError, Layer};

/// A message as it was captured: the XML, and the evidence of where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The XML exactly as recovered, in its own encoding, byte order mark included.
    pub bytes: Vec<u8>,
    /// Where the input came from: a file name, or `standard input`.
    pub origin: String,
    /// When the message was captured, if the input says so.
    pub captured_at: Option<CapturedAt>,
    /// The wrappings in the order they were removed; the last is always [`Layer::Xml`].
    pub layers: Vec<Layer>,
    /// The query string or form body as it stood, for the signature of HTTP-Redirect (saml-bindings-2.0 §3.4.4.1).
    pub raw_query: Option<String>,
    /// The `RelayState` beside the message, decoded; `None` also when it is not text.
    pub relay_state: Option<String>,
    /// `SAMLResponse` or `SAMLRequest`, when the message was in a parameter.
    pub parameter: Option<String>,
    /// Where it was seen, the delivery to its receiver first. One that says nothing when the input is the message alone.
    pub sightings: Vec<Sighting>,
}

/// One place in which a message was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// Where in the input: `entry 17 POST https://acme.my.salesforce.com/?so=… body`. Empty when the input is the message alone.
    pub place: String,
    /// Who carried it there.
    pub carried: Carried,
    /// The exchange of request and answer it was seen in.
    pub exchange: Exchange,
    /// When it passed there.
    pub at: Option<CapturedAt>,
    /// The `RelayState` beside it, decoded.
    pub relay_state: Option<String>,
    /// The wrappings it had there, in the order they were removed.
    pub layers: Vec<Layer>,
    /// The query string or form body as it stood there.
    pub raw_query: Option<String>,
    /// `SAMLResponse` or `SAMLRequest`, when it was in a parameter there.
    pub parameter: Option<String>,
}

/// Who carried a message past the place where it was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carried {
    /// The input does not tell.
    #[default]
    Alone,
    /// The browser's request, to the receiver.
    Request,
    /// A server's answer, to the browser: an auto-submit form, or a redirect.
    Answer,
}

/// An HTTP request and its answer, as far as they matter to a message that was in one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    /// Which one of its capture, counted from 0, as the capturing tools number them.
    pub number: Option<usize>,
    /// The request's method.
    pub method: Option<String>,
    /// Where the message goes: the request's URL without SAML's own parameters; for an auto-submit form its action.
    pub sent_to: Option<String>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The answer's `Location`.
    pub location: Option<String>,
    /// When the browser sent the request, by its own clock.
    pub started: Option<Timestamp>,
    /// How long it took until the answer was there, when the capture says so.
    pub took: Option<SignedDuration>,
    /// The answering server's `Date`, which has whole seconds (RFC 9110 §6.6.1).
    pub date: Option<Timestamp>,
}

/// A moment of capture, and whose clock says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapturedAt {
    /// The instant.
    pub instant: Timestamp,
    /// Whose clock.
    pub clock: CaptureClock,
}

/// Whose clock a moment of capture was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptureClock {
    /// The browser's: `startedDateTime` of a HAR entry.
    HarStarted,
    /// The `Date` of the answer that the receiver gave.
    HttpDate,
    /// The moment of a SAML-tracer export, which is after the login.
    SamlTracer,
    /// The time that a capturing proxy noted.
    Proxy,
    /// The time at the start of a log line.
    LogLine,
}

/// A part of a capture that is named like a message and cannot be read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Where it was seen.
    pub sighting: Sighting,
    /// What is wrong with it.
    pub error: InputError,
}

/// What should be told about a capture as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// An export whose fields are masked, while the whole message stands in another one.
    MaskedButWhole,
    /// The file ends in the middle.
    CutOff,
    /// An entry in the middle cannot be read.
    Damaged,
}

/// Everything that one input holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// What the input is: `HAR capture`; nothing when it is a message alone.
    pub format: Option<&'static str>,
    /// The messages, each once, in order of capture.
    pub messages: Vec<Captured>,
    /// What is named like a message and is none.
    pub broken: Vec<Broken>,
    /// What should be told besides.
    pub notes: Vec<Note>,
}

impl CaptureClock {
    /// Whose clock it is, for the header line of a report.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::HarStarted => "startedDateTime of the HAR entry",
            Self::HttpDate => "Date header of the receiver's answer",
            Self::SamlTracer => "timestamp of the SAML-tracer export",
            Self::Proxy => "time noted by the proxy",
            Self::LogLine => "time of the log line",
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HarStarted => "har-started-date-time",
            Self::HttpDate => "http-date",
            Self::SamlTracer => "saml-tracer-timestamp",
            Self::Proxy => "proxy-time",
            Self::LogLine => "log-line",
        }
    }
}

impl Note {
    /// What to tell.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::MaskedButWhole => {
                "This export looks masked, but it still holds the whole message: names, attributes and all. Treat it as if nothing \
                 were masked; `samlcheck redact` makes a copy that can be shared."
            }
            Self::Damaged => {
                "At least one entry is damaged and was left out; what the others hold is told."
            }
            Self::CutOff => {
                "The file ends in the middle or is damaged there: what it holds up to that place is told, and more may have been lost."
            }
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MaskedButWhole => "masked-but-whole",
            Self::CutOff => "cut-off",
            Self::Damaged => "damaged",
        }
    }
}
