//! `diff`: two messages and how to read them.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{ArgMatches, Args, ValueHint};

use super::judging::JudgingOptions;
use super::settings::SettingsOptions;
use super::{Color, ColorOption, LimitOptions, Validate, formats, help};
use crate::config::Expect;
use crate::crypto::EngineChoice;
use crate::render::{Detail, Format};

/// Two messages to compare.
pub struct Diff {
    /// The message that worked.
    pub good: PathBuf,
    /// The message that does not.
    pub bad: PathBuf,
    /// The number of the message to take from the first input, counted from 1.
    pub good_only: Option<u16>,
    /// The same for the second input.
    pub bad_only: Option<u16>,
    /// How the differences are written.
    pub format: Format,
    /// The paths of private keys.
    pub decryption_keys: Vec<Expect<String>>,
    /// How the message that does not work is judged, when it is asked what would have to change.
    pub what_if: Option<Box<Validate>>,
    /// Whether personal values are replaced by pseudonyms.
    pub redact: bool,
    /// Whether in colour.
    pub color: Color,
    /// Bounds that differ from the defaults.
    pub limits: LimitOptions,
}

/// Tells what changed in meaning between two messages
///
/// Holds a message that worked against one that does not. Works without a configuration, and judges nothing; with --what-if the
/// message that does not work is judged as well, by the configuration, and what would have to change is listed.
#[derive(Args)]
#[command(after_long_help = help::DIFF)]
pub(super) struct DiffOptions {
    /// The message that worked: a file, or - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    good: PathBuf,
    /// The message that does not
    #[arg(value_hint = ValueHint::FilePath)]
    bad: PathBuf,
    /// Where the first input holds several messages, take the one of this number, as --list counts them
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(env = "SAMLCHECK_GOOD_ONLY", hide_env_values = true)]
    good_only: Option<u16>,
    /// The same for the second input
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(env = "SAMLCHECK_BAD_ONLY", hide_env_values = true)]
    bad_only: Option<u16>,
    /// How to write the differences
    #[arg(long, short, value_name = "FORMAT", default_value = "text", value_parser = formats())]
    #[arg(env = "SAMLCHECK_FORMAT", hide_env_values = true)]
    format: Format,
    /// Show pseudonyms instead of names, attribute values and e-mail addresses
    #[arg(long, env = "SAMLCHECK_REDACT", hide_env_values = true, value_parser = FalseyValueParser::new())]
    redact: bool,
    #[command(flatten)]
    color: ColorOption,
    #[command(flatten)]
    judging: JudgingOptions,
    #[command(flatten)]
    settings: SettingsOptions,
    #[command(flatten)]
    limits: LimitOptions,
}

impl DiffOptions {
    /// What was asked for.
    pub(super) fn diff(self, matches: &ArgMatches) -> Diff {
        let settings = self.settings.settings(matches);
        let decryption_keys = settings.decryption_keys.clone();
        let judging = self.judging;
        let what_if = judging.what_if.then(|| {
            Box::new(Validate {
                inputs: vec![self.bad.clone()],
                wants_file: judging.config.is_some() || judging.sp.is_some(),
                config: judging.config,
                service_provider: judging.sp,
                settings,
                at: judging.at,
                what_if: true,
                input_format: None,
                only: self.bad_only.map(usize::from),
                list: false,
                redact: false,
                seen: None,
                format: self.format,
                color: self.color.color,
                detail: Some(Detail::Normal),
                engine: EngineChoice::default(),
                limits: self.limits,
            })
        });
        Diff {
            good: self.good,
            bad: self.bad,
            good_only: self.good_only,
            bad_only: self.bad_only,
            format: self.format,
            decryption_keys,
            what_if,
            redact: self.redact,
            color: self.color.color,
            limits: self.limits,
        }
    }
}
