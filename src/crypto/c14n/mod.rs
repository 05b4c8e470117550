//! Writes an element, or a whole document, as the octets that signers digest.
//!
//! Canonical XML 1.0 and 1.1 (xml-c14n, xml-c14n11) and Exclusive XML Canonicalization 1.0 (xml-exc-c14n) of one subtree, of
//! which at most one element is left out: all that the signatures of SAML need (saml-core-2.0 §5.4.3).
//!
//! The cost is linear in what is read, but for sorting the attributes and declarations of one tag. What a prefix means where
//! the walk has come is one look-up in a table that remembers how to go back ([`rendered`]); no element searches its
//! ancestors. The prefixes of a `PrefixList` are compared where a declaration changes one, not at every element.

mod attributes;
mod base;
mod escape;
mod rendered;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use super::engine::{Canonicalization, EngineError};
use crate::xml::{Element, Node};
use attributes::{Written, inherit};
use escape::{push_attribute_value, push_lines, push_text};
use rendered::Rendered;

/// What to write, and how.
#[derive(Clone, Debug)]
pub(super) struct Subset<'d> {
    /// The element that is written with all it holds.
    pub(super) apex: Element<'d>,
    /// Whether the comments and processing instructions beside the root are written, too; the apex is then the root.
    pub(super) document: bool,
    /// The ordinal of the element that is left out: the enveloped `Signature`.
    pub(super) without: Option<usize>,
    /// By which rules.
    pub(super) method: Canonicalization,
    /// Whether comments are written. The method alone does not say: a `Reference` to a part of the same document never
    /// selects comments (xmldsig-core1 §4.4.3.3).
    pub(super) comments: bool,
    /// The prefixes of a `PrefixList`, `""` for `#default`; of no effect unless the method is exclusive.
    pub(super) prefixes: HashSet<&'d str>,
}

/// The canonical octets of a subset.
///
/// # Errors
/// When nothing was written: no signature is made over nothing (security rule 5).
pub(super) fn canonicalize(subset: &Subset<'_>) -> Result<Vec<u8>, EngineError> {
    let span = subset.apex.span();
    let mut writer = Writer {
        subset,
        rendered: Rendered::default(),
        declarations: Vec::new(),
        attributes: Vec::new(),
        out: Vec::with_capacity(span.end.saturating_sub(span.start)),
    };
    if subset.document {
        writer.document();
    } else {
        writer.tree();
    }
    if writer.out.is_empty() {
        return Err(EngineError::Canonicalization("nothing is left to be signed".to_owned()));
    }
    Ok(writer.out)
}

/// Has the method the apex take over namespaces and `xml:` attributes from its ancestors?
fn is_inclusive(method: Canonicalization) -> bool {
    match method {
        Canonicalization::Exclusive { .. } => false,
        Canonicalization::Inclusive10 { .. } | Canonicalization::Inclusive11 { .. } => true,
    }
}

struct Writer<'d, 's> {
    subset: &'s Subset<'d>,
    /// What the prefixes mean for a reader of what is written so far.
    rendered: Rendered<'d>,
    /// Declarations and attributes of the tag being written, kept for their memory.
    declarations: Vec<(&'d str, &'d str)>,
    attributes: Vec<Written<'d>>,
    out: Vec<u8>,
}

/// An element whose end tag is to come.
struct Open<'d, Nodes> {
    element: Element<'d>,
    /// How many changes of prefixes came before it.
    mark: usize,
    nodes: Nodes,
}

