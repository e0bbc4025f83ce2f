//! Whether it is over.

use charter::{Charter, Told};
use estate::Estate;
use jiff::civil::{Date, date};
use migration::done::{Answer, Question, Since, Task, Witness, judge};

use crate::support::{TODAY, away, estate, service, standing};

/// A service that can live: three people of three companies, a rota, a runbook.
fn sound(owner: &str, places: &[&str]) -> String {
    let more = "staff: [ada, bo, cy]\non_call: {rota: [ada, bo, cy]}\n\
                administration: {by: gitops, runbook: 'https://club.example/r'}\n";
    service(owner, places, more)
}

const PEOPLE: [(&str, &str); 3] = [
    (
        "people/ada.yaml",
        "name: Ada\nemployers: [{company: Aurora}]\n",
    ),
    (
        "people/bo.yaml",
        "name: Bo\nemployers: [{company: Bluebell}]\n",
    ),
    (
        "people/cy.yaml",
        "name: Cy\nemployers: [{company: Cedar}]\n",
    ),
];

const CHARTER: &str = "disband: {group: movers, held_for_days: 30}\n";

/// Accounts that are owned, and the group that ends.
const OWNED: [(&str, &str); 1] = [("groups/movers.yaml", "title: Movers\n")];

fn whole(files: &[(&str, &str)]) -> Estate {
    let all: Vec<(&str, &str)> = PEOPLE.iter().chain(&OWNED).chain(files).copied().collect();
    estate(&all)
}

fn asked(estate: &Estate, since: Since) -> Answer {
    let (charter, findings) = Charter::of(estate);
    assert!(findings.is_empty(), "{findings:#?}");
    let standings = [standing(estate, None)];
    let findings = charter::check_told(estate, &charter, TODAY, &Told::default());
    judge(&Question {
        estate,
        charter: &charter,
        policy: charter.disband.as_ref(),
        standings: &standings,
        since: &[since],
        held_for_days: charter
            .disband
            .as_ref()
            .map_or(90, |policy| policy.held_for_days),
        findings: &findings,
        today: TODAY,
    })
}

fn witness(day: Date, left: usize) -> Witness {
    Witness {
        commit: "0123456789abcdef".to_owned(),
        day,
        left,
    }
}

fn always() -> Since {
    Since::Always(witness(date(2025, 11, 1), 0))
}

fn told(task: &Task) -> String {
    let names: Vec<&str> = task.things.iter().map(|one| one.name.as_str()).collect();
    let who = task.who.as_deref().unwrap_or("-");
    format!("{who}: {} [{}]", task.what, names.join(", "))
}

fn tasks(answer: &Answer) -> Vec<String> {
    answer.tasks.iter().map(told).collect()
}

#[test]
fn it_is_over_when_all_is_handed_over_and_has_held() {
    let away = away("").replace("owner: infra", "owner: movers");
    let estate = whole(&[
        ("charter.yaml", CHARTER),
        ("migrations/away.yaml", &away),
        ("services/mail.yaml", &sound("web", &["new"])),
        (
            "accounts/old.yaml",
            "provider: cloud\nid: old-1\nholder: vendor\nowner: infra\n",
        ),
        (
            "accounts/new.yaml",
            "provider: cloud\nid: new-1\nholder: community\nowner: infra\n",
        ),
    ]);
    let answer = asked(&estate, always());
    assert_eq!(tasks(&answer), [""; 0]);
    assert!(answer.yes && answer.criteria.len() == 6);
    let held = answer.criteria.iter().find(|one| one.id == "held").unwrap();
    assert_eq!(
        held.evidence,
        ["away: nothing was left in commit 0123456789 of 2025-11-01, nor since"]
    );
}

#[test]
fn no_says_what_would_make_it_yes_a_line_a_task() {
    let away = away("exceptions: [{where: 'name == \"kept\"', reason: r, decision: club#9}]\n")
        .replace("owner: infra", "owner: movers");
    let charter = format!("infrastructure: movers\n{CHARTER}");
    let estate = whole(&[
        ("charter.yaml", &charter),
        ("migrations/away.yaml", &away),
        ("services/mail.yaml", &sound("web", &["old"])),
        ("services/kept.yaml", &sound("web", &["old"])),
        ("services/site.yaml", &sound("movers", &["new"])),
        ("services/bare.yaml", &service("web", &["new"], "")),
        ("zones/club.example.yaml", "owner: movers\n"),
        (
            "accounts/old.yaml",
            "provider: cloud\nid: old-1\nholder: vendor\nowner: infra\n",
        ),
        (
            "accounts/new.yaml",
            "provider: cloud\nid: new-1\nholder: community\n",
        ),
    ]);
    let answer = asked(&estate, Since::Not);
    assert!(!answer.yes);
    let tasks = tasks(&answer);
    assert_eq!(
        tasks,
        [
            "web: move or retire 1 thing of away [mail]",
            "-: then wait 30 days in which nothing of away is left []",
            "movers: move 1 thing of away that is excepted (club#9; it has no end) [kept]",
            "movers: find owners for 1 of accounts that nobody owns [new]",
            "movers: hand 1 service, 1 zone over to other owners [site, club.example]",
            "movers: name somebody else in the charter in 1 place [infrastructure]",
            "web: mend what keeps 1 service running [bare (minimum-staff)]",
        ]
    );
}

#[test]
fn a_goal_that_holds_for_too_short_a_time_waits_for_a_day() {
    let estate = whole(&[
        ("charter.yaml", CHARTER),
        ("migrations/away.yaml", &away("")),
        ("services/mail.yaml", &sound("web", &["new"])),
        (
            "accounts/old.yaml",
            "provider: cloud\nid: old-1\nholder: vendor\nowner: infra\n",
        ),
        (
            "accounts/new.yaml",
            "provider: cloud\nid: new-1\nholder: community\nowner: infra\n",
        ),
    ]);
    let began = date(2025, 12, 20);
    let since = |first| Since::Commit {
        first: witness(first, 0),
        before: Some(witness(date(2025, 12, 1), 3)),
    };
    let wait =
        ["-: wait until 2026-01-19: then nothing of away will have been left for 30 days []"];
    assert_eq!(tasks(&asked(&estate, since(began))), wait);
    assert_eq!(
        tasks(&asked(&estate, Since::TooShort(witness(began, 0)))),
        wait
    );
    // Thirty days to the day are enough.
    assert!(asked(&estate, since(date(2025, 12, 2))).yes);
    assert!(!asked(&estate, since(date(2025, 12, 3))).yes);
    let unknown = asked(&estate, Since::Unknown("there is no Git".to_owned()));
    assert!(!unknown.yes);
    assert!(unknown.criteria[1].evidence[0].contains("there is no Git"));
}
