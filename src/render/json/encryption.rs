//! What came encrypted, as JSON: one object for each encrypted element that counts.

use serde::Serialize;

use super::document::located;
use crate::crypto::{Decrypted, Encryption, Recipient, Undecrypted};
use crate::render::text::said_of;
use crate::report::Report;

#[derive(Serialize)]
pub(super) struct EncryptionDocument<'r> {
    part: &'static str,
    decrypted: bool,
    cipher: &'r str,
    key_transport: Option<String>,
    key: Option<&'r str>,
    recipients: Vec<RecipientDocument<'r>>,
    fault: Option<String>,
    keys: Vec<KeyDocument<'r>>,
    line: Option<usize>,
    xpath: Option<String>,
}

#[derive(Serialize)]
struct RecipientDocument<'r> {
    names: Vec<&'r str>,
    subjects: &'r [String],
    issuer_serials: Vec<IssuerSerial<'r>>,
    certificates: Vec<Certificate<'r>>,
    modulus_bits: usize,
    key_transport: &'r str,
}

#[derive(Serialize)]
struct IssuerSerial<'r> {
    issuer: &'r str,
    serial: &'r str,
}

#[derive(Serialize)]
struct Certificate<'r> {
    subject: &'r str,
    sha256: &'r str,
}

/// A configured key that did not open it.
#[derive(Serialize)]
struct KeyDocument<'r> {
    name: &'r str,
    bits: Option<u32>,
    locked: bool,
    faults: Vec<String>,
}

/// First what was decrypted, then what stays encrypted.
pub(super) fn encryption(report: &Report) -> Vec<EncryptionDocument<'_>> {
    let opened = &report.parts().opened;
    let decrypted =
        opened.decrypted().iter().map(|found| EncryptionDocument::opened(found, report));
    let stays = opened.undecrypted().iter().map(|stays| EncryptionDocument::closed(stays, report));
    decrypted.chain(stays).collect()
}

impl<'r> EncryptionDocument<'r> {
    fn opened(found: &'r Decrypted, report: &'r Report) -> Self {
        let (line, xpath) = located(Some(found.at), report);
        let key = report.parts().configuration.decryption_key(found.key);
        Self {
            part: found.part.name(),
            decrypted: true,
            cipher: found.cipher.name(),
            key_transport: Some(found.transport.to_string()),
            key: key.map(|key| key.name.as_str()),
            recipients: recipients(&found.encryption),
            fault: None,
            keys: Vec::new(),
            line,
            xpath,
        }
    }

    fn closed(stays: &'r Undecrypted, report: &'r Report) -> Self {
        let (line, xpath) = located(Some(stays.at), report);
        Self {
            part: stays.part.name(),
            decrypted: false,
            cipher: &stays.encryption.cipher,
            key_transport: None,
            key: None,
            recipients: recipients(&stays.encryption),
            fault: stays.encryption.fault.as_ref().map(ToString::to_string),
            keys: keys(stays, report),
            line,
            xpath,
        }
    }
}

fn recipients(encryption: &Encryption) -> Vec<RecipientDocument<'_>> {
    encryption.recipients.iter().map(RecipientDocument::of).collect()
}

fn keys<'r>(stays: &Undecrypted, report: &'r Report) -> Vec<KeyDocument<'r>> {
    let mut number = 0;
    let mut documents = Vec::new();
    for key in &report.parts().configuration.decryption_keys {
        let locked = key.bits.is_none();
        let faults = if locked { Vec::new() } else { said_of(stays, number) };
        number += usize::from(!locked);
        documents.push(KeyDocument { name: &key.name, bits: key.bits, locked, faults });
    }
    documents
}

impl<'r> RecipientDocument<'r> {
    fn of(recipient: &'r Recipient) -> Self {
        let pairs = recipient.issuer_serials.iter();
        let certificates = recipient.certificates.iter();
        Self {
            names: recipient.recipient.iter().chain(&recipient.names).map(String::as_str).collect(),
            subjects: &recipient.subjects,
            issuer_serials: pairs.map(|(issuer, serial)| IssuerSerial { issuer, serial }).collect(),
            certificates: certificates
                .map(|(subject, sha256)| Certificate { subject, sha256 })
                .collect(),
            modulus_bits: recipient.modulus_bits,
            key_transport: &recipient.transport,
        }
    }
}
