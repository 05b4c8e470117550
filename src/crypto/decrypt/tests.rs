//! Which keys and algorithms open what, what does not open, and that every failure looks like every other.

use openssl::hash::MessageDigest;

use super::*;
use crate::support::encryption::{
    Layout, Recipe, Transport, XENC, XENC11, ciphers, other_key, own_key,
};

pub(super) const PROTOCOL_NS: &str = r#"xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol""#;
pub(super) const SAML_NS: &str = r#"xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion""#;

pub(super) fn key(pkey: &openssl::pkey::PKey<openssl::pkey::Private>) -> PrivateKey {
    PrivateKey::parse(&pkey.private_key_to_pem_pkcs8().unwrap(), None).unwrap()
}

pub(super) fn own() -> PrivateKey {
    key(&own_key())
}

pub(super) fn assertion(inside: &str) -> String {
    format!("<saml:Assertion {SAML_NS} ID=\"_a\">{inside}</saml:Assertion>")
}

pub(super) fn response(inside: &str) -> Document {
    let text = format!("<samlp:Response {PROTOCOL_NS} ID=\"_r\">{inside}</samlp:Response>");
    Document::parse(text, &Limits::default()).unwrap()
}

pub(super) fn opened(encrypted: &str) -> Opened {
    open(&response(encrypted), &[&own()], &Limits::default())
}

/// The text that replaced the encrypted element.
pub(super) fn plaintext(opened: &Opened) -> Option<String> {
    let document = opened.document()?;
    let element = document.element(opened.decrypted()[0].at.0).unwrap();
    let span = element.span();
    Some(document.text()[span.start..span.end].to_owned())
}

pub(super) fn opens(encrypted: &str) -> bool {
    plaintext(&opened(encrypted)) == Some(assertion("x"))
}

/// That it does not open, and that the verdict says no more than that.
pub(super) fn fault(encrypted: &str) -> Option<Fault> {
    let opened = opened(encrypted);
    assert!(opened.document().is_none() && opened.decrypted().is_empty());
    let [stays] = opened.undecrypted() else { panic!("one") };
    assert_eq!(stays.error, DecryptError::CannotDecrypt);
    stays.attempts.last().map(|attempt| attempt.fault.clone())
}

fn oaep(uri: &str, digest: Option<&str>, mgf: Option<&str>, done: [MessageDigest; 2]) -> Transport {
    Transport::Oaep {
        uri: uri.to_owned(),
        digest_uri: digest.map(str::to_owned),
        mgf_uri: mgf.map(str::to_owned),
        digest: done[0],
        mgf: done[1],
        label: Vec::new(),
    }
}

#[test]
fn every_key_transport_opens_every_cipher() {
    let digests = [
        ("http://www.w3.org/2000/09/xmldsig#sha1", "sha1", MessageDigest::sha1()),
        ("http://www.w3.org/2001/04/xmldsig-more#sha224", "sha224", MessageDigest::sha224()),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "sha256", MessageDigest::sha256()),
        ("http://www.w3.org/2001/04/xmlenc#sha384", "sha384", MessageDigest::sha384()),
        ("http://www.w3.org/2001/04/xmlenc#sha512", "sha512", MessageDigest::sha512()),
    ];
    let (mgf1p, oaep11) = (format!("{XENC}rsa-oaep-mgf1p"), format!("{XENC11}rsa-oaep"));
    let sha1 = MessageDigest::sha1();
    let mut transports = vec![
        Transport::Rsa15,
        oaep(&mgf1p, None, None, [sha1; 2]),
        oaep(&oaep11, None, None, [sha1; 2]),
    ];
    for (uri, _, digest) in digests {
        transports.push(oaep(&mgf1p, Some(uri), None, [digest, sha1]));
        for (_, name, mgf) in digests {
            let mgf_uri = format!("{XENC11}mgf1{name}");
            transports.push(oaep(&oaep11, Some(uri), Some(&mgf_uri), [digest, mgf]));
        }
    }
    for (cipher_uri, cipher) in ciphers() {
        for transport in &transports {
            let transport = transport.clone();
            let recipe =
                Recipe { cipher_uri: cipher_uri.clone(), cipher, transport, ..Recipe::usual() };
            assert!(opens(&recipe.encrypt(&assertion("x"))), "{cipher_uri}");
        }
    }
}

