//! The cases under `samples/`: what a user can run, a test can replay, and nobody edits by hand.
//!
//! Each case is a message with one thing wrong (or nothing), the configuration to judge it by, the moment to judge it
//! at, and a note. To add one, add a [`Sample`] to the file it belongs to and run
//! `SAMLCHECK_REGENERATE=1 cargo test --test samples`.

mod accepted;
mod capture;
mod diagnosed;
pub mod encrypted;
mod failing;
mod hostile;
mod unusable;

use std::collections::BTreeMap;

use openssl::x509::X509;

use super::assertion::Attribute;
use super::encode::{base64_wrapped, form_body, redirect_url};
use super::keys::Key;
use super::response::{LOGIN_URL, Response};

/// The moment most samples are judged at: a minute after the message was issued.
const AT: &str = "2026-01-15T10:01:00Z";

/// The configuration of the usual service provider.
const PROD: &str = r#"[[sp]]
name = "acme-prod"
issuer = "https://idp.example.com/metadata"
entity_id = "https://acme.my.salesforce.com"
login_url = "https://acme.my.salesforce.com?so=00D000000000001"
idp_certificate = "idp.pem"
identity_type = "federation-id"
"#;

/// A second configuration behind the same identity provider, told apart by its entity ID.
const SANDBOX: &str = r#"
[[sp]]
name = "acme-sandbox"
issuer = "https://idp.example.com/metadata"
entity_id = "https://acme--uat.sandbox.my.salesforce.com"
login_url = "https://acme--uat.sandbox.my.salesforce.com?so=00D000000000002"
idp_certificate = "idp.pem"
identity_type = "federation-id"
"#;

/// What the usual configuration says differently, and more, when users log in to a site (a portal).
const SITE_LOGIN_URL: &str = "https://acme.my.site.com/customers/login?so=00D000000000001";
const SITE: &str = r#"
[[sp.site]]
url = "https://acme.my.site.com/customers"
active = true
"#;

/// The users of the org, the usual one among them; columns beyond those the tool reads are there as in a real export.
const USERS: &str = "\
Id,Username,FederationIdentifier,Name,IsActive
0055f00000BqXw1AAF,zoe.mueller@acme.example,zmueller@example.com,Zoë Müller-O'Connor,true
0055f00000BqXw2AAF,jan.novak@acme.example,jnovak@example.com,Jan Novák,true
0055f00000BqXw3AAF,old.account@acme.example,oaccount@example.com,\"Account, Old\",false
";

/// One case.
pub struct Sample {
    /// The directory: a number and what is wrong.
    pub name: &'static str,
    title: &'static str,
    what: &'static str,
    who: &'static str,
    /// The file name and the text in it.
    message: (&'static str, String),
    config: String,
    certificate: X509,
    users: Option<String>,
    /// What was judged before.
    seen: Option<&'static str>,
    /// The private key of the service provider, PEM.
    decryption_key: Option<&'static str>,
    /// The configuration that is named, when that is not left to detection.
    service_provider: Option<&'static str>,
    /// The moment to judge at.
    pub at: &'static str,
    /// The exit code to expect.
    pub exit: u8,
}

impl Sample {
    /// A rejected response in the usual surroundings; the case says what is its own.
    fn usual() -> Self {
        Self {
            name: "",
            title: "",
            what: "",
            who: "",
            message: ("", String::new()),
            config: PROD.to_owned(),
            certificate: Key::Idp.certificate(),
            users: None,
            seen: None,
            decryption_key: None,
            service_provider: None,
            at: AT,
            exit: 1,
        }
    }

    /// The files of the directory, by name.
    pub fn files(&self) -> BTreeMap<&'static str, Vec<u8>> {
        let Self { title, what, who, at, exit, message: (file, message), .. } = self;
        let named = self.service_provider.map(|name| format!("--sp {name} ")).unwrap_or_default();
        let seen = self.seen.map(|_| "--seen seen.jsonl ").unwrap_or_default();
        let command = format!("samlcheck --at {at} {named}{seen}{file}");
        let note = format!(
            "# {title}\n\n{what}\n\nWho fixes it: {who}\n\n\
             Run it in this directory; it ends with exit code {exit}:\n\n```sh\n{command}\n```\n"
        );
        let mut files = BTreeMap::from([
            (*file, message.clone().into_bytes()),
            ("samlcheck.toml", self.config.clone().into_bytes()),
            ("idp.pem", self.certificate.to_pem().unwrap()),
            ("note.md", note.into_bytes()),
            ("cmd", format!("{command}\nexit {exit}\n").into_bytes()),
        ]);
        if let Some(users) = &self.users {
            files.insert("users.csv", users.clone().into_bytes());
        }
        if let Some(seen) = self.seen {
            files.insert("seen.jsonl", seen.as_bytes().to_vec());
        }
        if let Some(key) = self.decryption_key {
            files.insert("sp.key", key.as_bytes().to_vec());
        }
        files
    }
}

/// Every sample, in order.
pub fn all() -> Vec<Sample> {
    let kinds = [
        accepted::samples(),
        failing::samples(),
        unusable::samples(),
        encrypted::samples(),
        hostile::samples(),
        vec![encrypted::after_signing()],
        diagnosed::samples(),
        capture::samples(),
    ];
    kinds.into_iter().flatten().collect()
}

/// The usual response with something changed before it is signed.
fn response(edit: impl FnOnce(&mut Response)) -> String {
    let mut response = Response::usual();
    edit(&mut response);
    response.xml()
}

/// The usual response with more attributes.
fn with_attributes(attributes: &[(&str, &str)]) -> Response {
    let mut response = Response::usual();
    response.assertion().attributes.extend(Attribute::all(attributes));
    response
}

/// The response goes to the site's login page, as a portal user's does.
fn sent_to_site(mut response: Response) -> Response {
    response.destination = Some(SITE_LOGIN_URL.to_owned());
    response.assertion().confirmation().recipient = Some(SITE_LOGIN_URL.to_owned());
    response
}

/// XML as it stands.
fn raw(xml: &str) -> (&'static str, String) {
    ("response.xml", format!("{xml}\n"))
}

/// Base64 in lines, as mail programs and login histories show it.
fn wrapped(xml: &str) -> (&'static str, String) {
    ("response.b64", base64_wrapped(xml, 76, "\n"))
}

/// The body of the POST that the browser sends.
fn body(xml: &str) -> (&'static str, String) {
    ("response.body", form_body("SAMLResponse", xml, Some("/lightning/page/home")))
}

/// The address that the browser is sent to by the redirect binding.
fn url(xml: &str) -> (&'static str, String) {
    ("response.url", format!("{}\n", redirect_url(LOGIN_URL, "SAMLResponse", xml, None)))
}
