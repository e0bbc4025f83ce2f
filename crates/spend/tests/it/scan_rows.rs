//! Charges for tests, as files and as snapshots, and what they come to by the plainest of ways.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, TimestampMicrosecondArray,
    new_null_array,
};
use arrow_schema::Schema;
use base::{Currency, Decimal, Digest, Month, SourceMap};
use estate::{Draft, MemoryTree};
use focus::{Column, ColumnType};
use jiff::civil::{Date, date};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use spend::cells::Category;
use spend::ownership::{self, Ownership, Whose};
use spend::query::{Line, Metric, Question};
use spend::scan::{Dimension, Test};
use spend::schema;
use spend::settings::Settings;
use spend::store::{CostStore, Key, Part, Partition, Snapshot, Status, Sums, Totals};

/// A charge with what questions look at; costs in units of 10^-18.
#[derive(Debug, Clone)]
pub(crate) struct Charge {
    pub(crate) provider: &'static str,
    pub(crate) account: &'static str,
    pub(crate) sub_account: Option<&'static str>,
    pub(crate) service: &'static str,
    pub(crate) category: &'static str,
    pub(crate) correction: bool,
    pub(crate) description: Option<&'static str>,
    pub(crate) sku: Option<&'static str>,
    pub(crate) meter: Option<&'static str>,
    pub(crate) resource: Option<&'static str>,
    pub(crate) pricing: Option<&'static str>,
    pub(crate) tags: Option<&'static str>,
    pub(crate) extra: Option<&'static str>,
    pub(crate) currency: &'static str,
    /// Seconds after 2026-01-01T00:00:00Z.
    pub(crate) second: i64,
    /// Months after 2026-01.
    pub(crate) billed: i8,
    pub(crate) costs: [i128; 4],
}

pub(crate) const EXTRA: &str = "x_Cost \"Centre\"";

impl Charge {
    /// The columns that it has something in.
    const COLUMNS: [Column; 19] = [
        Column::ProviderName,
        Column::BillingAccountId,
        Column::SubAccountId,
        Column::ServiceName,
        Column::ChargeCategory,
        Column::ChargeClass,
        Column::ChargeDescription,
        Column::SkuId,
        Column::SkuMeter,
        Column::ResourceId,
        Column::PricingCategory,
        Column::Tags,
        Column::BillingCurrency,
        Column::BilledCost,
        Column::EffectiveCost,
        Column::ListCost,
        Column::ContractedCost,
        Column::ChargePeriodStart,
        Column::BillingPeriodStart,
    ];

    pub(crate) fn plain() -> Self {
        Self {
            provider: "Cloud",
            account: "1",
            sub_account: Some("web"),
            service: "Compute",
            category: "Usage",
            correction: false,
            description: Some("Hours"),
            sku: None,
            meter: None,
            resource: None,
            pricing: Some("Standard"),
            tags: None,
            extra: None,
            currency: "USD",
            second: 0,
            billed: 0,
            costs: [1_000_000_000_000_000_000; 4],
        }
    }

    pub(crate) fn day(&self) -> Date {
        let days = jiff::Span::new().days(self.second.div_euclid(86_400));
        date(2026, 1, 1).checked_add(days).unwrap()
    }

    pub(crate) fn billed_in(&self) -> Month {
        Month::new(2026, 1 + self.billed).unwrap()
    }

    fn text(&self, column: Column) -> Option<&str> {
        match column {
            Column::ProviderName => Some(self.provider),
            Column::BillingAccountId => Some(self.account),
            Column::SubAccountId => self.sub_account,
            Column::ServiceName => Some(self.service),
            Column::ChargeCategory => Some(self.category),
            Column::ChargeClass => self.correction.then_some("Correction"),
            Column::ChargeDescription => self.description,
            Column::SkuId => self.sku,
            Column::SkuMeter => self.meter,
            Column::ResourceId => self.resource,
            Column::PricingCategory => self.pricing,
            Column::Tags => self.tags,
            Column::BillingCurrency => Some(self.currency),
            _ => None,
        }
    }

