//! The parts of a Signature, in the schema's number and with nothing foreign between them (security rule 4).

use super::{SIGNATURE, in_signature, signed, signed_info};
use crate::checks::fixture::Case;
use crate::support::keys::Key;
use crate::support::signature::{KeyInfo, Signing};
use crate::support::xml::replace_once;

/// The usual message with its Signature changed after signing, which must fail as a matter of structure.
fn refused(from: &str, to: &str) {
    let case = in_signature(Case::usual(), from, to);
    case.fails_with("signature", &["signature-structure"]);
}

#[test]
fn a_second_signature_is_refused() {
    let case = Case::usual().altered(|xml| {
        let from = xml.find("<ds:Signature ").unwrap();
        let until = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        format!("{}{}{}", &xml[..until], &xml[from..until], &xml[until..])
    });
    let at = format!("{SIGNATURE}[2]");
    let told = ["signature-structure", "at most one Signature", "a second Signature", &at];
    case.fails("signature", told);
}

#[test]
fn a_second_signed_info_is_refused_on_either_side_of_the_first() {
    let case = || Case::usual();
    let xml = case().xml();
    let from = xml.find("<ds:SignedInfo>").unwrap();
    let until = xml.find("</ds:SignedInfo>").unwrap() + "</ds:SignedInfo>".len();
    let doubled = format!("{}{}{}", &xml[..until], &xml[from..until], &xml[until..]);
    case().altered(|_| doubled).fails_with("signature", &["signature-structure"]);
    let at_end =
        replace_once(&xml, "</ds:Signature>", &format!("{}</ds:Signature>", &xml[from..until]));
    case().altered(|_| at_end).fails_with("signature", &["signature-structure"]);
}

#[test]
fn a_second_reference_is_refused() {
    let case = signed_info(|info| {
        let from = info.find("<ds:Reference").unwrap();
        let until = info.find("</ds:SignedInfo>").unwrap();
        let reference = info[from..until].to_owned();
        format!("{}{reference}</ds:SignedInfo>", &info[..until])
    });
    case.fails_with("signature", &["signature-structure"]);
}

#[test]
fn an_object_and_a_manifest_are_refused() {
    for object in [
        "<ds:Object></ds:Object>",
        "<ds:Object><ds:Manifest></ds:Manifest></ds:Object>",
        "<ds:Manifest></ds:Manifest>",
        "<x:y xmlns:x=\"urn:x\"></x:y>",
    ] {
        let case = signed(Signing { object: object.to_owned(), ..Signing::with(Key::Idp) });
        case.fails_with("signature", &["signature-structure"]);
        // Without KeyInfo the object stands in its place.
        let case = signed(Signing {
            object: object.to_owned(),
            key_info: KeyInfo::Absent,
            ..Signing::with(Key::Idp)
        });
        case.fails_with("signature", &["signature-structure"]);
    }
}

#[test]
fn markup_inside_a_base64_value_is_refused() {
    for value in ["SignatureValue", "DigestValue"] {
        let start = format!("<ds:{value}>");
        refused(&start, &format!("{start}<!-- x -->"));
        refused(&start, &format!("{start}<?x y?>"));
        refused(&start, &format!("{start}<x></x>"));
    }
}

#[test]
fn text_and_comments_between_the_parts_are_refused() {
    for (place, name) in [
        ("<ds:SignedInfo>", "Signature"),
        ("<ds:CanonicalizationMethod ", "SignedInfo"),
        ("<ds:Transforms>", "Reference"),
        ("<ds:Transform ", "Transforms"),
    ] {
        for extra in ["text", "<!-- x -->", "<?x y?>", "<![CDATA[ ]]>", "\u{a0}"] {
            let case = in_signature(Case::usual(), place, &format!("{extra}{place}"));
            let told = case.told("signature");
            assert_eq!(told[0][..3][0], "signature-structure", "{extra} in {name}");
            assert!(told[0][3].ends_with(&format!("/ds:{name}")), "{told:?}");
            assert!(!case.report().is_accepted(), "{extra} in {name}");
        }
    }
}

#[test]
fn text_and_comments_inside_a_part_without_content_are_refused() {
    for part in ["CanonicalizationMethod", "SignatureMethod", "Transform", "DigestMethod"] {
        for extra in ["text", "<!-- x -->", "<?x y?>"] {
            let end = format!("></ds:{part}>");
            let case = in_signature(Case::usual(), &end, &format!(">{extra}</ds:{part}>"));
            case.fails_with("signature", &["signature-structure"]);
        }
    }
}

#[test]
fn white_space_between_the_parts_of_signed_info_is_part_of_what_is_signed() {
    signed_info(|info| info.replace("><", ">\n  <")).is_accepted();
}

#[test]
fn a_part_that_is_missing_or_only_looks_alike_is_refused() {
    refused("<ds:SignatureValue>", "<ds:SignatureValue xmlns:ds=\"urn:x\">");
    let xml = Case::usual().xml();
    for part in ["SignedInfo", "SignatureValue", "Reference", "Transforms", "DigestValue"] {
        let from = xml.find(&format!("<ds:{part}")).unwrap();
        let end = format!("</ds:{part}>");
        let until = xml.find(&end).unwrap() + end.len();
        let without = format!("{}{}", &xml[..from], &xml[until..]);
        let case = Case::usual().altered(|_| without);
        case.fails_with("signature", &["signature-structure"]);
    }
}

#[test]
fn a_signature_of_another_namespace_is_no_signature() {
    let case = Case::usual().altered(|xml| {
        let from = format!("<ds:Signature xmlns:ds=\"{}\">", crate::support::uri::DSIG);
        replace_once(&xml, &from, "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig\">")
    });
    case.fails_with("signature", &["signature-missing"]);
}

#[test]
fn an_altered_signature_value_is_told_apart_from_altered_content() {
    let xml = Case::usual().xml();
    let from = xml.find("<ds:SignatureValue>").unwrap() + "<ds:SignatureValue>".len();
    let first = &xml[from..=from];
    let other = if first == "A" { "B" } else { "A" };
    let altered = format!("{}{other}{}", &xml[..from], &xml[from + 1..]);
    let case = Case::usual().altered(|_| altered);
    case.fails_with("signature", &["signature-value"]);
}

#[test]
fn a_value_that_is_no_base64_is_refused() {
    let case = in_signature(Case::usual(), "<ds:SignatureValue>", "<ds:SignatureValue>!");
    case.fails_with("signature", &["signature-structure"]);
    let case = in_signature(Case::usual(), "<ds:DigestValue>", "<ds:DigestValue>!");
    case.fails_with("signature", &["signature-structure"]);
}
