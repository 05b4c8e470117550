//! The manual pages in `man/` are what the command line's definition says, and completions know all of it.
//!
//! `SAMLCHECK_REGENERATE=1 cargo test --test manual` writes the pages anew; `git diff` then shows what changed.
// Both engines stand in what is compared.
#![cfg(feature = "xmlsec")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap_complete::Shell;
use samlcheck::cli::command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("man")
}

/// File names and contents.
fn pages(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "a switch for developers, never read by the tool")]
fn regenerate() -> bool {
    std::env::var_os("SAMLCHECK_REGENERATE").is_some()
}

/// A page for the tool and one for each command.
fn made() -> BTreeMap<String, String> {
    // The generator leaves out the help of options that the short help does not list.
    let all = |command: clap::Command| command.mut_args(|argument| argument.hide_short_help(false));
    let mut definition = all(command()).mut_subcommands(all).disable_help_subcommand(true);
    definition.build();
    let commands = definition.get_subcommands().cloned().chain([definition.clone()]);
    commands
        .map(|command| {
            let source = concat!("samlcheck ", env!("CARGO_PKG_VERSION"));
            let page = clap_mangen::Man::new(command).source(source).manual("samlcheck manual");
            let mut text = Vec::new();
            page.render(&mut text).unwrap();
            (page.get_filename(), with_sections(&String::from_utf8(text).unwrap()))
        })
        .collect()
}

/// The generator puts what stands behind the options into one section, and fills its lines. Here each part of it becomes a
/// section of its own, and tables and commands stay as they are.
fn with_sections(page: &str) -> String {
    let Some((before, extra)) = page.split_once(".SH EXTRA\n") else { return page.to_owned() };
    let (extra, after) = extra.split_once(".SH VERSION").unwrap_or((extra, ""));
    let mut text = before.to_owned();
    for part in extra.trim_end().split("\n\n") {
        let (title, lines) = part.split_once(":\n").unwrap();
        let lines: Vec<&str> = lines.lines().map(|line| line.strip_prefix("  ").unwrap()).collect();
        text.push_str(&format!(".SH {}\n", title.to_uppercase()));
        match title {
            "Exit codes" | "Examples" => {
                text.push_str(&format!(".nf\n{}\n.fi\n", lines.join("\n")));
            }
            _ => text.push_str(&format!("{}\n", lines.join("\n.PP\n"))),
        }
    }
    if after.is_empty() { text } else { format!("{text}.SH VERSION{after}") }
}

#[test]
fn the_manual_says_what_the_definition_says() {
    let made = made();
    assert!(made.contains_key("samlcheck.1") && made.contains_key("samlcheck-decode.1"));
    if regenerate() {
        fs::create_dir_all(folder()).unwrap();
        for name in pages(&folder()).keys() {
            fs::remove_file(folder().join(name)).unwrap();
        }
        for (name, text) in &made {
            fs::write(folder().join(name), text).unwrap();
        }
    }
    let found = pages(&folder());
    assert_eq!(found.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, text) in &made {
        assert!(found[name] == *text, "man/{name} differs: run with SAMLCHECK_REGENERATE=1");
    }
}

#[test]
fn the_manual_describes_every_option() {
    let definition = command();
    let pages = made();
    for (name, command) in definition
        .get_subcommands()
        .map(|sub| (format!("samlcheck-{}.1", sub.get_name()), sub))
        .chain([("samlcheck.1".to_owned(), &definition)])
    {
        let text = pages[&name].replace('\\', "");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let help = help.replace('\'', "*(Aq");
            assert!(!help.is_empty() && text.contains(&help), "{name}: {help}");
        }
    }
}

#[test]
fn completions_know_every_command_and_option() {
    let definition = command();
    for shell in Shell::value_variants() {
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut command(), "samlcheck", &mut script);
        let script = String::from_utf8(script).unwrap();
        for name in definition.get_subcommands().map(clap::Command::get_name) {
            assert!(script.contains(name), "{shell}: {name}");
        }
        for long in definition.get_arguments().filter_map(|argument| argument.get_long()) {
            assert!(script.contains(long), "{shell}: --{long}");
        }
    }
}
