use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/billing")
        .join(path);
    if !found.exists() {
        eprintln!("skipped: {path} is not beside the repository");
        return None;
    }
    Some(found)
}

fn published() -> Option<Model> {
    let text = fs::read_to_string(shared("focus-requirements-model-1.2.json")?).expect("the model");
    Some(Model::read(&text).expect("the model is known"))
}

fn of_text(text: &[u8], model: Option<&Model>, without: Option<u64>) -> Outcome {
    let mut reader = csv::Reader::from_reader(text);
    let columns: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    let mut conformance = Conformance::new(&columns, model, Criteria::All);
    for (at, record) in reader.records().enumerate() {
        let record = record.expect("a record");
        let number = at as u64 + 2;
        let cells: Vec<Option<&str>> = record
            .iter()
            .map(|text| Some(text).filter(|text| !text.is_empty()))
            .collect();
        if Some(number) != without {
            conformance.row(number, &cells);
        }
    }
    conformance.finish()
}

fn of_file(path: &Path, model: Option<&Model>) -> Outcome {
    let text = fs::read(path).expect("a file");
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    of_text(text, model, None)
}

const HEADER: &str = "BilledCost,EffectiveCost,ListCost,ContractedCost,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,\
    BillingPeriodStart,BillingPeriodEnd,CommitmentDiscountId,CommitmentDiscountStatus,ResourceId,BillingCurrency";

/// A commitment of ten days, bought for 100 and used up but for one hour's worth a day.
fn term() -> String {
    let bill = "2025-01-01T00:00:00Z,2025-02-01T00:00:00Z";
    let mut text = format!(
        "{HEADER}\n100,0,100,100,Purchase,2025-01-01T00:00:00Z,2025-01-11T00:00:00Z,{bill},c-1,,c-1,USD\n"
    );
    for day in 1..=10 {
        let period = format!(
            "2025-01-{day:02}T00:00:00Z,2025-01-{:02}T00:00:00Z",
            day + 1
        );
        text += &format!("0,9.5,9.5,9.5,Usage,{period},{bill},c-1,Used,vm-{day},USD\n");
        text += &format!("0,0.5,0.5,0.5,Usage,{period},{bill},c-1,Unused,c-1,USD\n");
    }
    text
}

fn cause<'o>(outcome: &'o Outcome, rule: &str) -> Option<&'o Cause> {
    outcome
        .causes
        .iter()
        .find(|cause| cause.rules.iter().any(|one| one == rule))
}

#[test]
fn a_commitment_costs_over_its_term_what_was_billed_for_it() {
    let outcome = of_text(term().as_bytes(), None, None);
    assert!(
        cause(&outcome, "term-sum").is_none(),
        "{:#?}",
        outcome.causes
    );
    let outcome = of_text(term().as_bytes(), None, Some(11));
    let found = &cause(&outcome, "term-sum").expect("a row is gone").found;
    assert_eq!(
        found.examples,
        [(
            2,
            "c-1: billed 100, used and unused together 90.5".to_owned()
        )]
    );
}

#[test]
fn a_commitment_whose_term_is_not_over_is_not_judged() {
    let open = term().replace(
        "2025-01-11T00:00:00Z,2025-01-01",
        "2026-01-01T00:00:00Z,2025-01-01",
    );
    assert!(cause(&of_text(open.as_bytes(), None, Some(12)), "term-sum").is_none());
}

#[test]
fn a_purchase_that_says_only_when_it_was_made_does_not_tell_the_term() {
    let made = term().replace(
        "2025-01-11T00:00:00Z,2025-01-01",
        "2025-01-01T01:00:00Z,2025-01-01",
    );
    assert!(cause(&of_text(made.as_bytes(), None, Some(12)), "term-sum").is_none());
}

#[test]
fn two_issuers_may_number_their_invoices_alike_and_one_may_not() {
    let rows = |other: &str| {
        format!(
            "InvoiceIssuerName,InvoiceId,BillingAccountId,BillingCurrency\nOak,1,a,USD\n{other},1,b,EUR\n"
        )
    };
    let laws = ["one-account-an-invoice", "one-currency-an-invoice"];
    let broken = |text: String| {
        let outcome = of_text(text.as_bytes(), None, None);
        laws.map(|law| cause(&outcome, law).is_some())
    };
    assert_eq!(broken(rows("Elm")), [false, false]);
    assert_eq!(broken(rows("Oak")), [true, true]);
}

#[test]
fn a_file_of_1_4_need_not_have_the_names_of_providers_that_1_2_had() {
    let asked = |header: &[u8]| {
        let outcome = of_text(header, None, None);
        cause(&outcome, "ProviderName-present").is_some()
    };
    assert!(!asked(b"BilledCost,ServiceProviderName\n1,Oak\n"));
    assert!(asked(b"BilledCost\n1\n"));
}

