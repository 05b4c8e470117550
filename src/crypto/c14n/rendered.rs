//! Which namespace declarations a reader of the canonical octets has seen and not left again.
//!
//! xml-c14n §2.3 (superfluous declarations), xml-exc-c14n §3 (`ns_rendered`).

use crate::xml::Bindings;

/// What the prefixes mean at the end of what is written.
#[derive(Debug, Default)]
pub(super) struct Rendered<'d>(Bindings<'d, &'d str>);

impl<'d> Rendered<'d> {
    /// A place to come back to.
    pub(super) fn mark(&self) -> usize {
        self.0.len()
    }

    /// Whether a declaration must be written, because the prefix means something else so far; from then on it means this.
    pub(super) fn render(&mut self, prefix: &'d str, name: &'d str) -> bool {
        // What was never declared is undeclared: no `xmlns=""` at the top.
        if self.0.get(prefix).unwrap_or_default() == name {
            return false;
        }
        self.0.declare(prefix, name);
        true
    }

    /// Goes back to a mark, because the element whose tag changed the prefixes is closed.
    pub(super) fn leave(&mut self, mark: usize) {
        self.0.leave(mark);
    }
}
