use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Instant;

use domain::base::header::Header;
use domain::base::iana::{Rcode, Rtype};
use domain::base::message::RecordSection;
use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordType};

use super::connection::Connection;
use super::message::{
    Reader, Received, Record, Target, answers, ask_at_length, check_question, malformed,
    rcode_in_words,
};
use super::sign::{One, Voucher};
use super::update::SoaRecord;
use super::{Failure, Server};

/// What a name server says of a record set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The set; none if it says that there is none.
    pub set: Option<RecordSet>,
    /// In what standing it says so.
    pub standing: Standing,
}

/// In what standing a name server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It serves the zone.
    Authority,
    /// It serves a zone above and sends us on: what it says is a delegation, or the address of a
    /// name server below one, as they stand in the zone above.
    Referral,
    /// It serves no such zone and tells what others said; the times to live count down.
    Hearsay,
}

/// How often a datagram is asked before TCP is.
const DATAGRAMS: usize = 2;
/// How many questions are on their way at once over one connection. They and their answers
/// fit in the buffers of the system, so that neither side waits for the other to read.
const ON_THE_WAY: usize = 64;
/// How many connections in a row may answer nothing.
const FRUITLESS: usize = 3;

/// Asks a server for a record set: over UDP, and over TCP where that does not do.
///
/// # Errors
/// [`Failure::Refused`] with any code but that there is no such name, which is an answer.
pub fn query(server: &Server, name: &DomainName, rtype: RecordType) -> Result<Answer, Failure> {
    let key = RecordKey::new(name.clone(), rtype);
    if let Some(answer) = over_udp(server, &key)? {
        return Ok(answer);
    }
    let mut connection = Connection::open(server)?;
    let question = Question::new(server, &key)?;
    connection.send(question.octets.as_stream_slice())?;
    let octets = connection.receive()?;
    question.read(server, octets, &key)
}

