//! Does one message name two requests? Then it was put together from two logins, and its service provider has to refuse it.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::finding::{IN_RESPONSE_TO_DIFFERS, Site};

static TWO: Cause = Cause {
    code: "names-two-requests",
    title: "The Response and the Assertion answer different requests",
    says: "The InResponseTo of the Response and that of the Assertion are not the same: the message was put together from two logins, or an assertion was stored and sent again.",
    fix_sp: "Start again from the My Domain login page, in a new window; no setting can help.",
    fix_idp: "Issue a new assertion for each request, and write the request's ID in both places.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "request-named",
    title: "A message that names two requests",
    explains: &[],
    causes: &[&TWO],
    when: When::Always,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let mut findings = case.report.findings().iter();
    let Some(finding) = findings.find(|f| f.code.id == IN_RESPONSE_TO_DIFFERS.id) else {
        return Vec::new();
    };
    let named = Evidence::new("named", finding.found.as_str());
    let at = match finding.at {
        Site::Element(place) => Some(place),
        Site::Node { .. } | Site::Line(_) => None,
    };
    vec![TWO.diagnosis(vec![named.at(at)])]
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::Case;

    #[test]
    fn two_requests_in_one_message_are_told() {
        let case = Case::usual().message(|response| {
            response.assertion().confirmation().in_response_to = Some("_another".to_owned());
        });
        let report = case.is_accepted();
        let [only] = report.diagnoses() else { panic!("{:?}", report.diagnoses()) };
        assert_eq!(only.cause.code, "names-two-requests");
        assert!(only.evidence[0].values[0].ends_with(" and _another"));
    }

    #[test]
    fn one_request_or_none_is_not() {
        let none = Case::usual().message(|response| {
            response.in_response_to = None;
            response.assertion().confirmation().in_response_to = None;
        });
        assert_eq!(none.is_accepted().diagnoses(), []);
        let one = Case::usual().message(|response| response.in_response_to = None);
        assert_eq!(one.is_accepted().diagnoses(), []);
    }
}
