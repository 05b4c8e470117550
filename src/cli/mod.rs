//! What may be written on the command line, and what it means: clap definitions in, a [`Request`] out.
//!
//! Nothing is printed and no file is read here. Help, man pages and completions are generated from these definitions.
//! Every option has a mirror `SAMLCHECK_…` in the environment, which clap reads; an option beats its mirror, and both
//! beat the configuration file.
#![expect(
    clippy::doc_markdown,
    reason = "the comments on options are their help, which is no Markdown"
)]

mod diff;
mod help;
mod judging;
mod limits;
mod redact;
mod seen;
mod settings;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap::{ValueEnum, ValueHint};

pub use diff::Diff;
pub use limits::LimitOptions;
pub use redact::Redact;

use crate::config::{Expect, Settings};
use crate::crypto::EngineChoice;
use crate::input::CaptureFormat;
use crate::render::{Detail, Format};
use crate::validate::At;
use diff::DiffOptions;
use judging::{JudgingOptions, moment};
use redact::RedactOptions;
use seen::SeenOption;
use settings::SettingsOptions;
use values::{engines, formats, input_formats};

/// What one run is asked to do.
pub enum Request {
    /// Judge inputs.
    Validate(Box<Validate>),
    /// Show the XML inside an input.
    Decode(Decode),
    /// Tell what changed in meaning between two messages.
    Diff(Box<Diff>),
    /// Write a copy of an input that can be shared.
    Redact(Box<Redact>),
    /// Explain a check or a code.
    Explain(Explain),
    /// Print the completions for a shell.
    Completions(clap_complete::Shell),
    /// Print the versions.
    Version,
}

/// What `validate` is asked to do.
pub struct Validate {
    /// Files, directories and `-`; none means standard input.
    pub inputs: Vec<PathBuf>,
    /// The configuration file.
    pub config: Option<PathBuf>,
    /// The name of the configuration to use.
    pub service_provider: Option<String>,
    /// Whether `--config` or `--sp` stood on the command line, so that a file is wanted whatever else is given.
    pub wants_file: bool,
    /// The settings that were given as options.
    pub settings: Settings,
    /// The moment to judge at.
    pub at: At,
    /// Whether it is told what would have to change for a message to be accepted.
    pub what_if: bool,
    /// What the inputs are, when that is not to be detected.
    pub input_format: Option<&'static CaptureFormat>,
    /// The number of the one message of the input to judge, counted from 1.
    pub only: Option<usize>,
    /// Whether the messages are listed instead of judged.
    pub list: bool,
    /// The file of the assertions that were judged before.
    pub seen: Option<PathBuf>,
    /// Whether personal values in reports are replaced by pseudonyms.
    pub redact: bool,
    /// How the report is written.
    pub format: Format,
    /// Whether in colour.
    pub color: Color,
    /// How much of it; nothing at all with `-qq`.
    pub detail: Option<Detail>,
    /// Who judges signatures.
    pub engine: EngineChoice,
    /// Bounds that differ from the configured ones.
    pub limits: LimitOptions,
}

/// Shows the XML inside an input
///
/// Removes whatever the message is wrapped in (URL, form field, percent-escapes, base64, DEFLATE …) and prints the XML,
/// indented for reading. Works without a configuration, judges nothing, and takes any XML: requests and metadata too. What is
/// encrypted is shown as it was sent, or in plain text with --decryption-key.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = help::DECODE)]
pub struct Decode {
    /// A file, or - for standard input, which is also read when no file is named
    #[arg(value_hint = ValueHint::FilePath)]
    pub input: Option<PathBuf>,
    /// Which message.
    #[command(flatten)]
    pub messages: MessageOptions,
    /// Print the bytes exactly as recovered (and decrypted), for piping
    #[arg(long, env = "SAMLCHECK_RAW", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub raw: bool,
    /// Decrypt with this private key: a file's path, never the key itself; repeatable
    #[arg(long, value_name = "FILE", env = "SAMLCHECK_DECRYPTION_KEY", hide_env_values = true)]
    #[arg(value_hint = ValueHint::FilePath)]
    decryption_key: Vec<String>,
    /// The same with where it was given.
    #[arg(skip)]
    pub decryption_keys: Vec<Expect<String>>,
    /// Whether in colour.
    #[command(flatten)]
    pub color: ColorOption,
    /// Bounds that differ from the defaults.
    #[command(flatten)]
    pub limits: LimitOptions,
}

