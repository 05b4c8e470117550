//! Was the message changed by an editor or viewer after it was captured? Proven by undoing the change.
//!
//! A repaired copy is verified with the configured keys for this rule alone; it is thrown away, and the verdict stands (security rule 15).

use super::repair::{LONGEST, repaired};
use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::crypto::{self, ProblemKind};
use crate::saml::Message;
use crate::xml::Document;

static REFORMATTED: Cause = Cause {
    code: "reformatted",
    title: "The text was reformatted after it was signed",
    says: "Your editor or viewer changed the text ({undone}); with that undone the signature is valid, so the identity provider and its certificate are fine.",
    fix_sp: "Capture the SAMLResponse again in its base64 form, as the browser posts it, and give that to samlcheck. No setting is wrong.",
    fix_idp: "Nothing.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "reformatted",
    title: "Reformatted after signing",
    explains: &["signature"],
    causes: &[&REFORMATTED],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let parts = case.report.parts();
    let (Some(document), Some(config)) = (&parts.document, case.config()) else {
        return Vec::new();
    };
    let suspected = |kind| matches!(kind, ProblemKind::Digest | ProblemKind::Value);
    let mut results = case.report.signatures().results();
    let premise = results.any(|result| result.problems.iter().any(|p| suspected(p.kind)));
    let text = document.text();
    if !premise || parts.opened.document().is_some() || text.len() > LONGEST {
        return Vec::new();
    }
    let holds = |text: String| -> Option<()> {
        let document = Document::parse(text, case.limits).ok()?;
        let message = Message::read(&document).ok()?;
        let certificates = config.idp_certificates.iter().map(|c| c.given().clone()).collect();
        let engine = (case.engine, case.limits);
        let signatures = crypto::examine(&document, &message, certificates, engine);
        let mut results = signatures.results().peekable();
        results.peek()?;
        results.all(|result| result.is_valid()).then_some(())
    };
    let undone = repaired(text).find_map(|(undone, copy)| holds(copy).map(|()| undone));
    undone
        .map(|undone| REFORMATTED.diagnosis(vec![Evidence::new("undone", undone)]))
        .into_iter()
        .collect()
}

#[cfg(test)]
#[path = "reformatted_tests.rs"]
mod tests;
