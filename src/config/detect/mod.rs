//! Chooses the configuration that a message belongs to, and says why.
//!
//! platform §3.6; the platform's own rule is unpublished, so the order of `RULES` is a `Choice:` of these notes.
//! What is detected here only selects expectations; every one of them is still checked.

use std::fmt;
use std::sync::Arc;

use super::endpoint::{organization_id, same_endpoint, same_id};
use super::error::{shown, suggestion};
use super::{ConfigError, Source, SpConfig};

/// What a message says about where it belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen<'m> {
    /// The Issuer.
    pub issuer: Option<&'m str>,
    /// Every Audience.
    pub audiences: Vec<&'m str>,
    /// Every Recipient.
    pub recipients: Vec<&'m str>,
}

/// The outcome of detection.
#[derive(Clone, Debug)]
pub struct Detection<'c> {
    /// The configuration to check with, unless nothing speaks for any.
    pub chosen: Option<Chosen<'c>>,
    /// Every configuration, the chosen one first, then the likeliest.
    pub candidates: Vec<Candidate<'c>>,
}

impl<'c> Detection<'c> {
    /// The likeliest configuration that was not chosen.
    pub fn runner_up(&self) -> Option<&Candidate<'c>> {
        self.candidates.get(usize::from(self.chosen.is_some()))
    }
}

/// The configuration to check with.
#[derive(Clone, Debug)]
pub struct Chosen<'c> {
    /// The configuration.
    pub config: &'c SpConfig,
    /// Whether a rule singled it out. When not, it is a guess, and nothing may be accepted on it.
    pub certain: bool,
    /// Why this one.
    pub because: Because,
}

/// Why a configuration was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// Only its Issuer and Audience both match.
    IssuerAndAudience,
    /// Only its Issuer matches.
    Issuer,
    /// Only its Audience matches.
    Audience,
    /// The org id in the Recipient is its own; as the configuration has it.
    OrganizationId(String),
    /// Only its login URL or token endpoint is the Recipient.
    Recipient,
    /// There is no other.
    OnlyConfiguration,
    /// The user named it.
    Named,
    /// No rule decides; it agrees in most. Holds what agrees.
    BestGuess(String),
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IssuerAndAudience => f.write_str("Issuer and Audience match"),
            Self::Issuer => f.write_str("Issuer matches"),
            Self::Audience => f.write_str("Audience matches"),
            Self::OrganizationId(id) => write!(f, "organization id so={id} matches"),
            Self::Recipient => f.write_str("Recipient matches"),
            Self::OnlyConfiguration => f.write_str("the only configuration"),
            Self::Named => f.write_str("named by --sp"),
            Self::BestGuess(agreed) => write!(f, "best guess: {agreed}"),
        }
    }
}

/// One configuration held against the message.
#[derive(Clone, Debug)]
pub struct Candidate<'c> {
    /// The configuration.
    pub config: &'c SpConfig,
    /// Whether the Issuer is the configured one.
    pub issuer: Agreement,
    /// Whether some Audience is the Entity ID.
    pub audience: Agreement,
    /// Whether some Recipient is the login URL or the token endpoint.
    pub recipient: Agreement,
    /// Whether the org id in some Recipient is the configuration's.
    pub organization: Agreement,
}

/// Whether a message agrees with a configuration in one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It does.
    Agrees,
    /// It does not.
    Differs {
        /// What the configuration has.
        expected: String,
        /// What the message has; shared, because every candidate is held against the same hostile values.
        found: Arc<[String]>,
    },
    /// One of them does not have the thing at all.
    Absent,
}

impl Agreement {
    fn agrees(&self) -> bool {
        *self == Self::Agrees
    }
}

/// A rule: when exactly one candidate passes the test, it is the one.
type Rule = (fn(&Candidate<'_>) -> Because, fn(&Candidate<'_>) -> bool);

/// The rules in the order of platform §3.6: the pair, the Issuer, the Audience, `so=`.
///
/// Choice: then the same things together, for the ties that real set-ups have: several identity providers for one org
/// while one of them serves several orgs (only Issuer and org id together decide), and a site beside the org (only the
/// whole Recipient decides).
const RULES: [Rule; 9] = [
    (|_| Because::IssuerAndAudience, |c| c.issuer.agrees() && c.audience.agrees()),
    (|_| Because::Issuer, |c| c.issuer.agrees()),
    (|_| Because::Audience, |c| c.audience.agrees()),
    (by_organization, |c| c.organization.agrees()),
    (by_organization, |c| c.organization.agrees() && c.issuer.agrees() && c.audience.agrees()),
    (by_organization, |c| c.organization.agrees() && c.issuer.agrees()),
    (by_organization, |c| c.organization.agrees() && c.audience.agrees()),
    (|_| Because::Recipient, |c| c.recipient.agrees()),
    (|_| Because::Recipient, |c| c.recipient.agrees() && c.issuer.agrees() && c.audience.agrees()),
];

fn by_organization(candidate: &Candidate<'_>) -> Because {
    let id = candidate.config.own_organization_id().unwrap_or_default();
    Because::OrganizationId(id.to_owned())
}

impl Candidate<'_> {
    /// The four things that were compared, with the names they go by.
    pub fn agreements(&self) -> [(&'static str, &Agreement); 4] {
        [
            ("Issuer", &self.issuer),
            ("Audience", &self.audience),
            ("Recipient", &self.recipient),
            ("organization id", &self.organization),
        ]
    }

    /// What agrees and what does not, both sides in full: `Issuer agrees; Audience differs: expected …, found …`.
    /// Holds values from the message: to be escaped like them.
    pub fn differs(&self) -> String {
        let parts = self.agreements().map(|(name, agreement)| match agreement {
            Agreement::Agrees => format!("{name} agrees"),
            Agreement::Absent => format!("{name} absent"),
            Agreement::Differs { expected, found } => {
                format!("{name} differs: expected {expected}, found {}", found.join(" and "))
            }
        });
        parts.join("; ")
    }

    /// Higher is likelier. The order is that of the rules: Issuer, Audience, org id, Recipient.
    fn likeness(&self) -> [bool; 4] {
        [&self.issuer, &self.audience, &self.organization, &self.recipient].map(Agreement::agrees)
    }
}

