//! Files of charges in Parquet: whether they have what is asked for, and which parts of them may.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use facts::{Blob, Store};
use focus::Column;
use jiff::civil::Date;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;
use parquet::file::statistics::Statistics;

use super::{ScanError, Test, values};
use crate::schema;

/// A file of charges in Parquet.
#[derive(Debug, Clone)]
pub struct Input {
    name: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Path(PathBuf),
    Stored { store: Store, path: String },
}

impl Input {
    /// A file of this machine, called by its path.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            name: path.display().to_string(),
            place: Place::Path(path),
        }
    }

    /// A file of a store.
    pub fn stored(store: &Store, path: &str) -> Self {
        Self {
            name: store.place_of(path),
            place: Place::Stored {
                store: store.clone(),
                path: path.to_owned(),
            },
        }
    }

    /// What it is called in messages: where it is.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What a column has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Instant,
    Cost,
}

/// A column that a scan reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) holds: Holds,
    /// Whether a file without it is refused; else it counts as empty there.
    pub(super) must: bool,
}

impl Wanted {
    pub(super) fn column(column: Column) -> Self {
        let holds = match column.holds() {
            focus::ColumnType::Decimal => Holds::Cost,
            focus::ColumnType::Instant => Holds::Instant,
            focus::ColumnType::Text | focus::ColumnType::Json => Holds::Text,
        };
        Self {
            name: column.name().to_owned(),
            holds,
            must: column.presence() == focus::Presence::Mandatory && !column.is_nullable(),
        }
    }

    /// What newer files call it.
    fn alias(&self) -> Option<&'static str> {
        (self.name == Column::ProviderName.name()).then_some(Column::ServiceProviderName.name())
    }
}

/// A condition that statistics of a part of a file can deny, by the place of the wanted column.
#[derive(Debug, Clone)]
pub(super) struct Prune {
    pub(super) wanted: usize,
    pub(super) test: Test,
}

/// A file whose columns were found.
#[derive(Debug)]
pub(super) struct Opened {
    input: Input,
    /// What is read from; a file of this machine is opened by each thread for itself.
    blob: Option<Blob>,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    /// For each wanted column, its place in a batch.
    pub(super) places: Vec<Option<usize>>,
    /// The parts of the file that may have what is asked for.
    pub(super) parts: Vec<usize>,
}

/// How many rows are looked at at once: few enough to stay in the second cache.
const BATCH: usize = 8192;

impl Opened {
    pub(super) fn open(
        input: &Input,
        wanted: &[Wanted],
        prunes: &[Prune],
    ) -> Result<Self, ScanError> {
        let failed = |source| ScanError::Read {
            file: input.name.clone(),
            source,
        };
        let options = ArrowReaderOptions::new();
        let (plain, blob) = match &input.place {
            Place::Path(path) => {
                let file = open(path).map_err(failed)?;
                (ArrowReaderMetadata::load(&file, options.clone()), None)
            }
            Place::Stored { store, path } => {
                let blob = store.open_file(path)?;
                (
                    ArrowReaderMetadata::load(&blob, options.clone()),
                    Some(blob),
                )
            }
        };
        let plain = plain.map_err(failed)?;
        let found: Vec<Option<usize>> = wanted
            .iter()
            .map(|column| find(input, plain.schema(), column))
            .collect::<Result<_, _>>()?;
        let hinted = hinted(&plain, &found);
        let metadata =
            ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options.with_schema(hinted))
                .map_err(failed)?;
        let mut roots: Vec<usize> = found.iter().flatten().copied().collect();
        roots.sort_unstable();
        roots.dedup();
        let places = found
            .iter()
            .map(|root| root.and_then(|root| roots.binary_search(&root).ok()))
            .collect();
        let parts = (0..metadata.metadata().num_row_groups())
            .filter(|&part| {
                prunes.iter().all(|prune| {
                    found[prune.wanted].is_none_or(|root| may_have(&plain, part, root, &prune.test))
                })
            })
            .collect();
        Ok(Self {
            input: input.clone(),
            blob,
            mask: ProjectionMask::roots(metadata.parquet_schema(), roots),
            metadata,
            places,
            parts,
        })
    }

    /// Reads one part.
    pub(super) fn read(&self, part: usize) -> Result<Batches<'_>, ScanError> {
        let failed = |source| ScanError::Read {
            file: self.input.name.clone(),
            source,
        };
        let reader = match (&self.blob, &self.input.place) {
            (Some(blob), _) => self.reader(blob.clone(), part),
            // A shared file has one position for all.
            (None, Place::Path(path)) => open(path).and_then(|file| self.reader(file, part)),
            (None, Place::Stored { .. }) => unreachable!("opened with the file"),
        };
        let reader = reader.map_err(failed)?;
        Ok(Batches { of: self, reader })
    }

    fn reader<T: ChunkReader + 'static>(
        &self,
        file: T,
        part: usize,
    ) -> Result<ParquetRecordBatchReader, ParquetError> {
        ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(self.mask.clone())
            .with_row_groups(vec![part])
            .with_batch_size(BATCH)
            .build()
    }

    pub(super) fn refused(&self, message: String) -> ScanError {
        refused(&self.input, message)
    }
}

fn open(path: &Path) -> Result<File, ParquetError> {
    File::open(path).map_err(|error| ParquetError::External(Box::new(error)))
}

fn refused(input: &Input, message: String) -> ScanError {
    ScanError::Refused {
        file: input.name.clone(),
        message,
    }
}

