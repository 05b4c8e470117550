//! Samples for causes that the checklist alone does not show: each has a diagnosis that names one.

use super::{PROD, SANDBOX, Sample, USERS, body, raw, response, wrapped};
use crate::support::assertion::Attribute;
use crate::support::keys::Key;
use crate::support::response::{ENTITY_ID, ISSUER, LOGIN_URL, Status};
use crate::support::signature::Signing;
use crate::support::uri;
use crate::support::xml::replace_once;

/// The user is taken from an attribute.
const ATTRIBUTE: &str = "identity_location = \"attribute\"\nattribute_name = \"emailaddress\"\n";

/// A file of seen assertions, which knows that of the usual response.
const SEEN: &str = "\
{\"format\":\"samlcheck-seen\",\"version\":1}
{\"id\":\"_a7f03c1e95d84b62b0c4e8d15f7a29360bd14e8c\",\"issuer\":\"https://idp.example.com/metadata\",\
\"origin\":\"morning.har: entry 39\",\"judged_at\":\"2026-01-15T10:00:02Z\",\
\"recorded_at\":\"2026-01-15T10:00:41Z\"}
";

pub(super) fn samples() -> Vec<Sample> {
    vec![
        another_environment(),
        swapped(),
        unknown_signer(),
        clock_behind(),
        claim_uri(),
        identity_elsewhere(),
        identity_type(),
        provisioning_of_an_employee(),
        provisioning_of_a_contact(),
        seen_before(),
        refused_by_a_product(),
        misdirected_signature(),
        transient(),
        two_requests(),
        groups_left_out(),
        ampersand_unescaped(),
        cut_off(),
    ]
}

fn another_environment() -> Sample {
    let sandbox = "https://acme--uat.sandbox.my.salesforce.com";
    let login = format!("{sandbox}?so=00D000000000002");
    let xml = response(|response| {
        response.destination = Some(login.clone());
        response.assertion().confirmation().recipient = Some(login.clone());
        response.assertion().conditions().audience_restrictions = vec![vec![sandbox.to_owned()]];
    });
    Sample {
        name: "41-another-environment",
        title: "The message of the sandbox is judged by the settings of production",
        what: "Audience and Recipient are those of the sandbox; production was chosen by name.",
        who: "whoever chose the configuration, or made the application at the identity provider.",
        message: wrapped(&xml),
        config: format!("{PROD}{SANDBOX}"),
        service_provider: Some("acme-prod"),
        ..Sample::usual()
    }
}

fn swapped() -> Sample {
    let xml = response(|response| {
        response.assertion().conditions().audience_restrictions = vec![vec![LOGIN_URL.to_owned()]];
        response.assertion().confirmation().recipient = Some(ENTITY_ID.to_owned());
    });
    Sample {
        name: "42-swapped-fields",
        title: "Entity ID and login URL were swapped at the identity provider",
        what: "The Audience is the login URL, and the Recipient is the Entity ID.",
        who: "the identity provider: swap the two fields back.",
        message: body(&xml),
        ..Sample::usual()
    }
}

fn unknown_signer() -> Sample {
    Sample {
        name: "43-unknown-signer",
        title: "Signed with a certificate that nobody configured",
        what: "The content is intact; the certificate in KeyInfo is unlike the configured one in every respect.",
        who: "the service provider, after comparing the fingerprint with the identity provider's metadata.",
        message: wrapped(&response(|response| {
            response.assertion().signing = Some(Signing::with(Key::Other));
        })),
        ..Sample::usual()
    }
}

fn clock_behind() -> Sample {
    Sample {
        name: "44-idp-clock-behind",
        title: "The identity provider's clock is behind",
        what: "The message was judged when it arrived, and had expired a quarter of an hour before.",
        who: "the identity provider: set its clock.",
        message: wrapped(&response(|_| {})),
        at: "2026-01-15T10:20:00Z",
        ..Sample::usual()
    }
}

fn claim_uri() -> Sample {
    let name = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    Sample {
        name: "45-claim-name-as-uri",
        title: "The attribute comes under the URI of the claim",
        what: "The settings ask for emailaddress; Entra ID and AD FS send claims under a URI.",
        who: "either side: use the same name on both.",
        message: body(&response(|response| {
            response.assertion().attributes =
                vec![Attribute::new(name, &["zoe.mueller@acme.example"])];
        })),
        config: format!("{PROD}{ATTRIBUTE}"),
        ..Sample::usual()
    }
}

fn identity_elsewhere() -> Sample {
    Sample {
        name: "46-identity-elsewhere",
        title: "The user is named in another place than the settings say",
        what: "The settings take the user from an attribute that does not come; the NameID names the user.",
        who: "the service provider: change the identity location; or the identity provider: send the attribute.",
        message: body(&response(|_| {})),
        config: format!("{PROD}{ATTRIBUTE}"),
        ..Sample::usual()
    }
}

fn identity_type() -> Sample {
    Sample {
        name: "47-username-as-federation-id",
        title: "The identity provider sends the Username where a Federation ID is expected",
        what: "The value is in the Username column of a user, and the identity type is Federation ID.",
        who: "the service provider: change the identity type or fill in the Federation ID.",
        message: body(&response(|response| {
            "zoe.mueller@acme.example".clone_into(&mut response.assertion().name_id().value);
        })),
        config: format!("{PROD}users = \"users.csv\"\n"),
        users: Some(USERS.to_owned()),
        ..Sample::usual()
    }
}

/// Just-in-time provisioning is switched on.
const PROVISIONING: &str = "provisioning = \"standard\"\n";

fn sent(attributes: &[(&str, &str)]) -> String {
    response(|response| response.assertion().attributes = Attribute::all(attributes))
}

fn provisioning_of_an_employee() -> Sample {
    Sample {
        name: "48-provisioning-without-prefix",
        title: "Just-in-time provisioning does not find the last name",
        what: "Every check passes, and the login ends at the error page with code 5: the attribute is named LastName instead of User.LastName.\n\
               A field that does not exist would be the next error, code 9.",
        who: "the identity provider: name the attributes as provisioning reads them.",
        message: body(&sent(&[
            ("User.Username", "zmueller@acme.example"),
            ("User.Email", "zoe.mueller@acme.example"),
            ("LastName", "M\u{fc}ller"),
            ("User.ProfileId", "Standard User"),
            ("User.EmailAddress", "zoe.mueller@acme.example"),
        ])),
        config: format!("{PROD}{PROVISIONING}"),
        exit: 0,
        ..Sample::usual()
    }
}

fn provisioning_of_a_contact() -> Sample {
    Sample {
        name: "49-provisioning-half-an-account",
        title: "Just-in-time provisioning of a customer stops at half of the account",
        what: "A user of an Experience Cloud site is sent with a number of the account and without its name, and with a role of the\n\
               organization, which no customer has. Every check passes.",
        who: "the identity provider: send Account.Name too, and no role.",
        message: body(&sent(&[
            ("User.Username", "zmueller@acme.example"),
            ("User.Email", "zoe.mueller@acme.example"),
            ("User.LastName", "M\u{fc}ller"),
            ("User.ProfileId", "Customer Community User"),
            ("User.UserRoleId", "CustomerService"),
            ("Contact.Email", "zoe.mueller@acme.example"),
            ("Contact.LastName", "M\u{fc}ller"),
            ("Account.AccountNumber", "A-17"),
        ])),
        config: format!("{PROD}{PROVISIONING}"),
        exit: 0,
        ..Sample::usual()
    }
}

fn seen_before() -> Sample {
    Sample {
        name: "50-assertion-seen-before",
        title: "The assertion was judged before",
        what: "Every check passes, and the platform refuses the login as a replay: the file of seen assertions has the ID of this one.",
        who: "the user: start again from the login page; or the identity provider, when it sends one assertion twice.",
        message: body(&response(|_| {})),
        seen: Some(SEEN),
        exit: 0,
        ..Sample::usual()
    }
}

fn refused_by_a_product() -> Sample {
    let issuer = "https://sts.windows.net/5f1c3a52-6f0e-4f0c-9d1b-2c9a7d1e4b60/";
    let xml = response(|response| {
        let message = "AADSTS50105: The user is not assigned to a role for it.";
        response.status =
            Some(Status { message: Some(message.to_owned()), ..Status::new(&[uri::RESPONDER]) });
        issuer.clone_into(&mut response.issuer.as_mut().unwrap().value);
        response.assertion = None;
    });
    Sample {
        name: "51-refused-by-entra-id",
        title: "Microsoft Entra ID refuses a user who is not assigned",
        what: "The StatusMessage carries the number of the error. Issuer and message tell which product it is,\n\
               so the diagnosis says where to look in its console.",
        who: "the identity provider: assign the user to the application.",
        message: body(&xml),
        config: PROD.replace(ISSUER, issuer),
        ..Sample::usual()
    }
}

/// The signing step was set up for the Response and given the ID of the Assertion.
fn misdirected_signature() -> Sample {
    let xml = response(|_| {});
    let begin = xml.find("<ds:Signature ").unwrap();
    let end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = xml[begin..end].to_owned();
    let unsigned = format!("{}{}", &xml[..begin], &xml[end..]);
    let misdirected =
        replace_once(&unsigned, "<samlp:Status>", &format!("{signature}<samlp:Status>"));
    Sample {
        name: "52-signature-names-another-element",
        title: "The signature stands in the Response and names the Assertion",
        what: "A signature proves something only of the element that carries it.",
        who: "the identity provider: let the Reference name the element that carries the signature.",
        message: body(&misdirected),
        ..Sample::usual()
    }
}

fn two_requests() -> Sample {
    Sample {
        name: "54-names-two-requests",
        title: "The Response and the Assertion answer different requests",
        what: "Every check passes: the page does not look at InResponseTo. The platform does when the user logs in.",
        who: "the identity provider: it puts a stored assertion into a new Response.",
        message: body(&response(|response| {
            let earlier = "_2CAAAAZtXqTheRequestOfAnEarlierLogin";
            response.assertion().confirmation().in_response_to = Some(earlier.to_owned());
        })),
        exit: 0,
        ..Sample::usual()
    }
}

fn groups_left_out() -> Sample {
    let link = "http://schemas.microsoft.com/claims/groups.link";
    let graph = "https://graph.windows.net/5f1c3a52-6f0e-4f0c-9d1b-2c9a7d1e4b60/users/zmueller/getMemberObjects";
    Sample {
        name: "55-groups-left-out",
        title: "The user is in too many groups to be listed",
        what: "Instead of the groups comes an address to ask for them, which no service provider does. Every check passes; what\n\
               depends on a group does not happen.",
        who: "the identity provider: send only the groups that are assigned to the application.",
        message: body(&response(|response| {
            response.assertion().attributes.push(Attribute::new(link, &[graph]));
        })),
        exit: 0,
        ..Sample::usual()
    }
}

fn transient() -> Sample {
    Sample {
        name: "53-transient-name-id",
        title: "The identity provider makes up a new name at every login",
        what: "Every check passes, and no user has the name: its format is transient, so it is another one next time.",
        who: "the identity provider: send a name that the user record holds.",
        message: body(&response(|response| {
            let name_id = response.assertion().name_id();
            "_ce3d2948b4cf20146dee0a0b3dd6f69b6cf86f62d7".clone_into(&mut name_id.value);
            name_id.format = Some(uri::TRANSIENT.to_owned());
        })),
        exit: 0,
        ..Sample::usual()
    }
}

fn ampersand_unescaped() -> Sample {
    Sample {
        name: "56-ampersand-unescaped",
        title: "A viewer has unescaped an ampersand",
        what: "The text was copied out of a viewer that shows `&` for `&amp;`, so it is no XML any more. With the ampersand\n\
               escaped again the signature is valid.",
        who: "nobody: capture the base64 again.",
        message: raw(&response(|_| {}).replace("&amp;", "&")),
        exit: 3,
        ..Sample::usual()
    }
}

fn cut_off() -> Sample {
    let xml = response(|_| {});
    let cut = xml.find("</ds:SignatureValue>").unwrap() - 30;
    Sample {
        name: "57-cut-off",
        title: "The end of the message is missing",
        what: "The message was copied out of a log that shortens its lines.",
        who: "whoever captured it: copy the whole value from the network tab of the browser.",
        message: body(&xml[..cut]),
        exit: 3,
        ..Sample::usual()
    }
}
