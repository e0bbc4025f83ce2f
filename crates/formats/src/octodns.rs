//! octoDNS: zone files as `YamlProvider` reads them, and the file that configures it.
//!
//! Zone files are read unchanged; `docs/reference/octodns.md` lists where this reader
//! refuses what octoDNS lets pass. Our own words on a record, who answers for it and until
//! when, stand under `octodns: {commonhold: {...}}` or `commonhold:`, which octoDNS ignores.
//!
//! A source of the adapter is a configuration. Its zones and providers become items.
//! Where the file of a zone is made of parts by a script, as `cat ZONE.yaml ZONE._*.yaml`,
//! the parts are adopted.

mod checks;
mod config;
mod dynamic;
pub mod edit;
mod files;
mod geo;
mod include;
mod kind_checks;
mod mail;
mod names;
mod options;
mod order;
mod python;
mod reader;
mod record;
mod structured;
mod subnet;
mod validate;
mod values;
pub mod write;

use std::collections::BTreeMap;

use base::{Diagnostic, SourceMap, Span, Spanned};
use estate::kinds::{Group, Zone};
use estate::records::{DomainName, RecordKey, RecordSet, RecordType};
use estate::{Item, Ref, Tree};
use jiff::civil::Date;

pub(crate) use config::ADAPTER;
pub use validate::{ValidatorInfo, validate, validators};

/// The record sets that the files of a zone declare. Ignored records are left out.
#[derive(Debug, Clone)]
pub struct DeclaredZone {
    /// The zone.
    pub name: DomainName,
    /// Its record sets.
    pub sets: BTreeMap<RecordKey, DeclaredSet>,
}

/// A record set as its file declares it.
#[derive(Debug, Clone)]
pub struct DeclaredSet {
    /// How long answers may be kept, and the data.
    pub set: RecordSet,
    /// The entry: from the name, or from the item where several types stand under one name.
    pub span: Span,
    /// Who answers for it, and what for.
    pub notes: Notes,
    /// Whether rules that can be bent only warn about it (`octodns: {lenient: true}`).
    pub lenient: bool,
    /// The servers it is for, by octoDNS's ids; all if none is named.
    pub included: Vec<String>,
    /// The servers it is not for, by octoDNS's ids.
    pub excluded: Vec<String>,
    /// What it asks of a server that only some can do: `dynamic`, `geo`, `healthcheck`, and where.
    pub needs: Vec<Spanned<&'static str>>,
}

/// What people said about a record set.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// The group that answers for it.
    pub owner: Option<Ref<Group>>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The first day on which nobody needs it any more.
    pub expires: Option<Spanned<Date>>,
    /// Where it was asked for, as a URL or `#123`.
    pub request: Option<String>,
}

/// What the files name and this program leaves alone: neither made nor deleted.
#[derive(Debug, Clone)]
pub struct LeftAlone {
    /// Whose.
    pub name: DomainName,
    /// Its type as written; `Class/TYPE` is a type of one provider.
    pub rtype: String,
    /// The type, where it is one that every server could have: the record is marked `ignored`.
    pub known: Option<RecordType>,
    /// Its entry.
    pub span: Span,
}

/// What came of reading the files of a zone.
#[derive(Debug)]
pub struct Reading {
    /// The zone; none if anything in its files could not be read, for half a zone is not a zone.
    pub zone: Option<DeclaredZone>,
    /// Records that a plan must not touch.
    pub left_alone: Vec<LeftAlone>,
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
}

/// Reads the files of a zone. All of them together are the zone.
///
/// Nothing is concluded from absence: a file that is missing, empty or broken, or a pattern
/// that matches nothing, gives no zone and a finding, never a zone without records.
pub fn read_zone(zone: &Item<Zone>, tree: &dyn Tree, sources: &mut SourceMap) -> Reading {
    let subject = zone.subject();
    let mut reading = reader::read(zone, tree, sources);
    for finding in &mut reading.findings {
        finding.subject.get_or_insert_with(|| subject.clone());
    }
    let broken = |finding: &Diagnostic| finding.severity == base::Severity::Error;
    if reading.findings.iter().any(broken) {
        reading.zone = None;
    }
    reading
}
