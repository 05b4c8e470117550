//! The user looked for in another place, or as another kind of value.

use super::values::adopt;
use super::{Candidate, Case, Change};
use crate::config::{IdentityLocation, IdentityType, SpConfig};

/// As many attributes as are tried. Choice: 20; a login has about ten.
const ATTRIBUTES: usize = 20;

/// The NameID, or another attribute.
pub(super) fn location(case: &Case<'_>) -> Vec<Candidate> {
    let assertion = case.report.message().and_then(|message| message.assertion());
    let (Some(assertion), Some(config)) = (assertion, case.config()) else { return Vec::new() };
    let now = match &config.identity_location {
        IdentityLocation::NameId => None,
        IdentityLocation::Attribute { name } => Some(name.given().as_str()),
    };
    let name_id = assertion.name_id().map(|name_id| name_id.value.text.as_str());
    let name_id = name_id.filter(|text| now.is_some() && !text.is_empty()).map(|_| {
        let change = Change {
            kind: "take-the-user-from-the-name-id",
            setting: "identity_location",
            from: Some("attribute".to_owned()),
            to: Some("name-id".to_owned()),
            safe: true,
            why: "The NameID is the place in which a login names its user; check that it holds the same value for every user.".to_owned(),
        };
        case.setting(change, |config| config.identity_location = IdentityLocation::NameId)
    });
    let others = assertion.attributes.iter().filter(|attribute| {
        let has_value = attribute.first_value().is_some_and(|value| !value.text.is_empty());
        has_value && now != Some(attribute.name.as_str())
    });
    let attributes = others.take(ATTRIBUTES).map(|attribute| {
        let change = Change {
            kind: "take-the-user-from-an-attribute",
            setting: "attribute_name",
            from: now.map(str::to_owned),
            to: Some(attribute.name.clone()),
            safe: false,
            why: "An attribute that users can change themselves lets them log in as somebody else: make sure that this one is theirs alone and that they cannot.".to_owned(),
        };
        case.setting(change, |config| {
            config.identity_location =
                IdentityLocation::Attribute { name: adopt(&attribute.name) };
        })
    });
    name_id.into_iter().chain(attributes).flatten().collect()
}

/// Another type of identity, or Federation IDs compared without case.
pub(super) fn kind(case: &Case<'_>) -> Vec<Candidate> {
    let Some(config) = case.config() else { return Vec::new() };
    let Some(users) = &config.users else { return Vec::new() };
    let spelling = |kind: IdentityType| {
        let mut all = IdentityType::SPELLINGS.iter();
        all.find(|(_, known)| *known == kind).map(|(spelling, _)| (*spelling).to_owned())
    };
    let case_blind = (config.identity_type == IdentityType::FederationId
        && config.federation_id_case_sensitive)
        .then(|| {
            let change = Change {
                kind: "ignore-case-of-federation-ids",
                setting: "federation_id_case_sensitive",
                from: Some("true".to_owned()),
                to: Some("false".to_owned()),
                safe: false,
                why: "Two people whose Federation IDs differ only in case would be taken for one: correct the value on one side instead.".to_owned(),
            };
            case.setting(change, |config| config.federation_id_case_sensitive = false)
        });
    let types = IdentityType::SPELLINGS.iter().map(|(_, kind)| *kind);
    let types = types.filter(|kind| *kind != config.identity_type && users.has(*kind));
    let types = types.map(|kind| {
        let change = Change {
            kind: "change-identity-type",
            setting: "identity_type",
            from: spelling(config.identity_type),
            to: spelling(kind),
            safe: false,
            why: "It holds for every user: make sure that the identity provider sends this value for all of them, and that users cannot change it themselves.".to_owned(),
        };
        case.setting(change, move |config: &mut SpConfig| config.identity_type = kind)
    });
    case_blind.into_iter().chain(types).flatten().collect()
}

/// The format that came, in place of the required one.
pub(super) fn format(case: &Case<'_>) -> Vec<Candidate> {
    let Some(config) = case.config() else { return Vec::new() };
    let Some(required) = &config.name_id_format else { return Vec::new() };
    let IdentityLocation::Attribute { name } = &config.identity_location else {
        return Vec::new();
    };
    let assertion = case.report.message().and_then(|message| message.assertion());
    let attribute = assertion.and_then(|assertion| assertion.attribute(name.given()));
    let Some(attribute) = attribute else { return Vec::new() };
    let found = attribute.name_format.clone();
    let change = Change {
        kind: "adopt-name-format",
        setting: "name_id_format",
        from: Some(required.given().clone()),
        to: found.clone(),
        safe: true,
        why: "The format says only how the attribute's name is written; which user it names does not change.".to_owned(),
    };
    let changed = case.setting(change, |config| {
        config.name_id_format = found.as_deref().map(adopt);
    });
    changed.into_iter().collect()
}
