//! What is this, if it is not SAML, and what to capture instead: for people who were handed the wrong thing and cannot know it.
//!
//! Recognised by how it begins or by the names in it, never by its values, and nothing of it is repeated: it may be a password
//! or a key.

/// A thing people give to a SAML validator that is no SAML message.
///
/// XML of other kinds (metadata, an AuthnRequest, SOAP …) is not among them: its root element tells, when it is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// A JSON Web Token or an encrypted one.
    Jwt,
    /// A page without a form that carries a message.
    Html,
    /// JSON of no known kind.
    Json,
    /// A HAR capture of a browser's traffic.
    Har,
    /// An export of the SAML-tracer extension.
    SamlTracer,
    /// A curl command line.
    Curl,
    /// A `fetch` call of JavaScript.
    Fetch,
    /// A PowerShell request.
    PowerShell,
    /// A whole HTTP request or response.
    Http,
    /// What Burp Suite saves of its history.
    Burp,
    /// A session archive of Fiddler.
    Saz,
    /// An archive that has a password.
    LockedZip,
    /// An archive whose directory cannot be read.
    BrokenZip,
    /// Parameters or a form of WS-Federation.
    WsFederation,
    /// Parameters or a form of `OpenID` Connect or OAuth.
    OidcParameters,
    /// A reference to a message (HTTP-Artifact), not the message.
    SamlArtifact,
    /// A URL without a message in it.
    Url,
    /// A certificate in PEM.
    PemCertificate,
    /// A private or public key in PEM.
    PemKey,
    /// Something else in PEM.
    Pem,
    /// A certificate in DER.
    DerCertificate,
    /// A TOML file, such as our own configuration.
    Toml,
    /// A PDF document.
    Pdf,
    /// A picture, such as a screenshot.
    Image,
    /// A ZIP archive, which office documents are as well.
    Zip,
    /// Words.
    Text,
    /// Bytes of no known kind.
    Binary,
}

impl Recognised {
    /// What it is, as the end of a sentence that begins with "this is".
    pub fn what(&self) -> &'static str {
        match self {
            Self::Jwt => "a JSON Web Token (OpenID Connect), not SAML",
            Self::Html => "an HTML page without a form that carries a SAML message",
            Self::Json => "JSON without a SAML message in it",
            Self::Har => "a HAR capture without a SAML message in it",
            Self::SamlTracer => "a SAML-tracer export without a SAML message in it",
            Self::Curl => "a curl command without a SAML message in it",
            Self::Fetch => "a fetch call without a SAML message in it",
            Self::PowerShell => "a PowerShell request without a SAML message in it",
            Self::Http => "an HTTP message without a SAML message in it",
            Self::Burp => "a Burp export without a SAML message in it",
            Self::Saz => "a Fiddler archive without a SAML message in it",
            Self::LockedZip => "a ZIP archive with a password",
            Self::BrokenZip => "a ZIP archive that is cut off or damaged",
            Self::WsFederation => "a WS-Federation sign-in, not a SAML 2.0 protocol message",
            Self::OidcParameters => "an OpenID Connect or OAuth exchange, not SAML",
            Self::SamlArtifact => "a SAML artifact: a reference to a message, not the message",
            Self::Url => "a URL without a SAML message in its query",
            Self::PemCertificate => "a certificate (PEM), not a message",
            Self::PemKey => "a key (PEM), not a message",
            Self::Pem => "a PEM file, not a message",
            Self::DerCertificate => "a certificate (DER), not a message",
            Self::Toml => "a TOML file, not a message",
            Self::Pdf => "a PDF document, not a message",
            Self::Image => "a picture, not a message",
            Self::Zip => "a ZIP archive or office document, not a session archive of Fiddler",
            Self::Text => "text that is neither XML nor an encoding of it",
            Self::Binary => "binary data that are neither XML nor an encoding of it",
        }
    }

    /// What to capture or do instead, in sentences an administrator can follow.
    pub fn instead(&self) -> &'static str {
        match self {
            Self::Jwt => {
                "Check which protocol the login uses: a SAML login sends a SAMLResponse parameter \
                 in the POST to the login URL."
            }
            Self::Html => {
                "If it is a login or error page, go one step on: in the browser's network tab, copy \
                 the SAMLResponse parameter of the POST to the login URL."
            }
            Self::Json => {
                "Give the message itself: the SAMLResponse parameter of the POST to the login URL, or a file that holds it."
            }
            Self::Har => {
                "Record the whole login: open the browser's network panel, switch \"Preserve log\" on, log in, and export \
                 with content (sensitive data included)."
            }
            Self::SamlTracer => {
                "Open SAML-tracer before the login, log in, and export when the request marked SAML is in its list."
            }
            Self::Curl | Self::Fetch | Self::PowerShell => {
                "Copy the request that has SAMLResponse in its payload: the POST to the login URL. A body that stands in a file of its \
                 own is not read: give that file."
            }
            Self::Http => {
                "Copy the POST to the login URL with the body behind its empty line: that is where SAMLResponse is."
            }
            Self::Burp | Self::Saz => {
                "Record the whole login, and save the POST to the login URL among the others."
            }
            Self::LockedZip => {
                "Save it again without a password, or take it out and give the file inside."
            }
            Self::BrokenZip => "Copy the file again, or save the sessions again.",
            Self::WsFederation => {
                "Set the application up for SAML 2.0 at the identity provider; then copy the \
                 SAMLResponse parameter of the POST to the login URL."
            }
            Self::OidcParameters => {
                "Check which protocol the login uses. For SAML, copy the SAMLResponse parameter of \
                 the POST to the login URL."
            }
            Self::SamlArtifact => {
                "Capture the ArtifactResponse that the service provider fetches, or set the \
                 identity provider to HTTP-POST."
            }
            Self::Url => {
                "With HTTP-POST the message is in the body, not in the URL: copy the SAMLResponse \
                 parameter from the request's payload."
            }
            Self::PemCertificate | Self::DerCertificate => {
                "Give it with --idp-cert or as idp_certificate in the configuration, and the \
                 message as the input."
            }
            Self::PemKey => {
                "Name its file as decryption_key in the configuration, and give the message as the \
                 input; never send a private key to anybody."
            }
            Self::Pem => "Give the SAMLResponse parameter, or the XML.",
            Self::Toml => "Give a configuration with --config, and the message as the input.",
            Self::Zip => "Give what is inside: one file of it, unpacked.",
            Self::Pdf | Self::Image => {
                "Copy the message itself, as text: the SAMLResponse parameter of the POST to the \
                 login URL."
            }
            Self::Text | Self::Binary => {
                "Copy the SAMLResponse parameter of the POST to the login URL, the whole of it and \
                 unedited."
            }
        }
    }
}

