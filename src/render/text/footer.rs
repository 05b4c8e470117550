//! Below the list: whom the subject maps to, what the platform would log, and the verdict with every reason for it.
//!
//! platform §6: people were confused by a page of `Ok` whose reason to refuse stood below the list, so the verdict repeats it.

use std::io;

use super::encryption::encryption;
use super::failure::failures;
use super::item::{FOOTER, findings};
use super::page::{Ink, LABEL, Page};
use crate::checks::{Line, MappedUser, Outcome};
use crate::decode::InputErrorKind;
use crate::render::Detail;
use crate::render::safe::safe;
use crate::report::Report;
use crate::validate::Trouble;

pub(super) fn footer(page: &mut Page<'_>, report: &Report, detail: Detail) -> io::Result<()> {
    page.rule()?;
    if let Some(line) = report.lines().iter().find(|line| line.check.id == FOOTER)
        && report.message().is_some()
    {
        subject(page, report, line, detail)?;
    }
    nothing_validated(page, report)?;
    page.blank()?;
    if let Some(history) = report.login_history() {
        let text = history.text.map(|text| format!(", \"{text}\"")).unwrap_or_default();
        page.line(0, Ink::Plain, &format!("Login history: {}{text}", history.code))?;
    }
    explained(page, report)?;
    verdict(page, report, None)
}

fn subject(page: &mut Page<'_>, report: &Report, line: &Line, detail: Detail) -> io::Result<()> {
    let unverified = if report.is_signed() { "" } else { " (unverified)" };
    match report.subject() {
        Some(subject) => {
            page.line(0, Ink::Plain, &format!("Subject: {}{unverified}", safe(subject)))?;
        }
        None => page.line(0, Ink::Plain, "Subject: (none)")?,
    }
    match &line.outcome {
        Outcome::Failed(failed) => failures(page, report, failed, 0)?,
        Outcome::Ok => {
            let subject = report.subject().unwrap_or_default();
            let user = report.mapped_user().map(|user| maps_to(user, subject)).unwrap_or_default();
            page.prose(0, Ink::Pass, &format!("Maps to user {user}"))?;
        }
        Outcome::NotRequired => {
            let said = "Mapping was not checked: the configuration names no users";
            page.line(0, Ink::Ours, said)?;
        }
        Outcome::NotProvided | Outcome::Skipped(_) => {}
    }
    encryption(page, report, FOOTER)?;
    findings(page, report, FOOTER)?;
    if detail >= Detail::Verbose {
        page.labelled(4, ("clause", LABEL), Ink::Ours, line.check.clause)?;
    }
    match report.assertion_id() {
        Some(id) => page.line(0, Ink::Plain, &format!("AssertionId: {}", safe(id))),
        None => Ok(()),
    }
}

/// `zoe@acme.example (Id 0055f…)`: the user's name, and what the subject has not said already.
fn maps_to(user: &MappedUser, subject: &str) -> String {
    let fields = [
        ("Username", &user.username),
        ("FederationIdentifier", &user.federation_identifier),
        ("Id", &user.id),
    ];
    let mut known = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let Some((_, name)) = known.next() else { return "without a name".to_owned() };
    let rest = known.filter(|(_, value)| *value != subject);
    let rest: Vec<String> = rest.map(|(name, value)| format!("{name} {}", safe(value))).collect();
    if rest.is_empty() { safe(name) } else { format!("{} ({})", safe(name), rest.join(", ")) }
}

/// Says so in these words when nothing was, and what to capture instead.
fn nothing_validated(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    if report.message().is_some() {
        if report.parts().configuration.name.is_none() {
            page.blank()?;
            let said = "Nothing was validated: no configuration applies to this message.";
            page.prose(0, Ink::Fail, said)?;
            page.prose(
                0,
                Ink::Plain,
                "Name the one to use with --sp NAME, or add one for this Issuer.",
            )?;
        }
        return Ok(());
    }
    let Some(trouble) = report.trouble() else { return Ok(()) };
    let (what, instead) = told(trouble);
    page.prose(0, Ink::Fail, &format!("Nothing was validated: {what}."))?;
    match instead {
        Some(instead) => page.prose(0, Ink::Plain, instead),
        None => Ok(()),
    }
}