impl<'d> Writer<'d, '_> {
    /// The root and what stands beside it, each on a line of its own (xml-c14n §2.3).
    fn document(&mut self) {
        let mut behind_root = false;
        for node in self.subset.apex.document().nodes() {
            match node {
                Node::Element(_) => {
                    self.tree();
                    behind_root = true;
                }
                Node::Comment(_) if !self.subset.comments => {}
                Node::Comment(_) | Node::ProcessingInstruction(_) => {
                    if behind_root {
                        self.out.push(b'\n');
                    }
                    self.leaf(&node);
                    if !behind_root {
                        self.out.push(b'\n');
                    }
                }
                // White space beside the root is no node.
                Node::Text(_) | Node::CData(_) => {}
            }
        }
    }

    /// The apex and all it holds: one loop over a stack of our own, so that depth costs memory and no stack.
    fn tree(&mut self) {
        let apex = self.subset.apex;
        if self.subset.without == Some(apex.ordinal()) {
            return;
        }
        let mut open = vec![Open { element: apex, mark: 0, nodes: apex.nodes() }];
        self.start_tag(apex);
        while let Some(Open { element, mark, nodes }) = open.last_mut() {
            match nodes.next() {
                Some(Node::Element(child)) if self.subset.without == Some(child.ordinal()) => {}
                Some(Node::Element(child)) => {
                    open.push(Open {
                        element: child,
                        mark: self.rendered.mark(),
                        nodes: child.nodes(),
                    });
                    self.start_tag(child);
                }
                Some(leaf) => self.leaf(&leaf),
                None => {
                    self.push(["</", element.name(), ">"]);
                    self.rendered.leave(*mark);
                    open.pop();
                }
            }
        }
    }

    /// Whatever is no element.
    fn leaf(&mut self, node: &Node<'d>) {
        match node {
            Node::Element(_) => {}
            Node::Text(text) | Node::CData(text) => push_text(&mut self.out, text),
            Node::Comment(_) if !self.subset.comments => {}
            Node::Comment(inside) => {
                self.push(["<!--"]);
                push_lines(&mut self.out, inside);
                self.push(["-->"]);
            }
            Node::ProcessingInstruction(inside) => {
                // One space between target and data, and none behind a target alone.
                let is_space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
                let (target, data) = inside.split_once(is_space).unwrap_or((inside, ""));
                let data = data.trim_start_matches(is_space);
                self.push(["<?", target, if data.is_empty() { "" } else { " " }]);
                push_lines(&mut self.out, data);
                self.push(["?>"]);
            }
        }
    }

    fn start_tag(&mut self, element: Element<'d>) {
        let is_apex = element == self.subset.apex;
        self.push(["<", element.name()]);
        self.attributes.clear();
        self.attributes.extend(element.attributes().map(Written::from));
        // Before those that are inherited, which bring no namespace along.
        self.declare(element, is_apex);
        if is_apex && is_inclusive(self.subset.method) {
            inherit(&mut self.attributes, element, self.subset.method);
        }
        self.attributes.sort_unstable_by(|a, b| a.key().cmp(&b.key()));
        for attribute in &self.attributes {
            for piece in [" ", attribute.name, "=\""] {
                self.out.extend_from_slice(piece.as_bytes());
            }
            push_attribute_value(&mut self.out, &attribute.value);
            self.out.push(b'"');
        }
        self.push([">"]);
    }

    /// Writes the namespace declarations of a tag: those that a reader of the octets does not know already.
    fn declare(&mut self, element: Element<'d>, is_apex: bool) {
        self.declarations.clear();
        let mut known = |prefix, name| {
            // `xml` needs no declaration (xml-c14n §2.3).
            if prefix != "xml" && self.rendered.render(prefix, name) {
                self.declarations.push((prefix, name));
            }
        };
        let inclusive = is_inclusive(self.subset.method);
        let prefixes = &self.subset.prefixes;
        if !inclusive {
            // Those that the tag visibly uses (xml-exc-c14n §3).
            known(element.prefix(), element.namespace());
            for attribute in self.attributes.iter().filter(|attribute| attribute.has_prefix()) {
                known(attribute.prefix(), attribute.namespace);
            }
        }
        if inclusive || !prefixes.is_empty() {
            let wanted = |prefix: &str| inclusive || prefixes.contains(prefix);
            if is_apex {
                in_scope(element)
                    .into_iter()
                    .filter(|(p, _)| wanted(p))
                    .for_each(|(p, n)| known(p, n));
            } else {
                let declared = element.namespace_declarations();
                declared.filter(|(p, _)| wanted(p)).for_each(|(p, n)| known(p, n));
            }
        }
        // By prefix; no two are equal, and the default one is first.
        self.declarations.sort_unstable();
        for (prefix, name) in &self.declarations {
            let colon = if prefix.is_empty() { "" } else { ":" };
            for piece in [" xmlns", colon, prefix, "=\""] {
                self.out.extend_from_slice(piece.as_bytes());
            }
            push_attribute_value(&mut self.out, name);
            self.out.push(b'"');
        }
    }

    fn push<const N: usize>(&mut self, pieces: [&str; N]) {
        for piece in pieces {
            self.out.extend_from_slice(piece.as_bytes());
        }
    }
}

/// The namespaces that can be used in an element, wherever they were declared.
fn in_scope(element: Element<'_>) -> HashMap<&str, &str> {
    let mut found = HashMap::new();
    for element in std::iter::successors(Some(element), |element| element.parent()) {
        for (prefix, name) in element.namespace_declarations() {
            found.entry(prefix).or_insert(name);
        }
    }
    // The default namespace may have been undeclared.
    found.retain(|_, name| !name.is_empty());
    found
}
