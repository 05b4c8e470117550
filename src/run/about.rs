//! The commands that read no input: `explain`, `completions`, `--version`.

use std::io::Write;

use clap_complete::Shell;

use super::{Stop, USAGE, World, output};
use crate::cli::{self, Explain};
use crate::render::{self, Detail};

pub(super) fn explain(request: &Explain, world: &mut World<'_>) -> Result<u8, Stop> {
    let color = output::color(request.color.color, world);
    let style = output::style(color, Detail::Normal, world);
    let name = request.name.as_deref();
    if render::explain(name, &style, &mut world.stdout)? {
        return Ok(0);
    }
    let name = name.unwrap_or_default();
    let advice = match nearest(name).as_slice() {
        [] => "`samlcheck explain` lists them all".to_owned(),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    world.complain(&format!("there is no check or code `{name}`; {advice}"));
    Ok(USAGE)
}

/// The names that were probably meant, the likeliest first, in backticks.
fn nearest(name: &str) -> Vec<String> {
    /// Choice: below this likeness (Jaro-Winkler) a suggestion confuses more than it helps.
    const NEAR: f64 = 0.8;
    const MOST: usize = 3;
    let name = name.to_lowercase().replace('_', "-");
    let likeness = |known: &'static str| {
        // A part of a long name is as good as a slip in a short one.
        let part = name.len() >= 3 && known.contains(&name);
        if part { 1.0 } else { strsim::jaro_winkler(&name, known) }
    };
    let mut near: Vec<(f64, &str)> = render::explain_names()
        .into_iter()
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.iter().take(MOST).map(|(_, known)| format!("`{known}`")).collect()
}

pub(super) fn completions(shell: Shell, world: &mut World<'_>) -> Result<u8, Stop> {
    // Into memory first: the generator panics when it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "samlcheck", &mut script);
    world.stdout.write_all(&script)?;
    Ok(0)
}

pub(super) fn version(world: &mut World<'_>) -> Result<u8, Stop> {
    let out = &mut world.stdout;
    writeln!(out, "samlcheck {}", env!("CARGO_PKG_VERSION"))?;
    for (library, version) in libraries() {
        writeln!(out, "{library} {version}")?;
    }
    writeln!(out, "JSON schema {}", render::SCHEMA)?;
    Ok(0)
}

/// The libraries that decide verdicts. OpenSSL's own text begins with its name.
fn libraries() -> Vec<(&'static str, String)> {
    #[cfg(feature = "xmlsec")]
    let mut libraries = crate::crypto::versions();
    #[cfg(not(feature = "xmlsec"))]
    let mut libraries = vec![("libxmlsec1", "not in this build".to_owned())];
    if !libraries.iter().any(|(name, _)| *name == "OpenSSL") {
        let text = openssl::version::version();
        libraries.push(("OpenSSL", text.strip_prefix("OpenSSL ").unwrap_or(text).to_owned()));
    }
    libraries
}
