//! Formatters as people use them, over differently shaped messages: what they do to the text is undone and proven.

use std::rc::Rc;

use crate::checks::fixture::Case;
use crate::support::keys::Key;
use crate::support::response::Response;
use crate::support::signature::{Digest, Signing};

/// How a formatter writes.
#[derive(Clone, Copy)]
struct Formatter {
    name: &'static str,
    declaration: &'static str,
    indent: &'static str,
    line_end: &'static str,
    /// Values on lines of their own, as older versions of minidom do.
    values: bool,
    /// Blank lines between elements, as formatting twice leaves them.
    blank_lines: bool,
    end: &'static str,
}

const PLAIN: Formatter = Formatter {
    name: "lxml pretty_print",
    declaration: "",
    indent: "  ",
    line_end: "\n",
    values: false,
    blank_lines: false,
    end: "\n",
};

const FORMATTERS: [Formatter; 10] = [
    PLAIN,
    Formatter { name: "xmllint --format", declaration: "<?xml version=\"1.0\"?>\n", ..PLAIN },
    Formatter { name: "minidom", declaration: "<?xml version=\"1.0\" ?>\n", indent: "\t", ..PLAIN },
    Formatter {
        name: "minidom of Python 2",
        declaration: "<?xml version=\"1.0\" ?>\n",
        indent: "\t",
        values: true,
        ..PLAIN
    },
    Formatter {
        name: "Java Transformer",
        declaration: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>",
        indent: "    ",
        line_end: "\r\n",
        ..PLAIN
    },
    Formatter { name: "Notepad++ XML Tools", indent: "\t", line_end: "\r\n", end: "", ..PLAIN },
    Formatter { name: "editor, four spaces", indent: "    ", end: "", ..PLAIN },
    Formatter { name: "formatted twice", blank_lines: true, ..PLAIN },
    Formatter { name: "browser", indent: "", ..PLAIN },
    Formatter { name: "web formatter", indent: "   ", values: true, line_end: "\r\n", ..PLAIN },
];

impl Formatter {
    fn format(self, xml: &str) -> String {
        let mut out = self.declaration.to_owned();
        let mut depth = 0_usize;
        let mut after_text = false;
        for part in xml.split_inclusive('>') {
            let (text, tag) = part.split_at(part.find('<').unwrap());
            let closing = tag.starts_with("</");
            let has_text = !text.trim().is_empty();
            depth -= usize::from(closing);
            let own_line = self.values && has_text;
            if own_line {
                self.line(&mut out, depth + 1);
            }
            out.push_str(if has_text { text } else { "" });
            let opened = out.ends_with('>') && !after_text;
            // An element that is empty or holds a value alone keeps its end tag beside it.
            let beside = closing && opened && is_start(&out);
            if own_line || !(has_text || beside) {
                self.line(&mut out, depth);
            }
            after_text = has_text;
            out.push_str(tag);
            depth += usize::from(!closing && !tag.ends_with("/>"));
        }
        out.push_str(self.end);
        out
    }

    fn line(self, out: &mut String, depth: usize) {
        if out.is_empty() || out.ends_with('\n') {
            return;
        }
        out.push_str(self.line_end);
        if self.blank_lines {
            out.push_str(self.line_end);
        }
        out.push_str(&self.indent.repeat(depth));
    }
}

/// Whether the text ends in a start tag.
fn is_start(text: &str) -> bool {
    let tag = &text[text.rfind('<').unwrap_or(0)..];
    !tag.starts_with("</") && !tag.ends_with("/>") && !tag.starts_with("<?")
}

type Edit = fn(&mut Response);

/// Messages that differ in what is signed, in how, and in the white space that was there when they were signed.
const MESSAGES: [(&str, Edit); 5] = [
    ("assertion signed", |_| {}),
    ("both signed", |r| r.signing = Some(Signing::with(Key::Idp))),
    ("response signed, SHA-384", |r| {
        r.assertion().signing = None;
        r.signing = Some(Signing { digest: Digest::Sha384, ..Signing::with(Key::Idp) });
    }),
    ("line feeds in SignedInfo", |r| {
        r.assertion().signing = Some(Signing {
            // As a template with one element in each line gives it.
            edit_signed_info: Rc::new(|signed_info| {
                let ends = ["</ds:Transforms>", "</ds:Reference>", "</ds:SignedInfo>"];
                let lines = signed_info.replace("><ds:", ">\n<ds:");
                ends.iter().fold(lines, |text, end| text.replace(end, &format!("\n{end}")))
            }),
            ..Signing::with(Key::Idp)
        });
    }),
    ("no attributes", |r| r.assertion().attributes = Vec::new()),
];

#[test]
fn a_message_that_a_formatter_indented_is_recovered() {
    let mut lost = Vec::new();
    for (message, edit) in MESSAGES {
        for formatter in FORMATTERS {
            let case = Case::usual().message(edit).altered(|xml| formatter.format(&xml));
            let report = case.report();
            assert!(
                !report.is_accepted(),
                "{message}, {}: what is repaired is never accepted",
                formatter.name
            );
            let first = report.diagnoses().first().map_or("nothing", |first| first.cause.code);
            if first != "reformatted" {
                lost.push(format!("{message}, {}: {first}", formatter.name));
            }
        }
    }
    assert!(lost.len() <= 5, "{} of 50 were lost:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn what_a_clipboard_does_is_recovered_as_well() {
    type Damage = fn(String) -> String;
    let damages: [(&str, Damage); 4] = [
        ("carriage returns", |xml| xml.replace("><", ">&#13;\n<")),
        ("typographic apostrophe", |xml| xml.replace("O'Connor", "O\u{2019}Connor")),
        ("no-break spaces", |xml| xml.replace("Example Corp", "Example\u{a0}Corp")),
        ("escaped twice", |xml| xml.replace("&amp;", "&amp;amp;")),
    ];
    for (what, damage) in damages {
        let report = Case::usual().altered(damage).report();
        let first = report.diagnoses().first().map(|first| first.cause.code);
        assert_eq!(first, Some("reformatted"), "{what}");
        assert!(!report.is_accepted());
    }
}

#[test]
fn a_changed_value_is_not_taken_for_reformatting() {
    let case = Case::usual().altered(|xml| PLAIN.format(&xml.replace(">zmueller@", ">admin@")));
    let report = case.report();
    let codes: Vec<&str> = report.diagnoses().iter().map(|d| d.cause.code).collect();
    assert_eq!(codes, ["altered-after-signing"]);
}
