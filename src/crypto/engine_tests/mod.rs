//! What every engine must do with a vetted signature: the same vectors, captures and home-made signatures for each.

mod agreement;
mod made;
mod shared;
mod toy;

use openssl::pkey::{PKey, PKeyRef, Private, Public};
use quick_xml::events::{BytesStart, Event};

use super::both::Both;
use super::engine::{
    Canonicalization, DigestMethod, Engine, EngineError, EngineReport, SignatureMethod, Target,
};
use super::native::Native;
use super::xmlsec::Xmlsec;
use crate::limits::Limits;
use crate::xml::Document;

/// Both alone and both together.
const ENGINES: [&dyn Engine; 3] = [&Xmlsec, &Native, &Both::new("both", &Native, &Xmlsec)];

/// An element that is open while the document is read.
struct Open {
    ordinal: usize,
    local_name: String,
    id: Option<String>,
}

/// What stands in one `Signature`, found without any of the project's own XML code.
#[derive(Default)]
struct Found {
    element: usize,
    signature: usize,
    id: Option<String>,
    reference: Option<String>,
    signature_method: Option<SignatureMethod>,
    digest_method: Option<DigestMethod>,
    canonicalization: Option<Canonicalization>,
}

impl Found {
    fn target<'d>(&'d self, document: &'d Document) -> Option<Target<'d>> {
        let reference = self.reference.as_deref()?;
        Some(Target {
            document,
            element: self.element,
            signature: self.signature,
            id: if reference.is_empty() { None } else { reference.strip_prefix('#') },
            signature_method: self.signature_method?,
            digest_method: self.digest_method?,
            canonicalization: self.canonicalization?,
        })
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.try_get_attribute(name).unwrap()?;
    Some(found.value.into_owned())
}

/// Every `Signature` that is a direct child of an element with an `ID`, in document order.
fn signatures(text: &str) -> Vec<Found> {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut open, mut found): (Vec<Open>, Vec<Found>) = (Vec::new(), Vec::new());
    let mut ordinal = 0;
    loop {
        let event = reader.read_event().unwrap();
        let (start, empty) = match &event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Eof => return found,
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => continue,
        };
        let local_name = start.local_name().into_inner().to_owned();
        let parent = open.last();
        if local_name == "Signature"
            && let Some(Open { ordinal: element, id: Some(id), .. }) = parent
        {
            let (element, id) = (*element, Some(id.clone()));
            found.push(Found { element, signature: ordinal, id, ..Found::default() });
        }
        let inside = open.iter().any(|open| open.local_name == "SignedInfo");
        if let Some(last) = found.last_mut().filter(|_| inside) {
            let algorithm = attribute(start, "Algorithm").unwrap_or_default();
            match local_name.as_str() {
                "CanonicalizationMethod" => {
                    last.canonicalization = Canonicalization::from_uri(&algorithm);
                }
                "SignatureMethod" => {
                    last.signature_method = SignatureMethod::from_uri(&algorithm);
                }
                "DigestMethod" => last.digest_method = DigestMethod::from_uri(&algorithm),
                "Reference" => last.reference = attribute(start, "URI"),
                _ => {}
            }
        }
        if !empty {
            open.push(Open { ordinal, local_name, id: attribute(start, "ID") });
        }
        ordinal += 1;
    }
}

/// The report's two halves, after making sure that octets are released when both hold and never otherwise.
fn halves(report: &EngineReport) -> (bool, bool) {
    let valid = report.reference_valid && report.signature_valid;
    assert_eq!(report.octets.is_some(), valid);
    (report.reference_valid, report.signature_valid)
}

fn parsed(text: &str) -> Document {
    // What libxml2 would be spared, an engine must be spared by itself.
    let limits = Limits { nodes: usize::MAX, ..Limits::default() };
    Document::parse(text.to_owned(), &limits).unwrap()
}

fn judged(
    engine: &dyn Engine,
    text: &str,
    key: &PKey<Private>,
) -> Result<EngineReport, EngineError> {
    let document = parsed(text);
    engine.verify(&signatures(text)[0].target(&document).unwrap(), &public(key))
}

fn public(key: &PKeyRef<Private>) -> PKey<Public> {
    PKey::public_key_from_der(&key.public_key_to_der().unwrap()).unwrap()
}
