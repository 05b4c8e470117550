//! The options that raise or lower a bound of [`Limits`], and sizes as people write them.

use clap::Args;

use crate::limits::Limits;

/// Choice: the same as in the `[limits]` table: what libxml2 can take.
const MOST_BYTES: usize = 1 << 30;
const MOST_CAPTURE: usize = 1 << 40;
const MOST_COUNT: i64 = 10_000;
const MOST_LAYERS: i64 = 64;
const MOST_NODES: i64 = 100_000_000;

/// Bounds given as options; `None` leaves the configured one.
#[derive(Args, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[command(next_help_heading = "Limits")]
pub struct LimitOptions {
    /// Bytes of an input, and of what is inside each wrapping [default: 32MiB]
    #[arg(long, value_name = "SIZE", value_parser = size, hide_short_help = true)]
    #[arg(env = "SAMLCHECK_MAX_DECODED_BYTES", hide_env_values = true)]
    pub max_decoded_bytes: Option<usize>,
    /// Bytes that one compressed layer may grow to [default: 64MiB]
    #[arg(long, value_name = "SIZE", value_parser = size, hide_short_help = true)]
    #[arg(env = "SAMLCHECK_MAX_INFLATED_BYTES", hide_env_values = true)]
    pub max_inflated_bytes: Option<usize>,
    /// Bytes of one capture, such as a HAR, which is read as it comes [default: 1GiB]
    #[arg(long, value_name = "SIZE", value_parser = capture_size, hide_short_help = true)]
    #[arg(env = "SAMLCHECK_MAX_CAPTURE_BYTES", hide_env_values = true)]
    pub max_capture_bytes: Option<usize>,
    /// Messages in one input [default: 1000]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=MOST_COUNT))]
    #[arg(env = "SAMLCHECK_MAX_MESSAGES", hide_env_values = true, hide_short_help = true)]
    pub max_messages: Option<u16>,
    /// Wrappings around one message [default: 8]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=MOST_LAYERS))]
    #[arg(env = "SAMLCHECK_MAX_LAYERS", hide_env_values = true, hide_short_help = true)]
    pub max_layers: Option<u16>,
    /// Depth of nested elements [default: 512]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=MOST_COUNT))]
    #[arg(env = "SAMLCHECK_MAX_DEPTH", hide_env_values = true, hide_short_help = true)]
    pub max_depth: Option<u16>,
    /// Attributes of one element, namespace declarations included [default: 256]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=MOST_COUNT))]
    #[arg(env = "SAMLCHECK_MAX_ATTRIBUTES", hide_env_values = true, hide_short_help = true)]
    pub max_attributes: Option<u16>,
    /// Namespace declarations in scope at one place [default: 1024]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=MOST_COUNT))]
    #[arg(env = "SAMLCHECK_MAX_NAMESPACES", hide_env_values = true, hide_short_help = true)]
    pub max_namespaces: Option<u16>,
    /// Elements, comments, processing instructions and CDATA sections [default: 250000]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=MOST_NODES))]
    #[arg(env = "SAMLCHECK_MAX_NODES", hide_env_values = true, hide_short_help = true)]
    pub max_nodes: Option<u32>,
    /// Attributes of all elements together, namespace declarations included [default: 250000]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=MOST_NODES))]
    #[arg(env = "SAMLCHECK_MAX_TOTAL_ATTRIBUTES", hide_env_values = true, hide_short_help = true)]
    pub max_total_attributes: Option<u32>,
}

impl LimitOptions {
    /// The configured bounds with these in place of theirs.
    #[must_use]
    pub fn over(self, configured: Limits) -> Limits {
        let count = |given: Option<u16>, configured| given.map_or(configured, usize::from);
        let large = |given: Option<u32>, configured| {
            given.map_or(configured, |given| usize::try_from(given).unwrap_or(usize::MAX))
        };
        Limits {
            decoded_bytes: self.max_decoded_bytes.unwrap_or(configured.decoded_bytes),
            inflated_bytes: self.max_inflated_bytes.unwrap_or(configured.inflated_bytes),
            capture_bytes: self.max_capture_bytes.unwrap_or(configured.capture_bytes),
            messages: count(self.max_messages, configured.messages),
            layers: count(self.max_layers, configured.layers),
            depth: count(self.max_depth, configured.depth),
            attributes: count(self.max_attributes, configured.attributes),
            namespaces: count(self.max_namespaces, configured.namespaces),
            nodes: large(self.max_nodes, configured.nodes),
            total_attributes: large(self.max_total_attributes, configured.total_attributes),
        }
    }
}

fn size(text: &str) -> Result<usize, String> {
    size_up_to(MOST_BYTES, "1GiB", text)
}

fn capture_size(text: &str) -> Result<usize, String> {
    size_up_to(MOST_CAPTURE, "1024GiB", text)
}

/// Reads `33554432`, `512KiB`, `32MiB`, `1GiB`; a decimal unit (`kB`, `MB`) counts in thousands.
fn size_up_to(most: usize, written: &str, text: &str) -> Result<usize, String> {
    const UNITS: [(&str, usize); 7] = [
        ("", 1),
        ("kib", 1 << 10),
        ("mib", 1 << 20),
        ("gib", 1 << 30),
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
    ];
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start().to_ascii_lowercase();
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let bytes = number.parse::<usize>().ok().zip(factor).and_then(|(n, f)| n.checked_mul(f));
    match bytes {
        Some(bytes) if (1..=most).contains(&bytes) => Ok(bytes),
        Some(_) | None => Err(format!(
            "a size is a whole number, with or without KiB, MiB or GiB, from 1 to {written}"
        )),
    }
}
