//! What is refused, each with its own words and exit code; and the zone stays as it is.

use base::{Digest, canonical};
use serde_json::{Value, json};

use super::community::{Community, DECLARED, SCOPE, SERVED};
use super::nameserver::NameServer;

/// BIND and the community that it serves, with one change of low risk that is planned.
fn planned() -> Option<(NameServer, Community)> {
    let (server, community) = unplanned()?;
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("ada", "move mail");
    community.plan();
    Some((server, community))
}

fn unplanned() -> Option<(NameServer, Community)> {
    let server = NameServer::bind(SERVED)?;
    let community = Community::at(&server.address(), DECLARED);
    Some((server, community))
}

/// Changes a part of the plan, and makes the file whole again.
fn forge(community: &Community, change: impl FnOnce(&mut Value)) {
    let mut file: Value = serde_json::from_str(&community.text("plan.json")).expect("a plan");
    change(&mut file["plan"]);
    let digest = Digest::of_json(&file["plan"]).expect("a digest");
    file["digest"] = json!(digest);
    let text = canonical(&file).expect("canonical JSON");
    // As the program writes it, to the last byte.
    let end = if community.text("plan.json").ends_with('\n') {
        "\n"
    } else {
        ""
    };
    community.write("plan.json", &(text + end));
}

#[test]
fn a_plan_of_a_zone_that_moved_is_stale() {
    let Some((server, community)) = planned() else {
        return;
    };
    community.by("bob", "approve");
    server.change(
        &["mail.example.org. A"],
        &[("mail.example.org. A", "192.0.2.55")],
    );
    let before = server.zone();
    let said = community
        .runs("apply plan.json")
        .ends(6, "the plan is stale");
    assert!(said.out.contains("mail.example.org. A"), "{}", said.out);
    assert_eq!(server.zone(), before, "not even the serial");
    // What others changed elsewhere in the zone does no harm.
    server.change(
        &["mail.example.org. A"],
        &[
            ("mail.example.org. A", "192.0.2.5"),
            ("other.example.org. A", "192.0.2.77"),
        ],
    );
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    assert!(server.answer("other.example.org. A").is_some());
}

#[test]
fn an_old_plan_does_not_undo_what_came_after_it() {
    let Some((server, community)) = planned() else {
        return;
    };
    community.by("bob", "approve");
    let old = community.text("plan.json");
    community.runs("apply plan.json").ends(0, "applied");
    community.edit("value: 192.0.2.6", "value: 192.0.2.8");
    community.commit("ada", "move mail on");
    community.plan();
    community.by("bob", "approve");
    community.runs("apply plan.json").ends(0, "applied");
    let before = server.zone();
    community.write("plan.json", &old);
    community.runs("apply plan.json").ends(6, "stale");
    assert_eq!(server.zone(), before);
}

#[test]
fn one_byte_of_a_plan_is_seen() {
    let Some((server, community)) = planned() else {
        return;
    };
    community.by("bob", "approve");
    let before = server.zone();
    let text = community.text("plan.json");
    for (from, to) in [
        ("192.0.2.6", "192.0.2.7"),
        ("\"ttl\":300", "\"ttl\":301"),
        ("{\"digest\"", "{ \"digest\""),
    ] {
        assert!(text.contains(from), "{text}");
        community.write("plan.json", &text.replacen(from, to, 1));
        for command in ["gate", "apply", "plan show"] {
            let said = community.runs(&format!("{command} plan.json"));
            said.ends(1, "plan.json");
        }
    }
    community.write("plan.json", &text[..text.len() / 2]);
    community.runs("apply plan.json").ends(1, "plan.json");
    assert_eq!(server.zone(), before);
    community.write("plan.json", &text);
    community.runs("apply plan.json").ends(0, "applied");
}

#[test]
fn an_authors_other_key_is_the_author() {
    let Some((server, community)) = planned() else {
        return;
    };
    let before = server.zone();
    community.by("ada-work", "approve");
    let said = community.runs("gate plan.json").ends(5, "author-approval");
    let says = "ada is an author of the change";
    assert!(said.out.contains(says), "{}", said.out);
    community.runs("apply plan.json").ends(5, says);
    assert_eq!(server.zone(), before);
}

