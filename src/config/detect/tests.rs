use super::*;
use crate::config::fixture::sp;

const X: &str = "https://idp-x.example";
const Y: &str = "https://idp-y.example";
const ONE: &str = "https://one.my.salesforce.com";
const TWO: &str = "https://two.my.salesforce.com";
const LOGIN_ONE: &str = "https://one.my.salesforce.com?so=00D000000000001";
const LOGIN_TWO: &str = "https://two.my.salesforce.com?so=00D000000000002";

fn seen<'m>(issuer: &'m str, audience: &'m str, recipient: &'m str) -> Seen<'m> {
    Seen { issuer: Some(issuer), audiences: vec![audience], recipients: vec![recipient] }
}

/// The chosen name, whether it is certain, and the reason.
fn chosen(configs: &[SpConfig], seen: &Seen<'_>) -> (String, bool, String) {
    let chosen = detect(configs, seen).chosen.unwrap();
    (chosen.config.name.clone(), chosen.certain, chosen.because.to_string())
}

fn certain(name: &str, because: &str) -> (String, bool, String) {
    (name.to_owned(), true, because.to_owned())
}

fn guess(name: &str, because: &str) -> (String, bool, String) {
    (name.to_owned(), false, because.to_owned())
}

#[test]
fn the_pair_of_issuer_and_audience_decides_first() {
    let configs =
        [sp("a", X, ONE, LOGIN_ONE), sp("b", X, TWO, LOGIN_TWO), sp("c", Y, TWO, LOGIN_TWO)];
    let found = chosen(&configs, &seen(X, TWO, LOGIN_ONE));
    assert_eq!(found, certain("b", "Issuer and Audience match"));
}

#[test]
fn a_unique_issuer_decides_before_a_unique_audience() {
    let configs = [sp("a", X, ONE, LOGIN_ONE), sp("b", Y, TWO, LOGIN_TWO)];
    assert_eq!(chosen(&configs, &seen(Y, ONE, LOGIN_ONE)), certain("b", "Issuer matches"));
}

#[test]
fn a_unique_audience_decides_when_the_issuer_does_not() {
    let configs = [sp("a", X, ONE, LOGIN_ONE), sp("b", X, TWO, LOGIN_TWO)];
    assert_eq!(chosen(&configs, &seen(Y, TWO, LOGIN_ONE)), certain("b", "Audience matches"));
    let configs =
        [sp("a", X, ONE, LOGIN_ONE), sp("b", X, ONE, LOGIN_ONE), sp("c", Y, TWO, LOGIN_TWO)];
    assert_eq!(chosen(&configs, &seen(X, TWO, LOGIN_ONE)), certain("c", "Audience matches"));
}

#[test]
fn the_org_id_in_the_recipient_decides_in_its_15_and_18_character_forms() {
    let configs = [sp("a", X, ONE, LOGIN_ONE), sp("b", X, ONE, LOGIN_TWO)];
    let recipient = "https://anything.example/login?so=00D000000000002EAA";
    let because = "organization id so=00D000000000002 matches";
    assert_eq!(chosen(&configs, &seen(X, ONE, recipient)), certain("b", because));
}

#[test]
fn a_configured_organization_id_goes_before_the_one_in_the_login_url() {
    let mut configs = [sp("a", X, ONE, LOGIN_ONE), sp("b", X, ONE, LOGIN_ONE)];
    configs[1].organization_id =
        Some(crate::config::Expect::new("00D000000000009AAA".to_owned(), Source::Default));
    let recipient = "https://anything.example?so=00D000000000009";
    let because = "organization id so=00D000000000009AAA matches";
    assert_eq!(chosen(&configs, &seen(X, ONE, recipient)), certain("b", because));
}

#[test]
fn issuer_and_org_id_decide_together_what_neither_decides_alone() {
    let configs =
        [sp("a", X, ONE, LOGIN_ONE), sp("b", X, ONE, LOGIN_TWO), sp("c", Y, ONE, LOGIN_ONE)];
    let because = "organization id so=00D000000000001 matches";
    assert_eq!(chosen(&configs, &seen(X, ONE, LOGIN_ONE)), certain("a", because));
    assert_eq!(chosen(&configs, &seen(X, "other", LOGIN_ONE)), certain("a", because));
}

#[test]
fn the_whole_recipient_tells_a_site_from_its_org() {
    let site = "https://acme.my.site.com/customers/login?so=00D000000000001";
    let configs = [sp("org", X, ONE, LOGIN_ONE), sp("site", X, ONE, site)];
    assert_eq!(chosen(&configs, &seen(X, ONE, site)), certain("site", "Recipient matches"));
}

#[test]
fn a_tie_is_a_guess_and_the_first_of_the_file() {
    let configs = [sp("a", X, ONE, LOGIN_ONE), sp("b", X, ONE, LOGIN_ONE)];
    let found = chosen(&configs, &seen(X, ONE, LOGIN_TWO));
    assert_eq!(found, guess("a", "best guess: Issuer and Audience match"));
    let found = chosen(&configs, &seen(X, TWO, LOGIN_TWO));
    assert_eq!(found, guess("a", "best guess: Issuer matches"));
}

