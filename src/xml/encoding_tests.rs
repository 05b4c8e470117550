//! What `to_text` accepts and refuses.

use super::*;

fn le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn with(prefix: &[u8], rest: &[u8]) -> Vec<u8> {
    [prefix, rest].concat()
}

fn declaring(encoding: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><a>");
    [head.as_bytes(), content, b"</a>"].concat()
}

fn content(bytes: &[u8]) -> (String, String) {
    let (text, encoding) = to_text(bytes).unwrap();
    let start = text.find("<a>").unwrap() + 3;
    (text[start..].strip_suffix("</a>").unwrap().to_owned(), encoding.to_string())
}

#[test]
fn utf_8_is_read_with_and_without_mark_and_declaration() {
    assert_eq!(content("<a>é</a>".as_bytes()), ("é".into(), "UTF-8".into()));
    assert_eq!(content(&declaring("utf-8", "é".as_bytes())).1, "UTF-8");
    let marked = with(b"\xEF\xBB\xBF", &declaring("UTF-8", "é".as_bytes()));
    assert_eq!(content(&marked), ("é".into(), "UTF-8 with BOM".into()));
    assert!(to_text(&marked).unwrap().0.starts_with("<?xml"));
}

#[test]
fn utf_16_is_read_with_a_mark_or_a_declaration() {
    let text = "<?xml version='1.0' encoding='UTF-16'?><a>é😀</a>";
    for (bytes, name) in [
        (with(b"\xFF\xFE", &le(text)), "UTF-16LE"),
        (with(b"\xFE\xFF", &be(text)), "UTF-16BE"),
        (le(text), "UTF-16LE"),
        (be(text), "UTF-16BE"),
        (with(b"\xFF\xFE", &le("<a>é😀</a>")), "UTF-16LE"),
        (be(&text.replace("UTF-16", "utf-16be")), "UTF-16BE"),
    ] {
        assert_eq!(content(&bytes), ("é😀".into(), name.into()));
    }
}

#[test]
fn the_upper_half_of_iso_8859_is_that_of_the_named_part() {
    let read = |name: &str, bytes: &[u8]| content(&declaring(name, bytes));
    assert_eq!(read("ISO-8859-1", b"\xE9\x80\xA4\xFF"), ("é\u{80}¤ÿ".into(), "ISO-8859-1".into()));
    assert_eq!(read("iso-8859-2", b"\xB1\x9F"), ("ą\u{9F}".into(), "ISO-8859-2".into()));
    assert_eq!(read("ISO-8859-5", b"\xB6").0, "Ж");
    assert_eq!(read("ISO-8859-9", b"\xF0\x8C"), ("ğ\u{8C}".into(), "ISO-8859-9".into()));
    assert_eq!(read("ISO-8859-11", b"\xA1").0, "ก");
    assert_eq!(read("ISO-8859-15", b"\xA4").0, "€");
    assert_eq!(read("windows-1252", b"\x80").0, "€");
    assert_eq!(read("US-ASCII", b"x"), ("x".into(), "US-ASCII".into()));
}

#[test]
fn every_published_part_of_iso_8859_is_known() {
    for part in (1..=16).filter(|part| *part != 12) {
        let table = upper_half(eight_bit(&format!("ISO-8859-{part}")).unwrap());
        assert!(table.iter().flatten().count() > 64, "part {part}");
        assert_eq!(table[0x20], Some('\u{A0}'), "part {part}");
    }
}

