//! Charges on their way into a record batch, column by column.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use arrow_array::builder::{PrimitiveBuilder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{
    Array as _, ArrayRef, DictionaryArray, PrimitiveArray, RecordBatch, new_null_array,
};
use arrow_schema::{ArrowError, DataType, Schema};
use focus::{Cell, Column, ColumnType, Row};
use hashbrown::{DefaultHashBuilder, HashTable};

/// About what a text of a dictionary takes beside its bytes.
const PER_TEXT: usize = 16;
/// About what the columns take before there is much in them.
const EMPTY: usize = 24 << 10;

/// Columns that grow by charges, and give a batch of them.
#[derive(Debug)]
pub(crate) struct Columns {
    schema: Arc<Schema>,
    builders: Vec<Builder>,
    rows: usize,
    bytes: usize,
    hasher: DefaultHashBuilder,
}

/// A column without any value yet has no builder: most of FOCUS's are empty in most files.
#[derive(Debug)]
enum Builder {
    Number(Option<PrimitiveBuilder<Decimal128Type>>),
    Instant(Option<PrimitiveBuilder<TimestampMicrosecondType>>),
    Row(PrimitiveBuilder<Int64Type>),
    Text(Option<Box<Texts>>),
}

impl Columns {
    /// Columns of [`crate::schema::schema`].
    pub(crate) fn new(schema: Arc<Schema>) -> Self {
        let builders = schema.fields().iter().map(|field| match field.data_type() {
            DataType::Decimal128(..) => Builder::Number(None),
            DataType::Timestamp(..) => Builder::Instant(None),
            DataType::Int64 => Builder::Row(PrimitiveBuilder::with_capacity(0)),
            _ => Builder::Text(None),
        });
        Self {
            builders: builders.collect(),
            schema,
            rows: 0,
            bytes: 0,
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// About how much memory they take.
    pub(crate) fn bytes(&self) -> usize {
        EMPTY + self.bytes
    }

    /// Adds a charge; `source` is the digest of its file.
    pub(crate) fn push(&mut self, row: &Row<'_>, source: &str) {
        for (place, column) in Column::ALL.iter().enumerate() {
            match row.get(*column) {
                Cell::Null => {}
                // Checked by whoever reads files: a cell is what its column holds.
                Cell::Text(_) if !matches!(column.holds(), ColumnType::Text | ColumnType::Json) => {
                }
                Cell::Text(text) => self.text(place, self.rows, text),
                Cell::Number(number) => self.number(place, self.rows, number.units()),
                Cell::Instant(instant) => self.instant(place, self.rows, instant.as_microsecond()),
            }
        }
        self.text(Column::COUNT, self.rows, source);
        self.row_number(
            Column::COUNT + 1,
            i64::try_from(row.number).unwrap_or(i64::MAX),
        );
        self.some_text(Column::COUNT + 2, &row.mended);
        for (place, text) in row.extra.iter().enumerate() {
            self.some_text(Column::COUNT + 3 + place, text);
        }
        self.rows += 1;
    }

    /// Adds rows that were written before, of the same schema.
    pub(crate) fn extend(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        if batch.schema_ref().fields() != self.schema.fields() {
            let message = "rows of other columns cannot be added".to_owned();
            return Err(ArrowError::SchemaError(message));
        }
        let first = self.rows;
        for (place, array) in batch.columns().iter().enumerate() {
            if array.null_count() == array.len() {
                continue;
            }
            if let Some(numbers) = array.as_primitive_opt::<Decimal128Type>() {
                for (row, units) in some(numbers) {
                    self.number(place, first + row, units);
                }
            } else if let Some(instants) = array.as_primitive_opt::<TimestampMicrosecondType>() {
                for (row, microseconds) in some(instants) {
                    self.instant(place, first + row, microseconds);
                }
            } else if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
                for (_, number) in some(numbers) {
                    self.row_number(place, number);
                }
            } else if let Some(texts) = array.as_dictionary_opt::<Int32Type>() {
                for (row, key) in some(texts.keys()) {
                    if let Some(text) = value_of(texts, key) {
                        self.text(place, first + row, text);
                    }
                }
            }
        }
        self.rows += batch.num_rows();
        Ok(())
    }

    fn row_number(&mut self, place: usize, number: i64) {
        if let Some(Builder::Row(builder)) = self.builders.get_mut(place) {
            builder.append_value(number);
            self.bytes += 8;
        }
    }

    fn some_text(&mut self, place: usize, text: &str) {
        if !text.is_empty() {
            self.text(place, self.rows, text);
        }
    }

    fn number(&mut self, place: usize, row: usize, units: i128) {
        if let Some(Builder::Number(builder)) = self.builders.get_mut(place) {
            let builder = builder.get_or_insert_with(|| {
                PrimitiveBuilder::with_capacity(0)
                    .with_data_type(self.schema.field(place).data_type().clone())
            });
            pad(builder, row);
            builder.append_value(units);
            self.bytes += 16;
        }
    }

    fn instant(&mut self, place: usize, row: usize, microseconds: i64) {
        if let Some(Builder::Instant(builder)) = self.builders.get_mut(place) {
            let builder = builder.get_or_insert_with(|| {
                PrimitiveBuilder::with_capacity(0)
                    .with_data_type(self.schema.field(place).data_type().clone())
            });
            pad(builder, row);
            builder.append_value(microseconds);
            self.bytes += 8;
        }
    }

    fn text(&mut self, place: usize, row: usize, text: &str) {
        if let Some(Builder::Text(texts)) = self.builders.get_mut(place) {
            let texts = texts.get_or_insert_default();
            pad(&mut texts.keys, row);
            self.bytes += 4 + texts.append(text, &self.hasher);
        }
    }

    /// All rows as a batch, in the order of [`ORDERED_BY`]; the columns are empty then.
    pub(crate) fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.builders.len());
        for (field, builder) in self.schema.fields().iter().zip(&mut self.builders) {
            let built: Option<ArrayRef> = match builder {
                Builder::Number(builder) => builder.take().map(|builder| built(builder, rows)),
                Builder::Instant(builder) => builder.take().map(|builder| built(builder, rows)),
                Builder::Row(builder) => Some(Arc::new(builder.finish())),
                Builder::Text(texts) => match texts.take() {
                    Some(texts) => Some(texts.finish(rows)?),
                    None => None,
                },
            };
            arrays.push(built.unwrap_or_else(|| new_null_array(field.data_type(), rows)));
        }
        if let Some(order) = order(&arrays, rows) {
            for array in &mut arrays {
                *array = in_order(array, &order)?;
            }
        }
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }
}

