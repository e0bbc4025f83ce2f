//! What all areas share.

use std::sync::Arc;

use base::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use portal::model::{Link, Source};

use super::access::Resolved;
use super::affairs::Affairs;
use super::calendar::Agenda;
use super::index::Index;
use super::jobs::Jobs;
use super::migration::Moves;
use super::spend::Money;
use super::zones::Zones;
use crate::files::DiskTree;
use crate::project::{Checked, Project};

/// All that pages are made of.
pub(crate) struct Known {
    pub(crate) checked: Arc<Checked>,
    pub(crate) tree: DiskTree,
    /// The day it is all about.
    pub(crate) day: Date,
    /// When it was read.
    pub(crate) at: Timestamp,
    /// What lies in decisions, ledger, plans and ballot boxes.
    pub(crate) affairs: Affairs,
    /// Who may do what, on the day.
    pub(crate) access: Resolved,
    /// What the bills say.
    pub(crate) money: Money,
    /// How far migrations are.
    pub(crate) moves: Moves,
    /// When groups meet.
    pub(crate) agenda: Agenda,
    /// What the files of zones declare.
    pub(crate) zones: Zones,
    /// What is known of CI jobs beside their files.
    pub(crate) jobs: Jobs,
    /// What pages look up.
    pub(crate) index: Index,
}

impl Known {
    /// All that follows from an estate that was checked, and from what lies beside it.
    pub(crate) fn new(
        project: &Project<'_>,
        tree: DiskTree,
        checked: Checked,
        affairs: Affairs,
        at: Timestamp,
    ) -> Self {
        let day = project.day;
        let (mut checked, money) = Money::read(project, checked);
        let moves = Moves::read(&mut checked);
        let agenda = Agenda::read(&checked, &tree, day);
        let zones = Zones::read(&checked.estate, &tree, day);
        let jobs = Jobs::of(&checked);
        let checked = Arc::new(checked);
        Self {
            access: Resolved::of(&checked, day),
            index: Index::of(&checked, day),
            checked,
            tree,
            day,
            at,
            affairs,
            money,
            moves,
            agenda,
            zones,
            jobs,
        }
    }

    /// Where something is said.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "every place of the model may lack a source"
    )]
    pub(crate) fn source(&self, span: Span) -> Option<Source> {
        let sources = &self.checked.estate.sources;
        let file = sources.file(span.file);
        Some(Source {
            path: file.path.clone(),
            line: sources.position(span).line,
        })
    }
}

/// A link to the page of something of a collection.
pub(crate) fn to(collection: &str, key: &str) -> String {
    format!("/{collection}/{key}")
}

/// A link to it, under its name.
pub(crate) fn link(collection: &str, key: &str) -> Link {
    Link::new(key, to(collection, key))
}
