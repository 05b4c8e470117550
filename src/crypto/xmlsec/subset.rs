//! libxml2's canonical octets of any subset that the native engine can write, for tests that compare the two.

use std::ffi::CString;

use super::library;
use super::tree::{Tree, Visible};
use crate::crypto::c14n::Subset;
use crate::crypto::engine::EngineError;

/// A document that libxml2 has parsed.
pub(in crate::crypto) struct Parsed(Tree);

impl Parsed {
    pub(in crate::crypto) fn new(text: &str) -> Result<Self, EngineError> {
        library::initialise()?;
        Tree::parse(text).map(Self)
    }

    /// What stands beside the root is never part of it.
    pub(in crate::crypto) fn canonicalize(
        &self,
        subset: &Subset<'_>,
    ) -> Result<Vec<u8>, EngineError> {
        let element =
            |ordinal| self.0.element(ordinal).ok_or(EngineError::Structure("no such element"));
        let mut visible: Visible =
            element(subset.apex.ordinal())?.subtree().map(|node| node.pointer).collect();
        if let Some(without) = subset.without {
            element(without)?.subtree().for_each(|node| {
                visible.remove(&node.pointer);
            });
        }
        let names = subset.prefixes.iter().copied();
        let names = names.map(|prefix| if prefix.is_empty() { "#default" } else { prefix });
        let prefixes: Vec<CString> = names.map(|name| CString::new(name).unwrap()).collect();
        self.0.write(&visible, subset.method, &prefixes)
    }
}
