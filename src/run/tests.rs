//! What only a world of our own can show: terminals, readers that leave, disks that are full. The rest drives the real
//! program, in `tests/command_line.rs`.

use std::ffi::OsString;
use std::io::{self, Write};

use super::{Output, World, run};

/// What a run left behind.
struct Left {
    code: u8,
    stdout: String,
    stderr: String,
}

/// How the world is, apart from the arguments.
#[derive(Default)]
struct Set {
    variables: &'static [(&'static str, &'static str)],
    stdin: &'static str,
    stdin_is_terminal: bool,
    stdout_is_terminal: bool,
}

fn ran(arguments: &[&str], set: &Set) -> Left {
    let mut stdout = Vec::new();
    let (code, stderr) = ran_into(arguments, set, &mut stdout);
    Left { code, stdout: String::from_utf8(stdout).unwrap(), stderr }
}

fn ran_into(arguments: &[&str], set: &Set, stdout: &mut dyn Write) -> (u8, String) {
    let mut stderr = Vec::new();
    let environment = |name: &str| {
        let found = set.variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| OsString::from(value))
    };
    let code = run(World {
        arguments: std::iter::once("samlcheck")
            .chain(arguments.iter().copied())
            .map(OsString::from)
            .collect(),
        environment: &environment,
        directory: None,
        clock: "2026-11-22T09:45:27Z".parse().unwrap(),
        stdin: &mut set.stdin.as_bytes(),
        stdin_is_terminal: set.stdin_is_terminal,
        ask: &|question| Err(io::Error::other(question.to_owned())),
        stdout: Output::new(stdout, set.stdout_is_terminal),
        stderr: &mut stderr,
    });
    (code, String::from_utf8(stderr).unwrap())
}

/// Standard output that refuses everything.
struct Refusing(io::ErrorKind);

impl Write for Refusing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn on_a_terminal_without_input_the_short_help_is_shown() {
    let set = Set { stdin_is_terminal: true, ..Set::default() };
    let left = ran(&[], &set);
    assert_eq!((left.code, left.stdout.as_str()), (2, ""));
    assert!(left.stderr.contains("Usage: samlcheck"), "{}", left.stderr);
    assert!(left.stderr.contains("error: no input; name a file"), "{}", left.stderr);
    let decode = ran(&["decode"], &set);
    assert_eq!((decode.code, decode.stdout.as_str()), (2, ""));
    assert!(decode.stderr.starts_with("error: no input"), "{}", decode.stderr);
}

#[test]
fn colour_follows_the_option_then_the_environment_then_the_terminal() {
    let is_coloured = |arguments: &[&str], variables, stdout_is_terminal| {
        let set = Set { variables, stdin: "<a b='c'/>", stdout_is_terminal, ..Set::default() };
        let arguments = [&["decode"], arguments].concat();
        let left = ran(&arguments, &set);
        assert_eq!(left.code, 0, "{}", left.stderr);
        left.stdout.contains('\x1b')
    };
    assert!(!is_coloured(&[], &[], false));
    assert!(is_coloured(&[], &[], true));
    assert!(is_coloured(&["--color", "always"], &[("NO_COLOR", "1")], false));
    assert!(!is_coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")], true));
    assert!(!is_coloured(&[], &[("NO_COLOR", "1")], true));
    assert!(is_coloured(&[], &[("NO_COLOR", "")], true), "empty means not set");
    assert!(!is_coloured(&[], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true));
    assert!(is_coloured(&[], &[("CLICOLOR_FORCE", "1")], false));
    assert!(!is_coloured(&[], &[("CLICOLOR_FORCE", "0")], false));
    assert!(!is_coloured(&[], &[("CLICOLOR", "0")], true));
    assert!(!is_coloured(&[], &[("TERM", "dumb")], true));
    assert!(is_coloured(&[], &[("TERM", "xterm")], true));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let set = Set { stdin: "<a/>", ..Set::default() };
    let mut gone = Refusing(io::ErrorKind::BrokenPipe);
    for arguments in [["decode"].as_slice(), &["decode", "--raw"], &["explain"], &["--help"]] {
        assert_eq!(ran_into(arguments, &set, &mut gone), (0, String::new()), "{arguments:?}");
    }
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let set = Set { stdin: "<a/>", ..Set::default() };
    let mut full = Refusing(io::ErrorKind::StorageFull);
    let (code, stderr) = ran_into(&["decode"], &set, &mut full);
    assert_eq!(code, 2);
    assert!(stderr.starts_with("error: the output cannot be written: "), "{stderr}");
}

#[test]
fn errors_cannot_drive_the_terminal() {
    let left = ran(&["--sp", "x", "no\x1b[31m\u{202E}such"], &Set::default());
    assert!(!left.stderr.contains(['\x1b', '\u{202E}']), "{:?}", left.stderr);
    let left = ran(&["decode", "no\x1b[31m\u{202E}such"], &Set::default());
    assert_eq!(left.code, 2);
    assert!(!left.stderr.contains(['\x1b', '\u{202E}']), "{:?}", left.stderr);
}

#[test]
fn the_example_configuration_can_be_used_as_it_is() {
    let read = crate::config::fixture::read;
    let text = super::configuration::EXAMPLE;
    crate::config::load("samlcheck.toml".as_ref(), text, &read).unwrap();
}
