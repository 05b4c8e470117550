//! DEFLATE, zlib and gzip streams, grown against a limit and read to their exact end.
//!
//! HTTP-Redirect uses raw DEFLATE (RFC 1951, saml-bindings-2.0 §3.4.4.1); zlib (RFC 1950) and gzip (RFC 1952) are what people's
//! tools make of it. A stream that ends early, or has anything behind its end, is refused (security rule 16).

use std::fmt::{self, Display, Formatter};
use std::io::{ErrorKind, Read};

use flate2::bufread::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

/// The format of a compressed stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Raw DEFLATE, without any header.
    Deflate,
    /// DEFLATE in a zlib envelope.
    Zlib,
    /// DEFLATE in a gzip envelope.
    Gzip,
}

impl Display for Compression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deflate => "DEFLATE",
            Self::Zlib => "zlib",
            Self::Gzip => "gzip",
        })
    }
}

/// What is wrong with a compressed stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// The data end before the stream does.
    #[error("it ends early, so the end of the value is missing")]
    Truncated,
    /// Not a stream of this format from some place on, or its checksum is wrong.
    #[error("its content is damaged")]
    Corrupt,
    /// Bytes behind the end of the stream.
    #[error("there are more bytes behind its end")]
    DataAfterEnd,
    /// A second gzip member, which some readers append and others drop.
    #[error("a second stream follows the first")]
    SecondStream,
    /// Grown beyond the limit; the rest was never inflated.
    #[error("it grows beyond the limit")]
    Limit,
}

/// A failure together with what had been inflated before it, from which the caller tells damage from data that never were
/// compressed.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) error: InflateError,
    pub(crate) inflated: Vec<u8>,
}

const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// Bytes inflated between two looks at the limit.
const BLOCK: usize = 32 << 10;

/// The format these bytes would have if they were compressed.
///
/// The three cannot be confused: as raw DEFLATE, gzip's first byte names the reserved block type, and zlib's a stored block
/// with non-zero padding, which no encoder writes.
pub(crate) fn compression_of(bytes: &[u8]) -> Compression {
    match bytes {
        _ if bytes.starts_with(&GZIP_MAGIC) => Compression::Gzip,
        [method, flags, ..]
            if method & 0x0f == 8
                && method >> 4 <= 7
                && u16::from_be_bytes([*method, *flags]).is_multiple_of(31) =>
        {
            Compression::Zlib
        }
        _ => Compression::Deflate,
    }
}

/// Inflates the one stream that `bytes` must be, to at most `limit` bytes.
pub(crate) fn inflate(
    bytes: &[u8],
    compression: Compression,
    limit: usize,
) -> Result<Vec<u8>, Stopped> {
    let mut inflated = Vec::new();
    let outcome = match compression {
        Compression::Deflate => stream(bytes, Decompress::new(false), limit, &mut inflated),
        Compression::Zlib => stream(bytes, Decompress::new(true), limit, &mut inflated),
        Compression::Gzip => gzip(bytes, limit, &mut inflated),
    };
    match outcome {
        Ok(()) => Ok(inflated),
        Err(error) => Err(Stopped { error, inflated }),
    }
}

/// `flate2`'s readers report a truncated DEFLATE or zlib stream as a normal end, so the engine below them is driven here.
fn stream(
    bytes: &[u8],
    mut engine: Decompress,
    limit: usize,
    inflated: &mut Vec<u8>,
) -> Result<(), InflateError> {
    let mut block = vec![0; BLOCK];
    let (mut consumed, mut produced) = (0, 0);
    loop {
        let rest = bytes.get(consumed..).unwrap_or_default();
        let status = engine.decompress(rest, &mut block, FlushDecompress::None);
        let consumed_before = consumed;
        consumed = usize::try_from(engine.total_in()).unwrap_or(usize::MAX);
        let total = usize::try_from(engine.total_out()).unwrap_or(usize::MAX);
        let fresh = total - produced;
        produced = total;
        append(inflated, block.get(..fresh).unwrap_or_default(), limit)?;
        match status {
            Ok(Status::StreamEnd) if consumed < bytes.len() => {
                return Err(InflateError::DataAfterEnd);
            }
            Ok(Status::StreamEnd) => return Ok(()),
            Ok(Status::Ok | Status::BufError) if fresh == 0 && consumed == consumed_before => {
                return Err(InflateError::Truncated);
            }
            Ok(Status::Ok | Status::BufError) => {}
            Err(_) => return Err(InflateError::Corrupt),
        }
    }
}

