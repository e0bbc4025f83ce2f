//! What changes require, resolved to people and addresses.

use std::collections::BTreeSet;

use charter::requirement::{Notice, Requirement, requirement};
use charter::risk::{Reach, Risk, RiskSettings};
use charter::{Affiliation, Charter};
use estate::{Estate, KindId};
use jiff::civil::{Date, date};

use crate::support::{charter_of, estate, service};

const DAY: Date = date(2026, 6, 1);

/// Three groups: `site` owns the web, `post` the mail that hangs on it, `infra` the rest.
fn world(charter: &str) -> (Estate, Charter) {
    let web = service("site", &[]);
    let mail = service("post", &["web"]);
    let estate = estate(&[
        ("charter.yaml", charter),
        ("people/ada.yaml", "employers: [{company: Aurora}]\n"),
        ("people/bob.yaml", "employers: [{company: Aurora}]\n"),
        ("people/cy.yaml", "employers: [{company: Bluebell}]\n"),
        ("people/dee.yaml", "employers: [{company: Independent}]\n"),
        ("people/eve.yaml", "left: 2026-01-31\n"),
        ("people/robbie.yaml", "robot: true\n"),
        (
            "groups/site.yaml",
            "leads: [{person: ada, role: chair}, {person: cy, role: chair, until: 2025-12-31}]\nmembers: [bob, eve, robbie]\n",
        ),
        (
            "groups/post.yaml",
            "leads: [{person: cy, role: chair}]\ncontact: {mailing_list: post@example.org}\n",
        ),
        ("groups/infra.yaml", "members: [dee]\n"),
        ("groups/old.yaml", "standing: retired\nmembers: [dee]\n"),
        ("services/web.yaml", &web),
        ("services/mail.yaml", &mail),
    ]);
    let charter = charter_of(&estate);
    (estate, charter)
}

fn of_web(risk: Risk, owners: &[&str], (estate, charter): &(Estate, Charter)) -> Requirement {
    let touches = [(KindId::Service, "web".to_owned())];
    let reach = Reach::of(&touches, estate, &RiskSettings::default());
    let owners: Vec<String> = owners.iter().map(|owner| (*owner).to_owned()).collect();
    requirement(risk, &owners, &reach, charter, estate, DAY)
}

fn names(people: &[charter::requirement::Eligible]) -> Vec<&str> {
    people
        .iter()
        .map(|eligible| eligible.person.as_str())
        .collect()
}

