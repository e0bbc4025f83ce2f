//! Record sets to a zone file as octoDNS would dump it.
//!
//! Names and keys in natural order, two spaces of indentation, lists where octoDNS has
//! lists; a TTL only where it is not the usual one. What octoDNS has no words for is left
//! out and named: a file that says less than the zone must never pass for the zone.

mod form;
#[cfg(test)]
mod round_trip;
mod scalar;

use std::collections::BTreeMap;

use estate::kinds::Zone;
use estate::records::{DomainName, RecordKey, RecordSet, RecordSets, RecordType};

pub(super) use form::{Form, of_data};
pub(super) use scalar::{double_quoted, scalar};

use super::edit::read_record;
use super::order::natural;

/// The settings of octoDNS that a file is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conventions {
    /// Seconds that answers may be kept where a record does not say.
    pub default_ttl: u32,
    /// In TXT, `;` is written `\;`.
    pub escaped_semicolons: bool,
    /// Keys must stand in their natural order.
    pub enforce_order: bool,
}

impl Default for Conventions {
    fn default() -> Self {
        Self {
            default_ttl: 3600,
            escaped_semicolons: true,
            enforce_order: false,
        }
    }
}

impl Conventions {
    /// Those of a zone.
    pub fn of(zone: &Zone) -> Self {
        Self {
            default_ttl: zone.default_ttl,
            escaped_semicolons: zone.reading.escaped_semicolons,
            enforce_order: zone.reading.enforce_order,
        }
    }
}

/// A zone file, and what it does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub text: String,
    /// What could not be written.
    pub left_out: Vec<LeftOut>,
}

/// A record set that octoDNS has no words for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which.
    pub key: RecordKey,
    /// Why, as a sentence without a full stop.
    pub reason: String,
}

/// Writes the file of a whole zone.
///
/// Sets outside the zone are left out, as is the SOA, which the servers keep.
pub fn write_zone(zone: &DomainName, sets: &RecordSets, conventions: Conventions) -> Written {
    let mut left_out = Vec::new();
    let mut names: BTreeMap<&str, Vec<(RecordType, Form)>> = BTreeMap::new();
    for (key, set) in sets {
        match entry(zone, key, set, conventions) {
            Ok((name, record)) => names.entry(name).or_default().push((key.rtype, record)),
            Err(reason) => left_out.push(LeftOut {
                key: key.clone(),
                reason,
            }),
        }
    }
    let mut names: Vec<_> = names.into_iter().collect();
    // Ties, as of `a1` and `a01`, keep the order of plain text.
    names.sort_by(|(a, _), (b, _)| natural(a, b));
    let entries = names.into_iter().map(|(name, mut records)| {
        records.sort_by_cached_key(|(rtype, _)| rtype.to_string());
        let mut records: Vec<Form> = records.into_iter().map(|(_, record)| record).collect();
        let value = match records.len() {
            1 => records.remove(0),
            _ => Form::List(records),
        };
        (name.to_owned(), value)
    });
    let root = Form::Map(entries.collect());
    Written {
        text: format!("---\n{}", root.block(0, 0)),
        left_out,
    }
}

fn entry<'k>(
    zone: &DomainName,
    key: &'k RecordKey,
    set: &RecordSet,
    conventions: Conventions,
) -> Result<(&'k str, Form), String> {
    let name = key.name.below(zone);
    let name = name.ok_or_else(|| format!("{} is not in {zone}", key.name))?;
    if name.contains('\\') {
        return Err(format!("octoDNS has no way to write the name {}", key.name));
    }
    let record = record(key.rtype, set, conventions)?;
    accepted(zone, key, set, record, conventions).map(|record| (name, record))
}

/// The record as the reader takes it back: marked as lenient where octoDNS's validators would
/// mind what the servers hold.
fn accepted(
    zone: &DomainName,
    key: &RecordKey,
    set: &RecordSet,
    record: Form,
    conventions: Conventions,
) -> Result<Form, String> {
    let changed = || "octoDNS would make other data of it".to_owned();
    match read_record(zone, key, &record, conventions) {
        Ok(read) if read == *set => return Ok(record),
        Ok(_) => return Err(changed()),
        Err(_) => {}
    }
    let Form::Map(mut entries) = record else {
        return Err(changed());
    };
    let lenient = Form::Map(vec![(
        "lenient".to_owned(),
        Form::Number("true".to_owned()),
    )]);
    entries.insert(0, ("octodns".to_owned(), lenient));
    let record = Form::Map(entries);
    if read_record(zone, key, &record, conventions)? == *set {
        Ok(record)
    } else {
        Err(changed())
    }
}

/// A record as a mapping, keys in natural order.
pub(super) fn record(
    rtype: RecordType,
    set: &RecordSet,
    conventions: Conventions,
) -> Result<Form, String> {
    let values = values(rtype, set, conventions)?;
    let mut entries = Vec::new();
    if set.ttl != conventions.default_ttl {
        entries.push(("ttl".to_owned(), Form::Number(set.ttl.to_string())));
    }
    entries.push(("type".to_owned(), Form::Text(rtype.to_string())));
    entries.push(keyed(rtype, values));
    Ok(Form::Map(entries))
}

