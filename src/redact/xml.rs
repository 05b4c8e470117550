//! One message: what is known to be technical stays, everything else becomes a pseudonym.

use super::rewrite::Rewriter;
use super::{MARKER, REMOVED, encode};
use crate::crypto::certificate::Certificate;
use crate::decode::decode_base64;
use crate::input::is_worth_a_look;
use crate::saml::{DSIG, XENC};
use crate::xml::{Attribute, Document, Element, Node};

/// Elements whose text is technical.
const TECHNICAL: [&str; 18] = [
    "Issuer",
    "Audience",
    "AuthnContextClassRef",
    "AuthnContextDeclRef",
    "AuthenticatingAuthority",
    "StatusMessage",
    "RequesterID",
    "GetComplete",
    "NameIDFormat",
    "Comment",
    "OrganizationURL",
    "XPath",
    "KeyName",
    "Action",
    "Faultcode",
    "faultcode",
    "To",
    "ProxyCount",
];

/// Attributes whose value is technical.
const KEPT: [&str; 47] = [
    "ID",
    "Id",
    "AssertionID",
    "InResponseTo",
    "Version",
    "IssueInstant",
    "Destination",
    "Consent",
    "NotBefore",
    "NotOnOrAfter",
    "Recipient",
    "AuthnInstant",
    "SessionNotOnOrAfter",
    "Method",
    "Algorithm",
    "URI",
    "Format",
    "NameQualifier",
    "SPNameQualifier",
    "Name",
    "NameFormat",
    "FriendlyName",
    "Value",
    "type",
    "nil",
    "lang",
    "space",
    "Type",
    "ProtocolBinding",
    "AssertionConsumerServiceURL",
    "AssertionConsumerServiceIndex",
    "AttributeConsumingServiceIndex",
    "ForceAuthn",
    "IsPassive",
    "AllowCreate",
    "Comparison",
    "ProviderName",
    "EncodingAlgorithm",
    "MimeType",
    "PrefixList",
    "Reason",
    "ProviderID",
    "Loc",
    "Count",
    "schemaLocation",
    "entityID",
    "Binding",
];

/// The message with pseudonyms, and a comment at the end of its root that says what was done and what was concluded before.
pub(super) fn rewritten(
    document: &Document,
    verdict: Option<&str>,
    rewriter: &mut Rewriter<'_>,
) -> String {
    let mut out = String::with_capacity(document.text().len());
    if document.text().trim_start_matches('\u{feff}').starts_with("<?xml") {
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    open(document.root(), rewriter, &mut out);
    let inside: Box<dyn Iterator<Item = Node<'_>>> = Box::new(document.root().nodes());
    let mut around = vec![(document.root(), inside, false)];
    while let Some((element, nodes, replaced)) = around.last_mut() {
        let element = *element;
        match nodes.next() {
            None => {
                // In front of the last tag, so that it stays with its message in the middle of a text.
                if around.len() == 1 {
                    comment(element, verdict, rewriter, &mut out);
                } else if !is_empty(element) {
                    out.push_str(&format!("</{}>", element.name()));
                }
                around.pop();
            }
            Some(Node::Element(child)) => {
                open(child, rewriter, &mut out);
                around.push((child, Box::new(child.nodes()), false));
            }
            // A comment that cuts a value in two matters; what it says may be personal.
            Some(Node::Comment(_)) => out.push_str("<!-- -->"),
            Some(Node::ProcessingInstruction(_)) => out.push_str("<?removed?>"),
            Some(Node::Text(text) | Node::CData(text)) => {
                if text.trim().is_empty() {
                    out.push_str(&encode::entities(&text));
                } else if !*replaced {
                    // The value is the whole text, whatever stands between its pieces.
                    *replaced = true;
                    content(element, rewriter, &mut out);
                }
            }
        }
    }
    out
}

/// The end of the root, with what was done and what was concluded before.
fn comment(
    root: Element<'_>,
    verdict: Option<&str>,
    rewriter: &mut Rewriter<'_>,
    out: &mut String,
) {
    rewriter.table.is_vocabulary(verdict.unwrap_or_default());
    let verdict = verdict.map(|verdict| format!("; verdict before redaction: {verdict}"));
    let comment = format!(
        "<!-- {MARKER}: values are pseudonyms, digests and signature values are removed, so that no signature can verify{} -->",
        verdict.unwrap_or_default().replace("--", "- -")
    );
    let end = if is_empty(root) { String::new() } else { format!("</{}>", root.name()) };
    // An element without content has no place inside.
    out.push_str(&if end.is_empty() { comment } else { comment + &end });
}

fn is_empty(element: Element<'_>) -> bool {
    element.content_span().end == element.span().end
}

fn open(element: Element<'_>, rewriter: &mut Rewriter<'_>, out: &mut String) {
    rewriter.table.is_vocabulary(element.name());
    out.push_str(&format!("<{}", element.name()));
    for (prefix, name) in element.namespace_declarations() {
        let colon = if prefix.is_empty() { "" } else { ":" };
        out.push_str(&format!(" xmlns{colon}{prefix}=\"{}\"", encode::markup(name)));
    }
    for attribute in element.attributes() {
        rewriter.table.is_vocabulary(attribute.name());
        let value = attribute_value(element, attribute, rewriter);
        out.push_str(&format!(" {}=\"{}\"", attribute.name(), encode::markup(&value)));
    }
    out.push_str(if is_empty(element) { "/>" } else { ">" });
}

fn attribute_value(
    element: Element<'_>,
    attribute: Attribute<'_>,
    rewriter: &mut Rewriter<'_>,
) -> String {
    let (name, value) = (attribute.local_name(), attribute.value());
    match name {
        "SessionIndex" => removed(value, rewriter),
        // What standards define is no data; nothing that was learned may break it.
        _ if is_constant(value) => value.to_owned(),
        "Value" if element.local_name() != "StatusCode" => rewriter.table.of(value),
        "Destination" | "Recipient" | "AssertionConsumerServiceURL" => rewriter.url(value, 1),
        _ if KEPT.contains(&name) && is_of_a_standard(element.namespace()) => rewriter.plain(value),
        _ if value.len() < 2 || matches!(value, "true" | "false") => value.to_owned(),
        _ => rewriter.table.of(value),
    }
}

/// A name that a standard gave, or an instant.
pub(super) fn is_constant(value: &str) -> bool {
    let named = ["urn:oasis:names:tc:", "http://www.w3.org/", "http://schemas.xmlsoap.org/ws/"];
    let is_word = value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '.' | '-' | '#' | '_'));
    (is_word && named.iter().any(|start| value.starts_with(start)))
        || value.parse::<jiff::Timestamp>().is_ok()
}

