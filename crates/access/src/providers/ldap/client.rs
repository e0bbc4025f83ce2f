//! One connection to a directory: binding, searching, changing (RFC 4511).

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::ber::{self, Malformed};
use super::message::{Message, Outcome, PAGED, Page, code};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// Until the next octet of an answer: a directory may write to its disk before.
const ANSWER: Duration = Duration::from_secs(60);
/// The longest message that is read, in octets: a group of a million members.
const LONGEST_MESSAGE: usize = 256 * 1024 * 1024;
/// `StartTLS` (RFC 4511 §4.14).
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

/// How the other side is reached.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) secrecy: Secrecy,
}

/// Who may listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// Everybody on this machine: it is the loopback interface.
    Loopback,
    /// Nobody: TLS from the start (`ldaps:`).
    Tls,
    /// Nobody: TLS before anything else is said (`StartTLS`).
    StartTls,
}

/// Why something was not done, or whether that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It was not sent.
    Unreachable(String),
    /// It was sent, and no answer came that can be understood.
    Lost(String),
    /// The answer is no.
    Answered(Outcome),
}

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    /// One entry.
    Entry = 0,
    /// Those right below one.
    Below = 1,
}

/// A change of one attribute (RFC 4511 §4.6).
#[derive(Debug, Clone)]
pub(super) struct Edit<'a> {
    pub(super) how: How,
    pub(super) attribute: &'a str,
    pub(super) values: Vec<String>,
}

/// What is done to an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Add = 0,
    Delete = 1,
    Replace = 2,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Connection {
    stream: Stream,
    /// The number of the last message.
    last: u32,
    received: Vec<u8>,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Secure(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Stream {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Secure(secure) => &secure.sock,
        }
    }

    fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.write_all(octets),
            Self::Secure(secure) => secure.write_all(octets).and_then(|()| secure.flush()),
        }
    }

    fn receive(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(octets),
            Self::Secure(secure) => secure.read(octets),
        }
    }
}

impl Connection {
    /// Opens a connection, encrypted unless it stays on this machine.
    pub(super) fn open(place: &Place, tls: &Arc<ClientConfig>) -> Result<Self, Failure> {
        let unreachable = |error: io::Error| Failure::Unreachable(reason(&error));
        let socket = dial(place).map_err(unreachable)?;
        let timeouts = socket
            .set_read_timeout(Some(ANSWER))
            .and_then(|()| socket.set_write_timeout(Some(ANSWER)))
            .and_then(|()| socket.set_nodelay(true));
        timeouts.map_err(unreachable)?;
        let mut connection = Self {
            stream: Stream::Plain(socket),
            last: 0,
            received: Vec::new(),
        };
        if place.secrecy == Secrecy::StartTls {
            let request = ber::all(0x77, &[ber::value(0x80, START_TLS.as_bytes())]);
            let done = connection.ask(&request, 0x78);
            done.map_err(|failure| match failure {
                Failure::Answered(outcome) => Failure::Unreachable(format!(
                    "it does not encrypt ({outcome}); write an address that starts with `ldaps://`"
                )),
                Failure::Lost(what) => Failure::Unreachable(what),
                other @ Failure::Unreachable(_) => other,
            })?;
            if !connection.received.is_empty() {
                // Somebody on the way put it in before the encryption began.
                let what = "it said more before the encryption began";
                return Err(Failure::Unreachable(what.to_owned()));
            }
        }
        if place.secrecy != Secrecy::Loopback {
            let socket = connection.stream.socket().try_clone();
            let secure = encrypt(socket.map_err(unreachable)?, place, tls)?;
            connection.stream = Stream::Secure(Box::new(secure));
        }
        Ok(connection)
    }

