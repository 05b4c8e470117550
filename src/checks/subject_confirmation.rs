//! May whoever brought the assertion use it, now?
//!
//! At least one bearer SubjectConfirmation must hold in full by itself: NotOnOrAfter in the future, no NotBefore, the right Recipient
//! (saml-profiles-2.0 §4.1.4.2, security rule 14). Items 8 and 10 judge the same one, so that never one rule is taken from one
//! confirmation and another from the next.

use crate::config::same_endpoint;
use crate::saml::{Assertion, METHOD_BEARER, SubjectConfirmation, SubjectConfirmationData};
use crate::time::{after, rfc3339};

use super::login_history::INVALID_SUB_CONFIRM;
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "subject-confirmation-missing",
    line: Wording::Ours("The assertion carries no bearer SubjectConfirmation"),
    cause: "The identity provider confirms by another method (holder-of-key, sender-vouches), or leaves the element out.",
    fix_sp: "Nothing: a browser login is confirmed by bearer.",
    fix_idp: "Send a SubjectConfirmation with the method urn:oasis:names:tc:SAML:2.0:cm:bearer.",
    history: Some(&INVALID_SUB_CONFIRM),
};
static NO_TIME: Code = Code {
    id: "subject-confirmation-time-missing",
    line: Wording::Ours("SubjectConfirmationData carries no NotOnOrAfter"),
    cause: "The identity provider's template leaves it out.",
    fix_sp: "Nothing: a bearer confirmation must end.",
    fix_idp: "Add NotOnOrAfter to SubjectConfirmationData.",
    history: Some(&INVALID_SUB_CONFIRM),
};
static MALFORMED: Code = Code {
    id: "subject-confirmation-malformed",
    line: Wording::Ours("NotOnOrAfter in SubjectConfirmationData is not an xs:dateTime"),
    cause: "A locale's date format in a template.",
    fix_sp: "Nothing.",
    fix_idp: "Write times as 2026-01-15T10:00:00Z.",
    history: Some(&INVALID_SUB_CONFIRM),
};
static NOT_BEFORE: Code = Code {
    id: "subject-confirmation-not-before",
    line: Wording::Ours("SubjectConfirmationData of a bearer carries a NotBefore"),
    cause: "The identity provider copies the times of Conditions; the profile forbids this one.",
    fix_sp: "Nothing.",
    fix_idp: "Leave NotBefore out of SubjectConfirmationData.",
    history: Some(&INVALID_SUB_CONFIRM),
};
static EXPIRED: Code = Code {
    id: "subject-confirmation-expired",
    line: Wording::Ours("Current time is after notOnOrAfter in SubjectConfirmationData"),
    cause: "The message is judged after it expired, the validity is very short, or a clock is wrong.",
    fix_sp: "Judge an old capture at its own time: --at issued, or --at with the time of the login.",
    fix_idp: "Synchronise the clock; give confirmations a validity of about five minutes.",
    history: Some(&INVALID_SUB_CONFIRM),
};

pub(super) const CHECK: Check = Check {
    id: "subject-confirmation",
    number: Some(8),
    title: "Confirming a Subject Confirmation was provided and contains valid timestamps",
    clause: "saml-profiles-2.0 §4.1.4.2; saml-core-2.0 §2.4.1.2",
    asks: "Is there a bearer SubjectConfirmation whose data has a NotOnOrAfter in the future, give or take 3 minutes, and no NotBefore?",
    passes: "Ok",
    failures: &[&MISSING, &NO_TIME, &MALFORMED, &NOT_BEFORE, &EXPIRED],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let Some(confirmation) = judged(assertion, cx) else {
        let failure = MISSING.failure().what("Method").expected(METHOD_BEARER);
        let methods = assertion.confirmations().map(|confirmation| confirmation.method.as_str());
        let at = assertion.subject.as_ref().map_or(assertion.at, |subject| subject.at);
        return methods.fold(failure, |failure, method| failure.found(method)).at(at).into();
    };
    times(confirmation, cx).into()
}

