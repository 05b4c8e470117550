//! Samples that fail one item of the checklist each, in the checklist's order.

use super::{
    PROD, SITE, SITE_LOGIN_URL, Sample, USERS, body, raw, response, sent_to_site, url,
    with_attributes, wrapped,
};
use crate::support::assertion::Issuer;
use crate::support::encode::{base64, base64_url_safe, percent};
use crate::support::keys::{self, Key};
use crate::support::response::{ISSUER, LOGIN_URL, Status};
use crate::support::signature::{KeyInfo, Signing};
use crate::support::uri;
use crate::support::xml::{pretty_print, replace_once};

pub(super) fn samples() -> Vec<Sample> {
    let content = [
        status(),
        authn_statement(),
        conditions(),
        timestamps(),
        attribute(),
        format(),
        issuer(),
        subject_confirmation(),
        audience(),
        recipient(),
    ];
    let signature = [altered(), unsigned(), rolled_over(), certificate_expired(), pretty_printed()];
    let platform = [site_url(), portal_organization(), session_level(), subject()];
    content.into_iter().chain(signature).chain(platform).collect()
}

fn status() -> Sample {
    let xml = response(|response| {
        let message = "Password & one-time code did not match";
        response.status = Some(Status {
            message: Some(message.to_owned()),
            ..Status::new(&[uri::RESPONDER, uri::AUTHN_FAILED])
        });
    });
    Sample {
        name: "05-status-not-success",
        title: "The status is not Success",
        what: "The identity provider says in the second-level status code and the message why it refused. (A real\n\
               one would send no assertion along with it: see 25-refused-by-the-idp.)",
        who: "the identity provider; its own log has the details.",
        message: wrapped(&xml),
        ..Sample::usual()
    }
}

fn authn_statement() -> Sample {
    Sample {
        name: "06-no-authn-statement",
        title: "There is no AuthnStatement",
        what: "The assertion carries attributes but does not say that, how and when the user logged in.",
        who: "the identity provider: let it issue an authentication statement, not only attributes.",
        message: raw(&response(|response| response.assertion().authn_statement = None)),
        ..Sample::usual()
    }
}

fn conditions() -> Sample {
    Sample {
        name: "07-no-conditions",
        title: "There are no Conditions",
        what: "Without Conditions there is no validity period and no audience either, so the items that look for\n\
               those fail as well.",
        who: "the identity provider: let it write Conditions with NotBefore, NotOnOrAfter and the\n\
              audience.",
        message: wrapped(&response(|response| response.assertion().conditions = None)),
        ..Sample::usual()
    }
}

fn timestamps() -> Sample {
    let xml = response(|response| {
        let ahead = |time: &str| Some(format!("2026-01-15T{time}Z"));
        response.issue_instant = ahead("10:08:00");
        let assertion = response.assertion();
        assertion.issue_instant = ahead("10:08:00");
        assertion.confirmation().not_on_or_after = ahead("10:13:00");
        assertion.conditions().not_before = ahead("10:07:30");
        assertion.conditions().not_on_or_after = ahead("10:13:00");
        let statement = assertion.authn_statement.as_mut().unwrap();
        statement.authn_instant = ahead("10:06:12");
        statement.session_not_on_or_after = ahead("18:08:00");
    });
    Sample {
        name: "08-idp-clock-fast",
        title: "The identity provider's clock is eight minutes fast",
        what: "Every time in the message lies ahead: it was issued seven minutes from now, and three are forgiven.",
        who: "the identity provider: synchronise its clock (NTP).",
        message: wrapped(&xml),
        ..Sample::usual()
    }
}

fn attribute() -> Sample {
    Sample {
        name: "09-identity-attribute-misspelt",
        title: "The attribute with the identity has another name",
        what: "The configuration looks for the user in the attribute `federationId`; the identity provider calls it\n\
               `FederationID`. Attribute names are case-sensitive.",
        who: "either side: rename the claim at the identity provider, or the attribute in the\n\
              configuration.",
        message: wrapped(&with_attributes(&[("FederationID", "zmueller@example.com")]).xml()),
        config: format!(
            "{PROD}identity_location = \"attribute\"\nattribute_name = \"federationId\"\n"
        ),
        ..Sample::usual()
    }
}

