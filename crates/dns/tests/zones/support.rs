//! Estates in memory, and the domain over them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base::{Diagnostic, SourceMap};
use change::{Difference, Domain, Scope, Stopped};
use dns::verify::Patience;
use dns::{DOMAIN, Outside, ZoneState, Zones};
use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordSets, RecordType};
use estate::{Draft, Estate, MemoryTree};

/// The server that serves the zones of these estates.
pub(crate) const SERVER: &str = "primary";

/// An estate and the tree it was read from.
pub(crate) struct Community {
    pub(crate) estate: Estate,
    pub(crate) tree: MemoryTree,
}

impl Community {
    /// An estate of these files, beside a root file and one name server.
    pub(crate) fn of<S: AsRef<str>>(files: &[(S, S)]) -> Self {
        let tree = MemoryTree::default()
            .with("commonhold.yaml", "commonhold: 1\nname: Test\n")
            .with(
                "dns-servers/primary.yaml",
                "kind: rfc2136\naddress: 192.0.2.53:53\n",
            );
        let tree = files.iter().fold(tree, |tree, (path, text)| {
            tree.with(path.as_ref(), text.as_ref())
        });
        let (estate, findings) = Draft::read(&tree).expect("a root file").resolve();
        assert!(findings.is_empty(), "{findings:#?}");
        Self { estate, tree }
    }

    /// The zone `example.org` of one file, with more settings in its item.
    pub(crate) fn zone(settings: &str, records: &str) -> Self {
        let item = format!("records: [dns/example.org.yaml]\nservers: [{SERVER}]\n{settings}");
        Self::of(&[
            ("zones/example.org.yaml", item.as_str()),
            ("dns/example.org.yaml", records),
        ])
    }

    pub(crate) fn domain(&self) -> Zones<'_> {
        let outside = Outside {
            secrets: &|_| None,
            clock: || unreachable!("nothing is signed here"),
            folder: Path::new("."),
            patience: Patience {
                tries: 1,
                pause: Duration::ZERO,
            },
        };
        Zones::new(&self.estate, &self.tree, outside)
    }

    pub(crate) fn desired(&self, zone: &str) -> Result<ZoneState, Stopped> {
        self.domain().desired(&scope(zone))
    }

    /// What the files of `example.org` want.
    pub(crate) fn wanted(&self) -> ZoneState {
        self.desired("example.org").expect("a sound zone")
    }

    /// The way from a state to what the files of `example.org` want.
    pub(crate) fn diff(&self, current: &ZoneState, before: Option<&ZoneState>) -> Difference {
        let scope = scope("example.org");
        self.domain().diff(&scope, current, &self.wanted(), before)
    }

    /// What `check` says of the zones, as `path:line:column code message`.
    pub(crate) fn findings(mut self) -> Vec<String> {
        let mut sources = std::mem::take(&mut self.estate.sources);
        let day = jiff::civil::date(2024, 6, 6);
        let findings = dns::check(&self.estate, &self.tree, &mut sources, day);
        said(&findings, &sources)
    }
}

pub(crate) fn said(findings: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    let say = |finding: &Diagnostic| {
        let place = sources.locate(finding.span);
        format!("{place} {} {}", finding.code.id, finding.message)
    };
    findings.iter().map(say).collect()
}

pub(crate) fn scope(zone: &str) -> Scope {
    Scope {
        domain: DOMAIN.to_owned(),
        name: zone.to_owned(),
        at: SERVER.to_owned(),
    }
}

/// A state of these sets: each as `NAME TTL TYPE DATA`, data separated by ` | `, names
/// relative to `example.org`, `@` being the zone itself.
pub(crate) fn state(sets: &[&str]) -> ZoneState {
    let zone = DomainName::absolute("example.org.").unwrap();
    let mut found = RecordSets::new();
    for set in sets {
        let (key, set) = record_set(set, &zone);
        found.insert(key, set);
    }
    ZoneState::real(zone, found)
}

fn record_set(text: &str, zone: &DomainName) -> (RecordKey, RecordSet) {
    let mut words = text.splitn(4, ' ');
    let mut word = || words.next().expect("NAME TTL TYPE DATA");
    let (name, ttl) = (word(), word().parse().expect("a TTL"));
    let rtype: RecordType = word().parse().expect("a type");
    let data = word().split(" | ");
    let data = data.map(|data| RecordData::parse(rtype, data, zone).unwrap());
    let name = DomainName::in_file(name, zone).unwrap();
    (
        RecordKey::new(name, rtype),
        RecordSet::new(ttl, data.collect()),
    )
}

/// What the server holds once the changes are made.
pub(crate) fn applied(current: &ZoneState, difference: &Difference) -> ZoneState {
    let mut sets = current.sets.clone();
    for change in &difference.changes {
        let key = dns::parse_resource(&change.resource).unwrap();
        let set = |value| dns::from_value(key.rtype, value).unwrap();
        assert!(change.is_consistent(), "{change:?}");
        assert_eq!(change.before.as_ref().map(set), sets.get(&key).cloned());
        match change.after.as_ref().map(set) {
            Some(after) => sets.insert(key, after),
            None => sets.remove(&key),
        };
    }
    ZoneState::real(current.zone.clone(), sets)
}

/// The changes as `action resource`.
pub(crate) fn actions(difference: &Difference) -> Vec<String> {
    let changes = difference.changes.iter();
    changes
        .map(|change| format!("{} {}", change.action.word(), change.resource))
        .collect()
}

/// A folder of the data that every checkout of the project shares; `None`, said aloud,
/// where there is none.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let path = data.join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: shared data not present ({})", path.display());
    None
}
