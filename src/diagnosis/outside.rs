//! Everything passes, and the login fails all the same: what lies outside the assertion (platform §5, §6).

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

/// The words for it; there is no evidence in a message.
pub(super) static OUTSIDE: Cause = Cause {
    code: "outside-the-assertion",
    title: "If the login still fails",
    says: "The message is as it should be, so the reason lies outside of it: the user, the org's policies, or what the login history says.",
    fix_sp: "Go through the list from the top; the login history says which of these it was, when it says anything.",
    fix_idp: "Compare the value that is sent for the user with the user record; make sure that the login is not sent twice (replay) and answers the request that was made.",
    confidence: Confidence::Possible,
};

/// What lies outside of the assertion, and where it is seen, in the order to look at it (platform §5, §6).
pub const OUTSIDE_THE_ASSERTION: [(&str, &str); 8] = [
    (
        "login history",
        "Its newest row for this user names the reason. No row at all means that the user is unknown, or that the response could not be read.",
    ),
    (
        "mapping",
        "Exactly one user has this value as Federation ID or Username, letter for letter: blank, another case or a sandbox suffix is enough to miss it.",
    ),
    ("user", "The user is active, not frozen, and not locked out by wrong passwords."),
    (
        "policies",
        "The login hours and login IP ranges of the user's profile allow this moment and this address.",
    ),
    (
        "licence",
        "The user's licence and permissions allow this login: the portal, the site or the app that is opened.",
    ),
    (
        "provisioning",
        "Just-in-time provisioning failed when the address of the error page carries an ErrorCode: samlcheck explain 'ADDRESS' reads it.",
    ),
    (
        "once, in time",
        "LOGIN_SAML_REPLAY_ATTEMPTED: this assertion was delivered before. LOGIN_SAML_INVALID_IN_RES_TO: it answers a request that is gone; start again from the login page.",
    ),
    (
        "configuration",
        "LOGIN_SAML_INVALID_CONFIG: SAML is switched off (always so after a sandbox was refreshed), or the stored certificate is damaged.",
    ),
];

/// Choice: it is never told by itself, as every healthy message would get it; `-v` and `explain` tell it.
pub(super) const RULE: Rule = Rule {
    id: "outside",
    title: "Green validator, red login",
    explains: &[],
    causes: &[&OUTSIDE],
    when: When::Asked,
    run,
};

fn run(_: &Case<'_>) -> Vec<Diagnosis> {
    let evidence = OUTSIDE_THE_ASSERTION.iter().map(|(what, look)| Evidence::new(what, *look));
    vec![OUTSIDE.diagnosis(evidence.collect())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_sentence_behind_a_short_label() {
        for (what, look) in OUTSIDE_THE_ASSERTION {
            assert!(look.ends_with('.') && what.len() < 15, "{what}: {look}");
        }
    }
}
