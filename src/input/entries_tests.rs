//! How entries are cut out of JSON.

use std::io::BufReader;

use super::Stop;
use super::entries::{End, Piece, each};
use crate::decode::InputErrorKind;
use crate::limits::Limits;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The entries and what stands beside them, however the source is cut up.
fn cut(json: &str, limits: &Limits) -> (Vec<String>, bool) {
    let mut all = Vec::new();
    for size in [1, 2, 3, 7, 4096] {
        let mut found = Vec::new();
        let mut source = BufReader::with_capacity(size, json.as_bytes());
        let mut take = |piece: Piece<'_>| {
            found.push(match piece {
                Piece::Entry(json) => text(json),
                Piece::Beside(name, json) => {
                    format!("{}={}", text(name), text(json))
                }
            });
            Ok::<(), Stop>(())
        };
        let end = each(&mut source, &[b"log", b"entries"], limits, &mut take).unwrap();
        all.push((found, matches!(end, End::Whole)));
    }
    all.dedup();
    assert_eq!(all.len(), 1, "{all:?}");
    all.pop().unwrap()
}

#[test]
fn entries_are_cut_where_their_brackets_and_strings_end() {
    let (found, whole) = cut(
        r#" {"x":[{"entries":[1]}], "log":{ "version" : "1.2","pages":[{"a":"]}"}],
            "entries":[{"a":"]}\"\\"},[1,{}] , null,-1.5e3,"\u005d\\", {"b":{"c":[ ]}} ],"z":true}} "#,
        &Limits::default(),
    );
    assert!(whole);
    assert_eq!(
        found,
        [
            "version=\"1.2\"",
            r#"{"a":"]}\"\\"}"#,
            "[1,{}]",
            "null",
            "-1.5e3",
            r#""\u005d\\""#,
            r#"{"b":{"c":[ ]}}"#,
            "z=true"
        ]
    );
}

#[test]
fn what_is_no_object_or_breaks_off_is_broken_where_it_is() {
    for text in ["[]", "", "{\"log\"", "{\"log\":{\"entries\":[{}", "{\"log\":{\"entries\" [1]}}"] {
        assert!(!cut(text, &Limits::default()).1, "{text}");
    }
    let mut nothing = |_: Piece<'_>| Ok::<(), Stop>(());
    let mut text: &[u8] = b"{\n\"log\":\n {]";
    let end = each(&mut text, &[b"log", b"entries"], &Limits::default(), &mut nothing);
    let end = end.unwrap().error();
    assert_eq!(end, Some(InputErrorKind::Json { line: 3, column: 2 }));
}

#[test]
fn a_string_longer_than_a_message_may_be_is_cut_and_stays_json() {
    let limits = Limits { decoded_bytes: 9, ..Limits::default() };
    for (inside, kept) in [
        ("123456789012345", "1234567890"),
        (r"12345678\u0041\u0042x", r"12345678\u0041\u0042"),
        (r"\n\u0041\t\t\t\t\t\t\t\t\t\t\t", r"\n\u0041\t\t\t\t\t\t\t\t"),
        (r"123456789\n\u0042x", r"123456789\n"),
        (r"1234567890\n", "1234567890"),
    ] {
        let text = format!("{{\"log\":{{\"entries\":[{{\"a\":\"{inside}\",\"b\":\"c\"}}]}}}}");
        let (found, whole) = cut(&text, &limits);
        assert!(whole);
        assert_eq!(found, [format!("{{\"a\":\"{kept}\",\"b\":\"c\"}}")], "{inside}");
        serde_json::from_str::<serde_json::Value>(&found[0]).unwrap();
    }
    let many = "\"1234567890123\",".repeat(20);
    let (found, _) = cut(&format!("{{\"log\":{{\"entries\":[[{many}1]]}}}}"), &limits);
    assert!(found[0].len() < 130, "{found:?}");
}
