//! Does the message lack something that a login needs, or carry something that the standard does not allow?
//!
//! The last rule in rank: it explains what no other rule did, one failure at a time, by what the message lacks.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static LACKS: Cause = Cause {
    code: "assertion-incomplete",
    title: "The message lacks something that a login needs",
    says: "The identity provider left out what a login needs: {missing}.",
    fix_sp: "Nothing: no setting can fill it in.",
    fix_idp: "Add it to what is issued for this application; an application made for SAML 2.0 web single sign-on sends it by itself.",
    confidence: Confidence::Proven,
};
static EMPTY_FORM: Cause = Cause {
    code: "not-as-the-standard-says",
    title: "The message is not written as the standard says",
    says: "The identity provider wrote the message in a form that the standard or the platform does not allow: {what}.",
    fix_sp: "Nothing: no setting makes another form acceptable.",
    fix_idp: "Correct the template or the settings of this application; the evidence names the place.",
    confidence: Confidence::Proven,
};
static SITE: Cause = Cause {
    code: "site-url-not-usable",
    title: "The site that the user should land on cannot be used",
    says: "The message names a site (siteurl) that is not active, not known here, or not https.",
    fix_sp: "Compare it with the address of the site as the setup shows it, and check that the site is active.",
    fix_idp: "Send the full https address of an active site in siteurl, or leave the attribute out.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "incomplete",
    title: "Something is missing or malformed",
    explains: &[
        "status",
        "authn-statement",
        "conditions",
        "timestamps",
        "attribute",
        "format",
        "issuer",
        "subject-confirmation",
        "audience",
        "recipient",
        "site-url",
    ],
    causes: &[&LACKS, &EMPTY_FORM, &SITE],
    when: When::Unexplained,
    run,
};

/// What a failure says is missing, by its code.
const MISSING: [(&str, &str); 8] = [
    ("conditions-missing", "Conditions, which say when and for whom the message is valid"),
    ("authn-statement-missing", "an AuthnStatement, which says that and how the user logged in"),
    ("status-missing", "the Status, which says whether the login succeeded"),
    ("issuer-missing", "the Issuer, which says who sent the message"),
    ("subject-confirmation-missing", "a bearer SubjectConfirmation, which lets a browser carry it"),
    ("subject-confirmation-time-missing", "NotOnOrAfter in the SubjectConfirmationData"),
    ("audience-missing", "the Audience, which says for which service provider the message is"),
    ("recipient-missing", "the Recipient, which says to which login URL the message goes"),
];

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let mut found: Vec<Diagnosis> = Vec::new();
    let lacking = |code: &str| MISSING.iter().find(|(missing, _)| *missing == code);
    let without_conditions = case.failure("conditions-missing").is_some();
    for (code, missing) in MISSING {
        let Some(failure) = case.failure(code) else { continue };
        let Some((check, _)) = case.failures().find(|(_, other)| other.code.id == code) else {
            continue;
        };
        let evidence = vec![Evidence::new("missing", missing), place(failure.at)];
        // What stands in Conditions is missing with them.
        let checks = match (check, without_conditions) {
            ("conditions", _) => vec!["conditions", "timestamps", "audience"],
            ("audience", true) => continue,
            (check, _) => vec![check],
        };
        found.push(LACKS.diagnosis(evidence).explaining(checks));
    }
    for (check, failure) in case.failures() {
        if lacking(failure.code.id).is_some()
            || found.iter().any(|diagnosis| diagnosis.explains.contains(&check))
        {
            continue;
        }
        let value = failure.found.first().map(String::as_str).unwrap_or_default();
        let mut seen = Evidence::new("found", value).at(failure.at);
        if let Some(expected) = failure.expected.first() {
            seen = seen.expected(expected.text.as_str());
        }
        let (cause, evidence) = match check {
            "site-url" => (&SITE, vec![seen]),
            _ => (&EMPTY_FORM, vec![Evidence::new("what", failure.line.text()), seen]),
        };
        found.push(cause.diagnosis(evidence).explaining(vec![check]));
    }
    found
}

/// Where it would belong.
fn place(at: Option<crate::saml::Place>) -> Evidence {
    Evidence::all("in", Vec::new()).at(at)
}
