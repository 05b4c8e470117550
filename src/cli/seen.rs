//! The file of the assertions that were judged before.

use std::path::PathBuf;

use clap::{Args, ValueHint};

#[derive(Args)]
pub(super) struct SeenOption {
    /// Tell assertions that were judged before, and record new ones in this file
    ///
    /// It is created when absent, and only ever appended to.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(env = "SAMLCHECK_SEEN", hide_env_values = true)]
    pub(super) seen: Option<PathBuf>,
}
