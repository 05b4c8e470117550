//! What the Reference names, how it is transformed and which algorithms it takes (security rules 3, 5 and 6).

use super::{SIGNATURE, in_signature, signed, signed_info};
use crate::checks::fixture::Case;
use crate::support::keys::Key;
use crate::support::signature::{Digest, Signing};
use crate::support::uri;
use crate::support::xml::{replace_first, replace_once};

const ID: &str = "_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c";
const REFERENCE: &str = "/samlp:Response/saml:Assertion/ds:Signature/ds:SignedInfo/ds:Reference";

fn named(uri: &str) -> Case {
    let uri = uri.to_owned();
    signed_info(move |info| replace_once(&info, &format!("\"#{ID}\""), &format!("\"{uri}\"")))
}

#[test]
fn a_reference_that_is_no_plain_fragment_is_refused() {
    for form in [
        "#xpointer(/)",
        "#xpointer(id('_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c'))",
        "#element(/1)",
        "#%5Fa7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c",
        "_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c",
        " #_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c",
        "#_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c ",
        "##_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c",
        "http://idp.example.com/#_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c",
        "file:///etc/passwd",
        "#",
        "#1",
    ] {
        let [expected, found] = [format!("URI=\"#{ID}\""), format!("URI=\"{form}\"")];
        named(form).fails("signature", ["signature-reference", &expected, &found, REFERENCE]);
    }
}

#[test]
fn a_reference_without_a_uri_is_refused() {
    let case = signed_info(|info| replace_once(&info, &format!(" URI=\"#{ID}\""), ""));
    let expected = format!("URI=\"#{ID}\"");
    case.fails("signature", ["signature-reference", &expected, "no URI", REFERENCE]);
}

#[test]
fn an_empty_uri_names_the_document_element_only() {
    let expected = format!("URI=\"#{ID}\"");
    named("").fails("signature", ["signature-reference", &expected, "URI=\"\"", REFERENCE]);
    let bare = named("").bare();
    bare.is_accepted();
    bare.finds("whole-document-reference", "URI=\"\"", "/saml:Assertion/ds:Signature");
}

#[test]
fn a_reference_to_another_element_is_refused() {
    let response = "#_r51d0c7e2f6b94a38917e5c3d20f8ab46e19c7d05";
    named(response).fails_with("signature", &["signature-reference"]);
    named("#_nobody").fails_with("signature", &["signature-id-missing"]);
}

#[test]
fn the_id_is_unique_under_every_spelling_that_an_engine_knows() {
    for spelling in ["ID", "Id", "id", "iD", "xml:id", "AssertionID", "ResponseID", "RequestID"] {
        let extra = format!("<x:a xmlns:x=\"urn:x\" {spelling}=\"{ID}\"></x:a>");
        let before = Case::usual().message(|response| response.extensions = extra.clone());
        before.fails_with("signature", &["signature-id-duplicate"]);
        let behind = Case::usual().message(|response| response.after_assertion = extra.clone());
        let [assertion, other] = ["/samlp:Response/saml:Assertion", "/samlp:Response/x:a"];
        let found = format!("{ID} at {assertion} and {other}");
        behind.fails("signature", ["signature-id-duplicate", "a unique ID", &found, other]);
    }
}

#[test]
fn another_spelling_on_the_signed_element_itself_does_not_stand_in_for_its_id() {
    for spelling in ["Id", "AssertionID"] {
        let case = Case::usual().altered(|xml| {
            replace_once(&xml, &format!(" ID=\"{ID}\""), &format!(" {spelling}=\"{ID}\""))
        });
        case.fails_with("signature", &["signature-reference"]);
    }
}

