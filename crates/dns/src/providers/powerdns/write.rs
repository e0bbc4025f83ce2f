//! Changing zones at `PowerDNS`.

use estate::records::{DomainName, RecordSet, RecordType};
use serde::Serialize;
use ureq::http::Method;

use super::zone::{WireRecord, Zone};
use super::{Access, said};
use http_client::{Answer, Client, Connections, Failure};

use crate::http::{before_writing, writing};
use crate::providers::{BatchLimits, Mark, SetChange, WriteError, WriteZone};

/// The longest body that `PowerDNS` takes unless it is told otherwise (`webserver-max-bodysize=2`).
const LONGEST_BODY: usize = 2 * 1024 * 1024;

/// Changes zones.
#[derive(Debug)]
pub struct Writer {
    access: Access,
    client: Client,
}

#[derive(Serialize)]
struct Patch {
    rrsets: Vec<PatchedSet>,
}

#[derive(Serialize)]
struct PatchedSet {
    name: String,
    #[serde(rename = "type")]
    rtype: String,
    changetype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    records: Vec<WireRecord>,
}

impl Writer {
    /// At this server.
    pub fn new(access: Access) -> Self {
        Self {
            access,
            client: Client::new(Connections::Fresh),
        }
    }

    fn refused(&self, what: String) -> WriteError {
        WriteError::Refused {
            server: self.access.server.clone(),
            what,
        }
    }

    fn body(&self, zone: &Zone, changes: &[SetChange]) -> Result<Vec<u8>, WriteError> {
        let mut rrsets = Vec::with_capacity(changes.len());
        for change in changes {
            let rtype = change.key.rtype;
            let held = rtype.is_standard() || rtype == RecordType::ALIAS;
            if !held || rtype == RecordType::SOA || rtype.is_made_by_servers() {
                return Err(self.refused(format!("{}: it does not take this type", change.key)));
            }
            if let Some(other) = zone.in_the_way(&change.key) {
                return Err(self.refused(format!("{}: here is {}", change.key, other.what)));
            }
            rrsets.push(patched(zone, change));
        }
        // One transaction, in this order: a CNAME can take the place of others and back.
        rrsets.sort_by_key(|set| set.changetype != "DELETE");
        let body = serde_json::to_vec(&Patch { rrsets })
            .map_err(|error| self.refused(error.to_string()))?;
        if body.len() > LONGEST_BODY {
            return Err(self.refused(format!(
                "these changes make a request of {} octets, and it takes {LONGEST_BODY}",
                body.len()
            )));
        }
        Ok(body)
    }

    fn send(&self, zone: &DomainName, body: Vec<u8>) -> Result<(), WriteError> {
        let request = self.access.request(Method::PATCH, zone);
        let answer = request
            .header("content-type", "application/json")
            .body(body)
            .map_err(|error| Failure::Unreachable(error.to_string()))
            .and_then(|request| self.client.send(request))
            .map_err(|failure| writing(failure, &self.access.server))?;
        self.judge(&answer)
    }

    fn judge(&self, answer: &Answer) -> Result<(), WriteError> {
        let server = self.access.server.clone();
        match answer.status {
            200..=299 => Ok(()),
            429 | 503 => Err(WriteError::Later {
                server,
                after: answer.pause(),
            }),
            // Whether its database had taken the change by then cannot be known.
            500.. => Err(WriteError::Unknown {
                server,
                what: said(answer),
            }),
            _ => Err(self.refused(said(answer))),
        }
    }
}

