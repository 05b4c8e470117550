//! Bytes → text → [`Document`]: strict XML 1.0 with namespaces, and every element knows where in the text it stands.
//!
//! What two parsers could read differently is refused here, before anything is verified (security rules 10 and 11):
//!
//! | file | what it decides |
//! | --- | --- |
//! | `encoding.rs`, `declaration.rs` | which characters the bytes are |
//! | `parse.rs`, `tag.rs` | what is well-formed, and what is over a limit |
//! | `scope.rs`, `bindings.rs` | what a prefix means |
//! | `names.rs`, `normalise.rs` | which names and characters exist, what references and white space mean |
//! | `document.rs`, `element.rs`, `node.rs`, `xpath.rs` | how the rest of the program reads the document |

mod bindings;
mod bytes;
mod declaration;
mod document;
mod element;
mod encoding;
mod error;
mod names;
mod node;
mod normalise;
mod parse;
mod scope;
mod tag;
mod xpath;

pub(crate) use bindings::Bindings;
pub(crate) use bytes::any_byte;
pub use document::{Document, Span};
pub use element::{Attribute, Element};
pub use encoding::{Encoding, to_text};
pub use error::{XmlError, XmlErrorKind};
pub use names::is_ncname;
pub(crate) use names::split_prefix;
pub use node::{Node, Text};

#[cfg(test)]
mod refusal_tests;
#[cfg(test)]
mod tests;