    fn cost(&self, column: Column) -> Option<i128> {
        match column {
            Column::BilledCost => Some(self.costs[0]),
            Column::EffectiveCost => Some(self.costs[1]),
            Column::ListCost => Some(self.costs[2]),
            Column::ContractedCost => Some(self.costs[3]),
            _ => None,
        }
    }

    /// Microseconds after 1970.
    fn instant(&self, column: Column) -> Option<i64> {
        match column {
            Column::ChargePeriodStart => Some((1_767_225_600 + self.second) * 1_000_000),
            Column::BillingPeriodStart => {
                let first = self.billed_in().first_day();
                let days = (first - date(1970, 1, 1)).get_days();
                Some(i64::from(days) * 86_400_000_000)
            }
            _ => None,
        }
    }

    pub(crate) fn whose(&self, ownership: &Ownership) -> Whose {
        let charge = ownership::Charge {
            provider: self.provider,
            account: self.account,
            sub_account: self.sub_account.unwrap_or(""),
            vendor_service: self.service,
            sku: self.sku.unwrap_or(""),
            resource: self.resource.unwrap_or(""),
            tags: self.tags.unwrap_or(""),
            category: match self.category {
                "Usage" => Category::Usage,
                "Purchase" => Category::Purchase,
                "Tax" => Category::Tax,
                "Credit" => Category::Credit,
                _ => Category::Adjustment,
            },
        };
        ownership.resolve(&charge).on(self.day()).clone()
    }

    /// What it has in a dimension.
    fn value(&self, by: &Dimension, ownership: &Ownership) -> String {
        let text = |text: Option<&str>| text.unwrap_or("").to_owned();
        let some = |text: Option<&'static str>| text.filter(|text| !text.is_empty());
        match by {
            Dimension::Day => self.day().to_string(),
            Dimension::Month => Month::of(self.day()).to_string(),
            Dimension::BilledMonth => self.billed_in().to_string(),
            Dimension::Owner => self.whose(ownership).owner,
            Dimension::Service => self.whose(ownership).service,
            Dimension::Funding => self.whose(ownership).funding,
            Dimension::Meter => text(
                some(self.meter)
                    .or(some(self.description))
                    .or(some(self.sku)),
            ),
            Dimension::Credit => text(self.description.filter(|_| self.category == "Credit")),
            Dimension::Extra(_) => text(self.extra),
            Dimension::Tag(key) => {
                let tags = self.tags.unwrap_or("");
                let tags: serde_json::Value = serde_json::from_str(tags).unwrap_or_default();
                match &tags[key] {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text.clone(),
                    other => other.to_string(),
                }
            }
            plain => text(self.text(plain.column().unwrap())),
        }
    }
}

/// Writes charges as the store does, some to a row group.
pub(crate) fn write(path: &Path, charges: &[Charge], group: usize) {
    let extra = [EXTRA.to_owned()];
    // The columns that are empty here take most of the time.
    let all = schema::schema(&extra);
    let used = all.fields().iter().filter(|field| {
        let column = Column::named(field.name());
        column.is_none_or(|column| Charge::COLUMNS.contains(&column))
    });
    let used = Arc::new(Schema::new(used.cloned().collect::<Vec<_>>()));
    write_as(path, &batch(charges, &used), group);
}