#[test]
fn a_co_author_is_an_author() {
    let Some((server, community)) = unplanned() else {
        return;
    };
    let before = server.zone();
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    let message = "move mail\n\nCo-authored-by: Robert <bob@Example.ORG>\n";
    community.commit("ada", message);
    community.plan();
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(5, "bob is an author of the change");
    assert_eq!(server.zone(), before);
    community.by("dora", "approve");
    community.runs("apply plan.json").ends(0, "applied");
}

#[test]
fn who_does_not_own_it_does_not_count() {
    let Some((server, community)) = planned() else {
        return;
    };
    let before = server.zone();
    community.by("cy", "approve");
    let says = "cy approved and is in none of the groups whose approval counts here";
    community.runs("apply plan.json").ends(5, says);
    assert_eq!(server.zone(), before);
}

#[test]
fn an_author_whom_nobody_knows_needs_one_approval_more() {
    let Some((server, community)) = unplanned() else {
        return;
    };
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("stranger", "move mail");
    community.plan();
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(5, "stranger@example.org");
    community.by("dora", "approve");
    community.runs("apply plan.json").ends(0, "applied");
    let mail = server.answer("mail.example.org. A");
    assert_eq!(mail.as_deref(), Some("300 192.0.2.6"));
}

#[test]
fn a_risk_that_was_lowered_is_seen_though_the_digest_fits() {
    let Some((server, community)) = unplanned() else {
        return;
    };
    // docs leads to it.
    community.edit("value: 192.0.2.1\n", "value: 192.0.2.2\n");
    community.commit("ada", "move the site");
    let plan = community.plan();
    assert_eq!(plan["plan"]["scopes"][0]["changes"][0]["risk"], "medium");
    let before = server.zone();
    forge(&community, |plan| {
        plan["scopes"][0]["changes"][0]["risk"] = json!("low");
        plan["scopes"][0]["changes"][0]["reasons"] = json!([]);
    });
    community.runs("plan show plan.json").ends(0, "low");
    for command in ["gate", "apply"] {
        let said = community.runs(&format!("{command} plan.json"));
        said.ends(6, "is of low risk, and it is of medium risk");
    }
    assert_eq!(server.zone(), before);
}

