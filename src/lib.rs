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
//! 7. [`survey`] looks at the whole document, and [`careless`] reads it as others may: for what is told besides.
//! 8. [`report`] consumes what the checks read and reaches the verdict.
//! 9. [`diagnosis`] reads the finished report and says why the checks failed; it can change nothing in it.
//!
//! Beside it stand what explains and never decides: [`windows`] (from when until when each part of a message holds), [`flow`] (what shows only across
//! the messages of one capture), [`idp`] (which product the identity provider seems to be, for where to look) and [`what_if`] (with which single change a
//! message would be accepted).
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
//! Clauses are cited as `saml-core-2.0 §2.5.1`, `saml-profiles-2.0`, `saml-bindings-2.0` (OASIS), `xmldsig-core`, `xmlenc-core`, `xml-c14n` (W3C). Own
//! decisions begin with `Choice:`, so that one search lists the policy. Two sets of notes are cited by number:
//!
//! *platform §n*, what the Assertion Validator page prints and asks: §1 its frame and how sure each line is known ([`checks::Wording`] keeps lines that
//! were seen or documented apart from ours) · §2 the items in order ([`checks::CHECKS`]) · §3.1 the clock: issued at most 5 minutes ago, give or take 3 ·
//! §3.2 the forms of a login URL · §3.3 signatures: the configured certificate, RSA with SHA-1 or SHA-256 documented, 4 KB certificates · §3.4 encrypted
//! assertions, one layer · §3.5 identity type and location · §3.6 configuration and its detection · §4 the lines of item 11 · §5 the login history ·
//! §6 what people could not see on the page.
//!
//! *security rule n*, what hostile input may not achieve:
//!
//! 1. The key is the configured one; KeyInfo is compared and shown, never trusted.
//! 2. Only what was digested is accepted, parsed again from the digested octets.
//! 3. One Reference, which names the parent of its Signature by an ID that is unique under every spelling.
//! 4. SignedInfo, SignatureValue, at most one KeyInfo; nothing foreign in a Signature.
//! 5. enveloped-signature, then at most one canonicalisation; empty octets are an error.
//! 6. Algorithms by allow-list; the key's type fits; RSA below 1024 bits refused, weak ones reported.
//! 7. Every signature that is there must hold.
//! 8. Exactly one assertion; elements by expanded name, protocol attributes without a namespace, the schema's order and number.
//! 9. Decrypt, then judge; one layer; every failure to decrypt looks alike.
//! 10. No DOCTYPE, no entities but the predefined five, no access to anything outside the message.
//! 11. Parsers and engines must agree, or the message is refused.
//! 12. A value is the whole text of its element; comments in it are reported; only XML's white space is trimmed.
//! 13. Times strictly; no zone is UTC and reported; overflow is a failed check.
//! 14. Unknown conditions make an assertion invalid; one bearer confirmation holds in full by itself.
//! 15. No normalisation decides a check.
//! 16. A named bound on everything, linear time, no recursion on depth.
//! 17. Output is escaped; keys are never shown and never taken from arguments.
//! 18. No panic; `unsafe` in one place.
//!
//! To read the code, start here, then [`validate`], then [`checks`], then any check.

pub mod careless;
pub mod checks;
pub mod cli;
pub mod config;
pub mod crypto;
pub mod decode;
pub mod diagnosis;
pub mod diff;
pub mod finding;
pub mod flow;
pub mod idp;
pub mod input;
pub mod limits;
pub mod provisioning;
pub mod redact;
pub mod render;
pub mod report;
pub mod run;
pub mod saml;
pub mod survey;
pub mod time;
pub mod validate;
pub mod what_if;
pub mod windows;
pub mod xml;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
