//! Each rule of canonical XML by itself, with the octets written out.

use std::time::{Duration, Instant};

use super::*;
use crate::limits::Limits;
use crate::xml::Document;

const EXCLUSIVE: Canonicalization = Canonicalization::Exclusive { comments: false };
const INCLUSIVE_10: Canonicalization = Canonicalization::Inclusive10 { comments: false };
const INCLUSIVE_11: Canonicalization = Canonicalization::Inclusive11 { comments: false };

fn parsed(text: &str) -> Document {
    Document::parse(text.to_owned(), &Limits::default()).unwrap()
}

/// The octets of the first element of this name.
fn octets(text: &str, name: &str, method: Canonicalization, prefixes: &[&str]) -> String {
    let document = parsed(text);
    let subset = Subset {
        apex: document.elements().find(|element| element.name() == name).unwrap(),
        document: false,
        without: None,
        method,
        comments: method.comments(),
        prefixes: prefixes.iter().copied().collect(),
    };
    String::from_utf8(canonicalize(&subset).unwrap()).unwrap()
}

fn of_root(text: &str) -> String {
    octets(text, "a", EXCLUSIVE, &[])
}

#[test]
fn attributes_stand_by_namespace_name_then_local_name_and_declarations_by_prefix() {
    let text =
        "<a z='1' y:b='2' x:c='3' x:b='4' a='5' xmlns:y='urn:1' xmlns:x='urn:2' xmlns='urn:3'/>";
    let expected = "<a xmlns=\"urn:3\" xmlns:x=\"urn:2\" xmlns:y=\"urn:1\" a=\"5\" z=\"1\" y:b=\"2\" x:b=\"4\" x:c=\"3\"></a>";
    assert_eq!(of_root(text), expected);
    assert_eq!(octets(text, "a", INCLUSIVE_10, &[]), expected);
}

#[test]
fn attributes_are_ordered_by_code_point_and_the_xml_namespace_by_its_name() {
    let text = "<a xmlns:h='http://a' h:i='1' xml:lang='en' \u{10000}='2' \u{FF21}='3' é='4'/>";
    let expected = "<a xmlns:h=\"http://a\" é=\"4\" \u{FF21}=\"3\" \u{10000}=\"2\" h:i=\"1\" xml:lang=\"en\"></a>";
    assert_eq!(of_root(text), expected);
}

#[test]
fn a_declaration_that_repeats_what_is_known_is_not_written() {
    let text = "<p:a xmlns:p='urn:p'><p:b xmlns:p='urn:p'/><p:b xmlns:p='urn:q'><p:c xmlns:p='urn:p'/></p:b><p:b/></p:a>";
    let expected = "<p:a xmlns:p=\"urn:p\"><p:b></p:b><p:b xmlns:p=\"urn:q\"><p:c xmlns:p=\"urn:p\"></p:c></p:b><p:b></p:b></p:a>";
    for method in [EXCLUSIVE, INCLUSIVE_10, INCLUSIVE_11] {
        assert_eq!(octets(text, "p:a", method, &[]), expected);
    }
}

#[test]
fn a_namespace_is_declared_where_it_is_used_or_where_it_was() {
    let text = "<a xmlns:p='urn:p' xmlns:q='urn:q'><p:b/><b p:c=''/></a>";
    assert_eq!(
        of_root(text),
        "<a><p:b xmlns:p=\"urn:p\"></p:b><b xmlns:p=\"urn:p\" p:c=\"\"></b></a>"
    );
    assert_eq!(
        octets(text, "a", INCLUSIVE_10, &[]),
        "<a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\"><p:b></p:b><b p:c=\"\"></b></a>"
    );
    assert_eq!(
        octets(text, "b", INCLUSIVE_11, &[]),
        "<b xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" p:c=\"\"></b>"
    );
}

#[test]
fn the_default_namespace_is_undeclared_only_where_it_was_declared() {
    let text = "<a xmlns=''><b xmlns='urn:b'><c xmlns=''><d/></c></b></a>";
    let expected = "<a><b xmlns=\"urn:b\"><c xmlns=\"\"><d></d></c></b></a>";
    for method in [EXCLUSIVE, INCLUSIVE_10, INCLUSIVE_11] {
        assert_eq!(octets(text, "a", method, &[]), expected);
        assert_eq!(octets(text, "c", method, &[]), "<c><d></d></c>");
    }
    // A prefixed element does not use the default namespace, so exclusively nothing is said about it there.
    let text = "<a xmlns='urn:a'><p:b xmlns='' xmlns:p='urn:p'><c/></p:b></a>";
    let expected = "<a xmlns=\"urn:a\"><p:b xmlns:p=\"urn:p\"><c xmlns=\"\"></c></p:b></a>";
    assert_eq!(of_root(text), expected);
    let expected = "<a xmlns=\"urn:a\"><p:b xmlns=\"\" xmlns:p=\"urn:p\"><c></c></p:b></a>";
    assert_eq!(octets(text, "a", EXCLUSIVE, &[""]), expected);
    assert_eq!(octets(text, "a", INCLUSIVE_10, &[]), expected);
}

