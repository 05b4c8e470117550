//! What a capture as a whole is wrapped in: gzip, UTF-16, a byte order mark. Taken off as it comes, so that its size does not matter.
//!
//! Only around what a format claims: a message alone is peeled by [`super::peel`], which is strict about streams that end early or go
//! on. A capture is evidence and not the message, so what it holds up to the damage is worth having, and members are joined.

use std::cell::Cell;
use std::io::{self, ErrorKind, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;

use super::{HEAD, wide};
use crate::decode::{Compression, InflateError, Layer, UTF8_BOM, Utf16, compression_of, utf16_of};

/// What is around a capture, known by its first bytes.
#[derive(Debug)]
pub(super) struct Envelope {
    is_gzip: bool,
    encoding: Written,
    start: Vec<u8>,
}

/// How the text is written.
#[derive(Clone, Copy, Debug)]
enum Written {
    Plain,
    Marked,
    Utf16(Utf16),
}

impl Envelope {
    pub(super) fn of(head: &[u8]) -> Self {
        let is_gzip = compression_of(head) == Compression::Gzip;
        let mut start = Vec::new();
        if is_gzip {
            // The head ends in the middle of the stream, which is an error that matters to nobody.
            let mut inflated = MultiGzDecoder::new(head).take(wide(HEAD));
            drop(inflated.read_to_end(&mut start));
        } else {
            start.extend_from_slice(head);
        }
        let encoding = match utf16_of(&start) {
            Some(order) => Written::Utf16(order),
            None if start.starts_with(UTF8_BOM) => Written::Marked,
            None => Written::Plain,
        };
        if let Some(known) = encoding.name() {
            start = known.decode_with_bom_removal(&start).0.into_owned().into_bytes();
        }
        Self { is_gzip, encoding, start }
    }

    pub(super) fn is_gzip(&self) -> bool {
        self.is_gzip
    }

    /// The beginning of what is inside.
    pub(super) fn start(&self) -> &[u8] {
        &self.start
    }

    /// What is taken off, the innermost first.
    pub(super) fn layers(&self) -> impl Iterator<Item = Layer> {
        let text = match self.encoding {
            Written::Plain => None,
            Written::Marked => Some(Layer::Utf8Bom),
            Written::Utf16(order) => Some(Layer::Utf16Text(order)),
        };
        let gzip = self.is_gzip.then_some(Layer::Compressed(Compression::Gzip));
        text.into_iter().chain(gzip)
    }

    /// What is inside, read from `source` from its beginning. A stream that is damaged ends there, and `damage` tells.
    pub(super) fn open<'s>(
        &self,
        source: impl Read + 's,
        damage: &'s Cell<Option<InflateError>>,
    ) -> Box<dyn Read + 's> {
        let inflated: Box<dyn Read + 's> = if self.is_gzip {
            Box::new(Inflating { stream: MultiGzDecoder::new(source), damage })
        } else {
            Box::new(source)
        };
        let Some(encoding) = self.encoding.name() else { return inflated };
        let mut builder = DecodeReaderBytesBuilder::new();
        let decoded = builder.encoding(Some(encoding)).strip_bom(true).utf8_passthru(true);
        Box::new(decoded.build(inflated))
    }
}

impl Written {
    fn name(self) -> Option<&'static Encoding> {
        match self {
            Self::Plain => None,
            Self::Marked => Some(UTF_8),
            Self::Utf16(Utf16::LittleEndian) => Some(UTF_16LE),
            Self::Utf16(Utf16::BigEndian) => Some(UTF_16BE),
        }
    }
}

/// A gzip stream that ends where it is damaged.
struct Inflating<'s, R> {
    stream: MultiGzDecoder<R>,
    damage: &'s Cell<Option<InflateError>>,
}

impl<R: Read> Read for Inflating<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.damage.get().is_some() {
            return Ok(0);
        }
        let error = match self.stream.read(buffer) {
            Ok(length) => return Ok(length),
            Err(error) => error,
        };
        let kind = error.kind();
        let damage = if kind == ErrorKind::UnexpectedEof {
            InflateError::Truncated
        } else if kind == ErrorKind::InvalidInput || kind == ErrorKind::InvalidData {
            InflateError::Corrupt
        } else {
            return Err(error);
        };
        self.damage.set(Some(damage));
        Ok(0)
    }
}