#[test]
fn the_label_is_part_of_the_key_transport() {
    let (sha1, sha256) = (MessageDigest::sha1(), MessageDigest::sha256());
    let (mgf1p, oaep11) = (format!("{XENC}rsa-oaep-mgf1p"), format!("{XENC11}rsa-oaep"));
    let digest = Some("http://www.w3.org/2001/04/xmlenc#sha256");
    for mut transport in [
        oaep(&mgf1p, None, None, [sha1; 2]),
        oaep(&oaep11, digest, None, [sha256, sha1]),
        oaep(&mgf1p, digest, None, [sha256; 2]),
    ] {
        let Transport::Oaep { label, .. } = &mut transport else { panic!("OAEP") };
        label.extend_from_slice(b"party");
        let encrypted = Recipe { transport, ..Recipe::usual() }.encrypt(&assertion("x"));
        assert!(opens(&encrypted));
        let other = encrypted.replace("cGFydHk=", "cGFydHc=");
        assert_eq!(fault(&other), Some(Fault::Unwrap));
    }
}

#[test]
fn what_xml_encryption_for_node_writes_is_understood() {
    let (sha1, sha256, sha384) =
        (MessageDigest::sha1(), MessageDigest::sha256(), MessageDigest::sha384());
    for (digest, done) in
        [("http://www.w3.org/2000/09/xmldsig#sha256", [sha256; 2]), ("sha384", [sha384, sha1])]
    {
        let transport = oaep(&format!("{XENC}rsa-oaep-mgf1p"), Some(digest), None, done);
        let encrypted = Recipe { transport, ..Recipe::usual() }.encrypt(&assertion("x"));
        assert!(opens(&encrypted), "{digest}");
    }
}

#[test]
fn unknown_algorithms_are_named_and_not_guessed() {
    let encrypted = Recipe::usual().encrypt(&assertion("x"));
    let cipher = encrypted.replace("#aes256-gcm", "#aes256-ctr");
    assert_eq!(fault(&cipher), Some(Fault::Algorithm(format!("{XENC11}aes256-ctr"))));
    let transport = encrypted.replace("#rsa-oaep-mgf1p", "#kw-aes128");
    assert_eq!(fault(&transport), Some(Fault::Algorithm(format!("{XENC}kw-aes128"))));
    let sha1 = [MessageDigest::sha1(); 2];
    let transport = oaep(&format!("{XENC11}rsa-oaep"), Some("urn:x#sha1"), None, sha1);
    let digest = Recipe { transport, ..Recipe::usual() }.encrypt(&assertion("x"));
    assert_eq!(fault(&digest), Some(Fault::Algorithm("urn:x#sha1".to_owned())));
}

#[test]
fn the_encrypted_key_is_found_inside_beside_and_by_reference() {
    let with = |layout| Recipe { layout, ..Recipe::usual() }.encrypt(&assertion("x"));
    for layout in [
        Layout::Inside,
        Layout::Beside,
        Layout::BesideWithReference("#_data"),
        Layout::Retrieved("#_key"),
    ] {
        assert!(opens(&with(layout)));
    }
    assert_eq!(fault(&with(Layout::BesideWithReference("#_else"))), Some(Fault::NoEncryptedKey));
    assert_eq!(fault(&with(Layout::Nowhere)), Some(Fault::NoEncryptedKey));
}

#[test]
fn a_retrieval_method_never_leads_out_of_the_encrypted_element() {
    let recipe = Recipe { layout: Layout::Retrieved("#_key"), ..Recipe::usual() };
    let encrypted_key = recipe.encrypted_key(&recipe.content_key());
    let encrypted = recipe.encrypt(&assertion("x"));
    let start = encrypted.find("<xenc:EncryptedKey").unwrap();
    let end = encrypted.find("</saml:EncryptedAssertion>").unwrap();
    let without = format!("{}{}", &encrypted[..start], &encrypted[end..]);
    let outside = format!("<samlp:Extensions>{encrypted_key}</samlp:Extensions>{without}");
    assert_eq!(fault(&outside), Some(Fault::NoEncryptedKey));
    for uri in ["file:///etc/passwd#_key", "https://example.com/#_key", ""] {
        let other = without.replace("\"#_key\"", &format!("\"{uri}\""));
        assert_eq!(fault(&other), Some(Fault::NoEncryptedKey));
    }
}

