//! Were the attributes of a portal login sent to an employee, or only one of the pair?

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static HALF: Cause = Cause {
    code: "portal-attributes-incomplete",
    title: "Only one of portal_id and organization_id came",
    says: "A login to a portal needs portal_id and organization_id; this message carries only {came}.",
    fix_sp: "Nothing, unless portal users log in here: then look up both ids.",
    fix_idp: "Send both attributes for portal users, and neither of them for employees.",
    confidence: Confidence::Proven,
};
static EMPLOYEE: Cause = Cause {
    code: "portal-attributes-for-an-employee",
    title: "Attributes of a portal login were sent to an employee",
    says: "The message carries portal_id, which only users of a portal may have, and this configuration is not one of a portal: a claim rule sends it to everybody.",
    fix_sp: "Nothing, if employees log in here; if portal users do, set portal_id and organization_id in this configuration.",
    fix_idp: "Send portal_id and organization_id only to portal users: give the claim rule a condition, such as a group.",
    confidence: Confidence::Likely,
};
static WRONG: Cause = Cause {
    code: "portal-attributes-wrong",
    title: "The portal or organization id is not the configured one",
    says: "The message carries the ids of a portal or organization that this configuration does not have; a sandbox that was refreshed has new ones.",
    fix_sp: "Compare the ids with the org's and the portal's, on their first 15 characters: 15 and 18 characters mean the same.",
    fix_idp: "Send portal_id and organization_id only for portal users, with the ids of this org.",
    confidence: Confidence::Likely,
};
static NO_ID: Cause = Cause {
    code: "portal-attributes-no-ids",
    title: "The portal or organization id does not have the form of an id",
    says: "An id of this platform has 15 letters and digits, or 18, of which the last three only check the others; {came} has another form.",
    fix_sp: "Nothing: compare with the ids that the setup shows.",
    fix_idp: "Copy the id again, whole and in upper and lower case: one of 15 characters differs from another by case alone.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "portal",
    title: "Portal or organization attributes",
    explains: &["portal-organization"],
    causes: &[&HALF, &EMPLOYEE, &WRONG, &NO_ID],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    diagnosed(case).into_iter().collect()
}

fn diagnosed(case: &Case<'_>) -> Option<Diagnosis> {
    let config = case.config()?;
    let failures = case.failures().filter(|(check, _)| *check == "portal-organization");
    let failures: Vec<_> = failures.map(|(_, failure)| failure).collect();
    if failures.is_empty() {
        return None;
    }
    let mut evidence: Vec<Evidence> = failures
        .iter()
        .map(|failure| {
            let found = Evidence::all("found", failure.found.clone()).at(failure.at);
            match failure.expected.first() {
                Some(expected) => found.expected(expected.text.as_str()),
                None => found,
            }
        })
        .collect();
    let of = |ends: &str| failures.iter().find(|failure| failure.code.id.ends_with(ends));
    let cause = if let Some(half) = of("-missing") {
        let came = half.found.first().map(|found| found.trim_end_matches(" alone"));
        evidence.insert(0, Evidence::new("came", came.unwrap_or_default()));
        if config.portal_id.is_none() { &EMPLOYEE } else { &HALF }
    } else if let Some(found) = failures.iter().flat_map(|f| &f.found).find(|id| !is_id(id)) {
        evidence.insert(0, Evidence::new("came", found.as_str()));
        &NO_ID
    } else {
        &WRONG
    };
    Some(cause.diagnosis(evidence))
}

/// Whether it has the form of a record's id.
fn is_id(text: &str) -> bool {
    let length = text.len() == 15 || text.len() == 18;
    length && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{Case, given};
    use crate::report::Report;
    use crate::support::assertion::Attribute;

    const PORTAL: &str = "060D00000000001";
    const ORGANIZATION: &str = "00D000000000001";

    fn with(attributes: &[(&str, &str)]) -> Case {
        let attributes = Attribute::all(attributes);
        Case::usual().message(|response| response.assertion().attributes = attributes)
    }

    fn portal(attributes: &[(&str, &str)]) -> Case {
        with(attributes).config(|config| {
            config.portal_id = Some(given(PORTAL));
            config.organization_id = Some(given(ORGANIZATION));
        })
    }

    fn code(report: &Report) -> &'static str {
        let first = report.diagnoses().first().unwrap();
        assert_eq!(first.explains, ["portal-organization"]);
        first.cause.code
    }

    #[test]
    fn portal_id_alone_was_sent_to_an_employee_where_no_portal_is_configured() {
        let report = with(&[("portal_id", PORTAL)]).report();
        assert_eq!(code(&report), "portal-attributes-for-an-employee");
    }

    #[test]
    fn half_of_the_pair_is_half_of_it_at_a_portal() {
        for (name, value) in [("portal_id", PORTAL), ("organization_id", ORGANIZATION)] {
            let report = portal(&[(name, value)]).report();
            assert_eq!(code(&report), "portal-attributes-incomplete", "{name}");
            let came = &report.diagnoses()[0].evidence[0];
            assert_eq!((came.label, came.values[0].as_str()), ("came", name));
        }
    }

    #[test]
    fn ids_of_another_org_are_wrong_in_either_length() {
        for other in ["00D000000000009", "00D000000000009EAA"] {
            let report = portal(&[("portal_id", PORTAL), ("organization_id", other)]).report();
            assert_eq!(code(&report), "portal-attributes-wrong", "{other}");
        }
        let report =
            portal(&[("portal_id", "060D00000000009AAA"), ("organization_id", ORGANIZATION)]);
        assert_eq!(code(&report.report()), "portal-attributes-wrong");
    }

    #[test]
    fn what_is_no_id_is_told_as_such() {
        for other in ["00D0000000000", "Acme Corp", "00D00000000000117"] {
            let report = portal(&[("portal_id", PORTAL), ("organization_id", other)]).report();
            assert_eq!(code(&report), "portal-attributes-no-ids", "{other}");
        }
    }

    #[test]
    fn ids_of_15_and_18_characters_are_the_same_and_nothing_is_said() {
        for (portal_id, organization_id) in [
            (PORTAL, ORGANIZATION),
            ("060D00000000001AAA", "00D000000000001EAA"),
            (PORTAL, "00D000000000001EAA"),
        ] {
            let sent = [("portal_id", portal_id), ("organization_id", organization_id)];
            assert_eq!(portal(&sent).is_accepted().diagnoses(), []);
        }
        assert_eq!(with(&[("organization_id", ORGANIZATION)]).is_accepted().diagnoses(), []);
        assert_eq!(Case::usual().is_accepted().diagnoses(), []);
    }
}
