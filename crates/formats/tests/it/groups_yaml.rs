//! `groups.yaml`, as kubernetes/k8s.io keeps it.

use std::collections::BTreeSet;

use estate::MemoryTree;
use proptest::prelude::*;

use crate::support::{adapter, codes, lines, load, rooted, shared, tree};

const SOURCE: &str = "{format: groups.yaml, path: lists}";

const SHARD: &str = r#"
groups:
  - email-id: Bread-Leads@example.org
    name: Bread-Leads
    description: |-
      Leads of bread.
    settings:
      AllowExternalMembers: "false"
      ReconcileMembers: "true"
    owners:
      - ada@example.org
    managers:
      - ben@example.org
    members:
      - cem@example.org
      - dee.d@gmail.com
"#;

const TOP: &str = "groups:\n  - {email-id: all@example.org, name: all, description: All}\n";

const RESTRICTIONS: &str = "\
restrictions:
- path: 'sig-bread/groups.yaml'
  allowedGroups: ['^Bread-.*@example.org$']
- path: 'groups.yaml'
  allowedGroups: ['^all@example.org$']
- path: '**/*'
";

const CONFIG: &str =
    "bot-id: bot@example.org\ngroups-path: .\nrestrictions-path: restrictions.yaml\n";

fn of(shard: &str, top: &str, restrictions: &str, config: &str) -> MemoryTree {
    let files = [
        ("lists/sig-bread/groups.yaml", shard),
        ("lists/groups.yaml", top),
        ("lists/restrictions.yaml", restrictions),
        ("lists/config.yaml", config),
    ];
    tree(SOURCE, &files)
}

#[test]
fn shards_become_mailing_groups() {
    let (estate, findings) = load(&of(SHARD, TOP, RESTRICTIONS, CONFIG));
    assert_eq!(lines(&findings, &estate.sources), Vec::<String>::new());
    assert_eq!(estate.tables.mailing_groups.len(), 2);
    let item = estate
        .tables
        .mailing_groups
        .get("bread-leads@example.org")
        .unwrap();
    assert_eq!(item.name, "bread-leads@example.org");
    assert_eq!(
        estate.sources.line_of(item.span),
        "lists/sig-bread/groups.yaml:3"
    );
    let group = &item.value;
    assert_eq!(group.email.as_str(), "Bread-Leads@example.org");
    assert!(group.closed);
    // The reconciler keeps that one for itself, and sets the others where nothing is said.
    assert!(group.settings.get("ReconcileMembers").is_none() && !group.joined_freely);
    let setting = |name: &str| group.settings.get(name).unwrap().value.clone();
    assert_eq!(setting("WhoCanJoin"), "INVITED_CAN_JOIN");
    assert_eq!(setting("AllowExternalMembers"), "false");
    let addresses: Vec<_> = group
        .addresses()
        .map(|(role, address)| (role, address.as_str()))
        .collect();
    let expected = [
        ("owner", "ada@example.org"),
        ("manager", "ben@example.org"),
        ("member", "cem@example.org"),
        ("member", "dee.d@gmail.com"),
    ];
    assert_eq!(addresses, expected);
    assert!(
        !estate
            .tables
            .mailing_groups
            .get("all@example.org")
            .unwrap()
            .value
            .closed
    );
}

