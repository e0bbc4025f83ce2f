//! The version for everybody.

use base::Decimal;
use jiff::civil::date;
use proptest::prelude::*;
use spend::cells::UNALLOCATED;

use super::made::{AWS, BUDGET, Daily, FASTLY, GCP, GRANT, Made, cube, every_format, snapshot};
use crate::bills::{amount, estate};

/// Texts that the version for everybody must not have.
const SECRETS: [&str; 11] = [
    "0A1B2C-3D4E5F-A6B7C8",
    "prod-artifacts-7731",
    "secret-vm-1",
    "123456789012",
    "210987654321",
    "secret-bucket",
    "fastly-customer-99",
    "secret price",
    "credits@example.org",
    "Promotional credit",
    "ops@example.org",
];

fn secretive() -> Made {
    let mut made = Made::seed().settings("public: {private_prices: [Fastly]}\n");
    let grant = GRANT.replace(
        "AWS credits 2026",
        "Credits of 123456789012, ask ops@example.org about prod-artifacts-7731",
    );
    let budget = BUDGET.replace(
        "tell the committee",
        "stop 210987654321 and mail ops@example.org",
    );
    let funding = "title: Mirrors\npurpose: For all\nowner: infra\nreview_by: 2026-10-01\n\
                   decision: see ops@example.org\n";
    made.estate = estate(&[
        ("grants/aws-2026.yaml", &grant),
        ("budgets/all.yaml", &budget),
        ("funding/mirrors.yaml", funding),
    ]);
    made.notes = vec!["In secret-bucket: arn:aws:s3:::secret-bucket was counted twice.".to_owned()];
    let then = cube(&[GCP], date(2026, 11, 4));
    let bills = snapshot(&then);
    made.previous = Some((date(2026, 11, 7), then, bills));
    made
}

#[test]
fn the_version_for_everybody_has_no_ids_addresses_and_prices() {
    let made = secretive();
    let members: Vec<String> = every_format(&made.report()).map(|(_, text)| text).to_vec();
    for secret in SECRETS {
        let known = members.iter().any(|text| text.contains(secret));
        assert!(
            known || secret == "Promotional credit",
            "members do not see {secret} either"
        );
    }
    for (format, text) in every_format(&made.public()) {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{format} has {secret}");
        }
        assert!(!text.contains("@example"), "{format} has an address");
    }
}

#[test]
fn private_prices_are_in_totals_and_not_by_themselves() {
    let made = secretive();
    let (members, public) = (made.report(), made.public());
    let total = |report: &spend::report::Report| report.figures.as_ref().expect("figures").total;
    assert_eq!(total(&public).gross, total(&members).gross);
    assert_eq!((total(&public).net, total(&public).drawn), (None, None));
    let names: Vec<&str> = public
        .providers
        .rows
        .iter()
        .map(|row| row.name.as_str())
        .collect();
    // AWS is the smallest that is as large as what is hidden.
    assert_eq!(names, ["Google Cloud", "(several providers)"]);
    assert_eq!(public.providers.rows[1].now.gross, amount("35000"));
    assert!(
        public.grants.standings.is_empty(),
        "its drawing tells what AWS costs"
    );
    let left_out = public.left_out.clone().expect("what is left out").join(" ");
    assert!(
        left_out.contains("prices of Fastly are private"),
        "{left_out}"
    );
    // Neither 700 nor 34,300 nor anything that makes one of them known.
    for (format, text) in every_format(&public) {
        let private = [
            "34300", "34,300", "$0.7k", "$34k", ",700\r\n", "\"700\"", "$700.00", "775",
        ];
        for figure in private {
            assert!(!text.contains(figure), "{format} has {figure}");
        }
    }
}

#[test]
fn who_spends_only_where_prices_are_private_is_put_together_with_others() {
    let public = Made::seed()
        .settings("public: {private_prices: [Fastly]}\n")
        .public();
    let rows: Vec<(&str, Decimal)> = public
        .owners
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.now))
        .collect();
    assert_eq!(rows, [("(unallocated) and others", amount("109004"))]);
    let public = Made::of(&[
        GCP,
        AWS,
        FASTLY,
        Daily {
            owner: "sig-a",
            ..GCP
        },
    ])
    .settings("public: {private_prices: [Fastly]}\n")
    .public();
    let sum: Decimal = public.owners.rows.iter().map(|row| row.now).sum();
    assert_eq!(sum, amount("183008"));
    assert!(public.owners.rows.iter().all(|row| row.name != "sig-cdn"));
}

prop_compose! {
    fn line()(
        provider in 0..3_usize, owner in 0..4_usize, sub_account in 0..3_usize, cost in 1..1_000_000_i64,
        credit in any::<bool>(),
    ) -> (Daily<'static>, String) {
        let line = Daily {
            provider: ["Google Cloud", "AWS", "Fastly"][provider],
            owner: [UNALLOCATED, "sig-a", "sig-b", "pool/build"][owner],
            sub_account: ["", "account-one-1", "account-two-2"][sub_account],
            credit: if credit { "Promotion" } else { "" },
            from: date(2026, 9, 25),
            ..GCP
        };
        (line, format!("0.{cost:09}"))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_add_up_to_the_total_for_members_and_for_everybody(
        lines in prop::collection::vec(line(), 1..12),
    ) {
        let lines: Vec<Daily<'_>> =
            lines.iter().map(|(line, a_day)| Daily { a_day, ..*line }).collect();
        let made = Made::of(&lines).settings("public: {private_prices: [Fast*]}\n");
        let a_day: Decimal = lines.iter().map(|line| amount(line.a_day)).sum();
        let total = a_day.times(Decimal::whole(28)).expect("a total").value;
        for report in [made.report(), made.public()] {
            let figures = report.figures.as_ref().expect("figures");
            prop_assert_eq!(figures.total.gross, total);
            let owners: Decimal = report.owners.rows.iter().map(|row| row.now).sum();
            prop_assert_eq!(owners, total);
            let providers: Decimal = report.providers.rows.iter().map(|row| row.now.gross).sum();
            prop_assert_eq!(providers, total);
            for month in &report.providers.months {
                prop_assert_eq!(month.gross.iter().copied().sum::<Decimal>(), month.incurred.gross);
            }
            prop_assert!(report.owners.rows[0].name.starts_with(UNALLOCATED));
        }
        let public = made.public().json().expect("JSON");
        prop_assert!(!public.contains("account-"), "{}", public);
    }
}
