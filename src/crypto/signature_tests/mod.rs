//! What a Signature may be and what it may not (security rules 1 to 7), each with a message whose signature value is good.

mod covers;
mod reference;
mod structure;

use std::rc::Rc;

use crate::checks::fixture::Case;
use crate::support::signature::Signing;

const SIGNATURE: &str = "/samlp:Response/saml:Assertion/ds:Signature";

/// The usual message, its assertion signed in this way.
fn signed(signing: Signing) -> Case {
    Case::usual().message(|response| response.assertion().signing = Some(signing))
}

/// The usual message with a `SignedInfo` that was changed before it was signed: the signature value holds.
fn signed_info(edit: impl Fn(String) -> String + 'static) -> Case {
    signed(Signing {
        edit_signed_info: Rc::new(edit),
        ..Signing::with(crate::support::keys::Key::Idp)
    })
}

/// Changes the text behind the start of the (first) Signature once.
fn in_signature(case: Case, from: &str, to: &str) -> Case {
    case.altered(|xml| {
        let (before, rest) = xml.split_at(xml.find("<ds:Signature ").unwrap());
        assert!(rest.contains(from), "{from} in {rest}");
        format!("{before}{}", rest.replacen(from, to, 1))
    })
}
