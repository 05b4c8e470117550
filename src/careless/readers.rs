//! The careless readers, each as real software has been, and what such a reader looks for in the assertion that it takes.

use std::collections::HashSet;

use crate::saml::{DSIG, ids};
use crate::xml::{Document, Element, Node};

/// One way to read carelessly.
#[derive(Debug, PartialEq, Eq)]
pub struct Reader {
    /// Stable and kebab-case.
    pub id: &'static str,
    /// What it takes, in a few words that fit a column.
    pub takes: &'static str,
    pub(super) part: Part,
}

/// What of the message a reader chooses in its own way.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// The assertion, beside the one that is signed.
    Assertion(for<'d> fn(&'d Document, Element<'d>) -> Option<Element<'d>>),
    /// The subject alone.
    NameId,
    /// How much of a value's text.
    Cut,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Eq for Part {}

/// Every careless reader.
pub static READERS: &[Reader] = &[
    Reader {
        id: "first-assertion",
        takes: "the first Assertion anywhere",
        part: Part::Assertion(|document, _| assertions(document).next()),
    },
    Reader {
        id: "response-child",
        takes: "the first Assertion in the Response",
        part: Part::Assertion(|document, _| {
            document.root().children().find(|child| child.local_name() == "Assertion")
        }),
    },
    Reader {
        id: "last-assertion",
        takes: "the last Assertion anywhere",
        part: Part::Assertion(|document, _| assertions(document).last()),
    },
    Reader {
        id: "signature-parent",
        takes: "what the Signature stands in",
        part: Part::Assertion(|document, _| {
            let signature = document.elements().find(|element| element.is(DSIG, "Signature"))?;
            signature.parent().filter(|parent| parent.local_name() == "Assertion")
        }),
    },
    Reader {
        id: "first-id",
        takes: "the first element with the signed ID",
        part: Part::Assertion(|document, own| {
            let id = own.attribute("ID")?;
            let mut holders = document.elements();
            holders.find(|element| element.attribute("ID") == Some(id)).filter(is_assertion)
        }),
    },
    Reader {
        id: "look-alike-id",
        takes: "the signed ID under another spelling",
        part: Part::Assertion(|document, own| {
            let id = own.attribute("ID")?;
            let mut holders = document.elements().filter(|element| *element != own);
            holders.find(|element| ids(*element).any(|other| other == id)).filter(is_assertion)
        }),
    },
    Reader { id: "first-name-id", takes: "the first NameID anywhere", part: Part::NameId },
    Reader { id: "cut-text", takes: "the text up to the first comment", part: Part::Cut },
];

fn assertions(document: &Document) -> impl Iterator<Item = Element<'_>> {
    document.elements().filter(is_assertion)
}

fn is_assertion(element: &Element<'_>) -> bool {
    element.local_name() == "Assertion"
}

/// The first element of this name, whatever it stands in.
pub(super) fn name_id_anywhere(document: &Document) -> Option<Element<'_>> {
    document.elements().find(|element| element.local_name() == "NameID")
}

/// The text before the first comment, processing instruction or element.
pub(super) fn cut(element: Element<'_>) -> String {
    let mut text = String::new();
    for node in element.nodes() {
        match node {
            Node::Text(piece) | Node::CData(piece) => text.push_str(&piece),
            Node::Comment(_) | Node::ProcessingInstruction(_) | Node::Element(_) => break,
        }
    }
    text
}

/// The elements that a reader finds in an assertion, stepping down by local names alone: the first of each.
#[derive(Debug, Default)]
pub(super) struct Reading<'d> {
    pub(super) issuer: Option<Element<'d>>,
    pub(super) name_id: Option<Element<'d>>,
    pub(super) audience: Option<Element<'d>>,
    pub(super) confirmation_data: Option<Element<'d>>,
    /// The first value of each attribute, by its name.
    pub(super) attributes: Vec<(&'d str, Element<'d>)>,
}

impl<'d> Reading<'d> {
    pub(super) fn of(assertion: Element<'d>) -> Self {
        let below = |path: &[&'static str]| step(vec![assertion], path).into_iter().next();
        let mut names = HashSet::new();
        let attributes = step(vec![assertion], &["AttributeStatement", "Attribute"]);
        let attributes = attributes.into_iter().filter_map(|attribute| {
            let name = attribute.attribute("Name").unwrap_or_default();
            let value = step(vec![attribute], &["AttributeValue"]).into_iter().next()?;
            names.insert(name).then_some((name, value))
        });
        Self {
            issuer: below(&["Issuer"]),
            name_id: below(&["Subject", "NameID"]),
            audience: below(&["Conditions", "AudienceRestriction", "Audience"]),
            confirmation_data: below(&[
                "Subject",
                "SubjectConfirmation",
                "SubjectConfirmationData",
            ]),
            attributes: attributes.collect(),
        }
    }
}

/// The elements at the end of a path of local names, in document order.
fn step<'d>(from: Vec<Element<'d>>, path: &[&str]) -> Vec<Element<'d>> {
    path.iter().fold(from, |elements, name| {
        let children = elements.into_iter().flat_map(Element::children);
        children.filter(|child| child.local_name() == *name).collect()
    })
}
