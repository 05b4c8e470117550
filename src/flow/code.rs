//! What may be found across the messages of a capture: codes as data, with their words.

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A service provider refuses a login for it, or shows that it has.
    Refused,
    /// The answer is not what was asked for.
    Departs,
    /// Worth knowing when something else is wrong.
    Remark,
}

impl Rank {
    /// The word in reports and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Departs => "departs",
            Self::Remark => "remark",
        }
    }
}

/// A kind of finding. It never decides a verdict: the checks judge each message by itself.
#[derive(Debug, PartialEq, Eq)]
pub struct FlowCode {
    /// Stable, kebab-case, beginning with `flow-`.
    pub id: &'static str,
    /// How much it matters.
    pub rank: Rank,
    /// The clause behind it.
    pub clause: &'static str,
    /// One sentence, without the values.
    pub says: &'static str,
    /// What usually causes it.
    pub cause: &'static str,
    /// What to do.
    pub fix: &'static str,
}

macro_rules! flow_codes {
    ($($name:ident = $id:literal, $rank:ident, $clause:literal, $says:literal, $cause:literal, $fix:literal;)*) => {
        $(
            #[doc = concat!("`", $id, "`")]
            pub static $name: FlowCode = FlowCode {
                id: $id, rank: Rank::$rank, clause: $clause, says: $says, cause: $cause, fix: $fix,
            };
        )*
        /// Every kind, the weightiest first: findings are told in this order.
        pub static ALL: &[&FlowCode] = &[$(&$name),*];
    };
}

