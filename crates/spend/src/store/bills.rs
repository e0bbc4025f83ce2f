//! The bills that a delivery speaks of, on their way into files.
//!
//! Memory is bounded whatever comes: rows wait in columns until there are enough for a row group,
//! or until all columns together are too large; then the largest are sorted and written. What is
//! left in memory of a row is its place in sums and samples. Where many bills lie mixed in a file,
//! that makes small row groups, which are read and written again when the file has ended.

use std::collections::BTreeSet;
use std::fs::File;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use arrow_schema::Schema;
use base::Month;
use facts::{Scratch, Store, StoreError, Table, TableWriter};
use hashbrown::{DefaultHashBuilder, HashTable};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;

use super::columns::Columns;
use super::content::Content;
use super::delivery::Source;
use super::likeness::Sample;
use super::snapshot::{Key, Part, Totals};

/// So many rows are sorted and written as one row group: enough for dictionaries to pay, and few
/// enough to read by the part.
const GROUP_ROWS: usize = 122_880;
/// So much may wait in columns, of all bills together.
const WAITING: usize = 40 << 20;
/// Row groups with fewer rows on average are written again.
const TORN: usize = GROUP_ROWS / 4;
/// So many rows are read at once for that.
const BATCH: usize = 8192;
/// A file ends after so many rows, or row groups; an open one remembers each of those.
const FILE_ROWS: u64 = 1_000_000;
const FILE_GROUPS: usize = 16;
/// So many files are open at once; systems allow some hundreds.
const FILES: usize = 48;
/// So many bills may be in a delivery.
pub(crate) const BILLS: usize = 1000;
/// So many charges of all bills are remembered in samples, and of one bill within these bounds.
const SAMPLED: usize = 1 << 18;
const SAMPLE: (usize, usize) = (256, 8192);

/// What a file of a delivery has of one bill.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    /// Which of the files.
    pub(crate) source: usize,
    pub(crate) totals: Totals,
    pub(crate) parts: Vec<Made>,
    /// How many row groups the parts have.
    groups: usize,
    /// By what charges are of.
    pub(crate) of: Sample,
    /// By what they are equal in.
    pub(crate) equal: Sample,
}

/// A part, and its bytes until it is uploaded.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) part: Part,
    pub(crate) scratch: Option<Scratch>,
}

/// One bill of a delivery.
#[derive(Debug)]
pub(crate) struct Bill {
    pub(crate) key: Key,
    /// What each file has of it; the last one may be at work.
    pub(crate) pieces: Vec<Piece>,
    columns: Option<Columns>,
    /// What the rows in the columns say.
    waiting: Content,
    table: Option<OpenTable>,
}

#[derive(Debug)]
struct OpenTable {
    writer: TableWriter,
    groups: usize,
    content: Content,
    /// When it was last written to.
    turn: u64,
}

impl Bill {
    fn waits(&self) -> usize {
        self.columns.as_ref().map_or(0, Columns::bytes)
    }
}

/// A file of the delivery that is read now.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(crate) number: usize,
    pub(crate) source: Source,
    pub(crate) schema: Arc<Schema>,
}

/// All bills of a delivery.
#[derive(Debug)]
pub(crate) struct Bills {
    store: Store,
    all: Vec<Bill>,
    places: HashTable<usize>,
    hasher: DefaultHashBuilder,
    /// The bill of the last row, which mostly is that of the next.
    last: usize,
    waiting: usize,
    turn: u64,
    pieces: usize,
}

impl Bills {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            all: Vec::new(),
            places: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            last: 0,
            waiting: 0,
            turn: 0,
            pieces: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// All of them, in the order of their keys.
    pub(crate) fn into_sorted(self) -> Vec<Bill> {
        let mut bills = self.all;
        bills.sort_by(|one, other| one.key.cmp(&other.key));
        bills
    }

