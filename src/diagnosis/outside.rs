//! Everything passes, and the login fails all the same: what lies outside the assertion (platform §5, §6).

use super::{Case, Cause, Confidence, Diagnosis, Rule, When};

/// The words for it; there is no evidence in a message.
pub(super) static OUTSIDE: Cause = Cause {
    code: "outside-the-assertion",
    title: "If the login still fails",
    says: "The message is as it should be, so the reason lies outside of it: the user, the org's policies, or what the login history says.",
    fix_sp: "Check in this order: the user exists, is active and not frozen, and has exactly this Federation ID or Username; login hours and IP ranges of the profile; the licence; just-in-time provisioning (ErrorCode in the address of the error page); the login history. No row there means that the user is unknown or the response could not be read.",
    fix_idp: "Compare the value that is sent for the user with the user record; make sure that the login is not sent twice (replay) and answers the request that was made.",
    confidence: Confidence::Possible,
};

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
    vec![OUTSIDE.diagnosis(Vec::new())]
}