#[test]
fn each_mistake_has_its_own_finding() {
    let long = format!("description: {}\n    x:", "o".repeat(301)).replace("\n    x:", "");
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            "name: Bread-Leads",
            "name: Leads",
            "name",
            &["groups-name!"],
        ),
        ("    name: Bread-Leads\n", "", "no name", &["groups-name!"]),
        (
            "Bread-Leads@example.org",
            "Bread-Leads@example.net",
            "domain",
            &["groups-restricted!"],
        ),
        (
            "Bread-Leads@example.org",
            "Bread Leads",
            "address",
            &["email-form!", "source-none"],
        ),
        (
            "email-id: Bread-Leads@example.org\n    name",
            "name",
            "no address",
            &["yaml-missing-key!"],
        ),
        (
            "ReconcileMembers",
            "ReconcileMember",
            "slip",
            &["groups-setting"],
        ),
        (
            "ReconcileMembers",
            "WhoCanModerateContent",
            "ignored",
            &["groups-setting"],
        ),
        ("\"true\"", "true", "boolean", &["groups-setting-unquoted!"]),
        ("\"true\"", "17", "number", &["groups-setting-unquoted!"]),
        (
            "- cem@example.org",
            "- ada@Example.org",
            "twice",
            &["groups-address-twice"],
        ),
        (
            "- cem@example.org",
            "- deed+x@googlemail.com",
            "one mailbox",
            &["groups-address-twice"],
        ),
        (
            "description: |-\n      Leads of bread.",
            &long,
            "too long",
            &["groups-description!"],
        ),
        ("    members:", "    mebers:", "key", &["yaml-unknown-key!"]),
        ("- cem@example.org", "- cem", "member", &["email-form!"]),
    ];
    for (from, to, what, expected) in cases {
        assert!(SHARD.contains(from), "{what}: the case changes nothing");
        let (estate, findings) = load(&of(&SHARD.replacen(from, to, 1), TOP, RESTRICTIONS, CONFIG));
        let expected: Vec<&str> = expected
            .iter()
            .copied()
            .filter(|code| *code != "source-none")
            .collect();
        assert_eq!(
            codes(&findings),
            expected,
            "{what}: {:#?}",
            lines(&findings, &estate.sources)
        );
    }
}

#[test]
fn an_address_declared_in_two_files_is_one_finding_with_both_places() {
    let top = "groups:\n  - {email-id: bread-leads@example.org, name: bread-leads}\n";
    let (estate, findings) = load(&of(SHARD, top, "restrictions: []\n", CONFIG));
    assert_eq!(codes(&findings), ["item-duplicate!"]);
    let finding = findings
        .iter()
        .find(|finding| finding.code.id == "item-duplicate")
        .unwrap();
    assert_eq!(
        estate.sources.line_of(finding.span),
        "lists/sig-bread/groups.yaml:3"
    );
    let first = finding.related.first().unwrap().span;
    assert_eq!(estate.sources.line_of(first), "lists/groups.yaml:2");
}

#[test]
fn a_name_that_another_domain_has_is_told_apart_by_the_domain() {
    let top = |name: &str| {
        format!(
            "groups:\n  - {{email-id: safe@example.org, name: safe}}\n  - {{email-id: safe@oven.test, name: {name}}}\n"
        )
    };
    for (name, expected) in [
        ("oven-safe", &[][..]),
        ("safe", &[]),
        ("test-safe", &["groups-name!"]),
    ] {
        let (_, findings) = load(&of(SHARD, &top(name), "restrictions: []\n", CONFIG));
        assert_eq!(codes(&findings), expected, "{name}");
    }
    let alone = "groups:\n  - {email-id: safe@oven.test, name: oven-safe}\n";
    let (_, findings) = load(&of(SHARD, alone, "restrictions: []\n", CONFIG));
    assert_eq!(codes(&findings), ["groups-name!"]);
}

#[test]
fn the_first_rule_that_matches_decides() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("restrictions: []\n", "no rule allows everything", &[]),
        (
            "restrictions:\n- path: '*'\n",
            "one star stays in one folder",
            &["groups-restricted!"],
        ),
        (
            "restrictions:\n- path: '**/*'\n",
            "deny",
            &["groups-restricted!", "groups-restricted!"],
        ),
        (
            "restrictions:\n- path: '**'\n  allowedGroups: ['e']\n- path: '**/*'\n",
            "first",
            &[],
        ),
        (
            "restrictions:\n- path: '**/*'\n  allowedGroups: ['*']\n",
            "regex",
            &["groups-restriction-pattern!"],
        ),
        (
            "restrictions:\n- path: '{'\n- path: '**/*'\n",
            "glob",
            &["groups-restriction-pattern!"],
        ),
        ("restrictions: 7\n", "type", &["yaml-type!"]),
    ];
    for (restrictions, what, expected) in cases {
        let (estate, findings) = load(&of(
            SHARD,
            &TOP.replace("all@", "every@")
                .replace("name: all", "name: every"),
            restrictions,
            CONFIG,
        ));
        assert_eq!(
            codes(&findings),
            *expected,
            "{what}: {:#?}",
            lines(&findings, &estate.sources)
        );
    }
}