    /// The place of the bill of a row, made if there is none, with a piece for the file.
    pub(crate) fn place(
        &mut self,
        file: usize,
        provider: &str,
        account: &str,
        period: Month,
    ) -> usize {
        let is =
            |key: &Key| key.period == period && key.account == account && key.provider == provider;
        if self.all.get(self.last).is_none_or(|bill| !is(&bill.key)) {
            let hash = self.hasher.hash_one((provider, account, period));
            let bills = &self.all;
            let found = self.places.find(hash, |place| is(&bills[*place].key));
            self.last = match found {
                Some(place) => *place,
                None => self.add(hash, provider, account, period),
            };
        }
        let bill = &mut self.all[self.last];
        if bill.pieces.last().is_none_or(|piece| piece.source != file) {
            bill.pieces.push(Piece {
                source: file,
                ..Piece::default()
            });
            self.pieces += 1;
        }
        self.last
    }

    fn add(&mut self, hash: u64, provider: &str, account: &str, period: Month) -> usize {
        let place = self.all.len();
        self.all.push(Bill {
            key: Key {
                provider: provider.to_owned(),
                account: account.to_owned(),
                period,
            },
            pieces: Vec::new(),
            columns: None,
            waiting: Content::default(),
            table: None,
        });
        let (bills, hasher) = (&self.all, &self.hasher);
        self.places.insert_unique(hash, place, |place| {
            let key = &bills[*place].key;
            hasher.hash_one((key.provider.as_str(), key.account.as_str(), key.period))
        });
        place
    }

    /// The piece at work of a bill, and how many charges a sample of it keeps.
    pub(crate) fn piece(&mut self, place: usize) -> Option<(&mut Piece, usize)> {
        let most = (SAMPLED / self.pieces.max(1)).clamp(SAMPLE.0, SAMPLE.1);
        Some((self.all[place].pieces.last_mut()?, most))
    }

    /// Takes a row into the columns of its bill. `digest` is the short one of the file.
    pub(crate) fn push(
        &mut self,
        place: usize,
        row: &focus::Row<'_>,
        content: Content,
        file: &OpenFile,
        digest: &str,
    ) -> Result<(), StoreError> {
        let bill = &mut self.all[place];
        let before = bill.waits();
        let columns = bill
            .columns
            .get_or_insert_with(|| Columns::new(Arc::clone(&file.schema)));
        columns.push(row, digest);
        bill.waiting.add(content);
        self.waiting += columns.bytes() - before;
        if columns.rows() >= GROUP_ROWS {
            self.write(place, file)?;
        }
        while self.waiting > WAITING {
            let largest = (0..self.all.len()).max_by_key(|place| self.all[*place].waits());
            match largest.filter(|place| self.all[*place].waits() > 0) {
                Some(place) => self.write(place, file)?,
                None => break,
            }
        }
        Ok(())
    }

    /// Writes the waiting rows of a bill as a row group.
    fn write(&mut self, place: usize, file: &OpenFile) -> Result<(), StoreError> {
        let bill = &mut self.all[place];
        let Some(mut columns) = bill.columns.take() else {
            return Ok(());
        };
        self.waiting -= columns.bytes();
        if columns.rows() == 0 {
            return Ok(());
        }
        let batch = columns
            .take()
            .map_err(|error| StoreError::failed(self.store.place(), "written", error))?;
        drop(columns);
        self.turn += 1;
        let mut table = match bill.table.take() {
            Some(table) => table,
            None => OpenTable {
                writer: TableWriter::new(&self.store, Arc::clone(&file.schema))?,
                groups: 0,
                content: Content::default(),
                turn: 0,
            },
        };
        table.writer.write(&batch)?;
        table.groups += 1;
        table.turn = self.turn;
        table.content.add(std::mem::take(&mut bill.waiting));
        let is_full = table.writer.rows() >= FILE_ROWS || table.groups >= FILE_GROUPS;
        bill.table = Some(table);
        if is_full {
            self.finish_table(place, file)?;
        }
        self.bound_open_tables(file)
    }

