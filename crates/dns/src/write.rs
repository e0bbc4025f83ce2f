//! Changes in an order in which no name that is there before and after is ever missing.

use change::{Action, Change, WriteFailure, Writer};
use estate::records::{DomainName, RecordSet};
use serde_json::Value;

use crate::providers::{BatchLimits, Mark, SetChange, WriteError, WriteZone};
use crate::state::{from_value, parse_resource};

/// Writes to one zone at one server.
pub(crate) struct ZoneWriter {
    zone: DomainName,
    server: Box<dyn WriteZone>,
}

impl ZoneWriter {
    pub(crate) fn new(zone: DomainName, server: Box<dyn WriteZone>) -> Self {
        Self { zone, server }
    }
}

impl Writer for ZoneWriter {
    fn batches(&self, changes: Vec<Change>) -> Vec<Vec<Change>> {
        batches(changes, self.server.limits())
    }

    fn write(&mut self, mark: &str, batch: &[Change]) -> Result<String, WriteFailure> {
        let sets = batch.iter().map(set_change).collect::<Result<Vec<_>, _>>();
        let sets = sets.map_err(WriteFailure::Refused)?;
        let mark = Mark(mark.to_owned());
        match self.server.write(&self.zone, &mark, &sets) {
            Ok(mark) => Ok(mark.0),
            Err(error) => Err(failure(&error)),
        }
    }
}

fn failure(error: &WriteError) -> WriteFailure {
    match error {
        WriteError::Moved { .. } => WriteFailure::Moved,
        WriteError::Refused { .. } | WriteError::Setup { .. } => {
            WriteFailure::Refused(error.to_string())
        }
        WriteError::Later { after, .. } => WriteFailure::Later(*after),
        WriteError::Unreachable { .. } => WriteFailure::Unreachable(error.to_string()),
        WriteError::Unknown { .. } => WriteFailure::Unknown(error.to_string()),
    }
}

fn set_change(change: &Change) -> Result<SetChange, String> {
    let wrong = |what: &str| format!("{}: {what}", change.resource);
    let key = parse_resource(&change.resource).ok_or_else(|| wrong("this is not a record set"))?;
    let set = |value: &Option<Value>| -> Result<Option<RecordSet>, String> {
        let set = value
            .as_ref()
            .map(|value| from_value(key.rtype, value))
            .transpose();
        set.map_err(|what| wrong(&what))
    };
    Ok(SetChange {
        before: set(&change.before)?,
        after: set(&change.after)?,
        key: key.clone(),
    })
}

/// Everything at one name goes together: between an alias that goes and an address
/// that comes there must be no gap. Names that only come are first, those that only
/// go are last; where something comes it finds what it points to, and where something
/// goes nothing points to it any more.
fn batches(mut changes: Vec<Change>, limits: BatchLimits) -> Vec<Vec<Change>> {
    changes.sort_by(|a, b| name(a).cmp(name(b)));
    let mut start = 0;
    let groups = changes.chunk_by(|a, b| name(a) == name(b)).map(|group| {
        let at = start..start + group.len();
        start = at.end;
        let octets: usize = group.iter().map(weight).sum();
        (rank(group), at, octets)
    });
    let mut groups: Vec<_> = groups.collect();
    groups.sort_by_key(|(rank, at, _)| (*rank, at.start));
    let mut changes: Vec<Option<Change>> = changes.into_iter().map(Some).collect();
    let mut batches = Vec::new();
    let mut batch: Vec<Change> = Vec::new();
    let mut octets = 0;
    for (_, at, size) in groups {
        let full = batch.len() + at.len() > limits.sets || octets + size > limits.octets;
        if full && !batch.is_empty() {
            batches.push(std::mem::take(&mut batch));
            octets = 0;
        }
        octets += size;
        batch.extend(changes[at].iter_mut().filter_map(Option::take));
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

/// The name and the type of what a change is about, as they are written.
fn words(change: &Change) -> (&str, &str) {
    change.resource.rsplit_once(' ').unwrap_or_default()
}

fn name(change: &Change) -> &str {
    words(change).0
}

fn rank(group: &[Change]) -> (u8, u8) {
    let all = |action| group.iter().all(|change| change.action == action);
    let points = group
        .iter()
        .any(|change| !matches!(words(change).1, "A" | "AAAA"));
    if all(Action::Create) {
        (0, u8::from(points))
    } else if all(Action::Delete) {
        (2, u8::from(!points))
    } else {
        (1, 0)
    }
}

/// The octets that a change takes in a message, at most.
fn weight(change: &Change) -> usize {
    // A record's type, class, TTL and length (RFC 1035 §3.2.1), and its name again.
    let overhead = 12 + change.resource.len();
    let of = |value: &Option<Value>| {
        let values = value.as_ref().and_then(|value| value["values"].as_array());
        let texts = values.into_iter().flatten().filter_map(Value::as_str);
        texts.map(|text| text.len() + overhead).sum::<usize>()
    };
    overhead + of(&change.before) + of(&change.after)
}

#[cfg(test)]
mod tests {
    use change::Origin;
    use charter::risk::{Breaks, Effect, Rollback};
    use serde_json::json;

    use super::*;

    #[test]
    fn the_shortest_texts_take_no_more_than_half_as_many_octets_again() {
        for (resource, value) in [
            ("a.b. AAAA", "::"),
            ("a. AAAA", "::1"),
            ("a. A", "1.1.1.1"),
            ("a. NS", "."),
            ("a. MX", "0 ."),
            ("a. SRV", "0 0 0 ."),
            ("a. TXT", "\"\""),
        ] {
            for values in [1, 10, 100] {
                let set = json!({ "ttl": 60, "values": vec![value; values] });
                let change = Change {
                    resource: resource.to_owned(),
                    action: Action::Create,
                    before: None,
                    after: Some(set),
                    origin: Origin::Commit,
                    owners: Vec::new(),
                    declared_at: None,
                    effect: Effect::new(Breaks::No, Rollback::Easy),
                };
                let SetChange { key, after, .. } = set_change(&change).unwrap();
                // Type, class, time to live and length take ten octets (RFC 1035 §3.2.1).
                let frame = key.name.wire().len() + 10;
                let data = after.iter().flat_map(RecordSet::data);
                let longest = data.map(|data| frame + data.octets().len()).max();
                let octets = longest.unwrap_or_default() * values;
                assert!(
                    octets * 2 <= weight(&change) * 3,
                    "{resource} {value}: {octets}"
                );
            }
        }
    }
}
