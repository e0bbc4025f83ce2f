use proptest::prelude::*;

use super::*;

fn of(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|why| panic!("{text}: {why}"))
}

#[test]
fn numbers_of_real_bills_are_read_to_the_digit() {
    for (text, same) in [
        ("0", "0"),
        ("-0.00", "0"),
        ("20.52022672899", "20.52022672899"),
        ("1.3E-9", "0.0000000013"),
        ("6.266090E-12", "0.00000000000626609"),
        ("5.64902E-05", "0.0000564902"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("7.", "7"),
        (
            "99999999999999999999.999999999999999999",
            "99999999999999999999.999999999999999999",
        ),
        ("000000000000000000000000000000000000000000001", "1"),
        ("0E999999", "0"),
        ("1E-999999", "0"),
    ] {
        assert_eq!(of(text).to_string(), same);
    }
}

#[test]
fn what_is_no_number_says_why() {
    for (text, why) in [
        ("", NotADecimal::Empty),
        ("-", NotADecimal::Form(1)),
        ("+3", NotADecimal::Plus),
        ("35E+7", NotADecimal::Plus),
        ("1,234.5", NotADecimal::Separator(',')),
        ("1'234", NotADecimal::Separator('\'')),
        ("NaN", NotADecimal::NotFinite),
        ("-Infinity", NotADecimal::NotFinite),
        ("NULL", NotADecimal::Form(0)),
        ("12 USD", NotADecimal::Form(2)),
        ("1.2.3", NotADecimal::Form(3)),
        ("1E", NotADecimal::Form(2)),
        ("100000000000000000000", NotADecimal::TooLarge),
        ("1E20", NotADecimal::TooLarge),
        (
            "1234567890123456789012345678901234567890",
            NotADecimal::TooLarge,
        ),
    ] {
        assert_eq!(Decimal::parse(text.as_bytes()), Err(why), "{text}");
    }
}

#[test]
fn what_is_beyond_the_last_digit_goes_half_to_even_and_is_told() {
    let parsed = Decimal::parse(b"0.0000000000000000005").expect("a number");
    assert_eq!((parsed.value, parsed.exact), (Decimal::ZERO, false));
    assert_eq!(parsed.residue, 5 * 10_i128.pow(17));
    let parsed = Decimal::parse(b"-0.0000000000000000015").expect("a number");
    assert_eq!(parsed.value.units(), -2);
    assert_eq!(parsed.residue, 5 * 10_i128.pow(17));
    let parsed = Decimal::parse(b"1.00000000000000000000000000000000000000000001");
    assert!(!parsed.expect("a number").exact);
}

#[test]
fn digits_are_shown_as_asked_for() {
    assert_eq!(format!("{:.2}", of("1.005")), "1.00");
    assert_eq!(format!("{:.2}", of("1.015")), "1.02");
    assert_eq!(format!("{:.2}", of("-0.125")), "-0.12");
    assert_eq!(format!("{:>8.1}", of("12.34")), "    12.3");
    assert_eq!(of("-0.5").to_string(), "-0.5");
}

#[test]
fn a_product_keeps_what_fits_and_tells_what_it_lost() {
    let product = of("0.000000001").times(of("0.0000000005")).expect("small");
    assert_eq!(product.value, Decimal::ZERO);
    assert_eq!(product.residue, 5 * 10_i128.pow(17));
    assert_eq!(of("10000000000").times(of("10000000000")), None);
    assert_eq!(of("1").over(Decimal::ZERO), None);
    assert_eq!(
        of("2").over(of("3")).map(|r| r.value),
        Some(of("0.666666666666666667"))
    );
}

proptest! {
    #[test]
    fn what_is_printed_reads_as_the_same(units in -(10_i128.pow(38) - 1)..10_i128.pow(38)) {
        let number = Decimal::from_units(units).expect("in range");
        prop_assert_eq!(Decimal::parse(number.to_string().as_bytes()).map(|r| r.value), Ok(number));
    }

    #[test]
    fn any_bytes_are_a_number_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = Decimal::parse(&bytes).map_err(|why| why.to_string());
    }

    #[test]
    fn a_share_and_what_it_lost_are_the_whole(a in any::<i64>(), b in 1..i64::MAX, c in 1..i64::MAX) {
        let of = |n: i64| Decimal::from_units(i128::from(n)).expect("in range");
        let share = of(a).share(of(b), of(c)).expect("in range");
        // a*b = value*c + residue*c/10^18, and what was cut off is below one in the last place.
        let (a, b, c) = (i128::from(a), i128::from(b), i128::from(c));
        let left = a * b - share.value.units() * c;
        prop_assert!(left.abs() * 2 <= c);
        prop_assert_eq!(share.exact, left == 0);
        prop_assert!(share.residue.signum() == left.signum() || share.residue == 0);
    }
}
