//! What came encrypted: with which key it was decrypted, or to whom it is encrypted and which keys were tried.
//!
//! platform.md 3.4. Why a key did not open it stands here and in no verdict (security rule 9): it is for whoever holds the key.

use std::io;

use super::certificate::in_halves;
use super::failure::more;
use super::page::{Ink, Page};
use crate::crypto::{Decrypted, EncryptedPart, Recipient, Undecrypted};
use crate::render::SHOWN;
use crate::render::safe::safe;
use crate::report::Report;

const COLUMN: usize = 15;

/// What is told under the check of this id.
pub(super) fn encryption(page: &mut Page<'_>, report: &Report, check: &str) -> io::Result<()> {
    let opened = &report.parts().opened;
    let mut decrypted = opened.decrypted().iter().filter(|_| check == "input");
    decrypted.by_ref().take(SHOWN).try_for_each(|found| opened_with(page, report, found))?;
    more(page, decrypted.count())?;
    let mut stays = opened.undecrypted().iter().filter(|stays| told_under(stays.part) == check);
    stays.by_ref().take(SHOWN).try_for_each(|stays| recipients(page, report, stays))?;
    more(page, stays.count())
}

/// The id of the check that has to do without what stays encrypted.
fn told_under(part: EncryptedPart) -> &'static str {
    match part {
        EncryptedPart::Assertion | EncryptedPart::Attribute => "input",
        EncryptedPart::NameId => "subject",
    }
}

fn opened_with(page: &mut Page<'_>, report: &Report, found: &Decrypted) -> io::Result<()> {
    let key = report.parts().configuration.decryption_key(found.key);
    let key = key.map(|key| safe(&key.name)).unwrap_or_default();
    let (part, cipher, transport) = (found.part.name(), found.cipher, &found.transport);
    page.prose(4, Ink::Ours, &format!("{part} decrypted with {key}: {cipher}, {transport}"))
}

fn recipients(page: &mut Page<'_>, report: &Report, stays: &Undecrypted) -> io::Result<()> {
    page.line(4, Ink::Title, &format!("encryption of the {}", stays.part.name()))?;
    let encryption = &stays.encryption;
    match &encryption.fault {
        Some(fault) => {
            page.labelled(6, ("structure", COLUMN), Ink::Plain, &safe(&fault.to_string()))?;
        }
        None => page.row(6, ("content", COLUMN), &named(&encryption.cipher), None)?,
    }
    if encryption.recipients.is_empty() && encryption.fault.is_none() {
        let shared = "nobody: there is no EncryptedKey, only who shares the secret key can read it";
        page.labelled(6, ("encrypted for", COLUMN), Ink::Plain, shared)?;
    }
    encryption.recipients.iter().try_for_each(|recipient| for_whom(page, recipient))?;
    tried(page, report, stays)
}

fn for_whom(page: &mut Page<'_>, recipient: &Recipient) -> io::Result<()> {
    let key = format!("an RSA key of {} bits", recipient.modulus_bits);
    let mut row = |label: &str, text: &str| page.row(6, (label, COLUMN), text, None);
    row("encrypted for", &key)?;
    row("key transport", &named(&recipient.transport))?;
    recipient.recipient.iter().try_for_each(|name| row("Recipient", &safe(name)))?;
    recipient.names.iter().try_for_each(|name| row("KeyName", &safe(name)))?;
    recipient.subjects.iter().try_for_each(|subject| row("subject", &safe(subject)))?;
    for (issuer, serial) in &recipient.issuer_serials {
        row("issuer", &safe(issuer))?;
        row("serial", &safe(serial))?;
    }
    for (subject, sha256) in &recipient.certificates {
        row("certificate", &safe(subject))?;
        let (first, second) = in_halves(sha256);
        row("SHA-256", first)?;
        row("", second)?;
    }
    Ok(())
}

/// An algorithm as the message names it.
fn named(algorithm: &str) -> String {
    if algorithm.is_empty() { "(not named)".to_owned() } else { safe(algorithm) }
}

/// Each configured key and why it did not do.
fn tried(page: &mut Page<'_>, report: &Report, stays: &Undecrypted) -> io::Result<()> {
    let mut number = 0;
    for key in &report.parts().configuration.decryption_keys {
        let name = safe(&key.name);
        let Some(bits) = key.bits else {
            let said = format!(
                "the decryption key {name} is locked; set SAMLCHECK_KEY_PASSPHRASE_FILE to a file with its passphrase"
            );
            page.labelled(6, ("not tried", COLUMN), Ink::Fail, &said)?;
            continue;
        };
        let faults = said_of(stays, number);
        number += 1;
        let text = format!("{name}, RSA {bits} bits: {}", safe(&faults.join("; ")));
        page.labelled(6, ("tried", COLUMN), Ink::Fail, &text)?;
    }
    Ok(())
}

/// What went wrong with the key of this number, each thing once.
pub(in crate::render) fn said_of(stays: &Undecrypted, number: usize) -> Vec<String> {
    let mut faults: Vec<String> = Vec::new();
    for attempt in stays.attempts.iter().filter(|attempt| attempt.key == number) {
        let fault = attempt.fault.to_string();
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    if faults.is_empty() {
        faults.push("there was nothing to try it on".to_owned());
    }
    faults
}
