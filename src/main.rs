//! Arguments in, exit code out: the only file that reads the clock, the environment and the standard streams.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal};
use std::process::ExitCode;

use jiff::Timestamp;
use samlcheck::run::{Output, World, run};

fn main() -> ExitCode {
    let stdin = io::stdin();
    let stdout = io::stdout();
    let stdin_is_terminal = stdin.is_terminal();
    let stdout_is_terminal = stdout.is_terminal();
    // In blocks, not in lines: a report is long, and `run` flushes behind each.
    let mut buffered = BufWriter::new(stdout.lock());
    let code = run(World {
        arguments: env::args_os().collect(),
        environment: &variable,
        directory: env::current_dir().ok(),
        clock: now(),
        stdin: &mut stdin.lock(),
        stdin_is_terminal,
        // On the terminal itself, whatever the standard streams are.
        ask: &|question| rpassword::prompt_password(question),
        stdout: Output::new(&mut buffered, stdout_is_terminal),
        stderr: &mut io::stderr().lock(),
    });
    ExitCode::from(code)
}

#[expect(clippy::disallowed_methods, reason = "this file is the one that reads the environment")]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}

#[expect(clippy::disallowed_methods, reason = "this file is the one that reads the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
