//! The configured certificate's own validity: a genuine signature by a key whose time has passed or not come.

use super::forge::genuine;
use super::{Attack, Class, Table};
use crate::support::keys::{Key, certificate};

const RUN: &str = "checks/signature.rs run";

pub(super) const TABLE: Table = Table {
    class: Class::Certificates,
    attacks: &[
        Attack::rejected("certificate-expired", &["signature-certificate-expired"], RUN, |s| {
            genuine(s, s.text())
        })
        .judged(|judging| {
            judging.trust(&certificate(Key::Idp, "idp", 1, "200101000000Z", "251231235959Z"));
        }),
        Attack::rejected(
            "certificate-expired-by-a-second",
            &["signature-certificate-expired"],
            RUN,
            |s| s.first.then(|| genuine(s, s.text()))?,
        )
        .judged(|judging| {
            // The first sample is judged on 15 January 2026 at 10:01:00.
            judging.trust(&certificate(Key::Idp, "idp", 1, "200101000000Z", "260115100059Z"));
        }),
        Attack::rejected(
            "certificate-not-yet-valid",
            &["signature-certificate-not-yet-valid"],
            RUN,
            |s| genuine(s, s.text()),
        )
        .judged(|judging| {
            judging.trust(&certificate(Key::Idp, "idp", 1, "300101000000Z", "331231235959Z"));
        }),
        Attack::rejected(
            "certificate-that-ends-before-it-begins",
            &["signature-certificate-expired"],
            RUN,
            |s| genuine(s, s.text()),
        )
        .judged(|judging| {
            judging.trust(&certificate(Key::Idp, "idp", 1, "330101000000Z", "200101000000Z"));
        }),
        Attack::rejected(
            "certificate-expired-in-the-last-century",
            &["signature-certificate-expired"],
            RUN,
            |s| genuine(s, s.text()),
        )
        .judged(|judging| {
            judging.trust(&certificate(Key::Idp, "idp", 1, "500101000000Z", "510101000000Z"));
        }),
        Attack::harmless("certificate-valid-to-the-second", &[], RUN, |s| {
            s.first.then(|| genuine(s, s.text()))?
        })
        .judged(|judging| {
            judging.trust(&certificate(Key::Idp, "idp", 1, "200101000000Z", "260115100100Z"));
        }),
    ],
};
