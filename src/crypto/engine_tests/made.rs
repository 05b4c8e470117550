//! Signatures made in the test: every algorithm, every half spoilt, every size that our limits allow.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;

use super::toy::{EXCLUSIVE, Toy, ec, is_pss, rsa};
use super::{ENGINES, halves, judged, parsed, public, signatures};
use crate::crypto::both::Both;
use crate::crypto::engine::{
    DigestMethod, Engine, EngineError, KeyFamily, SignatureMethod, Target,
};
use crate::crypto::native::Native;
use crate::crypto::xmlsec::{Xmlsec, versions};

#[test]
fn every_algorithm_verifies_and_tells_altered_content_from_an_altered_signature() {
    let curves = [Nid::X9_62_PRIME256V1, Nid::SECP384R1, Nid::SECP521R1];
    let keys = [rsa(), ec(curves[0]), ec(curves[1]), ec(curves[2])];
    for method in SignatureMethod::ALL.into_iter().filter(|method| !is_pss(*method)) {
        for key in &keys {
            let family = if key.rsa().is_ok() { KeyFamily::Rsa } else { KeyFamily::Ec };
            for engine in ENGINES {
                let toy = Toy::new(key, method);
                if family != method.key_family() {
                    // Signed with a key that fits, then judged with one that does not.
                    let fitting = if family == KeyFamily::Rsa { &keys[1] } else { &keys[0] };
                    let text = Toy::new(fitting, method).signed();
                    let error = judged(engine, &text, key).unwrap_err();
                    assert!(matches!(error, EngineError::Key(_)), "{error}");
                    continue;
                }
                let text = toy.signed();
                let report = toy.judged(engine, &text).unwrap();
                assert_eq!(halves(&report), (true, true), "{}", method.name());
                assert_eq!(report.octets.unwrap().as_bytes(), toy.element("").as_bytes());
                let altered = text.replace("<b>text", "<b>test");
                let report = toy.judged(engine, &altered).unwrap();
                assert_eq!(halves(&report), (false, true), "{}", method.name());
                let signed_info = toy.signed_info("", "");
                let mut value = toy.value(&signed_info);
                value[20] ^= 1;
                let broken = toy.document(&signed_info, &value);
                let report = toy.judged(engine, &broken).unwrap();
                assert_eq!(halves(&report), (true, false), "{}", method.name());
                let report = toy.judged(engine, &broken.replace("<b>", "<b> ")).unwrap();
                assert_eq!(halves(&report), (false, false), "{}", method.name());
            }
        }
    }
}

#[test]
fn a_key_of_another_curve_did_not_make_the_signature() {
    let keys = [Nid::X9_62_PRIME256V1, Nid::SECP384R1, Nid::SECP521R1].map(ec);
    let both: [&dyn Engine; 1] = [&Both::new("both", &Native, &Xmlsec)];
    for (maker, judge) in (0..9).map(|n| (n / 3, n % 3)).filter(|(maker, judge)| maker != judge) {
        let text = Toy::new(&keys[maker], SignatureMethod::EcdsaSha256).signed();
        for engine in ENGINES.into_iter().chain(both) {
            let report = judged(engine, &text, &keys[judge]).unwrap();
            assert_eq!(halves(&report), (true, false), "{maker} {judge} {}", engine.name());
        }
    }
}

#[test]
fn every_digest_verifies_under_a_signature_with_another_hash() {
    let key = rsa();
    for digest_method in DigestMethod::ALL {
        let toy = Toy { digest_method, ..Toy::new(&key, SignatureMethod::RsaSha256) };
        for engine in ENGINES {
            assert_eq!(halves(&toy.judged(engine, &toy.signed()).unwrap()), (true, true));
        }
    }
}

#[test]
fn rsa_pss_is_judged_by_the_native_engine_alone_because_libxmlsec1_has_none() {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    for method in SignatureMethod::ALL.into_iter().filter(|method| is_pss(*method)) {
        let toy = Toy::new(&key, method);
        let error = toy.judged(&Xmlsec, &toy.signed()).unwrap_err();
        assert!(matches!(error, EngineError::Unsupported { .. }), "{error}");
        let engines: [&dyn Engine; 2] = [&Native, &Both::new("both", &Native, &Xmlsec)];
        for engine in engines {
            let report = toy.judged(engine, &toy.signed()).unwrap();
            assert_eq!((halves(&report), report.judges), ((true, true), "native"));
            let altered = toy.signed().replace("<b>text", "<b>test");
            let report = toy.judged(engine, &altered).unwrap();
            assert_eq!(halves(&report), (false, true));
        }
    }
}

