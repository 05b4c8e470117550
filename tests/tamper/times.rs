//! Times that a lenient reader takes for valid, in messages that the identity provider signed.

use super::forge::{by_idp, genuine};
use super::subject::Subject;
use super::{Attack, Class, Table};

const MALFORMED: &[&str] = &["timestamps-malformed"];
const CONFIRMATION: &[&str] = &["subject-confirmation-malformed"];
const EXPIRED: &[&str] = &["timestamps-expired"];
const PARSE: &str = "time/mod.rs parse_date_time";
const READ: &str = "checks/timestamps.rs read";
const RUN: &str = "checks/timestamps.rs run";

/// Another NotOnOrAfter in Conditions.
fn until(s: &Subject, value: &str) -> Option<Vec<u8>> {
    let markup = format!("NotOnOrAfter=\"{value}\"");
    genuine(s, &s.edit().attribute(s.part("Conditions")?, "NotOnOrAfter", &markup).text())
}

/// Another NotOnOrAfter in SubjectConfirmationData.
fn confirmed_until(s: &Subject, value: &str) -> Option<Vec<u8>> {
    let data = s.part("SubjectConfirmationData")?;
    let markup = format!("NotOnOrAfter=\"{value}\"");
    genuine(s, &s.edit().attribute(data, "NotOnOrAfter", &markup).text())
}

/// Another IssueInstant of the Assertion.
fn issued(s: &Subject, value: &str) -> Option<Vec<u8>> {
    let markup = format!("IssueInstant=\"{value}\"");
    genuine(s, &s.edit().attribute(s.assertion()?, "IssueInstant", &markup).text())
}

pub(super) const TABLE: Table = Table {
    class: Class::Times,
    attacks: &[
        Attack::rejected("time-without-date", MALFORMED, PARSE, |s| until(s, "23:59:59Z"))
            .judged(by_idp),
        Attack::rejected("date-without-time", MALFORMED, PARSE, |s| until(s, "2033-01-01Z"))
            .judged(by_idp),
        Attack::rejected("time-with-a-space", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01 00:00:00Z")
        })
        .judged(by_idp),
        Attack::rejected("time-in-lower-case", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01t00:00:00z")
        })
        .judged(by_idp),
        Attack::rejected("year-of-five-digits", MALFORMED, PARSE, |s| {
            until(s, "99999-01-01T00:00:00Z")
        })
        .judged(by_idp),
        Attack::rejected("year-beyond-every-clock", MALFORMED, PARSE, |s| {
            until(s, "99999999999999999999-01-01T00:00:00Z")
        })
        .judged(by_idp),
        Attack::rejected(
            "year-before-christ",
            &["timestamps-expired", "timestamps-malformed"],
            PARSE,
            |s| until(s, "-2033-01-01T00:00:00Z"),
        )
        .judged(by_idp),
        Attack::rejected("year-with-a-sign", MALFORMED, PARSE, |s| {
            until(s, "+2033-01-01T00:00:00Z")
        })
        .judged(by_idp),
        Attack::rejected("thirtieth-of-february", MALFORMED, PARSE, |s| {
            until(s, "2033-02-30T00:00:00Z")
        })
        .judged(by_idp),
        Attack::rejected("hour-25", MALFORMED, PARSE, |s| until(s, "2033-01-01T25:00:00Z"))
            .judged(by_idp),
        Attack::rejected("hour-24-and-a-second", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01T24:00:01Z")
        })
        .judged(by_idp),
        Attack::rejected("second-61", MALFORMED, PARSE, |s| until(s, "2033-01-01T00:00:61Z"))
            .judged(by_idp),
        Attack::rejected("offset-of-fifteen-hours", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01T00:00:00+15:00")
        })
        .judged(by_idp),
        Attack::rejected("offset-without-colon", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01T00:00:00+0100")
        })
        .judged(by_idp),
        Attack::rejected("zone-by-name", MALFORMED, PARSE, |s| until(s, "2033-01-01T00:00:00 CET"))
            .judged(by_idp),
        Attack::rejected("arabic-indic-digits", MALFORMED, PARSE, |s| {
            until(s, "٢٠٣٣-01-01T00:00:00Z")
        })
        .judged(by_idp),
        Attack::rejected("nbsp-behind-a-time", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01T00:00:00Z\u{A0}")
        })
        .judged(by_idp),
        Attack::rejected("seconds-since-1970", MALFORMED, PARSE, |s| until(s, "1988150400"))
            .judged(by_idp),
        Attack::rejected("comma-for-a-point", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01T00:00:00,5Z")
        })
        .judged(by_idp),
        Attack::rejected("point-without-fraction", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01T00:00:00.Z")
        })
        .judged(by_idp),
        Attack::rejected("empty-time", MALFORMED, READ, |s| until(s, "")).judged(by_idp),
        Attack::rejected("two-times", MALFORMED, PARSE, |s| {
            until(s, "2033-01-01T00:00:00Z 2033-01-01T00:00:00Z")
        })
        .judged(by_idp),
        Attack::rejected("expired-in-another-zone", EXPIRED, RUN, |s| {
            // Reads as a later hour than now, and is eight hours ago.
            let local = s.moment(6 * 3600);
            until(s, &local.replace('Z', "+14:00"))
        })
        .judged(by_idp),
        Attack::rejected("expired-on-the-second", EXPIRED, RUN, |s| until(s, &s.moment(-180)))
            .judged(by_idp),
        Attack::rejected("not-yet-valid", &["timestamps-not-yet-valid"], RUN, |s| {
            let markup = format!("NotBefore=\"{}\"", s.moment(181));
            genuine(s, &s.edit().attribute(s.part("Conditions")?, "NotBefore", &markup).text())
        })
        .judged(by_idp),
        Attack::rejected("conditions-without-end", &["timestamps-missing"], READ, |s| {
            genuine(s, &s.edit().attribute(s.part("Conditions")?, "NotOnOrAfter", "").text())
        })
        .judged(by_idp),
        Attack::rejected(
            "issued-too-long-ago",
            &["timestamps-issued-too-long-ago"],
            "checks/timestamps.rs issued",
            |s| issued(s, &s.moment(-481)),
        )
        .judged(by_idp),
        Attack::rejected(
            "issued-in-the-future",
            &["timestamps-issued-in-future"],
            "checks/timestamps.rs issued",
            |s| issued(s, &s.moment(181)),
        )
        .judged(by_idp),
        Attack::rejected("issued-at-no-time", MALFORMED, READ, |s| issued(s, "now")).judged(by_idp),
        Attack::rejected(
            "confirmation-expired",
            &["subject-confirmation-expired"],
            "checks/subject_confirmation.rs times",
            |s| confirmed_until(s, &s.moment(-180)),
        )
        .judged(by_idp),
        Attack::rejected(
            "confirmation-until-no-time",
            CONFIRMATION,
            "checks/subject_confirmation.rs times",
            |s| confirmed_until(s, "never"),
        )
        .judged(by_idp),
        Attack::rejected(
            "confirmation-without-end",
            &["subject-confirmation-time-missing"],
            "checks/subject_confirmation.rs times",
            |s| {
                let data = s.part("SubjectConfirmationData")?;
                genuine(s, &s.edit().attribute(data, "NotOnOrAfter", "").text())
            },
        )
        .judged(by_idp),
        Attack::unchanged(
            "time-without-zone",
            "time-without-zone",
            &[],
            "saml/reader.rs time",
            |s| until(s, s.moment(60).trim_end_matches('Z')),
        )
        .judged(by_idp),
    ],
};
