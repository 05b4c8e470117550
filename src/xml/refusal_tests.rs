//! What the parser refuses, and as what.

use super::tests::parse;
use super::{Document, XmlError, XmlErrorKind};
use crate::limits::Limits;

fn refusal(text: &str) -> XmlError {
    match Document::parse(text.to_owned(), &Limits::default()) {
        Ok(_) => panic!("accepted: {text:?}"),
        Err(error) => error,
    }
}

#[test]
fn malformed_documents_are_refused() {
    for text in [
        // Structure
        "<a>",
        "<a",
        "<",
        "<a></b>",
        "<a></A>",
        "</a>",
        "<a/></a>",
        "<a></a",
        "<a><b></a></b>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a/>&#32;",
        "<a/>&amp;",
        "&#32;<a/>",
        "<![CDATA[]]><a/>",
        "<a/><![CDATA[ ]]>",
        "<!-- c -->",
        "<?pi?>",
        "text",
        "<a/>\u{A0}",
        "<a/>\u{FEFF}",
        "\u{85}<a/>",
        "<a><a/>",
        "<a></a b='c'>",
        "<a></ a>",
        "<a></a/>",
        "<a></>",
        "<a></a\u{A0}>",
        "</",
        "<a></a><",
        "<a></a>]]>",
        // Names
        "<>",
        "< a/>",
        "</a>",
        "<9/>",
        "<-a/>",
        "<a b.c@='1'/>",
        "<a<b/>",
        "<<a/>",
        "<a\u{A0}b='c'/>",
        "<a\u{D7}/>",
        "<:a/>",
        "<a:/>",
        "<a:b:c/>",
        "<a \u{300}b=''/>",
        "<a/b/>",
        "<a//>",
        "<a/ >",
        "<a =''/>",
        "<a b:=''/>",
        "<a :b=''/>",
        "<a xmlns:=''/>",
        // Attributes
        "<a b/>",
        "<a b=/>",
        "<a b=c/>",
        "<a b='c/>",
        "<a b='c'd='e'/>",
        "<a b=\"c\"'d'/>",
        "<a 'b'/>",
        "<a \"x>y\"/>",
        "<a b='<'/>",
        "<a b='1' b='2'/>",
        "<a b ='1' c= />",
        "<a b='&'/>",
        "<a b='&amp'/>",
        "<a b='&foo;'/>",
        "<a b='& amp;'/>",
        "<a b='&#0;'/>",
        "<a b='&#xFFFF;'/>",
        "<a b='&#x1F;'/>",
        "<a b='&;'/>",
        "<a b=&quot;c&quot;/>",
        "<a b='c''d'/>",
        "<a,b='c'/>",
        // Text and references
        "<a>]]></a>",
        "<a>x]]>y</a>",
        "<a>]]]></a>",
        "<a>&foo;</a>",
        "<a>&nbsp;</a>",
        "<a>&</a>",
        "<a>& b;</a>",
        "<a>&amp</a>",
        "<a>&amp <b/>;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#X41;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#0;</a>",
        "<a>&#1;</a>",
        "<a>&#xFFFE;</a>",
        "<a>&#99999999999;</a>",
        "<a>&#-1;</a>",
        "<a>&#+65;</a>",
        "<a>&LT;</a>",
        "<a>&;</a>",
        "<a>&#38</a>",
        // Characters
        "<a>\0</a>",
        "<a>\u{1}</a>",
        "<a>\u{B}</a>",
        "<a>\u{C}</a>",
        "<a>\u{1F}</a>",
        "<a>\u{FFFE}</a>",
        "<a>\u{FFFF}</a>",
        "<a b='\u{1}'/>",
        "<!--\u{1}--><a/>",
        "<!--\u{FFFF}--><a/>",
        "<?pi \u{1}?><a/>",
        "<a><![CDATA[\u{8}]]></a>",
        "<a\0/>",
        "<a></a\0>",
        "\0<a/>",
        "<a/>\0",
        // Comments, CDATA, processing instructions
        "<!-- -- --><a/>",
        "<!-- --- --><a/>",
        "<!-----><a/>",
        "<!---><a/>",
        "<!--><a/>",
        "<!-- <a/>",
        "<!- a --><a/>",
        "<a><!-- --></a>--",
        "<!--a---><a/>",
        "<a><![CDATA[</a>",
        "<a><![cdata[]]></a>",
        "<a><![CDATA []]></a>",
        "<a><![CDATA]]></a>",
        "<a><![CDATA[]]>]]></a>",
        "<a><![IGNORE[]]></a>",
        "<??><a/>",
        "<? a?><a/>",
        "<?9?><a/>",
        "<?a:b?><a/>",
        "<?pi <a/>",
        "<?a,b?><a/>",
        "<?pi><a/>",
        "<?><a/>",
        "<?a=b?><a/>",
        "<!ENTITY a 'b'><a/>",
        "<!ELEMENT a ANY><a/>",
        "<!><a/>",
        "<!a><a/>",
        "<!doc><a/>",
        // The XML declaration
        " <?xml version='1.0'?><a/>",
        "\n<?xml version='1.0'?><a/>",
        "<!-- --><?xml version='1.0'?><a/>",
        "<a><?xml version='1.0'?></a>",
        "<a/><?xml version='1.0'?>",
        "<?XML version='1.0'?><a/>",
        "<?Xml?><a/>",
        "<a><?xMl x?></a>",
        "<?xml version='1.1'?><a/>",
        "<?xml?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml version='1.0' standalone='maybe'?><a/>",
        "<?xml version='1.0' encoding='?'?><a/>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>",
        "<?xml version='1.0'?><?xml version='1.0'?><a/>",
        "<?xml version='1.0'><a/>",
        "<?xml\u{A0}version='1.0'?><a/>",
    ] {
        let error = refusal(text);
        assert!(
            matches!(error.kind, XmlErrorKind::Malformed(_)),
            "{error} ({:?}): {text:?}",
            error.kind
        );
        assert!(error.offset <= text.len(), "{text:?}");
    }
}

