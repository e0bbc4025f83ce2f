//! What is told, and that it is told once.

use std::collections::BTreeMap;

use base::{Currency, Decimal, SourceMap};
use estate::{Estate, MemoryTree};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use spend::alerts::{
    Alert, Change, Circumstances, Fact, Holding, State, Told, Unallocated, UnusualCost, facts, step,
};
use spend::budgets::Budgets;
use spend::cells::Cube;
use spend::grants::Grants;
use spend::outlook::{Known, after};
use spend::settings::Settings;

use crate::bills::{Bills, CREDIT, USAGE, days, estate};

const BUDGET: &str = "amount: 1000\ncurrency: USD\nowner: infra\nperiod: month\nthresholds:\n  \
                      - {at: 80, action: turn off the tests at scale, notify: [money@example.org]}\n";

fn found(cube: &Cube, estate: &Estate, today: Date, events: &[UnusualCost]) -> Vec<Fact> {
    let known = Known::of(cube, today, 2);
    facts(&Circumstances {
        estate,
        settings: &Settings::default(),
        today,
        budgets: &Budgets::of(&known, estate),
        grants: &Grants::of(&known, estate),
        events,
        unallocated: &[],
        quotas: &[],
    })
}

fn written(state: &State) -> String {
    serde_json::to_string(state).expect("a state is JSON")
}

fn read(text: &str) -> State {
    serde_json::from_str(text).expect("a state")
}

/// A run of each day, each with the state that the one before wrote down.
fn run(state: &mut String, cube: &Cube, estate: &Estate, today: Date) -> Vec<Alert> {
    let before = read(state);
    let (after, alerts) = step(&before, &found(cube, estate, today, &[]), today);
    *state = written(&after);
    alerts
}

fn spent(from: Date, until: Date, a_day: &str) -> Cube {
    Bills::default()
        .daily(USAGE, days(from, until), a_day)
        .cube()
}

