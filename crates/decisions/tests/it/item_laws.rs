//! What holds of every story: looking later changes nothing that was, nor does hearing of
//! something twice, nor the order of what was received in the same instant.

use decisions::item::{Entry, Happened, Record, State, record};
use proptest::prelude::*;

use crate::item::{Story, start};

/// Procedures that between them have everything.
const PROCEDURES: [&str; 5] = [
    "{notice: {to: [a@example.org, b@example.org]}, consult: {groups: [asked], silence: consents}, lazy: {period: 72h, support: 1}, \
      objection: {ttl: 48h, restarts: true}, amend: {period: 36h, max: 150h}, expires: 400h}",
    "{notice: {to: [a@example.org]}, review: {count: 1, by: [reviewers]}, lazy: {period: 60h, support: 0}, \
      vote: {threshold: 1/2, relation: \">\", base: members, min_open: 12h, max_open: 48h, close: decided}, \
      objection: {ttl: 24h}, amend: {period: 36h, max: 150h}, escalate: {to: public, after: 300h}}",
    "{second: {count: 1, within: 50h}, vote: {threshold: 2/3, relation: \">=\", base: eligible, quorum: 2, max_open: 60h, close: decided}, \
      veto: {by: [public], count: 2, within: 60h, overridden: {by: [council], count: 2, within: 30h}}, \
      appeal: {by: [reviewers], count: 1, within: 70h, to: public, decide_within: 900h}, expires: 400h}",
    "{sign_off: {share: 1/2, relation: \">=\", outstanding: 2}, notice: {to: [a@example.org]}, lazy: {period: 48h, support: 0}, \
      objection: {ttl: 48h, restarts: true}, amend: {period: 24h, max: 300h}, expires: 400h}",
    "{vote: {threshold: 1/2, relation: \">\", base: cast, quorum: 1, max_open: 30h}, \
      ratify: {by: [public], within: 50h, objections: 2, mode: after, vote: {threshold: 1/2, relation: \">\", base: cast, max_open: 40h, close: decided}}, expires: 400h}",
];

const WHO: [&str; 10] = [
    "ada", "ben", "cy", "dee", "eve", "mia", "ned", "rex", "tom", "zoe",
];

const WHAT: [&str; 29] = [
    "- told a@example.org",
    "- told b@example.org",
    "- told a@example.org",
    "- bounced b@example.org",
    "amend t1",
    "amend t2",
    "minor t3",
    "contest e",
    "second",
    "approve",
    "approve",
    "ack asked",
    "object",
    "object",
    "answer e",
    "withdraw e",
    "call",
    "yes",
    "yes",
    "yes",
    "no",
    "abstain",
    "recuse",
    "hold",
    "veto",
    "override e",
    "appeal",
    "escalate",
    "retract",
];

/// Steps: what happens after how many quarters of an hour, by whom, about which earlier act.
type Steps = Vec<(u32, usize, usize, usize)>;

fn steps() -> impl Strategy<Value = Steps> {
    prop::collection::vec(
        (0_u32..160, 0..WHO.len(), 0..WHAT.len(), 0_usize..30),
        0..30,
    )
}

/// Tells the steps; the proposal is first, and acts that speak of another name an earlier one.
fn tell(procedure: &str, steps: &Steps) -> Story {
    let mut story = Story::of(procedure, "0h ada proposes #e0");
    let mut minutes = 0;
    for (at, (after, who, what, which)) in steps.iter().enumerate() {
        minutes += after * 15;
        let time = format!("{}h+{}ms", minutes / 60, minutes % 60 * 60_000);
        let what = WHAT[*what].replace(" e", &format!(" e{}", which % (at + 1)));
        let line = match what.strip_prefix("- ") {
            Some(what) => format!("{time} - {what}"),
            None => format!("{time} {} {what} #e{}", WHO[*who], at + 1),
        };
        story.then(&line);
    }
    story
}

fn at(story: &Story, entries: &[Entry], minutes: u32) -> Record {
    let now = start() + jiff::SignedDuration::from_mins(i64::from(minutes));
    record(&story.basis, entries, now)
}