#[test]
fn the_set_up_says_where_groups_and_rules_are() {
    let config = "groups-path: ../addresses\nrestrictions-path: ../rules.yaml\n";
    let files = |rules: &'static str| {
        [
            ("lists/config.yaml", config),
            ("addresses/groups.yaml", TOP),
            (rules, "restrictions:\n- path: groups.yaml\n"),
        ]
    };
    for (rules, expected) in [
        ("rules.yaml", ["groups-restricted!"]),
        ("else.txt", ["file-unreadable!"]),
    ] {
        let manifest = format!(
            "commonhold: 1\nname: x\nignore: [addresses, rules.yaml]\nsources:\n- {SOURCE}\n"
        );
        let tree = tree(SOURCE, &files(rules)).with("commonhold.yaml", manifest);
        let (estate, findings) = load(&tree);
        assert_eq!(
            codes(&findings),
            expected,
            "{:#?}",
            lines(&findings, &estate.sources)
        );
        assert_eq!(estate.tables.mailing_groups.len(), 1);
    }
}

#[test]
fn a_source_may_lie_in_a_folder_that_is_called_like_a_kind() {
    let files = [
        ("groups/groups.yaml", TOP),
        ("groups/sig-bread/groups.yaml", SHARD),
    ];
    let (estate, findings) = load(&tree("{format: groups.yaml, path: groups}", &files));
    assert_eq!(codes(&findings), Vec::<String>::new());
    assert_eq!(
        (
            estate.tables.groups.len(),
            estate.tables.mailing_groups.len()
        ),
        (0, 2)
    );
}

#[test]
fn a_source_that_holds_nothing_is_an_error() {
    type Given = (
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
    );
    let cases: &[Given] = &[
        (&[], &["file-unreadable!"]),
        (
            &[
                ("lists/config.yaml", CONFIG),
                ("lists/restrictions.yaml", RESTRICTIONS),
            ],
            &["source-empty!"],
        ),
        (&[("lists/groups.yaml", "groups: []\n")], &["source-empty!"]),
        (&[("lists/groups.yaml", "")], &["yaml-documents!"]),
        (
            &[
                ("lists/groups.yaml", TOP),
                ("lists/config.yaml", "groups-path: nowhere\n"),
            ],
            &["file-unreadable!"],
        ),
    ];
    for (files, expected) in cases {
        let (_, findings) = load(&tree(SOURCE, files));
        assert_eq!(codes(&findings), *expected, "{files:?}");
    }
}

#[test]
fn a_mailing_group_belongs_to_the_group_its_folder_is_called_after() {
    let with = of(SHARD, TOP, RESTRICTIONS, CONFIG).with("groups/sig-bread.yaml", "title: Bread\n");
    for (tree, owner) in [
        (with, Some("sig-bread")),
        (of(SHARD, TOP, RESTRICTIONS, CONFIG), None),
    ] {
        let (estate, _) = load(&tree);
        let of = |name: &str| {
            let item = estate.tables.mailing_groups.get(name).unwrap();
            item.value.owner.as_ref().map(|owner| owner.name.clone())
        };
        assert_eq!(of("bread-leads@example.org").as_deref(), owner);
        assert_eq!(of("all@example.org"), None);
    }
}

#[test]
fn a_broken_shard_does_not_make_its_addresses_strangers() {
    let top =
        "groups:\n  - {email-id: all@example.org, name: all, members: [Bread-Leads@example.org]}\n";
    let unmatched = |shard: &str| {
        let (_, findings) = load(&of(shard, top, "restrictions: []\n", CONFIG));
        findings
            .iter()
            .filter(|finding| finding.code.id == "address-unmatched")
            .count()
    };
    assert_eq!(unmatched(SHARD), 4, "ada, ben, cem, dee");
    assert_eq!(unmatched("groups: [[\n"), 0);
}

