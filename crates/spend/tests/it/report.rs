//! The page that a meeting opens with.

mod everybody;
mod made;

use std::io::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use base::{Currency, Decimal, Month};
use jiff::civil::date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use spend::alerts::QuotaStanding;
use spend::cells::{Amounts, Category, UNALLOCATED};
use spend::events::find;
use spend::outlook::{Known, Trust, after};
use spend::pools::{Reason, Unshared};
use spend::report::{Cause, Happened};
use spend::settings::quotas::QuotaUse;
use spend::store::Status;

use crate::bills::{amount, estate};
use made::{AWS, BUDGET, Daily, FASTLY, GCP, Made, TODAY, charge, cube, every_format, snapshot};

#[test]
fn the_figures_of_the_meeting_are_on_the_page() {
    let report = Made::seed().report();
    let figures = report.figures.as_ref().expect("figures");
    assert_eq!(figures.total.gross, amount("109004"));
    assert_eq!(figures.days.count(), 28);
    for (format, text) in [("HTML", report.html()), ("Markdown", report.markdown())] {
        for said in [
            "$109k was spent",
            "a year costs $1.42M; $3M may be spent, 47.4\u{a0}% of it",
            "Google Cloud $74k, AWS $34k, Fastly $0.7k",
            "Grants paid $34k; $75k is left to pay",
        ] {
            assert!(text.contains(said), "{format} lacks {said:?}:\n{text}");
        }
    }
}

#[test]
fn when_the_money_ends_stands_above_all_with_what_to_do() {
    let report = Made::seed().report();
    // 489,400 less 322 days of 1,225 is 94,950: 77.5 days more, from 19 November on.
    let last = date(2027, 2, 4);
    assert_eq!(report.grants.standings[0].left, amount("94950"));
    assert_eq!(report.grants.standings[0].ends.middle(), Some(last));
    assert!(report.act.now, "{:#?}", report.act);
    assert_eq!(report.act.days_left, Some(75));
    let text = &report.act.text;
    assert!(
        text.starts_with("Act now: Grant aws-2026: it is time to ask for another"),
        "{text}"
    );
    assert!(text.contains("credits@example.org"), "{text}");
    assert!(report.html().contains("<strong>75</strong> days of money"));
    assert!(
        report.act.money.contains("2027-02-04"),
        "{}",
        report.act.money
    );
}

#[test]
fn of_the_thresholds_of_a_budget_that_are_crossed_the_highest_is_acted_on() {
    let mut made = Made::seed();
    made.estate = estate(&[("budgets/all.yaml", &BUDGET.replace("at: 50", "at: 40"))]);
    let report = made.report();
    let actions: Vec<&str> = report
        .act
        .actions
        .iter()
        .map(|one| one.what.as_str())
        .collect();
    // 1,254,246 of 3,000,000 is spent: more than 40 %.
    assert_eq!(actions, ["tell the committee"]);
    assert_eq!(report.act.actions[0].cause, Cause::Threshold);
}

#[test]
fn what_nobody_owns_is_the_first_row_even_where_it_is_nothing() {
    let report = Made::seed().report();
    assert_eq!(report.owners.rows[0].name, UNALLOCATED);
    assert_eq!(report.owners.rows[0].now, amount("34300"));
    assert_eq!(report.owners.unallocated[0].sub_account, AWS.sub_account);
    let owned = Made::of(&[GCP]).report();
    assert_eq!(owned.owners.rows[0].name, UNALLOCATED);
    assert!(owned.owners.rows[0].now.is_zero());
    let table = owned.markdown();
    let at = |text: &str| table.find(text).unwrap_or(usize::MAX);
    assert!(at("| (unallocated) |") < at("| sig-release |"), "{table}");
}

#[test]
fn what_a_forecast_is_worth_stands_beside_it_and_too_few_days_make_none() {
    let report = Made::seed().report();
    let page = report.markdown();
    assert!(page.contains("totals of 28 days were 0.0% off"), "{page}");
    assert!(page.contains("of them were within the range"), "{page}");
    let short = Made::of(&[Daily {
        from: date(2026, 10, 15),
        ..GCP
    }])
    .report();
    let outlook = short.forecast.as_ref().expect("an outlook");
    assert!(matches!(
        outlook.trust,
        Trust::TooShort {
            days: 35,
            needed: 60
        }
    ));
    let page = short.html();
    assert!(
        page.contains("60 are needed to say how far a forecast is off"),
        "{page}"
    );
    assert!(page.contains("and no forecast"));
}

