//! Was an assertion of the same issuer and with the same ID judged before, in this run or an earlier one?
//!
//! Whoever runs the tool looks that up, after the message was judged; so this rule speaks last.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::report::Earlier;

/// Where it was judged, which the sentence tells.
const IN: &str = "judged in";

static REPLAYED: Cause = Cause {
    code: "replayed",
    title: "The assertion was judged before",
    says: "An assertion with the same ID was judged before, in {judged in}; a service provider takes it the first time and refuses it as a replay after that.",
    fix_sp: "Nothing, if both are captures of one login. Otherwise start again from the My Domain login page: an assertion is good for one login.",
    fix_idp: "Issue an assertion with an ID of its own for each login, and post it once.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "replay",
    title: "Assertions that were judged before",
    explains: &[],
    causes: &[&REPLAYED],
    when: When::LookedUp,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let earlier = case.report.parts().provenance.earlier.as_ref();
    let id = case.report.assertion_id().unwrap_or_default();
    earlier.map(|earlier| seen(id, earlier)).into_iter().collect()
}

/// When and where.
pub(super) fn seen(id: &str, earlier: &Earlier) -> Diagnosis {
    let mut evidence = vec![
        Evidence::new("assertion ID", id),
        Evidence::new(IN, earlier.origin.as_str()),
        Evidence::time("judged at", earlier.judged_at),
    ];
    evidence.extend(earlier.recorded_at.map(|at| Evidence::time("recorded at", at)));
    REPLAYED.diagnosis(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::fixture::Case as Message;

    fn earlier() -> Earlier {
        Earlier {
            origin: "monday.har: entry 39".to_owned(),
            judged_at: "2026-01-15T10:01:00Z".parse().unwrap(),
            recorded_at: None,
        }
    }

    #[test]
    fn it_says_when_and_where_and_changes_no_verdict() {
        let mut report = Message::usual().is_accepted();
        assert_eq!(report.diagnoses(), []);
        let recorded_at = Some("2026-01-16T08:00:00Z".parse().unwrap());
        report.set_earlier(Earlier { recorded_at, ..earlier() });
        let [told] = report.diagnoses() else { panic!("{:?}", report.diagnoses()) };
        assert_eq!((told.cause.code, told.confidence), ("replayed", Confidence::Proven));
        let facts: Vec<_> = told.evidence.iter().map(|e| (e.label, e.values[0].as_str())).collect();
        let id = report.assertion_id().unwrap();
        let expected = [
            ("assertion ID", id),
            (IN, "monday.har: entry 39"),
            ("judged at", "2026-01-15T10:01:00Z"),
            ("recorded at", "2026-01-16T08:00:00Z"),
        ];
        assert_eq!(facts, expected);
        assert!(report.is_accepted() && report.exit_code() == 0);
    }

    #[test]
    fn within_one_run_nothing_was_recorded() {
        let labels: Vec<_> = seen("_a", &earlier()).evidence.iter().map(|e| e.label).collect();
        assert_eq!(labels, ["assertion ID", IN, "judged at"]);
    }

    #[test]
    fn only_an_assertion_that_is_signed_is_known_again() {
        let report = Message::usual().is_accepted();
        let (issuer, id) = report.signed_assertion().unwrap();
        assert_eq!((Some(id), issuer), (report.assertion_id(), crate::support::response::ISSUER));
        let late = Message::usual().at("12:00:00").report();
        assert!(late.signed_assertion().is_some(), "rejected, and signed all the same");
        let altered = Message::usual().altered(|xml| xml.replace(">zmueller@", ">admin@"));
        assert_eq!(altered.report().signed_assertion(), None);
        let unsigned = Message::usual().message(|response| {
            response.signing = None;
            response.assertion().signing = None;
        });
        assert_eq!(unsigned.report().signed_assertion(), None);
    }
}
