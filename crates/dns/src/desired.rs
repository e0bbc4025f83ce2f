//! What the estate wants of a zone: its files, or another zone's under its own name.

use std::collections::{BTreeMap, BTreeSet};

use base::{Diagnostic, SourceMap, Spanned};
use estate::kinds::{CopyPurpose, Zone};
use estate::records::{
    DomainName, FieldKind, RecordData, RecordKey, RecordSet, RecordSets, RecordType,
};
use estate::{Estate, Item, Tree};
use formats::octodns::{self, DeclaredSet, DeclaredZone};

use crate::state::{Declaration, ZoneState};

/// A zone as its files declare it.
#[derive(Debug)]
pub struct Desired {
    /// What it shall hold, for every server.
    pub(crate) sets: BTreeMap<RecordKey, DeclaredSet>,
    /// Its name.
    pub(crate) zone: DomainName,
    /// Record sets that no plan touches, because a file says so.
    pub(crate) left_alone: BTreeSet<RecordKey>,
    /// The group that answers for the zone.
    owner: Option<String>,
}

/// A zone that cannot be told from its files, and everything found in them.
#[derive(Debug)]
pub struct Read {
    /// The zone; none if any part of it could not be read.
    pub desired: Option<Desired>,
    /// What is wrong with its files.
    pub findings: Vec<Diagnostic>,
}

/// Reads what the estate wants of a zone.
pub fn desired(
    item: &Item<Zone>,
    estate: &Estate,
    tree: &dyn Tree,
    sources: &mut SourceMap,
) -> Read {
    let mut findings = Vec::new();
    let sets = whole(item, estate, tree, sources, &mut findings, &mut Vec::new());
    let desired = sets.map(|(zone, left_alone)| Desired {
        zone: zone.name,
        owner: item.value.owner.as_ref().map(|owner| owner.name.clone()),
        sets: zone.sets,
        left_alone,
    });
    Read { desired, findings }
}

fn place(sources: &SourceMap, set: &DeclaredSet) -> String {
    let line = sources.position(set.span).line;
    format!("{}:{line}", sources.file(set.span.file).path)
}

type Whole = (DeclaredZone, BTreeSet<RecordKey>);

/// The zone with all that it copies; `through` are the zones whose copies led here.
fn whole(
    item: &Item<Zone>,
    estate: &Estate,
    tree: &dyn Tree,
    sources: &mut SourceMap,
    findings: &mut Vec<Diagnostic>,
    through: &mut Vec<String>,
) -> Option<Whole> {
    let own = if item.value.records.is_empty() && item.value.copy.is_some() {
        let name = DomainName::absolute(&format!("{}.", item.name)).ok()?;
        Some((
            DeclaredZone {
                name,
                sets: BTreeMap::new(),
            },
            BTreeSet::new(),
        ))
    } else {
        read(item, tree, sources, findings)
    };
    let Some(copy) = &item.value.copy else {
        return own;
    };
    if through.contains(&item.name) {
        let message = format!("zone {} is a copy of itself", item.name);
        let help = "one of the zones that copy each other must have `records` and no `copy`";
        let mut finding = Diagnostic::new(&crate::codes::COPY, copy.of.span, message).help(help);
        finding.subject = Some(item.subject());
        findings.push(finding);
        return None;
    }
    through.push(item.name.clone());
    let original = estate.tables.zones.get(&copy.of.name)?;
    let (original, mut left_alone) = whole(original, estate, tree, sources, findings, through)?;
    let (mut zone, own_left_alone) = own?;
    // What the files of the copy say themselves goes before what they copy.
    left_alone = left_alone
        .iter()
        .filter_map(|key| moved(key, &original.name, &zone.name))
        .filter(|key| !zone.sets.contains_key(key))
        .collect();
    for (key, set) in original.sets {
        let delegates = matches!(key.rtype, RecordType::NS | RecordType::DS);
        if copy.purpose == CopyPurpose::Canary && delegates {
            continue;
        }
        let Some(key) = moved(&key, &original.name, &zone.name) else {
            let message = format!(
                "{key} has no place in {}: its name would be too long",
                zone.name
            );
            let mut finding = Diagnostic::new(&formats::codes::ZONE_RECORD, copy.of.span, message);
            finding.subject = Some(item.subject());
            findings.push(finding.help("shorten the name, or do without the copy"));
            return None;
        };
        if own_left_alone.contains(&key) {
            continue;
        }
        let set = match copy.purpose {
            CopyPurpose::Canary => set,
            CopyPurpose::Mirror => repointed(&key, set, &original.name, &zone.name),
        };
        zone.sets.entry(key).or_insert(set);
    }
    left_alone.extend(own_left_alone);
    Some((zone, left_alone))
}

