//! Do two values differ only by something that is easily overlooked?
//!
//! Nothing here lets a value pass; checks compare byte for byte (security rule 15).

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static NEAR_MISS: Cause = Cause {
    code: "near-miss",
    title: "Two values are almost the same",
    says: "The {field} that was sent and the one that is configured differ only in this: {differs in}.",
    fix_sp: "Make the configured value equal, character for character, if the identity provider's is the intended one.",
    fix_idp: "Otherwise copy the value from the single sign-on settings into the application at the identity provider, without typing it.",
    confidence: Confidence::Proven,
};
static DIFFERENT: Cause = Cause {
    code: "values-differ",
    title: "A value is not the configured one",
    says: "The {field} that was sent is not the one that is configured.",
    fix_sp: "If the value that was sent is the intended one, configure it, exactly as it stands; first make sure that the message comes from the identity provider you expect.",
    fix_idp: "Otherwise copy the value from the single sign-on settings into the application at the identity provider.",
    confidence: Confidence::Likely,
};

pub(super) const RULE: Rule = Rule {
    id: "near-miss",
    title: "Values that differ, and how",
    explains: &[
        "issuer",
        "audience",
        "recipient",
        "session-level",
        "portal-organization",
        "site-url",
    ],
    causes: &[&NEAR_MISS, &DIFFERENT],
    when: When::Unexplained,
    run,
};

/// In what two values differ only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// White space or characters that cannot be seen.
    Space,
    /// A slash at the end or before the query.
    Slash,
    /// Upper and lower case.
    Case,
    /// `http` and `https`.
    Scheme,
    /// The port that the scheme implies.
    DefaultPort,
    /// `www.`
    Www,
    /// Percent-encoding.
    Percent,
    /// The form in which Unicode writes a letter: composed, decomposed, or for compatibility.
    Normalisation,
    /// A host name in Punycode and in Unicode.
    Punycode,
    /// Letters that look alike.
    LookAlike,
    /// An org id of 15 and of 18 characters.
    IdLength,
    /// `sc=`, which a decryption certificate adds.
    DecryptionCertificate,
    /// `so=` is missing or extra.
    Organization,
}

impl Nearness {
    /// In words.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Space => "white space, a line break or a character that cannot be seen",
            Self::Slash => "a slash",
            Self::Case => "upper and lower case",
            Self::Scheme => "http and https",
            Self::DefaultPort => "the port, which is the usual one and may be left out",
            Self::Www => "www. at the beginning",
            Self::Percent => "percent-encoding",
            Self::Normalisation => "the form in which Unicode writes the same letters",
            Self::Punycode => "the host name, which one of them writes in Punycode (xn--)",
            Self::LookAlike => "letters that look alike",
            Self::IdLength => "the 15 or 18 characters of an id",
            Self::DecryptionCertificate => {
                "sc=, which a login URL has only while a decryption certificate is set"
            }
            Self::Organization => "so=, the organization id, which one of them lacks",
        }
    }
}

/// Failures of a value that is compared: the code, the check, and what the value is called.
const FIELDS: [(&str, &str, &str); 9] = [
    ("issuer-mismatch", "issuer", "Issuer"),
    ("audience-mismatch", "audience", "Audience"),
    ("recipient-mismatch", "recipient", "Recipient"),
    ("recipient-destination", "recipient", "Destination"),
    ("session-level-unknown", "session-level", "SessionLevel"),
    ("session-level-mismatch", "session-level", "SessionLevel"),
    ("portal-organization-portal-mismatch", PORTAL, "portal_id"),
    ("portal-organization-organization-mismatch", PORTAL, "organization_id"),
    ("site-url-invalid", "site-url", "siteurl"),
];

/// A check whose failures other rules explain better, unless the value is almost right.
const PORTAL: &str = "portal-organization";

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let mut found: Vec<Diagnosis> = Vec::new();
    for (code, check, field) in FIELDS {
        let Some(failure) = case.failure(code) else { continue };
        if found.iter().any(|diagnosis| diagnosis.explains.contains(&check)) {
            continue;
        }
        let pairs = failure.expected.iter().flat_map(|e| failure.found.iter().map(move |f| (e, f)));
        let mut evidence = vec![Evidence::new("field", field)];
        let near = pairs.clone().find_map(|(e, f)| Some((nearness(&e.text, f)?, e, f)));
        let (cause, pair) = match near {
            Some((nearness, e, f)) => {
                evidence.push(Evidence::new("differs in", nearness.says()));
                (&NEAR_MISS, Some((e, f)))
            }
            None if [PORTAL, "site-url"].contains(&check) => continue,
            None => (&DIFFERENT, pairs.clone().next()),
        };
        let Some((expected, value)) = pair else { continue };
        evidence.push(
            Evidence::new(field, value.as_str()).expected(expected.text.as_str()).at(failure.at),
        );
        found.push(cause.diagnosis(evidence).explaining(vec![check]));
    }
    // What is proven to be a slip is the better first answer.
    found.sort_by_key(|diagnosis| diagnosis.confidence);
    found
}