/// The rows of one part of a file.
pub(super) struct Batches<'a> {
    of: &'a Opened,
    reader: ParquetRecordBatchReader,
}

impl Iterator for Batches<'_> {
    type Item = Result<RecordBatch, ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        let failed = |error| ScanError::Read {
            file: self.of.input.name.clone(),
            source: match error {
                ArrowError::ParquetError(message) => ParquetError::General(message),
                other => ParquetError::External(Box::new(other)),
            },
        };
        Some(self.reader.next()?.map_err(failed))
    }
}

/// Where a column is in a file, if it is of the right type.
fn find(input: &Input, schema: &Schema, wanted: &Wanted) -> Result<Option<usize>, ScanError> {
    let named = |name: &str| {
        schema
            .fields()
            .iter()
            .position(|field| field.name() == name)
    };
    let Some(at) = named(&wanted.name).or_else(|| wanted.alias().and_then(named)) else {
        if wanted.must {
            let names = schema.fields().iter().map(|field| field.name().as_str());
            let near = base::nearest(&wanted.name, names)
                .map(|near| format!("; it has `{}`", base::visible(near)))
                .unwrap_or_default();
            let message = format!("there is no column {}{near}", base::visible(&wanted.name));
            return Err(refused(input, message));
        }
        return Ok(None);
    };
    let is = schema.field(at).data_type();
    let fits = match wanted.holds {
        Holds::Text => is_text(is),
        Holds::Instant => values::is_instant(is),
        Holds::Cost => values::is_cost(is),
    };
    if fits {
        return Ok(Some(at));
    }
    let needed = match wanted.holds {
        Holds::Text => "a text",
        Holds::Instant => "a TIMESTAMP, a DATE, or an instant as text",
        Holds::Cost => "a DECIMAL of at most 38 digits, another number, or one as text",
    };
    let message = format!(
        "{} holds {is}, where {needed} is needed",
        base::visible(&wanted.name)
    );
    Err(refused(input, message))
}

fn is_text(is: &DataType) -> bool {
    match is {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// The schema with texts as dictionaries where the file keeps them so, else as plain texts:
/// making a dictionary of what has none costs more than it saves.
fn hinted(plain: &ArrowReaderMetadata, found: &[Option<usize>]) -> Arc<Schema> {
    let mut fields: Vec<Arc<Field>> = plain.schema().fields().iter().cloned().collect();
    for root in found {
        let Some(root) = *root else { continue };
        if !is_text(fields[root].data_type()) {
            continue;
        }
        let parts = plain.metadata().row_groups();
        let kept = parts
            .iter()
            .filter_map(|part| leaf(plain, root).map(|leaf| part.column(leaf)))
            .any(|chunk| chunk.dictionary_page_offset().is_some());
        let holds = if kept { schema::text() } else { DataType::Utf8 };
        fields[root] = Arc::new(fields[root].as_ref().clone().with_data_type(holds));
    }
    Arc::new(Schema::new_with_metadata(
        fields,
        plain.schema().metadata().clone(),
    ))
}

/// The leaf of a column that is not nested.
fn leaf(metadata: &ArrowReaderMetadata, root: usize) -> Option<usize> {
    let schema = metadata.parquet_schema();
    (0..schema.num_columns()).find(|&leaf| schema.get_column_root_idx(leaf) == root)
}

/// Whether a part of a file may have a row that passes.
fn may_have(metadata: &ArrowReaderMetadata, part: usize, root: usize, test: &Test) -> bool {
    let Some(leaf) = leaf(metadata, root) else {
        return true;
    };
    let chunk: &ColumnChunkMetaData = metadata.metadata().row_group(part).column(leaf);
    let Some(statistics) = chunk.statistics() else {
        return true;
    };
    match (test, statistics) {
        (Test::Is(text), Statistics::ByteArray(values)) if !text.is_empty() => {
            let text = text.as_bytes();
            values.min_opt().is_none_or(|min| min.data() <= text)
                && values.max_opt().is_none_or(|max| text <= max.data())
        }
        (Test::Within(span), Statistics::Int64(values)) => {
            let unit = match metadata.schema().field(root).data_type() {
                DataType::Timestamp(unit, _) => per_day(*unit),
                _ => return true,
            };
            let first = values.min_opt().map(|min| min.div_euclid(unit));
            let last = values.max_opt().map(|max| max.div_euclid(unit));
            first.is_none_or(|first| first <= i64::from(day_number(span.until)))
                && last.is_none_or(|last| i64::from(day_number(span.from)) <= last)
        }
        _ => true,
    }
}

/// How many of a unit a day has.
pub(super) fn per_day(unit: TimeUnit) -> i64 {
    86_400
        * match unit {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000,
        }
}

/// The days from 1970-01-01 to a day.
pub(crate) fn day_number(day: Date) -> i32 {
    const EPOCH: Date = jiff::civil::date(1970, 1, 1);
    day.duration_since(EPOCH)
        .as_hours()
        .div_euclid(24)
        .try_into()
        .expect("a calendar of 20,000 years has fewer than 2^31 days")
}

/// The day that comes so many after 1970-01-01, if the calendar has it.
pub(crate) fn day_of(number: i32) -> Option<Date> {
    const EPOCH: Date = jiff::civil::date(1970, 1, 1);
    EPOCH
        .checked_add(jiff::Span::new().try_days(number).ok()?)
        .ok()
}
