//! What the project says twice is compared: the README with the tables in the code, the samples with the checks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use samlcheck::checks::{CHECKS, Check};
use samlcheck::finding;
use samlcheck::flow;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn readme_row(check: &Check) -> String {
    let number = check.number.map_or_else(String::new, |number| number.to_string());
    format!("| {number} | `{}` | {} |", check.id, check.title)
}

/// The lines between two lines of the README that hold the given texts.
fn section<'r>(readme: &'r str, from: &str, to: &str) -> Vec<&'r str> {
    let lines = readme.lines().skip_while(|line| !line.contains(from)).skip(1);
    lines.take_while(|line| !line.contains(to)).collect()
}

#[test]
fn the_readme_lists_every_check_in_order() {
    let readme = read("README.md");
    let rows: Vec<&str> = section(&readme, "## The checks", "## Exit codes")
        .into_iter()
        .filter(|line| line.contains('`'))
        .collect();
    let expected: Vec<String> = CHECKS.iter().map(readme_row).collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_readme_shows_the_transcript_of_a_sample() {
    let readme = read("README.md");
    let block = section(&readme, "```console", "```");
    let (command, output) = block.split_first().expect("a transcript");
    let sample = "samples/13-audience-trailing-slash";
    let line = read(format!("{sample}/cmd"));
    let line = line.lines().next().expect("a command");
    assert_eq!(*command, format!("$ {line}"));
    assert_eq!(output.join("\n") + "\n", read(format!("{sample}/expected.txt")));
}

#[test]
fn the_changelog_has_a_section_for_what_is_not_released() {
    assert!(read("CHANGELOG.md").contains("## [Unreleased]"));
}

#[test]
fn no_source_file_is_longer_than_four_hundred_lines() {
    let mut folders = vec![root().join("src"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let lines = fs::read_to_string(&path).expect("text").lines().count();
                assert!(lines <= 400, "{} has {lines} lines", path.display());
            }
        }
    }
}

#[test]
fn unsafe_code_stands_in_one_folder_only() {
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            let allowed = folder.ends_with("crypto/xmlsec");
            assert!(allowed || !text.contains("unsafe_code"), "{}", path.display());
        }
    }
}

#[test]
fn each_check_fails_in_some_sample() {
    let mut failing = BTreeSet::new();
    for entry in fs::read_dir(root().join("samples")).expect("samples") {
        let path = entry.expect("an entry").path().join("expected.json");
        let Ok(text) = fs::read_to_string(path) else { continue };
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for id in report["failed"].as_array().expect("failed") {
            failing.insert(id.as_str().expect("an id").to_owned());
        }
    }
    let ids: BTreeSet<String> = CHECKS.iter().map(|check| check.id.to_owned()).collect();
    assert_eq!(failing, ids);
}

#[test]
fn every_code_is_named_once() {
    let failures = CHECKS.iter().flat_map(|check| check.failures).map(|code| code.id);
    let names: Vec<&str> = failures
        .chain(finding::ALL.iter().map(|code| code.id))
        .chain(flow::code::ALL.iter().map(|code| code.id))
        .collect();
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), unique.len());
}
