//! Genuine messages that were not meant for us, or not for now: signed by the identity provider, and to be refused all the same.

use super::forge::{by_idp, genuine};
use super::subject::Subject;
use super::{Attack, Class, Table};

const AUDIENCE: &[&str] = &["audience-mismatch"];
const RECIPIENT: &[&str] = &["recipient-mismatch"];
const ISSUER: &[&str] = &["issuer-mismatch"];

/// Another text in an element, signed by the identity provider.
fn text(s: &Subject, element: &str, change: fn(&str) -> String) -> Option<Vec<u8>> {
    let element = s.part(element)?;
    genuine(s, &s.edit().content(element, &change(&element.text().value)).text())
}

/// Another attribute value, signed by the identity provider.
fn value(s: &Subject, element: &str, name: &str, change: fn(&str) -> String) -> Option<Vec<u8>> {
    let element = s.part(element)?;
    let markup = format!("{name}=\"{}\"", change(element.attribute(name)?));
    genuine(s, &s.edit().attribute(element, name, &markup).text())
}

/// The whole message, judged at another moment.
fn as_it_is(s: &Subject) -> Option<Vec<u8>> {
    Some(s.text().as_bytes().to_vec())
}

fn restriction(audience: &str) -> String {
    format!(
        "<a:AudienceRestriction xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         <a:Audience>{audience}</a:Audience></a:AudienceRestriction>"
    )
}

pub(super) const TABLE: Table = Table {
    class: Class::Misdirection,
    attacks: &[
        Attack::rejected("other-audience", AUDIENCE, "checks/audience.rs run", |s| {
            text(s, "Audience", |_| "https://other.example".to_owned())
        })
        .judged(by_idp),
        Attack::rejected("audience-with-a-slash", AUDIENCE, "checks/audience.rs mismatch", |s| {
            text(s, "Audience", |audience| format!("{audience}/"))
        })
        .judged(by_idp),
        Attack::rejected("audience-as-a-prefix", AUDIENCE, "checks/audience.rs mismatch", |s| {
            text(s, "Audience", |audience| format!("{audience}.evil.example"))
        })
        .judged(by_idp),
        Attack::rejected(
            "second-restriction-for-another",
            AUDIENCE,
            "checks/audience.rs run",
            |s| {
                let own = s.part("AudienceRestriction")?;
                genuine(s, &s.edit().after(own, &restriction("https://other.example")).text())
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "no-audience-at-all",
            &["audience-missing"],
            "checks/audience.rs run",
            |s| genuine(s, &s.edit().remove(s.part("AudienceRestriction")?).text()),
        )
        .judged(by_idp),
        Attack::rejected("other-recipient", RECIPIENT, "checks/recipient.rs run", |s| {
            value(s, "SubjectConfirmationData", "Recipient", |_| "https://other.example".to_owned())
        })
        .judged(by_idp),
        Attack::rejected(
            "recipient-of-another-org",
            RECIPIENT,
            "config/endpoint.rs same_endpoint",
            |s| {
                value(s, "SubjectConfirmationData", "Recipient", |url| {
                    let (base, _) = url.rsplit_once('=').unwrap();
                    format!("{base}=00D000000000009")
                })
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "recipient-with-a-user-part",
            RECIPIENT,
            "config/endpoint.rs same_endpoint",
            |s| {
                value(s, "SubjectConfirmationData", "Recipient", |url| {
                    url.replace("https://", "https://mallory@")
                })
            },
        )
        .judged(by_idp),
        Attack::rejected(
            "recipient-with-more-parameters",
            RECIPIENT,
            "config/endpoint.rs same_endpoint",
            |s| value(s, "SubjectConfirmationData", "Recipient", |url| format!("{url}&amp;a=b")),
        )
        .judged(by_idp),
        Attack::rejected(
            "recipient-over-http",
            RECIPIENT,
            "config/endpoint.rs same_endpoint",
            |s| {
                value(s, "SubjectConfirmationData", "Recipient", |url| {
                    url.replace("https:", "http:")
                })
            },
        )
        .judged(by_idp),
        Attack::rejected("no-recipient", &["recipient-missing"], "checks/recipient.rs run", |s| {
            let data = s.part("SubjectConfirmationData")?;
            genuine(s, &s.edit().attribute(data, "Recipient", "").text())
        })
        .judged(by_idp),
        Attack::rejected(
            "other-destination",
            &["recipient-destination"],
            "checks/recipient.rs run",
            |s| {
                let response = s.response()?;
                let markup = "Destination=\"https://other.example\"";
                genuine(s, &s.edit().attribute(response, "Destination", markup).text())
            },
        )
        .judged(by_idp),
        Attack::rejected("other-issuer", ISSUER, "checks/issuer.rs run", |s| {
            text(s, "Issuer", |_| "https://other.example/metadata".to_owned())
        })
        .judged(by_idp),
        Attack::rejected("issuer-with-a-path-behind", ISSUER, "checks/issuer.rs compare", |s| {
            text(s, "Issuer", |issuer| format!("{issuer}/evil"))
        })
        .judged(by_idp),
        Attack::rejected("other-issuer-of-the-response", ISSUER, "checks/issuer.rs run", |s| {
            let issuer = s.response()?.children().next()?;
            genuine(s, &s.edit().content(issuer, "urn:mallory").text())
        })
        .judged(by_idp),
        Attack::rejected(
            "replayed-an-hour-later",
            &["timestamps-issued-too-long-ago"],
            "checks/timestamps.rs issued",
            as_it_is,
        )
        .judged(|judging| judging.at += jiff::SignedDuration::from_hours(1)),
        Attack::rejected(
            "replayed-a-year-later",
            &["timestamps-expired"],
            "checks/timestamps.rs run",
            as_it_is,
        )
        .judged(|judging| judging.at += jiff::SignedDuration::from_hours(8760)),
        Attack::rejected(
            "replayed-before-it-was-sent",
            &["timestamps-issued-in-future"],
            "checks/timestamps.rs issued",
            as_it_is,
        )
        .judged(|judging| judging.at -= jiff::SignedDuration::from_hours(1)),
        Attack::rejected(
            "replayed-as-the-response-to-another-request",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| {
                let data = s.part("SubjectConfirmationData")?;
                s.edit().attribute(data, "InResponseTo", "InResponseTo=\"_another\"").done()
            },
        ),
        Attack::unchanged(
            "answers-two-requests",
            "in-response-to-differs",
            &["signature-digest"],
            "saml/response.rs note_requests",
            |s| {
                s.part("SubjectConfirmationData")?.attribute("InResponseTo")?;
                s.edit()
                    .attribute(s.response()?, "InResponseTo", "InResponseTo=\"_another\"")
                    .done()
            },
        ),
    ],
};
