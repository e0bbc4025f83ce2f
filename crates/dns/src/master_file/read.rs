//! From text to record sets.

use std::collections::BTreeMap;

use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordType, Token};

use super::words::{Entries, Entry, Word};
use super::{MasterFile, Problem, Soa};

/// Reads a master file of the zone `origin`, which is also what names are relative to until
/// `$ORIGIN` says otherwise.
///
/// Everything that is sound is in the result, also beside problems; whoever takes the file for
/// the whole zone must not go on with any. The time to live of a set is that of its first record
/// (RFC 2181 §5.2 wants them equal; name servers do the same). `$TTL`, else the time of the record
/// before, else the minimum of the SOA stands in for a time that is not written.
pub fn parse(text: &str, origin: &DomainName) -> (MasterFile, Vec<Problem>) {
    let mut reading = Reading {
        zone: origin,
        origin: origin.clone(),
        owner: None,
        default_ttl: None,
        last_ttl: None,
        soa: None,
        records: BTreeMap::new(),
        made_by_servers: Vec::new(),
    };
    let mut problems = Vec::new();
    for entry in Entries::of(text) {
        let done = entry.and_then(|entry| reading.take(&entry));
        problems.extend(done.err());
    }
    (reading.file(), problems)
}

struct Reading<'a> {
    zone: &'a DomainName,
    origin: DomainName,
    owner: Option<DomainName>,
    default_ttl: Option<u32>,
    last_ttl: Option<u32>,
    soa: Option<Soa>,
    records: BTreeMap<RecordKey, (u32, Vec<RecordData>)>,
    made_by_servers: Vec<RecordKey>,
}

/// The words of a record between its owner and its data.
struct Head {
    ttl: Option<u32>,
    rtype: RecordType,
}

impl Reading<'_> {
    fn file(mut self) -> MasterFile {
        self.made_by_servers.sort_unstable();
        self.made_by_servers.dedup();
        let sets = self.records.into_iter();
        MasterFile {
            soa: self.soa,
            sets: sets
                .map(|(key, (ttl, data))| (key, RecordSet::new(ttl, data)))
                .collect(),
            made_by_servers: self.made_by_servers,
        }
    }

    fn take(&mut self, entry: &Entry) -> Result<(), Problem> {
        let first = &entry.words[0];
        if !entry.indented && first.token.written().starts_with('$') {
            return self.directive(first, &entry.words[1..]);
        }
        let mut words = &entry.words[..];
        if !entry.indented {
            // A record whose owner cannot be read must not lend the next ones another owner.
            self.owner = None;
            let owner = DomainName::in_file(first.token.written(), &self.origin);
            self.owner = Some(owner.map_err(|reason| first.problem(reason.0))?);
            words = &entry.words[1..];
        }
        let Some(owner) = self.owner.clone() else {
            return Err(first.problem("this record has no owner, and none stands before it"));
        };
        if !owner.is_in(self.zone) {
            let what = format!("{owner} is not in the zone {}", self.zone);
            return Err(first.problem(what));
        }
        self.record(owner, first, words)
    }

    fn record(
        &mut self,
        owner: DomainName,
        place: &Word,
        mut words: &[Word],
    ) -> Result<(), Problem> {
        let head = head(&mut words, place)?;
        let tokens: Vec<Token> = words.iter().map(|word| word.token.clone()).collect();
        let place = words.first().unwrap_or(place);
        let key = RecordKey::new(owner, head.rtype);
        if head.rtype.is_made_by_servers() {
            self.made_by_servers.push(key);
            return Ok(());
        }
        if head.rtype == RecordType::SOA {
            return self.start(&key.name, head.ttl, tokens, place);
        }
        let data = RecordData::of_tokens(head.rtype, &tokens, &self.origin)
            .map_err(|reason| place.problem(reason.0))?;
        let ttl = self.ttl(head.ttl, place)?;
        let (_, set) = self.records.entry(key).or_insert((ttl, Vec::new()));
        set.push(data);
        Ok(())
    }

    fn start(
        &mut self,
        owner: &DomainName,
        ttl: Option<u32>,
        mut tokens: Vec<Token>,
        place: &Word,
    ) -> Result<(), Problem> {
        if owner != self.zone {
            let what = format!("the SOA of {} cannot stand at {owner}", self.zone);
            return Err(place.problem(what));
        }
        if self.soa.is_some() {
            return Err(place.problem("a zone has one SOA, and this is another"));
        }
        // Times may have units here too; the serial may not.
        for token in tokens.iter_mut().skip(3) {
            if let Some(seconds) = seconds(token.written()) {
                *token = Token::new(seconds.to_string(), false);
            }
        }
        let data = RecordData::of_tokens(RecordType::SOA, &tokens, &self.origin)
            .map_err(|reason| place.problem(reason.0))?;
        let minimum = data.octets().last_chunk().copied();
        self.last_ttl = self.last_ttl.or(minimum.map(u32::from_be_bytes));
        let ttl = self.ttl(ttl, place)?;
        self.soa = Some(Soa { ttl, data });
        Ok(())
    }

    fn ttl(&mut self, written: Option<u32>, place: &Word) -> Result<u32, Problem> {
        self.last_ttl = written.or(self.last_ttl);
        let ttl = written.or(self.default_ttl).or(self.last_ttl);
        let ttl = ttl.ok_or_else(|| {
            place.problem("this record has no time to live; write one, or `$TTL` above it")
        })?;
        within_bounds(ttl, place)
    }

    fn directive(&mut self, first: &Word, words: &[Word]) -> Result<(), Problem> {
        let name = first.token.written();
        match (name.to_ascii_uppercase().as_str(), words) {
            ("$ORIGIN", [word]) => {
                let origin = DomainName::in_file(word.token.written(), &self.origin);
                self.origin = origin.map_err(|reason| word.problem(reason.0))?;
                Ok(())
            }
            ("$TTL", [word]) => {
                let ttl = seconds(word.token.written()).ok_or_else(|| {
                    let what = format!("`{}` is not a time, as `3600` or `1h30m`", shown(word));
                    word.problem(what)
                })?;
                self.default_ttl = Some(within_bounds(ttl, word)?);
                Ok(())
            }
            ("$ORIGIN" | "$TTL", _) => {
                Err(first.problem(format!("`{name}` takes one word after it")))
            }
            ("$INCLUDE", _) => Err(first.problem(
                "`$INCLUDE` is not followed: a zone is one file here; put the records of the other file into this one",
            )),
            ("$GENERATE", _) => Err(first.problem(
                "`$GENERATE` is BIND's own and is not followed; write the records out",
            )),
            _ => Err(first.problem(format!("`{}` is not a directive", shown(first)))),
        }
    }
}

