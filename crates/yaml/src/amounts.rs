//! Readers for what amounts are made of: exact numbers, currencies, months.

use base::{Currency, Decimal, Month, NotACurrency, NotADecimal};

use crate::{Decoding, Dialect, FromYaml, Node, Reading, Shape, Value, reads_as};

impl FromYaml for Decimal {
    /// From the digits as they stand, so that no float comes in between; quotes change nothing.
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain } = &node.value else {
            return cx.wrong_type(node, "a number");
        };
        if node.is_null() {
            return cx.wrong_type(node, "a number");
        }
        let reading = if *plain {
            reads_as(text)
        } else {
            Reading::Text
        };
        if matches!(reading, Reading::OldOctal | Reading::Sexagesimal)
            && cx.dialect() == Dialect::Native
        {
            return cx.ambiguous(node, text, reading, "write the number in plain decimals");
        }
        match Self::parse(text.as_bytes()) {
            Ok(number) if number.exact => Some(number.value),
            Ok(_) => cx.bad_value(
                node.span,
                "the number has more than 18 digits behind the point",
                "amounts are exact here and never rounded: write at most 18",
            ),
            Err(NotADecimal::Form(0) | NotADecimal::Empty) => cx.wrong_type(node, "a number"),
            Err(why) => cx.bad_value(
                node.span,
                why.to_string(),
                "write digits and at most one point, for example 3000000 or 84.50",
            ),
        }
    }

    fn shape() -> Shape {
        Shape::Number
    }
}

impl FromYaml for Currency {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a currency")?;
        match text.parse() {
            Ok(currency) => Some(currency),
            Err(NotACurrency::Case(currency)) => cx.bad_value(
                node.span,
                format!("`{text}` is not a currency as ISO 4217 writes it"),
                format!("write {currency}"),
            ),
            Err(NotACurrency::Unknown) => cx.bad_value(
                node.span,
                format!("ISO 4217 has no currency `{text}`"),
                "write its code of three capitals, for example USD or EUR",
            ),
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a currency of ISO 4217",
            pattern: "^[A-Z]{3}$",
        }
    }
}

impl FromYaml for Month {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a month")?;
        text.parse().ok().or_else(|| {
            cx.bad_value(
                node.span,
                format!("expected a month, found {}", node.describe()),
                "write it as YYYY-MM, for example 2026-03",
            )
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a month",
            pattern: "^[0-9]{4}-(0[1-9]|1[0-2])$",
        }
    }
}

#[cfg(test)]
mod tests {
    use base::{Currency, Decimal, FileId, Month, SourceMap};

    use crate::{Decoding, FromYaml, Profile};

    fn read<T: FromYaml>(text: &str) -> Result<T, String> {
        let mut sources = SourceMap::default();
        let file: FileId = sources.add("a.yaml", text.to_owned());
        let (value, findings) = Decoding::read_text::<T>(text, file, Profile::NATIVE);
        match findings.first() {
            Some(finding) => Err(format!("{}: {}", finding.code.id, finding.message)),
            None => value.ok_or_else(|| "nothing".to_owned()),
        }
    }

    #[test]
    fn a_number_is_what_its_digits_say_with_quotes_or_without() {
        let amount = |text| read::<Decimal>(text).map(|number| number.to_string());
        for (text, number) in [
            ("3000000", "3000000"),
            ("\"84.50\"", "84.5"),
            ("0.100000000000000001", "0.100000000000000001"),
            ("-1.5E-3", "-0.0015"),
            ("99999999999999999999", "99999999999999999999"),
        ] {
            assert_eq!(amount(text), Ok(number.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_number_that_readers_could_take_for_another_is_refused() {
        let amount = |text| read::<Decimal>(text).expect_err(text);
        for (text, code) in [
            (
                "3_000_000",
                "yaml-bad-value: a number has no `_` between its digits",
            ),
            (
                "\"3,000,000\"",
                "yaml-bad-value: a number has no `,` between its digits",
            ),
            (
                "+3",
                "yaml-bad-value: a number and its exponent have no plus sign",
            ),
            ("0777", "yaml-ambiguous: "),
            ("12:30", "yaml-ambiguous: "),
            (".nan", "yaml-type: expected a number"),
            (
                "0.1000000000000000001",
                "yaml-bad-value: the number has more than 18",
            ),
            (
                "100000000000000000000",
                "yaml-bad-value: the number has more than 20",
            ),
            ("[1]", "yaml-type: expected a number"),
            ("much", "yaml-type: expected a number"),
            ("~", "yaml-empty: expected a number"),
            ("\"\"", "yaml-type: expected a number"),
        ] {
            let message = amount(text);
            assert!(message.starts_with(code), "{text}: {message}");
        }
    }

    #[test]
    fn a_currency_is_in_the_list_and_in_capitals() {
        assert_eq!(read::<Currency>("USD"), Ok(Currency::USD));
        for text in ["usd", "XYZ", "$"] {
            let message = read::<Currency>(text).expect_err(text);
            assert!(message.starts_with("yaml-bad-value: "), "{text}: {message}");
        }
    }

    #[test]
    fn a_month_has_a_year_and_a_number_of_two_digits() {
        let month = read::<Month>("2026-03").map(Month::days);
        assert_eq!(month, Ok(31));
        for text in ["2026-13", "2026-3", "2026-03-01", "March"] {
            let message = read::<Month>(text).expect_err(text);
            assert!(message.starts_with("yaml-bad-value: "), "{text}: {message}");
        }
    }
}
