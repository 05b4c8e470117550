//! What the parser accepts and how it reads it; what it refuses is in `refusal_tests.rs`.

use std::mem::size_of;
use std::path::{Path, PathBuf};

use proptest::prelude::{any, prop, proptest};

use super::document::{AttributeRow, ElementRow};
use super::{Document, Node, Span, Text, XmlErrorKind, to_text};
use crate::limits::Limits;

pub(super) fn parse(text: &str) -> Document {
    Document::parse(text.to_owned(), &Limits::default()).unwrap_or_else(|e| panic!("{e}: {text:?}"))
}

#[test]
fn elements_have_names_namespaces_and_places() {
    let text = "<?xml version='1.0'?>\n<p:a xmlns:p='urn:p' xmlns='urn:d'>\n <b/><p:c ><d></d\n></p:c></p:a> <!-- end -->\n";
    let document = parse(text);
    assert_eq!(document.text(), text);
    let root = document.root();
    assert_eq!((root.prefix(), root.local_name(), root.name()), ("p", "a", "p:a"));
    assert!(root.is("urn:p", "a") && !root.is("", "a") && !root.is("urn:p", "b"));
    assert_eq!((root.line(), root.ordinal(), root.parent()), (2, 0, None));
    let shape: Vec<_> =
        document.elements().map(|e| (e.name(), e.namespace(), e.subtree())).collect();
    assert_eq!(
        shape,
        [
            ("p:a", "urn:p", 0..4),
            ("b", "urn:d", 1..2),
            ("p:c", "urn:p", 2..4),
            ("d", "urn:d", 3..4)
        ]
    );
    let spans: Vec<_> = document
        .elements()
        .map(|e| {
            (
                &text[e.span().start..e.span().end],
                &text[e.content_span().start..e.content_span().end],
            )
        })
        .collect();
    assert_eq!(spans[1], ("<b/>", ""));
    assert_eq!(spans[2], ("<p:c ><d></d\n></p:c>", "<d></d\n>"));
    assert_eq!(spans[3], ("<d></d\n>", ""));
    assert_eq!(document.elements().map(|e| e.line()).collect::<Vec<_>>(), [2, 3, 3, 3]);
    assert_eq!(document.location(text.find("<d>").unwrap()), (3, 12));
    assert_eq!(root.children().map(|e| e.name()).collect::<Vec<_>>(), ["b", "p:c"]);
    let d = document.element(3).unwrap();
    assert_eq!(d.parent().and_then(|c| c.parent()), Some(root));
    assert_eq!(document.element(4), None);
}

#[test]
fn attributes_are_found_by_name_without_namespace_only() {
    let text = "<a xmlns:x='urn:x' x:ID='1' ID = \"2\" xml:lang='en' c='&lt;\t&#9;é'/>";
    let document = parse(text);
    let root = document.root();
    assert_eq!(root.attribute("ID"), Some("2"));
    assert_eq!(root.attribute("lang"), None);
    assert_eq!(root.attribute("xmlns:x"), None);
    assert_eq!(root.attribute("c"), Some("< \té"));
    let all: Vec<_> =
        root.attributes().map(|a| (a.namespace(), a.prefix(), a.local_name(), a.value())).collect();
    assert_eq!(
        all,
        [
            ("urn:x", "x", "ID", "1"),
            ("", "", "ID", "2"),
            ("http://www.w3.org/XML/1998/namespace", "xml", "lang", "en"),
            ("", "", "c", "< \té"),
        ]
    );
    let Span { start, end } = root.attributes().nth(1).unwrap().span();
    assert_eq!(&text[start..end], "ID = \"2\"");
    assert_eq!(document.text(), text);
}

#[test]
fn a_prefix_means_what_the_nearest_declaration_says() {
    let document = parse(
        "<a xmlns='urn:1' xmlns:p='urn:&#x32;'><b xmlns='' xmlns:p='urn:3' p:x=''><c/><p:d/></b><p:e p:x=''/><f/></a>",
    );
    let namespaces: Vec<_> = document.elements().map(|e| e.namespace()).collect();
    assert_eq!(namespaces, ["urn:1", "", "", "urn:3", "urn:2", "urn:1"]);
    let (c, e) = (document.element(2).unwrap(), document.element(4).unwrap());
    assert_eq!(c.lookup_namespace("p"), Some("urn:3"));
    assert_eq!(e.lookup_namespace("p"), Some("urn:2"));
    assert_eq!((c.lookup_namespace(""), e.lookup_namespace("")), (None, Some("urn:1")));
    assert_eq!(c.lookup_namespace("q"), None);
    assert!(c.lookup_namespace("xml").is_some());
    assert_eq!(e.attributes().next().unwrap().namespace(), "urn:2");
    let declared: Vec<_> = document.root().namespace_declarations().collect();
    assert_eq!(declared, [("", "urn:1"), ("p", "urn:2")]);
}

