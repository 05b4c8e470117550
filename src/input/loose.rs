//! JSON of which nothing is taken for granted: every member may be absent, null, or of another type than it should be.
//!
//! Capturing tools differ in what they write, and one odd value shall not cost the others. So each part is read by itself, when asked for.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Members and elements that are looked at. Choice: 4096; a request has some 100 headers at most.
const PARTS: usize = 4096;

/// A JSON value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loose<'j>(&'j str);

/// The members of an object; none when it is no object.
#[derive(Debug, Default)]
pub(super) struct Members<'j>(Vec<(Cow<'j, str>, Loose<'j>)>);

/// What stands for a member that is not there.
const NULL: Loose<'static> = Loose("null");

impl<'j> Loose<'j> {
    /// The text of one value; `None` when it is no JSON.
    pub(super) fn of(json: &'j str) -> Option<Self> {
        serde_json::from_str::<&RawValue>(json).ok().map(|raw| Self(raw.get()))
    }

    /// Its members. Of two with one name, the last, as in JavaScript.
    pub(super) fn members(self) -> Members<'j> {
        if !self.0.starts_with('{') {
            return Members::default();
        }
        serde_json::from_str(self.0).unwrap_or_default()
    }

    /// Its elements; none when it is no array.
    pub(super) fn elements(self) -> Vec<Self> {
        let Elements(elements) = if self.0.starts_with('[') {
            serde_json::from_str(self.0).unwrap_or_default()
        } else {
            Elements::default()
        };
        elements
    }

    /// A string as bytes, whatever half a surrogate pair is in it.
    pub(super) fn bytes(self) -> Option<Vec<u8>> {
        if !self.0.starts_with('"') {
            return None;
        }
        serde_json::from_str::<Bytes>(self.0).ok().map(|Bytes(bytes)| bytes)
    }

    /// A string, or a number or word as it is written.
    pub(super) fn text(self) -> Option<String> {
        match self.0.as_bytes().first()? {
            b'"' => String::from_utf8(self.bytes()?).ok(),
            b'-' | b'0'..=b'9' => Some(self.0.to_owned()),
            _ => None,
        }
    }

    /// An instant: a date and time with its offset, or milliseconds since 1970. A time without an offset names no instant.
    pub(super) fn instant(self) -> Option<Timestamp> {
        let text = self.text()?;
        let text = text.trim();
        let milliseconds = || text.parse::<i64>().ok();
        text.parse().ok().or_else(|| Timestamp::from_millisecond(milliseconds()?).ok())
    }

    /// Names and values, as objects with `name` and `value`, as arrays of two, or as the members of one object.
    pub(super) fn pairs(self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for element in self.elements() {
            let (name, value) = match element.elements().as_slice() {
                [name, value, ..] => (name.text(), value.text()),
                _ => {
                    let members = element.members();
                    (members.get("name").text(), members.get("value").text())
                }
            };
            pairs.extend(name.zip(value));
        }
        for (name, value) in self.members().0 {
            // SAML-tracer lists every value of a name.
            let values = value.elements();
            let values = if values.is_empty() { vec![value] } else { values };
            let texts = values.into_iter().filter_map(Self::text);
            pairs.extend(texts.map(|text| (name.clone().into_owned(), text)));
        }
        pairs
    }
}

impl<'j> Members<'j> {
    /// The member of that name, or `null`.
    pub(super) fn get(&self, name: &str) -> Loose<'j> {
        let found = self.0.iter().rev().find(|(known, _)| known == name);
        found.map_or(NULL, |(_, value)| *value)
    }
}

#[derive(Default)]
struct Elements<'j>(Vec<Loose<'j>>);

struct Bytes(Vec<u8>);

struct MembersVisitor;
struct ElementsVisitor;
struct BytesVisitor;

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if members.len() < PARTS {
                members.push((name, Loose(map.next_value::<&RawValue>()?.get())));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Members(members))
    }
}

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ElementsVisitor)
    }
}

impl<'de> Visitor<'de> for ElementsVisitor {
    type Value = Elements<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while elements.len() < PARTS {
            let Some(raw) = array.next_element::<&RawValue>()? else { break };
            elements.push(Loose(raw.get()));
        }
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Elements(elements))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(BytesVisitor)
    }
}

impl Visitor<'_> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes(bytes.to_vec()))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
        Ok(Bytes(bytes))
    }

    fn visit_str<E>(self, text: &str) -> Result<Bytes, E> {
        Ok(Bytes(text.as_bytes().to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(json: &str, name: &str) -> Option<String> {
        Loose::of(json).unwrap().members().get(name).text()
    }

    #[test]
    fn a_value_of_another_type_is_none_and_costs_no_other() {
        let json = r#"{"a":null,"b":7,"c":"x","d":{"e":[]},"c":"\u0079","f":true,"g":"\ud800z"}"#;
        assert_eq!(member(json, "a"), None);
        assert_eq!(member(json, "b").as_deref(), Some("7"));
        assert_eq!(member(json, "c").as_deref(), Some("y"));
        assert_eq!(member(json, "d"), None);
        assert_eq!(member(json, "f"), None);
        assert_eq!(member(json, "g"), None);
        let bytes = Loose::of(json).unwrap().members().get("g").bytes();
        assert_eq!(bytes.map(|bytes| bytes.ends_with(b"z")), Some(true));
        assert_eq!(member("[1]", "a"), None);
        assert!(Loose::of("{\"a\":}").is_none());
    }

    #[test]
    fn pairs_are_read_in_every_form() {
        for json in [
            r#"[{"name":"a","value":"1"},null,{"name":"b"},{"name":"c","value":2}]"#,
            r#"[["a","1"],["b"],["c",2,3]]"#,
            r#"{"a":["1"],"b":{},"c":2}"#,
        ] {
            let pairs = Loose::of(json).unwrap().pairs();
            let expected = [("a", "1"), ("c", "2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(pairs, expected, "{json}");
        }
    }

    #[test]
    fn an_instant_has_an_offset_or_counts_milliseconds() {
        let instant = |json: &str| Loose::of(json).unwrap().instant();
        let expected = "2026-11-22T10:21:27.447Z".parse().ok();
        assert_eq!(instant("\"2026-11-22T11:21:27.447+01:00\""), expected);
        assert_eq!(instant("\"2026-11-22T11:21:27.447+0100\""), expected);
        assert_eq!(instant("1795342887447"), expected);
        assert_eq!(instant("\"2026-11-22T10:21:27.447\""), None);
        assert_eq!(instant("null"), None);
    }

    #[test]
    fn nesting_and_numbers_of_parts_are_no_burden() {
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert_eq!(Loose::of(&deep).unwrap().elements().len(), 1);
        let many = format!("[{}1]", "1,".repeat(100_000));
        assert_eq!(Loose::of(&many).unwrap().elements().len(), PARTS);
    }
}