/// One set of a request; switched-off records of it are sent along, or they would be lost.
fn patched(zone: &Zone, change: &SetChange) -> PatchedSet {
    let key = &change.key;
    let on = change.after.iter().flat_map(RecordSet::data);
    let on = on.map(|data| (data.text(key.rtype), false));
    let off = zone.switched_off.get(key).into_iter().flatten();
    let off = off.map(|content| (content.clone(), true));
    let records: Vec<_> = on
        .chain(off)
        .map(|(content, disabled)| WireRecord { content, disabled })
        .collect();
    let set = change.after.as_ref().or(change.before.as_ref());
    let delete = records.is_empty();
    PatchedSet {
        name: key.name.to_string(),
        rtype: key.rtype.to_string(),
        changetype: if delete { "DELETE" } else { "REPLACE" },
        ttl: set.filter(|_| !delete).map(|set| set.ttl),
        records,
    }
}

impl WriteZone for Writer {
    /// So that a request stays below the 2 MB that `PowerDNS` takes, whatever the data are: about
    /// 80 octets of JSON around each set, and no more than 7.5 for each octet of data, which an
    /// IPv4 address takes.
    fn limits(&self) -> BatchLimits {
        BatchLimits {
            sets: 5_000,
            octets: 200_000,
        }
    }

    fn write(
        &mut self,
        name: &DomainName,
        mark: &Mark,
        changes: &[SetChange],
    ) -> Result<Mark, WriteError> {
        let found = self.access.get(&self.client, name);
        let mut zone = found.map_err(before_writing)?;
        if zone.is_copy {
            let what =
                format!("{name} is a copy of another server's zone there; change it at that one");
            return Err(self.refused(what));
        }
        if zone.mark() != *mark {
            return Err(WriteError::Moved {
                server: self.access.server.clone(),
                zone: name.clone(),
            });
        }
        let body = self.body(&zone, changes)?;
        self.send(name, body)?;
        // The mark of what should be there now, not of what a new look finds: a change by
        // somebody else in between must not pass for ours.
        for change in changes {
            match &change.after {
                Some(set) => zone.sets.insert(change.key.clone(), set.clone()),
                None => zone.sets.remove(&change.key),
            };
        }
        Ok(zone.mark())
    }
}

#[cfg(test)]
mod tests {
    use estate::records::{RecordData, RecordKey};

    use super::*;

    #[test]
    fn what_is_switched_off_or_the_servers_own_stays_when_its_set_changes() {
        let name = DomainName::absolute("example.org.").unwrap();
        let body = r#"{"name":"example.org.","kind":"Native","rrsets":[
            {"name":"example.org.","type":"SOA","ttl":60,"records":[{"content":"a. b. 1 2 3 4 5"}]},
            {"name":"l.example.org.","type":"LUA","ttl":60,"records":[{"content":"A \"ifportup(80, {'192.0.2.1'})\""}]},
            {"name":"a.example.org.","type":"A","ttl":60,"records":[
                {"content":"192.0.2.1","disabled":false},{"content":"192.0.2.2","disabled":true}]}]}"#;
        let zone = Zone::read(body.as_bytes(), &name).unwrap();
        let beyond: Vec<_> = zone
            .beyond
            .iter()
            .map(|other| other.name.as_str())
            .collect();
        assert_eq!(beyond, ["l.example.org.", "a.example.org."]);
        let key = RecordKey::new(
            DomainName::absolute("a.example.org.").unwrap(),
            RecordType::A,
        );
        let before = zone.sets.get(&key).cloned();
        assert_eq!(before.as_ref().map(|set| set.data().len()), Some(1));
        let data = RecordData::parse(RecordType::A, "192.0.2.9", &name).unwrap();
        let mut change = SetChange {
            key,
            before,
            after: Some(RecordSet::new(5, vec![data])),
        };
        let shown = |change: &SetChange| serde_json::to_string(&patched(&zone, change)).unwrap();
        let start = r#"{"name":"a.example.org.","type":"A","changetype":"REPLACE","ttl":"#;
        let off = r#"{"content":"192.0.2.2","disabled":true}]}"#;
        assert_eq!(
            shown(&change),
            format!(r#"{start}5,"records":[{{"content":"192.0.2.9"}},{off}"#)
        );
        change.after = None;
        assert_eq!(shown(&change), format!(r#"{start}60,"records":[{off}"#));
    }
}
