//! Rows on their way into Parquet.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use base::Digest;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::file::writer::SerializedFileWriter;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::{Scratch, Store, StoreError};

/// zstd's level: higher ones take twice the time here for a tenth of the size.
const LEVEL: i32 = 1;
/// How large a dictionary of a column may get: ids of resources and tags are long, and beyond it
/// each is written out.
const DICTIONARY: usize = 4 << 20;

/// Writes one Parquet file for a store, a row group at a time: the same rows in the same groups
/// give the same bytes. Only the column of a row group at hand is in memory.
pub struct TableWriter {
    writer: SerializedFileWriter<Summed>,
    columns: ArrowRowGroupWriterFactory,
    rows: u64,
    groups: usize,
}

/// A written table that is not in its store yet.
#[derive(Debug)]
pub struct Table {
    /// The file.
    pub scratch: Scratch,
    /// How many rows it has.
    pub rows: u64,
    /// How many bytes.
    pub bytes: u64,
    /// Their digest.
    pub digest: Digest,
}

impl TableWriter {
    /// Begins a table with these columns.
    pub fn new(store: &Store, schema: Arc<Schema>) -> Result<Self, StoreError> {
        let file = Summed {
            file: BufWriter::with_capacity(1 << 16, store.scratch()?),
            digest: Sha256::new(),
            bytes: 0,
        };
        let level = ZstdLevel::try_new(LEVEL).map_err(unwritten)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_dictionary_page_size_limit(DICTIONARY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_max_row_group_row_count(None)
            .build();
        let (writer, columns) = ArrowWriter::try_new(file, schema, Some(properties))
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(unwritten)?;
        Ok(Self {
            writer,
            columns,
            rows: 0,
            groups: 0,
        })
    }

    /// Writes rows as one row group.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<(), StoreError> {
        self.write_group(rows).map_err(unwritten)
    }

    /// Column by column, not all at once as [`ArrowWriter`] does: until a column is ended, all its
    /// different values are in memory again.
    fn write_group(&mut self, rows: &RecordBatch) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        let mut writers = self.columns.create_column_writers(self.groups)?.into_iter();
        for (field, array) in rows.schema_ref().fields().iter().zip(rows.columns()) {
            let leaves = compute_leaves(field, array)?;
            for (leaf, mut writer) in leaves.iter().zip(&mut writers) {
                writer.write(leaf)?;
                let mut chunk = writer.close()?;
                let about = &mut chunk.close_mut().metadata;
                if let Some(statistics) = about.statistics().map(in_own_memory) {
                    let builder = about.clone().into_builder();
                    *about = builder.set_statistics(statistics).build()?;
                }
                chunk.append_to_row_group(&mut group)?;
            }
        }
        group.close()?;
        self.groups += 1;
        self.rows += rows.num_rows() as u64;
        Ok(())
    }

    /// How many rows were written.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the table.
    pub fn finish(self) -> Result<Table, StoreError> {
        let summed = self.writer.into_inner().map_err(unwritten)?;
        let file = summed.file.into_inner();
        let file: NamedTempFile = file.map_err(|failed| unwritten(failed.into_error()))?;
        Ok(Table {
            scratch: Scratch::new(file),
            rows: self.rows,
            bytes: summed.bytes,
            digest: Digest::from_bytes(summed.digest.finalize().into()),
        })
    }
}

impl std::fmt::Debug for TableWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TableWriter({} rows)", self.rows)
    }
}

/// The same statistics. The writer's least and greatest values are slices of all the values of the
/// column, which would stay in memory until the file is ended.
fn in_own_memory(statistics: &Statistics) -> Statistics {
    let copy = |bytes: &[u8]| ByteArray::from(bytes.to_vec());
    let least = statistics.min_bytes_opt().map(copy);
    let greatest = statistics.max_bytes_opt().map(copy);
    let distinct = statistics.distinct_count_opt();
    let nulls = statistics.null_count_opt();
    let compatible = statistics.is_min_max_backwards_compatible();
    match statistics {
        Statistics::ByteArray(of) => Statistics::ByteArray(
            ValueStatistics::new(least, greatest, distinct, nulls, false)
                .with_backwards_compatible_min_max(compatible)
                .with_min_is_exact(of.min_is_exact())
                .with_max_is_exact(of.max_is_exact()),
        ),
        Statistics::FixedLenByteArray(of) => Statistics::FixedLenByteArray(
            ValueStatistics::new(
                least.map(FixedLenByteArray::from),
                greatest.map(FixedLenByteArray::from),
                distinct,
                nulls,
                false,
            )
            .with_backwards_compatible_min_max(compatible)
            .with_min_is_exact(of.min_is_exact())
            .with_max_is_exact(of.max_is_exact()),
        ),
        other => other.clone(),
    }
}

fn unwritten(error: impl Into<ParquetError>) -> StoreError {
    StoreError::failed("a table in a temporary file", "written", error.into())
}

/// A file that knows the digest of what was written.
struct Summed {
    file: BufWriter<NamedTempFile>,
    digest: Sha256,
    bytes: u64,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
