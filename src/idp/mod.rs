//! Which product the identity provider is, guessed from how its messages look, and where to look in the console of that product.
//!
//! All of it is data: `products.toml` has one table per product, with the signs that tell it and with a place to look for each cause that its console has
//! one for. A guess chooses words; it never touches a verdict.

mod facts;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;

pub(crate) use facts::Fact;

/// How many points a product needs before it is named. Choice: 4, what one sign gives that no other product shows.
const NAMED_FROM: u32 = 4;
/// By how many points it must lead. Choice: 2; where two products fit almost alike, none is named.
const LEAD: u32 = 2;

/// The table, as it is compiled in. What a test has parsed once parses always; without it no product would be named.
static PRODUCTS: LazyLock<Vec<Product>> =
    LazyLock::new(|| toml::from_str::<Table>(TABLE).map(|table| table.product).unwrap_or_default());
const TABLE: &str = include_str!("products.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    product: Vec<Product>,
}

/// A product that identity providers run.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Stable and kebab-case.
    pub id: String,
    /// Its own name for itself.
    pub name: String,
    #[serde(rename = "sign")]
    signs: Vec<Sign>,
    #[serde(rename = "hint")]
    hints: Vec<Hint>,
}

/// One trait by which a product can be told.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    /// What is looked at.
    of: Feature,
    /// The whole value.
    is: Option<String>,
    /// How it begins.
    starts: Option<String>,
    /// What is in it.
    contains: Option<String>,
    /// How it ends.
    ends: Option<String>,
    /// What everything after the beginning is made of.
    rest: Option<Alphabet>,
    /// How many characters that has.
    length: Option<usize>,
    /// How telling it is: 4 or more names the product by itself.
    weight: u32,
}

/// What of a message is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Feature {
    /// Who says that it sent the message; held against a sign without regard to case.
    Issuer,
    /// The ID of the Response or of the Assertion.
    Id,
    /// The name of an attribute.
    Attribute,
    /// The subject of a certificate in KeyInfo.
    Certificate,
    /// What stands in KeyInfo, in order.
    KeyInfo,
    /// What the identity provider says about a refusal.
    StatusMessage,
    /// Prefixes, the order of attributes, what is optional.
    Layout,
}

impl Feature {
    /// In words.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Issuer => "Issuer",
            Self::Id => "ID",
            Self::Attribute => "attribute",
            Self::Certificate => "certificate",
            Self::KeyInfo => "KeyInfo",
            Self::StatusMessage => "StatusMessage",
            Self::Layout => "layout",
        }
    }
}

/// What the rest of a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Alphabet {
    /// `0` to `9`.
    Digits,
    /// Hexadecimal in small letters.
    LowerHex,
    /// Hexadecimal in capitals.
    UpperHex,
    /// A UUID in its usual form.
    Uuid,
    /// Letters, digits, `.`, `-` and `_`.
    Token,
}

impl Alphabet {
    fn spells(self, text: &str) -> bool {
        let all = |allowed: fn(u8) -> bool| !text.is_empty() && text.bytes().all(allowed);
        match self {
            Self::Digits => all(|b| b.is_ascii_digit()),
            Self::LowerHex => all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
            Self::UpperHex => all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)),
            Self::Uuid => {
                let lengths = text.split('-').map(str::len);
                lengths.eq([8, 4, 4, 4, 12]) && all(|b| b == b'-' || b.is_ascii_hexdigit())
            }
            Self::Token => all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b)),
        }
    }
}

/// Where to look, for some causes.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hint {
    /// Codes of causes.
    causes: Vec<String>,
    /// One or two sentences.
    look: String,
}

impl Sign {
    fn fits(&self, fact: &Fact) -> bool {
        if self.of != fact.feature {
            return false;
        }
        let folded = fact.text.to_ascii_lowercase();
        let text = if self.of == Feature::Issuer { &folded } else { &fact.text };
        let starts = self.starts.as_deref().unwrap_or_default();
        let Some(rest) = text.strip_prefix(starts) else { return false };
        self.is.as_ref().is_none_or(|is| is == text)
            && self.contains.as_ref().is_none_or(|part| text.contains(part.as_str()))
            && self.ends.as_ref().is_none_or(|end| text.ends_with(end.as_str()))
            && self.rest.is_none_or(|alphabet| alphabet.spells(rest))
            && self.length.is_none_or(|length| rest.len() == length)
    }
}

impl Product {
    /// Every product that can be named.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &PRODUCTS
    }

    /// Where to look for this cause, when the product's console has a place for it.
    #[must_use]
    pub fn hint(&self, cause: &str) -> Option<&str> {
        let hint = self.hints.iter().find(|hint| hint.causes.iter().any(|code| code == cause));
        hint.map(|hint| hint.look.as_str())
    }

    /// What of the facts speaks for it, one for each sign, and how much together.
    fn told_by(&self, facts: &[Fact]) -> (u32, Vec<Fact>) {
        let fitting = |sign: &Sign| {
            let fact = facts.iter().find(|fact| sign.fits(fact))?;
            Some((sign.weight, fact.clone()))
        };
        let fitting: Vec<(u32, Fact)> = self.signs.iter().filter_map(fitting).collect();
        let weight = fitting.iter().map(|(weight, _)| weight).sum();
        let mut told: Vec<Fact> = fitting.into_iter().map(|(_, fact)| fact).collect();
        told.dedup();
        (weight, told)
    }
}

/// A product that the message looks like, and what that guess rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The product.
    pub product: &'static Product,
    told: Vec<Fact>,
}

impl Guess {
    /// What it rests on: what was looked at, and the value as it stands in the message.
    pub fn evidence(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.told.iter().map(|fact| (fact.feature.name(), fact.text.as_str()))
    }
}

/// The one product that these facts speak for clearly.
pub(crate) fn guess(facts: &[Fact]) -> Option<Guess> {
    let mut ranked: Vec<(u32, Guess)> = Product::all()
        .iter()
        .map(|product| {
            let (weight, told) = product.told_by(facts);
            (weight, Guess { product, told })
        })
        .collect();
    ranked.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let mut ranked = ranked.into_iter();
    let (weight, first) = ranked.next()?;
    let next = ranked.next().map_or(0, |(weight, _)| weight);
    (weight >= NAMED_FROM && weight >= next.saturating_add(LEAD)).then_some(first)
}
