//! A toy identity provider: it signs any SAML message a test can think of, good or bad, always in the same bytes.
//!
//! Messages are written in exclusive-canonical form by construction (xml-exc-c14n §3), so that what is digested is the
//! text itself and signing needs nothing but the `openssl` crate. A [`response::Response`] is plain data: start from
//! [`response::Response::usual`], change the fields that matter, call `xml()`, and alter the text afterwards with
//! [`xml::replace_once`] when the message shall be tampered with. Keys, IDs and times are fixed; RSA signatures
//! (PKCS #1 v1.5) are therefore the same on every run, ECDSA signatures are not.

#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a toy that cannot build its message fails the test that asked for it"
)]

pub mod assertion;
pub mod encode;
pub mod encryption;
pub mod har;
pub mod keys;
pub mod response;
pub mod samples;
pub mod search;
pub mod signature;
pub mod uri;
pub mod xml;
