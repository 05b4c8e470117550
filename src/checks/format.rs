//! Is the message built as the schema says?
//!
//! Versions, IDs, order and number of children, exactly one assertion, text where text belongs (saml-core-2.0 §1.3, §2.2.5, §2.3.3,
//! §3.3.3; security rules 3, 8 and 12).

use crate::saml::{Anomaly, AnomalyKind, FORMAT_ENTITY, Issuer};

use super::login_history::{INVALID_FORMAT, INVALID_VERSION};
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

static ISSUER_FORMAT: Code = Code {
    id: "format-issuer",
    line: Wording::Ours("The Issuer has a Format other than entity"),
    cause: "A template that treats the Issuer like a NameID.",
    fix_sp: "Nothing: the platform accepts no other Format.",
    fix_idp: "Leave the Issuer's Format out, or send urn:oasis:names:tc:SAML:2.0:nameid-format:entity.",
    history: Some(&INVALID_FORMAT),
};
static VERSION: Code = Code {
    id: "format-version",
    line: Wording::Ours("The SAML version is not 2.0"),
    cause: "The identity provider is set up for SAML 1.1, or a template lost the attribute.",
    fix_sp: "Nothing: only SAML 2.0 is judged.",
    fix_idp: "Send SAML 2.0.",
    history: Some(&INVALID_VERSION),
};
static ID: Code = Code {
    id: "format-id",
    line: Wording::Ours("An ID is missing or not an NCName"),
    cause: "IDs that begin with a digit: a bare UUID, for one.",
    fix_sp: "Nothing: XML forbids such IDs, and signatures name their element by them.",
    fix_idp: "Begin every ID with a letter or an underscore.",
    history: Some(&INVALID_FORMAT),
};
static STRUCTURE: Code = Code {
    id: "format-structure",
    line: Wording::Ours("An element is missing, repeated or misplaced"),
    cause: "A hand-written template, a proxy that rebuilds messages, or an attack.",
    fix_sp: "Nothing: what stands in the wrong place is not read.",
    fix_idp: "Send the elements in the schema's order and number.",
    history: Some(&INVALID_FORMAT),
};
static VALUE: Code = Code {
    id: "format-value",
    line: Wording::Ours("Elements stand where a text value belongs"),
    cause: "Unescaped markup in a value, or an attack on readers that take a part of it.",
    fix_sp: "Nothing.",
    fix_idp: "Escape markup characters in values.",
    history: Some(&INVALID_FORMAT),
};
static ASSERTIONS: Code = Code {
    id: "format-assertion-count",
    line: Wording::Ours("There is not exactly one assertion"),
    cause: "More than one: several statements in assertions of their own, or signature wrapping. None: a successful status without \
            an assertion.",
    fix_sp: "Treat a second assertion as an attack until the identity provider explains it.",
    fix_idp: "Send exactly one assertion in a Response.",
    history: Some(&INVALID_FORMAT),
};

pub(super) const CHECK: Check = Check {
    id: "format",
    number: Some(6),
    title: "Miscellaneous format confirmations",
    clause: "saml-core-2.0 §1.3.4, §2.2.5, §2.3.3, §3.3.3",
    asks: "Is the version 2.0, are IDs NCNames, and do elements stand in the schema's order and number with exactly one assertion?",
    passes: "Ok",
    failures: &[&ISSUER_FORMAT, &VERSION, &ID, &STRUCTURE, &VALUE, &ASSERTIONS],
    run: Run::Message(run),
};

fn run(cx: &Context<'_>) -> Outcome {
    let message = cx.view.message();
    let response = message.response().and_then(|response| response.issuer.as_ref());
    let assertion = message.assertion().and_then(|assertion| assertion.issuer.as_ref());
    let issuers = response.into_iter().chain(assertion).filter_map(issuer_format);
    let mut failures: Vec<Failure> = message.anomalies().map(departure).chain(issuers).collect();
    // Wrapping often shows twice, from the Response's and from the assertion's side.
    failures.dedup();
    failures.into()
}

fn issuer_format(issuer: &Issuer) -> Option<Failure> {
    let format = issuer.format.as_deref().filter(|format| *format != FORMAT_ENTITY)?;
    let failure = ISSUER_FORMAT.failure().what("Format of the Issuer").expected(FORMAT_ENTITY);
    Some(failure.found(format).at(issuer.value.at))
}

fn departure(anomaly: &Anomaly) -> Failure {
    let code = match anomaly.kind {
        AnomalyKind::Misplaced | AnomalyKind::Repeated | AnomalyKind::Missing => &STRUCTURE,
        AnomalyKind::ElementInValue => &VALUE,
        AnomalyKind::SecondAssertion | AnomalyKind::NoAssertion => &ASSERTIONS,
        AnomalyKind::Version => &VERSION,
        AnomalyKind::Id => &ID,
    };
    code.failure().expected(anomaly.expected.as_str()).found(anomaly.found.as_str()).at(anomaly.at)
}
