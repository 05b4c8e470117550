//! Faults injected into messages of several shapes, and what the first diagnosis says of each.

use std::collections::BTreeSet;

use super::{RULES, When, causes};
use crate::checks;
use crate::checks::fixture::{Case, given};
use crate::config::users::Users;
use crate::config::{IdentityLocation, IdentityType};
use crate::support::assertion::Attribute;
use crate::support::keys::Key;
use crate::support::response::{ENTITY_ID, ISSUER, LOGIN_URL, Response, Status};
use crate::support::signature::{KeyInfo, Signing};
use crate::support::uri;
use crate::support::xml::{pretty_print, replace_once};

#[test]
fn every_cause_has_its_words_and_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    for (rule, cause) in causes() {
        assert!(seen.insert(cause.code), "{} stands twice", cause.code);
        assert!(checks::code_by_id(cause.code).is_none() && checks::by_id(cause.code).is_none());
        assert!(crate::finding::ALL.iter().all(|finding| finding.id != cause.code));
        for sentence in [cause.says, cause.fix_sp, cause.fix_idp] {
            assert!(sentence.ends_with('.'), "{}: {sentence}", cause.code);
        }
        for check in rule.explains {
            assert!(checks::by_id(check).is_some(), "{} explains no check {check}", rule.id);
        }
    }
}

#[test]
fn a_rule_stands_in_the_file_of_its_name() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnosis");
    for rule in RULES {
        let file = folder.join(format!("{}.rs", rule.id.replace('-', "_")));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(&format!("id: \"{}\"", rule.id)), "{}", file.display());
    }
}

/// The codes of all diagnoses in these samples, by what is printed of them.
fn told_by_samples() -> BTreeSet<String> {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let folders = std::fs::read_dir(samples).unwrap().map(|entry| entry.unwrap().path());
    let mut told = BTreeSet::new();
    for file in folders.map(|folder| folder.join("expected.json")).filter(|file| file.is_file()) {
        let printed: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let reports = printed.as_array().cloned().unwrap_or_else(|| vec![printed]);
        for report in reports {
            let diagnoses = report["diagnosis"].as_array().cloned().unwrap_or_default();
            told.extend(diagnoses.iter().map(|d| d["code"].as_str().unwrap().to_owned()));
        }
    }
    told
}

#[test]
fn every_rule_that_speaks_by_itself_does_so_in_some_sample() {
    let told = told_by_samples();
    for rule in RULES.iter().filter(|rule| rule.when != When::Asked) {
        let is_told = rule.causes.iter().any(|cause| told.contains(cause.code));
        assert!(is_told, "no sample shows {}", rule.id);
    }
}

type Edit = fn(&mut Response);

/// How identity providers differ in what they send.
const SHAPES: [(&str, Edit); 5] = [
    ("assertion signed", |_| {}),
    ("both signed", |response| response.signing = Some(Signing::with(Key::Idp))),
    ("response signed", |response| {
        response.signing = Some(Signing::with(Key::Idp));
        response.assertion().signing = None;
    }),
    ("claim URIs, unsolicited", |response| {
        response.in_response_to = None;
        let assertion = response.assertion();
        assertion.confirmation().in_response_to = None;
        let claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
        assertion.attributes = vec![
            Attribute::new(&format!("{claims}/emailaddress"), &["zoe@example.com"]),
            Attribute::new(&format!("{claims}/name"), &["zoe"]),
        ];
    }),
    ("no attributes, SHA-384, no KeyInfo", |response| {
        let assertion = response.assertion();
        assertion.attributes = Vec::new();
        assertion.signing = Some(Signing {
            digest: crate::support::signature::Digest::Sha384,
            key_info: KeyInfo::Absent,
            ..Signing::with(Key::Idp)
        });
    }),
];

fn signings(response: &mut Response, edit: impl Fn(&mut Signing)) {
    response.signing.iter_mut().for_each(&edit);
    response.assertion().signing.iter_mut().for_each(&edit);
}