#[test]
fn when_nothing_agrees_nothing_is_chosen_and_all_are_listed() {
    let configs = [sp("a", X, ONE, LOGIN_ONE), sp("b", X, ONE, LOGIN_TWO)];
    let found = detect(&configs, &seen(Y, TWO, "https://other.example"));
    assert!(found.chosen.is_none());
    assert_eq!(found.candidates.len(), 2);
    assert_eq!(found.runner_up().unwrap().config.name, "a");
    assert!(detect(&configs, &Seen::default()).chosen.is_none());
    assert!(detect(&[], &seen(X, ONE, LOGIN_ONE)).chosen.is_none());
}

#[test]
fn a_single_configuration_is_the_one_whatever_the_message_says() {
    let configs = [sp("a", X, ONE, LOGIN_ONE)];
    let found = chosen(&configs, &seen(Y, TWO, LOGIN_TWO));
    assert_eq!(found, certain("a", "the only configuration"));
    assert_eq!(chosen(&configs, &Seen::default()), certain("a", "the only configuration"));
    let found = chosen(&configs, &seen(X, ONE, LOGIN_ONE));
    assert_eq!(found, certain("a", "Issuer and Audience match"));
    assert!(detect(&configs, &Seen::default()).runner_up().is_none());
}

#[test]
fn names_are_compared_byte_for_byte() {
    let configs = [sp("a", X, ONE, LOGIN_ONE), sp("b", Y, TWO, LOGIN_TWO)];
    let issuer = "https://idp-x.example/";
    let found = detect(&configs, &seen(issuer, &ONE.to_uppercase(), "https://other.example"));
    assert!(found.chosen.is_none());
}

#[test]
fn the_runner_up_says_what_agrees_and_what_differs() {
    let configs =
        [sp("a", Y, ONE, LOGIN_ONE), sp("b", X, TWO, LOGIN_TWO), sp("c", X, ONE, LOGIN_ONE)];
    let message =
        Seen { issuer: Some(X), audiences: vec!["urn:other", TWO], recipients: vec![LOGIN_TWO] };
    let found = detect(&configs, &message);
    assert_eq!(found.chosen.as_ref().unwrap().config.name, "b");
    let names: Vec<&str> = found.candidates.iter().map(|c| c.config.name.as_str()).collect();
    assert_eq!(names, ["b", "c", "a"]);
    assert_eq!(
        found.runner_up().unwrap().differs(),
        "Issuer agrees; \
         Audience differs: expected https://one.my.salesforce.com, \
         found urn:other and https://two.my.salesforce.com; \
         Recipient differs: expected https://one.my.salesforce.com?so=00D000000000001, \
         found https://two.my.salesforce.com?so=00D000000000002; \
         organization id differs: expected 00D000000000001, found 00D000000000002"
    );
}

#[test]
fn what_a_message_does_not_have_is_absent_and_no_difference() {
    let configs = [sp("a", X, ONE, "https://login.salesforce.com")];
    let found = detect(&configs, &Seen { issuer: Some(X), ..Seen::default() });
    let differs = found.candidates[0].differs();
    let expected = "Issuer agrees; Audience absent; Recipient absent; organization id absent";
    assert_eq!(differs, expected);
}

#[test]
fn the_token_endpoint_is_a_recipient_too() {
    let mut configs = [sp("a", X, ONE, LOGIN_ONE), sp("b", X, ONE, LOGIN_ONE)];
    let token = "https://one.my.salesforce.com/services/oauth2/token?so=00D000000000001";
    configs[1].token_endpoint = Some(crate::config::Expect::new(token.to_owned(), Source::Default));
    assert_eq!(chosen(&configs, &seen(X, ONE, token)), certain("b", "Recipient matches"));
}

#[test]
fn a_named_configuration_is_taken_and_the_likeliest_other_is_the_runner_up() {
    let configs =
        [sp("a", Y, ONE, LOGIN_ONE), sp("b", Y, TWO, LOGIN_TWO), sp("c", X, ONE, LOGIN_ONE)];
    let found = named(&configs, "b", &seen(X, ONE, LOGIN_ONE)).unwrap();
    let chosen = found.chosen.as_ref().unwrap();
    assert_eq!((chosen.config.name.as_str(), chosen.certain), ("b", true));
    assert_eq!(chosen.because.to_string(), "named by --sp");
    assert_eq!(found.runner_up().unwrap().config.name, "c");
}

#[test]
fn an_unknown_name_is_answered_with_the_known_ones() {
    let configs = [sp("acme-prod", Y, ONE, LOGIN_ONE), sp("test", Y, TWO, LOGIN_TWO)];
    let error = |name| named(&configs, name, &Seen::default()).unwrap_err().to_string();
    assert_eq!(
        error("acme-prd"),
        "--sp: there is no configuration `acme-prd`; did you mean `acme-prod`? There is `acme-prod`, `test`"
    );
    assert_eq!(error("zzz"), "--sp: there is no configuration `zzz`; there is `acme-prod`, `test`");
}

#[test]
fn every_reason_is_a_sentence() {
    assert_eq!(Because::Audience.to_string(), "Audience matches");
    assert_eq!(Because::OnlyConfiguration.to_string(), "the only configuration");
}
