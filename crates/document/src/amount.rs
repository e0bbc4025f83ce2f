//! Money as it is printed: short in sentences, to the cent in tables, exact where a machine reads.

use base::{Currency, Decimal};

use crate::Money;

/// `$109k`, `$1.42M`, `$3M`, `$0.7k`, `-$12`: as one says it.
pub fn short(amount: Decimal, currency: Currency) -> String {
    let size = amount.abs();
    let in_units_of = |unit: i64, digits: u32| {
        let number = size.over(Decimal::whole(unit)).map(|number| number.value);
        let digits = usize::try_from(digits).unwrap_or(0);
        let text = format!("{:.digits$}", number.unwrap_or(size));
        if !text.contains('.') {
            return text;
        }
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let least = |units: i64| size >= Decimal::whole(units);
    let text = if least(999_500_000) {
        in_units_of(1_000_000_000, 2) + "B"
    } else if least(99_950_000) {
        in_units_of(1_000_000, 0) + "M"
    } else if least(9_995_000) {
        in_units_of(1_000_000, 1) + "M"
    } else if least(999_500) {
        in_units_of(1_000_000, 2) + "M"
    } else if least(9_950) {
        in_units_of(1_000, 0) + "k"
    } else if least(100) {
        in_units_of(1_000, 1) + "k"
    } else {
        in_units_of(1, 0)
    };
    let nothing = text == "0";
    let sign = if amount.is_negative() && !nothing {
        "-"
    } else {
        ""
    };
    format!("{sign}{}{text}", currency.sign())
}

/// `$109,000.00`, in as many digits as the currency is paid in.
pub fn long(amount: Decimal, currency: Currency) -> String {
    Money::new(amount, currency).to_string()
}

/// A change, with its sign: `+$1,200.00`.
pub fn signed(amount: Decimal, currency: Currency) -> String {
    let text = long(amount, currency);
    if amount > Decimal::ZERO && !text.starts_with('-') {
        return format!("+{text}");
    }
    text
}

/// A share of one as `47.4 %`, with a space that no line breaks at.
pub fn percent(share: Decimal) -> String {
    let hundredfold = share
        .times(Decimal::whole(100))
        .map(|rounded| rounded.value);
    let text = format!("{:.1}", hundredfold.unwrap_or(share));
    format!("{}\u{a0}%", if text == "-0.0" { "0.0" } else { &text })
}

/// A part of a whole; nothing where the whole is nothing.
pub fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.over(whole).map(|rounded| rounded.value)
}

/// An approximate number, as it is along the axis of a drawing.
pub fn axis(number: f64, currency: Currency) -> String {
    Decimal::estimated(number).map_or_else(String::new, |amount| short(amount, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dollars(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn short_amounts_have_as_many_digits_as_one_says() {
        let said = [
            ("109000", "$109k"),
            ("108999.99", "$109k"),
            ("1420892.857", "$1.42M"),
            ("700", "$0.7k"),
            ("74000", "$74k"),
            ("3400", "$3.4k"),
            ("999499.9", "$999k"),
            ("999500", "$1M"),
            ("12.4", "$12"),
            ("-12000", "-$12k"),
            ("-0.2", "$0"),
            ("0", "$0"),
            ("3000000000", "$3B"),
            ("1402000", "$1.4M"),
        ];
        for (amount, text) in said {
            assert_eq!(short(dollars(amount), Currency::USD), text);
        }
        let yen: Currency = "JPY".parse().unwrap();
        assert_eq!(short(dollars("109000"), yen), "JPY 109k");
    }

    #[test]
    fn a_change_has_its_sign_even_where_it_is_up() {
        assert_eq!(signed(dollars("5"), Currency::USD), "+$5.00");
    }

    #[test]
    fn a_part_of_nothing_has_no_share() {
        assert_eq!(share(dollars("1"), Decimal::ZERO), None);
        assert_eq!(percent(dollars("0.4736")), "47.4\u{a0}%");
    }
}
