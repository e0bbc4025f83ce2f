use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Failure, Server};

/// A TCP connection to a name server: messages with their length before them (RFC 1035 §4.2.2).
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Duration,
    /// What was read, from `at` on not yet taken.
    buffer: Vec<u8>,
    at: usize,
}

const READ_AT_ONCE: usize = 128 * 1024;

impl Connection {
    /// To the first address of the server that takes it.
    pub(crate) fn open(server: &Server) -> Result<Self, Failure> {
        let patience = server.patience();
        let deadline = Instant::now() + patience.connect;
        let mut why = String::new();
        for address in server.resolve()? {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            match TcpStream::connect_timeout(&address, left) {
                Ok(stream) => return Self::of(stream, patience.answer),
                Err(error) => why = format!("{address}: {error}"),
            }
        }
        if why.is_empty() {
            why = format!("no connection within {} s", patience.connect.as_secs());
        }
        Err(Failure::Unreachable(why))
    }

    fn of(stream: TcpStream, answer: Duration) -> Result<Self, Failure> {
        let set = stream
            .set_nodelay(true)
            .and_then(|()| stream.set_write_timeout(Some(answer)));
        set.map_err(|error| Failure::Unreachable(error.to_string()))?;
        Ok(Self {
            stream,
            answer,
            buffer: Vec::new(),
            at: 0,
        })
    }

    /// Sends messages that have their length before them already.
    ///
    /// A failure means that the server does not have all of the last one: what the system took
    /// counts as sent.
    pub(crate) fn send(&mut self, framed: &[u8]) -> Result<(), Failure> {
        self.stream
            .write_all(framed)
            .map_err(|error| Failure::Unreachable(format!("the connection broke: {error}")))
    }

    /// The next message, without its length.
    pub(crate) fn receive(&mut self) -> Result<Vec<u8>, Failure> {
        let deadline = Instant::now() + self.answer;
        let length = self.take(2, deadline)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        self.take(length, deadline)
    }

    fn take(&mut self, count: usize, deadline: Instant) -> Result<Vec<u8>, Failure> {
        while self.buffer.len() - self.at < count {
            self.read_more(deadline)?;
        }
        let taken = self.buffer[self.at..self.at + count].to_vec();
        self.at += count;
        Ok(taken)
    }

    fn read_more(&mut self, deadline: Instant) -> Result<(), Failure> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let silent = |what: String| Err(Failure::Silent(what));
        let left = deadline.saturating_duration_since(Instant::now());
        let late = format!("no answer within {} s", self.answer.as_secs());
        if left.is_zero() {
            return silent(late);
        }
        let had = self.buffer.len();
        self.buffer.resize(had + READ_AT_ONCE, 0);
        let read = self
            .stream
            .set_read_timeout(Some(left))
            .and_then(|()| self.stream.read(&mut self.buffer[had..]));
        self.buffer.truncate(had + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => silent("it closed the connection".to_owned()),
            Ok(_) => Ok(()),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => silent(late),
                ErrorKind::Interrupted => Ok(()),
                _ => silent(format!("the connection broke: {error}")),
            },
        }
    }
}
