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

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case};

    #[test]
    fn an_authn_statement_passes() {
        Case::usual().passes("authn-statement");
    }

    #[test]
    fn an_assertion_without_one_is_rejected() {
        let case = Case::usual().message(|response| response.assertion().authn_statement = None);
        let expected = ["authn-statement-missing", "an AuthnStatement", "", ASSERTION];
        case.fails("authn-statement", expected);
    }

    #[test]
    fn one_inside_advice_is_not_the_assertions_own() {
        let case = Case::usual().message(|response| {
            let assertion = response.assertion();
            assertion.authn_statement = None;
            assertion.advice = "<saml:AuthnStatement></saml:AuthnStatement>".to_owned();
        });
        case.fails_with("authn-statement", &["authn-statement-missing"]);
    }
}
