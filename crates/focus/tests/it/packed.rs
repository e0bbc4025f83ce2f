//! Files that are packed, cut off or damaged.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use flate2::Compression;
use flate2::write::GzEncoder;
use focus::import::{Input, Options, import};
use focus::{Column, Problem, Row, Sink};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use crate::collect::{SOUND, bill, only, read, refused};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes).expect("memory takes all");
    writer.finish().expect("memory takes all")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory takes all")
}

fn parquet() -> Vec<u8> {
    let column = |(name, text): &(&'static str, &'static str)| {
        let column: ArrayRef = Arc::new(StringArray::from(vec![*text; 100]));
        (*name, column)
    };
    let batch = RecordBatch::try_from_iter(SOUND.iter().map(column)).expect("a batch");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("memory takes all");
    writer.close().expect("memory takes all");
    bytes
}

#[test]
fn what_packs_a_file_is_seen_by_its_first_bytes() {
    let file = bill(&[]);
    for packed in [gzip(file.as_bytes()), zstd(file.as_bytes())] {
        assert_eq!(only(packed).get(Column::BilledCost), "1.5");
    }
    // Several packed parts, one after the other, are one file.
    let (head, row) = file.split_at(file.find('\n').expect("a line") + 1);
    for pack in [gzip, zstd] {
        let parts = [pack(head.as_bytes()), pack(row.as_bytes())].concat();
        assert_eq!(only(parts).get(Column::BilledCost), "1.5");
    }
}

#[test]
fn a_file_that_was_cut_off_is_not_taken() {
    let file = bill(&[]);
    let cut = |mut bytes: Vec<u8>, left: usize| {
        bytes.truncate(bytes.len() - left);
        bytes
    };
    assert_eq!(
        refused("bill.csv.gz", cut(gzip(file.as_bytes()), 12)),
        "bill.csv.gz:1: the file ends in the middle of its gzip data [bill-truncated]"
    );
    assert_eq!(
        refused("bill.csv.zst", cut(zstd(file.as_bytes()), 12)),
        "bill.csv.zst:1: the file ends in the middle of its Zstandard data [bill-truncated]"
    );
    assert_eq!(
        refused("bill.parquet", cut(parquet(), 12)),
        "bill.parquet: the Parquet file has no end, or what it says of itself is not in it \
         [bill-truncated]"
    );
    assert_eq!(
        refused("bill.parquet", &parquet()[..6]),
        "bill.parquet: the Parquet file has no end, or what it says of itself is not in it \
         [bill-truncated]"
    );
    let members = SOUND.map(|(name, text)| format!("\"{name}\":\"{text}\""));
    let object = format!("{{{}}}", members.join(","));
    for cut in [",", ",\n{\"BilledCost\":", ""] {
        let said = refused("bill.json", format!("[{object}{cut}"));
        let line = if cut.contains('{') { 2 } else { 1 };
        assert_eq!(
            said,
            format!("bill.json:{line}: the JSON that begins here has no end [bill-truncated]")
        );
    }
}

#[test]
fn each_cut_of_a_file_is_refused_or_loses_whole_rows_only() {
    let file = bill(&[]);
    for end in 0..file.len() {
        let read = read("bill.csv", &file.as_bytes()[..end]);
        let whole = end + 1 == file.len();
        // What is left of the last cell cannot be told from a whole one.
        let last = end > file.len() - "Compute\n".len() - 1;
        assert!(read.is_err() || whole || last, "{end} bytes were taken");
    }
    let packed = gzip(file.as_bytes());
    for end in 0..packed.len() {
        assert!(
            read("bill.csv.gz", &packed[..end]).is_err(),
            "{end} bytes were taken"
        );
    }
    let packed = zstd(file.as_bytes());
    for end in 0..packed.len() {
        assert!(
            read("bill.csv.zst", &packed[..end]).is_err(),
            "{end} bytes were taken"
        );
    }
    let parquet = parquet();
    for end in 0..parquet.len() {
        assert!(
            read("bill.parquet", &parquet[..end]).is_err(),
            "{end} bytes were taken"
        );
    }
}

#[test]
fn damaged_data_are_not_taken() {
    let mut packed = gzip(bill(&[]).as_bytes());
    let end = packed.len();
    packed[end - 6] ^= 1;
    let said = refused("bill.csv.gz", packed);
    assert!(
        said.starts_with("bill.csv.gz:1: the file's gzip data are damaged: "),
        "{said}"
    );
    let mut file = parquet();
    let at = file.len() / 2;
    for byte in &mut file[at..at + 200] {
        *byte = 0xff;
    }
    let said = refused("bill.parquet", file);
    assert!(said.starts_with("bill.parquet"), "{said}");
}

#[test]
fn one_long_text_in_many_rows_of_parquet_lies_in_memory_once() {
    // Together the copies would be 3 GB, and the file has some thousand bytes.
    let keys = Int32Array::from(vec![0; 1000]);
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(3_000_000)]));
    let long: ArrayRef = Arc::new(DictionaryArray::new(keys, texts));
    let column = |(name, text): &(&'static str, &'static str)| {
        let column: ArrayRef = Arc::new(StringArray::from(vec![*text; 1000]));
        (*name, column)
    };
    let columns = SOUND.iter().map(column).chain([("x_Note", long)]);
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let options = WriterProperties::builder()
        .set_dictionary_page_size_limit(16_000_000)
        .set_compression(parquet::basic::Compression::SNAPPY)
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(options)).expect("a writer");
    writer.write(&batch).expect("memory takes all");
    writer.close().expect("memory takes all");
    assert!(bytes.len() < 1_000_000, "{} bytes", bytes.len());
    let input = Input::open("bill.parquet", Cursor::new(bytes)).expect("a table");
    let mut sink = Length(0);
    import(input, None, &Options::default(), &mut sink).expect("sound");
    assert_eq!(sink.0, 1000 * 3_000_000);
}

/// How long the texts beyond FOCUS are together.
struct Length(usize);

impl Sink for Length {
    fn begin(&mut self, _extra: &[String]) -> Result<(), Problem> {
        Ok(())
    }

    fn charge(&mut self, row: &Row<'_>) -> Result<(), Problem> {
        self.0 += row.extra.iter().map(|text| text.len()).sum::<usize>();
        Ok(())
    }
}

#[test]
fn packed_parquet_is_to_be_unpacked() {
    assert_eq!(
        refused("bill.parquet.gz", gzip(&parquet())),
        "bill.parquet.gz: this is packed Parquet [bill-container]"
    );
}

#[test]
fn no_byte_of_a_file_makes_the_reader_panic() {
    for file in [
        bill(&[]).into_bytes(),
        gzip(bill(&[]).as_bytes()),
        parquet(),
    ] {
        for at in (0..file.len()).step_by(1 + file.len() / 600) {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = file.clone();
                changed[at] ^= change;
                let _ = read("bill", changed);
            }
        }
    }
}
