//! Login URLs: when two of them are the same endpoint, and which org one of them names.
//!
//! platform §3.2: exactly two things are normalised, everything else is compared byte for byte (security rule 15).

/// Whether two endpoints are the same: byte for byte, except that
/// (a) a `/` between host and `?` may be there or not, as browsers add it, and
/// (b) org ids in `so=` are compared by [`same_id`].
pub fn same_endpoint(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (Some((base_a, query_a)), Some((base_b, query_b))) = (a.split_once('?'), b.split_once('?'))
    else {
        return false;
    };
    without_root_slash(base_a) == without_root_slash(base_b)
        && query_a.split('&').count() == query_b.split('&').count()
        && query_a.split('&').zip(query_b.split('&')).all(|(a, b)| same_parameter(a, b))
}

/// Whether two ids of the platform are the same record: the 15-character form and the 18-character one, which adds three
/// check characters for systems that cannot tell case, are equal in their first 15 characters.
pub fn same_id(a: &str, b: &str) -> bool {
    a == b || id_key(a).is_some_and(|key| id_key(b) == Some(key))
}

/// The org id in the `so=` parameter of a URL, when there is exactly one.
pub fn organization_id(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let mut ids = query.split('&').filter_map(|parameter| parameter.strip_prefix("so="));
    ids.next().filter(|id| !id.is_empty() && ids.next().is_none())
}

/// Whether a text is an absolute `http` or `https` URL with a host.
pub(crate) fn is_absolute_http_url(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let known = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    known && !host.is_empty() && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// `https://host/` as `https://host`; anything with a path stays as it is.
fn without_root_slash(base: &str) -> &str {
    match base.strip_suffix('/') {
        Some(host) if host.split_once("://").is_some_and(|(_, host)| is_host(host)) => host,
        Some(_) | None => base,
    }
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && !text.contains(['/', '#'])
}

fn same_parameter(a: &str, b: &str) -> bool {
    match (a.strip_prefix("so="), b.strip_prefix("so=")) {
        (Some(a), Some(b)) => same_id(a, b),
        (Some(_) | None, _) => a == b,
    }
}

/// The first 15 characters of something shaped like an id. Anything longer or shorter is not one: were it cut as well,
/// `00D000000000001-and-more` would pass for the org.
fn id_key(id: &str) -> Option<&str> {
    let shaped = matches!(id.len(), 15 | 18) && id.bytes().all(|b| b.is_ascii_alphanumeric());
    if shaped { id.get(..15) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: &str = "https://acme.my.salesforce.com?so=00D000000000001";

    #[test]
    fn equal_bytes_are_the_same_endpoint() {
        assert!(same_endpoint(LOGIN, LOGIN));
        assert!(same_endpoint("https://login.salesforce.com", "https://login.salesforce.com"));
    }

    #[test]
    fn a_slash_between_host_and_question_mark_is_optional() {
        let slash = "https://acme.my.salesforce.com/?so=00D000000000001";
        assert!(same_endpoint(LOGIN, slash) && same_endpoint(slash, LOGIN));
        let two = "https://acme.my.salesforce.com//?so=00D000000000001";
        assert!(!same_endpoint(LOGIN, two));
    }

    #[test]
    fn a_slash_anywhere_else_counts() {
        assert!(!same_endpoint("https://login.salesforce.com", "https://login.salesforce.com/"));
        assert!(!same_endpoint("https://a.example/login?so=1", "https://a.example/login/?so=1"));
        assert!(!same_endpoint("https://a.example#?so=1", "https://a.example#/?so=1"));
    }

    #[test]
    fn org_ids_are_compared_on_their_first_15_characters() {
        assert!(same_endpoint(LOGIN, "https://acme.my.salesforce.com?so=00D000000000001EAA"));
        assert!(same_endpoint(
            "https://acme.my.salesforce.com/services/oauth2/token?so=00D000000000001EAA&sc=0LE1",
            "https://acme.my.salesforce.com/services/oauth2/token?so=00D000000000001&sc=0LE1",
        ));
        assert!(!same_endpoint(LOGIN, "https://acme.my.salesforce.com?so=00D000000000002"));
        assert!(!same_endpoint(LOGIN, "https://acme.my.salesforce.com?so=00d000000000001"));
        assert!(!same_endpoint(LOGIN, "https://acme.my.salesforce.com?so=00D000000000001-more"));
    }

    #[test]
    fn nothing_else_is_normalised() {
        for other in [
            "http://acme.my.salesforce.com?so=00D000000000001",
            "HTTPS://acme.my.salesforce.com?so=00D000000000001",
            "https://ACME.my.salesforce.com?so=00D000000000001",
            "https://acme.my.salesforce.com:443?so=00D000000000001",
            "https://acme.my.salesforce.com?so=00D000000000001&",
            "https://acme.my.salesforce.com?so=00D000000000001&sc=0LE000000000001",
            "https://acme.my.salesforce.com?so=00D00000000000%31",
            "https://acme.my.salesforce.com?SO=00D000000000001",
            "https://acme.my.salesforce.com?so=00D000000000001 ",
            "https://acme.my.salesforce.com",
            "",
        ] {
            assert!(!same_endpoint(LOGIN, other), "{other}");
        }
        let (ab, ba) = ("https://a.example?a=1&b=2", "https://a.example?b=2&a=1");
        assert!(!same_endpoint(ab, ba));
        let (short, long) =
            ("https://a.example?sc=0LE000000000001", "https://a.example?sc=0LE000000000001AAA");
        assert!(!same_endpoint(short, long));
    }

    #[test]
    fn the_org_is_read_from_a_single_so_parameter() {
        assert_eq!(organization_id(LOGIN), Some("00D000000000001"));
        assert_eq!(organization_id("https://a.example/x?sc=1&so=00D1#f"), Some("00D1"));
        assert_eq!(organization_id("https://a.example?so=1&so=2"), None);
        assert_eq!(organization_id("https://a.example?so="), None);
        assert_eq!(organization_id("https://a.example?also=1"), None);
        assert_eq!(organization_id("https://a.example/so=1"), None);
    }

    #[test]
    fn only_absolute_http_urls_count() {
        for url in ["https://a.example", "http://localhost:8080/x?y#z", "HTTPS://a.example/"] {
            assert!(is_absolute_http_url(url), "{url}");
        }
        for url in
            ["a.example", "//a.example", "ftp://a.example", "https://", "https:///x", "https://a b"]
        {
            assert!(!is_absolute_http_url(url), "{url}");
        }
    }
}
