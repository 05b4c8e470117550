//! Signature wrapping: the signed element is kept, moved away, and a forged one stands where the reader looks.
//!
//! XSW1 to XSW8 as named by Somorovsky et al., "On Breaking SAML", and their variants outside the assertion.

use samlcheck::saml::{ASSERTION, STATUS_SUCCESS};

use super::forge::{FORGED_ID, forged, without_signature};
use super::subject::Subject;
use super::surgery::Edit;
use super::{Attack, Class, Table};

const COUNT: &[&str] = &["format-assertion-count"];
const REFERENCE: &[&str] = &["signature-reference"];
const STRUCTURE: &[&str] = &["signature-structure"];
const SECOND: &str = "saml/response.rs note_others";
const INNER: &str = "saml/assertion.rs note_others";
const TARGET: &str = "crypto/vet.rs target";
const PARTS: &str = "crypto/vet.rs run";

const PROTOCOL: &str = r#"xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol""#;

/// The Response for the victim under another ID; `signature` takes its Signature's place.
fn forged_response(s: &Subject, signature: &str) -> Option<String> {
    let response = s.response()?;
    let own = s.source(super::subject::signature(response)?);
    let text = s.source(response).replacen(own, signature, 1);
    let id = response.attribute("ID")?;
    Some(super::forge::for_victim(s, &text).replacen(id, FORGED_ID, 1))
}

/// The Response's own Signature, with something put in front of its end.
fn response_signature(s: &Subject, inside: &str) -> Option<String> {
    let signature = super::subject::signature(s.response()?)?;
    let open = s.source(signature).rsplit_once("</")?;
    Some(format!("{}{inside}</{}", open.0, open.1))
}

/// The assertion's own Signature, with something put in front of its end.
fn assertion_signature(s: &Subject, inside: &str) -> Option<String> {
    let signature = super::subject::signature(s.assertion()?)?;
    let open = s.source(signature).rsplit_once("</")?;
    Some(format!("{}{inside}</{}", open.0, open.1))
}

fn original(s: &Subject) -> Option<String> {
    Some(s.source(s.assertion()?).to_owned())
}

/// The forged assertion with markup behind its Issuer, where a Signature stands.
fn forged_with(s: &Subject, markup: &str) -> Option<String> {
    let issuer = s.source(s.part("Issuer")?);
    Some(forged(s)?.replacen(issuer, &format!("{issuer}{markup}"), 1))
}

/// The forged assertion with markup at its end.
fn forged_around(s: &Subject, markup: &str) -> Option<String> {
    let forged = forged(s)?;
    let (open, name) = forged.rsplit_once("</")?;
    Some(format!("{open}{markup}</{name}"))
}

/// The message with `forged` as the assertion, and the signed original inside markup that an edit places.
fn hidden(
    s: &Subject,
    place: impl for<'t> Fn(&Subject, Edit<'t>, &str) -> Option<Edit<'t>>,
) -> Option<Vec<u8>> {
    s.response()?;
    super::subject::signature(s.assertion()?)?;
    let edit = s.edit().replace(s.assertion()?, forged(s)?);
    place(s, edit, &original(s)?)?.done()
}

