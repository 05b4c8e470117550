//! One message and what it is wrapped in: peels wrapping after wrapping off until XML is left.
//!
//! Nobody is asked what they pasted. The order of detection stands in `Peeling::step`: each turn looks at the bytes, removes the one
//! wrapping they show, and looks again, until XML is left or something that cannot be a SAML message. Which XML it is
//! (a Response, an AuthnRequest, metadata …) is read later, from its root element.
//!
//! saml-bindings-2.0 §3.4 (HTTP-Redirect), §3.5 (HTTP-POST).

use super::markup::{self, Markup};
use super::recognise::{self, Recognised};
use super::{form, html};
use crate::decode::{
    Compression, InflateError, InputError, InputErrorKind, Layer, UTF8_BOM, compression_of,
    decode_base64, decode_utf16, inflate, is_convincing_base64, is_text, remove_invisible,
    remove_punctuation, unescape, unescape_entities, unescape_parameter, unquote,
    unquote_printable, utf16_of,
};
use crate::limits::Limits;

/// A message without its wrappings.
#[derive(Debug)]
pub(super) struct Peeled {
    /// The XML exactly as recovered, in its own encoding, byte order mark included.
    pub(super) bytes: Vec<u8>,
    /// The wrappings in the order they were removed; the last is always [`Layer::Xml`].
    pub(super) layers: Vec<Layer>,
    /// What stood beside the message, when it was in a parameter or a field.
    pub(super) found: Found,
}

/// Recovers the XML message from `input`, whatever it is wrapped in.
///
/// # Errors
/// When the input holds no message: it is something else, it is broken, or it reaches one of `limits`.
pub(super) fn peel(input: &[u8], limits: &Limits) -> Result<Peeled, InputError> {
    let mut peeling = Peeling { limits, layers: Vec::new(), doubtful: None, found: None };
    let mut bytes = input.to_vec();
    loop {
        match peeling.step(&bytes) {
            Ok(Step::Removed(inner)) => bytes = inner,
            Ok(Step::Xml(skipped)) => {
                markup::remove_leading(&mut bytes, skipped);
                peeling.layers.push(Layer::Xml { bytes: bytes.len() });
                let found = peeling.found.unwrap_or_default();
                return Ok(Peeled { bytes, layers: peeling.layers, found });
            }
            Err(kind) => return Err(peeling.error(kind)),
        }
    }
}

/// What one turn did.
enum Step {
    /// A wrapping was removed; this was inside.
    Removed(Vec<u8>),
    /// The bytes are XML, behind white space that XML forbids there.
    Xml(markup::Leading),
}

/// The message's parameter, and what stood beside it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) parameter: Option<&'static str>,
    pub(super) raw_query: Option<String>,
    pub(super) relay_state: Option<String>,
    /// Where it goes: a form's action, or a URL without the parameters that are SAML's.
    pub(super) sent_to: Option<String>,
}

/// The state of one reading.
struct Peeling<'l> {
    limits: &'l Limits,
    layers: Vec<Layer>,
    /// How many layers there were when text was taken for base64 that might be just words.
    doubtful: Option<usize>,
    found: Option<Found>,
}

