use std::collections::BTreeMap;

use domain::base::Message;
use domain::base::iana::{Class, Opcode, Rcode, Rtype};
use estate::records::{
    DomainName, Malformed, RecordData, RecordKey, RecordSet, RecordSets, RecordType,
};

use super::connection::Connection;
use super::message::{
    Reader, Received, Record, answers, ask, check_question, malformed, rcode_in_words,
};
use super::sign::Voucher;
use super::{Failure, Server};

/// A whole zone, as its server gave it away (RFC 5936).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The data of its SOA.
    pub soa: RecordData,
    /// How long the SOA may be kept, in seconds.
    pub soa_ttl: u32,
    /// All other record sets, also those that servers make themselves, and the addresses of
    /// name servers below a delegation: they stand in the zone's file.
    ///
    /// Where the records of one set have several times to live, it is the shortest (RFC 2181
    /// §5.2).
    pub sets: RecordSets,
    /// The sets that hold a record which is not what its type says, as the end of "the record
    /// ..."; they are not among the others.
    pub unsound: BTreeMap<RecordKey, Malformed>,
}

/// Asks a server for a whole zone, over TCP.
///
/// With a key, every message is checked; up to 99 in a row may be unsigned, but neither the
/// first nor the last (RFC 8945 §5.3.1).
///
/// # Errors
/// Anything but the whole zone is a failure: [`Failure::Untrusted`] if it broke off.
pub fn transfer(server: &Server, zone: &DomainName) -> Result<Transfer, Failure> {
    let mut message = ask(Opcode::QUERY, zone, Rtype::AXFR)?.additional();
    let asked = message.header();
    let mut voucher = Voucher::sign_for_many(server, &mut message)?;
    let mut connection = Connection::open(server)?;
    connection.send(message.finish().as_stream_slice())?;

    let mut assembly = Assembly::new(zone);
    let mut left = server.patience().transfer_octets;
    loop {
        let octets = connection
            .receive()
            .map_err(|failure| assembly.cut_short(failure))?;
        left = left.checked_sub(octets.len()).ok_or_else(|| {
            let most = server.patience().transfer_octets;
            Failure::untrusted(format!("it sends more than {most} octets"))
        })?;
        let mut message = answers(octets, asked)?;
        voucher.check_next(server, &mut message)?;
        assembly.add(&message)?;
        if assembly.is_whole() {
            voucher.done()?;
            return assembly.finish();
        }
    }
}

/// Puts a zone together from the messages of a transfer, without their lengths and signatures.
///
/// # Errors
/// [`Failure::Untrusted`] or [`Failure::Refused`]: they are not the transfer of the zone.
pub fn parse_transfer(zone: &DomainName, messages: &[Vec<u8>]) -> Result<Transfer, Failure> {
    let mut assembly = Assembly::new(zone);
    for octets in messages {
        if assembly.is_whole() {
            return Err(Failure::untrusted("messages follow the end of the zone"));
        }
        let message = Message::from_octets(octets.clone()).map_err(|_| malformed())?;
        assembly.add(&message)?;
    }
    assembly.finish()
}

/// A zone of which not all messages have come yet.
struct Assembly<'a> {
    zone: &'a DomainName,
    reader: Reader,
    soa: Option<(u32, RecordData)>,
    whole: bool,
    records: Vec<(RecordKey, u32, RecordData)>,
    unsound: BTreeMap<RecordKey, Malformed>,
}

impl<'a> Assembly<'a> {
    fn new(zone: &'a DomainName) -> Self {
        Self {
            zone,
            reader: Reader::default(),
            soa: None,
            whole: false,
            records: Vec::new(),
            unsound: BTreeMap::new(),
        }
    }

    /// Whether the SOA has come a second time.
    fn is_whole(&self) -> bool {
        self.whole
    }

    /// Silence before the first message is silence; after it, a zone cut short.
    fn cut_short(&self, failure: Failure) -> Failure {
        match failure {
            Failure::Silent(what) if self.soa.is_some() => Failure::Untrusted(format!(
                "the zone is cut short after {} records: {what}",
                self.records.len() + 1
            )),
            other => other,
        }
    }

    fn add(&mut self, message: &Received) -> Result<(), Failure> {
        let header = message.header();
        let rcode = header.rcode();
        if rcode != Rcode::NOERROR {
            return Err(Failure::Refused {
                rcode,
                signed: true,
                what: rcode_in_words(rcode),
            });
        }
        // RFC 5936 §2.2.1 wants the bit of authority not to be looked at.
        if header.tc() || !header.qr() || header.opcode() != Opcode::QUERY {
            return Err(Failure::untrusted(
                "a message is no part of a zone transfer",
            ));
        }
        check_question(message, self.zone, Rtype::AXFR)?;
        // Whoever sends nothing for ever would be waited for for ever.
        if message.header_counts().ancount() == 0 {
            return Err(Failure::untrusted("a message of the transfer is empty"));
        }
        for parsed in message.answer().map_err(|_| malformed())? {
            let record = self.reader.read(&parsed.map_err(|_| malformed())?)?;
            self.take(record)?;
        }
        Ok(())
    }

    fn take(&mut self, record: Record) -> Result<(), Failure> {
        let Record { owner, rtype, .. } = &record;
        let wrong = |what: &str| Failure::untrusted(format!("{owner} {rtype} {what}"));
        if self.whole {
            return Err(wrong("follows the end of the zone"));
        }
        if record.class != Class::IN {
            return Err(wrong("is not of the Internet's class"));
        }
        if !owner.is_in(self.zone) {
            return Err(wrong("is not in the zone"));
        }
        match &self.soa {
            _ if *rtype == RecordType::SOA && owner != self.zone => {
                Err(wrong("is not at the top of the zone"))
            }
            None if *rtype == RecordType::SOA => {
                self.soa = Some((record.ttl, record.sound()?));
                Ok(())
            }
            None => Err(wrong("comes before the SOA")),
            Some((_, soa)) if *rtype == RecordType::SOA => {
                if record.data.as_ref() != Ok(soa) {
                    return Err(wrong("changed while the zone was sent"));
                }
                self.whole = true;
                Ok(())
            }
            Some(_) => {
                let key = RecordKey::new(record.owner, record.rtype);
                match record.data {
                    Ok(data) => self.records.push((key, record.ttl, data)),
                    Err(error) => drop(self.unsound.insert(key, error)),
                }
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<Transfer, Failure> {
        let Some((soa_ttl, soa)) = self.soa.filter(|_| self.whole) else {
            return Err(Failure::untrusted("the zone is cut short"));
        };
        let mut sets = in_sets(self.records);
        self.unsound.keys().for_each(|key| drop(sets.remove(key)));
        Ok(Transfer {
            soa,
            soa_ttl,
            sets,
            unsound: self.unsound,
        })
    }
}

fn in_sets(mut records: Vec<(RecordKey, u32, RecordData)>) -> RecordSets {
    records.sort_by(|one, other| one.0.cmp(&other.0));
    let mut sets = Vec::new();
    let mut records = records.into_iter().peekable();
    while let Some((key, mut ttl, first)) = records.next() {
        let mut data = vec![first];
        while let Some((_, other, more)) = records.next_if(|(next, ..)| *next == key) {
            ttl = ttl.min(other);
            data.push(more);
        }
        sets.push((key, RecordSet::new(ttl, data)));
    }
    BTreeMap::from_iter(sets)
}
