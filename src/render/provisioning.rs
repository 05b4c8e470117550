//! Errors of just-in-time provisioning for `samlcheck explain`: one by its constant, or what an error redirect says.

use std::io;

use super::safe::safe;
use super::text::{Ink, Page};
use crate::provisioning::{ERRORS, ErrorRedirect, ProvisioningError};

const COLUMN: usize = 16;

/// The titles and names of all of them.
pub(super) fn list(page: &mut Page<'_>, column: usize) -> io::Result<()> {
    page.line(0, Ink::Title, "Errors of just-in-time provisioning")?;
    for error in ERRORS {
        let said = format!("{}: {}", error.number, error.description);
        page.labelled(2, (error.constant, column), Ink::Plain, &said)?;
    }
    Ok(())
}

/// One error.
pub(super) fn error(page: &mut Page<'_>, error: &ProvisioningError) -> io::Result<()> {
    page.line(0, Ink::Title, error.constant)?;
    page.blank()?;
    let mut row = |label: &str, text: &str| page.labelled(2, (label, COLUMN), Ink::Plain, text);
    row("stage", "just-in-time provisioning, after the assertion was accepted")?;
    row("error code", &error.number.to_string())?;
    row("description", error.description)?;
    row("login history", "LOGIN_SAML_PROVISION_ERROR, \"Failed: SAML Provision Error\"")?;
    row("what to do", error.remedy)
}

/// What the address of an error page says.
pub(super) fn redirect(page: &mut Page<'_>, redirect: &ErrorRedirect) -> io::Result<()> {
    match redirect.error {
        Some(known) => error(page, known)?,
        None => {
            page.line(0, Ink::Title, "An error of just-in-time provisioning that is not known")?;
        }
    }
    page.blank()?;
    page.line(2, Ink::Title, "In the address")?;
    for (label, value) in [
        ("ErrorCode", &redirect.code),
        ("ErrorDescription", &redirect.description),
        ("ErrorDetails", &redirect.details),
    ] {
        let value = value.as_deref().map_or_else(|| "(not there)".to_owned(), safe);
        page.labelled(4, (label, COLUMN + 4), Ink::Plain, &value)?;
    }
    Ok(())
}
