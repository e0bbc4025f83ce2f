use domain::base::header::Header;
use domain::base::iana::{Class, Opcode, Rcode, Rtype};
use domain::base::message::RecordSection;
use domain::base::message_builder::{
    AdditionalBuilder, MessageBuilder, QuestionBuilder, StreamTarget,
};
use domain::base::name::{Name, ParsedName, ToName as _};
use domain::base::rdata::{ParseRecordData, RecordData as DomainData};
use domain::base::wire::ParseError;
use domain::base::{Message, ParsedRecord};
use domain::dep::octseq::Parser;
use estate::records::{DomainName, FieldKind, Malformed, RecordData, RecordSet, RecordType};

use super::Failure;

/// What messages are written to.
pub(super) type Target = StreamTarget<Vec<u8>>;
/// A message that came.
pub(super) type Received = Message<Vec<u8>>;

/// The most octets that a datagram may have so that it is not cut to pieces on its way (DNS
/// flag day 2020).
const DATAGRAM: u16 = 1232;

/// A name as the crate `domain` writes it.
pub(super) fn name(name: &DomainName) -> Result<Name<Vec<u8>>, Failure> {
    Name::from_octets(name.wire())
        .map_err(|error| Failure::Setup(format!("`{name}` cannot be asked for: {error}")))
}

/// A message with one question and a random id.
pub(super) fn ask(
    opcode: Opcode,
    about: &DomainName,
    rtype: Rtype,
) -> Result<QuestionBuilder<Target>, Failure> {
    let mut builder = MessageBuilder::new_stream_vec();
    builder.header_mut().set_random_id();
    builder.header_mut().set_opcode(opcode);
    let mut question = builder.question();
    question
        .push((name(about)?, rtype, Class::IN))
        .map_err(too_long)?;
    Ok(question)
}

/// A question that datagrams longer than 512 octets may answer.
pub(super) fn ask_at_length(
    about: &DomainName,
    rtype: RecordType,
) -> Result<AdditionalBuilder<Target>, Failure> {
    let question = ask(Opcode::QUERY, about, Rtype::from_int(rtype.0))?;
    let mut builder = question.additional();
    builder
        .opt(|opt| {
            opt.set_udp_payload_size(DATAGRAM);
            Ok(())
        })
        .map_err(too_long)?;
    Ok(builder)
}

#[expect(clippy::needless_pass_by_value, reason = "taken by `map_err`")]
pub(super) fn too_long(error: impl ToString) -> Failure {
    Failure::Setup(format!(
        "a message would be longer than one can be: {}; lower `batch`",
        error.to_string()
    ))
}

/// The message that these octets are, if it answers the one with this header.
pub(super) fn answers(octets: Vec<u8>, asked: Header) -> Result<Received, Failure> {
    let message = Message::from_octets(octets)
        .map_err(|_| Failure::untrusted("it is shorter than a message can be"))?;
    let header = message.header();
    if !header.qr() || header.id() != asked.id() || header.opcode() != asked.opcode() {
        return Err(Failure::untrusted(
            "it answers something else than was asked",
        ));
    }
    Ok(message)
}

/// Whether the question of an answer, if it repeats one, is this.
pub(super) fn check_question(
    message: &Received,
    about: &DomainName,
    rtype: Rtype,
) -> Result<(), Failure> {
    for question in message.question() {
        let question = question.map_err(|_| malformed())?;
        let mut asked = Vec::new();
        compose(question.qname(), &mut asked);
        asked.make_ascii_lowercase();
        if asked != about.wire() || question.qtype() != rtype || question.qclass() != Class::IN {
            return Err(Failure::untrusted("it answers another question"));
        }
    }
    Ok(())
}

pub(super) fn malformed() -> Failure {
    Failure::untrusted("a message cannot be read")
}

/// What an answer of no says, for people.
pub(super) fn rcode_in_words(rcode: Rcode) -> String {
    let means = match rcode {
        Rcode::FORMERR => "it could not read the message",
        Rcode::SERVFAIL => "it failed by itself; its log says why",
        Rcode::NXDOMAIN => "there is no such name",
        Rcode::NOTIMP => "it does not do such things at all",
        Rcode::REFUSED => "it does not let us",
        Rcode::NOTAUTH => "it does not serve the zone, or does not let this key",
        Rcode::NOTZONE => "a name is not in the zone",
        _ => return rcode.to_string(),
    };
    format!("{rcode}: {means}")
}

/// One record of a message.
pub(super) struct Record {
    pub(super) owner: DomainName,
    pub(super) rtype: RecordType,
    pub(super) class: Class,
    pub(super) ttl: u32,
    /// What they are; or why they cannot be data of this type.
    pub(super) data: Result<RecordData, Malformed>,
}

impl Record {
    /// The data, where nothing can be made of a record that has none.
    pub(super) fn sound(self) -> Result<RecordData, Failure> {
        let (owner, rtype) = (self.owner, self.rtype);
        let wrong = |error| Failure::untrusted(format!("a record {owner} {rtype} {error}"));
        self.data.map_err(wrong)
    }
}

