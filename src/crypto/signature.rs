//! The signature policy: which Signature counts, with which key, and which bytes may be believed.
//!
//! Works from the outside in: the Response's Signature, then the Assertion's. If one is there and broken, the message is rejected even
//! when the other is good (security rule 7). Values of a [`SignedView`] come from a parse of the digested octets alone (rule 2).

use crate::limits::Limits;
use crate::saml::{ASSERTION, Assertion, DSIG, Message, PROTOCOL, Place, Places, Response};
use crate::xml::{Document, Element};

use super::algorithm::{KeyFamily, SignatureMethod};
use super::certificate::{Certificate, KeyDescription};
use super::choice::EngineChoice;
use super::decrypt::Opened;
use super::engine::{Engine, EngineError, EngineReport, Octets, Target};
use super::result::{
    Algorithms, KeyInfoCertificate, Problem, ProblemKind, SignatureReport, SignatureResult, Signed,
    findings,
};
use super::vet::{Vetted, Vetting};

/// RSA keys below this many bits are refused (security rule 6).
const RSA_MINIMUM: u32 = 1024;

/// What the checks read.
#[derive(Debug)]
pub enum View {
    /// Every signature that is there holds, and covers what is read.
    Signed(SignedView),
    /// The message as sent: shown to the user, never accepted.
    Unverified(Message),
}

/// A message whose assertion was parsed from the very octets that were digested.
///
/// Only [`verify`] can make one, and only a `SignedView` can become `Accepted`.
#[derive(Debug)]
pub struct SignedView {
    message: Message,
    covers: Signed,
}

impl SignedView {
    /// The message; its assertion is what was signed.
    #[must_use]
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// The widest element that is signed.
    #[must_use]
    pub fn covers(&self) -> Signed {
        self.covers
    }
}

impl View {
    /// The message, signed or not.
    #[must_use]
    pub fn message(&self) -> &Message {
        match self {
            Self::Signed(view) => &view.message,
            Self::Unverified(message) => message,
        }
    }
}

/// Verifies every Signature that counts with the `configured` certificates and says what may be believed.
///
/// `document` is the message as sent: a Response's Signature, and that of an assertion that came in the clear, are verified on it.
/// `message` was read from it, or from what was `opened`; the Signature of an assertion that came encrypted is verified there.
#[must_use]
pub fn verify(
    document: &Document,
    opened: &Opened,
    message: &Message,
    configured: Vec<Certificate>,
    (engine, limits): (EngineChoice, &Limits),
) -> (SignatureReport, View) {
    let engine = engine.engine();
    let current = opened.document().unwrap_or(document);
    let sent = Judge { document, configured: &configured, engine };
    let of_assertion =
        if opened.holds_assertion() { Judge { document: current, ..sent } } else { sent };
    // The same number in both documents: whatever was replaced stands in the assertion, or is the assertion.
    let at = message.assertion().map(|assertion| assertion.at.0);
    let assertion = at.and_then(|at| of_assertion.document.element(at));
    let judged = Both {
        response: message.response().and_then(|_| sent.element(document.root(), Signed::Response)),
        assertion: assertion
            .and_then(|assertion| of_assertion.element(assertion, Signed::Assertion)),
    };
    let mut judged = judged.moved(opened);
    let view = view(message, &judged, current, opened, limits);
    if judged.all_hold() && matches!(view, View::Unverified(_)) && message.assertion().is_some() {
        judged.not_read(current);
    }
    // What one of two engines has judged alone is not said to be judged by both.
    let engine = [&judged.response, &judged.assertion]
        .into_iter()
        .flatten()
        .map(|judged| judged.judges)
        .find(|judges| *judges != engine.name())
        .unwrap_or(engine.name());
    let mut report = SignatureReport {
        response: judged.response.map(|judged| judged.result),
        assertion: judged.assertion.map(|judged| judged.result),
        configured,
        engine,
        findings: Vec::new(),
    };
    report.findings = findings(&report, message);
    report.findings.extend(opened.findings());
    (report, view)
}

/// A Signature's result, with the octets when it holds.
struct Judged {
    result: SignatureResult,
    octets: Option<Octets>,
    /// Which engine judged it: one of two alone, where the other lacks the algorithm.
    judges: &'static str,
}

/// The two Signatures that count.
struct Both {
    response: Option<Judged>,
    assertion: Option<Judged>,
}

impl Both {
    /// With the places of what was judged on the message as sent moved to where they are after decryption.
    fn moved(mut self, opened: &Opened) -> Self {
        let in_the_clear = self.assertion.iter_mut().filter(|_| !opened.holds_assertion());
        for Judged { result, .. } in self.response.iter_mut().chain(in_the_clear) {
            result.at = opened.place(result.at);
            for problem in &mut result.problems {
                problem.at = opened.place(problem.at);
            }
        }
        self
    }