/// Explains a check, a failure code or a finding
///
/// What it asks, the clause behind it, the platform's wording, the usual causes, and how to fix it on either side.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = help::EXPLAIN)]
pub struct Explain {
    /// The id of a check (audience), a code (audience-mismatch), or the URL of an error page; without one, all are listed
    #[arg(value_name = "CHECK|CODE|URL")]
    pub name: Option<String>,
    /// Whether in colour.
    #[command(flatten)]
    pub color: ColorOption,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR, CLICOLOR=0 or TERM=dumb says no; CLICOLOR_FORCE says yes
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Which message of an input that may hold several, the same for every command that reads messages.
#[derive(Args, Clone, Copy, Debug)]
pub struct MessageOptions {
    /// What the input is, instead of detecting it
    #[arg(long, value_name = "FORMAT", value_parser = input_formats(), hide_short_help = true)]
    #[arg(env = "SAMLCHECK_INPUT_FORMAT", hide_env_values = true)]
    pub input_format: Option<&'static CaptureFormat>,
    /// Take only the message of this number, as --list counts them
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(env = "SAMLCHECK_ONLY", hide_env_values = true)]
    pub only: Option<u16>,
}

/// The `--color` option, the same for every command that prints for people.
#[derive(Args, Clone, Copy, Debug)]
pub struct ColorOption {
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    #[arg(env = "SAMLCHECK_COLOR", hide_env_values = true)]
    pub color: Color,
}

/// Tells why a SAML login failed
#[derive(Parser)]
#[command(name = "samlcheck", bin_name = "samlcheck", version, max_term_width = 100)]
#[command(long_about = help::ABOUT, after_help = help::SHORT, after_long_help = help::LONG)]
#[command(args_conflicts_with_subcommands = true, disable_version_flag = true)]
#[command(override_usage = help::USAGE)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
    // Before the options of `validate`: it would stand under the heading of their last group.
    /// Print the versions of samlcheck, its libraries and the JSON schema
    #[arg(short = 'V', long, display_order = 1000)]
    version: bool,
    #[command(flatten)]
    validate: ValidateOptions,
}

