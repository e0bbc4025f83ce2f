use domain::base::iana::{Class, Opcode, Rcode, Rtype};
use domain::base::name::Name;
use domain::base::rdata::UnknownRecordData;
use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordType};

use super::connection::Connection;
use super::message::{answers, ask, name, rcode_in_words, too_long};
use super::query::own_soa;
use super::sign::Voucher;
use super::{Failure, Server};

/// The SOA of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoaRecord {
    /// How long it may be kept, in seconds.
    pub ttl: u32,
    /// Its data.
    pub data: RecordData,
}

impl SoaRecord {
    pub(super) fn of(set: &RecordSet) -> Option<Self> {
        let data = set.data().first()?.clone();
        Some(Self { ttl: set.ttl, data })
    }

    /// Its serial number.
    pub fn serial(&self) -> u32 {
        let octets = self.data.octets();
        let at = octets.len().saturating_sub(20);
        octets
            .get(at..)
            .and_then(|numbers| numbers.first_chunk())
            .map_or(0, |serial| u32::from_be_bytes(*serial))
    }

    /// The same with the next serial number (RFC 1982); 0 is left out, as servers do.
    pub fn next(&self) -> Self {
        let mut octets = self.data.octets().to_vec();
        let at = octets.len().saturating_sub(20);
        if let Some(old) = octets.get_mut(at..at + 4) {
            old.copy_from_slice(&self.serial().wrapping_add(1).max(1).to_be_bytes());
        }
        let data = RecordData::from_wire(RecordType::SOA, &octets);
        Self {
            ttl: self.ttl,
            data: data.unwrap_or_else(|_| self.data.clone()),
        }
    }

    /// Whether one change, and no more, leads from another SOA to this: the serial is the next,
    /// or the first of a later day where serials are dates (`2026112101`).
    ///
    /// One thing is not seen: a second change, made by somebody else in the moment between the
    /// first and the question for the SOA, if that very moment is midnight and serials are dates.
    pub fn is_one_step_from(&self, before: &Self) -> bool {
        let (old, new) = (before.serial(), self.serial());
        let dated = |serial: u32| (1970..=2106).contains(&(serial / 1_000_000));
        let new_day = dated(new) && new % 100 == 1 && new > old;
        let next = before.next();
        let same_else = {
            let cut = |data: &RecordData| {
                let mut octets = data.octets().to_vec();
                let at = octets.len().saturating_sub(20);
                octets.drain(at..(at + 4).min(octets.len()));
                octets
            };
            cut(&self.data) == cut(&before.data)
        };
        same_else && (new_day || self.data == next.data)
    }
}

/// One thing that an update does (RFC 2136 §2.5).
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    /// All records of a name and type go.
    RemoveSet(&'a RecordKey),
    /// One record goes.
    Remove(&'a RecordKey, &'a RecordData),
    /// A record comes; its whole set has this time to live then, in seconds.
    Add(&'a RecordKey, u32, &'a RecordData),
}

/// A connection to a server that takes updates of a zone (RFC 2136).
pub struct Update<'a> {
    server: &'a Server,
    zone: &'a DomainName,
    connection: Connection,
}

impl<'a> Update<'a> {
    /// Connects.
    pub fn open(server: &'a Server, zone: &'a DomainName) -> Result<Self, Failure> {
        let connection = Connection::open(server)?;
        Ok(Self {
            server,
            zone,
            connection,
        })
    }

    /// The SOA of the zone as the server has it; none if it does not serve the zone.
    pub fn soa(&mut self) -> Result<Option<SoaRecord>, Failure> {
        own_soa(&mut self.connection, self.server, self.zone)
    }

    /// Does all of these, in this order and at once, if the zone still has this SOA. The server
    /// raises the serial itself.
    ///
    /// # Errors
    /// [`Failure::Refused`] with NXRRSET if the zone has another SOA. After
    /// [`Failure::Silent`] and [`Failure::Untrusted`] nobody knows whether it was done.
    pub fn send(&mut self, guard: &RecordData, actions: &[Action<'_>]) -> Result<(), Failure> {
        let apex = RecordKey::new(self.zone.clone(), RecordType::SOA);
        let mut prerequisites = ask(Opcode::UPDATE, self.zone, Rtype::SOA)?.answer();
        prerequisites
            .push(record(&apex, Class::IN, 0, Some(guard))?)
            .map_err(too_long)?;
        let mut updates = prerequisites.authority();
        for action in actions {
            let parts = match *action {
                Action::RemoveSet(key) => record(key, Class::ANY, 0, None)?,
                Action::Remove(key, data) => record(key, Class::NONE, 0, Some(data))?,
                Action::Add(key, ttl, data) => record(key, Class::IN, ttl, Some(data))?,
            };
            updates.push(parts).map_err(too_long)?;
        }
        let mut message = updates.additional();
        let header = message.header();
        let voucher = Voucher::sign(self.server, &mut message)?;
        self.connection.send(message.finish().as_stream_slice())?;

        let mut message = answers(self.connection.receive()?, header)?;
        voucher.check(self.server, &mut message)?;
        match message.header().rcode() {
            Rcode::NOERROR => Ok(()),
            rcode => Err(Failure::Refused {
                rcode,
                signed: true,
                what: rcode_in_words(rcode),
            }),
        }
    }
}

type Parts<'a> = (Name<Vec<u8>>, Class, u32, UnknownRecordData<&'a [u8]>);

fn record<'a>(
    key: &RecordKey,
    class: Class,
    ttl: u32,
    data: Option<&'a RecordData>,
) -> Result<Parts<'a>, Failure> {
    let octets = data.map_or(&[][..], RecordData::octets);
    let data =
        UnknownRecordData::from_octets(Rtype::from_int(key.rtype.0), octets).map_err(too_long)?;
    Ok((name(&key.name)?, class, ttl, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soa(serial: u32, rest: &str) -> SoaRecord {
        let text = format!("ns. host. {serial} {rest}");
        let data = RecordData::parse(RecordType::SOA, &text, &DomainName::root()).unwrap();
        SoaRecord { ttl: 60, data }
    }

    #[test]
    fn serials_go_round_past_zero() {
        for (serial, next) in [(1, 2), (0x7fff_ffff, 0x8000_0000), (u32::MAX, 1), (0, 1)] {
            let before = soa(serial, "1 2 3 4");
            assert_eq!(before.serial(), serial);
            assert_eq!(before.next(), soa(next, "1 2 3 4"));
        }
    }

    #[test]
    fn two_changes_are_not_one_step() {
        for (old, new, one) in [
            (100, 101, true),
            (100, 102, false),
            (100, 100, false),
            (u32::MAX, 1, true),
            (100, 2_026_112_101, true),
            (100, 2_026_112_102, false),
            (2_026_112_007, 2_026_112_008, true),
            (2_026_112_007, 2_026_112_101, true),
            (2_026_112_101, 2_026_112_001, false),
            (100, 1_700_000_000, false),
        ] {
            let before = soa(old, "1 2 3 4");
            assert_eq!(
                soa(new, "1 2 3 4").is_one_step_from(&before),
                one,
                "{old} {new}"
            );
            assert!(!soa(new, "1 2 3 5").is_one_step_from(&before));
        }
    }
}
