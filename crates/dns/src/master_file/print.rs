//! From record sets to text.

use std::fmt::Write as _;

use estate::records::{DomainName, RecordKey, RecordSet, RecordType};

use super::MasterFile;

/// Writes a master file: the SOA, then what stands at the zone's own name, then all names in the
/// order of DNSSEC (RFC 4034 §6.1), one record a line with its owner and time to live.
///
/// The same zone gives the same text, and [`super::parse`] gives the zone again, but for what
/// signers made, which is left out.
pub fn print(file: &MasterFile, origin: &DomainName) -> String {
    let mut text = format!("$ORIGIN {origin}\n");
    if let Some(soa) = &file.soa {
        let data = soa.data.text(RecordType::SOA);
        line(&mut text, "@", soa.ttl, RecordType::SOA, &data);
    }
    let mut sets: Vec<(&RecordKey, &RecordSet)> = file.sets.iter().collect();
    sets.sort_by_cached_key(|(key, _)| (backwards(&key.name), key.rtype));
    for (key, set) in sets {
        let owner = match key.name.below(origin) {
            Some("") => "@",
            Some(relative) => relative,
            None => key.name.as_str(),
        };
        for data in set.data() {
            line(&mut text, owner, set.ttl, key.rtype, &data.text(key.rtype));
        }
    }
    text
}

fn line(text: &mut String, owner: &str, ttl: u32, rtype: RecordType, data: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{owner}\t{ttl}\tIN\t{rtype}\t{data}");
}

/// The labels from the root down.
fn backwards(name: &DomainName) -> Vec<String> {
    let mut labels: Vec<String> = name.labels().map(str::to_owned).collect();
    labels.reverse();
    labels
}
