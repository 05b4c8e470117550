//! Could the input be read as a SAML message at all?
//!
//! The platform's un-numbered pre-check. Whatever stops an earlier stage is told here, and everything after it is skipped.

use crate::crypto::{DecryptError, Undecrypted};
use crate::decode::InputErrorKind;
use crate::validate::Trouble;
use crate::xml::XmlErrorKind;

use super::{Check, Code, Failure, Outcome, Run, Wording};

static ENCODING: Code = Code {
    id: "input-encoding",
    line: Wording::Ours("The input could not be decoded"),
    cause: "A part of the text was lost when it was copied, or characters were changed on the way.",
    fix_sp: "Copy the whole SAMLResponse parameter again, from the browser's network view.",
    fix_idp: "Nothing, unless every capture fails in the same way: then look at how it encodes the form.",
    history: None,
};
static LIMIT: Code = Code {
    id: "input-limit",
    line: Wording::Ours("The input is larger than a limit allows"),
    cause: "The capture holds more than a message, or it is hostile.",
    fix_sp: "Check what was captured; raise the limit that is named if the message is really that large.",
    fix_idp: "Send fewer groups and attributes.",
    history: None,
};
static NOT_SAML: Code = Code {
    id: "input-not-saml",
    line: Wording::Ours("The input holds no SAML login response"),
    cause: "Something else was captured: a request, metadata, a page, another protocol.",
    fix_sp: "Capture the SAMLResponse that the browser posts to the login URL.",
    fix_idp: "Nothing.",
    history: None,
};
static NOT_XML: Code = Code {
    id: "input-not-xml",
    line: Wording::Ours("The decoded input is not well-formed XML"),
    cause: "The text was cut or edited, or the sender writes XML that no parser may accept.",
    fix_sp: "Copy the whole SAMLResponse parameter again.",
    fix_idp: "If the message on the wire is the same, its producer writes broken XML.",
    history: None,
};
static DOCTYPE: Code = Code {
    id: "input-doctype",
    line: Wording::Ours("The message carries a document type declaration"),
    cause: "No SAML software sends a DOCTYPE; it is the vehicle of entity attacks.",
    fix_sp: "Treat the message as hostile; do not switch this protection off.",
    fix_idp: "Remove the DOCTYPE.",
    history: None,
};
static ENCRYPTED: Code = Code {
    id: "input-encrypted",
    line: Wording::Ours("The assertion is encrypted and cannot be decrypted"),
    cause: "No decryption key is configured, or the identity provider encrypts for another certificate than the one that belongs to it.",
    fix_sp: "Give the private key of the certificate that the identity provider encrypts for (decryption_key), and compare the certificate below.",
    fix_idp: "Encrypt for the service provider's current certificate; RSA-OAEP and AES-GCM are advised.",
    history: None,
};
static ENCRYPTED_TWICE: Code = Code {
    id: "input-encrypted-twice",
    line: Wording::Ours("The decrypted assertion holds something encrypted again"),
    cause: "The identity provider encrypts the NameID or attributes and the whole assertion; the platform decrypts one layer.",
    fix_sp: "Nothing.",
    fix_idp: "Encrypt the whole assertion, and no part of it by itself.",
    history: None,
};

pub(super) const CHECK: Check = Check {
    id: "input",
    number: None,
    title: "Unexpected Exceptions",
    clause: "saml-bindings-2.0 §3.5.4; XML 1.0 (Fifth Edition); Namespaces in XML 1.0",
    asks: "Can the input be decoded, parsed as XML and read as a SAML 2.0 Response or Assertion?",
    passes: "Ok",
    failures: &[&ENCODING, &LIMIT, &NOT_SAML, &NOT_XML, &DOCTYPE, &ENCRYPTED, &ENCRYPTED_TWICE],
    run: Run::Input(run),
};

fn run(trouble: Option<&Trouble>) -> Outcome {
    let Some(trouble) = trouble else { return Outcome::Ok };
    failure(trouble).into()
}

fn failure(trouble: &Trouble) -> Failure {
    match trouble {
        Trouble::Input(error) => match &error.kind {
            InputErrorKind::NotSaml(what) => {
                NOT_SAML.failure().expected("a SAML Response or Assertion").found(what.what())
            }
            InputErrorKind::Limit { name, limit } => {
                LIMIT.failure().expected(format!("at most {limit} {name}")).found("more")
            }
            InputErrorKind::Empty
            | InputErrorKind::Base64(_)
            | InputErrorKind::Inflate { .. }
            | InputErrorKind::Percent { .. }
            | InputErrorKind::Utf16 { .. }
            | InputErrorKind::Json { .. }
            | InputErrorKind::Ambiguous { .. } => {
                ENCODING.failure().expected("a SAMLResponse").found(error.to_string())
            }
        },
        Trouble::Xml(error) => match &error.kind {
            XmlErrorKind::Dtd => DOCTYPE.failure().expected("no DOCTYPE").found(error.to_string()),
            XmlErrorKind::Limit { name, limit } => {
                LIMIT.failure().expected(format!("at most {limit} {name}")).found(error.to_string())
            }
            XmlErrorKind::Encoding(_) => {
                ENCODING.failure().expected("UTF-8, UTF-16 or ISO-8859").found(error.to_string())
            }
            XmlErrorKind::Malformed(_) | XmlErrorKind::Namespace(_) | XmlErrorKind::Empty => {
                NOT_XML.failure().expected("well-formed XML").found(error.to_string())
            }
        },
        Trouble::NotALogin(unreadable) => NOT_SAML
            .failure()
            .expected("a SAML Response or Assertion")
            .found(unreadable.kind.what()),
        Trouble::Encrypted(stays) => encrypted(stays),
    }
}