fn authors(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_low_risk_needs_one_reviewer_of_the_owning_or_the_infrastructure_group() {
    let required = of_web(Risk::Low, &["site"], &world("infrastructure: infra\n"));
    assert_eq!(
        required.explain(),
        ["1 approval by a member of site or infra who is not an author"]
    );
    let review = required.review.expect("a review");
    assert_eq!(names(&review.people), ["ada", "bob", "dee"]);
    assert_eq!(
        review.people[0].employer,
        Affiliation::Company("aurora".to_owned())
    );
    assert_eq!(review.people[2].employer, Affiliation::Independent);
}

#[test]
fn a_medium_risk_needs_notice_to_the_affected_groups_and_lazy_consensus() {
    let required = of_web(Risk::Medium, &["site"], &world("infrastructure: infra\n"));
    assert_eq!(
        required.explain(),
        [
            "notice to post (post@example.org)",
            "no objection within 72bh of the notice, and support by a member of site, post or infra who is not an author",
        ]
    );
}

#[test]
fn a_high_risk_needs_every_owner_and_those_who_look_after_contributors() {
    let charter = "contributor_experience: post\ndevelopment_list: dev@example.org\n";
    let required = of_web(Risk::High, &["site", "infra"], &world(charter));
    assert_eq!(
        required.explain(),
        [
            "an answer by somebody of each of site, infra, post who is not an author",
            "notice to dev@example.org",
            "no objection within 5bd of the notice, and support by 2 members of site, infra or post who are not authors",
        ]
    );
}

#[test]
fn where_nobody_looks_after_contributors_the_owners_are_asked_and_all_concerned_are_told() {
    let required = of_web(Risk::High, &["site"], &world("rules: {}\n"));
    assert_eq!(
        required.explain(),
        [
            "an answer by somebody of site who is not an author",
            "notice to site (ada), post (post@example.org)",
            "no objection within 5bd of the notice, and support by 2 members of site or post who are not authors",
        ]
    );
}

#[test]
fn what_nobody_can_give_is_said_and_not_waived() {
    let lone = world("rules: {}\n");
    let cases = [
        (
            Risk::Low,
            vec![],
            "nobody may approve: no group is named that owns it or answers for it",
        ),
        (
            Risk::Low,
            vec!["old"],
            "1 person of old must approve, and nobody can",
        ),
        (
            Risk::Low,
            vec!["gone"],
            "1 person of gone must approve, and nobody can",
        ),
        (
            Risk::High,
            vec![],
            "`owners` must be consulted, and that is nobody",
        ),
        (Risk::High, vec!["site", "old"], "nobody can answer for old"),
    ];
    for (risk, owners, reason) in cases {
        let required = of_web(risk, &owners, &lone);
        assert!(
            required.impossible.iter().any(|found| found == reason),
            "{owners:?}: {:?}",
            required.impossible
        );
        assert!(
            required
                .explain()
                .contains(&format!("cannot be met: {reason}"))
        );
    }
}

#[test]
fn authors_do_not_count_as_those_who_could_agree() {
    let required = of_web(Risk::Low, &["site"], &world("rules: {}\n"));
    assert_eq!(required.impossible_for(&authors(&["ada"])), [""; 0]);
    assert_eq!(
        required.impossible_for(&authors(&["ada", "bob"])),
        ["1 person of site must approve, and nobody can"]
    );
}

#[test]
fn people_of_one_employer_are_not_enough_where_two_are_asked() {
    let charter = "infrastructure: infra\ndecisions:\n  \
        low: {review: {count: 2, by: [owners], employers: 2}}\n  \
        medium: {review: {count: 2, by: [owners, infrastructure], employers: 2}}\n  \
        high: {review: {count: 3, by: [owners, affected, infrastructure], employers: 3}}\n";
    let world = world(charter);
    let low = of_web(Risk::Low, &["site"], &world);
    assert_eq!(
        low.impossible,
        ["people of 2 employers must approve, and those of site come from 1 employer"]
    );
    let medium = of_web(Risk::Medium, &["site"], &world);
    assert_eq!(medium.impossible, [""; 0]);
    assert_eq!(
        of_web(Risk::High, &["site"], &world).explain(),
        [
            "3 approvals by members of site, post or infra who are not authors, from at least 3 employers"
        ]
    );
}

#[test]
fn a_charter_names_groups_addresses_and_what_silence_means() {
    let charter = "infrastructure: infra\ndecisions:\n  \
        zone: Etc/UTC\n  \
        holidays: [2026-12-24..2027-01-03, 2026-05-01]\n  \
        high:\n    \
          consult: {groups: [group/post], silence: consents}\n    \
          notice: {to: [infrastructure, https://example.org/news]}\n    \
          lazy: {period: 10d, support: 2, by: [site, post], employers: 2}\n";
    let world = world(charter);
    let required = of_web(Risk::High, &["site"], &world);
    assert_eq!(
        required.explain(),
        [
            "post asked, where silence is agreement",
            "notice to infra, https://example.org/news",
            "no objection within 10d of the notice, and support by 2 members of site or post who are not authors, from at least 2 employers",
        ]
    );
    assert_eq!(
        required.notice[1],
        Notice::Address("https://example.org/news".to_owned())
    );
    let policy = &world.1.decisions;
    assert_eq!(policy.zone_name(), "Etc/UTC");
    for (day, holiday) in [
        (date(2026, 12, 23), false),
        (date(2026, 12, 24), true),
        (date(2027, 1, 3), true),
        (date(2027, 1, 4), false),
        (date(2026, 5, 1), true),
    ] {
        assert_eq!(policy.is_holiday(day), holiday, "{day}");
    }
    let emergency = policy.emergency().expect("as built in");
    assert_eq!(
        (emergency.approvers.get(), emergency.expires.to_string()),
        (2, "72h".to_owned())
    );
}

#[test]
fn a_level_of_which_a_part_cannot_be_read_is_never_met() {
    let text = "infrastructure: infra\ndecisions:\n  low: {review: {count: 1, by: [infrastructure]}, consult: {groups: [owners]}}\n";
    let estate = estate(&[
        ("charter.yaml", text),
        ("groups/infra.yaml", "members: [ada]\n"),
        ("people/ada.yaml", "name: Ada\n"),
    ]);
    let (charter, findings) = Charter::of(&estate);
    assert_eq!(findings.len(), 1, "{findings:?}");
    let required = of_web(Risk::Low, &["infra"], &(estate, charter));
    assert_eq!(
        required.explain(),
        ["cannot be met: what the charter requires at low risk cannot be read"]
    );
}

#[test]
fn thresholds_are_as_shipped_unless_the_charter_sets_them() {
    let (_, charter) = world("rules: {}\n");
    assert_eq!(charter.risk.settings(), RiskSettings::default());
    let (_, charter) = world("risk: {few: 9, accumulate: {low: 2}}\n");
    let expected = RiskSettings {
        few: 9,
        low: 2,
        ..RiskSettings::default()
    };
    assert_eq!(charter.risk.settings(), expected);
}

#[test]
fn distinct_employers_are_counted_without_those_nobody_knows() {
    use Affiliation::{Company, Independent, Unknown};
    let company = |name: &str| Company(name.to_owned());
    for (people, employers) in [
        (vec![], 0),
        (vec![Unknown, Unknown], 1),
        (vec![company("a"), Unknown], 1),
        (vec![company("a"), company("a"), company("b")], 2),
        (vec![Independent, Independent, company("a")], 3),
    ] {
        assert_eq!(Affiliation::distinct(&people), employers, "{people:?}");
    }
}