#[derive(Subcommand)]
enum Command {
    Validate(Box<ValidateOptions>),
    Decode(Decode),
    Diff(Box<DiffOptions>),
    Redact(Box<RedactOptions>),
    Explain(Explain),
    /// Prints a script that lets a shell complete commands and options
    #[command(after_long_help = help::COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Judges SAML responses; this is what happens when no command is named
///
/// Prints the checklist of the platform's SAML Assertion Validator for each response, with both sides of every difference.
#[derive(Args)]
#[command(after_help = help::SHORT, after_long_help = help::LONG)]
struct ValidateOptions {
    /// Files, directories, or - for standard input, which is also read when none is named
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    judging: JudgingOptions,
    #[command(flatten)]
    messages: MessageOptions,
    /// List the messages in the inputs instead of judging them
    #[arg(long, env = "SAMLCHECK_LIST", hide_env_values = true, value_parser = FalseyValueParser::new())]
    list: bool,
    #[command(flatten)]
    seen: SeenOption,
    /// Show pseudonyms instead of names, attribute values and e-mail addresses
    #[arg(long, env = "SAMLCHECK_REDACT", hide_env_values = true, value_parser = FalseyValueParser::new())]
    redact: bool,
    /// How to write the report
    #[arg(long, short, value_name = "FORMAT", default_value = "text", value_parser = formats())]
    #[arg(env = "SAMLCHECK_FORMAT", hide_env_values = true)]
    format: Format,
    #[command(flatten)]
    color: ColorOption,
    /// Print the verdict only; -qq prints nothing, the exit code tells
    #[arg(long, short, action = ArgAction::Count)]
    #[arg(env = "SAMLCHECK_QUIET", hide_env_values = true)]
    quiet: u8,
    /// Say more: the configuration used, why, what was passed over; -vv also the evidence
    #[arg(long, short, action = ArgAction::Count)]
    #[arg(env = "SAMLCHECK_VERBOSE", hide_env_values = true)]
    verbose: u8,
    /// Who judges signatures; both must agree
    #[arg(long, value_name = "ENGINE", value_parser = engines(), default_value = EngineChoice::default().name())]
    #[arg(env = "SAMLCHECK_ENGINE", hide_env_values = true, hide_short_help = true)]
    engine: EngineChoice,
    #[command(flatten)]
    settings: SettingsOptions,
    #[command(flatten)]
    limits: LimitOptions,
}

/// The definition of the command line, for help, man pages and completions.
#[must_use]
pub fn command() -> clap::Command {
    Line::command()
}

/// Reads the arguments, the program's name first.
///
/// # Errors
/// Help that was asked for, or what is wrong with the arguments.
pub fn parse(arguments: &[OsString]) -> Result<Request, clap::Error> {
    let mut definition = command();
    if arguments.iter().any(|argument| argument == "-h") {
        // The short help fits a screen; the variables are named in the long one.
        definition = without_variables(definition).mut_subcommands(without_variables);
    }
    if arguments.iter().any(is_private_key) {
        // Before clap sees it: clap repeats what it does not understand.
        let message = "a private key was given as an argument, where every user of this machine can read it; \
                       put it into a file that only you can read and give the file's path";
        return Err(definition.error(ErrorKind::InvalidValue, message));
    }
    let matches = definition.try_get_matches_from_mut(arguments)?;
    let line = Line::from_arg_matches(&matches)?;
    Ok(match line.command {
        _ if line.version => Request::Version,
        None => Request::Validate(Box::new(validate(line.validate, &matches, &mut definition)?)),
        Some(Command::Validate(options)) => {
            let matches = matches.subcommand_matches("validate").unwrap_or(&matches);
            Request::Validate(Box::new(validate(*options, matches, &mut definition)?))
        }
        Some(Command::Decode(mut decode)) => {
            let matches = matches.subcommand_matches("decode").unwrap_or(&matches);
            let keys = std::mem::take(&mut decode.decryption_key);
            decode.decryption_keys = settings::decryption_keys(keys, matches);
            Request::Decode(decode)
        }
        Some(Command::Diff(options)) => {
            let matches = matches.subcommand_matches("diff").unwrap_or(&matches);
            Request::Diff(Box::new(options.diff(matches)))
        }
        Some(Command::Redact(options)) => {
            let matches = matches.subcommand_matches("redact").unwrap_or(&matches);
            Request::Redact(Box::new(options.redact(matches)))
        }
        Some(Command::Explain(explain)) => Request::Explain(explain),
        Some(Command::Completions { shell }) => Request::Completions(shell),
    })
}

fn without_variables(definition: clap::Command) -> clap::Command {
    definition.mut_args(|argument| argument.hide_env(true))
}

fn validate(
    options: ValidateOptions,
    matches: &ArgMatches,
    definition: &mut clap::Command,
) -> Result<Validate, clap::Error> {
    let typed = |id| matches.value_source(id) == Some(ValueSource::CommandLine);
    let detail = match (options.quiet, options.verbose) {
        (0, 0) => Some(Detail::Normal),
        (quiet, verbose) if quiet > 0 && verbose > 0 && typed("quiet") == typed("verbose") => {
            let message = "-q and -v say opposite things; give one of them";
            return Err(definition.error(ErrorKind::ArgumentConflict, message));
        }
        // What was typed beats what is in the environment.
        (quiet, verbose) if verbose == 0 || (quiet > 0 && typed("quiet")) => {
            (quiet == 1).then_some(Detail::Verdict)
        }
        (_, 1) => Some(Detail::Verbose),
        (_, _) => Some(Detail::VeryVerbose),
    };
    if options.inputs.iter().filter(|input| input.as_os_str() == "-").count() > 1 {
        let message = "- is named twice, but standard input can be read once only";
        return Err(definition.error(ErrorKind::TooManyValues, message));
    }
    Ok(Validate {
        inputs: options.inputs,
        wants_file: typed("config") || typed("sp"),
        config: options.judging.config,
        service_provider: options.judging.sp,
        settings: options.settings.settings(matches),
        at: options.judging.at,
        what_if: options.judging.what_if,
        input_format: options.messages.input_format,
        only: options.messages.only.map(usize::from),
        list: options.list,
        seen: options.seen.seen,
        redact: options.redact,
        format: options.format,
        color: options.color.color,
        detail,
        engine: options.engine,
        limits: options.limits,
    })
}

/// Security rule 17: no private key in arguments. Keys without the PEM lines are told by where they are used.
fn is_private_key(argument: &OsString) -> bool {
    let bytes = argument.as_encoded_bytes();
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    holds(b"-----BEGIN") && holds(b"PRIVATE KEY")
}

#[cfg(test)]
mod tests;
