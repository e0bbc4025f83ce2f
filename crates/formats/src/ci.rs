//! The jobs of an estate with their dashboards and owners: read once, for whoever asks.

use base::{Diagnostic, SourceMap};
use estate::{Estate, OwnersTree, Source, Tree};
use jobs::boards::Boards;
use jobs::{Approvers, Catalogue, Subjects};

use crate::{owners, prow_jobs, testgrid};

/// All that is known of the jobs of an estate.
#[derive(Debug, Default)]
pub struct Ci {
    /// The jobs; `None` if no source of jobs is named.
    pub catalogue: Option<Catalogue>,
    /// The dashboards; `None` if no source of dashboards is named.
    pub boards: Option<Boards>,
    /// Who approves changes to the files of jobs; `None` if no source of owners is named.
    pub approvers: Option<Approvers>,
    /// What is wrong with the jobs and the dashboards.
    pub findings: Vec<Diagnostic>,
    /// Whether a source of jobs could not be read as it should be.
    jobs_incomplete: bool,
    boards_incomplete: bool,
    approvers_incomplete: bool,
}

impl Ci {
    /// Reads what the sources of an estate name, and who owns it by the owners that the estate knows.
    pub fn load(estate: &Estate, tree: &dyn Tree, sources: &mut SourceMap) -> Self {
        let manifest = &estate.manifest.sources;
        let mut ci = Self::read(manifest, tree, sources);
        if ci.catalogue.is_some() && names(manifest, owners::ADAPTER.name) {
            let broken =
                |tree: &OwnersTree| tree.folders.values().any(|folder| folder.broken.is_some());
            ci.approvers_incomplete =
                estate.ownership.is_empty() || estate.ownership.iter().any(broken);
            ci.approvers = Some(prow_jobs::approvers(estate));
        }
        ci
    }

    /// Reads jobs and dashboards alone. The files are added to `sources`, for findings are about
    /// places in them; where no such source is named, no file is read.
    pub fn read(manifest: &[Source], tree: &dyn Tree, sources: &mut SourceMap) -> Self {
        let mut ci = Self::default();
        if names(manifest, prow_jobs::FORMAT) {
            let loaded = prow_jobs::load(manifest, tree, sources);
            let catalogue = loaded.catalogue();
            ci.jobs_incomplete = loaded.incomplete || !prow_jobs::sound(&loaded.findings);
            ci.findings.extend(loaded.findings);
            ci.findings.extend(catalogue.findings.iter().cloned());
            ci.catalogue = Some(catalogue);
        }
        if names(manifest, testgrid::FORMAT) {
            let loaded = testgrid::load(manifest, tree, sources);
            let boards = loaded.boards(ci.catalogue.as_ref());
            ci.boards_incomplete = loaded.incomplete;
            ci.findings.extend(loaded.findings);
            ci.findings.extend(boards.findings.iter().cloned());
            ci.boards = Some(boards);
        }
        ci
    }

    /// The jobs as predicates see them; `None` if no source of jobs is named.
    pub fn subjects<'c>(&'c self, estate: &'c Estate) -> Option<Subjects<'c>> {
        let catalogue = self.catalogue.as_ref()?;
        let groups = estate
            .tables
            .groups
            .items()
            .map(|group| group.name.as_str());
        let subjects = Subjects::of(catalogue, self.boards.as_ref(), self.approvers.as_ref());
        Some(
            subjects
                .with_groups(groups)
                .with_incomplete(self.jobs_incomplete)
                .with_boards_incomplete(self.boards_incomplete)
                .with_approvers_incomplete(self.approvers_incomplete),
        )
    }
}

fn names(manifest: &[Source], format: &str) -> bool {
    manifest.iter().any(|source| source.format.value == format)
}
