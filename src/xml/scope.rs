//! Which prefix means which namespace at the place the parser has reached (Namespaces in XML 1.0 §6).

use std::borrow::Cow;
use std::collections::HashMap;

use super::bindings::Bindings;
use super::document::{Namespace, XML_NAMESPACE, XMLNS_NAMESPACE};
use super::error::{XmlErrorKind, quoted};
use super::names::{is_absolute, is_uri};

/// The declarations in scope.
#[derive(Default)]
pub(super) struct Scope<'t> {
    current: Bindings<'t, Namespace>,
    /// Every namespace name that was ever declared, so that equal names are one namespace.
    known: HashMap<Cow<'t, str>, u32>,
}

impl<'t> Scope<'t> {
    /// How many declarations are in scope, hidden ones included.
    pub(super) fn len(&self) -> usize {
        self.current.len()
    }

    /// Brings a declaration into scope; `row` is its place in the table of attributes.
    ///
    /// # Errors
    /// What Namespaces in XML forbids, and relative names.
    pub(super) fn declare(
        &mut self,
        prefix: &'t str,
        uri: Cow<'t, str>,
        row: u32,
    ) -> Result<(), XmlErrorKind> {
        let refused = |what: String| Err(XmlErrorKind::Namespace(what));
        let namespace = match (prefix, &*uri) {
            ("xmlns", _) => return refused("the prefix `xmlns` cannot be declared".to_owned()),
            ("xml", XML_NAMESPACE) => Namespace::Xml,
            ("xml", _) => {
                return refused("the prefix `xml` cannot mean another namespace".to_owned());
            }
            (_, XML_NAMESPACE | XMLNS_NAMESPACE) => {
                return refused(format!("the namespace {uri} cannot be declared"));
            }
            ("", "") => Namespace::None,
            (_, "") => {
                return refused(format!("the prefix {} cannot be undeclared", quoted(prefix)));
            }
            (_, name) => match self.known.get(name) {
                // It was looked at when it was first declared.
                Some(&row) => Namespace::Declared(row),
                // Choice: Namespaces in XML 1.0 only deprecates relative names, but canonicalisers fail on them, and
                // a failed canonicalisation that is taken for an empty one signs anything.
                None if !is_absolute(name) => {
                    return refused(format!("the namespace name {} is relative", quoted(name)));
                }
                // Choice: what libxml2 calls no valid URI is an error there, and both parsers must agree (security rule 11).
                None if !is_uri(name) => {
                    return refused(format!("the namespace name {} is not a URI", quoted(name)));
                }
                None => Namespace::Declared(*self.known.entry(uri).or_insert(row)),
            },
        };
        self.current.declare(prefix, namespace);
        Ok(())
    }

    /// What a prefix means; `None` when it is not declared. `""` asks for the default namespace.
    pub(super) fn lookup(&self, prefix: &str) -> Option<Namespace> {
        match prefix {
            "xml" => Some(Namespace::Xml),
            "" => Some(self.current.get("").unwrap_or(Namespace::None)),
            _ => self.current.get(prefix),
        }
    }

    /// Takes declarations out of scope, down to the number there was before.
    pub(super) fn leave(&mut self, len: usize) {
        self.current.leave(len);
    }
}
