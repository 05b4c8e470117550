//! The wrappings a SAML message travels in, and how each one is removed: base64, DEFLATE, percent-escapes, quotes.
//!
//! Every function here removes exactly one wrapping or refuses; which one comes next is decided in [`crate::input`].
//! The bytes inside carry signatures, so nothing is repaired silently and nothing is read past a stream's end
//! (RFC 4648 base64, RFC 1950/1951/1952 compression, RFC 3986 §2.1 percent-encoding; saml-bindings-2.0 §3.4.4.1, §3.5.4).

mod base64;
mod error;
mod inflate;
mod percent;
mod repair;
mod text;

use std::fmt::{self, Display, Formatter};

pub use self::base64::Base64Error;
pub use error::{InputError, InputErrorKind};
pub use inflate::{Compression, InflateError};
pub use text::Utf16;

pub(crate) use self::base64::{decode_base64, is_convincing_base64};
pub(crate) use inflate::{Stopped, compression_of, inflate};
pub(crate) use percent::{form_text, unescape, unescape_parameter};
pub(crate) use repair::{
    remove_invisible, remove_punctuation, unescape_entities, unquote_printable,
};
pub(crate) use text::{UTF8_BOM, decode_utf16, is_text, unquote, utf16_of};

/// One wrapping that was removed from the input, as the report lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layer {
    /// A capture that holds messages among other things, such as a HAR.
    Within(&'static str),
    /// A URL whose query carries the message (HTTP-Redirect, saml-bindings-2.0 §3.4).
    Url {
        /// `SAMLResponse` or `SAMLRequest`.
        parameter: &'static str,
    },
    /// A form body or a query string on its own (HTTP-POST, saml-bindings-2.0 §3.5).
    Form {
        /// `SAMLResponse` or `SAMLRequest`.
        parameter: &'static str,
    },
    /// An HTML page whose form posts the message by itself (saml-bindings-2.0 §3.5.4).
    HtmlForm {
        /// `SAMLResponse` or `SAMLRequest`.
        field: &'static str,
    },
    /// Percent-escapes around the whole of the rest.
    PercentEscapes,
    /// A repair: spaces inside base64 were `+` until somebody form-decoded them once too often.
    SpacesRestored,
    /// HTML entities around the whole of the rest: `&lt;`, `&#43;`.
    HtmlEntities,
    /// Quoted-printable, as mail writes text: `=3D`, and `=` at the end of a line that goes on.
    QuotedPrintable,
    /// A repair: characters that nobody sees were inside an encoded value.
    InvisibleRemoved,
    /// Brackets, commas or full stops that copying took along.
    Punctuation,
    /// Base64, standard or URL-safe.
    Base64 {
        /// The alphabet has `-` and `_` instead of `+` and `/`.
        url_safe: bool,
        /// Lines that hold base64; 1 when it is not wrapped.
        lines: usize,
        /// All the `=` that belong at the end are there.
        padded: bool,
    },
    /// A compressed stream.
    Compressed(Compression),
    /// Quotes around the value, white space around it, or both, left by copying.
    Surroundings {
        /// A pair of quotes was removed.
        quotes: bool,
        /// White space was removed, more than the line end that closes a text file.
        whitespace: bool,
    },
    /// A JSON string literal with escapes in it.
    JsonString,
    /// A UTF-8 byte order mark in front of something that is not XML.
    Utf8Bom,
    /// UTF-16 around something that is not XML, as Windows editors and PowerShell save it.
    Utf16Text(Utf16),
    /// What was inside: always the last.
    Xml {
        /// Its size in bytes.
        bytes: usize,
    },
}

impl Display for Layer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(what) => f.write_str(what),
            Self::Url { parameter } => write!(f, "URL, parameter {parameter}"),
            Self::Form { parameter } => write!(f, "form body, parameter {parameter}"),
            Self::HtmlForm { field } => write!(f, "HTML form, field {field}"),
            Self::PercentEscapes => f.write_str("percent-escapes"),
            Self::SpacesRestored => f.write_str("spaces restored to +"),
            Self::HtmlEntities => f.write_str("HTML entities"),
            Self::QuotedPrintable => f.write_str("quoted-printable"),
            Self::InvisibleRemoved => f.write_str("invisible characters removed"),
            Self::Punctuation => f.write_str("punctuation"),
            Self::Base64 { url_safe, lines, padded } => {
                f.write_str(if *url_safe { "URL-safe base64" } else { "base64" })?;
                if *lines > 1 {
                    write!(f, ", {} wrapped lines", Grouped(*lines))?;
                }
                f.write_str(if *padded { "" } else { ", no padding" })
            }
            Self::Compressed(compression) => compression.fmt(f),
            Self::Surroundings { quotes: true, whitespace: true } => {
                f.write_str("quotes and whitespace")
            }
            Self::Surroundings { quotes: true, whitespace: false } => f.write_str("quotes"),
            Self::Surroundings { quotes: false, .. } => f.write_str("whitespace"),
            Self::JsonString => f.write_str("JSON string"),
            Self::Utf8Bom => f.write_str("UTF-8 byte order mark"),
            Self::Utf16Text(order) => write!(f, "{order} text"),
            Self::Xml { bytes } => write!(f, "XML, {} bytes", Grouped(*bytes)),
        }
    }
}

/// The layers in the order in which they were removed: `base64, 7 wrapped lines → DEFLATE → XML, 5,114 bytes`.
pub fn describe(layers: &[Layer]) -> String {
    layers.iter().map(Layer::to_string).collect::<Vec<_>>().join(" → ")
}

/// A number with a comma between thousands, as a person reads sizes.
struct Grouped(usize);

impl Display for Grouped {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_read_as_in_the_report() {
        let layers = [
            Layer::Base64 { url_safe: false, lines: 7, padded: true },
            Layer::Compressed(Compression::Deflate),
            Layer::Xml { bytes: 5114 },
        ];
        assert_eq!(describe(&layers), "base64, 7 wrapped lines → DEFLATE → XML, 5,114 bytes");
    }

    #[test]
    fn every_layer_has_its_words() {
        let said = |layer: Layer| layer.to_string();
        assert_eq!(said(Layer::Url { parameter: "SAMLResponse" }), "URL, parameter SAMLResponse");
        assert_eq!(
            said(Layer::Form { parameter: "SAMLRequest" }),
            "form body, parameter SAMLRequest"
        );
        assert_eq!(
            said(Layer::HtmlForm { field: "SAMLResponse" }),
            "HTML form, field SAMLResponse"
        );
        let unpadded = Layer::Base64 { url_safe: true, lines: 1, padded: false };
        assert_eq!(said(unpadded), "URL-safe base64, no padding");
        let both = Layer::Surroundings { quotes: true, whitespace: true };
        assert_eq!(said(both), "quotes and whitespace");
        assert_eq!(said(Layer::Utf16Text(Utf16::LittleEndian)), "UTF-16LE text");
        assert_eq!(said(Layer::Compressed(Compression::Gzip)), "gzip");
        assert_eq!(said(Layer::HtmlEntities), "HTML entities");
        assert_eq!(said(Layer::QuotedPrintable), "quoted-printable");
        assert_eq!(said(Layer::InvisibleRemoved), "invisible characters removed");
        assert_eq!(said(Layer::Punctuation), "punctuation");
    }

    #[test]
    fn thousands_are_separated() {
        let said = |number| Grouped(number).to_string();
        assert_eq!(said(0), "0");
        assert_eq!(said(999), "999");
        assert_eq!(said(1_000), "1,000");
        assert_eq!(said(33_554_432), "33,554,432");
    }
}
