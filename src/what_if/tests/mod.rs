//! One fault each, and the change that would let the message in; and messages for which there must be none.

mod adopted;

use jiff::{SignedDuration, Timestamp};

use super::{Change, what_if};
use crate::checks::fixture::{Case, given, usual_day};
use crate::config::{Configuration, Expect, SpConfig};
use crate::crypto::EngineChoice;
use crate::crypto::certificate::Certificate;
use crate::input::{self, CaptureClock, CapturedAt};
use crate::limits::Limits;
use crate::support::keys::Key;
use crate::support::response::{ENTITY_ID, ISSUER, LOGIN_URL, Response};
use crate::support::signature::{KeyInfo, Signing};
use crate::support::xml::pretty_print;
use crate::validate::{At, Options, validate_captured};

/// A message, the configurations and the moment.
struct Asked {
    case: Case,
    others: Vec<SpConfig>,
    at: Timestamp,
    captured_at: Option<Timestamp>,
    named: Option<&'static str>,
}

fn asked(case: Case) -> Asked {
    Asked {
        case,
        others: Vec::new(),
        at: usual_day("10:01:00"),
        captured_at: None,
        named: Some("acme-prod"),
    }
}

impl Asked {
    fn at(mut self, time: &str) -> Self {
        self.at = usual_day(time);
        self
    }

    fn beside(mut self, name: &str, edit: impl FnOnce(&mut SpConfig)) -> Self {
        let mut other = Case::usual().configuration();
        name.clone_into(&mut other.name);
        edit(&mut other);
        self.others.push(other);
        self
    }

    /// The changes, after making sure that the report is the one that is given without asking.
    #[track_caller]
    fn changes(&self) -> Vec<Change> {
        let limits = Limits::default();
        let mut service_providers = vec![self.case.configuration()];
        service_providers.extend(self.others.iter().cloned());
        let configuration = Configuration { service_providers, limits, path: None };
        let at = if self.captured_at.is_some() { At::Now } else { At::Given(self.at) };
        let options = Options {
            at,
            clock: self.at,
            service_provider: self.named.map(str::to_owned),
            engine: EngineChoice::default(),
            limits,
        };
        let mut message = input::read(self.case.xml().as_bytes(), "test", &limits).unwrap();
        message.captured_at =
            self.captured_at.map(|instant| CapturedAt { instant, clock: CaptureClock::HarStarted });
        let judge = || validate_captured(&message, &configuration, &options);
        let before = judge();
        let changes = what_if(&message, &before, &configuration, &options);
        let mut after = judge();
        after.set_what_if(changes.clone());
        assert_eq!(before.is_accepted(), after.is_accepted());
        assert_eq!(before.exit_code(), after.exit_code());
        assert_eq!(before.diagnoses(), after.diagnoses());
        changes
    }

    /// Kind, setting, from, to and safety of each change.
    #[track_caller]
    fn told(&self) -> Vec<(&'static str, &'static str, String, String, bool)> {
        let text = |value: Option<String>| value.unwrap_or_else(|| "(none)".to_owned());
        let changes = self.changes().into_iter();
        changes
            .map(|change| {
                assert!(change.why.ends_with('.'), "{}", change.why);
                (change.kind, change.setting, text(change.from), text(change.to), change.safe)
            })
            .collect()
    }

    /// There is exactly this one change.
    #[track_caller]
    fn is(&self, kind: &str, setting: &str, from: &str, to: &str, safe: bool) {
        let told = self.told();
        let [(a, b, c, d, e)] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((*a, *b, c.as_str(), d.as_str(), *e), (kind, setting, from, to, safe));
    }
}

fn audience(response: &mut Response, audience: &str) {
    response.assertion().conditions().audience_restrictions = vec![vec![audience.to_owned()]];
}

fn recipient(response: &mut Response, recipient: &str) {
    response.destination = Some(recipient.to_owned());
    response.assertion().confirmation().recipient = Some(recipient.to_owned());
}

fn signed_with(key: Key) -> Case {
    Case::usual().message(|response| response.assertion().signing = Some(Signing::with(key)))
}

#[test]
fn an_accepted_message_needs_no_change() {
    assert_eq!(asked(Case::usual()).changes(), []);
}

