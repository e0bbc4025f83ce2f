//! octoDNS zone files and their configuration, by the adapter's face.

mod cases;
mod config;
mod reading;
mod validators;

use base::{Diagnostic, SourceMap, Span, Spanned};
use estate::kinds::{Foreign, Zone, ZoneLimits, ZoneReading};
use estate::{Item, MemoryTree};
use formats::octodns::{DeclaredZone, Reading, read_zone};

/// A zone of some files, and where their findings are.
pub(crate) struct Given {
    pub(crate) item: Item<Zone>,
    pub(crate) tree: MemoryTree,
    pub(crate) sources: SourceMap,
}

impl Given {
    pub(crate) fn of(name: &str, records: &[&str], files: &[(&str, &str)]) -> Self {
        let mut sources = SourceMap::default();
        let span = Span::start_of(sources.add("zones/it.yaml", ""));
        let records = records.iter();
        let value = Zone {
            owner: None,
            service: None,
            records: records
                .map(|path| Spanned::new((*path).to_owned(), span))
                .collect(),
            copy: None,
            servers: Vec::new(),
            default_ttl: 3600,
            foreign: Foreign::Remove,
            absent: Vec::new(),
            limits: ZoneLimits::default(),
            validators: Vec::new(),
            without_validators: Vec::new(),
            reading: ZoneReading::default(),
        };
        let tree = files
            .iter()
            .fold(MemoryTree::default(), |tree, (path, text)| {
                tree.with(path, *text)
            });
        let item = Item {
            name: name.to_owned(),
            span,
            value,
        };
        Self {
            item,
            tree,
            sources,
        }
    }

    pub(crate) fn one(text: &str) -> Self {
        Self::of("example.org", &["z.yaml"], &[("z.yaml", text)])
    }

    pub(crate) fn read(&mut self) -> Reading {
        read_zone(&self.item, &self.tree, &mut self.sources)
    }

    pub(crate) fn zone(&mut self) -> DeclaredZone {
        let reading = self.read();
        let findings = self.said(&reading.findings);
        reading.zone.unwrap_or_else(|| panic!("{findings:?}"))
    }

    pub(crate) fn said(&self, findings: &[Diagnostic]) -> Vec<String> {
        let say = |finding: &Diagnostic| {
            let place = self.sources.locate(finding.span);
            format!("{place} {} {}", finding.code.id, finding.message)
        };
        findings.iter().map(say).collect()
    }

    pub(crate) fn validators(&mut self, sets: &[&str]) {
        let span = self.item.span;
        let named = sets.iter().map(|set| Spanned::new((*set).to_owned(), span));
        self.item.value.validators = named.collect();
    }
}

/// The data of a zone as lines.
pub(crate) fn lines(zone: &DeclaredZone) -> Vec<String> {
    let line = |(key, set): (&estate::records::RecordKey, &formats::octodns::DeclaredSet)| {
        let data: Vec<String> = set
            .set
            .data()
            .iter()
            .map(|data| data.text(key.rtype))
            .collect();
        format!("{key} {} {}", set.set.ttl, data.join(" | "))
    };
    zone.sets.iter().map(line).collect()
}
