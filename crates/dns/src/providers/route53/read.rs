//! Reading zones from Route 53.

use std::thread;
use std::time::Duration;

use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordSets, RecordType};
use roxmltree::Node;
use ureq::http::Method;

use super::text::{from_octal, to_octal};
use super::{Access, Trouble, mark};
use crate::providers::{Beyond, Observed, ReadError, ReadZone};
use http_client::aws::xml;
use http_client::{Client, Connections};

/// The most that one answer holds.
const PAGE: &str = "300";
/// How often a page is asked for again where the account asks too often.
const TRIES: u32 = 6;
/// The first wait before that; it doubles.
const PAUSE: Duration = Duration::from_millis(500);
/// Parts of a record set that make it more than a name, a type, a time and data.
const SPECIAL: [(&str, &str); 10] = [
    ("AliasTarget", "an alias of the service's own"),
    (
        "SetIdentifier",
        "one of several sets among which the service chooses",
    ),
    ("Weight", "a weighted set"),
    ("Region", "a set for one region"),
    ("GeoLocation", "a set for one place"),
    ("GeoProximityLocation", "a set for what is near a place"),
    ("Failover", "a set that others stand in for"),
    (
        "MultiValueAnswer",
        "one of several sets that are answered together",
    ),
    ("CidrRoutingConfig", "a set for some networks"),
    (
        "TrafficPolicyInstanceId",
        "a set that a traffic policy makes",
    ),
];

/// Reads zones.
#[derive(Debug, Clone)]
pub struct Reader {
    access: Access,
    client: Client,
}

/// What a zone holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Contents {
    pub(super) sets: RecordSets,
    pub(super) beyond: Vec<Beyond>,
    /// What is beyond us as the service wrote it, for the mark.
    others: Vec<String>,
    has_start: bool,
}

/// Where the next page starts.
#[derive(PartialEq, Eq)]
struct Next {
    name: String,
    rtype: String,
    identifier: Option<String>,
}

impl Reader {
    /// From this account.
    pub fn new(access: Access) -> Self {
        Self {
            access,
            client: Client::new(Connections::Kept),
        }
    }
}

impl ReadZone for Reader {
    fn observe(&self, zone: &DomainName) -> Result<Observed, ReadError> {
        let asking = Asking {
            access: &self.access,
            client: &self.client,
            zone,
        };
        let id = asking.zone_id()?;
        let contents = asking.contents(&id)?;
        let mark = mark(&contents);
        Ok(Observed {
            sets: contents.sets,
            beyond: contents.beyond,
            mark,
        })
    }
}

/// Questions about one zone.
pub(super) struct Asking<'a> {
    pub(super) access: &'a Access,
    pub(super) client: &'a Client,
    pub(super) zone: &'a DomainName,
}

impl Asking<'_> {
    fn untrusted(&self, what: String) -> ReadError {
        Trouble::Untrusted(what).reading(&self.access.server, self.zone)
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<String, ReadError> {
        let ask = || {
            self.access
                .ask(self.client, &Method::GET, path, query, Vec::new())
        };
        let mut answer = ask();
        for tried in 1..TRIES {
            // A listing of many pages meets the limit of the account as a matter of course.
            let Err(Trouble::Later(_)) = answer else {
                break;
            };
            thread::sleep(PAUSE * 2_u32.pow(tried - 1));
            answer = ask();
        }
        answer.map_err(|trouble| trouble.reading(&self.access.server, self.zone))
    }

    /// The id of the one public zone of this name.
    pub(super) fn zone_id(&self) -> Result<String, ReadError> {
        let name = to_octal(self.zone.as_str());
        let query = [("dnsname", name.as_str()), ("maxitems", "100")];
        let answer = self.get("/hostedzonesbyname", &query)?;
        let document = xml::document(&answer).map_err(|what| self.untrusted(what))?;
        let zones = document
            .descendants()
            .filter(|node| node.tag_name().name() == "HostedZone");
        let own = zones.filter(|zone| {
            let name = xml::text(*zone, "Name").map(from_octal).unwrap_or_default();
            let private =
                xml::child(*zone, "Config").and_then(|config| xml::text(config, "PrivateZone"));
            DomainName::absolute(&name).is_ok_and(|name| name == *self.zone)
                && private != Some("true")
        });
        let ids: Vec<&str> = own.filter_map(|zone| xml::text(zone, "Id")).collect();
        match ids[..] {
            [] => Err(ReadError::NoSuchZone {
                server: self.access.server.clone(),
                zone: self.zone.clone(),
            }),
            [id] => {
                let id = id.rsplit('/').next().unwrap_or(id);
                let sound = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
                let wrong = || self.untrusted(format!("`{id}` is not the id of a zone"));
                sound.then(|| id.to_owned()).ok_or_else(wrong)
            }
            _ => Err(self.untrusted(format!("it has {} public zones {}", ids.len(), self.zone))),
        }
    }

    /// All record sets.
    pub(super) fn contents(&self, id: &str) -> Result<Contents, ReadError> {
        let path = format!("/hostedzone/{id}/rrset");
        let mut contents = Contents::default();
        let mut next: Option<Next> = None;
        loop {
            let mut query = vec![("maxitems", PAGE)];
            if let Some(next) = &next {
                query.extend([("name", next.name.as_str()), ("type", next.rtype.as_str())]);
                query.extend(next.identifier.as_deref().map(|text| ("identifier", text)));
            }
            let answer = self.get(&path, &query)?;
            let after = contents
                .page(&answer, self.zone)
                .map_err(|what| self.untrusted(what))?;
            match after {
                None => break,
                Some(_) if after == next => {
                    return Err(self.untrusted("its pages do not end".to_owned()));
                }
                Some(_) => next = after,
            }
        }
        if !contents.has_start {
            return Err(self.untrusted("the zone has no SOA, so it may be cut short".to_owned()));
        }
        Ok(contents)
    }
}

