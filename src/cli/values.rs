//! How the values of options are read.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::crypto::EngineChoice;
use crate::input::{self, CaptureFormat};
use crate::render::{FORMATS, Format};

/// The engines of this build, by name.
pub(super) fn engines() -> impl TypedValueParser<Value = EngineChoice> {
    let names = EngineChoice::ALL.iter().map(|choice| choice.name());
    PossibleValuesParser::new(names).map(|name| EngineChoice::from_name(&name).unwrap_or_default())
}

/// The capture formats, by name.
pub(super) fn input_formats() -> impl TypedValueParser<Value = &'static CaptureFormat> {
    let values =
        input::FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.what));
    PossibleValuesParser::new(values).try_map(|name| {
        let found = input::FORMATS.into_iter().find(|format| format.name == name);
        found.ok_or_else(|| format!("{name} is no input format"))
    })
}

pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    let values = FORMATS.iter().map(|(_, name, what)| PossibleValue::new(*name).help(*what));
    PossibleValuesParser::new(values)
        .try_map(|name| name.parse::<Format>().map_err(|_| format!("{name} is no format")))
}
