//! X.509 certificates as identity providers publish them: what a person needs to tell two of them apart, and the key.
//!
//! RFC 5280 for the certificate, RFC 7468 for PEM. A certificate is a container of a key
//! here and nothing more: no chain is built, no date decides whether a signature holds.

mod name;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, PAD};
use jiff::Timestamp;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Public};
use openssl::x509::X509;

use name::write_name;

/// Base64 as certificates are pasted: the padding is often lost with the last line.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// Why something is not a certificate.
///
/// No variant carries the input: it may be a private key that was pasted in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// There is nothing but white space.
    #[error("the certificate is empty")]
    Empty,
    /// Neither PEM nor DER nor base64.
    #[error("this is no certificate: expected PEM, DER or base64")]
    Encoding,
    /// A PEM block is not closed, or its content is not base64.
    #[error("a PEM block is cut off or is not base64 inside")]
    Pem,
    /// PEM, but of something else.
    #[error("this PEM file holds no certificate but a {0}")]
    OtherPem(String),
    /// The DER does not parse as a certificate.
    #[error("the certificate does not parse: {0}")]
    Der(String),
    /// There are several where one belongs.
    #[error("not exactly one certificate")]
    Several,
    /// There are octets behind the certificate.
    #[error("{0} bytes follow the certificate")]
    TrailingData(usize),
    /// The certificate parses, but its key cannot be used.
    #[error("the key in the certificate cannot be read: {0}")]
    Key(String),
}

/// An X.509 certificate, taken apart once; equal to another when their DER is the same.
///
/// Its parts are shared, so that a copy costs nothing: every report holds some.
#[derive(Clone)]
pub struct Certificate(Arc<CertificateParts>);

struct CertificateParts {
    der: Vec<u8>,
    subject: String,
    issuer: String,
    serial: String,
    sha256: String,
    not_before: Timestamp,
    not_after: Timestamp,
    key: KeyDescription,
    public_key: PKey<Public>,
}

impl Certificate {
    /// Reads one or several certificates: PEM, DER, or the bare base64 of a `ds:X509Certificate` with any white
    /// space.
    ///
    /// Text around PEM blocks and blocks that are no certificates are passed over, as long as one certificate is
    /// left.
    ///
    /// # Errors
    /// When there is no certificate, or one of them does not parse.
    pub fn parse(data: &[u8]) -> Result<Vec<Self>, CertificateError> {
        // 0x30 is also the character `0`, but no base64 of a certificate starts with it.
        if let [0x30, 0x80..=0xff, ..] = data {
            return Ok(vec![Self::from_der(data)?]);
        }
        let text = str::from_utf8(data).map_err(|_| CertificateError::Encoding)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.contains(BEGIN) {
            return Self::parse_pem(text);
        }
        let der = decode_base64(text).ok_or(CertificateError::Encoding)?;
        if der.is_empty() {
            return Err(CertificateError::Empty);
        }
        Ok(vec![Self::from_der(&der)?])
    }

    /// Reads the bare base64 of a `ds:X509Certificate`, which is nearly always one of the `known` certificates. Taking a certificate
    /// apart costs several times what verifying a signature does, so those are recognised by their octets.
    ///
    /// # Errors
    /// When there is not exactly one certificate, or it does not parse.
    pub(super) fn parse_one(text: &str, known: &[Self]) -> Result<Self, CertificateError> {
        let of_known = |der: &[u8]| known.iter().find(|certificate| certificate.0.der == der);
        if let Some(known) = decode_base64(text).as_deref().and_then(of_known) {
            return Ok(known.clone());
        }
        let mut certificates = Self::parse(text.as_bytes())?;
        match (certificates.pop(), certificates.is_empty()) {
            (Some(certificate), true) => Ok(certificate),
            (Some(_), false) => Err(CertificateError::Several),
            (None, _) => Err(CertificateError::Empty),
        }
    }

    /// Choice: PEM is read here and not by OpenSSL, which refuses one long line and lines joined by spaces; both are
    /// what is left of a certificate after a web form or an environment variable.
    fn parse_pem(text: &str) -> Result<Vec<Self>, CertificateError> {
        let mut certificates = Vec::new();
        let mut other = None;
        for block in text.split(BEGIN).skip(1) {
            let (label, rest) = block.split_once(DASHES).ok_or(CertificateError::Pem)?;
            let (body, end) = rest.split_once(DASHES).ok_or(CertificateError::Pem)?;
            if end.strip_prefix("END ").and_then(|end| end.strip_prefix(label)).is_none() {
                return Err(CertificateError::Pem);
            }
            if matches!(label, "CERTIFICATE" | "X509 CERTIFICATE") {
                let der = decode_base64(body).ok_or(CertificateError::Pem)?;
                certificates.push(Self::from_der(&der)?);
            } else {
                other.get_or_insert_with(|| label.to_owned());
            }
        }
        match other {
            Some(label) if certificates.is_empty() => Err(CertificateError::OtherPem(label)),
            Some(_) | None => Ok(certificates),
        }
    }