#[test]
fn credits_that_cover_everything_leave_the_cost_on_the_page() {
    let made = Made::of(&[AWS]);
    let figures = made.report().figures.expect("figures");
    assert_eq!(figures.total.gross, amount("34300"));
    assert_eq!(figures.total.net, Some(Decimal::ZERO));
    assert_eq!(figures.total.drawn, Some(amount("34300")));
    let page = made.report().markdown();
    assert!(
        page.contains("Grants paid $34k; $0 is left to pay."),
        "{page}"
    );
}

#[test]
fn without_bills_the_page_says_what_to_do() {
    let mut made = Made::of(&[]);
    made.estate = estate(&[]);
    let report = made.report();
    assert!(report.figures.is_none());
    for (format, text) in every_format(&report) {
        if format == "HTML" || format == "Markdown" {
            assert!(text.contains("There are no bills yet"), "{format}");
            assert!(text.contains("commonhold spend import FILE"), "{format}");
            assert!(text.contains("Nobody can say when money ends"), "{format}");
        }
    }
    assert_eq!(
        report.csv(),
        "section,item,measure,period,currency,value\r\n"
    );
    assert!(made.public().html().contains("There are no bills yet"));
}

#[test]
fn the_same_inputs_give_the_same_bytes_whatever_the_order_of_names() {
    let (one, two) = (Made::seed(), Made::of(&[FASTLY, AWS, GCP]));
    for (first, second) in every_format(&one.report())
        .iter()
        .zip(&every_format(&two.report()))
    {
        assert_eq!(first, second);
    }
    for (first, second) in every_format(&one.public())
        .iter()
        .zip(&every_format(&two.public()))
    {
        assert_eq!(first, second);
    }
}

#[test]
fn nothing_in_a_bill_becomes_markup() {
    let bad = "<script>alert(1)</script>";
    let report = Made::of(&[Daily {
        provider: "<b>Cloud</b>",
        account: bad,
        sub_account: "\"><img src=x onerror=alert(1)>",
        service: bad,
        resource: "a | b\n# c",
        owner: "[x](javascript:alert(1))",
        ..GCP
    }])
    .report();
    let page = report.html();
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>Cloud"));
    assert!(page.contains("&lt;script&gt;"));
    let notes = report.markdown();
    assert!(
        !notes.contains("<script") && !notes.contains("[x](javascript"),
        "{notes}"
    );
    let rows: Vec<&str> = notes
        .lines()
        .filter(|line| line.contains("a \\| b"))
        .collect();
    assert!(
        !rows.is_empty() && rows.iter().all(|row| row.starts_with('|')),
        "{rows:?}"
    );
}

#[test]
fn the_page_asks_for_nothing_and_each_drawing_has_its_table() {
    let page = Made::seed().report().html();
    for outside in [
        "<script",
        "<link",
        "src=",
        "url(http",
        "@import",
        "href=\"http",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    let drawings: Vec<&str> = page.split("<svg").skip(1).collect();
    assert_eq!(drawings.len(), 2, "months, and a grant");
    for drawing in drawings {
        let rest = drawing.split_once("</svg>").expect("an end").1;
        let table = rest.find("<details>").expect("a table");
        // Nothing is between them but the end of the box in which the drawing scrolls.
        assert_eq!(rest[..table].replace("</div>", "").trim(), "");
        assert!(rest.contains("<th scope=\"col\">"));
    }
    for has in [
        "<html lang=\"en\">",
        "<main>",
        "default-src 'none'",
        "<nav",
        "<caption>",
        "scope=\"row\"",
        "@media print",
    ] {
        assert!(page.contains(has), "{has}");
    }
}

#[test]
fn ids_in_the_page_are_unique_and_every_link_leads_to_one() {
    let page = Made::seed().report().html();
    let values = |name: &str| -> Vec<String> {
        let begin = format!(" {name}=\"");
        let parts = page.split(&begin).skip(1);
        parts
            .filter_map(|part| Some(part.split_once('"')?.0.to_owned()))
            .collect()
    };
    let ids = values("id");
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    for link in values("href") {
        let target = link.strip_prefix('#').expect("a link into the page");
        assert!(ids.iter().any(|id| id == target), "{link}");
    }
}

#[test]
fn rows_are_exact_where_a_machine_reads_and_print_says_what_rounding_does() {
    let thirds = |owner| Daily {
        owner,
        a_day: "0.0334",
        ..GCP
    };
    let report = Made::of(&[thirds("a"), thirds("b"), thirds("c")]).report();
    // Each owner 0.9352, printed 0.94; together 2.8056, printed 2.81: the rows make 2.82.
    assert!(
        report.html().contains("+$0.01 in \u{201c}Both\u{201d}"),
        "{}",
        report.html()
    );
    let csv = report.csv();
    assert!(
        csv.contains("owners,a,gross,2026-10-22/2026-11-18,USD,0.9352\r\n"),
        "{csv}"
    );
    assert!(
        csv.contains("owners,(total),gross,2026-10-22/2026-11-18,USD,2.8056\r\n"),
        "{csv}"
    );
}

#[test]
fn parquet_holds_the_figures_of_the_csv() {
    let report = Made::seed().report();
    let bytes = report.parquet().expect("Parquet");
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&bytes).expect("room");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file);
    let mut text = "section,item,measure,period,currency,value\r\n".to_owned();
    for batch in reader.expect("a file").build().expect("a reader") {
        let batch = batch.expect("rows");
        let values = batch.column(5).as_primitive::<Decimal128Type>();
        for row in 0..batch.num_rows() {
            for column in 0..5 {
                let cell = batch.column(column).as_string::<i32>().value(row);
                let quote = if cell.contains(',') { "\"" } else { "" };
                text += &format!("{quote}{cell}{quote},");
            }
            let value = Decimal::from_units(values.value(row)).expect("a number");
            text += &format!("{value}\r\n");
        }
    }
    assert_eq!(text, report.csv());
    assert!(report.csv().lines().count() > 100);
}