#[expect(clippy::disallowed_methods, reason = "the file is a test's own")]
pub(crate) fn write_as(path: &Path, batch: &RecordBatch, group: usize) {
    let file = std::fs::File::create(path).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .build();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

pub(crate) fn batch(charges: &[Charge], schema: &Arc<Schema>) -> RecordBatch {
    let texts = |take: &dyn Fn(&Charge) -> Option<String>| -> ArrayRef {
        let texts: Vec<Option<String>> = charges.iter().map(take).collect();
        let texts: DictionaryArray<Int32Type> = texts.iter().map(Option::as_deref).collect();
        Arc::new(texts)
    };
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        let Some(column) = Column::named(field.name()) else {
            return match field.name().as_str() {
                schema::SOURCE => texts(&|_| Some("0123456789ab".to_owned())),
                schema::SOURCE_ROW => {
                    Arc::new((0..).take(charges.len()).map(Some).collect::<Int64Array>())
                }
                EXTRA => texts(&|charge| charge.extra.map(str::to_owned)),
                _ => new_null_array(field.data_type(), charges.len()),
            };
        };
        match column.holds() {
            ColumnType::Text | ColumnType::Json => {
                texts(&|charge| charge.text(column).map(str::to_owned))
            }
            ColumnType::Decimal => {
                let numbers: Decimal128Array =
                    charges.iter().map(|charge| charge.cost(column)).collect();
                Arc::new(numbers.with_precision_and_scale(38, 18).unwrap())
            }
            ColumnType::Instant => {
                let instants: TimestampMicrosecondArray = charges
                    .iter()
                    .map(|charge| charge.instant(column))
                    .collect();
                Arc::new(instants.with_timezone("UTC"))
            }
        }
    });
    RecordBatch::try_new(Arc::clone(schema), columns.collect()).unwrap()
}

/// A store with charges in it, cut into files of so many, and its snapshot.
pub(crate) fn stored(folder: &Path, charges: &[Charge], each: usize) -> (CostStore, Snapshot) {
    let store = CostStore::open(folder.to_str().unwrap(), &|_| None).unwrap();
    let mut bills: BTreeMap<Key, Vec<Charge>> = BTreeMap::new();
    for charge in charges {
        let key = Key {
            provider: charge.provider.to_owned(),
            account: charge.account.to_owned(),
            period: charge.billed_in(),
        };
        bills.entry(key).or_default().push(charge.clone());
    }
    let mut snapshot = Snapshot::default();
    for (key, charges) in bills {
        let parts = charges.chunks(each).enumerate().map(|(nth, charges)| {
            let path = format!("{}/part-{nth}.parquet", key.folder());
            let on_disk = folder.join(&path);
            std::fs::create_dir_all(on_disk.parent().unwrap()).unwrap();
            write(&on_disk, charges, 20);
            Part {
                path,
                rows: charges.len() as u64,
                bytes: std::fs::metadata(&on_disk).unwrap().len(),
                digest: Digest::of(b"a part"),
                content: totals(charges).content,
                source: Digest::of(b"a file"),
                file: "bill.csv".to_owned(),
                format: "focus".to_owned(),
            }
        });
        let parts = parts.collect();
        snapshot.partitions.push(Partition {
            totals: totals(&charges),
            key,
            status: Status::Open,
            changed: date(2026, 5, 1),
            parts,
        });
    }
    (store, snapshot)
}

fn totals(charges: &[Charge]) -> Totals {
    let mut totals = Totals::default();
    let mut said = String::new();
    for charge in charges {
        totals.rows += 1;
        totals.days.0.insert(charge.day());
        let sums: &mut Sums = totals
            .sums
            .entry(charge.currency.parse().unwrap())
            .or_default();
        let [billed, effective, listed, contracted] = charge
            .costs
            .map(|units| Decimal::from_units(units).unwrap());
        sums.billed += billed;
        sums.effective += effective;
        sums.listed += listed;
        sums.contracted += contracted;
        if charge.category != "Credit" {
            sums.gross += effective;
        }
        said.push_str(&format!("{charge:?}"));
    }
    totals.content = Digest::of(said.as_bytes()).hex().parse().unwrap();
    totals
}