#[test]
fn the_prefix_list_brings_namespaces_that_no_name_uses() {
    let text = "<a xmlns='urn:a' xmlns:p='urn:p' xmlns:q='urn:q'><r:b xmlns:r='urn:r' xmlns:q='urn:Q'/></a>";
    let expected = "<r:b xmlns:r=\"urn:r\"></r:b>";
    assert_eq!(octets(text, "r:b", EXCLUSIVE, &[]), expected);
    assert_eq!(octets(text, "r:b", EXCLUSIVE, &["unknown", "xml"]), expected);
    let expected =
        "<r:b xmlns=\"urn:a\" xmlns:p=\"urn:p\" xmlns:q=\"urn:Q\" xmlns:r=\"urn:r\"></r:b>";
    assert_eq!(octets(text, "r:b", EXCLUSIVE, &["q", "", "p"]), expected);
    let expected =
        "<a xmlns=\"urn:a\" xmlns:q=\"urn:q\"><r:b xmlns:q=\"urn:Q\" xmlns:r=\"urn:r\"></r:b></a>";
    assert_eq!(octets(text, "a", EXCLUSIVE, &["q"]), expected);
}

#[test]
fn the_xml_prefix_is_never_declared() {
    let text = "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'/>";
    for method in [EXCLUSIVE, INCLUSIVE_10, INCLUSIVE_11] {
        assert_eq!(octets(text, "a", method, &["xml"]), "<a xml:lang=\"en\"></a>");
    }
}

#[test]
fn white_space_by_reference_is_written_as_reference_and_only_in_attributes_if_tab_or_lf() {
    let text = "<a b=' &#9;&#10;&#13;&#x20;x\ty\nz '>&#9;&#10;&#13;\t\r\n\r.</a>";
    assert_eq!(of_root(text), "<a b=\" &#x9;&#xA;&#xD; x y z \">\t\n&#xD;\t\n\n.</a>");
}

#[test]
fn references_and_cdata_become_text() {
    let text = "<a b='&lt;&gt;&amp;&apos;&quot;\"&#233;'>&lt;&gt;&amp;&apos;&quot;\"'&#x10000;<![CDATA[<&>\r\n]]>]]<![CDATA[]]>&gt;</a>";
    let expected =
        "<a b=\"&lt;>&amp;'&quot;&quot;é\">&lt;&gt;&amp;'\"\"'\u{10000}&lt;&amp;&gt;\n]]&gt;</a>";
    assert_eq!(of_root(text), expected);
}

#[test]
fn comments_are_written_only_when_asked_for_and_instructions_always() {
    let text = "<a><!-- x\r\ny\rz& --><?p?><?p  q\r\n?r ?><?p \t?></a>";
    assert_eq!(of_root(text), "<a><?p?><?p q\n?r ?><?p?></a>");
    for method in Canonicalization::ALL.into_iter().filter(|method| method.comments()) {
        assert_eq!(
            octets(text, "a", method, &[]),
            "<a><!-- x\ny\nz& --><?p?><?p q\n?r ?><?p?></a>"
        );
    }
}

#[test]
fn what_stands_beside_the_root_is_on_a_line_of_its_own() {
    let text = "<?xml version='1.0'?>\n<?p x?> <!--1--><a/><!--2-->\n\n<?q?>\n";
    let document = parsed(text);
    let mut subset = Subset {
        apex: document.root(),
        document: true,
        without: None,
        method: INCLUSIVE_10,
        comments: false,
        prefixes: HashSet::new(),
    };
    assert_eq!(canonicalize(&subset).unwrap(), b"<?p x?>\n<a></a>\n<?q?>");
    subset.comments = true;
    assert_eq!(canonicalize(&subset).unwrap(), b"<?p x?>\n<!--1-->\n<a></a>\n<!--2-->\n<?q?>");
    subset.document = false;
    assert_eq!(canonicalize(&subset).unwrap(), b"<a></a>");
}