/// Reads records one after the other; those of one owner mostly follow each other.
#[derive(Default)]
pub(super) struct Reader {
    owner: Vec<u8>,
    last: Option<(Vec<u8>, DomainName)>,
}

impl Reader {
    pub(super) fn read(&mut self, parsed: &ParsedRecord<'_, Vec<u8>>) -> Result<Record, Failure> {
        let owner = self.owner(&parsed.owner())?;
        let rtype = RecordType(parsed.rtype().to_int());
        let raw = parsed.to_record::<Raw>().ok().flatten();
        let raw = raw.ok_or_else(|| {
            Failure::untrusted(format!("the data of {owner} {rtype} cannot be read"))
        })?;
        Ok(Record {
            owner,
            rtype,
            class: parsed.class(),
            // RFC 2181 §8: one that is too large counts as none.
            ttl: match parsed.ttl().as_secs() {
                ttl if ttl > RecordSet::LONGEST_TTL => 0,
                ttl => ttl,
            },
            data: RecordData::from_wire(rtype, &raw.data().octets),
        })
    }

    /// All records of a section.
    pub(super) fn section(
        &mut self,
        section: RecordSection<'_, Vec<u8>>,
    ) -> Result<Vec<Record>, Failure> {
        section
            .map(|parsed| self.read(&parsed.map_err(|_| malformed())?))
            .collect()
    }

    fn owner(&mut self, name: &ParsedName<&Vec<u8>>) -> Result<DomainName, Failure> {
        self.owner.clear();
        compose(name, &mut self.owner);
        if let Some((wire, name)) = &self.last
            && *wire == self.owner
        {
            return Ok(name.clone());
        }
        let (name, _) = DomainName::from_wire(&self.owner).ok_or_else(malformed)?;
        self.last = Some((self.owner.clone(), name.clone()));
        Ok(name)
    }
}

fn compose<Octets: AsRef<[u8]>>(name: &ParsedName<Octets>, target: &mut Vec<u8>)
where
    ParsedName<Octets>: domain::base::name::ToName,
{
    let Ok(()) = name.compose(target);
}

/// The data of a record with its names written out.
struct Raw {
    rtype: Rtype,
    octets: Vec<u8>,
}

impl DomainData for Raw {
    fn rtype(&self) -> Rtype {
        self.rtype
    }
}

impl<'a> ParseRecordData<'a, Vec<u8>> for Raw {
    fn parse_rdata(
        rtype: Rtype,
        parser: &mut Parser<'a, Vec<u8>>,
    ) -> Result<Option<Self>, ParseError> {
        let mut octets = Vec::with_capacity(parser.remaining());
        for part in parts(RecordType(rtype.to_int())) {
            match part {
                Part::Octets(count) => take(parser, count, &mut octets)?,
                Part::String => {
                    let length = usize::from(*parser.peek(1)?.first().unwrap_or(&0));
                    take(parser, 1 + length, &mut octets)?;
                }
                Part::Name => compose(&ParsedName::parse_ref(parser)?, &mut octets),
            }
        }
        let rest = parser.remaining();
        take(parser, rest, &mut octets)?;
        Ok(Some(Self { rtype, octets }))
    }
}

fn take(
    parser: &mut Parser<'_, Vec<u8>>,
    count: usize,
    octets: &mut Vec<u8>,
) -> Result<(), ParseError> {
    octets.extend_from_slice(parser.peek(count)?);
    parser.advance(count)?;
    Ok(())
}

#[derive(Clone, Copy)]
enum Part {
    Octets(usize),
    String,
    Name,
}

/// The parts of a type's data up to its last name: only names may be compressed, and of the
/// types nobody here knows only those that RFC 3597 §4 lists.
fn parts(rtype: RecordType) -> impl Iterator<Item = Part> {
    let old: &[Part] = match rtype.0 {
        // MD, MF, MB, MG, MR.
        3 | 4 | 7..=9 => &[Part::Name],
        // MINFO, RP.
        14 | 17 => &[Part::Name, Part::Name],
        // AFSDB, RT.
        18 | 21 => &[Part::Octets(2), Part::Name],
        // PX.
        26 => &[Part::Octets(2), Part::Name, Part::Name],
        _ => &[],
    };
    let fields = rtype.info().map_or(&[][..], |info| info.fields);
    let names = fields
        .iter()
        .rposition(|field| field.kind == FieldKind::Name);
    let known = fields[..names.map_or(0, |last| last + 1)]
        .iter()
        .map(|field| match field.kind {
            FieldKind::Name => Part::Name,
            FieldKind::U8 => Part::Octets(1),
            FieldKind::U16 => Part::Octets(2),
            FieldKind::U32 | FieldKind::Ipv4 => Part::Octets(4),
            FieldKind::Ipv6 => Part::Octets(16),
            // The others stand at the end, where no name follows.
            _ => Part::String,
        });
    old.iter().copied().chain(known)
}