fn is_act(entry: &Entry) -> bool {
    matches!(entry.what, Happened::Act(_))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn looking_later_changes_nothing_that_was(
        procedure in 0..PROCEDURES.len(), steps in steps(), cuts in prop::collection::vec(0_u32..40_000, 1..6),
    ) {
        let story = tell(PROCEDURES[procedure], &steps);
        let last = at(&story, &story.entries, 1_000_000);
        for cut in cuts {
            let early = at(&story, &story.entries, cut);
            prop_assert!(last.history.starts_with(&early.history), "{:?}\n{:?}", early.history, last.history);
            prop_assert!(last.ignored.starts_with(&early.ignored));
            // What is shown as the state is what the history ends with, at every moment.
            let state = early.history.last().map_or(State::Draft, |step| step.state);
            prop_assert_eq!(early.state, state);
            prop_assert_eq!(early.since, early.history.last().map(|step| step.at));
            // Whoever looks at each moment sees the same as who looks once.
            if let Some(next) = early.next {
                let before = next - jiff::SignedDuration::from_millis(1);
                let quiet = story.entries.iter().all(|entry| entry.at <= early_now(cut) || entry.at > before);
                if quiet && before > early_now(cut) {
                    prop_assert_eq!(record(&story.basis, &story.entries, before).history, early.history);
                }
            }
        }
        prop_assert!(last.history.is_sorted_by_key(|step| step.at));
        let over = last.history.iter().position(|step| step.state.is_over());
        prop_assert!(over.is_none_or(|over| over + 1 == last.history.len()));
    }

    #[test]
    fn hearing_of_it_twice_changes_nothing(
        procedure in 0..PROCEDURES.len(), steps in steps(), again in prop::collection::vec(0_usize..40, 0..10),
    ) {
        let story = tell(PROCEDURES[procedure], &steps);
        let once = at(&story, &story.entries, 1_000_000);
        let twice: Vec<Entry> = story.entries.iter().flat_map(|entry| [entry.clone(), entry.clone()]).collect();
        prop_assert_eq!(&at(&story, &twice, 1_000_000), &once);
        // Acts that come again at some later time.
        let mut late = story.entries.clone();
        for which in again {
            let place = which % late.len();
            let entry = late[place].clone();
            if is_act(&entry) {
                let place = (place + 1 + which * 7 % 11).min(late.len());
                let time = late[place - 1].at;
                late.insert(place, Entry { at: time, ..entry });
            }
        }
        prop_assert_eq!(&at(&story, &late, 1_000_000), &once);
    }

    #[test]
    fn the_order_of_one_instant_does_not_change_the_outcome(
        choices in prop::collection::vec(0_usize..3, 5), shift in 0_usize..5, second in 0_usize..5,
    ) {
        let lazy = "{review: {count: 2, by: [reviewers]}, lazy: {period: 72h, support: 0}, notice: {to: [a@example.org]}, \
                     vote: {threshold: 1/2, relation: \">\", base: cast, max_open: 48h}, expires: 400h}";
        let words = ["yes", "no", "abstain"];
        let mut lines: Vec<String> = (0..5).map(|who| format!("2h {} {}", WHO[who], words[choices[who]])).collect();
        lines.push("2h rex approve".to_owned());
        lines.push("2h sue approve".to_owned());
        let open = "0h - told a@example.org; 0h zoe proposes; 1h ada call;";
        let plain = Story::of(lazy, &format!("{open} {}", lines.join(";")));
        lines.rotate_left(shift);
        lines.swap(0, second);
        let mixed = Story::of(lazy, &format!("{open} {}", lines.join(";")));
        let (plain, mixed) = (plain.at("999h"), mixed.at("999h"));
        prop_assert_eq!(plain.state, mixed.state);
        prop_assert_eq!(plain.since, mixed.since);
        prop_assert_eq!(plain.count, mixed.count);
        prop_assert_eq!(plain.approvals, mixed.approvals);
    }
}

fn early_now(minutes: u32) -> jiff::Timestamp {
    start() + jiff::SignedDuration::from_mins(i64::from(minutes))
}
