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

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case};

    fn with(extra: &str) -> Case {
        Case::usual()
            .message(|response| extra.clone_into(&mut response.assertion().conditions().extra))
    }

    #[test]
    fn conditions_pass() {
        Case::usual().passes("conditions");
    }

    #[test]
    fn the_conditions_of_the_specification_are_understood() {
        let proxy = "<saml:ProxyRestriction Count=\"0\"></saml:ProxyRestriction>";
        with(proxy).message(|r| r.assertion().conditions().one_time_use = true).is_accepted();
    }

    #[test]
    fn an_assertion_without_conditions_is_rejected() {
        let case = Case::usual().message(|response| response.assertion().conditions = None);
        case.fails("conditions", ["conditions-missing", "Conditions", "", ASSERTION]);
    }

    #[test]
    fn each_unknown_condition_makes_the_assertion_invalid() {
        let extra = "<x:Only xmlns:x=\"urn:x\"></x:Only><saml:Condition></saml:Condition>";
        let case = with(extra);
        let at = |name: &str| format!("{ASSERTION}/saml:Conditions/{name}");
        let expected = "AudienceRestriction, OneTimeUse or ProxyRestriction";
        let told = case.told("conditions");
        let unknown = |found: &str, at: String| {
            ["conditions-unknown", expected, found, &at].map(str::to_owned)
        };
        assert_eq!(
            told,
            [
                unknown("Only (urn:x)", at("x:Only")),
                unknown("Condition (urn:oasis:names:tc:SAML:2.0:assertion)", at("saml:Condition")),
            ]
        );
        assert!(!case.report().is_accepted());
    }

    #[test]
    fn a_look_alike_of_a_known_condition_is_unknown() {
        for extra in [
            "<OneTimeUse></OneTimeUse>",
            "<x:OneTimeUse xmlns:x=\"urn:oasis:names:tc:SAML:1.0:assertion\"></x:OneTimeUse>",
            "<saml:onetimeuse></saml:onetimeuse>",
        ] {
            with(extra).fails_with("conditions", &["conditions-unknown"]);
        }
    }
}
