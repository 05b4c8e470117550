//! `redact`: which input to copy, and how it is judged before.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{ArgMatches, Args, ValueHint};

use super::settings::SettingsOptions;
use super::{Color, LimitOptions, Validate, help, input_formats, moment};
use crate::crypto::EngineChoice;
use crate::input::CaptureFormat;
use crate::render::{Detail, Format};
use crate::validate::At;

/// A copy that can be shared.
pub struct Redact {
    /// The input, and how it is judged.
    pub validate: Validate,
    /// Whether host names are replaced as well.
    pub hosts: bool,
}

/// Writes a copy of an input that can be shared
///
/// The same format, structure, algorithms, instants and identifiers. Names, attribute values, e-mail addresses and parameters become
/// pseudonyms, the same value always the same one; signature and digest values, SessionIndex, cookies, Authorization, passwords,
/// tokens, certificates and what is encrypted are removed. A comment in each message says the verdict before redaction, when there is
/// a configuration. A value is replaced as a word of its own, wherever it stands; it stays as a part of a longer word and of a host
/// name. If it would be left elsewhere, nothing is written.
#[derive(Args)]
#[command(after_long_help = help::REDACT)]
pub(super) struct RedactOptions {
    /// A file, or - for standard input, which is also read when no file is named
    #[arg(value_hint = ValueHint::FilePath)]
    input: Option<PathBuf>,
    /// Replace host names as well
    #[arg(long, env = "SAMLCHECK_HOSTS", hide_env_values = true, value_parser = FalseyValueParser::new())]
    hosts: bool,
    /// What the input is, instead of detecting it
    #[arg(long, value_name = "FORMAT", value_parser = input_formats(), hide_short_help = true)]
    #[arg(env = "SAMLCHECK_INPUT_FORMAT", hide_env_values = true)]
    input_format: Option<&'static CaptureFormat>,
    /// Read this configuration instead of looking for samlcheck.toml
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(env = "SAMLCHECK_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// Use the configuration of this name instead of detecting it from the message
    #[arg(long, value_name = "NAME", env = "SAMLCHECK_SP", hide_env_values = true)]
    sp: Option<String>,
    /// The moment to judge at, as for validate
    #[arg(long, value_name = "TIME", default_value = "capture", value_parser = moment)]
    #[arg(env = "SAMLCHECK_AT", hide_env_values = true)]
    at: At,
    #[command(flatten)]
    settings: SettingsOptions,
    #[command(flatten)]
    limits: LimitOptions,
}

impl RedactOptions {
    /// What was asked for.
    pub(super) fn redact(self, matches: &ArgMatches) -> Redact {
        Redact {
            hosts: self.hosts,
            validate: Validate {
                inputs: self.input.into_iter().collect(),
                wants_file: self.config.is_some() || self.sp.is_some(),
                config: self.config,
                service_provider: self.sp,
                settings: self.settings.settings(matches),
                at: self.at,
                what_if: false,
                input_format: self.input_format,
                only: None,
                list: false,
                seen: None,
                redact: false,
                format: Format::Text,
                color: Color::Never,
                detail: Some(Detail::Normal),
                engine: EngineChoice::default(),
                limits: self.limits,
            },
        }
    }
}
