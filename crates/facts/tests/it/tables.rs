//! Rows in Parquet.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use base::Digest;
use facts::{Store, TableWriter};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn batch(numbers: &[i64]) -> RecordBatch {
    let schema = Schema::new(vec![Field::new("number", DataType::Int64, false)]);
    let column: ArrayRef = Arc::new(Int64Array::from(numbers.to_vec()));
    RecordBatch::try_new(Arc::new(schema), vec![column]).expect("a column of its schema")
}

#[test]
fn a_table_is_read_as_it_was_written_and_its_bytes_are_always_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().to_str().unwrap(), &|_| None).unwrap();
    let write = |path: &str| {
        let mut writer = TableWriter::new(&store, batch(&[]).schema()).unwrap();
        writer.write(&batch(&[3, 1])).unwrap();
        writer.write(&batch(&[2])).unwrap();
        let table = writer.finish().unwrap();
        let (rows, bytes, digest) = (table.rows, table.bytes, table.digest);
        store.upload(path, table.scratch).unwrap();
        (rows, bytes, digest)
    };
    let about = write("one.parquet");
    assert_eq!(about, write("other.parquet"));
    let written = store.read("one.parquet").unwrap();
    assert_eq!(about, (3, written.len() as u64, Digest::of(&written)));
    assert_eq!(written, store.read("other.parquet").unwrap());

    let file = store.open_file("one.parquet").unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    assert_eq!(reader.metadata().num_row_groups(), 2);
    let numbers: Vec<i64> = reader
        .build()
        .unwrap()
        .flat_map(|batch| {
            let column = batch.unwrap().column(0).clone();
            column.as_primitive::<Int64Type>().values().to_vec()
        })
        .collect();
    assert_eq!(numbers, [3, 1, 2]);
}
