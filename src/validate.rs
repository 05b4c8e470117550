//! The whole of it: one input and a configuration in, one report out. The only file that knows all the stages.
//!
//! A stage that cannot go on does not abort: it is the report's first failed line, and the rest say `Skipped`, so that the output always
//! has the same rows.

use jiff::Timestamp;

use crate::checks::{self, Because, Context};
use crate::config::detect::{Detection, Seen, detect, named};
use crate::config::{Configuration, SpConfig};
use crate::crypto::{
    self, EncryptedPart, EngineChoice, Opened, SignatureReport, Undecrypted, View,
};
use crate::decode::InputError;
use crate::diagnosis::{self, Capture};
use crate::input::{self, Captured, CapturedAt};
use crate::limits::Limits;
use crate::report::{ConfigurationUsed, Judged, JudgedBy, Parts, Provenance, Report};
use crate::saml::{self, Message};
use crate::xml::{self, Document, XmlError};

/// The moment to judge at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// When the tool runs.
    Now,
    /// When the message was captured, if the input says so; otherwise when the tool runs.
    Capture,
    /// The Assertion's IssueInstant.
    Issued,
    /// A given instant.
    Given(Timestamp),
}

/// How to validate, apart from the configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// The moment to judge at.
    pub at: At,
    /// What time it is. The library never asks.
    pub clock: Timestamp,
    /// The configuration to use, instead of detecting it.
    pub service_provider: Option<String>,
    /// Who judges signatures.
    pub engine: EngineChoice,
    /// The bounds to work within.
    pub limits: Limits,
}

/// What went wrong before there was a message to judge.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// The input could not be decoded.
    Input(InputError),
    /// What was decoded is not acceptable XML.
    Xml(XmlError),
    /// It is XML, but no login response.
    NotALogin(saml::Unreadable),
    /// The assertion is encrypted, and no configured key opens it.
    Encrypted(Box<Undecrypted>),
}

/// Judges one input. `origin` says where it came from, for the report.
#[must_use]
pub fn validate(
    input: &[u8],
    origin: &str,
    configuration: &Configuration,
    options: &Options,
) -> Report {
    match input::read(input, origin, &options.limits) {
        Ok(captured) => validate_captured(&captured, configuration, options),
        Err(error) => unreadable(error, origin, Provenance::default(), options),
    }
}

/// The report on an input, or a part of one, in which no message could be found.
#[must_use]
pub fn unreadable(
    error: InputError,
    origin: &str,
    provenance: Provenance,
    options: &Options,
) -> Report {
    let at = judged(None, provenance.captured_at, options);
    let parts = Parts { layers: error.layers.clone(), provenance, ..Parts::of(origin, at) };
    Report::unreadable(parts, Trouble::Input(error))
}

/// Judges one message that was found in an input, and says why it failed.
#[must_use]
pub fn validate_captured(
    captured: &Captured,
    configuration: &Configuration,
    options: &Options,
) -> Report {
    let report = judge_captured(captured, configuration, options);
    let capture = Capture::of(&report.parts().provenance);
    let case = diagnosis::Case {
        report: &report,
        sent: &captured.bytes,
        configuration,
        engine: options.engine,
        limits: &options.limits,
        capture: &capture,
    };
    let diagnoses = diagnosis::diagnose(&case);
    report.diagnosed(diagnoses)
}

/// Judges one message, and says nothing of why.
pub(crate) fn judge_captured(
    captured: &Captured,
    configuration: &Configuration,
    options: &Options,
) -> Report {
    let at = judged(None, captured.captured_at, options);
    let parts = Parts {
        layers: captured.layers.clone(),
        provenance: Provenance::of(captured),
        ..Parts::of(&captured.origin, at)
    };
    let document = match parse(&captured.bytes, &options.limits) {
        Ok(document) => document,
        Err(error) => return Report::unreadable(parts, Trouble::Xml(error)),
    };
    match Message::read(&document) {
        Ok(message) => judge(document, message, parts, configuration, options),
        Err(unreadable) => {
            let document = Some(document);
            Report::unreadable(Parts { document, ..parts }, Trouble::NotALogin(unreadable))
        }
    }
}

/// From recovered bytes to a document.
///
/// # Errors
/// When the bytes are not text in a supported encoding, or the text is not acceptable XML.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Document, XmlError> {
    let (text, _) = xml::to_text(bytes)?;
    Document::parse(text, limits)
}

/// Configurations whose keys are tried when nothing in the clear tells which one applies. Choice: 16.
const MOST_TRIED: usize = 16;