/// What the input is, escaped, and what to capture instead.
fn told(trouble: &Trouble) -> (String, Option<&'static str>) {
    match trouble {
        Trouble::NotALogin(unreadable) => {
            (format!("this is {}", safe(&unreadable.kind.what())), Some(unreadable.kind.instead()))
        }
        Trouble::Input(error) => match &error.kind {
            InputErrorKind::NotSaml(what) => {
                (format!("this is {}", what.what()), Some(what.instead()))
            }
            InputErrorKind::Empty
            | InputErrorKind::Limit { .. }
            | InputErrorKind::Base64(_)
            | InputErrorKind::Inflate { .. }
            | InputErrorKind::Percent { .. }
            | InputErrorKind::Utf16 { .. }
            | InputErrorKind::Json { .. }
            | InputErrorKind::Ambiguous { .. } => (safe(&error.to_string()), None),
        },
        Trouble::Xml(error) => (safe(&error.to_string()), None),
        Trouble::Encrypted(_) => ("the assertion is encrypted".to_owned(), None),
    }
}

/// What to capture instead of this input, for every format.
pub(in crate::render) fn instead(report: &Report) -> Option<&'static str> {
    if report.message().is_some() { None } else { told(report.trouble()?).1 }
}

/// A command to paste for every code that occurs.
fn explained(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let mut commands: Vec<String> = Vec::new();
    for failure in report.failed().flat_map(|line| line.outcome.failures()) {
        let command = format!("samlcheck explain {}", failure.code.id);
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    let mut label = "What to do:";
    for command in commands {
        page.row(0, (label, 12), &command, None)?;
        label = "";
    }
    Ok(())
}

/// One line; with `origin` in front of it when there are several inputs.
pub(super) fn verdict(
    page: &mut Page<'_>,
    report: &Report,
    origin: Option<&str>,
) -> io::Result<()> {
    let origin = origin.map(|origin| format!("{origin}: ")).unwrap_or_default();
    let ink = if report.is_accepted() { Ink::Pass } else { Ink::Fail };
    page.line(0, ink, &format!("{origin}{}", words(report)))
}

/// `Accepted`, or `Rejected` with every reason.
fn words(report: &Report) -> String {
    if report.is_accepted() {
        return "Accepted".to_owned();
    }
    let mut reasons = Vec::new();
    let failed: Vec<&str> = report.failed().map(|line| line.check.id).collect();
    if !failed.is_empty() {
        let checks = format!("{} of {} checks failed", failed.len(), report.required());
        reasons.push(format!("{checks}: {}", failed.join(", ")));
    }
    let below = report.failed().find(|line| line.check.id == FOOTER);
    if let Some(failure) = below.and_then(|line| line.outcome.failures().first()) {
        reasons.push(first_small(failure.line.text()));
    }
    if report.message().is_none() {
        reasons.push("nothing was validated".to_owned());
    } else if report.parts().configuration.name.is_none() {
        reasons.push("nothing was validated, as no configuration applies".to_owned());
    } else {
        let skipped = |line: &&Line| matches!(line.outcome, Outcome::Skipped(_));
        match report.lines().iter().filter(skipped).count() {
            0 => {}
            1 => reasons.push("1 was skipped".to_owned()),
            skipped => reasons.push(format!("{skipped} were skipped")),
        }
        if !report.parts().configuration.certain {
            reasons.push("the configuration is a guess".to_owned());
        }
    }
    if reasons.is_empty() {
        reasons.push("no verified signature covers what was read".to_owned());
    }
    format!("Rejected: {}", reasons.join("; "))
}

/// A sentence as the continuation of another.
fn first_small(sentence: &str) -> String {
    let mut rest = sentence.chars();
    rest.next().into_iter().flat_map(char::to_lowercase).chain(rest).collect()
}
