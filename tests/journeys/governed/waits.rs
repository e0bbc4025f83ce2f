//! What holds a gate for a while: objections, notice, silence that has to last.

use super::community::{Community, DECLARED, SERVED};
use super::nameserver::NameServer;

#[test]
fn an_objection_holds_the_gate_until_it_is_withdrawn() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("ada", "move mail");
    community.plan();
    let before = server.zone();
    community.by("bob", "approve");
    community.runs("gate plan.json").ends(0, "approved by bob");
    let dora = community.key("dora").display().to_string();
    let object = format!("object plan.json --key {dora}");
    community.runs(&object).ends(2, "--reason");
    community.by("dora", "object --reason mail-would-be-lost");
    let said = community.runs("apply plan.json").ends(5, "objection");
    assert!(
        said.out.contains("dora objects: mail-would-be-lost"),
        "{}",
        said.out
    );
    assert_eq!(server.zone(), before);

    let objection = community.event("object");
    community.by("dora", &format!("withdraw {objection}"));
    community.runs("gate plan.json").ends(0, "approved by bob");
    community.runs("apply plan.json").ends(0, "applied");
}

#[test]
fn what_others_may_notice_is_told_and_then_waits() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    // docs leads to it.
    community.edit("value: 192.0.2.1\n", "value: 192.0.2.2\n");
    community.commit("ada", "move the site");
    community.plan();
    let before = server.zone();
    let explained = community
        .runs("risk explain plan.json")
        .ends(0, "medium risk");
    assert!(
        explained.out.contains("docs.example.org leads to it"),
        "{}",
        explained.out
    );
    community.by("ada", "propose --title the-site-moves");
    community.by("bob", "approve");
    let said = community.runs("gate plan.json").ends(5, "notice-missing");
    assert!(
        said.out.contains("`commonhold notice PLAN --to infra"),
        "{}",
        said.out
    );
    let seen = "notice --to infra --seen-at https://lists.example.org/m/1";
    // Whose change it is cannot say alone that the others know of it.
    community.by("ada", seen);
    community
        .runs("gate plan.json")
        .ends(5, "only an author says");
    community.by("bob", seen);
    let said = community.runs("gate plan.json --output json");
    assert_eq!(said.exit, 5);
    let gate = said.json();
    let verdict = &gate["changes"][0]["verdict"];
    assert_eq!(verdict["verdict"], "waiting", "{verdict:#}");
    assert!(verdict["until"].is_string(), "{verdict:#}");
    let said = community.runs("apply plan.json").ends(5, "waiting");
    assert!(said.out.contains("until 20"), "{}", said.out);
    assert_eq!(server.zone(), before);
}
