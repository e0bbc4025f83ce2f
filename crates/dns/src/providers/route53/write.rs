//! Changing zones at Route 53.

use estate::records::{DomainName, RecordKey, RecordSet, RecordType};
use ureq::http::Method;

use super::read::{Asking, Contents};
use super::text::to_octal;
use super::{Access, Trouble, mark};
use http_client::aws::xml;
use http_client::{Client, Connections};

use crate::http::{before_writing, writing};
use crate::providers::{BatchLimits, Mark, SetChange, WriteError, WriteZone};

/// Record elements of one request.
const MOST_RECORDS: usize = 1000;
/// Characters of all values of one request.
const MOST_CHARACTERS: usize = 32_000;
const NAMESPACE: &str = "https://route53.amazonaws.com/doc/2013-04-01/";
/// The types it takes.
const TYPES: [RecordType; 16] = [
    RecordType::A,
    RecordType::AAAA,
    RecordType::CAA,
    RecordType::CNAME,
    RecordType::DS,
    RecordType::HTTPS,
    RecordType::MX,
    RecordType::NAPTR,
    RecordType::NS,
    RecordType::PTR,
    RecordType::SPF,
    RecordType::SRV,
    RecordType::SSHFP,
    RecordType::SVCB,
    RecordType::TLSA,
    RecordType::TXT,
];

/// Changes zones.
#[derive(Debug)]
pub struct Writer {
    access: Access,
    client: Client,
    /// The zone as it was left, so that the next request need not read it all.
    left: Option<Left>,
}

#[derive(Debug)]
struct Left {
    zone: DomainName,
    id: String,
    mark: Mark,
    contents: Contents,
}

/// The body of a request, and what of its limits it uses.
#[derive(Default)]
struct Batch {
    changes: String,
    records: usize,
    characters: usize,
}

impl Writer {
    /// In this account.
    pub fn new(access: Access) -> Self {
        Self {
            access,
            client: Client::new(Connections::Fresh),
            left: None,
        }
    }

    fn refused(&self, what: String) -> WriteError {
        WriteError::Refused {
            server: self.access.server.clone(),
            what,
        }
    }

    fn moved(&self, zone: &DomainName) -> WriteError {
        WriteError::Moved {
            server: self.access.server.clone(),
            zone: zone.clone(),
        }
    }

    /// The zone as it is, read unless it is the one that was just left.
    fn found(&mut self, zone: &DomainName, expected: &Mark) -> Result<Left, WriteError> {
        let left = self.left.take();
        let known = left.filter(|left| left.zone == *zone && left.mark == *expected);
        if let Some(left) = known {
            return Ok(left);
        }
        let asking = Asking {
            access: &self.access,
            client: &self.client,
            zone,
        };
        let id = asking.zone_id().map_err(before_writing)?;
        let contents = asking.contents(&id).map_err(before_writing)?;
        Ok(Left {
            zone: zone.clone(),
            id,
            mark: mark(&contents),
            contents,
        })
    }

    fn batch(&self, found: &Left, changes: &[SetChange]) -> Result<Batch, WriteError> {
        let mut batch = Batch::default();
        for change in changes {
            let key = &change.key;
            if !TYPES.contains(&key.rtype) {
                return Err(self.refused(format!("{key}: it does not take this type")));
            }
            let rtype = key.rtype.to_string();
            let mut beyond = found.contents.beyond.iter();
            let same = beyond.find(|other| other.name == key.name && other.rtype == rtype);
            if let Some(other) = same {
                return Err(self.refused(format!("{key}: here is {}", other.what)));
            }
            // What is there now, which the mark has proven to be what the plan saw.
            if let Some(set) = found.contents.sets.get(key) {
                batch.push("DELETE", key, set);
            }
            if let Some(set) = &change.after {
                batch.push("CREATE", key, set);
            }
        }
        if batch.records > MOST_RECORDS || batch.characters > MOST_CHARACTERS {
            return Err(self.refused(format!(
                "these changes make a request of {} records and {} characters, and it takes {MOST_RECORDS} and {MOST_CHARACTERS}",
                batch.records, batch.characters
            )));
        }
        Ok(batch)
    }

