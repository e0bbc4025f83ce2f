//! The part of a stream that is being looked at.

use std::io::{self, Read};

/// How much is read at once.
const STEP: usize = 256 * 1024;

/// Bytes of a stream from where the present record begins up to where it has been read.
pub(in crate::import) struct Window {
    bytes: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    ended: bool,
}

impl Window {
    pub(in crate::import) fn new(bytes: Box<dyn Read + Send>) -> Self {
        Self {
            bytes,
            buffer: vec![0; STEP],
            start: 0,
            filled: 0,
            ended: false,
        }
    }

    /// What has been read and not been passed.
    pub(in crate::import) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.filled]
    }

    /// The same, to be changed in place.
    pub(in crate::import) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.buffer[self.start..self.filled]
    }

    /// Whether nothing comes after it.
    pub(in crate::import) fn ended(&self) -> bool {
        self.ended
    }

    /// Passes so many bytes.
    pub(in crate::import) fn pass(&mut self, count: usize) {
        self.start += count;
    }

    /// Reads more, if there is more: up to where the window is full, so that a record that is
    /// larger than the window is looked at only as often as the window doubles.
    pub(in crate::import) fn more(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        while self.filled < self.buffer.len() && !self.ended {
            match self.bytes.read(&mut self.buffer[self.filled..]) {
                Ok(read) => {
                    self.filled += read;
                    self.ended = read == 0;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
