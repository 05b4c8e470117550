//! Small inputs that want to become large, or slow: each is refused by a limit that has a name, before it is parsed any further.
//!
//! They are tried on one message: their cost does not depend on it.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

use super::subject::Subject;
use super::{Attack, Class, Table};
use crate::support::encode::{base64, deflate, percent};

const LIMIT: &[&str] = &["input-limit"];
const ENCODING: &[&str] = &["input-encoding"];
const TAG: &str = "xml/tag.rs start_tag";

/// Markup inside the signed element of the one message.
fn inside(s: &Subject, markup: &str) -> Option<Vec<u8>> {
    if s.first { s.edit().last_in(s.part("Subject")?, markup).done() } else { None }
}

/// Zeros that a compressor makes small: 70 MiB, above the limit of 64.
fn zeros(sink: &mut impl Write) {
    let megabyte = vec![b' '; 1 << 20];
    for _ in 0..70 {
        sink.write_all(&megabyte).unwrap();
    }
}

fn deflated(s: &Subject) -> Option<Vec<u8>> {
    s.first.then(|| deflate(s.text()))
}

pub(super) const TABLE: Table = Table {
    class: Class::Bombs,
    attacks: &[
        Attack::rejected("deflate-bomb", LIMIT, "decode/inflate.rs inflate", |s| {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            s.first.then(|| zeros(&mut encoder))?;
            Some(base64(encoder.finish().unwrap()).into_bytes())
        }),
        Attack::rejected("gzip-bomb", LIMIT, "decode/inflate.rs inflate", |s| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            s.first.then(|| zeros(&mut encoder))?;
            Some(encoder.finish().unwrap())
        }),
        Attack::rejected("deflate-stream-cut-off", ENCODING, "decode/inflate.rs inflate", |s| {
            let bytes = deflated(s)?;
            Some(base64(&bytes[..bytes.len() - 20]).into_bytes())
        }),
        Attack::rejected(
            "bytes-behind-the-deflate-stream",
            ENCODING,
            "decode/inflate.rs inflate",
            |s| Some(base64([deflated(s)?, b"mallory".to_vec()].concat()).into_bytes()),
        ),
        Attack::rejected("second-deflate-stream", ENCODING, "decode/inflate.rs inflate", |s| {
            Some(base64(deflated(s)?.repeat(2)).into_bytes())
        }),
        Attack::rejected("base64-in-nine-layers", LIMIT, "input/peel.rs record", |s| {
            let layered = (0..9).fold(s.text().to_owned(), |text, _| base64(text));
            s.first.then(|| layered.into_bytes())
        }),
        Attack::rejected("percent-escapes-in-nine-layers", LIMIT, "input/peel.rs record", |s| {
            s.first.then_some(())?;
            Some((0..9).fold(base64("<a/>").replace('=', "%3D"), |text, _| percent(&text)).into())
        }),
        Attack::rejected(
            "two-padded-base64-blocks",
            ENCODING,
            "decode/base64.rs decode_base64",
            |s| {
                let padded = format!("{}{}", s.text(), " ".repeat(3 - s.text().len() % 3 - 1));
                s.first.then(|| (base64(&padded) + &base64(&padded)).into_bytes())
            },
        ),
        Attack::rejected("input-above-the-limit", LIMIT, "input/peel.rs step", |s| {
            s.first.then(|| vec![b'A'; (32 << 20) + 1])
        }),
        Attack::rejected(
            "two-saml-responses-in-a-form",
            ENCODING,
            "input/form.rs parameters",
            |s| {
                let value = percent(&base64(s.text()));
                s.first.then(|| format!("SAMLResponse={value}&SAMLResponse={value}").into_bytes())
            },
        ),
        Attack::rejected("depth-100000", LIMIT, "xml/parse.rs element", |s| {
            inside(s, &format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)))
        }),
        Attack::rejected("depth-513", LIMIT, "xml/parse.rs element", |s| {
            inside(s, &format!("{}{}", "<a>".repeat(513), "</a>".repeat(513)))
        }),
        Attack::rejected("attributes-100000", LIMIT, TAG, |s| {
            let attributes: String = (0..100_000).map(|n| format!(" a{n}=''")).collect();
            inside(s, &format!("<a{attributes}/>"))
        }),
        Attack::rejected("attributes-257", LIMIT, TAG, |s| {
            let attributes: String = (0..257).map(|n| format!(" a{n}=''")).collect();
            inside(s, &format!("<a{attributes}/>"))
        }),
        Attack::rejected("namespaces-100000", LIMIT, TAG, |s| {
            let declarations: String = (0..100_000).map(|n| format!(" xmlns:a{n}='u:a'")).collect();
            inside(s, &format!("<a{declarations}/>"))
        }),
        Attack::rejected("namespaces-1025-in-scope", LIMIT, "xml/tag.rs attribute", |s| {
            let level = |n: usize| -> String {
                let declared: String = (0..200).map(|m| format!(" xmlns:a{n}x{m}='u:a'")).collect();
                format!("<a{declared}>")
            };
            let open: String = (0..6).map(level).collect();
            inside(s, &format!("{open}{}", "</a>".repeat(6)))
        }),
        Attack::rejected("elements-250000", LIMIT, "xml/parse.rs run", |s| {
            inside(s, &"<a/>".repeat(250_000))
        }),
        Attack::rejected("attributes-250000-in-all", LIMIT, TAG, |s| {
            let attributes: String = (0..250).map(|n| format!(" a{n}=''")).collect();
            inside(s, &format!("<a{attributes}/>").repeat(1_000))
        }),
        // Large, and within the limits: read, and refused for what it is.
        Attack::rejected(
            "attribute-of-ten-megabytes",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| inside(s, &format!("<a b='{}'/>", "a".repeat(10 << 20))),
        ),
        Attack::rejected(
            "text-of-ten-megabytes",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| inside(s, &"a".repeat(10 << 20)),
        ),
        Attack::rejected(
            "elements-100000",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| inside(s, &"<a/>".repeat(100_000)),
        ),
        Attack::rejected(
            "comments-100000",
            &["format-structure"],
            "saml/reader.rs children",
            |s| inside(s, &("<!-- -->".repeat(100_000) + "<a/>")),
        ),
        Attack::rejected("ids-50000", &["signature-digest"], "crypto/value.rs digest_holds", |s| {
            let all: String = (0..50_000).map(|n| format!("<a ID='_{n}'/>")).collect();
            inside(s, &all)
        }),
        Attack::rejected(
            "references-in-text-100000",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| inside(s, &"&amp;".repeat(100_000)),
        ),
        Attack::rejected(
            "signature-value-of-a-megabyte",
            &["signature-value"],
            "crypto/value.rs rsa_holds",
            |s| {
                let long = base64(vec![1; 1 << 20]);
                s.first.then_some(())?;
                s.edit().content(s.in_signature("SignatureValue")?, &long).done()
            },
        ),
        Attack::rejected(
            "prefix-list-of-100000",
            &["signature-value"],
            "crypto/value.rs signature_holds",
            |s| {
                let list = "a ".repeat(100_000);
                let list = format!(
                    "<c:InclusiveNamespaces xmlns:c=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{list}\"/>"
                );
                s.first.then_some(())?;
                s.edit().content(s.in_signature("CanonicalizationMethod")?, &list).done()
            },
        ),
        Attack::rejected(
            "certificates-10000-in-key-info",
            &["signature-digest"],
            "crypto/value.rs digest_holds",
            |s| {
                s.first.then_some(())?;
                let certificate = s.in_signature("X509Certificate")?;
                s.edit().after(certificate, &s.source(certificate).repeat(1_000)).done()
            },
        ),
    ],
};