/// The same words for every way decryption can fail (security rule 9). To whom it is encrypted is told beside it.
fn encrypted(stays: &Undecrypted) -> Failure {
    let found = format!("an {}", stays.part.name());
    match stays.error {
        DecryptError::Nested => {
            ENCRYPTED_TWICE.failure().expected("one layer of encryption").found(found)
        }
        DecryptError::CannotDecrypt => {
            let keys = match stays.keys {
                0 => "an assertion in the clear, as there is no decryption key to try".to_owned(),
                1 => "an assertion encrypted for the configured key".to_owned(),
                several => format!("an assertion encrypted for one of {several} configured keys"),
            };
            ENCRYPTED.failure().expected(keys).found(found)
        }
    }
    .at(stays.at)
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::Case;
    use crate::support::{encode, response, uri};

    /// What is told of a text that is no message.
    fn fails(text: &str, expected: [&str; 3]) {
        let case = Case::usual().altered(|_| text.to_owned());
        let [code, side, found] = expected;
        case.fails("input", [code, side, found, ""]);
        assert_eq!(case.report().exit_code(), 3);
    }

    /// The one failure of a text whose found side is a sentence of another stage.
    fn code(text: &str) -> String {
        let told = Case::usual().altered(|_| text.to_owned()).told("input");
        assert_eq!(told.len(), 1, "{text}");
        assert!(!told[0][1].is_empty() && !told[0][2].is_empty(), "{told:?}");
        told[0][0].clone()
    }

    #[test]
    fn a_message_in_any_wrapping_passes() {
        let xml = Case::usual().xml();
        let wrapped = [
            encode::base64(&xml),
            encode::base64_wrapped(&xml, 76, "\r\n"),
            encode::base64_url_safe(&xml),
            encode::deflate_base64(&xml),
            encode::form_body("SAMLResponse", &xml, Some("/home")),
            encode::redirect_url(response::LOGIN_URL, "SAMLResponse", &xml, None),
            format!("\u{feff}{xml}"),
        ];
        for text in wrapped {
            let report = Case::usual().altered(|_| text).is_accepted();
            assert_eq!(report.subject(), Some("zmueller@example.com"));
        }
    }

    #[test]
    fn broken_base64_is_an_encoding() {
        let base64 = encode::base64(Case::usual().xml());
        let broken = format!("{}!{}", &base64[..400], &base64[400..]);
        assert_eq!(code(&broken), "input-encoding");
    }

    #[test]
    fn text_that_contradicts_its_declaration_is_an_encoding() {
        let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-7\"?>{}", Case::usual().xml());
        assert_eq!(code(&xml), "input-encoding");
    }

    #[test]
    fn a_limit_that_is_hit_is_named() {
        let deep = format!("{}{}", "<a>".repeat(600), "</a>".repeat(600));
        let told = Case::usual().altered(|_| deep).told("input");
        assert_eq!(told[0][..2], ["input-limit", "at most 512 depth"].map(str::to_owned));
    }

    #[test]
    fn what_is_no_login_is_called_what_it_is() {
        let side = "a SAML Response or Assertion";
        let request = "an AuthnRequest: the question, not the answer";
        fails(&response::authn_request(), ["input-not-saml", side, request]);
        let root = "XML with the root element a, not SAML";
        fails("<a/>", ["input-not-saml", side, root]);
        let look_alike = format!("<Response xmlns=\"{}x\"/>", uri::PROTOCOL);
        assert_eq!(code(&look_alike), "input-not-saml");
        assert_eq!(code("lorem ipsum"), "input-not-saml");
    }

    #[test]
    fn broken_xml_is_told() {
        let cut = Case::usual().xml().replace("</samlp:Response>", "");
        assert_eq!(code(&cut), "input-not-xml");
    }

    #[test]
    fn a_doctype_is_refused_whatever_it_says() {
        let xml = format!("<!DOCTYPE a>{}", Case::usual().xml());
        assert_eq!(code(&xml), "input-doctype");
    }

    #[test]
    fn an_encrypted_assertion_is_told_where_it_stands() {
        let case = Case::usual().message(|response| {
            response.assertion = None;
            response.after_assertion = format!(
                "<saml:EncryptedAssertion xmlns:saml=\"{}\"></saml:EncryptedAssertion>",
                uri::ASSERTION
            );
        });
        let at = "/samlp:Response/saml:EncryptedAssertion";
        let told = case.told("input");
        assert_eq!(told.len(), 1);
        assert_eq!([told[0][0].as_str(), told[0][3].as_str()], ["input-encrypted", at]);
    }
}