    /// Signatures that hold over octets in which what was read does not stand: prefixes that only unsigned attributes bind, say.
    fn not_read(&mut self, document: &Document) {
        let first = self.response.as_mut().or(self.assertion.as_mut());
        if let Some(Judged { result, .. }) = first
            && let Some(signature) = document.element(result.at.0)
        {
            let (expected, found) = ("octets that mean what was sent", "octets that do not");
            let kind = ProblemKind::Canonicalization;
            let problem = Problem::new(kind, result.signed, expected, found, signature);
            result.problems.push(problem);
        }
    }

    fn all_hold(&self) -> bool {
        self.response.iter().chain(&self.assertion).all(|judged| judged.result.is_valid())
    }
}

#[derive(Clone, Copy)]
struct Judge<'d, 'c> {
    document: &'d Document,
    configured: &'c [Certificate],
    engine: &'c dyn Engine,
}

impl<'d> Judge<'d, '_> {
    /// The Signature that is a direct child of `parent`, judged; nothing when there is none.
    fn element(&self, parent: Element<'d>, signed: Signed) -> Option<Judged> {
        let mut signatures = parent.children().filter(|child| child.is(DSIG, "Signature"));
        let signature = signatures.next()?;
        let mut result = SignatureResult {
            signed,
            at: Place(signature.ordinal()),
            algorithms: None,
            reference_valid: None,
            value_valid: None,
            verified_with: None,
            key_info: KeyInfoCertificate::all(signature, self.configured),
            problems: Vec::new(),
        };
        let mut octets = None;
        let mut judges = self.engine.name();
        let vetted = match signatures.next() {
            Some(second) => {
                let (kind, expected) = (ProblemKind::Structure, "at most one Signature");
                Err(Problem::new(kind, signed, expected, "a second Signature", second))
            }
            None => Vetting { document: self.document, parent, signature, signed }.run(),
        };
        match vetted {
            Err(problem) => result.problems.push(problem),
            Ok(vetted) => {
                octets = self.run_engine(parent, signature, &vetted, &mut result, &mut judges);
            }
        }
        Some(Judged { result, octets, judges })
    }

    fn run_engine(
        &self,
        parent: Element<'d>,
        signature: Element<'d>,
        vetted: &Vetted<'d>,
        result: &mut SignatureResult,
        judges: &mut &'static str,
    ) -> Option<Octets> {
        result.algorithms = Some(Algorithms {
            method: vetted.method,
            digest: vetted.digest,
            canonicalization: vetted.canonicalization,
            transform: vetted.transform,
            whole_document: vetted.id.is_none(),
        });
        let target = Target {
            document: self.document,
            element: parent.ordinal(),
            signature: signature.ordinal(),
            id: vetted.id,
            signature_method: vetted.method,
            digest_method: vetted.digest,
            canonicalization: vetted.canonicalization,
        };
        let signed = result.signed;
        let mut refused = None;
        for certificate in self.configured {
            if let Err((expected, found)) = fits(certificate, vetted.method) {
                refused = Some(Problem::new(ProblemKind::Key, signed, expected, found, signature));
                continue;
            }
            match self.engine.verify(&target, certificate.public_key()) {
                Err(error) => {
                    result.problems.push(engine_problem(&error, signed, signature));
                    return None;
                }
                Ok(EngineReport { reference_valid, signature_valid, octets, judges: by }) => {
                    *judges = by;
                    result.reference_valid = Some(reference_valid);
                    if signature_valid {
                        result.value_valid = Some(true);
                        result.verified_with = Some(certificate.clone());
                        if !reference_valid {
                            result.problems.push(digest_problem(signed, signature));
                        }
                        return octets;
                    }
                    result.value_valid = Some(false);
                }
            }
        }
        if let (None, Some(refused)) = (result.value_valid, refused) {
            result.problems.push(refused);
            return None;
        }
        if result.reference_valid == Some(false) {
            result.problems.push(digest_problem(signed, signature));
        }
        result.problems.push(self.value_problem(result, signature));
        None
    }

    fn value_problem(&self, result: &SignatureResult, signature: Element<'_>) -> Problem {
        let configured = self.configured.iter().map(Certificate::sha256).collect::<Vec<_>>();
        let expected = format!("a signature by {}", configured.join(" or "));
        let readable = result.key_info.iter().find_map(|certificate| match certificate {
            KeyInfoCertificate::Readable(certificate) => Some(certificate),
            KeyInfoCertificate::Unreadable(_) => None,
        });
        let (kind, found) = match readable {
            Some(other) if !result.names_one_of(self.configured) => {
                (ProblemKind::WrongKey, format!("KeyInfo names {}", other.sha256()))
            }
            Some(_) => {
                (ProblemKind::Value, "another signature, though KeyInfo names it".to_owned())
            }
            None => {
                (ProblemKind::Value, "another signature; KeyInfo names no certificate".to_owned())
            }
        };
        Problem::new(kind, result.signed, expected, found, signature)
    }
}

