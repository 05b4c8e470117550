//! Makes one `xml:base` of two when the element that bore the outer one is not written.
//!
//! xml-c14n11 §2.4, "join-URI-References": RFC 3986 §5.2, but the outer value may be relative itself, and then so is the
//! result, which may begin with `../`.

use std::borrow::Cow;

/// A URI reference in the five parts of RFC 3986 §3.
#[derive(Clone, Copy)]
struct Parts<'u> {
    scheme: Option<&'u str>,
    authority: Option<&'u str>,
    path: &'u str,
    query: Option<&'u str>,
    fragment: Option<&'u str>,
}

/// What `inner` means beneath `outer`.
pub(super) fn join<'d>(outer: &str, inner: Cow<'d, str>) -> Cow<'d, str> {
    let reference = split(&inner);
    if reference.scheme.is_some() {
        return inner;
    }
    // A last segment `.` or `..` is a folder here, and not a file to be replaced.
    let closed;
    let mut base = split(outer);
    if matches!(base.path.rsplit('/').next(), Some("." | "..")) {
        closed = format!("{}/", base.path);
        base.path = &closed;
    }
    let joined = if reference.authority.is_some() {
        write(Parts { scheme: base.scheme, ..reference }, &without_dots(reference.path))
    } else if reference.path.is_empty() {
        let query = reference.query.or(base.query);
        write(Parts { query, fragment: reference.fragment, ..base }, &without_dots(base.path))
    } else {
        let path = if reference.path.starts_with('/') {
            without_dots(reference.path)
        } else {
            without_dots(&merge(&base, reference.path))
        };
        write(Parts { scheme: base.scheme, authority: base.authority, ..reference }, &path)
    };
    Cow::Owned(joined)
}

fn split(uri: &str) -> Parts<'_> {
    let (rest, fragment) = cut(uri, '#');
    let (rest, query) = cut(rest, '?');
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, rest)) if !scheme.is_empty() && !scheme.contains('/') => (Some(scheme), rest),
        Some(_) | None => (None, rest),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            (Some(authority), path)
        }
        None => (None, rest),
    };
    Parts { scheme, authority, path, query, fragment }
}

/// What stands before and behind a mark.
fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// RFC 3986 §5.2.3.
fn merge(base: &Parts<'_>, path: &str) -> String {
    if base.authority.is_some() && base.path.is_empty() {
        return format!("/{path}");
    }
    let folder = base.path.rfind('/').and_then(|slash| base.path.get(..=slash));
    format!("{}{path}", folder.unwrap_or_default())
}

/// RFC 3986 §5.2.4, changed as xml-c14n11 §2.4 says: slashes in a row are one, a relative path keeps its leading `..`, and
/// a last `..` or `.` ends in a slash.
fn without_dots(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut folder = false;
    for segment in path.split('/') {
        folder = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if absolute => {}
            _ => kept.push(segment),
        }
    }
    let mut whole = if absolute { "/".to_owned() } else { String::new() };
    whole.push_str(&kept.join("/"));
    if folder && !kept.is_empty() {
        whole.push('/');
    }
    whole
}

/// RFC 3986 §5.3, with this path in place of the parts' own.
fn write(parts: Parts<'_>, path: &str) -> String {
    let mut uri = String::new();
    let marked = [
        (parts.scheme, "", ":"),
        (parts.authority, "//", ""),
        (Some(path), "", ""),
        (parts.query, "?", ""),
        (parts.fragment, "#", ""),
    ];
    for (part, before, behind) in marked {
        if let Some(part) = part {
            uri.push_str(before);
            uri.push_str(part);
            uri.push_str(behind);
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_base_is_joined_with_the_one_around_it() {
        for (outer, inner, expected) in [
            ("http://a/b/c", "d", "http://a/b/d"),
            ("http://a/b/c?q#f", "../d/./e?x#y", "http://a/d/e?x#y"),
            ("http://a", "b", "http://a/b"),
            ("http://a/b/", "../../../c", "http://a/c"),
            ("http://a/b", "/c//d/..", "http://a/c/"),
            ("http://a/b", "//c/d", "http://c/d"),
            ("http://a/b", "urn:c", "urn:c"),
            ("http://a/b?q#f", "", "http://a/b?q"),
            ("http://a/b?q", "?r", "http://a/b?r"),
            ("a/b/", "c", "a/b/c"),
            ("a", "b", "b"),
            ("..", "b", "../b"),
            ("../", "..", "../../"),
            ("a/", "..", ""),
            ("a/b/..", "../../c", "../c"),
        ] {
            assert_eq!(join(outer, Cow::Borrowed(inner)), expected, "{outer} {inner}");
        }
    }
}
