//! The platform's page on a terminal, and below each of its lines what we know besides.
//!
//! ```text
//! Results
//!
//! Input          response.b64: base64, 7 wrapped lines → XML, 5,114 bytes
//! Configuration  acme-prod: Issuer and Audience match
//! Judged at      2026-01-15T10:01:00Z (--at)
//!
//! Unexpected Exceptions
//!   Ok
//! 1. Validating the Status
//!   Ok
//! …
//! 9. Checking that the Audience matches
//!   The audience in the assertion did not match the allowed audiences
//!     Audience
//!     expected  https://acme.my.salesforce.com  (Entity ID setting, samlcheck.toml:4)
//!     found     https://acme.my.salesforce.com/
//!                                             ^ one more character: a trailing slash
//!     at        line 1, /samlp:Response/saml:Assertion/saml:Conditions/…
//! …
//! ────
//! Subject: jdoe@example.com
//! AssertionId: _961716652b448f70e502193d01f1dd0f
//!
//! Login history: LOGIN_SAML_INVALID_AUDIENCE, "Failed: Audience Invalid"
//! Rejected: 1 of 15 checks failed: audience
//! ```
//!
//! The page's own lines stand at the margin and two columns in (platform §2 and §4); ours stand four columns in.

mod careless;
mod certificate;
mod clock;
mod diagnosis;
mod encryption;
mod failure;
mod flow;
mod footer;
mod header;
mod item;
mod page;
mod signature;
mod summary;
mod timeline;
mod tree;
mod what_if;

use std::io;

use super::safe::safe;
use super::{Detail, Renderer, Style};
use crate::report::Report;
pub(super) use clock::{clocks, compared};
pub(super) use encryption::said_of;
pub(super) use footer::instead;
pub(super) use page::{Ink, Page, padded};
pub(super) use what_if::what_if;

/// Writes text.
pub(super) struct TextRenderer {
    style: Style,
    several: bool,
    accepted: usize,
    rejected: usize,
}

impl TextRenderer {
    pub(super) fn new(style: Style, several: bool) -> Self {
        Self { style, several, accepted: 0, rejected: 0 }
    }
}

impl Renderer for TextRenderer {
    fn report(&mut self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let first = self.accepted + self.rejected == 0;
        if report.is_accepted() {
            self.accepted += 1;
        } else {
            self.rejected += 1;
        }
        let mut page = Page::new(out, &self.style);
        if self.style.detail == Detail::Verdict {
            let heading = self.several.then(|| heading(report));
            return footer::verdict(&mut page, report, heading.as_deref());
        }
        if self.several {
            if !first {
                page.blank()?;
            }
            page.rule()?;
            page.line(0, Ink::Title, &heading(report))?;
            page.blank()?;
        }
        whole(&mut page, report, self.style.detail)
    }

    fn finish(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        if !self.several || self.style.detail == Detail::Verdict {
            return Ok(());
        }
        let mut page = Page::new(out, &self.style);
        let all = self.accepted + self.rejected;
        let messages = if all == 1 { "message" } else { "messages" };
        page.blank()?;
        page.rule()?;
        let counts =
            format!("{all} {messages}: {} accepted, {} rejected", self.accepted, self.rejected);
        page.line(0, Ink::Title, &counts)
    }
}

/// Which of several messages it is: the input, and the place in it.
fn heading(report: &Report) -> String {
    let parts = report.parts();
    let origin = safe(&parts.origin);
    match parts.provenance.place() {
        Some(place) => format!("{origin}: {}", safe(place)),
        None => origin,
    }
}

fn whole(page: &mut Page<'_>, report: &Report, detail: Detail) -> io::Result<()> {
    header::header(page, report, detail)?;
    if let Some(around) = report.around() {
        flow::flow(page, around)?;
    }
    diagnosis::diagnosis(page, report, detail)?;
    if detail >= Detail::Verbose
        && let Some(message) = report.message()
    {
        summary::summary(page, report, message)?;
    }
    if detail >= Detail::VeryVerbose
        && let Some(document) = report.document()
    {
        let careless = report.careless();
        let taken = careless.as_ref().map(|careless| careless.taken.as_slice());
        tree::tree(page, report, document, taken.unwrap_or_default())?;
        if let Some(careless) = &careless {
            careless::careless(page, report, careless)?;
        }
    }
    for line in report.lines() {
        item::item(page, report, line, detail)?;
    }
    what_if(page, report)?;
    footer::footer(page, report, detail)
}
