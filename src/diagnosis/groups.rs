//! Did a link come instead of the user's groups? It fails no check, and whoever gives roles by group sees none.

use super::claim_names::groups_link;
use super::{Case, Cause, Confidence, Diagnosis, Evidence, Rule, When};

static LEFT_OUT: Cause = Cause {
    code: "groups-left-out",
    title: "The user's groups were left out, as there are too many",
    says: "The user is in more groups than Microsoft Entra ID writes into a message, so that it sends a link ({came}) instead; nothing that goes by groups can work.",
    fix_sp: "Nothing: the platform cannot follow the link. Without rules that go by groups it does not matter.",
    fix_idp: "Send only the groups that are assigned to the application, or application roles instead of groups.",
    confidence: Confidence::Proven,
};

pub(super) const RULE: Rule = Rule {
    id: "groups",
    title: "Groups that were left out",
    explains: &[],
    causes: &[&LEFT_OUT],
    when: When::Always,
    run,
};

fn run(case: &Case<'_>) -> Vec<Diagnosis> {
    let assertion = case.report.message().and_then(|message| message.assertion());
    let link = assertion.and_then(groups_link);
    // When the user is taken from the groups, the missing attribute has been explained by it.
    let link = link.filter(|_| case.failure("attribute-missing").is_none());
    let told = |link: &crate::saml::Attribute| {
        LEFT_OUT.diagnosis(vec![Evidence::new("came", link.name.as_str()).at(link.at)])
    };
    link.map(told).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::checks::fixture::{Case, given};
    use crate::config::IdentityLocation;
    use crate::support::assertion::Attribute;

    const LINK: &str = "http://schemas.microsoft.com/claims/groups.link";

    fn with(name: &str) -> Case {
        let attribute =
            Attribute::new(name, &["https://graph.windows.net/t/users/u/getMemberObjects"]);
        Case::usual().message(|response| response.assertion().attributes = vec![attribute])
    }

    #[test]
    fn a_link_instead_of_groups_is_told_and_changes_no_verdict() {
        let report = with(LINK).is_accepted();
        let [only] = report.diagnoses() else { panic!("{:?}", report.diagnoses()) };
        assert_eq!(
            (only.cause.code, only.evidence[0].values[0].as_str()),
            ("groups-left-out", LINK)
        );
    }

    #[test]
    fn groups_that_came_are_no_matter() {
        let groups = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
        assert_eq!(with(groups).is_accepted().diagnoses(), []);
    }

    #[test]
    fn where_the_groups_name_the_user_it_explains_that_they_are_missing() {
        let case = with(LINK).config(|config| {
            config.identity_location = IdentityLocation::Attribute { name: given("groups") };
        });
        let report = case.report();
        let codes: Vec<_> = report.diagnoses().iter().map(|d| d.cause.code).collect();
        assert_eq!(codes, ["groups-overage"]);
    }
}
