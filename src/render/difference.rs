//! Where two strings first differ, and what class of difference it is: what people do not see for themselves.
//!
//! platform §6: a mismatch without a difference is what users of the page despair of. Nothing here decides a check; those
//! compare byte for byte (security rule 15).

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

use crate::diagnosis::nearness;

/// The first difference of a found text from an expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// Bytes of the found text before it.
    pub(super) at: usize,
    /// What class it is.
    pub(super) class: Class,
    /// The class and its particulars, for the reader; holds nothing unescaped.
    pub(super) says: String,
}

/// The classes that are known, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// White space or invisible characters.
    WhiteSpace,
    /// Upper and lower case.
    Case,
    /// A slash at the end, or before the query.
    Slash,
    /// `http` and `https`.
    Scheme,
    /// The same letters in another of Unicode's forms.
    Normalisation,
    /// Letters of another alphabet that look alike.
    LookAlike,
    /// The port of a URL.
    Port,
    /// `so=`: the organization.
    Organization,
    /// `sc=`: the decryption certificate.
    Certificate,
    /// Any other in which values differ that are almost the same.
    Near,
    /// Any other.
    Other,
}

/// Compares; equal texts do not differ.
pub(super) fn difference(expected: &str, found: &str) -> Option<Difference> {
    if expected == found {
        return None;
    }
    let at = common_prefix(expected, found);
    let new = |class, says: &str| Some(Difference { at, class, says: says.to_owned() });
    if without_space(expected).eq(without_space(found)) {
        return new(Class::WhiteSpace, "white space, or a character that cannot be seen");
    }
    if folded(expected).eq(folded(found)) {
        return new(Class::Case, "upper and lower case differ");
    }
    if let Some(says) = slash(expected, found) {
        return new(Class::Slash, says);
    }
    if let Some((expected, found)) = schemes(expected, found) {
        return new(Class::Scheme, &format!("the scheme: {found} instead of {expected}"));
    }
    let letters = || letters(expected.get(at..), found.get(at..));
    if expected.nfkc().eq(found.nfkc()) {
        return new(
            Class::Normalisation,
            &format!("the same letter, written otherwise: {}", letters()),
        );
    }
    if skeleton(expected).eq(skeleton(found)) {
        return new(Class::LookAlike, &format!("a look-alike letter: {}", letters()));
    }
    if let (Some((expected, p)), Some((found, q))) = (without_port(expected), without_port(found))
        && (expected == found && p != q)
    {
        return new(Class::Port, "the port");
    }
    let parameters = [
        (
            "so=",
            Class::Organization,
            "so=: another organization",
            "so= is missing: no organization",
        ),
        (
            "sc=",
            Class::Certificate,
            "sc=: another decryption certificate",
            "sc= is missing: the login URL before a decryption certificate was configured",
        ),
    ];
    for (name, class, another, missing) in parameters {
        if let Some((of_expected, of_found)) = parameter_alone(name, expected, found) {
            let says = match (of_expected, of_found) {
                (Some(_), None) => missing.to_owned(),
                (None, Some(_)) => format!("{name} is not in the expected URL"),
                (Some(_) | None, _) => another.to_owned(),
            };
            return new(class, &says);
        }
    }
    if let Some(near) = nearness(expected, found) {
        return new(Class::Near, near.says());
    }
    new(Class::Other, "first difference")
}

/// Bytes that both begin with, never inside a character.
fn common_prefix(a: &str, b: &str) -> usize {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}

fn without_space(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| *c != ' ' && !super::safe::is_hazard(*c))
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn slash(expected: &str, found: &str) -> Option<&'static str> {
    let before_query = |with: &str, without: &str| {
        with.split_once("/?").is_some_and(|(base, query)| {
            without.split_once('?').is_some_and(|(other, rest)| base == other && query == rest)
        })
    };
    if found.strip_suffix('/') == Some(expected) {
        Some("one more character: a trailing slash")
    } else if expected.strip_suffix('/') == Some(found) {
        Some("one character less: the trailing slash is missing")
    } else if before_query(found, expected) {
        Some("one more character: a slash before the query")
    } else if before_query(expected, found) {
        Some("one character less: the slash before the query is missing")
    } else {
        None
    }
}