#[test]
fn our_key_is_found_among_those_of_others() {
    let other = Recipe { key: other_key(), ..Recipe::usual() };
    let foreign = other.encrypted_key(&other.content_key());
    for count in [1, 7] {
        let recipe = Recipe { others: foreign.repeat(count), ..Recipe::usual() };
        assert!(opens(&recipe.encrypt(&assertion("x"))), "{count}");
    }
    // Only eight are tried, unless a certificate says which.
    let recipe = Recipe { others: foreign.repeat(8), ..Recipe::usual() };
    assert_eq!(fault(&recipe.encrypt(&assertion("x"))), Some(Fault::Unwrap));
    let key_info = format!(
        "<ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>",
        certificate()
    );
    let named = Recipe { key_info, ..recipe };
    assert!(opens(&named.encrypt(&assertion("x"))));
}

/// A certificate of our key, in base64.
fn certificate() -> String {
    use base64::Engine as _;
    let mut name = openssl::x509::X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "sp").unwrap();
    let name = name.build();
    let mut builder = openssl::x509::X509Builder::new().unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(&own_key()).unwrap();
    builder.set_not_before(&openssl::asn1::Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&openssl::asn1::Asn1Time::days_from_now(9).unwrap()).unwrap();
    builder.sign(&own_key(), MessageDigest::sha256()).unwrap();
    base64::engine::general_purpose::STANDARD.encode(builder.build().to_der().unwrap())
}

#[test]
fn each_of_several_private_keys_is_tried() {
    let document = response(&Recipe::usual().encrypt(&assertion("x")));
    let opened = open(&document, &[&key(&other_key()), &own()], &Limits::default());
    assert_eq!(opened.decrypted()[0].key, 1);
    let rsa15 = Recipe { transport: Transport::Rsa15, ..Recipe::cbc() };
    let document = response(&rsa15.encrypt(&assertion("x")));
    let opened = open(&document, &[&key(&other_key()), &own()], &Limits::default());
    assert_eq!(opened.decrypted()[0].key, 1);
}

