//! Knows what was signed, and holds every acceptance against it.

use std::io;
use std::path::Path;

use samlcheck::config::{Configuration, load};
use samlcheck::input;
use samlcheck::limits::Limits;
use samlcheck::report::Report;
use samlcheck::saml::{self, Message};
use samlcheck::validate::{At, Options, parse, validate};

use crate::support::assertion::Assertion;
use crate::support::keys::Key;
use crate::support::response::Response;
use crate::support::samples;
use crate::support::signature::Signing;
use crate::support::xml::replace_once;

/// The usual service provider, which trusts two keys: the samples' and the one that signs fast.
const CONFIGURATION: &str = r#"[[sp]]
name = "acme-prod"
issuer = "https://idp.example.com/metadata"
entity_id = "https://acme.my.salesforce.com"
login_url = "https://acme.my.salesforce.com?so=00D000000000001"
idp_certificate = ["rsa.pem", "ec.pem"]
identity_type = "federation-id"
"#;

/// What an identity provider signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Truth {
    subject: String,
    audiences: Vec<String>,
    assertion_id: String,
    /// Name and values of every attribute.
    attributes: Vec<(String, Vec<String>)>,
}

/// A message as it was signed.
pub(crate) struct Seed {
    pub(crate) xml: String,
    pub(crate) truth: Truth,
}

pub(crate) struct Oracle {
    configuration: Configuration,
    options: Options,
    pub(crate) seeds: Vec<Seed>,
    /// What any sample says that was signed and not altered.
    samples: Vec<Truth>,
}

/// Outer white space goes, where the reader of identities takes it away: exactly the four characters of XML.
fn trimmed(text: &str) -> String {
    text.trim_matches([' ', '\t', '\r', '\n']).to_owned()
}

impl Truth {
    /// What the toy is about to sign.
    pub(crate) fn of(response: &Response) -> Self {
        let assertion = response.assertion.as_ref().unwrap();
        let conditions = assertion.conditions.as_ref().unwrap();
        let subject = assertion.subject.as_ref().unwrap().name_id.as_ref().unwrap();
        let attributes = assertion.attributes.iter();
        Self {
            subject: trimmed(&subject.value),
            audiences: conditions
                .audience_restrictions
                .concat()
                .iter()
                .map(|a| trimmed(a))
                .collect(),
            assertion_id: assertion.id.clone().unwrap(),
            attributes: attributes.map(|a| (a.name.clone(), a.values.clone())).collect(),
        }
    }

    /// What the tool read.
    fn read(assertion: &saml::Assertion) -> Option<Self> {
        let values = |attribute: &saml::Attribute| {
            attribute.values.iter().flatten().map(|value| value.text.clone()).collect()
        };
        let attributes = assertion.attributes.iter();
        Some(Self {
            subject: assertion.name_id()?.value.text.clone(),
            audiences: assertion.audiences().map(|audience| audience.text.clone()).collect(),
            assertion_id: assertion.id.clone()?,
            attributes: attributes.map(|a| (a.name.clone(), values(a))).collect(),
        })
    }
}

impl Oracle {
    pub(crate) fn new() -> Self {
        let read = |path: &Path| match path.to_str() {
            Some("rsa.pem") => Ok(Key::Idp.certificate().to_pem().unwrap()),
            Some("ec.pem") => Ok(Key::P256.certificate().to_pem().unwrap()),
            _ => Err(io::Error::from(io::ErrorKind::NotFound)),
        };
        let configuration = load(Path::new("samlcheck.toml"), CONFIGURATION, &read).unwrap();
        let at = "2026-01-15T10:01:00Z".parse().unwrap();
        let limits = Limits {
            decoded_bytes: 1 << 18,
            inflated_bytes: 1 << 18,
            depth: 64,
            ..Limits::default()
        };
        let options = Options {
            at: At::Given(at),
            clock: at,
            service_provider: None,
            engine: samlcheck::crypto::EngineChoice::default(),
            limits,
        };
        let oracle = Self { configuration, options, seeds: seeds(), samples: signed_samples() };
        for seed in &oracle.seeds {
            let report = oracle.validate(seed.xml.as_bytes());
            assert!(report.is_accepted(), "a seed is not accepted: {:?}", report.lines());
        }
        oracle
    }

