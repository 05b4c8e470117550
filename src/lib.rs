//! Tells why a SAML login failed: the platform's Assertion Validator page as a library and a command.
//!
//! # The pipeline in one screen
//!
//! [`validate::validate`] takes one input and a configuration and returns one [`report::Report`]. It is the only place that knows all stages:
//!
//! 1. [`input`] tells what was captured, and [`decode`] peels the wrappings off until XML is left; each layer is recorded, each is bounded.
//! 2. [`xml`] turns the bytes into text and parses it strictly into a [`xml::Document`]: namespaces, byte spans, no DTD.
//! 3. [`saml`] reads a [`saml::Message`]: a Response or a bare Assertion, as plain data. What departs from the schema is noted, not fatal.
//! 4. [`config`] chooses the service provider's configuration that the message belongs to.
//! 5. [`crypto`] verifies every Signature that counts with the *configured* certificate and parses the digested octets again.
//! 6. [`checks`] walks the ordered table of checks. Each answers with an [`checks::Outcome`]; none stops the others.
//! 7. [`report`] consumes what the checks read and reaches the verdict.
//!
//! The library does no I/O: the clock, the environment and the files are arguments.
//!
//! # What holds everywhere
//!
//! * **Trust is a type.** Only [`crypto::verify`] can build a [`crypto::SignedView`], from the very bytes that were digested, and only a
//!   `SignedView` can become [`report::Verdict::Accepted`].
//! * **The verdict judges the message as supplied.** Nothing is repaired on the way to it.
//! * **A failure carries both sides**: code, expected, found, where. Its words are data beside the code.
//! * **A stage that cannot go on does not abort.** It is the report's first failed line, and the rest say `Skipped`; a skipped check never lets a
//!   message be accepted.
//! * **Hostile input is the normal case.** Every bound is in [`limits`]; nothing recurses on input depth; nothing panics.
//!
//! # Sources
//!
//! Clauses are cited as `saml-core-2.0 §2.5.1`, `saml-profiles-2.0`, `saml-bindings-2.0` (OASIS), `xmldsig-core`, `xmlenc-core`, `xml-c14n` (W3C). What the
//! platform prints and asks beyond them is marked *platform*; where nobody has ever quoted the platform, the words are ours, and
//! [`checks::Wording`] tells them apart. Own decisions begin with `Choice:`, so that one search lists the policy.
//!
//! To read the code, start here, then [`validate`], then [`checks`], then any check.

pub mod checks;
pub mod cli;
pub mod config;
pub mod crypto;
pub mod decode;
pub mod finding;
pub mod input;
pub mod limits;
pub mod render;
pub mod report;
pub mod run;
pub mod saml;
pub mod time;
pub mod validate;
pub mod xml;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
