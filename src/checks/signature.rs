//! Was the message signed by the configured key, and is what was signed unchanged?
//!
//! The signature module judges; this check puts its problems into failures, and adds what depends on the judged moment: whether the
//! certificate that verified was valid then (platform §3.3: an expired certificate fails logins).

use crate::crypto::certificate::Certificate;
use crate::crypto::{Problem, ProblemKind, SignatureReport, SignatureResult, Signed};
use crate::saml::Status;
use crate::time::{before, rfc3339};

use super::login_history::{INVALID_CONFIG, INVALID_SIGNATURE, MISMATCH_CERT};
use super::{Because, Check, Code, Context, Failure, LoginHistory, Outcome, Run, Wording};

/// Codes that differ in words alone: most of them are refused before any key is tried.
const fn code(
    id: &'static str,
    line: &'static str,
    cause: &'static str,
    fix_sp: &'static str,
    fix_idp: &'static str,
) -> Code {
    Code {
        id,
        line: Wording::Ours(line),
        cause,
        fix_sp,
        fix_idp,
        history: Some(&INVALID_SIGNATURE),
    }
}

const fn with_history(code: Code, history: &'static LoginHistory) -> Code {
    Code { history: Some(history), ..code }
}

const REFUSED_SP: &str = "Nothing: such a signature must be refused.";
const NOT_VALID: Wording = Wording::Platform("The signature in the assertion is not valid");
/// By symmetry (platform §4).
const RESPONSE_NOT_VALID: Wording = Wording::Ours("The signature in the response is not valid");

static MISSING: Code = code(
    "signature-missing",
    "Neither the response nor the assertion is signed",
    "Signing is switched off at the identity provider, or a proxy removed the signature.",
    "Nothing: an unsigned message proves nothing.",
    "Switch signing of assertions on.",
);
static DIGEST: Code = code(
    "signature-digest",
    "The reference in the signature is not valid: the content is not what was signed",
    "The message was changed after signing: pretty-printed by an editor or viewer, line endings converted, or altered by a proxy.",
    "Capture the base64 SAMLResponse from the wire and try again.",
    "If the message on the wire fails too: something behind the signing step changes it.",
);
static VALUE: Code = Code {
    line: NOT_VALID,
    ..code(
        "signature-value",
        "",
        "The signature was made with another key, or was altered; KeyInfo names the configured certificate or none.",
        "Compare the configured certificate with the identity provider's metadata, by fingerprint.",
        "Check that the signing key belongs to the published certificate.",
    )
};
static WRONG_KEY: Code = Code {
    line: NOT_VALID,
    ..with_history(
        code(
            "signature-wrong-key",
            "",
            "The identity provider signs with another certificate than the configured one: it rolled over, or another environment answered.",
            "Compare the fingerprints of both certificates with the identity provider's metadata, then configure its current certificate. Never take a \
             certificate from the message itself.",
            "Tell service providers before a certificate changes.",
        ),
        &MISMATCH_CERT,
    )
};
static ALGORITHM: Code = code(
    "signature-algorithm",
    "A signature or digest algorithm is not allowed",
    "HMAC, MD5, none, or an algorithm this tool does not know.",
    REFUSED_SP,
    "Sign with RSA and SHA-256.",
);
static TRANSFORM: Code = code(
    "signature-transform",
    "A transform is not allowed",
    "XPath, XSLT or several canonicalisations; SAML signatures need enveloped-signature and one canonicalisation.",
    REFUSED_SP,
    "Use enveloped-signature, then exclusive canonicalisation.",
);
static STRUCTURE: Code = code(
    "signature-structure",
    "The Signature is not built as it must be",
    "More than one Signature, SignedInfo or Reference, an Object, or foreign content inside the Signature.",
    REFUSED_SP,
    "Send one Signature with one Reference as a child of what it signs.",
);
static REFERENCE: Code = code(
    "signature-reference",
    "The Reference does not name the element that carries the Signature",
    "A signature that covers something else: wrapping, or a signing step set up for another element.",
    "Treat the message as hostile until the identity provider explains it.",
    "Let the Reference name the ID of the element that contains the Signature.",
);
static ID_MISSING: Code = code(
    "signature-id-missing",
    "The ID that the Reference names does not exist",
    "The signed element was removed or renamed after signing.",
    REFUSED_SP,
    "Sign the element that is sent.",
);
static ID_DUPLICATE: Code = code(
    "signature-id-duplicate",
    "The ID that the Reference names occurs more than once",
    "Signature wrapping, or a template that reuses IDs.",
    "Treat the message as hostile until the identity provider explains it.",
    "Give every element an ID of its own.",
);
static KEY: Code = code(
    "signature-key",
    "The configured key does not fit the signature",
    "The certificate holds another kind of key than the signature algorithm asks for, or an RSA key below 1024 bits.",
    "Configure the certificate that the identity provider signs with.",
    "Sign with an RSA key of 2048 bits or more.",
);
static CANONICALIZATION: Code = code(
    "signature-canonicalization",
    "The signed content cannot be canonicalised",
    "Content that canonicalisation refuses, such as relative namespace names.",
    REFUSED_SP,
    "Declare namespaces by absolute URIs.",
);
static ENGINE: Code = code(
    "signature-engine",
    "The signature engine could not judge the signature",
    "An algorithm the engine lacks, or a defect.",
    "Report the message to the project, with its values replaced.",
    "Sign with RSA and SHA-256.",
);
static DISAGREEMENT: Code = code(
    "signature-disagreement",
    "The signature engines do not agree, so neither is believed",
    "A document that two parsers read in two ways: hostile, or a defect of an engine.",
    "Treat the message as hostile; report it to the project, with its values replaced.",
    "Nothing, unless the message is odd XML: send it plainer.",
);
static EXPIRED: Code = with_history(
    code(
        "signature-certificate-expired",
        "The configured certificate has expired",
        "The certificate was not replaced in time.",
        "Configure the identity provider's current certificate.",
        "Issue a new signing certificate and publish it.",
    ),
    &INVALID_CONFIG,
);
static NOT_YET_VALID: Code = with_history(
    code(
        "signature-certificate-not-yet-valid",
        "The configured certificate is not valid yet",
        "The certificate was configured before its time, or the judged moment is wrong.",
        "Check the judged moment (--at) and the certificate's dates.",
        "Sign with a certificate that is already valid.",
    ),
    &INVALID_CONFIG,
);

