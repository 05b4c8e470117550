//! Was the Response signed with the assertion in the clear, and the assertion encrypted afterwards? Proven by putting the plaintext back.
//!
//! The copy with the plaintext is verified for this rule alone; the verdict stands on the message as it was sent.

use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};
use crate::crypto::{self, ProblemKind};
use crate::saml::Message;

static AFTER: Cause = Cause {
    code: "encrypted-after-signing",
    title: "The assertion was encrypted after the Response was signed",
    says: "The signature of the Response holds with the decrypted assertion in its place: the identity provider signs first and encrypts afterwards, so that what is sent is not what was signed.",
    fix_sp: "Nothing: the certificate is right, and the platform verifies the Response as it was sent.",
    fix_idp: "Encrypt first and sign the Response last, or sign the assertion alone and encrypt it signed.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "encrypted-after-signing",
    title: "Encrypted after signing",
    explains: &["signature"],
    causes: &[&AFTER],
    when: When::Unexplained,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    diagnosed(case).into_iter().collect()
}

fn diagnosed(case: &Case<'_>) -> Option<Diagnosis> {
    let response = case.report.signatures().response.as_ref()?;
    response.problems.iter().find(|problem| problem.kind == ProblemKind::Digest)?;
    let opened = case.report.parts().opened.document()?;
    let message = Message::read(opened).ok()?;
    let certificates = case.config()?.idp_certificates.iter();
    let certificates = certificates.map(|certificate| certificate.given().clone()).collect();
    let signatures = crypto::examine(opened, &message, certificates, (case.engine, case.limits));
    let holds = signatures.response.filter(|result| result.is_valid())?;
    let signer = holds.verified_with.map(|c| Evidence::certificate("signed with", &c));
    Some(AFTER.diagnosis(signer.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{Case, given};
    use crate::config::DecryptionKey;
    use crate::support::encryption::{Recipe, own_key};
    use crate::support::keys::Key;
    use crate::support::signature::Signing;
    use crate::support::xml::replace_once;

    /// The usual message, its Response signed, too; the assertion is encrypted afterwards.
    fn encrypted_last(edit: impl FnOnce(String) -> String) -> Case {
        let pem = own_key().private_key_to_pem_pkcs8().unwrap();
        let key = DecryptionKey::named(&given("sp.key"), &|_: &std::path::Path| Ok(pem.clone()));
        let key = key.unwrap();
        Case::usual()
            .config(|config| config.decryption_keys = vec![key])
            .message(|response| response.signing = Some(Signing::with(Key::Idp)))
            .altered(|xml| {
                let begin = xml.find("<saml:Assertion").unwrap();
                let end = xml.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
                let assertion = xml[begin..end].to_owned();
                let encrypted = Recipe::usual().encrypt(&edit(assertion.clone()));
                replace_once(&xml, &assertion, &encrypted)
            })
    }

    fn codes(case: &Case) -> Vec<&'static str> {
        case.report().diagnoses().iter().map(|diagnosis| diagnosis.cause.code).collect()
    }

    #[test]
    fn what_was_encrypted_last_is_proven_by_the_plaintext() {
        let case = encrypted_last(|assertion| assertion);
        assert_eq!(codes(&case), ["encrypted-after-signing"]);
        assert!(!case.report().is_accepted());
    }

    #[test]
    fn what_was_altered_besides_is_not() {
        let case = encrypted_last(|assertion| assertion.replace(">zmueller@", ">admin@"));
        assert!(!codes(&case).contains(&"encrypted-after-signing"), "{:?}", codes(&case));
    }

    #[test]
    fn what_was_signed_last_is_accepted_in_silence() {
        let pem = own_key().private_key_to_pem_pkcs8().unwrap();
        let key = DecryptionKey::named(&given("sp.key"), &|_: &std::path::Path| Ok(pem.clone()));
        let key = key.unwrap();
        let case = Case::usual().config(|config| config.decryption_keys = vec![key]);
        let case = case.message(|response| {
            let assertion = response.assertion.take().unwrap();
            response.after_assertion = Recipe::usual().encrypt(&assertion.xml());
            response.signing = Some(Signing::with(Key::Idp));
        });
        assert_eq!(case.is_accepted().diagnoses(), []);
    }
}