#[test]
fn the_form_of_a_custom_name_is_advice_and_its_prefix_is_none() {
    let outcome = of_text(b"BilledCost,x_plain_name,Id\n1,2,3\n", None, None);
    let severity = |law| cause(&outcome, law).map(|cause| cause.severity);
    assert_eq!(severity("column-name-form"), None);
    assert_eq!(
        severity("custom-column-form"),
        Some(base::Severity::Warning)
    );
    assert_eq!(
        severity("custom-column-prefix"),
        Some(base::Severity::Error)
    );
}

#[test]
fn a_credit_whose_costs_differ_is_said_with_them() {
    let row = "-5,-5,-4,-5,Credit,2025-01-01T00:00:00Z,2025-01-02T00:00:00Z,2025-01-01T00:00:00Z,2025-02-01T00:00:00Z,,,,USD\n";
    let outcome = of_text(format!("{HEADER}\n{row}").as_bytes(), None, None);
    let cause = cause(&outcome, "credit-costs-agree").expect("the list cost differs");
    assert_eq!(
        (cause.found.rows, cause.severity),
        (1, base::Severity::Error)
    );
}

#[test]
fn a_missing_column_is_one_cause_of_all_that_waits_for_it() {
    let Some(model) = published() else { return };
    let outcome = of_text(term().as_bytes(), Some(&model), None);
    let causes: Vec<&Cause> = outcome
        .causes
        .iter()
        .filter(|c| c.column.as_deref() == Some("PricingQuantity"))
        .collect();
    assert_eq!(causes.len(), 1, "{causes:#?}");
    assert!(causes[0].rules.len() > 5);
}

#[test]
fn a_form_that_is_wrong_is_one_cause_though_several_rules_say_it() {
    let Some(model) = published() else { return };
    let text = term().replace("USD\n0,9.5", "usd\n0,9.5");
    let outcome = of_text(text.as_bytes(), Some(&model), None);
    let causes: Vec<&Cause> = outcome
        .causes
        .iter()
        .filter(|c| c.column.as_deref() == Some("BillingCurrency"))
        .collect();
    assert_eq!(causes.len(), 1, "{causes:#?}");
}

#[test]
fn every_static_rule_of_the_published_model_is_looked_at_or_said_why_not() {
    let Some(model) = published() else { return };
    assert_eq!((model.version.as_str(), model.rules.len()), ("1.2", 621));
    let Some(sample) = shared("focus-sample/focus_sample_1.0.csv") else {
        return;
    };
    let outcome = of_file(&sample, Some(&model));
    assert_eq!(outcome.rows, 1000);
    let words = outcome.rules.iter().filter(|one| {
        let rule = model.rules.iter().find(|rule| rule.id == one.rule);
        matches!(rule.map(|rule| &rule.subject), Some(rule::Subject::Words))
            && !matches!(one.verdict, Verdict::Skipped(_))
    });
    let words = words.count();
    assert!(words >= 40, "{words} rules in words have a law");
    let rows = |column: &str, words: &str| {
        let about =
            |cause: &&Cause| cause.column.as_deref() == Some(column) && cause.what.contains(words);
        outcome
            .causes
            .iter()
            .find(about)
            .map(|cause| cause.found.rows)
    };
    assert_eq!(rows("ContractedCost", "NOT be null"), Some(7));
    assert_eq!(rows("ContractedUnitPrice", "non-negative"), Some(1));
    assert_eq!(rows("ConsumedQuantity", "MUST be null"), Some(2));
    assert_eq!(rows("ConsumedUnit", "UnitFormat"), Some(9));
    let placeholders = outcome
        .causes
        .iter()
        .find(|cause| cause.what.contains("not a word for it"));
    assert_eq!(placeholders.map(|cause| cause.found.rows), Some(1000));
    let first = placeholders.and_then(|cause| cause.found.examples.first());
    assert!(
        first.is_some_and(|(row, text)| *row == 2 && text.ends_with(": NULL")),
        "{first:?}"
    );
    // 371 products of AWS's are rounded to ten digits and written with eleven.
    assert_eq!(rows("ListCost", "product"), Some(31));
    assert!(
        outcome.causes.len() * 2 < count(&outcome, true),
        "causes, not cascades"
    );
}

fn count(outcome: &Outcome, failed: bool) -> usize {
    let is = |one: &&Judgement| match one.verdict {
        Verdict::Failed(_) => failed,
        Verdict::Passed => !failed,
        Verdict::Skipped(_) => false,
    };
    outcome.rules.iter().filter(is).count()
}
