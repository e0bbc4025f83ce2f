//! Whose charges are.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use spend::cells::{Category, UNALLOCATED};
use spend::ownership::{Charge, Gives, Looks, Ownership, Rule, Whose};

use crate::estates::{read, settings, tree, with_groups};

const CHARGE: Charge<'_> = Charge {
    provider: "Google Cloud",
    account: "01A2",
    sub_account: "ci-prod",
    vendor_service: "Compute Engine",
    sku: "CP-1",
    resource: "//vm/1",
    tags: r#"{"team": "Docs", "empty": null, "flag": true, "cost": 7}"#,
    category: Category::Usage,
};

fn rules(text: &str) -> Ownership {
    let estate = with_groups(&["infra", "docs", "release"]);
    Ownership::of(&settings(text), &estate)
}

fn owner(ownership: &Ownership, charge: &Charge<'_>) -> String {
    let resolution = ownership.resolve(charge);
    assert_eq!(resolution.steps.len(), 1);
    resolution.on(date(2026, 1, 1)).owner.clone()
}

#[test]
fn the_first_rule_that_matches_says_whose_a_charge_is() {
    let ownership = rules(
        "rules:\n\
         - {when: {sub_account: other}, owner: docs}\n\
         - {when: {provider: Google Cloud, sub_account: [x, 'ci-*']}, pool: ci}\n\
         - {when: {sub_account: ci-prod}, owner: infra}\n\
         - {when: {}, owner: release}\n",
    );
    assert_eq!(owner(&ownership, &CHARGE), "pool/ci");
    let elsewhere = Charge {
        provider: "AWS",
        ..CHARGE
    };
    assert_eq!(owner(&ownership, &elsewhere), "infra");
    let other = Charge {
        sub_account: "",
        ..CHARGE
    };
    assert_eq!(owner(&ownership, &other), "release");
}

#[test]
fn without_a_rule_that_matches_it_is_unallocated() {
    assert_eq!(owner(&Ownership::nobody(), &CHARGE), UNALLOCATED);
    let ownership = rules("rules: [{when: {account: '4711'}, owner: docs}]");
    assert_eq!(
        *ownership.resolve(&CHARGE).on(date(2026, 1, 1)),
        Whose::default()
    );
}

#[test]
fn a_move_on_a_day_leaves_what_was_before_as_it_was() {
    let before = "- {when: {sub_account: ci-prod}, owner: docs, service: site}\n";
    let moved = "- {when: {sub_account: ci-prod}, owner: infra, from: 2025-06-15}\n";
    let old = rules(&format!("rules:\n{before}"));
    let new = rules(&format!("rules:\n{moved}{before}"));
    assert_ne!(old.digest(), new.digest());
    let (was, is) = (old.resolve(&CHARGE), new.resolve(&CHARGE));
    let mut day = date(2024, 1, 1);
    while day < date(2027, 1, 1) {
        if day < date(2025, 6, 15) {
            assert_eq!(was.on(day), is.on(day), "{day}");
        } else {
            assert_eq!(is.on(day).owner, "infra", "{day}");
        }
        day = day.checked_add(1.day()).unwrap();
    }
    assert_eq!(is.steps.len(), 2);
    assert_eq!(is.on(date(2025, 6, 14)).service, "site");
}

#[test]
fn a_rule_that_ended_makes_room_for_the_next_one() {
    let ownership = rules(
        "rules:\n\
         - {when: {}, owner: docs, from: 2025-02-01, until: 2025-03-01}\n\
         - {when: {}, owner: release, until: 2025-02-10}\n",
    );
    let steps: Vec<(Option<Date>, String)> = ownership
        .resolve(&CHARGE)
        .steps
        .into_iter()
        .map(|(from, whose)| (from, whose.owner))
        .collect();
    let expected = [
        (None, "release"),
        (Some(date(2025, 2, 1)), "docs"),
        (Some(date(2025, 3, 1)), UNALLOCATED),
    ];
    assert_eq!(steps, expected.map(|(from, name)| (from, name.to_owned())));
}