#[test]
fn json_says_its_version_and_has_amounts_as_text() {
    let json = Made::seed().report().json().expect("JSON");
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(value["version"], 1);
    assert_eq!(value["day"], TODAY.to_string());
    assert_eq!(value["figures"]["total"]["gross"], "109004");
    assert_eq!(value["providers"]["rows"][0]["name"], "Google Cloud");
}

#[test]
fn a_correction_is_in_the_month_of_its_charges_on_one_axis_and_of_its_bill_on_the_other() {
    let mut made = Made::of(&[GCP]);
    charge(
        &mut made.own,
        &GCP,
        date(2026, 8, 20),
        Category::Usage,
        "",
        amount("-1000"),
    );
    let last = made.own.days.last_mut().expect("a charge");
    last.billed_in = Month::new(2026, 10).expect("a month");
    last.kind.correction = true;
    made.own.days.sort_by_key(|cell| cell.day);
    made.shared = made.own.clone();
    let report = made.report();
    let month = |number| {
        let month = Month::new(2026, number).expect("a month");
        let found = report
            .providers
            .months
            .iter()
            .find(|row| row.month == month);
        let row = found.expect("a row");
        (row.incurred.gross, row.billed.gross)
    };
    assert_eq!(month(8), (amount("80933"), amount("81933")));
    assert_eq!(month(10), (amount("81933"), amount("80933")));
    assert_eq!(report.data.elsewhere.len(), 1);
    assert_eq!(report.data.elsewhere[0].gross, amount("-1000"));
}

#[test]
fn what_changed_since_the_meeting_is_told_by_bill_by_month_and_by_sub_account() {
    let new = Daily {
        sub_account: "fresh",
        from: date(2026, 11, 10),
        ..GCP
    };
    let mut made = Made::of(&[GCP, AWS, new]);
    let then = cube(
        &[
            Daily {
                a_day: "2000",
                ..GCP
            },
            AWS,
        ],
        date(2026, 11, 4),
    );
    let mut bills = snapshot(&then);
    let key = bills.partitions[0].key.clone();
    for kept in [&mut bills, &mut made.bills] {
        kept.partitions
            .retain(|bill| bill.key.period == key.period || bill.key.provider == "AWS");
    }
    let mut kept = made.bills.partitions.iter_mut();
    kept.find(|bill| bill.key == key).expect("the bill").status = Status::Closed;
    made.previous = Some((date(2026, 11, 7), then, bills));
    let report = made.report();
    let changes = &report.changes;
    assert_eq!(changes.since, Some(date(2026, 11, 7)));
    assert!(
        changes
            .bills
            .iter()
            .any(|bill| bill.what == Happened::Closed),
        "{:?}",
        changes.bills
    );
    assert_eq!(changes.new[0].sub_account, "fresh");
    assert_eq!(changes.up[0].sub_account, "fresh");
    let restated = &changes.restated[0];
    assert_eq!(
        (
            restated.provider.as_str(),
            restated.month.to_string().as_str()
        ),
        ("Google Cloud", "2026-01")
    );
    assert_eq!(restated.now - restated.then, amount("19933"));
    assert!(changes.restated.iter().all(|row| row.provider != "AWS"));
    assert!(
        report
            .markdown()
            .contains("Since the meeting of 2026-11-07.")
    );
}

