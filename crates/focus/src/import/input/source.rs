//! A file that is read from its beginning as often as needed, and at any place of it.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};

trait File: Read + Seek + Send {}

impl<T: Read + Seek + Send> File for T {}

/// A file and a place in it. Copies are independent of each other.
#[derive(Clone)]
pub(in crate::import) struct Source {
    file: Arc<Mutex<dyn File>>,
    at: u64,
    length: u64,
}

impl Source {
    pub(in crate::import) fn new(mut file: impl Read + Seek + Send + 'static) -> io::Result<Self> {
        let length = file.seek(SeekFrom::End(0))?;
        Ok(Self {
            file: Arc::new(Mutex::new(file)),
            at: 0,
            length,
        })
    }

    /// The same file from a place on.
    pub(in crate::import) fn from(&self, at: u64) -> Self {
        Self { at, ..self.clone() }
    }

    /// Its first bytes, up to so many.
    pub(in crate::import) fn head(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::with_capacity(most);
        self.from(0).take(most as u64).read_to_end(&mut head)?;
        Ok(head)
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self
            .file
            .lock()
            .map_err(|_| io::Error::other("another reader of the file has failed"))?;
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Source {
    type T = io::BufReader<Self>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(io::BufReader::new(self.from(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        // The length comes from the file, and would be set aside before anything is read.
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF(format!(
                "{length} bytes are said to be at {start} of {}",
                self.length
            )));
        }
        let mut bytes = vec![0; length];
        self.from(start).read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}