impl Contents {
    fn page(&mut self, answer: &str, zone: &DomainName) -> Result<Option<Next>, String> {
        let document = xml::document(answer)?;
        let root = document.root_element();
        let sets = xml::child(root, "ResourceRecordSets").ok_or("it has no record sets")?;
        for set in sets.children().filter(Node::is_element) {
            self.take(set, zone)?;
        }
        if xml::text(root, "IsTruncated") != Some("true") {
            return Ok(None);
        }
        let part = |name| xml::text(root, name).map(str::to_owned);
        let next = part("NextRecordName").zip(part("NextRecordType"));
        let (name, rtype) = next.ok_or("it does not say where it goes on")?;
        let identifier = part("NextRecordIdentifier");
        Ok(Some(Next {
            name,
            rtype,
            identifier,
        }))
    }

    fn take(&mut self, set: Node<'_, '_>, zone: &DomainName) -> Result<(), String> {
        let name = from_octal(xml::text(set, "Name").ok_or("a record set has no name")?);
        let name = DomainName::absolute(&name).map_err(|reason| reason.0)?;
        if !name.is_in(zone) {
            return Err(format!("{name} is not in the zone"));
        }
        let written = xml::text(set, "Type").ok_or("a record set has no type")?;
        let special = SPECIAL
            .iter()
            .find(|(part, _)| xml::child(set, part).is_some());
        let unknown = "a type that is not known here";
        let (rtype, what) = match (written.parse::<RecordType>(), special) {
            (Ok(rtype), None) => (rtype, None),
            (Ok(rtype), Some((_, what))) => (rtype, Some(*what)),
            (Err(_), _) => (RecordType(0), Some(unknown)),
        };
        if let Some(what) = what {
            self.keep(set, name, written, what);
            return Ok(());
        }
        if rtype == RecordType::SOA {
            self.has_start = true;
            return Ok(());
        }
        let key = RecordKey::new(name, rtype);
        let ttl = xml::text(set, "TTL").and_then(|ttl| ttl.parse().ok());
        let ttl = ttl.ok_or_else(|| format!("{key} has no time to live"))?;
        let records = xml::child(set, "ResourceRecords");
        let values = records.into_iter().flat_map(|records| records.children());
        let values = values.filter_map(|record| xml::text(record, "Value"));
        let data = values.map(|value| RecordData::parse(rtype, &from_octal(value), zone));
        let data = match data.collect::<Result<Vec<_>, _>>() {
            Ok(data) => data,
            Err(reason) => {
                let what = format!("a record that cannot be read here ({reason})");
                self.keep(set, key.name, written, &what);
                return Ok(());
            }
        };
        if data.is_empty() {
            return Err(format!("{key} has no data"));
        }
        if self
            .sets
            .insert(key.clone(), RecordSet::new(ttl, data))
            .is_some()
        {
            return Err(format!(
                "{key} is there twice: the zone changed while it was read"
            ));
        }
        Ok(())
    }

    fn keep(&mut self, set: Node<'_, '_>, name: DomainName, rtype: &str, what: &str) {
        self.others.push(format!("{:?}", flat(set)));
        self.beyond.push(Beyond {
            name,
            rtype: rtype.to_owned(),
            what: what.to_owned(),
        });
    }

    /// What the mark is the digest of.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (key, set) in &self.sets {
            text += &format!("{key} {}", set.ttl);
            for data in set.data() {
                text.push(' ');
                text += &data.text(key.rtype);
            }
            text.push('\n');
        }
        let mut others: Vec<&str> = self.others.iter().map(String::as_str).collect();
        others.sort_unstable();
        text + &others.join("\n")
    }
}

/// All names and texts below an element, in order.
fn flat<'a>(node: Node<'a, '_>) -> Vec<(&'a str, &'a str)> {
    let elements = node.descendants().filter(Node::is_element);
    elements
        .map(|element| {
            (
                element.tag_name().name(),
                element.text().unwrap_or("").trim(),
            )
        })
        .collect()
}
