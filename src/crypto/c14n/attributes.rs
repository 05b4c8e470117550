//! The attributes of one canonical tag, and those that an apex takes over from ancestors that are not written.
//!
//! xml-c14n §2.4 for 1.0: every attribute in the `xml` namespace is inherited. xml-c14n11 §2.4 for 1.1: `xml:lang` and
//! `xml:space` are, `xml:base` is resolved, `xml:id` and whatever else stays behind.

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::engine::Canonicalization;
use super::base;
use crate::xml::{Attribute, Element, split_prefix};

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// One attribute as it will be written.
#[derive(Debug)]
pub(super) struct Written<'d> {
    pub(super) namespace: &'d str,
    /// With its prefix.
    pub(super) name: &'d str,
    pub(super) value: Cow<'d, str>,
}

impl<'d> From<Attribute<'d>> for Written<'d> {
    fn from(attribute: Attribute<'d>) -> Self {
        Self {
            namespace: attribute.namespace(),
            name: attribute.name(),
            value: Cow::Borrowed(attribute.value()),
        }
    }
}

impl<'d> Written<'d> {
    /// What attributes are sorted by: the namespace's name, none first, then the local name, both by code point (which is
    /// the order of UTF-8 bytes).
    pub(super) fn key(&self) -> (&'d str, &'d str) {
        (self.namespace, split_prefix(self.name).map_or(self.name, |(_, local)| local))
    }

    pub(super) fn has_prefix(&self) -> bool {
        !self.namespace.is_empty()
    }

    pub(super) fn prefix(&self) -> &'d str {
        split_prefix(self.name).map_or("", |(prefix, _)| prefix)
    }
}

/// Adds what an apex inherits. Its own attributes, which are there already, go before.
pub(super) fn inherit<'d>(
    attributes: &mut Vec<Written<'d>>,
    apex: Element<'d>,
    method: Canonicalization,
) {
    let mut seen: HashSet<&str> =
        attributes.iter().filter(|own| own.namespace == XML).map(|own| own.key().1).collect();
    let mut bases = Vec::new();
    for ancestor in std::iter::successors(apex.parent(), |element| element.parent()) {
        for attribute in ancestor.attributes().filter(|attribute| attribute.namespace() == XML) {
            let inherited = match (method, attribute.local_name()) {
                (Canonicalization::Exclusive { .. }, _) => false,
                (Canonicalization::Inclusive10 { .. }, _)
                | (Canonicalization::Inclusive11 { .. }, "lang" | "space") => true,
                (Canonicalization::Inclusive11 { .. }, name) => {
                    if name == "base" {
                        bases.push(attribute);
                    }
                    false
                }
            };
            if inherited && seen.insert(attribute.local_name()) {
                attributes.push(attribute.into());
            }
        }
    }
    resolve_base(attributes, &bases);
}

/// Makes one `xml:base` of the apex's own and its ancestors', which come nearest first (xml-c14n11 §2.4).
fn resolve_base<'d>(attributes: &mut Vec<Written<'d>>, outer: &[Attribute<'d>]) {
    let own = attributes.iter().position(|own| own.key() == (XML, "base"));
    let (own, outer) = match (own, outer) {
        (_, []) => return,
        (Some(own), outer) => (attributes.swap_remove(own), outer),
        (None, [nearest, outer @ ..]) => (Written::from(*nearest), outer),
    };
    let value = outer.iter().fold(own.value, |value, outer| base::join(outer.value(), value));
    // A value that resolves to nothing is left out.
    if !value.is_empty() {
        attributes.push(Written { value, ..own });
    }
}
