//! How a message is judged: the configuration, the moment, and whether it is told what would have to change.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueHint};

use crate::time::parse_rfc3339;
use crate::validate::At;

#[derive(Args)]
pub(super) struct JudgingOptions {
    /// Read this configuration instead of looking for samlcheck.toml
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(env = "SAMLCHECK_CONFIG", hide_env_values = true)]
    pub(super) config: Option<PathBuf>,
    /// Use the configuration of this name instead of detecting it from the message
    #[arg(long, value_name = "NAME", env = "SAMLCHECK_SP", hide_env_values = true)]
    pub(super) sp: Option<String>,
    /// The moment to judge at: capture (now, if the input does not say when), now, issued (the IssueInstant), or an RFC 3339 time
    #[arg(long, value_name = "TIME", default_value = "capture", value_parser = moment)]
    #[arg(env = "SAMLCHECK_AT", hide_env_values = true)]
    pub(super) at: At,
    /// List the single changes with which the message would be accepted
    ///
    /// The smallest first, each marked safe or unsafe to make; nothing is changed.
    #[arg(long, env = "SAMLCHECK_WHAT_IF", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub(super) what_if: bool,
}

pub(super) fn moment(text: &str) -> Result<At, String> {
    match text {
        "now" => Ok(At::Now),
        "issued" => Ok(At::Issued),
        "capture" => Ok(At::Capture),
        _ => parse_rfc3339(text)
            .map(At::Given)
            .map_err(|error| format!("{error}; or it is one of capture, now, issued")),
    }
}
