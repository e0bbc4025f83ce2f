//! What is expected, as people read it.

use base::{Currency, Decimal};
use jiff::civil::Date;

use crate::outlook::Money;
use crate::outlook::expected::{Expected, Range, Trust};

/// An amount: `$1,200,000 ($1,100,000 to $1,300,000 in 8 of 10 cases)`.
pub fn amount(expected: Expected<Decimal>, currency: Currency) -> String {
    let money = |amount| format!("{:.0}", Money::new(amount, currency));
    match expected {
        Expected::Range(Range { p10, p50, p90 }) => format!(
            "{} ({} to {} in 8 of 10 cases)",
            money(p50),
            money(p10),
            money(p90)
        ),
        Expected::RunRate(value) => format!("{} at the rate of the last days", money(value)),
        Expected::Known(value) => money(value),
        Expected::Unknown => "not known".to_owned(),
    }
}

/// A day: `2026-12-20 (2026-12-10 to 2027-01-15 in 8 of 10 cases)`.
pub fn day(expected: Expected<Date>) -> String {
    match expected {
        Expected::Range(Range { p10, p50, p90 }) if p10 == p90 => p50.to_string(),
        Expected::Range(Range { p10, p50, p90 }) => {
            format!("{p50} ({p10} to {p90} in 8 of 10 cases)")
        }
        Expected::RunRate(day) => format!("{day} at the rate of the last days"),
        Expected::Known(day) => day.to_string(),
        Expected::Unknown => "not known".to_owned(),
    }
}

/// A day by which something may happen: `2026-12-20 (2026-12-10 at the earliest ...)`; `never`
/// says what it is if it does not.
pub fn day_if(expected: Expected<Option<Date>>, never: &str) -> String {
    let or_never = |day: Option<Date>| day.map_or_else(|| never.to_owned(), |day| day.to_string());
    match expected {
        Expected::Range(Range { p10, p50, p90 }) if p10 == p90 => or_never(p50),
        Expected::Range(Range { p10, p50, p90 }) => format!(
            "{} ({} to {} in 8 of 10 cases)",
            or_never(p50),
            or_never(p10),
            or_never(p90)
        ),
        Expected::RunRate(day) => format!("{} at the rate of the last days", or_never(day)),
        Expected::Known(day) => or_never(day),
        Expected::Unknown => "not known".to_owned(),
    }
}

/// How far a forecast can be trusted, as a sentence.
pub fn trust(trust: &Trust) -> String {
    match trust {
        Trust::Measured {
            model,
            error_percent,
            coverage_percent,
        } => {
            let held = coverage_percent.map_or_else(String::new, |held| {
                format!(", and {held:.0}% of them were within the range that is to hold 80%")
            });
            format!(
                "Forecast by {model}: totals of 28 days were {error_percent:.1}% off in the past{held}."
            )
        }
        Trust::TooShort { days, needed } => format!(
            "{} with complete charges: {needed} are needed to say how far a forecast is off.",
            base::counted(*days, "day is known", "days are known")
        ),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_is_only_a_rate_says_so() {
        let whole = |number| Decimal::whole(number);
        let range = Range {
            p10: whole(900),
            p50: whole(1200),
            p90: whole(1500),
        };
        let text = amount(Expected::Range(range), Currency::USD);
        assert_eq!(text, "$1,200 ($900 to $1,500 in 8 of 10 cases)");
        let text = amount(Expected::RunRate(whole(5)), Currency::USD);
        assert_eq!(text, "$5 at the rate of the last days");
        let days = Range {
            p10: Some(date(2026, 1, 2)),
            p50: None,
            p90: None,
        };
        let text = day_if(Expected::Range(days), "not this year");
        assert_eq!(
            text,
            "not this year (2026-01-02 to not this year in 8 of 10 cases)"
        );
        let short = Trust::TooShort {
            days: 1,
            needed: 60,
        };
        assert_eq!(
            trust(&short),
            "1 day is known with complete charges: 60 are needed to say how far a forecast is off."
        );
    }
}