/// Takes the time to live and the class, in either order, and the type off the words.
fn head(words: &mut &[Word], place: &Word) -> Result<Head, Problem> {
    let mut ttl = None;
    let mut class = false;
    loop {
        let Some((word, rest)) = words.split_first() else {
            return Err(place.problem("this record has no type"));
        };
        *words = rest;
        let written = word.token.written();
        if ttl.is_none()
            && let Some(read) = seconds(written)
        {
            ttl = Some(read);
        } else if !class
            && ["IN", "CLASS1"]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(written))
        {
            class = true;
        } else if !class
            && ["CH", "HS", "CS"]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(written))
        {
            return Err(word.problem(format!("the class `{written}` is not held here, only IN")));
        } else {
            return match written.parse() {
                Ok(rtype) => Ok(Head { ttl, rtype }),
                Err(_) => Err(word.problem(format!(
                    "`{}` is not a type of record that is known here; one that is not can be written as `TYPE13 \\# LENGTH HEX` (RFC 3597)",
                    shown(word)
                ))),
            };
        }
    }
}

fn within_bounds(ttl: u32, place: &Word) -> Result<u32, Problem> {
    if ttl <= RecordSet::LONGEST_TTL {
        return Ok(ttl);
    }
    let what = format!(
        "a time to live of {ttl} seconds is longer than {} (RFC 2181 §8)",
        RecordSet::LONGEST_TTL
    );
    Err(place.problem(what))
}

fn shown(word: &Word) -> String {
    word.token.written().chars().take(40).collect()
}

/// Seconds, as a number or as numbers with the units of BIND: `1h30m`.
fn seconds(written: &str) -> Option<u32> {
    let mut total: u32 = 0;
    let mut rest = written;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let number: u32 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next();
        let factor = match unit.map(|unit| unit.to_ascii_lowercase()) {
            Some('w') => 604_800,
            Some('d') => 86_400,
            Some('h') => 3_600,
            Some('m') => 60,
            Some('s') => 1,
            None if digits == written.len() => 1,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(factor)?)?;
        rest = &rest[digits + usize::from(unit.is_some())..];
    }
    (!written.is_empty()).then_some(total)
}
