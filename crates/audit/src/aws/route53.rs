//! Hosted zones, and the records of those that no zone of the estate declares.
//!
//! The records of a declared zone are seen by whatever plans the zone, and told there.

use std::collections::BTreeMap;

use http_client::aws::xml;
use roxmltree::Node;
use serde_json::{Map, Value};

use super::ask::{Asker, Question, Starts};
use crate::Failed;

/// What the names of hosted zones begin with.
pub(super) const ZONE: &str = "hosted-zone/";
const VERSION: &str = "/2013-04-01";
/// Parts of a record set that are its own and not a list.
const PLAIN: [&str; 9] = [
    "SetIdentifier",
    "Weight",
    "Region",
    "Failover",
    "MultiValueAnswer",
    "TrafficPolicyInstanceId",
    "HealthCheckId",
    "TTL",
    "Type",
];
/// Parts of a record set that have parts.
const NESTED: [&str; 4] = [
    "AliasTarget",
    "CidrRoutingConfig",
    "GeoLocation",
    "GeoProximityLocation",
];

/// A hosted zone as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedZone {
    /// Its id, without what stands before it.
    pub id: String,
    /// Its name, with the final dot.
    pub name: String,
    /// Whether only some networks see it.
    pub private: bool,
    /// How many record sets it has, the two it came with among them.
    pub count: Option<usize>,
}

/// What one page of record sets holds, and where the next starts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// By their names: `www.example.org. A`.
    pub sets: Vec<(String, Value)>,
    /// What asks for the next page.
    pub next: Option<Vec<(&'static str, String)>>,
}

/// All hosted zones of an account.
pub(super) fn collect(
    asker: &Asker,
    declared: &BTreeMap<String, Vec<String>>,
) -> Result<BTreeMap<String, Value>, Failed> {
    let mut things = BTreeMap::new();
    for zone in listed(asker)? {
        let name = format!("{ZONE}{}/{}", zone.name, zone.id);
        let mut value = Map::new();
        value.insert("name".to_owned(), Value::from(zone.name.as_str()));
        value.insert("private".to_owned(), Value::from(zone.private));
        if zone.private || !declared.contains_key(&zone.name) {
            let sets = contents(asker, &zone).map_err(|failed| {
                let what = format!("zone {}: {failed}", zone.name);
                Failed { what, ..failed }
            })?;
            things.extend(
                sets.into_iter()
                    .map(|(set, value)| (format!("{name}/{set}"), value)),
            );
        }
        if things.insert(name.clone(), Value::Object(value)).is_some() {
            return Err(Failed::untrusted(format!("it lists {name} twice")));
        }
    }
    Ok(things)
}

fn listed(asker: &Asker) -> Result<Vec<HostedZone>, Failed> {
    let path = format!("{VERSION}/hostedzone");
    let (mut all, mut starts) = (Vec::new(), Starts::default());
    let mut next: Option<String> = None;
    loop {
        let mut query = vec![("maxitems", "100")];
        query.extend(next.as_deref().map(|next| ("marker", next)));
        let answer = asker.get(Question::new(&path, &query))?;
        let (page, after) = zones(&answer).map_err(Failed::untrusted)?;
        all.extend(page);
        let Some(start) = after else {
            return Ok(all);
        };
        starts.come_to(start.clone())?;
        next = Some(start);
    }
}