#[test]
fn bytes_that_are_not_what_they_claim_are_refused() {
    let lone = [le("<a>"), vec![0x00, 0xD8], le("</a>")].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("UTF-16 declared in single bytes", declaring("UTF-16", b"x")),
        ("UTF-16LE declared in single bytes", declaring("utf-16le", b"x")),
        (
            "UTF-16 declared behind the mark of UTF-8",
            with(b"\xEF\xBB\xBF", &declaring("UTF-16", b"x")),
        ),
        (
            "ISO-8859-1 declared behind the mark of UTF-8",
            with(b"\xEF\xBB\xBF", &declaring("ISO-8859-1", b"x")),
        ),
        (
            "UTF-8 declared in UTF-16",
            with(b"\xFF\xFE", &le("<?xml version='1.0' encoding='UTF-8'?><a/>")),
        ),
        (
            "the other UTF-16 declared",
            with(b"\xFF\xFE", &le("<?xml version='1.0' encoding='UTF-16BE'?><a/>")),
        ),
        ("UTF-16 that nothing announces", le("<a/>")),
        ("UTF-16 that only its bytes announce", be("<?xml version='1.0'?><a/>")),
        ("a lone surrogate", with(b"\xFF\xFE", &lone)),
        ("an odd byte", with(b"\xFF\xFE", &with(&le("<a/>"), b" "))),
        ("UTF-32", with(b"\xFF\xFE\0\0", b"<\0\0\0a\0\0\0/\0\0\0>\0\0\0")),
        ("UTF-32 without mark", b"\0\0\0<\0\0\0a\0\0\0/\0\0\0>".to_vec()),
        ("EBCDIC", b"\x4C\x6F\xA7\x94\x93\x40".to_vec()),
        ("EBCDIC by name", declaring("IBM037", b"x")),
        ("UTF-7 by name", declaring("UTF-7", b"x")),
        ("UTF-7 by its mark", b"+/v8-<a/>".to_vec()),
        ("UTF-32 by name", declaring("UTF-32", b"x")),
        ("an unknown name", declaring("x-mine", b"x")),
        ("ISO-8859-12", declaring("ISO-8859-12", b"x")),
        ("ISO-8859-01", declaring("ISO-8859-01", b"x")),
        ("invalid UTF-8", b"<a>\xE9</a>".to_vec()),
        ("overlong UTF-8", b"<a>\xC0\xBC</a>".to_vec()),
        ("a surrogate in UTF-8", b"<a>\xED\xA0\x80</a>".to_vec()),
        ("eight bits in US-ASCII", declaring("US-ASCII", b"\xE9")),
        ("an unassigned byte", declaring("ISO-8859-6", b"\xA1")),
        ("a second mark", b"\xEF\xBB\xBF\xEF\xBB\xBF<a/>".to_vec()),
        ("a second mark in UTF-16", with(b"\xFF\xFE\xFF\xFE", &le("<a/>"))),
        ("NUL", b"<a>\0</a>".to_vec()),
        ("NUL in ISO-8859-1", declaring("ISO-8859-1", b"\0")),
    ];
    for (what, bytes) in cases {
        let error = to_text(&bytes).expect_err(what);
        assert!(matches!(error.kind, XmlErrorKind::Encoding(_)), "{what}: {error}");
    }
}

#[test]
fn a_broken_declaration_is_malformed() {
    for bytes in [
        &b"<?xml version='1.1'?><a/>"[..],
        b"<?xml version='1.0' encoding=UTF-8?><a/>",
        b"<?xml version='1.0'",
    ] {
        assert!(matches!(to_text(bytes).unwrap_err().kind, XmlErrorKind::Malformed(_)));
    }
}

#[test]
fn nothing_is_empty_even_behind_a_mark() {
    for bytes in [&b""[..], b"\xEF\xBB\xBF", b"\xFF\xFE"] {
        assert_eq!(to_text(bytes).unwrap_err().kind, XmlErrorKind::Empty);
    }
}

#[test]
fn an_encoding_error_says_where() {
    let error = to_text(b"<a>\n \xC3\xA9\xE9</a>").unwrap_err();
    assert_eq!((error.offset, error.line, error.column), (7, 2, 3));
    let error = to_text(&declaring("US-ASCII", b"\n\n ab\xE9")).unwrap_err();
    assert_eq!((error.line, error.column), (3, 4));
}
