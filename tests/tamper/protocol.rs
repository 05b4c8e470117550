//! Lies of the protocol in messages that are really signed: status, version, confirmations, conditions, order.

use super::forge::{by_idp, genuine};
use super::subject::Subject;
use super::{Attack, Class, Table};

const NOT_SUCCESS: &[&str] = &["status-not-success"];
const STATUS: &str = "checks/status.rs run";
const JUDGED: &str = "checks/subject_confirmation.rs judged";
const SAML: &str = r#"xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion""#;
const PROTOCOL: &str = r#"xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol""#;
const STATUS_URI: &str = "urn:oasis:names:tc:SAML:2.0:status";
const CM: &str = "urn:oasis:names:tc:SAML:2.0:cm";

fn status(s: &Subject, codes: &str) -> Option<Vec<u8>> {
    genuine(s, &s.edit().content(s.of_protocol("Status")?, codes).text())
}

fn code(value: &str, inside: &str) -> String {
    format!("<p:StatusCode {PROTOCOL} Value=\"{value}\">{inside}</p:StatusCode>")
}

/// Other confirmations; `{}` data is the genuine one's time and Recipient.
fn confirmations(s: &Subject, all: &[(&str, bool, bool)]) -> Option<Vec<u8>> {
    let data = s.part("SubjectConfirmationData")?;
    let (time, recipient) = (data.attribute("NotOnOrAfter")?, data.attribute("Recipient")?);
    let recipient = recipient.replace('&', "&amp;");
    let one = |(method, in_time, ours): &(&str, bool, bool)| {
        let time = if *in_time { time } else { "2001-01-01T00:00:00Z" };
        let recipient = if *ours { recipient.as_str() } else { "https://other.example" };
        format!(
            "<a:SubjectConfirmation {SAML} Method=\"{method}\"><a:SubjectConfirmationData \
             NotOnOrAfter=\"{time}\" Recipient=\"{recipient}\"/></a:SubjectConfirmation>"
        )
    };
    let markup: String = all.iter().map(one).collect();
    genuine(s, &s.edit().replace(s.part("SubjectConfirmation")?, markup).text())
}

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const HOLDER: &str = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key";
const VOUCHES: &str = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches";

