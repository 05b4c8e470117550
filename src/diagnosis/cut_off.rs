//! Does the text stop before the message is complete? A copy that missed the end, or a log that shortens its lines.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::validate::Trouble;
use crate::xml::{self, XmlErrorKind};

static CUT_OFF: Cause = Cause {
    code: "message-cut-off",
    title: "The end of the message is missing",
    says: "The text stops before the message is complete, so the identity provider and the settings cannot be judged: a copy that missed the end, or a log, a mail or an address that was shortened.",
    fix_sp: "Capture the SAMLResponse again, whole: from the network tab of the browser, where the value is copied and not selected by hand.",
    fix_idp: "Nothing.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "cut-off",
    title: "The end of the message is missing",
    explains: &["input"],
    causes: &[&CUT_OFF],
    when: When::Unexplained,
    run,
};

/// Characters that are shown of the end. Choice: 40 are enough to find the place.
const SHOWN: usize = 40;

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    end_of_what_is_cut(case)
        .map(|end| CUT_OFF.diagnosis(vec![Evidence::new("ends with", end)]))
        .into_iter()
        .collect()
}

/// The last characters of a text whose root element has no end tag where the text ends.
fn end_of_what_is_cut(case: &Case<'_>) -> Option<String> {
    let Some(Trouble::Xml(error)) = case.report.trouble() else { return None };
    if !matches!(error.kind, XmlErrorKind::Malformed(_)) {
        return None;
    }
    let (text, _) = xml::to_text(case.sent).ok()?;
    let text = text.trim_end();
    let is_name = |c: char| !(c.is_ascii_whitespace() || "<>/!?&".contains(c));
    // The declaration and comments before the root begin with ! and ?.
    let mut tags = text.split('<').skip(1);
    let root = tags.find(|tag| tag.starts_with(is_name))?;
    let name = root.split(|c| !is_name(c)).next()?;
    if text.ends_with('>') && text.trim_end_matches('>').trim_end().ends_with(&format!("</{name}"))
    {
        return None;
    }
    let mut last: Vec<char> = text.chars().rev().take(SHOWN).collect();
    last.reverse();
    Some(last.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::Case;

    fn first(case: &Case) -> Option<&'static str> {
        case.report().diagnoses().first().map(|first| first.cause.code)
    }

    #[test]
    fn a_message_that_stops_anywhere_is_cut_off() {
        let whole = Case::usual().xml();
        for part in 1..20 {
            let cut = whole.len() * part / 20;
            let case = Case::usual().altered(|xml| xml[..cut].to_owned());
            assert_eq!(first(&case), Some("message-cut-off"), "after {cut} bytes");
        }
        let last = Case::usual().altered(|xml| xml.trim_end_matches('>').to_owned());
        assert_eq!(first(&last), Some("message-cut-off"));
    }

    #[test]
    fn what_is_whole_and_broken_is_not() {
        let swapped = Case::usual().altered(|xml| xml.replace("</saml:Subject>", "</saml:Sub>"));
        assert_eq!(first(&swapped), None);
        let more = Case::usual().altered(|xml| format!("{xml}\n"));
        more.is_accepted();
    }
}
