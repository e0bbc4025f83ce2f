//! Which days a budget is for.

use base::Month;
use estate::Estate;
use estate::kinds::{BudgetPeriod, DayOfYear};
use jiff::civil::Date;

use crate::outlook::{Days, after};

/// The period of a budget that a day is in. Where there is only one, that, before it and after
/// it too; nothing if it is that of a grant which is not in the estate.
pub fn period(period: &BudgetPeriod, estate: &Estate, day: Date) -> Option<Days> {
    Some(match period {
        BudgetPeriod::Month => months(Month::of(day), 1),
        BudgetPeriod::Quarter => months(first_of(day, 3), 3),
        BudgetPeriod::Year => months(first_of(day, 12), 12),
        BudgetPeriod::Anniversary(of_year) => year_from(*of_year, day)?,
        BudgetPeriod::Custom { from, until } => Days {
            from: from.value,
            until: until.value,
        },
        BudgetPeriod::Grant(grant) => {
            let grant = &estate.find(grant)?.value;
            Days {
                from: grant.start,
                until: grant.end.value,
            }
        }
    })
}

/// The period before that which a day is in; nothing if there is only one.
pub fn period_before(of: &BudgetPeriod, estate: &Estate, day: Date) -> Option<Days> {
    match of {
        BudgetPeriod::Custom { .. } | BudgetPeriod::Grant(_) => None,
        BudgetPeriod::Month
        | BudgetPeriod::Quarter
        | BudgetPeriod::Year
        | BudgetPeriod::Anniversary(_) => {
            let now = period(of, estate, day)?;
            period(of, estate, after(now.from, -1))
        }
    }
}

/// So many months from one on.
fn months(first: Month, count: usize) -> Days {
    let each = std::iter::successors(Some(first), |month| month.next());
    let last = each.take(count).last().unwrap_or(first);
    Days {
        from: first.first_day(),
        until: last.last_day(),
    }
}

/// The first month of the so many of a year that a day is in.
fn first_of(day: Date, count: i8) -> Month {
    let number = (day.month() - 1) / count * count + 1;
    Month::new(day.year(), number).unwrap_or_else(|| Month::of(day))
}

fn year_from(of_year: DayOfYear, day: Date) -> Option<Days> {
    let begun = of_year.in_year(day.year()).filter(|first| *first <= day);
    let from = begun.or_else(|| of_year.in_year(day.year() - 1))?;
    let next = of_year.in_year(from.year() + 1)?;
    let until = after(next, -1);
    Some(Days { from, until })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn quarters_and_years_are_those_of_the_calendar() {
        let quarter = months(first_of(date(2026, 5, 31), 3), 3);
        assert_eq!(quarter.to_string(), "2026-04-01 to 2026-06-30");
        let last = months(first_of(date(2026, 12, 31), 3), 3);
        assert_eq!(last.to_string(), "2026-10-01 to 2026-12-31");
        let year = months(first_of(date(2028, 2, 29), 12), 12);
        assert_eq!((year.count(), year.from), (366, date(2028, 1, 1)));
    }
}