    fn send(&self, found: &Left, batch: &Batch) -> Result<(), WriteError> {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ChangeResourceRecordSetsRequest xmlns=\"{NAMESPACE}\"><ChangeBatch><Changes>{}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>",
            batch.changes
        );
        let path = format!("/hostedzone/{}/rrset", found.id);
        let answer = self
            .access
            .ask(&self.client, &Method::POST, &path, &[], body.into_bytes());
        let server = self.access.server.clone();
        match answer {
            Ok(_) => Ok(()),
            Err(Trouble::Failure(failure)) => Err(writing(failure, &server)),
            Err(Trouble::Later(after)) => Err(WriteError::Later { server, after }),
            Err(Trouble::Refused { code, what }) if has_moved(&code, &what) => {
                Err(self.moved(&found.zone))
            }
            Err(Trouble::Refused { what, .. }) => Err(self.refused(what)),
            Err(Trouble::Broken(what) | Trouble::Untrusted(what)) => {
                Err(WriteError::Unknown { server, what })
            }
        }
    }
}

/// Whether a refusal is that of a set which is not as it was. It has no code of its own.
fn has_moved(code: &str, what: &str) -> bool {
    code == "InvalidChangeBatch"
        && [
            "but it was not found",
            "but the values provided do not match",
            "but it already exists",
        ]
        .iter()
        .any(|words| what.contains(words))
}

impl Batch {
    fn push(&mut self, action: &str, key: &RecordKey, set: &RecordSet) {
        let xml = &mut self.changes;
        *xml += "<Change>";
        xml::push(xml, "Action", action);
        *xml += "<ResourceRecordSet>";
        xml::push(xml, "Name", &to_octal(key.name.as_str()));
        xml::push(xml, "Type", &key.rtype.to_string());
        xml::push(xml, "TTL", &set.ttl.to_string());
        *xml += "<ResourceRecords>";
        for data in set.data() {
            let value = to_octal(&data.text(key.rtype));
            self.records += 1;
            self.characters += value.chars().count();
            *xml += "<ResourceRecord>";
            xml::push(xml, "Value", &value);
            *xml += "</ResourceRecord>";
        }
        *xml += "</ResourceRecords></ResourceRecordSet></Change>";
    }
}

impl WriteZone for Writer {
    /// A request holds 1,000 records and 32,000 characters of values; no record of use has less
    /// than four octets with its share of a name, and none more than eight characters an octet.
    fn limits(&self) -> BatchLimits {
        BatchLimits {
            sets: 500,
            octets: 4000,
        }
    }

    fn write(
        &mut self,
        zone: &DomainName,
        expected: &Mark,
        changes: &[SetChange],
    ) -> Result<Mark, WriteError> {
        let mut found = self.found(zone, expected)?;
        if found.mark != *expected {
            return Err(self.moved(zone));
        }
        if changes.is_empty() {
            return Ok(found.mark);
        }
        let batch = self.batch(&found, changes)?;
        self.send(&found, &batch)?;
        for change in changes {
            match &change.after {
                Some(set) => found.contents.sets.insert(change.key.clone(), set.clone()),
                None => found.contents.sets.remove(&change.key),
            };
        }
        found.mark = mark(&found.contents);
        let mark = found.mark.clone();
        self.left = Some(found);
        Ok(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_that_is_not_as_it_was_is_told_from_one_that_is_wrong() {
        let batch = "InvalidChangeBatch";
        for what in [
            "Tried to delete resource record set [name='a.', type='A'] but it was not found",
            "Tried to delete resource record set [name='a.', type='A'] but the values provided do not match the current values",
            "Tried to create resource record set [name='a.', type='A'] but it already exists",
        ] {
            assert!(has_moved(batch, what));
        }
        assert!(!has_moved(
            batch,
            "RRSet of type CNAME with DNS name a. is not permitted at apex"
        ));
        assert!(!has_moved("AccessDenied", "but it already exists"));
    }

    #[test]
    fn a_batch_counts_what_it_uses() {
        let key = RecordKey::new(
            DomainName::absolute("*.example.org.").unwrap(),
            RecordType::TXT,
        );
        let data = estate::records::RecordData::parse(key.rtype, "\"a<b\"", &key.name).unwrap();
        let mut batch = Batch::default();
        batch.push("CREATE", &key, &RecordSet::new(60, vec![data]));
        assert_eq!((batch.records, batch.characters), (1, 5));
        assert_eq!(
            batch.changes,
            "<Change><Action>CREATE</Action><ResourceRecordSet><Name>*.example.org.</Name><Type>TXT</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>\"a&lt;b\"</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>"
        );
    }
}
