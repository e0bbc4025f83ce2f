//! Grants that pay the same bills, day by day until they end.

use base::{Decimal, Month};
use jiff::civil::Date;

use crate::outlook::{Days, Path, after};

/// A grant, of those that pay the same bills.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// The days whose charges it pays.
    pub(super) days: Days,
    /// What is left of it at the end of the last day that is known.
    pub(super) left: Decimal,
}

/// How a grant goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The day on which its last is drawn; nothing if it ends before.
    pub(super) used_up: Option<Date>,
    /// What is left when its last day is over.
    pub(super) unused: Decimal,
    /// What is left at the end of each month of its days, and on the last of them.
    pub(super) balance: Vec<(Date, Decimal)>,
}

/// Draws from the first that has something left, each day of a path.
pub(super) fn run(path: &Path, members: &[Member]) -> Vec<Outcome> {
    let start = |member: &Member| Outcome {
        used_up: None,
        unused: member.left.max(Decimal::ZERO),
        balance: Vec::new(),
    };
    let mut outcomes: Vec<Outcome> = members.iter().map(start).collect();
    let mut before = Decimal::ZERO;
    let mut day = path.from;
    for &total in &path.totals {
        let mut rest = total - before;
        before = total;
        let last_of_month = Month::of(day).last_day() == day;
        for (member, outcome) in members.iter().zip(&mut outcomes) {
            if !member.days.contains(day) {
                continue;
            }
            let part = rest.min(outcome.unused);
            if part > Decimal::ZERO {
                rest -= part;
                outcome.unused -= part;
                if outcome.unused.is_zero() {
                    outcome.used_up = Some(day);
                }
            }
            if last_of_month || day == member.days.until {
                outcome.balance.push((day, outcome.unused));
            }
        }
        day = after(day, 1);
    }
    outcomes
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn path(a_day: i64, days: i64) -> Path {
        Path {
            from: date(2026, 1, 1),
            totals: (1..=days).map(|day| Decimal::whole(a_day * day)).collect(),
        }
    }

    fn member(from: Date, until: Date, left: i64) -> Member {
        Member {
            days: Days { from, until },
            left: Decimal::whole(left),
        }
    }

    #[test]
    fn the_next_grant_pays_when_the_first_is_used_up() {
        let (from, until) = (date(2025, 1, 1), date(2026, 3, 31));
        let one = member(from, until, 105);
        let next = member(date(2026, 1, 11), until, 1000);
        let outcomes = run(&path(10, 90), &[one, next]);
        assert_eq!(outcomes[0].used_up, Some(date(2026, 1, 11)));
        assert_eq!(outcomes[0].unused, Decimal::ZERO);
        // 90 days cost 900, of which the first paid 105.
        assert_eq!(outcomes[1].unused, Decimal::whole(1000 - 795));
        let balance: Vec<Date> = outcomes[1].balance.iter().map(|(day, _)| *day).collect();
        assert_eq!(
            balance,
            [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
        );
    }

    #[test]
    fn what_is_left_on_the_last_day_is_unused() {
        let one = member(date(2025, 1, 1), date(2026, 1, 10), 1000);
        let [outcome] = &run(&path(10, 90), &[one])[..] else {
            panic!("one grant")
        };
        assert_eq!(
            (outcome.used_up, outcome.unused),
            (None, Decimal::whole(900))
        );
    }
}
