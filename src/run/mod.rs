//! Carries out what the command line asks, in a [`World`] that `main` or a test hands in, and answers the exit code.
//!
//! Exit codes (design: four kinds of error, never mixed): 0 accepted, 1 rejected, 2 usage or I/O, 3 no usable SAML message,
//! 4 configuration. A reader that goes away (a broken pipe) changes none of them.

mod about;
mod around;
mod configuration;
mod copies;
mod decode;
mod diff;
mod input;
mod key;
mod list;
mod messages;
mod output;
mod redact;
mod redacted;
mod seen;
#[cfg(test)]
mod tests;
mod validate;

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use clap::error::ErrorKind;
use jiff::Timestamp;

pub use output::Output;

use crate::cli::{self, Request};
use crate::config::ConfigError;
use crate::render::Safe;

/// Everything outside of the program that a command may touch, apart from files, which are opened by their paths.
pub struct World<'w> {
    /// The arguments, the program's name first.
    pub arguments: Vec<OsString>,
    /// The environment, apart from those `SAMLCHECK_…` variables that mirror an option: clap reads them for itself.
    pub environment: &'w dyn Fn(&str) -> Option<OsString>,
    /// The current directory, where the search for a configuration begins; nothing when it is gone.
    pub directory: Option<PathBuf>,
    /// What time it is.
    pub clock: Timestamp,
    /// Standard input.
    pub stdin: &'w mut dyn Read,
    /// Whether somebody would have to type there.
    pub stdin_is_terminal: bool,
    /// Shows a question at the terminal and answers what is typed there, without showing it.
    pub ask: &'w dyn Fn(&str) -> io::Result<String>,
    /// Standard output.
    pub stdout: Output<'w>,
    /// Standard error.
    pub stderr: &'w mut dyn Write,
}

/// Exit code of `decode`: keys were given, and something stays encrypted.
const UNDECRYPTED: u8 = 1;
/// Exit code: usage or I/O.
const USAGE: u8 = 2;
/// Exit code: no usable SAML message.
const NO_MESSAGE: u8 = 3;
/// Exit code: configuration.
const CONFIGURATION: u8 = 4;
/// What is said, in these words, whenever no message was judged.
const NOTHING: &str = "Nothing was validated";

/// Why a command could not do its work at all.
#[derive(Debug)]
enum Stop {
    /// The command line cannot be followed, or a file cannot be read.
    Usage(String),
    /// The configuration cannot be used.
    Configuration(String),
    /// The output cannot be written, and not because its reader left.
    Output(io::Error),
}

impl Stop {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Output(_) => USAGE,
            Self::Configuration(_) => CONFIGURATION,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Configuration(text) => f.write_str(text),
            Self::Output(error) => {
                write!(
                    f,
                    "the output cannot be written: {error}; make room or choose another place"
                )
            }
        }
    }
}

impl From<io::Error> for Stop {
    /// Only for the output: inputs name the file that cannot be read.
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Self {
        Self::Configuration(error.to_string())
    }
}

/// Does what the arguments ask and answers the exit code.
pub fn run(mut world: World<'_>) -> u8 {
    let request = cli::parse(&world.arguments);
    let validates = matches!(request, Ok(Request::Validate(_)));
    let done = match request {
        Ok(request) => carry_out(request, &mut world),
        Err(error) => show(&error, &mut world),
    };
    let done = done.and_then(|code| {
        world.stdout.flush()?;
        Ok(code)
    });
    done.unwrap_or_else(|stop| {
        world.complain(&stop);
        if validates && matches!(stop, Stop::Configuration(_)) {
            world.tell(NOTHING);
        }
        stop.exit_code()
    })
}

fn carry_out(request: Request, world: &mut World<'_>) -> Result<u8, Stop> {
    match request {
        Request::Validate(request) => validate::validate(*request, world),
        Request::Decode(request) => decode::decode(&request, world),
        Request::Diff(request) => diff::diff(&request, world),
        Request::Redact(request) => redact::redact(*request, world),
        Request::Explain(request) => about::explain(&request, world),
        Request::Completions(shell) => about::completions(shell, world),
        Request::Version => about::version(world),
    }
}

/// Help that was asked for goes to standard output, everything else that clap has to say to standard error.
fn show(error: &clap::Error, world: &mut World<'_>) -> Result<u8, Stop> {
    let text = error.render();
    if error.kind() != ErrorKind::DisplayHelp {
        world.tell(&text.to_string());
        return Ok(USAGE);
    }
    if output::color(cli::Color::Auto, world) {
        write!(world.stdout, "{}", text.ansi())?;
    } else {
        write!(world.stdout, "{text}")?;
    }
    Ok(0)
}

impl World<'_> {
    /// One error: what, where, what to do.
    fn complain(&mut self, error: &dyn fmt::Display) {
        self.tell(&format!("error: {error}"));
    }

    /// Lines for standard error, behind what is already written. That they cannot be written there cannot be said anywhere.
    fn tell(&mut self, text: &str) {
        self.stdout.flush().ok();
        for line in text.lines() {
            writeln!(self.stderr, "{}", Safe(line)).ok();
        }
    }
}
