//! What was concluded about one input: plain data for the renderers, and the verdict.
//!
//! [`Verdict::Accepted`] wraps a [`SignedView`], which only the signature module can make: acceptance without a verified signature cannot
//! be written down.

mod configuration;
mod explained;
mod provenance;

use jiff::Timestamp;

pub use configuration::{CandidateReport, ConfigurationUsed, Difference};
pub use provenance::{Earlier, Provenance};

use crate::careless::{Careless, careless};
use crate::checks::{self, Because, Line, LoginHistory, MappedUser, identity, mapped_user};
use crate::config::{IdentityType, SpConfig};
use crate::crypto::{Opened, SignatureReport, SignedView, View};
use crate::decode::Layer;
use crate::diagnosis::Diagnosis;
use crate::finding::{Finding, Site};
use crate::flow::Around;
use crate::input::CaptureClock;
use crate::saml::{Message, Place};
use crate::survey;
use crate::validate::Trouble;
use crate::what_if::Change;
use crate::windows::{self, Comparison, Which, Window};
use crate::xml::Document;

/// The conclusion.
#[derive(Debug)]
pub enum Verdict {
    /// Every check passed on what was signed, with a configuration that certainly applies.
    Accepted(SignedView),
    /// Anything else. What was read is kept for the reader.
    Rejected(Option<View>),
}

/// Whose clock judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JudgedBy {
    /// The moment the tool ran.
    Now,
    /// The moment of capture, by this clock.
    Capture(CaptureClock),
    /// An instant given by option.
    Given,
    /// The message's IssueInstant.
    Issued,
    /// IssueInstant was asked for, but the message has none that can be read: the moment the tool ran.
    NotIssued,
}

/// The moment that was judged at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The instant.
    pub instant: Timestamp,
    /// Whose clock it is.
    pub by: JudgedBy,
    /// When the tool ran, for comparison.
    pub now: Timestamp,
}

/// Where something stands in the decoded document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Line, counted from 1.
    pub line: usize,
    /// Path of the element.
    pub xpath: String,
}

/// What is known before the checks run.
#[derive(Debug)]
pub struct Parts {
    /// Where the input came from.
    pub origin: String,
    /// The wrappings that were removed.
    pub layers: Vec<Layer>,
    /// Where in the input the message was seen, and when.
    pub provenance: Provenance,
    /// The decoded document, when it could be parsed.
    pub document: Option<Document>,
    /// What was encrypted in it, and the document with the plaintext in place, which every [`Place`] refers to.
    pub opened: Opened,
    /// `Response` or `Assertion`.
    pub kind: Option<&'static str>,
    /// The moment that was judged at.
    pub at: Judged,
    /// The configuration that was used.
    pub configuration: ConfigurationUsed,
}

/// The report on one input.
#[derive(Debug)]
pub struct Report {
    parts: Parts,
    lines: Vec<Line>,
    signatures: SignatureReport,
    findings: Vec<Finding>,
    trouble: Option<Trouble>,
    subject: Option<String>,
    identity_type: Option<IdentityType>,
    mapped_user: Option<MappedUser>,
    windows: Vec<Window>,
    around: Option<Around>,
    verdict: Verdict,
    diagnoses: Vec<Diagnosis>,
    what_if: Option<Vec<Change>>,
}

impl Parts {
    /// For an input of which nothing is known yet.
    pub(crate) fn of(origin: &str, at: Judged) -> Self {
        Self {
            origin: origin.to_owned(),
            layers: Vec::new(),
            provenance: Provenance::default(),
            document: None,
            opened: Opened::default(),
            kind: None,
            at,
            configuration: ConfigurationUsed {
                name: None,
                because: Because::NoMessage.text().to_owned(),
                certain: false,
                path: None,
                expectations: Vec::new(),
                decryption_keys: Vec::new(),
                candidates: Vec::new(),
            },
        }
    }
}

