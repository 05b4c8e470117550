//! What would have to change for a rejected message to be accepted: the smallest single changes of a setting or of the judged moment.
//!
//! Each candidate is tried by judging the message again, from its bytes and by the same pipeline, with that one thing changed; only what
//! then is accepted is told. The verdict that is reported was reached before, and every changed copy of the configuration is thrown away: a value that
//! was learned from a message is shown here and never adopted (security rule 1).
//!
//! A change that would be accepted need not be a good one. Each is therefore marked safe or unsafe to adopt, with the reason.
//!
//! To add a kind of change: a function that offers candidates and its row in `KINDS`.

mod clock;
mod identity;
mod keys;
#[cfg(test)]
mod tests;
mod values;

use crate::config::{Configuration, SpConfig};
use crate::input::Captured;
use crate::report::Report;
use crate::validate::{At, Options, judge_captured};

/// One change with which alone the message would have been accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it does; stable and kebab-case.
    pub kind: &'static str,
    /// The key of the configuration file, or the option, that would be changed.
    pub setting: &'static str,
    /// Its value now; nothing when it has none. Certificates are named by their SHA-256 fingerprints.
    pub from: Option<String>,
    /// The value with which the message would be accepted; nothing when it is to be left out.
    pub to: Option<String>,
    /// Whether it can be adopted as it is.
    pub safe: bool,
    /// Why it is safe, or what must be made sure of first: one sentence.
    pub why: String,
}

/// A kind of change, as data.
struct Kind {
    /// Ids of the checks that it can turn; it is tried when no other check has failed. Nothing: it is always tried.
    turns: Option<&'static [&'static str]>,
    /// As many of its changes as are told.
    most: usize,
    /// What to try, the smallest first.
    offers: fn(&Case<'_>) -> Vec<Candidate>,
}

/// Every kind, the one that changes least first.
///
/// Choice: looking at another moment changes nothing; another of the configurations is there already; times come before values, as they let in
/// nobody else; a key comes last, since whoever holds it can log in as anybody.
static KINDS: &[Kind] = &[
    Kind { turns: Some(TIMES), most: 1, offers: clock::another_moment },
    Kind { turns: None, most: 3, offers: keys::another_configuration },
    Kind { turns: Some(TIMES), most: 1, offers: clock::longer_skew },
    Kind { turns: Some(TIMES), most: 1, offers: clock::longer_validity },
    Kind { turns: Some(&["audience"]), most: SOME, offers: values::entity_id },
    Kind { turns: Some(&["recipient"]), most: SOME, offers: values::login_url },
    Kind { turns: Some(&["issuer"]), most: SOME, offers: values::issuer },
    Kind { turns: Some(&["portal-organization"]), most: SOME, offers: values::ids },
    Kind { turns: Some(&["site-url"]), most: 1, offers: values::site },
    Kind { turns: Some(&["session-level"]), most: 1, offers: values::session_level },
    Kind { turns: Some(&["attribute", "subject"]), most: SOME, offers: identity::format },
    Kind { turns: Some(&["attribute", "subject"]), most: SOME, offers: identity::kind },
    Kind { turns: Some(&["attribute", "subject"]), most: SOME, offers: identity::location },
    Kind { turns: Some(&["input"]), most: 1, offers: keys::decryption_key },
    Kind { turns: Some(&["signature"]), most: SOME, offers: keys::certificate },
];

/// The checks that depend on the judged moment.
const TIMES: &[&str] = &["timestamps", "subject-confirmation", "signature"];

/// As many changes of one kind as are told. Choice: 5; whoever has more to choose from must look at the message.
const SOME: usize = 5;

/// As many candidates as are tried for one message, since each is a whole judgement. Choice: 64, more than a message with honest values offers.
const MOST_TRIED: usize = 64;

/// A change and how to try it.
struct Candidate {
    change: Change,
    tried: Tried,
}

/// What is different when the message is judged again.
enum Tried {
    /// The used configuration, with one setting changed.
    Setting(Box<SpConfig>),
    /// The configuration of this name.
    Named(String),
    /// The moment.
    Moment(jiff::Timestamp),
}

/// What candidates are made from.
struct Case<'a> {
    report: &'a Report,
    configuration: &'a Configuration,
}

impl<'a> Case<'a> {
    /// The configuration that was used.
    fn config(&self) -> Option<&'a SpConfig> {
        self.report.parts().configuration.used(self.configuration)
    }

    /// The configurations that were not used.
    fn others(&self) -> impl Iterator<Item = &'a SpConfig> + use<'a> {
        self.report.parts().configuration.not_used(self.configuration)
    }

    /// The change of a setting: `edit` makes it in a copy of the used configuration.
    fn setting(&self, change: Change, edit: impl FnOnce(&mut SpConfig)) -> Option<Candidate> {
        let mut config = self.config()?.clone();
        edit(&mut config);
        Some(Candidate { change, tried: Tried::Setting(Box::new(config)) })
    }
}

/// The smallest single changes with which `message`, on which `report` is the report, would be accepted. Empty when it is accepted, and when none
/// would do.
#[must_use]
pub fn what_if(
    message: &Captured,
    report: &Report,
    configuration: &Configuration,
    options: &Options,
) -> Vec<Change> {
    if report.is_accepted() || report.message().is_none() {
        return Vec::new();
    }
    let case = Case { report, configuration };
    let failed: Vec<&str> = report.failed().map(|line| line.check.id).collect();
    let mut found = Vec::new();
    let mut left = MOST_TRIED;
    for kind in KINDS {
        let can = kind.turns.is_none_or(|turns| {
            !failed.is_empty() && failed.iter().all(|check| turns.contains(check))
        });
        if !can {
            continue;
        }
        let candidates = (kind.offers)(&case).into_iter().take(left);
        let accepted = candidates
            .inspect(|_| left = left.saturating_sub(1))
            .filter(|candidate| is_accepted(&candidate.tried, message, configuration, options));
        found.extend(accepted.map(|candidate| candidate.change).take(kind.most));
    }
    found
}

/// Judges the message again, with one thing changed.
fn is_accepted(
    tried: &Tried,
    message: &Captured,
    configuration: &Configuration,
    options: &Options,
) -> bool {
    let mut options = options.clone();
    let report = match tried {
        Tried::Setting(changed) => {
            let mut configuration = configuration.clone();
            for config in &mut configuration.service_providers {
                if config.name == changed.name {
                    config.clone_from(changed);
                }
            }
            judge_captured(message, &configuration, &options)
        }
        Tried::Named(name) => {
            options.service_provider = Some(name.clone());
            judge_captured(message, configuration, &options)
        }
        Tried::Moment(instant) => {
            options.at = At::Given(*instant);
            judge_captured(message, configuration, &options)
        }
    };
    report.is_accepted()
}