fn audience(response: &mut Response, audience: &str) {
    response.assertion().conditions().audience_restrictions = vec![vec![audience.to_owned()]];
}

fn recipient(response: &mut Response, recipient: &str) {
    response.destination = Some(recipient.to_owned());
    response.assertion().confirmation().recipient = Some(recipient.to_owned());
}

fn issuer(response: &mut Response, issuer: &str) {
    issuer.clone_into(&mut response.issuer.as_mut().unwrap().value);
    issuer.clone_into(&mut response.assertion().issuer.as_mut().unwrap().value);
}

fn users(case: Case) -> Case {
    let csv = "Id,Username,FederationIdentifier,IsActive\n\
               0055f00000BqXw1,zoe@acme.example,ZMueller@example.com,true\n\
               0055f00000BqXw3,old@acme.example,gone,false\n";
    case.config(|c| c.users = Some(Users::parse(csv.as_bytes(), "users.csv".as_ref()).unwrap()))
}

type Fault = fn(Case) -> Case;

/// What is wrong, how it is injected, and the code of the first diagnosis.
const FAULTS: [(&str, Fault, &str); 30] = [
    ("pretty-printed", |c| c.altered(|xml| pretty_print(&xml)), "reformatted"),
    (
        "another value",
        |c| c.altered(|x| x.replace(">zmueller@", ">admin@")),
        "altered-after-signing",
    ),
    (
        "rolled over",
        |c| {
            c.message(|r| {
                signings(r, |s| {
                    *s = Signing {
                        key_info: KeyInfo::Certificate(Key::Successor.certificate()),
                        ..Signing::with(Key::Successor)
                    };
                });
            })
        },
        "certificate-rolled-over",
    ),
    (
        "somebody else's key",
        |c| c.message(|r| signings(r, |s| *s = Signing::with(Key::Other))),
        "signed-by-unknown-certificate",
    ),
    (
        "another key without KeyInfo",
        |c| {
            c.message(|r| {
                signings(r, |s| {
                    *s = Signing { key_info: KeyInfo::Absent, ..Signing::with(Key::Other) };
                });
            })
        },
        "signed-by-another-key",
    ),
    (
        "the right certificate with another key",
        |c| {
            c.message(|r| {
                signings(r, |s| {
                    let certificate = KeyInfo::Certificate(Key::Idp.certificate());
                    *s = Signing { key_info: certificate, ..Signing::with(Key::Other) };
                });
            })
        },
        "signature-value-wrong",
    ),
    (
        "unsigned",
        |c| {
            c.message(|r| {
                r.signing = None;
                r.assertion().signing = None;
            })
        },
        "not-signed",
    ),
    ("looked at hours later", |c| c.at("12:00:00"), "looked-at-late"),
    ("clock ahead", |c| c.at("09:40:00"), "idp-clock-ahead"),
    ("clock behind", |c| c.at("10:20:00"), "idp-clock-behind"),
    (
        "audience with a slash",
        |c| c.message(|r| audience(r, &format!("{ENTITY_ID}/"))),
        "near-miss",
    ),
    (
        "audience in capitals",
        |c| c.message(|r| audience(r, "https://ACME.my.salesforce.com")),
        "near-miss",
    ),
    (
        "audience with a zero-width space",
        |c| c.message(|r| audience(r, "https://acme.my.sales\u{200b}force.com")),
        "near-miss",
    ),
    (
        "audience with a Cyrillic letter",
        |c| c.message(|r| audience(r, "https://\u{430}cme.my.salesforce.com")),
        "near-miss",
    ),
    (
        "audience with a port",
        |c| c.message(|r| audience(r, "https://acme.my.salesforce.com:443")),
        "near-miss",
    ),
    (
        "audience with www",
        |c| c.message(|r| audience(r, "https://www.acme.my.salesforce.com")),
        "near-miss",
    ),
    ("another audience", |c| c.message(|r| audience(r, "https://other.example")), "values-differ"),
    (
        "issuer over http",
        |c| c.message(|r| issuer(r, &ISSUER.replace("https", "http"))),
        "near-miss",
    ),
    (
        "issuer escaped",
        |c| c.message(|r| issuer(r, &ISSUER.replace("meta", "%6Deta"))),
        "near-miss",
    ),
    (
        "recipient without so=",
        // Where the Entity ID is the address without its query, this is a swapped field as well.
        |c| {
            c.config(|c| c.entity_id = given("https://saml.salesforce.com")).message(|r| {
                audience(r, "https://saml.salesforce.com");
                recipient(r, "https://acme.my.salesforce.com");
            })
        },
        "near-miss",
    ),
    (
        "recipient with sc=",
        |c| c.message(|r| recipient(r, &format!("{LOGIN_URL}&sc=0LE000000000001"))),
        "near-miss",
    ),
    (
        "recipient of a refreshed org",
        |c| c.message(|r| recipient(r, "https://acme.my.salesforce.com?so=00D000000000009")),
        "organization-changed",
    ),
    ("login URL as audience", |c| c.message(|r| audience(r, LOGIN_URL)), "swapped-fields"),
    (
        "entity ID as recipient",
        |c| c.message(|r| recipient(r, ENTITY_ID)).config(|c| c.entity_id = given(ENTITY_ID)),
        "swapped-fields",
    ),
    (
        "refused",
        |c| {
            c.message(|r| {
                r.status = Some(Status::new(&[uri::RESPONDER, uri::AUTHN_FAILED]));
                r.assertion = None;
            })
        },
        "idp-refused-authentication",
    ),
    ("user in another case", users, "user-differs-in-case"),
    (
        "inactive user",
        |c| users(c.message(|r| "gone".clone_into(&mut r.assertion().name_id().value))),
        "user-inactive",
    ),
    (
        "user name as Federation ID",
        |c| {
            users(c.message(|r| "zoe@acme.example".clone_into(&mut r.assertion().name_id().value)))
                .config(|c| c.identity_type = IdentityType::FederationId)
        },
        "user-identity-type",
    ),
    (
        "attribute that does not come",
        |c| {
            c.config(|c| {
                c.identity_location = IdentityLocation::Attribute { name: given("employeeNumber") };
            })
        },
        "identity-elsewhere",
    ),
    ("no conditions", |c| c.message(|r| r.assertion().conditions = None), "assertion-incomplete"),
];

