//! The samples on disk are what the toy identity provider makes, byte for byte.
//!
//! `SAMLCHECK_REGENERATE=1 cargo test --test samples` writes them anew; `git diff` then shows what changed. Files named
//! `expected.*` beside them are the golden output of the transcript tests and are left alone.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what the tests here share may fail the test, as the tests themselves may"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use samlcheck::crypto::{PrivateKey, open};
use samlcheck::input;
use samlcheck::limits::Limits;
use samlcheck::validate::parse;
use support::keys::{self, Key};
use support::response::Response;
use support::samples::{self, Sample};
use support::xml::{Tag, pretty_print};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn entries(directory: &Path, keep: impl Fn(&fs::DirEntry) -> bool) -> BTreeSet<String> {
    let entries =
        fs::read_dir(directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display()));
    let kept = entries.map(|entry| entry.unwrap()).filter(keep);
    kept.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[expect(clippy::disallowed_methods, reason = "a switch for developers, never read by the tool")]
fn regenerate() -> bool {
    std::env::var_os("SAMLCHECK_REGENERATE").is_some()
}

#[test]
fn the_samples_on_disk_are_those_the_toy_makes() {
    let samples = samples::all();
    if regenerate() {
        for sample in &samples {
            fs::create_dir_all(root().join(sample.name)).unwrap();
            for (file, bytes) in sample.files() {
                fs::write(root().join(sample.name).join(file), bytes).unwrap();
            }
        }
    }
    let made: BTreeSet<_> = samples.iter().map(|sample| sample.name.to_owned()).collect();
    let found = entries(&root(), |entry| entry.path().is_dir());
    assert_eq!(found, made, "directories on disk, and those the toy makes");
    samples.iter().for_each(compare);
}

fn compare(sample: &Sample) {
    let directory = root().join(sample.name);
    let made = sample.files();
    let found = entries(&directory, |entry| {
        !entry.file_name().as_encoded_bytes().starts_with(b"expected.")
    });
    let names: BTreeSet<_> = made.keys().map(|&name| name.to_owned()).collect();
    assert_eq!(found, names, "files of {}, and those the toy makes", sample.name);
    for (file, bytes) in made {
        let same = fs::read(directory.join(file)).unwrap() == bytes;
        assert!(same, "{}/{file} differs: run with SAMLCHECK_REGENERATE=1", sample.name);
    }
}

#[test]
fn what_was_encrypted_once_hides_what_the_toy_signs() {
    let key = |pem: &str| PrivateKey::parse(pem.as_bytes(), None).unwrap();
    let keys = [key(keys::SERVICE_PROVIDER), key(Key::Other.pem())];
    let plaintext = samples::encrypted::plaintext();
    for (name, fits) in [("28-encrypted-assertion", 0), ("29-encrypted-for-another-key", 1)] {
        let text = fs::read(root().join(name).join("response.b64")).unwrap();
        let captured = input::read(&text, name, &Limits::default()).unwrap();
        let sent = parse(&captured.bytes, &Limits::default()).unwrap();
        let opened = open(&sent, &keys.each_ref(), &Limits::default());
        assert_eq!(opened.decrypted().iter().map(|found| found.key).collect::<Vec<_>>(), [fits]);
        let document = opened.document().unwrap();
        assert!(document.text().contains(&plaintext), "{name}: delete its file in the fixtures");
    }
}

#[test]
fn samples_are_numbered_in_order_and_no_number_is_used_twice() {
    let number = |sample: &Sample| sample.name.split('-').next().unwrap().parse::<u8>().unwrap();
    let numbers: Vec<u8> = samples::all().iter().map(number).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
}

#[test]
fn the_toy_writes_the_same_bytes_every_time() {
    assert_eq!(Response::usual().xml(), Response::usual().xml());
    let pem = |key: Key| key.certificate().to_pem().unwrap();
    assert_eq!(pem(Key::Idp), pem(Key::Idp));
}

#[test]
fn tags_are_written_in_canonical_form() {
    let tag = Tag::new("a:b").attribute("Z", "\"<>&\n").attribute("A", "").attribute("N", None);
    let tag = tag.namespace("x", "u:x").namespace("a", "u:a").text("\"<>&\r");
    let canonical = "<a:b xmlns:a=\"u:a\" xmlns:x=\"u:x\" A=\"\" Z=\"&quot;&lt;>&amp;&#xA;\">\
                     \"&lt;&gt;&amp;&#xD;</a:b>";
    assert_eq!(tag.to_string(), canonical);
}

#[test]
fn pretty_printing_changes_no_value() {
    let pretty = pretty_print("<a><b>x y</b><c></c><d><e></e></d></a>");
    assert_eq!(pretty, "<a>\n  <b>x y</b>\n  <c></c>\n  <d>\n    <e></e>\n  </d>\n</a>\n");
}
