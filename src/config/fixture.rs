//! What tests need to have a configuration: a certificate, its key, files in memory, a finished [`SpConfig`].

use std::io;
use std::path::Path;
use std::sync::OnceLock;

use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::{X509Builder, X509NameBuilder};

use super::{Expect, OneOff, Source, SpConfig};

/// A self-signed certificate and a private key for decryption, both PEM, made once.
pub(crate) fn pair() -> &'static (String, String) {
    static PAIR: OnceLock<(String, String)> = OnceLock::new();
    PAIR.get_or_init(|| {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_text("CN", "idp").unwrap();
        let name = name.build();
        let mut builder = X509Builder::new().unwrap();
        builder.set_subject_name(&name).unwrap();
        builder.set_issuer_name(&name).unwrap();
        builder.set_pubkey(&key).unwrap();
        builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
        builder.set_not_after(&Asn1Time::days_from_now(365).unwrap()).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        let certificate = builder.build().to_pem().unwrap();
        let key = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
        let key = key.private_key_to_pem_pkcs8().unwrap();
        (String::from_utf8(certificate).unwrap(), String::from_utf8(key).unwrap())
    })
}

/// The folder `etc`: a certificate `idp.pem`, a key `sp.key`, users `users.csv`, and an empty and a broken file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let (certificate, key) = pair();
    let content: &[u8] = match path.to_str().unwrap() {
        "etc/idp.pem" | "idp.pem" | "/abs/idp.pem" => certificate.as_bytes(),
        "etc/sp.key" | "sp.key" => key.as_bytes(),
        "etc/users.csv" | "users.csv" => b"Username,FederationIdentifier\nj@acme.example,jdoe\n",
        "etc/names.csv" => b"Username\nj@acme.example\n",
        "etc/broken.csv" => b"Username,IsActive\na@acme.example,true\nb@acme.example,maybe\n",
        "etc/broken.pem" => b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "etc/empty" => b"",
        _ => return Err(io::Error::new(io::ErrorKind::NotFound, "no such file")),
    };
    Ok(content.to_vec())
}

/// A text as an option gave it.
pub(crate) fn option(value: &str) -> Expect<String> {
    Expect::new(value.to_owned(), Source::Option("--test"))
}

/// The three required options.
pub(crate) fn required(issuer: &str, login_url: &str) -> OneOff {
    OneOff {
        issuer: Some(option(issuer)),
        login_url: Some(option(login_url)),
        idp_certificates: vec![option("idp.pem")],
        ..OneOff::default()
    }
}

/// A configuration with the given expectations and defaults for the rest.
pub(crate) fn sp(name: &str, issuer: &str, entity_id: &str, login_url: &str) -> SpConfig {
    let settings = OneOff { entity_id: Some(option(entity_id)), ..required(issuer, login_url) };
    let mut config = settings.into_config(&read).unwrap();
    name.clone_into(&mut config.name);
    config
}
