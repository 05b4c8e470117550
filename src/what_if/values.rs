//! A value of the message adopted in place of the configured one.

use super::{Candidate, Case, Change};
use crate::config::{
    Expect, SessionLevel, Site, Source, SpConfig, is_absolute_http_url, same_endpoint,
};
use crate::diagnosis::{names_the_same, nearness};
use crate::saml::Value;

/// A setting that holds one text.
struct Text {
    kind: &'static str,
    key: &'static str,
    of: fn(&SpConfig) -> Option<&str>,
    set: fn(&mut SpConfig, Expect<String>),
    /// What adopting it would let in.
    unsafe_why: &'static str,
}

/// An Audience in place of the Entity ID.
pub(super) fn entity_id(case: &Case<'_>) -> Vec<Candidate> {
    let assertion = case.report.message().and_then(|message| message.assertion());
    let found = assertion.into_iter().flat_map(|assertion| assertion.audiences()).map(text);
    let setting = Text {
        kind: "adopt-audience",
        key: "entity_id",
        of: |config| Some(config.entity_id.given()),
        set: |config, value| config.entity_id = value,
        unsafe_why: "It would accept messages that are meant for somebody else, unless this is your Entity ID: correct the Audience at the identity provider instead.",
    };
    adopted(case, &setting, found)
}

/// A Recipient in place of the login URL.
pub(super) fn login_url(case: &Case<'_>) -> Vec<Candidate> {
    let message = case.report.message();
    let assertion = message.and_then(|message| message.assertion());
    let recipients = assertion
        .into_iter()
        .flat_map(|assertion| assertion.confirmations())
        .filter_map(|confirmation| confirmation.data.as_ref()?.recipient.as_ref());
    let destination = message.and_then(|message| message.response()?.destination.as_ref());
    let found = recipients.chain(destination).map(text).filter(|url| is_absolute_http_url(url));
    let setting = Text {
        kind: "adopt-recipient",
        key: "login_url",
        of: |config| Some(config.login_url.given()),
        set: |config, value| config.login_url = value,
        unsafe_why: "It would accept messages that are sent to another place, unless this is your login URL: correct the reply URL at the identity provider instead.",
    };
    adopted(case, &setting, found)
}

/// The Issuer of the message in place of the configured one.
pub(super) fn issuer(case: &Case<'_>) -> Vec<Candidate> {
    let message = case.report.message();
    let assertion = message.and_then(|message| message.assertion()?.issuer.as_ref());
    let response = message.and_then(|message| message.response()?.issuer.as_ref());
    let found = assertion.into_iter().chain(response).map(|issuer| text(&issuer.value));
    let setting = Text {
        kind: "adopt-issuer",
        key: "issuer",
        of: |config| Some(config.issuer.given()),
        set: |config, value| config.issuer = value,
        unsafe_why: "Several identity providers may share one key, so compare it with the entity ID in your identity provider's own metadata first.",
    };
    adopted(case, &setting, found)
}

/// The ids of a portal and its organization.
pub(super) fn ids(case: &Case<'_>) -> Vec<Candidate> {
    let settings = [
        Text {
            kind: "adopt-organization-id",
            key: "organization_id",
            of: |config| Some(config.organization_id.as_ref()?.given()),
            set: |config, value| config.organization_id = Some(value),
            unsafe_why: "It names another organization, unless this id is yours: correct the attribute at the identity provider instead.",
        },
        Text {
            kind: "adopt-portal-id",
            key: "portal_id",
            of: |config| Some(config.portal_id.as_ref()?.given()),
            set: |config, value| config.portal_id = Some(value),
            unsafe_why: "It names another portal, unless this id is yours: correct the attribute at the identity provider instead.",
        },
    ];
    let found = |setting: &Text| attribute(case, setting.key);
    settings.iter().flat_map(|setting| adopted(case, setting, found(setting))).collect()
}

/// The site that the message names among the known ones.
pub(super) fn site(case: &Case<'_>) -> Vec<Candidate> {
    let assertion = case.report.message().and_then(|message| message.assertion());
    let attributes = assertion.into_iter().flat_map(|assertion| &assertion.attributes);
    let named = { attributes }.find(|attribute| attribute.name.eq_ignore_ascii_case("siteurl"));
    let Some(url) = named.and_then(|attribute| attribute.first_value()).map(text) else {
        return Vec::new();
    };
    let known = |config: &SpConfig| {
        let same = |site: &&Site| same_endpoint(site.url.given(), url);
        config.sites.iter().find(same).map(|site| site.url.given().clone())
    };
    let change = Change {
        kind: "add-site",
        setting: "sites",
        from: case.config().and_then(known),
        to: Some(url.to_owned()),
        safe: false,
        why: "Users would be sent to this address, so it must be an active site of yours: look for it among the sites of the org first.".to_owned(),
    };
    let added = case.setting(change, |config| {
        config.sites.retain(|site| !same_endpoint(site.url.given(), url));
        config.sites.push(Site { url: adopt(url), active: true });
    });
    added.into_iter().collect()
}

/// The session level that the message asks for.
pub(super) fn session_level(case: &Case<'_>) -> Vec<Candidate> {
    let found = attribute(case, "SessionLevel");
    let level = |found| SessionLevel::SPELLINGS.iter().find(|(spelling, _)| *spelling == found);
    let Some((spelling, level)) = found.and_then(level) else { return Vec::new() };
    let safe = *level == SessionLevel::HighAssurance;
    let why = if safe {
        "The message asks for more than what is configured, and nobody is let in by it."
    } else {
        "Sessions would be opened with a lower assurance than you require."
    };
    let now = case.config().and_then(|config| config.session_level.as_ref());
    let change = Change {
        kind: "adopt-session-level",
        setting: "session_level",
        from: now.map(|level| level.given().as_str().to_owned()),
        to: Some((*spelling).to_owned()),
        safe,
        why: why.to_owned(),
    };
    let changed = case.setting(change, |config| {
        config.session_level = Some(Expect::new(*level, Source::Default));
    });
    changed.into_iter().collect()
}

/// The found values that are another than the configured one, each once.
fn adopted<'f>(
    case: &Case<'_>,
    setting: &Text,
    found: impl IntoIterator<Item = &'f str>,
) -> Vec<Candidate> {
    let now = case.config().and_then(setting.of);
    let mut values: Vec<&str> = Vec::new();
    for value in found {
        if !value.trim().is_empty() && Some(value) != now && !values.contains(&value) {
            values.push(value);
        }
    }
    let offer = |value: &str| {
        let slip = now
            .and_then(|now| nearness(now, value))
            .filter(|_| now.is_some_and(|now| names_the_same(now, value)));
        let why = match slip {
            Some(near) => format!(
                "It names the same as the configured value and differs from it only in this: {}.",
                near.says()
            ),
            None => setting.unsafe_why.to_owned(),
        };
        let change = Change {
            kind: setting.kind,
            setting: setting.key,
            from: now.map(str::to_owned),
            to: Some(value.to_owned()),
            safe: slip.is_some(),
            why,
        };
        case.setting(change, |config| (setting.set)(config, adopt(value)))
    };
    values.into_iter().filter_map(offer).collect()
}

fn attribute<'a>(case: &Case<'a>, name: &str) -> Option<&'a str> {
    case.report.message()?.assertion()?.attribute(name)?.first_value().map(text)
}

fn text(value: &Value) -> &str {
    &value.text
}

/// A value of the message as a setting, for one trial.
pub(super) fn adopt(value: &str) -> Expect<String> {
    Expect::new(value.to_owned(), Source::Default)
}