impl Report {
    /// For an input without a message to judge.
    pub(crate) fn unreadable(parts: Parts, trouble: Trouble) -> Self {
        let lines = checks::run(Err(Because::NoMessage), Some(&trouble));
        let findings = match &trouble {
            Trouble::Xml(error) => survey::refused(error).into_iter().collect(),
            Trouble::Input(_) | Trouble::NotALogin(_) | Trouble::Encrypted(_) => Vec::new(),
        };
        Self {
            parts,
            lines,
            signatures: SignatureReport::default(),
            findings,
            trouble: Some(trouble),
            subject: None,
            identity_type: None,
            mapped_user: None,
            windows: Vec::new(),
            around: None,
            verdict: Verdict::Rejected(None),
            diagnoses: Vec::new(),
            what_if: None,
        }
    }

    /// Consumes the view and reaches the verdict. Findings are those of the message as `sent` (decrypted where it was encrypted): canonicalisation drops comments, and
    /// with them the trace of an attack.
    pub(crate) fn new(
        parts: Parts,
        lines: Vec<Line>,
        signatures: SignatureReport,
        (sent, view): (&Message, View),
        trouble: Option<Trouble>,
        config: Option<&SpConfig>,
    ) -> Self {
        let assertion = view.message().assertion();
        let subject = match (assertion, config) {
            (Some(assertion), Some(config)) => identity(assertion, config).map(|found| found.text),
            (Some(assertion), None) => {
                assertion.name_id().map(|name_id| name_id.value.text.as_str())
            }
            (None, _) => None,
        };
        let subject = subject.map(str::to_owned);
        let mapped_user = assertion.zip(config).and_then(|(a, config)| mapped_user(a, config));
        let organization = assertion.zip(config);
        let organization =
            organization.and_then(|(a, config)| checks::organization_alone(a, config));
        let document = parts.opened.document().or(parts.document.as_ref());
        let surveyed = document
            .map(|document| survey::survey(document, sent, &signatures, parts.at.instant))
            .unwrap_or_default();
        let told = sent.findings().chain(&signatures.findings).cloned();
        let findings = surveyed.into_iter().chain(told).chain(organization).collect();
        let windows = windows::windows(view.message(), config, &signatures);
        let allowed = parts.configuration.certain
            && trouble.is_none()
            && lines.iter().all(|line| line.outcome.allows_acceptance());
        let verdict = match view {
            View::Signed(view) if allowed => Verdict::Accepted(view),
            view @ (View::Signed(_) | View::Unverified(_)) => Verdict::Rejected(Some(view)),
        };
        Self {
            parts,
            lines,
            signatures,
            findings,
            trouble,
            subject,
            identity_type: config.map(|config| config.identity_type),
            mapped_user,
            windows,
            around: None,
            verdict,
            diagnoses: Vec::new(),
            what_if: None,
        }
    }

    /// Where the input came from, its layers, the moment and the configuration.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Where in the input the message was seen: only whoever read the whole input knows its number there.
    pub(crate) fn provenance_mut(&mut self) -> &mut Provenance {
        &mut self.parts.provenance
    }

    /// The checklist, in order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What item 11 prints.
    #[must_use]
    pub fn signatures(&self) -> &SignatureReport {
        &self.signatures
    }

