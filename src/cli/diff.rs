//! `diff`: two messages and how to read them.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{ColorOption, LimitOptions, formats, help};
use crate::config::Expect;
use crate::render::Format;

/// Tells what changed in meaning between two messages
///
/// Holds a message that worked against one that does not. Works without a configuration, and judges nothing.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = help::DIFF)]
pub struct Diff {
    /// The message that worked: a file, or - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub good: PathBuf,
    /// The message that does not
    #[arg(value_hint = ValueHint::FilePath)]
    pub bad: PathBuf,
    /// Where the first input holds several messages, take the one of this number, as --list counts them
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(env = "SAMLCHECK_GOOD_ONLY", hide_env_values = true)]
    pub good_only: Option<u16>,
    /// The same for the second input
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(env = "SAMLCHECK_BAD_ONLY", hide_env_values = true)]
    pub bad_only: Option<u16>,
    /// How to write the differences
    #[arg(long, short, value_name = "FORMAT", default_value = "text", value_parser = formats())]
    #[arg(env = "SAMLCHECK_FORMAT", hide_env_values = true)]
    pub format: Format,
    /// Decrypt with this private key: a file's path, never the key itself; repeatable
    #[arg(long, value_name = "FILE", env = "SAMLCHECK_DECRYPTION_KEY", hide_env_values = true)]
    #[arg(value_hint = ValueHint::FilePath)]
    pub(super) decryption_key: Vec<String>,
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
