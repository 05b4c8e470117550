//! `samlcheck explain`: what a check asks and what a code means, with causes and fixes, and whose words each line is.

use std::io;

use super::text::{Ink, Page};
use super::{Style, provisioning};
use crate::checks::{self, CHECKS, Check, Code, Wording};
use crate::diagnosis::{Cause, OUTSIDE_THE_ASSERTION, Rule, When, causes};
use crate::finding::{self, FindingCode};
use crate::flow::{self, FlowCode};
use crate::idp::Product;
use crate::provisioning::{ERRORS, ErrorRedirect, by_constant};

const COLUMN: usize = 16;
/// Columns for the longest name.
const NAMES: usize = 44;

/// Explains a check, a failure code, a finding, a diagnosis, an error of provisioning, or the address of an error page; without a name, lists them all. False when there is none of that name:
/// then nothing is printed.
///
/// # Errors
/// When `out` cannot be written to.
pub fn explain(name: Option<&str>, style: &Style, out: &mut dyn io::Write) -> io::Result<bool> {
    let mut page = Page::new(out, style);
    let Some(name) = name else {
        list(&mut page)?;
        return Ok(true);
    };
    if let Some(check) = checks::by_id(name) {
        of_check(&mut page, check)?;
    } else if let Some((check, code)) = checks::code_by_id(name) {
        of_code(&mut page, check, code)?;
    } else if let Some(code) = finding::ALL.iter().find(|code| code.id == name) {
        of_finding(&mut page, code)?;
    } else if let Some(code) = flow::code::ALL.iter().find(|code| code.id == name) {
        of_flow(&mut page, code)?;
    } else if let Some((rule, cause)) = causes().find(|(_, cause)| cause.code == name) {
        of_cause(&mut page, rule, cause)?;
    } else if let Some(error) = by_constant(name) {
        provisioning::error(&mut page, error)?;
    } else if let Some(redirect) = ErrorRedirect::read(name) {
        provisioning::redirect(&mut page, &redirect)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// Every name that [`explain`] knows: checks, failure codes, findings, diagnoses, errors of provisioning.
#[must_use]
pub fn explain_names() -> Vec<&'static str> {
    let checks = CHECKS.iter().map(|check| check.id);
    let codes = CHECKS.iter().flat_map(|check| check.failures).map(|code| code.id);
    let findings = finding::ALL.iter().map(|code| code.id);
    let findings = findings.chain(flow::code::ALL.iter().map(|code| code.id));
    let causes = causes().map(|(_, cause)| cause.code);
    let errors = ERRORS.iter().map(|error| error.constant);
    checks.chain(codes).chain(findings).chain(causes).chain(errors).collect()
}

fn list(page: &mut Page<'_>) -> io::Result<()> {
    for check in CHECKS {
        page.line(0, Ink::Title, &titled(check))?;
        page.labelled(2, (check.id, NAMES), Ink::Plain, "the check as a whole")?;
        for code in check.failures {
            page.labelled(2, (code.id, NAMES), Ink::Plain, code.line.text())?;
        }
    }
    page.blank()?;
    page.line(0, Ink::Title, "Findings, which fail no check by themselves")?;
    for code in finding::ALL {
        page.labelled(2, (code.id, NAMES), Ink::Plain, code.says)?;
    }
    page.blank()?;
    page.line(0, Ink::Title, "Across the messages of a capture, which fail no check")?;
    for code in flow::code::ALL {
        page.labelled(2, (code.id, NAMES), Ink::Plain, code.says)?;
    }
    page.blank()?;
    page.line(0, Ink::Title, "Diagnoses, which say why checks fail")?;
    for (_, cause) in causes() {
        page.labelled(2, (cause.code, NAMES), Ink::Plain, cause.title)?;
    }
    page.blank()?;
    provisioning::list(page, NAMES)?;
    page.blank()?;
    page.line(0, Ink::Ours, "More about each: samlcheck explain NAME")
}

fn titled(check: &Check) -> String {
    match check.number {
        Some(number) => format!("{number}. {}", check.title),
        None => check.title.to_owned(),
    }
}

fn of_check(page: &mut Page<'_>, check: &Check) -> io::Result<()> {
    page.line(0, Ink::Title, &titled(check))?;
    page.blank()?;
    let mut row = |label: &str, text: &str| page.labelled(2, (label, COLUMN), Ink::Plain, text);
    row("check", check.id)?;
    row("asks", check.asks)?;
    row("clause", check.clause)?;
    // The pre-check is on the page without a number; the mapping stands in its footer, where success prints nothing known.
    if check.number.is_some() || check.id == "input" {
        row("title", "the platform's words")?;
        row("when it passes", &format!("\"{}\", the platform's words", check.passes))?;
    } else {
        row("title", "our words: the platform prints this in its footer, without a title")?;
    }
    for code in check.failures {
        page.blank()?;
        page.line(2, Ink::Title, code.id)?;
        words(page, 4, code)?;
    }
    let findings: Vec<&&FindingCode> =
        finding::ALL.iter().filter(|f| f.check == check.id).collect();
    if !findings.is_empty() {
        page.blank()?;
        page.line(2, Ink::Title, "Notes that may stand under it")?;
    }
    for code in findings {
        page.labelled(4, (code.id, NAMES), Ink::Plain, code.says)?;
    }
    Ok(())
}

fn of_code(page: &mut Page<'_>, check: &Check, code: &Code) -> io::Result<()> {
    page.line(0, Ink::Title, code.id)?;
    page.blank()?;
    let mut row = |label: &str, text: &str| page.labelled(2, (label, COLUMN), Ink::Plain, text);
    row("check", &format!("{} ({})", titled(check), check.id))?;
    row("clause", check.clause)?;
    words(page, 2, code)
}

/// What is printed for a code, whose words that is, why it happens and what to do on either side.
fn words(page: &mut Page<'_>, indent: usize, code: &Code) -> io::Result<()> {
    let mut row =
        |label: &str, text: &str| page.labelled(indent, (label, COLUMN), Ink::Plain, text);
    let whose = match code.line {
        Wording::Platform(_) => "the platform's words",
        Wording::Ours(_) => "our words; the platform's are not known",
    };
    row("prints", &format!("\"{}\", {whose}", code.line.text()))?;
    row("usual cause", code.cause)?;
    row("fix at the SP", code.fix_sp)?;
    row("fix at the IdP", code.fix_idp)?;
    match code.history {
        Some(history) => {
            let text = history.text.map(|text| format!(", \"{text}\"")).unwrap_or_default();
            row("login history", &format!("{}{text}", history.code))
        }
        None => row("login history", "no entry"),
    }
}

/// A cause with its words; what stands in braces is filled in from the evidence.
fn of_cause(page: &mut Page<'_>, rule: &Rule, cause: &Cause) -> io::Result<()> {
    page.line(0, Ink::Title, cause.code)?;
    page.blank()?;
    let mut row = |label: &str, text: &str| page.labelled(2, (label, COLUMN), Ink::Plain, text);
    row("diagnosis", rule.title)?;
    row("means", cause.title)?;
    row("says", cause.says)?;
    if !rule.explains.is_empty() {
        row("may explain", &rule.explains.join(", "))?;
    }
    row("confidence", cause.confidence.name())?;
    if rule.when == When::Asked {
        for (what, look) in OUTSIDE_THE_ASSERTION {
            row(what, look)?;
        }
    }
    row("fix at the SP", cause.fix_sp)?;
    row("fix at the IdP", cause.fix_idp)?;
    let mut label = "where to look";
    for product in Product::all() {
        if let Some(look) = product.hint(cause.code) {
            row(label, &format!("{}: {look}", product.name))?;
            label = "";
        }
    }
    match rule.when {
        When::Asked => row("told", "with -v below an accepted message, and here"),
        When::Unexplained | When::Always | When::Captured | When::LookedUp => {
            row("told", "above the checklist; it never decides a verdict")
        }
    }
}

fn of_finding(page: &mut Page<'_>, code: &FindingCode) -> io::Result<()> {
    page.line(0, Ink::Title, code.id)?;
    page.blank()?;
    let mut row = |label: &str, text: &str| page.labelled(2, (label, COLUMN), Ink::Plain, text);
    row("says", code.says)?;
    row("means", code.means)?;
    row("whose doing", code.whose)?;
    row("what to do", code.advice)?;
    row("severity", code.severity.means())?;
    let check = checks::by_id(code.check).map(titled).unwrap_or_default();
    row("shown under", &format!("{check} ({})", code.check))?;
    row("fails", "nothing by itself; these are our words, the platform prints no such note")
}

fn of_flow(page: &mut Page<'_>, code: &FlowCode) -> io::Result<()> {
    page.line(0, Ink::Title, code.id)?;
    page.blank()?;
    let mut row = |label: &str, text: &str| page.labelled(2, (label, COLUMN), Ink::Plain, text);
    row("says", code.says)?;
    row("weight", code.rank.name())?;
    row("shown", "across the capture, when an input holds the messages of a whole login")?;
    row("clause", code.clause)?;
    row("usual cause", code.cause)?;
    row("what to do", code.fix)?;
    row("fails", "nothing by itself: each message is judged alone")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Detail;

    const STYLE: Style = Style { color: false, detail: Detail::Normal, width: 100, ascii: false };

    fn explained(name: Option<&str>) -> Option<String> {
        let mut out = Vec::new();
        let known = explain(name, &STYLE, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        assert_eq!(known, !text.is_empty(), "nothing is printed for an unknown name");
        known.then_some(text)
    }

    #[test]
    fn every_name_is_explained_within_the_width() {
        for name in explain_names() {
            let text = explained(Some(name)).unwrap();
            assert!(text.contains(name), "{text}");
        }
    }

    #[test]
    fn the_list_holds_every_name() {
        let text = explained(None).unwrap();
        for name in explain_names() {
            assert!(text.contains(name), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_is_told_from_a_known_one() {
        assert_eq!(explained(Some("audienc")), None);
    }

    #[test]
    fn whose_words_a_line_is_is_said() {
        let unwrapped = |name| {
            let text = explained(Some(name)).unwrap();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let known =
            "\"The audience in the assertion did not match the allowed audiences\", the platform's";
        assert!(unwrapped("audience-mismatch").contains(known));
        assert!(
            unwrapped("audience-missing").contains("\", our words; the platform's are not known")
        );
    }
}