    /// What is worth telling besides.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What went wrong before there was a message to judge.
    #[must_use]
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// The conclusion.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Whether the message is accepted.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        matches!(self.verdict, Verdict::Accepted(_))
    }

    /// What careless readers would have taken where it differs. Read anew at each call: few reports are asked for it.
    #[must_use]
    pub fn careless(&self) -> Option<Careless> {
        careless(self.document()?, self.message()?, self.is_signed())
    }

    /// The message that was judged.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        match &self.verdict {
            Verdict::Accepted(view) => Some(view.message()),
            Verdict::Rejected(view) => view.as_ref().map(View::message),
        }
    }

    /// Whether the values of the assertion come from octets that a verified signature covers.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        match &self.verdict {
            Verdict::Accepted(_) | Verdict::Rejected(Some(View::Signed(_))) => true,
            Verdict::Rejected(Some(View::Unverified(_)) | None) => false,
        }
    }

    /// Who the assertion says the user is. When accepted, the verified signature covers it.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// How the configuration identifies users.
    #[must_use]
    pub fn identity_type(&self) -> Option<IdentityType> {
        self.identity_type
    }

    /// The user the subject maps to, when the configuration names its users.
    #[must_use]
    pub fn mapped_user(&self) -> Option<&MappedUser> {
        self.mapped_user.as_ref()
    }

    /// From when until when each part of the message holds.
    #[must_use]
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The judged moment beside the one that a reader would ask about next: now, or that of the capture, or that of the issue. None for
    /// an instant that was asked for.
    #[must_use]
    pub fn comparison(&self) -> Option<Comparison> {
        let at = self.parts.at;
        let captured = self.parts.provenance.captured_at.map(|at| (Which::Captured, at.instant));
        let issued = || self.message()?.issued().map(|instant| (Which::Issued, instant));
        let (which, other) = match at.by {
            JudgedBy::Given => return None,
            JudgedBy::Capture(_) => (Which::Captured, Some((Which::Now, at.now))),
            JudgedBy::Issued => (Which::Issued, Some((Which::Now, at.now))),
            JudgedBy::Now | JudgedBy::NotIssued => (Which::Now, captured.or_else(issued)),
        };
        windows::comparison(&self.windows, (which, at.instant), other)
    }

    /// The Assertion's ID.
    #[must_use]
    pub fn assertion_id(&self) -> Option<&str> {
        self.message()?.assertion()?.id.as_deref()
    }

    /// The checks that failed, in order.
    pub fn failed(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.outcome.failures().is_empty())
    }

    /// How many checks the configuration asks for: all but those that are not required.
    #[must_use]
    pub fn required(&self) -> usize {
        let not_required = |line: &&Line| line.outcome != checks::Outcome::NotRequired;
        self.lines.iter().filter(not_required).count()
    }

    /// What the platform would write in its login history: the first failure decides.
    #[must_use]
    pub fn login_history(&self) -> Option<&'static LoginHistory> {
        self.failed().flat_map(|line| line.outcome.failures()).find_map(|f| f.code.history)
    }

    /// The document that was read: with the plaintext in place when something was decrypted, as it was sent otherwise.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        self.parts.opened.document().or(self.parts.document.as_ref())
    }

    /// Resolves a place in the [`document`](Self::document) that was read.
    #[must_use]
    pub fn location(&self, place: Place) -> Option<Location> {
        let element = self.document()?.element(place.0)?;
        Some(Location { line: element.line(), xpath: element.xpath() })
    }

    /// Resolves the site of a finding.
    #[must_use]
    pub fn site(&self, site: Site) -> Option<Location> {
        let (kind, offset, parent) = match site {
            Site::Element(place) => return self.location(place),
            Site::Line(line) => return Some(Location { line, xpath: "/".to_owned() }),
            Site::Node { kind, offset, parent } => (kind, offset, parent),
        };
        let document = self.document()?;
        let around = match parent {
            Some(place) => document.element(place.0)?.xpath(),
            None => String::new(),
        };
        let (line, _) = document.location(offset);
        Some(Location { line, xpath: format!("{around}/{}", kind.step()) })
    }

    /// The exit code: 0 accepted, 1 rejected, 3 no usable SAML message, 4 no configuration that certainly applies.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match &self.trouble {
            Some(Trouble::Input(_) | Trouble::Xml(_) | Trouble::NotALogin(_)) => 3,
            Some(Trouble::Encrypted(_)) | None if !self.parts.configuration.certain => 4,
            Some(Trouble::Encrypted(_)) | None if self.is_accepted() => 0,
            Some(Trouble::Encrypted(_)) | None => 1,
        }
    }
}
