//! Faults injected into toy messages, and what the first diagnosis says of each.

use std::collections::BTreeSet;

use super::{RULES, causes};
use crate::checks;
use crate::checks::fixture::Case;

#[test]
fn every_cause_has_its_words_and_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    for (rule, cause) in causes() {
        assert!(seen.insert(cause.code), "{} stands twice", cause.code);
        assert!(checks::code_by_id(cause.code).is_none() && checks::by_id(cause.code).is_none());
        for sentence in [cause.says, cause.fix_sp, cause.fix_idp] {
            assert!(sentence.ends_with('.'), "{}: {sentence}", cause.code);
        }
        for check in rule.explains {
            assert!(checks::by_id(check).is_some(), "{} explains no check {check}", rule.id);
        }
    }
}

#[test]
fn a_rule_stands_in_the_file_of_its_name() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnosis");
    for rule in RULES {
        let file = folder.join(format!("{}.rs", rule.id.replace('-', "_")));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(&format!("id: \"{}\"", rule.id)), "{}", file.display());
    }
}

#[test]
fn a_healthy_message_gets_no_diagnosis() {
    assert_eq!(Case::usual().is_accepted().diagnoses(), []);
    assert_eq!(Case::usual().bare().is_accepted().diagnoses(), []);
}