impl Recognised {
    /// Whether such a thing may have messages among its text.
    pub(super) fn may_hold_messages(self) -> bool {
        match self {
            Self::Html
            | Self::Json
            | Self::Har
            | Self::SamlTracer
            | Self::Curl
            | Self::Fetch
            | Self::PowerShell
            | Self::Http
            | Self::Url
            | Self::Toml
            | Self::Text => true,
            Self::Jwt
            | Self::WsFederation
            | Self::OidcParameters
            | Self::SamlArtifact
            | Self::PemCertificate
            | Self::PemKey
            | Self::Pem
            | Self::DerCertificate
            | Self::Pdf
            | Self::Image
            | Self::Zip
            | Self::Burp
            | Self::Saz
            | Self::LockedZip
            | Self::BrokenZip
            | Self::Binary => false,
        }
    }
}

/// Text that cannot be an encoding of a message, however much some of it looks like one.
pub(super) fn before_decoding(text: &[u8]) -> Option<Recognised> {
    let text = std::str::from_utf8(text).ok()?;
    if let Some(label) = text.strip_prefix("-----BEGIN ") {
        let label = label.lines().next().unwrap_or_default();
        return Some(if label.contains("CERTIFICATE-") {
            Recognised::PemCertificate
        } else if label.contains("KEY-") {
            Recognised::PemKey
        } else {
            Recognised::Pem
        });
    }
    let first_line = text.lines().next().unwrap_or_default();
    if text.starts_with("curl ") {
        return Some(Recognised::Curl);
    }
    if first_line.starts_with("HTTP/1.") || first_line.ends_with(" HTTP/1.1") {
        return Some(Recognised::Http);
    }
    if is_toml(text) {
        return Some(Recognised::Toml);
    }
    if super::json::detect(text.as_bytes()) {
        return Some(json(text));
    }
    is_jwt(text).then_some(Recognised::Jwt)
}

/// A parameter that shows another protocol, or another binding.
pub(super) fn parameter(name: &str, value: &str) -> Option<Recognised> {
    match name {
        "SAMLart" => Some(Recognised::SamlArtifact),
        "wresult" => Some(Recognised::WsFederation),
        "wa" if value.starts_with("wsign") => Some(Recognised::WsFederation),
        "id_token" | "access_token" | "code" | "client_id" | "response_type" => {
            Some(Recognised::OidcParameters)
        }
        _ => None,
    }
}

