//! Is this assertion meant for us?
//!
//! Within one AudienceRestriction any matching Audience is enough; across several, each must hold (saml-core-2.0 §2.5.1.4). A
//! bearer assertion must carry one (saml-profiles-2.0 §4.1.4.2).

use crate::saml::{Assertion, AudienceRestriction};

use super::login_history::INVALID_AUDIENCE;
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

static MISSING: Code = Code {
    id: "audience-missing",
    line: Wording::Ours("The assertion names no audience"),
    cause: "The identity provider's template leaves AudienceRestriction out, or there are no Conditions.",
    fix_sp: "Nothing: an assertion for nobody in particular is not accepted.",
    fix_idp: "Add an AudienceRestriction with the service provider's Entity ID.",
    history: Some(&INVALID_AUDIENCE),
};
static MISMATCH: Code = Code {
    id: "audience-mismatch",
    line: Wording::Platform("The audience in the assertion did not match the allowed audiences"),
    cause: "A difference in case, a trailing slash, http for https, or the value of another environment.",
    fix_sp: "Copy the Entity ID of the single sign-on setting exactly and give it to the identity provider.",
    fix_idp: "Set the audience (SP entity ID) to that Entity ID, letter for letter.",
    history: Some(&INVALID_AUDIENCE),
};

pub(super) const CHECK: Check = Check {
    id: "audience",
    number: Some(9),
    title: "Checking that the Audience matches",
    clause: "saml-core-2.0 §2.5.1.4; saml-profiles-2.0 §4.1.4.2",
    asks: "Does each AudienceRestriction name the configured Entity ID, character for character?",
    passes: "Ok",
    failures: &[&MISSING, &MISMATCH],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let restrictions = assertion.conditions.iter().flat_map(|c| &c.audience_restrictions);
    let restrictions: Vec<&AudienceRestriction> = restrictions.collect();
    if restrictions.is_empty() {
        return MISSING.failure().expected(&cx.config.entity_id).at(assertion.at).into();
    }
    // Compared byte for byte: an entity ID is a name, not a URL to normalise. Near misses (a trailing slash, http for https) are
    // for the reader to see, not an excuse to pass.
    let missed = restrictions.into_iter().filter_map(|restriction| mismatch(restriction, cx));
    missed.collect::<Vec<_>>().into()
}

fn mismatch(restriction: &AudienceRestriction, cx: &Context<'_>) -> Option<Failure> {
    let expected = &cx.config.entity_id;
    if restriction.audiences.iter().any(|audience| audience.text == *expected.given()) {
        return None;
    }
    let at = restriction.audiences.first().map_or(restriction.at, |audience| audience.at);
    let failure = MISMATCH.failure().what("Audience").expected(expected).at(at);
    Some(restriction.audiences.iter().fold(failure, |f, audience| f.found(audience.text.as_str())))
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{ASSERTION, Case};
    use crate::support::response::ENTITY_ID;

    const RESTRICTION: &str =
        "/samlp:Response/saml:Assertion/saml:Conditions/saml:AudienceRestriction";

    fn restricted(to: &[&[&str]]) -> Case {
        let owned = |list: &&[&str]| list.iter().map(|&audience| audience.to_owned()).collect();
        let lists = to.iter().map(owned).collect();
        Case::usual().message(|r| r.assertion().conditions().audience_restrictions = lists)
    }

    #[test]
    fn the_configured_entity_id_passes() {
        Case::usual().passes("audience");
    }

    #[test]
    fn within_one_restriction_any_audience_is_enough() {
        restricted(&[&["urn:other", ENTITY_ID, "urn:third"]]).is_accepted();
    }

    #[test]
    fn across_several_restrictions_each_must_hold() {
        restricted(&[&[ENTITY_ID], &["urn:other", ENTITY_ID]]).is_accepted();
        let at = format!("{RESTRICTION}[2]/saml:Audience[1]");
        let case = restricted(&[&[ENTITY_ID], &["urn:other", "urn:third"]]);
        case.fails("audience", ["audience-mismatch", ENTITY_ID, "urn:other | urn:third", &at]);
        let case = restricted(&[&["urn:other"], &["urn:third"], &[ENTITY_ID]]);
        case.fails_with("audience", &["audience-mismatch"; 2]);
    }

    #[test]
    fn an_assertion_for_nobody_in_particular_is_rejected() {
        let expected = ["audience-missing", ENTITY_ID, "", ASSERTION];
        restricted(&[]).fails("audience", expected);
        Case::usual().message(|r| r.assertion().conditions = None).fails("audience", expected);
    }

    #[test]
    fn a_restriction_to_nobody_is_no_restriction_to_us() {
        restricted(&[&[]]).fails("audience", ["audience-mismatch", ENTITY_ID, "", RESTRICTION]);
    }

    #[test]
    fn the_audience_is_compared_letter_for_letter() {
        let at = format!("{RESTRICTION}/saml:Audience");
        for other in [
            "https://acme.my.salesforce.com/",
            "http://acme.my.salesforce.com",
            "https://ACME.my.salesforce.com",
            "https://acme.my.salesforce.com\u{a0}",
            "https://acme.my.salesforce.com.evil.example",
            "\u{feff}https://acme.my.salesforce.com",
            "",
        ] {
            restricted(&[&[other]]).fails("audience", ["audience-mismatch", ENTITY_ID, other, &at]);
        }
    }

    #[test]
    fn white_space_of_pretty_printing_is_ignored_and_told() {
        let spaced = format!("\n  {ENTITY_ID}\n");
        let case = restricted(&[&[&spaced]]);
        case.is_accepted();
        case.finds("whitespace-trimmed", &spaced, &format!("{RESTRICTION}/saml:Audience"));
    }
}