/// The bearer confirmation that items 8 and 10 are about: one that holds in full, else one in time, else the first.
pub(super) fn judged<'a>(
    assertion: &'a Assertion,
    cx: &Context<'_>,
) -> Option<&'a SubjectConfirmation> {
    let bearers = || assertion.confirmations().filter(|c| c.method == METHOD_BEARER);
    let in_time = |c: &&SubjectConfirmation| times(c, cx).is_empty();
    let ours = |c: &&SubjectConfirmation| is_ours(c.data.as_ref(), cx);
    bearers()
        .find(|c| in_time(c) && ours(c))
        .or_else(|| bearers().find(in_time))
        .or_else(|| bearers().next())
}

fn is_ours(data: Option<&SubjectConfirmationData>, cx: &Context<'_>) -> bool {
    let Some(recipient) = data.and_then(|data| data.recipient.as_ref()) else { return false };
    cx.config.endpoints().any(|endpoint| same_endpoint(&recipient.text, endpoint.given()))
}

fn times(confirmation: &SubjectConfirmation, cx: &Context<'_>) -> Vec<Failure> {
    let what = "NotOnOrAfter in SubjectConfirmationData";
    let Some(data) = &confirmation.data else {
        return vec![NO_TIME.failure().what(what).expected("a time").at(confirmation.at)];
    };
    let mut failures = Vec::new();
    match data.not_on_or_after.as_ref().map(|time| (&time.text, &time.parsed)) {
        None => failures.push(NO_TIME.failure().what(what).expected("a time").at(data.at)),
        Some((text, Err(error))) => failures.push(
            MALFORMED
                .failure()
                .what(what)
                .expected("a time like 2026-01-15T10:00:00Z")
                .found(format!("{text} ({error})"))
                .at(data.at),
        ),
        Some((text, Ok(until))) => {
            let closes = after(until.instant, cx.config.clock_skew);
            if cx.now >= closes {
                failures.push(
                    EXPIRED
                        .failure()
                        .what(what)
                        .expected(format!("now < {} (allowed skew included)", rfc3339(closes)))
                        .found(format!("now = {}", rfc3339(cx.now)))
                        .found(format!("{what} = {text}"))
                        .at(data.at),
                );
            }
        }
    }
    if let Some(not_before) = &data.not_before {
        let failure = NOT_BEFORE.failure().what("NotBefore").expected("no NotBefore");
        failures.push(failure.found(not_before.text.as_str()).at(data.at));
    }
    failures
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case};
    use crate::support::assertion::SubjectConfirmation as Confirmation;
    use crate::support::response::LOGIN_URL;
    use crate::support::uri;

    const CHECK: &str = "subject-confirmation";
    const CONFIRMATION: &str =
        "/samlp:Response/saml:Assertion/saml:Subject/saml:SubjectConfirmation";
    const DATA: &str = "/samlp:Response/saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData";

    fn confirmation(until: &str, recipient: &str) -> Confirmation {
        Confirmation {
            method: uri::BEARER.to_owned(),
            not_before: None,
            not_on_or_after: Some(format!("2026-01-15T{until}Z")),
            recipient: Some(recipient.to_owned()),
            in_response_to: None,
        }
    }

    fn confirmed(by: Vec<Confirmation>) -> Case {
        Case::usual().message(|r| r.assertion().subject.as_mut().unwrap().confirmations = by)
    }

    fn edited(edit: impl FnOnce(&mut Confirmation)) -> Case {
        Case::usual().message(|response| edit(response.assertion().confirmation()))
    }

    #[test]
    fn a_bearer_confirmation_in_time_passes() {
        Case::usual().passes(CHECK);
    }

    #[test]
    fn not_on_or_after_is_excluded_to_the_nanosecond() {
        confirmed(vec![confirmation("10:00:00", LOGIN_URL)]).at("10:02:59.999999999").passes(CHECK);
        confirmed(vec![confirmation("10:00:00", LOGIN_URL)]).at("10:03:00").fails(
            CHECK,
            [
                "subject-confirmation-expired",
                "now < 2026-01-15T10:03:00Z (allowed skew included)",
                "now = 2026-01-15T10:03:00Z | NotOnOrAfter in SubjectConfirmationData = 2026-01-15T10:00:00Z",
                DATA,
            ],
        );
    }

    #[test]
    fn other_methods_do_not_count_whatever_they_hold() {
        let other = |method: &str| Confirmation {
            method: method.to_owned(),
            ..confirmation("10:05:00", LOGIN_URL)
        };
        let methods = [uri::HOLDER_OF_KEY, uri::SENDER_VOUCHES];
        confirmed(methods.map(other).to_vec()).fails(
            CHECK,
            [
                "subject-confirmation-missing",
                uri::BEARER,
                &methods.join(" | "),
                "/samlp:Response/saml:Assertion/saml:Subject",
            ],
        );
        let late = confirmation("09:00:00", LOGIN_URL);
        let case = confirmed(vec![other(uri::HOLDER_OF_KEY), late]);
        case.fails_with(CHECK, &["subject-confirmation-expired"]);
        confirmed(vec![other(uri::HOLDER_OF_KEY), confirmation("10:05:00", LOGIN_URL)])
            .is_accepted();
    }

    #[test]
    fn a_subject_without_confirmation_and_an_assertion_without_subject_are_rejected() {
        let subject = "/samlp:Response/saml:Assertion/saml:Subject";
        confirmed(Vec::new())
            .fails(CHECK, ["subject-confirmation-missing", uri::BEARER, "", subject]);
        let case = Case::usual().message(|response| response.assertion().subject = None);
        case.fails(CHECK, ["subject-confirmation-missing", uri::BEARER, "", ASSERTION]);
    }

    #[test]
    fn a_confirmation_must_end() {
        let told = |at| ["subject-confirmation-time-missing", "a time", "", at];
        edited(|c| c.not_on_or_after = None).fails(CHECK, told(DATA));
        let empty = Confirmation {
            not_on_or_after: None,
            recipient: None,
            ..confirmation("10:05:00", LOGIN_URL)
        };
        confirmed(vec![empty]).fails(CHECK, told(CONFIRMATION));
    }

    #[test]
    fn an_end_that_is_no_time_is_rejected() {
        let case = edited(|c| c.not_on_or_after = Some("soon".to_owned()));
        case.fails_with(CHECK, &["subject-confirmation-malformed"]);
        let [_, expected, found, at] = case.told(CHECK).remove(0);
        assert_eq!((expected.as_str(), at.as_str()), ("a time like 2026-01-15T10:00:00Z", DATA));
        assert!(found.starts_with("soon ("), "{found}");
    }

    #[test]
    fn a_bearer_may_carry_no_not_before() {
        let time = "2026-01-15T09:59:00Z";
        let case = edited(|c| c.not_before = Some(time.to_owned()));
        case.fails(CHECK, ["subject-confirmation-not-before", "no NotBefore", time, DATA]);
    }

    #[test]
    fn the_right_time_of_one_and_the_right_recipient_of_another_are_never_mixed() {
        let late = || confirmation("09:00:00", LOGIN_URL);
        let elsewhere = || confirmation("10:05:00", "https://other.example/acs");
        for both in [vec![late(), elsewhere()], vec![elsewhere(), late()]] {
            let position = if both[0].recipient == elsewhere().recipient { 1 } else { 2 };
            let case = confirmed(both);
            case.passes(CHECK);
            let at = format!("{CONFIRMATION}[{position}]/saml:SubjectConfirmationData");
            let expected = ["recipient-mismatch", LOGIN_URL, "https://other.example/acs", &at];
            case.fails("recipient", expected);
        }
    }

    #[test]
    fn one_confirmation_that_holds_in_full_is_enough() {
        let others = [confirmation("09:00:00", LOGIN_URL), confirmation("10:05:00", "urn:other")];
        let [late, elsewhere] = others;
        let good = confirmation("10:05:00", LOGIN_URL);
        confirmed(vec![late.clone(), elsewhere.clone(), good.clone()]).is_accepted();
        confirmed(vec![good, elsewhere, late]).is_accepted();
    }

    #[test]
    fn an_empty_in_response_to_is_none() {
        edited(|c| c.in_response_to = Some(String::new())).is_accepted();
    }
}
