//! The attacker's book: every attack as data, with what must stop it.
//!
//! An [`Attack`] is an id, a function that turns a genuine message into a tampered one, the outcome that is expected and the
//! defence that brings it about. Tables group attacks by the classes of the ledger in `src/crypto/mod.rs`. To add an attack, add a
//! row; the runner in `tests/tamper.rs` tries it on every genuine message it applies to.

mod algorithms;
mod blocks;
mod bombs;
mod canonical;
mod certificates;
mod encoding;
mod encryption;
mod entities;
mod exclusion;
mod forge;
mod identifiers;
mod ids;
mod injection;
mod key_info;
mod misdirection;
mod multiplicity;
mod pollution;
mod protocol;
mod references;
mod signature_parts;
pub(crate) mod subject;
mod surgery;
mod syntax;
mod times;
mod transforms;
mod truncation;
mod wrapping;
mod wrapping_inside;

use subject::{Judging, Subject};

/// The classes of attack: the rows of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    SignatureWrapping,
    LookAlikeIds,
    Multiplicity,
    Truncation,
    ParserDifferentials,
    VoidCanonicalization,
    Pollution,
    MarkupInSignatureValues,
    HmacWithPublicKey,
    KeyFromKeyInfo,
    ExternalReferences,
    Transforms,
    Entities,
    SignatureExclusion,
    Encryption,
    Algorithms,
    Certificates,
    Misdirection,
    Bombs,
    Identifiers,
    Times,
    Injection,
    ProtocolLies,
}

impl Class {
    pub(crate) const ALL: [Self; 23] = [
        Self::SignatureWrapping,
        Self::LookAlikeIds,
        Self::Multiplicity,
        Self::Truncation,
        Self::ParserDifferentials,
        Self::VoidCanonicalization,
        Self::Pollution,
        Self::MarkupInSignatureValues,
        Self::HmacWithPublicKey,
        Self::KeyFromKeyInfo,
        Self::ExternalReferences,
        Self::Transforms,
        Self::Entities,
        Self::SignatureExclusion,
        Self::Encryption,
        Self::Algorithms,
        Self::Certificates,
        Self::Misdirection,
        Self::Bombs,
        Self::Identifiers,
        Self::Times,
        Self::Injection,
        Self::ProtocolLies,
    ];
}

/// What must come of an attack.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// Never accepted, and one of these failure codes says why.
    Rejected(&'static [&'static str]),
    /// What is signed is as it was: accepted with exactly the signed values and this finding, or, where the change touches a
    /// signed part of the message, rejected with one of these codes.
    Unchanged { finding: &'static str, or: &'static [&'static str] },
    /// As [`Expected::Unchanged`], of a change that legitimate software makes as well, so that nothing needs telling.
    Harmless { or: &'static [&'static str] },
}

/// The tampered message; nothing when the attack does not apply to this one.
type Make = fn(&Subject) -> Option<Vec<u8>>;

/// One attack.
pub(crate) struct Attack {
    pub(crate) id: &'static str,
    pub(crate) expected: Expected,
    /// File and function under `src/` without which the expected outcome would not come about.
    pub(crate) stopped_by: &'static str,
    pub(crate) make: Make,
    /// What is judged differently, for attacks on the configured key, and for messages the identity provider really signed.
    pub(crate) judged: fn(&mut Judging),
}

impl Attack {
    /// An attack that must be rejected.
    const fn rejected(
        id: &'static str,
        codes: &'static [&'static str],
        stopped_by: &'static str,
        make: Make,
    ) -> Self {
        Self { id, expected: Expected::Rejected(codes), stopped_by, make, judged: |_| {} }
    }

    /// An attack that leaves the signed content as it was, and is told.
    const fn unchanged(
        id: &'static str,
        finding: &'static str,
        or: &'static [&'static str],
        stopped_by: &'static str,
        make: Make,
    ) -> Self {
        let expected = Expected::Unchanged { finding, or };
        Self { id, expected, stopped_by, make, judged: |_| {} }
    }

    /// A change that must not matter.
    const fn harmless(
        id: &'static str,
        or: &'static [&'static str],
        stopped_by: &'static str,
        make: Make,
    ) -> Self {
        Self { id, expected: Expected::Harmless { or }, stopped_by, make, judged: |_| {} }
    }

    const fn judged(self, judged: fn(&mut Judging)) -> Self {
        Self { judged, ..self }
    }
}

/// Attacks of one class.
pub(crate) struct Table {
    pub(crate) class: Class,
    pub(crate) attacks: &'static [Attack],
}

/// Every table.
pub(crate) const TABLES: &[Table] = &[
    wrapping::TABLE,
    wrapping_inside::TABLE,
    ids::TABLE,
    multiplicity::TABLE,
    truncation::TABLE,
    encoding::TABLE,
    syntax::TABLE,
    syntax::VOID,
    pollution::TABLE,
    signature_parts::TABLE,
    key_info::HMAC,
    key_info::TABLE,
    references::TABLE,
    transforms::TABLE,
    entities::TABLE,
    exclusion::TABLE,
    encryption::TABLE,
    algorithms::TABLE,
    blocks::TABLE,
    certificates::TABLE,
    misdirection::TABLE,
    bombs::TABLE,
    identifiers::TABLE,
    times::TABLE,
    injection::TABLE,
    protocol::TABLE,
];