pub(super) const TABLE: Table = Table {
    class: Class::SignatureWrapping,
    attacks: &[
        Attack::rejected("xsw1-original-response-in-signature", STRUCTURE, PARTS, |s| {
            let original = without_signature(s, s.response()?);
            let signature = response_signature(s, &original)?;
            Some(forged_response(s, &signature)?.into_bytes())
        }),
        Attack::rejected("xsw1-original-response-in-object", STRUCTURE, PARTS, |s| {
            let object = format!(
                "<o:Object xmlns:o=\"http://www.w3.org/2000/09/xmldsig#\">{}</o:Object>",
                without_signature(s, s.response()?)
            );
            let signature = response_signature(s, &object)?;
            Some(forged_response(s, &signature)?.into_bytes())
        }),
        Attack::rejected("xsw2-original-response-beside-signature", REFERENCE, TARGET, |s| {
            let original = without_signature(s, s.response()?);
            let signature = response_signature(s, "")?;
            Some(forged_response(s, &format!("{original}{signature}"))?.into_bytes())
        }),
        Attack::rejected("xsw2-original-response-behind-signature", REFERENCE, TARGET, |s| {
            let original = without_signature(s, s.response()?);
            let signature = response_signature(s, "")?;
            Some(forged_response(s, &format!("{signature}{original}"))?.into_bytes())
        }),
        Attack::rejected("xsw3-forged-assertion-before", COUNT, SECOND, |s| {
            s.response()?;
            s.edit().before(s.assertion()?, &forged(s)?).done()
        }),
        Attack::rejected("xsw3-forged-assertion-after", COUNT, SECOND, |s| {
            s.response()?;
            s.edit().after(s.assertion()?, &forged(s)?).done()
        }),
        Attack::rejected("xsw4-original-inside-forged", COUNT, INNER, |s| {
            let around = forged_around(s, &original(s)?)?;
            s.edit().replace(s.assertion()?, around).done()
        }),
        Attack::rejected("xsw4-original-first-inside-forged", COUNT, INNER, |s| {
            let forged = forged(s)?;
            let (tag, rest) = forged.split_once('>')?;
            let around = format!("{tag}>{}{rest}", original(s)?);
            s.edit().replace(s.assertion()?, around).done()
        }),
        Attack::rejected("xsw5-forged-takes-the-signature", REFERENCE, TARGET, |s| {
            s.response()?;
            let forged = forged_with(s, &assertion_signature(s, "")?)?;
            let bare = without_signature(s, s.assertion()?);
            let edit = s.edit().replace(s.assertion()?, forged);
            edit.last_in(s.response()?, &bare).done()
        }),
        Attack::rejected("xsw5-original-before-the-forged", COUNT, SECOND, |s| {
            let status = s.of_protocol("Status")?;
            let forged = forged_with(s, &assertion_signature(s, "")?)?;
            let bare = without_signature(s, s.assertion()?);
            let edit = s.edit().replace(s.assertion()?, forged);
            edit.before(status, &bare).done()
        }),
        Attack::rejected("xsw6-original-inside-the-signature", STRUCTURE, PARTS, |s| {
            let bare = without_signature(s, s.assertion()?);
            let forged = forged_with(s, &assertion_signature(s, &bare)?)?;
            s.edit().replace(s.assertion()?, forged).done()
        }),
        Attack::rejected("xsw7-original-in-extensions", COUNT, SECOND, |s| {
            hidden(s, |s, edit, original| {
                let extensions = format!("<p:Extensions {PROTOCOL}>{original}</p:Extensions>");
                Some(edit.before(s.of_protocol("Status")?, &extensions))
            })
        }),
        Attack::rejected("xsw7-forged-in-extensions", COUNT, SECOND, |s| {
            let extensions = format!("<p:Extensions {PROTOCOL}>{}</p:Extensions>", forged(s)?);
            s.edit().before(s.of_protocol("Status")?, &extensions).done()
        }),
        Attack::rejected("xsw8-original-in-object", STRUCTURE, PARTS, |s| {
            let object = format!(
                "<o:Object xmlns:o=\"http://www.w3.org/2000/09/xmldsig#\">{}</o:Object>",
                without_signature(s, s.assertion()?)
            );
            let forged = forged_with(s, &assertion_signature(s, &object)?)?;
            s.edit().replace(s.assertion()?, forged).done()
        }),
        Attack::rejected("original-in-status-detail", COUNT, SECOND, |s| {
            hidden(s, |s, edit, original| {
                let detail = format!("<p:StatusDetail {PROTOCOL}>{original}</p:StatusDetail>");
                Some(edit.last_in(s.of_protocol("Status")?, &detail))
            })
        }),
        Attack::rejected("forged-in-status-detail", COUNT, SECOND, |s| {
            let detail = format!("<p:StatusDetail {PROTOCOL}>{}</p:StatusDetail>", forged(s)?);
            s.edit().last_in(s.of_protocol("Status")?, &detail).done()
        }),
        Attack::rejected("original-in-status-message", COUNT, SECOND, |s| {
            hidden(s, |s, edit, original| {
                let message = format!("<p:StatusMessage {PROTOCOL}>{original}</p:StatusMessage>");
                Some(edit.last_in(s.of_protocol("Status")?, &message))
            })
        }),
        Attack::rejected("original-in-a-foreign-element", COUNT, SECOND, |s| {
            hidden(s, |s, edit, original| {
                let foreign = format!("<x:box xmlns:x=\"urn:x\">{original}</x:box>");
                Some(edit.last_in(s.response()?, &foreign))
            })
        }),
        Attack::rejected("forged-in-a-foreign-element", COUNT, SECOND, |s| {
            let foreign = format!("<x:box xmlns:x=\"urn:x\">{}</x:box>", forged(s)?);
            s.edit().first_in(s.response()?, &foreign).done()
        }),
        Attack::rejected("forged-in-an-element-without-namespace", COUNT, SECOND, |s| {
            let foreign = format!("<box xmlns=\"\">{}</box>", forged(s)?);
            s.edit().after(s.assertion().filter(|_| s.response().is_some())?, &foreign).done()
        }),
        Attack::rejected("original-deep-in-foreign-elements", COUNT, SECOND, |s| {
            hidden(s, |s, edit, original| {
                let (open, close) = ("<x:box>".repeat(100), "</x:box>".repeat(100));
                let foreign = format!("<x:b xmlns:x=\"urn:x\">{open}{original}{close}</x:b>");
                Some(edit.before(s.of_protocol("Status")?, &foreign))
            })
        }),
        Attack::rejected("original-in-a-second-response", COUNT, SECOND, |s| {
            hidden(s, |s, edit, original| {
                let second = format!("<p:Response {PROTOCOL}>{original}</p:Response>");
                Some(edit.last_in(s.response()?, &second))
            })
        }),
        Attack::rejected("original-in-an-object-of-the-response", STRUCTURE, PARTS, |s| {
            hidden(s, |s, edit, original| {
                let signature = format!(
                    "<o:Signature xmlns:o=\"http://www.w3.org/2000/09/xmldsig#\">\
                     <o:Object>{original}</o:Object></o:Signature>"
                );
                let first = s.response()?.children().next()?;
                super::subject::signature(s.response()?).is_none().then_some(())?;
                Some(edit.after(first, &signature))
            })
        }),
        Attack::rejected("original-in-key-info-of-the-response", STRUCTURE, PARTS, |s| {
            hidden(s, |s, edit, original| {
                let signature = format!(
                    "<o:Signature xmlns:o=\"http://www.w3.org/2000/09/xmldsig#\">\
                     <o:KeyInfo>{original}</o:KeyInfo></o:Signature>"
                );
                let first = s.response()?.children().next()?;
                super::subject::signature(s.response()?).is_none().then_some(())?;
                Some(edit.after(first, &signature))
            })
        }),
        Attack::rejected(
            "signed-assertion-in-a-response-of-the-attacker",
            &["issuer-mismatch"],
            "checks/issuer.rs run",
            |s| {
                if s.response().is_some() {
                    return None;
                }
                let (assertion, now) = (s.source(s.assertion()?), s.moment(0));
                let response = format!(
                    "<p:Response {PROTOCOL} ID=\"{FORGED_ID}\" Version=\"2.0\" IssueInstant=\"{now}\">\
                     <i:Issuer xmlns:i=\"{ASSERTION}\">urn:mallory</i:Issuer>\
                     <p:Status><p:StatusCode Value=\"{STATUS_SUCCESS}\"/></p:Status>\
                     {assertion}</p:Response>",
                );
                Some(response.into_bytes())
            },
        ),
    ],
};