/// The answer to a question, one charge after the other; in no order.
pub(crate) fn plainly(question: &Question, charges: &[Charge], ownership: &Ownership) -> Vec<Line> {
    let mut groups: BTreeMap<(Vec<String>, Currency), ([Decimal; 5], i64)> = BTreeMap::new();
    for charge in charges {
        let passes = question.conditions().iter().all(|filter| {
            let value = charge.value(&filter.dimension, ownership);
            match &filter.test {
                Test::Within(_) | Test::Outside(_) => {
                    let value = if value.len() == 7 {
                        format!("{value}-01")
                    } else {
                        value
                    };
                    filter.test.admits(value.parse().unwrap())
                }
                test => test.passes(&value),
            }
        });
        if !passes {
            continue;
        }
        let names = question
            .by
            .iter()
            .map(|by| charge.value(by, ownership))
            .collect();
        let key = (names, charge.currency.parse().unwrap());
        let (sums, rows) = groups.entry(key).or_default();
        let [billed, effective, listed, contracted] = charge
            .costs
            .map(|units| Decimal::from_units(units).unwrap());
        let gross = if charge.category == "Credit" {
            Decimal::ZERO
        } else {
            effective
        };
        for (sum, cost) in sums
            .iter_mut()
            .zip([billed, effective, listed, contracted, gross])
        {
            *sum += cost;
        }
        *rows += 1;
    }
    let line =
        |((names, currency), (sums, rows)): ((Vec<String>, Currency), ([Decimal; 5], i64))| {
            let [billed, effective, listed, contracted, gross] = sums;
            let figure = |metric: &Metric| match metric {
                Metric::Gross => gross,
                Metric::Net | Metric::Effective => effective,
                Metric::Drawn => gross - effective,
                Metric::Billed => billed,
                Metric::List => listed,
                Metric::Contracted => contracted,
                Metric::Rows => Decimal::whole(rows),
            };
            Line {
                names,
                currency,
                sums: question.metrics.iter().map(figure).collect(),
                others: None,
            }
        };
    groups.into_iter().map(line).collect()
}

/// Rules of every sort.
pub(crate) const RULES: &str = r#"
rules:
  - {when: {tag: {owner: "*"}}, owner: {tag: owner, names: {"it's": infra}}, service: registry}
  - {when: {sub_account: [web, "w_b*"], provider: Cloud}, until: 2026-02-10, owner: docs}
  - {when: {sub_account: web}, from: 2026-02-10, owner: infra}
  - {when: {tag: {env: "prod-?"}}, owner: docs, service: site}
  - {when: {service: {regex: "^(Sto|Net)"}, category: [Usage, Tax]}, pool: shared}
  - {when: {account: "2", sku: "*%a"}, owner: infra}
  - {when: {resource: "a!b*'c"}, owner: docs}
  - {when: {tag: {empty: ""}}, owner: infra}
pools:
  - {name: shared, to: [docs, infra], by: even}
"#;

/// Rules as they are asked.
pub(crate) fn ownership(rules: &str) -> Ownership {
    let tree = MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: Test\n")
        .with("people/ada.yaml", "name: Ada\n")
        .with("groups/infra.yaml", "members: [ada]\n")
        .with("groups/docs.yaml", "members: [ada]\n")
        .with("services/registry.yaml", "owner: infra\n")
        .with("services/site.yaml", "owner: docs\n")
        .with("spend.yaml", rules);
    let (estate, _) = Draft::read(&tree).unwrap().resolve();
    let mut sources = SourceMap::default();
    let (settings, findings) = Settings::of(&tree, &mut sources);
    assert!(findings.is_empty(), "{findings:?}");
    assert!(rules.is_empty() || !settings.rules.is_empty());
    Ownership::of(&settings, &estate)
}