#[test]
fn a_quota_that_will_be_reached_is_acted_on() {
    let mut made = Made::of(&[GCP]);
    made.estate = estate(&[]);
    made.quotas = vec![QuotaStanding {
        name: "vCPUs in us-central1".to_owned(),
        provider: "Google Cloud".to_owned(),
        limit: amount("1000"),
        unit: "vCPU".to_owned(),
        owner: Some("infra".to_owned()),
        used: QuotaUse {
            highest: amount("950"),
            on: after(TODAY, -4),
            latest: amount("940"),
            as_of: after(TODAY, -1),
            share: Some(amount("0.95")),
            reached: Some(after(TODAY, 10)),
        },
    }];
    let report = made.report();
    assert!(report.act.now);
    assert_eq!(report.act.actions[0].cause, Cause::Quota);
    assert!(
        report
            .markdown()
            .contains("| 950 vCPU | 1000 vCPU | 95.0\u{a0}% |")
    );
}

#[test]
fn what_has_no_rate_is_in_no_sum_and_is_told() {
    let mut made = Made::of(&[GCP]);
    charge(
        &mut made.own,
        &GCP,
        date(2026, 11, 2),
        Category::Usage,
        "",
        amount("7"),
    );
    let euro: Currency = "EUR".parse().expect("a currency");
    made.own.days.last_mut().expect("a charge").currency = euro;
    made.own.days.sort_by_key(|cell| cell.day);
    made.shared = made.own.clone();
    let rate = |date: &str, rate: &str| {
        format!("    - {{date: {date}, from: CAD, to: USD, rate: {rate}, source: a bank}}\n")
    };
    let rates = rate("2026-11-02", "0.71") + &rate("2026-10-02", "0.7");
    let made = made.settings(&format!("fx:\n  policy: month-end\n  rates:\n{rates}"));
    let report = made.report();
    assert_eq!(
        report.figures.as_ref().expect("figures").total.gross,
        amount("74004")
    );
    assert_eq!(report.data.unconverted[0].gross, amount("7"));
    let page = report.markdown();
    assert!(page.contains("| **EUR** | €7.00 |"), "{page}");
    assert!(
        page.contains("| CAD | USD | 2026-11-02 | month-end | 0.71 | a bank |"),
        "{page}"
    );
}

#[test]
fn what_stays_in_a_pool_is_told_with_its_reason() {
    let mut made = Made::of(&[GCP]);
    let unshared = |month: i8| Unshared {
        pool: "pool/build".to_owned(),
        month: Month::new(2026, month).expect("a month"),
        currency: Currency::USD,
        amounts: Amounts {
            effective: amount("12"),
            ..Amounts::default()
        },
        reason: Reason::NoCosts,
    };
    made.unshared = vec![unshared(2), unshared(11)];
    let report = made.report();
    assert_eq!(
        report.owners.unshared.len(),
        1,
        "that of February is long ago"
    );
    let row =
        "| **pool/build** | 2026-11 | $12.00 | none of those who bear it has costs of their own |";
    assert!(report.markdown().contains(row), "{}", report.markdown());
}

#[test]
fn unusual_days_are_told_with_what_explains_them_and_to_everybody_without() {
    let mut made = Made::of(&[GCP, AWS]);
    for day in 9..12 {
        let day = date(2026, 11, day);
        charge(
            &mut made.own,
            &GCP,
            day,
            Category::Usage,
            "",
            amount("4000"),
        );
    }
    made.own.days.sort_by_key(|cell| cell.day);
    made.shared = made.own.clone();
    let known = Known::of(&made.own, TODAY, 2);
    let events = find(&known, &made.settings);
    made.events = events;
    let report = made.report();
    assert_eq!(report.events.len(), 1, "{:#?}", report.events);
    let event = &report.events[0];
    assert_eq!(event.more(), amount("12000"));
    let row = format!("| **{}** | Google Cloud, prod-artifacts-7731", event.id);
    assert!(report.markdown().contains(&row), "{}", report.markdown());
    let public = made.public();
    assert_eq!(public.events[0].more(), amount("12000"));
    for (format, text) in every_format(&public) {
        assert!(!text.contains("7731"), "{format}");
    }
}
