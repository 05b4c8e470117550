//! Reads `samlcheck.toml`.
//!
//! The text becomes [`Settings`], each value with the line it stands in; `settings` judges them. Errors are told in our
//! words from the TOML library's message and place, never with the source line, which may hold a private key.

mod raw;

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use super::credentials::Files;
use super::error::{shown, suggestion};
use super::{ConfigError, Configuration, Expect, ReadFile, Settings, Source};
use crate::limits::Limits;
use raw::{File, LimitsTable, OneOrMany, ServiceProvider};

/// Reads a configuration file's text. `read` is how files named in it are read; relative paths start at its folder.
///
/// # Errors
/// Names the file, the line and what to do.
pub fn load(path: &Path, text: &str, read: ReadFile<'_>) -> Result<Configuration, ConfigError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let lines = Lines { path: path.display().to_string(), text };
    let file: File = toml::from_str(text).map_err(|error| lines.toml_error(&error))?;
    if file.sp.is_empty() {
        return Err(ConfigError::at(
            &lines.source(0..0),
            "there is no service provider",
            "add an [[sp]] table with name, issuer, login_url and idp_certificate",
        ));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let files = Files { folder, read };
    let mut service_providers = Vec::with_capacity(file.sp.len());
    let mut lines_by_name = HashMap::new();
    for table in file.sp {
        let place = lines.source(table.span());
        let table = table.into_inner();
        let name = lines.name(&table, &place)?;
        if let Some(first) = lines_by_name.insert(name.given().clone(), line(name.source())) {
            return Err(ConfigError::at(
                name.source(),
                format!("the name {} is already used in line {first}", shown(name.given())),
                "give each [[sp]] a name of its own",
            ));
        }
        let name = name.given().clone();
        service_providers.push(lines.settings(table).check(name, &place, files)?);
    }
    let limits = lines.limits(file.limits)?;
    Ok(Configuration { service_providers, limits, path: Some(path.to_owned()) })
}

fn line(source: &Source) -> usize {
    match source {
        Source::File { line, .. } => *line,
        Source::Option(_) | Source::Environment(_) | Source::Default => 0,
    }
}

/// The text of the file, to find lines in.
struct Lines<'t> {
    path: String,
    text: &'t str,
}

