//! Samples that are captures of a whole login.

use super::{PROD, Sample};
use crate::support::encode::{base64, form_body, redirect_url};
use crate::support::har::{Exchange, auto_submit, har};
use crate::support::response::{LOGIN_URL, REQUEST_ID, Response, authn_request};

/// Where the identity provider takes requests.
const IDP: &str = "https://idp.example.com/sso/redirect";
/// The login URL as a browser writes it.
const POSTED: &str = "https://acme.my.salesforce.com/?so=00D000000000001";
/// An address that the identity provider still has from before the org got a domain of its own.
const OLD_URL: &str = "https://login.salesforce.com?so=00D000000000001";

pub(super) fn samples() -> Vec<Sample> {
    vec![whole_login(), not_what_was_asked(), clock_measured(), another_request()]
}

fn exchange<'e>(started: &'e str, method: &'e str, url: &str) -> Exchange<'e> {
    Exchange {
        started,
        method,
        url: url.to_owned(),
        body: None,
        status: 200,
        location: None,
        date: started.split('.').next().unwrap(),
        page: None,
    }
}

fn whole_login() -> Sample {
    let (page, xml) = ("/lightning/page/home", Response::usual().xml());
    let to_idp = redirect_url(IDP, "SAMLRequest", &authn_request(), Some(page));
    let form = auto_submit(LOGIN_URL, "SAMLResponse", &base64(&xml), page);
    let exchanges = [
        Exchange {
            status: 302,
            location: Some(&to_idp),
            ..exchange("09:59:58.020", "GET", "https://acme.my.salesforce.com/")
        },
        exchange("09:59:58.310", "GET", &to_idp),
        Exchange {
            body: Some("username=zmueller&password=secret".to_owned()),
            page: Some(form),
            ..exchange("10:00:00.140", "POST", "https://idp.example.com/sso/login")
        },
        Exchange {
            body: Some(form_body("SAMLResponse", &xml, Some(page))),
            status: 302,
            location: Some(page),
            ..exchange("10:00:00.890", "POST", POSTED)
        },
        exchange("10:00:01.200", "GET", "https://acme.my.salesforce.com/lightning/page/home"),
    ];
    Sample {
        name: "60-whole-login",
        title: "A whole login, from the request to the page behind it",
        what: "A browser's HAR holds the request, the identity provider's form, and the delivery with the answer of the\n\
               service provider. The response is what the request asked for. Without `--at` it is judged at the moment\n\
               at which the browser sent it.",
        who: "nobody, nothing is wrong.",
        message: ("login.har", har(&exchanges)),
        at: "2026-01-15T10:00:00.89Z",
        exit: 0,
        ..Sample::usual()
    }
}

fn not_what_was_asked() -> Sample {
    let mut response = Response::usual();
    response.destination = Some(OLD_URL.to_owned());
    response.assertion().confirmation().recipient = Some(OLD_URL.to_owned());
    let xml = response.xml();
    let to_idp = redirect_url(IDP, "SAMLRequest", &authn_request(), Some("/lightning/page/home"));
    let delivered = |started, date| Exchange {
        body: Some(form_body("SAMLResponse", &xml, Some("/lightning/page"))),
        status: 302,
        location: Some("/saml/saml-error.jsp"),
        date,
        ..exchange(started, "POST", "https://login.salesforce.com/?so=00D000000000001")
    };
    let form = auto_submit(OLD_URL, "SAMLResponse", &base64(&xml), "/lightning/page");
    let exchanges = [
        exchange("09:59:58.310", "GET", &to_idp),
        Exchange {
            page: Some(form),
            ..exchange("10:00:00.140", "POST", "https://idp.example.com/sso/login")
        },
        // The browser's clock is right, the service provider's is not.
        delivered("10:00:00.890", "10:00:42"),
        delivered("10:00:02.450", "10:00:43"),
    ];
    Sample {
        name: "61-not-what-was-asked-for",
        title: "The response is not what the request asked for",
        what: "The identity provider sends to the address it was once configured with, cuts the end off RelayState, and its\n\
               form was submitted twice. The service provider's clock is 41 seconds ahead of the browser's.",
        who: "the administrator of the identity provider.",
        message: ("login.har", har(&exchanges)),
        config: PROD.to_owned(),
        at: "2026-01-15T10:00:00.89Z",
        ..Sample::usual()
    }
}

fn clock_measured() -> Sample {
    let xml = Response::usual().xml();
    let to_idp = redirect_url(IDP, "SAMLRequest", &authn_request(), None);
    let form = auto_submit(LOGIN_URL, "SAMLResponse", &base64(&xml), "");
    let exchanges = [
        Exchange { date: "10:00:00", ..exchange("10:19:58.310", "GET", &to_idp) },
        Exchange {
            date: "10:00:00",
            page: Some(form),
            ..exchange("10:20:00.140", "POST", "https://idp.example.com/sso/login")
        },
        Exchange {
            body: Some(form_body("SAMLResponse", &xml, None)),
            status: 302,
            location: Some("/saml/saml-error.jsp"),
            ..exchange("10:20:00.890", "POST", POSTED)
        },
    ];
    Sample {
        name: "62-idp-clock-measured",
        title: "The identity provider's clock is 20 minutes behind, and the capture measures it",
        what: "The `Date` of the identity provider's answers is 20 minutes behind the browser's clock and that of the service\n\
               provider, so its messages have expired when they arrive.",
        who: "the administrator of the identity provider: set the clock.",
        message: ("login.har", har(&exchanges)),
        config: PROD.to_owned(),
        at: "2026-01-15T10:20:00.89Z",
        ..Sample::usual()
    }
}

fn another_request() -> Sample {
    let (page, xml) = ("/lightning/page/home", Response::usual().xml());
    let request = authn_request().replace(REQUEST_ID, "_2CAAAAZuLatestRequestOfASecondTab");
    let to_idp = redirect_url(IDP, "SAMLRequest", &request, Some(page));
    let form = auto_submit(LOGIN_URL, "SAMLResponse", &base64(&xml), page);
    let exchanges = [
        exchange("09:59:58.310", "GET", &to_idp),
        Exchange {
            page: Some(form),
            ..exchange("10:00:00.140", "POST", "https://idp.example.com/sso/login")
        },
        Exchange {
            body: Some(form_body("SAMLResponse", &xml, Some(page))),
            status: 302,
            location: Some("/saml/saml-error.jsp"),
            ..exchange("10:00:00.890", "POST", POSTED)
        },
    ];
    Sample {
        name: "63-answers-another-request",
        title: "The response answers another request than the one in the capture",
        what: "The login page was open in two tabs. The response names the request of the first in InResponseTo, and the\n\
               browser delivers it to the login of the second. Every check passes; the platform refuses it.",
        who: "the user: start again from the login page, in one window.",
        message: ("login.har", har(&exchanges)),
        at: "2026-01-15T10:00:00.89Z",
        exit: 0,
        ..Sample::usual()
    }
}
