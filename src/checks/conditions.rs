//! Does the assertion limit itself, and in terms that are understood?
//!
//! Conditions must be present: audience and validity live there. One condition that is not understood makes the whole
//! assertion invalid (saml-core-2.0 §2.5.1.1).

use crate::saml::Assertion;

use super::login_history::INVALID_FORMAT;
use super::{Check, Code, Context, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "conditions-missing",
    line: Wording::Ours("The assertion carries no Conditions"),
    cause: "The identity provider's template leaves them out.",
    fix_sp: "Nothing: the platform asks for them.",
    fix_idp: "Add Conditions with NotBefore, NotOnOrAfter and an AudienceRestriction.",
    history: Some(&INVALID_FORMAT),
};
static UNKNOWN: Code = Code {
    id: "conditions-unknown",
    line: Wording::Ours("The Conditions hold a condition that is not understood"),
    cause: "A proprietary extension of the identity provider.",
    fix_sp: "Nothing: an unknown condition must be refused.",
    fix_idp: "Switch the extension off for this service provider.",
    history: Some(&INVALID_FORMAT),
};

pub(super) const CHECK: Check = Check {
    id: "conditions",
    number: Some(3),
    title: "Looking for a Conditions statement",
    clause: "saml-core-2.0 §2.5.1",
    asks: "Are there Conditions, and is each of them one the specification defines?",
    passes: "Ok",
    failures: &[&MISSING, &UNKNOWN],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, _: &Context<'_>) -> Outcome {
    let Some(conditions) = &assertion.conditions else {
        return MISSING.failure().expected("Conditions").at(assertion.at).into();
    };
    let unknown = conditions.unknown.iter().map(|condition| {
        UNKNOWN
            .failure()
            .expected("AudienceRestriction, OneTimeUse or ProxyRestriction")
            .found_at(condition)
    });
    unknown.collect::<Vec<_>>().into()
}