/// The text of an element, as it may be written.
fn content(element: Element<'_>, rewriter: &mut Rewriter<'_>, out: &mut String) {
    let text = element.text().value;
    let (namespace, name) = (element.namespace(), element.local_name());
    let value = match (namespace, name) {
        // With all but the name in plain sight, a digest would tell whether a guess of the name is right.
        (DSIG, "SignatureValue" | "DigestValue") => REMOVED.to_owned(),
        (_, "SessionIndex") => removed(&text, rewriter),
        (DSIG, "X509Certificate") => certificate(&text),
        (XENC, "CipherValue") => format!("{REMOVED}, {} characters", text.trim().len()),
        _ if is_constant(text.trim()) => text.into_owned(),
        _ if TECHNICAL.contains(&name) && is_of_a_standard(namespace) => rewriter.plain(&text),
        // XML of another kind, such as a log, with a message in its text.
        _ if !is_of_a_standard(namespace) && is_worth_a_look(text.as_bytes()) => {
            rewriter.held(&text)
        }
        _ => {
            // A careless reader takes a piece between two comments for the whole.
            for node in element.nodes() {
                if let Node::Text(piece) | Node::CData(piece) = node
                    && piece.len() < text.len()
                {
                    rewriter.table.of(&piece);
                }
            }
            rewriter.data(&text)
        }
    };
    out.push_str(&encode::entities(&value));
}

/// Not kept, and looked for elsewhere: some identity providers name the session like the assertion.
fn removed(value: &str, rewriter: &mut Rewriter<'_>) -> String {
    rewriter.table.of(value);
    REMOVED.to_owned()
}

/// Whether standards say what stands in it. In XML of anybody's own, only text that is no value is kept.
fn is_of_a_standard(namespace: &str) -> bool {
    [
        "urn:oasis:names:tc:",
        "http://www.w3.org/",
        "http://docs.oasis-open.org/",
        "http://schemas.xmlsoap.org/",
    ]
    .iter()
    .any(|start| namespace.starts_with(start))
}

/// Its fingerprint, by which it can be told from another: the subject of a certificate may be a person.
fn certificate(text: &str) -> String {
    let certificate =
        decode_base64(text.as_bytes()).ok().and_then(|(der, _)| Certificate::from_der(&der).ok());
    match certificate {
        Some(certificate) => format!("{REMOVED}, SHA-256 {}", certificate.sha256()),
        None => format!("{REMOVED}, no certificate that can be read"),
    }
}