#[test]
fn the_nearest_xml_attributes_are_inherited_by_the_rules_of_each_version() {
    let text = "<a xml:lang='en' xml:space='preserve' xml:id='i' xml:other='o' xmlns:p='urn:p' p:lang='no'>\
                <b xml:lang='de' xml:base='x/'><c xml:base='y' xml:space='default'><d/></c></b></a>";
    assert_eq!(octets(text, "d", EXCLUSIVE, &[]), "<d></d>");
    assert_eq!(
        octets(text, "c", INCLUSIVE_10, &[]),
        "<c xmlns:p=\"urn:p\" xml:base=\"y\" xml:id=\"i\" xml:lang=\"de\" xml:other=\"o\" xml:space=\"default\"><d></d></c>"
    );
    assert_eq!(
        octets(text, "c", INCLUSIVE_11, &[]),
        "<c xmlns:p=\"urn:p\" xml:base=\"x/y\" xml:lang=\"de\" xml:space=\"default\"><d></d></c>"
    );
    assert_eq!(
        octets(text, "d", INCLUSIVE_11, &[]),
        "<d xmlns:p=\"urn:p\" xml:base=\"x/y\" xml:lang=\"de\" xml:space=\"default\"></d>"
    );
}

#[test]
fn what_is_left_out_leaves_the_text_around_it() {
    let document = parsed("<a xmlns:p='urn:p'>1<p:s><p:t/></p:s>2<p:t/></a>");
    let mut subset = Subset {
        apex: document.root(),
        document: false,
        without: Some(1),
        method: EXCLUSIVE,
        comments: false,
        prefixes: HashSet::new(),
    };
    let expected = "<a>12<p:t xmlns:p=\"urn:p\"></p:t></a>";
    assert_eq!(canonicalize(&subset).unwrap(), expected.as_bytes());
    subset.without = Some(0);
    assert!(matches!(canonicalize(&subset), Err(EngineError::Canonicalization(_))));
}

/// How long one canonicalisation of the root takes.
#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
fn cost(text: &str, prefixes: &[String]) -> Duration {
    let limits = Limits { decoded_bytes: 64 << 20, ..Limits::default() };
    let document = Document::parse(text.to_owned(), &limits).unwrap();
    let subset = |method| Subset {
        apex: document.root(),
        document: false,
        without: None,
        method,
        comments: false,
        prefixes: prefixes.iter().map(String::as_str).collect(),
    };
    let start = Instant::now();
    for method in [EXCLUSIVE, INCLUSIVE_10] {
        canonicalize(&subset(method)).unwrap();
    }
    start.elapsed()
}

#[test]
fn the_cost_grows_with_the_size_and_not_with_its_square() {
    /// Documents that are `n` times as large as the first.
    type Shape = fn(usize) -> (String, Vec<String>);
    let shapes: [(&str, Shape); 5] = [
        ("namespaces, each on an element of its own", |n| {
            let each = |i| format!("<p{i}:b xmlns:p{i}='urn:{i}'/>");
            (format!("<a>{}</a>", (0..1000 * n).map(each).collect::<String>()), Vec::new())
        }),
        ("many elements under 1000 namespaces", |n| {
            let declared = |from: usize| {
                let declare = |i| format!(" xmlns:p{i}='urn:{i}'");
                (from..from + 250).map(declare).collect::<String>()
            };
            let opened: String = (0..4).map(|i| format!("<a{}>", declared(i * 250))).collect();
            let used = "<p7:b/><p999:c p500:d=''/>".repeat(500 * n);
            (format!("{opened}{used}{}", "</a>".repeat(4)), Vec::new())
        }),
        ("a prefix list as long as the document", |n| {
            let elements = "<b xmlns:p7='urn:7'/>".repeat(1000 * n);
            (format!("<a>{elements}</a>"), (0..1000 * n).map(|i| format!("p{i}")).collect())
        }),
        ("depth", |n| {
            let (open, close) = ("<b xmlns='urn:1'>".repeat(500), "</b>".repeat(500));
            (format!("<a>{}</a>", format!("{open}{close}").repeat(2 * n)), Vec::new())
        }),
        ("text", |n| (format!("<a>{}</a>", "text &amp; more\r\n".repeat(10_000 * n)), Vec::new())),
    ];
    for (name, shape) in shapes {
        let (small, large) = (shape(2), shape(20));
        let fastest = |(text, prefixes): &(String, Vec<String>), runs: usize| {
            (0..runs).map(|_| cost(text, prefixes)).min().unwrap()
        };
        let (small, large) = (fastest(&small, 4), fastest(&large, 2));
        // Ten times the size: about ten times as long, where a square would make it a hundred.
        assert!(large < small * 35, "{name}: {small:?} and {large:?}");
    }
}