#[test]
fn text_is_whole_across_comments_cdata_and_instructions() {
    let document =
        parse("<a>admin<!-- x -->@<?pi y?><![CDATA[<&amp;\r\n]]>ex&#97;mple<b>no</b>.com\r</a>");
    let text = document.root().text();
    assert_eq!(text.value, "admin@<&amp;\nexample.com\n");
    assert!(text.comments && text.instructions && text.elements);
    let b = document.element(1).unwrap().text();
    assert_eq!(
        b,
        Text { value: "no".into(), comments: false, instructions: false, elements: false }
    );
    assert_eq!(parse("<a/>").root().text().value, "");
}

#[test]
fn nodes_come_in_document_order() {
    let show = |node: Node<'_>| match node {
        Node::Element(e) => format!("<{}>", e.name()),
        Node::Text(t) => format!("text {t}"),
        Node::CData(t) => format!("cdata {t}"),
        Node::Comment(t) => format!("comment {t}"),
        Node::ProcessingInstruction(t) => format!("pi {t}"),
    };
    let document = parse(
        "<?xml version='1.0'?>\n<!--<a>-->\n<a>x &gt;<b><c/></b><!----><?p?><![CDATA[]]><d/>y</a><?q  r ?>",
    );
    let inside: Vec<_> = document.root().nodes().map(show).collect();
    assert_eq!(inside, ["text x >", "<b>", "comment ", "pi p", "cdata ", "<d>", "text y"]);
    let outside: Vec<_> = document.nodes().map(show).collect();
    assert_eq!(outside, ["comment <a>", "<a>", "pi q  r "]);
    let d = document.root().children().last().unwrap();
    assert_eq!(d.nodes().count(), 0);
}

#[test]
fn documents_that_are_unusual_but_well_formed_are_read() {
    for text in [
        "<a>]] ]> ]]&gt; > \" '</a>",
        "<a b='>' c=\"'/>\"/>",
        "<a\n\t\r b\n=\n'c'\n/>",
        "<a></a \r\n>",
        "<?xml-stylesheet href='x'?><a/>",
        "<!-- - -><a> --><a/>",
        "<a><!--<!DOCTYPE a>--><![CDATA[<!DOCTYPE a>]]></a>",
        "<a><?p <?xml version='1.0'?></a>",
        "<?xml version=\"1.0\" encoding='ISO-8859-1' standalone='yes' ?><a/>",
        "<xml/>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:space='preserve'/>",
        "<a xmlns='urn:x' xmlns:p='urn:x' b='' p:b=''/>",
        "<日本 é='\u{10FFFF}'>\u{85}\u{FEFF}</日本>",
        "<a b='&#x10FFFF;&apos;'>&#xD;</a>",
        "\r\n<a/>\t",
        "<a><![CDATA[]]]]><![CDATA[>]]></a>",
    ] {
        let document = parse(text);
        assert_eq!(document.text(), text);
    }
}

#[test]
fn a_document_takes_at_most_twelve_times_its_size() {
    assert_eq!((size_of::<ElementRow>(), size_of::<AttributeRow>()), (32, 24));
    let shapes = [
        format!("<a>{}</a>", "<a/>".repeat(50_000)),
        format!("<a>{}</a>", "<a b='\t'/>".repeat(50_000)),
        format!("<a>{}</a>", "<a b='' c='' d='' e=''/>".repeat(20_000)),
        format!("<a>{}</a>", "<a xmlns='b:'/>".repeat(50_000)),
    ];
    for text in shapes {
        let size = text.len();
        let document = parse(&text);
        let tables = document.elements.capacity() * size_of::<ElementRow>()
            + document.attributes.capacity() * size_of::<AttributeRow>();
        assert!(document.buffer.capacity() + tables < 12 * size, "{}", &text[..30]);
    }
}

#[test]
fn megabytes_of_anything_are_read_in_one_pass() {
    // Without optimisation 1 MiB takes under a second each; anything quadratic would take hours.
    const SIZE: usize = 1 << 20;
    let repeated =
        |piece: &str| format!("<a xmlns:p='urn:p'>{}</a>", piece.repeat(SIZE / piece.len()));
    let many = (0..100).map(|n| format!(" b{n}=''")).collect::<String>();
    let declared = (0..255).map(|n| format!(" xmlns:n{n}='urn:{n}'")).collect::<String>();
    for text in [
        repeated("x"),
        repeated("&lt;"),
        repeated("]"),
        repeated("<p:b p:c='\n'>x</p:b>"),
        repeated("<!--- -->"),
        repeated(&format!("<b{many}/>")),
        format!("<a b='{}'/>", "\t&#10;".repeat(SIZE / 6)),
        format!(
            "<a xmlns:p='urn:{}'>{}</a>",
            "u".repeat(SIZE / 2),
            "<p:b p:c='' p:d=''/>".repeat(SIZE / 40)
        ),
        format!("<a{declared}>{}</a>", "<n0:b/>".repeat(SIZE / 7)),
        format!("<{0}></{0}>", "n".repeat(SIZE / 2)),
    ] {
        let document = parse(&text);
        assert!(document.root().text().value.len() <= text.len());
    }
}

