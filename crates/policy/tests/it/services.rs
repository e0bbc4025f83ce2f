//! Policies about services, accounts and mailing groups.

use estate::MemoryTree;

use crate::support::{bakery, judge, policy};

fn shop() -> MemoryTree {
    bakery()
        .with("commonhold.yaml", "commonhold: 1\nname: x\n")
        .with("people/ada.yaml", "name: Ada\nemployers:\n- {company: Flour, from: 2020-01-01}\n")
        .with("accounts/old.yaml", "provider: cloud\nid: old-1\nholder: vendor\nvendor: Mill\n")
        .with("accounts/new.yaml", "provider: cloud\nid: new-1\nholder: community\n")
        .with(
            "services/shop.yaml",
            "name: Shop\nsummary: Sells bread.\nkind: custom\nowner: bakers\nstaff: [ada]\nruns_at:\n- account: new\n- {account: old, cluster: c1}\n",
        )
}

fn said(about: &str, must: &str) -> Vec<String> {
    let rules = format!("- id: r\n  title: t\n  must: {must}\n");
    judge(&shop().with("policies/p.yaml", policy(about, &rules))).said()
}

#[test]
fn services_are_judged_by_where_they_run_and_who_keeps_them() {
    assert_eq!(
        said("service", "none(runs_at, holder == \"vendor\")"),
        ["p/r services/shop.yaml:8:13: shop: t (`runs_at[2].holder` is \"vendor\")"]
    );
    assert_eq!(
        said("service", "staff_count >= 3"),
        ["p/r services/shop.yaml:5:9: shop: t (`staff_count` is 1)"]
    );
    for sound in [
        "\"Flour\" in employers and \"Mill\" in vendors",
        "any(runs_at, cluster == \"c1\" and account == \"old\")",
        "on_call is missing and backup is missing and move_state is missing",
    ] {
        assert_eq!(said("service", sound), [""; 0], "{sound}");
    }
}

#[test]
fn accounts_are_judged_by_what_runs_there() {
    let of = said("account", "holder == \"community\" or services is empty");
    assert_eq!(of.len(), 1);
    assert!(
        of[0].contains("old: t (`holder` is \"vendor\", `services` is [\"shop\"])"),
        "{of:?}"
    );
}

#[test]
fn a_service_is_not_judged_by_an_account_that_cannot_be_read() {
    let rules = "- {id: r, title: t, must: \"all(runs_at, holder == 'community')\"}\n";
    let tree = shop().with("policies/p.yaml", policy("service", rules));
    assert_eq!(judge(&tree).ids(), ["p/r"]);
    let broken = tree.with("accounts/old.yaml", "provider: [\n");
    assert_eq!(judge(&broken).said(), [""; 0]);
}

#[test]
fn a_list_keeps_a_service_whose_file_cannot_be_read() {
    let rules =
        "- {id: r, title: t, must: \"all(runs_at, holder == 'community')\", ratchet: true}\n";
    let tree = shop()
        .with("policies/p.yaml", policy("service", rules))
        .with("policies/p.r.baseline", "gone\nshop\n");
    assert_eq!(judge(&tree).report.shrunk[0].gone, ["gone"]);
    let broken = tree.with("services/shop.yaml", "name: [\n");
    let judged = judge(&broken);
    assert_eq!(judged.report.shrunk[0].gone, ["gone"]);
}

#[test]
fn addresses_of_a_mailing_group_are_looked_at_one_by_one() {
    let rules = "- {id: r, title: t, must: 'outside_domains is empty'}\n";
    let tree = shop()
        .with("policies/p.yaml", policy("mailing-group", rules))
        .with("people/ada.yaml", "name: Ada\nemail: ada@flour.example\n")
        .with(
            "mailing-groups/all.yaml",
            "email: all@bakers.example\nmembers: [ada@flour.example, eve@mill.example]\n",
        );
    assert_eq!(
        judge(&tree).said(),
        ["p/r mailing-groups/all.yaml:2:30: all: t (`outside_domains` is [\"mill.example\"])"]
    );
}

#[test]
fn all_mistakes_of_a_policy_are_told_at_once() {
    let rules = "- {id: A, title: t, must: 'true'}\n- {id: b, title: t, must: 'onwer is missing', at: onwer}\n- {id: b, title: t, must: 'true'}\n";
    let tree = shop().with("policies/p.yaml", policy("service", rules));
    assert_eq!(
        judge(&tree).ids(),
        [
            "policy-rule",
            "policy-predicate",
            "policy-rule",
            "policy-rule"
        ]
    );
}
