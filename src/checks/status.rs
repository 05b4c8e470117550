//! Does the identity provider say that the login succeeded?
//!
//! The top-level StatusCode decides; nested codes and the StatusMessage tell why not (saml-core-2.0 §3.2.2.2).

use crate::saml::{Response, STATUS_SUCCESS};

use super::login_history::INVALID_STATUS;
use super::{Check, Code, Context, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "status-missing",
    line: Wording::Ours("The response carries no StatusCode"),
    cause: "A Response without a Status is not SAML; a template or a proxy lost it.",
    fix_sp: "Nothing: the response has to be whole.",
    fix_idp: "Send a Status with a StatusCode in every Response.",
    history: Some(&INVALID_STATUS),
};
static NOT_SUCCESS: Code = Code {
    id: "status-not-success",
    line: Wording::Ours("The identity provider reports that the login did not succeed"),
    cause: "The identity provider refused: the user is not assigned, the request was not understood, or the authentication \
            that was asked for was not possible.",
    fix_sp: "Read the nested code and the message; look at what the AuthnRequest asks for.",
    fix_idp: "Look for this login in the identity provider's own log: it knows the reason.",
    history: Some(&INVALID_STATUS),
};

pub(super) const CHECK: Check = Check {
    id: "status",
    number: Some(1),
    title: "Validating the Status",
    clause: "saml-core-2.0 §3.2.2.2",
    asks: "Is the top-level StatusCode urn:oasis:names:tc:SAML:2.0:status:Success?",
    passes: "Ok",
    failures: &[&MISSING, &NOT_SUCCESS],
    run: Run::Response(run),
};

fn run(response: &Response, _: &Context<'_>) -> Outcome {
    let Some(status) = response.status.as_ref().filter(|status| !status.codes.is_empty()) else {
        return MISSING.failure().expected(STATUS_SUCCESS).at(response.at).into();
    };
    if status.is_success() {
        return Outcome::Ok;
    }
    let codes = status.codes.iter().map(|code| code.text.as_str());
    let mut failure = NOT_SUCCESS.failure().expected(STATUS_SUCCESS).at(status.at);
    failure = codes.fold(failure, |failure, code| failure.found(code));
    if let Some(message) = &status.message {
        failure = failure.found(format!("StatusMessage: {}", message.text));
    }
    failure.into()
}

#[cfg(test)]
mod tests {
    use crate::checks::Outcome;
    use crate::checks::fixture::Case;
    use crate::support::response::Status;
    use crate::support::uri;

    const STATUS: &str = "/samlp:Response/samlp:Status";

    fn status(codes: &[&str]) -> Case {
        Case::usual().message(|response| response.status = Some(Status::new(codes)))
    }

    #[test]
    fn success_passes() {
        status(&[uri::SUCCESS]).passes("status");
    }

    #[test]
    fn what_is_nested_in_success_does_not_matter() {
        status(&[uri::SUCCESS, uri::AUTHN_FAILED]).passes("status");
    }

    #[test]
    fn a_bare_assertion_has_no_status() {
        assert_eq!(Case::usual().bare().outcome("status"), Outcome::NotProvided);
    }

    #[test]
    fn a_response_without_a_status_is_rejected() {
        let case = Case::usual().message(|response| response.status = None);
        case.fails("status", ["status-missing", uri::SUCCESS, "", "/samlp:Response"]);
    }

    #[test]
    fn a_status_without_a_code_is_rejected() {
        let expected = ["status-missing", uri::SUCCESS, "", "/samlp:Response"];
        status(&[]).fails("status", expected);
    }

    #[test]
    fn a_refusal_tells_every_nested_code_and_the_message() {
        let case = Case::usual().message(|response| {
            let mut status = Status::new(&[uri::RESPONDER, uri::AUTHN_FAILED]);
            status.message = Some("User not assigned".to_owned());
            response.status = Some(status);
        });
        let found = format!(
            "{} | {} | StatusMessage: User not assigned",
            uri::RESPONDER,
            uri::AUTHN_FAILED
        );
        case.fails("status", ["status-not-success", uri::SUCCESS, &found, STATUS]);
    }

    #[test]
    fn success_that_is_only_nested_does_not_count() {
        let found = format!("{} | {}", uri::RESPONDER, uri::SUCCESS);
        let expected = ["status-not-success", uri::SUCCESS, &found, STATUS];
        status(&[uri::RESPONDER, uri::SUCCESS]).fails("status", expected);
    }

    #[test]
    fn a_code_is_compared_letter_for_letter() {
        for code in [
            "urn:oasis:names:tc:SAML:2.0:status:success",
            " urn:oasis:names:tc:SAML:2.0:status:Success",
            "",
        ] {
            let expected = ["status-not-success", uri::SUCCESS, code, STATUS];
            status(&[code]).fails("status", expected);
        }
    }
}