fn built<T: ArrowPrimitiveType>(mut builder: PrimitiveBuilder<T>, rows: usize) -> ArrayRef {
    pad(&mut builder, rows);
    Arc::new(builder.finish())
}

/// What rows are sorted by, so that what is asked for together lies together; the time is last.
const ORDERED_BY: (Column, Column, Column) = (
    Column::SubAccountId,
    Column::ServiceName,
    Column::ChargePeriodStart,
);

/// The order of the rows; nothing if they are in it.
fn order(arrays: &[ArrayRef], rows: usize) -> Option<Vec<usize>> {
    let (first, second, time) = ORDERED_BY;
    let (first, second) = (
        ranks(&arrays[first as usize]),
        ranks(&arrays[second as usize]),
    );
    let times = arrays[time as usize].as_primitive_opt::<TimestampMicrosecondType>()?;
    let rank = |ranks: &[u32], row: usize| ranks.get(row).copied().unwrap_or(0);
    // The row itself is last: what is equal stays in the order of its file.
    let mut keys: Vec<(u32, u32, i64, usize)> = (0..rows)
        .map(|row| (rank(&first, row), rank(&second, row), times.value(row), row))
        .collect();
    if keys.is_sorted() {
        return None;
    }
    keys.sort_unstable();
    Some(keys.into_iter().map(|(_, _, _, row)| row).collect())
}

/// Where the text of each row comes among all of its column; nothing for a column without any.
fn ranks(array: &ArrayRef) -> Vec<u32> {
    let Some(texts) = array.as_dictionary_opt::<Int32Type>() else {
        return Vec::new();
    };
    let Some(values) = texts.values().as_string_opt::<i32>() else {
        return Vec::new();
    };
    let mut places: Vec<usize> = (0..values.len()).collect();
    places.sort_unstable_by_key(|place| values.value(*place));
    let mut ranks = vec![0; values.len()];
    for (rank, place) in (1..).zip(places) {
        ranks[place] = rank;
    }
    let rank = |key: i32| ranks.get(usize::try_from(key).ok()?).copied();
    texts
        .keys()
        .iter()
        .map(|key| key.and_then(rank).unwrap_or(0))
        .collect()
}

