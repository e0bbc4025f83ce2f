//! A ledger that many share: PostgreSQL, by its URL.

use testkit::servers::or_skip;
use testkit::servers::postgres::Postgres;

use super::community::{Community, DECLARED, SERVED};
use super::nameserver::NameServer;

#[test]
fn a_journey_is_written_to_postgresql_by_its_url() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let Some(mut postgres) = or_skip(Postgres::start()) else {
        return;
    };
    let mut community = Community::at(&server.address(), DECLARED);
    let beside = community.records().len();
    community.set("COMMONHOLD_LEDGER", &postgres.url());
    community.runs("gate plan.json").ends(1, "");
    community.runs("ledger init").ends(0, "");
    let at_first = community.records().len();
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("ada", "move mail");
    community.plan();
    community.runs("gate plan.json").ends(5, "approval-missing");
    community.by("bob", "approve");
    community.runs("gate plan.json").ends(0, "approved by bob");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    let mail = server.answer("mail.example.org. A");
    assert_eq!(mail.as_deref(), Some("300 192.0.2.6"));
    community
        .runs("ledger verify")
        .ends(0, "the ledger is whole");
    let records = community.records();
    let kinds: Vec<_> = records[at_first..].iter().map(|one| &one["kind"]).collect();
    let expected = [
        "decision.received",
        "apply.intent",
        "apply.outcome",
        "apply.finished",
        "apply.reached",
    ];
    assert_eq!(kinds, expected);

    // What was written outlives a crash of the database, and undoes what it says.
    postgres.crash();
    let said = community.runs("apply plan.json");
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(!said.err.contains(Postgres::PASSWORD), "{}", said.err);
    postgres.start_again();
    let finished = records.iter().find(|one| one["kind"] == "apply.finished");
    let finished = finished.expect("an end")["seq"].clone();
    let plan = format!("plan --revert {finished} --out plan.json");
    community.runs(&plan).ends(0, "192.0.2.5");
    community.by("ada", "propose --title undo-it");
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    let mail = server.answer("mail.example.org. A");
    assert_eq!(mail.as_deref(), Some("300 192.0.2.5"));
    community.unset("COMMONHOLD_LEDGER");
    assert_eq!(
        community.records().len(),
        beside,
        "no other ledger is written"
    );
}

#[test]
fn a_ledger_moves_from_one_kind_to_the_other() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let Some(postgres) = or_skip(Postgres::start()) else {
        return;
    };
    let mut community = Community::at(&server.address(), DECLARED);
    community.edit("value: 192.0.2.5", "value: 192.0.2.6");
    community.commit("ada", "move mail");
    community.plan();
    community.by("bob", "approve");
    community
        .runs("apply plan.json")
        .ends(0, "applied, 1 change");
    let ada = community.key("ada").display().to_string();
    community
        .runs(&format!("ledger checkpoint --key {ada} --out kept.json"))
        .ends(0, "wrote kept.json");
    community
        .runs("ledger export --out ledger.jsonl")
        .ends(0, "records to ledger.jsonl");
    let before = community.records();
    community.set("COMMONHOLD_LEDGER", &postgres.url());
    community
        .runs("ledger import ledger.jsonl")
        .ends(0, "imported");
    assert_eq!(community.records(), before);
    community
        .runs("ledger verify --checkpoint kept.json")
        .ends(0, "the ledger is whole");
    community.runs("apply plan.json").ends(0, "1 done before");
}