pub(super) const TABLE: Table = Table {
    class: Class::ProtocolLies,
    attacks: &[
        Attack::rejected("success-nested-in-responder", NOT_SUCCESS, STATUS, |s| {
            let inner = code(&format!("{STATUS_URI}:Success"), "");
            status(s, &code(&format!("{STATUS_URI}:Responder"), &inner))
        })
        .judged(by_idp),
        Attack::rejected("status-in-another-case", NOT_SUCCESS, STATUS, |s| {
            status(s, &code(&format!("{STATUS_URI}:success"), ""))
        })
        .judged(by_idp),
        Attack::rejected("status-with-a-space", NOT_SUCCESS, STATUS, |s| {
            status(s, &code(&format!("{STATUS_URI}:Success "), ""))
        })
        .judged(by_idp),
        Attack::rejected(
            "two-status-codes",
            &["format-structure"],
            "saml/reader.rs children",
            |s| {
                let good = code(&format!("{STATUS_URI}:Success"), "");
                status(s, &(good + &code(&format!("{STATUS_URI}:Responder"), "")))
            },
        )
        .judged(by_idp),
        Attack::rejected("success-only-in-the-message", &["status-missing"], STATUS, |s| {
            let message =
                format!("<p:StatusMessage {PROTOCOL}>{STATUS_URI}:Success</p:StatusMessage>");
            status(s, &message)
        })
        .judged(by_idp),
        Attack::rejected("no-status", &["status-missing"], STATUS, |s| {
            genuine(s, &s.edit().remove(s.of_protocol("Status")?).text())
        })
        .judged(by_idp),
        Attack::rejected("two-statuses", &["format-structure"], "saml/reader.rs children", |s| {
            let status = s.of_protocol("Status")?;
            genuine(s, &s.edit().after(status, s.source(status)).text())
        })
        .judged(by_idp),
        Attack::rejected("version-1.1", &["format-version"], "saml/reader.rs identity", |s| {
            let assertion = s.assertion()?;
            genuine(s, &s.edit().attribute(assertion, "Version", "Version=\"1.1\"").text())
        })
        .judged(by_idp),
        Attack::rejected("version-2.00", &["format-version"], "saml/reader.rs identity", |s| {
            let assertion = s.assertion()?;
            genuine(s, &s.edit().attribute(assertion, "Version", "Version=\"2.00\"").text())
        })
        .judged(by_idp),
        Attack::rejected(
            "version-of-the-response",
            &["format-version"],
            "saml/reader.rs identity",
            |s| {
                let response = s.response()?;
                genuine(s, &s.edit().attribute(response, "Version", "Version=\"1.0\"").text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "time-from-one-confirmation-and-recipient-from-another",
            &["recipient-mismatch", "subject-confirmation-expired"],
            JUDGED,
            |s| confirmations(s, &[(BEARER, true, false), (BEARER, false, true)]),
        )
        .judged(by_idp),
        Attack::rejected(
            "bearer-expired-beside-a-valid-holder-of-key",
            &["subject-confirmation-expired"],
            JUDGED,
            |s| confirmations(s, &[(HOLDER, true, true), (BEARER, false, true)]),
        )
        .judged(by_idp),
        Attack::rejected("holder-of-key-alone", &["subject-confirmation-missing"], JUDGED, |s| {
            confirmations(s, &[(HOLDER, true, true)])
        })
        .judged(by_idp),
        Attack::rejected("sender-vouches-alone", &["subject-confirmation-missing"], JUDGED, |s| {
            confirmations(s, &[(VOUCHES, true, true)])
        })
        .judged(by_idp),
        Attack::rejected(
            "method-in-another-case",
            &["subject-confirmation-missing"],
            JUDGED,
            |s| confirmations(s, &[(&format!("{CM}:Bearer"), true, true)]),
        )
        .judged(by_idp),
        Attack::rejected("no-confirmation", &["subject-confirmation-missing"], JUDGED, |s| {
            confirmations(s, &[])
        })
        .judged(by_idp),
        Attack::rejected(
            "not-before-in-a-bearer",
            &["subject-confirmation-not-before"],
            "checks/subject_confirmation.rs times",
            |s| {
                let data = s.part("SubjectConfirmationData")?;
                let markup = format!("NotBefore=\"{}\"", s.moment(-60));
                genuine(s, &s.edit().attribute(data, "NotBefore", &markup).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "one-time-use-twice",
            &["format-structure"],
            "saml/assertion.rs read_conditions",
            |s| {
                let twice = format!("<a:OneTimeUse {SAML}/>").repeat(2);
                genuine(s, &s.edit().last_in(s.part("Conditions")?, &twice).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "unknown-condition",
            &["conditions-unknown"],
            "checks/conditions.rs run",
            |s| {
                let condition = "<x:OnlyOnSundays xmlns:x=\"urn:x\"/>";
                genuine(s, &s.edit().last_in(s.part("Conditions")?, condition).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "condition-by-type",
            &["conditions-unknown"],
            "checks/conditions.rs run",
            |s| {
                let condition = format!("<a:Condition {SAML}/>");
                genuine(s, &s.edit().last_in(s.part("Conditions")?, &condition).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "no-conditions",
            &["conditions-missing"],
            "checks/conditions.rs run",
            |s| genuine(s, &s.edit().remove(s.part("Conditions")?).text()),
        )
        .judged(by_idp),
        Attack::rejected(
            "no-authn-statement",
            &["authn-statement-missing"],
            "checks/authn_statement.rs run",
            |s| genuine(s, &s.edit().remove(s.part("AuthnStatement")?).text()),
        )
        .judged(by_idp),
        Attack::rejected(
            "subject-behind-the-conditions",
            &["format-structure"],
            "saml/reader.rs children",
            |s| {
                let subject = s.part("Subject")?;
                let edit = s.edit().remove(subject);
                genuine(s, &edit.after(s.part("Conditions")?, s.source(subject)).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "issuer-format",
            &["format-issuer"],
            "checks/format.rs issuer_format",
            |s| {
                let markup = "Format=\"urn:mallory\"";
                genuine(s, &s.edit().attribute(s.part("Issuer")?, "Format", markup).text())
            },
        )
        .judged(by_idp),
        Attack::rejected("empty-user", &["subject-missing"], "checks/subject.rs run", |s| {
            genuine(s, &s.edit().content(s.identity()?, "").text())
        })
        .judged(by_idp),
        Attack::rejected(
            "login-response-that-is-a-logout",
            &["input-not-saml"],
            "saml/kind.rs of",
            |s| {
                let name = s.response()?.name();
                let logout = name.replace("Response", "LogoutResponse");
                Some(
                    s.text()
                        .replace(&format!("<{name}"), &format!("<{logout}"))
                        .replace(&format!("</{name}"), &format!("</{logout}"))
                        .into_bytes(),
                )
            },
        ),
        Attack::harmless("one-good-bearer-among-bad-ones", &[], JUDGED, |s| {
            confirmations(s, &[(HOLDER, true, true), (BEARER, false, false), (BEARER, true, true)])
        })
        .judged(by_idp),
    ],
};
