//! Two engines, one truth: both judge, and what they do not agree on is not believed.
//!
//! Security rule 11. Two parsers, two canonicalisers and two sets of eyes on the structure must come to the same verdict over
//! the same octets; an attack has to deceive both in the same way.

use std::fmt;

use openssl::pkey::{PKeyRef, Public};

use super::engine::{Engine, EngineError, EngineReport, Octets, Side, Target};

/// An engine that asks two others.
pub(crate) struct Both<'e> {
    name: &'static str,
    first: &'e dyn Engine,
    second: &'e dyn Engine,
}

impl<'e> Both<'e> {
    /// `name` is what the report calls the two together.
    pub(crate) const fn new(
        name: &'static str,
        first: &'e dyn Engine,
        second: &'e dyn Engine,
    ) -> Self {
        Self { name, first, second }
    }
}

impl fmt::Debug for Both<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Both({})", self.name)
    }
}

impl Engine for Both<'_> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn verify(
        &self,
        target: &Target<'_>,
        key: &PKeyRef<Public>,
    ) -> Result<EngineReport, EngineError> {
        match (self.first.verify(target, key), self.second.verify(target, key)) {
            (Ok(first), Ok(second)) if agree(&first, &second) => {
                Ok(EngineReport { judges: self.name, ..first })
            }
            // Choice: an algorithm that one engine lacks (libxmlsec1 1.2 has no RSA-PSS) is judged by the other alone, and
            // the report says so. No verdict contradicts another.
            (Ok(report), Err(EngineError::Unsupported { .. }))
            | (Err(EngineError::Unsupported { .. }), Ok(report)) => Ok(report),
            // An engine that would take too long has seen nothing that contradicts the other, but two are needed.
            (Ok(_), Err(error @ EngineError::TooCostly { .. }))
            | (Err(error @ EngineError::TooCostly { .. }), Ok(_)) => Err(error),
            // Neither could judge: that is agreement enough, for there is no verdict.
            (Err(error), Err(_)) => Err(error),
            (first, second) => Err(EngineError::Difference(
                side(self.first, &first, &second),
                side(self.second, &second, &first),
            )),
        }
    }
}

fn agree(first: &EngineReport, second: &EngineReport) -> bool {
    first.reference_valid == second.reference_valid
        && first.signature_valid == second.signature_valid
        && first.octets == second.octets
}

type Judged = Result<EngineReport, EngineError>;

/// What one engine says, and where its octets leave the other's.
fn side(engine: &dyn Engine, own: &Judged, other: &Judged) -> Side {
    let says = match own {
        Err(error) => error.to_string(),
        Ok(EngineReport { reference_valid, signature_valid, octets, .. }) => {
            let valid = |valid: bool| if valid { "valid" } else { "not valid" };
            let mut says = format!(
                "reference {}, signature value {}",
                valid(*reference_valid),
                valid(*signature_valid)
            );
            let others = other.as_ref().ok().and_then(|report| report.octets.as_ref());
            if let (Some(own), Some(others)) = (octets, others) {
                says.push_str(&excerpt(own, others));
            }
            says
        }
    };
    Side { engine: engine.name(), says }
}

/// The first of our octets that are not the other's; nothing when all are the same.
fn excerpt(own: &Octets, others: &Octets) -> String {
    /// So many octets are shown.
    const SHOWN: usize = 40;
    let (own, others) = (own.as_bytes(), others.as_bytes());
    if own == others {
        return String::new();
    }
    let at = own.iter().zip(others).take_while(|(own, others)| own == others).count();
    let shown = own.iter().skip(at).take(SHOWN).copied().collect::<Vec<u8>>();
    format!(", over octets that read `{}` from {at}", shown.escape_ascii())
}

#[cfg(test)]
mod tests {
    use openssl::pkey::PKey;
    use openssl::rsa::Rsa;

    use super::*;
    use crate::crypto::engine::{Canonicalization, DigestMethod, SignatureMethod};
    use crate::limits::Limits;
    use crate::xml::Document;

    /// An engine that says what it was told to say.
    struct Told(fn() -> Judged);

    impl Engine for Told {
        fn name(&self) -> &'static str {
            "told"
        }

        fn verify(&self, _: &Target<'_>, _: &PKeyRef<Public>) -> Judged {
            (self.0)()
        }
    }

    fn report(reference_valid: bool, signature_valid: bool, octets: Option<&[u8]>) -> Judged {
        let octets = octets.map(|octets| Octets::seal(octets.to_vec()));
        Ok(EngineReport { reference_valid, signature_valid, octets, judges: "told" })
    }

    /// What the two together say, whichever is asked first.
    fn together(first: fn() -> Judged, second: fn() -> Judged) -> [Judged; 2] {
        let document = Document::parse("<a/>".to_owned(), &Limits::default()).unwrap();
        let private = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
        let key = PKey::public_key_from_der(&private.public_key_to_der().unwrap()).unwrap();
        let target = Target {
            document: &document,
            element: 0,
            signature: 0,
            id: None,
            signature_method: SignatureMethod::RsaSha256,
            digest_method: DigestMethod::Sha256,
            canonicalization: Canonicalization::Exclusive { comments: false },
        };
        [(first, second), (second, first)].map(|(first, second)| {
            Both::new("both", &Told(first), &Told(second)).verify(&target, &key)
        })
    }

    #[test]
    fn what_both_say_both_have_judged() {
        for said in [|| report(true, true, Some(b"<a></a>")), || report(false, true, None)] {
            for report in together(said, said).map(Result::unwrap) {
                assert_eq!(report.judges, "both");
                assert_eq!(report.reference_valid, said().unwrap().reference_valid);
                assert_eq!(report.octets, said().unwrap().octets);
            }
        }
    }

    #[test]
    fn engines_that_do_not_agree_are_not_believed_and_both_sides_are_shown() {
        let valid = || report(true, true, Some(b"<a>b</a>"));
        type Other = (fn() -> Judged, &'static str);
        let others: [Other; 5] = [
            (|| report(true, true, Some(b"<a>c</a>")), "over octets that read `c</a>` from 3"),
            (|| report(false, true, None), "reference not valid, signature value valid"),
            (|| report(true, false, None), "reference valid, signature value not valid"),
            (|| Err(EngineError::Structure("x")), "not the one that was vetted: x"),
            (|| Err(EngineError::Parse("x".to_owned())), "cannot be parsed: x"),
        ];
        for (other, says) in others {
            for found in together(valid, other) {
                let Err(error @ EngineError::Difference(..)) = found else { panic!("{found:?}") };
                let error = error.to_string();
                assert!(error.contains(says), "{error}");
                assert!(
                    error.contains("told says reference valid, signature value valid"),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn an_algorithm_that_one_engine_lacks_is_judged_by_the_other_alone() {
        let lacking = || Err(EngineError::Unsupported { engine: "told", algorithm: "x" });
        for report in together(|| report(true, false, None), lacking).map(Result::unwrap) {
            assert_eq!((report.signature_valid, report.judges), (false, "told"));
        }
    }

    #[test]
    fn an_engine_that_would_take_too_long_leaves_no_verdict() {
        let costly = || Err(EngineError::TooCostly { engine: "told", limit: 1 });
        for found in together(|| report(true, true, Some(b"<a></a>")), costly) {
            assert!(matches!(found, Err(EngineError::TooCostly { .. })), "{found:?}");
        }
        for found in together(|| Err(EngineError::Base64("x")), || Err(EngineError::Base64("x"))) {
            assert!(matches!(found, Err(EngineError::Base64(_))), "{found:?}");
        }
    }
}
