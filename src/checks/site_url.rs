//! Does the site that the message names exist, and may it be used?
//!
//! The attribute `siteurl`, whose name is matched without regard to case, names one of the sites that are known to the
//! configuration (platform §2, item 12).

use crate::config::endpoint::is_absolute_http_url;
use crate::saml::Assertion;

use super::login_history::{INVALID_SITE_URL, SITE_INACTIVE};
use super::{Check, Code, Context, Failure, Outcome, Run, Wording};

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
    let known = |failure: Failure| match &sites[..] {
        [] => failure.expected("an absolute https URL"),
        sites => sites.iter().fold(failure, |failure, site| failure.expected(&site.url)),
    };
    let Some(value) = attribute.first_value() else {
        return known(INVALID.failure().what(NAME)).found("no text").at(attribute.at).into();
    };
    let insecure = value.text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
    if insecure {
        return NOT_HTTPS.failure().what(NAME).expected("https://…").found_at(value).into();
    }
    if !is_absolute_http_url(&value.text) {
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

#[cfg(test)]
mod tests {
    use crate::checks::Outcome;
    use crate::checks::fixture::{ASSERTION, Case, given};
    use crate::config::Site;
    use crate::support::assertion::Attribute;

    const SITE: &str = "https://acme.my.site.com/customers";
    const OLD: &str = "https://acme.my.site.com/old";

    /// A message whose `siteurl` is this, and two known sites, the second one switched off.
    fn site(url: &str) -> Case {
        named("siteurl", &[url])
    }

    fn named(name: &str, values: &[&str]) -> Case {
        let attribute = Attribute::new(name, values);
        Case::usual().message(|response| response.assertion().attributes = vec![attribute]).config(
            |config| {
                config.sites = vec![
                    Site { url: given(SITE), active: true },
                    Site { url: given(OLD), active: false },
                ];
            },
        )
    }

    fn attribute() -> String {
        format!("{ASSERTION}/saml:AttributeStatement/saml:Attribute")
    }

    fn value() -> String {
        format!("{}/saml:AttributeValue", attribute())
    }

    #[test]
    fn without_the_attribute_nothing_is_provided() {
        assert_eq!(Case::usual().outcome("site-url"), Outcome::NotProvided);
    }

    #[test]
    fn a_known_active_site_passes_with_and_without_a_slash_at_its_end() {
        site(SITE).is_accepted();
        site(&format!("{SITE}/")).is_accepted();
    }

    #[test]
    fn the_attributes_name_is_matched_in_any_case() {
        for name in ["siteurl", "siteUrl", "SITEURL"] {
            named(name, &["ftp://x"]).fails_with("site-url", &["site-url-invalid"]);
        }
        assert_eq!(named("site_url", &["x"]).outcome("site-url"), Outcome::NotProvided);
    }

    #[test]
    fn an_unknown_site_is_invalid() {
        let known = format!("{SITE} | {OLD}");
        for other in [
            "https://acme.my.site.com",
            "https://acme.my.site.com/customers//",
            "https://acme.my.site.com/Customers",
            "https://acme.my.site.com/customers?x",
            "https://acme.my.site.com/customersX",
            "acme.my.site.com/customers",
            "javascript:alert(1)",
            "",
        ] {
            site(other).fails("site-url", ["site-url-invalid", &known, other, &value()]);
        }
    }

    #[test]
    fn an_attribute_without_text_is_invalid() {
        let known = format!("{SITE} | {OLD}");
        let expected = ["site-url-invalid", &known, "no text", &attribute()];
        named("siteurl", &[]).fails("site-url", expected);
    }

    #[test]
    fn http_is_refused_even_for_a_known_site() {
        for other in ["http://acme.my.site.com/customers", "HTTP://acme.my.site.com/customers"] {
            let expected = ["site-url-not-https", "https://…", other, &value()];
            site(other).fails("site-url", expected);
        }
    }

    #[test]
    fn an_inactive_site_is_refused() {
        let expected = ["site-url-inactive", "an active site", OLD, &value()];
        site(OLD).fails("site-url", expected);
    }

    #[test]
    fn without_known_sites_any_https_url_passes_and_nothing_else_does() {
        let unknown = |url: &str| site(url).config(|config| config.sites.clear());
        unknown("https://anything.example/x").is_accepted();
        let expected = "an absolute https URL";
        for other in ["https://", "https:///x", "https://a b", "https://a.example/\u{85}", "x"] {
            unknown(other).fails("site-url", ["site-url-invalid", expected, other, &value()]);
        }
    }
}
