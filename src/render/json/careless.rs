//! What careless readers would have taken: the `careless` of the JSON document.

use serde::Serialize;

use super::document::located;
use crate::careless::Taken;
use crate::report::Report;

/// One value that differs.
#[derive(Serialize)]
pub(super) struct CarelessDocument {
    field: &'static str,
    /// The attribute's name, when the field is one.
    name: Option<String>,
    /// What it is held against.
    basis: &'static str,
    read: Option<String>,
    taken: String,
    readers: Vec<&'static str>,
    line: Option<usize>,
    xpath: Option<String>,
}

/// Every value that differs; none when all agree.
pub(super) fn careless(report: &Report) -> Vec<CarelessDocument> {
    let Some(careless) = report.careless() else { return Vec::new() };
    let basis = careless.basis.id();
    let document = |taken: Taken| {
        let (line, xpath) = located(Some(taken.at), report);
        CarelessDocument {
            field: taken.field.name(),
            name: taken.field.attribute().map(str::to_owned),
            basis,
            read: taken.read,
            taken: taken.taken,
            readers: taken.readers.iter().map(|reader| reader.id).collect(),
            line,
            xpath,
        }
    };
    careless.taken.into_iter().take(crate::render::SHOWN).map(document).collect()
}