#[test]
fn transforms_other_than_enveloped_and_one_canonicalisation_are_refused() {
    let enveloped =
        format!("<ds:Transform Algorithm=\"{}\"></ds:Transform>", uri::ENVELOPED_SIGNATURE);
    let exclusive = format!("<ds:Transform Algorithm=\"{}\"></ds:Transform>", uri::EXCLUSIVE_C14N);
    let other =
        |algorithm: &str| format!("<ds:Transform Algorithm=\"{algorithm}\"></ds:Transform>");
    let lists = [
        String::new(),
        exclusive.clone(),
        format!("{exclusive}{enveloped}"),
        format!("{enveloped}{enveloped}"),
        format!("{enveloped}{exclusive}{exclusive}"),
        format!("{enveloped}{}", other("http://www.w3.org/2000/09/xmldsig#base64")),
        format!("{enveloped}{}", other("http://www.w3.org/TR/1999/REC-xslt-19991116")),
        format!("{enveloped}{}", other("http://www.w3.org/TR/1999/REC-xpath-19991116")),
        format!("{enveloped}{}", other("http://www.w3.org/2002/06/xmldsig-filter2")),
        format!("{enveloped}{}", other("http://www.w3.org/2002/07/decrypt#XML")),
        format!("{enveloped}{}{exclusive}", other("http://www.w3.org/2000/09/xmldsig#base64")),
        format!("{enveloped}<ds:Transform></ds:Transform>"),
    ];
    for list in lists {
        let all = format!("{enveloped}{exclusive}");
        let shown = list.clone();
        let case = signed_info(move |info| replace_once(&info, &all, &list));
        let told = case.told("signature");
        assert_eq!(told.len(), 1, "{shown}");
        assert_eq!(told[0][0], "signature-transform", "{shown}: {told:?}");
        assert!(told[0][3].starts_with(&format!("{REFERENCE}/ds:Transforms")), "{told:?}");
        assert!(!case.report().is_accepted(), "{shown}");
    }
}

#[test]
fn parameters_of_a_transform_are_refused() {
    let inclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    for (parameter, code) in [
        ("<ds:XPath>true()</ds:XPath>".to_owned(), "signature-structure"),
        (
            format!(
                "<e:InclusiveNamespaces xmlns:e=\"{inclusive}\" PrefixList=\"\"><a></a></e:InclusiveNamespaces>"
            ),
            "signature-structure",
        ),
        ("text".to_owned(), "signature-structure"),
    ] {
        let end = format!("\"{}\"></ds:Transform>", uri::EXCLUSIVE_C14N);
        let with = format!("\"{}\">{parameter}</ds:Transform>", uri::EXCLUSIVE_C14N);
        signed_info(move |info| replace_once(&info, &end, &with)).fails_with("signature", &[code]);
    }
}

#[test]
fn algorithms_outside_the_list_are_refused_even_when_the_value_would_hold() {
    for method in [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-sha256",
        "rsa-sha256",
        "none",
        "",
    ] {
        let ours = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
        let case = signed_info(move |info| replace_once(&info, ours, method));
        let at = format!("{SIGNATURE}/ds:SignedInfo/ds:SignatureMethod");
        let expected = "RSA or ECDSA with SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512";
        case.fails("signature", ["signature-algorithm", expected, method, &at]);
    }
    for digest in ["http://www.w3.org/2001/04/xmldsig-more#md5", "", "sha256"] {
        let ours = Digest::Sha256.uri();
        let case = signed_info(move |info| replace_once(&info, ours, digest));
        case.fails_with("signature", &["signature-algorithm"]);
    }
    let case = signed_info(|info| replace_first(&info, uri::EXCLUSIVE_C14N, "urn:none"));
    case.fails_with("signature", &["signature-algorithm"]);
}

#[test]
fn the_method_and_the_digest_take_no_parameters() {
    for element in ["SignatureMethod", "DigestMethod"] {
        let end = format!("></ds:{element}>");
        let with = format!("><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:{element}>");
        let case = signed_info(move |info| replace_once(&info, &end, &with));
        case.fails_with("signature", &["signature-structure"]);
    }
}

#[test]
fn every_hash_is_accepted_and_those_nobody_documents_are_told() {
    for digest in Digest::ALL {
        let case = signed(Signing { digest, ..Signing::with(Key::Idp) });
        case.is_accepted();
        let codes: Vec<String> = crate::checks::fixture::findings(&case.report())
            .into_iter()
            .map(|[code, ..]| code)
            .collect();
        let expected: &[&str] = match digest {
            Digest::Sha1 => &["weak-sha1"],
            Digest::Sha256 => &[],
            Digest::Sha224 | Digest::Sha384 | Digest::Sha512 => &["undocumented-algorithm"],
        };
        assert_eq!(codes, expected, "{digest:?}");
    }
    let mixed = Signing { reference_digest: Some(Digest::Sha1), ..Signing::with(Key::Idp) };
    let case = signed(mixed);
    case.is_accepted();
    let at = format!("{SIGNATURE}/ds:SignedInfo/ds:Reference/ds:DigestMethod");
    case.finds("weak-sha1", "rsa-sha256 with sha1", &at);
}

#[test]
fn white_space_in_the_base64_of_a_value_means_nothing() {
    in_signature(Case::usual(), "<ds:SignatureValue>", "<ds:SignatureValue>\n  &#13; ")
        .is_accepted();
}