flow_codes! {
    LOGIN_LOOP = "flow-login-loop", Refused, "saml-profiles-2.0 §4.1.3",
        "The login goes round in a loop: each response is answered with a redirect that leads to a new request",
        "The service provider accepts the response and loses the session at once: a cookie that is not kept (SameSite, another host), a page the user may not see, or a user who may not log in.",
        "Look at what the service provider's login history says of the first response, and whether its answer sets a cookie that the next request sends.";
    ANSWERED_ERROR = "flow-answered-error", Refused, "saml-profiles-2.0 §4.1.3",
        "The service provider answered the response with an HTTP error",
        "The address is wrong, the endpoint takes another binding, or the service provider refused the response.",
        "Compare the address with the login URL; look at the service provider's login history or log.";
    ERROR_PAGE = "flow-error-page", Refused, "saml-profiles-2.0 §4.1.3",
        "The service provider answered the response with a redirect to an error page",
        "The response was refused, or provisioning failed.",
        "Read the page's address: samlcheck explain 'URL' tells what an ErrorCode in it means.";
    REQUEST_UNKNOWN = "flow-request-unknown", Refused, "saml-profiles-2.0 §4.1.4.3",
        "InResponseTo names no request of this capture",
        "The capture began after the request, the response answers an old request (a bookmarked or reloaded login page), or the identity provider invented the value.",
        "Capture from the very beginning of a login; start it at the service provider.";
    POSTED_TWICE = "flow-posted-twice", Refused, "saml-profiles-2.0 §4.1.4.5",
        "The same response was delivered more than once",
        "A reload, a double click, the back button, or a script that submits the form a second time.",
        "Nothing, if the first delivery logged the user in: the later ones are refused as a replay. Otherwise look at the first one.";
    ASSERTION_TWICE = "flow-assertion-twice", Refused, "saml-core-2.0 §1.3.4; saml-profiles-2.0 §4.1.4.5",
        "Two messages carry an assertion of the same ID",
        "The identity provider sends a stored assertion again instead of making a new one.",
        "Have the identity provider issue a new assertion, with an ID of its own, for every response.";
    ANSWERED_TWICE = "flow-request-answered-twice", Refused, "saml-profiles-2.0 §4.1.4.3",
        "One request is answered by more than one response",
        "The identity provider's login page was submitted twice, or reloaded.",
        "Look at the first response: a service provider accepts one answer for each request.";
    ACS_URL = "flow-acs-url-differs", Refused, "saml-core-2.0 §3.4.1; saml-profiles-2.0 §4.1.4.1",
        "The response did not go where the request asked for it",
        "The identity provider sends to the address in its own configuration and ignores AssertionConsumerServiceURL, often after a change of domain or a sandbox refresh.",
        "Configure the requested address as an assertion consumer service at the identity provider, or load the service provider's current metadata there.";
    POSTED_ELSEWHERE = "flow-posted-elsewhere", Refused, "saml-bindings-2.0 §3.5.5.2; saml-profiles-2.0 §4.1.4.3",
        "The response was posted to another address than it names",
        "A form's action, Destination and Recipient come from different settings of the identity provider, or a proxy rewrites addresses.",
        "Make the three the login URL of the service provider.";
    IN_RESPONSE_TO_MISSING = "flow-in-response-to-missing", Departs, "saml-profiles-2.0 §4.1.4.2",
        "The response follows a request and does not name it",
        "The identity provider treats the login as one that it started itself.",
        "Have the identity provider write InResponseTo when it answers a request.";
    RELAY_STATE = "flow-relay-state-changed", Departs, "saml-bindings-2.0 §3.4.3, §3.5.3",
        "RelayState did not come back as it was sent",
        "The identity provider drops it, encodes it twice, cuts it at 80 bytes, or puts a default in its place.",
        "Have the identity provider return it unchanged: users end on the wrong page, or in a refused login.";
    PROTOCOL_BINDING = "flow-protocol-binding", Departs, "saml-core-2.0 §3.4.1",
        "The response came by another binding than was asked for",
        "The identity provider's setting for this service provider overrides the request.",
        "Have it answer by the requested binding; on this platform that is HTTP-POST.";
    AUTHN_CONTEXT = "flow-authn-context", Departs, "saml-core-2.0 §3.3.2.2.1",
        "The authentication context is none that was asked for",
        "The identity provider reports its own method, whatever was requested.",
        "Have the identity provider report the class it was asked for, or ask for the class that it reports.";
    NOT_FORCED = "flow-authn-not-forced", Departs, "saml-core-2.0 §3.4.1",
        "A fresh authentication was asked for, but the user had authenticated before",
        "The identity provider ignores ForceAuthn and uses an existing session, or its clock is behind.",
        "Have the identity provider honour ForceAuthn.";
    NAME_ID_FORMAT = "flow-name-id-format", Departs, "saml-core-2.0 §3.4.1.1",
        "The NameID is of another format than was asked for",
        "The identity provider's rule for the NameID overrides NameIDPolicy.",
        "Make the rule write the requested format, or ask for the one that is sent.";
    AUDIENCE = "flow-audience", Departs, "saml-core-2.0 §2.5.1.4; saml-profiles-2.0 §4.1.4.2",
        "The assertion is meant for another service provider than the one that asked",
        "The identity provider knows the service provider by another entity ID than the request's Issuer.",
        "Make the Issuer of requests, the Entity ID setting and the identity provider's Audience the same.";
    REQUEST_DESTINATION = "flow-request-destination", Departs, "saml-bindings-2.0 §3.4.5.2",
        "The request was sent to another address than its Destination",
        "The service provider's setting names an old address of the identity provider, or a proxy rewrites addresses.",
        "Correct the identity provider's login URL at the service provider.";
    LOGIN_RESTARTED = "flow-login-restarted", Remark, "saml-profiles-2.0 §4.1.3",
        "After the response the service provider sent a new request",
        "The session was not established, or another page of the service provider asked for a login of its own.",
        "Look at the service provider's login history for this response.";
    CONTEXT_ORDER = "flow-authn-context-order", Remark, "saml-core-2.0 §3.3.2.2.1",
        "The authentication context is another one than was named, and no standard tells which is the stronger",
        "The request compares by strength, and the order of classes is an agreement between the two sides.",
        "Agree on the classes, or ask for exact ones.";
    NOT_DELIVERED = "flow-not-delivered", Remark, "saml-bindings-2.0 §3.5.4",
        "The response is on its way in this capture and is never delivered",
        "The capture ended early, or the page's form was not submitted (scripts switched off, a blocked request).",
        "Capture until the service provider has answered.";
    UNANSWERED = "flow-request-unanswered", Remark, "saml-profiles-2.0 §4.1.3",
        "A request has no answer in this capture",
        "The user did not log in, the identity provider refused without a response, or the capture ended early.",
        "Capture until the identity provider has answered, and look at what its page says.";
}