    /// Reads exactly one certificate in DER.
    ///
    /// # Errors
    /// When it does not parse, when its key is of no known kind, or when anything follows it.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let refused = |error: ErrorStack| CertificateError::Der(first_reason(&error));
        // OpenSSL stops reading where the certificate ends and says nothing about the rest.
        let length = der_length(der)
            .ok_or_else(|| CertificateError::Der("not a definite-length SEQUENCE".to_owned()))?;
        match der.len().checked_sub(length) {
            None => return Err(CertificateError::Der("cut off".to_owned())),
            Some(0) => {}
            Some(rest) => return Err(CertificateError::TrailingData(rest)),
        }
        let x509 = X509::from_der(der).map_err(refused)?;
        let public_key =
            x509.public_key().map_err(|error| CertificateError::Key(first_reason(&error)))?;
        let serial = x509.serial_number().to_bn().map_err(refused)?;
        let sign = if serial.is_negative() { "-" } else { "" };
        Ok(Self(Arc::new(CertificateParts {
            der: der.to_vec(),
            subject: write_name(x509.subject_name()),
            issuer: write_name(x509.issuer_name()),
            serial: format!("{sign}{}", colon_hex(&serial.to_vec())),
            sha256: colon_hex(&x509.digest(MessageDigest::sha256()).map_err(refused)?),
            not_before: timestamp(x509.not_before()).map_err(refused)?,
            not_after: timestamp(x509.not_after()).map_err(refused)?,
            key: KeyDescription::of(&public_key),
            public_key,
        })))
    }

    /// The certificate as it was read.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The subject's name, its parts in the order of the certificate: `CN=idp, O=Example Corp`.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The issuer's name, written like the subject's.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The serial number in hexadecimal: `2C:06:5F`. It may be `00` and even negative.
    pub fn serial(&self) -> &str {
        &self.0.serial
    }

    /// The SHA-256 fingerprint of the public key alone (its `SubjectPublicKeyInfo`), the same in every certificate for this key.
    #[must_use]
    pub fn public_key_sha256(&self) -> Option<String> {
        key_sha256(self.public_key())
    }

    /// The SHA-256 fingerprint: `E7:31:87:…`.
    pub fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// The first moment of its validity.
    pub fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// The last moment of its validity.
    pub fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// What kind of key it holds.
    pub fn key(&self) -> &KeyDescription {
        &self.0.key
    }

    /// The public exponent of an RSA key, as far as it fits: the usual ones do.
    pub fn rsa_exponent(&self) -> Option<u32> {
        let exponent = self.public_key().rsa().ok()?.e().to_vec();
        let digits = || {
            exponent
                .iter()
                .try_fold(0_u32, |n, digit| n.checked_mul(256)?.checked_add(u32::from(*digit)))
        };
        Some(digits().unwrap_or(u32::MAX))
    }

    /// The key itself.
    pub fn public_key(&self) -> &PKeyRef<Public> {
        &self.0.public_key
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, serial {})", self.0.subject, self.0.serial)
    }
}

/// A public key in words: `RSA 2048 bits`, `EC P-256, 256 bits`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyDescription {
    /// An RSA key.
    Rsa {
        /// Length of the modulus.
        bits: u32,
    },
    /// A key on an elliptic curve.
    Ec {
        /// The curve: NIST's name where it has one, otherwise OpenSSL's.
        curve: String,
        /// Length of the curve's order.
        bits: u32,
    },
    /// A key that no algorithm of ours takes, by OpenSSL's name for it.
    Other(String),
}

impl KeyDescription {
    fn of(key: &PKeyRef<Public>) -> Self {
        match key.id() {
            Id::RSA => Self::Rsa { bits: key.bits() },
            Id::EC => {
                let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
                Self::Ec { curve: curve_name(curve), bits: key.bits() }
            }
            id => {
                Self::Other(Nid::from_raw(id.as_raw()).long_name().unwrap_or("unknown").to_owned())
            }
        }
    }
}

impl fmt::Display for KeyDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits} bits"),
            Self::Ec { curve, bits } => write!(f, "EC {curve}, {bits} bits"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

fn curve_name(curve: Option<Nid>) -> String {
    match curve {
        Some(Nid::X9_62_PRIME256V1) => "P-256",
        Some(Nid::SECP384R1) => "P-384",
        Some(Nid::SECP521R1) => "P-521",
        Some(other) => other.short_name().unwrap_or("unknown curve"),
        None => "explicit curve",
    }
    .to_owned()
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut compact = Vec::with_capacity(text.len());
    compact.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    BASE64.decode(compact).ok()
}

/// The length of the DER value that the octets start with, header included; the header alone is looked at.
fn der_length(der: &[u8]) -> Option<usize> {
    let (&[0x30, first], rest) = der.split_first_chunk::<2>()? else { return None };
    if first < 0x80 {
        return Some(2 + usize::from(first));
    }
    let octets = usize::from(first & 0x7f);
    // Four octets say 4 GiB; none at all is BER's indefinite form, which DER forbids.
    if !(1..=4).contains(&octets) {
        return None;
    }
    let length = rest.get(..octets)?.iter().fold(0_usize, |n, &octet| n << 8 | usize::from(octet));
    length.checked_add(2 + octets)
}

/// The SHA-256 fingerprint of the public half of a key.
pub(super) fn key_sha256<K: HasPublic>(key: &PKeyRef<K>) -> Option<String> {
    let digest = hash(MessageDigest::sha256(), &key.public_key_to_der().ok()?).ok()?;
    Some(colon_hex(&digest))
}

fn colon_hex(octets: &[u8]) -> String {
    if octets.is_empty() {
        return "00".to_owned();
    }
    octets.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(":")
}

/// The instant of an ASN.1 time, as its distance from the epoch: the clock has no part in it.
fn timestamp(time: &Asn1TimeRef) -> Result<Timestamp, ErrorStack> {
    let distance = Asn1Time::from_unix(0)?.diff(time)?;
    let seconds = i64::from(distance.days) * 86_400 + i64::from(distance.secs);
    // Choice: "no well-defined expiration date" (99991231235959Z, RFC 5280 §4.1.2.5) lies a day behind the last
    // instant that can be written in every time zone, and becomes that instant.
    let furthest = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Ok(Timestamp::from_second(seconds).unwrap_or(furthest))
}

fn first_reason(error: &ErrorStack) -> String {
    error.errors().first().and_then(|error| error.reason()).unwrap_or("unknown reason").to_owned()
}