#[test]
fn namespace_errors_are_refused() {
    for text in [
        "<p:a/>",
        "<a p:b=''/>",
        "<a><b xmlns:p='urn:p'/><p:c/></a>",
        "<a xmlns:p=''/>",
        "<a xmlns:xml='urn:x'/>",
        "<a xmlns:xmlns='urn:x'/>",
        "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<xmlns:a/>",
        "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:xml=''/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:p='1'/>",
        "<a xmlns='foo'/>",
        "<a xmlns:p='//host/path'/>",
        "<a xmlns:p='../x'/>",
        "<a xmlns=' urn:x'/>",
        "<a xmlns='&#x31;'/>",
        "<a xmlns='urn:a b'/>",
        "<a xmlns:p='urn:é'/>",
    ] {
        let error = refusal(text);
        assert!(matches!(error.kind, XmlErrorKind::Namespace(_)), "{error}: {text:?}");
    }
}

#[test]
fn an_attribute_is_there_once_by_any_spelling() {
    let declared = "xmlns:p='urn:x' xmlns:q='urn:&#x78;' xmlns='urn:x'";
    refusal(&format!("<a {declared} p:b='' q:b=''/>"));
    refusal("<a xmlns='urn:x' xmlns='urn:x'/>");
    refusal("<a xmlns:p='urn:x' xmlns:p='urn:y'/>");
    parse(&format!("<a {declared} p:b='' b=''/>"));
    let many = (0..100).map(|n| format!(" b{n}=''")).collect::<String>();
    parse(&format!("<a{many}/>"));
    refusal(&format!("<a{many} b0=''/>"));
    refusal(&format!("<a {declared}{many} p:b='' q:b=''/>"));
}

#[test]
fn a_doctype_is_refused_before_it_is_read() {
    let bomb = "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
    for text in [
        bomb,
        "<!DOCTYPE",
        "<!doctype html><a/>",
        "<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM 'file:///etc/passwd",
        "<a><!DOCTYPE a></a>",
    ] {
        assert_eq!(refusal(text).kind, XmlErrorKind::Dtd, "{text:?}");
    }
    assert_eq!(
        refusal("<!-- -->\n <!DOCTYPE a>").to_string().split(':').next(),
        Some("line 2, column 2")
    );
}

#[test]
fn nothing_is_empty_and_a_second_mark_is_an_encoding_error() {
    for text in ["", " \r\n\t"] {
        assert_eq!(refusal(text).kind, XmlErrorKind::Empty);
    }
    assert!(matches!(refusal("\u{FEFF}<a/>").kind, XmlErrorKind::Encoding(_)));
}

