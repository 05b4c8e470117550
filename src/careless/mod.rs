//! What a careless reader would have taken from the message, beside what is signed: why the rules of this tool matter.
//!
//! A careless reader is one that real software has been: it takes the first assertion it meets, or cuts a value at a comment. Each
//! is a row of [`READERS`]. A reading is reported only where it differs from what is signed; on a usual message none does. Nothing
//! of it decides anything.

mod readers;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::saml::{Assertion, Attribute, Message, Place, Places};
use crate::survey::named_assertion;
use crate::xml::{Document, Element};
use readers::{Part, Reading, cut, name_id_anywhere};
pub use readers::{READERS, Reader};

/// Readings that are kept. Choice: 64; the first says enough.
const KEPT: usize = 64;

/// The white space of XML (XML 1.0 §2.3): readers that trim it and readers that do not are no different here.
const XML_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// What the careless readings are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// What a verified signature covers.
    Signed,
    /// What a Signature names, though it does not hold.
    Named,
    /// What stands where an assertion belongs; no Signature names any.
    Unsigned,
}

/// A value that readers differ in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// The assertion's `Issuer`.
    Issuer,
    /// The subject's `NameID`.
    NameId,
    /// The first `Audience`.
    Audience,
    /// The `Recipient` of the first confirmation.
    Recipient,
    /// The first value of the attribute of this name.
    Attribute(String),
}

/// One value that a careless reader would have taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which value.
    pub field: Field,
    /// What is read here; nothing when it is not there.
    pub read: Option<String>,
    /// What the careless reader takes.
    pub taken: String,
    /// Where it takes it from.
    pub at: Place,
    /// Which readers do.
    pub readers: Vec<&'static Reader>,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Careless {
    /// What they are held against.
    pub basis: Basis,
    /// What differs, in the order of the readers.
    pub taken: Vec<Taken>,
}

impl Basis {
    /// A heading for what is read here.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Named => "named by the signature",
            Self::Unsigned => "read here, unsigned",
        }
    }

    /// The word in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Named => "named",
            Self::Unsigned => "unsigned",
        }
    }
}

impl Field {
    /// The element or attribute, in the standard's spelling.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Issuer => "Issuer",
            Self::NameId => "NameID",
            Self::Audience => "Audience",
            Self::Recipient => "Recipient",
            Self::Attribute(_) => "Attribute",
        }
    }

    /// The attribute's name.
    #[must_use]
    pub fn attribute(&self) -> Option<&str> {
        match self {
            Self::Attribute(name) => Some(name),
            Self::Issuer | Self::NameId | Self::Audience | Self::Recipient => None,
        }
    }
}

/// Reads `document`, which every place of `message` refers to, as each of [`READERS`] does. Nothing when there is no assertion to
/// hold it against. `signed` says whether a verified signature covers the message's assertion.
#[must_use]
pub fn careless(document: &Document, message: &Message, signed: bool) -> Option<Careless> {
    let named = if signed { None } else { named_assertion(document) };
    let other = named.map(|element| Assertion::read(element, &Places::whole()));
    let (basis, assertion) = match &other {
        Some(other) => (Basis::Named, other),
        None if signed => (Basis::Signed, message.assertion()?),
        None => (Basis::Unsigned, message.assertion()?),
    };
    let mut held = Held::new(assertion);
    let own = document.element(assertion.at.0)?;
    for reader in READERS {
        match reader.part {
            Part::Assertion(pick) => {
                if let Some(element) = pick(document, own).filter(|element| *element != own) {
                    held.hold(&Reading::of(element), reader, whole);
                }
            }
            Part::NameId => {
                if let Some(element) = name_id_anywhere(document) {
                    held.hold_one(Field::NameId, element, whole(element), reader);
                }
            }
            Part::Cut => held.hold(&Reading::of(own), reader, cut),
        }
    }
    Some(Careless { basis, taken: held.taken })
}

fn whole(element: Element<'_>) -> String {
    element.text().value.into_owned()
}

/// The assertion that readings are held against, and those that differ.
struct Held<'a> {
    assertion: &'a Assertion,
    attributes: HashMap<&'a str, &'a Attribute>,
    taken: Vec<Taken>,
}

impl<'a> Held<'a> {
    fn new(assertion: &'a Assertion) -> Self {
        let mut attributes = HashMap::new();
        for attribute in &assertion.attributes {
            attributes.entry(attribute.name.as_str()).or_insert(attribute);
        }
        Self { assertion, attributes, taken: Vec::new() }
    }

    fn hold(
        &mut self,
        reading: &Reading<'_>,
        reader: &'static Reader,
        text: fn(Element<'_>) -> String,
    ) {
        let parts = [
            (Field::Issuer, reading.issuer),
            (Field::NameId, reading.name_id),
            (Field::Audience, reading.audience),
        ];
        for (field, element) in parts {
            if let Some(element) = element {
                self.hold_one(field, element, text(element), reader);
            }
        }
        if let Some(data) = reading.confirmation_data
            && let Some(recipient) = data.attribute("Recipient")
        {
            self.hold_one(Field::Recipient, data, recipient.to_owned(), reader);
        }
        for (name, value) in &reading.attributes {
            if self.taken.len() >= KEPT {
                break;
            }
            self.hold_one(Field::Attribute((*name).to_owned()), *value, text(*value), reader);
        }
    }

    /// Keeps a value that differs; of the same value, the reader besides.
    fn hold_one(
        &mut self,
        field: Field,
        element: Element<'_>,
        taken: String,
        reader: &'static Reader,
    ) {
        if matches!(reader.part, Part::Cut) && taken == whole(element) {
            return;
        }
        let Some(read) = self.read(&field) else { return };
        let same = |one: &String| trimmed(one) == trimmed(&taken);
        if read.iter().any(same) {
            return;
        }
        let at = Place(element.ordinal());
        let known =
            self.taken.iter_mut().find(|t| t.at == at && t.field == field && t.taken == taken);
        if let Some(known) = known {
            known.readers.push(reader);
        } else if self.taken.len() < KEPT {
            let read = read.into_iter().next();
            self.taken.push(Taken { field, read, taken, at, readers: vec![reader] });
        }
    }

    /// Every value that is read here for a field: any of them is a right reading. Nothing when what is there is no text.
    fn read(&self, field: &Field) -> Option<Vec<String>> {
        let assertion = self.assertion;
        let one = |text: Option<&str>| text.map(str::to_owned).into_iter().collect();
        Some(match field {
            Field::Issuer => one(assertion.issuer.as_ref().map(|i| i.value.text.as_str())),
            Field::NameId => one(assertion.name_id().map(|name_id| name_id.value.text.as_str())),
            Field::Audience => assertion.audiences().map(|a| a.text.clone()).collect(),
            Field::Recipient => {
                let data = assertion.confirmations().filter_map(|c| c.data.as_ref());
                data.filter_map(|data| Some(data.recipient.as_ref()?.text.clone())).collect()
            }
            Field::Attribute(name) => match self.attributes.get(name.as_str()) {
                Some(attribute) => {
                    vec![attribute.values.first()?.as_ref()?.text.clone()]
                }
                None => Vec::new(),
            },
        })
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(XML_SPACE)
}