fn read(
    item: &Item<Zone>,
    tree: &dyn Tree,
    sources: &mut SourceMap,
    findings: &mut Vec<Diagnostic>,
) -> Option<Whole> {
    let reading = octodns::read_zone(item, tree, sources);
    findings.extend(reading.findings);
    let left_alone = reading.left_alone.iter().filter_map(|left| {
        let rtype = left.known?;
        Some(RecordKey::new(left.name.clone(), rtype))
    });
    Some((reading.zone?, left_alone.collect()))
}

/// The same name in another zone.
fn moved(key: &RecordKey, from: &DomainName, to: &DomainName) -> Option<RecordKey> {
    let name = DomainName::relative(key.name.below(from)?, to).ok()?;
    Some(RecordKey::new(name, key.rtype))
}

/// A set whose names in one zone become those of another.
fn repointed(key: &RecordKey, set: DeclaredSet, from: &DomainName, to: &DomainName) -> DeclaredSet {
    let data = set.set.data().iter();
    let data = data.map(|data| repoint(key.rtype, data, from, to).unwrap_or_else(|| data.clone()));
    DeclaredSet {
        set: RecordSet::new(set.set.ttl, data.collect()),
        ..set
    }
}

fn repoint(
    rtype: RecordType,
    data: &RecordData,
    from: &DomainName,
    to: &DomainName,
) -> Option<RecordData> {
    let kinds = rtype.info()?.fields.iter().map(|field| field.kind);
    let mut words = Vec::new();
    for (kind, atoms) in kinds.zip(data.fields(rtype)?) {
        for atom in atoms {
            let word = atom.in_file();
            let name = (kind == FieldKind::Name)
                .then(|| DomainName::absolute(&word).ok())
                .flatten();
            let below = name.as_ref().and_then(|name| name.below(from));
            words.push(match below {
                Some(below) => DomainName::relative(below, to).ok()?.to_string(),
                None => word,
            });
        }
    }
    RecordData::parse(rtype, &words.join(" "), &DomainName::root()).ok()
}

impl Desired {
    /// What one server shall hold, by its name in the estate; the first demand that
    /// no server of these kinds can meet, if any.
    pub(crate) fn for_server(
        &self,
        server: &str,
        sources: &SourceMap,
    ) -> Result<ZoneState, Spanned<&'static str>> {
        let mut sets = RecordSets::new();
        let mut declared = BTreeMap::new();
        for (key, set) in &self.sets {
            let named = |list: &[String]| list.iter().any(|id| id == server);
            let meant = set.included.is_empty() || named(&set.included);
            if !meant || named(&set.excluded) {
                continue;
            }
            if let Some(need) = set.needs.first() {
                return Err(*need);
            }
            sets.insert(key.clone(), set.set.clone());
            declared.insert(
                key.clone(),
                Declaration {
                    place: place(sources, set),
                    owner: set
                        .notes
                        .owner
                        .as_ref()
                        .map(|owner| owner.name.clone())
                        .or_else(|| self.owner.clone()),
                },
            );
        }
        Ok(ZoneState::declared(self.zone.clone(), sets, declared))
    }
}