#[test]
fn an_audience_can_be_adopted_and_is_unsafe_unless_it_is_the_same_name() {
    let other = asked(Case::usual().message(|r| audience(r, "https://other.example")));
    other.is("adopt-audience", "entity_id", ENTITY_ID, "https://other.example", false);
    let slash = format!("{ENTITY_ID}/");
    let near = asked(Case::usual().message(|r| audience(r, &slash)));
    near.is("adopt-audience", "entity_id", ENTITY_ID, &slash, true);
    let look_alike = "https://\u{430}cme.my.salesforce.com";
    let near = asked(Case::usual().message(|r| audience(r, look_alike)));
    near.is("adopt-audience", "entity_id", ENTITY_ID, look_alike, false);
}

#[test]
fn a_recipient_can_be_adopted_and_is_unsafe() {
    let other = "https://other.example/login";
    let case = asked(Case::usual().message(|r| recipient(r, other)));
    case.is("adopt-recipient", "login_url", LOGIN_URL, other, false);
    let another_org = "https://acme.my.salesforce.com?so=00D000000000009";
    let case = asked(Case::usual().message(|r| recipient(r, another_org)));
    case.is("adopt-recipient", "login_url", LOGIN_URL, another_org, false);
    let relative = asked(Case::usual().message(|r| recipient(r, "/login")));
    assert_eq!(relative.changes(), [], "no configuration can have it");
}

#[test]
fn an_issuer_can_be_adopted_and_is_unsafe() {
    let other = "https://idp.example.com/tenant/2";
    let case = asked(Case::usual().message(|r| {
        other.clone_into(&mut r.issuer.as_mut().unwrap().value);
        other.clone_into(&mut r.assertion().issuer.as_mut().unwrap().value);
    }));
    case.is("adopt-issuer", "issuer", ISSUER, other, false);
}

#[test]
fn two_faults_are_cured_by_no_single_change() {
    let case = Case::usual().message(|r| {
        audience(r, "https://other.example");
        recipient(r, "https://other.example/login");
    });
    assert_eq!(asked(case).changes(), []);
}

#[test]
fn the_smallest_skew_that_is_enough_is_safe_within_the_platforms() {
    let strict =
        |skew| Case::usual().config(move |c| c.clock_skew = SignedDuration::from_secs(skew));
    // Conditions and confirmation end at 10:05:00.
    let told = asked(strict(60)).at("10:07:00").told();
    let expected = ("lengthen-clock-skew", "clock_skew_seconds", "60", "121", true);
    let skew = told.iter().find(|told| told.0 == expected.0).unwrap();
    assert_eq!((skew.0, skew.1, skew.2.as_str(), skew.3.as_str(), skew.4), expected, "{told:?}");
    let told = asked(Case::usual()).at("10:10:00").told();
    let skew = told.iter().find(|told| told.1 == "clock_skew_seconds").unwrap();
    assert_eq!((skew.2.as_str(), skew.3.as_str(), skew.4), ("180", "301", false));
    // Before it was issued the limit itself is allowed.
    let told = asked(Case::usual()).at("09:50:00").told();
    let skew = told.iter().find(|told| told.1 == "clock_skew_seconds").unwrap();
    assert_eq!((skew.3.as_str(), skew.4), ("600", false));
}

#[test]
fn no_skew_over_a_day_is_offered() {
    let mut case = asked(Case::usual());
    case.at = usual_day("10:00:00") + SignedDuration::from_hours(48);
    let told = case.told();
    assert_eq!(told.iter().map(|told| told.1).collect::<Vec<_>>(), ["--at"]);
}

#[test]
fn a_longer_validity_is_told_where_it_is_enough() {
    let case = Case::usual().config(|c| {
        c.validity = SignedDuration::from_secs(10);
        c.clock_skew = SignedDuration::ZERO;
    });
    let told = asked(case).at("10:04:00").told();
    let validity = told.iter().find(|told| told.1 == "validity_seconds").unwrap();
    assert_eq!((validity.2.as_str(), validity.3.as_str(), validity.4), ("10", "240", true));
}

#[test]
fn a_late_look_is_told_with_the_moment_of_the_capture_before_that_of_the_issue() {
    let told = asked(Case::usual()).at("12:00:00").told();
    let first = told.first().unwrap();
    let (from, to) = ("2026-01-15T12:00:00Z", "2026-01-15T10:00:00Z");
    assert_eq!((first.0, first.1), ("judge-at-another-moment", "--at"));
    assert_eq!((first.2.as_str(), first.3.as_str(), first.4), (from, to, true));
    let mut captured = asked(Case::usual()).at("12:00:00");
    captured.captured_at = Some(usual_day("10:00:30"));
    assert_eq!(captured.told().first().unwrap().3, "2026-01-15T10:00:30Z");
}

