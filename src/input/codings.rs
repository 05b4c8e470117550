//! The codings of HTTP bodies (RFC 9110 §8.4.1): gzip, DEFLATE, Brotli (RFC 7932), Zstandard (RFC 8878).

use std::io::{self, ErrorKind, Read};

use ruzstd::decoding::StreamingDecoder;

use super::wide;
use crate::decode::{InflateError, Stopped, compression_of, inflate};

/// Bytes that are taken from a stream at once. Choice: 4 KiB.
const BUFFER: usize = 4 << 10;

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// gzip, zlib or raw DEFLATE: servers take one for the other, and the bytes tell.
    Deflate,
    Brotli,
    Zstandard,
}

impl Coding {
    /// The one that a `Content-Encoding` names. Choice: the last one it names counts; nobody compresses twice.
    pub(super) fn named(field: &str) -> Option<Self> {
        let name = field.rsplit(',').next().unwrap_or(field).trim().to_ascii_lowercase();
        match name.as_str() {
            "gzip" | "x-gzip" | "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstandard),
            _ => None,
        }
    }

    /// The body without it, of at most `limit` bytes.
    pub(super) fn undone(self, body: &[u8], limit: usize) -> Result<Vec<u8>, Stopped> {
        match self {
            Self::Deflate => inflate(body, compression_of(body), limit),
            Self::Brotli => whole(&mut brotli_decompressor::Decompressor::new(body, BUFFER), limit),
            Self::Zstandard => {
                let decoder = StreamingDecoder::new(body)
                    .map_err(|_| Stopped { error: InflateError::Corrupt, inflated: Vec::new() })?;
                whole(&mut Box::new(decoder), limit)
            }
        }
    }
}

/// Everything that a stream has, unless it is more than `limit`.
fn whole(stream: &mut dyn Read, limit: usize) -> Result<Vec<u8>, Stopped> {
    let mut inflated = Vec::new();
    let done = stream.take(wide(limit).saturating_add(1)).read_to_end(&mut inflated);
    let error = match done {
        Ok(length) if length > limit => InflateError::Limit,
        Ok(_) => return Ok(inflated),
        Err(error) => why(&error),
    };
    Err(Stopped { error, inflated })
}

fn why(error: &io::Error) -> InflateError {
    if error.kind() == ErrorKind::UnexpectedEof {
        InflateError::Truncated
    } else {
        InflateError::Corrupt
    }
}
