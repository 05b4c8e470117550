//! Questions about signatures that a diagnosis asks: of a repaired copy, or with another certificate than the configured ones.

use crate::limits::Limits;
use crate::saml::Message;
use crate::xml::Document;

use super::certificate::Certificate;
use super::{EngineChoice, Opened, SignatureReport, verify};

/// What would be found out about the signatures of a document. The view is dropped here, so that nothing that comes of it can be accepted.
pub(crate) fn examine(
    document: &Document,
    message: &Message,
    certificates: Vec<Certificate>,
    engine: (EngineChoice, &Limits),
) -> SignatureReport {
    examine_opened(document, &Opened::default(), message, certificates, engine)
}

/// The same of a document of which parts were decrypted: `message` was read from `opened`.
pub(crate) fn examine_opened(
    document: &Document,
    opened: &Opened,
    message: &Message,
    certificates: Vec<Certificate>,
    engine: (EngineChoice, &Limits),
) -> SignatureReport {
    verify(document, opened, message, certificates, engine).0
}
