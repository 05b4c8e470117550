//! What an attacker does to a signed message: whole elements are moved, copied and wrapped, values and names are changed.
//!
//! Every edit is made on the text, at the places that our own parser finds in it; an edit that leaves no document behind is still
//! judged, and is the last one.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use samlcheck::limits::Limits;
use samlcheck::xml::{Document, Element};

/// Names that mean something somewhere, and one that does not.
const WRAPPERS: [(&str, &str); 10] = [
    ("samlp:Extensions", "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\""),
    ("samlp:StatusDetail", "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\""),
    ("samlp:Response", "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\""),
    ("saml:Advice", "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\""),
    ("saml:Assertion", "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\""),
    ("saml:Subject", "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\""),
    ("saml:AttributeValue", "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\""),
    ("ds:Object", "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""),
    ("ds:Signature", "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""),
    ("x", "xmlns=\"urn:x\""),
];

/// Texts that a reader may trip over.
const TOKENS: [&str; 40] = [
    "<!---->",
    "<!--x-->",
    "<?x y?>",
    "<![CDATA[]]>",
    "<![CDATA[x]]>",
    "]]>",
    "&#xD;",
    "&#x0;",
    "&amp;",
    "&x;",
    "\u{a0}",
    "\u{feff}",
    "\u{202e}",
    "\0",
    "\r",
    "\n",
    " ",
    "<!DOCTYPE x>",
    "<x/>",
    "</x>",
    " ID=\"_evil\"",
    " Id=\"_evil\"",
    " xml:id=\"_evil\"",
    " ID=\"_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c\"",
    " Id=\"_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c\"",
    " ID=\"_r51d0c7e2f6b94a38917e5c3d20f8ab46e19c7d05\"",
    " xmlns=\"\"",
    " xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
    " xmlns:saml=\"urn:evil\"",
    " xmlns:ds=\"urn:evil\"",
    " xmlns:x=\"rel\"",
    " xml:space=\"preserve\"",
    " xml:base=\"x\"",
    " URI=\"\"",
    " URI=\"#_evil\"",
    " Version=\"2.0\"",
    "attacker@evil.example",
    "zmueller@example.com<!---->.evil.example",
    "https://acme.my.salesforce.com",
    "urn:oasis:names:tc:SAML:2.0:status:Success",
];

const LIMITS: Limits = Limits {
    decoded_bytes: 1 << 17,
    inflated_bytes: 1 << 17,
    capture_bytes: 1 << 18,
    messages: 8,
    layers: 8,
    depth: 64,
    attributes: 64,
    namespaces: 64,
    nodes: 4096,
    total_attributes: 4096,
};

/// The signed text after one to six edits.
pub(crate) fn tampered(signed: &str, choices: &mut Unstructured<'_>) -> Result<String> {
    let mut text = signed.to_owned();
    for _ in 0..choices.int_in_range(1..=6)? {
        let Ok(document) = Document::parse(text.clone(), &LIMITS) else { break };
        text = edited(&document, choices)?;
    }
    Ok(text)
}

fn element<'d>(document: &'d Document, choices: &mut Unstructured<'_>) -> Result<Element<'d>> {
    let last = document.elements().count() - 1;
    let ordinal = choices.int_in_range(0..=last)?;
    Ok(document.element(ordinal).unwrap_or(document.root()))
}

/// An element that attacks are about, or any.
fn target<'d>(document: &'d Document, choices: &mut Unstructured<'_>) -> Result<Element<'d>> {
    const NAMES: [&str; 8] = [
        "Assertion",
        "Signature",
        "NameID",
        "Response",
        "Audience",
        "Subject",
        "Reference",
        "SignedInfo",
    ];
    let chosen = choices.int_in_range(0..=15)?;
    let named =
        NAMES.get(chosen).map(|name| document.elements().filter(|e| e.local_name() == *name));
    match named.map(Iterator::collect::<Vec<_>>) {
        Some(named) if !named.is_empty() => Ok(*choices.choose(&named)?),
        _ => element(document, choices),
    }
}

/// A text with a piece of it exchanged.
fn splice(text: &str, start: usize, end: usize, with: &str) -> String {
    [&text[..start], with, &text[end..]].concat()
}

/// A place where an element can stand: before, behind or in another one.
fn place(document: &Document, choices: &mut Unstructured<'_>) -> Result<usize> {
    let beside = target(document, choices)?;
    let (span, inside) = (beside.span(), beside.content_span());
    Ok(*choices.choose(&[span.start, span.end, inside.start, inside.end])?)
}

/// The nearest character boundary at or before.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn token<'t>(choices: &mut Unstructured<'t>) -> Result<&'t str> {
    if choices.ratio(3, 4)? { choices.choose(&TOKENS).copied() } else { choices.arbitrary() }
}

/// One edit.
fn edited(document: &Document, choices: &mut Unstructured<'_>) -> Result<String> {
    let text = document.text();
    let chosen = target(document, choices)?;
    let (span, inside) = (chosen.span(), chosen.content_span());
    let subtree = &text[span.start..span.end];
    Ok(match choices.int_in_range(0..=12)? {
        0 => {
            let at = place(document, choices)?;
            splice(text, at, at, subtree)
        }
        1 => splice(text, span.start, span.end, ""),
        2 => moved(document, chosen, choices)?,
        3 => {
            let other = target(document, choices)?.span();
            splice(text, other.start, other.end, subtree)
        }
        4 => splice(text, inside.start, inside.end, token(choices)?),
        5 => {
            let at = boundary(text, choices.int_in_range(inside.start..=inside.end)?);
            splice(text, at, at, token(choices)?)
        }
        6 => {
            let at = boundary(text, choices.int_in_range(0..=text.len())?);
            let end = boundary(text, (at + choices.int_in_range(0..=32)?).min(text.len()));
            splice(text, at, end, token(choices)?)
        }
        7 => {
            let (name, declaration) = *choices.choose(&WRAPPERS)?;
            let id = *choices.choose(&[
                "",
                " ID=\"_evil\"",
                " ID=\"_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c\"",
            ])?;
            splice(
                text,
                span.start,
                span.end,
                &format!("<{name} {declaration}{id}>{subtree}</{name}>"),
            )
        }
        8 | 9 => {
            let evil = evil_twin(chosen, choices)?;
            let at = place(document, choices)?;
            splice(text, at, at, &evil)
        }
        10 => {
            let at = span.start + 1 + chosen.name().len();
            splice(text, at, at, token(choices)?)
        }
        11 => {
            let attributes: Vec<_> =
                chosen.attributes().map(|attribute| attribute.span()).collect();
            let Ok(attribute) = choices.choose(&attributes) else { return Ok(text.to_owned()) };
            splice(text, attribute.start, attribute.end, token(choices)?.trim_start())
        }
        _ => {
            // The evil twin outside, the original inside it: the shape of most signature wrappings.
            let evil = evil_twin(chosen, choices)?;
            let end = evil.rfind("</").unwrap_or(evil.len());
            let (name, declaration) = *choices.choose(&WRAPPERS)?;
            let hidden = format!("<{name} {declaration}>{subtree}</{name}>");
            let at = if choices.arbitrary()? { end } else { evil.find('>').map_or(0, |at| at + 1) };
            splice(text, span.start, span.end, &splice(&evil, at, at, &hidden))
        }
    })
}

/// The element at another place.
fn moved(
    document: &Document,
    chosen: Element<'_>,
    choices: &mut Unstructured<'_>,
) -> Result<String> {
    let (text, span) = (document.text(), chosen.span());
    let subtree = &text[span.start..span.end];
    let at = place(document, choices)?;
    Ok(if at <= span.start {
        splice(&splice(text, span.start, span.end, ""), at, at, subtree)
    } else if at >= span.end {
        splice(&splice(text, at, at, subtree), span.start, span.end, "")
    } else {
        text.to_owned()
    })
}

/// A copy that says something else: another subject, perhaps another ID, perhaps without its Signature.
fn evil_twin(chosen: Element<'_>, choices: &mut Unstructured<'_>) -> Result<String> {
    let (text, span) = (chosen.document().text(), chosen.span());
    let mut twin = text[span.start..span.end].to_owned();
    if choices.arbitrary()? {
        let own = chosen.children().find(|child| child.local_name() == "Signature");
        if let Some(signature) = own.map(Element::span) {
            twin = splice(&twin, signature.start - span.start, signature.end - span.start, "");
        }
    }
    twin = twin.replace("zmueller@example.com", "attacker@evil.example");
    if choices.arbitrary()? {
        twin = twin.replacen(" ID=\"_", " ID=\"_evil", 1);
    }
    Ok(twin)
}