fn format() -> Sample {
    let xml = response(|response| {
        let issuer = Issuer { format: Some(uri::UNSPECIFIED.to_owned()), ..Issuer::new(ISSUER) };
        response.assertion().issuer = Some(issuer);
    });
    Sample {
        name: "10-issuer-format",
        title: "The Issuer has a Format that an Issuer cannot have",
        what: "An Issuer is an entity; its Format is absent or `…:nameid-format:entity`. Here it is the one of\n\
               a name identifier. (The file is URL-safe base64 without padding.)",
        who: "the identity provider: leave the Format of the Issuer out.",
        message: ("response.txt", format!("{}\n", base64_url_safe(xml))),
        ..Sample::usual()
    }
}

fn issuer() -> Sample {
    let xml = response(|response| {
        let issuer = Issuer::new("http://idp.example.com/metadata");
        response.issuer = Some(issuer.clone());
        response.assertion().issuer = Some(issuer);
    });
    Sample {
        name: "11-issuer-http-not-https",
        title: "The Issuer begins with http, the configured one with https",
        what: "An entity ID is a name, compared character for character, even when it looks like an address.",
        who: "the service provider: copy the entity ID from the identity provider's metadata.",
        message: raw(&xml),
        ..Sample::usual()
    }
}

fn subject_confirmation() -> Sample {
    let xml = response(|response| {
        let assertion = response.assertion();
        assertion.confirmation().not_on_or_after = Some("2026-01-15T10:01:00Z".to_owned());
        assertion.conditions().not_on_or_after = Some("2026-01-15T11:00:00Z".to_owned());
    });
    Sample {
        name: "12-subject-confirmation-expired",
        title: "The subject confirmation was valid for one minute only",
        what: "The assertion itself is good for an hour, but its bearer had to deliver it within a minute. It\n\
               came after five, and three are forgiven.",
        who: "the identity provider: give SubjectConfirmationData the same lifetime as\n\
              the assertion.",
        message: wrapped(&xml),
        at: "2026-01-15T10:05:00Z",
        ..Sample::usual()
    }
}

fn audience() -> Sample {
    let xml = response(|response| {
        let audience = "https://acme.my.salesforce.com/".to_owned();
        response.assertion().conditions().audience_restrictions = vec![vec![audience]];
    });
    Sample {
        name: "13-audience-trailing-slash",
        title: "The Audience ends with a slash too many",
        what: "The entity ID of the service provider has no trailing slash, and it is compared character for\n\
               character.",
        who: "the identity provider: copy the Entity ID from the service provider's settings.",
        message: body(&xml),
        ..Sample::usual()
    }
}

fn recipient() -> Sample {
    let xml = response(|response| {
        let old = "https://acme.my.salesforce.com?so=00D000000000009".to_owned();
        response.destination = Some(old.clone());
        response.assertion().confirmation().recipient = Some(old);
    });
    Sample {
        name: "14-recipient-of-another-org",
        title: "The Recipient names another organization",
        what: "The organization ID behind `so=` is not the configured one, as after the refresh of a sandbox.",
        who: "the identity provider: copy the Login URL from the service provider's settings again.",
        message: url(&xml),
        ..Sample::usual()
    }
}

fn altered() -> Sample {
    Sample {
        name: "15-altered-after-signing",
        title: "The content was changed after it was signed",
        what: "Somebody replaced the group `EMEA` by `APAC`. The certificate is the right one, but the content\n\
               does not have the digest that was signed.",
        who: "whoever changed it: send and paste the message exactly as it was issued.",
        message: raw(&replace_once(&response(|_| {}), ">EMEA<", ">APAC<")),
        ..Sample::usual()
    }
}

fn unsigned() -> Sample {
    Sample {
        name: "16-unsigned",
        title: "Nothing is signed",
        what: "Neither the response nor the assertion carries a signature: anybody could have written it.",
        who: "the identity provider: switch on \"sign assertions\".",
        message: wrapped(&response(|response| response.assertion().signing = None)),
        ..Sample::usual()
    }
}