#[test]
fn key_info_is_never_read() {
    let (key, other) = (rsa(), rsa());
    let n = STANDARD.encode(other.rsa().unwrap().n().to_vec());
    let contents = [
        "<X509Data><X509Certificate>not base64!</X509Certificate></X509Data>".to_owned(),
        "<RetrievalMethod URI=\"file:///etc/passwd\"></RetrievalMethod>".to_owned(),
        "<KeyName>x</KeyName><Unknown></Unknown>".to_owned(),
        format!(
            "<KeyValue><RSAKeyValue><Modulus>{n}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>"
        ),
    ];
    for content in contents {
        let key_info = format!("<KeyInfo>{content}</KeyInfo>");
        let toy = Toy { key_info, ..Toy::new(&key, SignatureMethod::RsaSha256) };
        for engine in ENGINES {
            let text = toy.signed();
            assert_eq!(halves(&toy.judged(engine, &text).unwrap()), (true, true), "{content}");
            // Signed by the key that the message brings along, judged with the configured one.
            let foreign = Toy {
                key: &other,
                key_info: toy.key_info.clone(),
                ..Toy::new(&other, SignatureMethod::RsaSha256)
            };
            let report = judged(engine, &foreign.signed(), &key).unwrap();
            assert_eq!(halves(&report), (true, false), "{content}");
        }
    }
}

#[test]
fn what_our_limits_allow_libxml2_allows() {
    let key = rsa();
    let attributes: String = (100..355).map(|n| format!(" a{n}=\"\"")).collect();
    let contents = [
        "x".repeat(11 << 20),
        format!("<b c=\"{}\"></b>", "x".repeat(11 << 20)),
        format!("{}{}", "<b>".repeat(510), "</b>".repeat(510)),
        format!("<b{attributes}></b>"),
    ];
    for content in contents {
        let toy = Toy { content, ..Toy::new(&key, SignatureMethod::RsaSha256) };
        for engine in ENGINES {
            assert_eq!(halves(&toy.judged(engine, &toy.signed()).unwrap()), (true, true));
        }
    }
    let padding = " \n".repeat(6 << 20);
    let toy = Toy { padding, ..Toy::new(&key, SignatureMethod::RsaSha256) };
    for engine in ENGINES {
        assert_eq!(halves(&toy.judged(engine, &toy.signed()).unwrap()), (true, true));
    }
}

#[test]
fn the_prefix_list_of_signed_info_brings_inherited_namespaces_into_it() {
    let key = rsa();
    let toy = Toy::new(&key, SignatureMethod::RsaSha256);
    let list = |prefixes: &str| {
        let namespace = EXCLUSIVE.uri();
        format!(
            "<InclusiveNamespaces xmlns=\"{namespace}\" PrefixList=\"{prefixes}\"></InclusiveNamespaces>"
        )
    };
    for (prefixes, expected) in [("p", true), ("q  p #default", true), ("q", false)] {
        let canonical = toy.signed_info(" xmlns:p=\"urn:p\"", &list(prefixes));
        let value = toy.value(&canonical);
        let text = toy.document(&toy.signed_info("", &list(prefixes)), &value);
        let text = text.replacen("<Signature ", "<Signature xmlns:p=\"urn:p\" ", 1);
        for engine in ENGINES {
            let report = toy.judged(engine, &text).unwrap();
            assert_eq!(halves(&report), (true, expected), "{prefixes}");
        }
    }
}