/// Chooses among `configs` by what a message says.
///
/// Choice: a file with a single configuration means that one, whatever the message says; the checks then show what
/// does not match, which is what the user came for.
pub fn detect<'c>(configs: &'c [SpConfig], seen: &Seen<'_>) -> Detection<'c> {
    let mut candidates = candidates(configs, seen);
    let decided = RULES.iter().find_map(|(because, test)| {
        let place = only(&candidates, *test)?;
        candidates.get(place).map(|candidate| (place, because(candidate)))
    });
    let decided = match decided {
        None if candidates.len() == 1 => Some((0, Because::OnlyConfiguration)),
        decided => decided,
    };
    if let Some((place, because)) = decided {
        return choose(candidates, place, because);
    }
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.likeness()));
    let chosen = candidates.first().filter(|best| best.likeness().contains(&true)).map(|best| {
        let agreed = best.agreements().into_iter().filter(|(_, agreement)| agreement.agrees());
        let names: Vec<&str> = agreed.map(|(name, _)| name).collect();
        let verb = if names.len() == 1 { "matches" } else { "match" };
        let agreed = match &names[..] {
            [others @ .., one, last] if !others.is_empty() => {
                format!("{}, {one} and {last} {verb}", others.join(", "))
            }
            names => format!("{} {verb}", names.join(" and ")),
        };
        Chosen { config: best.config, certain: false, because: Because::BestGuess(agreed) }
    });
    Detection { chosen, candidates }
}

/// Takes the configuration that the user named; the others are still held against the message.
///
/// # Errors
/// When there is none of that name: says which there are.
pub fn named<'c>(
    configs: &'c [SpConfig],
    name: &str,
    seen: &Seen<'_>,
) -> Result<Detection<'c>, ConfigError> {
    match configs.iter().position(|config| config.name == name) {
        Some(place) => Ok(choose(candidates(configs, seen), place, Because::Named)),
        None => {
            let names = || configs.iter().map(|config| config.name.as_str());
            let problem = format!("there is no configuration {}", shown(name));
            let list: Vec<String> = names().map(shown).collect();
            let advice = match suggestion(name, names()) {
                Some(near) => format!("did you mean {}? There is {}", shown(near), list.join(", ")),
                None => format!("there is {}", list.join(", ")),
            };
            Err(ConfigError::at(&Source::Option("--sp"), problem, advice))
        }
    }
}

/// Puts the candidate at `place` first and the others behind it by likeness.
fn choose(mut candidates: Vec<Candidate<'_>>, place: usize, because: Because) -> Detection<'_> {
    // A place beyond the end cannot happen; were it to, the whole slice stays as it is.
    if let Some(begin) = candidates.get_mut(..=place) {
        begin.rotate_right(1);
    }
    if let Some(others) = candidates.get_mut(1..) {
        others.sort_by_key(|candidate| std::cmp::Reverse(candidate.likeness()));
    }
    let chosen = candidates.first();
    let chosen = chosen.map(|first| Chosen { config: first.config, certain: true, because });
    Detection { chosen, candidates }
}

/// The place of the one candidate that passes, unless none or several do.
fn only(candidates: &[Candidate<'_>], test: fn(&Candidate<'_>) -> bool) -> Option<usize> {
    let mut passing = candidates.iter().enumerate().filter(|(_, candidate)| test(candidate));
    let (place, _) = passing.next()?;
    passing.next().is_none().then_some(place)
}

fn candidates<'c>(configs: &'c [SpConfig], seen: &Seen<'_>) -> Vec<Candidate<'c>> {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let issuer: Vec<&str> = seen.issuer.into_iter().collect();
    let organizations: Vec<&str> =
        seen.recipients.iter().filter_map(|recipient| organization_id(recipient)).collect();
    let issuers: Arc<[String]> = owned(&issuer);
    let audiences: Arc<[String]> = owned(&seen.audiences);
    let recipients: Arc<[String]> = owned(&seen.recipients);
    let organization_ids: Arc<[String]> = owned(&organizations);
    let compare = |config: &'c SpConfig| {
        let endpoint = |found: &str| {
            let token = config.token_endpoint.as_ref().map(|endpoint| endpoint.given().as_str());
            let accepted = [Some(config.login_url.given().as_str()), token];
            accepted.into_iter().flatten().any(|expected| same_endpoint(expected, found))
        };
        let own = config.own_organization_id();
        Candidate {
            config,
            issuer: agreement(config.issuer.given(), &issuers, |found| {
                found == config.issuer.given()
            }),
            audience: agreement(config.entity_id.given(), &audiences, |found| {
                found == config.entity_id.given()
            }),
            recipient: agreement(config.login_url.given(), &recipients, endpoint),
            organization: own.map_or(Agreement::Absent, |own| {
                agreement(own, &organization_ids, |found| same_id(own, found))
            }),
        }
    };
    configs.iter().map(compare).collect()
}

fn agreement(expected: &str, found: &Arc<[String]>, same: impl Fn(&str) -> bool) -> Agreement {
    if found.is_empty() {
        Agreement::Absent
    } else if found.iter().any(|found| same(found)) {
        Agreement::Agrees
    } else {
        Agreement::Differs { expected: expected.to_owned(), found: Arc::clone(found) }
    }
}

#[cfg(test)]
mod tests;
