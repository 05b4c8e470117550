//! What each prefix means at the place that a walk over a document has reached, and the way back to what it meant before.
//!
//! Every look-up takes a bounded number of steps, however many prefixes are declared: canonicalisers are known to take
//! quadratic time here.

use std::collections::HashMap;

/// Up to this many declarations are looked at one by one, which is quicker than hashing.
const FEW: usize = 16;

/// The declarations in force.
#[derive(Debug)]
pub(crate) struct Bindings<'d, V> {
    /// All of them, outermost first.
    declared: Vec<Binding<'d, V>>,
    /// Where each prefix was declared last; kept from the moment there are more than a few.
    last: Option<HashMap<&'d str, usize>>,
}

#[derive(Debug)]
struct Binding<'d, V> {
    prefix: &'d str,
    meaning: V,
    /// The declaration that this one hides; known only while `last` is kept.
    hides: Option<usize>,
}

impl<V> Default for Bindings<'_, V> {
    fn default() -> Self {
        Self { declared: Vec::new(), last: None }
    }
}

impl<'d, V: Copy> Bindings<'d, V> {
    /// How many declarations are in force, hidden ones included: a place to come back to.
    pub(crate) fn len(&self) -> usize {
        self.declared.len()
    }

    /// What a prefix means; nothing when it is not declared.
    pub(crate) fn get(&self, prefix: &str) -> Option<V> {
        let found = match &self.last {
            Some(last) => self.declared.get(*last.get(prefix)?),
            None => self.declared.iter().rev().find(|binding| binding.prefix == prefix),
        };
        found.map(|binding| binding.meaning)
    }

    /// From here on the prefix means this.
    pub(crate) fn declare(&mut self, prefix: &'d str, meaning: V) {
        let at = self.declared.len();
        if at == FEW && self.last.is_none() {
            let mut last = HashMap::new();
            for (at, binding) in self.declared.iter_mut().enumerate() {
                binding.hides = last.insert(binding.prefix, at);
            }
            self.last = Some(last);
        }
        let hides = self.last.as_mut().and_then(|last| last.insert(prefix, at));
        self.declared.push(Binding { prefix, meaning, hides });
    }

    /// Takes declarations back, down to the number there was before.
    pub(crate) fn leave(&mut self, len: usize) {
        let Some(last) = &mut self.last else { return self.declared.truncate(len) };
        while self.declared.len() > len {
            let Some(Binding { prefix, hides, .. }) = self.declared.pop() else { return };
            match hides {
                Some(before) => last.insert(prefix, before),
                None => last.remove(prefix),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_means_what_was_declared_last_and_after_leaving_what_it_meant_before() {
        let prefixes: Vec<String> =
            (0..3 * FEW).map(|number| format!("p{}", number % 20)).collect();
        for few in [2, FEW - 1, FEW, FEW + 1, 3 * FEW] {
            let mut bindings = Bindings::default();
            for (number, prefix) in prefixes.iter().take(few).enumerate() {
                bindings.declare(prefix, number);
            }
            for left in (0..=few).rev() {
                bindings.leave(left);
                assert_eq!(bindings.len(), left);
                for prefix in &prefixes {
                    let last = prefixes.iter().take(left).rposition(|other| other == prefix);
                    assert_eq!(bindings.get(prefix), last, "{prefix}, {left} of {few}");
                }
            }
            bindings.declare("p0", 1000);
            assert_eq!((bindings.get("p0"), bindings.get("p1")), (Some(1000), None));
        }
    }
}