/// The data of a set, as octoDNS has them.
pub(super) fn values(
    rtype: RecordType,
    set: &RecordSet,
    conventions: Conventions,
) -> Result<Vec<Form>, String> {
    let data = set.data().iter();
    let values: Result<Vec<Form>, String> = data
        .map(|data| of_data(rtype, data, conventions.escaped_semicolons))
        .collect();
    let values = values?;
    match values.len() {
        0 => Err("the set has no data".to_owned()),
        1 => Ok(values),
        _ if rtype.is_single() => Err(format!("octoDNS lets a name have one {rtype}")),
        _ => Ok(values),
    }
}

/// `value` for one, `values` for several.
pub(super) fn keyed(rtype: RecordType, mut values: Vec<Form>) -> (String, Form) {
    // octoDNS takes an empty `value` for a missing one.
    let empty = |form: &Form| matches!(form, Form::Text(text) if text.is_empty());
    let one = values.len() == 1 && (rtype.is_single() || !empty(&values[0]));
    if one {
        ("value".to_owned(), values.remove(0))
    } else {
        ("values".to_owned(), Form::List(values))
    }
}

#[cfg(test)]
mod tests {
    use estate::records::RecordData;

    use super::*;

    fn sets(lines: &[(&str, u32, &str, &[&str])]) -> RecordSets {
        let zone = DomainName::absolute("example.org.").unwrap();
        let set = |(name, ttl, rtype, data): &(&str, u32, &str, &[&str])| {
            let rtype: RecordType = rtype.parse().unwrap();
            let name = match *name {
                "" => zone.clone(),
                name => DomainName::in_file(name, &zone).unwrap(),
            };
            let data = data
                .iter()
                .map(|text| RecordData::parse(rtype, text, &zone).unwrap());
            (
                RecordKey::new(name, rtype),
                RecordSet::new(*ttl, data.collect()),
            )
        };
        lines.iter().map(set).collect()
    }

    #[test]
    fn a_zone_is_written_as_octodns_dumps_it() {
        let zone = DomainName::absolute("example.org.").unwrap();
        let sets = sets(&[
            ("", 3600, "MX", &["10 mx1", "5 mx0"]),
            ("", 300, "A", &["192.0.2.1"]),
            ("*.docs", 3600, "CNAME", &["docs"]),
            ("www10", 3600, "AAAA", &["2600:1901:0:26f3::"]),
            ("www2", 3600, "TXT", &["\"v=DMARC1; p=none\""]),
            ("no", 3600, "TXT", &["\"12:30\"", "\"\""]),
        ]);
        let written = write_zone(&zone, &sets, Conventions::default());
        assert_eq!(written.left_out, []);
        let expected = r"---
'':
- ttl: 300
  type: A
  value: 192.0.2.1
- type: MX
  values:
  - exchange: mx0.example.org.
    preference: 5
  - exchange: mx1.example.org.
    preference: 10
'*.docs':
  type: CNAME
  value: docs.example.org.
'no':
  type: TXT
  values:
  - ''
  - '12:30'
www2:
  type: TXT
  value: v=DMARC1\; p=none
www10:
  type: AAAA
  value: '2600:1901:0:26f3::'
";
        assert_eq!(written.text, expected);
    }

    #[test]
    fn what_validators_mind_is_marked_and_what_would_change_is_left_out() {
        let zone = DomainName::absolute("example.org.").unwrap();
        let sets = sets(&[
            ("", 3600, "CNAME", &["www"]),
            ("a", 60, "NS", &["localhost."]),
            ("b", 3600, "NAPTR", &["1 2 \"s\" \"\" \"\" x"]),
        ]);
        let written = write_zone(&zone, &sets, Conventions::default());
        let expected = "---\n'':\n  octodns:\n    lenient: true\n  type: CNAME\n  value: www.example.org.\na:\n  octodns:\n    lenient: true\n  ttl: 60\n  type: NS\n  value: localhost.\n";
        assert_eq!(written.text, expected);
        assert_eq!(written.left_out.len(), 1);
        assert!(written.left_out[0].reason.contains("other data"));
    }

    #[test]
    fn what_octodns_has_no_words_for_is_left_out_with_a_reason() {
        let zone = DomainName::absolute("example.org.").unwrap();
        let sets = sets(&[
            ("", 3600, "SOA", &["ns h 1 2 3 4 5"]),
            ("a", 3600, "TYPE300", &["\\# 1 ff"]),
            ("b\\.c", 3600, "A", &["192.0.2.1"]),
            ("d", 3600, "TXT", &["\"\\200\""]),
            ("e", 3600, "TXT", &["\"a\\\" \\\"b\""]),
            ("f", 3600, "TXT", &["\"a\\\\;\""]),
            ("g.example.net.", 3600, "A", &["192.0.2.1"]),
        ]);
        let written = write_zone(&zone, &sets, Conventions::default());
        let reasons: Vec<String> = written
            .left_out
            .iter()
            .map(|out| format!("{}: {}", out.key, out.reason))
            .collect();
        for part in [
            "SOA: the servers keep",
            "TYPE300: octoDNS does not know",
            "no way to write the name",
            "ASCII only",
            "joins texts",
            "`\\` before `;`",
            "is not in example.org.",
        ] {
            assert!(
                reasons.iter().any(|reason| reason.contains(part)),
                "{part}: {reasons:?}"
            );
        }
    }
}
