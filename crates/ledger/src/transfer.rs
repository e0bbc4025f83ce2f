//! JSON lines in and out.

use std::io::{BufRead, Read as _, Write};

use crate::chain::{Chain, Summary};
use crate::record::{MAX_RECORD_BYTES, Record, parse_line};
use crate::{Against, LedgerError};

/// Verifies an export, as [`Ledger::verify`](crate::Ledger::verify) does a ledger: without any
/// database, and reading one line at a time.
///
/// # Errors
/// `BadLine` names the first bad line; the end of a file that was cut is the line after its
/// last. `BadCheckpoint`, `Stream`.
pub fn verify_lines(input: impl BufRead, against: Against<'_>) -> Result<Summary, LedgerError> {
    read_chain(input, against, |_| Ok(()))
}

/// Reads a whole chain and gives each record of it to `take`.
pub(crate) fn read_chain(
    mut input: impl BufRead,
    against: Against<'_>,
    mut take: impl FnMut(Record) -> Result<(), LedgerError>,
) -> Result<Summary, LedgerError> {
    let mut chain = Chain::new(against)?;
    let mut number = 0;
    loop {
        number += 1;
        let line = number;
        let bad = |what: String| LedgerError::BadLine { line, what };
        let Some(text) = next_line(&mut input)? else {
            return chain.end().map_err(|fault| bad(fault.what));
        };
        let text = String::from_utf8(text).map_err(|_| bad("it is not UTF-8".to_owned()))?;
        let record = parse_line(&text).map_err(|error| bad(error.to_string()))?;
        chain
            .follow(&record)
            .map_err(|fault| bad(format!("record {}: {}", fault.seq, fault.what)))?;
        take(record)?;
    }
}

/// The bytes of the next line, no more than make clear that it is too long.
fn next_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, LedgerError> {
    let mut line = Vec::new();
    let limit = MAX_RECORD_BYTES as u64 + 2;
    let read = input.by_ref().take(limit).read_until(b'\n', &mut line);
    read.map_err(|source| LedgerError::Stream {
        doing: "the export cannot be read",
        source,
    })?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(Some(line))
}

/// Writes records as lines and says how many.
pub(crate) fn write_lines(
    records: impl Iterator<Item = Result<Record, LedgerError>>,
    mut out: impl Write,
) -> Result<u64, LedgerError> {
    let failed = |source| LedgerError::Stream {
        doing: "the export cannot be written",
        source,
    };
    let mut count = 0;
    for record in records {
        let mut line = record?.line();
        line.push('\n');
        out.write_all(line.as_bytes()).map_err(failed)?;
        count += 1;
    }
    out.flush().map_err(failed)?;
    Ok(count)
}