/// From a message to a report.
fn judge(
    document: Document,
    sent: Message,
    parts: Parts,
    configuration: &Configuration,
    options: &Options,
) -> Report {
    let (detection, opened) = choose_and_open(&document, &sent, configuration, options);
    let message = opened.document().and_then(|opened| Message::read(opened).ok()).unwrap_or(sent);
    let message = &message;
    let at = judged(Some(message), parts.provenance.captured_at, options);
    let encrypted =
        opened.undecrypted().iter().find(|stays| stays.part == EncryptedPart::Assertion);
    let trouble = encrypted.map(|stays| Trouble::Encrypted(Box::new(stays.clone())));
    let used = ConfigurationUsed::of(&detection, configuration);
    let parts = Parts { at, configuration: used, kind: Some(message.kind()), ..parts };
    let Some(chosen) = &detection.chosen else {
        let lines = checks::run(Err(Because::NoConfiguration), trouble.as_ref());
        let view = View::Unverified(message.clone());
        let parts = Parts { document: Some(document), opened, ..parts };
        return Report::new(
            parts,
            lines,
            SignatureReport::default(),
            (message, view),
            trouble,
            None,
        );
    };
    let config = chosen.config;
    let certificates = config.idp_certificates.iter().map(|expect| expect.given().clone());
    let certificates = certificates.collect();
    let (signatures, view) = crypto::verify(
        &document,
        &opened,
        message,
        certificates,
        (options.engine, &options.limits),
    );
    let context = Context { config, now: parts.at.instant, signatures: &signatures, view: &view };
    let lines = checks::run(Ok(&context), trouble.as_ref());
    let parts = Parts { document: Some(document), opened, ..parts };
    Report::new(parts, lines, signatures, (message, view), trouble, Some(config))
}

/// The configuration that applies, and the message opened with its keys.
///
/// What is encrypted can only be opened with a configuration's keys, and its Audience and Recipient may be what tells the
/// configurations apart. So the message is opened with the keys of the likeliest configuration that can, and asked again.
fn choose_and_open<'c>(
    document: &Document,
    sent: &Message,
    configuration: &'c Configuration,
    options: &Options,
) -> (Detection<'c>, Opened) {
    let name = options.service_provider.as_deref();
    let open = |config: Option<&SpConfig>| {
        let keys = config.map(SpConfig::private_keys).unwrap_or_default();
        crypto::open(document, &keys, &options.limits)
    };
    let detection = choose(sent, configuration, name);
    let chosen = detection.chosen.as_ref().map(|chosen| chosen.config);
    let opened = open(chosen);
    if !opened.is_needed() || name.is_some() {
        return (detection, opened);
    }
    let certain = detection.chosen.as_ref().is_some_and(|chosen| chosen.certain);
    let mut with = (chosen, opened);
    if with.1.document().is_none() && !certain {
        let others = detection.candidates.iter().map(|candidate| candidate.config);
        let opened = others.take(MOST_TRIED).map(|config| (Some(config), open(Some(config))));
        if let Some(found) = opened.into_iter().find(|(_, opened)| opened.document().is_some()) {
            with = found;
        }
    }
    let Some(Ok(message)) = with.1.document().map(Message::read) else {
        return (detection, open(chosen));
    };
    let detection = choose(&message, configuration, name);
    match detection.chosen.as_ref().map(|chosen| chosen.config) {
        Some(now) if with.0.is_some_and(|before| std::ptr::eq(before, now)) => (detection, with.1),
        now => (detection, open(now)),
    }
}

/// The configuration that applies: the named one, or the one that fits the message.
fn choose<'c>(
    message: &Message,
    configuration: &'c Configuration,
    name: Option<&str>,
) -> Detection<'c> {
    let all = &configuration.service_providers;
    let assertion = message.assertion();
    let response = message.response();
    let issuer = assertion.and_then(|assertion| assertion.issuer.as_ref());
    let issuer = issuer.or_else(|| response.and_then(|response| response.issuer.as_ref()));
    let recipients = assertion
        .into_iter()
        .flat_map(saml::Assertion::confirmations)
        .filter_map(|confirmation| confirmation.data.as_ref()?.recipient.as_ref());
    let destination = response.and_then(|response| response.destination.as_ref());
    let seen = Seen {
        issuer: issuer.map(|issuer| issuer.value.text.as_str()),
        audiences: assertion
            .into_iter()
            .flat_map(saml::Assertion::audiences)
            .map(|audience| audience.text.as_str())
            .collect(),
        recipients: recipients.chain(destination).map(|value| value.text.as_str()).collect(),
    };
    match name {
        // A name that does not exist chooses nothing; the command line refuses it before any input is read.
        Some(name) => named(all, name, &seen)
            .unwrap_or_else(|_| Detection { chosen: None, candidates: Vec::new() }),
        None => detect(all, &seen),
    }
}

/// The moment to judge at, and whose clock that is.
fn judged(message: Option<&Message>, captured_at: Option<CapturedAt>, options: &Options) -> Judged {
    let now = options.clock;
    let (instant, by) = match options.at {
        At::Now => (now, JudgedBy::Now),
        At::Capture => match captured_at {
            Some(at) => (at.instant, JudgedBy::Capture(at.clock)),
            None => (now, JudgedBy::Now),
        },
        At::Given(instant) => (instant, JudgedBy::Given),
        At::Issued => match message.and_then(Message::issued) {
            Some(instant) => (instant, JudgedBy::Issued),
            None => (now, JudgedBy::NotIssued),
        },
    };
    Judged { instant, by, now }
}
