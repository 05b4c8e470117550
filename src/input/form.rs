//! Form bodies, query strings and redirect URLs: finds the parameter that carries the message, in any order of parameters.
//!
//! saml-bindings-2.0 §3.4.4 (`SAMLRequest`, `SAMLResponse`, `RelayState`, `SigAlg`, `Signature`) and §3.5.4.

use super::recognise::{self, Recognised};
use crate::decode::{InputErrorKind, form_text};

/// The two names a message goes by (saml-bindings-2.0 §3.4.4.1, §3.5.4).
pub(super) const MESSAGES: [&str; 2] = ["SAMLResponse", "SAMLRequest"];

/// The parameter that carries the message, and what stood beside it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parameters<'t> {
    pub(super) name: &'static str,
    /// Still encoded.
    pub(super) value: &'t [u8],
    pub(super) url: bool,
    pub(super) raw_query: String,
    pub(super) relay_state: Option<String>,
    /// The URL without the parameters that are SAML's, when there is one.
    pub(super) sent_to: Option<String>,
}

/// Reads `text` as parameters.
///
/// # Errors
/// When two of them claim to be the message, or when they are those of another protocol. `None`: not parameters at all.
pub(super) fn parameters(text: &[u8]) -> Result<Option<Parameters<'_>>, InputErrorKind> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Ok(None);
    };
    let (url, query) = split_url(text);
    let mut message: Option<(&'static str, &str)> = None;
    let mut relay_state = None;
    let mut other = None;
    for (name, value) in pairs(query).filter_map(|pair| pair.split_once('=')) {
        // A URL copied out of a page's source has `&amp;` between its parameters.
        let name = name.strip_prefix("amp;").unwrap_or(name);
        if let Some(known) = MESSAGES.into_iter().find(|known| *known == name) {
            if let Some((first, _)) = message {
                return Err(InputErrorKind::Ambiguous { first, second: known });
            }
            message = Some((known, value));
        } else if name == "RelayState" {
            relay_state = form_text(value);
        } else if other.is_none() {
            other = recognise::parameter(name, value);
        }
    }
    match (message, other) {
        (Some((name, value)), _) => Ok(Some(Parameters {
            name,
            value: value.as_bytes(),
            url,
            raw_query: query.replace("&amp;", "&"),
            relay_state,
            sent_to: url.then(|| receiver(text)),
        })),
        (None, Some(recognised)) => Err(InputErrorKind::NotSaml(recognised)),
        (None, None) if is_absolute(text) && !text.contains(char::is_whitespace) => {
            Err(InputErrorKind::NotSaml(Recognised::Url))
        }
        (None, None) => Ok(None),
    }
}

/// The pairs of a query. Out of a page's source, `&#43;` is an entity inside a value and separates nothing.
fn pairs(query: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(query);
    std::iter::from_fn(move || {
        let text = rest?;
        let is_separator = |at: &usize| {
            // A code point has six hexadecimal digits at most.
            let behind = text.as_bytes().get(at + 1..).unwrap_or_default();
            let Some(number) = behind.strip_prefix(b"#") else { return true };
            let digits =
                number.iter().take_while(|byte| byte.is_ascii_alphanumeric()).take(8).count();
            digits == 0 || digits == 8 || number.get(digits) != Some(&b';')
        };
        let end = text.match_indices('&').map(|(at, _)| at).find(is_separator);
        let (pair, behind) = match end {
            Some(end) => (text.get(..end)?, text.get(end + 1..)),
            None => (text, None),
        };
        rest = behind;
        Some(pair)
    })
}

/// Parameters that the bindings put into a URL, and that are no part of the receiver's own address.
const OF_THE_BINDING: [&str; 5] =
    ["SAMLResponse", "SAMLRequest", "RelayState", "SigAlg", "Signature"];

/// The address that a URL's message goes to: the URL without what the binding added (saml-bindings-2.0 §3.4.4.1).
pub(super) fn receiver(url: &str) -> String {
    let url = url.split_once('#').map_or(url, |(before, _)| before).replace("&amp;", "&");
    let Some((before, query)) = url.split_once('?') else { return url };
    let is_own = |pair: &&str| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        !OF_THE_BINDING.contains(&name)
    };
    let own: Vec<&str> = query.split('&').filter(is_own).collect();
    if own.is_empty() { before.to_owned() } else { format!("{before}?{}", own.join("&")) }
}

