//! Whether charges are those that are there already.
//!
//! Another export of the same month has other columns, other ids of invoices, other notes. So
//! charges are compared by what they are for: when, for what and whose; and, to be equal, also how
//! much.

use std::ops::ControlFlow;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Decimal128Type, Int32Type, TimestampMicrosecondType};
use facts::{Blob, StoreError};
use focus::{Cell, Column, ColumnType, Row};
use hashbrown::HashMap;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// What a charge is of. A bill that is fuller than yesterday's has these again, even if each is
/// for a whole month and its amount has grown.
const OF: [Column; 7] = [
    Column::ChargePeriodStart,
    Column::ChargeCategory,
    Column::SubAccountId,
    Column::ResourceId,
    Column::ServiceName,
    Column::SkuId,
    Column::RegionId,
];
/// And what equal charges have in common beside that.
const AND_EQUAL: [Column; 12] = [
    Column::ChargePeriodEnd,
    Column::ChargeClass,
    Column::ChargeDescription,
    Column::AvailabilityZone,
    Column::SkuMeter,
    Column::SkuPriceId,
    Column::Tags,
    Column::PricingQuantity,
    Column::ConsumedQuantity,
    Column::ListCost,
    Column::BilledCost,
    Column::EffectiveCost,
];

/// Numbers by which a charge is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Likeness {
    /// That of all charges for the same.
    pub(crate) of: u64,
    /// That of all that are also equal in their amounts.
    pub(crate) equal: u64,
}

pub(crate) fn of_row(row: &Row<'_>) -> Likeness {
    let fold = |hash: u64, column: &Column| {
        let cell = match row.get(*column) {
            Cell::Null => 0,
            Cell::Text(text) => of_text(text),
            Cell::Number(number) => of_units(number.units()),
            Cell::Instant(instant) => of_instant(instant.as_microsecond()),
        };
        mix(hash ^ cell, SEED)
    };
    let of = OF.iter().fold(0, fold);
    Likeness {
        of,
        equal: AND_EQUAL.iter().fold(of, fold),
    }
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Both halves of the product, so that each bit counts.
#[allow(clippy::cast_possible_truncation)] // That is how halves are taken.
fn mix(one: u64, other: u64) -> u64 {
    let product = u128::from(one ^ 0xa076_1d64_78bd_642f) * u128::from(other);
    (product as u64) ^ ((product >> 64) as u64)
}

fn of_text(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(text.len() as u64 + 1, |hash, bytes| {
        mix(hash ^ u64::from_le_bytes(*bytes), SEED)
    });
    let rest = rest
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    mix(hash ^ rest, SEED)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Both halves are taken.
fn of_units(units: i128) -> u64 {
    mix(mix(units as u64, SEED) ^ ((units >> 64) as u64), SEED)
}

#[allow(clippy::cast_sign_loss)] // Only to be mixed.
fn of_instant(microseconds: i64) -> u64 {
    mix(microseconds as u64, SEED)
}

/// Numbers of charges and how often each came: all of a bill of usual size; of a larger one those
/// with the smallest numbers, which are as good as drawn by lot and the same in every run.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Those up to here are kept.
    limit: u64,
    counts: HashMap<u64, u32>,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            limit: u64::MAX,
            counts: HashMap::new(),
        }
    }
}

/// How many of the charges that were looked at are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Overlap {
    /// Of those delivered, how many were looked at.
    pub(crate) delivered: u64,
    /// Of those there, how many were looked at.
    pub(crate) there: u64,
    /// How many are in both.
    pub(crate) both: u64,
    /// How many of those delivered are like another of them: what is alike within a file is alike
    /// between two files as well, and means nothing.
    pub(crate) repeated: u64,
}

impl Overlap {
    /// Whether over a tenth of the delivered ones are there, beside those that are just alike.
    pub(crate) fn is_large(self) -> bool {
        self.both.saturating_sub(self.repeated) * 10 > self.delivered
    }
}

impl Sample {
    /// Adds a charge; at most so many different ones are kept.
    pub(crate) fn insert(&mut self, likeness: u64, most: usize) {
        if likeness > self.limit {
            return;
        }
        *self.counts.entry(likeness).or_insert(0) += 1;
        while self.counts.len() > most {
            self.limit /= 2;
            let limit = self.limit;
            self.counts.retain(|likeness, _| *likeness <= limit);
        }
    }

