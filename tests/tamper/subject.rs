//! The genuine messages that are attacked: every sample that is accepted, and every accepted capture of real software.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use openssl::x509::X509;
use samlcheck::config::{self, Configuration, Expect, Source};
use samlcheck::crypto::EngineChoice;
use samlcheck::crypto::certificate::Certificate;
use samlcheck::limits::Limits;
use samlcheck::report::Report;
use samlcheck::saml::{ASSERTION, Assertion, DSIG, Message, PROTOCOL};
use samlcheck::validate::{At, Options, validate};
use samlcheck::xml::{Document, Element, to_text};

use super::surgery::{Edit, source};

/// How a message is judged.
#[derive(Clone)]
pub(crate) struct Judging {
    pub(crate) configuration: Configuration,
    pub(crate) at: Timestamp,
}

impl Judging {
    /// Makes this the identity provider's certificate: for messages that it really signed, or that a broken key signed.
    pub(crate) fn trust(&mut self, certificate: &X509) {
        let certificate = Certificate::from_der(&certificate.to_der().unwrap()).unwrap();
        for provider in &mut self.configuration.service_providers {
            let certificate = Expect::new(certificate.clone(), Source::Default);
            provider.idp_certificates = vec![certificate];
        }
    }

    fn judge(&self, message: &[u8]) -> Report {
        let options = Options {
            at: At::Given(self.at),
            clock: self.at,
            service_provider: None,
            engine: EngineChoice::default(),
            limits: Limits::default(),
        };
        validate(message, "tampered", &self.configuration, &options)
    }
}

/// What is signed, and must never come out as anything else.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) subject: Option<String>,
    pub(crate) audiences: Vec<String>,
    pub(crate) assertion_id: Option<String>,
}

impl Values {
    pub(crate) fn of(report: &Report) -> Self {
        let assertion = report.message().and_then(Message::assertion);
        let audiences = assertion.into_iter().flat_map(Assertion::audiences);
        Self {
            subject: report.subject().map(str::to_owned),
            audiences: audiences.map(|audience| audience.text.clone()).collect(),
            assertion_id: report.assertion_id().map(str::to_owned),
        }
    }
}

/// One genuine message.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) values: Values,
    /// The first of all: what is costly, or does not depend on the message, is tried on it alone.
    pub(crate) first: bool,
    judging: Judging,
    document: Document,
}

/// Who made a message, and which of Response, assertion and their two Signatures stand in it in the clear.
type Shape = (String, [bool; 4]);

/// Whether `SAMLCHECK_TAMPER` asks for every capture, also where several are alike.
#[expect(clippy::disallowed_methods, reason = "a switch for developers, never read by the tool")]
fn every_capture() -> bool {
    std::env::var_os("SAMLCHECK_TAMPER").is_some_and(|value| value == "all")
}

/// Every genuine message, and how many captures were left out because they are not accepted untampered.
pub(crate) struct Subjects {
    pub(crate) all: Vec<Subject>,
    pub(crate) skipped: Vec<String>,
    /// Captures of a producer and shape that another one stands for.
    pub(crate) alike: Vec<String>,
    shapes: BTreeSet<Shape>,
}

impl Subjects {
    pub(crate) fn load() -> Self {
        let mut subjects = Self {
            all: Vec::new(),
            skipped: Vec::new(),
            alike: Vec::new(),
            shapes: BTreeSet::new(),
        };
        subjects.samples();
        subjects.captures();
        subjects
    }

    fn samples(&mut self) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
        let mut folders: Vec<PathBuf> =
            fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.retain(|path| path.is_dir());
        folders.sort();
        for folder in folders {
            let command = fs::read_to_string(folder.join("cmd")).unwrap();
            if !command.contains("exit 0") {
                continue;
            }
            let words: Vec<&str> = command.split_whitespace().collect();
            let (["samlcheck", "--at", at, "--seen", _, file, ..]
            | ["samlcheck", "--at", at, file, ..]) = words[..]
            else {
                panic!("{command}")
            };
            // A capture of a whole login holds other messages as well; attacks are made of a message alone.
            if file.ends_with(".har") {
                continue;
            }
            let path = folder.join("samlcheck.toml");
            let configuration = load(&path, &fs::read_to_string(&path).unwrap());
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            let message = fs::read(folder.join(file)).unwrap();
            assert!(self.add(name, &message, configuration, at), "{folder:?} is not accepted");
        }
    }

    fn captures(&mut self) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/captures");
        let Ok(manifest) = fs::read(root.join("manifest.json")) else {
            println!("captures skipped: {} is not there", root.display());
            return;
        };
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        for row in manifest.as_array().unwrap() {
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            if text("expect") != "accept" {
                continue;
            }
            let file = |key: &str| root.join(text(key)).display().to_string();
            let toml = format!(
                "[[sp]]\nname = 'captured'\nissuer = '{}'\nentity_id = '{}'\nlogin_url = '{}'\n\
                 idp_certificate = '{}'\ndecryption_key = '{}'\nidentity_type = 'federation-id'\n",
                text("issuer"),
                text("sp_entity_id"),
                text("recipient"),
                file("idp_cert"),
                file("decryption_key"),
            );
            let name = format!("{}/{}", text("idp"), text("variant"));
            let message = row["files"]["b64"].as_str().or(row["files"]["url"].as_str()).unwrap();
            let message = fs::read(root.join(message)).unwrap();
            let configuration = load(&root.join("samlcheck.toml"), &toml);
            if !self.add(name.clone(), &message, configuration, text("captured")) {
                self.skipped.push(name);
                continue;
            }
            // Every shape of every producer takes a while as it is.
            let shape = self.all.last().map(|subject| subject.shape(text("idp"))).unwrap();
            if !self.shapes.insert(shape) && !every_capture() {
                self.all.pop();
                self.alike.push(name);
            }
        }
    }

    /// Takes a message in if it is accepted as it is.
    fn add(
        &mut self,
        name: String,
        message: &[u8],
        configuration: Configuration,
        at: &str,
    ) -> bool {
        let judging = Judging { configuration, at: at.parse().unwrap() };
        let report = judging.judge(message);
        if !report.is_accepted() {
            return false;
        }
        let captured = samlcheck::input::read(message, &name, &Limits::default()).unwrap();
        let (text, _) = to_text(&captured.bytes).unwrap();
        let document = Document::parse(text, &Limits::default()).unwrap();
        let first = self.all.is_empty();
        self.all.push(Subject { name, values: Values::of(&report), first, judging, document });
        true
    }
}