fn in_order(array: &ArrayRef, order: &[usize]) -> Result<ArrayRef, ArrowError> {
    if array.null_count() == array.len() {
        return Ok(Arc::clone(array));
    }
    if let Some(texts) = array.as_dictionary_opt::<Int32Type>() {
        let keys = picked(texts.keys(), order);
        let texts = DictionaryArray::try_new(keys, Arc::clone(texts.values()))?;
        return Ok(Arc::new(texts));
    }
    if let Some(numbers) = array.as_primitive_opt::<Decimal128Type>() {
        return Ok(Arc::new(picked(numbers, order)));
    }
    if let Some(instants) = array.as_primitive_opt::<TimestampMicrosecondType>() {
        return Ok(Arc::new(picked(instants, order)));
    }
    let rows = array.as_primitive_opt::<Int64Type>().ok_or_else(|| {
        ArrowError::SchemaError(format!("no column of charges holds {}", array.data_type()))
    })?;
    Ok(Arc::new(picked(rows, order)))
}

fn picked<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, order: &[usize]) -> PrimitiveArray<T> {
    let mut builder =
        PrimitiveBuilder::<T>::with_capacity(order.len()).with_data_type(array.data_type().clone());
    if array.null_count() == 0 {
        let values = array.values();
        for row in order {
            builder.append_value(values[*row]);
        }
    } else {
        for row in order {
            builder.append_option(array.is_valid(*row).then(|| array.value(*row)));
        }
    }
    builder.finish()
}

/// The values of a column that are not null, each with its row.
fn some<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
) -> impl Iterator<Item = (usize, T::Native)> + '_ {
    let values = array.iter().enumerate();
    values.filter_map(|(row, value)| Some((row, value?)))
}

/// The text of a dictionary that a key stands for.
fn value_of(texts: &DictionaryArray<Int32Type>, key: i32) -> Option<&str> {
    let values = texts.values().as_string_opt::<i32>()?;
    let place = usize::try_from(key).ok()?;
    (place < values.len()).then(|| values.value(place))
}

/// Fills a column with nulls up to a row.
fn pad<T: ArrowPrimitiveType>(builder: &mut PrimitiveBuilder<T>, rows: usize) {
    let missing = rows.saturating_sub(arrow_array::builder::ArrayBuilder::len(builder));
    if missing > 0 {
        builder.append_nulls(missing);
    }
}

/// Texts as a dictionary. What stands in one row mostly stands in the next as well, so that is
/// looked at first.
#[derive(Debug)]
struct Texts {
    keys: PrimitiveBuilder<Int32Type>,
    values: StringBuilder,
    places: HashTable<i32>,
    last: i32,
}

impl Default for Texts {
    // Builders set room for a thousand values aside, and most of thousands of bills have few.
    fn default() -> Self {
        Self {
            keys: PrimitiveBuilder::with_capacity(0),
            values: StringBuilder::with_capacity(0, 0),
            places: HashTable::new(),
            last: 0,
        }
    }
}

impl Texts {
    /// Adds a text, and says how many bytes that took beside its key.
    fn append(&mut self, text: &str, hasher: &DefaultHashBuilder) -> usize {
        if value(&self.values, self.last) == Some(text.as_bytes()) {
            self.keys.append_value(self.last);
            return 0;
        }
        let values = &self.values;
        let hash = hasher.hash_one(text.as_bytes());
        let found = self
            .places
            .find(hash, |place| value(values, *place) == Some(text.as_bytes()));
        let (place, taken) = if let Some(place) = found {
            (*place, 0)
        } else {
            let place = i32::try_from(arrow_array::builder::ArrayBuilder::len(values))
                .expect("a batch has fewer than 2^31 rows");
            self.values.append_value(text);
            let values = &self.values;
            self.places.insert_unique(hash, place, |place| {
                hasher.hash_one(value(values, *place).unwrap_or_default())
            });
            (place, text.len() + PER_TEXT)
        };
        self.last = place;
        self.keys.append_value(place);
        taken
    }

    fn finish(mut self: Box<Self>, rows: usize) -> Result<ArrayRef, ArrowError> {
        pad(&mut self.keys, rows);
        let values = Arc::new(self.values.finish());
        Ok(Arc::new(DictionaryArray::try_new(
            self.keys.finish(),
            values,
        )?))
    }
}

/// The bytes of a text of a dictionary.
fn value(values: &StringBuilder, place: i32) -> Option<&[u8]> {
    let place = usize::try_from(place).ok()?;
    let offsets = values.offsets_slice();
    let (start, end) = (*offsets.get(place)?, *offsets.get(place + 1)?);
    values
        .values_slice()
        .get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}
