//! Parquet, batch by batch.

mod cells;
mod schema;

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::Length as _;

use self::schema::Leaf;
use super::csv::{CELL, RECORD};
use super::input::header::Header;
use super::input::record::Span;
use super::input::source::Source;
use crate::{Problem, codes};

/// How many rows are unpacked at once.
const ROWS: usize = 1024;

/// A file of Parquet.
pub(super) struct Parquet {
    batches: ParquetRecordBatchReader,
    leaves: Vec<Leaf>,
    batch: Option<RecordBatch>,
    row: usize,
    number: u64,
    text: String,
    spans: Vec<Span>,
    done: bool,
}

impl Parquet {
    pub(super) fn open(source: &Source, header: &mut Header) -> Result<Self, Problem> {
        // What a writer says of Arrow's types only changes how they lie in memory.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = guarded(|| ArrowReaderMetadata::load(source, options))
            .map_err(|error| damaged(header, None, &error))?;
        let metadata = guarded(|| with_views(&metadata)).unwrap_or(metadata);
        if let Some(name) = foreign(metadata.metadata()) {
            return Err(header.problem(
                &codes::BILL_PARQUET,
                None,
                format!("the Parquet file is compressed with {name}, which is not read"),
                "write it with Zstandard, with Snappy or without compression",
            ));
        }
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(source.clone(), metadata);
        if !lies_within(builder.metadata(), source.len()) {
            return Err(damaged(
                header,
                None,
                "EOF: a column is not where it should be",
            ));
        }
        let leaves = schema::leaves(builder.schema(), header)?;
        let batches = guarded(|| builder.with_batch_size(ROWS).build())
            .map_err(|error| damaged(header, None, &error))?;
        Ok(Self {
            batches,
            leaves,
            batch: None,
            row: 0,
            number: 0,
            text: String::new(),
            spans: Vec::new(),
            done: false,
        })
    }

    /// Goes on to the next record, if there is one.
    pub(super) fn advance(&mut self, header: &Header) -> Result<bool, Problem> {
        if self.done {
            return Ok(false);
        }
        self.row += 1;
        while self
            .batch
            .as_ref()
            .is_none_or(|batch| self.row >= batch.num_rows())
        {
            let next = guarded(|| self.batches.next().transpose()).map_err(|error| {
                self.done = true;
                damaged(header, Some(self.number + 1), &error)
            })?;
            let Some(batch) = next else {
                self.done = true;
                return Ok(false);
            };
            self.row = 0;
            self.batch = Some(batch);
        }
        self.number += 1;
        self.fill(header).map(|()| true)
    }

    /// The present record.
    pub(super) fn current(&self) -> (&str, &[Span], u64) {
        (&self.text, &self.spans, self.number)
    }

    fn fill(&mut self, header: &Header) -> Result<(), Problem> {
        self.text.clear();
        self.spans.clear();
        let Some(batch) = &self.batch else {
            return Ok(());
        };
        for (leaf, name) in self.leaves.iter().zip(&header.names) {
            let start = self.text.len();
            let found = leaf.array(batch, self.row).map_or(Ok(false), |array| {
                cells::write(&mut self.text, array, self.row)
            });
            let flawed = |code, message: String, help: &str| Problem {
                code,
                place: header.place(Some(self.number), Some(name)),
                message,
                help: help.to_owned(),
            };
            let found = found.map_err(|error| {
                flawed(
                    &codes::BILL_PARQUET,
                    error,
                    "write the file again, or export it as CSV",
                )
            })?;
            let end = self.text.len();
            if end - start > CELL || end > RECORD {
                let message = "this cell has more than 4 MB, or its row more than 16 MB";
                return Err(flawed(
                    &codes::BILL_SIZE,
                    message.to_owned(),
                    "shorten the text",
                ));
            }
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX - 1);
            self.spans.push(if found {
                Span {
                    start: place(start),
                    end: place(end),
                }
            } else {
                Span::NULL
            });
        }
        Ok(())
    }
}

/// The same with texts as views of the pages that they lie in: a page with one long text that
/// stands in many rows would be many times as long if each row had its own copy.
fn with_views(metadata: &ArrowReaderMetadata) -> ParquetResult<ArrowReaderMetadata> {
    let schema = Schema::new(schema::with_views(metadata.schema().fields()));
    let options = ArrowReaderOptions::new().with_schema(schema.into());
    ArrowReaderMetadata::try_new(metadata.metadata().clone(), options)
}

/// What packs a column that this program does not unpack.
fn foreign(metadata: &ParquetMetaData) -> Option<&'static str> {
    let columns = metadata
        .row_groups()
        .iter()
        .flat_map(RowGroupMetaData::columns);
    let mut names = columns.filter_map(|column| match column.compression() {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_) => None,
        Compression::GZIP(_) => Some("gzip"),
        Compression::BROTLI(_) => Some("Brotli"),
        Compression::LZO => Some("LZO"),
        Compression::LZ4 | Compression::LZ4_RAW => Some("LZ4"),
    });
    names.next()
}

/// Whether the columns lie in the file where it says that they do.
fn lies_within(metadata: &ParquetMetaData, length: u64) -> bool {
    let fits = |column: &ColumnChunkMetaData| {
        let pages = column
            .dictionary_page_offset()
            .unwrap_or(column.data_page_offset());
        let start = u64::try_from(pages).ok();
        let size = u64::try_from(column.compressed_size()).ok();
        let end = start
            .zip(size)
            .and_then(|(start, size)| start.checked_add(size));
        column.data_page_offset() >= pages && end.is_some_and(|end| end <= length)
    };
    let rows = |group: &RowGroupMetaData| group.num_rows() >= 0 && group.columns().iter().all(fits);
    metadata.row_groups().iter().all(rows)
}

/// Asks the library, which stops the program at some of the damage that a file may have.
fn guarded<T, E: Display>(ask: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    // What it was asked with is not used again after it has stopped.
    match catch_unwind(AssertUnwindSafe(ask)) {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err("it contradicts itself".to_owned()),
    }
}

fn damaged(header: &Header, row: Option<u64>, error: &str) -> Problem {
    // The library says which of its parts has failed; whoever reads this need not know.
    let plain = error
        .trim_start_matches("Parquet argument error: ")
        .trim_start_matches("ParquetError: ")
        .trim_start_matches("Parquet error: ");
    let (code, message) = if plain.starts_with("EOF") || plain.contains("Corrupt footer") {
        (
            &codes::BILL_TRUNCATED,
            "the Parquet file has no end, or what it says of itself is not in it".to_owned(),
        )
    } else {
        (
            &codes::BILL_PARQUET,
            format!("the Parquet file is damaged: {}", base::visible(plain)),
        )
    };
    header.problem(
        code,
        row,
        message,
        "fetch the file again, or export it as CSV",
    )
}
