//! What is kept at one time: the manifest of a version.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use base::{Currency, Decimal, Digest, Month};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::content::Content;

/// All bills that are kept at one time, by provider, account and month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// Which version of the store it is, from 1; 0 where nothing is kept yet.
    #[serde(skip)]
    pub version: u64,
    /// The bills, in the order of their keys.
    pub partitions: Vec<Partition>,
}

impl Snapshot {
    /// One of the bills.
    pub fn partition(&self, key: &Key) -> Option<&Partition> {
        let place = self.partitions.binary_search_by(|one| one.key.cmp(key));
        place.ok().map(|place| &self.partitions[place])
    }

    /// All files of charges, with the bill that each is of; in the order of the bills.
    pub fn parts(&self) -> impl Iterator<Item = (&Key, &Part)> {
        self.partitions
            .iter()
            .flat_map(|bill| bill.parts.iter().map(move |part| (&bill.key, part)))
    }

    /// The digest of what all bills say: equal for equal charges, however they were delivered.
    /// Whatever is derived from charges is named by it.
    pub fn content(&self) -> Content {
        let mut content = Content::default();
        for bill in &self.partitions {
            content.add(bill.totals.content);
        }
        content
    }

    /// Puts a bill in place of what was there by its key.
    pub(crate) fn insert(&mut self, partition: Partition) {
        match self
            .partitions
            .binary_search_by(|one| one.key.cmp(&partition.key))
        {
            Ok(place) => self.partitions[place] = partition,
            Err(place) => self.partitions.insert(place, partition),
        }
    }
}

/// Which bill: whose, for what account, and of which month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// `ProviderName`.
    pub provider: String,
    /// `BillingAccountId`.
    pub account: String,
    /// The month of `BillingPeriodStart`, in UTC.
    #[serde(deserialize_with = "by_text")]
    pub period: Month,
}

impl Key {
    /// The folder of its parts, as Hive and Spark name it.
    pub fn folder(&self) -> String {
        format!(
            "cost/provider={}/account={}/period={}",
            facts::segment(&self.provider),
            facts::segment(&self.account),
            self.period
        )
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (provider, account) = (base::visible(&self.provider), base::visible(&self.account));
        write!(f, "{provider}, account {account}, {}", self.period)
    }
}

/// Whether a bill may still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Status {
    /// It is still added to.
    #[default]
    Open,
    /// It was invoiced: what it has wrong is put right by charges of a later month (FOCUS 1.3,
    /// Correction Handling).
    Closed,
}

/// One bill: the charges of a provider to an account for a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// Which bill.
    pub key: Key,
    /// Whether it was closed, by somebody or by its age.
    pub status: Status,
    /// The day on which its charges last changed, in UTC.
    #[serde(deserialize_with = "by_text")]
    pub changed: Date,
    /// The files that hold its charges, in the order of their paths.
    pub parts: Vec<Part>,
    /// What its charges come to.
    #[serde(flatten)]
    pub totals: Totals,
}

impl Partition {
    /// The first day on which a charge of it was incurred.
    pub fn first_day(&self) -> Option<Date> {
        self.totals.days.0.first().copied()
    }

    /// The last one.
    pub fn last_day(&self) -> Option<Date> {
        self.totals.days.0.last().copied()
    }

    /// Whether it may no longer change on a day: it was closed, or it is old. It is that when both
    /// its month and its last change are more than so many days ago. By the month alone, a bill of
    /// last year that comes in two parts would be closed between them. And a bill that was only
    /// looked at in the middle of its month is not old: the rest of it is still to come.
    pub fn is_closed(&self, today: Date, closed_after_days: Option<u32>) -> bool {
        if self.status == Status::Closed {
            return true;
        }
        let Some(days) = closed_after_days else {
            return false;
        };
        let end = self.key.period.last_day();
        if self.changed <= end && self.last_day().is_none_or(|last| last < end) {
            return false;
        }
        let days = jiff::Span::new().days(i64::from(days.min(36_500)));
        today > end.max(self.changed).saturating_add(days)
    }

    /// The content of each file that it was delivered in, in the order of their digests.
    pub(crate) fn deliveries(&self) -> BTreeMap<Digest, Content> {
        let mut deliveries: BTreeMap<Digest, Content> = BTreeMap::new();
        for part in &self.parts {
            deliveries.entry(part.source).or_default().add(part.content);
        }
        deliveries
    }
}