    /// Compares these charges with others, each of which counts once.
    pub(crate) fn compare(&self) -> Comparison {
        Comparison {
            limit: self.limit,
            left: self.counts.clone(),
            overlap: self.below(self.limit),
        }
    }

    /// What there is up to a limit.
    fn below(&self, limit: u64) -> Overlap {
        let counts = self
            .counts
            .iter()
            .filter(|(likeness, _)| **likeness <= limit);
        counts.fold(Overlap::default(), |overlap, (_, count)| Overlap {
            delivered: overlap.delivered + u64::from(*count),
            repeated: overlap.repeated + u64::from(*count) - 1,
            ..overlap
        })
    }

    /// How many of these are in another sample.
    pub(crate) fn overlap(&self, other: &Self) -> Overlap {
        let limit = self.limit.min(other.limit);
        let counts = self
            .counts
            .iter()
            .filter(|(likeness, _)| **likeness <= limit);
        let both =
            counts.filter_map(|(likeness, count)| Some(count.min(other.counts.get(likeness)?)));
        Overlap {
            both: both.map(|count| u64::from(*count)).sum(),
            there: other.below(limit).delivered,
            ..self.below(limit)
        }
    }
}

/// A [`Sample`] held against charges that pass by.
#[derive(Debug)]
pub(crate) struct Comparison {
    limit: u64,
    left: HashMap<u64, u32>,
    pub(crate) overlap: Overlap,
}

impl Comparison {
    pub(crate) fn take(&mut self, likeness: u64) {
        if likeness > self.limit {
            return;
        }
        self.overlap.there += 1;
        if let Some(left) = self.left.get_mut(&likeness).filter(|left| **left > 0) {
            *left -= 1;
            self.overlap.both += 1;
        }
    }
}