/// The part of `text` that holds the parameters, and whether a URL stands before it.
fn split_url(text: &str) -> (bool, &str) {
    let is_url = is_absolute(text) || text.starts_with('/');
    match text.split_once('?') {
        Some((before, query)) if is_url || !before.contains(['=', '&']) => {
            let end = query.find('#').unwrap_or(query.len());
            (!before.is_empty(), query.get(..end).unwrap_or(query))
        }
        // OpenID Connect's implicit flow answers in the fragment.
        Some(_) | None if is_url => {
            text.split_once('#').map_or((true, ""), |(_, fragment)| (true, fragment))
        }
        Some(_) | None => (false, text),
    }
}

pub(super) fn is_absolute(text: &str) -> bool {
    let has_scheme = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    has_scheme("https://") || has_scheme("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Parameters<'_> {
        parameters(text.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn the_order_of_parameters_does_not_matter() {
        for text in ["SAMLResponse=abc&RelayState=x+y%2F", "RelayState=x+y%2F&SAMLResponse=abc"] {
            let parameters = found(text);
            assert_eq!(parameters.value, b"abc");
            assert_eq!(parameters.relay_state.as_deref(), Some("x y/"));
            assert_eq!(parameters.raw_query, text);
            assert!(!parameters.url);
        }
    }

    #[test]
    fn a_url_gives_its_query_without_the_fragment() {
        let parameters = found("https://acme.example?so=00D&SAMLRequest=a%3D&SigAlg=x#top");
        assert_eq!(parameters.name, "SAMLRequest");
        assert_eq!(parameters.value, b"a%3D");
        assert_eq!(parameters.raw_query, "so=00D&SAMLRequest=a%3D&SigAlg=x");
        assert!(parameters.url);
        assert!(found("/sso;session=1?SAMLRequest=a").url);
        assert!(!found("?SAMLRequest=a").url);
    }

    #[test]
    fn a_question_mark_in_a_form_value_does_not_make_it_a_url() {
        let parameters = found("RelayState=https://a/?b&SAMLResponse=abc");
        assert_eq!(parameters.value, b"abc");
        assert!(!parameters.url);
    }

    #[test]
    fn escaped_ampersands_of_page_source_are_read() {
        let parameters = found("https://a/?SAMLRequest=abc&amp;RelayState=x&amp;Signature=s");
        assert_eq!(parameters.relay_state.as_deref(), Some("x"));
        assert_eq!(parameters.raw_query, "SAMLRequest=abc&RelayState=x&Signature=s");
    }

    #[test]
    fn two_messages_are_refused() {
        let error = parameters(b"SAMLResponse=a&SAMLResponse=b").unwrap_err();
        let twice = InputErrorKind::Ambiguous { first: "SAMLResponse", second: "SAMLResponse" };
        assert_eq!(error, twice);
        assert!(parameters(b"SAMLResponse=a&SAMLRequest=b").is_err());
    }

    #[test]
    fn the_receiver_of_a_redirect_is_its_url_without_what_the_binding_added() {
        for (url, expected) in [
            ("https://a.example?so=00D&SAMLResponse=x&RelayState=y#z", "https://a.example?so=00D"),
            ("https://a.example/sso?SAMLRequest=x&SigAlg=y&Signature=z", "https://a.example/sso"),
            ("https://a.example/?SAMLRequest=x&amp;RelayState=y&amp;t=1", "https://a.example/?t=1"),
        ] {
            assert_eq!(found(url).sent_to.as_deref(), Some(expected));
        }
        assert_eq!(found("RelayState=https://a/?b&SAMLResponse=abc").sent_to, None);
    }

    #[test]
    fn base64_is_not_parameters() {
        assert_eq!(parameters(b"PHNhbWxwOlJl/c3+Bv==").unwrap(), None);
    }
}
