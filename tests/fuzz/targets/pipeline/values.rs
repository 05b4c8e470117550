//! Messages of the toy's that say hostile things and are properly signed.

use libfuzzer_sys::arbitrary::{Result, Unstructured};

use crate::support::assertion::Attribute;
use crate::support::keys::Key;
use crate::support::response::{ENTITY_ID, Response};
use crate::support::signature::{KeyInfo, Signing};

/// Text that XML can carry.
fn text(choices: &mut Unstructured<'_>) -> Result<String> {
    let text: &str = choices.arbitrary()?;
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    Ok(text.chars().filter(allowed).collect())
}

/// A value of the usual response, or text.
fn or_text(choices: &mut Unstructured<'_>, usual: &str) -> Result<String> {
    // Mostly the usual one, and when the bytes run out: with several values wrong, nothing would ever be accepted.
    Ok(match choices.int_in_range(0..=9)? {
        1 => text(choices)?,
        2 => format!("{usual}{}", text(choices)?),
        3 => format!(" \t{usual}\r\n"),
        _ => usual.to_owned(),
    })
}

/// The usual response, with the values, and the unsigned markup, that the bytes choose.
pub(crate) fn response(choices: &mut Unstructured<'_>) -> Result<Response> {
    let mut response = Response::usual();
    let signing = Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::P256) };
    let whole = choices.arbitrary::<bool>()?;
    response.signing = whole.then(|| signing.clone());
    response.assertion().signing = (!whole || choices.arbitrary()?).then(|| signing.clone());
    let subject = or_text(choices, "zmueller@example.com")?;
    response.assertion().name_id().value = subject;
    let id = or_text(choices, "_a7f03c1e")?;
    response.assertion().id = Some(id);
    let audience = or_text(choices, ENTITY_ID)?;
    response.assertion().conditions().audience_restrictions = vec![vec![audience]];
    for instant in 0..4 {
        let usual = ["2026-01-15T09:59:30Z", "2026-01-15T10:05:00Z"];
        let value = Some(or_text(choices, usual[instant % 2])?);
        match instant {
            0 => response.assertion().conditions().not_before = value,
            1 => response.assertion().conditions().not_on_or_after = value,
            2 => response.assertion().issue_instant = value,
            _ => response.assertion().confirmation().not_on_or_after = value,
        }
    }
    let names = ["siteurl", "portal_id", "organization_id", "SessionLevel", "federationId"];
    for _ in 0..choices.int_in_range(0..=3)? {
        let name = *choices.choose(&names)?;
        let name = or_text(choices, name)?;
        let value = text(choices)?;
        response.assertion().attributes.push(Attribute::new(&name, &[&value]));
    }
    // Beside the signed assertion, anything may stand.
    if !whole && choices.arbitrary()? {
        response.extensions = text(choices)?;
        response.before_assertion = text(choices)?;
        response.after_assertion = text(choices)?;
    }
    Ok(response)
}