fn rolled_over() -> Sample {
    let signing = Signing::with(Key::Successor);
    Sample {
        name: "17-certificate-rolled-over",
        title: "The identity provider has a new certificate",
        what: "It signs with the key of a new certificate of the same name, which it shows in KeyInfo. The\n\
               configuration still has the old one. The content is intact.",
        who: "the service provider: ask the identity provider's operator to confirm the fingerprint\n\
              of the new certificate, then upload it.",
        message: wrapped(&response(|response| response.assertion().signing = Some(signing))),
        ..Sample::usual()
    }
}

fn certificate_expired() -> Sample {
    let key_info = KeyInfo::Certificate(keys::expired());
    let signing = Signing { key_info, ..Signing::with(Key::Idp) };
    Sample {
        name: "18-certificate-expired",
        title: "The configured certificate has expired",
        what: "The signature is good and the certificate is the configured one, but it ran out two weeks ago.",
        who: "the identity provider issues a new certificate, the service provider uploads it.",
        message: wrapped(&response(|response| response.assertion().signing = Some(signing))),
        certificate: keys::expired(),
        ..Sample::usual()
    }
}

fn pretty_printed() -> Sample {
    Sample {
        name: "19-pretty-printed",
        title: "The message was indented after it was signed",
        what: "A browser plug-in or an editor put every element on a line of its own. White space counts in a\n\
               signature, so the digest does not match, although the login itself may have worked.",
        who: "whoever captured it: paste the base64 text of the SAMLResponse parameter.",
        message: ("response.xml", pretty_print(&response(|_| {}))),
        ..Sample::usual()
    }
}

fn site_url() -> Sample {
    let site = ("siteurl", "https://acme.my.site.com/customer");
    Sample {
        name: "20-site-url-unknown",
        title: "The site address is not one of the org's sites",
        what: "The attribute `siteurl` says `…/customer`; the site is `…/customers`.",
        who: "the identity provider: send the address of an active site.",
        message: wrapped(&sent_to_site(with_attributes(&[site])).xml()),
        config: replace_once(PROD, LOGIN_URL, SITE_LOGIN_URL) + SITE,
        ..Sample::usual()
    }
}

fn portal_organization() -> Sample {
    Sample {
        name: "21-portal-id-without-organization-id",
        title: "There is a portal_id but no organization_id",
        what: "A login to a portal needs both; any other login needs neither.",
        who: "the identity provider: add the attribute `organization_id` to the claim rule that\n\
              sends `portal_id`.",
        message: body(&with_attributes(&[("portal_id", "060D00000000001")]).xml()),
        config: format!(
            "{PROD}organization_id = \"00D000000000001\"\nportal_id = \"060D00000000001\"\n"
        ),
        ..Sample::usual()
    }
}

fn session_level() -> Sample {
    let xml = with_attributes(&[("SessionLevel", "HIGH")]).xml();
    Sample {
        name: "22-session-level-unknown",
        title: "The session level is a word the platform does not know",
        what: "`SessionLevel` is `STANDARD` or `HIGH_ASSURANCE`; the identity provider sends `HIGH`. (The file is\n\
               percent-encoded base64.)",
        who: "the identity provider: send one of the two values, or none.",
        message: ("response.txt", format!("{}\n", percent(&base64(xml)))),
        ..Sample::usual()
    }
}

fn subject() -> Sample {
    Sample {
        name: "23-subject-unmapped",
        title: "Every item is Ok, and yet nobody is logged in",
        what: "The Federation ID of the user is `ZMueller@example.com`, the subject `zmueller@example.com`.\n\
               Federation IDs are case-sensitive.",
        who: "the service provider: correct the Federation ID of the user, or make Federation IDs\n\
              case-insensitive.",
        message: wrapped(&response(|_| {})),
        config: format!("{PROD}users = \"users.csv\"\n"),
        users: Some(replace_once(USERS, "zmueller@example.com", "ZMueller@example.com")),
        ..Sample::usual()
    }
}
