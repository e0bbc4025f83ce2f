//! Events in generated series.

use forecast::{Direction, Event, History, Sensitivity, events};
use proptest::prelude::*;

use crate::series::{Dice, Series, clean};

const SERIES: u64 = 50;
const DAYS: usize = 628;
const MONTHS: usize = 20;

fn noise(seed: u64) -> f64 {
    [0.02, 0.03, 0.04, 0.06, 0.08][usize::try_from(seed % 5).expect("small")]
}

fn found(series: &History<'_>) -> Vec<Event> {
    events(series, &Sensitivity::default())
}

/// A series with two fifths more on three days, and the first of them.
fn raised(seed: u64) -> (Series, usize) {
    let mut series = clean(seed, 330, noise(seed));
    let at = Dice::new(seed).day(60, 320);
    for value in &mut series.values[at..at + 3] {
        *value *= 1.4;
    }
    (series, at)
}

#[test]
fn clean_series_have_at_most_one_event_in_a_hundred_months() {
    let count = (0..SERIES).map(|seed| found(&clean(seed, DAYS, noise(seed)).history()).len());
    let (count, months) = (count.sum::<usize>(), 50 * MONTHS);
    assert!(count * 100 <= months, "{count} in {months} months");
}

#[test]
fn three_days_with_two_fifths_more_are_one_event_found_on_its_first_or_second_day() {
    let mut at_once = 0;
    for seed in 0..SERIES {
        let (series, at) = raised(seed);
        let all = found(&series.history());
        let near = |event: &&Event| event.last + 7 >= at && event.first <= at + 9;
        let near: Vec<&Event> = all.iter().filter(near).collect();
        let [event] = near[..] else {
            panic!("{seed} at {at}: {near:?}");
        };
        assert_eq!(event.direction, Direction::Up);
        // A day that is low for its weekday is no unusual one even then, one that is high is.
        assert!(
            (at + 1..=at + 3).contains(&event.last),
            "{seed} at {at}: {event:?}"
        );
        assert!(
            (at..=at + 1).contains(&event.first),
            "{seed} at {at}: {event:?}"
        );
        assert!(
            (at..=at + 1).contains(&event.found),
            "{seed} at {at}: {event:?}"
        );
        at_once += usize::from(event.found == at);
    }
    assert!(at_once >= 40, "{at_once} on their first day");
}

#[test]
fn an_event_keeps_its_first_day_as_days_are_added() {
    for seed in 0..SERIES {
        let (series, at) = raised(seed);
        let whole = found(&series.history());
        let event = whole
            .iter()
            .find(|event| event.first <= at + 1 && event.last >= at)
            .unwrap();
        for until in event.found + 1..(at + 40).min(330) {
            let then = found(&series.until(until));
            let then = then.iter().find(|then| then.first == event.first);
            let then = then.unwrap_or_else(|| panic!("{seed} at {at}, known until {until}"));
            assert_eq!((then.found, then.direction), (event.found, event.direction));
        }
    }
}

#[test]
fn a_new_level_is_one_event_and_then_what_is_expected() {
    let mut series = clean(3, 300, 0.03);
    for value in &mut series.values[200..] {
        *value *= 1.5;
    }
    let all = found(&series.history());
    let [event] = &all[..] else {
        panic!("{all:?}");
    };
    assert_eq!(
        (event.first, event.level_since, event.open),
        (200, Some(213), false)
    );
    let returned = {
        series.values[240..]
            .iter_mut()
            .for_each(|value| *value /= 1.5);
        found(&series.history())
    };
    let [event] = &returned[..] else {
        panic!("{returned:?}");
    };
    assert_eq!(
        (event.first, event.last, event.level_since),
        (200, 239, None)
    );
}

#[test]
fn days_that_are_left_out_are_neither_events_nor_the_end_of_one() {
    let mut series = clean(4, 200, 0.03);
    series.values[150] = 0.0;
    series.values[160] *= 2.0;
    series.values[161] = f64::NAN;
    series.values[162] *= 2.0;
    let mut left_out = vec![false; 200];
    left_out[150] = true;
    let history = History {
        left_out: &left_out,
        ..series.history()
    };
    let all = found(&history);
    let days: Vec<_> = all.iter().map(|event| (event.first, event.last)).collect();
    assert_eq!(days, [(160, 162)]);
}

#[test]
fn what_is_too_small_in_units_or_in_share_is_no_event() {
    let (series, at) = raised(1);
    let of = |absolute, relative| {
        let sensitivity = Sensitivity {
            absolute,
            relative,
            ..Sensitivity::default()
        };
        let events = events(&series.history(), &sensitivity);
        events
            .iter()
            .any(|event| event.first <= at + 2 && event.last >= at)
    };
    assert!(of(0.0, 0.2));
    assert!(!of(0.0, 0.9));
    assert!(!of(series.values[at], 0.2));
}

proptest! {
    #[test]
    fn any_numbers_give_events_in_order_within_the_days(
        values in prop::collection::vec(
            prop_oneof![4 => -10.0..1e6_f64, 1 => Just(0.0), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)],
            0..200,
        ),
        first_weekday in 0..7_u8,
    ) {
        let history = History { values: &values, first_weekday, left_out: &[] };
        let all = found(&history);
        for event in &all {
            prop_assert!(event.first <= event.found && event.found < values.len());
            prop_assert!(event.first <= event.last && event.last < values.len());
            prop_assert!(event.first >= 28 && event.peak.is_finite() && event.actual.is_finite());
        }
        for pair in all.windows(2) {
            prop_assert!(pair[0].last < pair[1].first);
        }
    }
}
