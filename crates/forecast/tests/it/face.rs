//! What a forecast promises, whatever the series.

use forecast::{History, Model, TooShort, forecast};
use proptest::prelude::*;

use crate::series::{clean, spending};

#[test]
fn under_sixty_days_there_is_a_run_rate_and_nothing_else() {
    let series = clean(1, 300, 0.04);
    let short = forecast(&series.until(59), 28).unwrap_err();
    let mean = series.values[31..59].iter().sum::<f64>() / 28.0;
    assert_eq!(short.days, 59);
    assert!((short.run_rate.unwrap() / mean - 1.0).abs() < 1e-12);
    assert!(short.to_string().starts_with("59 days are too few"));
    assert!(forecast(&series.until(75), 28).is_ok());
    let none = forecast(&series.until(0), 28).unwrap_err();
    assert_eq!(
        none,
        TooShort {
            days: 0,
            run_rate: None
        }
    );
}

#[test]
fn the_model_is_among_those_tried_and_its_errors_are_told() {
    let forecast = forecast(&spending(0).history(), 28).unwrap();
    let tried: Vec<Model> = forecast
        .backtest
        .tried
        .iter()
        .map(|tried| tried.model)
        .collect();
    assert_eq!(tried, Model::ALL);
    assert!(forecast.backtest.origins >= 60);
    assert!((0.001..0.2).contains(&forecast.backtest.error));
    assert!((0.5..=1.0).contains(&forecast.backtest.coverage.unwrap()));
    assert!(forecast.measured_days >= 91);
}

#[test]
fn after_a_shift_it_goes_on_from_the_new_level() {
    let mut series = clean(2, 300, 0.03);
    for value in &mut series.values[260..] {
        *value *= 0.6;
    }
    let forecast = forecast(&series.history(), 28).unwrap();
    let shift = forecast.shift.unwrap();
    assert!((258..=262).contains(&shift), "{shift}");
    let last: f64 = series.values[272..].iter().sum();
    assert!((forecast.total(28).p50 / last - 1.0).abs() < 0.08);
}

#[test]
fn incomplete_last_days_are_nothing_to_learn_from() {
    let series = clean(5, 200, 0.03);
    let mut values = series.values.clone();
    values[198] *= 0.5;
    values[199] = 0.0;
    let mut left_out = vec![false; 200];
    left_out[198..].fill(true);
    let history = History {
        values: &values,
        left_out: &left_out,
        ..series.history()
    };
    let with = forecast(&history, 30).unwrap().total(28).p50;
    let without = forecast(&series.until(198), 30).unwrap().total(28).p50;
    assert!((with / without - 1.0).abs() < 0.02, "{with} and {without}");
}

#[test]
fn what_begins_after_months_of_next_to_nothing_is_not_expected_to_be_a_thousandfold() {
    for before in [0.0, 0.001] {
        let mut values = vec![before; 160];
        values[100..].fill(80.0);
        let history = History {
            values: &values,
            first_weekday: 0,
            left_out: &[],
        };
        let total = forecast(&history, 28).unwrap().total(28);
        assert!((total.p50 / (28.0 * 80.0) - 1.0).abs() < 0.05, "{total:?}");
        assert!(total.p90 < 5.0 * total.p50, "{total:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn intervals_are_in_order_and_widen_with_their_days(number in 0..1_000_u64, until in 80..540_usize) {
        let series = spending(number);
        let forecast = forecast(&series.until(until), 400).unwrap();
        let mut wide = 0.0;
        for days in 0..=400 {
            let total = forecast.total(days);
            prop_assert!(total.p10 <= total.p50 && total.p50 <= total.p90);
            prop_assert!(total.p90 - total.p50 >= wide * 0.999);
            wide = total.p90 - total.p50;
        }
        prop_assert_eq!(forecast.total(1_000), forecast.total(400));
    }

    #[test]
    fn another_unit_of_money_changes_nothing_else(number in 0..1_000_u64, unit in 0.001..1_000.0_f64) {
        let series = spending(number);
        let scaled: Vec<f64> = series.values.iter().map(|value| value * unit).collect();
        let one = forecast(&series.history(), 60).unwrap();
        let other = forecast(&History { values: &scaled, ..series.history() }, 60).unwrap();
        prop_assert_eq!(one.model, other.model);
        prop_assert!((other.total(28).p50 / unit / one.total(28).p50 - 1.0).abs() < 1e-3);
        prop_assert!((other.total(28).p90 / unit / one.total(28).p90 - 1.0).abs() < 1e-2);
    }

    #[test]
    fn any_numbers_give_a_forecast_of_numbers_or_say_why_not(
        values in prop::collection::vec(
            prop_oneof![6 => 0.0..1e6_f64, 2 => Just(0.0), 1 => Just(f64::NAN), 1 => Just(-1e9)],
            0..250,
        ),
        first_weekday in 0..7_u8,
    ) {
        let history = History { values: &values, first_weekday, left_out: &[] };
        match forecast(&history, 90) {
            Ok(forecast) => {
                let total = forecast.total(90);
                prop_assert!(total.p10.is_finite() && total.p50.is_finite() && total.p90.is_finite());
                prop_assert!(forecast.backtest.error.is_finite());
            }
            Err(short) => prop_assert!(short.days <= 250),
        }
    }
}
