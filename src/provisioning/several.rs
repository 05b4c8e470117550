//! Fields that are sent with several values, of which provisioning takes the first (platform §3.5).

use std::collections::HashMap;

use super::fields::of_object;
use crate::saml::{Assertion, Place};

/// Fields, and values of each, that are told. Choice: 10.
const MOST: usize = 10;

/// A field with several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Several {
    /// The attribute.
    pub attribute: String,
    /// The values, the one that is taken first.
    pub values: Vec<String>,
    /// Where.
    pub at: Place,
}

/// The fields for provisioning that have several different values, in one Attribute or in several of one name.
#[must_use]
pub fn several(assertion: &Assertion) -> Vec<Several> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Several> = Vec::new();
    for attribute in &assertion.attributes {
        if of_object(&attribute.name).is_none() {
            continue;
        }
        let place = *places.entry(attribute.name.to_ascii_lowercase()).or_insert(all.len());
        if place == all.len() {
            let (attribute, at) = (attribute.name.clone(), attribute.at);
            all.push(Several { attribute, values: Vec::new(), at });
        }
        let Some(found) = all.get_mut(place) else { continue };
        for value in attribute.values.iter().flatten() {
            if found.values.len() < MOST && !found.values.contains(&value.text) {
                found.values.push(value.text.clone());
            }
        }
    }
    all.retain(|found| found.values.len() > 1);
    all.truncate(MOST);
    all
}
