//! With just-in-time provisioning switched on: what would the platform answer to these attributes?
//!
//! It runs after the assertion was accepted, so that nothing of it stands in the checklist; this speaks when the checklist is green too.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::config::Provisioning;
use crate::provisioning::{self, Obstacle, Several};

static WOULD_FAIL: Cause = Cause {
    code: "provisioning-would-fail",
    title: "Just-in-time provisioning would fail",
    says: "The assertion is taken, and then just-in-time provisioning of the user fails with error {ErrorCode}, {ErrorDescription}, at {attribute}.",
    fix_sp: "Nothing; or switch just-in-time provisioning off, if logins are not to create and update users.",
    fix_idp: "Send the attribute as it is expected above; samlcheck explain, followed by the name in ErrorDetails, says more.",
    confidence: Confidence::Proven,
};
static SEVERAL: Cause = Cause {
    code: "provisioning-takes-the-first-value",
    title: "A field for provisioning has several values",
    says: "The attribute {attribute} was sent with several values, and just-in-time provisioning takes only the first: {value}.",
    fix_sp: "Nothing, if the first value is the right one.",
    fix_idp: "Send one value for each field of User, Account and Contact.",
    confidence: Confidence::Possible,
};

pub(super) const RULE: Rule = Rule {
    id: "provisioning",
    title: "Attributes for just-in-time provisioning",
    explains: &[],
    causes: &[&WOULD_FAIL, &SEVERAL],
    when: When::Always,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let config = case.config().filter(|config| config.provisioning == Provisioning::Standard);
    let assertion = case.report.message().and_then(|message| message.assertion());
    let Some((config, assertion)) = config.zip(assertion) else { return Vec::new() };
    let obstacles = provisioning::obstacles(assertion, config, case.report.subject());
    let several = provisioning::several(assertion);
    obstacles.into_iter().map(would_fail).chain(several.into_iter().map(takes_the_first)).collect()
}

/// The labels are the parameters' in the address of the error page, so that both can be compared.
fn would_fail(obstacle: Obstacle) -> Diagnosis {
    let Obstacle { error, attribute, expected, found, at, confidence } = obstacle;
    let found = Evidence::all("value", found.into_iter().collect()).expected(expected).at(at);
    let evidence = vec![
        Evidence::new("ErrorCode", error.number.to_string()),
        Evidence::new("ErrorDescription", error.description),
        Evidence::new("ErrorDetails", error.constant),
        Evidence::new("attribute", attribute),
        found,
    ];
    WOULD_FAIL.diagnosis(evidence).confidence(confidence)
}

fn takes_the_first(several: Several) -> Diagnosis {
    let Several { attribute, values, at } = several;
    let (first, others) = values.split_first().map_or((None, &[][..]), |(f, o)| (Some(f), o));
    SEVERAL.diagnosis(vec![
        Evidence::new("attribute", attribute),
        Evidence::new("value", first.cloned().unwrap_or_default()).at(at),
        Evidence::all("not taken", others.to_vec()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::fixture::Case as Message;
    use crate::support::assertion::Attribute;

    const COMPLETE: [(&str, &str); 5] = [
        ("User.Email", "zoe@example.com"),
        ("User.LastName", "M\u{fc}ller"),
        ("User.ProfileId", "Standard User"),
        ("User.Username", "zmueller@example.com"),
        ("User.Cost_Centre__c", "17"),
    ];

    fn sent(attributes: &[(&str, &str)], provisioning: Provisioning) -> Message {
        let case = Message::usual().config(|config| config.provisioning = provisioning);
        case.message(|response| response.assertion().attributes = Attribute::all(attributes))
    }

    #[test]
    fn a_complete_message_gets_no_diagnosis() {
        let report = sent(&COMPLETE, Provisioning::Standard).is_accepted();
        assert_eq!(report.diagnoses(), []);
    }

    #[test]
    fn it_is_silent_where_provisioning_is_not_switched_on() {
        let report = sent(&[("User.Email", "no address")], Provisioning::Off).is_accepted();
        assert_eq!(report.diagnoses(), []);
    }

    #[test]
    fn each_obstacle_is_told_as_the_error_page_would_and_the_message_stays_accepted() {
        let mut attributes = COMPLETE.to_vec();
        attributes.retain(|(name, _)| *name != "User.LastName");
        attributes.push(("User.Shoesize", "42"));
        let report = sent(&attributes, Provisioning::Standard).is_accepted();
        assert_eq!(report.exit_code(), 0);
        let [missing, unknown] = report.diagnoses() else { panic!("{:?}", report.diagnoses()) };
        assert_eq!((missing.cause, unknown.cause), (&WOULD_FAIL, &WOULD_FAIL));
        let fact = |diagnosis: &Diagnosis, label| {
            let fact = diagnosis.evidence.iter().find(|evidence| evidence.label == label).unwrap();
            (fact.expected.clone(), fact.values.clone(), fact.at)
        };
        let told = |text: &str| (None, vec![text.to_owned()], None);
        assert_eq!(fact(missing, "ErrorCode"), told("5"));
        assert_eq!(fact(missing, "ErrorDescription"), told("Unable to create user"));
        assert_eq!(fact(missing, "ErrorDetails"), told("USER_CREATION_API_ERROR"));
        assert_eq!(fact(missing, "attribute"), told("User.LastName"));
        assert_eq!(fact(missing, "value"), (Some("a value".to_owned()), Vec::new(), None));
        assert_eq!(fact(unknown, "ErrorDetails"), told("UNRECOGNIZED_STANDARD_FIELD"));
        let (expected, values, at) = fact(unknown, "value");
        assert_eq!(values, ["42"]);
        assert!(expected.unwrap().contains("__c") && at.is_some());
    }

    #[test]
    fn several_values_are_told_with_the_one_that_is_taken() {
        let case = sent(&COMPLETE, Provisioning::Standard).message(|response| {
            let attributes = &mut response.assertion().attributes;
            attributes.retain(|attribute| attribute.name != "User.ProfileId");
            attributes.push(Attribute::new("User.ProfileId", &["Standard User", "Admin"]));
        });
        let report = case.is_accepted();
        let [only] = report.diagnoses() else { panic!("{:?}", report.diagnoses()) };
        assert_eq!((only.cause, only.confidence), (&SEVERAL, Confidence::Possible));
        let values: Vec<_> = only.evidence.iter().flat_map(|e| e.values.clone()).collect();
        assert_eq!(values, ["User.ProfileId", "Standard User", "Admin"]);
    }

    #[test]
    fn what_fails_in_the_checklist_is_told_first() {
        let report = sent(&[], Provisioning::Standard).at("12:00:00").report();
        let first = report.diagnoses().first().map(|diagnosis| diagnosis.cause.code);
        assert_eq!(first, Some("looked-at-late"));
        assert!(report.diagnoses().iter().any(|diagnosis| diagnosis.cause == &WOULD_FAIL));
    }
}
