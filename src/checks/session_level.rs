//! Is the session security level one that exists, and the configured one?
//!
//! Attribute `SessionLevel`: `STANDARD` or `HIGH_ASSURANCE` (platform §2, item 14). The platform prints `Ok` even when it is absent.

use crate::saml::Assertion;

use super::login_history::INVALID_SESSION_LEVEL;
use super::{Check, Code, Context, Expected, Outcome, Run, Wording};

const NAME: &str = "SessionLevel";
const LEVELS: [&str; 2] = ["STANDARD", "HIGH_ASSURANCE"];

static UNKNOWN: Code = Code {
    id: "session-level-unknown",
    line: Wording::Ours("The session level is neither STANDARD nor HIGH_ASSURANCE"),
    cause: "Another spelling in the claim rule; the values are upper case.",
    fix_sp: "Nothing.",
    fix_idp: "Send STANDARD or HIGH_ASSURANCE, or leave the attribute out.",
    history: Some(&INVALID_SESSION_LEVEL),
};
static MISMATCH: Code = Code {
    id: "session-level-mismatch",
    line: Wording::Ours("The session level is not the configured one"),
    cause: "The claim rule sends another level than this service provider asks for.",
    fix_sp: "Ask for the level that is sent.",
    fix_idp: "Send the level that is asked for.",
    history: Some(&INVALID_SESSION_LEVEL),
};

pub(super) const CHECK: Check = Check {
    id: "session-level",
    number: Some(14),
    title: "Checking if session security level is valid, if provided",
    clause: "platform: attribute SessionLevel",
    asks: "If an attribute SessionLevel is there: is it STANDARD or HIGH_ASSURANCE, and the configured one?",
    passes: "Ok",
    failures: &[&UNKNOWN, &MISMATCH],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let Some(attribute) = assertion.attribute(NAME) else { return Outcome::Ok };
    let found = attribute.first_value().map(|value| value.text.as_str());
    if !found.is_some_and(|found| LEVELS.contains(&found)) {
        let failure = LEVELS
            .into_iter()
            .fold(UNKNOWN.failure().what(NAME), |failure, level| failure.expected(level));
        return failure.found(found.unwrap_or("no text")).at(attribute.at).into();
    }
    let Some(configured) = &cx.config.session_level else { return Outcome::Ok };
    let expected = configured.given().as_str();
    if found == Some(expected) {
        return Outcome::Ok;
    }
    let expected =
        Expected { text: expected.to_owned(), source: Some(configured.source().clone()) };
    let failure = MISMATCH.failure().what(NAME).expected(expected);
    failure.found(found.unwrap_or_default()).at(attribute.at).into()
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case};
    use crate::config::{Expect, SessionLevel, Source};
    use crate::support::assertion::Attribute;

    const CHECK: &str = "session-level";

    fn sent(values: &[&str]) -> Case {
        let attribute = Attribute::new("SessionLevel", values);
        Case::usual().message(|response| response.assertion().attributes = vec![attribute])
    }

    fn asked_for(level: SessionLevel, sent: Case) -> Case {
        let level = Expect::new(level, Source::Option("--test"));
        sent.config(|config| config.session_level = Some(level))
    }

    fn at() -> String {
        format!("{ASSERTION}/saml:AttributeStatement/saml:Attribute")
    }

    #[test]
    fn an_absent_level_passes_as_on_the_platform() {
        Case::usual().passes(CHECK);
        asked_for(SessionLevel::HighAssurance, Case::usual()).passes(CHECK);
    }

    #[test]
    fn both_levels_pass_where_none_is_configured() {
        sent(&["STANDARD"]).is_accepted();
        sent(&["HIGH_ASSURANCE"]).is_accepted();
    }

    #[test]
    fn the_configured_level_passes_and_the_other_does_not() {
        asked_for(SessionLevel::HighAssurance, sent(&["HIGH_ASSURANCE"])).is_accepted();
        asked_for(SessionLevel::HighAssurance, sent(&["STANDARD"]))
            .fails(CHECK, ["session-level-mismatch", "HIGH_ASSURANCE", "STANDARD", &at()]);
    }

    #[test]
    fn anything_else_is_no_level() {
        for other in ["standard", "HIGH", " STANDARD", "STANDARD\u{a0}", "1", ""] {
            let expected = ["session-level-unknown", "STANDARD | HIGH_ASSURANCE", other, &at()];
            sent(&[other]).fails(CHECK, expected);
        }
        let expected = ["session-level-unknown", "STANDARD | HIGH_ASSURANCE", "no text", &at()];
        sent(&[]).fails(CHECK, expected);
    }

    #[test]
    fn the_first_value_is_the_one_that_counts() {
        sent(&["STANDARD", "HIGH_ASSURANCE"]).passes(CHECK);
        sent(&["LOW", "STANDARD"]).fails_with(CHECK, &["session-level-unknown"]);
    }
}