fn gzip(bytes: &[u8], limit: usize, inflated: &mut Vec<u8>) -> Result<(), InflateError> {
    let mut decoder = GzDecoder::new(bytes);
    let mut block = vec![0; BLOCK];
    loop {
        let fresh = match decoder.read(&mut block) {
            Ok(0) => break,
            Ok(fresh) => fresh,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(InflateError::Truncated);
            }
            Err(_) => return Err(InflateError::Corrupt),
        };
        append(inflated, block.get(..fresh).unwrap_or_default(), limit)?;
    }
    match decoder.into_inner() {
        [] => Ok(()),
        rest if rest.starts_with(&GZIP_MAGIC) => Err(InflateError::SecondStream),
        _ => Err(InflateError::DataAfterEnd),
    }
}

fn append(inflated: &mut Vec<u8>, fresh: &[u8], limit: usize) -> Result<(), InflateError> {
    if fresh.len() > limit.saturating_sub(inflated.len()) {
        return Err(InflateError::Limit);
    }
    inflated.extend_from_slice(fresh);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression as Level;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    const ALL: [Compression; 3] = [Compression::Deflate, Compression::Zlib, Compression::Gzip];

    fn compress(bytes: &[u8], compression: Compression, level: Level) -> Vec<u8> {
        match compression {
            Compression::Deflate => {
                let mut encoder = DeflateEncoder::new(Vec::new(), level);
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            Compression::Zlib => {
                let mut encoder = ZlibEncoder::new(Vec::new(), level);
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            Compression::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), level);
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
        }
    }

    fn error(bytes: &[u8], compression: Compression) -> InflateError {
        inflate(bytes, compression, 1 << 20).unwrap_err().error
    }

    #[test]
    fn each_format_is_told_by_its_first_bytes() {
        let message = b"<samlp:Response>".repeat(200);
        for compression in ALL {
            for level in [0, 1, 6, 9] {
                let compressed = compress(&message, compression, Level::new(level));
                assert_eq!(compression_of(&compressed), compression, "level {level}");
                let inflated = inflate(&compressed, compression, message.len()).unwrap();
                assert_eq!(inflated, message);
            }
        }
    }

    #[test]
    fn every_truncation_is_seen() {
        for compression in ALL {
            let whole = compress(b"<a>some text</a>", compression, Level::best());
            for end in 4..whole.len() {
                assert_eq!(error(&whole[..end], compression), InflateError::Truncated, "{end}");
            }
        }
    }

    #[test]
    fn nothing_is_read_past_the_end() {
        for compression in ALL {
            let mut extended = compress(b"<a/>", compression, Level::best());
            extended.push(b'\n');
            assert_eq!(error(&extended, compression), InflateError::DataAfterEnd);
        }
        let member = compress(b"<a/>", Compression::Gzip, Level::best());
        assert_eq!(error(&member.repeat(2), Compression::Gzip), InflateError::SecondStream);
    }

    #[test]
    fn a_wrong_checksum_is_damage() {
        for compression in [Compression::Zlib, Compression::Gzip] {
            let mut changed = compress(b"<a/>", compression, Level::best());
            let place = changed.len() - if compression == Compression::Gzip { 5 } else { 1 };
            changed[place] ^= 1;
            assert_eq!(error(&changed, compression), InflateError::Corrupt);
        }
    }

    #[test]
    fn a_bomb_is_stopped_at_the_limit_and_its_memory_bounded() {
        let limit = 1 << 20;
        for compression in ALL {
            let bomb = compress(&vec![b' '; 8 << 20], compression, Level::best());
            let stopped = inflate(&bomb, compression, limit).unwrap_err();
            assert_eq!(stopped.error, InflateError::Limit);
            assert!(stopped.inflated.capacity() <= 2 * limit, "{}", stopped.inflated.capacity());
        }
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        let exact = compress(&[b'a'; 1000], Compression::Zlib, Level::best());
        assert!(inflate(&exact, Compression::Zlib, 1000).is_ok());
        assert!(inflate(&exact, Compression::Zlib, 999).is_err());
    }
}
