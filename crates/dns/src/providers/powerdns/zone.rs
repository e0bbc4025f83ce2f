//! A zone as `PowerDNS` tells it.

use std::collections::BTreeMap;

use base::Digest;
use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordSets, RecordType};
use serde::{Deserialize, Serialize};

use crate::master_file::Soa;
use crate::providers::{Beyond, Mark};

/// A zone, sorted into what can be said here and what cannot.
#[derive(Debug)]
pub(super) struct Zone {
    /// Whether the zone comes from another server, so that a change here would be lost.
    pub(super) is_copy: bool,
    pub(super) sets: RecordSets,
    /// Data of switched-off records as written, by their set.
    pub(super) switched_off: BTreeMap<RecordKey, Vec<String>>,
    pub(super) beyond: Vec<Beyond>,
    /// All that is not in `sets`, as it counts for the mark.
    rest: Vec<String>,
}

#[derive(Deserialize)]
struct WireZone {
    name: String,
    #[serde(default)]
    kind: String,
    rrsets: Vec<WireSet>,
}

#[derive(Deserialize)]
struct WireSet {
    name: String,
    #[serde(rename = "type")]
    rtype: String,
    #[serde(default)]
    ttl: u32,
    records: Vec<WireRecord>,
}

/// A record as both sides write it.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct WireRecord {
    pub(super) content: String,
    #[serde(default, skip_serializing_if = "is_on")]
    pub(super) disabled: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_on(disabled: &bool) -> bool {
    !disabled
}

impl Zone {
    pub(super) fn read(body: &[u8], name: &DomainName) -> Result<Self, String> {
        let wire: WireZone = serde_json::from_slice(body)
            .map_err(|error| format!("it is not a zone of PowerDNS: {error}"))?;
        if DomainName::absolute(&wire.name).ok().as_ref() != Some(name) {
            return Err(format!("it is about {} and not {name}", wire.name));
        }
        let kind = wire.kind.to_ascii_lowercase();
        let mut zone = Self {
            is_copy: matches!(kind.as_str(), "slave" | "secondary" | "consumer"),
            sets: RecordSets::new(),
            switched_off: BTreeMap::new(),
            beyond: Vec::new(),
            rest: Vec::new(),
        };
        let mut has_start = false;
        for set in wire.rrsets {
            has_start |= set.rtype == "SOA";
            zone.take(&set, name)?;
        }
        if !has_start {
            return Err("the zone has no SOA, so it may be cut short".to_owned());
        }
        zone.rest.sort_unstable();
        Ok(zone)
    }

    fn take(&mut self, set: &WireSet, zone: &DomainName) -> Result<(), String> {
        let owner = DomainName::absolute(&set.name).map_err(|reason| reason.0)?;
        if !owner.is_in(zone) {
            return Err(format!("{owner} is not in the zone"));
        }
        let known: Option<RecordType> = set.rtype.parse().ok();
        let Some(rtype) = known else {
            self.keep(
                set,
                owner,
                true,
                "records of a type that only the server knows",
            );
            return Ok(());
        };
        if rtype.is_made_by_servers() {
            return Ok(());
        }
        let key = RecordKey::new(owner, rtype);
        let (off, on): (Vec<_>, Vec<_>) = set.records.iter().partition(|record| record.disabled);
        let data = on
            .iter()
            .map(|record| RecordData::parse(rtype, &record.content, zone));
        let data = match data.collect::<Result<Vec<_>, _>>() {
            Ok(data) => data,
            Err(reason) if rtype == RecordType::SOA => return Err(format!("{key}: {reason}")),
            Err(reason) => {
                let what = format!("a record that cannot be read here ({reason})");
                self.keep(set, key.name, true, &what);
                return Ok(());
            }
        };
        if rtype == RecordType::SOA {
            let starts = data.into_iter().map(|data| Soa { ttl: set.ttl, data });
            let texts = starts.map(|soa| soa.with_serial(0).data.text(rtype));
            self.rest
                .extend(texts.map(|text| format!("SOA {} {text}", set.ttl)));
            return Ok(());
        }
        if !off.is_empty() {
            self.keep(
                set,
                key.name.clone(),
                false,
                "records that are switched off",
            );
            let texts = off.iter().map(|record| record.content.clone());
            self.switched_off.insert(key.clone(), texts.collect());
        }
        if !data.is_empty() {
            self.sets.insert(key, RecordSet::new(set.ttl, data));
        }
        Ok(())
    }

    /// Notes a set that is left alone, or what is switched off in it, for people and for the mark.
    fn keep(&mut self, set: &WireSet, name: DomainName, whole: bool, what: &str) {
        let kept = set.records.iter().filter(|record| whole || record.disabled);
        let texts: Vec<_> = kept.map(|record| record.content.as_str()).collect();
        self.rest
            .push(format!("{name} {} {}", set.rtype, texts.join("\n")));
        self.beyond.push(Beyond {
            name,
            rtype: set.rtype.clone(),
            what: what.to_owned(),
        });
    }

    /// What stands at this key and may not be overwritten.
    pub(super) fn in_the_way(&self, key: &RecordKey) -> Option<&Beyond> {
        let rtype = key.rtype.to_string();
        let mut own = self
            .beyond
            .iter()
            .filter(|_| !self.switched_off.contains_key(key));
        own.find(|other| other.name == key.name && other.rtype == rtype)
    }

    /// The digest of everything but the serial.
    pub(super) fn mark(&self) -> Mark {
        let mut text = self.rest.join("\n");
        for (key, set) in &self.sets {
            text += &format!("\n{key} {}", set.ttl);
            for data in set.data() {
                text.push(' ');
                text += &data.text(key.rtype);
            }
        }
        Mark(Digest::of(text.as_bytes()).to_string())
    }
}
