//! Was the message changed by an editor or viewer after it was captured? Proven by undoing the change.
//!
//! A repaired copy is verified with the configured keys for this rule alone; it is thrown away, and the verdict stands (security rule 15). A change that
//! makes the text unreadable as XML is undone in the same way: then all configurations' certificates are tried, as nothing could tell which one applies.

use super::repair::{LONGEST, repaired};
use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::config::{Expect, SpConfig};
use crate::crypto::certificate::Certificate;
use crate::crypto::{self, PrivateKey, ProblemKind, SignatureReport, SignatureResult};
use crate::saml::Message;
use crate::validate::Trouble;
use crate::xml::{self, Document};

static REFORMATTED: Cause = Cause {
    code: "reformatted",
    title: "The text was reformatted after it was signed",
    says: "Your editor or viewer changed the text ({undone}); with that undone the signature is valid, so the identity provider and its certificate are fine.",
    fix_sp: "Capture the SAMLResponse again in its base64 form, as the browser posts it, and give that to samlcheck. No setting is wrong.",
    fix_idp: "Nothing.",
    confidence: Confidence::Proven,
};
static BEFORE_ENCRYPTION: Cause = Cause {
    code: "reformatted-before-encryption",
    title: "The assertion was reformatted between signing and encrypting",
    says: "The decrypted assertion is not as it was signed ({undone}); with that undone its signature is valid. It was changed before it was encrypted, so at the identity provider.",
    fix_sp: "Nothing: the certificate and the settings are right.",
    fix_idp: "Encrypt exactly what was signed: look for a step between the two that parses the assertion and writes it anew, indented.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "reformatted",
    title: "Reformatted after signing",
    explains: &["signature", "input"],
    causes: &[&REFORMATTED, &BEFORE_ENCRYPTION],
    when: When::Unexplained,
    run,
};

/// Configurations whose certificates are tried on a text that cannot be read as it is. Choice: 16.
const MOST_TRIED: usize = 16;

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let found = if matches!(case.report.trouble(), Some(Trouble::Xml(_))) {
        unreadable(case)
    } else {
        readable(case)
    };
    let told = found.map(|(cause, undone)| cause.diagnosis(vec![Evidence::new("undone", undone)]));
    told.into_iter().collect()
}

type Found = (&'static Cause, String);

fn unreadable(case: &Case<'_>) -> Option<Found> {
    if case.sent.len() > LONGEST {
        return None;
    }
    let text = match xml::to_text(case.sent) {
        Ok((text, _)) => text,
        // As with a second byte order mark.
        Err(_) => str::from_utf8(case.sent).ok()?.to_owned(),
    };
    let configs = || case.configuration.service_providers.iter().take(MOST_TRIED);
    let certificates = certificates(configs().flat_map(|config| &config.idp_certificates));
    let with = With { certificates, keys: configs().flat_map(SpConfig::private_keys).collect() };
    let undone = undone(case, &text, &with, |report| report.results().all(is_valid))?;
    Some((&REFORMATTED, undone))
}

fn readable(case: &Case<'_>) -> Option<Found> {
    let parts = case.report.parts();
    let sent = parts.document.as_ref()?;
    let certificates = certificates(&case.config()?.idp_certificates);
    let with = With { certificates, keys: Vec::new() };
    let signatures = case.report.signatures();
    let suspected = |result: &SignatureResult| {
        let kinds = [ProblemKind::Digest, ProblemKind::Value, ProblemKind::Structure];
        result.problems.iter().any(|problem| kinds.contains(&problem.kind))
    };
    let Some(opened) = parts.opened.document() else {
        let all = |report: &SignatureReport| report.results().all(is_valid);
        let undone = || undone(case, sent.text(), &with, all);
        return signatures.results().any(suspected).then(undone)?.map(|u| (&REFORMATTED, u));
    };
    // The Response is verified as it was sent, and its ciphertext is part of that; the assertion as it was before it was encrypted.
    if signatures.response.as_ref().is_some_and(suspected) {
        let outer = |report: &SignatureReport| report.response.as_ref().is_some_and(is_valid);
        let undone = undone(case, sent.text(), &with, outer);
        return undone.map(|undone| (&REFORMATTED, undone));
    }
    let inner = |report: &SignatureReport| report.assertion.as_ref().is_some_and(is_valid);
    let undone = || undone(case, opened.text(), &with, inner);
    let is_inner = signatures.assertion.as_ref().is_some_and(suspected);
    is_inner.then(undone)?.map(|undone| (&BEFORE_ENCRYPTION, undone))
}

fn is_valid(result: &SignatureResult) -> bool {
    result.is_valid()
}

fn certificates<'c>(given: impl IntoIterator<Item = &'c Expect<Certificate>>) -> Vec<Certificate> {
    given.into_iter().map(|certificate| certificate.given().clone()).collect()
}

/// What a repaired copy is tried with.
struct With<'c> {
    certificates: Vec<Certificate>,
    /// For a copy that is signed inside of its encryption only.
    keys: Vec<&'c PrivateKey>,
}

/// What was undone in the first repaired copy whose signatures `hold`; there must be one.
fn undone(
    case: &Case<'_>,
    text: &str,
    with: &With<'_>,
    hold: impl Fn(&SignatureReport) -> bool,
) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let holds = |copy: String| -> Option<()> {
        let document = Document::parse(copy, case.limits).ok()?;
        let engine = (case.engine, case.limits);
        let examine = |document: &Document| {
            let message = Message::read(document).ok()?;
            Some(crypto::examine(document, &message, with.certificates.clone(), engine))
        };
        let mut signatures = examine(&document)?;
        if signatures.results().next().is_none() && !with.keys.is_empty() {
            let opened = crypto::open(&document, &with.keys, case.limits);
            signatures = examine(opened.document()?)?;
        }
        signatures.results().next()?;
        hold(&signatures).then_some(())
    };
    repaired(text).find_map(|(undone, copy)| holds(copy).map(|()| undone))
}

#[cfg(test)]
#[path = "reformatted_tests.rs"]
mod tests;