#[test]
fn the_first_diagnosis_names_the_fault_in_every_shape() {
    let mut wrong = Vec::new();
    for (shape, form) in SHAPES {
        for (fault, inject, code) in FAULTS {
            let case = inject(Case::usual().message(form));
            let report = case.report();
            let found = report.diagnoses().first().map_or("nothing", |first| first.cause.code);
            if found != code {
                wrong.push(format!("{shape}, {fault}: {found} instead of {code}"));
            }
            assert!(!report.is_accepted(), "{shape}, {fault}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_healthy_message_of_any_shape_gets_no_diagnosis() {
    for (shape, form) in SHAPES {
        let report = Case::usual().message(form).is_accepted();
        assert_eq!(report.diagnoses(), [], "{shape}");
    }
    assert_eq!(Case::usual().bare().is_accepted().diagnoses(), []);
}

#[test]
fn a_wrapped_assertion_is_called_an_attack() {
    let case = Case::usual().altered(|xml| {
        let begin = xml.find("<saml:Assertion").unwrap();
        let end = xml.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
        let good = xml[begin..end].to_owned();
        let evil = good.replace("zmueller@", "admin@").replacen("ID=\"_a", "ID=\"_b", 1);
        replace_once(&xml, &good, &format!("{evil}{good}"))
    });
    let report = case.report();
    assert_eq!(report.diagnoses().first().unwrap().cause.code, "signature-wrapped");
}

#[test]
fn a_diagnosis_explains_only_what_failed() {
    let report = Case::usual().message(|r| audience(r, &format!("{ENTITY_ID}/"))).report();
    let [only] = report.diagnoses() else { panic!("{:?}", report.diagnoses()) };
    assert_eq!(only.explains, ["audience"]);
    assert_eq!(report.exit_code(), 1);
}
