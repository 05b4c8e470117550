//! Which pseudonym stands for which value: by order of appearance, and the same for the same value everywhere.

use std::collections::{BTreeSet, HashMap, HashSet};

/// Values below this many characters are replaced where they stand and not looked for elsewhere: they are in every text.
const SHORTEST: usize = 4;

/// Words that the formats themselves consist of. Choice: a value that is one of them is replaced where it stands and left
/// elsewhere, for it tells nothing about a person there and everything would be lost with it.
const VOCABULARY: &str = "urn:oasis:names:tc:SAML:2.0:assertion protocol metadata nameid-format:unspecified emailAddress \
    persistent transient attrname-format:basic uri ac:classes:PasswordProtectedTransport status:Success cm:bearer \
    http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 2000/09/xmlenc xml-exc-c14n XMLSchema-instance string type \
    https text html form name value input hidden method post POST GET action title body head true false null \
    Response Assertion Attribute Statement Issuer Subject NameID Conditions Audience Restriction Status Code \
    SAMLResponse SAMLRequest RelayState Signature REMOVED person value domain example redacted by samlcheck \
    headers cookies content entries request response queryString postData params Content-Type application json \
    values pseudonyms signature removed that verify verdict verdicts before redaction other bodies stand messages \
    rejected accepted judged login there configuration characters bytes certificate read \
    unspecified Format Version Destination Recipient ResponseTo IssueInstant NotBefore NotOnOrAfter";

/// Pseudonyms, each for one value.
#[derive(Debug, Default)]
pub struct Pseudonyms {
    /// The pseudonym of every spelling.
    known: HashMap<String, String>,
    /// The pseudonym of every group of values that differ in case or white space only.
    groups: HashMap<String, String>,
    taken: HashSet<String>,
    counted: HashMap<&'static str, usize>,
    /// What may not be left anywhere, with the pseudonym that stands for it.
    personal: BTreeSet<String>,
    /// Words that what is kept consists of: names of elements and attributes, codes of a verdict.
    vocabulary: HashSet<String>,
    /// Host names that are kept.
    hosts: BTreeSet<String>,
}

impl Pseudonyms {
    /// The pseudonym of a value; white space around it and slashes behind it stay.
    pub(super) fn of(&mut self, value: &str) -> String {
        let core = value.trim().trim_end_matches('/');
        if core.is_empty() {
            return value.to_owned();
        }
        let pseudonym = match email(core) {
            Some((local, domain)) => {
                let pseudonym = format!("{}@{}", self.name(local, "person"), self.domain(domain));
                self.remember(local);
                self.known.insert(core.to_owned(), pseudonym.clone());
                pseudonym
            }
            None => self.name(core, "value"),
        };
        self.remember(core);
        let start = value.len() - value.trim_start().len();
        let around = |range| value.get(range).unwrap_or_default();
        format!("{}{pseudonym}{}", around(0..start), around(start + core.len()..value.len()))
    }

    /// The pseudonym of a value that is replaced where it stands and left elsewhere: words of a program, not of a person.
    pub(super) fn replaced_here(&mut self, value: &str) -> String {
        if value.contains('@') { self.of(value) } else { self.name(value, "value") }
    }

    /// A value has this pseudonym, unless it has one.
    pub(super) fn stands_for(&mut self, value: &str, pseudonym: &str) {
        self.known.entry(value.to_owned()).or_insert_with(|| pseudonym.to_owned());
    }

    /// The pseudonym of a domain or a host name.
    pub(super) fn domain(&mut self, domain: &str) -> String {
        let (name, port) = domain.split_once(':').unwrap_or((domain, ""));
        let pseudonym = format!("{}.example", self.name(name, "domain"));
        if port.is_empty() { pseudonym } else { format!("{pseudonym}:{port}") }
    }

    /// The values that may not be left, each with its pseudonym.
    pub(super) fn personal(&self) -> impl Iterator<Item = (&str, &str)> {
        let fixed: HashSet<String> =
            VOCABULARY.split([' ', ':', '/', '-', '#']).map(str::to_ascii_lowercase).collect();
        self.personal.iter().filter_map(move |value| {
            let word = value.to_ascii_lowercase();
            let is_word = fixed.contains(&word) || self.vocabulary.contains(&word);
            let pseudonym = self.known.get(value).filter(|_| !is_word)?;
            Some((value.as_str(), pseudonym.as_str()))
        })
    }

    /// The copy is made of these words.
    pub(super) fn is_vocabulary(&mut self, words: &str) {
        let words =
            words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        self.vocabulary.extend(words.map(str::to_ascii_lowercase));
    }

    /// A host name that stays where it stands as a whole. One without a dot might be anybody's name.
    pub(super) fn keep_host(&mut self, host: &str) {
        let name = host.split(':').next().unwrap_or(host);
        if name.contains('.') {
            self.hosts.insert(name.to_owned());
        }
    }

    /// The host names that stay.
    pub(super) fn kept(&self) -> impl Iterator<Item = &str> {
        self.hosts.iter().map(String::as_str)
    }

    /// A host that is not to be left anywhere.
    pub(super) fn remember_host(&mut self, host: &str) {
        let name = host.split(':').next().unwrap_or(host);
        let pseudonym = format!("{}.example", self.name(name, "domain"));
        if name.contains('.') {
            self.known.insert(name.to_owned(), pseudonym);
            self.remember(name);
        }
    }

    fn remember(&mut self, value: &str) {
        if value.chars().count() >= SHORTEST {
            self.personal.insert(value.to_owned());
        }
    }

    fn name(&mut self, core: &str, kind: &'static str) -> String {
        if let Some(known) = self.known.get(core) {
            // A host is known with its ending.
            return known.strip_suffix(".example").unwrap_or(known).to_owned();
        }
        let group: String =
            core.split_whitespace().flat_map(str::chars).flat_map(char::to_lowercase).collect();
        let base = match self.groups.get(&group) {
            Some(base) => base.clone(),
            None => {
                let number = self.counted.entry(kind).or_default();
                *number += 1;
                let base = format!("{kind}-{number}");
                self.groups.insert(group, base.clone());
                base
            }
        };
        let spelled = self.spelled(core, base);
        self.taken.insert(spelled.clone());
        self.known.insert(core.to_owned(), spelled.clone());
        spelled
    }

    /// In the case of the value; another one of the same case and other white space gets a letter more.
    fn spelled(&self, core: &str, base: String) -> String {
        let mut letters = core.chars().filter(|c| c.is_alphabetic());
        let first = letters.next().is_some_and(char::is_uppercase);
        let has_upper = letters.clone().any(char::is_uppercase);
        let has_lower = letters.any(char::is_lowercase);
        let spelled = match (first, has_upper, has_lower) {
            (true, true, false) => base.to_uppercase(),
            (true, _, _) => {
                let (start, rest) = base.split_at(base.len().min(1));
                format!("{}{rest}", start.to_uppercase())
            }
            (false, _, _) => base,
        };
        let mut unique = spelled.clone();
        let mut number = 2;
        while self.taken.contains(&unique) {
            unique = format!("{spelled}-spelling-{number}");
            number += 1;
        }
        unique
    }
}

/// The two parts of what looks like an e-mail address as a whole.
fn email(text: &str) -> Option<(&str, &str)> {
    let (local, domain) = text.rsplit_once('@')?;
    let is_domain = domain.contains('.')
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    (!local.is_empty() && is_domain).then_some((local, domain))
}