#[test]
fn messages_say_what_and_where() {
    for (text, expected) in [
        ("<a>\n\n  <foo:b/></a>", "line 3, column 4: prefix `foo` is not declared"),
        ("<a>\n<b c='1'\n  c='2'/></a>", "line 3, column 3: attribute `c` is there twice"),
        ("<a>é&foo;</a>", "line 1, column 5: entity `foo` is not defined"),
        ("<a>&#1;</a>", "line 1, column 4: `&#1;` is not a character that XML allows"),
        ("<a b='x & y'/>", "line 1, column 9: `&` does not begin a reference like `&amp;`"),
        ("<a><b></a>", "line 1, column 7: expected the end tag of `b`, found that of `a`"),
        ("<a>\n<b>", "line 2, column 1: element `b` is not closed"),
        ("<a>\u{1}</a>", "line 1, column 4: the character U+0001 is not allowed"),
        ("<a b='1'c='2'/>", "line 1, column 9: white space is missing between attributes"),
        ("<a xmlns:n='1'/>", "line 1, column 4: the namespace name `1` is relative"),
        ("<a><!--\n--\n--></a>", "line 2, column 1: `--` in a comment"),
        ("<a/>\n<b/>", "line 2, column 1: there is a second root element"),
    ] {
        assert_eq!(refusal(text).to_string(), expected, "{text:?}");
    }
}

fn limited(text: String, limits: Limits) -> Option<(&'static str, usize)> {
    match Document::parse(text, &limits).err()?.kind {
        XmlErrorKind::Limit { name, limit } => Some((name, limit)),
        XmlErrorKind::Dtd
        | XmlErrorKind::Encoding(_)
        | XmlErrorKind::Malformed(_)
        | XmlErrorKind::Namespace(_)
        | XmlErrorKind::Empty => None,
    }
}

#[test]
fn every_limit_is_exact_and_named() {
    let limits = Limits {
        depth: 3,
        attributes: 4,
        namespaces: 2,
        decoded_bytes: 60,
        nodes: 6,
        total_attributes: 5,
        ..Limits::default()
    };
    for (fits, over, name, limit) in [
        ("<a><a><a/><a/></a></a>", "<a><a><a><a/></a></a></a>", "depth", 3),
        ("<a b='' c='' d='' e=''/>", "<a b='' c='' d='' e='' f=''/>", "attributes", 4),
        ("<a b='' c='' d='' xmlns='a:'/>", "<a b='' c='' d='' e='' xmlns='a:'/>", "attributes", 4),
        (
            "<a xmlns='a:'><a xmlns='a:'/><a xmlns=''/></a>",
            "<a xmlns='a:'><a xmlns='a:' xmlns:p='a:'/></a>",
            "namespaces",
            2,
        ),
        ("<a><b/><b/><b/><b/><b/></a>", "<a><b/><b/><b/><b/><b/><b/></a>", "nodes", 6),
        (
            "<!----><a><?b?><c/><![CDATA[]]></a><?d?>",
            "<!----><a><?b?><c/><![CDATA[]]></a><?d?><?e?>",
            "nodes",
            6,
        ),
        (
            "<a b='' c='' d=''><a b='' xmlns='a:'/></a>",
            "<a b='' c='' d=''><a b='' xmlns='a:' c=''/></a>",
            "total attributes",
            5,
        ),
    ] {
        assert!(Document::parse(fits.to_owned(), &limits).is_ok(), "{fits}");
        assert_eq!(limited(over.to_owned(), limits), Some((name, limit)), "{over}");
    }
    let padded = |size: usize| format!("<a>{}</a>", "x".repeat(size - 7));
    assert!(Document::parse(padded(60), &limits).is_ok());
    assert_eq!(limited(padded(61), limits), Some(("decoded bytes", 60)));
}

#[test]
fn hostile_sizes_end_in_an_error_and_not_in_an_overflow() {
    let default = Limits::default();
    assert_eq!(limited("<a>".repeat(400_000), default), Some(("depth", 512)));
    let attributes = (0..60_000).map(|n| format!(" a{n}=''")).collect::<String>();
    assert_eq!(limited(format!("<a{attributes}/>"), default), Some(("attributes", 256)));
    for piece in ["<a>", "x", " b='", "&#65;"] {
        let text = |size: usize| format!("<a>{}", piece.repeat(size / piece.len()));
        assert_eq!(limited(text(100 << 20), default), Some(("decoded bytes", 32 << 20)));
        assert!(Document::parse(text(4 << 20), &default).is_err());
    }
}

#[test]
fn a_depth_that_is_allowed_is_walked_without_recursion() {
    const DEPTH: usize = 400_000;
    let limits = Limits { depth: DEPTH, nodes: DEPTH, ..Limits::default() };
    let text = format!("{}x{}", "<a>".repeat(DEPTH), "</a>".repeat(DEPTH));
    let document = Document::parse(text, &limits).unwrap();
    let innermost = document.element(DEPTH - 1).unwrap();
    assert_eq!(innermost.text().value, "x");
    assert_eq!(innermost.lookup_namespace("p"), None);
    assert_eq!(innermost.xpath().len(), 2 * DEPTH);
    assert_eq!(document.root().children().count(), 1);
}