/// Text that is not base64 either.
pub(super) fn text(text: &[u8]) -> Recognised {
    if text.starts_with(b"%PDF-") { Recognised::Pdf } else { Recognised::Text }
}

/// Bytes that are neither text nor a compressed stream.
pub(super) fn binary(bytes: &[u8]) -> Recognised {
    match bytes {
        // A SEQUENCE that begins with the SEQUENCE of its TBSCertificate (RFC 5280 §4.1); a key's begins with an INTEGER.
        [0x30, 0x82, _, _, 0x30, 0x82, ..] => Recognised::DerCertificate,
        _ if bytes.starts_with(b"%PDF-") => Recognised::Pdf,
        _ if bytes.starts_with(b"PK\x03\x04") => Recognised::Zip,
        _ if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff") => {
            Recognised::Image
        }
        _ => Recognised::Binary,
    }
}

fn json(text: &str) -> Recognised {
    let names = |all: [&str; 2]| all.iter().all(|name| text.contains(name));
    if names(["\"log\"", "\"entries\""]) {
        Recognised::Har
    } else if names(["\"requests\"", "\"requestId\""]) {
        Recognised::SamlTracer
    } else {
        Recognised::Json
    }
}

/// Three or five base64url parts, the first a JSON object (RFC 7519 §3, RFC 7516 §3.1), perhaps behind `Bearer`.
pub(super) fn is_jwt(text: &str) -> bool {
    let token = text.strip_prefix("Authorization: ").unwrap_or(text);
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=.".contains(&byte);
    token.starts_with("eyJ")
        && matches!(token.bytes().filter(|byte| *byte == b'.').count(), 2 | 4)
        && token.bytes().all(in_alphabet)
}

/// The first line that says something is a table's name or a key with a value.
fn is_toml(text: &str) -> bool {
    let lines = text.lines().map(str::trim);
    let Some(line) = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with('#'))
    else {
        return false;
    };
    let is_key = |key: &str| {
        key.starts_with(|first: char| first.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let table = line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    let table = table.or_else(|| line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')));
    match (table, line.split_once(" = ")) {
        (Some(name), _) => is_key(name),
        (None, Some((key, value))) => is_key(key.trim_end()) && !value.is_empty(),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Option<Recognised> {
        before_decoding(text.as_bytes())
    }

    #[test]
    fn other_things_are_known_by_their_beginning() {
        for (text, expected) in [
            ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln", Recognised::Jwt),
            ("Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", Recognised::Jwt),
            ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", Recognised::Jwt),
            ("{\"log\": {\"version\": \"1.2\", \"entries\": []}}", Recognised::Har),
            ("{\"requests\": [{\"requestId\": \"45\"}]}", Recognised::SamlTracer),
            ("[{\"a\": 1}]", Recognised::Json),
            ("-----BEGIN CERTIFICATE-----\nMII", Recognised::PemCertificate),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII", Recognised::PemKey),
            ("-----BEGIN CERTIFICATE REQUEST-----\nMII", Recognised::Pem),
            ("# ours\n[[sp]]\nname = \"acme\"", Recognised::Toml),
            ("name = \"acme\"", Recognised::Toml),
            ("curl 'https://acme.example' --data-raw 'SAMLResponse=a'", Recognised::Curl),
            ("POST /saml HTTP/1.1\r\nHost: acme.example\r\n\r\nSAMLResponse=a", Recognised::Http),
        ] {
            assert_eq!(known(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn encodings_of_a_message_are_none_of_them() {
        for text in ["PHNhbWxwOlJlc3BvbnNl", "SAMLResponse=PHNh==", "%3Csamlp%3AResponse", "words"]
        {
            assert_eq!(known(text), None, "{text}");
        }
    }

    #[test]
    fn parameters_of_other_protocols_are_known_by_name() {
        assert_eq!(parameter("wa", "wsignin1.0"), Some(Recognised::WsFederation));
        assert_eq!(parameter("SAMLart", "AAQ"), Some(Recognised::SamlArtifact));
        assert_eq!(parameter("code", "x"), Some(Recognised::OidcParameters));
        assert_eq!(parameter("so", "00D"), None);
    }

    #[test]
    fn binary_files_are_known_by_their_first_bytes() {
        assert_eq!(binary(b"\x30\x82\x03\x01\x30\x82\x02"), Recognised::DerCertificate);
        assert_eq!(binary(b"\x89PNG\r\n"), Recognised::Image);
        assert_eq!(binary(b"\x30\x82\x04\xa3\x02\x01\x00"), Recognised::Binary);
    }
}