fn schemes<'t>(expected: &'t str, found: &'t str) -> Option<(&'t str, &'t str)> {
    let known = |scheme: &str| matches!(scheme, "http" | "https");
    let ((scheme, rest), (other, found_rest)) =
        (expected.split_once("://")?, found.split_once("://")?);
    (rest == found_rest && known(scheme) && known(other)).then_some((scheme, other))
}

/// The URL without its port, and the port.
fn without_port(url: &str) -> Option<(String, Option<&str>)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, Some(port)),
        Some(_) | None => (authority, None),
    };
    Some((format!("{scheme}://{host}{path}"), port))
}

/// The values of a query parameter on both sides, when nothing but it differs.
fn parameter_alone<'t>(
    name: &str,
    expected: &'t str,
    found: &'t str,
) -> Option<(Option<&'t str>, Option<&'t str>)> {
    let take = |url: &'t str| {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let value = query.split('&').find_map(|parameter| parameter.strip_prefix(name));
        let rest = query.split('&').filter(|p| !p.is_empty() && !p.starts_with(name));
        (base, rest.collect::<Vec<_>>(), value)
    };
    let ((base, rest, value), (found_base, found_rest, found_value)) =
        (take(expected), take(found));
    let alone = base == found_base && rest == found_rest && value != found_value;
    alone.then_some((value, found_value))
}

/// The first characters of both, by their code points.
fn letters(expected: Option<&str>, found: Option<&str>) -> String {
    let first = |text: Option<&str>| match text.and_then(|text| text.chars().next()) {
        Some(c) => format!("U+{:04X}", u32::from(c)),
        None => "the end".to_owned(),
    };
    format!("{} instead of {}", first(found), first(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(expected: &str, found: &str) -> Class {
        difference(expected, found).unwrap().class
    }

    #[test]
    fn equal_texts_do_not_differ() {
        assert_eq!(difference("a", "a"), None);
    }

    #[test]
    fn every_class_is_recognised() {
        let org = "https://acme.my.salesforce.com?so=00D000000000001";
        for (expected, found, expected_class) in [
            ("https://a.example", "https://a.example/", Class::Slash),
            ("https://a.example/", "https://a.example", Class::Slash),
            ("https://a.example?x=1", "https://a.example/?x=1", Class::Slash),
            ("https://a.example", "http://a.example", Class::Scheme),
            ("https://Acme.example", "https://acme.example", Class::Case),
            ("jdoe", "jdoe ", Class::WhiteSpace),
            ("jdoe", "j\u{200b}doe", Class::WhiteSpace),
            ("acme", "асme", Class::LookAlike),
            ("acme", "ａcme", Class::Normalisation),
            ("Zo\u{eb}", "Zoe\u{308}", Class::Normalisation),
            ("https://a.example/x y", "https://a.example/x%20y", Class::Near),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example", Class::Near),
            ("https://a.example", "https://www.a.example", Class::Near),
            ("https://a.example/x", "https://a.example:8443/x", Class::Port),
            (org, "https://acme.my.salesforce.com?so=00D000000000002", Class::Organization),
            (org, "https://acme.my.salesforce.com", Class::Organization),
            (&format!("{org}&sc=0LE1"), org, Class::Certificate),
            (org, &format!("{org}&sc=0LE1"), Class::Certificate),
            ("https://a.example", "https://b.example", Class::Other),
        ] {
            assert_eq!(class(expected, found), expected_class, "{expected} and {found}");
        }
    }

    #[test]
    fn the_place_is_where_the_found_text_begins_to_differ() {
        assert_eq!(difference("https://a.example", "https://a.example/").unwrap().at, 17);
        assert_eq!(difference("Zoë1", "Zoë2").unwrap().at, 4);
        assert_eq!(difference("https://a", "http://a").unwrap().at, 4);
    }

    #[test]
    fn a_look_alike_is_named_by_its_code_point() {
        let says = difference("acme", "аcme").unwrap().says;
        assert_eq!(says, "a look-alike letter: U+0430 instead of U+0061");
        let says = difference("Zo\u{eb}", "Zoe\u{308}").unwrap().says;
        assert_eq!(says, "the same letter, written otherwise: U+0065 instead of U+00EB");
    }
}