    /// Whether the other side has neither closed it nor said anything that nobody asked for.
    pub(super) fn is_idle(&self) -> bool {
        let socket = self.stream.socket();
        if !self.received.is_empty() || socket.set_nonblocking(true).is_err() {
            return false;
        }
        let peeked = socket.peek(&mut [0]);
        let nothing = matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock);
        socket.set_nonblocking(false).is_ok() && nothing
    }

    /// Says who we are (RFC 4513 §5.1.3).
    pub(super) fn bind(&mut self, user: &str, password: &str) -> Result<(), Failure> {
        let parts = [
            ber::number(ber::INTEGER, 3),
            ber::text(user),
            ber::value(0x80, password.as_bytes()),
        ];
        self.ask(&ber::all(0x60, &parts), 0x61)
    }

    /// Adds an entry.
    pub(super) fn add(
        &mut self,
        name: &str,
        attributes: &[(&str, Vec<String>)],
    ) -> Result<(), Failure> {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(attribute, values)| described(attribute, values))
            .collect();
        let parts = [ber::text(name), ber::all(ber::SEQUENCE, &attributes)];
        self.ask(&ber::all(0x68, &parts), 0x69)
    }

    /// Changes an entry: all of it or nothing.
    pub(super) fn modify(&mut self, name: &str, edits: &[Edit<'_>]) -> Result<(), Failure> {
        let edits: Vec<_> = edits
            .iter()
            .map(|edit| {
                let how = ber::number(ber::ENUMERATED, edit.how as u32);
                let what = described(edit.attribute, &edit.values);
                ber::all(ber::SEQUENCE, &[how, what])
            })
            .collect();
        let parts = [ber::text(name), ber::all(ber::SEQUENCE, &edits)];
        self.ask(&ber::all(0x66, &parts), 0x67)
    }

    /// Takes an entry away.
    pub(super) fn delete(&mut self, name: &str) -> Result<(), Failure> {
        self.ask(&ber::value(0x4a, name.as_bytes()), 0x6b)
    }

    /// Asks for a page of entries and these attributes of them. Aliases are not followed.
    pub(super) fn search(
        &mut self,
        base: &str,
        scope: Scope,
        attributes: &[&str],
        page: u32,
        cookie: &[u8],
    ) -> Result<Page, Failure> {
        let attributes: Vec<_> = attributes.iter().map(|name| ber::text(name)).collect();
        let parts = [
            ber::text(base),
            ber::number(ber::ENUMERATED, scope as u32),
            ber::number(ber::ENUMERATED, 0),
            ber::number(ber::INTEGER, 0),
            ber::number(ber::INTEGER, 0),
            ber::value(ber::BOOLEAN, &[0]),
            // Every entry has a class.
            ber::value(0x87, b"objectClass"),
            ber::all(ber::SEQUENCE, &attributes),
        ];
        let asked = [
            ber::number(ber::INTEGER, page),
            ber::value(ber::OCTETS, cookie),
        ];
        let control = [
            ber::text(PAGED),
            ber::value(ber::OCTETS, &ber::all(ber::SEQUENCE, &asked)),
        ];
        let controls = ber::all(0xa0, &[ber::all(ber::SEQUENCE, &control)]);
        let id = self.say(&ber::all(0x63, &parts), &controls)?;
        let mut all = Page::default();
        loop {
            let message = self.hear(id)?;
            let read = message.search_item(&mut all).map_err(lost)?;
            if let Some(outcome) = read {
                return Failure::unless_success(outcome).map(|()| all);
            }
        }
    }

    fn ask(&mut self, operation: &[u8], answer: u8) -> Result<(), Failure> {
        let id = self.say(operation, &[])?;
        let message = self.hear(id)?;
        if message.tag != answer {
            return Err(lost(Malformed));
        }
        let outcome = Outcome::read(&message.content).map_err(lost)?;
        Failure::unless_success(outcome)
    }

    fn say(&mut self, operation: &[u8], controls: &[u8]) -> Result<u32, Failure> {
        self.last += 1;
        let id = ber::number(ber::INTEGER, self.last);
        let parts = [id, operation.to_vec(), controls.to_vec()];
        // A part of it may have arrived, but a directory does nothing with part of a message:
        // what is not known is only whether the last octets did.
        self.stream
            .send(&ber::all(ber::SEQUENCE, &parts))
            .map_err(|error| Failure::Lost(reason(&error)))?;
        Ok(self.last)
    }

    fn hear(&mut self, id: u32) -> Result<Message, Failure> {
        let octets = self.receive()?;
        let message = Message::read(&octets).map_err(lost)?;
        if message.id == 0 {
            // It closes the connection, and says why (RFC 4511 §4.4.1).
            let why = Outcome::read(&message.content).map_err(lost)?;
            return Err(Failure::Lost(format!("it ends the connection: {why}")));
        }
        if message.id != id {
            return Err(lost(Malformed));
        }
        Ok(message)
    }

    fn receive(&mut self) -> Result<Vec<u8>, Failure> {
        let mut piece = vec![0; 16 * 1024];
        loop {
            if let Some((header, length)) = ber::header(&self.received).map_err(lost)? {
                let end = header.saturating_add(length);
                if end > LONGEST_MESSAGE {
                    let what = "its answer is longer than anything that is sound";
                    return Err(Failure::Lost(what.to_owned()));
                }
                if self.received.len() >= end {
                    let rest = self.received.split_off(end);
                    return Ok(std::mem::replace(&mut self.received, rest));
                }
            }
            match self.stream.receive(&mut piece) {
                Ok(0) => {
                    let what = "it closed the connection before it had answered";
                    return Err(Failure::Lost(what.to_owned()));
                }
                Ok(count) => self
                    .received
                    .extend_from_slice(piece.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::Lost(reason(&error))),
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A farewell (RFC 4511 §4.3) that nobody waits for.
        let _ = self.say(&[0x42, 0], &[]);
    }
}

fn described(attribute: &str, values: &[String]) -> Vec<u8> {
    let values: Vec<_> = values.iter().map(|value| ber::text(value)).collect();
    ber::all(
        ber::SEQUENCE,
        &[ber::text(attribute), ber::all(ber::SET, &values)],
    )
}

impl Failure {
    /// An outcome, unless it is a success.
    fn unless_success(outcome: Outcome) -> Result<(), Self> {
        match outcome.code {
            code::SUCCESS => Ok(()),
            _ => Err(Self::Answered(outcome)),
        }
    }
}

fn lost(_: Malformed) -> Failure {
    Failure::Lost("its answer is no LDAP".to_owned())
}

fn dial(place: &Place) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "its host has no address");
    for address in (place.host.as_str(), place.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT) {
            Ok(socket) => return Ok(socket),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn encrypt(
    mut socket: TcpStream,
    place: &Place,
    tls: &Arc<ClientConfig>,
) -> Result<StreamOwned<ClientConnection, TcpStream>, Failure> {
    let unreachable = |what: String| Failure::Unreachable(what);
    let name = ServerName::try_from(place.host.clone());
    let name = name.map_err(|_| unreachable("its host cannot be in a certificate".to_owned()))?;
    let mut session = ClientConnection::new(Arc::clone(tls), name)
        .map_err(|error| unreachable(error.to_string()))?;
    while session.is_handshaking() {
        session
            .complete_io(&mut socket)
            .map_err(|error| unreachable(format!("no encrypted connection: {}", reason(&error))))?;
    }
    Ok(StreamOwned::new(session, socket))
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            "it does not answer in time".to_owned()
        }
        _ => error.to_string(),
    }
}
