//! Every bound on what hostile input may cost, in one place and each with its name.
//!
//! A limit that is hit ends in an error that names it, so that the user knows which option raises it
//! (security rules 16 and 18). None of them is a standard's: SAML sets no sizes, so each default is a `Choice:`.

/// The bounds one run works within. All can be raised or lowered by option, environment or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one input before and after each wrapping is removed.
    ///
    /// Choice: 32 MiB. Real responses are 5 kB to 200 kB; group lists make the largest ones a few MB.
    pub decoded_bytes: usize,
    /// Bytes that one DEFLATE, zlib or gzip layer may grow to.
    ///
    /// Choice: 64 MiB, so that the stream is stopped while it grows and never after.
    pub inflated_bytes: usize,
    /// Bytes of one capture that holds messages among other things, such as a HAR. It is read as it comes and never kept whole.
    ///
    /// Choice: 1 GiB. A HAR of a morning's work has some 200 MiB.
    pub capture_bytes: usize,
    /// Messages in one input. Choice: 1000; a recorded login has two to ten.
    pub messages: usize,
    /// Wrappings (percent-escapes, base64, DEFLATE …) peeled from one input. Choice: 8; real captures have at most 4.
    pub layers: usize,
    /// Depth of nested XML elements. Choice: 512; real responses have about 10, and libxml2 itself stops at 256 unless told
    /// otherwise, crashing at 400,000.
    pub depth: usize,
    /// Attributes on one element, namespace declarations included. Choice: 256, because every engine looks for duplicates
    /// in quadratic time (60,000 attributes keep libxml2 busy for 20 s).
    pub attributes: usize,
    /// Namespace declarations in scope at one place. Choice: 1024, because canonicalisation looks through all of them.
    pub namespaces: usize,
    /// Elements, comments, processing instructions and CDATA sections in one document. Choice: 250,000, because each costs libxml2
    /// over 100 bytes: 33 MB of `<a/>` became 1.5 GB there and took 18 s. The largest real responses have some 10,000, and
    /// 10 MB of group names 130,000.
    pub nodes: usize,
    /// Attributes in one document, namespace declarations included. Choice: 250,000, for the same reason; three stand in each of
    /// the values that name their own type.
    pub total_attributes: usize,
}

/// Bytes of a file of seen assertions, and of what one run remembers of them.
///
/// Choice: 64 MiB, which is some 250,000 logins. All of it is kept in memory.
pub const SEEN_BYTES: usize = 64 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            decoded_bytes: 32 << 20,
            inflated_bytes: 64 << 20,
            capture_bytes: 1 << 30,
            messages: 1000,
            layers: 8,
            depth: 512,
            attributes: 256,
            namespaces: 1024,
            nodes: 250_000,
            total_attributes: 250_000,
        }
    }
}
