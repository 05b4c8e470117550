//! Every sample, run as its `cmd` says, prints what stands beside it, byte for byte, in every format.
//!
//! `cmd` has the command line and, in its second line, `exit N`. `SAMLCHECK_REGENERATE=1 cargo test --test transcripts`
//! writes `expected.*` anew; `git diff` then shows what changed. A new sample needs a folder and nothing here.
// Both engines stand in what is compared.
#![cfg(feature = "xmlsec")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use samlcheck::render::FORMATS;

/// The samples whose `-v` report is kept as well: one accepted, one with a difference to mark, one with several
/// configurations.
const VERBOSE: [&str; 3] =
    ["01-all-green", "13-audience-trailing-slash", "27-ambiguous-configuration"];

/// The samples whose `-vv` report is kept: one in order, and those in which a careless reader would take something else.
const VERY_VERBOSE: [&str; 3] =
    ["04-bare-assertion", "30-signature-wrapping", "31-comment-in-name-id"];

/// The samples whose report with `--what-if` is kept: a value, none, times, another configuration, another certificate.
const WHAT_IF: [&str; 5] = [
    "13-audience-trailing-slash",
    "15-altered-after-signing",
    "24-judged-too-late",
    "41-another-environment",
    "43-unknown-signer",
];

struct Sample {
    name: String,
    folder: PathBuf,
    arguments: Vec<String>,
    exit_code: i32,
}

fn samples() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    assert!(folders.len() >= 16, "{} samples", folders.len());
    folders.into_iter().map(sample).collect()
}

fn sample(folder: PathBuf) -> Sample {
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let cmd = fs::read_to_string(folder.join("cmd")).unwrap();
    let lines: Vec<&str> = cmd.lines().collect();
    let &[line, exit] = lines.as_slice() else { panic!("{name}: cmd has two lines") };
    let mut words = line.split(' ').map(str::to_owned);
    assert_eq!(words.next().as_deref(), Some("samlcheck"), "{name}: what cmd runs");
    let exit_code = exit.strip_prefix("exit ").and_then(|code| code.parse().ok());
    let exit_code = exit_code.unwrap_or_else(|| panic!("{name}: `exit N` in the second line"));
    Sample { name, folder, arguments: words.collect(), exit_code }
}

impl Sample {
    /// Runs the sample in its folder with nothing in the environment.
    fn run(&self, more: &[&str]) -> Output {
        let mut command = Command::cargo_bin("samlcheck").unwrap();
        command.current_dir(&self.folder).env_clear().args(&self.arguments).args(more);
        command.output().unwrap()
    }

    /// Compares standard output with a file; answers how they differ.
    fn compare(&self, more: &[&str], file: &str) -> Option<String> {
        let output = self.run(more);
        let path = self.folder.join(file);
        let place = format!("samples/{}/{file}", self.name);
        if regenerate() {
            fs::write(&path, &output.stdout).unwrap();
        }
        let code = output.status.code();
        if code != Some(self.exit_code) {
            return Some(format!("{place}: exit code {code:?}, not {}", self.exit_code));
        }
        let expected = fs::read(&path).unwrap_or_default();
        (expected != output.stdout).then(|| first_difference(&place, &expected, &output.stdout))
    }
}

fn first_difference(place: &str, expected: &[u8], found: &[u8]) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (expected, found) = (text(expected), text(found));
    let (mut expected, mut found) = (expected.lines(), found.lines());
    let mut number = 1;
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return format!("{place}: only line ends differ"),
            (a, b) if a != b => return format!("{place}:{number}:\n  - {a:?}\n  + {b:?}"),
            (_, _) => number += 1,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a switch for developers, never read by the tool")]
fn regenerate() -> bool {
    std::env::var_os("SAMLCHECK_REGENERATE").is_some()
}

#[test]
fn every_sample_prints_what_stands_beside_it() {
    let mut differences = Vec::new();
    for sample in samples() {
        for (_, name, _) in FORMATS {
            let file =
                if name == "text" { "expected.txt".to_owned() } else { format!("expected.{name}") };
            differences.extend(sample.compare(&["--format", name], &file));
        }
        if VERBOSE.contains(&sample.name.as_str()) {
            differences.extend(sample.compare(&["-v"], "expected.verbose.txt"));
        }
        if WHAT_IF.contains(&sample.name.as_str()) {
            differences.extend(sample.compare(&["--what-if"], "expected.what-if.txt"));
        }
        if VERY_VERBOSE.contains(&sample.name.as_str()) {
            differences.extend(sample.compare(&["-vv"], "expected.structure.txt"));
        }
    }
    let again = "SAMLCHECK_REGENERATE=1 cargo test --test transcripts";
    assert!(differences.is_empty(), "{}\nwanted? {again}", differences.join("\n"));
}

#[test]
fn the_text_is_the_default() {
    for sample in samples() {
        assert_eq!(sample.run(&[]), sample.run(&["--format", "text"]), "{}", sample.name);
    }
}

#[test]
fn every_check_that_fails_in_json_is_named_in_the_text() {
    let mut seen = 0;
    for sample in samples() {
        let json = sample.run(&["--format", "json"]).stdout;
        let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let text = String::from_utf8(sample.run(&[]).stdout).unwrap();
        for id in report["failed"].as_array().unwrap() {
            let id = id.as_str().unwrap();
            assert!(text.contains(id), "{}: {id} fails and is not named in\n{text}", sample.name);
            seen += 1;
        }
    }
    assert!(seen > 0, "no sample fails");
}

#[test]
fn a_message_that_is_piped_in_gets_the_same_verdict() {
    for sample in samples() {
        let (input, options) = sample.arguments.split_last().unwrap();
        let mut command = Command::cargo_bin("samlcheck").unwrap();
        command.current_dir(&sample.folder).env_clear().args(options);
        command.write_stdin(fs::read(sample.folder.join(input)).unwrap());
        assert_eq!(
            command.output().unwrap().status.code(),
            Some(sample.exit_code),
            "{}",
            sample.name
        );
    }
}

#[test]
fn quietly_a_sample_says_less_and_means_the_same() {
    for sample in samples() {
        let quiet = sample.run(&["-q"]);
        let silent = sample.run(&["-qq"]);
        let whole = sample.run(&[]);
        for output in [&quiet, &silent] {
            assert_eq!(output.status.code(), Some(sample.exit_code), "{}", sample.name);
        }
        assert!(!quiet.stdout.is_empty() && quiet.stdout.len() <= whole.stdout.len());
        assert_eq!(silent.stdout, b"", "{}", sample.name);
    }
}
