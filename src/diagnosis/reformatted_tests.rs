//! Formatters as people use them, over differently shaped messages: what they do to the text is undone and proven.

use std::rc::Rc;

use crate::checks::fixture::{Case, given};
use crate::config::DecryptionKey;
use crate::report::Report;
use crate::support::assertion::Attribute;
use crate::support::encryption::{Recipe, own_key};
use crate::support::keys::Key;
use crate::support::response::Response;
use crate::support::signature::{Digest, Signing};
use crate::support::xml::replace_once;

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
const MESSAGES: [(&str, Edit); 6] = [
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
    ("a template's indentation in SignedInfo", |r| {
        r.assertion().signing = Some(Signing {
            edit_signed_info: Rc::new(|signed_info| {
                let method = "\n    <ds:SignatureMethod";
                let signed_info = signed_info.replace("<ds:SignatureMethod", method);
                signed_info.replace("<ds:Reference", "\n  <ds:Reference")
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
    assert!(lost.len() <= 6, "{} of 60 were lost:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn what_a_clipboard_does_is_recovered_as_well() {
    type Damage = fn(String) -> String;
    let damages: [(&str, Damage); 11] = [
        ("carriage returns", |xml| xml.replace("><", ">&#13;\n<")),
        ("typographic apostrophe", |xml| xml.replace("O'Connor", "O\u{2019}Connor")),
        ("no-break spaces", |xml| xml.replace("Example Corp", "Example\u{a0}Corp")),
        ("escaped twice", |xml| xml.replace("&amp;", "&amp;amp;")),
        ("ampersands no longer escaped", |xml| xml.replace("&amp;", "&")),
        ("ampersands, and indented", |xml| PLAIN.format(&xml.replace("&amp;", "&"))),
        ("typographic quotation marks in tags", |xml| {
            xml.replace(" Version=\"2.0\"", " Version=\u{201c}2.0\u{201d}")
        }),
        ("indented with no-break spaces", |xml| xml.replace("><", ">\n\u{a0}<")),
        ("byte order marks", |xml| format!("\u{feff}\u{feff}{xml}")),
        ("a line end behind a value", |xml| xml.replace("</saml:Audience>", "\n</saml:Audience>")),
        ("a wrapped digest", |xml| {
            let at = xml.find("DigestValue>").unwrap() + "DigestValue>".len() + 20;
            format!("{}\n{}", &xml[..at], &xml[at..])
        }),
    ];
    for (what, damage) in damages {
        let report = Case::usual().altered(damage).report();
        let first = report.diagnoses().first().map(|first| first.cause.code);
        assert_eq!(first, Some("reformatted"), "{what}");
        assert!(!report.is_accepted());
    }
}

#[test]
fn carriage_returns_that_were_signed_are_put_back() {
    let address = "Main Street 1\r\nSpringfield";
    let case = || {
        Case::usual().message(|response| {
            response.assertion().attributes = vec![Attribute::new("address", &[address])];
        })
    };
    case().is_accepted();
    let report = case().altered(|xml| replace_once(&xml, "&#xD;\n", "\n")).report();
    assert_eq!(first(&report), ("reformatted", "carriage returns removed".to_owned()));
}

#[test]
fn a_changed_value_is_not_taken_for_reformatting() {
    let case = Case::usual().altered(|xml| PLAIN.format(&xml.replace(">zmueller@", ">admin@")));
    let report = case.report();
    let codes: Vec<&str> = report.diagnoses().iter().map(|d| d.cause.code).collect();
    assert_eq!(codes, ["altered-after-signing"]);
}

/// With the signature's value and certificate in lines, as some libraries write them.
fn in_lines(xml: &str, columns: usize, line_end: &str, around: &str) -> String {
    ["SignatureValue", "X509Certificate"].iter().fold(xml.to_owned(), |xml, name| {
        let begin = xml.find(&format!("<ds:{name}>")).unwrap() + name.len() + 5;
        let end = xml.find(&format!("</ds:{name}>")).unwrap();
        let lines: Vec<&str> = xml.as_bytes()[begin..end]
            .chunks(columns)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let value = format!("{around}{}{around}", lines.join(line_end));
        format!("{}{value}{}", &xml[..begin], &xml[end..])
    })
}

/// The code of the first diagnosis and what it says was undone.
fn first(report: &Report) -> (&'static str, String) {
    assert!(!report.is_accepted());
    match report.diagnoses().first() {
        Some(first) => (first.cause.code, first.evidence.first().unwrap().values.join("")),
        None => ("nothing", String::new()),
    }
}

#[test]
fn what_makes_the_text_unreadable_is_explained_without_a_message() {
    let case = Case::usual().altered(|xml| xml.replace("&amp;", "&"));
    let report = case.report();
    assert_eq!(report.exit_code(), 3);
    assert_eq!(first(&report), ("reformatted", "`&` no longer escaped".to_owned()));
    assert_eq!(report.diagnoses()[0].explains, ["input"]);
    let forged = Case::usual()
        .altered(|xml| xml.replace("&amp;", "&").replace(">zmueller@", ">admin@"))
        .report();
    assert_eq!(forged.diagnoses(), []);
    let cut = Case::usual().altered(|xml| xml[..xml.len() / 2].to_owned()).report();
    assert_eq!(first(&cut).0, "message-cut-off");
}

#[test]
fn base64_that_was_signed_in_lines_is_wrapped_again() {
    // The Response covers the assertion's signature, whose value was written in lines.
    for (columns, line_end, around) in [(64, "\n", ""), (76, "&#xD;\n", ""), (76, "\n", "\n")] {
        let wrap = |xml: &str| in_lines(xml, columns, line_end, around);
        let inner = Response::usual().assertion.unwrap().xml();
        let response = |assertion: String| Response {
            assertion: None,
            after_assertion: assertion,
            signing: Some(Signing::with(Key::Idp)),
            ..Response::usual()
        };
        let signed = response(wrap(&inner)).xml();
        let accepted = Case::usual().altered(|_| signed.clone());
        accepted.is_accepted();
        let broken = signed.replace(&wrap(&inner), &inner);
        assert_ne!(broken, signed);
        let report = Case::usual().altered(|_| broken).report();
        let undone = "line ends inside base64 values removed".to_owned();
        assert_eq!(first(&report), ("reformatted", undone), "{columns}");
    }
}

/// A Response that carries this assertion encrypted for our key, and the key.
fn encrypted(assertion: &str, signing: Option<Signing>) -> Case {
    let read = |_: &std::path::Path| Ok(own_key().private_key_to_pem_pkcs8().unwrap());
    let key = DecryptionKey::named(&given("sp.key"), &read).unwrap();
    let response = Response {
        assertion: None,
        after_assertion: Recipe::usual().encrypt(assertion),
        signing,
        ..Response::usual()
    };
    let case = Case::usual().config(|config| config.decryption_keys = vec![key]);
    case.altered(|_| response.xml())
}

#[test]
fn around_the_ciphertext_the_signature_of_the_response_proves_it() {
    let mut assertion = Response::usual().assertion.unwrap();
    assertion.signing = None;
    let case = || encrypted(&assertion.xml(), Some(Signing::with(Key::Idp)));
    case().is_accepted();
    let report = case().altered(|xml| PLAIN.format(&xml)).report();
    assert_eq!(first(&report), ("reformatted", "indentation between tags".to_owned()));
    let report = case().altered(|xml| xml.replace("_r51d", "_r52d")).report();
    assert_ne!(first(&report).0, "reformatted");
}

#[test]
fn what_is_signed_inside_of_its_encryption_is_opened_to_prove_it() {
    let assertion = Response::usual().assertion.unwrap().xml();
    let unreadable = |xml: String| format!("\u{feff}\u{feff}{xml}");
    let report = encrypted(&assertion, None).altered(unreadable).report();
    assert_eq!(first(&report), ("reformatted", "byte order marks added".to_owned()));
    let forged = assertion.replace(">zmueller@", ">admin@");
    let report = encrypted(&forged, None).altered(unreadable).report();
    assert_eq!(first(&report).0, "nothing");
}

#[test]
fn what_was_indented_before_it_was_encrypted_is_the_identity_providers_doing() {
    let assertion = Response::usual().assertion.unwrap().xml();
    encrypted(&assertion, None).is_accepted();
    let report = encrypted(&PLAIN.format(&assertion), None).report();
    let undone = "indentation between tags".to_owned();
    assert_eq!(first(&report), ("reformatted-before-encryption", undone));
}
