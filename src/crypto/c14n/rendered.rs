//! Which namespace declarations a reader of the canonical octets has seen and not left again.
//!
//! xml-c14n §2.3 (superfluous declarations), xml-exc-c14n §3 (`ns_rendered`).

use std::collections::HashMap;

/// What the prefixes mean at the end of what is written. Every question and change takes one step, however many there are.
#[derive(Debug, Default)]
pub(super) struct Rendered<'d> {
    current: HashMap<&'d str, &'d str>,
    /// What each changed prefix meant before, for the way back.
    changes: Vec<(&'d str, Option<&'d str>)>,
}

impl<'d> Rendered<'d> {
    /// A place to come back to.
    pub(super) fn mark(&self) -> usize {
        self.changes.len()
    }

    /// Whether a declaration must be written, because the prefix means something else so far; from then on it means this.
    pub(super) fn render(&mut self, prefix: &'d str, name: &'d str) -> bool {
        // What was never declared is undeclared: no `xmlns=""` at the top.
        if self.current.get(prefix).copied().unwrap_or_default() == name {
            return false;
        }
        let before = self.current.insert(prefix, name);
        self.changes.push((prefix, before));
        true
    }

    /// Goes back to a mark, because the element whose tag changed the prefixes is closed.
    pub(super) fn leave(&mut self, mark: usize) {
        while self.changes.len() > mark {
            let Some((prefix, before)) = self.changes.pop() else { return };
            match before {
                Some(name) => self.current.insert(prefix, name),
                None => self.current.remove(prefix),
            };
        }
    }
}
