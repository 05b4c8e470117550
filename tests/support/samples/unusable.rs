//! Samples where it is the capture, the message or the configuration that cannot be used.

use super::{PROD, Sample, body, response, wrapped};
use crate::support::encode::redirect_url;
use crate::support::keys::Key;
use crate::support::response::{Status, authn_request};
use crate::support::signature::Signing;
use crate::support::uri;
use crate::support::xml::replace_once;

pub(super) fn samples() -> Vec<Sample> {
    vec![judged_too_late(), refused(), request(), ambiguous()]
}

fn judged_too_late() -> Sample {
    Sample {
        name: "24-judged-too-late",
        title: "A good response, judged an hour and a half later",
        what: "The login worked. Whoever pasted the message afterwards sees every time limit exceeded. Judge it\n\
               at its own time, with `--at issued`, and it is accepted.",
        who: "nobody; choose the moment to judge at.",
        message: wrapped(&response(|_| {})),
        at: "2026-01-15T11:30:00Z",
        ..Sample::usual()
    }
}

fn refused() -> Sample {
    let xml = response(|response| {
        let message = "The user is not assigned to the application \"Acme CRM\"";
        response.status = Some(Status {
            message: Some(message.to_owned()),
            ..Status::new(&[uri::RESPONDER, uri::REQUEST_DENIED])
        });
        response.assertion = None;
        response.signing = Some(Signing::with(Key::Idp));
    });
    Sample {
        name: "25-refused-by-the-idp",
        title: "The identity provider refused, so there is no assertion",
        what: "The status says why. The items after it have nothing to look at.",
        who: "the identity provider: assign the user to the application.",
        message: body(&xml),
        ..Sample::usual()
    }
}

fn request() -> Sample {
    let endpoint = "https://idp.example.com/sso/redirect";
    let address = redirect_url(endpoint, "SAMLRequest", &authn_request(), Some("/home"));
    Sample {
        name: "26-request-not-response",
        title: "The capture is the request, not the response",
        what: "It is the AuthnRequest that the browser took to the identity provider. Nothing was validated.",
        who: "whoever captured it: take the POST that follows, to the service provider's login URL;\n\
              its form field is SAMLResponse.",
        message: ("request.url", format!("{address}\n")),
        exit: 3,
        ..Sample::usual()
    }
}

fn ambiguous() -> Sample {
    let copy = replace_once(PROD, "acme-prod", "acme-prod-copy");
    Sample {
        name: "27-ambiguous-configuration",
        title: "Two configurations fit equally well",
        what: "Issuer, audience and login URL are the same in both, so that auto-detection cannot choose.",
        who: "the service provider: remove one of them, or choose with `--sp acme-prod`.",
        message: wrapped(&response(|_| {})),
        config: format!("{PROD}\n{}", replace_once(&copy, "federation-id", "username")),
        exit: 4,
        ..Sample::usual()
    }
}
