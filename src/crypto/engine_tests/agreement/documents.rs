//! Documents that are hard on canonicalisers: prefixes declared, hidden, undeclared and declared again, references, `xml:`
//! attributes, markup of every kind.

use std::collections::{HashMap, HashSet};

use super::random::Random;

pub(super) const PREFIXES: [&str; 6] = ["", "p", "q", "r", "é", "xmk"];
const NAMES: [&str; 6] =
    ["urn:a", "urn:b", "http://a/b?c=d#e", "http://u:p@a:80/'(%41)", "DAV:", "foo:bar"];
const LOCAL_NAMES: [&str; 7] = ["a", "b", "c", "A", "é", "a.b-c", "xmlns2"];
/// libxml2 leaves an empty `xml:base` out wherever it stands, and does not resolve dots against a relative value, where
/// xml-c14n11 §2.4 says otherwise: such messages are refused because the engines differ.
const BASES: [&str; 6] = ["http://a/b/c", "d/e", "/f/g", "i?j", "#k", "//l/m"];
const VALUES: [&str; 14] = [
    "x",
    "&amp;",
    "&lt;",
    "&gt;",
    "&quot;",
    "'",
    ">",
    "\t",
    "\r\n",
    "\r",
    "&#9;",
    "&#xA;",
    "&#13;",
    "é\u{10000}",
];
const CONTENT: [&str; 15] = [
    "text",
    "&amp;",
    "&lt;",
    "&gt;",
    "\"",
    "\r\n",
    "\r",
    "&#13;",
    "<![CDATA[<&>]]]>",
    "<![CDATA[]]>",
    "<!-- c\r\n- -->",
    "<?i  d\r?>",
    "<?i?>",
    " \t\n",
    "&#x10000;",
];

/// A document that is well-formed and within every limit.
pub(super) fn document(random: &mut Random) -> String {
    let mut writer = Writer { random, text: String::new(), open: Vec::new(), ids: 0 };
    writer.beside();
    writer.start_tag();
    for _ in 0..writer.random.below(24) {
        match writer.random.below(8) {
            0..=3 if writer.open.len() < 9 => writer.start_tag(),
            4 if writer.open.len() > 1 => writer.end_tag(),
            _ => {
                let piece = *writer.random.pick(&CONTENT);
                writer.text.push_str(piece);
            }
        }
    }
    while !writer.open.is_empty() {
        writer.end_tag();
    }
    writer.beside();
    writer.text
}

struct Writer<'r> {
    random: &'r mut Random,
    text: String,
    /// The open elements' names and what prefixes mean in them.
    open: Vec<(String, HashMap<&'static str, &'static str>)>,
    ids: usize,
}

impl Writer<'_> {
    /// What may stand before and behind the root.
    fn beside(&mut self) {
        for _ in 0..self.random.below(3) {
            let piece = *self.random.pick(&["<!--b-->", "<?b?>", "\r\n", "<?b c?>"]);
            self.text.push_str(piece);
        }
    }

    fn start_tag(&mut self) {
        let mut scope = self.open.last().map(|(_, scope)| scope.clone()).unwrap_or_default();
        let mut attributes = Vec::new();
        let mut declared = HashSet::new();
        for _ in 0..self.random.below(4) {
            let prefix = *self.random.pick(&PREFIXES);
            let name = match prefix {
                "" if self.random.once_in(3) => "",
                _ => *self.random.pick(&NAMES),
            };
            if declared.insert(prefix) {
                scope.insert(prefix, name);
                let colon = if prefix.is_empty() { "" } else { ":" };
                attributes.push(format!("xmlns{colon}{prefix}='{}'", name.replace('\'', "&#39;")));
            }
        }
        let mut bound: Vec<&str> =
            scope.keys().copied().filter(|prefix| !prefix.is_empty()).collect();
        bound.sort_unstable();
        let mut names = HashSet::new();
        for _ in 0..self.random.below(5) {
            let local_name = *self.random.pick(&LOCAL_NAMES);
            let prefix = if bound.is_empty() || self.random.once_in(2) {
                ""
            } else {
                *self.random.pick(&bound)
            };
            let namespace = if prefix.is_empty() { "" } else { scope[prefix] };
            if names.insert((namespace, local_name)) {
                let value = self.value();
                attributes.push(format!("{}='{value}'", qualified(prefix, local_name)));
            }
        }
        for name in ["lang", "space", "base", "id", "other"] {
            if !self.random.once_in(7) {
                continue;
            }
            let value = match name {
                "base" => (*self.random.pick(&BASES)).to_owned(),
                "id" => {
                    self.ids += 1;
                    format!("i{}", self.ids)
                }
                "space" => (*self.random.pick(&["default", "preserve"])).to_owned(),
                _ => self.value(),
            };
            attributes.push(format!("xml:{name}='{value}'"));
        }
        let local_name = *self.random.pick(&LOCAL_NAMES);
        bound.push("");
        let prefix = *self.random.pick(&bound);
        let name = qualified(prefix, local_name);
        self.text.push_str(&format!("<{name}"));
        while !attributes.is_empty() {
            let space = *self.random.pick(&[" ", "\r\n", "\t "]);
            let attribute = attributes.swap_remove(self.random.below(attributes.len()));
            self.text.push_str(space);
            self.text.push_str(&attribute);
        }
        if !self.open.is_empty() && self.random.once_in(4) {
            self.text.push_str("/>");
        } else {
            self.text.push('>');
            self.open.push((name, scope));
        }
    }

    fn end_tag(&mut self) {
        let (name, _) = self.open.pop().unwrap();
        self.text.push_str(&format!("</{name} >"));
    }

    fn value(&mut self) -> String {
        let pieces = self.random.below(4);
        let value: String = (0..pieces).map(|_| *self.random.pick(&VALUES)).collect();
        value.replace('\'', "&apos;")
    }
}

fn qualified(prefix: &str, local_name: &str) -> String {
    let colon = if prefix.is_empty() { "" } else { ":" };
    format!("{prefix}{colon}{local_name}")
}
