//! The shape of `samlcheck.toml`, exactly as serde reads it; every value keeps its place in the text.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) sp: Vec<Spanned<ServiceProvider>>,
    #[serde(default)]
    pub(super) limits: LimitsTable,
}

/// An `[[sp]]` table. Nothing is required here, so that one error can list all that is missing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceProvider {
    pub(super) name: Option<Spanned<String>>,
    pub(super) issuer: Option<Spanned<String>>,
    pub(super) entity_id: Option<Spanned<String>>,
    pub(super) login_url: Option<Spanned<String>>,
    pub(super) token_endpoint: Option<Spanned<String>>,
    pub(super) idp_certificate: Option<Spanned<OneOrMany>>,
    pub(super) decryption_key: Option<Spanned<OneOrMany>>,
    pub(super) identity_type: Option<Spanned<String>>,
    pub(super) identity_location: Option<Spanned<String>>,
    pub(super) attribute_name: Option<Spanned<String>>,
    pub(super) name_id_format: Option<Spanned<String>>,
    pub(super) organization_id: Option<Spanned<String>>,
    pub(super) portal_id: Option<Spanned<String>>,
    pub(super) session_level: Option<Spanned<String>>,
    pub(super) provisioning: Option<Spanned<String>>,
    pub(super) users: Option<Spanned<String>>,
    pub(super) federation_id_case_sensitive: Option<Spanned<bool>>,
    pub(super) clock_skew_seconds: Option<Spanned<i64>>,
    pub(super) validity_seconds: Option<Spanned<i64>>,
    #[serde(default)]
    pub(super) site: Vec<SiteTable>,
}

/// An `[[sp.site]]` table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteTable {
    pub(super) url: Spanned<String>,
    #[serde(default = "active")]
    pub(super) active: bool,
}

fn active() -> bool {
    true
}

/// The `[limits]` table: the names of [`crate::limits::Limits`].
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsTable {
    pub(super) decoded_bytes: Option<Spanned<i64>>,
    pub(super) inflated_bytes: Option<Spanned<i64>>,
    pub(super) capture_bytes: Option<Spanned<i64>>,
    pub(super) messages: Option<Spanned<i64>>,
    pub(super) layers: Option<Spanned<i64>>,
    pub(super) depth: Option<Spanned<i64>>,
    pub(super) attributes: Option<Spanned<i64>>,
    pub(super) namespaces: Option<Spanned<i64>>,
    pub(super) nodes: Option<Spanned<i64>>,
    pub(super) total_attributes: Option<Spanned<i64>>,
}

/// The table that takes these keys, as the file spells it.
pub(super) fn table_with(keys: &[&str]) -> &'static str {
    let takes = |key| keys.contains(&key);
    if takes("issuer") {
        "[[sp]]"
    } else if takes("url") {
        "[[sp.site]]"
    } else if takes("layers") {
        "[limits]"
    } else {
        "the file"
    }
}

/// A string or a list of strings.
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

/// Written by hand, because serde's untagged enums lose the place and the reason of an error.
struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element()? {
            texts.push(text);
        }
        Ok(OneOrMany::Many(texts))
    }
}
