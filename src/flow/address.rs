//! When two addresses of a login are the same place, whatever a browser does to them on the way.

use crate::config::same_endpoint;

/// Whether both are the same place once a browser has written them its way: host in small letters, no default port, a `/` for no path
/// (WHATWG URL §4.4). Everything else counts.
pub(super) fn same_address(a: &str, b: &str) -> bool {
    a == b || same_endpoint(&as_browsers_write(a), &as_browsers_write(b))
}

fn as_browsers_write(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
    let port = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(port).unwrap_or(&host);
    let slash = if rest.starts_with('/') { "" } else { "/" };
    format!("{scheme}://{host}{slash}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_does_to_an_address_is_no_difference() {
        for (named, posted) in [
            ("https://x.com?so=1", "https://x.com/?so=1"),
            ("https://x.com", "https://x.com/"),
            ("HTTPS://X.com:443/A?b", "https://x.com/A?b"),
            ("http://x.com:80", "http://x.com/"),
        ] {
            assert!(same_address(named, posted) && same_address(posted, named), "{named}");
        }
    }

    #[test]
    fn everything_else_is() {
        for (a, b) in [
            ("https://x.com?so=1", "https://x.com?so=2"),
            ("https://x.com/a", "https://x.com/a/"),
            ("https://x.com/A", "https://x.com/a"),
            ("https://x.com", "http://x.com"),
            ("https://x.com:444", "https://x.com"),
            ("https://x.com", ""),
        ] {
            assert!(!same_address(a, b), "{a} {b}");
        }
    }
}
