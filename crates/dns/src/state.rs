//! What a zone holds, wanted or real, and how it stands in plans.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::Digest;
use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordSets, RecordType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::providers::Beyond;

/// The record sets of a zone, with what is said of those that are declared.
#[derive(Debug)]
pub struct ZoneState {
    /// The zone.
    pub zone: DomainName,
    /// What it holds, without the SOA.
    pub sets: RecordSets,
    /// What the files say of what they declare.
    pub declared: BTreeMap<RecordKey, Declaration>,
    /// Record sets that no plan touches, because a file says so.
    pub left_alone: BTreeSet<RecordKey>,
    /// What a server holds that no record set says.
    pub beyond: Vec<Beyond>,
    pointing: OnceCell<HashMap<DomainName, Vec<DomainName>>>,
}

/// What a file says of a record set beside its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Where, as `path:line`.
    pub place: String,
    /// The group that answers for it: its own, or the zone's.
    pub owner: Option<String>,
}

/// A record set as it stands in plans and in the ledger.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    ttl: u32,
    values: Vec<String>,
}

impl ZoneState {
    /// A state that nobody declared: what a server holds.
    pub fn real(zone: DomainName, sets: RecordSets) -> Self {
        Self::declared(zone, sets, BTreeMap::new())
    }

    /// A state that files declare.
    pub fn declared(
        zone: DomainName,
        sets: RecordSets,
        declared: BTreeMap<RecordKey, Declaration>,
    ) -> Self {
        Self {
            zone,
            sets,
            declared,
            left_alone: BTreeSet::new(),
            beyond: Vec::new(),
            pointing: OnceCell::new(),
        }
    }

    /// The digest of all record sets.
    pub fn digest(&self) -> Digest {
        let mut octets = Vec::new();
        for (key, set) in &self.sets {
            let mut part = |bytes: &[u8]| {
                octets.extend((bytes.len() as u64).to_be_bytes());
                octets.extend_from_slice(bytes);
            };
            part(key.name.as_str().as_bytes());
            part(&key.rtype.0.to_be_bytes());
            part(&set.ttl.to_be_bytes());
            set.data().iter().for_each(|data| part(data.octets()));
        }
        Digest::of(&octets)
    }

    /// The other names of the zone whose records lead to this one: aliases, mail
    /// exchangers, services, delegations.
    pub fn pointing_to(&self, name: &DomainName) -> &[DomainName] {
        let pointing = self.pointing.get_or_init(|| {
            let mut pointing: HashMap<DomainName, Vec<DomainName>> = HashMap::new();
            for (key, set) in &self.sets {
                for target in set.data().iter().filter_map(|data| data.target(key.rtype)) {
                    let sources = pointing.entry(target).or_default();
                    if sources.last() != Some(&key.name) {
                        sources.push(key.name.clone());
                    }
                }
            }
            pointing
        });
        pointing.get(name).map_or(&[], Vec::as_slice)
    }
}

/// A record set as plans have it.
pub fn to_value(rtype: RecordType, set: &RecordSet) -> Value {
    let values = set.data().iter();
    let values = values.map(|data| Value::String(data.text(rtype)));
    let mut written = Map::with_capacity(2);
    written.insert("ttl".to_owned(), Value::from(set.ttl));
    written.insert("values".to_owned(), values.collect());
    Value::Object(written)
}

/// Reads a record set as plans have it.
///
/// # Errors
/// It is not one, as a sentence about it.
pub fn from_value(rtype: RecordType, value: &Value) -> Result<RecordSet, String> {
    let written = Written::deserialize(value).map_err(|error| error.to_string())?;
    if written.ttl > RecordSet::LONGEST_TTL || written.values.is_empty() {
        return Err("a record set has a value and a TTL of at most 2147483647 seconds".to_owned());
    }
    let root = DomainName::root();
    let data = written
        .values
        .iter()
        .map(|text| RecordData::parse(rtype, text, &root));
    let data = data
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    Ok(RecordSet::new(written.ttl, data))
}

/// Reads the name that plans have of a record set: `www.example.org. A`.
pub fn parse_resource(resource: &str) -> Option<RecordKey> {
    let (name, rtype) = resource.rsplit_once(' ')?;
    Some(RecordKey::new(
        DomainName::absolute(name).ok()?,
        rtype.parse().ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_as_it_is_written_in_a_plan() {
        let root = DomainName::root();
        let data = |text| RecordData::parse(RecordType::MX, text, &root).unwrap();
        let set = RecordSet::new(
            300,
            vec![data("20 b.example.org."), data("10 a.example.org.")],
        );
        let value = to_value(RecordType::MX, &set);
        assert_eq!(
            value.to_string(),
            r#"{"ttl":300,"values":["10 a.example.org.","20 b.example.org."]}"#
        );
        assert_eq!(from_value(RecordType::MX, &value), Ok(set));
        let key = parse_resource("example.org. MX").unwrap();
        assert_eq!(key.to_string(), "example.org. MX");
    }

    #[test]
    fn what_is_no_set_is_refused() {
        for wrong in [
            r#"{"ttl":300,"values":[]}"#,
            r#"{"ttl":2147483648,"values":["10 a."]}"#,
            r#"{"ttl":300,"values":["a."]}"#,
            r#"{"ttl":300,"values":["10 a."],"more":1}"#,
            "7",
        ] {
            let value = serde_json::from_str(wrong).unwrap();
            assert!(from_value(RecordType::MX, &value).is_err(), "{wrong}");
        }
        assert_eq!(parse_resource("www.example.org A"), None);
        assert_eq!(parse_resource("A"), None);
    }
}