/// How to make two values alike in one respect.
type Alike = fn(&str) -> String;

/// The classes, the most telling first. Each is tried alone, then together with case and slashes.
const CLASSES: [(Nearness, Alike); 13] = [
    (Nearness::Space, |text| text.chars().filter(|c| !invisible(*c)).collect()),
    (Nearness::Slash, slashless),
    (Nearness::Case, str::to_lowercase),
    (Nearness::Scheme, |text| text.replacen("http://", "https://", 1)),
    (Nearness::DefaultPort, |text| {
        let text = portless(text, "https://", ":443");
        portless(&text, "http://", ":80")
    }),
    (Nearness::Www, |text| text.replacen("://www.", "://", 1)),
    (Nearness::Percent, |text| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .map_or_else(|_| text.to_owned(), |decoded| decoded.into_owned())
    }),
    (Nearness::Normalisation, |text| text.nfkc().collect()),
    (Nearness::Punycode, |text| with_host(text, in_punycode)),
    (Nearness::LookAlike, |text| skeleton(text).collect()),
    (Nearness::IdLength, |text| parameters(text, |p| !p.starts_with("so=") || p.len() != 21, 18)),
    (Nearness::DecryptionCertificate, |text| parameters(text, |p| !p.starts_with("sc="), 0)),
    (Nearness::Organization, |text| parameters(text, |p| !p.starts_with("so="), 0)),
];

/// In what two values differ only, when they do.
pub(crate) fn nearness(expected: &str, found: &str) -> Option<Nearness> {
    if expected.is_empty() || found.is_empty() {
        return None;
    }
    let alone = CLASSES.iter().find(|(_, alike)| alike(expected) == alike(found));
    let loose = |text: &str| slashless(&text.to_lowercase());
    let together =
        || CLASSES.iter().find(|(_, alike)| loose(&alike(expected)) == loose(&alike(found)));
    let (nearness, _) = alone.or_else(together)?;
    // Two different organizations are no near miss.
    let organizations = |text: &str| text.contains("so=");
    if *nearness == Nearness::Organization && organizations(expected) && organizations(found) {
        return None;
    }
    Some(*nearness)
}

/// Whether two URLs are names of one and the same whoever reads them: host names know no case and may be written in Punycode, the usual port and a slash at the
/// end may be left out, and an id has two lengths. A letter that looks alike makes another name, and so may the case of a path.
pub(crate) fn names_the_same(one: &str, other: &str) -> bool {
    let canonical = |url: &str| {
        let url = with_host(url, in_punycode);
        let url = portless(&portless(&url, "https://", ":443"), "http://", ":80");
        slashless(&parameters(&url, |p| !p.starts_with("so=") || p.len() != 21, 18))
    };
    // Nobody can configure on purpose what cannot be seen.
    let is_seen = |url: &str| !url.chars().any(invisible);
    is_seen(one) && is_seen(other) && canonical(one) == canonical(other)
}

fn invisible(c: char) -> bool {
    c.is_whitespace() || crate::render::is_hazard(c)
}

fn slashless(text: &str) -> String {
    let text = text.strip_suffix('/').unwrap_or(text);
    text.replacen("/?", "?", 1)
}

/// Bytes of a host name that is converted: no name is longer (RFC 1035 §2.3.4), and a letter has four bytes at most.
const LONGEST_HOST: usize = 4 * 255;

/// The URL with its host rewritten.
fn with_host(url: &str, rewrite: impl Fn(&str) -> Option<String>) -> String {
    let rewritten = || {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(end)?;
        let host = rewrite(host)?;
        Some(format!("{scheme}://{host}{path}"))
    };
    rewritten().unwrap_or_else(|| url.to_owned())
}

fn in_punycode(host: &str) -> Option<String> {
    if host.len() > LONGEST_HOST { None } else { idna::domain_to_ascii(host).ok() }
}

fn portless(text: &str, scheme: &str, port: &str) -> String {
    let Some(rest) = text.strip_prefix(scheme) else { return text.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    format!("{scheme}{}{path}", host.strip_suffix(port).unwrap_or(host))
}

/// The URL with only those parameters of its query; the others cut to `length` characters, or left out when that is 0.
fn parameters(url: &str, keep: impl Fn(&str) -> bool, length: usize) -> String {
    let Some((base, query)) = url.split_once('?') else { return url.to_owned() };
    let cut = |parameter| if keep(parameter) { Some(parameter) } else { parameter.get(..length) };
    let kept: Vec<&str> = query.split('&').filter_map(cut).filter(|p| !p.is_empty()).collect();
    if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) }
}

#[cfg(test)]
#[path = "near_miss_tests.rs"]
mod tests;