/// Reads the numbers of the charges of a part, until it is enough.
pub(crate) fn of_part(
    part: &Blob,
    mut take: impl FnMut(Likeness) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, StoreError> {
    let damaged = |why: String| StoreError::Damaged {
        place: part.place().to_owned(),
        why,
    };
    let builder = ParquetRecordBatchReaderBuilder::try_new(part.clone())
        .map_err(|error| damaged(error.to_string()))?;
    let names = OF.iter().chain(&AND_EQUAL).map(|column| column.name());
    let mask = ProjectionMask::columns(builder.parquet_schema(), names);
    let batches = builder
        .with_projection(mask)
        .build()
        .map_err(|error| damaged(error.to_string()))?;
    for batch in batches {
        let batch = batch.map_err(|error| damaged(error.to_string()))?;
        let likenesses = of_batch(&batch)
            .ok_or_else(|| damaged("its columns are not those of charges".to_owned()))?;
        if likenesses.into_iter().try_for_each(&mut take).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// The likeness of each charge of a batch; nothing if it is not of the schema of charges.
fn of_batch(batch: &RecordBatch) -> Option<Vec<Likeness>> {
    let mut hashes = vec![0; batch.num_rows()];
    OF.into_iter()
        .try_for_each(|column| fold_column(&mut hashes, batch, column))?;
    let of = hashes.clone();
    AND_EQUAL
        .into_iter()
        .try_for_each(|column| fold_column(&mut hashes, batch, column))?;
    let both = of.into_iter().zip(hashes);
    Some(both.map(|(of, equal)| Likeness { of, equal }).collect())
}

/// Adds a column to the numbers of the rows.
fn fold_column(hashes: &mut [u64], batch: &RecordBatch, column: Column) -> Option<()> {
    let array = batch.column_by_name(column.name())?;
    let mut fold = |row: usize, cell: u64| hashes[row] = mix(hashes[row] ^ cell, SEED);
    match column.holds() {
        ColumnType::Decimal => {
            let numbers = array.as_primitive_opt::<Decimal128Type>()?;
            for (row, number) in numbers.iter().enumerate() {
                fold(row, number.map_or(0, of_units));
            }
        }
        ColumnType::Instant => {
            let instants = array.as_primitive_opt::<TimestampMicrosecondType>()?;
            for (row, instant) in instants.iter().enumerate() {
                fold(row, instant.map_or(0, of_instant));
            }
        }
        ColumnType::Text | ColumnType::Json => {
            let texts = array.as_dictionary_opt::<Int32Type>()?;
            let values = texts.values().as_string_opt::<i32>()?;
            let values: Vec<u64> = values.iter().map(|text| text.map_or(0, of_text)).collect();
            for (row, key) in texts.keys().iter().enumerate() {
                let value = key.and_then(|key| values.get(usize::try_from(key).ok()?));
                fold(row, value.copied().unwrap_or(0));
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::schema::schema;
    use crate::store::columns::Columns;

    fn sample(numbers: &[u64], most: usize) -> Sample {
        let mut sample = Sample::default();
        for number in numbers {
            sample.insert(mix(*number, SEED), most);
        }
        sample
    }

    proptest! {
        #[test]
        fn a_charge_has_the_same_likeness_as_a_row_and_in_a_batch(
            texts in proptest::collection::vec("[a-z]{0,20}", 8),
            cost in -10_i64..10,
            second in 0_i64..4_000_000_000,
        ) {
            let mut row = Row::default();
            for (column, text) in Column::ALL.iter().filter(|c| c.holds() == ColumnType::Text).zip(&texts) {
                row.set_text(*column, text);
            }
            row.set_text(Column::ServiceName, texts[0].as_str());
            row.set_text(Column::ChargeDescription, texts[1].as_str());
            row.set(Column::BilledCost, Cell::Number(base::Decimal::whole(cost)));
            row.set(Column::ChargePeriodStart, Cell::Instant(jiff::Timestamp::from_second(second).unwrap()));
            let mut columns = Columns::new(schema(&[]));
            columns.push(&row, "source");
            let batch = columns.take().unwrap();
            prop_assert_eq!(of_batch(&batch), Some(vec![of_row(&row)]));
        }

        #[test]
        fn a_sample_does_not_depend_on_order(mut numbers in proptest::collection::vec(0_u64..500, 0..300)) {
            let one = sample(&numbers, 64);
            numbers.reverse();
            let other = sample(&numbers, 64);
            prop_assert_eq!(one.limit, other.limit);
            prop_assert_eq!(one.counts, other.counts);
        }
    }

    #[test]
    fn an_overlap_is_found_in_samples_of_much() {
        let all: Vec<u64> = (0..100_000).collect();
        let (one, other) = (sample(&all[..60_000], 2_000), sample(&all[45_000..], 1_000));
        let found = other.overlap(&one);
        // 15,000 of 55,000 are in both.
        let share = found.both * 1000 / found.delivered;
        assert!((220..330).contains(&share), "{found:?}");
        let mut comparison = other.compare();
        for number in &all[..60_000] {
            comparison.take(mix(*number, SEED));
        }
        let share = comparison.overlap.both * 1000 / comparison.overlap.delivered;
        assert!((220..330).contains(&share), "{:?}", comparison.overlap);
    }

    #[test]
    fn charges_that_are_alike_count_as_often_as_they_come() {
        let overlap = sample(&[1, 1, 1, 2], 8).overlap(&sample(&[1, 1, 3], 8));
        assert_eq!((overlap.both, overlap.delivered, overlap.there), (2, 4, 3));
    }

    #[test]
    fn what_is_alike_within_a_file_is_no_overlap() {
        // Eight charges of which every two are alike, and eight that go on so.
        let one = sample(&[1, 1, 2, 2, 3, 3, 4, 4], 8);
        assert!(
            !one.overlap(&sample(&[1, 2, 3, 4, 5, 6, 7, 8], 8))
                .is_large()
        );
        assert!(one.overlap(&one).is_large());
        assert!(one.overlap(&sample(&[1, 1, 2, 2, 3, 3], 8)).is_large());
    }

    #[test]
    fn a_batch_that_is_not_of_charges_has_no_likenesses() {
        let batch = RecordBatch::new_empty(Arc::new(arrow_schema::Schema::empty()));
        assert_eq!(of_batch(&batch), None);
    }
}
