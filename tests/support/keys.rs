//! The toy's fixed keys and the certificates it makes for them.
//!
//! The keys were generated once with `openssl` and protect nothing. Certificates are self-signed, with a fixed serial
//! number and fixed dates (RFC 5280 §4.1), so that an RSA certificate is the same in every run.

use std::sync::OnceLock;

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use openssl::x509::{X509, X509Builder, X509NameBuilder};

/// A private key of the toy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA 2048 bits: what the identity provider signs with.
    Idp,
    /// RSA 2048 bits: what the identity provider signs with after it has rolled its certificate over.
    Successor,
    /// RSA 2048 bits: somebody else's, an attacker's or another tenant's.
    Other,
    /// RSA 1024 bits.
    Weak,
    /// RSA 4096 bits.
    Strong,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// ECDSA on P-521.
    P521,
}

/// RSA 2048 bits: what the service provider decrypts with. No [`Key`], as nobody signs with it.
pub const SERVICE_PROVIDER: &str = include_str!("keys/sp.pem");

/// The service provider's private key.
pub fn service_provider() -> PKey<Private> {
    PKey::private_key_from_pem(SERVICE_PROVIDER.as_bytes()).unwrap()
}

impl Key {
    /// Every key, for tests that walk them.
    pub const ALL: [Self; 8] = [
        Self::Idp,
        Self::Successor,
        Self::Other,
        Self::Weak,
        Self::Strong,
        Self::P256,
        Self::P384,
        Self::P521,
    ];

    /// The private key as committed.
    pub fn pem(self) -> &'static str {
        match self {
            Self::Idp => include_str!("keys/idp.pem"),
            Self::Successor => include_str!("keys/successor.pem"),
            Self::Other => include_str!("keys/other.pem"),
            Self::Weak => include_str!("keys/weak-1024.pem"),
            Self::Strong => include_str!("keys/strong-4096.pem"),
            Self::P256 => include_str!("keys/p-256.pem"),
            Self::P384 => include_str!("keys/p-384.pem"),
            Self::P521 => include_str!("keys/p-521.pem"),
        }
    }

    /// The private key; read once, because OpenSSL takes its time for that.
    pub fn private(self) -> PKey<Private> {
        static KEYS: OnceLock<[PKey<Private>; 8]> = OnceLock::new();
        let read = |key: Self| PKey::private_key_from_pem(key.pem().as_bytes()).unwrap();
        KEYS.get_or_init(|| Self::ALL.map(read)).get(self.place()).unwrap().clone()
    }

    fn place(self) -> usize {
        Self::ALL.iter().position(|key| *key == self).unwrap()
    }

    /// A self-signed certificate for this key: the [`successor`], or one valid from 2024 to 2033.
    pub fn certificate(self) -> X509 {
        static CERTIFICATES: OnceLock<[X509; 8]> = OnceLock::new();
        CERTIFICATES
            .get_or_init(|| Self::ALL.map(Self::self_signed))
            .get(self.place())
            .unwrap()
            .clone()
    }

    fn self_signed(self) -> X509 {
        let (common_name, serial) = match self {
            Self::Successor => return successor(),
            Self::Idp => ("idp.example.com", 0x1D9_2024),
            Self::Other => ("login.other.example", 0x07E_2024),
            Self::Weak => ("idp.example.com", 0x400_2024),
            Self::Strong => ("idp.example.com", 0x1000_2024),
            Self::P256 => ("idp.example.com", 0x256_2024),
            Self::P384 => ("idp.example.com", 0x384_2024),
            Self::P521 => ("idp.example.com", 0x521_2024),
        };
        certificate(self, common_name, serial, "240101000000Z", "331231235959Z")
    }
}

/// The identity provider's certificate that ran out on 31 December 2025, two weeks before the toy's usual day.
pub fn expired() -> X509 {
    certificate(Key::Idp, "idp.example.com", 0x1D9_2023, "230101000000Z", "251231235959Z")
}

/// A certificate of the same key that begins to be valid on 1 February 2026, two weeks after the toy's usual day.
pub fn not_yet_valid() -> X509 {
    certificate(Key::Idp, "idp.example.com", 0x1D9_2026, "260201000000Z", "360131235959Z")
}

/// What the identity provider signs with since it rolled its certificate over on 12 January 2026: same subject, new key.
pub fn successor() -> X509 {
    certificate(Key::Successor, "idp.example.com", 0x1D9_2025, "260112000000Z", "360111235959Z")
}

/// A self-signed certificate; the dates are UTC times such as `240101000000Z`, as RFC 5280 §4.1.2.5 wants them before 2050.
pub fn certificate(
    key: Key,
    common_name: &str,
    serial: u32,
    not_before: &str,
    not_after: &str,
) -> X509 {
    let private = key.private();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("C", "DE").unwrap();
    name.append_entry_by_text("O", "Example Corp").unwrap();
    name.append_entry_by_text("CN", common_name).unwrap();
    let name = name.build();
    let serial = BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap();

    let mut builder = X509Builder::new().unwrap();
    // 2 is how version 3 is written (RFC 5280 §4.1.2.1).
    builder.set_version(2).unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_not_before(&Asn1Time::from_str(not_before).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_str(not_after).unwrap()).unwrap();
    builder.set_pubkey(&private).unwrap();
    let usage = KeyUsage::new().critical().digital_signature().build().unwrap();
    builder.append_extension(usage).unwrap();
    let constraints = BasicConstraints::new().critical().build().unwrap();
    builder.append_extension(constraints).unwrap();
    let identifier =
        SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None)).unwrap();
    builder.append_extension(identifier).unwrap();
    builder.sign(&private, MessageDigest::sha256()).unwrap();
    builder.build()
}
