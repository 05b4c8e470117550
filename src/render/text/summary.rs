//! What the message says, for `-v`: whether signed or not is said first.

use std::io;

use jiff::Timestamp;

use super::page::{Ink, Page};
use crate::crypto::{Signed, View};
use crate::render::safe::safe;
use crate::report::{Report, Verdict};
use crate::saml::{Assertion, Attribute, Message, Response, Time};
use crate::time::words_between;

const COLUMN: usize = 28;

pub(super) fn summary(page: &mut Page<'_>, report: &Report, message: &Message) -> io::Result<()> {
    let covers = covers(report);
    let trust = match covers {
        Some(Signed::Response) => "signed: read from what the response's signature covers",
        Some(Signed::Assertion) => "signed: the assertion is read from what its signature covers",
        None => "unverified: no signature that holds covers these values",
    };
    page.line(0, Ink::Title, &format!("Message, {trust}"))?;
    let mut rows = Rows { page, now: report.parts().at.instant };
    if let Some(response) = message.response() {
        let outside = covers == Some(Signed::Assertion);
        let remark = if outside { ", outside the signature" } else { "" };
        rows.page.line(2, Ink::Ours, &format!("Response{remark}"))?;
        rows.response(response)?;
        rows.page.line(2, Ink::Ours, "Assertion")?;
    }
    if let Some(assertion) = message.assertion() {
        rows.assertion(assertion)?;
        attributes(page, assertion)?;
    }
    page.blank()
}

/// What is signed of what was read.
pub(super) fn covers(report: &Report) -> Option<Signed> {
    match report.verdict() {
        Verdict::Accepted(view) | Verdict::Rejected(Some(View::Signed(view))) => {
            Some(view.covers())
        }
        Verdict::Rejected(Some(View::Unverified(_)) | None) => None,
    }
}

struct Rows<'p, 'o> {
    page: &'p mut Page<'o>,
    now: Timestamp,
}

impl Rows<'_, '_> {
    fn text(&mut self, name: &str, value: Option<&str>) -> io::Result<()> {
        let shown = match value {
            Some("") => "(empty)".to_owned(),
            Some(value) => safe(value),
            None => return Ok(()),
        };
        self.page.row(4, (name, COLUMN), &shown, None)
    }

    /// The time as written, and how far it is from the judged moment.
    fn time(&mut self, name: &str, time: Option<&Time>) -> io::Result<()> {
        let Some(time) = time else { return Ok(()) };
        let words = match &time.parsed {
            Ok(parsed) if parsed.instant == self.now => "(the judged moment)".to_owned(),
            Ok(parsed) => {
                let words = words_between(parsed.instant, self.now);
                let side = if parsed.instant < self.now { "before" } else { "after" };
                format!("({words} {side} the judged moment)")
            }
            Err(error) => format!("({error})"),
        };
        self.page.row(4, (name, COLUMN), &safe(&time.text), Some(&words))
    }

    fn response(&mut self, response: &Response) -> io::Result<()> {
        let issuer = response.issuer.as_ref().map(|issuer| issuer.value.text.as_str());
        self.text("Issuer", issuer)?;
        self.time("IssueInstant", response.issue_instant.as_ref())?;
        let destination = response.destination.as_ref().map(|value| value.text.as_str());
        self.text("Destination", destination)?;
        self.text("InResponseTo", response.in_response_to.as_deref())?;
        let codes = response.status.iter().flat_map(|status| &status.codes);
        for code in codes {
            self.text("StatusCode", Some(&code.text))?;
        }
        Ok(())
    }

    fn assertion(&mut self, assertion: &Assertion) -> io::Result<()> {
        let issuer = assertion.issuer.as_ref().map(|issuer| issuer.value.text.as_str());
        self.text("Issuer", issuer)?;
        self.time("IssueInstant", assertion.issue_instant.as_ref())?;
        if let Some(name_id) = assertion.name_id() {
            self.text("NameID", Some(&name_id.value.text))?;
            self.text("NameID Format", name_id.format.as_deref())?;
            self.text("NameID NameQualifier", name_id.name_qualifier.as_deref())?;
            self.text("NameID SPNameQualifier", name_id.sp_name_qualifier.as_deref())?;
        }
        for confirmation in assertion.confirmations() {
            self.text("SubjectConfirmation Method", Some(&confirmation.method))?;
            let Some(data) = &confirmation.data else { continue };
            let recipient = data.recipient.as_ref().map(|recipient| recipient.text.as_str());
            self.text("Recipient", recipient)?;
            self.text("InResponseTo", data.in_response_to.as_deref())?;
            self.time("Confirmation NotBefore", data.not_before.as_ref())?;
            self.time("Confirmation NotOnOrAfter", data.not_on_or_after.as_ref())?;
        }
        if let Some(conditions) = &assertion.conditions {
            self.time("Conditions NotBefore", conditions.not_before.as_ref())?;
            self.time("Conditions NotOnOrAfter", conditions.not_on_or_after.as_ref())?;
        }
        for audience in assertion.audiences() {
            self.text("Audience", Some(&audience.text))?;
        }
        for statement in &assertion.authn_statements {
            self.time("AuthnInstant", statement.authn_instant.as_ref())?;
            let until = statement.session_not_on_or_after.as_ref();
            self.time("SessionNotOnOrAfter", until)?;
            self.text("SessionIndex", statement.session_index.as_deref())?;
            let class = statement.authn_context_class_ref.as_ref();
            self.text("AuthnContextClassRef", class.map(|class| class.text.as_str()))?;
        }
        Ok(())
    }
}

fn attributes(page: &mut Page<'_>, assertion: &Assertion) -> io::Result<()> {
    if assertion.attributes.is_empty() {
        return page.line(4, Ink::Ours, "Attributes (none)");
    }
    page.line(4, Ink::Ours, "Attributes")?;
    assertion.attributes.iter().try_for_each(|attribute| values(page, attribute))
}

fn values(page: &mut Page<'_>, attribute: &Attribute) -> io::Result<()> {
    let mut name = safe(&attribute.name);
    if let Some(friendly) = &attribute.friendly_name {
        name = format!("{name} ({})", safe(friendly));
    }
    if name.len() >= COLUMN - 2 {
        page.line(6, Ink::Ours, &name)?;
        name.clear();
    }
    if attribute.values.is_empty() {
        return page.row(6, (&name, COLUMN - 2), "(no value)", None);
    }
    for value in &attribute.values {
        let shown = match value {
            None => "(elements, not text)".to_owned(),
            Some(value) if value.text.is_empty() => "(empty)".to_owned(),
            Some(value) => safe(&value.text),
        };
        page.row(6, (&name, COLUMN - 2), &shown, None)?;
        name.clear();
    }
    Ok(())
}