fn contents(asker: &Asker, zone: &HostedZone) -> Result<BTreeMap<String, Value>, Failed> {
    let path = format!("{VERSION}/hostedzone/{}/rrset", zone.id);
    let (mut all, mut starts) = (BTreeMap::new(), Starts::default());
    let mut next: Option<Vec<(&'static str, String)>> = None;
    loop {
        let mut query = vec![("maxitems", "300")];
        let more = next.iter().flatten();
        query.extend(more.map(|(key, value)| (*key, value.as_str())));
        let answer = asker.get(Question::new(&path, &query))?;
        let page = records(&answer).map_err(Failed::untrusted)?;
        for (name, value) in page.sets {
            if all.insert(name.clone(), value).is_some() {
                let what = format!("{name} is there twice: the zone changed while it was read");
                return Err(Failed::untrusted(what));
            }
        }
        let Some(start) = page.next else { break };
        starts.come_to(format!("{start:?}"))?;
        next = Some(start);
    }
    if !all.contains_key(&format!("{} SOA", zone.name)) {
        return Err(Failed::untrusted("it has no SOA, so it may be cut short"));
    }
    match zone.count {
        Some(count) if count != all.len() => Err(Failed::untrusted(format!(
            "it counts {count} record sets and lists {}: it changed while it was read, or is cut short",
            all.len()
        ))),
        _ => {
            // What programs put there and take away again, to prove that a name is theirs (RFC 8555).
            all.retain(|name, _| !(name.starts_with("_acme-challenge.") && name.ends_with(" TXT")));
            Ok(all)
        }
    }
}

/// Whether the page is the last.
fn is_truncated(root: Node<'_, '_>) -> Result<bool, String> {
    match xml::text(root, "IsTruncated") {
        Some("false") => Ok(false),
        Some("true") => Ok(true),
        _ => Err("it does not say whether the page is the last".to_owned()),
    }
}

/// The zones of a page, and where the next starts.
///
/// # Errors
/// It is no such page, or cut short.
pub fn zones(text: &str) -> Result<(Vec<HostedZone>, Option<String>), String> {
    let document = xml::document(text)?;
    let root = document.root_element();
    let list = xml::child(root, "HostedZones").ok_or("it does not list its zones")?;
    let zones = list.children().filter(Node::is_element).map(|zone| {
        let id = xml::text(zone, "Id").unwrap_or_default();
        let id = id.rsplit('/').next().unwrap_or(id);
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(format!("`{}` is not the id of a zone", id.escape_debug()));
        }
        let name = xml::text(zone, "Name").filter(|name| !name.is_empty());
        let config = xml::child(zone, "Config");
        let private = config.and_then(|config| xml::text(config, "PrivateZone"));
        let count = xml::text(zone, "ResourceRecordSetCount");
        Ok(HostedZone {
            id: id.to_owned(),
            name: name.ok_or("a zone has no name")?.to_ascii_lowercase(),
            private: private == Some("true"),
            count: count.and_then(|count| count.trim().parse().ok()),
        })
    });
    let zones = zones.collect::<Result<Vec<_>, String>>()?;
    if !is_truncated(root)? {
        return Ok((zones, None));
    }
    let marker = xml::text(root, "NextMarker").filter(|marker| !marker.is_empty());
    let marker = marker.ok_or("it does not say where it goes on")?;
    Ok((zones, Some(marker.to_owned())))
}

/// The record sets of a page, and where the next starts.
///
/// # Errors
/// It is no such page, or cut short.
pub fn records(text: &str) -> Result<Page, String> {
    let document = xml::document(text)?;
    let root = document.root_element();
    let list = xml::child(root, "ResourceRecordSets").ok_or("it does not list its records")?;
    let sets = list.children().filter(Node::is_element).map(record);
    let sets = sets.collect::<Result<Vec<_>, String>>()?;
    if !is_truncated(root)? {
        return Ok(Page { sets, next: None });
    }
    let part = |element| xml::text(root, element).map(str::to_owned);
    let name = part("NextRecordName").ok_or("it does not say where it goes on")?;
    let mut next = vec![("name", name)];
    next.extend(part("NextRecordType").map(|rtype| ("type", rtype)));
    next.extend(part("NextRecordIdentifier").map(|id| ("identifier", id)));
    Ok(Page {
        sets,
        next: Some(next),
    })
}

fn record(set: Node<'_, '_>) -> Result<(String, Value), String> {
    let name = xml::text(set, "Name").ok_or("a record set has no name")?;
    let rtype = xml::text(set, "Type").ok_or("a record set has no type")?;
    let mut called = format!("{name} {rtype}");
    if let Some(identifier) = xml::text(set, "SetIdentifier") {
        called += &format!(" {identifier}");
    }
    let mut value = Map::new();
    for part in PLAIN {
        if let Some(text) = xml::text(set, part).filter(|_| part != "Type") {
            value.insert(part.to_owned(), Value::from(text));
        }
    }
    for part in NESTED {
        if let Some(node) = xml::child(set, part) {
            let fields = node
                .descendants()
                .filter(|one| one.is_element() && *one != node);
            let fields = fields.map(|one| {
                let text = one.text().unwrap_or("").trim();
                (one.tag_name().name().to_owned(), Value::from(text))
            });
            value.insert(part.to_owned(), Value::Object(fields.collect()));
        }
    }
    let values = xml::child(set, "ResourceRecords");
    let values = values.into_iter().flat_map(|values| values.children());
    let values: Vec<Value> = values
        .filter_map(|value| xml::text(value, "Value"))
        .map(Value::from)
        .collect();
    if values.is_empty()
        && !value.contains_key("AliasTarget")
        && !value.contains_key("TrafficPolicyInstanceId")
    {
        return Err(format!("{called} has no data"));
    }
    if !values.is_empty() {
        value.insert("values".to_owned(), Value::from(values));
    }
    Ok((called, Value::Object(value)))
}