#[test]
fn no_reference_selects_comments_even_where_the_method_would_keep_them() {
    let key = rsa();
    let toy = Toy::new(&key, SignatureMethod::RsaSha256);
    let (before, transform) =
        (toy.signed_info("", ""), format!("\"{}\"></Transform>", EXCLUSIVE.uri()));
    let kept = transform.replace("#\"", "#WithComments\"");
    let by_id = before.replace(&transform, &kept);
    let whole = by_id.replace("URI=\"#_1\"", "URI=\"\"");
    assert!(before != by_id && by_id != whole);
    for (signed_info, instruction_counts) in [(by_id, false), (whole, true)] {
        let text = toy.document(&signed_info, &toy.value(&signed_info));
        let text = text.replace("<b>text", "<b>te<!--c-->xt");
        for engine in ENGINES {
            let report = judged(engine, &format!("<!--c-->\n{text}<!--c-->"), &key).unwrap();
            assert_eq!(halves(&report), (true, true));
            // What stands beside the root is part of the whole document, and of no element.
            let report = judged(engine, &format!("{text}<?p?>"), &key).unwrap();
            assert_eq!(halves(&report), (!instruction_counts, true));
        }
    }
}

#[test]
fn a_target_that_is_not_in_the_document_is_an_error() {
    let key = rsa();
    let toy = Toy::new(&key, SignatureMethod::RsaSha256);
    let text = toy.signed();
    let (found, document) = (signatures(&text), parsed(&text));
    let good = found[0].target(&document).unwrap();
    let wrong = [
        Target { element: 99, ..good.clone() },
        Target { signature: 99, ..good.clone() },
        Target { signature: good.element, ..good.clone() },
        Target { element: 1, ..good.clone() },
        Target { id: Some("_2"), ..good.clone() },
        Target { id: None, ..good.clone() },
    ];
    for target in wrong {
        for engine in ENGINES {
            let error = engine.verify(&target, &public(&key)).unwrap_err();
            assert!(matches!(error, EngineError::Structure(_)), "{target:?}: {error}");
        }
    }
    let other = Target { digest_method: DigestMethod::Sha512, ..good };
    for engine in ENGINES {
        assert!(engine.verify(&other, &public(&key)).is_err(), "{}", engine.name());
    }
}

#[test]
fn engines_run_on_many_threads_at_once() {
    let key = rsa();
    let toy = Toy::new(&key, SignatureMethod::RsaSha256);
    let text = toy.signed();
    let broken = text.replace("<SignatureValue>", "<SignatureValue>!");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for engine in ENGINES {
                    for _ in 0..20 {
                        assert_eq!(halves(&toy.judged(engine, &text).unwrap()), (true, true));
                        let error = judged(engine, &broken, &key).unwrap_err();
                        assert!(matches!(error, EngineError::Base64(_)), "{error}");
                    }
                }
            });
        }
    });
}

#[test]
fn the_versions_are_dotted_numbers() {
    for (name, version) in versions() {
        assert_eq!(
            version.split('.').filter(|part| part.parse::<u8>().is_ok()).count(),
            3,
            "{name}"
        );
    }
}

#[test]
fn depth_times_size_is_bounded() {
    let key = rsa();
    let (open, close) = ("<b>".repeat(500), "</b>".repeat(500));
    let namespaces: String = (0..250).map(|n| format!(" xmlns:n{n}=\"urn:n\"")).collect();
    let contents = [
        format!("{open}{}{close}", "<c></c>".repeat(200_000)),
        format!("<b{namespaces}>{open}{}{close}</b>", "<c></c>".repeat(1_000)),
        "<c></c>".repeat(250_000),
        (0..100_000)
            .map(|n| format!("<n{n}:c xmlns:n{n}=\"urn:n:{n}\">{n:030}</n{n}:c>"))
            .collect(),
    ];
    for content in contents {
        let toy = Toy { content, ..Toy::new(&key, SignatureMethod::RsaSha256) };
        let engines: [&dyn Engine; 2] = [&Xmlsec, &Both::new("both", &Native, &Xmlsec)];
        for engine in engines {
            let error = toy.judged(engine, &toy.signed()).unwrap_err();
            assert!(matches!(error, EngineError::TooCostly { .. }), "{error}");
        }
        assert!(halves(&toy.judged(&Native, &toy.signed()).unwrap()).1);
    }
    let content = "<c>member</c>".repeat(200_000);
    let toy = Toy { content, ..Toy::new(&key, SignatureMethod::RsaSha256) };
    assert_eq!(halves(&toy.judged(&Xmlsec, &toy.signed()).unwrap()), (true, true));
}