/// Asks a server for many record sets over one TCP connection, many at once; another
/// connection where it closes the first (RFC 7766 §6.2.1). The answers stand as the keys do.
///
/// # Errors
/// The first failure of any of them.
pub fn query_all(server: &Server, keys: &[RecordKey]) -> Result<Vec<Answer>, Failure> {
    let mut answers: Vec<Option<Answer>> = vec![None; keys.len()];
    let mut fruitless = 0;
    loop {
        let open: Vec<usize> = (0..keys.len())
            .filter(|at| answers[*at].is_none())
            .collect();
        if open.is_empty() {
            return Ok(answers.into_iter().flatten().collect());
        }
        let mut connection = Connection::open(server)?;
        match ask_over(&mut connection, server, keys, &open, &mut answers) {
            Ok(()) => {}
            Err(broken @ (Failure::Silent(_) | Failure::Unreachable(_))) => {
                let some = open.iter().any(|at| answers[*at].is_some());
                fruitless = if some { 0 } else { fruitless + 1 };
                if fruitless == FRUITLESS {
                    return Err(broken);
                }
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// Asks a server for the SOA of a zone; none if it says that there is none.
pub fn soa(server: &Server, zone: &DomainName) -> Result<Option<SoaRecord>, Failure> {
    let answer = query(server, zone, RecordType::SOA)?;
    Ok(answer.set.as_ref().and_then(SoaRecord::of))
}

/// The same over a connection that more will be said over, and only from who serves the zone.
pub(super) fn own_soa(
    connection: &mut Connection,
    server: &Server,
    zone: &DomainName,
) -> Result<Option<SoaRecord>, Failure> {
    let key = RecordKey::new(zone.clone(), RecordType::SOA);
    let question = Question::new(server, &key)?;
    connection.send(question.octets.as_stream_slice())?;
    let answer = question.read(server, connection.receive()?, &key)?;
    let own = answer.standing == Standing::Authority;
    Ok(answer.set.filter(|_| own).as_ref().and_then(SoaRecord::of))
}

/// A question that was or will be sent.
struct Question {
    octets: Target,
    header: Header,
    voucher: Voucher<One>,
}

impl Question {
    fn new(server: &Server, key: &RecordKey) -> Result<Self, Failure> {
        Self::with_id(server, key, None)
    }

    fn with_id(server: &Server, key: &RecordKey, id: Option<u16>) -> Result<Self, Failure> {
        let mut message = ask_at_length(&key.name, key.rtype)?;
        if let Some(id) = id {
            message.header_mut().set_id(id);
        }
        let header = message.header();
        let voucher = Voucher::sign(server, &mut message)?;
        Ok(Self {
            octets: message.finish(),
            header,
            voucher,
        })
    }

    fn read(&self, server: &Server, octets: Vec<u8>, key: &RecordKey) -> Result<Answer, Failure> {
        self.accept(server, octets, key)
            .and_then(|message| answer(&message, key))
    }

    /// The message, if it answers this question and may be believed.
    fn accept(
        &self,
        server: &Server,
        octets: Vec<u8>,
        key: &RecordKey,
    ) -> Result<Received, Failure> {
        let mut message = answers(octets, self.header)?;
        check_question(&message, &key.name, Rtype::from_int(key.rtype.0))?;
        self.voucher.check(server, &mut message)?;
        Ok(message)
    }
}

/// The answer over UDP; none where TCP must be asked: no datagram came, or only a part.
fn over_udp(server: &Server, key: &RecordKey) -> Result<Option<Answer>, Failure> {
    for address in server.resolve()?.into_iter().cycle().take(DATAGRAMS) {
        // Another id and another port each time, so that nobody can guess both.
        let question = Question::new(server, key)?;
        if let Some(message) = datagram(server, address, &question, key) {
            if message.header().tc() {
                return Ok(None);
            }
            return answer(&message, key).map(Some);
        }
    }
    Ok(None)
}

/// The first datagram that answers a question; others may be forged, and are not looked at.
fn datagram(
    server: &Server,
    address: SocketAddr,
    question: &Question,
    key: &RecordKey,
) -> Option<Received> {
    let socket = match address {
        SocketAddr::V4(_) => UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = socket.ok()?;
    socket.connect(address).ok()?;
    socket.send(question.octets.as_dgram_slice()).ok()?;
    let deadline = Instant::now() + server.patience().datagram;
    let mut buffer = [0; 4096];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        socket.set_read_timeout(Some(left)).ok()?;
        let read = socket.recv(&mut buffer).ok()?;
        match question.accept(server, buffer[..read].to_vec(), key) {
            Ok(message) => return Some(message),
            // Without a signature anybody may have said so: TCP tells.
            Err(Failure::Refused { .. }) => return None,
            Err(_) => {}
        }
    }
}

/// Asks for these of the keys until all have their answers or the connection breaks.
fn ask_over(
    connection: &mut Connection,
    server: &Server,
    keys: &[RecordKey],
    open: &[usize],
    found: &mut [Option<Answer>],
) -> Result<(), Failure> {
    let mut waiting: HashMap<u16, (usize, Question)> = HashMap::with_capacity(ON_THE_WAY);
    let mut next = open.iter();
    let mut id = 0u16;
    loop {
        // Half of them at a time: fewer and larger packets.
        if waiting.len() <= ON_THE_WAY / 2 {
            let mut octets = Vec::new();
            for at in next.by_ref().take(ON_THE_WAY - waiting.len()) {
                id = id.wrapping_add(1);
                let question = Question::with_id(server, &keys[*at], Some(id))?;
                octets.extend_from_slice(question.octets.as_stream_slice());
                waiting.insert(id, (*at, question));
            }
            if !octets.is_empty() {
                connection.send(&octets)?;
            }
        }
        if waiting.is_empty() {
            return Ok(());
        }
        let octets = connection.receive()?;
        let id = octets
            .first_chunk()
            .map_or(0, |octets| u16::from_be_bytes(*octets));
        let (at, question) = waiting
            .remove(&id)
            .ok_or_else(|| Failure::untrusted("it answers what was not asked"))?;
        found[at] = Some(question.read(server, octets, &keys[at])?);
    }
}

/// What a message says of a record set.
fn answer(message: &Received, key: &RecordKey) -> Result<Answer, Failure> {
    let header = message.header();
    let rcode = header.rcode();
    if rcode != Rcode::NOERROR && rcode != Rcode::NXDOMAIN {
        return Err(Failure::Refused {
            rcode,
            signed: true,
            what: rcode_in_words(rcode),
        });
    }
    if header.tc() {
        return Err(Failure::untrusted("it is cut short"));
    }
    let (_, answered, authority, additional) = message.sections().map_err(|_| malformed())?;
    let mut reader = Reader::default();
    let set = set_of(reader.section(answered)?, key)?;
    if header.aa() || set.is_some() {
        let standing = if header.aa() {
            Standing::Authority
        } else {
            Standing::Hearsay
        };
        return Ok(Answer { set, standing });
    }
    let authority = reader.section(authority)?;
    let above = |record: &Record| record.rtype == RecordType::NS && key.name.is_in(&record.owner);
    if !authority.iter().any(above) {
        return Ok(Answer {
            set: None,
            standing: Standing::Hearsay,
        });
    }
    // Only the zone above knows the DS of a delegation, and answers for it; NS and the addresses
    // of name servers it only passes on.
    let told = if key.rtype == RecordType::NS {
        set_of(authority, key)?
    } else {
        set_of(glue(&mut reader, additional, key)?, key)?
    };
    Ok(Answer {
        set: told,
        standing: Standing::Referral,
    })
}

fn glue(
    reader: &mut Reader,
    section: RecordSection<'_, Vec<u8>>,
    key: &RecordKey,
) -> Result<Vec<Record>, Failure> {
    let mut found = Vec::new();
    for parsed in section {
        let parsed = parsed.map_err(|_| malformed())?;
        // OPT is no record, and its class no class.
        if parsed.rtype().to_int() == key.rtype.0 {
            found.push(reader.read(&parsed)?);
        }
    }
    Ok(found)
}

fn set_of(records: Vec<Record>, key: &RecordKey) -> Result<Option<RecordSet>, Failure> {
    let mut ttl = RecordSet::LONGEST_TTL;
    let mut data: Vec<RecordData> = Vec::new();
    for record in records {
        if record.owner == key.name && record.rtype == key.rtype {
            ttl = ttl.min(record.ttl);
            data.push(record.sound()?);
        }
    }
    Ok((!data.is_empty()).then(|| RecordSet::new(ttl, data)))
}