#[test]
fn a_tag_names_a_group_without_regard_to_case_or_the_next_rule_is_tried() {
    let ownership = rules(
        "rules:\n\
         - {when: {provider: AWS}, owner: {tag: cost, names: {'7': release}}}\n\
         - {when: {tag: {flag: 'true'}}, owner: {tag: team, names: {www: docs}}}\n\
         - {when: {}, owner: infra}\n",
    );
    let with = |tags| owner(&ownership, &Charge { tags, ..CHARGE });
    assert_eq!(with(CHARGE.tags), "docs");
    assert_eq!(with(r#"{"flag":true,"team":"WWW"}"#), "docs");
    assert_eq!(with(r#"{"flag":true,"team":"nobody"}"#), "infra");
    assert_eq!(with(r#"{"flag":true}"#), "infra");
    assert_eq!(with(r#"{"team":"docs"}"#), "infra");
    assert_eq!(with("{broken"), "infra");
    let numbered = Charge {
        provider: "AWS",
        ..CHARGE
    };
    assert_eq!(owner(&ownership, &numbered), "release");
    assert_eq!(ownership.tag_keys(), ["cost", "flag", "team"]);
}

#[test]
fn a_tag_without_a_value_is_not_there() {
    let ownership = rules("rules: [{when: {tag: {empty: '*'}}, owner: docs}]");
    assert_eq!(owner(&ownership, &CHARGE), UNALLOCATED);
}

#[test]
fn names_are_those_of_the_items_that_they_lead_to() {
    let tree = tree(&[
        ("groups/infra.yaml", "title: Infra\n"),
        (
            "services/registry.yaml",
            "name: Registry\nsummary: Keeps.\nkind: off-the-shelf\n",
        ),
        (
            "funding/mirror.yaml",
            "purpose: Images.\nowner: infra\nreview_by: 2026-12-31\n",
        ),
    ]);
    let rules = settings("rules: [{when: {}, owner: Infra, service: Registry, funding: MIRROR}]");
    let ownership = Ownership::of(&rules, &read(&tree));
    let whose = ownership.resolve(&CHARGE).on(date(2026, 1, 1)).clone();
    assert_eq!(
        (&*whose.owner, &*whose.service, &*whose.funding),
        ("infra", "registry", "mirror")
    );
    assert_eq!(ownership.rules()[0].gives, Gives::Owner("infra".to_owned()));
}

#[test]
fn only_what_rules_look_at_has_to_be_read() {
    assert_eq!(Ownership::nobody().looks(), Looks::default());
    let ownership = rules(
        "rules: [{when: {service: Compute*, category: Tax}, owner: docs}, {when: {sku: a, resource: b}, owner: docs}]",
    );
    let all_but_tags = Looks {
        sku: true,
        resource: true,
        tags: false,
        vendor_service: true,
        category: true,
    };
    assert_eq!(ownership.looks(), all_but_tags);
}

#[test]
fn the_digest_is_of_what_is_asked_and_not_of_how_it_is_written() {
    let one = rules("rules: [{when: {sub_account: a, tag: {x: '1', z: '2'}}, owner: infra}]");
    let same = rules(
        "# Whose.\nrules:\n- owner: Infra\n  when: {tag: {z: ['2'], x: '1'}, sub_account: [a]}\n",
    );
    assert_eq!(one.digest(), same.digest());
    let by_tag = "rules: [{when: {}, owner: {tag: team}}]";
    let with_more = Ownership::of(&settings(by_tag), &with_groups(&["infra", "docs"]));
    assert_ne!(rules(by_tag).digest(), with_more.digest());
}

/// What the rules say, each tried in its turn.
fn tried<'r>(rules: &'r [Rule], charge: &Charge<'_>, day: Date) -> Option<&'r Rule> {
    let tags: serde_json::Value = serde_json::from_str(charge.tags).unwrap_or_default();
    rules.iter().find(|rule| {
        let when = &rule.when;
        let names = [
            (&when.provider, charge.provider),
            (&when.account, charge.account),
            (&when.sub_account, charge.sub_account),
            (&when.resource, charge.resource),
        ];
        let named = names.into_iter().all(|(patterns, name)| {
            patterns
                .as_ref()
                .is_none_or(|patterns| patterns.each.iter().any(|one| one.matches(name)))
        });
        let tagged = when.tag.entries.iter().all(|(key, patterns)| {
            let value = tags.get(key.as_str()).and_then(|value| value.as_str());
            value.is_some_and(|value| patterns.each.iter().any(|one| one.matches(value)))
        });
        let holds =
            rule.from.is_none_or(|from| from <= day) && rule.until.is_none_or(|until| day < until);
        let gives = match &rule.gives {
            Gives::Owner(_) => true,
            Gives::Tag { key, owners } => {
                let value = tags.get(key).and_then(|value| value.as_str());
                value.is_some_and(|value| owners.contains_key(&value.to_lowercase()))
            }
        };
        named && tagged && holds && gives
    })
}

fn pattern() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "a", "b", "ab", "a*", "*b", "?", "*", "[a, b]", "[ab, a]",
    ])
}

fn rule() -> impl Strategy<Value = String> {
    let field = || proptest::option::weighted(0.4, pattern());
    let day = || proptest::option::weighted(0.3, 1..28_u8);
    let gives = proptest::sample::select(vec![
        "owner: infra",
        "owner: docs",
        "owner: release",
        "pool: ci",
        "owner: {tag: t}",
        "owner: {tag: u, names: {a: docs}}",
    ]);
    (
        field(),
        field(),
        field(),
        field(),
        field(),
        day(),
        day(),
        gives,
    )
        .prop_map(
            |(account, sub_account, resource, tag, other, from, until, gives)| {
                let mut when = Vec::new();
                for (key, pattern) in [
                    ("account", account),
                    ("sub_account", sub_account),
                    ("resource", resource),
                ] {
                    when.extend(pattern.map(|pattern| format!("{key}: {}", quoted(pattern))));
                }
                let mut tags = Vec::new();
                for (key, pattern) in [("t", tag), ("u", other)] {
                    tags.extend(pattern.map(|pattern| format!("{key}: {}", quoted(pattern))));
                }
                if !tags.is_empty() {
                    when.push(format!("tag: {{{}}}", tags.join(", ")));
                }
                let from = from
                    .map(|day| format!(", from: 2026-02-{day:02}"))
                    .unwrap_or_default();
                let until = until
                    .map(|day| format!(", until: 2026-02-{day:02}"))
                    .unwrap_or_default();
                format!(
                    "- {{when: {{{}}}, {gives}{from}{until}}}\n",
                    when.join(", ")
                )
            },
        )
}

fn quoted(pattern: &str) -> String {
    if pattern.starts_with('[') {
        pattern.to_owned()
    } else {
        format!("\"{pattern}\"")
    }
}

fn name() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["", "a", "b", "ab", "infra", "Docs"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_looked_up_is_what_trying_each_rule_finds(
        written in proptest::collection::vec(rule(), 0..7),
        names in (name(), name(), name(), name(), name()),
        day in 1..28_i8,
    ) {
        let ownership = if written.is_empty() {
            Ownership::nobody()
        } else {
            rules(&format!("rules:\n{}", written.concat()))
        };
        let (account, sub_account, resource, t, u) = names;
        let tags = serde_json::json!({"t": t, "other": 1, "u": u}).to_string();
        let charge = Charge { account, sub_account, resource, tags: &tags, ..CHARGE };
        let day = date(2026, 2, day);
        let resolution = ownership.resolve(&charge);
        prop_assert!(resolution.steps[0].0.is_none());
        prop_assert!(resolution.steps.is_sorted_by(|a, b| a.0 < b.0 && a.1 != b.1));
        let found = tried(ownership.rules(), &charge, day).map(|rule| match &rule.gives {
            Gives::Owner(owner) => owner.clone(),
            Gives::Tag { key, owners } => {
                let value = if key == "t" { t } else { u };
                owners[&value.to_lowercase()].clone()
            }
        });
        let found = found.unwrap_or_else(|| UNALLOCATED.to_owned());
        prop_assert_eq!(&resolution.on(day).owner, &found);
    }
}
