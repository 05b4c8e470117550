//! Encrypts an element the way identity providers do, or wrongly (xmlenc-core1): for the service provider's key, in every layout.
//!
//! Self-contained, because the unit tests of decryption use it as well. What it writes is exclusive-canonical, so that it can be signed.

#![allow(clippy::indexing_slicing, reason = "OpenSSL says how much it wrote")]

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::encrypt::Encrypter;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::symm::{Cipher, Crypter, Mode, encrypt_aead};

pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
pub const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
pub const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// How the content key is wrapped.
#[derive(Clone)]
pub enum Transport {
    Rsa15,
    Oaep {
        uri: String,
        /// What DigestMethod and MGF say, if they are there.
        digest_uri: Option<String>,
        mgf_uri: Option<String>,
        /// What is done.
        digest: MessageDigest,
        mgf: MessageDigest,
        label: Vec<u8>,
    },
}

/// Where the EncryptedKey stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Inside,
    Beside,
    BesideWithReference(&'static str),
    Retrieved(&'static str),
    Nowhere,
}

/// Everything that can be chosen.
#[derive(Clone)]
pub struct Recipe {
    /// Local name of the element around.
    pub part: &'static str,
    pub cipher_uri: String,
    pub cipher: Cipher,
    pub transport: Transport,
    pub key: PKey<Private>,
    pub layout: Layout,
    /// Children of the EncryptedKey's KeyInfo.
    pub key_info: String,
    /// Other EncryptedKeys, before the one that opens.
    pub others: String,
}

/// The service provider's key, made once.
pub fn own_key() -> PKey<Private> {
    static KEY: OnceLock<PKey<Private>> = OnceLock::new();
    KEY.get_or_init(|| PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()).clone()
}

/// Another one's key, made once.
pub fn other_key() -> PKey<Private> {
    static KEY: OnceLock<PKey<Private>> = OnceLock::new();
    KEY.get_or_init(|| PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()).clone()
}

/// The seven ciphers with their identifiers.
pub fn ciphers() -> [(String, Cipher); 7] {
    [
        (format!("{XENC}aes128-cbc"), Cipher::aes_128_cbc()),
        (format!("{XENC}aes192-cbc"), Cipher::aes_192_cbc()),
        (format!("{XENC}aes256-cbc"), Cipher::aes_256_cbc()),
        (format!("{XENC}tripledes-cbc"), Cipher::des_ede3_cbc()),
        (format!("{XENC11}aes128-gcm"), Cipher::aes_128_gcm()),
        (format!("{XENC11}aes192-gcm"), Cipher::aes_192_gcm()),
        (format!("{XENC11}aes256-gcm"), Cipher::aes_256_gcm()),
    ]
}

impl Recipe {
    /// AES-256-GCM and RSA-OAEP, the key inside.
    pub fn usual() -> Self {
        Self {
            part: "EncryptedAssertion",
            cipher_uri: format!("{XENC11}aes256-gcm"),
            cipher: Cipher::aes_256_gcm(),
            transport: Transport::Oaep {
                uri: format!("{XENC}rsa-oaep-mgf1p"),
                digest_uri: None,
                mgf_uri: None,
                digest: MessageDigest::sha1(),
                mgf: MessageDigest::sha1(),
                label: Vec::new(),
            },
            key: own_key(),
            layout: Layout::Inside,
            key_info: String::new(),
            others: String::new(),
        }
    }

    /// AES-128-CBC instead.
    pub fn cbc() -> Self {
        Self {
            cipher_uri: format!("{XENC}aes128-cbc"),
            cipher: Cipher::aes_128_cbc(),
            ..Self::usual()
        }
    }

    pub fn encrypt(&self, plaintext: &str) -> String {
        self.encrypt_octets(plaintext.as_bytes())
    }

    pub fn encrypt_octets(&self, plaintext: &[u8]) -> String {
        let content_key = self.content_key();
        let ciphertext = if self.is_gcm() {
            let mut tag = [0; 16];
            let nonce = [7; 12];
            let body =
                encrypt_aead(self.cipher, &content_key, Some(&nonce), &[], plaintext, &mut tag);
            [&nonce[..], &body.unwrap(), &tag[..]].concat()
        } else {
            let block = self.cipher.block_size();
            let padding = block - plaintext.len() % block;
            // Only the last octet counts; the others are whatever they are.
            let mut padded = plaintext.to_vec();
            padded.extend(vec![0xAA; padding - 1]);
            padded.push(u8::try_from(padding).unwrap());
            self.cbc_blocks(&content_key, &padded)
        };
        self.element(&self.encrypted_key(&content_key), &ciphertext)
    }

    /// CBC over octets that are padded already, rightly or not.
    pub fn encrypt_blocks(&self, padded: &[u8]) -> String {
        let content_key = self.content_key();
        self.element(&self.encrypted_key(&content_key), &self.cbc_blocks(&content_key, padded))
    }

    pub fn content_key(&self) -> Vec<u8> {
        (1..=u8::try_from(self.cipher.key_len()).unwrap()).collect()
    }

    fn is_gcm(&self) -> bool {
        self.cipher_uri.ends_with("-gcm")
    }

    fn cbc_blocks(&self, content_key: &[u8], padded: &[u8]) -> Vec<u8> {
        let iv = vec![9; self.cipher.block_size()];
        let mut crypter = Crypter::new(self.cipher, Mode::Encrypt, content_key, Some(&iv)).unwrap();
        crypter.pad(false);
        let mut body = vec![0; padded.len() + self.cipher.block_size()];
        let written = crypter.update(padded, &mut body).unwrap();
        let written = written + crypter.finalize(&mut body[written..]).unwrap();
        body.truncate(written);
        [iv, body].concat()
    }

    /// The EncryptedKey for `content_key`.
    pub fn encrypted_key(&self, content_key: &[u8]) -> String {
        let mut encrypter = Encrypter::new(&self.key).unwrap();
        let mut input = content_key.to_vec();
        let (uri, parameters) = match &self.transport {
            Transport::Rsa15 => {
                encrypter.set_rsa_padding(Padding::PKCS1).unwrap();
                (format!("{XENC}rsa-1_5"), String::new())
            }
            Transport::Oaep { uri, digest_uri, mgf_uri, digest, mgf, label } => {
                let mut parameters = String::new();
                if label.is_empty() {
                    encrypter.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
                    encrypter.set_rsa_oaep_md(*digest).unwrap();
                    encrypter.set_rsa_mgf1_md(*mgf).unwrap();
                } else {
                    // The crate's own way to set a label loses its memory.
                    encrypter.set_rsa_padding(Padding::NONE).unwrap();
                    input = padded(content_key, self.key.size(), *digest, *mgf, label);
                    let label = STANDARD.encode(label);
                    parameters += &format!("<xenc:OAEPparams>{label}</xenc:OAEPparams>");
                }
                if let Some(uri) = digest_uri {
                    parameters += &format!(
                        r#"<ds:DigestMethod xmlns:ds="{DSIG}" Algorithm="{uri}"></ds:DigestMethod>"#
                    );
                }
                if let Some(uri) = mgf_uri {
                    parameters += &format!(
                        r#"<xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{uri}"></xenc11:MGF>"#
                    );
                }
                (uri.clone(), parameters)
            }
        };
        let mut wrapped = vec![0; encrypter.encrypt_len(&input).unwrap()];
        let length = encrypter.encrypt(&input, &mut wrapped).unwrap();
        let wrapped = STANDARD.encode(&wrapped[..length]);
        let info = match self.key_info.as_str() {
            "" => String::new(),
            parts => format!(r#"<ds:KeyInfo xmlns:ds="{DSIG}">{parts}</ds:KeyInfo>"#),
        };
        let references = match self.layout {
            Layout::BesideWithReference(uri) => format!(
                r#"<xenc:ReferenceList><xenc:DataReference URI="{uri}"></xenc:DataReference></xenc:ReferenceList>"#
            ),
            Layout::Inside | Layout::Beside | Layout::Retrieved(_) | Layout::Nowhere => {
                String::new()
            }
        };
        format!(
            r#"<xenc:EncryptedKey xmlns:xenc="{XENC}" Id="_key"><xenc:EncryptionMethod Algorithm="{uri}">{parameters}</xenc:EncryptionMethod>{info}<xenc:CipherData><xenc:CipherValue>{wrapped}</xenc:CipherValue></xenc:CipherData>{references}</xenc:EncryptedKey>"#
        )
    }

    /// The whole element.
    pub fn element(&self, encrypted_key: &str, ciphertext: &[u8]) -> String {
        let keys = format!("{}{encrypted_key}", self.others);
        // Inside the EncryptedData the prefix is bound already, and canonical form declares nothing twice.
        let bound = keys.replace(&format!(r#" xmlns:xenc="{XENC}""#), "");
        let (inside, beside) = match self.layout {
            Layout::Inside => (bound, String::new()),
            Layout::Beside | Layout::BesideWithReference(_) => (String::new(), keys),
            Layout::Retrieved(uri) => {
                (format!(r#"<ds:RetrievalMethod URI="{uri}"></ds:RetrievalMethod>"#), keys)
            }
            Layout::Nowhere => Default::default(),
        };
        let info = match inside.as_str() {
            "" => String::new(),
            parts => format!(
                r#"<ds:KeyInfo xmlns:ds="{DSIG}">{}</ds:KeyInfo>"#,
                parts.replace(&format!(r#" xmlns:ds="{DSIG}""#), "")
            ),
        };
        let (part, uri, ciphertext) = (self.part, &self.cipher_uri, STANDARD.encode(ciphertext));
        format!(
            r#"<saml:{part} xmlns:saml="{ASSERTION}"><xenc:EncryptedData xmlns:xenc="{XENC}" Id="_data" Type="{XENC}Element"><xenc:EncryptionMethod Algorithm="{uri}"></xenc:EncryptionMethod>{info}<xenc:CipherData><xenc:CipherValue>{ciphertext}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>{beside}</saml:{part}>"#
        )
    }
}

/// OAEP with a label, for a modulus of `size` octets (RFC 8017 §7.1.1).
fn padded(
    content: &[u8],
    size: usize,
    digest: MessageDigest,
    mgf: MessageDigest,
    label: &[u8],
) -> Vec<u8> {
    let seed = vec![5; digest.size()];
    let mut block = hash(digest, label).unwrap().to_vec();
    block.resize(size - seed.len() - 1 - content.len() - 1, 0);
    block.push(1);
    block.extend_from_slice(content);
    let block = masked(&block, &seed, mgf);
    [&[0][..], &masked(&seed, &block, mgf), &block].concat()
}

/// MGF1 (RFC 8017 §B.2.1) of `seed` over `clear`.
fn masked(clear: &[u8], seed: &[u8], mgf: MessageDigest) -> Vec<u8> {
    let mask = (0_u32..)
        .flat_map(|counter| hash(mgf, &[seed, &counter.to_be_bytes()].concat()).unwrap().to_vec());
    clear.iter().zip(mask).map(|(octet, mask)| octet ^ mask).collect()
}
