//! Amounts as people read them.

use std::fmt;

use base::{Currency, Decimal};
use serde::Serialize;

use crate::cells::DayCell;

/// An amount in its currency; exact, and rounded only where it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Money {
    /// The amount.
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
}

impl Money {
    /// An amount in a currency.
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }
}

impl fmt::Display for Money {
    /// `$1,420,892.86`; with as many digits as the currency has, or as are asked for: `{:.0}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.currency.digits() as usize;
        let digits = f.precision().unwrap_or(own);
        let number = format!("{:.digits$}", self.amount.abs());
        let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
        let point = if fraction.is_empty() { "" } else { "." };
        let nothing = number.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let minus = if self.amount.is_negative() && !nothing {
            "-"
        } else {
            ""
        };
        let sign = self.currency.sign();
        write!(f, "{minus}{sign}{}{point}{fraction}", grouped(whole))
    }
}

/// Digits with a comma before each three.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Three numbers that are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Costs {
    /// What it costs before grants pay for it: the effective cost of all but credits.
    pub gross: Decimal,
    /// What it costs after grants: the effective cost of all.
    pub net: Decimal,
    /// What grants paid: what credits took away.
    pub drawn: Decimal,
}

impl Costs {
    /// Adds a cell.
    pub fn add(&mut self, cell: &DayCell) {
        self.gross += cell.gross();
        self.net += cell.net();
        self.drawn += cell.drawn();
    }
}

/// How many per cent a part is of a whole; nothing of nothing.
pub fn percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    let hundred = Decimal::whole(100);
    part.share(hundred, whole).map(|rounded| rounded.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(amount: &str, currency: &str) -> (String, String) {
        let money = Money::new(
            amount.parse().expect("a number"),
            currency.parse().expect("a currency"),
        );
        (format!("{money}"), format!("{money:.0}"))
    }

    #[test]
    fn amounts_have_their_sign_their_groups_and_the_digits_of_their_currency() {
        for (amount, currency, money, whole) in [
            ("1420892.857142", "USD", "$1,420,892.86", "$1,420,893"),
            ("-5", "EUR", "-€5.00", "-€5"),
            ("999.995", "USD", "$1,000.00", "$1,000"),
            ("-0.001", "USD", "$0.00", "$0"),
            ("1234567", "JPY", "JPY 1,234,567", "JPY 1,234,567"),
            ("0", "KWD", "KWD 0.000", "KWD 0"),
        ] {
            assert_eq!(
                printed(amount, currency),
                (money.to_owned(), whole.to_owned())
            );
        }
    }

    #[test]
    fn a_share_is_in_per_cent_and_nothing_has_none() {
        let share = percent(Decimal::whole(3), Decimal::whole(4));
        assert_eq!(share, Some(Decimal::whole(75)));
        assert_eq!(percent(Decimal::ONE, Decimal::ZERO), None);
    }
}
