//! References that lead out of the message: other documents, files, hosts, and ways to name a part that the policy does not read.

use super::forge::{altered, sign_all};
use super::subject::Subject;
use super::{Attack, Class, Table};
use crate::support::keys::Key;
use crate::support::signature::{KeyInfo, Signing};

const REFERENCE: &[&str] = &["signature-reference"];
const TARGET: &str = "crypto/vet.rs target";
const VERIFY: &str = "crypto/value.rs signature_holds";

/// The Reference with another `URI` attribute.
fn uri(s: &Subject, markup: &str) -> Option<Vec<u8>> {
    s.edit().attribute(s.in_signature("Reference")?, "URI", markup).done()
}

/// The altered message, signed by the attacker, whose key is to be fetched.
fn fetched(s: &Subject, from: &str) -> Option<Vec<u8>> {
    let key_info = KeyInfo::Raw(format!(
        "<ds:RetrievalMethod URI=\"{from}\" Type=\"http://www.w3.org/2000/09/xmldsig#X509Data\"/>"
    ));
    let signing = Signing { key_info, ..Signing::with(Key::Other) };
    Some(sign_all(s, &altered(s)?, &signing).into_bytes())
}

pub(super) const TABLE: Table = Table {
    class: Class::ExternalReferences,
    attacks: &[
        Attack::rejected("reference-to-a-host", REFERENCE, TARGET, |s| {
            uri(s, "URI=\"http://127.0.0.1:9/a\"")
        }),
        Attack::rejected("reference-to-a-file", REFERENCE, TARGET, |s| {
            uri(s, "URI=\"file:///etc/passwd\"")
        }),
        Attack::rejected("reference-to-a-relative-file", REFERENCE, TARGET, |s| {
            uri(s, "URI=\"samlcheck.toml\"")
        }),
        Attack::rejected("reference-to-another-document", REFERENCE, TARGET, |s| {
            let id = s.signed()?.attribute("ID")?;
            uri(s, &format!("URI=\"other.xml#{id}\""))
        }),
        Attack::rejected("reference-without-uri", REFERENCE, TARGET, |s| uri(s, "")),
        Attack::rejected("reference-to-the-whole-from-inside", REFERENCE, TARGET, |s| {
            s.signed()?.parent()?;
            uri(s, "URI=\"\"")
        }),
        Attack::rejected("reference-to-nothing", REFERENCE, TARGET, |s| uri(s, "URI=\"#\"")),
        Attack::rejected("reference-by-xpointer-root", REFERENCE, TARGET, |s| {
            uri(s, "URI=\"#xpointer(/)\"")
        }),
        Attack::rejected("reference-by-xpointer-id", REFERENCE, TARGET, |s| {
            let id = s.signed()?.attribute("ID")?;
            uri(s, &format!("URI=\"#xpointer(id('{id}'))\""))
        }),
        Attack::rejected("reference-by-injected-xpointer", REFERENCE, TARGET, |s| {
            uri(s, "URI=\"#x')|//*[@ID='_m\"")
        }),
        Attack::rejected("reference-by-element-scheme", REFERENCE, TARGET, |s| {
            uri(s, "URI=\"#element(/1)\"")
        }),
        Attack::rejected("reference-to-data", REFERENCE, TARGET, |s| {
            uri(s, "URI=\"data:text/xml,%3Ca/%3E\"")
        }),
        Attack::rejected("key-retrieved-from-a-host", &["signature-value"], VERIFY, |s| {
            fetched(s, "http://127.0.0.1:9/key.pem")
        }),
        Attack::rejected("key-retrieved-from-a-file", &["signature-value"], VERIFY, |s| {
            fetched(s, "file:///etc/ssl/certs/ca-certificates.crt")
        }),
        Attack::rejected("key-retrieved-from-the-message", &["signature-value"], VERIFY, |s| {
            fetched(s, "#xpointer(//*[local-name()='X509Data'])")
        }),
    ],
};
