//! How far migrations are. What takes a while is made when it is first asked for, once a state.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::SourceMap;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use migration::Standing;
use policy::Baseline;
use portal::model::Page;

use crate::files::DiskTree;
use crate::git::Repository;
use crate::project::Checked;

/// So many versions of a list are looked at.
const VERSIONS: usize = 24;

/// How far migrations are.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    each: BTreeMap<String, Move>,
}

/// How far one is.
#[derive(Debug)]
pub(super) struct Move {
    pub(super) standing: Standing,
    /// Its page.
    pub(super) page: OnceLock<Page>,
    /// The page of its waves; nothing where none can be made.
    pub(super) waves: OnceLock<Option<Page>>,
}

impl Moves {
    /// Takes over how each migration stands.
    pub(crate) fn read(checked: &mut Checked) -> Self {
        let standings = std::mem::take(&mut checked.standings);
        let each = standings.into_iter().map(|standing| {
            let one = Move {
                standing,
                page: OnceLock::new(),
                waves: OnceLock::new(),
            };
            (one.standing.migration.clone(), one)
        });
        Self {
            each: each.collect(),
        }
    }

    /// How each stands, in the order of their names.
    pub(crate) fn standings(&self) -> impl Iterator<Item = &Standing> {
        self.each.values().map(|one| &one.standing)
    }

    pub(super) fn named(&self, name: &str) -> Option<&Move> {
        self.each.get(name)
    }
}

/// How much was left on days of the past, by the versions of the list beside a migration; nothing
/// where it has no list, or where Git does not keep it.
pub(super) fn past(tree: &DiskTree, migration: &str, day: Date) -> Vec<(Date, usize)> {
    let Some(repository) = Repository::of(tree.root()) else {
        return Vec::new();
    };
    let path = Baseline::path_of_migration(migration);
    let versions = repository.past_of(&path, VERSIONS).unwrap_or_default();
    let mut past: BTreeMap<Date, usize> = BTreeMap::new();
    for (at, text) in versions {
        let mut sources = SourceMap::default();
        let file = sources.add(path.as_str(), text.as_str());
        let on = TimeZone::UTC.to_datetime(at).date();
        if let Ok(list) = Baseline::parse(&text, file)
            && on < day
        {
            past.insert(on, list.len());
        }
    }
    past.into_iter().collect()
}
