//! Why no SAML message could be recovered from an input: what stopped the decoding, where, and what to do about it.
//!
//! None of these sentences repeats a value from the input: it is hostile, or a password, or a key.

use std::fmt::{self, Display, Formatter};

use super::{Base64Error, Compression, Grouped, InflateError, Layer, Utf16, describe};
use crate::input::Recognised;

/// The input holds no message that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// What stopped the decoding.
    pub kind: InputErrorKind,
    /// The wrappings that had been removed until then.
    pub layers: Vec<Layer>,
}

/// What stopped the decoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputErrorKind {
    /// Nothing, or only white space.
    Empty,
    /// A bound of [`crate::limits::Limits`] was reached.
    Limit {
        /// The limit's name as users see it: `decoded bytes`, `inflated bytes` or `layers`.
        name: &'static str,
        /// Its value.
        limit: usize,
    },
    /// Base64, but broken.
    Base64(Base64Error),
    /// Compressed, but broken.
    Inflate {
        /// The format of the stream.
        compression: Compression,
        /// What is wrong with it.
        error: InflateError,
    },
    /// A `%` without two hexadecimal digits behind it.
    Percent {
        /// Its place, counted in bytes from 1.
        position: usize,
    },
    /// UTF-16 with half a character in it.
    Utf16 {
        /// The byte order.
        order: Utf16,
        /// The place of the broken unit, counted in bytes from 1.
        position: usize,
    },
    /// JSON that breaks off or is malformed.
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// Two parameters or fields that each claim to be the message: which one counts is the receiver's accident.
    Ambiguous {
        /// The name that was seen first.
        first: &'static str,
        /// The name that was seen next; often the same.
        second: &'static str,
    },
    /// Something else, and we know what.
    NotSaml(Recognised),
}

impl std::error::Error for InputError {}

impl std::error::Error for InputErrorKind {}

impl Display for InputError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.layers.is_empty() {
            write!(f, "inside {}: ", describe(&self.layers))?;
        }
        self.kind.fmt(f)
    }
}

impl Display for InputErrorKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => {
                f.write_str("nothing is here: give the SAMLResponse parameter, or the XML")
            }
            Self::Limit { name, limit } => write!(
                f,
                "more than {} {name}: real messages stay far below; raise the limit \"{name}\" if \
                 this input can be trusted",
                Grouped(*limit)
            ),
            Self::Base64(error) => {
                write!(f, "broken base64: {error}; copy the whole value again, unedited")
            }
            Self::Inflate { compression, error } => write!(
                f,
                "broken {compression} stream: {error}; copy the whole value again, unedited"
            ),
            Self::Percent { position } => write!(
                f,
                "broken percent-escape at byte {}: two hexadecimal digits must follow %; copy the \
                 whole value again, unedited",
                Grouped(*position)
            ),
            Self::Utf16 { order, position } => write!(
                f,
                "broken {order} text at byte {}: half a character; save the file again as UTF-8",
                Grouped(*position)
            ),
            Self::Json { line, column } => write!(
                f,
                "broken JSON at line {}, column {}: the file is cut off or was edited; export it again",
                Grouped(*line),
                Grouped(*column)
            ),
            Self::Ambiguous { first, second } if first == second => {
                write!(f, "{first} occurs more than once: keep the one to be judged")
            }
            Self::Ambiguous { first, second } => {
                write!(f, "both {first} and {second} are here: keep the one to be judged")
            }
            Self::NotSaml(recognised) => {
                write!(f, "this is {}. {}", recognised.what(), recognised.instead())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_was_removed_before_it() {
        let error = InputError {
            kind: InputErrorKind::Inflate {
                compression: Compression::Deflate,
                error: InflateError::Truncated,
            },
            layers: vec![Layer::Base64 { url_safe: false, lines: 1, padded: true }],
        };
        let said = error.to_string();
        assert!(said.starts_with("inside base64: broken DEFLATE stream: "), "{said}");
    }

    #[test]
    fn a_limit_is_named_with_its_value() {
        let kind = InputErrorKind::Limit { name: "decoded bytes", limit: 32 << 20 };
        assert!(kind.to_string().starts_with("more than 33,554,432 decoded bytes"), "{kind}");
    }
}
