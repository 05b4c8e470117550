//! A diagnosis in words: the sentence of its cause with the values of the evidence in it.

use crate::diagnosis::Diagnosis;

/// The sentence, every `{label}` in it replaced by the first value of the evidence with that label. Values are as in the message: to be escaped.
pub(super) fn sentence(diagnosis: &Diagnosis) -> String {
    let mut out = String::new();
    for part in diagnosis.cause.says.split('{') {
        match part.split_once('}') {
            Some((label, rest)) => {
                let mut evidence = diagnosis.evidence.iter();
                let value = evidence.find(|e| e.label == label).and_then(|e| e.values.first());
                out.push_str(value.map(String::as_str).unwrap_or_default());
                out.push_str(rest);
            }
            None => out.push_str(part),
        }
    }
    out
}

/// Whether the sentence tells this label's value already, so that it needs no line of its own.
pub(super) fn is_told(diagnosis: &Diagnosis, label: &str) -> bool {
    diagnosis.cause.says.contains(&format!("{{{label}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::{Evidence, causes};

    #[test]
    fn a_value_takes_the_place_of_its_label() {
        let (_, cause) = causes().find(|(_, cause)| cause.code == "near-miss").unwrap();
        let told = |label, value: &str| Evidence::new(label, value);
        let diagnosis = Diagnosis {
            cause,
            confidence: cause.confidence,
            explains: Vec::new(),
            evidence: vec![told("field", "Audience"), told("differs in", "a {slash}")],
        };
        let says = sentence(&diagnosis);
        assert!(says.starts_with("The Audience that was sent"), "{says}");
        assert!(says.ends_with("only in this: a {slash}."), "a value is never read again: {says}");
        assert!(is_told(&diagnosis, "field") && !is_told(&diagnosis, "Audience"));
    }
}
