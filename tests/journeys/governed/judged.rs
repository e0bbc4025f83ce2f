//! From an edit of a zone to its name server and back, by the rules.

use serde_json::Value;

use super::community::{Community, DECLARED, SCOPE, SERVED};
use super::nameserver::NameServer;

/// What comes, changes and goes in the journey.
fn edit(community: &Community) {
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.edit(
        "old:\n  type: A\n  ttl: 300\n  value: 192.0.2.9\n",
        "status:\n  type: A\n  ttl: 300\n  value: 192.0.2.7\n",
    );
    community.commit("ada", "move mail, add status, drop old");
}

/// The journey that all of this is for; `ends` sees the ledger at the end.
fn journey(server: &NameServer, community: &Community) {
    let before = server.zone();
    community.runs("plan --detailed-exitcode").ends(0, "");
    edit(community);
    community
        .runs("plan --detailed-exitcode")
        .ends(3, "192.0.2.6");
    let plan = community.plan();
    assert_eq!(
        plan["plan"]["scopes"][0]["changes"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    for (output, says) in [
        (
            "text",
            "1 approval by a member of infra who is not an author",
        ),
        ("markdown", "`status.example.org. A`"),
        ("html", "<!doctype html>"),
        ("json", "\"requirements\""),
    ] {
        let said = community.runs(&format!("plan show plan.json --output {output}"));
        assert_eq!(said.exit, 0, "{}", said.err);
        let lower = said.out.to_lowercase();
        assert!(
            lower.contains(&says.to_lowercase()),
            "{output}: {}",
            said.out
        );
        assert!(said.out.contains("192.0.2.7"), "{output}: {}", said.out);
    }
    let explained = community.runs("risk explain plan.json mail.example.org.");
    let explained = explained.ends(0, "low risk");
    assert!(explained.out.contains("it requires"), "{}", explained.out);
    assert!(!explained.out.contains("status"), "{}", explained.out);

    community.runs("gate plan.json").ends(5, "approval-missing");
    community.runs("apply plan.json").ends(5, "not passed");
    assert_eq!(server.zone(), before, "a refused apply changes nothing");
    community.by("bob", "approve");
    community.runs("gate plan.json").ends(0, "approved by bob");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 3 changes");
    for (resource, answer) in [
        ("mail.example.org. A", Some("300 192.0.2.6")),
        ("status.example.org. A", Some("300 192.0.2.7")),
        ("old.example.org. A", None),
        ("www.example.org. A", Some("300 192.0.2.1")),
    ] {
        assert_eq!(server.answer(resource).as_deref(), answer, "{resource}");
    }
    community.runs("apply plan.json").ends(0, "3 done before");
    community.runs("plan --detailed-exitcode").ends(0, "");
    community.runs("drift").ends(0, "");

    read_the_ledger(community);
    revert(server, community);
    assert_eq!(server.zone().sets, before.sets, "undone");
}

fn read_the_ledger(community: &Community) {
    let shown = community.runs("ledger show").ends(0, "apply.finished");
    assert!(shown.out.contains("apply.intent"), "{}", shown.out);
    assert!(shown.out.contains("approve by"), "{}", shown.out);
    community
        .runs("ledger verify")
        .ends(0, "the ledger is whole");
    let records = community.records();
    let numbers: Vec<u64> = records
        .iter()
        .filter_map(|one| one["seq"].as_u64())
        .collect();
    let expected: Vec<u64> = (numbers[0]..).take(records.len()).collect();
    assert_eq!(numbers, expected, "an export has every record");
}

/// Undoes what was applied first, with an approval of its own.
fn revert(server: &NameServer, community: &Community) {
    let finished = first_finished(community);
    community
        .runs(&format!("plan --revert {finished} --out plan.json"))
        .ends(0, "192.0.2.5");
    community.runs("gate plan.json").ends(5, "approval-missing");
    community.by("ada", "propose --title undo-it");
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 3 changes");
    let mail = server.answer("mail.example.org. A");
    assert_eq!(mail.as_deref(), Some("300 192.0.2.5"));
    let twice = community.runs(&format!("plan --revert {finished}"));
    assert_ne!(twice.exit, 70, "{}", twice.err);
    community
        .runs("ledger verify")
        .ends(0, "the ledger is whole");
}

/// The record that says that the first apply came to an end.
fn first_finished(community: &Community) -> u64 {
    let records = community.records();
    let is_end = |one: &&Value| one["kind"] == "apply.finished" && one["body"]["done"] == 3;
    let finished = records.iter().find(is_end).expect("an apply");
    assert_eq!(finished["body"]["result"], "applied");
    finished["seq"].as_u64().expect("a number")
}

#[test]
fn a_zone_is_edited_judged_applied_and_undone_on_bind() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    journey(&server, &Community::at(&server.address(), DECLARED));
}

#[test]
fn a_zone_is_edited_judged_applied_and_undone_on_knot() {
    let Some(server) = NameServer::knot(SERVED) else {
        return;
    };
    journey(&server, &Community::at(&server.address(), DECLARED));
}

#[test]
fn a_zone_is_edited_judged_applied_and_undone_on_powerdns() {
    let Some(server) = NameServer::powerdns(SERVED) else {
        return;
    };
    journey(&server, &Community::at(&server.address(), DECLARED));
}

#[test]
fn drift_tells_what_others_did_and_whose_it_is() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    server.change(&[], &[("surprise.example.org. A", "192.0.2.66")]);
    community
        .runs("drift")
        .ends(0, "all is as declared, 1 resource is foreign");
    server.change(
        &["mail.example.org. A", "docs.example.org. CNAME"],
        &[("docs.example.org. CNAME", "mail.example.org.")],
    );
    let drift = community
        .runs("drift --output json")
        .ends(6, "2 resources are not as declared");
    let drift = drift.json();
    let rows = drift["drift"].as_array().expect("rows");
    let row = |resource: &str| {
        let found = rows.iter().find(|row| row["resource"] == resource);
        found.unwrap_or_else(|| panic!("{resource} in {rows:#?}"))
    };
    for (resource, what, owner) in [
        ("surprise.example.org. A", "foreign", "infra"),
        ("mail.example.org. A", "removed", "infra"),
        ("docs.example.org. CNAME", "changed", "web"),
    ] {
        let row = row(resource);
        assert_eq!(
            (&row["drift"], &row["scope"]),
            (&what.into(), &SCOPE.into())
        );
        assert!(row["owners"].to_string().contains(owner), "{row}");
    }
}
