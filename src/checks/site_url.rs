//! Does the site that the message names exist, and may it be used?
//!
//! The attribute `siteurl`, whose name is matched without regard to case, names one of the sites that are known to the
//! configuration (platform.md 2, item 12).

use crate::saml::Assertion;

use super::login_history::{INVALID_SITE_URL, SITE_INACTIVE};
use super::{Check, Code, Context, Outcome, Run, Wording};

const NAME: &str = "siteurl";

static INVALID: Code = Code {
    id: "site-url-invalid",
    line: Wording::Platform("Site URL is invalid"),
    cause: "The attribute holds no URL, or one that is not among the organization's sites.",
    fix_sp: "Compare the attribute with the site's URL; add the site to samlcheck.toml if it is missing there.",
    fix_idp: "Send the site's URL, or leave the attribute out for employees.",
    history: Some(&INVALID_SITE_URL),
};
static NOT_HTTPS: Code = Code {
    id: "site-url-not-https",
    line: Wording::Platform("HTTPS is required for Site URL"),
    cause: "An old http URL in the claim rule.",
    fix_sp: "Nothing.",
    fix_idp: "Send the site's https URL.",
    history: Some(&INVALID_SITE_URL),
};
static INACTIVE: Code = Code {
    id: "site-url-inactive",
    line: Wording::Platform("The specified Site is inactive or has exceeded its page limit"),
    cause: "The site was switched off, or its traffic limit is used up.",
    fix_sp: "Activate the site, or look at its limits.",
    fix_idp: "Nothing, unless another site was meant.",
    history: Some(&SITE_INACTIVE),
};

pub(super) const CHECK: Check = Check {
    id: "site-url",
    number: Some(12),
    title: "Checking that the Site URL Attribute contains a valid site url, if provided",
    clause: "platform: attribute siteurl",
    asks: "If an attribute siteurl is there: is it the https URL of a known, active site?",
    passes: "Checked",
    failures: &[&INVALID, &NOT_HTTPS, &INACTIVE],
    run: Run::Assertion(run),
};

fn run(assertion: &Assertion, cx: &Context<'_>) -> Outcome {
    let named = assertion.attributes.iter().find(|a| a.name.eq_ignore_ascii_case(NAME));
    let Some(attribute) = named else { return Outcome::NotProvided };
    let sites = &cx.config.sites;
    let known = |failure| sites.iter().fold(failure, |f: super::Failure, s| f.expected(&s.url));
    let Some(value) = attribute.first_value() else {
        return known(INVALID.failure().what(NAME)).found("no text").at(attribute.at).into();
    };
    let secure = value.text.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    let insecure = value.text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
    if insecure {
        return NOT_HTTPS.failure().what(NAME).expected("https://…").found_at(value).into();
    }
    if !secure {
        return known(INVALID.failure().what(NAME)).found_at(value).into();
    }
    // Choice: without any configured site there is nothing to compare with, and a well-formed https URL passes.
    match sites.iter().find(|site| same_site(site.url.given(), &value.text)) {
        Some(site) if site.active => Outcome::Ok,
        Some(_) => INACTIVE.failure().what(NAME).expected("an active site").found_at(value).into(),
        None if sites.is_empty() => Outcome::Ok,
        None => known(INVALID.failure().what(NAME)).found_at(value).into(),
    }
}

/// Byte for byte, but for one trailing slash: the page of a site is the same with and without it.
fn same_site(configured: &str, found: &str) -> bool {
    let bare = |url: &'_ str| url.strip_suffix('/').unwrap_or(url).len();
    configured.get(..bare(configured)) == found.get(..bare(found))
}
