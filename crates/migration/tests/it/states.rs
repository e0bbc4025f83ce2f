//! Which state a thing is in, and why.

use migration::{Lack, Stage, State};
use policy::Baseline;

use crate::support::{asset, away, estate, service, standing};

#[test]
fn a_thing_is_in_the_first_state_whose_condition_holds() {
    let migration = away(
        "ready: 'not (runbook is missing)'\n\
         exceptions:\n  \
         - {where: 'name == \"kept\"', reason: It is being replaced., decision: club#4, until: 2026-06-30}\n  \
         - {where: 'name == \"over\"', reason: It was., decision: club#3, until: 2025-12-31}\n\
         blockers:\n  \
         - {id: keys, where: 'criticality == \"critical\"', owner: web, effort: 2}\n  \
         - {id: name, where: 'name == \"soft\"', hold: soft}\n",
    );
    let book = "administration: {by: gitops, runbook: 'https://example.org/r'}\n";
    let critical = format!("criticality: critical\n{book}");
    let files = [
        ("migrations/away.yaml", migration),
        ("services/moved.yaml", service("infra", &["new"], "")),
        ("services/nowhere.yaml", service("infra", &[], "")),
        ("services/kept.yaml", service("infra", &["old"], book)),
        ("services/over.yaml", service("infra", &["old"], book)),
        (
            "services/both.yaml",
            service("infra", &["old", "new"], &critical),
        ),
        ("services/held.yaml", service("infra", &["old"], &critical)),
        ("services/ready.yaml", service("web", &["old"], book)),
        ("services/soft.yaml", service("web", &["old"], book)),
        ("services/bookless.yaml", service("web", &["old"], "")),
        ("services/orphan.yaml", service("", &["old"], book)),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let estate = estate(&files);
    let list = Baseline::of(["gone", "held"]);
    let standing = standing(&estate, Some(&list));
    let stage = |id: &str| asset(&standing, id).state.stage();
    assert_eq!(stage("moved"), Stage::Moved);
    assert_eq!(stage("nowhere"), Stage::Moved, "what runs nowhere has left");
    assert_eq!(stage("kept"), Stage::Excepted);
    assert_eq!(
        stage("over"),
        Stage::Ready,
        "an exception that ran out excuses no more"
    );
    assert_eq!(
        stage("both"),
        Stage::InFlight,
        "blockers hold what has not begun"
    );
    assert_eq!(stage("held"), Stage::Blocked);
    assert_eq!(
        stage("soft"),
        Stage::Ready,
        "what can be bridged holds nothing up"
    );
    assert_eq!(
        asset(&standing, "bookless").state,
        State::Todo(vec![Lack::Ready])
    );
    assert_eq!(
        asset(&standing, "orphan").state,
        State::Todo(vec![Lack::Owner])
    );
    assert_eq!(stage("gone"), Stage::Retired);
    assert_eq!(standing.counts().all(), 11);
    assert_eq!(standing.counts().left(), 8);
    let because = |id: &str| standing.because(asset(&standing, id));
    assert_eq!(because("moved"), "accounts is [\"new\"]");
    assert_eq!(because("held"), "waits for keys");
    assert_eq!(
        because("kept"),
        "until 2026-06-30: It is being replaced. (club#4)"
    );
    assert_eq!(because("both"), "runs_at is old, new");
    assert_eq!(because("orphan"), "nobody owns it");
}

#[test]
fn each_name_that_is_listed_is_a_lock_of_its_own() {
    let migration = away(
        "blockers:\n  - {id: needs, each: depends_on, matching: ['key-*'], freed: [key-free], effort: 1}\n",
    );
    let needs = |names: &[&str]| {
        let names: Vec<String> = names
            .iter()
            .map(|name| format!("{{service: {name}, how: credential}}"))
            .collect();
        service(
            "web",
            &["old"],
            &format!("depends_on: [{}]\n", names.join(", ")),
        )
    };
    let moved = service("infra", &["new"], "");
    let estate = estate(&[
        ("migrations/away.yaml", &migration),
        ("services/key-a.yaml", &moved),
        ("services/key-b.yaml", &moved),
        ("services/key-free.yaml", &moved),
        ("services/other.yaml", &moved),
        ("services/one.yaml", &needs(&["key-a", "key-b"])),
        ("services/two.yaml", &needs(&["key-b", "other"])),
        ("services/three.yaml", &needs(&["key-free"])),
    ]);
    let standing = standing(&estate, None);
    let locks: Vec<(&str, usize)> = standing
        .locks
        .iter()
        .map(|lock| (lock.name.as_str(), lock.holds.len()))
        .collect();
    assert_eq!(locks, [("needs: key-a", 1), ("needs: key-b", 2)]);
    assert_eq!(asset(&standing, "one").state, State::Blocked(vec![0, 1]));
    assert_eq!(asset(&standing, "two").state, State::Blocked(vec![1]));
    assert_eq!(asset(&standing, "three").state, State::Ready);
    let why = asset(&standing, "two").evidence.last().unwrap();
    assert_eq!(why.said, "depends_on contains \"key-b\"");
    let place = estate.sources.line_of(why.place);
    assert!(place.starts_with("services/two.yaml:"), "{place}");
}

#[test]
fn things_that_agree_on_a_field_are_a_batch() {
    let estate = estate(&[
        ("migrations/away.yaml", &away("batch: criticality\n")),
        (
            "services/a.yaml",
            &service("web", &["old"], "criticality: critical\n"),
        ),
        (
            "services/b.yaml",
            &service("web", &["old"], "criticality: critical\n"),
        ),
        ("services/c.yaml", &service("web", &["old"], "")),
    ]);
    let standing = standing(&estate, None);
    let batches: Vec<&str> = standing
        .assets
        .iter()
        .map(|one| one.batch.as_str())
        .collect();
    assert_eq!(batches, ["critical", "critical", "useful"]);
}

#[test]
fn what_could_not_be_read_is_not_retired() {
    let tree = crate::support::tree(&[
        ("migrations/away.yaml", &away("")),
        ("services/broken.yaml", "name: [\n"),
    ]);
    let (estate, _) = estate::Draft::read(&tree).unwrap().resolve();
    let list = Baseline::of(["broken", "gone"]);
    let standing = standing(&estate, Some(&list));
    assert!(standing.asset("broken").is_none());
    assert_eq!(asset(&standing, "gone").state, State::Retired);
    assert_eq!(standing.listed.unwrap().done, ["gone"]);
}