fn digest_problem(signed: Signed, signature: Element<'_>) -> Problem {
    let (expected, found) = ("the content that was digested", "other content");
    Problem::new(ProblemKind::Digest, signed, expected, found, signature)
}

fn engine_problem(error: &EngineError, signed: Signed, signature: Element<'_>) -> Problem {
    let kind = match error {
        EngineError::Canonicalization(_) => ProblemKind::Canonicalization,
        EngineError::Key(_) => ProblemKind::Key,
        EngineError::Base64(_) => ProblemKind::Structure,
        EngineError::Parse(_)
        | EngineError::Structure(_)
        | EngineError::Unsupported { .. }
        | EngineError::TooCostly { .. }
        | EngineError::Engine(_) => ProblemKind::Engine,
        EngineError::Disagreement(_) | EngineError::Difference(..) => ProblemKind::Disagreement,
    };
    Problem::new(kind, signed, "a signature that can be judged", error.to_string(), signature)
}

/// Whether a configured key may judge this method at all (security rule 6).
fn fits(certificate: &Certificate, method: SignatureMethod) -> Result<(), (String, String)> {
    let key = certificate.key();
    match (method.key_family(), key) {
        // With exponent 1 every value is its own signature; an even one is no RSA (RFC 8017 §3.1). OpenSSL takes both.
        (KeyFamily::Rsa, KeyDescription::Rsa { bits }) if *bits >= RSA_MINIMUM => {
            let rsa = certificate.public_key().rsa();
            let sound = rsa.is_ok_and(|rsa| rsa.e().is_odd() && rsa.e().num_bits() > 1);
            let expected = "an RSA key with an odd public exponent above 1";
            if sound { Ok(()) } else { Err((expected.to_owned(), format!("{key} with another"))) }
        }
        (KeyFamily::Ec, KeyDescription::Ec { .. }) => Ok(()),
        (KeyFamily::Rsa, _) => {
            Err((format!("an RSA key of at least {RSA_MINIMUM} bits"), key.to_string()))
        }
        (KeyFamily::Ec, _) => Err(("an EC key".to_owned(), key.to_string())),
    }
}

/// The signed view, when every Signature that is there holds and one covers the assertion. `document` is the one with the plaintext in
/// place, which all places refer to.
fn view(
    message: &Message,
    judged: &Both,
    document: &Document,
    opened: &Opened,
    limits: &Limits,
) -> View {
    let signed = || {
        if !judged.all_hold() {
            return None;
        }
        let at = message.assertion()?.at;
        let inner = match &judged.assertion {
            Some(judged) => {
                let (digested, places) = reread(judged, document, at, opened, limits)?;
                let root = digested.root();
                Some(root.is(ASSERTION, "Assertion").then(|| Assertion::read(root, &places))?)
            }
            None => None,
        };
        let outer = match &judged.response {
            Some(judged) => {
                let (digested, places) = reread(judged, document, Place(0), opened, limits)?;
                let root = digested.root();
                Some(root.is(PROTOCOL, "Response").then(|| Response::read(root, &places))?)
            }
            None => None,
        };
        match (outer, inner) {
            (Some(mut response), inner) => {
                response.assertion = inner.or(response.assertion);
                response.assertion.as_ref()?;
                Some((Message::Response(Box::new(response)), Signed::Response))
            }
            (None, Some(inner)) => Some((with_assertion(message, inner), Signed::Assertion)),
            (None, None) => None,
        }
    };
    match signed() {
        Some((message, covers)) => View::Signed(SignedView { message, covers }),
        None => View::Unverified(message.clone()),
    }
}

/// The message as sent, with the assertion that was signed in place of its own.
fn with_assertion(message: &Message, assertion: Assertion) -> Message {
    match message {
        Message::Response(response) => Message::Response(Box::new(response.with(assertion))),
        Message::Assertion(_) => Message::Assertion(Box::new(assertion)),
    }
}

/// A parse of the digested octets: the only bytes whose values are believed. What was encrypted in them is decrypted again, from them.
fn reread(
    judged: &Judged,
    document: &Document,
    at: Place,
    opened: &Opened,
    limits: &Limits,
) -> Option<(Document, Places)> {
    let octets = judged.octets.as_ref()?.as_bytes();
    let text = std::str::from_utf8(octets).ok()?;
    let digested = Document::parse(text.to_owned(), limits).ok()?;
    let signature = document.element(judged.result.at.0)?;
    let places = Places::signed(document.element(at.0)?, signature);
    Some((opened.reopen(digested, limits)?, places))
}

#[cfg(test)]
#[path = "signature_tests/digested.rs"]
mod digested;