#[test]
fn a_threshold_is_told_once_in_each_period() {
    let estate = estate(&[("budgets/all.yaml", BUDGET)]);
    let cube = spent(date(2026, 1, 1), date(2026, 3, 31), "40");
    let mut state = written(&State::default());
    let mut told = Vec::new();
    for count in 0..90 {
        let today = after(date(2026, 1, 3), count);
        // Of later days nothing is known yet.
        let mut known = cube.clone();
        known.days.retain(|cell| cell.day < today);
        for alert in run(&mut state, &known, &estate, today) {
            told.push((today, alert.id));
        }
    }
    // 40 a day are 800 on the 20th, which is complete on the 23rd.
    let id = |period| format!("budget/all/{period}/actual-80");
    let expected = [
        (date(2026, 1, 23), id("2026-01-01..2026-01-31")),
        (date(2026, 2, 23), id("2026-02-01..2026-02-28")),
        (date(2026, 3, 23), id("2026-03-01..2026-03-31")),
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_is_told_names_the_amounts_what_to_do_and_who_does_it() {
    let estate = estate(&[("budgets/all.yaml", BUDGET)]);
    let cube = spent(date(2026, 1, 1), date(2026, 1, 25), "40");
    let mut state = written(&State::default());
    let [alert] = &run(&mut state, &cube, &estate, date(2026, 1, 26))[..] else {
        panic!("one alert");
    };
    assert_eq!(alert.change, Change::Raised);
    assert_eq!(alert.subject, "Budget all: 80% is spent");
    assert_eq!(alert.to, [Told::Address("money@example.org".to_owned())]);
    let expected = "Budget all: $1,000.00 for everything, 2026-01-01 to 2026-01-31\n\n\
        80% is $800.00. $920.00 was spent up to 2026-01-23: 92.0%. That was reached on 2026-01-20.\n\
        By 2026-01-31: $1,240 at the rate of the last days\n\
        All of it is spent: 2026-01-25 at the rate of the last days\n\
        23 days are known with complete charges: 60 are needed to say how far a forecast is off.\n\n\
        To do: turn off the tests at scale\n\
        Who: group infra. Told: money@example.org.\n";
    assert_eq!(alert.body, expected);
}

#[test]
fn what_was_told_is_withdrawn_with_a_note_when_bills_are_put_right_and_told_again_after() {
    let estate = estate(&[("budgets/all.yaml", BUDGET)]);
    let mut state = written(&State::default());
    let high = spent(date(2026, 1, 1), date(2026, 1, 25), "40");
    let low = spent(date(2026, 1, 1), date(2026, 1, 26), "30");
    let changes = |alerts: Vec<Alert>| -> Vec<Change> {
        alerts.into_iter().map(|alert| alert.change).collect()
    };
    let raised = run(&mut state, &high, &estate, date(2026, 1, 26));
    assert_eq!(changes(raised), [Change::Raised]);
    let [withdrawn] = &run(&mut state, &low, &estate, date(2026, 1, 27))[..] else {
        panic!("one alert");
    };
    assert_eq!(withdrawn.change, Change::Withdrawn);
    assert_eq!(withdrawn.subject, "Withdrawn: Budget all: 80% is spent");
    for part in [
        "On 2026-01-26 it was told: Budget all: 80% is spent.",
        "80% is $800.00. $720.00 was spent up to 2026-01-24: 72.0%.",
    ] {
        assert!(withdrawn.body.contains(part), "{}", withdrawn.body);
    }
    assert_eq!(run(&mut state, &low, &estate, date(2026, 1, 27)), []);
    let again = run(&mut state, &high, &estate, date(2026, 1, 28));
    assert_eq!(changes(again), [Change::Raised]);
}

#[test]
fn the_last_days_which_are_not_complete_raise_nothing() {
    let estate = estate(&[("budgets/all.yaml", BUDGET)]);
    let mut bills = Bills::default();
    bills.daily(USAGE, days(date(2026, 1, 1), date(2026, 1, 10)), "1");
    bills.daily(USAGE, days(date(2026, 1, 11), date(2026, 1, 12)), "5000");
    let mut state = written(&State::default());
    assert_eq!(
        run(&mut state, &bills.cube(), &estate, date(2026, 1, 13)),
        []
    );
    let told = run(&mut state, &bills.cube(), &estate, date(2026, 1, 14));
    assert_eq!(told.len(), 1);
}

#[test]
fn what_could_not_be_told_is_told_by_the_next_run() {
    let estate = estate(&[("budgets/all.yaml", BUDGET)]);
    let cube = spent(date(2026, 1, 1), date(2026, 1, 25), "40");
    let today = date(2026, 1, 26);
    let facts = found(&cube, &estate, today, &[]);
    let (mut state, alerts) = step(&State::default(), &facts, today);
    state.owe(alerts[0].clone());
    let kept = read(&written(&state));
    assert_eq!(kept, state);
    let (state, again) = step(&kept, &facts, date(2026, 1, 27));
    assert_eq!(again, alerts);
    assert_eq!(step(&state, &facts, date(2026, 1, 28)).1, []);
    let id = "budget/all/2026-01-01..2026-01-31/actual-80";
    assert_eq!(state.standing().collect::<Vec<_>>(), [(id, today)]);
}

#[test]
fn a_state_that_is_not_readable_is_refused_and_not_taken_for_an_empty_one() {
    for text in [
        "",
        "{}",
        "[]",
        "{\"version\": 1, \"told\": 3}",
        "{\"version\": 2, \"told\": {}}",
    ] {
        assert!(serde_json::from_str::<State>(text).is_err(), "{text}");
    }
    // In its own fields too, and whatever else it has.
    for text in [
        "{\"version\": 2, \"told\": {}}",
        "{\"version\": 2, \"mail\": 1}",
    ] {
        let newer = serde_json::from_str::<State>(text).unwrap_err();
        assert!(newer.to_string().contains("use a newer one"), "{newer}");
    }
}

#[test]
fn a_period_that_ended_long_ago_is_not_told_at_first() {
    let estate = estate(&[("budgets/all.yaml", BUDGET)]);
    let mut bills = Bills::default();
    bills.daily(USAGE, days(date(2026, 1, 1), date(2026, 1, 31)), "40");
    bills.daily(USAGE, days(date(2026, 2, 1), date(2026, 2, 20)), "1");
    let cube = bills.cube();
    let mut state = written(&State::default());
    assert_eq!(run(&mut state, &cube, &estate, date(2026, 2, 20)), []);
    let mut state = written(&State::default());
    assert_eq!(run(&mut state, &cube, &estate, date(2026, 2, 5)).len(), 1);
}

#[test]
fn a_grant_that_ends_soon_is_told_with_the_command_that_writes_the_request() {
    let grant = "giver: Amazon\nprovider: AWS\namount: 178000\ncurrency: USD\nstart: 2023-07-01\n\
                 end: 2024-06-30\nowner: infra\n";
    let estate = estate(&[("grants/aws.yaml", grant)]);
    let all = days(date(2023, 8, 1), date(2023, 8, 31));
    let mut bills = Bills::default();
    bills.daily(USAGE, all, "2709").daily(CREDIT, all, "-2709");
    let mut state = written(&State::default());
    let [alert] = &run(&mut state, &bills.cube(), &estate, date(2023, 9, 3))[..] else {
        panic!("one alert");
    };
    assert_eq!(alert.id, "grant/aws/2024-06-30/ask");
    assert_eq!(alert.to, [Told::Group("infra".to_owned())]);
    for part in [
        "$94,021.00 is left of $178,000.00.",
        "Its money ends: 2023-10-05 at the rate of the last days",
        "`commonhold spend renewal aws` writes the request",
    ] {
        assert!(alert.body.contains(part), "{}", alert.body);
    }
    assert_eq!(
        run(&mut state, &bills.cube(), &estate, date(2023, 9, 4)),
        []
    );
}

#[test]
fn a_grant_of_which_much_will_lapse_is_told_three_months_before() {
    let grant = "giver: G\nprovider: AWS\namount: 1000\ncurrency: USD\nstart: 2026-01-01\n\
                 end: 2026-12-31\nowner: infra\nrenewal: {ask_days_before: 0}\n";
    let estate = estate(&[("grants/aws.yaml", grant)]);
    let mut bills = Bills::default();
    let all = days(date(2026, 1, 1), date(2026, 12, 31));
    bills.daily(USAGE, all, "1").daily(CREDIT, all, "-1");
    let cube = bills.cube();
    let mut state = written(&State::default());
    let mut told = Vec::new();
    for today in [date(2026, 9, 1), date(2026, 10, 3), date(2026, 10, 20)] {
        let mut known = cube.clone();
        known.days.retain(|cell| cell.day < today);
        let alerts = run(&mut state, &known, &estate, today);
        told.extend(alerts.into_iter().map(|alert| (today, alert.id)));
    }
    let lapse = "grant/aws/2026-12-31/lapse".to_owned();
    assert_eq!(told, [(date(2026, 10, 3), lapse)]);
}

#[test]
fn a_new_event_is_told_once_and_an_old_or_settled_one_not_at_all() {
    let estate = estate(&[]);
    let event = |id: &str, until: Date, settled: bool| UnusualCost {
        id: id.to_owned(),
        also: vec!["wider".to_owned()],
        what: "AWS".to_owned(),
        days: days(after(until, -2), until),
        open: true,
        actual: Decimal::whole(1400),
        expected: Decimal::whole(1000),
        currency: Currency::USD,
        contributors: vec!["c5.large in project: $380.00 more".to_owned()],
        owner: None,
        settled,
    };
    let events = [
        event("new", date(2026, 3, 10), false),
        event("old", date(2025, 3, 10), false),
        event("settled", date(2026, 3, 10), true),
    ];
    let today = date(2026, 3, 13);
    let facts = found(&Cube::default(), &estate, today, &events);
    let (state, alerts) = step(&State::default(), &facts, today);
    let [alert] = &alerts[..] else {
        panic!("one alert: {alerts:?}");
    };
    assert_eq!(
        alert.subject,
        "AWS: $400 more than expected since 2026-03-08"
    );
    assert!(alert.body.contains("`commonhold spend acknowledge new`"));
    assert_eq!(step(&state, &facts, after(today, 1)).1, []);
    // It may be told under another id by and by.
    let mut later = event("narrower", date(2026, 3, 11), false);
    later.also.push("new".to_owned());
    let mut followed = state.clone();
    followed.follow(std::slice::from_ref(&later));
    let facts = found(&Cube::default(), &estate, after(today, 1), &[later]);
    assert_eq!(step(&followed, &facts, after(today, 1)).1, []);
    assert_eq!(step(&state, &facts, after(today, 1)).1.len(), 1);
    // It is gone when it is old, and that is no news.
    assert_eq!(step(&state, &[], after(today, 30)).1, []);
}

#[test]
fn what_nobody_owns_is_told_when_it_is_much_and_names_the_largest() {
    let cube = spent(date(2026, 1, 1), date(2026, 1, 25), "40");
    let known = Known::of(&cube, date(2026, 1, 26), 0);
    let nobodys = Unallocated::of(&known, Currency::USD, 10).expect("costs");
    assert_eq!(nobodys.share, Decimal::whole(100));
    assert_eq!(
        nobodys.largest,
        [("AWS, project".to_owned(), Decimal::whole(1000))]
    );
}

fn fact(id: u8, holds: Holding) -> Fact {
    Fact {
        id: format!("quota/cloud/{id}"),
        holds,
        subject: format!("Quota {id} will be reached"),
        title: "A quota".to_owned(),
        now: "99 of 100 were used.".to_owned(),
        details: Vec::new(),
        action: "ask for more".to_owned(),
        owner: "infra".to_owned(),
        to: vec![Told::Group("infra".to_owned())],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// However facts come and go: each is told, then taken back, then told again, and never twice
    /// in a row; what is near or not known changes nothing; and a restart on each day changes
    /// nothing either.
    #[test]
    fn each_fact_is_told_and_taken_back_by_turns(
        days in prop::collection::vec(prop::collection::vec((0u8..4, 0u8..4), 0..6), 1..20),
    ) {
        let mut kept = written(&State::default());
        let mut going = State::default();
        let mut stands: BTreeMap<String, bool> = BTreeMap::new();
        for (count, facts) in (0..).zip(days) {
            let today = after(date(2026, 1, 1), count);
            let holding = [Holding::Yes, Holding::Nearly, Holding::No, Holding::Unknown];
            let facts: Vec<Fact> = facts.iter().map(|(id, holds)| fact(*id, holding[usize::from(*holds)])).collect();
            let (next, alerts) = step(&going, &facts, today);
            let (restarted, same) = step(&read(&kept), &facts, today);
            prop_assert_eq!(&alerts, &same);
            prop_assert_eq!(&next, &restarted);
            for alert in alerts {
                let raised = alert.change == Change::Raised;
                let before = stands.insert(alert.id.clone(), raised);
                prop_assert_eq!(before.unwrap_or(false), !raised);
                let of = facts.iter().find(|fact| fact.id == alert.id).expect("its fact");
                prop_assert_eq!(of.holds, if raised { Holding::Yes } else { Holding::No });
            }
            // The same facts again are no news.
            prop_assert_eq!(step(&next, &facts, today).1, []);
            kept = written(&restarted);
            going = next;
        }
        let standing: Vec<&str> = going.standing().map(|(id, _)| id).collect();
        let expected: Vec<&str> = stands.iter().filter(|(_, raised)| **raised).map(|(id, _)| id.as_str()).collect();
        prop_assert_eq!(standing, expected);
    }
}

#[test]
fn what_was_told_is_forgotten_long_after_it_was_last_looked_at() {
    let today = date(2026, 1, 1);
    let (state, _) = step(&State::default(), &[fact(1, Holding::Yes)], today);
    let (kept, _) = step(&state, &[], after(today, 400));
    assert_eq!(kept.standing().count(), 1);
    let (gone, _) = step(&state, &[], after(today, 401));
    assert_eq!(gone.standing().count(), 0);
}

#[test]
fn who_is_told_is_a_channel_a_group_or_an_address_else_the_usual_ones_else_the_owner() {
    let settings = |text: &str| {
        let tree = MemoryTree::default().with("spend.yaml", text);
        let (settings, findings) = Settings::of(&tree, &mut SourceMap::default());
        assert!(findings.is_empty(), "{findings:#?}");
        settings
    };
    let channels = "alerts:\n  channels: {money: [treasurer@example.org, infra]}\n";
    let usual = format!("{channels}  to: [money]\n");
    let told = |settings: &Settings, notify: &str| -> Vec<Told> {
        let budget = format!(
            "amount: 10\ncurrency: USD\nowner: infra\nperiod: month\nthresholds: [{{at: 1, action: stop, notify: [{notify}]}}]\n"
        );
        let estate = estate(&[("budgets/all.yaml", &budget)]);
        let cube = spent(date(2026, 1, 1), date(2026, 1, 25), "40");
        let known = Known::of(&cube, date(2026, 1, 26), 2);
        let facts = facts(&Circumstances {
            estate: &estate,
            settings,
            today: known.today,
            budgets: &Budgets::of(&known, &estate),
            grants: &Grants::of(&known, &estate),
            events: &[],
            unallocated: &[],
            quotas: &[],
        });
        facts[0].to.clone()
    };
    let group = Told::Group("infra".to_owned());
    let mail = |address: &str| Told::Address(address.to_owned());
    let both = vec![group.clone(), mail("treasurer@example.org")];
    assert_eq!(told(&settings(channels), "money"), both);
    assert_eq!(
        told(&settings(channels), "a@example.org"),
        [mail("a@example.org")]
    );
    assert_eq!(
        told(&settings(channels), "group/infra"),
        std::slice::from_ref(&group)
    );
    // Nobody is meant, or only somebody who is not known.
    assert_eq!(told(&settings(&usual), ""), both);
    assert_eq!(told(&settings(&usual), "pager"), both);
    assert_eq!(told(&settings(channels), ""), [group]);
}