impl Peeling<'_> {
    /// Looks at the bytes and removes one wrapping. The order matters: what is certain comes first.
    fn step(&mut self, bytes: &[u8]) -> Result<Step, InputErrorKind> {
        // What was inflated has been bounded while it grew.
        let inflated = matches!(self.layers.last(), Some(Layer::Compressed(_)));
        let limit = self.limits.decoded_bytes;
        if bytes.len() > limit && !inflated {
            return Err(InputErrorKind::Limit { name: "decoded bytes", limit });
        }
        if bytes.trim_ascii().is_empty() || bytes == UTF8_BOM {
            return Err(InputErrorKind::Empty);
        }
        match markup::detect(bytes) {
            Some(Markup::Xml(leading)) => {
                // Every `=` is escaped: no XML has that, for its attributes have `="`.
                if let Some(plain) = unquote_printable(bytes) {
                    return self.removed(plain, [Layer::QuotedPrintable]);
                }
                if leading.length > 0 {
                    let surroundings = Layer::Surroundings { quotes: false, whitespace: true };
                    self.record([surroundings])?;
                }
                return Ok(Step::Xml(leading));
            }
            Some(Markup::Html) => return self.html(bytes),
            None => {}
        }
        if let Some(order) = utf16_of(bytes) {
            let text = decode_utf16(bytes, order)?;
            return self.removed(text.into_bytes(), [Layer::Utf16Text(order)]);
        }
        if let Some(rest) = bytes.strip_prefix(UTF8_BOM) {
            return self.removed(rest.to_vec(), [Layer::Utf8Bom]);
        }
        // Quotes before the question whether it is text: what is inside may be XML in an encoding of its own.
        if let Some((inner, layer)) = unquote(bytes)
            && (is_text(bytes) || markup::detect(&inner).is_some())
        {
            return self.removed(inner, [layer]);
        }
        if is_text(bytes) { self.text(bytes.trim_ascii()) } else { self.binary(bytes) }
    }

    /// A wrapping was removed: records it and goes on with what was inside.
    fn removed<const N: usize>(
        &mut self,
        inner: Vec<u8>,
        layers: [Layer; N],
    ) -> Result<Step, InputErrorKind> {
        self.record(layers)?;
        Ok(Step::Removed(inner))
    }

    fn record(&mut self, layers: impl IntoIterator<Item = Layer>) -> Result<(), InputErrorKind> {
        self.layers.extend(layers);
        // A repair is no wrapping of its own.
        let is_repair = |layer: &&Layer| {
            matches!(**layer, Layer::SpacesRestored | Layer::InvisibleRemoved | Layer::Punctuation)
        };
        let wrappings = self.layers.iter().filter(|layer| !is_repair(layer)).count();
        if wrappings > self.limits.layers {
            return Err(InputErrorKind::Limit { name: "layers", limit: self.limits.layers });
        }
        Ok(())
    }

    fn html(&mut self, bytes: &[u8]) -> Result<Step, InputErrorKind> {
        let fields = html::fields(bytes)?;
        let Some((field, value)) = fields.message else {
            return Err(InputErrorKind::NotSaml(fields.instead));
        };
        self.found = Some(Found {
            parameter: Some(field),
            raw_query: None,
            relay_state: fields.relay_state,
            sent_to: fields.action,
        });
        self.removed(value.into_bytes(), [Layer::HtmlForm { field }])
    }

    /// Text that is no markup: a known other thing, parameters, percent-escapes, base64, in this order.
    fn text(&mut self, text: &[u8]) -> Result<Step, InputErrorKind> {
        if let Some(step) = self.repaired(text)? {
            return Ok(step);
        }
        if let Some(recognised) = recognise::before_decoding(text) {
            return Err(InputErrorKind::NotSaml(recognised));
        }
        if let Some(parameters) = form::parameters(text)? {
            let (inner, repair) = unescape_parameter(parameters.value)?;
            let parameter = parameters.name;
            let layer =
                if parameters.url { Layer::Url { parameter } } else { Layer::Form { parameter } };
            self.found = Some(Found {
                parameter: Some(parameter),
                raw_query: Some(parameters.raw_query),
                relay_state: parameters.relay_state,
                sent_to: parameters.sent_to,
            });
            self.record([layer])?;
            self.layers.extend(repair);
            return Ok(Step::Removed(inner));
        }
        if is_percent_escaped(text) {
            return self.removed(unescape(text)?, [Layer::PercentEscapes]);
        }
        if let Some(inner) = remove_punctuation(text) {
            return self.removed(inner.to_vec(), [Layer::Punctuation]);
        }
        let convincing = is_convincing_base64(text);
        match decode_base64(text) {
            Ok((inner, layers)) => {
                if !convincing && self.doubtful.is_none() {
                    self.doubtful = Some(self.layers.len());
                }
                self.record(layers)?;
                Ok(Step::Removed(inner))
            }
            Err(error) if convincing => Err(InputErrorKind::Base64(error)),
            Err(_) => Err(InputErrorKind::NotSaml(recognise::text(text))),
        }
    }

    /// What mail and pages did to the text is undone before anything else is asked of it.
    fn repaired(&mut self, text: &[u8]) -> Result<Option<Step>, InputErrorKind> {
        let done = std::str::from_utf8(text).ok().and_then(|text| {
            let printable = || unquote_printable(text.as_bytes());
            let entities = || unescape_entities(text).map(String::into_bytes);
            let visible = || remove_invisible(text).map(String::into_bytes);
            let named = |layer| move |inner| (inner, layer);
            (printable().map(named(Layer::QuotedPrintable)))
                .or_else(|| entities().map(named(Layer::HtmlEntities)))
                .or_else(|| visible().map(named(Layer::InvisibleRemoved)))
        });
        done.map(|(inner, layer)| self.removed(inner, [layer])).transpose()
    }

    fn binary(&mut self, bytes: &[u8]) -> Result<Step, InputErrorKind> {
        let compression = compression_of(bytes);
        let limit = self.limits.inflated_bytes;
        let stopped = match inflate(bytes, compression, limit) {
            Ok(inner) => return self.removed(inner, [Layer::Compressed(compression)]),
            Err(stopped) => stopped,
        };
        if stopped.error == InflateError::Limit {
            return Err(InputErrorKind::Limit { name: "inflated bytes", limit });
        }
        // Raw DEFLATE has no signature: it was one only if markup or text came out before it broke.
        let was_compressed =
            compression != Compression::Deflate || looks_recovered(&stopped.inflated);
        if was_compressed {
            return Err(InputErrorKind::Inflate { compression, error: stopped.error });
        }
        Err(InputErrorKind::NotSaml(recognise::binary(bytes)))
    }

    /// The error to report: what was no base64 after all is called the text that it is.
    fn error(mut self, kind: InputErrorKind) -> InputError {
        let inconclusive = match &kind {
            InputErrorKind::Limit { .. }
            | InputErrorKind::Json { .. }
            | InputErrorKind::Ambiguous { .. } => false,
            InputErrorKind::NotSaml(what) => {
                matches!(what, Recognised::Text | Recognised::Binary)
            }
            InputErrorKind::Empty
            | InputErrorKind::Base64(_)
            | InputErrorKind::Inflate { .. }
            | InputErrorKind::Percent { .. }
            | InputErrorKind::Utf16 { .. } => true,
        };
        match self.doubtful {
            Some(layers) if inconclusive => {
                self.layers.truncate(layers);
                let kind = InputErrorKind::NotSaml(Recognised::Text);
                InputError { kind, layers: self.layers }
            }
            Some(_) | None => InputError { kind, layers: self.layers },
        }
    }
}

/// Escapes around the whole: at least one, and no space, which every kind of escaping would have escaped.
fn is_percent_escaped(text: &[u8]) -> bool {
    let escape = |three: &[u8]| matches!(three, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
    let starts_as_markup = text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"%3C"));
    let mut signs = memchr::memchr_iter(b'%', text);
    (starts_as_markup || memchr::memchr(b' ', text).is_none())
        && signs.any(|at| text.get(at..at + 3).is_some_and(escape))
}

/// Did inflating yield markup, or at least four characters of text?
fn looks_recovered(inflated: &[u8]) -> bool {
    let start = inflated.get(..inflated.len().min(64)).unwrap_or_default();
    markup::detect(start).is_some() || (start.len() >= 4 && start.is_ascii() && is_text(start))
}
