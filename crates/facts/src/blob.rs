//! A file of a store, read in pieces: what Parquet is read from.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use crate::StoreError;

/// How much is fetched at once from an object store: a column of a row group is about that.
const BLOCK: u64 = 1 << 20;
/// How many blocks are kept, the newest; the footer is among the first that are asked for.
const BLOCKS: usize = 16;

/// Fetches a range of bytes.
pub(crate) type Fetch = dyn Fn(Range<u64>) -> Result<Bytes, StoreError> + Send + Sync;

/// A file of a store, open for reading. Clones read the same file and do not disturb each other.
#[derive(Clone)]
pub struct Blob {
    place: Arc<str>,
    len: u64,
    bytes: Source,
}

#[derive(Clone)]
enum Source {
    File(Arc<File>),
    Remote(Arc<Remote>),
}

struct Remote {
    fetch: Box<Fetch>,
    /// The last block of the file, which holds Parquet's footer and is read first and again.
    tail: Mutex<Option<Bytes>>,
    blocks: Mutex<VecDeque<(u64, Bytes)>>,
}

impl Blob {
    /// A file of this machine.
    pub(crate) fn file(place: &str, file: File) -> io::Result<Self> {
        Ok(Self {
            place: place.into(),
            len: file.metadata()?.len(),
            bytes: Source::File(Arc::new(file)),
        })
    }

    /// A file elsewhere.
    pub(crate) fn remote(place: &str, len: u64, fetch: Box<Fetch>) -> Self {
        Self {
            place: place.into(),
            len,
            bytes: Source::Remote(Arc::new(Remote {
                fetch,
                tail: Mutex::default(),
                blocks: Mutex::default(),
            })),
        }
    }

    /// Where it is, for messages.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The bytes of a range that lies in the file.
    fn range(&self, range: Range<u64>) -> io::Result<Bytes> {
        if range.end > self.len || range.start > range.end {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("{} ends before byte {}", self.place, range.end),
            ));
        }
        match &self.bytes {
            Source::File(file) => {
                let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, range.start)?;
                Ok(bytes.into())
            }
            Source::Remote(remote) => remote.range(range, self.len).map_err(io::Error::other),
        }
    }
}

impl Remote {
    fn range(&self, range: Range<u64>, len: u64) -> Result<Bytes, StoreError> {
        if range.end - range.start > BLOCK {
            return (self.fetch)(range);
        }
        let mut bytes = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let first = at / BLOCK * BLOCK;
            let block = self.block(first, len)?;
            let end = range.end.min(first + BLOCK);
            let part = block.slice(below_block(at - first)..below_block(end - first));
            if at == range.start && end == range.end {
                return Ok(part);
            }
            bytes.extend_from_slice(&part);
            at = end;
        }
        Ok(bytes.into())
    }

    fn block(&self, first: u64, len: u64) -> Result<Bytes, StoreError> {
        let end = len.min(first + BLOCK);
        if end == len {
            let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(bytes) = &*tail {
                return Ok(bytes.clone());
            }
            return Ok(tail.insert((self.fetch)(first..end)?).clone());
        }
        let known = || self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bytes)) = known().iter().find(|(at, _)| *at == first) {
            return Ok(bytes.clone());
        }
        let bytes = (self.fetch)(first..end)?;
        let mut blocks = known();
        if blocks.len() == BLOCKS {
            blocks.pop_front();
        }
        blocks.push_back((first, bytes.clone()));
        Ok(bytes)
    }
}

/// What is at most as long as a block.
fn below_block(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Blob {
    /// Reads it from its beginning.
    pub fn reader(&self) -> BlobReader {
        BlobReader {
            blob: self.clone(),
            at: 0,
        }
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({}, {} bytes)", self.place, self.len)
    }
}

impl Length for Blob {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Blob {
    type T = BufReader<BlobReader>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let reader = BlobReader {
            blob: self.clone(),
            at: start,
        };
        Ok(BufReader::new(reader))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let end = start.saturating_add(length as u64);
        self.range(start..end)
            .map_err(|error| ParquetError::External(error.into()))
    }
}

/// Reads a [`Blob`] from some byte on.
#[derive(Debug)]
pub struct BlobReader {
    blob: Blob,
    at: u64,
}

impl Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.blob.len.saturating_sub(self.at);
        let wanted = rest.min(buffer.len() as u64);
        let bytes = self.blob.range(self.at..self.at + wanted)?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        self.at += wanted;
        Ok(bytes.len())
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.blob.len, by),
            SeekFrom::Current(by) => (self.at, by),
        };
        let at = from.checked_add_signed(by);
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_remote_file_is_fetched_in_blocks_and_each_once() {
        let len = 3 * BLOCK + 5;
        let all: Bytes = (0..len).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let asked = Arc::new(AtomicUsize::new(0));
        let (counter, source) = (Arc::clone(&asked), all.clone());
        let blob = Blob::remote(
            "s3://b/f",
            len,
            Box::new(move |range| {
                counter.fetch_add(1, Ordering::Relaxed);
                Ok(source.slice(below_block(range.start)..below_block(range.end)))
            }),
        );
        for _ in 0..2 {
            for (start, length) in [(0, 10), (BLOCK - 5, 10), (len - 8, 8), (3 * BLOCK - 1, 6)] {
                let start_at = below_block(start);
                let found = blob.get_bytes(start, length).unwrap();
                assert_eq!(found, all.slice(start_at..start_at + length));
            }
        }
        assert_eq!(asked.load(Ordering::Relaxed), 4);
        let mut rest = Vec::new();
        let mut reader = blob.get_read(BLOCK + 3).unwrap();
        reader.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, all.slice(below_block(BLOCK) + 3..));
        assert!(blob.get_bytes(len - 1, 2).is_err());
    }
}