impl Lines<'_> {
    fn source(&self, span: Range<usize>) -> Source {
        let before = self.text.as_bytes().iter().take(span.start);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        Source::File { path: self.path.clone(), line }
    }

    fn expect<T>(&self, value: toml::Spanned<T>) -> Expect<T> {
        let source = self.source(value.span());
        Expect::new(value.into_inner(), source)
    }

    fn name(&self, table: &ServiceProvider, place: &Source) -> Result<Expect<String>, ConfigError> {
        let advice = "add `name`, which --sp and the reports call it by";
        match &table.name {
            None => Err(ConfigError::at(place, "[[sp]] has no `name`", advice)),
            Some(name) if name.get_ref().trim().is_empty() => {
                Err(ConfigError::at(&self.source(name.span()), "`name` is empty", advice))
            }
            Some(name) => Ok(self.expect(name.clone())),
        }
    }

    fn settings(&self, table: ServiceProvider) -> Settings {
        let text = |value: Option<toml::Spanned<String>>| value.map(|value| self.expect(value));
        Settings {
            issuer: text(table.issuer),
            entity_id: text(table.entity_id),
            login_url: text(table.login_url),
            token_endpoint: text(table.token_endpoint),
            idp_certificates: self.list(table.idp_certificate),
            decryption_keys: self.list(table.decryption_key),
            identity_type: text(table.identity_type),
            identity_location: text(table.identity_location),
            attribute_name: text(table.attribute_name),
            name_id_format: text(table.name_id_format),
            organization_id: text(table.organization_id),
            portal_id: text(table.portal_id),
            session_level: text(table.session_level),
            provisioning: text(table.provisioning),
            users: text(table.users),
            federation_id_case_sensitive: table
                .federation_id_case_sensitive
                .map(|value| self.expect(value)),
            clock_skew_seconds: table.clock_skew_seconds.map(|value| self.expect(value)),
            validity_seconds: table.validity_seconds.map(|value| self.expect(value)),
            sites: table
                .site
                .into_iter()
                .map(|site| (self.expect(site.url), site.active))
                .collect(),
        }
    }

    fn list(&self, value: Option<toml::Spanned<OneOrMany>>) -> Vec<Expect<String>> {
        let Some(value) = value else {
            return Vec::new();
        };
        let source = self.source(value.span());
        match value.into_inner() {
            OneOrMany::One(text) => vec![Expect::new(text, source)],
            OneOrMany::Many(texts) => texts.into_iter().map(|text| self.expect(text)).collect(),
        }
    }

    fn limits(&self, table: LimitsTable) -> Result<Limits, ConfigError> {
        /// Choice: what libxml2 can take, whose lengths are 32-bit numbers and which crashes on endless depth.
        const BYTES: usize = 1 << 30;
        /// Choice: a capture is read as it comes, so that only patience bounds it.
        const CAPTURE: usize = 1 << 40;
        const COUNT: usize = 10_000;
        const LAYERS: usize = 64;
        const NODES: usize = 100_000_000;
        let mut limits = Limits::default();
        let rows = [
            ("decoded_bytes", table.decoded_bytes, &mut limits.decoded_bytes, BYTES),
            ("inflated_bytes", table.inflated_bytes, &mut limits.inflated_bytes, BYTES),
            ("capture_bytes", table.capture_bytes, &mut limits.capture_bytes, CAPTURE),
            ("messages", table.messages, &mut limits.messages, COUNT),
            ("layers", table.layers, &mut limits.layers, LAYERS),
            ("depth", table.depth, &mut limits.depth, COUNT),
            ("attributes", table.attributes, &mut limits.attributes, COUNT),
            ("namespaces", table.namespaces, &mut limits.namespaces, COUNT),
            ("nodes", table.nodes, &mut limits.nodes, NODES),
            ("total_attributes", table.total_attributes, &mut limits.total_attributes, NODES),
        ];
        for (key, value, limit, most) in rows {
            let Some(value) = value.map(|value| self.expect(value)) else {
                continue;
            };
            match usize::try_from(*value.given()) {
                Ok(given) if (1..=most).contains(&given) => *limit = given,
                Ok(_) | Err(_) => {
                    return Err(ConfigError::at(
                        value.source(),
                        format!("`{key}` cannot be {}", value.given()),
                        format!("it is 1 to {most}; the default is {limit}"),
                    ));
                }
            }
        }
        Ok(limits)
    }

    /// The TOML library's error in our words. Its messages are those of serde, which a test holds still.
    fn toml_error(&self, error: &toml::de::Error) -> ConfigError {
        let source = self.source(error.span().unwrap_or(0..0));
        let message = error.message();
        if let Some((key, known)) = unknown_key(message) {
            let table = raw::table_with(&known);
            let problem = format!("unknown key {} in {table}", shown(key));
            let advice = match suggestion(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it takes {}", known.join(", ")),
            };
            return ConfigError::at(&source, problem, advice);
        }
        if let Some((found, expected)) = wrong_type(message) {
            let problem = format!("expected {expected}, found {found}");
            return ConfigError::at(&source, problem, "correct the value");
        }
        if message == "missing field `url`" {
            return ConfigError::at(&source, "[[sp.site]] has no `url`", "add the site's address");
        }
        let problem = format!("this is no TOML: {}", message.replace('\n', ", "));
        ConfigError::at(&source, problem, "texts stand in double quotes, one key to a line")
    }
}

/// ``unknown field `a`, expected one of `b`, `c` `` → `a` and `b`, `c`.
fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let (key, known) = message.strip_prefix("unknown field `")?.rsplit_once("`, expected ")?;
    // Every second piece stands between backticks.
    Some((key, known.split('`').skip(1).step_by(2).collect()))
}

/// `invalid type: string "…", expected a boolean` → `a string`, `a boolean`; never the value, which may be a key.
fn wrong_type(message: &str) -> Option<(&'static str, &str)> {
    let (found, expected) = message.strip_prefix("invalid type: ")?.rsplit_once(", expected ")?;
    let kinds = [
        ("string", "a string"),
        ("integer", "a whole number"),
        ("floating", "a fraction"),
        ("boolean", "true or false"),
        ("sequence", "a list"),
        ("map", "a table or a date"),
    ];
    let kind = kinds.iter().find(|(kind, _)| found.starts_with(kind));
    let expected = match expected {
        "i64" => "a whole number",
        "a boolean" => "true or false",
        other => other,
    };
    Some((kind.map_or("something else", |(_, words)| words), expected))
}

#[cfg(test)]
mod tests;