#[test]
fn a_moment_inside_every_window_is_found_where_the_issue_lies_outside() {
    let case = Case::usual().config(|c| c.clock_skew = SignedDuration::ZERO).message(|r| {
        r.assertion().conditions().not_before = Some("2026-01-15T10:02:00Z".to_owned());
    });
    let told = asked(case).told();
    assert_eq!(told.first().unwrap().3, "2026-01-15T10:02:00Z", "{told:?}");
}

#[test]
fn another_configuration_that_accepts_the_message_is_named() {
    let sandbox = "https://acme--uat.sandbox.my.salesforce.com";
    let login = format!("{sandbox}?so=00D000000000002");
    let case = Case::usual().message(|r| {
        audience(r, sandbox);
        recipient(r, &login);
    });
    let case = asked(case).beside("acme-uat", |c| {
        c.entity_id = given(sandbox);
        c.login_url = given(&login);
    });
    case.is("use-another-configuration", "--sp", "acme-prod", "acme-uat", true);
}

#[test]
fn a_configuration_that_was_only_guessed_is_named() {
    let mut case = asked(Case::usual()).beside("acme-twin", |_| {});
    case.named = None;
    let told = case.told();
    let names: Vec<_> = told.iter().map(|told| (told.0, told.3.as_str(), told.4)).collect();
    let kind = "use-another-configuration";
    assert_eq!(names, [(kind, "acme-prod", true), (kind, "acme-twin", true)]);
}

#[test]
fn a_certificate_of_another_configuration_is_safe_only_with_the_same_identity_provider() {
    let certificate = |c: &mut SpConfig| {
        let other = Certificate::parse(&Key::Other.certificate().to_pem().unwrap()).unwrap();
        c.idp_certificates =
            other.into_iter().map(|one| Expect::new(one, given("").source().clone())).collect();
        // Nothing else of it fits.
        c.entity_id = given("https://uat.example");
    };
    let own = Case::usual().configuration().idp_certificates[0].given().sha256().to_owned();
    let kind = "add-certificate-of-another-configuration";
    let case = asked(signed_with(Key::Other)).beside("acme-uat", certificate);
    let theirs = case.others[0].idp_certificates[0].given().sha256().to_owned();
    case.is(kind, "idp_certificate", &own, &theirs, true);
    let stranger = asked(signed_with(Key::Other)).beside("other", |c| {
        certificate(c);
        c.issuer = given("https://other.example");
    });
    stranger.is(kind, "idp_certificate", &own, &theirs, false);
}

#[test]
fn a_certificate_of_the_message_is_only_ever_unsafe() {
    for key in [Key::Other, Key::Successor] {
        let own = Case::usual().configuration().idp_certificates[0].given().sha256().to_owned();
        let signed =
            Signing { key_info: KeyInfo::Certificate(key.certificate()), ..Signing::with(key) };
        let case = Case::usual().message(|r| r.assertion().signing = Some(signed));
        let changes = asked(case).changes();
        let [change] = changes.as_slice() else { panic!("{changes:?}") };
        assert_eq!((change.kind, change.safe), ("add-certificate-of-the-message", false));
        assert_eq!(change.from.as_ref(), Some(&own));
        assert!(change.to.as_ref().is_some_and(|to| to.len() == 95), "{change:?}");
        assert!(change.why.contains("fingerprint"), "{}", change.why);
    }
}

#[test]
fn nothing_makes_an_altered_forged_or_unsigned_message_accepted() {
    let faults: [fn(Case) -> Case; 7] = [
        |c| c.altered(|xml| xml.replace(">zmueller@", ">admin@")),
        |c| c.altered(|xml| pretty_print(&xml)),
        |c| c.message(|r| r.assertion().signing = None),
        |c| {
            c.message(|r| {
                let certificate = KeyInfo::Certificate(Key::Idp.certificate());
                r.assertion().signing =
                    Some(Signing { key_info: certificate, ..Signing::with(Key::Other) });
            })
        },
        |c| {
            c.message(|r| {
                r.assertion().signing =
                    Some(Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::Other) });
            })
        },
        |c| {
            c.message(|r| {
                r.assertion().signing = Some(Signing::with(Key::Other));
                audience(r, "https://other.example");
            })
        },
        |c| c.altered(|xml| xml.replace("status:Success", "status:Responder")),
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        let case = asked(fault(Case::usual())).beside("other", |c| {
            c.issuer = given("https://other.example");
        });
        assert_eq!(case.changes(), [], "fault {number}");
    }
}

#[test]
fn what_is_no_message_needs_no_change() {
    let case = Case::usual().altered(|_| "<a/>".to_owned());
    assert_eq!(asked(case).changes(), []);
}
