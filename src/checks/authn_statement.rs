//! Does the assertion say that the user authenticated?
//!
//! A login assertion carries at least one AuthnStatement (saml-profiles-2.0 §4.1.4.2).

use crate::saml::Assertion;

use super::login_history::INVALID_FORMAT;
use super::{Check, Code, Context, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "authn-statement-missing",
    line: Wording::Ours("The assertion carries no AuthnStatement"),
    cause: "The identity provider's template leaves it out, or the assertion was made for another purpose (an attribute query).",
    fix_sp: "Nothing: the platform asks for it.",
    fix_idp: "Add an AuthnStatement with AuthnInstant and AuthnContext to the assertion.",
    history: Some(&INVALID_FORMAT),
};

pub(super) const CHECK: Check = Check {
    id: "authn-statement",
    number: Some(2),
    title: "Looking for an Authentication Statement",
    clause: "saml-profiles-2.0 §4.1.4.2; saml-core-2.0 §2.7.2",
    asks: "Does the assertion carry an AuthnStatement?",
    passes: "Ok",
    failures: &[&MISSING],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, _: &Context<'_>) -> Outcome {
    if assertion.authn_statements.is_empty() {
        return MISSING.failure().expected("an AuthnStatement").at(assertion.at).into();
    }
    Outcome::Ok
}
