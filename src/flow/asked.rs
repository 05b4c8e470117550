//! What was asked for, held against what came: one function for each part of the request (saml-core-2.0 §3.4.1).

use jiff::SignedDuration;

use super::address::same_address;
use super::code::{
    ACS_URL, AUDIENCE, AUTHN_CONTEXT, CONTEXT_ORDER, NAME_ID_FORMAT, NOT_FORCED, PROTOCOL_BINDING,
    RELAY_STATE, REQUEST_DESTINATION,
};
use super::course::addresses;
use super::pairing::TOLD;
use super::{Entry, FlowFinding};
use crate::input::Sighting;
use crate::saml::{AuthnRequest, Comparison, Message};
use crate::time::before;

/// Any format will do (saml-core-2.0 §8.3.1), and what a NameID without a Format is of (§2.2.2).
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
/// Asks for an EncryptedID (saml-core-2.0 §3.4.1.1).
const ENCRYPTED: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted";
const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// How far the clocks of both sides may differ (platform §3.1).
const SKEW: SignedDuration = SignedDuration::from_secs(180);

struct Both<'b, 'c> {
    asking: &'b Entry<'c>,
    request: &'b AuthnRequest,
    answering: &'b Entry<'c>,
    message: &'b Message,
}

pub(super) fn findings(
    (asking, request): (&Entry<'_>, &AuthnRequest),
    (answering, message): (&Entry<'_>, &Message),
) -> Vec<FlowFinding> {
    let both = Both { asking, request, answering, message };
    let parts = [
        both.destination(),
        both.address(),
        both.binding(),
        both.relay_state(),
        both.context(),
        both.forced(),
        both.name_id(),
        both.audience(),
    ];
    parts.into_iter().flatten().collect()
}

impl Both<'_, '_> {
    fn of_request(&self, what: &str) -> String {
        format!("{what} of the request, {}", self.asking.station().name)
    }

    fn of_response(&self, what: &str) -> String {
        format!("{what}, {}", self.answering.station().name)
    }

    fn destination(&self) -> Option<FlowFinding> {
        let destination = self.request.destination.as_deref().filter(|text| !text.is_empty())?;
        let sent = self.asking.sighting()?;
        let sent_to = sent.exchange.sent_to.as_deref()?;
        let is_same =
            same_address(sent_to, destination) || is_without_own_query(sent_to, destination);
        (!is_same).then(|| {
            REQUEST_DESTINATION
                .finding()
                .expected(destination, self.of_request("Destination"))
                .found(sent_to, format!("sent to, {}", self.asking.named(Some(sent))))
        })
    }

    fn address(&self) -> Option<FlowFinding> {
        let asked = self.request.assertion_consumer_service_url.as_deref()?;
        let differing: Vec<_> = addresses(self.answering, self.message)
            .into_iter()
            .filter(|side| !same_address(&side.text, asked))
            .collect();
        if differing.is_empty() {
            return None;
        }
        let seen = self.of_request("AssertionConsumerServiceURL");
        let finding = ACS_URL.finding().expected(asked, seen);
        Some(
            differing
                .into_iter()
                .fold(finding, |finding, side| finding.found(side.text, side.seen)),
        )
    }

    fn binding(&self) -> Option<FlowFinding> {
        let asked = self.request.protocol_binding.as_deref()?;
        let sighting = self.answering.deliveries().next()?;
        let came = match sighting.exchange.method.as_deref()? {
            "POST" => HTTP_POST,
            "GET" => HTTP_REDIRECT,
            _ => return None,
        };
        (came != asked).then(|| {
            PROTOCOL_BINDING
                .finding()
                .expected(asked, self.of_request("ProtocolBinding"))
                .found(came, format!("as it was sent, {}", self.answering.named(Some(sighting))))
        })
    }

    /// Exactly as it was sent, and none when none was sent. Only where the parameters were seen as they stood is it known that there was
    /// none: exports with masked parameters keep the message alone.
    fn relay_state(&self) -> Option<FlowFinding> {
        let with_parameters =
            |sighting: &&Sighting| sighting.raw_query.is_some() || sighting.relay_state.is_some();
        let sent = self.asking.sighting().filter(with_parameters)?;
        let came = self.answering.sighting().filter(with_parameters)?;
        // An empty value is as good as none: both lead nowhere.
        let text =
            |sighting: &Sighting| sighting.relay_state.clone().filter(|text| !text.is_empty());
        let (sent, came) = (text(sent), text(came));
        if sent == came {
            return None;
        }
        let mut finding = RELAY_STATE.finding();
        if let Some(sent) = sent {
            finding = finding.expected(sent, self.of_request("RelayState"));
        }
        if let Some(came) = came {
            finding = finding.found(came, self.of_response("RelayState"));
        }
        Some(finding)
    }

    fn context(&self) -> Option<FlowFinding> {
        let asked = self.request.requested_authn_context.as_ref()?;
        let statement = self.message.assertion()?.authn_statements.first()?;
        let came = statement.authn_context_class_ref.as_ref()?.text.as_str();
        let is_named = asked.class_refs.iter().any(|class| class == came);
        if asked.class_refs.is_empty() {
            return None;
        }
        let code = match (asked.comparison, is_named) {
            (Comparison::Exact | Comparison::Minimum | Comparison::Maximum, true) => return None,
            // One that was named cannot be stronger than all that were named.
            (Comparison::Exact, false) | (Comparison::Better, true) => &AUTHN_CONTEXT,
            (Comparison::Minimum | Comparison::Maximum | Comparison::Better, false) => {
                &CONTEXT_ORDER
            }
        };
        let seen = format!("AuthnContextClassRef, Comparison {}", asked.comparison.name());
        let seen = self.of_request(&seen);
        let classes = asked.class_refs.iter().take(TOLD);
        let finding = classes
            .fold(code.finding(), |finding, class| finding.expected(class.as_str(), seen.as_str()));
        Some(finding.found(came, self.of_response("AuthnContextClassRef")))
    }

    fn forced(&self) -> Option<FlowFinding> {
        if !self.request.force_authn {
            return None;
        }
        let asked = self.request.issue_instant.as_ref()?;
        let statement = self.message.assertion()?.authn_statements.first()?;
        let came = statement.authn_instant.as_ref()?;
        let (asked_at, came_at) = (asked.parsed.as_ref().ok()?, came.parsed.as_ref().ok()?);
        (came_at.instant < before(asked_at.instant, SKEW)).then(|| {
            NOT_FORCED
                .finding()
                .expected(asked.text.as_str(), self.of_request("ForceAuthn; IssueInstant"))
                .found(came.text.as_str(), self.of_response("AuthnInstant"))
        })
    }

    fn name_id(&self) -> Option<FlowFinding> {
        let asked = self.request.name_id_policy.as_ref()?.format.as_deref()?;
        let name_id = self.message.assertion()?.name_id()?;
        let came = name_id.format.as_deref().unwrap_or(UNSPECIFIED);
        // What was encrypted has been decrypted here, or could not be read.
        let is_any = asked == UNSPECIFIED || asked == ENCRYPTED;
        (!is_any && came != asked).then(|| {
            NAME_ID_FORMAT
                .finding()
                .expected(asked, self.of_request("Format in NameIDPolicy"))
                .found(came, self.of_response("Format of the NameID"))
        })
    }

    fn audience(&self) -> Option<FlowFinding> {
        let asked = self.request.issuer.as_ref()?.text.as_str();
        let audiences: Vec<_> = self.message.assertion()?.audiences().collect();
        if audiences.is_empty() || audiences.iter().any(|audience| audience.text == asked) {
            return None;
        }
        let finding = AUDIENCE.finding().expected(asked, self.of_request("Issuer"));
        Some(audiences.iter().take(TOLD).fold(finding, |finding, audience| {
            finding.found(audience.text.as_str(), self.of_response("Audience"))
        }))
    }
}

/// Whether an address is the same but for a query that the sender added to it.
fn is_without_own_query(sent_to: &str, named: &str) -> bool {
    !named.contains('?')
        && sent_to.split_once('?').is_some_and(|(base, _)| same_address(base, named))
}
