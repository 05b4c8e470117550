//! The configuration that a message was held against, and the others that were looked at, as plain data.

use crate::config::detect::{Agreement, Candidate, Detection};
use crate::config::{Configuration, Expectation, KeyLabel, SpConfig};

/// The configuration that was used, and the others that were looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationUsed {
    /// The chosen one's name; nothing when none applies.
    pub name: Option<String>,
    /// Why it was chosen, or why none was.
    pub because: String,
    /// Whether it certainly applies. A guess can never be accepted.
    pub certain: bool,
    /// The file it came from.
    pub path: Option<String>,
    /// Its settings; none when none applies.
    pub expectations: Vec<Expectation>,
    /// Its private keys, those that still wait for a passphrase among them.
    pub decryption_keys: Vec<KeyLabel>,
    /// Every candidate, the best first.
    pub candidates: Vec<CandidateReport>,
}

/// One configuration that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateReport {
    /// Its name.
    pub name: String,
    /// What agreed with the message: `Issuer`, `Audience` …
    pub agrees: Vec<&'static str>,
    /// What did not: the field, the configured value and the message's.
    pub differs: Vec<Difference>,
}

/// A field in which a configuration and a message differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `Issuer`, `Audience` …
    pub field: &'static str,
    /// The configured value.
    pub expected: String,
    /// The message's values.
    pub found: Vec<String>,
}

impl ConfigurationUsed {
    /// The private key of this number among those that could be used, counted from 0.
    #[must_use]
    pub fn decryption_key(&self, number: usize) -> Option<&KeyLabel> {
        self.decryption_keys.iter().filter(|key| key.bits.is_some()).nth(number)
    }

    /// The configuration that was used, among all that there are.
    pub(crate) fn used<'c>(&self, configuration: &'c Configuration) -> Option<&'c SpConfig> {
        let name = self.name.as_deref()?;
        configuration.service_providers.iter().find(|config| config.name == name)
    }

    /// Those that were not used.
    pub(crate) fn not_used<'c>(
        &self,
        configuration: &'c Configuration,
    ) -> impl Iterator<Item = &'c SpConfig> + use<'_, 'c> {
        let used = self.name.as_deref();
        configuration.service_providers.iter().filter(move |sp| Some(sp.name.as_str()) != used)
    }

    pub(crate) fn of(detection: &Detection<'_>, configuration: &Configuration) -> Self {
        let chosen = detection.chosen.as_ref();
        Self {
            name: chosen.map(|chosen| chosen.config.name.clone()),
            because: chosen.map_or_else(
                || "nothing in the message agrees with any configuration".to_owned(),
                |chosen| chosen.because.to_string(),
            ),
            certain: chosen.is_some_and(|chosen| chosen.certain),
            path: configuration.path.as_ref().map(|path| path.display().to_string()),
            expectations: chosen.map(|chosen| chosen.config.expectations()).unwrap_or_default(),
            decryption_keys: chosen
                .map(|chosen| chosen.config.decryption_keys.iter().map(|key| key.label()).collect())
                .unwrap_or_default(),
            candidates: detection.candidates.iter().map(CandidateReport::of).collect(),
        }
    }
}

impl CandidateReport {
    fn of(candidate: &Candidate<'_>) -> Self {
        let mut report =
            Self { name: candidate.config.name.clone(), agrees: Vec::new(), differs: Vec::new() };
        for (field, agreement) in candidate.agreements() {
            match agreement {
                Agreement::Agrees => report.agrees.push(field),
                Agreement::Absent => {}
                Agreement::Differs { expected, found } => report.differs.push(Difference {
                    field,
                    expected: expected.clone(),
                    found: found.to_vec(),
                }),
            }
        }
        report
    }
}