/// A Parquet file of charges, and the file that they came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where it is in the store.
    pub path: String,
    /// How many charges it holds.
    pub rows: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their digest.
    pub digest: Digest,
    /// The digest of what its charges say.
    pub content: Content,
    /// The digest of the file that its charges came from.
    pub source: Digest,
    /// The name of that file.
    pub file: String,
    /// The format of that file.
    pub format: String,
}

/// What charges come to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// How many charges.
    pub rows: u64,
    /// How many of them had a number with more than 18 digits after the point, which was rounded.
    pub rounded: u64,
    /// Their costs, by currency.
    #[serde(with = "by_currency")]
    pub sums: BTreeMap<Currency, Sums>,
    /// The days on which they were incurred (`ChargePeriodStart`, in UTC).
    pub days: Days,
    /// The digest of what they say, whatever their order and wherever they came from.
    pub content: Content,
}

impl Totals {
    /// Adds the totals of other charges; false if a sum leaves the range of money, and then what
    /// is here is worth nothing.
    #[must_use]
    pub(crate) fn add(&mut self, other: &Self) -> bool {
        self.rows += other.rows;
        self.rounded += other.rounded;
        self.days.0.extend(&other.days.0);
        self.content.add(other.content);
        other
            .sums
            .iter()
            .all(|(currency, sums)| self.sums.entry(*currency).or_default().add(sums))
    }
}

/// Costs of charges in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// `BilledCost`.
    #[serde(deserialize_with = "by_text")]
    pub billed: Decimal,
    /// `EffectiveCost`.
    #[serde(deserialize_with = "by_text")]
    pub effective: Decimal,
    /// `ListCost`.
    #[serde(deserialize_with = "by_text")]
    pub listed: Decimal,
    /// `ContractedCost`.
    #[serde(deserialize_with = "by_text")]
    pub contracted: Decimal,
    /// `EffectiveCost` of all but credits.
    #[serde(deserialize_with = "by_text")]
    pub gross: Decimal,
}

impl Sums {
    /// Adds other costs; false if one leaves the range.
    #[must_use]
    pub(crate) fn add(&mut self, other: &Self) -> bool {
        let pairs = [
            (&mut self.billed, other.billed),
            (&mut self.effective, other.effective),
            (&mut self.listed, other.listed),
            (&mut self.contracted, other.contracted),
            (&mut self.gross, other.gross),
        ];
        pairs.into_iter().all(|(sum, more)| {
            let added = sum.plus(more);
            *sum = added.unwrap_or(*sum);
            added.is_some()
        })
    }
}

/// Days, written as runs: `2025-03-01/2025-03-31`, or a day alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Days(pub BTreeSet<Date>);

impl Days {
    /// The runs of days without a gap, each by its first and last day.
    pub fn runs(&self) -> Vec<(Date, Date)> {
        let mut runs: Vec<(Date, Date)> = Vec::new();
        for day in &self.0 {
            match runs.last_mut() {
                Some((_, last)) if last.tomorrow().is_ok_and(|next| next == *day) => *last = *day,
                _ => runs.push((*day, *day)),
            }
        }
        runs
    }

    /// Its runs as texts, with this between the first and the last day.
    fn texts(&self, between: &str) -> Vec<String> {
        let text = |(first, last): (Date, Date)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}{between}{last}")
            }
        };
        self.runs().into_iter().map(text).collect()
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texts(" to ").join(", "))
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.texts("/"))
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut days = BTreeSet::new();
        for run in Vec::<String>::deserialize(deserializer)? {
            let (first, last) = run.split_once('/').unwrap_or((&run, &run));
            let day = |text: &str| text.parse::<Date>().map_err(serde::de::Error::custom);
            let (first, last) = (day(first)?, day(last)?);
            days.extend(
                first
                    .series(jiff::Span::new().days(1))
                    .take_while(|day| *day <= last),
            );
        }
        Ok(Self(days))
    }
}

/// Reads what is written as text.
pub(crate) fn by_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

mod by_currency {
    use super::{BTreeMap, Currency, Deserialize, Deserializer, Serializer, Sums};

    pub(super) fn serialize<S: Serializer>(
        sums: &BTreeMap<Currency, Sums>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(sums.iter().map(|(currency, sums)| (currency.code(), sums)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Currency, Sums>, D::Error> {
        let sums = BTreeMap::<String, Sums>::deserialize(deserializer)?;
        sums.into_iter()
            .map(|(code, sums)| Ok((code.parse().map_err(serde::de::Error::custom)?, sums)))
            .collect()
    }
}