#[test]
fn every_failure_looks_alike_in_the_verdict() {
    let gcm = Recipe::usual().encrypt(&assertion("x"));
    let content = gcm.rfind("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
    let changed = |at: usize| {
        let mut text = gcm.clone();
        let other = if &text[at..=at] == "A" { "B" } else { "A" };
        text.replace_range(at..=at, other);
        text
    };
    let tag = gcm.rfind("</xenc:CipherValue>").unwrap() - 12;
    let cut =
        format!("{}{}", &gcm[..content + 16], &gcm[gcm.rfind("</xenc:CipherValue>").unwrap()..]);
    let wrong_key = Recipe { key: other_key(), ..Recipe::usual() }.encrypt(&assertion("x"));
    let rsa15 = Recipe { key: other_key(), transport: Transport::Rsa15, ..Recipe::cbc() };
    let short_key = {
        let recipe = Recipe::usual();
        recipe.element(&recipe.encrypted_key(&[1; 16]), &[0; 64])
    };
    let cases = [
        wrong_key,
        rsa15.encrypt(&assertion("x")),
        changed(content + 20),
        changed(tag),
        cut,
        short_key,
        Recipe::usual().encrypt("not XML"),
        Recipe::cbc().element(&Recipe::cbc().encrypted_key(&Recipe::cbc().content_key()), &[0; 40]),
    ];
    for case in cases {
        assert!(fault(&case).is_some());
    }
}

#[test]
fn only_the_last_octet_of_cbc_padding_counts() {
    let recipe = Recipe::cbc();
    let padded = |octets: &[u8]| {
        let mut text = assertion("x").into_bytes();
        while !(text.len() + octets.len()).is_multiple_of(16) {
            text.push(b' ');
        }
        text.extend_from_slice(octets);
        recipe.encrypt_blocks(&text)
    };
    assert!(opens(&padded(&[0xFF, 0, 0x3C, 4])));
    assert!(opens(&padded(&[&[0xFF; 15][..], &[16]].concat())), "a whole block");
    assert!(opens(&padded(&[1])));
    for wrong in [0, 17, 255] {
        assert_eq!(fault(&padded(&[wrong])), Some(Fault::Content), "{wrong}");
    }
    assert_eq!(
        fault(&recipe.encrypt_blocks(&[16; 16])),
        Some(Fault::Content),
        "nothing but padding"
    );
    let key = recipe.encrypted_key(&recipe.content_key());
    for length in [0, 15, 16, 17, 31] {
        assert_eq!(
            fault(&recipe.element(&key, &vec![1; length])),
            Some(Fault::Content),
            "{length}"
        );
    }
}

pub(super) fn plain(subject: &str, attributes: &str) -> String {
    assertion(&format!(
        "<saml:Subject>{subject}</saml:Subject><saml:AttributeStatement>{attributes}</saml:AttributeStatement>"
    ))
}

#[test]
fn weak_algorithms_are_reported() {
    let codes = |recipe: Recipe| {
        let findings = opened(&recipe.encrypt(&assertion("x"))).findings();
        findings.iter().map(|finding| finding.code.id).collect::<Vec<_>>()
    };
    assert!(codes(Recipe::usual()).is_empty());
    assert_eq!(codes(Recipe::cbc()), ["weak-cbc"]);
    let (cipher_uri, cipher) = ciphers()[3].clone();
    let worst = Recipe { cipher_uri, cipher, transport: Transport::Rsa15, ..Recipe::usual() };
    assert_eq!(codes(worst), ["weak-rsa15", "weak-3des"]);
}

#[test]
fn the_cost_of_one_message_is_bounded() {
    let one = Recipe { part: "EncryptedAttribute", key: other_key(), ..Recipe::usual() };
    let encrypted_key = one.encrypted_key(&one.content_key());
    let one = Recipe { others: encrypted_key.repeat(100), ..one }.encrypt("<x/>");
    let document = response(&plain("", &one.repeat(100)));
    let opened = open(&document, &[&own(), &own()], &Limits::default());
    let attempts = opened.undecrypted().iter().flat_map(|stays| &stays.attempts);
    let tried = attempts.filter(|attempt| attempt.fault == Fault::Unwrap).count();
    assert_eq!((opened.undecrypted().len(), tried), (MOST_ELEMENTS, MOST_OPERATIONS));
}

#[test]
fn a_structure_that_is_not_the_schemas_is_refused() {
    let whole = Recipe::usual().encrypt(&assertion("x"));
    let data = &whole[whole.find("<xenc:EncryptedData").unwrap()..whole.find("</saml:").unwrap()];
    let cases = [
        whole.replace(data, &data.repeat(2)),
        whole.replace(data, ""),
        whole.replace(data, &format!("{data}<x/>")),
        whole.replace("xmlenc#Element", "xmlenc#Content"),
        whole.replace("CipherValue", "CipherReference"),
        whole.replace("</xenc:CipherValue>", "<!-- --></xenc:CipherValue>"),
        whole.replace("</xenc:CipherValue>", "!</xenc:CipherValue>"),
    ];
    for case in cases {
        assert_eq!(fault(&case), None, "{case}");
        let opened = opened(&case);
        assert!(opened.undecrypted()[0].attempts.is_empty());
    }
}

#[test]
fn a_recipient_is_described_without_a_key() {
    let key_info = format!(
        "<ds:KeyName>sp key</ds:KeyName><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=ca</ds:X509IssuerName>\
         <ds:X509SerialNumber>17</ds:X509SerialNumber></ds:X509IssuerSerial><ds:X509SubjectName>CN=me</ds:X509SubjectName>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>",
        certificate()
    );
    let encrypted = Recipe { key_info, ..Recipe::usual() }.encrypt(&assertion("x"));
    let document = response(&encrypted.replace("Id=\"_key\"", "Id=\"_key\" Recipient=\"urn:sp\""));
    let opened = open(&document, &[], &Limits::default());
    let [stays] = opened.undecrypted() else { panic!("one") };
    assert_eq!((stays.keys, stays.attempts.len()), (0, 0));
    let [recipient] = stays.encryption.recipients.as_slice() else { panic!("one") };
    assert_eq!(
        (recipient.names.as_slice(), recipient.recipient.as_deref()),
        (["sp key".to_owned()].as_slice(), Some("urn:sp"))
    );
    assert_eq!(recipient.issuer_serials, [("CN=ca".to_owned(), "17".to_owned())]);
    assert_eq!(recipient.modulus_bits, 2048);
    assert_eq!(recipient.subjects, ["CN=me"]);
    assert_eq!(recipient.certificates[0].0, "CN=sp");
    assert_eq!(stays.encryption.cipher, "aes256-gcm");
    assert_eq!(recipient.transport, "rsa-oaep-mgf1p with sha1 and MGF1 with sha1");
    let shared = open(
        &response(&Recipe { layout: Layout::Nowhere, ..Recipe::usual() }.encrypt("x")),
        &[],
        &Limits::default(),
    );
    assert!(shared.undecrypted()[0].encryption.recipients.is_empty());
}