/// Whoever writes a plan file may write anything into it, and make its digest fit.
#[test]
fn what_a_plan_says_of_its_own_changes_is_not_believed() {
    // What is forged, who approves it then, what is said of it, and how.
    type Forgery = (&'static str, &'static str, &'static str, fn(&mut Value));
    let forgeries: [Forgery; 4] = [
        (
            "its effect",
            "bob",
            "medium risk: www.example.org. A",
            |scope| {
                let planned = &mut scope["changes"][1];
                planned["risk"] = json!("low");
                planned["reasons"] = json!([]);
                let effect = &mut planned["change"]["effect"];
                effect["breaks"] = json!("no");
                effect["breaks_because"] = json!([]);
                effect["dependents"] = json!([]);
            },
        ),
        (
            "its owners",
            "cy",
            "www.example.org. A is owned by infra",
            |scope| {
                scope["changes"][1]["change"]["owners"] = json!(["web"]);
            },
        ),
        ("its limits", "bob", "limit-exceeded", |scope| {
            scope["exceeded"] = json!([]);
        }),
        ("its size", "bob", "limit-exceeded", |scope| {
            scope["exceeded"] = json!([]);
            scope["observed"]["resources"] = json!(1000);
        }),
    ];
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let low = "low: {review: {count: 1, by: [owners]}}";
    let community = Community::with(
        &server.address(),
        DECLARED,
        &format!("infrastructure: infra\ndecisions:\n  {low}\n"),
        "limits: {updates_percent: 30, exempt_below: 2}\n",
        "",
    );
    // docs leads to www; two of six are more than 30 per cent.
    community.edit("value: 192.0.2.1\n", "value: 192.0.2.2\n");
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("ada", "move www and mail");
    let plan = community.plan()["plan"]["scopes"][0].clone();
    assert_eq!(plan["exceeded"][0]["count"], 2, "{plan:#}");
    let honest = community.text("plan.json");
    let before = server.zone();
    for (what, approver, says, forgery) in forgeries {
        community.write("plan.json", &honest);
        forge(&community, |plan| forgery(&mut plan["scopes"][0]));
        // Some of it is refused here already.
        let key = community.key(approver).display().to_string();
        community.runs(&format!("approve plan.json --key {key}"));
        let said = community.runs("apply plan.json");
        assert!(matches!(said.exit, 5 | 6), "{what}: {said:?}");
        let all = format!("{}{}", said.out, said.err);
        assert!(all.contains(says), "{what}: {all}");
        assert_eq!(server.zone(), before, "{what}");
    }
}

#[test]
fn a_change_cannot_bring_its_own_approver() {
    let Some((server, community)) = unplanned() else {
        return;
    };
    let before = server.zone();
    community.git(&["checkout", "--quiet", "-b", "work"]);
    let key = community.new_key("eve");
    let file = format!("name: eve\nemail: eve@example.org\nkeys: [{key}]\n");
    community.write("people/eve.yaml", &file);
    let group = community.text("groups/infra.yaml");
    let with_eve = group.replace("leads: [", "leads: [{person: eve, role: lead}, ");
    community.write("groups/infra.yaml", &with_eve);
    community.commit("ada", "eve joins");
    let joined = community.git(&["rev-parse", "HEAD"]).trim().to_owned();
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("ada", "move mail");
    community.plan();
    let key = community.key("eve").display().to_string();
    let approve = format!("approve plan.json --key {key}");
    community
        .runs(&approve)
        .ends(4, "nobody's in the estate at the base");
    community
        .runs("apply plan.json")
        .ends(5, "approval-missing");

    forge(&community, |plan| plan["base"] = json!(joined));
    for command in [approve.as_str(), "gate plan.json", "apply plan.json"] {
        let said = community.runs(command);
        said.ends(6, "a change cannot bring its own approvers");
    }
    assert_eq!(server.zone(), before);
}

#[test]
fn no_flag_passes_a_gate() {
    let Some((server, community)) = planned() else {
        return;
    };
    let before = server.zone();
    let said = community.runs("apply plan.json --force");
    said.ends(2, "no flag passes a gate or a limit");
    assert_eq!(server.zone(), before);
}

#[test]
fn a_limit_is_passed_by_a_decision_and_only_for_this_plan() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let (mut served, mut declared) = (SERVED.to_owned(), DECLARED.to_owned());
    for (at, name) in names.iter().enumerate() {
        served += &format!("{name} A 192.0.2.2{at}\n");
        declared += &set(name, at);
    }
    let Some(server) = NameServer::bind(&served) else {
        return;
    };
    let community = Community::at(&server.address(), &declared);
    community.git(&["checkout", "--quiet", "-b", "work"]);
    for (at, name) in names.iter().take(4).enumerate() {
        community.edit(&set(name, at), "");
    }
    community.commit("ada", "four go");
    let plan = community.plan();
    assert_eq!(plan["plan"]["scopes"][0]["exceeded"][0]["count"], 4);
    let before = server.zone();
    community.by("bob", "approve");
    let said = community.runs("gate plan.json").ends(5, "limit-exceeded");
    assert!(said.out.contains("3 may be (30 %)"), "{}", said.out);
    community.runs("apply plan.json").ends(5, "limit-exceeded");
    // Ada may let nothing of her own pass, and `--pass-limit` wants a reason.
    let pass = |key: &str| {
        let mut command = community.command("approve plan.json --reason tidying --key");
        command
            .arg(community.key(key))
            .args(["--pass-limit", SCOPE]);
        command.output().expect("the program").status.code()
    };
    assert_eq!(pass("ada"), Some(0));
    community
        .runs("apply plan.json")
        .ends(5, "limit-not-eligible");
    assert_eq!(server.zone(), before);
    community
        .runs("approve plan.json --pass-limit x")
        .ends(2, "--reason");
    assert_eq!(pass("bob"), Some(0));
    community
        .runs("gate plan.json")
        .ends(0, "lets it pass the limit: tidying");
    // Another plan with the same changes and one more has no such decision.
    let passed = community.text("plan.json");
    community.edit(&set("e", 4), "");
    community.commit("ada", "a fifth goes");
    community.plan();
    community.by("bob", "approve");
    community.runs("apply plan.json").ends(5, "limit-exceeded");
    assert_eq!(server.zone(), before);
    community.write("plan.json", &passed);
    community
        .runs("apply plan.json")
        .ends(0, "applied, 4 changes");
}