    fn validate(&self, bytes: &[u8]) -> Report {
        validate(bytes, "fuzz", &self.configuration, &self.options)
    }

    /// If the message is accepted, it says exactly this.
    pub(crate) fn only(&self, truth: &Truth, xml: &str) {
        let report = self.validate(xml.as_bytes());
        coherent(&report);
        if let Some(accepted) = accepted(&report) {
            assert_eq!(&accepted, truth, "accepted, and never signed: {xml}");
        }
    }

    /// If the input is accepted, it says what one of the samples says.
    pub(crate) fn as_given(&self, bytes: &[u8]) {
        let report = self.validate(bytes);
        coherent(&report);
        if let Some(accepted) = accepted(&report) {
            assert!(self.samples.contains(&accepted), "accepted, and never signed: {accepted:?}");
        }
    }
}

/// What an accepted message says.
fn accepted(report: &Report) -> Option<Truth> {
    if !report.is_accepted() {
        return None;
    }
    let assertion = report.message().and_then(Message::assertion).unwrap();
    let truth = Truth::read(assertion).unwrap();
    assert_eq!(report.subject(), Some(truth.subject.as_str()));
    assert_eq!(report.assertion_id(), Some(truth.assertion_id.as_str()));
    assert_eq!(truth.audiences, ["https://acme.my.salesforce.com"]);
    Some(truth)
}

/// What holds for every report.
fn coherent(report: &Report) {
    assert_eq!(report.is_accepted(), report.exit_code() == 0);
    assert_eq!(report.lines().len(), samlcheck::checks::CHECKS.len());
    assert!(report.is_accepted() <= report.is_signed());
    assert!(report.is_accepted() <= (report.failed().count() == 0));
    for at in report.failed().flat_map(|line| line.outcome.failures()).filter_map(|f| f.at) {
        assert!(report.location(at).is_some(), "a failure is at a place of the document");
    }
    if let Some(assertion) = report.message().and_then(Message::assertion) {
        let place = |at| report.location(at).unwrap().xpath;
        assert!(place(assertion.at).ends_with("Assertion") || place(assertion.at).ends_with(']'));
        if let Some(name_id) = assertion.name_id() {
            let element = report.parts().document.as_ref().unwrap().element(name_id.value.at.0);
            assert_eq!(element.unwrap().local_name(), "NameID");
        }
    }
}

/// One message of each shape that can be accepted.
fn seeds() -> Vec<Seed> {
    let rsa = || Some(Signing::with(Key::Idp));
    let both = Response { signing: rsa(), ..Response::usual() };
    let mut response_only = both.clone();
    response_only.assertion().signing = None;
    let mut whole_document = response_only.clone();
    whole_document.signing.as_mut().unwrap().edit_signed_info = std::rc::Rc::new(|info| {
        let start = info.find("URI=\"").unwrap() + 5;
        let end = start + info[start..].find('"').unwrap();
        format!("{}{}", &info[..start], &info[end..])
    });
    let mut bare = Response::usual();
    bare.assertion().confirmation().in_response_to = None;
    let mut commented = Response::usual();
    commented.assertion().signing.as_mut().unwrap().edit_signed_info = std::rc::Rc::new(|info| {
        let method = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"";
        replace_once(&info, method, &method.replace("n#", "n#WithComments"))
    });
    let bare_xml = bare.assertion.as_ref().map(Assertion::xml).unwrap();
    let whole = [Response::usual(), both, response_only, whole_document, commented];
    let mut seeds: Vec<Seed> =
        whole.iter().map(|r| Seed { xml: r.xml(), truth: Truth::of(r) }).collect();
    seeds.push(Seed { xml: bare_xml, truth: Truth::of(&bare) });
    seeds
}

/// What the samples say, but for the one that was altered after it was signed.
fn signed_samples() -> Vec<Truth> {
    let mut truths: Vec<Truth> = Vec::new();
    for sample in samples::all().iter().filter(|s| !s.name.contains("altered")) {
        for bytes in sample.files().values() {
            let truth = input::read(bytes, "sample", &Limits::default())
                .ok()
                .and_then(|captured| parse(&captured.bytes, &Limits::default()).ok())
                .and_then(|document| Truth::read(Message::read(&document).ok()?.assertion()?));
            truths.extend(truth);
        }
    }
    truths.dedup();
    truths
}
