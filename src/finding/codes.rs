//! Every kind of finding with its words: what it says, what could come of it, whose doing it is, what to do.

use super::{FindingCode, Severity};

macro_rules! finding_codes {
    ($($name:ident = $id:literal, $severity:ident, $check:literal,
       $says:literal, $means:literal, $whose:literal, $advice:literal;)*) => {
        $(
            #[doc = concat!("`", $id, "`")]
            pub static $name: FindingCode = FindingCode {
                id: $id, severity: Severity::$severity, check: $check, says: $says,
                means: $means, whose: $whose, advice: $advice,
            };
        )*
        /// Every kind of finding, in the order of `explain`.
        pub static ALL: &[&FindingCode] = &[$(&$name),*];
    };
}

finding_codes! {
    DOCTYPE = "doctype", Attack, "format",
        "The message carries a document type declaration (DOCTYPE).",
        "A DOCTYPE can define entities and default attributes: it changes what the message says, reads files, or fills the memory of a careless parser.",
        "Whoever wrote the message; no SAML software sends a DOCTYPE.",
        "Treat the message as hostile, and see that every reader of it refuses a DOCTYPE.";
    COMMENT_IN_VALUE = "comment-in-value", Attack, "format",
        "A comment stands inside a value; a careless reader would cut the value there.",
        "Most signatures do not cover comments, so anybody can add one to a signed message; a reader that stops at it sees another user.",
        "Whoever changed the message behind the identity provider, usually the user who logs in.",
        "Treat it as an attempt to log in as somebody else; look at what stands before the comment, and update readers that cut values.";
    INSTRUCTION_IN_VALUE = "instruction-in-value", Attack, "format",
        "A processing instruction stands inside a value; a careless reader would cut the value there.",
        "A reader that takes the text before it alone sees another value than the one that is signed.",
        "Whoever wrote the message; no identity provider puts processing instructions into values.",
        "Treat it as an attempt to log in as somebody else, and see that readers take the whole text.";
    COMMENT_BETWEEN = "comment-between-elements", Unusual, "format",
        "A comment stands in the message, outside of any value.",
        "It changes nothing here; anybody can have added it, as most signatures do not cover comments.",
        "The identity provider's template, or somebody on the way.",
        "Leave comments out of templates; ask where it comes from if the identity provider sends none.";
    INSTRUCTION_BETWEEN = "instruction-between-elements", Unusual, "format",
        "A processing instruction stands in the message, outside of any value.",
        "It changes nothing here; some readers act on instructions, such as style sheets.",
        "The identity provider's template, or somebody on the way.",
        "Leave processing instructions out of the message.";
    UNSIGNED_ASSERTION = "unsigned-assertion", Attack, "format",
        "Beside another assertion stands one that no signature covers.",
        "A reader that verifies one assertion and reads the other lets anybody log in as anybody.",
        "Whoever changed the message: this is how signature wrapping looks.",
        "Treat it as an attack unless the identity provider explains it; samlcheck -vv shows what a careless reader would take.";
    ASSERTION_ELSEWHERE = "assertion-elsewhere", Attack, "format",
        "An assertion stands where none is read: not as the root and not directly in the Response.",
        "A reader that looks for an assertion anywhere takes this one, or verifies this one and reads another.",
        "Whoever changed the message; identity providers do not hide assertions in Extensions, Advice, Object or other assertions.",
        "Treat it as an attack unless the identity provider explains it; samlcheck -vv shows what a careless reader would take.";
    SECOND_ASSERTION = "second-assertion", Unusual, "format",
        "There is another assertion, signed or encrypted like the first.",
        "Readers differ in which of them they take; the platform takes exactly one.",
        "The identity provider, which writes several assertions into one Response.",
        "Let the identity provider send one assertion that holds every statement.";
    NAME_ID_ELSEWHERE = "name-id-elsewhere", Attack, "format",
        "A NameID stands outside of every assertion.",
        "A reader that takes the first NameID of the document takes this one, which no assertion's signature covers.",
        "Whoever changed the message; a Response has no NameID of its own.",
        "Treat it as an attempt to log in as somebody else.";
    SIGNATURE_ELSEWHERE = "signature-elsewhere", Attack, "format",
        "A Signature stands where none is read: it is not a child of the Response or Assertion that is used.",
        "A verifier that takes the first Signature it meets verifies this one and believes the rest of the message.",
        "Whoever changed the message; rarely an identity provider that passes foreign signed XML on.",
        "Treat it as an attack unless the identity provider explains it.";
    DUPLICATE_ID = "duplicate-id", Attack, "format",
        "Two elements carry the same ID.",
        "The signature names its element by the ID: a verifier may take one of the two and a reader the other.",
        "Whoever copied an element of the message; XML forbids it.",
        "Treat it as an attack; an identity provider that does this must be repaired.";
    LOOK_ALIKE_ID = "look-alike-id", Attack, "format",
        "A Response or Assertion carries an ID under another spelling than `ID`.",
        "Some verifiers take `Id`, `id` or `xml:id` for an ID as well: the signature may name another element for them than for others.",
        "Whoever changed the message; SAML 2.0 knows `ID` only.",
        "Treat it as an attack unless the identity provider explains it.";
    WHITESPACE_TRIMMED = "whitespace-trimmed", Unusual, "format",
        "White space around a value was ignored, as pretty-printing often adds it.",
        "A receiver that does not trim compares the value with its white space, and fails.",
        "The identity provider's template.",
        "Write the value without line ends and spaces around it.";
    TIME_WITHOUT_ZONE = "time-without-zone", Unusual, "format",
        "A time carries no zone; it was read as UTC (saml-core-2.0 \u{a7}1.3.3).",
        "A receiver that reads it as local time is hours off.",
        "The identity provider.",
        "Write times in UTC with a Z behind them.";
    IN_RESPONSE_TO_DIFFERS = "in-response-to-differs", Unusual, "format",
        "The InResponseTo of the Response and of the SubjectConfirmationData differ.",
        "They name the request that is answered; a receiver that compares them with its own request refuses one of the two.",
        "The identity provider, or whoever put an assertion into another Response.",
        "Let the identity provider write the same request's ID in both places.";
    ENCRYPTED_PART = "encrypted-part", Unusual, "format",
        "The NameID came encrypted by itself; the platform decrypts whole assertions only.",
        "The platform finds no user in such an assertion.",
        "The identity provider's encryption setting.",
        "Encrypt the whole assertion, or nothing.";
    ORGANIZATION_WITHOUT_PORTAL = "organization-without-portal", Unusual, "portal-organization",
        "organization_id came without portal_id; a portal login needs both.",
        "A portal login fails; a login to the org itself does not look at it.",
        "The identity provider's attribute mapping.",
        "Send both attributes for portal users, and neither for others.";
    WRAPPING = "signature-wrapping", Attack, "signature",
        "The signature covers one assertion while another one stands where a reader may look: signature wrapping.",
        "What is verified is not what is read: whoever has one signed message can log in as anybody at a careless receiver.",
        "Whoever changed the message; the shape has the number that researchers gave it, XSW1 to XSW8.",
        "Treat it as an attack: keep the message, find out who sent it, and check the receivers that it was sent to.";
    REFERENCE_ELSEWHERE = "reference-elsewhere", Unusual, "signature",
        "A Reference names another element than the one that carries the Signature.",
        "Such a signature says nothing about the element around it, and is refused.",
        "The identity provider's signing step, or whoever moved the Signature.",
        "Let the signature name the element that it is a child of.";
    EXTERNAL_REFERENCE = "external-reference", Attack, "signature",
        "A Reference leads out of the document, or selects its content by an expression.",
        "A careless verifier opens the address or file, or covers less than what is read.",
        "Whoever wrote the message; SAML allows `#` and the ID only.",
        "Treat the message as hostile; nothing was opened here.";
    FOREIGN_IN_SIGNATURE = "foreign-in-signature", Attack, "signature",
        "Something stands in a Signature that no SAML signature needs: an Object, a Manifest, a second part, foreign elements or text.",
        "A Signature is taken out before its element is digested: whatever hides in it is not signed, and some readers find it.",
        "Whoever changed the message.",
        "Treat it as an attack unless the identity provider explains it; let it sign with SignedInfo, SignatureValue and KeyInfo alone.";
    COMMENT_IN_SIGNATURE = "comment-in-signature", Attack, "signature",
        "A comment or processing instruction stands inside a Signature.",
        "It can cut a DigestValue or SignatureValue for one reader and not for another.",
        "Whoever changed the message; no signing software writes comments there.",
        "Treat it as an attack unless the identity provider explains it.";
    ATTRIBUTE_IN_SIGNATURE = "attribute-in-signature", Unusual, "signature",
        "An element of a Signature carries an attribute that XML Signature does not know.",
        "It changes nothing here; nobody else need understand it.",
        "The identity provider's signing software, or a gateway that adds its own marks.",
        "Leave foreign attributes out of signatures.";
    FOREIGN_TRANSFORM = "foreign-transform", Attack, "signature",
        "A Reference asks for a transform other than enveloped-signature and a canonicalisation.",
        "XPath and XSLT decide what is digested and can leave out what is read; some verifiers let them run programs.",
        "Whoever wrote the message; SAML allows no other transforms (saml-core-2.0 \u{a7}5.4.4).",
        "Treat the message as hostile; no transform was run here.";
    RETRIEVAL_METHOD = "retrieval-method", Attack, "signature",
        "KeyInfo asks to fetch the key from somewhere (RetrievalMethod).",
        "A careless verifier opens the address, or trusts the key that it finds there.",
        "Whoever wrote the message; no SAML signature needs it.",
        "Treat the message as hostile; nothing was fetched here.";
    HMAC = "hmac-offered", Attack, "signature",
        "The signature claims to be an HMAC, which is made with a shared secret.",
        "A verifier that takes the public certificate for the secret accepts what anybody can make.",
        "Whoever wrote the message; identity providers sign with private keys.",
        "Treat the message as hostile; HMAC is never accepted here.";
    MD5 = "weak-md5", Weak, "signature",
        "MD5 is named; it has been broken for long and is refused.",
        "Anybody can make two documents of one MD5 digest: such a signature proves nothing.",
        "A very old identity provider, or an attempt to downgrade.",
        "Sign with RSA-SHA256.";
    UNKNOWN_ALGORITHM = "unknown-algorithm", Unusual, "signature",
        "An algorithm is named that is not among those allowed here, and the signature is refused for it.",
        "Nothing can be said about such a signature.",
        "The identity provider's settings, or whoever wrote the message.",
        "Sign with RSA-SHA256.";
    COMMENTS_SIGNED = "comments-canonicalized", Unusual, "signature",
        "The canonicalisation keeps comments.",
        "Comments become a part of what is signed; receivers that digest without them refuse the signature.",
        "The identity provider's signing settings.",
        "Use exclusive canonicalisation without comments.";
    SHA1 = "weak-sha1", Weak, "signature",
        "SHA-1 is used; it is no longer collision resistant.",
        "Who can choose a part of what is signed can prepare two documents of one digest.",
        "The identity provider's signing settings.",
        "Sign with RSA-SHA256.";
    UNDOCUMENTED_ALGORITHM = "undocumented-algorithm", Unusual, "signature",
        "The algorithm verifies here, but this platform documents RSA with SHA-1 or SHA-256 only.",
        "The platform may refuse the login.",
        "The identity provider's signing settings.",
        "Sign with RSA-SHA256.";
    WHOLE_DOCUMENT_REFERENCE = "whole-document-reference", Unusual, "signature",
        "The Reference has an empty URI: it names the whole document instead of an ID.",
        "It covers whatever the document's root is; SAML asks for the ID (saml-core-2.0 \u{a7}5.4.2).",
        "The identity provider's signing step.",
        "Let the Reference name the ID of the signed element.";
    WEAK_KEY = "weak-key", Weak, "signature",
        "The RSA key is shorter than 2048 bits.",
        "Short keys can be factored; who does that signs as the identity provider.",
        "The identity provider, which made the key.",
        "Make a new key of 2048 bits or more and configure its certificate.";
    WEAK_EXPONENT = "weak-exponent", Weak, "signature",
        "The RSA key has the public exponent 1 or 3, or another that is unsound.",
        "With 1 every value is its own signature, and with 3 careless verifiers have accepted forged ones.",
        "Whoever made the key.",
        "Make a new key with the usual exponent 65537.";
    WEAK_RSA15 = "weak-rsa15", Weak, "signature",
        "The content key is encrypted with RSA and the padding of PKCS#1 v1.5, which has been broken again and again; RSA-OAEP is advised.",
        "A receiver that tells good padding from bad lets an attacker decrypt the assertion.",
        "The identity provider's encryption settings.",
        "Encrypt keys with RSA-OAEP.";
    WEAK_CBC = "weak-cbc", Weak, "signature",
        "The content is encrypted in CBC mode, which does not notice changes; AES-GCM is advised.",
        "Ciphertext can be changed on the way; a receiver that answers differently lets it be decrypted.",
        "The identity provider's encryption settings.",
        "Encrypt content with AES-GCM, and sign what is encrypted.";
    WEAK_TRIPLE_DES = "weak-3des", Weak, "signature",
        "The content is encrypted with Triple DES, which is no longer advised; use AES-GCM.",
        "Its small blocks and CBC mode are no protection against changes.",
        "The identity provider's encryption settings.",
        "Encrypt content with AES-GCM.";
    CERTIFICATE_EXPIRED = "certificate-expired", Weak, "signature",
        "The configured certificate had expired at the judged moment.",
        "The platform refuses logins with an expired certificate.",
        "Both sides: the identity provider rolls its certificate over, and the service provider configures the new one.",
        "Configure the identity provider's current certificate; to look at an old capture, judge it at its own time (--at).";
    CERTIFICATE_NOT_YET_VALID = "certificate-not-yet-valid", Weak, "signature",
        "The configured certificate was not valid yet at the judged moment.",
        "A receiver that looks at its dates refuses the login.",
        "Whoever configured the certificate too early, or a clock that is wrong.",
        "Check the judged moment (--at) and the certificate's dates.";
    KEYINFO_MISMATCH = "keyinfo-mismatch", Unusual, "signature",
        "The signature verifies with the configured certificate, yet KeyInfo carries another one; the platform may refuse this login.",
        "The certificate in the message is never trusted; the platform's page tells that it is not the right one.",
        "The identity provider, often in the middle of a rollover.",
        "Let the identity provider send the certificate of the key that it signs with, and configure the same.";
    KEYINFO_UNREADABLE = "keyinfo-unreadable", Unusual, "signature",
        "A certificate in KeyInfo cannot be read.",
        "It is not needed here, and cannot be compared with the configured one.",
        "The identity provider, or whoever changed the message.",
        "Let the identity provider send its certificate whole, or none.";
    KEYINFO_EXPIRED = "keyinfo-expired", Unusual, "signature",
        "The certificate in KeyInfo had expired at the judged moment.",
        "It is never trusted here; a receiver that looks at its dates may refuse the login.",
        "The identity provider, which still sends an old certificate.",
        "Let the identity provider renew its signing certificate.";
    KEYINFO_NOT_YET_VALID = "keyinfo-not-yet-valid", Unusual, "signature",
        "The certificate in KeyInfo was not valid yet at the judged moment.",
        "It is never trusted here; a receiver that looks at its dates may refuse the login.",
        "The identity provider, or a clock that is wrong.",
        "Check the judged moment (--at) and the certificate's dates.";
    RESPONSE_ONLY = "response-only", Unusual, "signature",
        "Only the Response is signed; the platform asks for a signed Assertion and recommends signing both.",
        "It is accepted here, because the Response's signature covers the assertion.",
        "The identity provider's signing settings.",
        "Sign the assertion, or both.";
    CERTIFICATE_TOO_LARGE = "certificate-too-large", Unusual, "signature",
        "The configured certificate is over 4 KB, the platform's limit for uploads.",
        "The platform does not take it.",
        "The identity provider, which made the certificate.",
        "Make a certificate with fewer names and extensions.";
}
