//! An amount as people read it.

use std::fmt;

use base::{Currency, Decimal};
use serde::Serialize;

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
}