/// Any charges, few values of each sort, so that they share groups.
pub(crate) fn charges() -> impl Strategy<Value = Vec<Charge>> {
    let texts =
        |texts: &'static [&'static str]| proptest::option::of(proptest::sample::select(texts));
    let one = |texts: &'static [&'static str]| proptest::sample::select(texts);
    let places = (
        one(&["Cloud", "Acme's \"Cloud\""]),
        one(&["1", "2"]),
        texts(&["web", "w_b", "w_b2", "wxb2", ""]),
        one(&["Compute", "Storage", "Networking\\x"]),
        texts(&["sku%a", "skua"]),
        texts(&["Hours", ""]),
        texts(&["a!bc'c", "a%c", "axb"]),
    );
    let sorts = (
        one(&["Usage", "Usage", "Purchase", "Tax", "Credit", "Adjustment"]),
        any::<bool>(),
        texts(&["Grant", "Hours of use", ""]),
        texts(&["Standard", "Committed", "On-Demand"]),
        texts(&[
            r#"{"owner":"Infra","env":"prod-1"}"#,
            r#"{"owner":"it's"}"#,
            r#"{"owner":"nobody","env":"prod-12"}"#,
            r#"{"env":"prod-1","empty":""}"#,
            r#"{"empty":"","a.b/c~d\"e":"x"}"#,
            r#"{"env":null,"owner":""}"#,
            "{}",
            "",
        ]),
        texts(&["cc1", "cc'2"]),
    );
    let numbers = (
        one(&["USD", "USD", "EUR"]),
        0_i64..90 * 86_400,
        0_i8..3,
        proptest::array::uniform4(prop_oneof![
            Just(0),
            -1_000_000_i128..1_000_000,
            -10_i128.pow(29)..10_i128.pow(29),
        ]),
    );
    let charge = (places, sorts, numbers).prop_map(|(places, sorts, numbers)| Charge {
        provider: places.0,
        account: places.1,
        sub_account: places.2,
        service: places.3,
        sku: places.4,
        meter: places.5,
        resource: places.6,
        category: sorts.0,
        correction: sorts.1,
        description: sorts.2,
        pricing: sorts.3,
        tags: sorts.4,
        extra: sorts.5,
        currency: numbers.0,
        second: numbers.1,
        billed: numbers.2,
        costs: numbers.3,
    });
    proptest::collection::vec(charge, 0..60)
}

/// Any question in words: by what, which, which sums, and days.
pub(crate) fn questions() -> impl Strategy<Value = Question> {
    let by = proptest::sample::subsequence(
        vec![
            "day",
            "month",
            "billed-month",
            "provider",
            "account",
            "sub-account",
            "vendor-service",
            "sku",
            "meter",
            "resource",
            "category",
            "class",
            "credit",
            "pricing",
            "currency",
            "owner",
            "service",
            "funding",
            "tag:env",
            "tag:a.b/c~d\"e",
            "x_Cost \"Centre\"",
        ],
        1..5,
    );
    let filters = proptest::sample::subsequence(
        vec![
            "provider=Cloud",
            "provider~Acme'*",
            "owner!=docs",
            "sub-account~w_b*",
            "sub-account=",
            "tag:env~prod-?",
            "tag:owner!=Infra",
            "month=2026-02",
            "billed-month!=2026-01",
            "day!=2026-01-01",
            "vendor-service!~{Comp,Net}*",
            "category=Usage",
            "resource~a!*",
            "sku~*%?",
            "vendor-service~*\\\\x",
            "credit=Grant",
            "service~[rs]*",
        ],
        0..3,
    );
    let metrics = proptest::sample::subsequence(
        vec![
            "gross",
            "net",
            "drawn",
            "billed",
            "effective",
            "list",
            "contracted",
            "rows",
        ],
        1..4,
    );
    let day = |days: i64| {
        date(2026, 1, 1)
            .checked_add(jiff::Span::new().days(days))
            .unwrap()
    };
    let days = prop_oneof![
        2 => Just((None, None)),
        1 => (0_i64..60, 0_i64..40).prop_map(move |(from, days)| (Some(day(from)), Some(day(from + days)))),
        1 => Just((Some(date(2026, 2, 1)), Some(date(2026, 2, 28)))),
        1 => (0_i64..60).prop_map(move |from| (Some(day(from)), None)),
    ];
    (by, filters, metrics, days).prop_map(|(by, filters, metrics, days)| {
        let filters: Vec<String> = filters.into_iter().map(str::to_owned).collect();
        Question::parse(&by.join(","), &filters, &metrics.join(","), days, None).unwrap()
    })
}