pub(super) const CHECK: Check = Check {
    id: "signature",
    number: Some(11),
    title: "Validating the Signature",
    clause: "saml-core-2.0 §5.4; saml-profiles-2.0 §4.1.4.5; xmldsig-core §3.2",
    asks: "Is the Assertion or the Response signed with the configured certificate, does every signature that is there hold, and does it \
           cover what is read?",
    passes: "Ok",
    failures: &[
        &MISSING,
        &DIGEST,
        &VALUE,
        &WRONG_KEY,
        &ALGORITHM,
        &TRANSFORM,
        &STRUCTURE,
        &REFERENCE,
        &ID_MISSING,
        &ID_DUPLICATE,
        &KEY,
        &CANONICALIZATION,
        &ENGINE,
        &DISAGREEMENT,
        &EXPIRED,
        &NOT_YET_VALID,
    ],
    run: Run::Message(run),
};

fn run(cx: &Context<'_>) -> Outcome {
    let report: &SignatureReport = cx.signatures;
    let results: Vec<&SignatureResult> = report.results().collect();
    let response = cx.view.message().response();
    let encrypted =
        response.is_some_and(|r| r.assertion.is_none() && !r.encrypted_assertions.is_empty());
    if results.is_empty() && encrypted {
        // The Signature may be inside.
        return Outcome::Skipped(Because::Encrypted);
    }
    let refused = response.is_some_and(|response| {
        let success = response.status.as_ref().is_some_and(Status::is_success);
        response.assertion.is_none() && response.status.is_some() && !success
    });
    if results.is_empty() && refused {
        // A refusal lets nobody in: whether it is signed does not matter.
        return Outcome::Skipped(Because::StatusNotSuccess);
    }
    if results.is_empty() {
        let at = cx.view.message().assertion().map(|assertion| assertion.at);
        let at = at.or(response.map(|response| response.at));
        return MISSING
            .failure()
            .expected("a signed Assertion")
            .found("no Signature")
            .at(at)
            .into();
    }
    let mut failures: Vec<Failure> =
        results.iter().flat_map(|result| &result.problems).map(problem).collect();
    for certificate in report.verified_with() {
        // A renewed certificate may hold the same key: then it does not matter which of the two is tried first.
        let holds_now = |other: &Certificate| {
            other.public_key().public_eq(certificate.public_key())
                && cx.now <= other.not_after()
                && cx.now >= before(other.not_before(), cx.config.clock_skew)
        };
        if report.configured.iter().any(holds_now) {
            continue;
        }
        let (from, until) = (certificate.not_before(), certificate.not_after());
        let opens = before(from, cx.config.clock_skew);
        if cx.now > until {
            failures.push(
                EXPIRED
                    .failure()
                    .what("Expiration of the configured certificate")
                    .expected(format!("now <= {}", rfc3339(until)))
                    .found(format!("now = {}", rfc3339(cx.now))),
            );
        } else if cx.now < opens {
            failures.push(
                NOT_YET_VALID
                    .failure()
                    .what("Begin of the configured certificate")
                    .expected(format!("now >= {} (allowed skew included)", rfc3339(opens)))
                    .found(format!("now = {}", rfc3339(cx.now))),
            );
        }
    }
    failures.into()
}

fn problem(problem: &Problem) -> Failure {
    let code = match problem.kind {
        ProblemKind::Digest => &DIGEST,
        ProblemKind::Value => &VALUE,
        ProblemKind::WrongKey => &WRONG_KEY,
        ProblemKind::Algorithm => &ALGORITHM,
        ProblemKind::Transform => &TRANSFORM,
        ProblemKind::Structure => &STRUCTURE,
        ProblemKind::Reference => &REFERENCE,
        ProblemKind::IdMissing => &ID_MISSING,
        ProblemKind::IdDuplicate => &ID_DUPLICATE,
        ProblemKind::Key => &KEY,
        ProblemKind::Canonicalization => &CANONICALIZATION,
        ProblemKind::Disagreement => &DISAGREEMENT,
        ProblemKind::Engine => &ENGINE,
    };
    let line = match (code.line, problem.signed) {
        (NOT_VALID, Signed::Response) => RESPONSE_NOT_VALID,
        (line, Signed::Response | Signed::Assertion) => line,
    };
    let failure = code.failure().line(line).what(problem.signed.name());
    failure.expected(problem.expected.as_str()).found(problem.found.as_str()).at(problem.at)
}

#[cfg(test)]
#[path = "tests/signature.rs"]
mod tests;