#[test]
fn sources_are_found_by_their_set_up_or_by_all_their_shards() {
    let detect = |paths: &[&str]| {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        (adapter("groups.yaml").detect)(&paths)
    };
    assert_eq!(
        detect(&["g/config.yaml", "g/groups.yaml", "g/a/groups.yaml"]),
        ["g"]
    );
    assert_eq!(
        detect(&["g/groups.yaml", "g/restrictions.yaml", "x/y/groups.yaml"]),
        ["g"]
    );
    assert_eq!(
        detect(&["config.yaml", "g/a/groups.yaml", "g/b/c/groups.yaml"]),
        ["g"]
    );
    assert_eq!(detect(&["a/groups.yaml", "b/groups.yaml"]), ["."]);
    assert_eq!(detect(&["groups.yaml", "config.yaml"]), ["."]);
    assert_eq!(
        detect(&["config.yaml", "mygroups.yaml"]),
        Vec::<String>::new()
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", at in 0..SHARD.len(), junk in "[\\[\\]{}:,'\"\\n #&*!|>a-z-]{0,12}") {
        load(&of(&text, &text, &text, &text));
        let (head, tail) = SHARD.split_at(at);
        load(&of(&format!("{head}{junk}{tail}"), head, RESTRICTIONS, CONFIG));
    }

    #[test]
    fn no_pattern_makes_it_panic(path in "[a-z*?\\[\\]{},!/\\\\-]{0,10}", pattern in "[a-z^$*+?()\\[\\]{}|\\\\.@]{0,10}") {
        let quoted = |text: &str| text.replace('\'', "''");
        let rules = format!("restrictions:\n- path: '{}'\n  allowedGroups: ['{}']\n", quoted(&path), quoted(&pattern));
        load(&of(SHARD, TOP, &rules, CONFIG));
    }
}

#[test]
fn the_real_files_are_read_whole() {
    let Some(root) = shared("kubernetes/k8s.io") else {
        return;
    };
    let (estate, findings) = load(&rooted(root, "{format: groups.yaml, path: groups}"));
    let found: Vec<String> = lines(&findings, &estate.sources)
        .into_iter()
        .filter(|line| !line.contains("file-unclaimed"))
        .collect();
    let expected = |line: &&String| line.starts_with("warning groups-setting ");
    assert_eq!(found.iter().filter(expected).count(), 9, "{found:#?}");
    assert_eq!(found.len(), 9, "{found:#?}");
    let groups = || {
        estate
            .tables
            .mailing_groups
            .items()
            .map(|group| &group.value)
    };
    assert_eq!(groups().count(), 221);
    let count = |role: &str| {
        groups()
            .flat_map(estate::kinds::MailingGroup::addresses)
            .filter(|(as_role, _)| *as_role == role)
            .count()
    };
    assert_eq!(
        (count("owner"), count("manager"), count("member")),
        (274, 53, 1026)
    );
    let distinct: BTreeSet<String> = groups()
        .flat_map(estate::kinds::MailingGroup::addresses)
        .map(|(_, address)| address.as_str().to_lowercase())
        .collect();
    assert_eq!(distinct.len(), 550);
}

#[test]
fn the_real_sources_together_know_each_other() {
    let Some(root) = shared("kubernetes") else {
        return;
    };
    let sources = "{format: sigs.yaml, path: community/sigs.yaml}\n\
        {format: peribolos, path: org/config}\n{format: groups.yaml, path: k8s.io/groups}";
    let (estate, findings) = load(&rooted(root, sources));
    let errors = lines(&findings, &estate.sources)
        .into_iter()
        .filter(|line| line.starts_with("error"));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
    let owned = estate
        .tables
        .mailing_groups
        .items()
        .filter(|group| group.value.owner.is_some());
    assert!(
        owned.count() > 200,
        "shards are called after the groups they belong to"
    );
}