    /// Ends the table that was not written to for longest, if too many are open.
    fn bound_open_tables(&mut self, file: &OpenFile) -> Result<(), StoreError> {
        let turn = |bill: &Bill| bill.table.as_ref().map(|table| table.turn);
        let open = (0..self.all.len()).filter_map(|place| Some((turn(&self.all[place])?, place)));
        let open: BTreeSet<(u64, usize)> = open.collect();
        match open.first() {
            Some((_, place)) if open.len() > FILES => self.finish_table(*place, file),
            _ => Ok(()),
        }
    }

    fn finish_table(&mut self, place: usize, file: &OpenFile) -> Result<(), StoreError> {
        let bill = &mut self.all[place];
        let Some(open) = bill.table.take() else {
            return Ok(());
        };
        let Some(piece) = bill.pieces.last_mut() else {
            return Ok(());
        };
        piece.groups += open.groups;
        let table = open.writer.finish()?;
        piece.parts.push(made(&bill.key, file, table, open.content));
        Ok(())
    }

    /// Writes all that waits: the file has ended.
    pub(crate) fn end(&mut self, file: &OpenFile) -> Result<(), StoreError> {
        for place in 0..self.all.len() {
            self.write(place, file)?;
            self.finish_table(place, file)?;
            let bill = &mut self.all[place];
            if let Some(piece) = bill.pieces.last_mut().filter(|piece| piece.is_torn(file)) {
                let (table, content) = compact(&self.store, file, &piece.parts)?;
                piece.parts = vec![made(&bill.key, file, table, content)];
            }
        }
        Ok(())
    }
}

impl Piece {
    /// Whether the file's charges of many bills lay so mixed that each was written bit by bit.
    fn is_torn(&self, file: &OpenFile) -> bool {
        let rows = usize::try_from(self.totals.rows).unwrap_or(usize::MAX);
        self.source == file.number && self.groups > 1 && rows / self.groups < TORN
    }
}

fn made(key: &Key, file: &OpenFile, table: Table, content: Content) -> Made {
    let part = Part {
        path: format!("{}/{}.parquet", key.folder(), &table.digest.hex()[..16]),
        rows: table.rows,
        bytes: table.bytes,
        digest: table.digest,
        content,
        source: file.source.digest,
        file: file.source.file.clone(),
        format: file.source.format.clone(),
    };
    Made {
        part,
        scratch: Some(table.scratch),
    }
}

/// Writes small row groups again as large ones, sorted anew.
fn compact(store: &Store, file: &OpenFile, parts: &[Made]) -> Result<(Table, Content), StoreError> {
    let failed = |error: ParquetError| StoreError::failed(store.place(), "written", error);
    let mut columns = Columns::new(Arc::clone(&file.schema));
    let mut writer = TableWriter::new(store, Arc::clone(&file.schema))?;
    let mut content = Content::default();
    let scratches = parts.iter().filter_map(|made| {
        content.add(made.part.content);
        made.scratch.as_ref()
    });
    for scratch in scratches {
        let bytes = File::open(scratch.path()).map_err(|error| failed(error.into()))?;
        let batches = ParquetRecordBatchReaderBuilder::try_new(bytes)
            .and_then(|builder| builder.with_batch_size(BATCH).build())
            .map_err(failed)?;
        for batch in batches {
            let batch = batch.map_err(|error| failed(error.into()))?;
            columns
                .extend(&batch)
                .map_err(|error| failed(error.into()))?;
            if columns.rows() >= GROUP_ROWS || columns.bytes() > WAITING {
                let rows = columns.take().map_err(|error| failed(error.into()))?;
                writer.write(&rows)?;
            }
        }
    }
    if columns.rows() > 0 {
        let rows = columns.take().map_err(|error| failed(error.into()))?;
        writer.write(&rows)?;
    }
    Ok((writer.finish()?, content))
}
