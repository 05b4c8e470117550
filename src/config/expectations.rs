//! The settings that a message is held against, by the names that people know them by and with where each was given.

use super::{Expect, IdentityLocation, Source, SpConfig};

/// One setting with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Its name on the platform's Single Sign-On Settings page.
    pub setting: &'static str,
    /// Its value; of a certificate, the subject; of a private key, its file.
    pub text: String,
    /// Where it was given.
    pub source: Source,
}

impl SpConfig {
    /// Every setting that some check compares, in the order of the checklist.
    #[must_use]
    pub fn expectations(&self) -> Vec<Expectation> {
        let attribute = match &self.identity_location {
            IdentityLocation::NameId => None,
            IdentityLocation::Attribute { name } => Some(name),
        };
        let texts = [
            ("Attribute Name", attribute),
            ("Name ID Format", self.name_id_format.as_ref()),
            ("Issuer", Some(&self.issuer)),
            ("Entity ID", Some(&self.entity_id)),
            ("Login URL", Some(&self.login_url)),
            ("OAuth 2.0 Token Endpoint", self.token_endpoint.as_ref()),
            ("Organization ID", self.organization_id.as_ref()),
            ("Portal ID", self.portal_id.as_ref()),
        ];
        let texts = texts.into_iter().filter_map(|(setting, text)| Some((setting, text?)));
        let texts = texts.map(|(setting, text)| of(setting, text, String::clone));
        let certificate = "Identity Provider Certificate";
        let certificates = self.idp_certificates.iter();
        let certificates =
            certificates.map(|given| of(certificate, given, |given| given.subject().to_owned()));
        let sites = self.sites.iter().map(|site| of("Site URL", &site.url, String::clone));
        let level = self.session_level.iter();
        let level =
            level.map(|level| of("Session Level", level, |level| level.as_str().to_owned()));
        let keys = self.decryption_keys.iter().map(|key| {
            let label = key.label();
            let setting = "Assertion Decryption Certificate";
            Expectation { setting, text: label.name, source: label.source }
        });
        texts.chain(certificates).chain(keys).chain(sites).chain(level).collect()
    }
}

fn of<T>(setting: &'static str, expect: &Expect<T>, text: fn(&T) -> String) -> Expectation {
    Expectation { setting, text: text(expect.given()), source: expect.source().clone() }
}
