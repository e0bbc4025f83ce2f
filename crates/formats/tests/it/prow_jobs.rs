//! Jobs and dashboards from files.

mod boards;
mod census;
mod items;
mod reading;
mod rules;

use base::SourceMap;
use estate::{Manifest, Tree};
use formats::{prow_jobs, testgrid};

/// What the sources of a manifest hold.
pub(super) struct Read {
    pub(super) sources: SourceMap,
    pub(super) jobs: prow_jobs::Loaded,
    pub(super) boards: testgrid::Loaded,
}

pub(super) fn read(manifest: &str, tree: &dyn Tree) -> Read {
    let mut sources = SourceMap::default();
    let file = sources.add(Manifest::FILE, manifest);
    let (manifest, found) = Manifest::read(manifest, file);
    assert!(found.is_empty(), "{found:?}");
    let named = manifest.expect("a manifest").sources;
    let jobs = prow_jobs::load(&named, tree, &mut sources);
    let boards = testgrid::load(&named, tree, &mut sources);
    Read {
        sources,
        jobs,
        boards,
    }
}