fn load(path: &Path, toml: &str) -> Configuration {
    config::load(path, toml, &|path| fs::read(path)).unwrap()
}

impl Subject {
    /// Judges a tampered message.
    pub(crate) fn judge(&self, message: &[u8], change: fn(&mut Judging)) -> Report {
        let mut judging = self.judging.clone();
        change(&mut judging);
        judging.judge(message)
    }

    fn shape(&self, producer: &str) -> Shape {
        let (response, assertion) = (self.response(), self.assertion());
        let signatures = [response.and_then(signature), assertion.and_then(signature)];
        let [outer, inner] = signatures.map(|signature| signature.is_some());
        (producer.to_owned(), [response.is_some(), assertion.is_some(), outer, inner])
    }

    /// The configured certificate of the identity provider, as DER.
    pub(super) fn certificate(&self) -> &[u8] {
        self.judging.configuration.service_providers[0].idp_certificates[0].given().der()
    }

    pub(super) fn text(&self) -> &str {
        self.document.text()
    }

    pub(super) fn edit(&self) -> Edit<'_> {
        Edit::new(self.text())
    }

    pub(super) fn source(&self, element: Element<'_>) -> &str {
        source(self.text(), element)
    }

    pub(super) fn root(&self) -> Element<'_> {
        self.document.root()
    }

    /// The Response, unless the message is a bare Assertion.
    pub(super) fn response(&self) -> Option<Element<'_>> {
        response(&self.document)
    }

    /// The Assertion in the clear.
    pub(super) fn assertion(&self) -> Option<Element<'_>> {
        assertion(&self.document)
    }

    /// The Signature nearest to the assertion: its own, or else the Response's.
    pub(super) fn signature(&self) -> Option<Element<'_>> {
        let of_assertion = self.assertion().and_then(signature);
        of_assertion.or_else(|| self.response().and_then(signature))
    }

    /// What that Signature covers.
    pub(super) fn signed(&self) -> Option<Element<'_>> {
        self.signature()?.parent()
    }

    /// The first element of this name in the assertion.
    pub(super) fn part(&self, local_name: &str) -> Option<Element<'_>> {
        self.assertion()?.descendants().find(|element| element.is(ASSERTION, local_name))
    }

    /// The first element of this name in the Response's own namespace.
    pub(super) fn of_protocol(&self, local_name: &str) -> Option<Element<'_>> {
        self.response()?.descendants().find(|element| element.is(PROTOCOL, local_name))
    }

    /// The element of this name in [`Subject::signature`].
    pub(super) fn in_signature(&self, local_name: &str) -> Option<Element<'_>> {
        self.signature()?.descendants().find(|element| element.is(DSIG, local_name))
    }

    /// The element whose text is the user: NameID, or the AttributeValue that the configuration reads.
    pub(super) fn identity(&self) -> Option<Element<'_>> {
        let subject = self.values.subject.as_deref()?;
        // An EncryptedID in its place: then nothing in the clear is the user.
        self.part("NameID")?;
        let values = ["NameID", "AttributeValue"];
        self.assertion()?.descendants().find(|element| {
            element.namespace() == ASSERTION
                && values.contains(&element.local_name())
                && element.text().value == subject
        })
    }

    /// Another user, known to the configuration where it knows users: whom the attacker wants to be.
    pub(super) fn victim(&self) -> &'static str {
        let usual = "jnovak@example.com";
        if self.values.subject.as_deref() == Some(usual) { "zmueller@example.com" } else { usual }
    }

    /// A moment of the judged day, so many seconds away.
    pub(super) fn moment(&self, seconds: i64) -> String {
        let moment = self.judging.at + jiff::SignedDuration::from_secs(seconds);
        samlcheck::time::rfc3339(moment)
    }
}

pub(super) fn response(document: &Document) -> Option<Element<'_>> {
    Some(document.root()).filter(|root| root.is(PROTOCOL, "Response"))
}

pub(super) fn assertion(document: &Document) -> Option<Element<'_>> {
    let root = document.root();
    let mut candidates = std::iter::once(root).chain(root.children());
    candidates.find(|element| element.is(ASSERTION, "Assertion"))
}

pub(super) fn signature(parent: Element<'_>) -> Option<Element<'_>> {
    parent.children().find(|child| child.is(DSIG, "Signature"))
}