fn set(name: &str, at: usize) -> String {
    format!("{name}:\n  type: A\n  ttl: 300\n  value: 192.0.2.2{at}\n")
}

#[test]
fn a_key_that_nobody_has_approves_nothing() {
    let Some((server, community)) = planned() else {
        return;
    };
    let before = server.zone();
    community.new_key("found");
    let found = community.key("found").display().to_string();
    for (key, says) in [
        (found.as_str(), "is nobody's in the estate"),
        ("/nowhere", "there is no SSH key to sign with"),
    ] {
        let said = community.runs(&format!("approve plan.json --key {key}"));
        said.ends(4, says);
    }
    community
        .runs("approve plan.json")
        .ends(4, "name one with --key");
    community.runs("gate plan.json").ends(5, "approval-missing");
    assert_eq!(server.zone(), before);
}

#[test]
fn without_its_secret_a_server_is_not_an_empty_zone() {
    let Some((server, mut community)) = planned() else {
        return;
    };
    community.by("bob", "approve");
    let before = server.zone();
    community.unset("KEY");
    for command in ["plan", "drift", "apply plan.json"] {
        community.runs(command).ends(1, "set KEY");
    }
    community.set("KEY", "d3Jvbmc=");
    for command in ["plan", "drift", "apply plan.json"] {
        let said = community.runs(command).ends(1, "BADSIG");
        let all = format!("{}{}", said.out, said.err);
        assert!(!all.contains("d3Jvbmc="), "the secret is told: {all}");
    }
    community.set("KEY", "not base64");
    community.runs("plan").ends(1, "is not base64");
    assert_eq!(server.zone(), before);
}

#[test]
fn what_is_not_committed_is_not_applied() {
    let Some((server, community)) = unplanned() else {
        return;
    };
    let before = server.zone();
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    let said = community.runs("plan --out plan.json");
    said.ends(0, "dns/example.org.yaml is not committed");
    let bob = community.key("bob").display().to_string();
    for command in [
        "gate plan.json".to_owned(),
        "apply plan.json".to_owned(),
        format!("approve plan.json --key {bob}"),
    ] {
        community
            .runs(&command)
            .ends(1, "commit them and plan again");
    }
    assert_eq!(server.zone(), before);
}

#[test]
fn a_plan_of_a_commit_that_is_gone_is_stale() {
    let Some((server, community)) = planned() else {
        return;
    };
    let before = server.zone();
    community.by("bob", "approve");
    community.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    community
        .runs("apply plan.json")
        .ends(6, "is not part of what is checked out");
    assert_eq!(server.zone(), before);
}

#[test]
fn who_wrote_an_earlier_commit_is_an_author_too() {
    let Some((server, community)) = unplanned() else {
        return;
    };
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("bob", "move mail");
    community.edit("value: 192.0.2.9", "value: 192.0.2.8");
    community.commit("ada", "move old");
    community.plan();
    let before = server.zone();
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(5, "bob is an author of the change");
    assert_eq!(server.zone(), before);
    community.by("dora", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 2 changes");
}

#[test]
fn what_is_wrong_with_a_text_shuts_no_gate() {
    let Some((_server, community)) = planned() else {
        return;
    };
    community.by("bob", "approve");
    // A text's objection with a signature that was made for something else.
    let approvals = std::fs::read_dir(community.estate().join("decisions")).expect("decisions");
    let item = approvals.map(|one| one.expect("an item").path()).next();
    let mut files = std::fs::read_dir(item.expect("an item")).expect("events");
    let file = files.next().expect("an event").expect("an event").path();
    let text = std::fs::read_to_string(file).expect("an event");
    let approval = decisions::parse_event(&text).expect("an event");
    let actor = decisions::PersonName::new("bob").expect("a name");
    let digest = Digest::of(b"a text");
    let statement = decisions::Statement::new(
        decisions::ItemId::of_text("note", &digest, &actor),
        decisions::Act::Object {
            reason: "no".to_owned(),
        },
        actor,
        decisions::Content::of_text(digest),
        approval.at(),
    );
    let event = statement.expect("a statement").signed(approval.signature());
    let event = event.expect("the form of an event");
    community.write(&event.path(), &event.text());
    community.runs("gate plan.json").ends(0, "approved by bob");
}