/// The samples beside the repository, as (file name, text); empty and said so when they are not there.
fn shared(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder);
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()).collect::<Vec<PathBuf>>() {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                let (text, _) = to_text(&std::fs::read(&path).unwrap())
                    .unwrap_or_else(|e| panic!("{name}: {e}"));
                found.push((name, text));
            }
        }
    }
    if found.is_empty() {
        println!("skipped: {} is not there", root.display());
    }
    found
}

#[test]
fn every_capture_is_read() {
    for (name, text) in shared("captures") {
        if let Err(error) = Document::parse(text, &Limits::default()) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn the_signature_vectors_end_as_named() {
    for (name, text) in shared("vectors") {
        let parsed = Document::parse(text, &Limits::default()).map_err(|error| error.kind);
        if name.starts_with("bad_dtd_") {
            assert_eq!(parsed.err(), Some(XmlErrorKind::Dtd), "{name}");
        } else if name.starts_with("bad_unbound_prefix") || name.starts_with("bad_void_rel_ns") {
            assert!(matches!(parsed, Err(XmlErrorKind::Namespace(_))), "{name}");
        } else {
            assert!(parsed.is_ok(), "{name}: {parsed:?}");
        }
    }
}

/// Everything a caller can ask of a document, and what must hold for all of them.
fn walk(document: &Document) {
    let text = document.text();
    for element in document.elements() {
        let Span { start, end } = element.span();
        assert!(
            text[start..end].starts_with(&format!("<{}", element.name()))
                && text[start..end].ends_with('>')
        );
        if let Some(parent) = element.parent() {
            assert!(parent.content_span().start <= start && end <= parent.content_span().end);
            assert_eq!(parent.children().filter(|child| *child == element).count(), 1);
        }
        assert_eq!(
            element.lookup_namespace(element.prefix()).unwrap_or_default(),
            element.namespace()
        );
        let elements = element.nodes().filter(|node| matches!(node, Node::Element(_))).count();
        assert_eq!(element.children().count(), elements);
        assert_eq!(element.text().elements, elements > 0);
        assert!(element.xpath().starts_with('/') && element.line() > 0);
        for attribute in element.attributes() {
            let Span { start, end } = attribute.span();
            assert!(text[start..end].starts_with(attribute.name()));
        }
    }
}

proptest! {
    #[test]
    fn random_bytes_are_text_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok((text, encoding)) = to_text(&bytes) {
            if encoding.to_string() == "UTF-8" {
                assert_eq!(text.as_bytes(), bytes);
            }
            let _ = Document::parse(text, &Limits::default());
        }
    }

    #[test]
    fn random_markup_is_a_document_that_holds_together_or_an_error(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<a>", "</a>", "<b ", "/>", ">", "<p:c xmlns:p='urn:p'>", "</p:c>", "<p:c/>", " x='1'", " p:x=\"&lt;\"", "<!--", "-->",
                "<![CDATA[", "]]>", "<?pi ", "?>", "&amp;", "&#13;", "&", ";", "\r\n", "-", "]", "text", "é", "\0", "<", "'", "\"", "=",
                "<?xml version='1.0'?>", " xmlns=''", "<!DOCTYPE a>",
            ]),
            0..25,
        ),
    ) {
        for text in [pieces.concat(), format!("<a>{}</a>", pieces.concat())] {
            if let Ok(document) = Document::parse(text, &Limits::default()) {
                walk(&document);
            }
        }
    }

    #[test]
    fn one_changed_byte_gives_a_document_that_holds_together_or_an_error(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(document) = to_text(&bytes).and_then(|(text, _)| Document::parse(text, &Limits::default())) {
            walk(&document);
        }
    }
}

const SAMPLE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
    ID='_1' Version=\"2.0\"><?pi x?><Issuer xmlns='urn:oasis:names:tc:SAML:2.0:assertion'>a &amp; b&#xA;<![CDATA[<>]]></Issuer>\
    <a xml:lang='de' b='&quot;'/>\r\n</samlp:Response>\n";
