//! Is signing switched off, or does the signature cover something else than what is read?
//!
//! What a signature elsewhere looks like when somebody forges a login is the business of `wrapped`, which stands above; here nothing was forged.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When, wrapped};
use crate::crypto::{Problem, ProblemKind};
use crate::saml::Message;

static NOT_SIGNED: Cause = Cause {
    code: "not-signed",
    title: "Nothing in the message is signed",
    says: "Neither the Response nor the Assertion carries a signature where one counts, so anybody could have written it.",
    fix_sp: "Nothing: an unsigned login must not be accepted.",
    fix_idp: "Switch on signing of the assertion for this application; if it is on, look for a proxy that removes signatures.",
    confidence: Confidence::Proven,
};
static LEFT_BEHIND: Cause = Cause {
    code: "signature-left-behind",
    title: "The Assertion alone carries no signature",
    says: "This is an Assertion without the Response around it, and it is not signed by itself. If the identity provider signs only the Response, its signature stayed behind there.",
    fix_sp: "Judge the whole SAMLResponse as the browser posted it, not an Assertion cut out of it.",
    fix_idp: "Sign the assertion too; the platform recommends it, and then it can be checked by itself.",
    confidence: Confidence::Likely,
};
static NAMES_ANOTHER: Cause = Cause {
    code: "signature-names-another-element",
    title: "The signature covers another element than the one it stands in",
    says: "The signature stands in the {stands in} and names another element by its Reference, so that it proves nothing of what it stands in.",
    fix_sp: "Nothing: such a signature must not be accepted.",
    fix_idp: "Set the signing step up so that each Reference names the ID of the element that carries the signature; sign the assertion, in the assertion.",
    confidence: Confidence::Proven,
};
static NAMES_NOTHING: Cause = Cause {
    code: "signature-names-nothing",
    title: "The element that was signed is not in the message",
    says: "The signature in the {stands in} names an ID that no element of the message carries: the signed element was removed, or its ID was changed after signing.",
    fix_sp: "Capture the login again; if it looks the same, keep it and tell your security team.",
    fix_idp: "Look for a step behind the signing that replaces or renames elements: a template, a gateway, encryption after signing.",
    confidence: Confidence::Proven,
};
static ELSEWHERE: Cause = Cause {
    code: "unsigned-part-read",
    title: "What is read is not signed; a signature stands in another place",
    says: "There is a signature in the message, but not in the Response or the Assertion that is read. A service provider that only looks for any signature would let in {it would let in}.",
    fix_sp: "Do not accept it and do not change any setting; make sure that no other service provider of yours accepts such a message.",
    fix_idp: "Sign the assertion, with the signature as its direct child; if that is so, find out what moved it.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "unsigned",
    title: "Signing is off or covers the wrong element",
    explains: &["signature"],
    causes: &[&NOT_SIGNED, &LEFT_BEHIND, &NAMES_ANOTHER, &NAMES_NOTHING, &ELSEWHERE],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let Some(message) = case.report.message() else { return Vec::new() };
    match case.report.signatures().results().next() {
        Some(_) => misdirected(case).into_iter().collect(),
        None => unsigned(case, message).into_iter().collect(),
    }
}

/// No signature stands where one counts.
fn unsigned(case: &Case<'_>, message: &Message) -> Option<Diagnosis> {
    let assertion = message.assertion()?;
    let subject = case.report.subject().unwrap_or("nobody");
    let mut evidence = vec![Evidence::new("it would let in", subject).at(assertion.at)];
    let elsewhere = wrapped::attack(case, &["signature-elsewhere"]);
    let cause = match (elsewhere, message.response()) {
        (Some(finding), _) => {
            evidence.push(wrapped::of("the signature", finding));
            &ELSEWHERE
        }
        (None, Some(_)) => &NOT_SIGNED,
        (None, None) => &LEFT_BEHIND,
    };
    evidence.extend(wrapped::taken(case));
    Some(cause.diagnosis(evidence))
}

/// A signature names something else than its parent.
fn misdirected(case: &Case<'_>) -> Option<Diagnosis> {
    let problems = case.report.signatures().results().flat_map(|result| &result.problems);
    let told = |problem: &Problem| match problem.kind {
        ProblemKind::Reference => Some(&NAMES_ANOTHER),
        ProblemKind::IdMissing => Some(&NAMES_NOTHING),
        ProblemKind::Digest
        | ProblemKind::Value
        | ProblemKind::WrongKey
        | ProblemKind::Algorithm
        | ProblemKind::Transform
        | ProblemKind::Structure
        | ProblemKind::IdDuplicate
        | ProblemKind::Key
        | ProblemKind::Canonicalization
        | ProblemKind::Disagreement
        | ProblemKind::Engine => None,
    };
    let (cause, problem) = { problems }.find_map(|problem| Some((told(problem)?, problem)))?;
    let covers = Evidence::new("signature covers", problem.found.as_str());
    let mut evidence = vec![
        Evidence::new("stands in", problem.signed.name()),
        covers.expected(problem.expected.as_str()).at(problem.at),
    ];
    evidence.extend(wrapped::taken(case));
    Some(cause.diagnosis(evidence))
}

#[cfg(test)]
#[path = "unsigned_tests.rs"]
mod tests;
